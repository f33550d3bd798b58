"""`bvn facts`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal

from bvn_asp.model.decisions import Decisions
from bvn_asp.render.schema_of import OneOf
from bvn_asp.render.shape import At, Shape

if TYPE_CHECKING:
    from bvn_asp.model.decisions import Decided
    from bvn_asp.model.vocabulary import Fact


class Doubt(Shape):
    """What on record keeps something from being presumed absent, why, and where that is said."""

    of: Decided

    signs: Annotated[list[str], At("by")]
    why: str
    place: str | None


class FactDecision(Shape):
    """What one entry of the vocabulary says of what is on record and what is presumed.

    Attributes:
        entry: its name; `finding` for facts of one finding
        role: whether this fact is the one that is presumed, or the one on record
        doubts: whether the record puts the presumption in doubt
        named: by an entry that names it; else by one for all that none names
        on_record: what is on record; sections, or `all`, where nothing is named
        presumptions: of what; sections, or `all`, where nothing is named
    """

    of: Decided

    entry: str
    role: Annotated[str, OneOf("presumed", "recorded")]
    doubts: bool
    named: bool
    on_record: Annotated[list[str], At("by")]
    presumptions: list[str]
    why: str
    place: str | None

    def _role(self) -> str:
        return "recorded" if self.of.recorded else "presumed"

    def _presumptions(self) -> object:
        return self.of.of


class VocabularyFact(Shape):
    """One entry of the vocabulary.

    Attributes:
        per: the index it is recorded per
        values: value to meaning
        between: words that leave it between some of its values
        judgement: a clinician's judgement
        presumed: the value taken where nobody mentions it
        doubted_by: what on record keeps it from being presumed
        decisions: all that was decided of it: what puts it in doubt or does not, what it puts in doubt or does not
    """

    of: Fact

    fact: Annotated[str, At("name")]
    section: str
    about: str
    type: Annotated[str, OneOf("yes_no", "one_of", "number", "duration", "count")]
    per: str | None
    values: dict[str, str] | None
    between: dict[str, list[str]]
    unit: str | None
    from_: str | None
    to: str | None
    step: str | None
    judgement: bool
    presumed: str | None
    doubted_by: list[Doubt]
    decisions: list[FactDecision]
    change: Annotated[str, OneOf("never", "treat", "wait", "request", "precaution")]
    ask: str
    document: str

    def _values(self) -> dict[str, str] | None:
        return self.of.values or None

    def _between(self) -> dict[str, tuple[str, ...]]:
        return {word: each.of for word, each in self.of.between.items()}

    def _from(self) -> object:
        return self.of.low.amount if self.of.low else None

    def _to(self) -> object:
        return self.of.high.amount if self.of.high else None

    def _step(self) -> object:
        return self.of.step or None

    def _presumed(self) -> str | None:
        return self.of.absent if self.of.presumed else None

    @cached_property
    def _decided(self) -> tuple[Decided, ...]:
        assert isinstance(self.up, FactsAnswer)
        return tuple(self.up.decided.about(self.of.name))

    def _doubted_by(self) -> object:
        return [each for each in self._decided if each.doubts and not each.recorded]

    def _decisions(self) -> object:
        return self._decided


class FactsAnswer(Shape):
    """What a case can record (`bvn facts`)."""

    of: Sequence[str]

    schema: Literal["facts/4"]
    facts: list[VocabularyFact]

    @cached_property
    def decided(self) -> Decisions:
        return Decisions(self.library.vocabulary)

    def _facts(self) -> list[Fact]:
        return [self.library.vocabulary.facts[name] for name in self.of]
