"""What a record in FHIR came to, and what became of each part of it, for people and as data."""

from __future__ import annotations

from collections.abc import Sequence

from bvn_asp.fhir.merge import NOTES, Note
from bvn_asp.fhir.read import Reading
from bvn_asp.model.library import Library
from bvn_asp.render import words
from bvn_asp.render.blocks import Block, Heading, Pairs, Table, Text
from bvn_asp.render.data import case as case_data
from bvn_asp.render.shapes import FhirReadAnswer

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


def data(library: Library, reading: Reading) -> FhirReadAnswer:
    """Schema fhir-read/1."""
    return {
        "schema": "fhir-read/1",
        "notice": words.NOTICE,
        "case": case_data(library, reading.case),
        "orders": list(reading.order.refs),
        "other_orders": list(reading.order.others),
        "resources": len(reading.chart.items),
        "digest": reading.chart.digest,
        "notes": [
            {"kind": each.kind, "fact": each.fact or None, "where": each.where, "date": each.date or None,
             "text": each.text}
            for each in reading.notes
        ],
    }
