"""Ties between slots as facts for `encodings/differ.lp`: slots that have one value differ together."""

from __future__ import annotations

from collections.abc import Iterable

from bvn_asp.model.vocabulary import Slot, Tied


def ties_of(known: Iterable[Slot]) -> tuple[Tied, ...]:
    """The ties among what is known, in the order of their names."""
    return tuple(sorted((each for each in known if isinstance(each, Tied)), key=lambda tie: (tie.fact, tie.of)))


def rules_of(ties: Iterable[Tied]) -> str:
    """The slots that differ with the first of their tie."""
    return " ".join(f"tied({slot.term})." for tie in ties for slot in tie.others)


def with_followers(ties: Iterable[Tied], slots: Iterable[Slot]) -> set[Slot]:
    """Slots, with those that are tied to them."""
    found = set(slots)
    for tie in ties:
        if tie.first in found:
            found.update(tie.others)
    return found
