"""The same case with something else requested."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bvn_asp.model.case import Case, Named, Value
from bvn_asp.model.library import Library
from bvn_asp.model.quantity import Quantity, exactly
from bvn_asp.model.vocabulary import Slot


def narrowed(library: Library, case: Case, members: Sequence[str]) -> Case:
    """The case with these members alone requested, and its procedure lines brought in line if it has any."""
    vocabulary, request = library.vocabulary, library.vocabulary.request
    values: dict[Slot, Value | None] = {
        slot: Named(("yes" if slot.member in members else "no",)) for slot in vocabulary.slots_of(request.members)
    }
    if request.procedures and request.first:
        wanted = dict(request.units(len(members)))
        for slot in vocabulary.slots_of(request.procedures):
            if case.get(slot) is not None:
                amount = Quantity(Decimal(wanted.get(slot.member, 0)), vocabulary.facts[request.procedures].unit)
                values[slot] = exactly(amount)
    return case.with_values(vocabulary, values)
