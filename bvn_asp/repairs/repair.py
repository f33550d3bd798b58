"""What would make this approvable: which smallest sets of facts, documented or changed?

Exact under the semantics of worlds: with what a repair leaves open, the policy approves in every completion. The
solver finds what stands in the way (`implicates`) and the smallest sets of moves that overcome it (`hitting_sets`);
every repair that is listed has been evaluated.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from math import prod

from bvn_asp.cases.compare import names
from bvn_asp.cases.evaluate import Evaluation, Evaluator, Readings, Status, Verdict
from bvn_asp.classes import dataclass, replace
from bvn_asp.engine.presume import presume
from bvn_asp.engine.program import Choice, Program, Seat
from bvn_asp.errors import SolverError, fault
from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.model.outline import is_exclusion, lowest
from bvn_asp.model.policy import Revision
from bvn_asp.model.vocabulary import Slot
from bvn_asp.repairs.hitting_sets import Correction, Part, best, corrections
from bvn_asp.repairs.implicates import Box, Implicates, World, blocks
from bvn_asp.repairs.moves import KINDS, Move, State, holds_from, otherwise, states
from bvn_asp.repairs.ties import Ties, Useful

MOST = 5000


@dataclass(frozen=True)
class Repair:
    """A smallest set of moves; empty if the case is approved as it stands."""

    moves: tuple[Move, ...]

    @property
    def holds_from(self) -> datetime.date | None:
        """The date from which all of its durations hold; None if none of them has a date."""
        return max((m.holds_from for m in self.moves if m.holds_from), default=None)

    def applied_to(self, library: Library, case: Case) -> Case:
        """The case with the moves made, its other records as they are."""
        return case.with_values(library.vocabulary, {move.slot: move.new for move in self.moves})


@dataclass(frozen=True)
class Block:
    """A smallest set of recorded facts that rules out every repair.

    Attributes:
        presumed: those of the slots that are presumed rather than recorded.
        entries: where they stand in the way, as `(policy, entry id)`.
    """

    slots: tuple[Slot, ...]
    presumed: tuple[Slot, ...]
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Repairs:
    """Every repair of a case under one or more policies.

    Attributes:
        policies: their ids, or `id@revision` where two editions of one are asked.
        need: how many of them must approve.
        evaluations: what they make of the case as it stands.
        choices: independent choices, of which one alternative each must be made; a repair is one alternative of each.
        repairs: the first repairs, in the order of preference, each evaluated.
        count: how many repairs there are; at least so many if not `complete`.
        complete: every repair is among the choices; the first repair is then the easiest, and the cheapest.
        blocks: if there is no repair, what rules it out; `all_blocks` says whether these are all.
        presumed: the presumptions that the repairs rest on.
    """

    case: Case
    policies: tuple[str, ...]
    need: int
    evaluations: tuple[Evaluation, ...]
    choices: tuple[tuple[tuple[Move, ...], ...], ...]
    repairs: tuple[Repair, ...]
    count: int
    complete: bool
    blocks: tuple[Block, ...] = ()
    all_blocks: bool = True
    presumed: tuple[Slot, ...] = ()
    strict: bool = False

    @property
    def truncated(self) -> bool:
        """Whether fewer are listed than there are."""
        return len(self.repairs) < self.count


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
) -> Repairs:
    """Every smallest set of facts to document or to change under which policies approve a case.

    Smallest means by inclusion: without one of its moves, or with one that asks for less, the policies do not approve.

    Args:
        need: how many of the policies must approve; all of them if None.
        prefer: kinds of move to prefer, before the order document, precaution, request, treat, wait.
        limit: list so many repairs; they are counted all the same.
        seconds: stop searching after so long and say so.

    Returns: one empty repair if the case is approved already; if there is none, what rules it out.
    Raises: InputError: unknown policy, revision, reading, option or kind.
    Source: repairs as minimal changes: Arenas, Bertossi and Chomicki, PODS 1999.
    """
    return Repairer(library, library.revisions(policies, case.date)).repair(
        case, readings, strict, need, prefer, limit, seconds
    )


class Repairer:
    """Some revisions, grounded once, ready to repair any number of cases."""

    def __init__(self, library: Library, revisions: Sequence[Revision]) -> None:
        self.library = library
        self.revisions = tuple(revisions)
        self.evaluator = Evaluator(library, self.revisions)
        signs = presume(library.vocabulary).signs
        parts = [each.rules for each in self.revisions] + ([library.background] if library.background else [])
        swaying = signs.sway(frozenset().union(*(each.facts for each in parts)))
        self.program = Program(
            library.vocabulary,
            library.background,
            [Seat(each) for each in self.revisions],
            ["blame", "broken"],
            facts=swaying,
            cuts={name: signs.cuts(name) for name in swaying},
        )

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
    ) -> Repairs:
        """As `repair`.

        Args:
            frozen: facts that no move may touch.
            stop: asked now and then whether to stop with what there is.
        """
        order = preference(prefer)
        wanted = len(self.revisions) if need is None else need
        if not 1 <= wanted <= len(self.revisions):
            raise fault(f"{wanted} of {len(self.revisions)} policies cannot approve", "ask for fewer, or name more")
        end = time.monotonic() + seconds if seconds is not None else None
        evaluations = self.evaluator.evaluate(case, readings, strict, under_readings=False, with_open=False)
        spoken = [
            literal for i, each in enumerate(evaluations) for literal in self.program.read(i, each.readings)
        ]
        stand = states(self.program, case, strict, frozen)
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
            strict=strict,
        )

        def enough() -> bool:
            return stop() or (end is not None and time.monotonic() > end)

        search = Implicates(self.program, stand, spoken, enough=enough, several=case.said_of_several)
        seats = [i for i in range(len(self.revisions)) if search.approvable([i])]
        if len(seats) < wanted or (wanted == len(self.revisions) and not search.approvable(seats)):
            return self._blocked(empty, stand, spoken)
        boxes, useful, search = self._implicates(search, case, stand, spoken, seats, enough)
        parts = corrections(
            self.program, case, stand, boxes, search.contradictions, useful, min(wanted, len(seats)), MOST, enough
        )
        if not search.complete and wanted == len(seats):
            parts = self._at_once(case, stand, spoken, seats, strict)
        if not all(part.corrections for part in parts):
            if not search.complete:
                return replace(empty, complete=False)
            return self._blocked(empty, stand, spoken)
        return self._listed(empty, parts, order, limit, search.complete, readings)

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
        ties, loose = Ties(self.program, case, stand), frozenset[Slot]()
        while True:
            boxes = [search.of(seat) for seat in seats]
            useful = ties.useful([box for listed in boxes for box in listed], search.contradictions)
            if useful.undone <= loose:
                return boxes, useful, search
            loose |= useful.undone
            search = Implicates(self.program, stand, spoken, loose, enough, case.said_of_several)

    def _at_once(
        self, case: Case, stand: Mapping[Slot, State], spoken: Sequence[int], seats: Sequence[int], strict: bool
    ) -> tuple[Part, ...]:
        """One repair, for want of time for all."""
        from bvn_asp.repairs.first import first_repair

        told = [*spoken, *self.program.assume(case.said_of_several)]
        found = first_repair(self.program, case, stand, told, seats, strict)
        return (Part((found,), False),) if found is not None else (Part((), False),)

    def _presumed(self, evaluations: Iterable[Evaluation]) -> tuple[Slot, ...]:
        return self.library.vocabulary.in_order(slot for each in evaluations for slot in each.presumed)

    # -- listing -------------------------------------------------------------------------------

    def _listed(
        self,
        empty: Repairs,
        parts: Sequence[Part],
        order: Sequence[str],
        limit: int,
        searched: bool,
        readings: Readings | None,
    ) -> Repairs:
        """The repairs that some parts stand for, the first of them evaluated."""
        rank = {slot: i for i, slot in enumerate(self.program.slots)}
        ranked = [
            sorted(part.corrections, key=lambda one: (self._key(one, order), [(rank[s], left) for s, _, left in one]))
            for part in parts
        ]
        choices = tuple(tuple(self._moves(empty, each) for each in part) for part in ranked)
        keys = [[self._key(each, order) for each in part] for part in ranked]
        repairs = []
        complete = searched and all(part.complete for part in parts)
        for index in islice(best(keys), limit) if parts else [()]:
            moves = [move for part, i in zip(choices, index, strict=True) for move in part[i]]
            moves.sort(key=lambda move: (order.index(move.kind), rank[move.slot]))
            made = Repair(tuple(moves))
            if self.holds(empty, made, readings):
                repairs.append(made)
            elif complete:
                raise SolverError(f"a repair did not stand up to evaluation: {', '.join(str(m.slot) for m in moves)}")
        return replace(
            empty,
            choices=choices,
            repairs=tuple(repairs),
            count=prod(len(part) for part in choices) if complete else len(repairs),
            complete=complete,
        )

    def _key(self, each: Correction, order: Sequence[str]) -> tuple[int, ...]:
        """The cost, if the vocabulary declares any, then how many moves of each kind, the least preferred first."""
        kinds = tuple(sum(kind == other for _, other, _ in each) for kind in reversed(order))
        return (sum(cost(self.library, slot) for slot, _, _ in each), *kinds)

    def holds(self, answer: Repairs, made: Repair, readings: Readings | None = None) -> bool:
        """Whether enough policies approve the repaired case."""
        mended = made.applied_to(self.library, answer.case)
        found = self.evaluator.evaluate(mended, readings, answer.strict, under_readings=False, with_open=False)
        return sum(each.verdict is Verdict.APPROVE for each in found) >= answer.need

    def _moves(self, empty: Repairs, each: Correction) -> tuple[Move, ...]:
        vocabulary, known = self.library.vocabulary, empty.case.recorded
        found = []
        for slot, kind, values in each:
            new = self.program.as_value(slot, values)
            move = Move(
                slot=slot,
                kind=kind,
                old=known.get(slot),
                new=new,
                otherwise=otherwise(vocabulary.facts[slot.fact], new, kind),
                asks=slot.fact == vocabulary.request.members,
            )
            found.append(replace(move, holds_from=holds_from(vocabulary, empty.case, move)))
        return tuple(found)

    def placed(self, answer: Repairs, readings: Readings | None = None) -> Repairs:
        """The same answer, where each move says which entries it brings nearer, alone or as the last move of a set."""
        seen: dict[Move, tuple[tuple[str, str], ...]] = {}

        def evaluated(moves: Iterable[Move]) -> tuple[Evaluation, ...]:
            """What the policies make of some of the moves; nothing where no patient can be so without the others."""
            moved = Repair(tuple(moves)).applied_to(self.library, answer.case)
            if not self.evaluator.possible(moved, answer.strict):
                return ()
            return self.evaluator.evaluate(moved, readings, answer.strict, under_readings=False, with_open=False)

        def between(before: Sequence[Evaluation], after: Sequence[Evaluation]) -> tuple[tuple[str, str], ...]:
            if not before or not after:
                return ()
            three = zip(answer.policies, before, after, strict=True)
            return tuple((name, entry) for name, old, new in three for entry in nearer(old, new))

        def place(move: Move) -> Move:
            if move not in seen:
                seen[move] = between(answer.evaluations, evaluated([move]))
                whole = next((each.moves for each in answer.repairs if move in each.moves), None)
                if not seen[move] and whole:
                    seen[move] = between(evaluated(each for each in whole if each != move), evaluated(whole))
            return replace(move, serves=seen[move])

        return replace(
            answer,
            choices=tuple(tuple(tuple(map(place, mend)) for mend in part) for part in answer.choices),
            repairs=tuple(Repair(tuple(map(place, each.moves))) for each in answer.repairs),
        )

    # -- no repair -----------------------------------------------------------------------------

    def _blocked(self, empty: Repairs, stand: Mapping[Slot, State], spoken: Sequence[int]) -> Repairs:
        """What rules out every repair: for all policies together, or for each where fewer are needed."""
        self.program.show(spoken)
        every = list(range(len(self.revisions)))
        asked = [every] if empty.need == len(every) else [[seat] for seat in every]
        found: list[Block] = []
        complete = True
        for seats in asked:
            cores, whole = blocks(self.program, stand, spoken, seats, several=empty.case.said_of_several)
            complete = complete and whole
            for core in cores:
                reach = [
                    -self.program.choices[Choice(slot, value, 1)]
                    for slot in core
                    if slot in stand
                    for value in stand[slot].values
                    if value not in stand[slot].reachable
                ]
                said = empty.case.said_of_several
                reach += self.program.assume({slot: value for slot, value in said.items() if slot in core})
                blamed = [each.arguments for each in self.program.in_all([*spoken, *reach]) if each.name == "blamed"]
                by_seat = {
                    seat: {str(entry) for number, entry in blamed if number == seat} for seat in range(len(every))
                }
                entries = [
                    (empty.policies[seat], entry)
                    for seat, revision in enumerate(self.revisions)
                    for entry in lowest(revision, by_seat[seat])
                ]
                presumed = tuple(slot for slot in core if slot in stand and stand[slot].held)
                found.append(Block(core, presumed, tuple(entries)))
        return replace(empty, blocks=tuple(found), all_blocks=complete)


def nearer(old: Evaluation, new: Evaluation) -> list[str]:
    """The criteria that stood in the way or were open, and do so less now."""
    found = []
    for entry in old.revision.rules.entries:
        if not entry.is_group and old.statuses[entry.id] is not new.statuses[entry.id]:
            excludes = is_exclusion(old.revision, entry.id)
            if _height(new.statuses[entry.id], excludes) > _height(old.statuses[entry.id], excludes):
                found.append(entry.id)
    return found


def _height(status: Status, excludes: bool) -> int:
    return {False: 0, None: 1, True: 2}[status.speaks(excludes)]


def preference(prefer: Sequence[str]) -> tuple[str, ...]:
    """The kinds of move in the order in which they are preferred.

    Raises: InputError: no such kind.
    """
    for kind in prefer:
        if kind not in KINDS:
            raise fault(f"`{kind}` is no kind of move", "one of " + ", ".join(KINDS))
    return (*dict.fromkeys(prefer), *(kind for kind in KINDS if kind not in prefer))


def cost(library: Library, slot: Slot) -> int:
    """What a move on a slot costs: as declared, 1 where others are declared, 0 if the vocabulary declares none."""
    facts = library.vocabulary.facts
    own = facts[slot.fact].cost
    return own if own is not None else int(any(fact.cost is not None for fact in facts.values()))


__all__ = ["Block", "Move", "Repair", "Repairer", "Repairs", "World", "repair"]
