"""Which undocumented facts can still change the verdict, which no longer matter, and what is best asked next?

A fact can still change a verdict if two completions of the record differ in that fact alone and in the verdict. The
best question is the one that leaves the fewest such facts as charts usually read: what the vocabulary calls usual, of
an exclusion that it is absent, and of all else every answer alike. Of those that leave as many, one that could end the
matter comes first, then one about what is requested, then the one whose document answers most of what is open. What is
requested comes before all, and what is sensitive after all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from bvn_asp.cases.apart import Apart
from bvn_asp.cases.compare import names
from bvn_asp.cases.evaluate import Evaluation, Evaluator, Readings, Verdict
from bvn_asp.cases.glances import Glances
from bvn_asp.cases.presumptions import never_presumed, presumptions
from bvn_asp.cases.usual import likely_answers
from bvn_asp.classes import dataclass, replace
from bvn_asp.engine.cores import minimal_core
from bvn_asp.engine.program import Program, Seat
from bvn_asp.engine.session import session
from bvn_asp.engine.ties import rules_of, ties_of
from bvn_asp.model.case import Case, Value
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.model.quantity import Cut, cuts_of
from bvn_asp.model.vocabulary import Several, Slot, Tied

TIED = 16  # the programs for so many sets of ties are kept
SEVERAL = 3  # of more policies than these, nobody is told unasked what settles what no longer matters


@dataclass(frozen=True)
class Question:
    """An undocumented fact that can still change a verdict.

    Attributes:
        policies: whose verdict it can change.
        answers: the values, those together that no asked policy tells apart as the record stands.
        document: the pile of papers in which the answer usually is.
        leaves: how many facts are left to ask after the worst answer; None if that was not looked at to the end.
        likely: how many are left, on average, after the answers that are likely; None as well.
        likely_answers: those answers.
        together: the open facts that the same document may answer, itself among them.
        also: the slots that have its value whatever it is, as of one operation: one answer is for all of them.
    """

    slot: Slot
    policies: tuple[str, ...]
    answers: tuple[Value, ...]
    document: str = ""
    leaves: int | None = None
    likely: Fraction | None = None
    likely_answers: tuple[Value, ...] = ()
    together: tuple[Slot, ...] = ()
    also: tuple[Slot, ...] = ()


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
    """Some revisions, each grounded in two worlds that differ in one fact, ready for any number of cases."""

    def __init__(self, library: Library, revisions: Sequence[Revision]) -> None:
        self.library = library
        self.revisions = tuple(revisions)
        self.evaluator = Evaluator(library, self.revisions)
        self._ties: tuple[Tied, ...] = ()
        self._kept: dict[tuple[Tied, ...], tuple[dict[int, Apart], list[Program]]] = {}
        self._record: tuple[Mapping[Slot, Value], list[dict[str, str]]] = {}, []
        self._taken: set[int] = set()
        self._glances = Glances([], [])

    def _take(self, ties: tuple[Tied, ...]) -> None:
        """Go by some ties from now on: who differ together is said when a program is grounded."""
        if ties not in self._kept and len(self._kept) > TIED:
            self._kept = {each: kept for each, kept in self._kept.items() if not each}
        self._ties = ties
        self._kept.setdefault(ties, ({}, []))

    @property
    def _aparts(self) -> dict[int, Apart]:
        return self._kept.setdefault(self._ties, ({}, []))[0]

    @cached_property
    def _cuts(self) -> dict[str, list[Cut]]:
        found: dict[str, list[Cut]] = {}
        for each in self.evaluator.plain.limits:
            found.setdefault(each.fact, []).append(cuts_of(each.operator, each.quantity))
        return found

    @property
    def _together(self) -> Program:
        """All of them in one program: what settles a fact is asked of all at once."""
        kept = self._kept[self._ties][1]
        if not kept:
            seats = [Seat(each, world, space) for space, each in enumerate(self.revisions) for world in (1, 2)]
            own, rules = self.library, rules_of(self._ties)
            kept.append(Program(own.vocabulary, own.background, seats, ["differ", "ask"], rules))
        return kept[0]

    def _policy(self, number: int) -> Apart:
        """A revision in two worlds, going by the record of now."""
        if number not in self._aparts:
            self._aparts[number] = Apart(self.library, self.revisions[number], self._cuts, self._ties)
        if number not in self._taken:
            self._taken.add(number)
            known, readings = self._record
            self._aparts[number].take(known, readings[number])
        return self._aparts[number]

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
        premises = self.evaluator.premises(case, readings, strict)
        evaluations = self.evaluator.under(premises, under_readings=False, with_open=False)
        known = self._known(case, strict)
        self._take(ties_of(known))
        pends = [i for i, each in enumerate(evaluations) if each.verdict is Verdict.PEND]
        self._record = known, [each.readings for each in evaluations]
        self._taken = set()
        self._glances = Glances(self.evaluator.charts(known, premises) if pends else [], pends)
        by_policy = [
            self._glances.open[i]
            if i in self._glances.open
            else self._policy(i).open({}, frozenset(), None)
            if i in pends
            else frozenset()
            for i in range(len(evaluations))
        ]
        open_slots = self.library.vocabulary.in_order(frozenset().union(*by_policy))
        pending = any(each.verdict is Verdict.PEND for each in evaluations)
        jointly = pending and not open_slots
        if jointly:
            read = {s for each in evaluations if each.verdict is Verdict.PEND for s in self._slots(each.revision)}
            left = (slot for slot in self.evaluator.plain.slots if slot in read and slot not in known)
            open_slots = tuple(slot for slot in left if slot not in case.followers)
        asks = case.unnamed(self.library.vocabulary) if jointly else case.counted(self.library.vocabulary)
        if pending and asks:  # which ones are requested comes before all that could matter together with it
            also = () if jointly else open_slots
            open_slots = self.library.vocabulary.in_order({*also, *asks})
        listed, plain = names(evaluations), self.evaluator.plain
        apart = self._told_apart(known, by_policy, open_slots)
        questions = tuple(
            Question(
                slot,
                tuple(name for name, found in zip(listed, by_policy, strict=True) if slot in found),
                tuple(plain.as_value(slot, run) for run in self._classes(known, by_policy, slot, apart)),
                self.library.vocabulary.papers.pile(self.library.vocabulary.facts[slot.fact].document),
                also=case.tied_to(slot)[1:],
            )
            for slot in open_slots
        )
        left_out = set(skipped)
        wanted = [each for each in questions if left_out.isdisjoint((each.slot, *each.also))]
        best = self._best(case, known, strict, wanted, evaluations, stop)
        settled: tuple[Settled, ...] = ()
        if with_settled:
            spoken = [lit for i, each in enumerate(evaluations) for lit in self._together.read(2 * i, each.readings)]
            settled = tuple(self._settled(known, spoken, frozenset(open_slots), stop))
        return Questions(case, listed, evaluations, best, questions, settled, jointly, strict)

    def forget(self) -> None:
        """Let go of what is remembered of single cases."""
        session(self.library).forget()
        self._record, self._taken, self._glances = ({}, []), set(), Glances([], [])
        for aparts, _ in self._kept.values():
            for each in aparts.values():
                each.forget()

    # -- what is open --------------------------------------------------------------------------

    def _known(self, case: Case, strict: bool) -> dict[Slot, Value]:
        return case.recorded | presumptions(self.library.vocabulary, case, strict, never_presumed(self.revisions))

    def _slots(self, revision: Revision) -> set[Slot]:
        return {slot for slot in self.evaluator.plain.slots if slot.fact in revision.rules.facts}

    def _allowed(self, known: Mapping[Slot, Value], slot: Slot) -> tuple[str, ...]:
        """The values that a slot can still have."""
        plain = self.evaluator.plain
        allowed = plain.allowed(slot, known[slot]) if slot in known else plain.values(slot)
        if any(isinstance(each, Several) and slot in each.parts for each in known):
            program = self.evaluator.program
            facts = program.assume(known)  # what is said of several may rule values of one of them out
            allowed = tuple(each for each in allowed if program.possible([*facts, program.options(slot)[each]]))
        return tuple(allowed)

    def _told_apart(
        self, known: Mapping[Slot, Value], by_policy: Sequence[frozenset[Slot]], slots: Iterable[Slot]
    ) -> dict[Slot, set[tuple[str, str]]]:
        """Of slots of more than two values, those that some policy tells apart, as far as that is plain."""
        asked = {}
        for slot in slots:
            readers = [i for i, found in enumerate(by_policy) if slot in found]
            values = self._allowed(known, slot) if readers and self._glances.open else ()
            if len(values) > 2:
                asked[slot] = readers, {each: self.evaluator.plain.as_value(slot, (each,)) for each in values}
        return self._glances.told_apart(asked)

    def _classes(
        self,
        known: Mapping[Slot, Value],
        by_policy: Sequence[frozenset[Slot]],
        slot: Slot,
        apart: Mapping[Slot, set[tuple[str, str]]],
    ) -> list[tuple[str, ...]]:
        """The values that a slot can still have, those together that no policy tells apart; numbers in one piece.

        Args:
            apart: of some slots, the values that some policy tells apart.
            by_policy: the slots that are open for each policy; no other policy tells two values of one apart.
        """
        allowed = self._allowed(known, slot)
        readers = [i for i, found in enumerate(by_policy) if slot in found]
        if len(allowed) == 2 and (readers or slot.fact == self.library.vocabulary.request.members):
            return [(value,) for value in allowed]
        is_number = self.library.vocabulary.facts[slot.fact].is_numeric

        def differ(one: str, other: str) -> bool:
            if slot in apart:
                return (one, other) in apart[slot]
            return any(self._policy(i).tells_apart(slot, one, other) for i in readers)

        runs: list[list[str]] = []
        for value in allowed:
            for run in runs[-1:] if is_number else runs:
                if not differ(value, run[0]):
                    run.append(value)
                    break
            else:
                runs.append([value])
        return [tuple(run) for run in runs]

    # -- what to ask next ----------------------------------------------------------------------

    def _best(
        self,
        case: Case,
        known: Mapping[Slot, Value],
        strict: bool,
        questions: Sequence[Question],
        evaluations: Sequence[Evaluation],
        stop: Callable[[], bool],
    ) -> Question | None:
        """The question that leaves the fewest open facts as charts usually read, as said above.

        Each is looked at until it leaves more than the best so far.
        """
        vocabulary = self.library.vocabulary
        asks = vocabulary.request.members
        first = [q for q in questions if q.slot.fact == asks] if case.unnamed(vocabulary) else []
        late = [q for q in questions if q.slot.fact in vocabulary.papers.sensitive]
        asked = first or [q for q in questions if q not in late] or late
        found: list[tuple[Fraction, Question]] = []
        by_likely = [(each, likely_answers(vocabulary, each.slot, each.answers)) for each in asked]
        for each, likely in sorted(by_likely, key=lambda pair: len(pair[1])):  # what is cheap to know comes first
            least = min((number for number, _ in found), default=None)
            most = None if least is None else int(least * len(likely))
            total = 0
            for answer in likely:
                enough = None if most is None else max(1, most - total + 1)
                total += self._after(case, each.slot, answer, known, strict, evaluations, enough)
                if most is not None and total > most:
                    break
            else:
                average = Fraction(total, max(1, len(likely)))
                found.append((average, replace(each, likely=average, likely_answers=likely)))
            if stop():
                break
        if not found:
            return asked[0] if asked else None
        least = min(number for number, _ in found)
        place = {each.slot: i for i, each in enumerate(asked)}
        best = sorted((each for number, each in found if number == least), key=lambda each: place[each.slot])
        piles = {each: [q.slot for q in questions if q.document == each] for each in {q.document for q in best}}
        wanted = case.requested(vocabulary)
        best.sort(  # stable: the vocabulary's order is the last word
            key=lambda each: (
                vocabulary.is_placed(each.slot.fact) and not vocabulary.is_near(each.slot, wanted),
                -len(piles[each.document]),
            )
        )
        ends = (
            each
            for each in best
            if any(
                not self._after(case, each.slot, answer, known, strict, evaluations, 1)
                for answer in each.answers
                if answer not in each.likely_answers
            )
        )
        chosen = best[0] if stop() or len(best) == 1 else next(ends, best[0])
        worst = 0
        for answer in chosen.answers if not stop() else ():
            worst = max(worst, self._after(case, chosen.slot, answer, known, strict, evaluations, None))
        return replace(chosen, leaves=worst if not stop() else None, together=tuple(piles[chosen.document]))

    def _after(
        self,
        case: Case,
        slot: Slot,
        answer: Value,
        known: Mapping[Slot, Value],
        strict: bool,
        evaluations: Sequence[Evaluation],
        enough: int | None,
    ) -> int:
        """How many slots alone can change a verdict after an answer; `enough` if there are as many or more."""
        told = self._known(case.with_values(self.library.vocabulary, {slot: answer}), strict)
        return self._left(known, told, evaluations, enough)

    def _left(
        self,
        known: Mapping[Slot, Value],
        told: Mapping[Slot, Value],
        evaluations: Sequence[Evaluation],
        enough: int | None,
    ) -> int:
        """How many slots alone can change a verdict once more is told; `enough` if there are as many or more.

        A verdict that is decided stays so while nothing is taken back: only where a presumption falls is it asked anew.
        """
        changes = {slot: told.get(slot) for slot in known.keys() | told.keys() if known.get(slot) != told.get(slot)}
        falls = any(slot in known and told.get(slot) is None for slot in changes)
        numbers = [i for i, each in enumerate(evaluations) if each.verdict is Verdict.PEND or falls]
        sure, doubtful = self._glances.after(numbers, changes, enough)
        if enough is not None and len(sure) >= enough:
            return enough
        asked = [self._policy(i) for i in sorted(doubtful)]
        asked.sort(key=lambda each: not changes.keys().isdisjoint(each.slots))  # first those whose answer stands
        left = sure
        for policy in asked:
            left |= policy.shown(changes, left)  # without a search: there may be more
            if enough is not None and len(left) >= enough:
                return enough
        left = sure
        for policy in asked:
            left |= policy.open(changes, left, enough)
            if enough is not None and len(left) >= enough:
                return enough
        return len(left)

    # -- what no longer matters ----------------------------------------------------------------

    def _settled(
        self,
        known: Mapping[Slot, Value],
        spoken: Sequence[int],
        open_slots: frozenset[Slot],
        stop: Callable[[], bool],
    ) -> Iterable[Settled]:
        program = self._together
        one, two = program.groups(known, 1), program.groups(known, 2)
        groups = {slot: one[slot] + two[slot] for slot in known}
        tied = [literal for tie in self._ties for literal in groups.pop(tie)]
        groups = {slot: literals for slot, literals in groups.items() if literals}
        for slot in program.slots:
            if slot in known or slot in open_slots or not program.can_be("differ", slot.term):
                continue
            if stop():
                return
            goal = [*spoken, *tied, program.literal("apart"), program.literal("differ", slot.term)]
            kept = minimal_core(program, goal, groups)
            if kept is not None:
                yield Settled(slot, program.vocabulary.in_order(kept))
