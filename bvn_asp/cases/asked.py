"""The same case with something else requested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from bvn_asp.classes import replace
from bvn_asp.model.case import Case, Named, Record, Supposed, Value
from bvn_asp.model.library import Library
from bvn_asp.model.quantity import Quantity, exactly
from bvn_asp.model.somewhere import settle
from bvn_asp.model.vocabulary import Several, Slot


def narrowed(library: Library, case: Case, members: Sequence[str]) -> Case:
    """The case with these members alone requested, and its procedure lines brought in line if it has any."""
    vocabulary, request = library.vocabulary, library.vocabulary.request
    values: dict[Slot, Value | None] = {
        slot: Named(("yes" if slot.member in members else "no",)) for slot in vocabulary.slots_of(request.members)
    }
    values.update(units(library, case, len(members)))
    return _of_others(case, request.members).with_values(vocabulary, values)


def units(library: Library, case: Case, number: int) -> dict[Slot, Value]:
    """The procedure lines for so many members; none where the case has none."""
    vocabulary, request = library.vocabulary, library.vocabulary.request
    if not request.procedures or not request.first:
        return {}
    wanted, unit = dict(request.units(number)), vocabulary.facts[request.procedures].unit
    return {
        slot: exactly(Quantity(Decimal(wanted.get(slot.member, 0)), unit))
        for slot in vocabulary.slots_of(request.procedures)
        if case.get(slot) is not None
    }


def so_many(library: Library, number: int) -> Several:
    """That so many members are requested, whichever they are."""
    fact = library.vocabulary.request.members
    return Several(fact, "somewhere", tuple(each.member for each in library.vocabulary.slots_of(fact)), number, number)


def supposing(library: Library, case: Case, values: Mapping[Slot, Supposed]) -> Case:
    """The case with other values for some slots, or with the number of what is requested in place of its names."""
    for slot in values:
        if isinstance(slot, Several):
            case = _of_others(case, slot.fact)
            kept = {each.slot: each for each in case.records if each.slot.fact != slot.fact}
            said = settle(library.vocabulary, [Record(slot, Named(("yes",)))], kept)  # and leaves each of them open
            records = tuple(kept[each] for each in library.vocabulary.in_order(kept))
            case = replace(case, records=records, several=(*case.several, *said))
    rest = {slot: value for slot, value in values.items() if not isinstance(slot, Several)}
    fact = library.vocabulary.request.members
    if fact and rest.keys() >= set(library.vocabulary.slots_of(fact)):  # all are named, so that their number goes
        case = _of_others(case, fact)
    return case.with_values(library.vocabulary, rest)


def _of_others(case: Case, fact: str) -> Case:
    """The case without what is said of several slots of a fact together."""
    return replace(case, several=tuple(each for each in case.several if each.slot.fact != fact))
