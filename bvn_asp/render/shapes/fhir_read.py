"""`bvn fhir read`."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from bvn_asp.render.schema_of import OneOf
from bvn_asp.render.shapes.chart import CaseAsRead
from bvn_asp.render.shapes.words import Hash, SlotName


class FhirNote(TypedDict):
    """What became of one part of a record.

    Attributes:
        where: resource and element
    """

    kind: Annotated[
        str,
        OneOf("used", "agrees", "conflicts", "open", "beside", "history", "does not count", "not read", "left out"),
    ]
    fact: SlotName | None
    where: str
    date: str | None
    text: str


class FhirReadAnswer(TypedDict):
    """What a record in FHIR came to (`bvn fhir read`).

    Attributes:
        notice: what this is, and what it is not
        orders: those that ask for the procedure
        other_orders: those for something else
        resources: how many were read
        digest: the SHA-256 of what was read
    """

    schema: Literal["fhir-read/1"]
    notice: str
    case: CaseAsRead
    orders: list[str]
    other_orders: list[str]
    resources: int
    digest: Hash
    notes: list[FhirNote]
