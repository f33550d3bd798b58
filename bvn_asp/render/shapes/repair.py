"""`bvn repair`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

from bvn_asp.render.repair import contest_line, entry_of
from bvn_asp.render.schema_of import OneOf
from bvn_asp.render.shape import LEFT_OUT, At, MayLack, Shape
from bvn_asp.render.shapes.answer import CaseAnswer
from bvn_asp.render.shapes.evaluation import NotPresumed
from bvn_asp.render.shapes.words import Date, OpenWord, Readings, SlotName, VerdictWord
from bvn_asp.repairs.moves import CONTESTS, KINDS, cost

if TYPE_CHECKING:
    from bvn_asp.cases.evaluate import Evaluation
    from bvn_asp.repairs.answer import Block, Repairs
    from bvn_asp.repairs.answer import Repair as FoundRepair
    from bvn_asp.repairs.moves import Move as FoundMove


class AskedPolicy(Shape):
    """A policy that is asked, and its verdict now."""

    of: Evaluation

    policy: str
    revision: Annotated[str, At("revision.id")]
    verdict: VerdictWord
    readings: Readings


class Serves(Shape):
    """A criterion that a move serves."""

    of: tuple[str, str]

    policy: str
    criterion: str


class Move(Shape):
    """One thing to document or change.

    Attributes:
        from: as recorded; null if nothing is
        to: the values that would do
        otherwise: other values that would do as well
        whom: who is asked, of what is contested
        provided: what must be so for the move to be right
        standing: of what is to be documented, why it is not known; of a document on file, an addendum is asked for
        also: the facts that have its value whatever it is, as of one operation: the move is one for all of them
    """

    of: FoundMove

    fact: Annotated[str, At("slot.fact")]
    member: Annotated[str | None, MayLack(), At("slot.member")]
    kind: Annotated[str, OneOf(*KINDS, *CONTESTS)]
    from_: Annotated[Any, MayLack(), At("old")]
    to: Annotated[Any, MayLack(), At("new")]
    otherwise: Annotated[Any, MayLack()]
    holds_from: Annotated[Date | None, MayLack()]
    serves: Annotated[list[Serves], MayLack()]
    whom: Annotated[str | None, MayLack()]
    provided: Annotated[str | None, MayLack()]
    standing: Annotated[OpenWord, MayLack()]
    also: Annotated[list[SlotName], MayLack()]

    def _standing(self) -> object:
        return self.of.standing or LEFT_OUT

    def _whom(self) -> str | None:
        return self.of.whom or None

    def _provided(self) -> str | None:
        return self.of.provided or None

    def _also(self) -> object:
        return self.of.also or LEFT_OUT

    def _otherwise(self) -> str | None:
        return self.of.otherwise or None


class Repair(Shape):
    """A smallest set; it approves in every completion of what it leaves open.

    Attributes:
        ruled_out: the exclusions to be ruled out with it, where nothing is presumed
        overtaken: by the day on which its durations hold, something else has changed, and it would not do
        cost: what the vocabulary says its moves cost, together
    """

    of: FoundRepair

    moves: list[Move]
    ruled_out: list[Move]
    overtaken: bool
    cost: float
    holds_from: Date | None

    def _cost(self) -> int:
        return sum(cost(self.library, move.slot) for move in self.of.moves)


class BlockingCriterion(Shape):
    """A criterion that stands in the way."""

    of: tuple[str, str]
    up: Obstacle

    policy: str
    criterion: str
    section: str

    def _policy(self) -> str:
        return self.of[0]

    def _criterion(self) -> str:
        return self.of[1]

    def _section(self) -> str:
        return entry_of(self.up.up.answer, *self.of).place


class Obstacle(Shape):
    """Facts that stand in the way whatever else changes."""

    of: Block
    up: RepairQuestion

    facts: Annotated[list[SlotName], At("slots")]
    presumed: list[SlotName]
    criteria: Annotated[list[BlockingCriterion], At("entries")]


class ContestSets(Shape):
    """The smallest sets in which something on record is contested.

    Attributes:
        says: what it rests on, in words
        count: how many smallest sets there are
        complete: whether every smallest set is counted
        truncated: why the list stops short
        choices: independent choices, of which a set makes one each; empty where the sets have no such form
    """

    of: Repairs
    up: RepairQuestion

    says: str
    repairs: list[Repair]
    count: int | None
    complete: bool
    truncated: str | bool | None
    choices: list[list[list[Move]]]

    def _says(self) -> str:
        return contest_line(self.up.answer)


class RepairQuestion(Shape):
    """One question, and every smallest answer to it.

    Attributes:
        need: how many of the policies must approve
        count: how many smallest sets there are
        complete: whether every smallest set is counted
        truncated: why the list stops short
        elsewhere: there is no way but by evidence about members that the request does not ask for
        contests: what can be contested; null where nobody looked, or nothing would do
        not_presumed: nobody mentions them, and what is on record puts them in doubt
    """

    policies: Annotated[list[AskedPolicy], At("evaluations")]
    need: int
    repairs: list[Repair]
    count: int | None
    complete: bool
    truncated: str | bool | None
    choices: list[list[list[Move]]]
    elsewhere: bool
    contests: ContestSets | None
    blocks: list[Obstacle]
    all_blocks: bool
    presumed: list[SlotName]
    not_presumed: list[NotPresumed]

    @property
    def answer(self) -> Repairs:
        """The repairs that this is about: the result itself."""
        found: Repairs = self.of
        return found

    def _not_presumed(self) -> object:
        return self.answer.not_presumed


class RepairAnswer(CaseAnswer):
    """What would make a case approvable (`bvn repair`).

    Attributes:
        notice: what this is, and what it is not
    """

    of: Sequence[Repairs]

    schema: Literal["repair/5"]
    strict: bool
    mode: Annotated[str, OneOf("any", "all", "at-least")]
    questions: list[RepairQuestion]

    def _case(self) -> object:
        return self.of[0].case

    def _strict(self) -> bool:
        return self.of[0].strict

    def _mode(self) -> str:
        return str(self.given["mode"])

    def _questions(self) -> Sequence[Repairs]:
        return self.of
