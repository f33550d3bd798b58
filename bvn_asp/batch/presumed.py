"""What is taken as absent because nobody mentions it, as bits: `evaluate.presumptions` for many cases at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from bvn_asp.batch.bits import Bits, words_for
from bvn_asp.model.vocabulary import Slot, Vocabulary


class Presumed:
    """The presumptions of a vocabulary about the slots that policies read.

    Args:
        slots: the slots that policies read.
        absent: slot to the classes that its absent value allows, as a mask.
    """

    def __init__(self, vocabulary: Vocabulary, slots: Mapping[Slot, object], absent: Callable[[Slot], int]) -> None:
        facts = vocabulary.facts
        others = {
            fact.name: {sign.fact for sign, _, _ in vocabulary.signs_against(fact.name)}
            for fact in facts.values()
            if fact.presumed
        }
        optional = {(index.name, member) for index in vocabulary.indexes.values() for member in index.optional}
        self.members = frozenset(member for _, member in optional)
        self.watched = frozenset(others).union(*others.values())
        self.optional = [s for s in slots if facts[s.fact].absent and (facts[s.fact].per, s.member) in optional]
        self.presumed = [
            (name, tuple(sorted(doubting)), [slot for slot in vocabulary.slots_of(name) if slot in slots])
            for name, doubting in others.items()
        ]
        listed = [*self.optional, *(slot for _, _, slots_of in self.presumed for slot in slots_of)]
        self.masks = {slot: absent(slot) for slot in listed}

    def take(
        self,
        rows: int,
        seen: Mapping[Slot, Callable[[str], Bits]],
        recorded_all: set[Slot],
        allowed: dict[Slot, list[Bits]],
    ) -> None:
        """Hold slots to their absent value where nobody mentions them.

        Args:
            seen: slot to where its text is a `record`, is `there`, or is `no`.
            recorded_all: slots that are recorded in every row.
            allowed: slot to one column for each class of its values; changed in place.
        """
        nothing = np.zeros(words_for(rows), np.uint64)
        mentioned: dict[str, Bits] = {}
        present: dict[str, Bits] = {}
        recorded: dict[Slot, Bits] = {}
        members = dict.fromkeys(self.members, nothing)
        for slot, where in seen.items():
            watched, optional = slot.fact in self.watched, slot.member in members
            if watched or optional:
                recorded[slot] = where("record")
            if watched:
                mentioned[slot.fact] = mentioned.get(slot.fact, nothing) | recorded[slot]
                present[slot.fact] = present.get(slot.fact, nothing) | where("there")
            if optional:
                members[slot.member] = members[slot.member] | (recorded[slot] & ~where("no"))
        for slot in self.optional:
            if slot not in recorded_all:
                self._hold(slot, ~members[slot.member] & ~recorded.get(slot, nothing), allowed)
        for name, doubting, slots in self.presumed:
            doubt = nothing
            for other in doubting:
                if other in present:
                    doubt = doubt | present[other]
            taken = ~doubt | mentioned.get(name, nothing)
            for slot in slots:
                if slot not in recorded_all:
                    self._hold(slot, taken & ~recorded.get(slot, nothing), allowed)

    def _hold(self, slot: Slot, where: Bits, allowed: dict[Slot, list[Bits]]) -> None:
        mask = self.masks[slot]
        allowed[slot] = [bits if mask >> i & 1 else bits & ~where for i, bits in enumerate(allowed[slot])]
