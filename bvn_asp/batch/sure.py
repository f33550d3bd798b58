"""What is known to hold in some completion of a record that is a patient's, for many cases at once, nothing drawn.

The upper rail says where a node may hold, part by part. What it says of a conjunction is so where its parts can have
their way together. Parts that read no common slot can. Of a slot that several parts read, one class must suit all of
them: one to which a record may be changed from any other that it allows, and no part that held ceases to hold. Then
each part keeps a completion of its own but for such slots, which are given that class. A part that is certain in a
record takes no part in this. What no patient can be is one more conjunction of parts that must not hold. So a case is
in doubt only where slots are unknown that are fought over, and the rails of its few halves, one for each class of such
a slot, settle it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from bvn_asp.batch.bits import Bits, any_of, enough
from bvn_asp.classes import dataclass
from bvn_asp.engine.lines import All, Compiled, Enough, Leaf, Line, Not, Some, parts_of
from bvn_asp.model.vocabulary import Slot

Part = tuple[int, bool]  # a node, and whether it is to hold or to fail
Reader = tuple[int, bool | None, int]  # a node, whether it is to hold or to fail or to be on edge, and in which view
Up = tuple[int, ...]  # for each class of a slot the classes, as a mask, to which a change makes no part fail


@dataclass(frozen=True)
class Fight:
    """A slot of which several parts do not want the same.

    Attributes:
        parts: those that read it.
        hurts: class to other class to the numbers of the parts that may fail where the one becomes the other.
    """

    slot: Slot
    parts: tuple[Reader, ...]
    hurts: tuple[tuple[tuple[int, ...], ...], ...]


class Sure:
    """The structure of one line, worked out once."""

    def __init__(self, compiled: Compiled, line: Line) -> None:
        self.table, self.leaves = compiled.table, compiled.leaves
        self.widths = {slot: max(classes) + 1 for slot, classes in compiled.classes.items()}
        self._factors: dict[Part, tuple[Part, ...]] = {}
        self.world = tuple(dict.fromkeys(f for node in line.forbidden.values() for f in self.factors(node, False)))
        self._ups: dict[int, dict[Slot, Up]] = {}
        self._plain: dict[Part, bool] = {}
        self._fights: dict[tuple[Part, ...], tuple[Fight, ...]] = {}
        self._same: dict[Fight, Fight] = {}
        self._wants: dict[int, dict[Slot, dict[bool | None, Up]]] = {}

    def factors(self, node: int, wanted: bool) -> tuple[Part, ...]:
        """The parts that all have their way exactly where a node does; itself if it cannot be taken apart."""
        known = self._factors.get((node, wanted))
        if known is not None:
            return known
        found: dict[Part, None] = {}
        todo = [(node, wanted)]
        while todo:
            number, so = todo.pop()
            made = self.table.nodes[number]
            if isinstance(made, Not):
                todo.append((made.part, not so))
            elif isinstance(made, All if so else Some):
                todo += [(part, so) for part in made.parts]
            else:
                found[number, so] = None
        self._factors[node, wanted] = tuple(found)
        return tuple(found)

    def branches(self, node: int, wanted: bool) -> tuple[Part, ...]:
        """The parts of which one must have its way for a node to do so; none if it is not made so."""
        made = self.table.nodes[node]
        if isinstance(made, Some if wanted else All):
            return tuple((part, wanted) for part in made.parts)
        return ()

    def fights(self, parts: tuple[Part, ...]) -> tuple[Fight, ...]:
        """The slots that several of some parts read and of which they do not want the same."""
        known = self._fights.get(parts)
        if known is None:
            known = self._fights[parts] = self.fought([(*each, 0) for each in parts])
        return known

    def fought(self, parts: Iterable[Reader], but: Slot | None = None) -> tuple[Fight, ...]:
        """The same of parts in several views.

        Args:
            but: a slot that is fixed, and of which nobody wants anything.
        """
        readers: dict[Slot, list[tuple[Reader, Up]]] = {}
        for part in parts:
            for slot, ups in self._ups_of(part[0]).items():
                readers.setdefault(slot, []).append((part, ups[part[1]]))
        found = (_fight(slot, each) for slot, each in readers.items() if len(each) > 1 and slot != but)
        return tuple(self._same.setdefault(each, each) for each in found if each is not None)

    def _ups_of(self, node: int) -> dict[Slot, dict[bool | None, Up]]:
        """For each slot below a node what it wants of it to hold, to fail, and to stay as it is."""
        known = self._wants.get(node)
        if known is None:
            known = self._wants[node] = {
                slot: {True: up, False: _turned(up), None: tuple(1 << each for each in range(len(up)))}
                for slot, up in self._up(node).items()
            }
        return known

    def reads(self, node: int) -> Collection[Slot]:
        """The slots below a node."""
        return self._up(node).keys()

    def even(self, node: Enough) -> bool:
        """Whether the parts of a node weigh the same, are exact and read nothing in common."""
        read = [slot for part, _ in node.parts for slot in self.reads(part)]
        alike = all(weight == 1 for _, weight in node.parts) and len(read) == len(set(read))
        return alike and all(self.plain((part, so)) for part, _ in node.parts for so in (True, False))

    def plain(self, part: Part) -> bool:
        """Whether the rails are exact for a part whatever a record allows, patients or not."""
        known = self._plain.get(part)
        if known is None:
            known = self._plain[part] = self._is_plain(part)
        return known

    def _is_plain(self, part: Part) -> bool:
        factors = self.factors(*part)
        if factors == (part,):
            made = self.table.nodes[part[0]]
            inner = tuple((each, part[1]) for each in parts_of(made)) if made is not None else ()
            return all(map(self.plain, inner)) and not (isinstance(made, Enough) and self.fights(inner))
        return all(map(self.plain, factors)) and not self.fights(factors)

    def _up(self, node: int) -> dict[Slot, Up]:
        """For each slot below a node the changes that never make it fail."""
        known = self._ups.get(node)
        if known is not None:
            return known
        made = self.table.nodes[node]
        found: dict[Slot, Up] = {}
        if isinstance(made, Leaf):
            slot, held = self.leaves[node]
            width = self.widths[slot]
            inside = sum(1 << each for each in held)
            found[slot] = tuple(inside if each in held else (1 << width) - 1 for each in range(width))
        elif isinstance(made, Not):
            found = {slot: _turned(up) for slot, up in self._up(made.part).items()}
        elif made is not None:
            for part in parts_of(made):
                for slot, up in self._up(part).items():
                    found[slot] = _joined(found[slot], up) if slot in found else up
        self._ups[node] = found
        return found


def _fight(slot: Slot, listed: Sequence[tuple[Reader, Up]]) -> Fight | None:
    """What some parts want of a slot; None if they want the same of any two classes."""
    width = len(listed[0][1])
    hurts = tuple(
        tuple(tuple(i for i, (_, up) in enumerate(listed) if not up[one] >> other & 1) for other in range(width))
        for one in range(width)
    )
    if all(not hurts[one][other] or not hurts[other][one] for one in range(width) for other in range(one)):
        return None
    return Fight(slot, tuple(part for part, _ in listed), hurts)


def _turned(up: Up) -> Up:
    return tuple(sum(1 << one for one, mask in enumerate(up) if mask >> other & 1) for other in range(len(up)))


def _joined(one: Up, other: Up) -> Up:
    return tuple(a & b for a, b in zip(one, other, strict=True))


class Known:
    """What the structure says of one frame.

    Args:
        allowed: slot to one column for each class.
        rails: node to where it holds in every completion, and in some; for all nodes of the line.

    Attributes:
        fought: slot to the rows where it is not known to suit all that read it.
    """

    def __init__(self, sure: Sure, allowed: Mapping[Slot, Sequence[Bits]], rails: Mapping[int, Bits]) -> None:
        self.sure, self.allowed, self.rails = sure, allowed, rails
        self.fought: dict[Slot, Bits] = {}
        self._uncertain: dict[int, Bits] = {}
        self._found: dict[Part, Bits] = {}
        self._in_world: dict[Part, Bits] = {}
        self._fights: dict[int, Bits] = {}

    def may(self, node: int, wanted: bool) -> Bits:
        """Where the rails leave a node to hold, or to fail."""
        found: Bits = self.rails[node][1] if wanted else ~self.rails[node][0]
        return found

    def uncertain(self, node: int) -> Bits:
        """Where a node may hold and may fail."""
        found = self._uncertain.get(node)
        if found is None:
            every, some = self.rails[node]
            found = self._uncertain[node] = some & ~every
        return found

    def has(self, part: Part) -> Bits:
        """Where some completion surely gives a part its way, patient or not."""
        if self.sure.plain(part):
            return self.may(*part)
        found = self._found.get(part)
        if found is None:
            found = self._found[part] = self._has(part)
        return found

    def _has(self, part: Part) -> Bits:
        factors = self.sure.factors(*part)
        if factors != (part,):
            return self._together(factors)
        branches = self.sure.branches(*part)
        if branches:
            return any_of([self.has(each) for each in branches])
        made = self.sure.table.nodes[part[0]]
        assert isinstance(made, Enough)
        inner = [(each, part[1]) for each, _ in made.parts]
        if part[1]:
            found = enough(made.need, [(self.has((each, True)), weight) for each, weight in made.parts])
        else:
            found = ~enough(made.need, [(~self.has((each, False)), weight) for each, weight in made.parts])
        return self._peaceful(tuple(inner), found)

    def _together(self, parts: tuple[Part, ...]) -> Bits:
        """Where all of some parts surely have their way at once."""
        found = self.has(parts[0])
        for each in parts[1:]:
            found = found & self.has(each)
        return self._peaceful(parts, found)

    def in_world(self, part: Part) -> Bits:
        """Where some completion that is a patient's surely gives a part its way."""
        found = self._in_world.get(part)
        if found is None:
            branches = self.sure.branches(*part)
            if branches:
                found = any_of([self.in_world(each) for each in branches])
            else:
                found = self._together(tuple(dict.fromkeys(self.sure.factors(*part) + self.sure.world)))
            self._in_world[part] = found
        return found

    def patient(self) -> Bits:
        """Where some completion is surely a patient's, if there is anything that no patient can be."""
        return self._together(self.sure.world)

    def _peaceful(self, parts: tuple[Part, ...], where: Bits) -> Bits:
        """Rows of some where no slot is fought over among parts; the others are noted with the slot."""
        for fight in self.sure.fights(parts):
            peace = self._peace(fight)
            lost = where & ~peace
            if np.count_nonzero(lost):
                before = self.fought.get(fight.slot)
                self.fought[fight.slot] = lost if before is None else before | lost
                where = where & peace
        return where

    def _peace(self, fight: Fight) -> Bits:
        found = self._fights.get(id(fight))
        if found is None:
            found = self._fights[id(fight)] = peace(fight, self.allowed[fight.slot], [self] * 3)
        return found


def peace(fight: Fight, columns: Sequence[Bits], views: Sequence[Known]) -> Bits:
    """Where one class of a slot suits all uncertain parts that read it, or one of these at most reads it.

    Args:
        columns: one for each class of the slot.
        views: by number, as the parts name them.
    """
    uncertain = [views[view].uncertain(node) for node, _, view in fight.parts]
    found = np.zeros_like(columns[0])
    for best, column in enumerate(columns):
        suits = column
        for other, instead in enumerate(columns):
            hurt = fight.hurts[other][best]
            if hurt:
                suits = suits & ~(instead & _any(uncertain, hurt))
        found = found | suits
    if np.count_nonzero(~found):
        one, two = uncertain[0], np.zeros_like(found)
        for each in uncertain[1:]:
            one, two = one | each, two | (one & each)
        found = found | ~two
    return found


def _any(columns: Sequence[Bits], which: tuple[int, ...]) -> Bits:
    found = columns[which[0]]
    if len(which) > 1:
        found = found | columns[which[1]]
        for each in which[2:]:
            found |= columns[each]
    return found
