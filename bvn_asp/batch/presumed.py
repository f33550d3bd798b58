"""What is taken as absent because nobody mentions it, as bits: the ground rules of `presume.lp` for many cases at once.

The rules are the grounder's own, as `engine/presume.py` asks them of one case; here an atom is one bit a row, and what
no column can say is folded away when the columns are known.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import numpy as np

from bvn_asp.batch.bits import ONES, Bits, words_for
from bvn_asp.batch.folding import ALWAYS, NEVER, Folding, Said
from bvn_asp.engine.presume import Presume, presume
from bvn_asp.model.case import Value
from bvn_asp.model.vocabulary import Slot, Vocabulary

MOST_PLANS = 16


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
        self._plans: dict[tuple[object, ...], dict[Slot, Said]] = {}

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
            seen: slot to where its text is a `record`, or `says 5` leaves the value 0 or 2.
            recorded_all: slots that are recorded in every row.
            allowed: slot to one column for each class of its values, by what the records say.
            never: sets of facts of which nothing is presumed but that a member which few people have is not there.

        Returns: for each of these sets what is then allowed.
        """
        known: dict[Said, Bits] = {}
        wanted = [slot for slot in self.masks if slot not in recorded_all]
        held = dict(allowed)
        self._take(rows, wanted, self._strict, seen, known, held)
        found = {}
        for facts in never:
            found[facts] = held
            documented = [slot for slot in wanted if slot.fact in facts]
            if documented:
                found[facts] = {**held, **{slot: allowed[slot] for slot in documented}}
                self._take(rows, documented, True, seen, known, found[facts])
        return found

    def _take(
        self,
        rows: int,
        slots: list[Slot],
        strict: bool,
        seen: Mapping[Slot, Callable[[str], Bits]],
        known: dict[Said, Bits],
        allowed: dict[Slot, list[Bits]],
    ) -> None:
        """Hold some slots where the rules say so, from what is known of the rows."""

        def bits(said: Said) -> Bits:
            found = known.get(said)
            if found is None:
                found = known[said] = said.bits(seen, bits)
            return found

        for slot, where in self._plan(slots, strict, seen).items():
            if where is NEVER:
                continue
            mask, here = self.masks[slot], np.full(words_for(rows), ONES, np.uint64) if where is ALWAYS else bits(where)
            allowed[slot] = [each if mask >> i & 1 else each & ~here for i, each in enumerate(allowed[slot])]

    def _plan(self, slots: list[Slot], strict: bool, seen: Collection[Slot]) -> dict[Slot, Said]:
        """For each of some slots where it is held, what no column can say folded away; worked out once."""
        key = tuple(slots), strict, frozenset(seen)
        found = self._plans.get(key)
        if found is None:
            if len(self._plans) >= MOST_PLANS:
                self._plans.clear()
            found = self._plans[key] = Folding(self._rules, strict, seen).held(slots)
        return found
