"""`bvn diff`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from bvn_asp.render.schema_of import OneOf
from bvn_asp.render.shape import At, Shape
from bvn_asp.render.shapes.chart import Patient
from bvn_asp.render.shapes.witness import Extent, ReadEdition, Witness
from bvn_asp.render.shapes.words import RelationWord, VerdictWord
from bvn_asp.render.witness import limits

if TYPE_CHECKING:
    from bvn_asp.model.policy import Revision
    from bvn_asp.repairs.moves import Move as FoundMove
    from bvn_asp.texts.diff import Announced, Diff, Parting, Row, Under
    from bvn_asp.upkeep.flips import Flip, Flips


class Wording(Shape):
    """Words that changed."""

    of: tuple[str, str, str]

    what: str
    old: str
    new: str


class PartingShape(Shape):
    """A patient on whom two texts part.

    Attributes:
        reach: whether a verdict turns on it alone, only together with others, or never
    """

    of: Parting

    reach: Annotated[str, OneOf("alone", "together", "never")]
    witness: Witness | None


class DiffRow(Shape):
    """What became of one criterion.

    Attributes:
        tightened: a patient in whose favour it spoke before and does not now
        source_words_kept: whether the source's own words are the same; null if no anchors tell
    """

    of: Row
    up: DiffAnswer

    change: Annotated[str, OneOf("same", "reworded", "tightened", "loosened", "changed", "moved", "added", "removed")]
    old: list[str]
    new: list[str]
    topics: list[str]
    old_limits: str
    new_limits: str
    wording: list[Wording]
    tightened: PartingShape | None
    loosened: PartingShape | None
    source_words_kept: Annotated[bool | None, At("words_kept")]

    def _old_limits(self) -> str:
        return limits(self.up.of.old, self.of.old)

    def _new_limits(self) -> str:
        return limits(self.up.of.new, self.of.new)


class UnderReading(Shape):
    """A reading under which the relation is another."""

    of: Under

    policy: str
    reading: str
    option: str
    relation: RelationWord


class NeededFact(Shape):
    """A fact, and what it would have to be."""

    of: FoundMove

    fact: Annotated[str, At("slot")]
    to: Annotated[str, At("new")]


class CaseFlip(Shape):
    """A case that gets another verdict.

    Attributes:
        needs: what the case would now need; null if it needs nothing
    """

    of: Flip

    case: Annotated[str, At("case.path")]
    title: Annotated[str, At("case.title")]
    old: Annotated[VerdictWord, At("old.verdict")]
    new: Annotated[VerdictWord, At("new.verdict")]
    blamed: Annotated[list[str], At("new.blamed")]
    needs: list[list[NeededFact]] | None

    def _needs(self) -> list[tuple[FoundMove, ...]] | None:
        return [found.moves for found in self.of.needs.repairs] if self.of.needs is not None else None


class CaseFlips(Shape):
    """The cases that were read, and those that get another verdict."""

    of: Flips

    read: int
    flips: list[CaseFlip]


class AnnouncedChanges(Shape):
    """What was announced with --expect, held against what changed.

    Attributes:
        passes: nothing changed but what was announced
        others: entries that changed and were not announced
        unneeded: ids that were announced and did not change
        unexplained: whom the texts address, or how their entries are joined, changed and was not announced
    """

    of: Announced

    passes: bool
    others: list[str]
    unneeded: list[str]
    unexplained: bool

    def _others(self) -> list[str]:
        return list(dict.fromkeys(each for row in self.of.others for each in (*row.old, *row.new)))


class DiffAnswer(Shape):
    """What changed from one text of a policy to another, by meaning (`bvn diff`).

    Attributes:
        relation: of new to old, over all patients
        equivalent: no patient gets another verdict
        silence: one addresses somebody whom the other does not
        stricter: a smallest patient whom only old approves
        looser: a smallest patient whom only new approves
        base: the patient from whom all witnesses depart
        under_readings: the readings under which the relation is another; null if they were not looked at
        announced: null if nothing was announced
    """

    of: Diff

    schema: Literal["diff/1"]
    old: ReadEdition
    new: ReadEdition
    relation: RelationWord
    equivalent: bool
    silence: bool
    aligned_by: Annotated[str, OneOf("outline", "topics"), At("by")]
    criteria: Annotated[list[DiffRow], At("rows")]
    stricter: PartingShape | None
    looser: PartingShape | None
    base: Annotated[Patient | None, At("base.case")]
    under_readings: Annotated[list[UnderReading] | None, At("under")]
    under_all_readings: Annotated[RelationWord | None, At("under_all")]
    cases: CaseFlips | None
    announced: AnnouncedChanges | None
    extent: Extent

    def _old(self) -> tuple[Revision, dict[str, str]]:
        return self.of.old, self.of.readings[0]

    def _new(self) -> tuple[Revision, dict[str, str]]:
        return self.of.new, self.of.readings[1]

    def _base(self) -> object:
        return self.of.base.case if self.of.base is not None else None

    def _announced(self) -> Announced | None:
        return self.given.get("held")

    def _cases(self) -> Flips | None:
        return self.given.get("cases")
