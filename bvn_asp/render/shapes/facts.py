"""`bvn facts`."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from bvn_asp.render.schema_of import OneOf


class Doubt(TypedDict):
    """What on record keeps something from being presumed absent, why, and where that is said."""

    signs: list[str]
    why: str
    place: str | None


_VocabularyFact = TypedDict("_VocabularyFact", {"from": str | None})


class VocabularyFact(_VocabularyFact):
    """One entry of the vocabulary.

    Attributes:
        per: the index it is recorded per
        values: value to meaning
        judgement: a clinician's judgement
        presumed: the value taken where nobody mentions it
        doubted_by: what on record keeps it from being presumed
    """

    fact: str
    section: str
    about: str
    type: Annotated[str, OneOf("yes_no", "one_of", "number", "duration", "count")]
    per: str | None
    values: dict[str, str] | None
    unit: str | None
    to: str | None
    step: str | None
    judgement: bool
    presumed: str | None
    doubted_by: list[Doubt]
    change: Annotated[str, OneOf("never", "treat", "wait", "request", "precaution")]
    ask: str
    document: str


class FactsAnswer(TypedDict):
    """What a case can record (`bvn facts`)."""

    schema: Literal["facts/2"]
    facts: list[VocabularyFact]
