"""Number lines: what some policies leave open of a number, drawn cell by cell.

The drawing is not to scale: every cell between two limits is as wide as every other, a single number is narrow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bvn_asp.cases.compare import Cell as AlignedCell
from bvn_asp.cases.evaluate import Evaluation
from bvn_asp.model.library import Library
from bvn_asp.model.quantity import SPELT, Cell, Quantity, describe
from bvn_asp.texts.atlas import Held, Limits

WIDTH, EDGE = 420, 14


def number_line(library: Library, each: Limits) -> dict[str, Any]:
    """One number's line: ticks, and a bar for every set of amounts that some policies leave open."""
    fact = library.vocabulary.facts[each.slots[0].fact]
    ends = _ends(each.cells)
    alike: dict[tuple[str, ...], list[str]] = {}
    for bound in each.bounds:
        alike.setdefault(bound.values, []).append(bound.name)
    return {
        "label": fact.name.replace("_", " "),
        "about": fact.about,
        "of": members(library, each),
        "ticks": _ticks(each.cells, ends, fact.unit),
        "bars": [
            {
                "names": names,
                "says": describe([each.cells[int(value)] for value in values], fact.low, fact.high),
                "parts": _parts(each.cells, ends, [int(value) for value in values]),
            }
            for values, names in sorted(alike.items(), key=lambda pair: [int(value) for value in pair[0]], reverse=True)
        ],
        "held": held(each.held),
    }


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


def held(listed: Sequence[Held]) -> list[dict[str, Any]]:
    """Limits that bind together with other facts, policies with the same ones together."""
    alike: dict[str, list[str]] = {}
    for each in listed:
        said = " or ".join(f"{SPELT[operator]} {text}" for operator, text in each.tests if operator in SPELT)
        if said:
            alike.setdefault(said, []).append(each.name)
    return [{"says": said, "names": names} for said, names in alike.items()]


def members(library: Library, each: Limits) -> str:
    """Of which members a fact's limits hold; empty if of all, or if it has none."""
    slots = library.vocabulary.slots_of(each.slots[0].fact)
    if not each.slots[0].member or len(slots) == len(each.slots):
        return ""
    return ", ".join(slot.member.replace("_", " ") for slot in each.slots)


def _is_point(cell: Cell) -> bool:
    return cell.low == cell.high


def _ends(cells: Sequence[Cell]) -> list[float]:
    """Where each cell begins, and where the last one ends."""
    weights = [0.3 if _is_point(cell) else 1.0 for cell in cells]
    unit = (WIDTH - 2 * EDGE) / (sum(weights) or 1)
    ends = [float(EDGE)]
    for weight in weights:
        ends.append(round(ends[-1] + weight * unit, 1))
    return ends


def _ticks(cells: Sequence[Cell], ends: Sequence[float], unit: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for i, cell in enumerate(cells):
        beside = i > 0 and (_is_point(cells[i - 1]) or _is_point(cell))
        if _is_point(cell):
            found.append({"at": round((ends[i] + ends[i + 1]) / 2, 1), "text": brief(cell.low, unit)})
        elif i > 0 and not beside:
            found.append({"at": ends[i], "text": brief(cell.low, unit)})
    return found


_UNITS = {"days": "d", "weeks": "wk", "months": "mo", "years": "y"}


def brief(amount: Quantity | None, unit: str) -> str:
    """An amount for a tick: `6 wk`, `40`."""
    if amount is None:
        return ""
    short = _UNITS.get(amount.unit, "")
    return f"{amount.amount:f}" + (f" {short}" if short and unit in _UNITS else "")


def _parts(cells: Sequence[Cell], ends: Sequence[float], allowed: Sequence[int]) -> list[Mapping[str, Any]]:
    """The runs of allowed cells, with whether each end is part of the run or just beyond it, or the line's own end."""
    found: list[Mapping[str, Any]] = []
    run: list[int] = []
    for i in [*allowed, -1]:
        if run and i != run[-1] + 1:
            first, last = run[0], run[-1]
            found.append(
                {
                    "from": ends[first],
                    "width": round(ends[last + 1] - ends[first], 1),
                    "to": ends[last + 1],
                    "left": "" if first == 0 else "open" if cells[first].low_open else "closed",
                    "right": "" if last == len(cells) - 1 else "open" if cells[last].high_open else "closed",
                }
            )
            run = []
        if i >= 0:
            run.append(i)
    return found
