"""Ways through the outline of a revision: what an entry is part of, what is part of it, which way it counts."""

from __future__ import annotations

from collections.abc import Collection

from bvn_asp.model.policy import Revision
from bvn_asp.model.rules import Entry


def ancestors(revision: Revision, entry: str) -> tuple[Entry, ...]:
    """The groups that an entry is part of, the nearest first."""
    found: list[Entry] = []
    parent = revision.entries[entry].parent
    while parent in revision.entries:
        found.append(revision.entries[parent])
        parent = found[-1].parent
    return tuple(found)


def below(revision: Revision, entry: str) -> tuple[str, ...]:
    """An entry and everything that is part of it, in the order of the document."""
    return (entry, *(each for part in revision.parts.get(entry, ()) for each in below(revision, part.id)))


def is_exclusion(revision: Revision, entry: str) -> bool:
    """Whether being met speaks against approval: the entry stands below an odd number of `none_of` groups."""
    return sum(each.kind == "none_of" for each in ancestors(revision, entry)) % 2 == 1


def parts_of(revision: Revision, entry: str) -> tuple[str, ...]:
    """The entries right below one."""
    return tuple(part.id for part in revision.parts.get(entry, ()))


def is_advice(revision: Revision, entry: str) -> bool:
    """Whether an entry stands among the advice, which decides nothing."""
    return [revision.entries[entry], *ancestors(revision, entry)][-1].parent == "advice"


def lowest(revision: Revision, entries: Collection[str]) -> tuple[str, ...]:
    """Those of some entries of which no part is among them, in the order of the document."""
    found = (each for each in revision.entries if each in entries)
    return tuple(each for each in found if not any(part in entries for part in parts_of(revision, each)))
