"""`bvn checklist`."""

from __future__ import annotations

from typing import Literal, TypedDict

from bvn_asp.render.shapes.chart import CaseAsRead, ChartRecord
from bvn_asp.render.shapes.request import RequestedFact, WaitingFact
from bvn_asp.render.shapes.words import SlotName, VerdictWord


class FactOnFile(TypedDict):
    """A fact on file that does for a criterion."""

    fact: SlotName
    criterion: str
    recorded: ChartRecord


class FormLine(TypedDict):
    """A line of a policy's blank form: one fact that it reads.

    Attributes:
        document: in which document the answer is usually found
        asks: the limits that it is held against, in words
        criteria: the criteria that read it
        sensitive: it is asked after all else
    """

    facts: list[SlotName]
    document: str
    question: str
    asks: str
    criteria: list[str]
    sensitive: bool


class ChecklistAnswer(TypedDict):
    """What is on file, missing and too early; of a policy alone, its blank form (`bvn checklist`).

    Attributes:
        notice: what this is, and what it is not
        against: the criteria in the way, those that only need time left out
        form: everything that the policy reads; empty if a case was given
    """

    schema: Literal["checklist/1"]
    notice: str
    case: CaseAsRead | None
    policy: str
    revision: str
    verdict: VerdictWord | None
    have: list[FactOnFile]
    missing: list[RequestedFact]
    not_yet: list[WaitingFact]
    against: list[str]
    form: list[FormLine]
