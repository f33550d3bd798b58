"""`bvn policies`."""

from __future__ import annotations

from typing import Literal, TypedDict

from bvn_asp.render.shapes.words import Date, Mark, SourceKind


class Dates(TypedDict):
    """From when an edition is in force.

    Attributes:
        effective: its first day; null if it is not known
        dated: how the day is known, `printed`, `snapshot`, `seen` or `assumed`; empty if that is not said
        seen: a day on which it was in force, where the first is not known
        after: a day on which it was not yet in force, where the first is not known
    """

    effective: Date | None
    dated: str
    seen: Date | None
    after: Date | None


class PolicyEdition(Dates):
    """One edition of a policy.

    Attributes:
        not_encoded: why there is no encoding; else empty
    """

    revision: str
    version: str
    encoded: bool
    source: str
    not_encoded: str


class PolicyFacts(TypedDict):
    """A policy's metadata."""

    policy: str
    title: str
    publisher: str
    kind: SourceKind
    evidence: Mark
    about: str
    documents: list[str]


class PolicyEntry(PolicyFacts):
    """A policy's metadata, with its editions.

    Attributes:
        revisions: oldest first
    """

    revisions: list[PolicyEdition]


class PoliciesAnswer(TypedDict):
    """The policies of the library (`bvn policies`)."""

    schema: Literal["policies/1"]
    policies: list[PolicyEntry]
