"""`bvn letter`."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from bvn_asp.render.schema_of import OneOf
from bvn_asp.render.shapes.chart import CaseAsRead
from bvn_asp.render.shapes.words import SlotName, StatusWord, VerdictWord


class ReasonSlots(TypedDict):
    """The five things that a reason must say, each from data and none empty.

    Attributes:
        criterion_text: the criterion with its place
        record: what the record shows, with document and date
        falls_short: the value against the limit
        would_change_it: what would change it
        comes_from: the policy, its place, and the determination that it stands under
    """

    criterion_text: str
    record: str
    falls_short: str
    would_change_it: str
    comes_from: str


class LetterReason(TypedDict):
    """A criterion that a letter is about.

    Attributes:
        judgements: recorded facts that are somebody's judgement
    """

    criterion: str
    status: StatusWord
    excludes: bool
    slots: ReasonSlots
    judgements: list[SlotName]


class StricterThan(TypedDict):
    """A way in which the plan is stricter than the determination that governs."""

    criteria: list[str]
    facts: list[str]


class LetterAnswer(TypedDict):
    """The draft of a letter (`bvn letter`).

    Attributes:
        notice: what this is, and what it is not
        determination: the edition that governs, if it is another policy's and known
        stricter: for an appeal, those about a reason's criterion first
        stricter_complete: whether these are all; null where nothing was compared
        claims: ids in the ledger of what is said of the policy and not borne out by its text
    """

    schema: Literal["letter/1"]
    notice: str
    case: CaseAsRead
    purpose: Annotated[str, OneOf("request", "adverse", "appeal")]
    policy: str
    revision: str
    verdict: VerdictWord
    determination: str | None
    reasons: list[LetterReason]
    stricter: list[StricterThan]
    stricter_complete: bool | None
    claims: list[str]
    may_be_contested: list[str]
