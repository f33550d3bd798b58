"""Which open facts must be answered for a policy to approve, and which answers settle it against?"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from bvn_asp.cases.evaluate import Evaluation, Evaluator, Readings, Verdict
from bvn_asp.classes import dataclass
from bvn_asp.model.case import Case, Named, Value, absent_value
from bvn_asp.model.quantity import Cell, Interval, describe
from bvn_asp.model.vocabulary import Slot

if TYPE_CHECKING:
    from bvn_asp.cases.beside import Alone

AGAINST = (Verdict.DENY, Verdict.SILENT)


@dataclass(frozen=True)
class Needed:
    """An open fact without which a policy cannot approve.

    Attributes:
        against: the answers each of which settles it against approval, in words.
    """

    slot: Slot
    against: str


def needed(
    evaluator: Evaluator,
    case: Case,
    evaluation: Evaluation,
    readings: Readings | None = None,
    beside: Alone | None = None,
) -> tuple[Needed, ...]:
    """The open facts that must be answered for the policy to approve, with the answers that settle it against.

    A fact must be answered if some answer to it leaves no way to approval, whatever else is documented: as long as it
    is open, that answer may be the true one. Such answers are looked for with what is recorded and presumed held fast;
    each is then evaluated as a record of the case, which may put a presumption in doubt.

    Args:
        beside: the policy's line, along which most of this is plain; of all else the solver is asked.

    Returns: in the order of the vocabulary; none if the verdict is decided.
    """
    answers = _Answers(evaluator, case, evaluation, readings, beside)
    found = []
    for slot in evaluation.open:
        names = [name for name in answers.to(slot) if not answers.leave(slot, name) and answers.settle(slot, name)]
        if names:
            found.append(Needed(slot, answers.words(slot, names)))
    return tuple(found)


class _Answers:
    """What answers to open facts bring about under one policy."""

    def __init__(
        self,
        evaluator: Evaluator,
        case: Case,
        evaluation: Evaluation,
        readings: Readings | None,
        beside: Alone | None,
    ) -> None:
        self._evaluator, self._case, self._evaluation, self._readings = evaluator, case, evaluation, readings
        self._beside, self._vocabulary = beside, evaluator.library.vocabulary
        self._seat = evaluator.revisions.index(evaluation.revision)
        self._plain = evaluator.program if beside is None else evaluator.plain
        self._approved: list[frozenset[int]] = []
        self._known = dict(case.recorded)
        for slot in evaluation.presumed:
            value = absent_value(self._vocabulary.facts[slot.fact])
            if value is not None:
                self._known.setdefault(slot, value)

    @cached_property
    def _premises(self) -> list[int]:
        """What is recorded and presumed, as literals."""
        program = self._evaluator.program
        return program.assume(self._known) + program.read(self._seat, self._evaluation.readings)

    @cached_property
    def _ways(self) -> dict[tuple[Slot, Value], bool]:
        """The answers of which it is plain whether they leave a way to approval."""
        asked = ((slot, self._single(slot, name)) for slot in self._evaluation.open for name in self.to(slot))
        return {} if self._beside is None else self._beside.ways(asked)

    def to(self, slot: Slot) -> tuple[str, ...]:
        """The answers to a fact that the record leaves."""
        return self._plain.allowed(slot, self._known[slot]) if slot in self._known else self._plain.values(slot)

    def leave(self, slot: Slot, name: str) -> bool:
        """Whether an answer leaves a way to approval, or is none that anybody can give."""
        found = self._ways.get((slot, self._single(slot, name)))
        if found is not None:
            return found
        program = self._evaluator.program
        literal = program.options(slot)[name]
        if any(literal in each for each in self._approved):
            return True
        approve = program.literal("verdict", self._seat, "approve")
        world = program.world([*self._premises, literal, approve])
        if world is not None:
            self._approved.append(world)
        return world is not None or not program.possible([*self._premises, literal])

    def settle(self, slot: Slot, name: str) -> bool:
        """Whether the policy does not approve with an answer on record, whatever else is documented."""
        values = {slot: self._single(slot, name)}
        if self._beside is not None:
            supposed = self._beside.supposed(values)
            told = [self._beside.verdict(supposed, each.value) for each in AGAINST]
            if True in told or None not in told:
                return True in told
        case = self._case.with_values(self._vocabulary, values)
        return self._evaluator.verdicts(case, self._readings, self._evaluation.strict)[self._seat] in AGAINST

    def _single(self, slot: Slot, name: str) -> Value:
        if self._vocabulary.facts[slot.fact].is_named:
            return Named((name,))
        cell: Cell = self._plain.cell(slot, name)
        return Interval(cell.low, cell.low_open, cell.high, cell.high_open)

    def words(self, slot: Slot, names: Iterable[str]) -> str:
        """Some answers to a fact, as one says them."""
        fact = self._vocabulary.facts[slot.fact]
        if fact.is_named:
            return str(Named(tuple(names)))
        return describe([self._plain.cell(slot, each) for each in names], fact.low, fact.high)
