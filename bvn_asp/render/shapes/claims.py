"""`bvn claims` and `bvn compare --as-claimed-by`."""

from __future__ import annotations

from typing import Literal, TypedDict

from bvn_asp.render.shapes.words import VerdictWord


class PolicyVerdict(TypedDict):
    """A policy and its verdict."""

    policy: str
    verdict: VerdictWord


class ClaimedVerdict(TypedDict):
    """A verdict, read as the document claims."""

    policy: str
    verdict: VerdictWord
    blamed: list[str]


class ClaimedSide(TypedDict):
    """One way in which the document has it.

    Attributes:
        moved: policies whose verdict is another
        movers: policy to the readings each of which moves its verdict alone; none if only all together do
    """

    side: str
    readings: list[str]
    verdicts: list[ClaimedVerdict]
    moved: list[str]
    movers: dict[str, list[str]]


class ClaimedAnswer(TypedDict):
    """A case as a document claims the sources to read (`bvn compare --as-claimed-by`).

    Attributes:
        notice: what this is, and what it is not
    """

    schema: Literal["claimed/1"]
    notice: str
    document: str
    verdicts: list[PolicyVerdict]
    sides: list[ClaimedSide]


class Claim(TypedDict):
    """One claim of the ledger.

    Attributes:
        reading: the reading's option that stands for the claim
    """

    claim: str
    document: str
    place: str
    says: str
    about: str | None
    verdict: str
    why: str
    reading: str | None


class ClaimsAnswer(TypedDict):
    """What documents claim of a source, and whether its text bears them out (`bvn claims`)."""

    schema: Literal["claims/1"]
    claims: list[Claim]
