"""`bvn ask`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from bvn_asp.cases.standing import standing_of_open
from bvn_asp.render.ask import wording
from bvn_asp.render.shape import LEFT_OUT, At, MayLack, Shape
from bvn_asp.render.shapes.answer import CaseAnswer
from bvn_asp.render.shapes.chart import ChartRecord
from bvn_asp.render.shapes.words import OpenWord, SlotName, VerdictWord, Written

if TYPE_CHECKING:
    from bvn_asp.cases.ask import Question, Questions, Settled
    from bvn_asp.cases.evaluate import Verdict
    from bvn_asp.cases.standing import Standing
    from bvn_asp.model.case import Record
    from bvn_asp.model.vocabulary import Slot


class OpenFact(Shape):
    """An open fact.

    Attributes:
        question: for a person
        raised_by: what is on record and keeps it from being presumed absent
        policies: those whose verdict it can change
        answers: values told apart by some policy
        document: the pile of papers in which the answer usually is
        leaves: how much stays open in the worst case
        likely_leaves: how much stays open, on average, as charts usually read; of the best question only
        together: what the same document may answer, of the best question
        also: the facts that have its value whatever it is, as of one operation: one answer is for all of them
    """

    of: Question
    up: AskAnswer

    fact: Annotated[SlotName, At("slot")]
    question: str
    raised_by: list[SlotName]
    policies: list[str]
    standing: OpenWord
    recorded: ChartRecord | None
    answers: list[Written]
    document: str
    leaves: int | float | dict[str, Any] | list[Any] | None
    likely_leaves: float | None
    together: list[SlotName]
    also: Annotated[list[SlotName], MayLack()]

    def _also(self) -> object:
        return self.of.also or LEFT_OUT

    def _likely_leaves(self) -> float | None:
        return None if self.of.likely is None else round(float(self.of.likely), 2)

    def _question(self) -> str:
        return wording(self.library, self.of.slot, self.up.of)

    def _raised_by(self) -> tuple[Slot, ...]:
        return self.up.of.raised.get(self.of.slot, ())

    def _standing(self) -> Standing:
        return standing_of_open(self.up.of.case, self.of.slot)

    def _recorded(self) -> Record | None:
        return self.up.of.case.get(self.of.slot)


class SettledFact(Shape):
    """A fact that no longer matters, and what settles it."""

    of: Settled

    fact: Annotated[SlotName, At("slot")]
    by: list[SlotName]


class AskAnswer(CaseAnswer):
    """What is best asked next (`bvn ask`).

    Attributes:
        notice: what this is, and what it is not
        jointly: no fact alone can change a verdict, several together can
    """

    of: Questions

    schema: Literal["ask/4"]
    strict: bool
    verdicts: dict[str, VerdictWord]
    decided: bool
    next: OpenFact | None
    open: list[OpenFact]
    jointly: bool | list[Any]
    settled: list[SettledFact]

    def _verdicts(self) -> dict[str, Verdict]:
        return {name: e.verdict for name, e in zip(self.of.policies, self.of.evaluations, strict=True)}
