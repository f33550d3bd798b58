"""Completions of one record led to what they are to show, slot by slot, along the straight line of its policies.

A completion that is reached is one; an aim that bounds put out of reach of every value of some slot is out of reach.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

from bvn_asp.classes import dataclass
from bvn_asp.engine.lanes import SEED, Lanes
from bvn_asp.engine.lines import Leaf, Step
from bvn_asp.engine.rest import Rest
from bvn_asp.engine.steps import Steps, bound
from bvn_asp.model.vocabulary import Slot

TRIES = 4  # lanes for each aim


@dataclass(frozen=True)
class Aim:
    """What a completion is to be like, or two completions that differ in one slot alone.

    Attributes:
        node: what is to hold, or not to.
        holds: which of the two; always True of two completions.
        within: slots with the values that they may have, as bits, where that is less than the record allows.
        other: of two completions, the node that is to hold in the second.
        slot: in what they differ.
        kinds: the values of that slot in the two, as bits.
    """

    node: int
    holds: bool = True
    within: tuple[tuple[Slot, int], ...] = ()
    other: int = 0
    slot: Slot | None = None
    kinds: tuple[int, int] = (0, 0)


class Dive:
    """Completions that are led towards aims, slot by slot.

    First each slot loses the values with which an aim is out of reach, as far as bounds tell; then each is given one of
    those that are left. What is reached is so, and what no value of some slot leaves within reach is not: both are
    certain. Of all else nothing is known.

    Args:
        rest: what the record leaves.
        aims: all of single completions, or all of two; of nodes that it leaves open.
        unless: what the record allows a slot of which an aim says nothing; by default as `allowed`.
        prune: whether slots lose values first; without, no aim is ruled out but by what the record leaves.

    Attributes:
        reached, ruled_out: the aims that completions were seen to reach, and those that none can.
    """

    def __init__(
        self,
        of: Lanes,
        allowed: Mapping[Slot, int],
        rest: Rest,
        aims: Sequence[Aim],
        unless: Mapping[Slot, int] | None = None,
        prune: bool = True,
    ) -> None:
        self._allowed = allowed
        unless = unless or allowed
        nodes = dict.fromkeys(node for aim in aims for node in (aim.node, aim.other))
        self._steps = Steps(rest.table, [rest.of[node] for node in (*nodes, *of.forbidden)])
        self._rest = rest
        self._count = len(aims) * TRIES
        self._pairs = any(aim.slot for aim in aims)
        self._lanes = 2 * self._count if self._pairs else self._count
        self._half = (1 << self._lanes) - 1
        self._forbidden = [rest.of[node] for node in of.forbidden]
        block = {aim: ((1 << TRIES) - 1) << i * TRIES for i, aim in enumerate(aims)}
        self._firsts = reduce(or_, (1 << i * TRIES for i in range(len(aims))))
        self._firsts |= self._firsts << self._count if self._pairs else 0
        self._wanted: dict[tuple[int, bool], int] = {}
        self._goals: dict[int, int] = {}
        self._by: dict[Slot, int] = {}
        kept: dict[Slot, list[tuple[int, int]]] = {}
        for aim, here in block.items():
            self._want(aim.node, aim.holds, here)
            for slot, mask in aim.within:
                kept.setdefault(slot, []).append((mask, here | here << self._count if self._pairs else here))
            if aim.slot is not None:
                self._want(aim.other, True, here << self._count)
                self._by[aim.slot] = self._by.get(aim.slot, 0) | here
                for node in (aim.node, aim.other):
                    step = rest.of[node]
                    self._goals[step] = self._goals.get(step, 0) | here
                for mask, lanes in zip(aim.kinds, (here, here << self._count), strict=True):
                    kept.setdefault(aim.slot, []).append((mask, lanes))
        self._columns: dict[Slot, dict[int, int]] = {}
        for slot in self._steps.slots:
            listed = kept.get(slot, ())
            free = self._half & ~reduce(or_, (lanes for _, lanes in listed), 0)
            self._columns[slot] = {
                kind: (free if kind & unless.get(slot, -1) else 0)
                | reduce(or_, (lanes for mask, lanes in listed if mask & kind), 0)
                for kind in of.kinds_in(slot, allowed.get(slot, of.table.full[slot]))
            }
        self._at = self._steps.column(self._half << self._lanes | self._half)
        self._moved = [0] * len(self._at)
        movable = {number for number, *_ in self._steps.above_any(self._by)}
        self._movable = {slot: [s for s in self._steps.above(slot) if s[0] in movable] for slot in self._steps.slots}
        bound(self._steps, self._steps.order, self._at, self._columns, self._lanes)
        self._move(self._steps.above_any(self._by))
        self._near: dict[Slot, _Near] = {}
        self._left = self._good(_Near([*self._forbidden], [*self._wanted.items()], [*self._goals.items()]))
        rng = random.Random(SEED)
        slots = [slot for slot, own in self._columns.items() if len(own) > 1]
        for slot in slots if prune else ():
            self._step(slot, None)
        self.ruled_out = {aim for aim, here in block.items() if not self._left & here}
        for slot in slots:
            self._step(slot, rng)
        sure = self._reach = self._left & self._sure()
        self.reached = {aim for aim, here in block.items() if sure & here}

    def _sure(self) -> int:
        """The lanes whose aims are reached whatever bounds may leave open: nothing, once each slot has one value."""
        at, lost = self._at, 0
        for step in self._forbidden:
            lost |= at[step] >> self._lanes
        for (step, holds), where in self._wanted.items():
            lost |= where & (~at[step] if holds else at[step] >> self._lanes)
        found = self._half & ~lost
        return found & found >> self._count if self._pairs else found

    def completions(self, number: int) -> Iterator[dict[Slot, int]]:
        """The completions that reach an aim, the number of which is given: slot to its value, as bits."""
        for lane in range(number * TRIES, (number + 1) * TRIES):
            if self._left & self._sure() & 1 << lane:
                yield {
                    slot: next(kind for kind, lanes in own.items() if lanes >> lane & 1)
                    for slot, own in self._columns.items()
                }

    @property
    def seen(self) -> Seen:
        """All completions that reach an aim."""
        both = self._reach | self._reach << self._count if self._pairs else self._reach
        return Seen(self._columns, both, self._half)

    def differing(self, changed: Iterable[Slot], allowed: Mapping[Slot, int]) -> set[Slot]:
        """Of pairs of completions that reached their aims, the slots in which those differ that fit another record.

        Args:
            changed: the slots of which that record may say another thing.
            allowed: slot to the values that it allows, as bits.
        """
        among = self._reach  # the first of each pair
        for slot in changed:
            own, mask = self._columns.get(slot), allowed.get(slot, -1)
            if own is not None:
                here = reduce(or_, (lanes for kind, lanes in own.items() if kind & mask), 0)
                among &= here & here >> self._count
            elif not self._allowed.get(slot, -1) & mask:  # it has one of these, whichever
                return set()
        return {slot for slot, lanes in self._by.items() if lanes & among}

    def _want(self, node: int, holds: bool, lanes: int) -> None:
        step = self._rest.of[node]
        self._wanted[step, holds] = self._wanted.get((step, holds), 0) | lanes

    def _step(self, slot: Slot, rng: random.Random | None) -> None:
        """Take values from a slot with which a lane loses its aim; with `rng`, leave it one of the others."""
        mine = self._by.get(slot, 0)
        own, free = self._columns[slot], self._left & ~(mine | mine << self._count)
        above, near = self._steps.above(slot), self._close(slot)
        before = [(i, self._at[i], self._moved[i]) for i, *_ in above]
        good = {}
        for kind, lanes in own.items():
            if lanes & free:
                self._compute(slot, kind)
                good[kind] = lanes & free & self._good(near)
        if rng is not None:
            good = self._one_each(good, rng)
        left = reduce(or_, good.values(), 0)
        self._left &= left | ~free
        changed = {kind: lanes & ~free | good.get(kind, 0) for kind, lanes in own.items()}
        if any((own[kind] ^ lanes) & self._left for kind, lanes in changed.items()):
            self._columns[slot] = changed
            self._compute(slot, None)
        else:
            for i, at, moved in before:
                self._at[i], self._moved[i] = at, moved

    def _one_each(self, good: Mapping[int, int], rng: random.Random) -> dict[int, int]:
        """One of its good values for every lane; two that belong together have the same ones, and get the same.

        The first try of each aim takes the best, as kinds stand, the others any.
        """
        chosen = dict.fromkeys(good, 0)
        todo = self._half
        for turn, kinds in enumerate([list(good), rng.sample(list(good), len(good)), list(good)]):
            for kind in kinds:
                here = good[kind] & todo
                if not turn:
                    here &= self._firsts
                elif turn == 1:
                    some = rng.getrandbits(self._count)
                    here &= some << self._count | some if self._pairs else some
                chosen[kind] |= here
                todo &= ~here
        return chosen

    def _compute(self, slot: Slot, kind: int | None) -> None:
        """Compute what stands above a slot, with its values as they are in the lanes, or of one kind in all of them."""
        which = self._steps.above(slot)
        if kind is None:
            bound(self._steps, which, self._at, self._columns, self._lanes)
        else:
            bound(self._steps, which, self._at, {}, self._lanes, kind)
        self._move(self._movable[slot])

    def _move(self, which: Iterable[Step]) -> None:
        """Compute in which pairs some steps may differ between the two."""
        half, lanes, count, at, moved = self._half, self._lanes, self._count, self._at, self._moved
        for i, sort, parts, node in which:
            if sort is Leaf:
                found = self._by.get(node.slot, 0)
            else:
                found = 0
                for part in parts:
                    found |= moved[part]
            if found:  # some part differs between the two of a pair: the whole does if its own bounds let it
                every, some = at[i] & half, at[i] >> lanes
                found &= some & ~(every >> count) | (some >> count) & ~every
            moved[i] = found

    def _close(self, slot: Slot) -> _Near:
        """What is to be looked at after a slot has changed: of all else the lanes are good that were so before."""
        near = self._near.get(slot)
        if near is None:
            above = {i for i, *_ in self._steps.above(slot)}
            near = self._near[slot] = _Near(
                [step for step in self._forbidden if step in above],
                [each for each in self._wanted.items() if each[0][0] in above],
                [each for each in self._goals.items() if each[0] in above],
            )
        return near

    def _good(self, near: _Near) -> int:
        """The lanes that may still reach their aims, as far as some nodes tell."""
        at, lost = self._at, 0
        for step in near.forbidden:
            lost |= at[step]
        for (step, holds), where in near.wanted:
            lost |= where & (~(at[step] >> self._lanes) if holds else at[step])
        left = self._half & ~lost
        if not self._pairs:
            return left
        left &= left >> self._count
        for step, where in near.goals:
            left &= self._moved[step] | ~where
        return left | left << self._count


class Seen(NamedTuple):
    """Completions side by side.

    Attributes:
        columns: slot to its values, as bits, each with the lanes that have one of them; on no other slot hangs whether
            a lane is a patient.
        world: the lanes that are a patient.
        full: all lanes.
    """

    columns: Mapping[Slot, Mapping[int, int]]
    world: int
    full: int


class _Near(NamedTuple):
    """What is to hold in no lane, nodes that are to hold or not to in some lanes, and nodes that are to differ."""

    forbidden: list[int]
    wanted: list[tuple[tuple[int, bool], int]]
    goals: list[tuple[int, int]]


def dives(of: Lanes, allowed: Mapping[Slot, int], rest: Rest, asked: Mapping[Aim, Slot]) -> list[Dive]:
    """Completions led to aims that are mostly within reach: slots lose values only for those that are not.

    Args:
        asked: the aims, each with the slot for which it is asked: one that is reached is enough for a slot.
    """
    if not asked:
        return []
    first = Dive(of, allowed, rest, list(asked), prune=False)
    shown = {asked[aim] for aim in first.reached}
    left = [aim for aim, slot in asked.items() if slot not in shown and aim not in first.ruled_out]
    return [first, Dive(of, allowed, rest, left)] if left else [first]
