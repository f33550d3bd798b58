"""`bvn ask`."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from bvn_asp.render.shapes.chart import CaseAsRead, ChartRecord
from bvn_asp.render.shapes.words import OpenWord, SlotName, VerdictWord, Written


class OpenFact(TypedDict):
    """An open fact.

    Attributes:
        question: for a person
        raised_by: what is on record and keeps it from being presumed absent
        policies: those whose verdict it can change
        answers: values told apart by some policy
        leaves: how much stays open in the worst case
    """

    fact: SlotName
    question: str
    raised_by: list[SlotName]
    policies: list[str]
    standing: OpenWord
    recorded: ChartRecord | None
    answers: list[Written]
    leaves: int | float | dict[str, Any] | list[Any] | None


class SettledFact(TypedDict):
    """A fact that no longer matters, and what settles it."""

    fact: SlotName
    by: list[SlotName]


class AskAnswer(TypedDict):
    """What is best asked next (`bvn ask`).

    Attributes:
        notice: what this is, and what it is not
        jointly: no fact alone can change a verdict, several together can
    """

    schema: Literal["ask/2"]
    notice: str
    case: CaseAsRead
    strict: bool
    verdicts: dict[str, VerdictWord]
    decided: bool
    next: OpenFact | None
    open: list[OpenFact]
    jointly: bool | list[Any]
    settled: list[SettledFact]
