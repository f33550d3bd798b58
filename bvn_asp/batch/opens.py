"""Which undocumented facts alone can still change a verdict, for many cases at once?

As `open_facts` asks it of one case: two completions that differ in one slot alone and in the verdict. The verdict
differs exactly where the difference travels along some way from the slot up: past a conjunction whose other parts hold
once the part below does, past a disjunction whose others fail once it does. So a slot is open where all parts beside
one of its ways can have their way together, in a patient before and after; whether they can is told by `sure`, as for a
verdict, and cases where that is not known are halved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, reduce
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from bvn_asp.batch.bits import ONES, Bits, Rows, compute, first, numbers, packed, put, unpacked
from bvn_asp.batch.rails import AT_ONCE, Frame, Rails, choices_of, halves_of, lots
from bvn_asp.batch.sure import Fight, Known, Reader, peace
from bvn_asp.classes import dataclass
from bvn_asp.engine.lines import All, Enough, Not, Some, order_of, parts_of
from bvn_asp.model.vocabulary import Slot

PLAIN, HIGH, LOW = 0, 1, 2  # a part that does not read the slot; one that does, with the one class, and with the other
MOST_WAYS = 100
AHEAD = 16
Flags = NDArray[np.uint8]
T = TypeVar("T")


@dataclass(frozen=True)
class Way:
    """One way from a slot to a verdict.

    Attributes:
        leaf: the node of the slot where it begins: it holds with the high class and fails with the low one; None if any
            two classes will do.
        past: conjunctions and disjunctions, each with the parts of it that read the slot.
        beside: other parts that must have their way and do not read the slot.
        seen: parts that read it.
        exact: all those parts of which the rails may say too much.
        fights: slots that are fought over among parts that do not read the slot, and
        seen_fights: those that parts fight over that do.
    """

    leaf: int | None
    past: tuple[tuple[int, tuple[int, ...]], ...]
    beside: tuple[Reader, ...]
    seen: tuple[Reader, ...]
    exact: tuple[Reader, ...]
    fights: tuple[Fight, ...]
    seen_fights: tuple[Fight, ...]


class Opens:
    """Open facts of one line."""

    def __init__(self, rails: Rails) -> None:
        self.rails, self.table, self.sure = rails, rails.table, rails.sure
        goals = {n for n in rails.line.verdicts.values() if n > 1}
        self.goals = tuple(sorted(n for n in goals if self.table.negated(n) not in goals or self.table.negated(n) > n))
        self.order = order_of(self.table, [*self.goals, *rails.line.forbidden.values()])
        self._above: dict[Slot, tuple[int, ...]] = {}
        self._tuples: dict[Any, Any] = {}
        self.leaves: dict[Slot, list[int]] = {}
        for number in order_of(self.table, self.goals):
            if number in rails.compiled.leaves:
                self.leaves.setdefault(rails.compiled.leaves[number][0], []).append(number)

    @cached_property
    def ways(self) -> dict[Slot, tuple[Way, ...]]:
        """Every way from each slot to a verdict."""
        above: dict[int, list[int]] = {}
        for number in order_of(self.table, self.goals):
            node = self.table.nodes[number]
            assert node is not None
            for part in parts_of(node):
                above.setdefault(part, []).append(number)
        return {slot: self._ways(slot, leaves, above) for slot, leaves in self.leaves.items()}

    def above(self, slot: Slot) -> tuple[int, ...]:
        """The nodes that read a slot, each after its parts."""
        if slot not in self._above:
            self._above[slot] = tuple(n for n in self.order if slot in self.sure.reads(n))
        return self._above[slot]

    def _ways(self, slot: Slot, leaves: Sequence[int], above: Mapping[int, list[int]]) -> tuple[Way, ...]:
        found = []
        for leaf in leaves:
            for climbed in _climbs(leaf, above, self.goals):
                found.append(self._way(slot, leaf, climbed))
                if len(found) > MOST_WAYS:
                    ends = [(goal, so) for goal in self.goals for so in (True, False)]
                    return tuple(self._made(slot, None, (), [(g, so, HIGH), (g, not so, LOW)]) for g, so in ends)
        return tuple(found)

    def _way(self, slot: Slot, leaf: int, climbed: Sequence[int]) -> Way:
        """What must be so for a difference to travel up some nodes, each a part of the next."""
        high, low = HIGH, LOW  # with which class the part below holds, and with which it fails
        past: list[tuple[int, tuple[int, ...]]] = []
        beside: list[Reader] = []
        for part, number in pairwise(climbed):
            node = self.table.nodes[number]
            if isinstance(node, Not):
                high, low = low, high
                continue
            assert node is not None
            mine = tuple(each for each in parts_of(node) if each == part or slot in self.sure.reads(each))
            if isinstance(node, Enough):
                if len(mine) == 1 and self.sure.even(node):
                    beside.append((number, None, PLAIN))
                else:  # it differs itself, whatever lies below
                    past, beside = [], [(number, True, high), (number, False, low)]
            elif isinstance(node, All | Some):
                so, view = (True, high) if isinstance(node, All) else (False, low)
                past.append((number, mine))
                beside += [(each, so, view) for each in mine if each != part]
        return self._made(slot, leaf, tuple(past), beside)

    def _made(
        self, slot: Slot, leaf: int | None, past: tuple[tuple[int, tuple[int, ...]], ...], beside: list[Reader]
    ) -> Way:
        beside = [*beside, *((node, so, view) for node, so in self.sure.world for view in (HIGH, LOW))]
        beside = self._taken_apart(slot, beside)
        others: list[Reader] = []
        for number, mine in past:
            node = self.table.nodes[number]
            assert isinstance(node, All | Some)
            others += [(each, isinstance(node, All), PLAIN) for each in node.parts if each not in mine]
        every = self._taken_apart(slot, [*beside, *others])
        exact = tuple(each for each in every if each[1] is not None and not self.sure.plain((each[0], each[1])))
        fights: tuple[list[Fight], list[Fight]] = [], []
        for fight in self.sure.fought(every, slot):
            fights[any(view != PLAIN for _, _, view in fight.parts)].append(fight)
        plain = tuple(each for each in beside if each[2] == PLAIN)
        seen = tuple(each for each in beside if each[2] != PLAIN)
        return Way(leaf, past, self._same(plain), seen, exact, self._same(tuple(fights[0])), tuple(fights[1]))

    def _same(self, listed: tuple[T, ...]) -> tuple[T, ...]:
        """The one tuple that is equal to some others, so that what is known of it is found again."""
        found: tuple[T, ...] = self._tuples.setdefault(listed, listed)
        return found

    def _taken_apart(self, slot: Slot, parts: Sequence[Reader]) -> list[Reader]:
        found: dict[Reader, None] = {}
        for node, so, view in parts:
            for each, wanted in self.sure.factors(node, so) if so is not None else [(node, None)]:
                found[each, wanted, view if slot in self.sure.reads(each) else PLAIN] = None
        return list(found)

    def find(self, frame: Frame, rows: Bits) -> tuple[dict[Slot, Bits], Bits]:
        """Where each slot is open, among some rows; and the rows for which that is not settled."""
        found = {slot: np.zeros(frame.words, np.uint64) for slot in self.leaves}
        unsettled = np.zeros(frame.words, np.uint64)
        here = numbers(rows, frame.rows)
        if 2 * len(here) > frame.rows:
            opened, left = self._find(self.rails.narrow(frame), dict.fromkeys(self.leaves, rows))
            return {**found, **opened}, reduce(np.bitwise_or, left.values(), unsettled)
        if len(here):
            part = self.rails.narrow(frame).take(here, self.rails.slots)
            opened, left = self._find(part, dict.fromkeys(self.leaves, first(part.rows)))
            for slot, bits in opened.items():
                found[slot] = put(found[slot], here, unpacked(bits, part.rows))
            more = reduce(np.bitwise_or, left.values(), np.zeros(part.words, np.uint64))
            unsettled = put(unsettled, here, unpacked(more, part.rows))
        return found, unsettled

    def _find(self, frame: Frame, todo: Mapping[Slot, Bits]) -> tuple[dict[Slot, Bits], dict[Slot, Bits]]:
        """Where slots are open, and where that is not settled, each among its rows of a frame that is narrow."""
        look = _Look(self, frame)
        found: dict[Slot, Bits] = {}
        left: dict[Slot, tuple[Bits, dict[Slot, Bits]]] = {}
        for slot, rows in todo.items():
            rows = rows & several(frame.allowed[slot])
            if np.count_nonzero(rows):
                found[slot], may, fought = look.at(slot, rows)
                if np.count_nonzero(may):
                    left[slot] = may, fought
        return found, self._halve(frame, found, left) if left else {}

    def _halve(
        self, frame: Frame, found: dict[Slot, Bits], left: Mapping[Slot, tuple[Bits, Mapping[Slot, Bits]]]
    ) -> dict[Slot, Bits]:
        """Settle slots in some rows by the halves of these; gives back where that fails."""
        unsettled = {slot: may for slot, (may, _) in left.items()}
        jobs: list[_Job] = []

        def settle() -> None:
            for job, opened, more in self._lot(frame, jobs):
                here = job.rows[job.origin[job.starts]]
                found[job.slot] = put(found[job.slot], here, opened)
                unsettled[job.slot] = put(unsettled[job.slot], here, more & ~opened)
            jobs.clear()

        room = AT_ONCE
        for slot, (may, fought) in left.items():
            rows = numbers(may, frame.rows)
            choices, sizes = choices_of(frame, rows, fought, AHEAD)
            for here in lots(sizes):  # made when it is their turn: all at once would not fit
                if jobs and sizes[here].sum() > room:
                    settle()
                    room = AT_ONCE
                jobs.append(_Job(slot, rows, *halves_of(here, choices)))
                room -= len(jobs[-1].origin)
        if jobs:
            settle()
        return unsettled

    def _lot(self, frame: Frame, jobs: Sequence[_Job]) -> Iterator[tuple[_Job, Flags, Flags]]:
        """For the rows of each job where its slot is open, and where that is not settled."""
        part = frame.take(np.concatenate([job.rows[job.origin] for job in jobs]), self.rails.slots)
        ends = np.cumsum([len(job.origin) for job in jobs])
        spans = [slice(end - len(job.origin), end) for job, end in zip(jobs, ends, strict=True)]
        fixed: dict[Slot, Rows] = {}
        todo: dict[Slot, Flags] = {}
        for job, span in zip(jobs, spans, strict=True):
            todo.setdefault(job.slot, np.zeros(part.rows, np.uint8))[span] = 1
            for slot, classes in job.fixed.items():
                fixed.setdefault(slot, np.full(part.rows, -1, np.intp))[span] = classes
        part.hold(fixed)
        opened, more = self._find(self.rails.narrow(part), {slot: packed(each) for slot, each in todo.items()})
        none = np.zeros(part.words, np.uint64)
        for job, span in zip(jobs, spans, strict=True):
            both = [unpacked(each.get(job.slot, none), part.rows)[span] for each in (opened, more)]
            yield job, np.bitwise_or.reduceat(both[0], job.starts), np.bitwise_or.reduceat(both[1], job.starts)


@dataclass(frozen=True)
class _Job:
    """Halves of some rows in which a slot is looked at.

    Attributes:
        rows: those of the frame that `origin` counts.
        origin: for each half whose it is; those of one row stand together.
        fixed: slot to its class in each half, -1 where it is not fixed.
    """

    slot: Slot
    rows: Rows
    origin: Rows
    fixed: dict[Slot, Rows]

    @property
    def starts(self) -> Rows:
        """Where the halves of each row begin."""
        return np.flatnonzero(np.diff(self.origin, prepend=-1))


class _Look:
    """One frame, looked at for one slot after the other."""

    def __init__(self, opens: Opens, frame: Frame) -> None:
        self.opens, self.frame = opens, frame
        self.known = Known(opens.sure, frame.allowed, opens.rails.rails(frame, opens.order))
        self._counts: dict[int, tuple[Bits, Bits]] = {}
        self._peace: dict[int, Bits] = {}
        self._known_of: dict[int, Bits] = {}
        self._buts: dict[tuple[int, tuple[int, ...]], Bits] = {}

    def at(self, slot: Slot, rows: Bits) -> tuple[Bits, Bits, dict[Slot, Bits]]:
        """Where a slot is open among some rows, where it may be besides, and the slots that are fought over there."""
        nothing = np.zeros_like(rows)
        found, may, fought = nothing, nothing, dict[Slot, Bits]()
        views: dict[int, Known] = {}
        for way in self.opens.ways[slot]:
            for here, seen in self._pairs(slot, way, rows & ~found, views):
                can = self._can(way, here, seen)
                if np.count_nonzero(can):
                    sure = self._sure(way, can, seen, fought)
                    found, may = found | sure, may | (can & ~sure)
        fought.pop(slot, None)  # it is looked at from both sides, so it is not to be fixed
        return found, may & ~found, fought

    def _pairs(self, slot: Slot, way: Way, rows: Bits, views: dict[int, Known]) -> Iterator[tuple[Bits, Seen]]:
        """The rows that allow two classes between which a way makes a difference, with how the line is seen in both."""
        if way.leaf is not None and not way.seen:
            yield rows & self.known.uncertain(way.leaf), (self.known,) * 3
            return
        columns = self.frame.allowed[slot]
        held = self.opens.rails.compiled.leaves[way.leaf][1] if way.leaf is not None else None
        for high, column in enumerate(columns):
            for low, other in enumerate(columns):
                if high != low if held is None else high in held and low not in held:
                    here = rows & column & other
                    if np.count_nonzero(here):
                        yield here, (self.known, self._view(slot, high, views), self._view(slot, low, views))

    def _view(self, slot: Slot, number: int, views: dict[int, Known]) -> Known:
        """The line where a slot has one class."""
        if number not in views:
            opens, leaves, words = self.opens, self.opens.rails.compiled.leaves, self.frame.words
            columns = self.frame.allowed[slot]

            def leaf(node: int) -> Bits:
                return np.full((2, words), ~np.uint64(0) if number in leaves[node][1] else np.uint64(0))

            rails = compute(opens.table, opens.above(slot), leaf, lambda bits: ~bits[::-1], (), self.known.rails)
            fixed = [np.full(words, ~np.uint64(0) if each == number else np.uint64(0)) for each in range(len(columns))]
            views[number] = Known(opens.sure, {**self.frame.allowed, slot: fixed}, rails)
        return views[number]

    def _can(self, way: Way, rows: Bits, seen: Seen) -> Bits:
        """The rows where each part beside a way may have its way."""
        for number, mine in way.past:
            rows = rows & self._but(number, mine)
        if way.beside:
            rows = rows & self._all(way.beside)
        for node, wanted, view in way.seen:
            assert wanted is not None
            rows = rows & seen[view].may(node, wanted)
        return rows

    def _all(self, parts: tuple[Reader, ...]) -> Bits:
        """Where each of some parts may have its way."""
        found = self._known_of.get(id(parts))
        if found is None:
            known = self.known
            found = reduce(np.bitwise_and, [
                known.uncertain(node) if wanted is None else known.may(node, wanted) for node, wanted, _ in parts
            ])
            self._known_of[id(parts)] = found
        return found

    def _but(self, number: int, mine: tuple[int, ...]) -> Bits:
        """Where all parts but some of a conjunction may hold, or of a disjunction may fail."""
        found = self._buts.get((number, mine))
        if found is None:
            if len(mine) == 1:
                none, one = self._count(number)
                found = none | (one & ~self._goes(number, mine[0]))
            else:
                node = self.opens.table.nodes[number]
                assert isinstance(node, All | Some)
                goes = [self._goes(number, each) for each in node.parts if each not in mine]
                found = reduce(np.bitwise_and, goes, np.full(self.frame.words, ONES, np.uint64))
            self._buts[number, mine] = found
        return found

    def _goes(self, number: int, part: int) -> Bits:
        return self.known.may(part, isinstance(self.opens.table.nodes[number], All))

    def _count(self, number: int) -> tuple[Bits, Bits]:
        """Where no part of a conjunction must fail, or of a disjunction must hold; and where one alone must."""
        found = self._counts.get(number)
        if found is None:
            node = self.opens.table.nodes[number]
            assert isinstance(node, All | Some)
            every = self._goes(number, node.parts[0])
            but_one = ~np.zeros_like(every)
            for part in node.parts[1:]:
                each = self._goes(number, part)
                every, but_one = every & each, (but_one & each) | every
            found = self._counts[number] = every, but_one & ~every
        return found

    def _sure(self, way: Way, can: Bits, seen: Seen, fought: dict[Slot, Bits]) -> Bits:
        """The rows where all parts beside a way surely have their way at once; the others are noted with why not."""
        found = can
        for node, wanted, view in way.exact:
            assert wanted is not None
            has = seen[view].has((node, wanted))
            lost = found & ~has
            if np.count_nonzero(lost):
                for slot, bits in seen[view].fought.items():
                    fought[slot] = fought.get(slot, np.zeros_like(bits)) | (bits & lost)
                found = found & has
        if way.fights and np.count_nonzero(found & ~self._calm(way.fights)):
            for fight in way.fights:
                found = self._lost(found, self._peace[id(fight)], fight, fought)
        for fight in way.seen_fights:
            found = self._lost(found, peace(fight, self.frame.allowed[fight.slot], seen), fight, fought)
        return found

    def _lost(self, found: Bits, calm: Bits, fight: Fight, fought: dict[Slot, Bits]) -> Bits:
        lost = found & ~calm
        if not np.count_nonzero(lost):
            return found
        fought[fight.slot] = fought[fight.slot] | lost if fight.slot in fought else lost
        return found & calm

    def _calm(self, fights: tuple[Fight, ...]) -> Bits:
        """Where none of some slots is fought over."""
        found = self._known_of.get(id(fights))
        if found is None:
            for fight in fights:
                if id(fight) not in self._peace:
                    self._peace[id(fight)] = peace(fight, self.frame.allowed[fight.slot], (self.known,) * 3)
            found = reduce(np.bitwise_and, [self._peace[id(fight)] for fight in fights])
            self._known_of[id(fights)] = found
        return found


Seen = tuple[Known, Known, Known]


def _climbs(leaf: int, above: Mapping[int, list[int]], goals: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Every way up from a leaf to a goal."""
    todo: list[tuple[int, ...]] = [(leaf,)]
    while todo:
        climbed = todo.pop()
        if climbed[-1] in goals:
            yield climbed
        todo += [(*climbed, number) for number in above.get(climbed[-1], ())]


def several(columns: Sequence[Bits]) -> Bits:
    """Where a record allows more than one class."""
    found = np.zeros_like(columns[0])
    before = columns[0]
    for column in columns[1:]:
        found, before = found | (before & column), before | column
    return found
