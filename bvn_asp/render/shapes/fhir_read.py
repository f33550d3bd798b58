"""`bvn fhir read`."""

from __future__ import annotations

from typing import Annotated, Literal

from bvn_asp.render.schema_of import OneOf
from bvn_asp.render.shape import At, Shape
from bvn_asp.render.shapes.answer import CaseAnswer
from bvn_asp.render.shapes.words import Hash, SlotName


class FhirNote(Shape):
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


class FhirReadAnswer(CaseAnswer):
    """What a record in FHIR came to (`bvn fhir read`).

    Attributes:
        notice: what this is, and what it is not
        orders: those that ask for the procedure
        other_orders: those for something else
        resources: how many were read
        digest: the SHA-256 of what was read
    """

    schema: Literal["fhir-read/1"]
    orders: Annotated[list[str], At("order.refs")]
    other_orders: Annotated[list[str], At("order.others")]
    resources: int
    digest: Annotated[Hash, At("chart.digest")]
    notes: list[FhirNote]

    def _resources(self) -> int:
        return len(self.of.chart.items)
