"""Which undocumented facts can still change the verdict, which no longer matter, and what is best asked next?

A fact can still change a verdict if two completions of the record differ in that fact alone and in the verdict. The
best question is the one whose answer, in the worst case, leaves the fewest such facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bvn_asp.cases.compare import names
from bvn_asp.cases.evaluate import Evaluation, Evaluator, Readings, Verdict
from bvn_asp.cases.presumptions import never_presumed, presumptions
from bvn_asp.engine.cores import minimal_core
from bvn_asp.engine.program import Choice, Program, Seat
from bvn_asp.model.case import Case, Value
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.model.vocabulary import Slot

SEVERAL = 3  # of more policies than these, nobody is told unasked what settles what no longer matters


@dataclass(frozen=True)
class Question:
    """An undocumented fact that can still change a verdict.

    Attributes:
        policies: whose verdict it can change.
        answers: the values, those together that no asked policy tells apart as the record stands.
        leaves: how many facts are left to ask after the worst answer; None if that was not looked at to the end.
    """

    slot: Slot
    policies: tuple[str, ...]
    answers: tuple[Value, ...]
    leaves: int | None = None


@dataclass(frozen=True)
class Settled:
    """An undocumented fact that no longer matters.

    Attributes:
        by: a smallest set of recorded or presumed facts that settle it; empty if it never matters to these policies.
    """

    slot: Slot
    by: tuple[Slot, ...]


@dataclass(frozen=True)
class Questions:
    """What is left to ask of a case.

    Attributes:
        next: the best question; None if every verdict is decided.
        open: every question, in the order of the vocabulary.
        settled: the undocumented facts that the policies read and that no longer matter.
        jointly: no fact alone can change a verdict that is still open, only several together: all of them are listed.
    """

    case: Case
    policies: tuple[str, ...]
    evaluations: tuple[Evaluation, ...]
    next: Question | None
    open: tuple[Question, ...]
    settled: tuple[Settled, ...]
    jointly: bool = False
    strict: bool = False

    @property
    def raised(self) -> dict[Slot, tuple[Slot, ...]]:
        """What nobody mentions and is not presumed absent, with the recorded slots that put it in doubt."""
        return {slot: by for each in self.evaluations for slot, by in each.not_presumed.items()}

    @property
    def decided(self) -> bool:
        return all(each.verdict is not Verdict.PEND for each in self.evaluations)


def ask(
    library: Library,
    case: Case,
    policies: Iterable[str] = (),
    readings: Readings | None = None,
    strict: bool = False,
) -> Questions:
    """What is left to ask of a case, and what is best asked next.

    Args and raises: as `evaluate`.
    """
    return Asker(library, library.revisions(policies, case.date)).ask(case, readings, strict)


class Asker:
    """Some revisions, grounded once in two worlds that differ in one fact, ready for any number of cases."""

    def __init__(self, library: Library, revisions: Sequence[Revision]) -> None:
        self.library = library
        self.revisions = tuple(revisions)
        self.evaluator = Evaluator(library, self.revisions)
        seats = [Seat(each, world, space) for space, each in enumerate(self.revisions) for world in (1, 2)]
        self.program = Program(library.vocabulary, library.background, seats, ["differ", "ask"])
        self._by_term = {slot.term: slot for slot in self.program.slots}

    def ask(
        self,
        case: Case,
        readings: Readings | None = None,
        strict: bool = False,
        skipped: Iterable[Slot] = (),
        with_settled: bool = True,
        stop: Callable[[], bool] = lambda: False,
    ) -> Questions:
        """As `ask`.

        Args:
            skipped: slots whose answer nobody knows; they stay open, but are not asked.
            with_settled: also say what settles the facts that no longer matter.
            stop: asked now and then whether to stop with what there is.
        """
        evaluations = self.evaluator.evaluate(case, readings, strict, under_readings=False, with_open=False)
        spoken = [lit for i, each in enumerate(evaluations) for lit in self.program.read(2 * i, each.readings)]
        known = self._known(case, strict)
        by_policy = [
            self._open(known, spoken, i) if each.verdict is Verdict.PEND else frozenset()
            for i, each in enumerate(evaluations)
        ]
        open_slots = self.library.vocabulary.in_order(frozenset().union(*by_policy))
        pending = any(each.verdict is Verdict.PEND for each in evaluations)
        jointly = pending and not open_slots
        if jointly:
            read = {s for each in evaluations if each.verdict is Verdict.PEND for s in self._slots(each.revision)}
            open_slots = tuple(slot for slot in self.program.slots if slot in read and slot not in known)
        listed = names(evaluations)
        questions = tuple(
            Question(
                slot,
                tuple(name for name, found in zip(listed, by_policy, strict=True) if slot in found),
                tuple(self.program.as_value(slot, run) for run in self._classes(case, known, spoken, slot)),
            )
            for slot in open_slots
        )
        wanted = [each for each in questions if each.slot not in set(skipped)]
        best = self._best(case, spoken, strict, wanted, evaluations, stop)
        settled: tuple[Settled, ...] = ()
        if with_settled:
            settled = tuple(self._settled(case, known, spoken, frozenset(open_slots), stop))
        return Questions(case, listed, evaluations, best, questions, settled, jointly, strict)

    # -- what is open --------------------------------------------------------------------------

    def _known(self, case: Case, strict: bool) -> dict[Slot, Value]:
        return case.recorded | presumptions(self.library.vocabulary, case, strict, never_presumed(self.revisions))

    def _both(self, known: Mapping[Slot, Value]) -> list[int]:
        return self.program.assume(known, 1) + self.program.assume(known, 2)

    def _slots(self, revision: Revision) -> set[Slot]:
        return {slot for slot in self.program.slots if slot.fact in revision.rules.facts}

    def _open(self, known: Mapping[Slot, Value], spoken: Sequence[int], policy: int | None = None) -> frozenset[Slot]:
        """The slots that alone can change a policy's verdict, or any policy's."""
        apart = self.program.literal("apart") if policy is None else self.program.literal("apart", 2 * policy)
        assumptions = [*self._both(known), *spoken, apart]
        if not self.program.possible(assumptions):
            return frozenset()
        return frozenset(self._by_term[str(each.arguments[0])] for each in self.program.in_some(assumptions))

    def _classes(
        self, case: Case, known: Mapping[Slot, Value], spoken: Sequence[int], slot: Slot
    ) -> list[tuple[str, ...]]:
        """The values that a slot can still have, those together that no policy tells apart; numbers in one piece."""
        program = self.program
        allowed = program.allowed(slot, known[slot]) if slot in known else program.values(slot)
        others = self._both({each: value for each, value in known.items() if each != slot})
        fixed = [*others, *spoken, program.literal("apart"), program.literal("differ", slot.term)]
        is_number = self.library.vocabulary.facts[slot.fact].is_numeric
        runs: list[list[str]] = []
        for value in allowed:
            here = self._value(slot, value, 1)
            for run in runs[-1:] if is_number else runs:
                if not program.possible([*fixed, here, self._value(slot, run[0], 2)]):
                    run.append(value)
                    break
            else:
                runs.append([value])
        return [tuple(run) for run in runs]

    def _value(self, slot: Slot, value: str, world: int) -> int:
        return self.program.choices[Choice(slot, value, world)]

    # -- what to ask next ----------------------------------------------------------------------

    def _best(
        self,
        case: Case,
        spoken: Sequence[int],
        strict: bool,
        questions: Sequence[Question],
        evaluations: Sequence[Evaluation],
        stop: Callable[[], bool],
    ) -> Question | None:
        """The question whose worst answer leaves the fewest open facts; the first such in the vocabulary's order."""
        best: Question | None = None
        for each in questions:
            worst = 0
            for answer in each.answers:
                told = case.with_values(self.library.vocabulary, {each.slot: answer})
                worst = max(worst, len(self._open(self._known(told, strict), spoken)))
                if best is not None and best.leaves is not None and worst >= best.leaves:
                    break
            if best is None or best.leaves is None or worst < best.leaves:
                best = Question(each.slot, each.policies, each.answers, worst)
            if stop():
                break
        return best

    # -- what no longer matters ----------------------------------------------------------------

    def _settled(
        self,
        case: Case,
        known: Mapping[Slot, Value],
        spoken: Sequence[int],
        open_slots: frozenset[Slot],
        stop: Callable[[], bool],
    ) -> Iterable[Settled]:
        program = self.program
        groups = {slot: self._both({slot: value}) for slot, value in known.items()}
        groups = {slot: literals for slot, literals in groups.items() if literals}
        for slot in program.slots:
            if slot in known or slot in open_slots:
                continue
            if stop():
                return
            goal = [*spoken, program.literal("apart"), program.literal("differ", slot.term)]
            kept = minimal_core(program, goal, groups)
            if kept is not None:
                yield Settled(slot, program.vocabulary.in_order(kept))
