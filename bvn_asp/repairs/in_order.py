"""Which sets of moves come first, which are left out for the sake of time, and which hold a contest?

The alternatives of independent parts are multiplied only when they are listed; what is said here of whole sets is found
without listing them all.
"""

from __future__ import annotations

import datetime
import heapq
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod

from bvn_asp.model.vocabulary import Slot
from bvn_asp.repairs.hitting_sets import Correction, Key
from bvn_asp.repairs.moves import Move, State

MOST = 600
Lot = Sequence[Sequence[int]]
"""For each part the alternatives that may be taken."""


def best_of(parts: Sequence[Sequence[Key]], lots: Sequence[Lot]) -> Iterator[tuple[int, ...]]:
    """Every way to take one alternative of each part, lot by lot, the least sum of keys first, then in the order given.

    Args:
        parts: for each part the keys of its alternatives, in ascending order, all of one length.
        lots: no two of them hold the same way.
    """

    def listed(lot: Lot) -> Iterator[tuple[Key, tuple[int, ...]]]:
        if not all(lot):
            return

        def key(index: tuple[int, ...]) -> tuple[Key, tuple[int, ...]]:
            taken = tuple(part[i] for part, i in zip(lot, index, strict=True))
            chosen = [part[i] for part, i in zip(parts, taken, strict=True)]
            return tuple(map(sum, zip(*chosen, strict=True))), index

        start = (0,) * len(lot)
        heap, seen = [key(start)], {start}
        while heap:
            total, index = heapq.heappop(heap)
            yield total, tuple(part[i] for part, i in zip(lot, index, strict=True))
            for place, part in enumerate(lot):
                following = (*index[:place], index[place] + 1, *index[place + 1 :])
                if following[place] < len(part) and following not in seen:
                    seen.add(following)
                    heapq.heappush(heap, key(following))

    for _, way in heapq.merge(*map(listed, lots)):
        yield way


def with_a_mark(marks: Sequence[Sequence[bool]]) -> Iterator[Lot]:
    """The ways to take one alternative of each part, at least one of them marked, as lots that share no way.

    The first marked alternative is in one part: those before have none, those behind may have one.
    """
    for first, part in enumerate(marks):
        lot = [[i for i, mark in enumerate(each) if not mark] for each in marks[:first]]
        lot.append([i for i, mark in enumerate(part) if mark])
        lot += [list(range(len(each))) for each in marks[first + 1 :]]
        if all(lot):
            yield lot


# -- time ----------------------------------------------------------------------------------------


def not_overtaken(
    parts: Sequence[Sequence[Correction]],
    made: Mapping[Correction, Sequence[Move]],
    states: Mapping[Slot, State],
) -> list[list[Correction]]:
    """The parts, those with dated waits made one, without the sets that another makes needless.

    A set is needless if another asks for no more besides waiting, is there no later, and is better in one of the two.
    Sound and complete over all parts: those without dated waits hold smallest sets, none of which asks for more than
    another, so that they are the same in both. Beyond `MOST` sets the parts stay apart, and are compared by themselves.
    """

    def waits(each: Correction) -> bool:
        return any(move.holds_from for move in made[each])

    timed = [list(part) for part in parts if any(waits(each) for each in part)]
    rest = [list(part) for part in parts if not any(waits(each) for each in part)]
    if prod(len(part) for part in timed) > MOST:
        return [*rest, *(_kept(part, made, states) for part in timed)]
    if not timed:
        return rest
    ways = {tuple(move for one in each for move in one): each for each in product(*timed)}
    joined = {whole: tuple(move for one in each for move in made[one]) for whole, each in ways.items()}
    return [*rest, _kept(list(joined), joined, states)]


def _kept(
    listed: Sequence[Correction], made: Mapping[Correction, Sequence[Move]], states: Mapping[Slot, State]
) -> list[Correction]:
    asks = [_asks(each, made[each], states) for each in listed]

    def needless(own: frozenset[object], day: datetime.date) -> bool:
        return any(less <= own and then <= day and (less != own or then != day) for less, then in asks)

    return [each for each, (own, day) in zip(listed, asks, strict=True) if not needless(own, day)]


def _asks(
    each: Correction, moves: Sequence[Move], states: Mapping[Slot, State]
) -> tuple[frozenset[object], datetime.date]:
    """What a set asks for besides waiting until a day, and that day."""
    dated = {move.slot: move.holds_from for move in moves if move.holds_from}
    asks: set[object] = set()
    for slot, kind, left in each:
        if slot not in dated:
            asks.add((slot, kind))
            asks.update((slot, kind, value) for value in states[slot].offers[kind] if value not in left)
    return frozenset(asks), max(dated.values(), default=datetime.date.min)
