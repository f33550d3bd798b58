"""`bvn request`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from bvn_asp.render import words
from bvn_asp.render.request import limits
from bvn_asp.render.shape import At, Shape
from bvn_asp.render.shapes.answer import CaseAnswer
from bvn_asp.render.shapes.chart import ChartRecord
from bvn_asp.render.shapes.words import Date, OpenWord, SlotName, VerdictWord

if TYPE_CHECKING:
    from bvn_asp.model.case import Case, Record
    from bvn_asp.papers.request import InformationRequest, Need, Wait


class RequestedFact(Shape):
    """What is asked for once: slots of one fact of which the chart says the same.

    Attributes:
        document: in which document the answer is usually found
        question: for a person
        asks: the limits and values that the criteria ask for, in words
        required: without an answer the policy cannot approve
        against: the answers each of which settles it against approval, in words
        criteria: the open criteria that read it
        sensitive: it is asked after all else
        raised_by: what is on record and keeps it from being presumed absent
    """

    of: Need

    facts: Annotated[list[SlotName], At("slots")]
    document: str
    question: str
    asks: str
    standing: OpenWord
    recorded: ChartRecord | None
    required: bool
    against: str
    criteria: Annotated[list[str], At("entries")]
    sensitive: bool
    raised_by: list[SlotName]

    @property
    def case(self) -> Case:
        """The case that is asked about."""
        found: Case = self.up.of.case
        return found

    def _question(self) -> str:
        return words.question(self.library.vocabulary, self.case, self.of.slots[0], self.of.raised_by)

    def _asks(self) -> str:
        return limits(self.library, self.of)

    def _recorded(self) -> Record | None:
        return self.case.get(self.of.slots[0])


class WaitingFact(Shape):
    """A duration on record that falls short and reaches its limit by time alone.

    Attributes:
        asks: the limit, in words
        holds_from: the first day on which it does
    """

    of: Wait

    fact: Annotated[SlotName, At("read.slot")]
    criterion: Annotated[str, At("entry")]
    asks: str
    recorded: Annotated[ChartRecord | None, At("read.record")]
    holds_from: Annotated[Date, At("since")]

    def _asks(self) -> str:
        return words.asked_of(self.of.read, self.library.vocabulary, limits_only=True)


class RequestAnswer(CaseAnswer):
    """What is still needed for a policy to decide (`bvn request`).

    Attributes:
        notice: what this is, and what it is not
        needs: in the order in which an office keeps the documents, sensitive ones last
        jointly: no fact alone can change the verdict, several together can
        holds_from: the day from which nothing waits any more
        verdict_then: what the policy makes of the case on that day
    """

    of: InformationRequest

    schema: Literal["request/1"]
    strict: Annotated[bool, At("evaluation.strict")]
    policy: Annotated[str, At("evaluation.policy")]
    revision: Annotated[str, At("evaluation.revision.id")]
    verdict: Annotated[VerdictWord, At("evaluation.verdict")]
    needs: list[RequestedFact]
    jointly: bool
    waits: list[WaitingFact]
    holds_from: Annotated[Date | None, At("ready")]
    verdict_then: VerdictWord | None

    def _verdict_then(self) -> object:
        return self.of.then.verdict if self.of.then is not None else None
