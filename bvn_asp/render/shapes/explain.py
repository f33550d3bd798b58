"""`bvn explain`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal

from bvn_asp.cases.standing import standings_of_open
from bvn_asp.render.shape import At, Shape
from bvn_asp.render.shapes.answer import CaseAnswer
from bvn_asp.render.shapes.chart import ChartRecord
from bvn_asp.render.shapes.evaluation import CodingAdvice, Limit, PolicyEvaluation
from bvn_asp.render.shapes.words import Date, OpenWord, SlotName, StandingWord, StatusWord, Written

if TYPE_CHECKING:
    from bvn_asp.cases.explain import Explanation, FactLine, Line
    from bvn_asp.cases.needed import Needed
    from bvn_asp.model.case import Case


class FactRead(Shape):
    """What the criterion reads, and what the chart says of it.

    Attributes:
        raised_by: what is on record and keeps it from being presumed absent
        counted: for a count, what the record makes it count
    """

    of: FactLine

    fact: Annotated[str, At("slot.fact")]
    member: Annotated[str | None, At("slot.member")]
    asks: Annotated[list[Limit], At("tests")]
    recorded: Annotated[ChartRecord | None, At("record")]
    presumed: Written | None
    raised_by: list[SlotName]
    counted: list[str] | None
    holds_from: Date | None
    standing: StandingWord


class WorksheetLine(Shape):
    """A line of the outline, in the order of the document.

    Attributes:
        needed: how many parts an at-least group needs
    """

    of: Line

    criterion: Annotated[str, At("entry.id")]
    depth: int
    excludes: bool
    status: StatusWord
    blamed: bool
    met_parts: Annotated[int, At("have")]
    open_parts: Annotated[int, At("may")]
    parts: int
    needed: int | None
    facts: list[FactRead]

    def _needed(self) -> int | None:
        return self.of.entry.need or None


class NeededAnswer(Shape):
    """An open fact that must be answered.

    Attributes:
        against: the answers each of which settles it against approval, in words
    """

    of: Needed

    fact: Annotated[SlotName, At("slot")]
    against: str


class ExplainAnswer(PolicyEvaluation, CaseAnswer):
    """One policy's worksheet for one case (`bvn explain`).

    Attributes:
        notice: what this is, and what it is not
        reason: a smallest set of recorded facts that forces the denial whatever else is documented
        needed: the open facts that must all be answered for the policy to approve
        standings: for each open slot why it is not known
        coding: what is to be said of the codes, apart from any verdict
    """

    of: Explanation

    schema: Literal["explain/2"]
    worksheet: list[WorksheetLine]
    reason: list[SlotName]
    needed: list[NeededAnswer]
    standings: dict[str, OpenWord]
    coding: list[CodingAdvice]

    @cached_property
    def sources(self) -> tuple[object, ...]:
        return (self.of.evaluation, self.of)

    def _case(self) -> Case:
        case: Case = self.given["case"]
        return case

    def _worksheet(self) -> object:
        return self.of.lines

    def _standings(self) -> object:
        return standings_of_open(self._case(), self.of.evaluation.open)
