"""What is taken as absent because nobody mentions it, as bits: the ground rules of `presume.lp` for many cases at once.

The rules are the grounder's own, as `engine/presume.py` asks them of one case; here an atom is one bit a row, and what
no column can say is folded away when the columns are known.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import numpy as np

from bvn_asp.batch.bits import ONES, Bits, words_for
from bvn_asp.engine.presume import Presume, presume
from bvn_asp.model.case import Value
from bvn_asp.model.vocabulary import Slot, Vocabulary

Known = Bits | bool


class Presumed:
    """The presumptions of a vocabulary about the slots that policies read.

    Args:
        slots: the slots that policies read.
        absent: slot to the classes that its absent value allows, as a mask.
        strict: presume nothing but that a member which few people have is not there.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        slots: Mapping[Slot, object],
        absent: Callable[[Slot], int],
        strict: bool = False,
    ) -> None:
        self._presume: Presume = presume(vocabulary)
        self._rules = self._presume.ground_rules
        self._strict = strict
        self.masks = {slot: absent(slot) for slot in slots if slot in self._rules.held}

    def says(self, slot: Slot, value: Value | None) -> int:
        """The values that a record leaves, as far as presumptions tell them apart, as a mask."""
        if slot not in self._rules.says:
            return 0
        return sum(1 << i for i in self._presume.signs.may(slot, value))

    def take(
        self,
        rows: int,
        seen: Mapping[Slot, Callable[[str], Bits]],
        recorded_all: set[Slot],
        allowed: dict[Slot, list[Bits]],
        never: Collection[frozenset[str]] = (frozenset(),),
    ) -> dict[frozenset[str], dict[Slot, list[Bits]]]:
        """Hold slots to their absent value where nobody mentions them, for each set of documented facts.

        Args:
            seen: slot to where its text is a `record`, or `says 0`, `says 1`, … one of its values.
            recorded_all: slots that are recorded in every row.
            allowed: slot to one column for each class of its values, by what the records say.
            never: sets of facts of which nothing is presumed but that a member which few people have is not there.

        Returns: for each of these sets what is then allowed.
        """
        said: dict[int, Known] = dict.fromkeys(self._rules.free, False)
        for slot, where in seen.items():
            if slot in self._rules.recorded:
                said[self._rules.recorded[slot]] = where("record")
            for value, atom in self._rules.says.get(slot, {}).items():
                said[atom] = where(f"says {value}")
        wanted = [slot for slot in self.masks if slot not in recorded_all]
        held = dict(allowed)
        self._take(rows, wanted, {**said, self._rules.strict: self._strict}, held)
        found = {}
        for facts in never:
            found[facts] = held
            documented = [slot for slot in wanted if slot.fact in facts]
            if documented:
                found[facts] = {**held, **{slot: allowed[slot] for slot in documented}}
                self._take(rows, documented, {**said, self._rules.strict: True}, found[facts])
        return found

    def _take(
        self, rows: int, slots: list[Slot], known: dict[int, Known], allowed: dict[Slot, list[Bits]]
    ) -> None:
        """Hold some slots where the rules say so, from the atoms that are known."""

        def literal(number: int) -> Known:
            found = truth(abs(number))
            if number > 0:
                return found
            return not found if isinstance(found, bool) else ~found

        def truth(atom: int) -> Known:
            if atom not in known:
                known[atom] = any_of(
                    [all_of([literal(each) for each in body]) for body in self._rules.bodies.get(atom, ())]
                )
            return known[atom]

        for slot in slots:
            where_held = truth(self._rules.held[slot])
            if where_held is True:
                where_held = np.full(words_for(rows), ONES, np.uint64)
            if where_held is not False:
                self._hold(slot, where_held, allowed)

    def _hold(self, slot: Slot, where: Bits, allowed: dict[Slot, list[Bits]]) -> None:
        mask = self.masks[slot]
        allowed[slot] = [bits if mask >> i & 1 else bits & ~where for i, bits in enumerate(allowed[slot])]


def all_of(parts: list[Known]) -> Known:
    """Where all of some hold; True if there are none."""
    found: Known = True
    for each in parts:
        if each is False:
            return False
        if each is not True:
            found = each if found is True else found & each
    return found


def any_of(parts: list[Known]) -> Known:
    """Where any of some holds; False if there are none."""
    found: Known = False
    for each in parts:
        if each is True:
            return True
        if each is not False:
            found = each if found is False else found | each
    return found
