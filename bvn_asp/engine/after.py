"""One record along straight lines, and records that differ from it in a few slots: what of them is plain.

For each node two things are computed at once: what bounds tell of it, and in which of some completions it holds.
Another record moves only what stands above the slots in which it differs. What is told is exact, as in `chart`.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import cached_property, reduce
from operator import or_

from bvn_asp.engine.changes import always
from bvn_asp.engine.lanes import SEED, Lanes
from bvn_asp.engine.lines import Leaf, Table, order_of
from bvn_asp.engine.rest import Rest
from bvn_asp.engine.steps import Steps, bound
from bvn_asp.model.vocabulary import Slot

LANES = 96
FEW = 24


class After:
    """One record, and how others that differ from it in a few slots stand.

    The first lane is the record itself, whatever it leaves open; every other one is a completion of it.

    Args:
        allowed: slot to the values that the record allows, as bits; all of them for a slot that is not there.
    """

    def __init__(self, of: Lanes, allowed: Mapping[Slot, int], lanes: int = LANES) -> None:
        self.of, self.allowed, self.lanes = of, allowed, lanes
        self._near: dict[int, tuple[Lanes, tuple[int, ...]]] = {}
        self.columns = {slot: self.drawn(slot, allowed.get(slot, of.table.full[slot])) for slot in of.leaves}
        self.half = (1 << lanes) - 1
        self.at = of.steps.column(self.half << lanes | self.half)
        bound(of.steps, of.steps.order, self.at, self.columns, lanes)

    def drawn(self, slot: Slot, mask: int) -> dict[int, int]:
        """The kinds of a slot's values that a record allows, with their lanes: near the best, near the worst, any."""
        kinds, lanes = self.of.kinds_in(slot, mask), self.lanes - 1
        if len(kinds) == 1:
            return {kinds[0]: (1 << self.lanes) - 1}
        rng = random.Random(f"{SEED} {slot}")
        own = dict.fromkeys(kinds, 1)
        left, third = (1 << lanes) - 1, (1 << lanes // 3) - 1
        rare = ~(rng.getrandbits(lanes) & rng.getrandbits(lanes) & rng.getrandbits(lanes))
        for kind, here in ((kinds[0], third), (kinds[-1], third << lanes // 3)):
            own[kind] |= (here & rare) << 1
            left &= ~(here & rare)
        for kind in kinds[1:]:
            here = left & rng.getrandbits(lanes)
            own[kind] |= here << 1
            left &= ~here
        own[kinds[0]] |= left << 1
        return own

    def near(self, node: int) -> tuple[Lanes, tuple[int, ...]]:
        """The line to one node, and to what nobody can be that has a slot in common with it."""
        if node not in self._near:
            table = self.of.table
            slots = _slots(table, node)
            bad = tuple(each for each in self.of.forbidden if not slots.isdisjoint(_slots(table, each)))
            self._near[node] = Lanes(table, {}, (), (node, *bad)), bad
        return self._near[node]

    def somebody(self, slot: Slot, mask: int) -> bool:
        """Whether somebody is seen to be as the record says, and to have one of some values of a slot."""
        having = reduce(or_, (here for kind, here in self.columns[slot].items() if kind & mask), 0)
        return bool(self._plain.patients & having)

    @cached_property
    def _plain(self) -> Other:
        """The record itself."""
        return self.record({})

    def record(self, changes: Mapping[Slot, int | None], steps: Steps | None = None) -> Other:
        """How another record stands.

        Args:
            changes: slots with the values that it allows, as bits; None for what it does not know.
            steps: what alone is looked at, if not everything.
        """
        told = {slot: mask for slot, mask in changes.items() if slot in self.columns}
        return Other(self, told, steps or self.of.steps)


class Other:
    """A record that differs from one in a few slots."""

    def __init__(self, of: After, changes: Mapping[Slot, int | None], steps: Steps) -> None:
        self._of, self._changes = of, changes
        self._at = of.at
        above = sorted(set().union(*map(steps.above, changes)))
        if above:
            full, self._at = of.of.table.full, of.at.copy()
            columns = {slot: of.drawn(slot, full[slot] if mask is None else mask) for slot, mask in changes.items()}
            bound(steps, above, self._at, {**of.columns, **columns}, of.lanes)

    @cached_property
    def _forbidden(self) -> int:
        """The lanes in which some reason may hold why nobody is so."""
        found = (self._at[node] for node in self._of.of.forbidden)
        return reduce(or_, (bits >> self._of.lanes for bits in found), 0)

    @property
    def patients(self) -> int:
        """The lanes that are a completion, and a patient."""
        return self._of.half & ~self._forbidden & ~1

    @property
    def possible(self) -> bool:
        """Whether somebody is seen to be so; else nothing is said of the record here."""
        return not self._forbidden & 1 or bool(self.patients)

    def can(self, node: int, holds: bool = True) -> bool | None:
        """Whether a node holds, or does not hold, in some completion; None if that is not plain."""
        bits, lanes = self._at[node], self._of.lanes
        if not (bits >> lanes if holds else ~bits) & 1:
            return False
        if (bits if holds else ~bits) & self.patients:
            return True
        if (bits if holds else ~(bits >> lanes)) & 1:
            return True
        return False if self._is_never(node, holds) else None

    def _is_never(self, node: int, holds: bool) -> bool:
        """Whether it is seen, value by value, that a node which hangs on few slots holds, or does not, in nobody."""
        lanes, bad = self._of.near(node)
        if len(lanes.leaves) > FEW:
            return False
        allowed = {slot: mask for slot, mask in {**self._of.allowed, **self._changes}.items() if mask is not None}
        rest = Rest(lanes.steps, allowed)
        table, left = rest.table, rest.of[node]
        return always(table, table.any([table.negated(left) if holds else left, *(rest.of[each] for each in bad)]))


def ways(
    of: Lanes, allowed: Mapping[Slot, int], node: int, asked: Sequence[tuple[Slot, int]]
) -> list[bool | None]:
    """Whether a node holds in some completion of a record in which a slot has one of some values, for each of some.

    Each has two lanes: the completion that is best on every other slot, and the record as it is.

    Args:
        asked: slots with values that the record allows, as bits.

    Returns: None where that is not plain.
    """
    count = len(asked)
    lanes, firsts = 2 * count, (1 << count) - 1
    mine: dict[Slot, list[int]] = {}
    for i, (slot, _) in enumerate(asked):
        mine.setdefault(slot, []).append(i)
    columns = {}
    for slot in of.leaves:
        kinds = of.kinds_in(slot, allowed.get(slot, of.table.full[slot]))
        free = firsts & ~sum(1 << i for i in mine.get(slot, ()))
        own = columns[slot] = dict.fromkeys(kinds, free << count)
        own[kinds[0]] |= free
        for i in mine.get(slot, ()):
            here = [kind for kind in kinds if kind & asked[i][1]]
            own[here[0]] |= 1 << i
            for kind in here:
                own[kind] |= 1 << i + count
    at = of.steps.column((1 << 2 * lanes) - 1)
    bound(of.steps, of.steps.order, at, columns, lanes)
    lost = reduce(or_, (at[each] >> lanes for each in of.forbidden), 0)
    seen, may = at[node] & ~lost, at[node] >> lanes + count
    return [True if seen >> i & 1 else None if may >> i & 1 else False for i in range(count)]


def _slots(table: Table, node: int) -> set[Slot]:
    """The slots on which a node hangs."""
    below = (table.nodes[each] for each in order_of(table, [node]))
    return {each.slot for each in below if isinstance(each, Leaf)}


__all__ = ["After", "Other", "ways"]
