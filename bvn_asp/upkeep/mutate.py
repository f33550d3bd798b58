"""Would the cases notice if a policy had been written down wrongly?

Every mutant of a policy is put beside the right one, in the same worlds, and every check of the cases is asked of both.
A mutant that no check notices survives, unless the solver proves that it says the same of every case there can be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from bvn_asp.cases.evaluate import Status
from bvn_asp.cases.presumptions import presumptions
from bvn_asp.classes import dataclass
from bvn_asp.engine.ground import hangs_on_nothing_of_its_own
from bvn_asp.engine.program import Program, Seat
from bvn_asp.model.library import Library
from bvn_asp.model.outline import ancestors
from bvn_asp.model.policy import Revision
from bvn_asp.upkeep.mutants import Mutant, mutants, with_selectors
from bvn_asp.upkeep.testing import Check, Runner

VERDICTS = ("deny", "approve", "silent")


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant.

    Attributes:
        noticed_by: the first check that fails with it; empty if none does.
        equivalent: proved: in every case of the vocabulary and under every reading it says what the policy says.
    """

    mutant: Mutant
    noticed_by: str = ""
    equivalent: bool = False

    @property
    def survives(self) -> bool:
        return not self.noticed_by and not self.equivalent


@dataclass(frozen=True)
class Mutation:
    """Every mutant of a revision, and what the checks made of it.

    Attributes:
        checks: how many checks were asked.
        failing: the ids of the checks of this revision that fail as it is, and so notice nothing.
    """

    revision: Revision
    outcomes: tuple[Outcome, ...]
    checks: int
    failing: tuple[str, ...] = ()

    @property
    def survivors(self) -> tuple[Mutant, ...]:
        return tuple(each.mutant for each in self.outcomes if each.survives)


def mutate(
    library: Library,
    revision: Revision,
    checks: Iterable[Check],
    step: Callable[[int, int], None] = lambda done, total: None,
) -> Mutation:
    """Which slips in writing a revision down no check would notice.

    Args:
        checks: those about other revisions are passed over; those that fail already notice nothing, and are named.
        step: told how many checks have been asked, of how many.

    Raises: SolverError: the policy makes no program.
    """
    listed = mutants(library.vocabulary, revision)
    trial = Trial(library, revision, listed)
    own = [each for each in checks if each.revision.key == revision.key]
    passed = [trial.runner.run(each).passed for each in own]
    questions = [trial.question(each) for each, good in zip(own, passed, strict=True) if good]
    failing = tuple(each.id for each, good in zip(own, passed, strict=True) if not good)
    questions.sort(key=lambda each: each.verdict == "pend")
    left, noticed = set(range(len(listed))), dict[int, str]()
    for done, question in enumerate(questions, 1):
        found = trial.noticed(question, left)
        left -= found
        noticed |= dict.fromkeys(found, question.id)
        step(done, len(questions))
    different = trial.different(left)
    outcomes = [
        Outcome(mutant, noticed.get(number, ""), number in left and number not in different)
        for number, mutant in enumerate(listed)
    ]
    return Mutation(revision, tuple(outcomes), len(questions), failing)


@dataclass(frozen=True)
class Question:
    """A check as the solver sees it.

    Attributes:
        given: the literals that stand for the case and the readings.
    """

    check: Check
    given: tuple[int, ...]
    verdict: str
    statuses: tuple[tuple[str, Status], ...] = ()
    blamed: tuple[str, ...] | None = None

    @property
    def id(self) -> str:
        return self.check.id

    @property
    def strict(self) -> bool:
        return self.check.expectation.strict


class Trial:
    """A revision and all its mutants over the same worlds: copy 0 is right, copy 1 has the slip that is assumed."""

    def __init__(self, library: Library, revision: Revision, listed: Sequence[Mutant]) -> None:
        self.library = library
        self.revision = revision
        self.listed = listed
        seats = [Seat(revision, 1, 0), Seat(with_selectors(revision, listed), 1, 0)]
        self.program = Program(library.vocabulary, library.background, seats, ["blame", "mutate"])

    @cached_property
    def runner(self) -> Runner:
        """What says whether a check passes with the policy as it is."""
        return Runner(self.library)

    @cached_property
    def slips(self) -> tuple[int, ...]:
        """The literal of each mutant."""
        return tuple(self.program.literal("slip", number) for number in range(len(self.listed)))

    def question(self, check: Check) -> Question:
        """A check, ready to be asked."""
        case, expectation = check.case, check.expectation
        never = self.revision.never_presumed
        known = case.recorded | presumptions(self.library.vocabulary, case, expectation.strict, never)
        chosen = self.library.chosen_readings(self.revision, check.readings)
        given = self.program.assume(known) + self.program.read(0, chosen)
        statuses = tuple(check.statuses.items())
        return Question(check, tuple(given), expectation.verdict, statuses, expectation.blamed)

    def noticed(self, question: Question, left: Iterable[int]) -> set[int]:
        """Which of some mutants make a check fail."""
        literal, among = self.program.literal, set(left)

        def can(*more: int) -> set[int]:
            return self.slips_that_allow([*question.given, *more], among)

        def keep(found: set[int]) -> None:
            among.difference_update(found)
            failing.update(found)

        failing: set[int] = set()
        if question.verdict == "pend":
            never, once = set(among), set[int]()
            for each in VERDICTS:
                allow = self._most_that_allow(question.given, literal("verdict", 1, each), never | once)
                once, never = (once - allow) | (never & allow), never - allow
            keep(never | once)
        else:
            keep(can(-literal("verdict", 1, question.verdict)))
        for entry, status in question.statuses:
            met = literal("met", 1, entry)
            if status is Status.UNDETERMINED:
                for side in (met, -met):
                    keep(among - self._most_that_allow(question.given, side, among))
            else:
                keep(can(-met if status is Status.MET else met))
        if question.blamed is not None:
            keep(self._blame_others(question, among))
        return failing

    def _most_that_allow(self, given: Sequence[int], goal: int, among: Iterable[int]) -> set[int]:
        """As `slips_that_allow` a goal, for what most mutants allow if the policy does.

        A search finds its mutants one by one, so it is made for the few. One world shows the goal of the policy: a
        mutant for which the opposite is not to be had in that world shows the goal there as well, for every mutant has
        an outcome in every world (`sure`). The others are asked at large.
        """
        wanted = set(among)
        if wanted and self.sure:
            world = self.program.world([*given, *self._none, goal])
            if world is not None:
                others = self.slips_that_allow([*given, *world, -goal], wanted)
                return (wanted - others) | self.slips_that_allow([*given, goal], others)
        return self.slips_that_allow([*given, goal], wanted)

    def _blame_others(self, question: Question, among: set[int]) -> set[int]:
        """Which of some mutants blame other entries than expected, verdict and statuses being right."""
        literal, wanted = self.program.literal, _with_ancestors(self.revision, question.blamed or ())
        failing: set[int] = set()
        for entry in wanted:
            failing |= self.slips_that_allow([*question.given, -literal("blamed", 1, entry)], among - failing)
        others = [literal("blamed", 1, each) for each in self.revision.entries if each not in wanted]
        left = among - failing
        left &= self._blame_more(question.given, others, left)
        exact = self.slips_that_allow([*question.given, *(-each for each in others)], left)
        slips = ((number, [*question.given, self.slips[number]]) for number in left - exact)
        return failing | {number for number, given in slips if self._always_one(others, given)}

    def _blame_more(self, given: Sequence[int], others: Sequence[int], among: set[int]) -> set[int]:
        """Which of some mutants may blame an entry that the policy does not; the others surely do not.

        A few worlds show of each of these entries that the policy need not blame it. A mutant that in none of them can
        blame more than the policy does there blames none of the entries in all of them, as in `_most_that_allow`. It
        ends: every world takes one entry at least off those that are left.
        """
        if not self.sure or not among:
            return among
        found: set[int] = set()
        left, goal = set(others), list[int]()
        while True:
            world = self.program.world([*given, *self._none, *goal])
            if world is None:
                return among  # the policy always blames one of them, or nothing is possible
            fixed = [*given, *world]
            here = self.program.truth(others, [*fixed, *self._none, *goal]) or frozenset()
            more = [each for each in others if each not in here]
            found |= self.slips_that_allow([*fixed, self._any_of(more)], among - found)
            left &= here
            if not left:
                return found
            goal = [-min(left)]

    def _any_of(self, literals: Sequence[int]) -> int:
        """A literal for any of some others, made once."""
        key = frozenset(literals)
        if key not in self._made:
            self._made[key] = self.program.any_of(sorted(key))
        return self._made[key]

    @cached_property
    def _made(self) -> dict[frozenset[int], int]:
        return {}

    @cached_property
    def _none(self) -> tuple[int, ...]:
        """The literals by which copy 1 has no slip."""
        return tuple(-each for each in self.slips)

    @cached_property
    def sure(self) -> bool:
        """Whether every mutant has one outcome in every world: no atom of the ground program hangs on itself.

        A slip may turn a condition round, so that rules which keep to the bounds of a policy do so no more with it.
        What is no world at all is said by the background, in which there are no slips.
        """
        return hangs_on_nothing_of_its_own(self.program.ground_rules())

    def _always_one(self, literals: Sequence[int], given: Sequence[int]) -> bool:
        """Whether one of some literals holds in every world."""
        left = set(literals) & (self.program.truth(literals, given) or set())
        while left:
            other = self.program.truth(literals, [*given, -min(left)])
            if other is None:
                return True
            left &= other
        return False

    def slips_that_allow(self, given: Sequence[int], among: Iterable[int]) -> set[int]:
        """Which of some mutants some world allows together with what is given."""
        wanted = set(among)
        if not wanted:
            return set()
        off = [-literal for number, literal in enumerate(self.slips) if number not in wanted]
        assumptions = [*given, *off, self.program.literal("slipped")]
        if not self.program.possible(assumptions):
            return set()
        return {int(each.arguments[0]) for each in self.program.in_some(assumptions)}

    def different(self, among: Iterable[int]) -> set[int]:
        """Which of some mutants some world and some reading tell from the policy; the others are proved the same."""
        found = self.slips_that_allow([self.program.literal("apart")], among)
        for number in set(among) - found:
            self.program.show([self.slips[number]])
        return found


def _with_ancestors(revision: Revision, entries: Iterable[str]) -> set[str]:
    return {each for entry in entries for each in (entry, *(group.id for group in ancestors(revision, entry)))}
