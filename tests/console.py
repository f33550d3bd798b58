"""Runs the pages of `docs/`: their commands, and the edits that they show.

`python tests/console.py docs/revise-a-policy.md` plays a page and puts in what its commands print now.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from places import ROOT

from bvn_asp.cli import main

FETCH = "$ cp -r ~/bvn-asp/policies ~/bvn-asp/cases .\n"
BLOCK = re.compile(r"^```(console|diff)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
ANYTHING = "..."


def played(page: str, folder: Path) -> str:
    """A page with the output that its commands give now, in a folder that is the working directory.

    Lines of the page after a command stay as they are if the output is like them, `...` standing for any lines.
    """

    def one(match: re.Match[str]) -> str:
        if match[1] == "diff":
            edit(match[2], folder)
            return match[0]
        lines = [each for command, expected in commands(match[2]) for each in (command, *answer(command, expected))]
        return "```console\n" + "\n".join(lines) + "\n```"

    return BLOCK.sub(one, page)


def play(path: Path) -> tuple[str, str]:
    """A page as it is, and as it is played: in this checkout, or in a copy of it if the page begins by making one."""
    page = path.read_text(encoding="utf-8")
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as scratch, pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "80")
        patch.setenv("BVN_POLICIES", "policies")  # places as in a checkout, also where the package is installed
        folder = ROOT
        if FETCH in page:
            folder = Path(scratch)
            for name in ("policies", "cases"):
                shutil.copytree(ROOT / name, folder / name)
        os.chdir(folder)
        try:
            return page, played(page, folder)
        finally:
            os.chdir(before)


def commands(block: str) -> list[tuple[str, list[str]]]:
    """The commands of a block, each with the lines that follow it."""
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line, []))
        else:
            found[-1][1].append(line)
    return found


def answer(command: str, expected: list[str]) -> list[str]:
    """What a command prints, or the expected lines if it prints such."""
    words = shlex.split(command.removeprefix("$ "))
    if words[0] == "export" or f"{command}\n" == FETCH:
        return []
    if words[0] == "bvn":
        text = CliRunner().invoke(main, words[1:]).output
    else:
        text = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    lines = text.rstrip("\n").split("\n") if text else []
    pattern = "".join(r"(?:.*\n)*?" if line == ANYTHING else re.escape(line) + r"\n" for line in expected)
    return expected if re.fullmatch(pattern, "".join(f"{line}\n" for line in lines)) else lines


def edit(patch: str, folder: Path) -> None:
    """Apply a patch whose context is found in the file just once."""
    path = re.search(r"^\+\+\+ (\S+)", patch, re.MULTILINE)
    assert path
    for hunk in re.split(r"^@@.*\n", patch, flags=re.MULTILINE)[1:]:
        lines = hunk.splitlines()
        old = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("+"))
        new = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("-"))
        text = (folder / path[1]).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{path[1]}: {old!r} stands {text.count(old)} times"
        (folder / path[1]).write_text(text.replace(old, new), encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        Path(name).write_text(play(Path(name))[1], encoding="utf-8")
