"""`bvn show`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal

from bvn_asp.model.clauses import written
from bvn_asp.model.outline import is_exclusion
from bvn_asp.render.schema_of import OneOf
from bvn_asp.render.shape import At, Shape
from bvn_asp.render.shapes.answer import Answer
from bvn_asp.render.shapes.evaluation import Limit
from bvn_asp.render.shapes.policies import PolicyFacts
from bvn_asp.render.shapes.words import EntryKind, Mark

if TYPE_CHECKING:
    from bvn_asp.model.policy import Option as KnownOption
    from bvn_asp.model.policy import Reading as KnownReading
    from bvn_asp.model.policy import Revision
    from bvn_asp.model.rules import Entry, Read


class FactAsked(Shape):
    """What a criterion reads."""

    of: Read

    fact: str
    member: str | None
    asks: Annotated[list[Limit], At("tests")]


class OutlineEntry(Shape):
    """An entry of the outline, in the order of the document.

    Attributes:
        rules: what decides on it, as it is written: plain rules, then what other readings change; then helpers
    """

    of: Entry
    up: ShowAnswer

    id: str
    parent: str
    kind: EntryKind
    needed: int | None
    section: Annotated[str, At("place")]
    also: list[str]
    text: str
    cites: Annotated[str, At("citations")]
    evidence: Mark
    excludes: bool
    topics: list[str]
    reads: list[FactAsked]
    rules: list[str]

    @property
    def revision(self) -> Revision:
        """The text that it stands in."""
        return self.up.of

    def _needed(self) -> int | None:
        return self.of.need or None

    def _evidence(self) -> str:
        return self.revision.mark(self.of)

    def _excludes(self) -> bool:
        return is_exclusion(self.revision, self.of.id)

    def _reads(self) -> tuple[Read, ...]:
        return self.revision.rules.reads.get(self.of.id, ())

    def _rules(self) -> list[str]:
        return [written(each) for each in self.revision.rules.about(self.of.id)]


class Option(Shape):
    """One way to read a passage."""

    of: KnownOption

    option: Annotated[str, At("name")]
    says: str
    claimed_by: str
    support: Annotated[str, OneOf("", "supported", "contradicted", "cannot be checked", "misapplied")]


class Reading(Shape):
    """A passage that can be read in several ways.

    Attributes:
        name: what rules call it, and people may; empty if it has no other name than its id
    """

    of: KnownReading

    id: str
    name: str
    place: str
    question: str
    default: str
    why: str
    options: list[Option]


class NotEncoded(Shape):
    """A passage left out on purpose."""

    of: tuple[str, str, str]

    place: str
    what: str
    why: str


class ShowAnswer(PolicyFacts, Answer):
    """What a policy asks for, and how its text can be read (`bvn show`).

    Attributes:
        notes: oddities that no verdict can hang on
    """

    of: Revision

    schema: Literal["show/2"]
    revision: str
    criteria: list[OutlineEntry]
    readings: list[Reading]
    notes: dict[str, str]
    not_encoded: list[NotEncoded]

    @cached_property
    def sources(self) -> tuple[object, ...]:
        return (self.of.policy,)

    def _revision(self) -> str:
        return self.of.id

    def _criteria(self) -> tuple[Entry, ...]:
        return self.of.rules.entries

    def _readings(self) -> tuple[KnownReading, ...]:
        return self.of.readings
