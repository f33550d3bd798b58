"""What would make this approvable: which smallest sets of facts, documented or changed?

Exact under the semantics of worlds: with what a repair leaves open, the policy approves in every completion. The
solver finds what stands in the way (`implicates`) and the smallest sets of moves that overcome it (`hitting_sets`);
every repair that is listed has been evaluated.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import count, islice
from math import prod

from bvn_asp.cases.beside import Beside
from bvn_asp.cases.compare import names
from bvn_asp.cases.evaluate import Evaluation, Evaluator, Readings, Verdict
from bvn_asp.cases.possible import parting_ends
from bvn_asp.cases.presumptions import presumptions
from bvn_asp.cases.standing import standing_of_open
from bvn_asp.classes import dataclass, replace
from bvn_asp.engine.boxes import sketches
from bvn_asp.engine.presume import presume
from bvn_asp.engine.program import Choice, Program, Seat
from bvn_asp.errors import SolverError, fault
from bvn_asp.model.case import Case
from bvn_asp.model.growth import on_day
from bvn_asp.model.library import Library
from bvn_asp.model.outline import lowest
from bvn_asp.model.policy import Revision
from bvn_asp.model.quantity import Cut
from bvn_asp.model.vocabulary import Slot
from bvn_asp.repairs.hitting_sets import Correction, Key, Part, corrections
from bvn_asp.repairs.implicates import Box, Implicates, World, blocks
from bvn_asp.repairs.in_order import Lot, best_of, not_overtaken, with_a_mark
from bvn_asp.repairs.moves import CONTESTS, DOCUMENT, KINDS, Move, State, holds_from, otherwise, states
from bvn_asp.repairs.nearer import Nearer
from bvn_asp.repairs.ties import Ties, Useful

MOST = 5000
LOOKS = 10_000
"""So many sets that stand in the way are looked at for a paper, some 113 being the most of what is shipped."""


@dataclass(frozen=True)
class Repair:
    """A smallest set of moves; empty if the case is approved as it stands.

    Attributes:
        ruled_out: where nothing is presumed, the exclusions that are to be ruled out with it: one block, none of which
            can be spared.
        overtaken: on the day from which its durations hold, something else has changed by which the policies do not
            approve.
    """

    moves: tuple[Move, ...]
    ruled_out: tuple[Move, ...] = ()
    overtaken: bool = False

    @property
    def holds_from(self) -> datetime.date | None:
        """The date from which all of its durations hold; None if none of them has a date, or something overtakes it."""
        return None if self.overtaken else self.day

    @property
    def day(self) -> datetime.date | None:
        """The first day on which its durations have reached their limits."""
        return max((m.holds_from for m in self.moves if m.holds_from), default=None)

    def applied_to(self, library: Library, case: Case) -> Case:
        """The case with the moves made, its other records as they are."""
        return case.with_values(library.vocabulary, {move.slot: move.new for move in (*self.moves, *self.ruled_out)})

    def on_its_day(self, library: Library, case: Case) -> Case:
        """The case on the day from which its durations hold: what time brings about is counted, not asserted."""
        day = self.day
        assert day is not None
        timed = {slot for move in self.moves if move.holds_from for slot in move.slots}
        values = {move.slot: move.new for move in (*self.moves, *self.ruled_out) if move.slot not in timed}
        return on_day(library.vocabulary, case, day).with_values(library.vocabulary, values)


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
        contests: where something is to be contested, every smallest set with that; looked for where there is no other
            way, or if asked for.
        elsewhere: there is no way but by evidence about members (bodies) that the request does not ask for.
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
    contests: Repairs | None = None
    elsewhere: bool = False

    @property
    def not_presumed(self) -> tuple[tuple[Slot, tuple[Slot, ...]], ...]:
        """What nobody mentions and the policies do not presume, with the records that put it in doubt."""
        found = {slot: by for each in self.evaluations for slot, by in each.not_presumed.items()}
        order = self.evaluations[0].revision.policy.vocabulary.in_order(found) if found else ()
        return tuple((slot, found[slot]) for slot in order)

    def of_a_twin(self, evaluation: Evaluation) -> Repairs:
        """The same of one policy that has the same rules, read in the same way, in its name."""
        (old,), (new,) = self.policies, names([evaluation])
        if old == new:
            return self

        def named(entries: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
            return tuple((new, entry) for _, entry in entries)

        def moved(moves: Iterable[Move]) -> tuple[Move, ...]:
            return tuple(replace(move, serves=named(move.serves)) for move in moves)

        return replace(
            self,
            policies=(new,),
            evaluations=(replace(evaluation, hinges=(), all_hinges=True, open=()),),
            choices=tuple(tuple(map(moved, part)) for part in self.choices),
            repairs=tuple(
                replace(each, moves=moved(each.moves), ruled_out=moved(each.ruled_out)) for each in self.repairs
            ),
            blocks=tuple(replace(each, entries=named(each.entries)) for each in self.blocks),
            contests=None if self.contests is None else self.contests.of_a_twin(evaluation),
        )

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


@dataclass(frozen=True)
class Implicated:
    """What stands in the way of approval, whatever is moved.

    Attributes:
        boxes: for each policy, values of some slots; whoever has one of these in each is not approved.
        contradictions: values of some slots, of which nobody has one in each.
        loose: presumed slots that were looked at as if nothing were presumed of them.
        parts: the smallest sets of moves: one alternative of each part.
    """

    boxes: tuple[tuple[Box, ...], ...]
    contradictions: tuple[Box, ...]
    loose: tuple[Slot, ...]
    parts: tuple[tuple[Correction, ...], ...]


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
                case, readings, strict, need, prefer, limit, seconds, frozen, stop, others, contest, evaluations
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
        if (nobody := self._nobody(empty)) is not None:
            return nobody
        spoken = [literal for i, each in enumerate(evaluations) for literal in self.program.read(i, each.readings)]
        stand = states(self.program, case, frozen=asked.frozen, contests=asked.contests, others=asked.others)
        sketched = sketches(self.program, [each.readings for each in evaluations]) or ()
        search = Implicates(self.program, stand, spoken, frozenset(), enough, case.said_of_several, sketched)
        seats = [i for i in range(len(self.revisions)) if search.approvable([i])]
        if len(seats) < wanted or (1 < wanted == len(self.revisions) and not search.approvable(seats)):
            return self._blocked(empty, stand, spoken)
        boxes, useful, search = self._implicates(search, case, stand, spoken, seats, enough)
        parts = corrections(
            self.program, case, stand, boxes, search.contradictions, useful, min(wanted, len(seats)), MOST, enough
        )
        if not search.complete and wanted == len(seats):
            parts = self._at_once(case, stand, spoken, seats)
        if not all(part.corrections for part in parts):
            if not search.complete:
                return replace(empty, complete=False)
            return self._blocked(empty, stand, spoken)
        return self._listed(empty, parts, stand, asked, search.complete, spoken)

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

    # -- listing -------------------------------------------------------------------------------

    def _listed(
        self,
        empty: Repairs,
        parts: Sequence[Part],
        stand: Mapping[Slot, State],
        asked: _Asked,
        searched: bool,
        spoken: Sequence[int],
    ) -> Repairs:
        """The repairs that some parts stand for, the first of them evaluated."""
        rank = {slot: i for i, slot in enumerate(self.program.slots)}
        order, near = asked.order, self._near(asked.case)

        def key(each: Correction) -> Key:
            return self._key(each, order, near)

        made = {each: self._moves(empty, each) for part in parts for each in part.corrections}
        timed = not_overtaken([part.corrections for part in parts], made, stand)
        ranked = [
            sorted(part, key=lambda one: (key(one), [(rank[s], left) for s, _, left in one])) for part in timed
        ]
        for each in {each for part in ranked for each in part} - made.keys():
            made[each] = self._moves(empty, each)
        complete = searched and all(part.complete for part in parts)
        keys = [[key(each) for each in part] for part in ranked]
        lots: list[Lot] = [[range(len(part)) for part in ranked]]
        if asked.contests:
            marks = [[any(kind in CONTESTS for _, kind, _ in each) for each in part] for part in ranked]
            lots = list(with_a_mark(marks))
        repairs, whole = [], len(lots) == 1 and all(map(len, ranked)) and [*map(len, lots[0])] == [*map(len, ranked)]
        for index in islice(best_of(keys, lots), asked.limit):
            moves = [move for part, i in zip(ranked, index, strict=True) for move in made[part[i]]]
            moves.sort(key=lambda move: (move.contests, order.index(move.kind), rank[move.slot]))
            answer = self._replayed(empty, Repair(tuple(moves)), asked, spoken)
            if answer is not None:
                repairs.append(answer)
            elif complete:
                raise SolverError(f"a repair did not stand up to evaluation: {', '.join(str(m.slot) for m in moves)}")
        return replace(
            empty,
            choices=tuple(tuple(made[each] for each in part) for part in ranked) if whole else (),
            repairs=tuple(repairs),
            count=sum(prod(len(part) for part in lot) for lot in lots) if complete else len(repairs),
            complete=complete,
        )

    def _replayed(self, empty: Repairs, made: Repair, asked: _Asked, spoken: Sequence[int]) -> Repair | None:
        """A set of moves as evaluation finds it, now and on the day from which it holds; None if it does not stand."""
        if empty.strict:
            made = replace(made, ruled_out=self._ruled_out(empty, made, asked, spoken))
        if not self.holds(empty, made, asked.readings):
            return None
        if made.day is not None:
            then = made.on_its_day(self.library, empty.case)
            made = replace(made, overtaken=not self._approved(empty, then, asked.readings))
        return made

    def _ruled_out(self, empty: Repairs, made: Repair, asked: _Asked, spoken: Sequence[int]) -> tuple[Move, ...]:
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
        goals = [self.program.literal("verdict", seat, "approve") for seat in range(len(self.revisions))]

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

    def _near(self, case: Case) -> Callable[[Slot], int]:
        """How far a slot is from what the chart holds: recorded if not enough, of what is asked for, or unmentioned."""
        vocabulary = self.library.vocabulary
        request, members = vocabulary.request, set(case.requested(vocabulary))

        def near(slot: Slot) -> int:
            if case.get(slot) is not None:
                return 0
            return 1 if slot.fact in request.whole or vocabulary.is_near(slot, members) else 2

        return near

    def _key(self, each: Correction, order: Sequence[str], near: Callable[[Slot], int]) -> Key:
        """The cost, if the vocabulary declares any; how many moves of each kind, the least preferred first; how many
        are about what nobody mentioned, and how many about what is asked for and not on record."""
        kinds = tuple(sum(kind == other for _, other, _ in each) for kind in reversed(order))
        far = [near(slot) for slot, _, _ in each]
        return (sum(cost(self.library, slot) for slot, _, _ in each), *kinds, far.count(2), far.count(1))

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

    def _moves(self, empty: Repairs, each: Correction) -> tuple[Move, ...]:
        vocabulary, known = self.library.vocabulary, empty.case.recorded
        found = []
        for slot, kind, values in each:
            new, contest = self.program.as_value(slot, values), vocabulary.facts[slot.fact].contest
            move = Move(
                slot=slot,
                kind=kind,
                old=known.get(slot),
                new=new,
                otherwise=otherwise(vocabulary.facts[slot.fact], new, kind),
                asks=slot.fact == vocabulary.request.members,
                whom=contest.whom if contest is not None and kind == contest.kind else "",
                provided=vocabulary.facts[slot.fact].provided,
                also=empty.case.tied_to(slot)[1:],
                standing=standing_of_open(empty.case, slot) if kind == DOCUMENT else None,
            )
            found.append(replace(move, holds_from=holds_from(vocabulary, empty.case, move)))
        return tuple(found)

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

    # -- no repair -----------------------------------------------------------------------------

    def _nobody(self, empty: Repairs) -> Repairs | None:
        """The answer where a policy is seen to approve nobody, whatever is recorded; None if that is not plain."""
        if self.beside is None or len(self.revisions) > 1:
            return None
        (evaluation,) = empty.evaluations
        alone = self.beside.of(evaluation)
        blamed = alone.blamed_in_everybody() if alone is not None else None
        if blamed is None:
            return None
        entries = tuple((empty.policies[0], entry) for entry in lowest(evaluation.revision, blamed))
        return replace(empty, blocks=(Block((), (), entries),))

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
                always = empty.case.tied
                reach += self.program.assume({s: value for s, value in said.items() if s in core or s in always})
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
    own = library.vocabulary.facts[slot.fact].cost
    return own if own is not None else int(library.vocabulary.has_costs)


__all__ = ["Block", "Move", "Repair", "Repairer", "Repairs", "World", "repair"]
