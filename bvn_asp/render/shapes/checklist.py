"""`bvn checklist`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from bvn_asp.papers.checklist import Checklist
from bvn_asp.render.checklist import asks
from bvn_asp.render.shape import At, Shape
from bvn_asp.render.shapes.answer import Noticed
from bvn_asp.render.shapes.chart import CaseAsRead, ChartRecord
from bvn_asp.render.shapes.request import RequestedFact, WaitingFact
from bvn_asp.render.shapes.words import SlotName, VerdictWord

if TYPE_CHECKING:
    from bvn_asp.cases.evaluate import Verdict
    from bvn_asp.model.case import Case
    from bvn_asp.model.policy import Revision
    from bvn_asp.papers.checklist import Asked, Form, Had
    from bvn_asp.papers.request import Need, Wait


class FactOnFile(Shape):
    """A fact on file that does for a criterion."""

    of: Had

    fact: Annotated[SlotName, At("read.slot")]
    criterion: Annotated[str, At("entry")]
    recorded: Annotated[ChartRecord, At("read.record")]


class FormLine(Shape):
    """A line of a policy's blank form: one fact that it reads.

    Attributes:
        document: in which document the answer is usually found
        asks: the limits that it is held against, in words
        criteria: the criteria that read it
        sensitive: it is asked after all else
    """

    of: Asked

    facts: Annotated[list[SlotName], At("slots")]
    document: str
    question: str
    asks: str
    criteria: Annotated[list[str], At("entries")]
    sensitive: bool

    def _question(self) -> str:
        fact = self.library.vocabulary.facts[self.of.fact]
        return fact.ask or fact.about

    def _asks(self) -> str:
        return asks(self.of)


class ChecklistAnswer(Noticed):
    """What is on file, missing and too early; of a policy alone, its blank form (`bvn checklist`).

    Attributes:
        notice: what this is, and what it is not
        against: the criteria in the way, those that only need time left out
        form: everything that the policy reads; empty if a case was given
    """

    of: Checklist | Form

    schema: Literal["checklist/1"]
    case: CaseAsRead | None
    policy: str
    revision: str
    verdict: VerdictWord | None
    have: list[FactOnFile]
    missing: list[RequestedFact]
    not_yet: list[WaitingFact]
    against: list[str]
    form: list[FormLine]

    @property
    def checked(self) -> Checklist | None:
        """The checklist of a case; None if this is a blank form."""
        return self.of if isinstance(self.of, Checklist) else None

    def _case(self) -> Case | None:
        return self.checked.case if self.checked else None

    def _policy(self) -> str:
        return self._text().policy.id

    def _revision(self) -> str:
        return self._text().id

    def _text(self) -> Revision:
        return self.of.missing.evaluation.revision if isinstance(self.of, Checklist) else self.of.revision

    def _verdict(self) -> Verdict | None:
        return self.checked.missing.evaluation.verdict if self.checked else None

    def _have(self) -> list[Had]:
        return [each for each in self.checked.have if each.read.record is not None] if self.checked else []

    def _missing(self) -> tuple[Need, ...]:
        return self.checked.missing.needs if self.checked else ()

    def _not_yet(self) -> tuple[Wait, ...]:
        return self.checked.missing.waits if self.checked else ()

    def _against(self) -> list[str]:
        return [each.entry for each in self.checked.against] if self.checked else []

    def _form(self) -> tuple[Asked, ...]:
        return () if isinstance(self.of, Checklist) else self.of.asked
