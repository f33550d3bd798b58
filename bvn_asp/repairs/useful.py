"""What hangs together in a search for correction sets: which moves bear on which presumptions, and what is independent.

A move changes what may be presumed: documenting a finding puts its absence elsewhere in doubt, changing one can take a
doubt away. Here stands which slots such moves tie to each other, and which presumptions a useful move could undo.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from bvn_asp.classes import dataclass
from bvn_asp.engine.presume import presume
from bvn_asp.engine.program import Program
from bvn_asp.model.case import Case
from bvn_asp.model.vocabulary import Slot
from bvn_asp.repairs.implicates import Box
from bvn_asp.repairs.moves import DOCUMENT, State


@dataclass(frozen=True)
class Doubts:
    """What a case's presumptions rest on, and what hangs on it.

    Attributes:
        states: how the slots of the program stand.
    """

    program: Program
    case: Case
    states: Mapping[Slot, State]

    @cached_property
    def _members(self) -> dict[str, frozenset[Slot]]:
        """The slots that are absent unless a member which few people have is there, by member."""
        optional = presume(self.program.vocabulary).signs.optional
        found: dict[str, set[Slot]] = {}
        for slot, member in optional.items():
            if slot in self.states and self.states[slot].optional:
                found.setdefault(member, set()).add(slot)
        return {member: frozenset(slots) for member, slots in found.items()}

    def _undone(self, slot: Slot, said: Iterable[int]) -> frozenset[Slot]:
        """The slots that are not presumed while a record may say one of some things of a slot."""
        signs = presume(self.program.vocabulary).signs
        said = set(said)
        found: list[set[Slot]] = []
        for each in self.case.tied_to(slot):
            found += [targets for value, targets in signs.doubted_by(each).items() if value in said]
            if each in signs.optional and not said <= set(signs.absent(each)):
                found.append(set(self._members.get(signs.optional[each], ())))
        return frozenset[Slot]().union(*found) - {slot}

    @cached_property
    def _by_value(self) -> dict[tuple[Slot, str], frozenset[Slot]]:
        return {}

    def undone_by(self, slot: Slot, value: str) -> frozenset[Slot]:
        """The slots that are not presumed where a record leaves a slot one value."""
        key = (slot, value)
        if key not in self._by_value:
            signs = presume(self.program.vocabulary).signs
            self._by_value[key] = self._undone(slot, signs.may(slot, self.program.as_value(slot, (value,))))
        return self._by_value[key]

    @cached_property
    def undone_now(self) -> dict[Slot, frozenset[Slot]]:
        """What each record of the case keeps from being presumed, as it stands."""
        signs = presume(self.program.vocabulary).signs
        return {each.slot: self._undone(each.slot, signs.may(each.slot, each.value)) for each in self.case.records}

    def useful(self, boxes: Iterable[Box], contradictions: Sequence[Box]) -> Useful:
        """What moves of a smallest correction set can be about, and what they can leave.

        Sound: a move of a smallest set overcomes a box (it leaves a slot none of the box's values), or takes a doubt
        away from a slot that matters, or makes a set of values possible that nobody has together; a value that none of
        these needs to be left is not looked at. Ends: slots and values only ever come in.
        """
        moving: dict[Slot, set[str]] = {}
        ties: list[Iterable[Slot]] = []
        fresh: list[Slot] = []

        def may_leave(slot: Slot, values: Iterable[str]) -> None:
            if slot not in moving:
                moving[slot] = set()
                fresh.append(slot)
            moving[slot] |= set(values)

        for box in boxes:
            ties.append(box)
            for slot, gone in box.items():
                may_leave(slot, {v for left in self.states[slot].offers.values() for v in left} - gone)
        raised_now = {
            target: [s for s, targets in self.undone_now.items() if target in targets and s in self.states]
            for target, state in self.states.items()
            if state.presumed and not state.held
        }
        while fresh:
            slot = fresh.pop()
            for source in raised_now.get(slot, ()):
                offers = self.states[source].offers
                if offers:
                    left = {v for listed in offers.values() for v in listed}
                    may_leave(source, {v for v in left if slot not in self.undone_by(source, v)})
                    ties.append([source, slot])
            for bad in contradictions:
                if slot in bad:
                    ties.append(bad)
                    for other in bad:
                        offers = self.states[other].offers
                        may_leave(other, {v for kind, left in offers.items() if kind != DOCUMENT for v in left})
        undone: set[Slot] = set()
        for slot, values in moving.items():
            for value in values:
                for target in self.undone_by(slot, value):
                    state = self.states.get(target)
                    if state is not None and state.presumed:
                        undone |= {target} if state.held else set()
                        if target in moving:
                            ties.append([slot, target])
        return Useful(tuple(slot for slot in self.states if slot in moving), tuple(map(tuple, ties)), frozenset(undone))


@dataclass(frozen=True)
class Useful:
    """What the moves of smallest correction sets can be about.

    Attributes:
        slots: those that such a move, or a box, is about, in the order of the program.
        ties: slots that cannot be looked at apart.
        undone: slots that are presumed as the case stands, and that such a move could keep from being so.
    """

    slots: tuple[Slot, ...]
    ties: tuple[tuple[Slot, ...], ...]
    undone: frozenset[Slot]

    def parts(self, together: bool = False) -> list[list[Slot]]:
        """The slots, those that hang together together; all in one part if asked for.

        Independent: a box lies in one part, so does what nobody can be, and what is presumed of a part's slots hangs
        on moves of that part alone. A smallest correction set is then one of each part. Held to brute force by tests.
        """
        parent = {slot: slot for slot in self.slots}

        def root(slot: Slot) -> Slot:
            while parent[slot] != slot:
                parent[slot] = parent[parent[slot]]
                slot = parent[slot]
            return slot

        for tied in [*self.ties, *([self.slots] if together else [])]:
            roots = [root(slot) for slot in tied]
            for other in roots[1:]:
                parent[root(other)] = root(roots[0])
        found: dict[Slot, list[Slot]] = {}
        for slot in self.slots:
            found.setdefault(root(slot), []).append(slot)
        return list(found.values())
