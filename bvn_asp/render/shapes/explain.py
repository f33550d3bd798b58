"""`bvn explain`."""

from __future__ import annotations

from typing import Literal, TypedDict

from bvn_asp.render.shapes.chart import CaseAsRead, ChartRecord
from bvn_asp.render.shapes.evaluation import CodingAdvice, Limit, PolicyEvaluation
from bvn_asp.render.shapes.words import Date, OpenWord, SlotName, StandingWord, StatusWord, Written


class FactRead(TypedDict):
    """What the criterion reads, and what the chart says of it.

    Attributes:
        raised_by: what is on record and keeps it from being presumed absent
        counted: for a count, what the record makes it count
    """

    fact: str
    member: str | None
    asks: list[Limit]
    recorded: ChartRecord | None
    presumed: Written | None
    raised_by: list[SlotName]
    counted: list[str] | None
    holds_from: Date | None
    standing: StandingWord


class WorksheetLine(TypedDict):
    """A line of the outline, in the order of the document.

    Attributes:
        needed: how many parts an at-least group needs
    """

    criterion: str
    depth: int
    excludes: bool
    status: StatusWord
    blamed: bool
    met_parts: int
    open_parts: int
    parts: int
    needed: int | None
    facts: list[FactRead]


class NeededAnswer(TypedDict):
    """An open fact that must be answered.

    Attributes:
        against: the answers each of which settles it against approval, in words
    """

    fact: SlotName
    against: str


class ExplainAnswer(PolicyEvaluation):
    """One policy's worksheet for one case (`bvn explain`).

    Attributes:
        notice: what this is, and what it is not
        reason: a smallest set of recorded facts that forces the denial whatever else is documented
        needed: the open facts that must all be answered for the policy to approve
        standings: for each open slot why it is not known
        coding: what is to be said of the codes, apart from any verdict
    """

    schema: Literal["explain/2"]
    notice: str
    case: CaseAsRead
    worksheet: list[WorksheetLine]
    reason: list[SlotName]
    needed: list[NeededAnswer]
    standings: dict[str, OpenWord]
    coding: list[CodingAdvice]
