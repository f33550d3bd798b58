"""Which undocumented facts alone can still change a verdict, for many cases at once?

As `open_facts` asks it of one case: two completions that differ in one slot alone and in the verdict. A slot is open
where two such completions have been seen; it is not where no difference can travel from the slot to the verdict; the
cases for which neither is known go to the solver.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

import numpy as np

from bvn_asp.batch.bits import Bits, compute, first, numbers, packed, taken
from bvn_asp.batch.compile import All, Enough, Leaf, Not, Some, order_of, parts_of
from bvn_asp.batch.rails import FEW, MANY, Frame, Rails
from bvn_asp.model.vocabulary import Slot

ROUNDS = 5


class Opens:
    """Open facts of one line."""

    def __init__(self, rails: Rails) -> None:
        self.rails, self.table = rails, rails.table
        line = rails.line
        self.goals = tuple(n for n in line.verdicts.values() if n > 1)
        self.forbidden = tuple(line.forbidden.values())
        self.order = order_of(self.table, [*self.goals, *self.forbidden])
        self.above: dict[Slot, tuple[int, ...]] = {}
        leaves = rails.compiled.leaves
        for slot in dict.fromkeys(leaves[n][0] for n in order_of(self.table, self.goals) if n in leaves):
            reached: set[int] = set()
            for number in self.order:
                node = self.table.nodes[number]
                assert node is not None
                if (isinstance(node, Leaf) and node.slot == slot) or reached & set(parts_of(node)):
                    reached.add(number)
            self.above[slot] = tuple(n for n in self.order if n in reached)

    def find(self, frame: Frame, rows: Bits) -> tuple[dict[Slot, Bits], Bits]:
        """Where each slot is open, among some rows; and the rows for which that is not settled."""
        found = {slot: np.zeros(frame.words, np.uint64) for slot in self.above}
        unsettled = np.zeros(frame.words, np.uint64)
        here = numbers(rows, frame.rows)
        if not len(here):
            return found, unsettled
        part = self.rails.narrow(frame).take(here, self.rails.slots)
        can = self._can(part)
        seen = {slot: np.zeros(part.words, np.uint64) for slot in can}
        whole = {slot: np.zeros(frame.rows, np.uint8) for slot in can}
        for turn in range(ROUNDS):
            self._look(part, FEW if turn == 0 else MANY, 100 + turn, can, seen)
            left = np.zeros(part.words, np.uint64)
            for slot in can:
                left |= can[slot] & ~seen[slot]
                whole[slot][here[numbers(seen[slot], part.rows)]] = 1
            wanted = numbers(left & first(part.rows), part.rows)
            if not len(wanted) or turn == ROUNDS - 1:
                break
            can = {slot: taken(bits, part.rows, wanted) for slot, bits in can.items()}
            seen = {slot: taken(bits, part.rows, wanted) for slot, bits in seen.items()}
            part, here = part.take(wanted, self.rails.slots), here[wanted]
        flags = np.zeros(frame.rows, np.uint8)
        flags[here[wanted]] = 1
        return {**found, **{slot: packed(each) for slot, each in whole.items()}}, packed(flags)

    def _can(self, frame: Frame) -> dict[Slot, Bits]:
        """Where a difference in one slot may reach the verdict."""
        every, some = self.rails.rails(frame, self.order)
        found = {}
        valid = first(frame.rows)
        for slot, order in self.above.items():
            columns = frame.allowed[slot]
            several = np.zeros(frame.words, np.uint64)
            before = columns[0]
            for column in columns[1:]:
                several, before = several | (before & column), before | column
            if not (several & valid).any():
                continue
            moved: dict[int, Bits] = {}
            for number in order:
                node = self.table.nodes[number]
                if isinstance(node, Leaf):
                    moved[number] = several & some[number] & ~every[number]
                elif isinstance(node, Not):
                    moved[number] = moved[node.part]
                elif isinstance(node, All | Some):
                    reach = np.zeros(frame.words, np.uint64)
                    for part in node.parts:
                        if part in moved:
                            way = moved[part]
                            for other in node.parts:
                                if other != part:
                                    way = way & (some[other] if isinstance(node, All) else ~every[other])
                            reach |= way
                    moved[number] = reach
                elif isinstance(node, Enough):
                    mine = [moved[part] for part, _ in node.parts if part in moved]
                    moved[number] = np.bitwise_or.reduce(mine) & some[number] & ~every[number]
            reached = np.bitwise_or.reduce([moved[n] for n in self.goals if n in moved]) & valid
            if reached.any():
                found[slot] = reached
        return found

    def _look(
        self, frame: Frame, kinds: tuple[str, ...], turn: int, can: Mapping[Slot, Bits], seen: dict[Slot, Bits]
    ) -> None:
        """Note where changing one slot of a completion changes the verdict."""
        rails, leaves = self.rails, self.rails.compiled.leaves
        completion = rails.completions(frame, kinds, turn)
        base = rails.at(completion, self.order, frame.words, self.order)
        world = self._world(base, frame, len(kinds))
        for slot in can:
            for new, allowed in enumerate(frame.allowed[slot]):
                where = world & allowed & ~completion[slot][new]
                if not where.any():
                    continue

                def leaf(number: int, new: int = new) -> Bits:
                    return np.full((1, frame.words), ~np.uint64(0) if new in leaves[number][1] else np.uint64(0))

                changed = compute(self.table, self.above[slot], leaf, np.invert, (), base)
                where = where & self._world(changed, frame, len(kinds))
                # A goal that hangs on slots with one completion only has one row for all kinds: rows are broadcast.
                differs = reduce(np.bitwise_or, (changed[n] ^ base[n] for n in self.goals))
                seen[slot] |= np.bitwise_or.reduce(differs & where, axis=0)

    def _world(self, at: Mapping[int, Bits], frame: Frame, kinds: int) -> Bits:
        world = np.full((kinds, frame.words), ~np.uint64(0), np.uint64)
        for node in self.forbidden:
            world &= ~at[node]
        return world
