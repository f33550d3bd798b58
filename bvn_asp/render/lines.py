"""What some policies leave open of a number: as a number line, and in few characters for a cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bvn_asp.cases.compare import Cell as AlignedCell
from bvn_asp.cases.evaluate import Evaluation
from bvn_asp.model.library import Library
from bvn_asp.model.quantity import SPELT, Cell, Quantity, describe
from bvn_asp.render.blocks import Bar, NumberLine, Run, Stretch
from bvn_asp.texts.atlas import Held, Limits


def number_line(library: Library, each: Limits) -> NumberLine:
    """One number's line, with a bar for every set of amounts that some policies leave open."""
    fact = library.vocabulary.facts[each.slots[0].fact]
    alike: dict[tuple[str, ...], list[str]] = {}
    for bound in each.bounds:
        alike.setdefault(bound.values, []).append(bound.name)
    bars = []
    for values, names in sorted(alike.items(), key=lambda pair: [int(value) for value in pair[0]], reverse=True):
        allowed = [int(value) for value in values]
        says = describe([each.cells[i] for i in allowed], fact.low, fact.high)
        bars.append(Bar(says, names, list(_runs(each.cells, allowed))))
    return NumberLine(
        label=fact.name.replace("_", " "),
        of=members(library, each),
        about=fact.about,
        stretches=list(_stretches(each.cells, fact.unit)),
        bars=bars,
        notes=[f"{said}, together with other facts: {', '.join(names)}" for said, names in held(each.held).items()],
    )


Left = Mapping[tuple[str, str], str]
"""What a policy leaves of a fact, by the policy's name and the fact's, in few characters."""

FEW = 3


def left(library: Library, listed: Sequence[Limits]) -> Left:
    """What policies leave, of numbers and of facts with more values than yes and no."""
    found: dict[tuple[str, str], str] = {}
    for each in listed:
        fact = library.vocabulary.facts[each.slots[0].fact]
        for bound in each.bounds:
            if fact.type == "count":
                said = brief_words(counts(bound.values)).replace(" to ", "–")
            elif each.cells:
                said = brief_words(describe([each.cells[int(value)] for value in bound.values], fact.low, fact.high))
            elif len(bound.values) <= FEW and not set(bound.values) & {"yes", "no"}:
                said = "/".join(bound.values).replace("_", " ")
            else:
                continue
            found.setdefault((bound.name, fact.name), said)
    return found


def asked(cell: AlignedCell, evaluation: Evaluation, known: Left) -> str:
    """What a policy asks on a topic, in few characters: what it leaves of the facts, else the limits in its text."""
    entry = evaluation.revision.entries[cell.entry]
    if entry.kind == "at_least":
        return cell.asks
    said = []
    for read in evaluation.reads(cell.entry):
        tests = [f"{SPELT[operator]} {text}" for operator, text in read.tests if operator in SPELT]
        if (cell.name, read.fact) in known:
            said.append(known[cell.name, read.fact])
        elif tests:
            said.append(("not " if cell.excludes else "") + brief_words(", ".join(tests)))
    return "; ".join(dict.fromkeys(said))


def counts(values: Sequence[str]) -> str:
    """Counts as words: `at most 4`."""
    first, last = values[0], values[-1]
    if first == "0":
        return f"at most {last}"
    return f"exactly {first}" if first == last else f"{first} to {last}"


_BRIEF = {
    **{"at least ": "≥ ", "more than ": "> ", "at most ": "≤ ", "less than ": "< ", "exactly ": "= ", " and ": ", "},
    **{" months": " mo", " month": " mo", " weeks": " wk", " week": " wk"},
    **{" years": " y", " year": " y", " days": " d"},
    **{" kg/m2": "", " points": "", " sessions": "", " session": "", " signs": "", " score": ""},
}


def brief_words(text: str) -> str:
    """Limits for a narrow column: `≥ 6 mo`."""
    for long, short in _BRIEF.items():
        text = text.replace(long, short)
    return text


def held(listed: Sequence[Held]) -> dict[str, list[str]]:
    """Limits that bind together with other facts, with the policies that have them."""
    alike: dict[str, list[str]] = {}
    for each in listed:
        said = " or ".join(f"{SPELT[operator]} {text}" for operator, text in each.tests if operator in SPELT)
        if said:
            alike.setdefault(said, []).append(each.name)
    return alike


def members(library: Library, each: Limits) -> str:
    """Of which members a fact's limits hold; empty if of all, or if it has none."""
    slots = library.vocabulary.slots_of(each.slots[0].fact)
    if not each.slots[0].member or len(slots) == len(each.slots):
        return ""
    return ", ".join(slot.member.replace("_", " ") for slot in each.slots)


def _stretches(cells: Sequence[Cell], unit: str) -> Iterator[Stretch]:
    """The cells of a number; beside a number by itself, which has its own tick, nothing is written again."""
    for i, cell in enumerate(cells):
        point = cell.low == cell.high
        first = i == 0 or cells[i - 1].low == cells[i - 1].high
        yield Stretch(point, brief(cell.low, unit) if point or not first else "")


_UNITS = {"days": "d", "weeks": "wk", "months": "mo", "years": "y"}


def brief(amount: Quantity | None, unit: str) -> str:
    """An amount for a tick: `6 wk`, `40`."""
    if amount is None:
        return ""
    short = _UNITS.get(amount.unit, "")
    return f"{amount.amount:f}" + (f" {short}" if short and unit in _UNITS else "")


def _runs(cells: Sequence[Cell], allowed: Sequence[int]) -> Iterator[Run]:
    """The runs of allowed cells, with whether each end is part of the run or just beyond it, or the line's own end."""
    run: list[int] = []
    for i in [*allowed, -1]:
        if run and i != run[-1] + 1:
            first, last = run[0], run[-1]
            yield Run(
                first=first,
                last=last,
                left="" if first == 0 else "open" if cells[first].low_open else "closed",
                right="" if last == len(cells) - 1 else "open" if cells[last].high_open else "closed",
            )
            run = []
        if i >= 0:
            run.append(i)
