"""What a record leaves of a straight line: bounds of every node, and what is left of those that they leave open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bvn_asp.engine.lines import NO, YES, All, Leaf, Not, Some, Step, Table
from bvn_asp.engine.steps import Steps
from bvn_asp.model.vocabulary import Slot

_OPPOSITE = (3, 1, 2, 0)
"""Bit 1 says that a node holds in some completion, bit 0 that it does in every one."""


class Rest:
    """What a record leaves of a line: a table in which only what it leaves open stands.

    What is found to be YES holds in every completion of the record, and what is found to be NO in none. There may be
    more of either than are found.

    Args:
        steps: the line.
        allowed: slot to the values that the record allows, as bits; all of them for a slot that is not there.
        beside: what another record leaves of the same line, made before: only what hangs on other slots is worked out.

    Attributes:
        table: shared with the record beside which it is made.
        of: node to what it is in `table`.
    """

    def __init__(self, steps: Steps, allowed: Mapping[Slot, int], beside: Rest | None = None) -> None:
        self._steps, self._full = steps, steps.table.full
        self._allowed = allowed
        if beside is None:
            self.table, self.of, self._at = Table({}), steps.column(YES), steps.column(3)
            self.table.full = {slot: self._values(slot) for slot in self._full}
            which = steps.order
        else:
            both = beside._allowed.keys() | allowed.keys()
            changed = [slot for slot in both if self._values(slot) != beside._values(slot)]
            self.table = beside.table.beside(beside.table.full | {slot: self._values(slot) for slot in changed})
            self.of, self._at = beside.of.copy(), beside._at.copy()
            which = steps.above_any(changed)
        steps.compute(which, self._at, 3, _OPPOSITE.__getitem__, self._leaf)
        self._fold(which)

    def _values(self, slot: Slot) -> int:
        return self._allowed.get(slot, self._full.get(slot, 0))

    def _leaf(self, slot: Slot, mask: int) -> int:
        here = self.table.full[slot]
        return 0 if not mask & here else 2 if here & ~mask else 3

    def _fold(self, which: Iterable[Step]) -> None:
        """Work out what some nodes are, parts first."""
        found, at, table = self.of, self._at, self.table
        for i, kind, parts, node in which:
            if at[i] != 2:
                found[i] = YES if at[i] == 3 else NO
            elif kind is Leaf:
                found[i] = table.leaf(node.slot, node.mask & table.full[node.slot])
            elif kind is All:
                found[i] = table.every([found[part] for part in parts])
            elif kind is Some:
                found[i] = table.any([found[part] for part in parts])
            elif kind is Not:
                found[i] = table.negated(found[node.part])
            else:
                found[i] = table.enough(node.need, [(found[part], weight) for part, weight in node.parts])

    def open(self, node: int) -> bool:
        """Whether it is left open if a node holds."""
        return self.of[node] > YES
