"""A case as it was read, and what its chart records."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from bvn_asp.render.shapes.words import Date, Written


class EvidenceEntry(TypedDict):
    """Where a value was found."""

    document: NotRequired[str]
    date: NotRequired[Date]
    note: NotRequired[str]


class Conflict(TypedDict):
    """One of the values that contradict each other, with its own evidence."""

    value: Written
    evidence: list[EvidenceEntry]


class ChartRecord(TypedDict):
    """What a case records of one fact, with where it comes from."""

    value: Written | None
    conflicting: list[Written]
    conflicts: list[Conflict]
    evidence: list[EvidenceEntry]


class CaseAsRead(TypedDict):
    """The case as it was read; titles may name what a file said."""

    title: str
    hypothetical: str | None
    request: dict[str, Any]
    facts: dict[str, Any]
