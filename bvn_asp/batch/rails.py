"""Two rails: what holds in every completion of a record, and what holds in some, for many cases at once.

The rails are bounds that are always true. Where they part, `sure` says by the structure of the policy where they are
exact. The other cases, few of them, are halved: each becomes one case for every class of the slots that are fought over
there, and what holds in every one of these, and in some, holds of it. A half has fewer slots unknown, so this ends. A
case of too many halves goes to the solver.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set

import numpy as np
from numpy.typing import NDArray

from bvn_asp.batch.bits import (
    Bits,
    Rows,
    any_of,
    compute,
    constant,
    first,
    numbers,
    packed,
    picked,
    put,
    taken,
    unpacked,
    words_for,
)
from bvn_asp.batch.sure import Known, Sure
from bvn_asp.classes import dataclass, field
from bvn_asp.engine.lines import YES, All, Compiled, Leaf, Line, Not, Some, order_of
from bvn_asp.model.vocabulary import Slot

MOST_HALVES = 4_096
AT_ONCE = 1 << 17
AHEAD = 32
# A slot, which classes the rows allow, how many of these are tried, and whether the slot is fought over at all.
Choice = tuple[Slot, NDArray[np.uint8], Rows, NDArray[np.bool_]]


@dataclass(frozen=True)
class Frame:
    """Some cases, as what their records allow.

    Attributes:
        rows: how many cases.
        allowed: slot to one column for each class of its values: 1 where the record allows it.
        sharp: slots of which every record is known to allow one class alone.
    """

    rows: int
    allowed: Mapping[Slot, Sequence[Bits]]
    sharp: Set[Slot] = frozenset()

    @property
    def words(self) -> int:
        return words_for(self.rows)

    def take(self, wanted: Rows, slots: Iterable[Slot]) -> Frame:
        """Some of the cases, and some of the slots."""
        listed = [(slot, len(self.allowed[slot])) for slot in slots]
        columns = iter(taken([bits for slot, _ in listed for bits in self.allowed[slot]], self.rows, wanted))
        return Frame(len(wanted), {slot: [next(columns) for _ in range(width)] for slot, width in listed})

    def hold(self, fixed: Mapping[Slot, Rows]) -> None:
        """Leave slots one class; changes the columns in place.

        Args:
            fixed: slot to the class in each row, -1 where it is not fixed.
        """
        for slot, classes in fixed.items():
            for number, column in enumerate(self.allowed[slot]):
                column &= packed((classes == number) | (classes < 0))


@dataclass
class Bounds:
    """What is known of some nodes, row by row.

    Attributes:
        every, some: node to where it holds in every completion, and where it holds in some.
        impossible: rows that no completion satisfies, as far as the rails can tell.
        unsettled: rows for which the rails are not known to be exact.
    """

    every: dict[int, Bits] = field(default_factory=dict)
    some: dict[int, Bits] = field(default_factory=dict)
    impossible: Bits = field(default_factory=lambda: np.zeros(0, np.uint64))
    unsettled: Bits = field(default_factory=lambda: np.zeros(0, np.uint64))


class Rails:
    """One line of a compiled program, ready for any number of frames.

    Args:
        statuses, blamed: settle these too, not the verdict alone.
    """

    def __init__(self, compiled: Compiled, line: Line, statuses: bool = True, blamed: bool = True) -> None:
        self.compiled, self.line, self.table = compiled, line, compiled.table
        self.both = frozenset(line.met.values()) if statuses else frozenset()
        self.always = frozenset([*line.verdicts.values(), *(line.blamed.values() if blamed else ())])
        self.outputs = tuple(sorted(self.both | self.always | set(line.forbidden.values())))
        self.order = order_of(self.table, self.outputs)
        self.slots = tuple(dict.fromkeys(compiled.leaves[n][0] for n in self.order if n in compiled.leaves))
        clauses = [_clause(compiled, node) for node in line.forbidden.values()]
        self.rulesets = [each for each in clauses if each]
        self.sure = Sure(compiled, line)

    def bounds(self, frame: Frame, valid: Bits) -> Bounds:
        """What holds in every completion and in some; exact but for the unsettled rows.

        Args:
            valid: the rows that matter.
        """
        if self.complete(frame, valid):
            return self._certain(frame, valid)
        return self._settled(self.narrow(frame), valid)

    def _settled(self, frame: Frame, valid: Bits) -> Bounds:
        """The bounds of a frame that has been narrowed."""
        rails = self.rails(frame, self.order)
        rails |= {n: np.broadcast_to(constant(n, frame.words), (2, frame.words)) for n in self.outputs if n <= YES}
        every, some = {n: rails[n][0] for n in self.outputs}, {n: rails[n][1] for n in self.outputs}
        nothing = np.zeros(frame.words, np.uint64)
        impossible, doubtful = nothing, nothing
        for node in self.line.forbidden.values():
            impossible, doubtful = impossible | every[node], doubtful | some[node]
        impossible = impossible & valid
        rest = valid & ~impossible
        known = Known(self.sure, frame.allowed, rails)
        left = doubtful & rest
        if left.any():
            left = left & ~known.patient()
        for node in self.both | self.always:
            parted = some[node] & ~every[node] & rest
            if parted.any():
                left = left | (parted & ~known.in_world((node, False)))
                if node in self.both:
                    left = left | (parted & ~known.in_world((node, True)))
        found = Bounds(every, some, impossible, left)
        if left.any():
            self._halve(frame, found, known.fought)
        return found

    def _halve(self, frame: Frame, found: Bounds, fought: Mapping[Slot, Bits]) -> None:
        """Settle the unsettled rows by their halves; changes the bounds in place."""
        rows = numbers(found.unsettled, frame.rows)
        choices, sizes = choices_of(frame, rows, fought, AHEAD)
        for here in lots(sizes):
            self._half(frame, found, rows, here, choices)

    def _half(self, frame: Frame, found: Bounds, rows: Rows, here: Rows, choices: Sequence[Choice]) -> None:
        """Settle some of the unsettled rows."""
        origin, fixed = halves_of(here, choices)
        part = frame.take(rows[origin], self.slots)
        part.hold(fixed)
        halves = self._settled(self.narrow(part), first(part.rows))
        starts = np.flatnonzero(np.diff(origin, prepend=-1))
        impossible = unpacked(halves.impossible, part.rows)
        nobody = np.bitwise_and.reduceat(impossible, starts)  # each half for a reason of its own
        for before, after in ((found.every, halves.every), (found.some, halves.some)):
            for node in (each for each in self.both | self.always if each > YES):
                each = unpacked(after[node], part.rows)
                if before is found.every:
                    bits = np.bitwise_and.reduceat(each | impossible, starts)
                else:
                    bits = np.bitwise_or.reduceat(each & ~impossible, starts)
                before[node] = put(before[node], rows[here], bits)
        open_ = np.bitwise_or.reduceat(unpacked(halves.unsettled, part.rows) & ~impossible, starts)
        found.unsettled = put(found.unsettled, rows[here], open_ | nobody)

    def complete(self, frame: Frame, valid: Bits) -> bool:
        """Whether each of some rows allows one class alone of every slot, so that it is its only completion."""
        for slot in self.slots:
            if slot not in frame.sharp:
                columns = frame.allowed[slot]
                before = columns[0]
                for column in columns[1:]:
                    if (before & column & valid).any():
                        return False
                    before = before | column
        return True

    def _certain(self, frame: Frame, valid: Bits) -> Bounds:
        """The bounds of complete cases: one rail is both."""
        at = self.at(frame.allowed, self.outputs, frame.words)
        at |= {n: constant(n, frame.words)[0] for n in self.outputs if n <= YES}
        nothing = np.zeros(frame.words, np.uint64)
        impossible = nothing
        for node in self.line.forbidden.values():
            impossible = impossible | (at[node] & valid)
        return Bounds(at, at, impossible, nothing)

    def narrow(self, frame: Frame) -> Frame:
        """What no patient can be, put to use: where all but one part of a reason is certain, the last one is not."""
        if not self.rulesets:
            return frame
        allowed = dict(frame.allowed)
        for clause in self.rulesets * 2:
            certain = [~any_of([b for i, b in enumerate(allowed[s]) if i not in held]) for s, held in clause]
            for k, (slot, held) in enumerate(clause):
                others = [each for j, each in enumerate(certain) if j != k]
                if others:
                    free = ~np.bitwise_and.reduce(others) | certain[k]
                    allowed[slot] = [b & free if i in held else b for i, b in enumerate(allowed[slot])]
        return Frame(frame.rows, allowed)

    def rails(self, frame: Frame, order: Sequence[int]) -> dict[int, Bits]:
        """Where the nodes of an order hold in every completion and in some: bounds, each on the safe side."""

        def leaf(number: int) -> Bits:
            slot, held = self.compiled.leaves[number]
            columns = frame.allowed[slot]
            found = np.empty((2, frame.words), np.uint64)
            np.invert(any_of([column for i, column in enumerate(columns) if i not in held]), out=found[0])
            found[1] = any_of([column for i, column in enumerate(columns) if i in held])
            return found

        return compute(self.table, order, leaf, lambda bits: ~bits[::-1], order)

    def at(
        self,
        completion: Mapping[Slot, Sequence[Bits]],
        keep: Iterable[int],
        words: int,
        order: Sequence[int] | None = None,
    ) -> dict[int, Bits]:
        """Nodes at some completions, each case having exactly one class of every slot."""

        def leaf(number: int) -> Bits:
            slot, held = self.compiled.leaves[number]
            columns = completion[slot]
            if 2 * len(held) <= len(columns):
                return any_of([columns[i] for i in held])
            return ~any_of([columns[i] for i in range(len(columns)) if i not in held])

        found = compute(self.table, self.order if order is None else order, leaf, np.invert, keep)
        return found | {n: constant(n, words) for n in keep if n < 2}


def choices_of(
    frame: Frame, rows: Rows, fought: Mapping[Slot, Bits], ahead: int = 1
) -> tuple[list[Choice], NDArray[np.float64]]:
    """The slots by which rows are to be halved, and into how many halves each row.

    Args:
        ahead: up to so many halves a row is also halved by what is fought over in others: it often would be next.
    """
    found, sizes = list[Choice](), np.ones(len(rows))
    for slot, bits in fought.items():
        mine = picked([bits], rows)[0].astype(np.bool_)
        if mine.any():
            allowed = picked(frame.allowed[slot], rows)
            counts = np.where(mine, np.maximum(allowed.sum(0, dtype=np.intp), 1), 1)
            found.append((slot, allowed, counts, mine))
            sizes *= counts
    choices = list[Choice]()
    for slot, allowed, counts, mine in found:
        if ahead > 1:
            more = np.maximum(allowed.sum(0, dtype=np.intp), 1)
            also = ~mine & (more > 1) & (sizes * more <= ahead) & (sizes > 1)
            mine, counts = mine | also, np.where(also, more, counts)
            sizes = np.where(also, sizes * more, sizes)
        if (counts > 1).any():
            choices.append((slot, allowed, counts, mine))
    return choices, sizes


def lots(sizes: NDArray[np.float64]) -> list[Rows]:
    """Rows that can be halved, so many at a time as there is room for."""
    few = (sizes > 1) & (sizes <= MOST_HALVES)
    lot = np.cumsum(np.where(few, sizes, 0)) // AT_ONCE
    return [np.flatnonzero(few & (lot == each)) for each in np.unique(lot[few])]


def halves_of(here: Rows, choices: Sequence[Choice]) -> tuple[Rows, dict[Slot, Rows]]:
    """The halves of some rows in a row: whose each is, and for each slot its class; -1 where it is not fixed."""
    origin, fixed = here, dict[Slot, Rows]()
    for slot, allowed, counts, mine in choices:
        times = counts[origin]
        of = np.repeat(np.arange(len(origin)), times)
        turn = np.arange(len(of)) - np.repeat(np.cumsum(times) - times, times)
        origin, fixed = origin[of], {each: classes[of] for each, classes in fixed.items()}
        ways = np.argsort(allowed == 0, axis=0, kind="stable") if len(allowed) > 2 else _of_two(allowed)
        fixed[slot] = np.where(mine[origin], ways[turn, origin], -1)
    return origin, fixed


def _of_two(allowed: NDArray[np.uint8]) -> Rows:
    """For two classes the same as sorting them, those that are allowed first."""
    found = np.ones(allowed.shape, np.intp)
    found[0] = (allowed[0] == 0) & (allowed[1] != 0)
    found[1] = ~found[0].astype(np.bool_)
    return found


def _clause(compiled: Compiled, node: int) -> list[tuple[Slot, frozenset[int]]]:
    """A node that is plainly *all of these leaves*, as slots with classes; empty if it is anything else."""
    table, found = compiled.table, []
    made = table.nodes[node]
    if isinstance(made, Not):
        inner = table.nodes[made.part]
        parts = [table.negated(each) for each in inner.parts] if isinstance(inner, Some) else []
    else:
        parts = list(made.parts) if isinstance(made, All) else []
    for part in parts:
        leaf = table.nodes[part]
        if not isinstance(leaf, Leaf):
            return []
        classes = compiled.classes[leaf.slot]
        found.append((leaf.slot, frozenset(each for value, each in enumerate(classes) if leaf.mask >> value & 1)))
    return found
