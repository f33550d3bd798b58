"""What a record in FHIR came to, and what became of each part of it, for people and as data."""

from __future__ import annotations

from collections.abc import Sequence

from bvn_asp.fhir.mapping import CodeMap, Line
from bvn_asp.fhir.merge import NOTES, Note, spell
from bvn_asp.fhir.read import Reading
from bvn_asp.model.library import Library
from bvn_asp.render import words
from bvn_asp.render.blocks import Block, Bullets, Heading, Pairs, Table, Text

_HEADINGS = {
    "used": "Recorded",
    "agrees": "Says the same, as far as any limit tells",
    "conflicts": "Contradict each other",
    "open": "Left open: the record speaks of it, but not what",
    "beside": "Shown beside the question, not recorded",
    "history": "History, or after the service",
    "does not count": "Does not count",
    "not read": "Not read: a person must look at it",
    "left out": "Left out, or not as FHIR R4 has it",
}


def page(library: Library, reading: Reading, every: bool) -> list[Block]:
    """What a record came to; with `every`, what became of each part of it."""
    recorded = [each for each in reading.case.records if each.value is not None]
    counts = {kind: sum(note.kind == kind for note in reading.notes) for kind in NOTES}
    said = ", ".join(f"{number} {kind}" for kind, number in counts.items() if number)
    orders = ", ".join(reading.order.refs) or "none: the request itself is open"
    blocks: list[Block] = [
        Pairs(
            [
                ("Request", words.request(reading.case, library.vocabulary)),
                ("Order", orders),
                ("Read", f"{words.count(len(reading.chart.items), 'resource')}, "
                         f"{words.count(len(recorded), 'slot')} recorded"),
                ("Notes", said or "none"),
            ]
        )
    ]
    if every:
        for kind in NOTES:
            listed = [note for note in reading.notes if note.kind == kind]
            if listed:
                blocks += [Heading(_HEADINGS[kind]), Table([], _rows(listed))]
    return blocks


def _rows(notes: Sequence[Note]) -> list[list[Text | Sequence[Text]]]:
    """A row a note; the same said of several members of one fact is said once."""
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for each in notes:
        fact, _, member = each.fact.partition(".")
        members = found.setdefault((fact, each.where, each.text, each.date), [])
        members += [member] if member else []
    return [
        [" ".join([fact.replace("_", " "), *members]).strip(), where, ", ".join(filter(None, (date, text)))]
        for (fact, where, text, date), members in found.items()
    ]


def mapping_page(library: Library, mapping: CodeMap) -> list[Block]:
    """What coded data can say of which fact, and which codes nothing here could check."""
    by_fact: dict[str, list[Line]] = {}
    for line in mapping.lines:
        by_fact.setdefault(line.fact, []).append(line)
    counts: dict[str, int] = dict.fromkeys(_REACH, 0)
    rows: list[list[Text | Sequence[Text]]] = []
    for name, known in library.vocabulary.facts.items():
        reach = "counted" if known.type == "count" else reach_of(library, mapping, by_fact.get(name, []), name)
        counts[reach] += 1
        if reach not in ("asked", "counted"):
            read = [_spelled(each) for each in by_fact.get(name, [])] or "the order"
            rows.append([name.replace("_", " "), reach, read])
    said = [(f"{_REACH[reach]}", str(number)) for reach, number in counts.items()]
    unverified = [f"{each.fact}: {_codes(each)}" for each in mapping.lines if each.unverified]
    return [
        Heading(f"Of {words.count(sum(counts.values()), 'fact')}, coded data gives"),
        Pairs(said),
        Table(["fact", "gives", "read from"], rows),
        Heading("Codes that nothing here could check"),
        Bullets(unverified or ["none"]),
    ]


_REACH = {
    "value": "a value",
    "present": "that it is there, never that it is not",
    "open": "that there may be something: left open",
    "shown": "something to show beside the question",
    "asked": "nothing: it is asked",
    "counted": "nothing: it is counted",
}


def reach_of(library: Library, mapping: CodeMap, lines: Sequence[Line], name: str) -> str:
    """How much coded data can say of a fact: one of the keys of the summary."""
    if name in library.vocabulary.request.whole:
        return "value"
    known = library.vocabulary.facts[name]
    actions = {each.action for each in lines}
    given = {str(each.gives) for each in lines if each.action == "gives"}
    several = known.type == "yes_no" and given >= {"yes", "no"}
    if actions & {"value", "coded", "since", "years", "named"} or several or (given and known.type == "one_of"):
        return "value"
    return "present" if given else "open" if "doubts" in actions else "shown" if "hint" in actions else "asked"


def _spelled(line: Line) -> str:
    said = {"gives": f"gives {spell(line.gives)}", "doubts": "leaves it open", "hint": "is shown"}
    within = f", within {line.within}" if line.within else ""
    return f"{line.read} {_codes(line)}: {said.get(line.action, line.action)}{within}"


def _codes(line: Line) -> str:
    if line.other:
        return "that no other line reads"
    return ", ".join(code for listed in line.codes.by_system.values() for code in listed)
