"""`bvn letter`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from bvn_asp.render.letter import DRAFT, may_be_contested, slots
from bvn_asp.render.schema_of import OneOf
from bvn_asp.render.shape import At, Shape
from bvn_asp.render.shapes.answer import CaseAnswer
from bvn_asp.render.shapes.words import SlotName, StatusWord, VerdictWord

if TYPE_CHECKING:
    from bvn_asp.papers.letter import Letter, Reason
    from bvn_asp.texts.stricter import Way


class ReasonSlots(Shape):
    """The five things that a reason must say, each from data and none empty.

    Attributes:
        criterion_text: the criterion with its place
        record: what the record shows, with document and date
        falls_short: the value against the limit
        would_change_it: what would change it
        comes_from: the policy, its place, and the determination that it stands under
    """

    of: tuple[str, ...]

    criterion_text: str
    record: str
    falls_short: str
    would_change_it: str
    comes_from: str


class LetterReason(Shape):
    """A criterion that a letter is about.

    Attributes:
        judgements: recorded facts that are somebody's judgement
    """

    of: Reason
    up: LetterAnswer

    criterion: Annotated[str, At("line.entry.id")]
    status: Annotated[StatusWord, At("line.status")]
    excludes: Annotated[bool, At("line.excludes")]
    slots: ReasonSlots
    judgements: list[SlotName]

    def _slots(self) -> tuple[str, ...]:
        return tuple(slots(self.library, self.up.of, self.of).values())


class StricterThan(Shape):
    """A way in which the plan is stricter than the determination that governs."""

    of: Way

    criteria: Annotated[list[str], At("units")]
    facts: list[str]


class LetterAnswer(CaseAnswer):
    """The draft of a letter (`bvn letter`).

    Attributes:
        notice: what this is, and what it is not
        determination: the edition that governs, if it is another policy's and known
        stricter: for an appeal, those about a reason's criterion first
        stricter_complete: whether these are all; null where nothing was compared
        claims: ids in the ledger of what is said of the policy and not borne out by its text
    """

    of: Letter

    schema: Literal["letter/1"]
    purpose: Annotated[str, OneOf("request", "adverse", "appeal")]
    policy: Annotated[str, At("request.evaluation.policy")]
    revision: Annotated[str, At("request.evaluation.revision.id")]
    verdict: Annotated[VerdictWord, At("request.evaluation.verdict")]
    determination: str | None
    reasons: list[LetterReason]
    stricter: Annotated[list[StricterThan], At("ways")]
    stricter_complete: bool | None
    claims: list[str]
    may_be_contested: list[str]

    def _notice(self) -> str:
        return DRAFT

    def _determination(self) -> str | None:
        return self.of.governing.name if self.of.governing is not None else None

    def _stricter_complete(self) -> bool | None:
        return self.of.strictness.stricter.complete if self.of.strictness is not None else None

    def _claims(self) -> list[str]:
        return [each.id for each in self.of.claims]

    def _may_be_contested(self) -> list[str]:
        return [str(each) for each in may_be_contested(self.library, self.of)]
