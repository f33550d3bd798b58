"""`bvn governs`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

from bvn_asp.render.shape import At, Shape
from bvn_asp.render.shapes.policies import Dates, Named
from bvn_asp.render.shapes.words import Date

if TYPE_CHECKING:
    from bvn_asp.model.case import Record
    from bvn_asp.model.policy import Revision
    from bvn_asp.routing.governs import Governance as FoundGovernance
    from bvn_asp.routing.governs import Standing
    from bvn_asp.routing.jurisdiction import Contractor as FoundContractor
    from bvn_asp.routing.jurisdiction import Rule as FoundRule


class Contractor(Shape):
    """A Medicare contractor."""

    of: FoundContractor

    contractor: Annotated[str, At("id")]
    name: str
    jurisdictions: list[Any] | str | dict[str, Any]


class Rule(Shape):
    """A rule of who governs, with its place."""

    rule: Annotated[str, At("id")]
    says: str
    place: str
    evidence: str
    inference: str | None


class GoverningEdition(Dates, Named):
    """An edition of a policy that governs."""

    of: Revision

    encoded: bool

    def _encoded(self) -> bool:
        return self.of.path is not None


class GoverningPolicy(Shape):
    """Where a policy stands to the request."""

    of: Standing

    policy: str
    role: str
    sure: bool
    rule: Rule
    editions: list[GoverningEdition]
    in_force: Annotated[bool | str | None, At("dated")]


class Said(Rule):
    """A rule that says something of the request, and whether for sure."""

    of: tuple[FoundRule, bool]

    sure: bool

    @cached_property
    def sources(self) -> tuple[object, ...]:
        return (self.of[0],)

    def _sure(self) -> bool:
        return self.of[1]


class Governance(Shape):
    """Which policy binds the request."""

    of: FoundGovernance

    schema: Literal["governs/1"]
    line_of_business: str | None
    state: str | None
    insurer: str | None
    date: Date | None
    contractors: list[Contractor]
    governs: list[str]
    may_govern: list[str]
    policies: Annotated[list[GoverningPolicy], At("standings")]
    says: list[Said]
    missing: list[str]
    notes: list[str]

    def _line_of_business(self) -> str | None:
        return _term(self.of.line)

    def _state(self) -> str | None:
        return _term(self.of.state)

    def _insurer(self) -> str | None:
        return _term(self.of.insurer)

    def _governs(self) -> list[str]:
        return list(dict.fromkeys(self.of.governing()))

    def _may_govern(self) -> list[str]:
        return [each for each in dict.fromkeys(self.of.governing(False)) if each not in self.of.governing()]


def _term(record: Record | None) -> str | None:
    return str(record.value).replace(" ", "_") if record is not None and record.value is not None else None
