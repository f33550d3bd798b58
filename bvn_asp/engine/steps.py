"""How nodes are computed with whole numbers as columns of bits: many completions, or many bounds, at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from bvn_asp.engine.lines import All, Leaf, Not, Some, Step, Table, order_of
from bvn_asp.model.vocabulary import Slot


class Steps:
    """How to compute some nodes of a table.

    Args:
        wanted: nodes; they are computed with all that they need. None for all nodes.

    Attributes:
        order: all these, parts first.
        slots: slot to its leaves among them.
    """

    def __init__(self, table: Table, wanted: Iterable[int] | None) -> None:
        self.table, self.slots = table, dict[Slot, list[Step]]()
        steps = table.steps
        self.order = tuple(steps[2:] if wanted is None else map(steps.__getitem__, order_of(table, wanted)))
        for step in self.order:
            if step[1] is Leaf:
                self.slots.setdefault(step[3].slot, []).append(step)
        self._above: dict[Slot, tuple[Step, ...]] = {}
        self._parents: dict[int, list[Step]] = {}

    def column(self, full: int) -> list[int]:
        """Where the nodes are computed, by their numbers: NO and YES are there.

        Args:
            full: every bit.
        """
        return [0, full, *([0] * (len(self.table.nodes) - 2))]

    def above(self, slot: Slot) -> tuple[Step, ...]:
        """The nodes that a slot reaches, parts first."""
        found = self._above.get(slot)
        if found is None:
            found = self._above[slot] = self.above_any([slot])
        return found

    def above_any(self, slots: Iterable[Slot]) -> tuple[Step, ...]:
        """The nodes that some slots reach, parts first."""
        if not self._parents:
            for step in self.order:
                for part in step[2]:
                    self._parents.setdefault(part, []).append(step)
        reached: dict[int, Step] = {}
        todo = [leaf for slot in slots for leaf in self.slots.get(slot, ())]
        while todo:
            step = todo.pop()
            if step[0] not in reached:
                reached[step[0]] = step
                todo += self._parents.get(step[0], ())
        return tuple(reached[number] for number in sorted(reached))

    def compute(
        self,
        which: Iterable[Step],
        at: list[int],
        full: int,
        flip: Callable[[int], int],
        leaf: Callable[[Slot, int], int],
    ) -> None:
        """Compute some nodes in place.

        Args:
            which: in their order.
            full: every bit.
            flip: what negation does to bits.
            leaf: the bits of a slot's having one of some values.
        """
        for i, kind, parts, node in which:
            if kind is All:
                found = full
                for part in parts:
                    found &= at[part]
            elif kind is Some:
                found = 0
                for part in parts:
                    found |= at[part]
            elif kind is Leaf:
                found = leaf(node.slot, node.mask)
            elif kind is Not:
                found = flip(at[node.part])
            else:
                least = [full] + [0] * node.need
                for part, weight in node.parts:
                    for j in range(node.need, 0, -1):
                        least[j] |= least[max(j - weight, 0)] & at[part]
                found = least[-1]
            at[i] = found


def bound(
    steps: Steps,
    which: Iterable[Step],
    at: list[int],
    columns: Mapping[Slot, Mapping[int, int]],
    lanes: int,
    kind: int | None = None,
) -> None:
    """Compute in place in which lanes some steps hold in every completion, and above that in which they do in some.

    Args:
        columns: slot to its values, as bits, each with the lanes that allow it.
        kind: the one value of every slot, in place of these.
    """
    half = (1 << lanes) - 1
    full = half << lanes | half

    def flip(bits: int) -> int:
        return half ^ (bits >> lanes) | (half ^ (bits & half)) << lanes

    def leaf(slot: Slot, mask: int) -> int:
        if kind is not None:
            return full if mask & kind else 0
        inside = outside = 0
        for each, here in columns[slot].items():
            if mask & each:  # values of one kind: a leaf has all of them, or none
                inside |= here
            else:
                outside |= here
        return inside << lanes | (half & ~outside)

    steps.compute(which, at, full, flip, leaf)
