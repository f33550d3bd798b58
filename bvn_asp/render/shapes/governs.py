"""`bvn governs`."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from bvn_asp.render.shapes.policies import Dates
from bvn_asp.render.shapes.words import Date


class Contractor(TypedDict):
    """A Medicare contractor."""

    contractor: str
    name: str
    jurisdictions: list[Any] | str | dict[str, Any]


class Rule(TypedDict):
    """A rule of who governs, with its place."""

    rule: str
    says: str
    place: str
    evidence: str
    inference: str | None


class GoverningEdition(Dates):
    """An edition of a policy that governs."""

    revision: str
    encoded: bool


class GoverningPolicy(TypedDict):
    """Where a policy stands to the request."""

    policy: str
    role: str
    sure: bool
    rule: Rule
    editions: list[GoverningEdition]
    in_force: bool | str | None


class Said(Rule):
    """A rule that says something of the request, and whether for sure."""

    sure: bool


class Governance(TypedDict):
    """Which policy binds the request."""

    schema: Literal["governs/1"]
    line_of_business: str | None
    state: str | None
    insurer: str | None
    date: Date | None
    contractors: list[Contractor]
    governs: list[str]
    may_govern: list[str]
    policies: list[GoverningPolicy]
    says: list[Said]
    missing: list[str]
    notes: list[str]
