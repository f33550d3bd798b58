"""A finding that is reported between two neighbours, recorded of each: a body has what either side of it shows.

A radiologist reads the two endplates at a disc; the vocabulary records the body. So a body is known whole where both
its sides are; a side that nobody read leaves open what it could change.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from bvn_asp.model.vocabulary import Fact, Index

Pair = tuple[str, str]


def of_sides(
    known: Fact, index: Index, given: Mapping[Pair, tuple[str, ...]], rest: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    """The values that each member next to a given pair may have.

    Args:
        given: the values that each pair may have, where something is said of it.
        rest: those of every side of which nothing is said.
    """
    named = {member for pair in given for member in pair}
    found = {}
    for member in (each for each in index.members if each in named):
        own = [pair for pair in index.neighbours if member in pair and _there(index, pair, named)]
        sides = [given.get(pair, rest) for pair in own]
        last = member == list(index.members)[-1]
        if len(sides) < 2 and not last:
            sides.append(rest)
        values = {_joined(known, combination) for combination in product(*sides)}
        flat = {value for each in values for value in each}
        found[member] = tuple(value for value in known.values if value in flat)
    return found


def few(index: Index) -> set[str]:
    """The members that few people have."""
    return set(index.optional)


def _there(index: Index, pair: Pair, named: set[str]) -> bool:
    """Whether two are neighbours in this person: those with a member that few people have, only if it is named."""
    few = [each for each in index.optional if each in named]
    if any(each in index.optional and each not in named for each in pair):
        return False
    apart = any(_between(index, pair, each) for each in few)
    return not apart


def _between(index: Index, pair: Pair, member: str) -> bool:
    members = list(index.members)
    return members.index(pair[0]) < members.index(member) < members.index(pair[1])


def _joined(known: Fact, values: tuple[str, ...]) -> tuple[str, ...]:
    """The value of what shows several; more than one where the vocabulary does not say which of them counts."""
    there = tuple(dict.fromkeys(value for value in values if value != known.absent))
    if len(there) < 2:
        return there or (known.absent,)
    if all(value in known.mixed for value in there):
        return (min(there, key=known.mixed.index),)
    return there
