"""What git keeps, read without touching the working tree."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Sequence
from pathlib import Path

from bvn_asp.errors import fault


def git(*arguments: str, name: str, hint: str = "") -> bytes:
    """What git prints.

    Args:
        name: what the user asked for.

    Raises: InputError: git is not there, or refuses.
    """
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, check=False)
    except OSError:
        raise fault("git is not installed", f"`{name}` asks for it") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise fault(f"git cannot read `{name}`", said[-1].removeprefix("fatal: ") if said else hint)
    return done.stdout


def state(name: str) -> str:
    """The commit that a word names, in full.

    Raises: InputError: it is no state in git.
    """
    if not name or name.startswith("-"):
        raise fault(f"`{name}` is not a state in git")
    return git("rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}", name=name).decode().strip()


def top(folder: Path) -> Path:
    """The checkout in which a folder stands.

    Raises: InputError: it stands in none.
    """
    said = git("-C", str(folder), "rev-parse", "--show-toplevel", name=str(folder))
    return Path(said.decode().rstrip("\n")).resolve()


def unpack(checkout: Path, commit: str, paths: Sequence[str], target: Path) -> None:
    """Write what some folders of a checkout held at a commit; a folder that was not there is left out.

    Args:
        paths: relative to the checkout, with `/`.
    """
    there = git("-C", str(checkout), "ls-tree", "-d", "--name-only", "-z", commit, "--", *paths, name=commit)
    found = [path for path in there.decode().split("\0") if path]
    if not found:
        return
    archive = git("-C", str(checkout), "archive", "--format=tar", commit, "--", *found, name=commit)
    extract(archive, target)


def extract(archive: bytes, target: Path | str) -> None:
    """Write what an archive made by `git archive` holds.

    Python before 3.11.4 has no filter that keeps an archive in its folder. That is meant for archives of strangers: git
    keeps no path that leads out of its tree.
    """
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extraction_filter = getattr(tarfile, "data_filter", lambda member, path: member)
        tar.extractall(target)
