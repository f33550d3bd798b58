"""A case as it was read, and what its chart records."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

from bvn_asp.cases.record import anonymous
from bvn_asp.render.shape import LEFT_OUT, At, MayLack, Shape
from bvn_asp.render.shapes.words import Date, Written

if TYPE_CHECKING:
    from bvn_asp.model.case import Case, Evidence, Record, Value


class EvidenceEntry(Shape):
    """Where a value was found."""

    of: Evidence

    document: Annotated[str, MayLack()]
    date: Annotated[Date, MayLack()]
    note: Annotated[str, MayLack()]

    def _document(self) -> object:
        return self.of.document or LEFT_OUT

    def _date(self) -> object:
        return self.of.date or LEFT_OUT

    def _note(self) -> object:
        return self.of.note or LEFT_OUT


class Conflict(Shape):
    """One of the values that contradict each other, with its own evidence."""

    value: Written
    evidence: list[EvidenceEntry]


class ChartRecord(Shape):
    """What a case records of one fact, with where it comes from."""

    of: Record

    value: Written | None
    conflicting: list[Written]
    conflicts: Annotated[list[Conflict], At("conflicting")]
    evidence: list[EvidenceEntry]

    def _conflicting(self) -> list[Value]:
        return [value for value, _ in self.of.conflicting]


class Patient(Shape):
    """A case without its texts: what is not named is not recorded, and may be presumed."""

    of: Case

    request: dict[str, Any]
    facts: dict[str, Any]

    @cached_property
    def _read(self) -> dict[str, Any]:
        return anonymous(self.library, self.of)

    def _request(self) -> object:
        return self._read["request"]

    def _facts(self) -> object:
        return self._read["facts"]


class Titled(Shape):
    """What a file says of its case."""

    of: Case

    title: str
    hypothetical: str | None


class CaseAsRead(Patient, Titled):
    """The case as it was read; titles may name what a file said."""

    of: Case
