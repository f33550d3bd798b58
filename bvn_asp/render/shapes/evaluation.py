"""One policy's verdict on a case."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated

from bvn_asp.model.outline import is_exclusion
from bvn_asp.render.schema_of import OneOf
from bvn_asp.render.shape import At, Shape
from bvn_asp.render.shapes.words import EntryKind, Mark, Readings, SlotName, SourceKind, StatusWord, VerdictWord

if TYPE_CHECKING:
    from bvn_asp.cases.evaluate import Evaluation
    from bvn_asp.cases.readings import Hinge as FoundHinge
    from bvn_asp.model.rules import Entry
    from bvn_asp.model.vocabulary import Slot
    from bvn_asp.routing.codes import Advice


class Criterion(Shape):
    """An entry of the outline, in the order of the document.

    Attributes:
        parent: the group it is part of; root, or advice
        section: where it stands in the source
        also: further places that say the same
        text: wording ours
        excludes: an exclusion: met means present
    """

    of: Entry
    up: PolicyEvaluation

    id: str
    parent: str
    kind: EntryKind
    section: Annotated[str, At("place")]
    also: list[str]
    text: str
    cites: Annotated[str, At("citations")]
    evidence: Mark
    excludes: bool
    status: StatusWord

    def _evidence(self) -> str:
        return self.up.evaluation.revision.mark(self.of)

    def _excludes(self) -> bool:
        return is_exclusion(self.up.evaluation.revision, self.of.id)

    def _status(self) -> str:
        return self.up.evaluation.statuses[self.of.id]


class Hinge(Shape):
    """A smallest change of readings under which the verdict is another."""

    of: FoundHinge

    readings: dict[str, str]
    verdict: VerdictWord

    def _readings(self) -> dict[str, str]:
        return dict(self.of.readings)


class NotPresumed(Shape):
    """Something that nobody mentions and that is not presumed absent, and the records that put it in doubt."""

    of: tuple[Slot, tuple[Slot, ...]]

    fact: SlotName
    on_record: list[SlotName]


class PolicyEvaluation(Shape):
    """One policy's verdict on the case, with its criteria.

    Attributes:
        blamed: the criteria that stand in the way in every completion, the lowest of each branch
        presumed: taken as absent, nobody mentioning them
        not_presumed: not taken so although nobody mentions them, and what is on record that puts them in doubt
        open: undocumented, and each alone can still change the verdict
        reading_dependent: whether another way to read the text changes the verdict
        all_hinges: whether all the smallest changes of readings that change the verdict are listed
        silence: why a silent source says nothing
        before_effective: the revision was not yet in force on the date of service
        perhaps_early: whether it was is not known, only days around its first one are
        after_until: it was no longer in force then
    """

    policy: str
    revision: Annotated[str, At("revision.id")]
    version: Annotated[str, At("revision.version")]
    kind: Annotated[SourceKind, At("revision.policy.kind")]
    verdict: VerdictWord
    criteria: Annotated[list[Criterion], At("revision.rules.entries")]
    blamed: list[str]
    presumed: list[SlotName]
    not_presumed: list[NotPresumed]
    open: list[SlotName]
    readings: Readings
    reading_dependent: bool
    hangs_on: Annotated[list[Hinge], At("hinges")]
    all_hinges: bool
    silence: list[str]
    before_effective: bool
    perhaps_early: bool
    after_until: bool

    @property
    def evaluation(self) -> Evaluation:
        """The evaluation: the result itself, or what the result holds of the name."""
        found: Evaluation = getattr(self.of, "evaluation", self.of)
        return found

    @cached_property
    def sources(self) -> tuple[object, ...]:
        return (self.evaluation,)

    def _not_presumed(self) -> object:
        return self.evaluation.not_presumed.items()


class CodingAdvice(Shape):
    """What is to be said of the codes.

    Attributes:
        sure: false if it hangs on the date of service
    """

    of: Advice

    advice: Annotated[str, At("id")]
    text: str
    place: str
    evidence: str
    sure: bool


class Limit(Shape):
    """One limit or value that a criterion holds a fact against."""

    of: tuple[str, str]

    operator: Annotated[str, OneOf("is", "is not", "at_least", "more_than", "at_most", "less_than")]
    value: str
