"""Does a set of moves stand up to evaluation, and what has to be ruled out with it where nothing is presumed?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bvn_asp.cases.beside import Beside
from bvn_asp.cases.evaluate import Evaluation, Evaluator, Readings, Verdict
from bvn_asp.cases.presumptions import presumptions
from bvn_asp.classes import dataclass, replace
from bvn_asp.engine.program import Program
from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.model.vocabulary import Slot
from bvn_asp.repairs.answer import Repair, Repairs
from bvn_asp.repairs.moves import DOCUMENT, Move


@dataclass(frozen=True)
class Replay:
    """Evaluates cases with moves made.

    Attributes:
        program: in which the moves were found.
        evaluator: by which they are replayed.
        beside: lines along which they are replayed where those tell; None if there are none.
    """

    library: Library
    program: Program
    evaluator: Evaluator
    beside: Beside | None

    def stands(self, empty: Repairs, made: Repair, readings: Readings | None, spoken: Sequence[int]) -> Repair | None:
        """A set of moves as evaluation finds it, now and on the day from which it holds; None if it does not stand."""
        if empty.strict:
            made = replace(made, ruled_out=self._ruled_out(empty, made, spoken))
        if not self.holds(empty, made, readings):
            return None
        if made.day is not None:
            then = made.on_its_day(self.library, empty.case)
            made = replace(made, overtaken=not self._approved(empty, then, readings))
        return made

    def _ruled_out(self, empty: Repairs, made: Repair, spoken: Sequence[int]) -> tuple[Move, ...]:
        """The presumptions that a set needs, none of which can be spared, to be documented: the last first to go.

        Each goes if the policies approve without it and those that went before: what is left hangs on nothing else,
        least of all on how the solver found that out. Its cores only spare it questions: what a known core does without
        can go.
        """
        vocabulary, never = self.library.vocabulary, self.program.never_presumed
        moved = made.applied_to(self.library, empty.case)
        always = presumptions(vocabulary, moved, strict=True)
        held = {s: v for s, v in presumptions(vocabulary, moved, never=never).items() if s not in always}
        fixed = [*spoken, *self.program.assume(moved.recorded | always)]
        groups = {slot: self.program.assume({slot: value}) for slot, value in reversed(held.items())}
        groups = {slot: literals for slot, literals in groups.items() if literals}
        goals = [self.program.literal("verdict", seat, "approve") for seat in range(len(empty.evaluations))]

        def core(slots: Iterable[Slot]) -> set[Slot] | None:
            """Some of the slots that do for approval by enough policies; None if all of them do not."""
            known = [literal for slot in slots for literal in groups[slot]]
            cores = [self.program.core([-goal, *fixed, *known]) for goal in goals]
            enough = [each for each in cores if each is not None][: empty.need]
            if len(enough) < empty.need:
                return None
            needed = {literal for each in enough for literal in each}
            return {slot for slot in slots if not needed.isdisjoint(groups[slot])}

        kept = dict.fromkeys(groups)
        sufficient = core(kept) or set(groups)
        for slot in groups:
            fewer = [other for other in kept if other != slot]
            found = sufficient if slot not in sufficient else core(fewer)
            if found is not None:
                sufficient = found
                del kept[slot]
        return tuple(Move(slot, DOCUMENT, None, held[slot]) for slot in vocabulary.in_order(kept))

    def holds(self, answer: Repairs, made: Repair, readings: Readings | None = None) -> bool:
        """Whether enough policies approve the repaired case."""
        return self._approved(answer, made.applied_to(self.library, answer.case), readings)

    def _approved(self, answer: Repairs, case: Case, readings: Readings | None) -> bool:
        told = [self._plain(each, case) for each in answer.evaluations]
        if None not in told:
            return sum(map(bool, told)) >= answer.need
        if not self.evaluator.possible(case, answer.strict):
            return False
        found = self.evaluator.verdicts(case, readings, answer.strict)
        return sum(each is Verdict.APPROVE for each in found) >= answer.need

    def _plain(self, evaluation: Evaluation, case: Case) -> bool | None:
        """Whether a policy approves another case, along its line; None if that is not plain."""
        alone = self.beside and self.beside.of(evaluation)
        supposed = alone and alone.of(case)
        return alone.verdict(supposed, Verdict.APPROVE.value) if alone and supposed else None
