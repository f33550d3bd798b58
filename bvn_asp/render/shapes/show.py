"""`bvn show`."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from bvn_asp.render.schema_of import OneOf
from bvn_asp.render.shapes.evaluation import Limit
from bvn_asp.render.shapes.policies import PolicyFacts
from bvn_asp.render.shapes.words import EntryKind, Mark


class FactAsked(TypedDict):
    """What a criterion reads."""

    fact: str
    member: str | None
    asks: list[Limit]


class OutlineEntry(TypedDict):
    """An entry of the outline, in the order of the document.

    Attributes:
        rules: what decides on it, as it is written: plain rules, then what other readings change; then helpers
    """

    id: str
    parent: str
    kind: EntryKind
    needed: int | None
    section: str
    also: list[str]
    text: str
    cites: str
    evidence: Mark
    excludes: bool
    topics: list[str]
    reads: list[FactAsked]
    rules: list[str]


class Option(TypedDict):
    """One way to read a passage."""

    option: str
    says: str
    claimed_by: str
    support: Annotated[str, OneOf("", "supported", "contradicted", "cannot be checked", "misapplied")]


class Reading(TypedDict):
    """A passage that can be read in several ways.

    Attributes:
        name: what rules call it, and people may; empty if it has no other name than its id
    """

    id: str
    name: str
    place: str
    question: str
    default: str
    why: str
    options: list[Option]


class NotEncoded(TypedDict):
    """A passage left out on purpose."""

    place: str
    what: str
    why: str


class ShowAnswer(PolicyFacts):
    """What a policy asks for, and how its text can be read (`bvn show`).

    Attributes:
        notes: oddities that no verdict can hang on
    """

    schema: Literal["show/2"]
    revision: str
    criteria: list[OutlineEntry]
    readings: list[Reading]
    notes: dict[str, str]
    not_encoded: list[NotEncoded]
