"""`bvn request`."""

from __future__ import annotations

from typing import Literal, TypedDict

from bvn_asp.render.shapes.chart import CaseAsRead, ChartRecord
from bvn_asp.render.shapes.words import Date, OpenWord, SlotName, VerdictWord


class RequestedFact(TypedDict):
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

    facts: list[SlotName]
    document: str
    question: str
    asks: str
    standing: OpenWord
    recorded: ChartRecord | None
    required: bool
    against: str
    criteria: list[str]
    sensitive: bool
    raised_by: list[SlotName]


class WaitingFact(TypedDict):
    """A duration on record that falls short and reaches its limit by time alone.

    Attributes:
        asks: the limit, in words
        holds_from: the first day on which it does
    """

    fact: SlotName
    criterion: str
    asks: str
    recorded: ChartRecord | None
    holds_from: Date


class RequestAnswer(TypedDict):
    """What is still needed for a policy to decide (`bvn request`).

    Attributes:
        notice: what this is, and what it is not
        needs: in the order in which an office keeps the documents, sensitive ones last
        jointly: no fact alone can change the verdict, several together can
        holds_from: the day from which nothing waits any more
        verdict_then: what the policy makes of the case on that day
    """

    schema: Literal["request/1"]
    notice: str
    case: CaseAsRead
    strict: bool
    policy: str
    revision: str
    verdict: VerdictWord
    needs: list[RequestedFact]
    jointly: bool
    waits: list[WaitingFact]
    holds_from: Date | None
    verdict_then: VerdictWord | None
