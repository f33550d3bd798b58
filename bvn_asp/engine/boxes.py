"""Where a policy does not approve, as boxes, and on which slots each of its entries hangs: read off its straight line.

A box holds wherever each of its slots has one of its values; a list of boxes holds wherever one of them does. A box is
one whole number, a field of bits for each slot with one bit for each value, so that one operation looks at all slots.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from weakref import WeakKeyDictionary

from bvn_asp import store
from bvn_asp.classes import dataclass
from bvn_asp.engine.lines import All, Enough, Leaf, Not, Table, compiled, order_of
from bvn_asp.engine.program import Program
from bvn_asp.errors import SolverError
from bvn_asp.model.vocabulary import Slot

MOST = 3_000
KEPT = 128


class TooMany(Exception):
    """The boxes of some node are more than anybody would want."""


class Fields:
    """Boxes as whole numbers: slot after slot a bit for each value, and one that is always 0.

    Args:
        sizes: how many values each slot has.
    """

    def __init__(self, sizes: Mapping[Slot, int]) -> None:
        self.at: dict[Slot, int] = {}
        self.full: dict[Slot, int] = {}
        self.all, self._ends, place = 0, 0, 0
        for slot, size in sizes.items():
            self.at[slot] = place
            self.full[slot] = ((1 << size) - 1) << place
            self.all |= self.full[slot]
            self._ends |= 1 << place + size
            place += size + 1

    def box(self, masks: Mapping[Slot, int]) -> int:
        """A box: slot to its values as bits; slots that are not there have any value."""
        found = self.all
        for slot, mask in masks.items():
            found &= ~self.full[slot] | mask << self.at[slot]
        return found

    def masks(self, box: int, within: int) -> dict[Slot, int]:
        """The slots in which a box leaves out some of the values in another, with the values that it has."""
        out = within & ~box
        return {slot: (box & full) >> self.at[slot] for slot, full in self.full.items() if out & full}

    def both(self, one: int, other: int) -> int:
        """What two boxes share; 0 if there is nothing."""
        found = one & other
        return found if (found + self.all) & self._ends == self._ends else 0

    def plain(self, boxes: Iterable[int], most: int = MOST) -> list[int]:
        """The same boxes, without those that lie in another.

        Raises: TooMany: they are more than that.
        """
        found: list[int] = []
        for box in sorted(set(boxes), key=int.bit_count, reverse=True):
            if not any(box | other == other for other in found):
                found.append(box)
                if len(found) > most:
                    raise TooMany
        return found

    def joined(self, boxes: Iterable[int]) -> list[int]:
        """The same boxes, those made one that differ in one slot alone."""
        found = self.plain(boxes)
        count = len(found) + 1
        while len(found) < count:
            count = len(found)
            for full in self.full.values():
                if any(full & ~box for box in found):
                    alike: dict[int, int] = {}
                    for box in found:
                        alike[box & ~full] = alike.get(box & ~full, 0) | box
                    found = list(alike.values())
            found = self.plain(found)
        return found


class Boxes:
    """The boxes of the nodes of one table.

    Args:
        most: give up when there are more at any step.
    """

    def __init__(self, table: Table, fields: Fields, most: int = MOST) -> None:
        self.table, self.fields, self.most = table, fields, most
        self._known: dict[tuple[int, bool], list[int]] = {}

    def of(self, number: int, holds: bool = True) -> list[int]:
        """Where a node holds, or does not hold.

        Raises: TooMany: there are too many.
        """
        key = (number, holds)
        if key not in self._known:
            self._known[key] = self._of(number, holds)
        return self._known[key]

    def _of(self, number: int, holds: bool) -> list[int]:
        node = self.table.nodes[number]
        if node is None:
            return [self.fields.all] if bool(number) == holds else []
        if isinstance(node, Leaf):
            mask = node.mask if holds else self.table.full[node.slot] & ~node.mask
            return [self.fields.box({node.slot: mask})]
        if isinstance(node, Not):
            return self.of(node.part, not holds)
        if isinstance(node, Enough):
            weights = [weight for _, weight in node.parts]
            need = node.need if holds else sum(weights) - node.need + 1
            return self._enough(need, weights, [self.of(part, holds) for part, _ in node.parts])
        parts = [self.of(part, holds) for part in node.parts]
        return self._every(parts) if isinstance(node, All) == holds else self._any(parts)

    def _any(self, parts: Iterable[Sequence[int]]) -> list[int]:
        return self.fields.plain((box for part in parts for box in part), self.most)

    def _every(self, parts: Iterable[Sequence[int]]) -> list[int]:
        found, both = [self.fields.all], self.fields.both
        for part in sorted(parts, key=len):
            found = self.fields.plain((c for one in found for other in part if (c := both(one, other))), self.most)
        return found

    def _enough(self, need: int, weights: Sequence[int], parts: Sequence[Sequence[int]]) -> list[int]:
        """Where parts together weigh so much: `left[k]` is where those looked at weigh at least k."""
        left: list[list[int]] = [[self.fields.all], *([] for _ in range(need))]
        for weight, part in zip(weights, parts, strict=True):
            for k in range(need, 0, -1):
                left[k] = self._any([left[k], self._every([left[max(k - weight, 0)], part])])
        return left[need]


@dataclass(frozen=True)
class Sketch:
    """What the straight line of one policy says of it.

    Attributes:
        denied: boxes in which it does not approve, and there are no others; None if they are too many.
        forbidden: boxes of which nobody lies in one.
        hangs_on: entry to the slots of which some value can make a difference to it, if only by the line.
    """

    denied: tuple[int, ...] | None
    forbidden: tuple[int, ...]
    hangs_on: Mapping[str, frozenset[Slot]]


_KEPT: OrderedDict[str, tuple[Sketch, ...] | None] = OrderedDict()


_FIELDS: WeakKeyDictionary[Program, Fields] = WeakKeyDictionary()


def fields_of(program: Program) -> Fields:
    """How the boxes of a program are written."""
    if program not in _FIELDS:
        _FIELDS[program] = Fields({slot: len(program.values(slot)) for slot in program.slots})
    return _FIELDS[program]


def sketches(program: Program, chosen: Sequence[Mapping[str, str]]) -> tuple[Sketch, ...] | None:
    """A sketch of each seat of a program with one world; None if it has no straight line. Nothing in it is a proof.

    Args:
        chosen: for each seat, reading id to option.
    """
    name = store.named("sketches", program.text, json.dumps([sorted(each.items()) for each in chosen]))
    if name not in _KEPT:
        found = _taken(program, name)
        if found is None:
            found = _made(program, chosen)
            store.keep(name, json.dumps(_encoded(program, found), separators=(",", ":")).encode())
        _KEPT[name] = found
        while len(_KEPT) > KEPT:
            _KEPT.popitem(last=False)
    return _KEPT.get(name)


def _made(program: Program, chosen: Sequence[Mapping[str, str]]) -> tuple[Sketch, ...] | None:
    try:
        made = compiled(program, chosen)
    except SolverError:
        return None
    table, boxes = made.table, Boxes(made.table, fields_of(program))
    found = []
    for line in made.lines:
        denied: tuple[int, ...] | None = None
        forbidden: tuple[int, ...] = ()
        with suppress(TooMany):
            denied = tuple(boxes.of(line.verdicts["approve"], False))
            forbidden = tuple(box for each in line.forbidden.values() for box in boxes.of(each))
        hangs_on = {}
        for entry, number in line.met.items():
            nodes = (table.nodes[each] for each in order_of(table, [number]))
            hangs_on[entry] = frozenset(node.slot for node in nodes if isinstance(node, Leaf))
        found.append(Sketch(denied, forbidden, hangs_on))
    return tuple(found)


def _encoded(program: Program, found: tuple[Sketch, ...] | None) -> object:
    number = {slot: i for i, slot in enumerate(program.slots)}
    return found and [
        [
            None if each.denied is None else [f"{box:x}" for box in each.denied],
            [f"{box:x}" for box in each.forbidden],
            {entry: sorted(number[slot] for slot in slots) for entry, slots in each.hangs_on.items()},
        ]
        for each in found
    ]


def _taken(program: Program, name: str) -> tuple[Sketch, ...] | None:
    content = store.taken(name)
    if content is not None:
        with suppress(ValueError, TypeError, KeyError, IndexError, AttributeError):  # not written by this code
            return tuple(
                Sketch(
                    None if denied is None else tuple(int(box, 16) for box in denied),
                    tuple(int(box, 16) for box in forbidden),
                    {entry: frozenset(program.slots[i] for i in slots) for entry, slots in hangs_on.items()},
                )
                for denied, forbidden, hangs_on in json.loads(content)
            )
    return None
