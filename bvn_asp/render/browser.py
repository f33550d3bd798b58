"""A browser on this machine, to print a page as PDF; nothing here reaches the network."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from bvn_asp.errors import Place, fault

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
FLAGS = (
    *("--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-extensions"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars"),
)
SECONDS = 60
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0  # Chromium's sandbox does not start as root


def find_browser() -> str | None:
    """The path of a Chromium, or of the program that `BVN_BROWSER` names; None if there is none."""
    wanted = os.environ.get("BVN_BROWSER")
    return next(filter(None, map(shutil.which, (wanted,) if wanted else NAMES)), None)


def write_pdf(text: str, target: str) -> None:
    """Print a page to a PDF file, whole or not at all.

    Raises: InputError: no browser, or the file cannot be written.
    """
    run(text, target, ["--no-pdf-header-footer"], "--print-to-pdf")


def run(text: str, target: str, flags: list[str], making: str) -> None:
    """Let a browser make a file of a page, with a profile of its own that is thrown away."""
    browser = find_browser()
    if browser is None:
        hint = "install Chromium, or name a browser in BVN_BROWSER; `--format html` needs none"
        raise fault("there is no browser on this machine to print with", hint)
    if not Path(target).absolute().parent.is_dir():
        raise fault("cannot write the file: no such folder", place=Place(target))
    with tempfile.TemporaryDirectory(prefix="bvn-") as folder:
        page, made = Path(folder, "page.html"), Path(folder, "made")
        page.write_text(text, encoding="utf-8")
        profile = [f"--user-data-dir={folder}/profile", *(["--no-sandbox"] if ROOT else [])]
        call = [browser, *FLAGS, *profile, *flags, f"{making}={made}", page.as_uri()]
        try:
            done = subprocess.run(call, capture_output=True, check=False, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            raise fault("the browser did not answer", f"it had {SECONDS} seconds") from None
        if not made.is_file():
            said = done.stderr.decode(errors="replace").strip().splitlines()
            raise fault("the browser made no file", said[-1] if said else "")
        try:
            shutil.copyfile(made, target)
        except OSError as error:
            raise fault(f"cannot write the file: {(error.strerror or '').lower()}", place=Place(target)) from None
