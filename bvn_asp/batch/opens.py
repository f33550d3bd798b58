"""Which undocumented facts alone can still change a verdict, for many cases at once?

As `open_facts` asks it of one case: two completions that differ in one slot alone and in the verdict. A slot is open
where two such completions have been seen; it is not where no difference can travel from the slot to the verdict,
whatever class each other slot has; the cases for which neither is known go to the solver.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, reduce

import numpy as np

from bvn_asp.batch.bits import Bits, Rows, compute, first, numbers, packed, unpacked, words_for
from bvn_asp.batch.rails import FEW, MANY, Frame, Rails
from bvn_asp.engine.lines import All, Enough, Leaf, Not, Some, order_of, parts_of
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

    @cached_property
    def needs(self) -> dict[Slot, dict[Slot, frozenset[int]]]:
        """For each slot and each other one the classes of the other without which no difference travels to a verdict.

        Told by one frame, in which each case gives one slot one class and leaves all else open; the last leaves all
        open, for where there is one slot only. A slot that no class of some other lets matter is not among them.
        """
        told = [(slot, number) for slot in self.rails.slots for number in range(self._width(slot))]
        every = first(len(told) + 1)
        allowed = {slot: [every.copy() for _ in range(self._width(slot))] for slot in self.rails.slots}
        for row, (slot, number) in enumerate(told):
            for other, column in enumerate(allowed[slot]):
                if other != number:
                    column[row // 64] &= ~(np.uint64(1) << np.uint64(row % 64))
        frame = self.rails.narrow(Frame(len(told) + 1, allowed))
        can = self._can(frame, dict.fromkeys(self.above, slice(0, frame.words)))
        found = {}
        for slot, bits in can.items():
            mine: dict[Slot, set[int]] = {other: set() for other in self.rails.slots if other != slot}
            for row in numbers(bits, len(told)):
                other, number = told[row]
                if other != slot:
                    mine[other].add(number)
            if all(mine.values()):
                found[slot] = {t: frozenset(v) for t, v in mine.items() if len(v) < self._width(t)}
        return found

    def _width(self, slot: Slot) -> int:
        return max(self.rails.compiled.classes[slot]) + 1

    def find(self, frame: Frame, rows: Bits) -> tuple[dict[Slot, Bits], Bits]:
        """Where each slot is open, among some rows; and the rows for which that is not settled.

        After a first look, each slot is looked at for the rows alone for which it is not settled, and what it needs in
        order to matter is taken for granted: where the record does not allow that, or no difference can travel then,
        the slot is not open, and elsewhere the completions that have it are the ones to try.
        """
        found = {slot: np.zeros(frame.words, np.uint64) for slot in self.above}
        here = numbers(rows, frame.rows)
        if not len(here):
            return found, np.zeros(frame.words, np.uint64)
        looked = self.rails.narrow(frame).take(here, self.rails.slots)
        flags = {slot: np.zeros(frame.rows, np.uint8) for slot in self.needs}
        spans = dict.fromkeys(self.needs, slice(0, looked.words))
        todo = dict.fromkeys(self.needs, here)
        for turn in range(ROUNDS):
            can = self._can(looked, spans)
            seen = self._look(looked, MANY if turn else FEW, 100 + turn, can, spans)
            rest, places = {}, {}
            for slot, bits in can.items():
                rows_of = todo[slot]
                flags[slot][rows_of[numbers(seen[slot] & bits, len(rows_of))]] = 1
                left = numbers(bits & ~seen[slot], len(rows_of))
                if len(left):
                    rest[slot], places[slot] = rows_of[left], left + 64 * spans[slot].start
            todo = rest
            if not todo or turn == ROUNDS - 1:
                break
            looked, spans = self._side_by_side(looked, places)
            if turn:
                looked = self._probed(looked, spans, {slot: len(each) for slot, each in todo.items()})
        unsettled = np.zeros(frame.rows, np.uint8)
        for wanted in todo.values():
            unsettled[wanted] = 1
        return {**found, **{slot: packed(each) for slot, each in flags.items()}}, packed(unsettled)

    def _side_by_side(self, frame: Frame, todo: Mapping[Slot, Rows]) -> tuple[Frame, dict[Slot, slice]]:
        """For each slot its rows with what it needs, one slot after the other, each from a new word on; and where."""
        spans, listed, at = {}, [], 0
        for slot, wanted in todo.items():
            words = words_for(len(wanted))
            spans[slot] = slice(at, at + words)
            listed.append(np.concatenate([wanted, np.full(64 * words - len(wanted), wanted[-1])]))
            at += words
        whole = frame.take(np.concatenate(listed), self.rails.slots)
        for slot, span in spans.items():
            for other, classes in self.needs[slot].items():
                for number, column in enumerate(whole.allowed[other]):
                    if number not in classes:
                        column[span] = 0
        return self.rails.narrow(whole), spans

    def _probed(self, frame: Frame, spans: Mapping[Slot, slice], counts: Mapping[Slot, int]) -> Frame:
        """The frame without the classes under which no difference can travel: each is tried for itself.

        Args:
            counts: how many rows there are within each span.
        """
        several = {slot: _several(frame.allowed[slot]) for slot in self.rails.slots}
        tried: list[tuple[Slot, int, Rows]] = []
        probes, wanted, at = {}, [], 0
        for slot, span in spans.items():
            here = first(counts[slot])
            mine = []
            for other, bits in several.items():
                among = bits[span] & here
                if other != slot and among.any():
                    for number, column in enumerate(frame.allowed[other]):
                        mine.append((other, number, numbers(column[span] & among, counts[slot]) + 64 * span.start))
            listed = np.concatenate([rows for _, _, rows in mine]) if mine else np.zeros(0, np.intp)
            if not len(listed):
                continue
            words = words_for(len(listed))
            probes[slot] = slice(at, at + words)
            at += words
            missing = 64 * words - len(listed)
            tried += [*mine, (slot, -1, np.full(missing, listed[-1]))]
            wanted.append(listed)
            wanted.append(np.full(missing, listed[-1]))
        if not wanted:
            return frame
        whole = frame.take(np.concatenate(wanted), self.rails.slots)
        ends = np.cumsum([len(rows) for _, _, rows in tried])
        for (other, number, rows), end in zip(tried, ends, strict=True):
            for each, column in enumerate(whole.allowed[other]):
                if number not in (-1, each):
                    _cleared(column, int(end) - len(rows), int(end))
        can = self._can(self.rails.narrow(whole), probes)
        holds = np.zeros(whole.rows, np.uint8)
        for slot, bits in can.items():
            span = probes[slot]
            holds[64 * span.start : 64 * span.stop] = unpacked(bits, 64 * (span.stop - span.start))
        allowed = {slot: [column.copy() for column in columns] for slot, columns in frame.allowed.items()}
        for (other, number, rows), end in zip(tried, ends, strict=True):
            gone = rows[holds[int(end) - len(rows) : int(end)] == 0] if number >= 0 else rows[:0]
            if len(gone):
                flags = np.zeros(frame.rows, np.uint8)
                flags[gone] = 1
                allowed[other][number] &= ~packed(flags)
        return self.rails.narrow(Frame(frame.rows, allowed))

    def _can(self, frame: Frame, spans: Mapping[Slot, slice]) -> dict[Slot, Bits]:
        """Where a difference in one slot may reach the verdict, for each slot within a span of words."""
        every, some = self.rails.rails(frame, self.order)
        valid = first(frame.rows)
        for columns in frame.allowed.values():
            valid &= np.bitwise_or.reduce(columns)
        found = {}
        for slot, span in spans.items():
            several = _several([each[span] for each in frame.allowed[slot]])
            if not (several & valid[span]).any():
                continue
            moved: dict[int, Bits] = {}
            for number in self.above[slot]:
                node = self.table.nodes[number]
                if isinstance(node, Leaf):
                    moved[number] = several & some[number][span] & ~every[number][span]
                elif isinstance(node, Not):
                    moved[number] = moved[node.part]
                elif isinstance(node, All | Some):
                    reach = np.zeros_like(several)
                    for part in node.parts:
                        if part in moved:
                            way = moved[part]
                            for other in node.parts:
                                if other != part:
                                    way = way & (some[other][span] if isinstance(node, All) else ~every[other][span])
                            reach |= way
                    moved[number] = reach
                elif isinstance(node, Enough):
                    mine = [moved[part] for part, _ in node.parts if part in moved]
                    moved[number] = np.bitwise_or.reduce(mine) & some[number][span] & ~every[number][span]
            reached = np.bitwise_or.reduce([moved[n] for n in self.goals if n in moved]) & valid[span]
            if reached.any():
                found[slot] = reached
        return found

    def _look(
        self, frame: Frame, kinds: tuple[str, ...], turn: int, can: Mapping[Slot, Bits], spans: Mapping[Slot, slice]
    ) -> dict[Slot, Bits]:
        """Where changing one slot of some completion changes the verdict, for each slot within its span."""
        rails, leaves = self.rails, self.rails.compiled.leaves
        completion = rails.completions(frame, kinds, turn)
        base = rails.at(completion, self.order, frame.words, self.order)
        world = self._world(base, frame.words, len(kinds))
        found = {}
        for slot in can:
            span = spans[slot]
            seen = np.zeros_like(can[slot])
            here = {number: bits[..., span] for number, bits in base.items()}
            for new, allowed in enumerate(frame.allowed[slot]):
                where = (world & allowed & ~completion[slot][new])[..., span]
                if not where.any():
                    continue

                def leaf(number: int, new: int = new, words: int = len(seen)) -> Bits:
                    return np.full((1, words), ~np.uint64(0) if new in leaves[number][1] else np.uint64(0))

                changed = compute(self.table, self.above[slot], leaf, np.invert, (), here)
                where = where & self._world(changed, len(seen), len(kinds))
                # A goal that hangs on slots with one completion only has one row for all kinds: rows are broadcast.
                differs = reduce(np.bitwise_or, (changed[n] ^ here[n] for n in self.goals))
                seen |= np.bitwise_or.reduce(differs & where, axis=0)
            found[slot] = seen
        return found

    def _world(self, at: Mapping[int, Bits], words: int, kinds: int) -> Bits:
        world = np.full((kinds, words), ~np.uint64(0), np.uint64)
        for node in self.forbidden:
            world &= ~at[node]
        return world


def _several(columns: Sequence[Bits]) -> Bits:
    """Where a record allows more than one class."""
    found = np.zeros_like(columns[0])
    before = columns[0]
    for column in columns[1:]:
        found, before = found | (before & column), before | column
    return found


def _cleared(bits: Bits, start: int, stop: int) -> None:
    """Set some bits to 0, from one row up to another."""
    low, high = start // 64, stop // 64
    head, tail = np.uint64((1 << start % 64) - 1), np.uint64((1 << stop % 64) - 1)
    if low == high:
        bits[low] &= head | ~tail
        return
    bits[low] &= head
    bits[low + 1 : high] = 0
    if stop % 64:
        bits[high] &= ~tail
