"""`bvn facts`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from bvn_asp.render.library import doubted_by
from bvn_asp.render.schema_of import OneOf
from bvn_asp.render.shape import At, Shape

if TYPE_CHECKING:
    from bvn_asp.model.vocabulary import Fact


class Doubt(Shape):
    """What on record keeps something from being presumed absent, why, and where that is said."""

    of: tuple[tuple[str, str], list[str]]

    signs: list[str]
    why: str
    place: str | None

    def _signs(self) -> list[str]:
        return self.of[1]

    def _why(self) -> str:
        return self.of[0][0]

    def _place(self) -> str:
        return self.of[0][1]


class VocabularyFact(Shape):
    """One entry of the vocabulary.

    Attributes:
        per: the index it is recorded per
        values: value to meaning
        judgement: a clinician's judgement
        presumed: the value taken where nobody mentions it
        doubted_by: what on record keeps it from being presumed
    """

    of: Fact

    fact: Annotated[str, At("name")]
    section: str
    about: str
    type: Annotated[str, OneOf("yes_no", "one_of", "number", "duration", "count")]
    per: str | None
    values: dict[str, str] | None
    unit: str | None
    from_: str | None
    to: str | None
    step: str | None
    judgement: bool
    presumed: str | None
    doubted_by: list[Doubt]
    change: Annotated[str, OneOf("never", "treat", "wait", "request", "precaution")]
    ask: str
    document: str

    def _values(self) -> dict[str, str] | None:
        return self.of.values or None

    def _from(self) -> object:
        return self.of.low.amount if self.of.low else None

    def _to(self) -> object:
        return self.of.high.amount if self.of.high else None

    def _step(self) -> object:
        return self.of.step or None

    def _presumed(self) -> str | None:
        return self.of.absent if self.of.presumed else None

    def _doubted_by(self) -> object:
        return doubted_by(self.library.vocabulary, self.of.name).items()


class FactsAnswer(Shape):
    """What a case can record (`bvn facts`)."""

    of: Sequence[str]

    schema: Literal["facts/2"]
    facts: list[VocabularyFact]

    def _facts(self) -> list[Fact]:
        return [self.library.vocabulary.facts[name] for name in self.of]
