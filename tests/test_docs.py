"""Every command that the documents show is run, and what they show is what it prints.

A ```console block holds `$ command` lines, each followed by what it prints; a line `…` stands for lines left out. A
command without output below it is only held to be one that `bvn` knows, with its options, unless it writes a file.
Commands run in a copy of the cases and policies, one for each document, so that they may write.

    python tests/test_docs.py --write [FILE…]    puts in what the commands print now, where output is shown
    python tests/test_docs.py --fill FILE…       also where none is shown yet
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from places import ROOT

NAMED = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "policies/README.md", "cases/README.md")
DOCUMENTS = [*(ROOT / name for name in NAMED if (ROOT / name).is_file()), *sorted((ROOT / "docs").glob("*.md"))]
PLAYED = {"revise-a-policy.md", "lint.md"}  # edited between their commands: see test_pages.py
RUN = [path for path in DOCUMENTS if path.name not in PLAYED]
SKIPPED = ("pip ", "git ", "python -m venv", "python3 -m venv", "pytest", "cd ", "mypy", "ruff")
CUT = ("…", "...")
WRITES = (" -o ", "--output", "--record", "--write", "--fix", ">", "|")
SETTINGS = ("COLUMNS", "NO_COLOR", "BVN_POLICIES")
QUOTED = re.compile(r"'[^']*'|\"[^\"$`\\]*\"")
OF_THE_SHELL = "|&;<>()$`\\*?[]{}~#!\"'\n"
FENCE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Shown:
    """One command of a block, and the lines shown below it."""

    command: str
    lines: tuple[str, ...]

    @property
    def is_run(self):
        return not self.command.startswith(SKIPPED)

    @property
    def tried(self):
        """The command, or its help where nothing hangs on what it prints: wrong options are refused all the same."""
        quiet = not stripped(self.lines) and self.command.startswith("bvn ")
        return f"{self.command} --help" if quiet and not any(each in self.command for each in WRITES) else self.command


def blocks(text):
    """The console blocks of a document, each as its commands, with their span in the text."""
    for match in FENCE.finditer(text):
        found: list[Shown] = []
        going_on = False
        for line in match[1].splitlines():
            if going_on:
                found[-1] = replace(found[-1], command=f"{found[-1].command}\n{line}")
            elif line.startswith("$ "):
                found.append(Shown(line[2:], ()))
            elif found:
                found[-1] = replace(found[-1], lines=(*found[-1].lines, line))
            going_on = line.endswith("\\") and not found[-1].lines if found else False
        yield match.span(1), found


class Shell:
    """A place to run a document's commands in: a copy of what they read, with `bvn` on the path."""

    def __init__(self, folder, forked=None):
        self.folder, self.forked = Path(folder), forked
        for name in ("cases", "policies", "tests/toy", "tests/fhir/own-traps.json", "docs", "README.md"):
            source, target = ROOT / name, self.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
        program = self.folder / ".bin/bvn"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m bvn_asp "$@"\n')
        program.chmod(0o755)
        self.env = {key: value for key, value in os.environ.items() if key not in SETTINGS}
        self.env["PATH"] = f"{program.parent}{os.pathsep}{self.env['PATH']}"
        self.env["PYTHONPATH"] = str(ROOT)

    def run(self, command):
        """Exit status, and what was printed on either stream."""
        plain = command.replace("\\\n", " ")
        if self.forked and plain.startswith("bvn ") and not set(QUOTED.sub("", plain)) & set(OF_THE_SHELL):
            status, text = self.forked.run(shlex.split(plain)[1:], self.folder, self.env)
            return status, tuple(line.rstrip() for line in text.splitlines())
        found = subprocess.run(
            ["bash", "-c", command], cwd=self.folder, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, text=True, timeout=300, check=False,
        )  # fmt: skip
        return found.returncode, tuple(line.rstrip() for line in found.stdout.splitlines())


def agrees(shown, printed):
    """Whether what is printed is what is shown, a cut standing for any number of lines."""
    if not any(line.strip() in CUT for line in shown):
        return tuple(line.rstrip() for line in shown) == printed
    pattern = "".join(r"(?:.*\n)*" if line.strip() in CUT else re.escape(line.rstrip()) + r"\n" for line in shown)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


def stripped(lines):
    """Lines without the empty ones at either end."""
    listed = list(lines)
    while listed and not listed[0].strip():
        listed.pop(0)
    while listed and not listed[-1].strip():
        listed.pop()
    return tuple(listed)


def shown_in(path):
    """The commands of a document that are run."""
    return [each for _, block in blocks(path.read_text(encoding="utf-8")) for each in block if each.is_run]


@pytest.mark.parametrize("path", [*filter(shown_in, RUN)], ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_of_a_document_prints_what_the_document_shows(path, tmp_path, forked):
    shell = Shell(tmp_path / "place", forked)

    for each in shown_in(path):
        status, printed = shell.run(each.tried)

        assert "Traceback" not in "\n".join(printed), each.command
        if stripped(each.lines):
            told = "\n".join([f"$ {each.command}", *printed, "", "refresh: python tests/test_docs.py --write"])
            assert agrees(stripped(each.lines), stripped(printed)), told
        else:
            assert status in (0, 1), (each.command, printed)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_document_leads_somewhere(path):
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)

    missing = [each for each in targets if "://" not in each and not (path.parent / each).exists()]

    assert missing == []


def test_a_cut_stands_for_lines_left_out_and_for_nothing_else():
    assert agrees(("a", "…", "d"), ("a", "b", "c", "d"))
    assert agrees(("a", "..."), ("a",))
    assert not agrees(("a", "…", "d"), ("a", "b"))
    assert not agrees(("a",), ("a", "b"))


def cut_as_before(shown, printed):
    """What is printed, cut where it was cut before."""
    kept = stripped(shown)
    if not any(line.strip() in CUT for line in kept):
        return list(printed)
    if agrees(kept, printed):
        return list(kept)
    head = next(i for i, line in enumerate(kept) if line.strip() in CUT)
    tail = len(kept) - head - 1
    return [*printed[:head], kept[head], *(printed[len(printed) - tail :] if tail else [])]


def refreshed(path, fill):
    """A document with its output as it is now."""
    text = path.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        shell = Shell(Path(folder) / "place")
        pieces = []
        for span, block in blocks(text):
            lines = []
            for number, each in enumerate(block):
                lines += [*([""] if number and block[number - 1].lines else []), f"$ {each.command}"]
                if not each.is_run:
                    lines += stripped(each.lines)
                    continue
                _, printed = shell.run(each.command)
                if stripped(each.lines) or fill:
                    lines += cut_as_before(each.lines, stripped(printed))
            pieces.append((span, "".join(f"{line}\n" for line in lines)))
    for (start, end), new in reversed(pieces):
        text = text[:start] + new + text[end:]
    return text


def main(arguments):
    """Bring the output in the documents up to date."""
    fill = "--fill" in arguments
    if not fill and "--write" not in arguments:
        raise SystemExit(__doc__)
    named = [Path(each).resolve() for each in arguments if not each.startswith("--")]
    for path in named or RUN:
        new = refreshed(path, fill)
        if new != path.read_text(encoding="utf-8"):
            path.write_text(new, encoding="utf-8")
            print(f"refreshed {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1:])
