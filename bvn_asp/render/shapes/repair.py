"""`bvn repair`."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired, TypedDict

from bvn_asp.render.schema_of import OneOf
from bvn_asp.render.shapes.chart import CaseAsRead
from bvn_asp.render.shapes.words import Date, Readings, SlotName, VerdictWord


class AskedPolicy(TypedDict):
    """A policy that is asked, and its verdict now."""

    policy: str
    revision: str
    verdict: VerdictWord
    readings: Readings


class Serves(TypedDict):
    """A criterion that a move serves."""

    policy: str
    criterion: str


_Move = TypedDict("_Move", {"from": NotRequired[Any]})


class Move(_Move):
    """One thing to document or change.

    Attributes:
        from: as recorded; null if nothing is
        to: the values that would do
        otherwise: other values that would do as well
    """

    fact: str
    member: NotRequired[str | None]
    to: NotRequired[Any]
    otherwise: NotRequired[Any]
    kind: Annotated[str, OneOf("document", "precaution", "request", "treat", "wait")]
    serves: NotRequired[list[Serves]]
    holds_from: NotRequired[Date | None]


class Repair(TypedDict):
    """A smallest set; it approves in every completion of what it leaves open.

    Attributes:
        cost: what the vocabulary says its moves cost, together
    """

    moves: list[Move]
    holds_from: Date | None
    cost: float


class BlockingCriterion(TypedDict):
    """A criterion that stands in the way."""

    policy: str
    criterion: str
    section: str


class Obstacle(TypedDict):
    """Facts that stand in the way whatever else changes."""

    facts: list[SlotName]
    presumed: list[SlotName]
    criteria: list[BlockingCriterion]


class RepairQuestion(TypedDict):
    """One question, and every smallest answer to it.

    Attributes:
        need: how many of the policies must approve
        count: how many smallest sets there are
        complete: whether every smallest set is counted
        truncated: why the list stops short
    """

    policies: list[AskedPolicy]
    need: int
    repairs: list[Repair]
    count: int | None
    complete: bool
    truncated: str | bool | None
    choices: list[list[list[Move]]]
    blocks: list[Obstacle]
    all_blocks: bool
    presumed: list[SlotName]


class RepairAnswer(TypedDict):
    """What would make a case approvable (`bvn repair`).

    Attributes:
        notice: what this is, and what it is not
    """

    schema: Literal["repair/2"]
    notice: str
    case: CaseAsRead
    strict: bool
    mode: Annotated[str, OneOf("any", "all", "at-least")]
    questions: list[RepairQuestion]
