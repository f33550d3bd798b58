"""What a comparison of two policies costs, and whether random patients ever contradict it.

A random patient is the base patient with one to six slots set at random. If two policies part on her, some way of
`stricter` must be contained in how she departs and in what fails; where a proof says that nobody parts, nobody may.
"""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path

from benchmarks._table import FULL, Table, bvn, ms, pinned, whole_process
from bvn_asp import Library
from bvn_asp.engine.program import Choice
from bvn_asp.texts.stricter import stricter
from bvn_asp.texts.witness import Together

SAMPLES = 100_000 if FULL else 2_000
PAIRS = [
    ("cohere-ma", "lcd-l39420"),
    ("cohere-ma", "lcd-l40302"),
    ("cohere-ma", "lcd-l39642"),
    ("lcd-l39420", "lcd-l40302"),
    ("lcd-l39642", "lcd-l39644"),
]


def draft(library: Library) -> str:
    """Cohere's text with six months for six weeks, in a file of its own."""
    text = Path(str(library.revision("cohere-ma").path)).read_text(encoding="utf-8")
    path = Path(tempfile.mkdtemp()) / "draft.lp"
    path.write_text(text.replace("more_than(care_duration, weeks(6))", "at_least(care_duration, months(6))"), "utf-8")
    return str(path)


def sample(library: Library, one: str, other: str, number: int) -> tuple[int, int]:
    """How many random patients two policies part on, and how many of them no way accounts for."""
    plan, governing = library.revision(one), library.revision(other)
    answer = stricter(library, plan, governing)
    together = Together(library, (plan, governing))
    base, program = together.base((0, 1)), together.program
    assert base is not None
    approve = [together.verdict(seat, "approve") for seat in (0, 1)]
    wishes = [together.unit_wishes(seat) for seat in (0, 1)]
    watched = {*approve, *(literal for each in wishes for literal in each.values())}
    random.seed(20261121)
    parted = unexplained = 0
    literals = {slot: [program.choices[Choice(slot, v)] for v in program.values(slot)] for slot in program.slots}
    usual = {slot: program.choices[Choice(slot, value)] for slot, value in base.values.items()}
    for _ in range(number):
        moved = {slot: random.choice(literals[slot]) for slot in random.sample(program.slots, random.randint(1, 6))}
        true = program.truth(watched, [*together.spoken, *{**usual, **moved}.values()])
        if true is None or (approve[0] in true) == (approve[1] in true):
            continue
        parted += 1
        refuses = 0 if approve[1] in true else 1
        ways = (answer.stricter if refuses == 0 else answer.looser).ways
        failing = {unit for unit, wish in wishes[refuses].items() if wish not in true}
        facts = {slot.fact for slot, literal in moved.items() if literal != usual[slot]}
        unexplained += not any(set(way.units) <= failing and set(way.facts) <= facts for way in ways)
    return parted, unexplained


def run() -> Table:
    library = Library()
    rows = []
    for arguments in (
        ("diff", "cohere-ma", draft(library)),
        ("diff", "cohere-ma", "lcd-l39420"),
        ("stricter", "cohere-ma", "lcd-l39420"),
        ("stricter", "cohere-ma", "lcd-l39642"),
        ("split", "cohere-ma", "lcd-l39420", "lcd-l39642"),
    ):
        wall, cpu = whole_process(pinned(bvn(*arguments)))
        rows.append([f"`bvn {' '.join(Path(each).name for each in arguments)}`", ms(wall), ms(cpu), "", ""])
    for one, other in PAIRS:
        start, cpu = time.perf_counter(), time.process_time()
        parted, unexplained = sample(library, one, other, SAMPLES)
        wall, cpu = time.perf_counter() - start, time.process_time() - cpu
        rows.append([f"{one} and {other}, sampled", ms(wall), ms(cpu), str(parted), str(unexplained)])
        if unexplained:
            raise AssertionError(f"{unexplained} patients on whom {one} and {other} part are accounted for by no way")
    return Table(
        "What it costs to compare two policies by meaning, and whether it is right",
        f"Whole processes, medians of five on one core. Then {SAMPLES:,} random patients a pair: on how many they part,"
        " and how many of these no way of `bvn stricter` accounts for.",
        ["question", "ms", "ms CPU", "part", "unaccounted"],
        rows,
    )
