"""Damaged files put to every command: each ends by itself, with a status that is documented and a word to the user.

    python -m benchmarks.fuzz --n 20000 --seed 7

A file is taken that is right, and damaged in the ways that files are: bytes, lines, numbers, keys, brackets, dates and
values changed, doubled, taken out, moved. What fails is shrunk to fewer damages, and printed with its seed.
"""

from __future__ import annotations

import io
import json
import random
import shutil
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

STATUSES = {0, 1, 2, 3, 4, 5}
SECONDS = 20

ODD = (
    *("", " ", "~", "null", "yes", "no", "-1", "0", "1e999", "9" * 400, "-0.0", ".inf", "0x10", "1_000", "NaN"),
    *("9999-12-31", "0000-00-00", "2026-02-30", "2026-W01-1", "20261201", "12/15/2026", "tomorrow"),
    *("2026-12-01T10:00:00Z", "6 months", "6-8 weeks", "3 yrs", "1e9 months", "months", "{value: 3}", "{one_of: []}"),
    *("{conflicting: [1]}", "{at_least: 3, at_most: 1}", "[1, 2]", "[[[[1]]]]", "{a: {b: {c: 1}}}", "&a [*a]"),
    *("*nothing", "!!python/object:os.system x", "\u0000", "\u0007", "\ufeff", "\u2028", "\U0001f600", "\\ud83d"),
    *("'", '"', "`", "${x}", "=1+1", "<script>", "%s", "..", "/", "L4", "L9", "L4-L5", "all", "type_1", "type_7"),
    *("unknown", "not_reported", "#include", "not", ":-", "{", "}", "[", "]", ":", ","),
)


@dataclass(frozen=True)
class Trial:
    """One command on one damaged file.

    Attributes:
        name: the file that was damaged.
        damage: the seeds of the damages, in their order.
        arguments: the command line; `{}` stands for the file, `{folder}` for the folder of policies.
    """

    name: str
    damage: tuple[int, ...]
    arguments: tuple[str, ...]


@dataclass(frozen=True)
class Failure:
    """A trial that did not end as it should."""

    trial: Trial
    how: str


def damaged(text: bytes, seed: int) -> bytes:
    """A text with one damage."""
    rng = random.Random(seed)
    lines = text.split(b"\n")
    odd = rng.choice(ODD).encode("utf-8", "surrogatepass")
    at = rng.randrange(len(text) + 1)
    line = rng.randrange(len(lines))
    kind = rng.randrange(12)
    if kind == 0:
        return text[:at] + bytes([rng.randrange(256)]) + text[at + 1 :]
    if kind == 1:
        return text[:at] + odd + text[at:]
    if kind == 2:
        return text[:at]
    if kind == 3:
        del lines[line]
    elif kind == 4:
        lines.insert(line, lines[line])
    elif kind == 5:
        other = rng.randrange(len(lines))
        lines[line], lines[other] = lines[other], lines[line]
    elif kind == 6 and b":" in lines[line]:
        key, _, _ = lines[line].partition(b":")
        lines[line] = key + b": " + odd
    elif kind == 7 and b":" in lines[line]:
        key, colon, value = lines[line].partition(b":")
        lines[line] = key[: len(key) - len(key.lstrip())] + odd + colon + value
    elif kind == 8:
        lines[line] = b"  " + lines[line]
    elif kind == 9:
        words = lines[line].split(b" ")
        words[rng.randrange(len(words))] = odd
        lines[line] = b" ".join(words)
    elif kind == 10:
        return text[:at] + text[at : at + rng.randrange(1, 200)] * rng.randrange(2, 5) + text[at:]
    else:
        digits = [i for i, byte in enumerate(text) if 48 <= byte < 58]
        if digits:
            place = rng.choice(digits)
            return text[:place] + rng.choice([b"0", b"9", b"99999999999", b"-", b"."]) + text[place + 1 :]
    return b"\n".join(lines)


COMMANDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "case.yaml": (
        ("compare", "{}"),
        ("compare", "{}", "--format", "json"),
        ("explain", "{}", "plan"),
        ("repair", "{}", "-p", "plan", "--seconds", "5"),
        ("ask", "{}"),
        ("whatif", "{}", "age=50"),
        ("partial", "{}", "plan"),
        ("report", "{}"),
        ("test", "{}"),
        ("governs", "{}"),
    ),
    "record.json": (("verify", "{}"),),
    "cases.csv": (("batch", "{}", "-p", "plan", "--summary"),),
    "cases.ndjson": (("batch", "{}", "-p", "plan", "--summary"),),
    "toy/plan/2024.lp": (
        ("compare", "{case}", "-p", "plan@2024"),
        ("lint", "plan", "--text-only"),
        ("show", "plan@2024"),
        ("diff", "plan@2024", "plan@2025"),
    ),
    "toy/plan/policy.yaml": (("compare", "{case}"), ("lint", "plan", "--text-only"), ("policies",), ("sources",)),
    "toy/vocabulary.yaml": (("compare", "{case}"), ("facts",), ("schema", "case")),
    "toy/background.lp": (("compare", "{case}"), ("lint", "plan", "--text-only")),
}


def trials(number: int, seed: int) -> Iterator[Trial]:
    """So many trials, the same for the same seed."""
    rng = random.Random(seed)
    names = list(COMMANDS)
    for _ in range(number):
        name = rng.choice(names)
        damage = tuple(rng.randrange(1 << 30) for _ in range(rng.choice([1, 1, 1, 2, 3])))
        yield Trial(name, damage, rng.choice(COMMANDS[name]))


class Bench:
    """Right files in a folder, and commands put to damaged copies of them in this process."""

    def __init__(self, folder: Path, toy: Path) -> None:
        self.folder = folder
        shutil.copytree(toy, folder / "toy", dirs_exist_ok=True)
        (folder / "case.yaml").write_text(CASE, encoding="utf-8")
        (folder / "cases.csv").write_text(CSV, encoding="utf-8")
        (folder / "cases.ndjson").write_text(NDJSON, encoding="utf-8")
        record = folder / "record.json"
        run(["compare", str(folder / "case.yaml"), "--policies", str(folder / "toy"), "--record", str(record)])
        self.right = {name: (folder / name).read_bytes() for name in COMMANDS}

    def failure(self, trial: Trial) -> str:
        """How a trial fails; empty if it ends as it should."""
        path = self.folder / trial.name
        text = self.right[trial.name]
        for seed in trial.damage:
            text = damaged(text, seed)
        before = {each.name for each in self.folder.iterdir()}
        path.write_bytes(text)
        try:
            given = [
                each.replace("{case}", str(self.folder / "case.yaml")).replace("{}", str(path))
                for each in trial.arguments
            ]
            found = run([*given, "--policies", str(self.folder / "toy")])
        finally:
            path.write_bytes(self.right[trial.name])
        left = {each.name for each in self.folder.iterdir()} - before
        return found or (f"left behind: {', '.join(sorted(left))}" if left else "")

    def shrunk(self, trial: Trial) -> Trial:
        """The trial with as few damages as still fail."""
        for seed in trial.damage if len(trial.damage) > 1 else ():
            fewer = Trial(trial.name, tuple(each for each in trial.damage if each != seed), trial.arguments)
            if self.failure(fewer):
                return self.shrunk(fewer)
        return trial


def run(arguments: Sequence[str], seconds: int = SECONDS) -> str:
    """How a command fails in this process: a traceback, a hang, an unknown status, an error without a word; or ''."""
    from bvn_asp.cli import main

    out, err = io.StringIO(), io.StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(err), _at_most(seconds):
            main(list(arguments), standalone_mode=True)
        status: object = 0
    except SystemExit as end:
        status = end.code
    except TimeoutError:
        return f"hangs for {seconds} s"
    except BaseException:
        return traceback.format_exc(limit=-4)
    if status not in STATUSES:
        return f"ends with status {status!r}"
    if status == 2 and not err.getvalue().strip():
        return "ends with status 2 and no word"
    return "prints a traceback" if "Traceback (most recent" in err.getvalue() else ""


@contextmanager
def _at_most(seconds: int) -> Iterator[None]:
    def late(*_: object) -> None:
        raise TimeoutError

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def fuzz(bench: Bench, number: int, seed: int, each: Callable[[int], None] | None = None) -> list[Failure]:
    """The failures among so many trials, each shrunk."""
    found: list[Failure] = []
    for i, trial in enumerate(trials(number, seed)):
        if each:
            each(i)
        if bench.failure(trial):
            small = bench.shrunk(trial)
            found.append(Failure(small, bench.failure(small)))
    return found


CASE = """\
# yaml-language-server: $schema=case.schema.json
title: A woman of 50 with two years of pain
about: nothing else
request: {date: 2026-12-01, bodies: [L4, L5]}
facts:
  age: {value: 50, evidence: {document: intake form, date: 2026-11-10, note: as told}}
  pain_duration: {since: 2024-01-01}
  care:
    exercise: tried
    drugs: {one_of: [tried, contraindicated]}
    injections: not_tried
  modic: {L4: type_1, L5: type_2}
  implant: no
  t_score: {conflicting: [-1.0, -3.0]}
expect:
  plan: {verdict: approve}
"""
CSV = "id,date,age,pain_duration [months],modic.L4,modic.L5,implant,requested.L4,requested.L5,title\n" + "".join(
    f'{i},2026-12-01,{17 + i % 40},{i % 14},type_1,{"none" if i % 3 else "type_2"},no,yes,yes,"a, b"\n'
    for i in range(40)
)
ROWS = [
    {"id": str(i), "age": 17 + i, "modic": {"L4": "type_1"}, "requested": {"L4": "yes"}, "implant": "no"}
    for i in range(20)
]
NDJSON = "".join(json.dumps(row) + "\n" for row in ROWS)
