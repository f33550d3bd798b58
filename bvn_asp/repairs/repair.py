"""What would make this approvable: which smallest sets of facts, documented or changed?

Exact under the semantics of worlds: with what a repair leaves open, the policy approves in every completion. The
solver finds what stands in the way (`implicates`) and the smallest sets of moves that overcome it (`hitting_sets`);
every repair that is listed has been evaluated.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import count

from bvn_asp.cases.beside import Beside
from bvn_asp.cases.compare import names
from bvn_asp.cases.evaluate import Evaluation, Evaluator, Readings
from bvn_asp.cases.possible import parting_ends
from bvn_asp.classes import dataclass, replace
from bvn_asp.engine.boxes import sketches
from bvn_asp.engine.presume import presume
from bvn_asp.engine.program import Program, Seat
from bvn_asp.errors import fault
from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.model.quantity import Cut
from bvn_asp.model.vocabulary import Slot
from bvn_asp.repairs.answer import Implicated, Repair, Repairs
from bvn_asp.repairs.blocked import blocked, nobody
from bvn_asp.repairs.hitting_sets import Part, corrections
from bvn_asp.repairs.implicates import Box, Implicates
from bvn_asp.repairs.listing import listed
from bvn_asp.repairs.moves import CONTESTS, KINDS, Move, State, states
from bvn_asp.repairs.nearer import Nearer
from bvn_asp.repairs.replay import Replay
from bvn_asp.repairs.useful import Doubts, Useful

MOST = 5000
LOOKS = 10_000
"""So many sets that stand in the way are looked at for a paper, some 113 being the most of what is shipped."""


@dataclass(frozen=True)
class _Asked:
    """One question of a repairer.

    Attributes:
        order: the kinds of move, the preferred first.
        others: moves may be about members that the request does not ask for.
        contests: what is recorded may be contested, and is in every set.
        evaluations: what the policies make of the case.
    """

    case: Case
    readings: Readings | None
    strict: bool
    need: int
    frozen: frozenset[str]
    order: tuple[str, ...]
    limit: int
    enough: Callable[[], bool]
    others: bool
    contests: bool = False
    evaluations: tuple[Evaluation, ...] = ()


def repair(
    library: Library,
    case: Case,
    policies: Iterable[str] = (),
    readings: Readings | None = None,
    strict: bool = False,
    need: int | None = None,
    prefer: Sequence[str] = (),
    limit: int = 10,
    seconds: float | None = None,
    others: bool = False,
    contest: bool = False,
    looks: int | None = None,
) -> Repairs:
    """Every smallest set of facts to document or to change under which policies approve a case.

    Smallest means by inclusion: without one of its moves, or with one that asks for less, the policies do not approve;
    and no other set does with less besides waiting, and no later. Where nothing is presumed (`strict`), each set has
    the exclusions that are to be ruled out with it, as one block.

    Args:
        need: how many of the policies must approve; all of them if None.
        prefer: kinds of move to prefer, before the order document, precaution, request, treat, wait.
        limit: list so many repairs; they are counted all the same.
        seconds: stop searching after so long and say so.
        looks: stop after so many sets that stand in the way; unlike `seconds`, the same on every machine.
        others: evidence may also be about members (bodies) that the request does not ask for.
        contest: look for what can be contested even if there is another way.

    Returns: one empty repair if the case is approved already; if there is none, what rules it out.
    Raises: InputError: unknown policy, revision, reading, option or kind.
    Source: repairs as minimal changes: Arenas, Bertossi and Chomicki, PODS 1999.
    """
    return Repairer(library, library.revisions(policies, case.date)).repair(
        case, readings, strict, need, prefer, limit, seconds, others=others, contest=contest, looks=looks
    )


class Repairer:
    """Some revisions, grounded once, ready to repair any number of cases.

    Args:
        beside: the one case that is asked of, under these and other revisions; what their lines tell is taken from it.
        cuts: fact to where its line is cut besides the limits of the rules.
    """

    def __init__(
        self,
        library: Library,
        revisions: Sequence[Revision],
        beside: Beside | None = None,
        cuts: Mapping[str, Sequence[Cut]] | None = None,
    ) -> None:
        self.library = library
        self.revisions = tuple(revisions)
        self.beside = beside
        self.evaluator = Evaluator(library, self.revisions)
        self._more = cuts or {}

    @cached_property
    def program(self) -> Program:
        """The program of these revisions, with all on which it depends what is presumed."""
        vocabulary, background = self.library.vocabulary, self.library.background
        signs = presume(vocabulary).signs
        parts = [each.rules for each in self.revisions] + ([background] if background else [])
        swaying = signs.sway(frozenset().union(*(each.facts for each in parts)))
        return Program(
            vocabulary,
            background,
            [Seat(each) for each in self.revisions],
            ["blame", "broken"],
            facts=swaying,
            cuts={name: [*signs.cuts(name), *self._more.get(name, ())] for name in swaying.union(self._more)},
        )

    def parted(self, case: Case) -> Repairer:
        """One whose cells tell a number *somewhere* from a member's own, if these do not: a move may change either."""
        cuts = parting_ends(self.program, case) if case.several and not self._more else {}
        return Repairer(self.library, self.revisions, cuts=cuts) if cuts else self

    def forget(self) -> None:
        """Let go of what is remembered of single cases."""
        self.program.forget()
        self.evaluator.program.forget()

    def repair(
        self,
        case: Case,
        readings: Readings | None = None,
        strict: bool = False,
        need: int | None = None,
        prefer: Sequence[str] = (),
        limit: int = 10,
        seconds: float | None = None,
        frozen: frozenset[str] = frozenset(),
        stop: Callable[[], bool] = lambda: False,
        others: bool = False,
        contest: bool = False,
        evaluations: Sequence[Evaluation] | None = None,
        looks: int | None = None,
    ) -> Repairs:
        """As `repair`.

        Args:
            evaluations: what the policies make of the case, if somebody asked already.
            frozen: facts that no move may touch.
            stop: asked now and then whether to stop with what there is.
        """
        if (other := self.parted(case)) is not self:
            return other.repair(
                case, readings, strict, need, prefer, limit, seconds, frozen, stop, others, contest, evaluations, looks
            )
        order = preference(prefer)
        wanted = len(self.revisions) if need is None else need
        if not 1 <= wanted <= len(self.revisions):
            raise fault(f"{wanted} of {len(self.revisions)} policies cannot approve", "ask for fewer, or name more")
        end = time.monotonic() + seconds if seconds is not None else None
        looked = count()

        def enough() -> bool:
            if looks is not None and next(looked) >= looks:
                return True
            return stop() or (end is not None and time.monotonic() > end)

        asked = _Asked(case, readings, strict, wanted, frozen, (*order, *CONTESTS), limit, enough, others)
        if evaluations is None:
            evaluations = self.evaluator.evaluate(case, readings, strict, under_readings=False, with_open=False)
        plain = (replace(each, hinges=(), all_hinges=True, open=()) for each in evaluations)
        asked = replace(asked, evaluations=tuple(plain))
        found = self._search(asked)
        if len(self.revisions) == wanted and any(not block.slots for block in found.blocks):
            return found  # whoever it is: neither evidence about others nor anything contested helps
        if found.complete and not found.repairs and not others and not frozen:
            found = self._elsewhere(asked, found)
        if contest or (found.complete and not found.repairs):
            contested = self._search(replace(asked, contests=True))
            if contested.repairs or not contested.complete:
                found = replace(found, contests=contested)
        return found

    def _elsewhere(self, asked: _Asked, found: Repairs) -> Repairs:
        """The same answer, with what blocks every move, also one on members that the request does not ask for."""
        wider = self._search(replace(asked, others=True, limit=1))
        return replace(found, elsewhere=bool(wider.repairs), blocks=wider.blocks, all_blocks=wider.all_blocks)

    def _search(self, asked: _Asked) -> Repairs:
        """Every smallest set of the moves that are asked for; of contests only those sets that have one."""
        case, wanted, enough = asked.case, asked.need, asked.enough
        evaluations = asked.evaluations
        empty = Repairs(
            case=case,
            policies=names(evaluations),
            need=wanted,
            evaluations=evaluations,
            choices=(),
            repairs=(),
            count=0,
            complete=True,
            presumed=self._presumed(evaluations),
            strict=asked.strict,
        )
        if (told := nobody(self.beside, empty)) is not None:
            return told
        spoken = [literal for i, each in enumerate(evaluations) for literal in self.program.read(i, each.readings)]
        stand = states(self.program, case, frozen=asked.frozen, contests=asked.contests, others=asked.others)
        sketched = sketches(self.program, [each.readings for each in evaluations]) or ()
        search = Implicates(self.program, stand, spoken, frozenset(), enough, case.said_of_several, sketched)
        seats = [i for i in range(len(self.revisions)) if search.approvable([i])]
        if len(seats) < wanted or (1 < wanted == len(self.revisions) and not search.approvable(seats)):
            return blocked(self.program, empty, stand, spoken)
        boxes, useful, search = self._implicates(search, case, stand, spoken, seats, enough)
        parts = corrections(
            self.program, case, stand, boxes, search.contradictions, useful, min(wanted, len(seats)), MOST, enough
        )
        if not search.complete and wanted == len(seats):
            parts = self._at_once(case, stand, spoken, seats)
        if not all(part.corrections for part in parts):
            if not search.complete:
                return replace(empty, complete=False)
            return blocked(self.program, empty, stand, spoken)
        return listed(
            self.library,
            self.program,
            self._replay,
            empty,
            parts,
            stand,
            spoken,
            searched=search.complete,
            order=asked.order,
            limit=asked.limit,
            readings=asked.readings,
            contests=asked.contests,
        )

    def _implicates(
        self,
        search: Implicates,
        case: Case,
        stand: Mapping[Slot, State],
        spoken: Sequence[int],
        seats: Sequence[int],
        enough: Callable[[], bool],
    ) -> tuple[list[list[Box]], Useful, Implicates]:
        """The implicates of some seats, with every presumption open that a useful move would undo.

        Ends: each round opens presumptions that were not open before.
        """
        doubts, loose = Doubts(self.program, case, stand), frozenset[Slot]()
        while True:
            boxes = [search.of(seat) for seat in seats]
            useful = doubts.useful([box for listed in boxes for box in listed], search.contradictions)
            if useful.undone <= loose:
                return boxes, useful, search
            loose |= useful.undone
            search = Implicates(
                self.program, stand, spoken, loose, enough, case.said_of_several, search.sketches
            )

    def implicates(self, answer: Repairs, others: bool = False) -> Implicated:
        """What stands in the way of approval by all policies, and every smallest set of moves that overcomes it.

        Args:
            answer: of the same question; nothing in it was contested.
            others: as in that question.
        """
        case, seats = answer.case, range(len(answer.evaluations))
        spoken = [lit for i, each in enumerate(answer.evaluations) for lit in self.program.read(i, each.readings)]
        stand = states(self.program, case, others=others)
        search = Implicates(self.program, stand, spoken, several=case.said_of_several)
        boxes, useful, search = self._implicates(search, case, stand, spoken, seats, lambda: False)
        bad, need = search.contradictions, len(seats)
        parts = corrections(self.program, case, stand, boxes, bad, useful, need, MOST)
        if not all(part.complete for part in parts):
            raise fault("no certificate: the sets are too many", "ask for one policy")
        held = {slot for slot, each in stand.items() if set(search.reach[slot]) - set(each.reachable)}
        loose = self.library.vocabulary.in_order(held)
        return Implicated(tuple(map(tuple, boxes)), tuple(bad), loose, tuple(part.corrections for part in parts))

    def _at_once(
        self, case: Case, stand: Mapping[Slot, State], spoken: Sequence[int], seats: Sequence[int]
    ) -> tuple[Part, ...]:
        """One repair, for want of time for all."""
        from bvn_asp.repairs.first import first_repair

        told = [*spoken, *self.program.assume(case.said_of_several)]
        found = first_repair(self.program, case, stand, told, seats, strict=False)
        return (Part((found,), False),) if found is not None else (Part((), False),)

    def _presumed(self, evaluations: Iterable[Evaluation]) -> tuple[Slot, ...]:
        return self.library.vocabulary.in_order(slot for each in evaluations for slot in each.presumed)

    @cached_property
    def _replay(self) -> Replay:
        return Replay(self.library, self.program, self.evaluator, self.beside)

    def holds(self, answer: Repairs, made: Repair, readings: Readings | None = None) -> bool:
        """Whether enough policies approve the repaired case."""
        return self._replay.holds(answer, made, readings)

    def placed(self, answer: Repairs, readings: Readings | None = None) -> Repairs:
        """The same answer, where each move says which entries it brings nearer, alone or as the last move of a set."""
        if not answer.choices and not answer.repairs and answer.contests is None:
            return answer
        seen: dict[Move, tuple[tuple[str, str], ...]] = {}
        nearer = self._nearer(answer, readings)

        def place(move: Move) -> Move:
            if move not in seen:
                seen[move] = nearer([], [move])
                whole = next((each.moves for each in answer.repairs if move in each.moves), None)
                if not seen[move] and whole:
                    seen[move] = nearer([each for each in whole if each != move], whole)
            return replace(move, serves=seen[move])

        return replace(
            answer,
            choices=tuple(tuple(tuple(map(place, mend)) for mend in part) for part in answer.choices),
            repairs=tuple(replace(each, moves=tuple(map(place, each.moves))) for each in answer.repairs),
            contests=None if answer.contests is None else self.placed(answer.contests, readings),
        )

    def _nearer(
        self, answer: Repairs, readings: Readings | None
    ) -> Callable[[Sequence[Move], Sequence[Move]], tuple[tuple[str, str], ...]]:
        """What says which entries, with their policies' names, some moves bring nearer than others."""
        made = sketches(self.program, [each.readings for each in answer.evaluations])
        alike: dict[frozenset[str], list[int]] = {}
        for i, each in enumerate(self.revisions):
            alike.setdefault(each.never_presumed, []).append(i)
        parts = []
        for seats in alike.values():
            revisions = [self.revisions[i] for i in seats]
            evaluator = self.evaluator if len(alike) == 1 else Evaluator(self.library, revisions)
            found = [answer.evaluations[i] for i in seats]
            own = made and [made[i] for i in seats]
            parts.append((seats, Nearer(evaluator, answer.case, found, answer.strict, self.program, own, self.beside)))

        def nearer(before: Sequence[Move], after: Sequence[Move]) -> tuple[tuple[str, str], ...]:
            found = [(seats[seat], entry) for seats, part in parts for seat, entry in part(before, after)]
            return tuple((answer.policies[seat], entry) for seat, entry in sorted(found, key=lambda each: each[0]))

        return nearer

def preference(prefer: Sequence[str]) -> tuple[str, ...]:
    """The kinds of move in the order in which they are preferred.

    Raises: InputError: no such kind.
    """
    for kind in prefer:
        if kind not in KINDS:
            raise fault(f"`{kind}` is no kind of move", "one of " + ", ".join(KINDS))
    return (*dict.fromkeys(prefer), *(kind for kind in KINDS if kind not in prefer))
