"""Alternatives said shortly: `any 2 of: a, b, c` in place of every pair.

A choice is a list of alternatives, each a set of moves. What all of them share is said once; moves that can stand for
one another are said together; a choice of any so many out of some is said as that. Nothing is left out: whatever has no
short form is listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import comb

from bvn_asp.classes import dataclass
from bvn_asp.repairs.moves import Move

MOST = 400


@dataclass(frozen=True)
class Factored:
    """A choice, said shortly.

    Attributes:
        shared: moves that every alternative has.
        take: so many of the groups must be taken, any one move of each; 0 if there is nothing to take.
        groups: moves of which one stands for another.
        listed: the alternatives, where they have no shorter form.
    """

    shared: tuple[Move, ...]
    take: int
    groups: tuple[tuple[Move, ...], ...]
    listed: tuple[tuple[Move, ...], ...] = ()


def factored(choice: Sequence[Sequence[Move]]) -> Factored:
    """The short form of a choice."""
    sets = [frozenset(each) for each in choice]
    order = {move: i for i, move in enumerate(dict.fromkeys(move for each in choice for move in each))}
    common = frozenset.intersection(*sets) if sets else frozenset()
    rest = [each - common for each in sets]
    shared = tuple(sorted(common, key=order.__getitem__))
    moves = [move for move in order if move not in common]
    if not moves:
        return Factored(shared, 0, ())
    listed = tuple(tuple(move for move in each if move not in common) for each in choice)
    if len(rest) > MOST:
        return Factored(shared, 0, (), listed)
    groups = _groups(moves, rest)
    sizes = {len(each) for each in rest}
    if len(sizes) == 1:
        take = sizes.pop()
        number = {move: i for i, group in enumerate(groups) for move in group}
        spread = {frozenset(number[move] for move in each) for each in rest}
        whole = all(len(each) == take for each in spread) and len(spread) == comb(len(groups), take)
        ways = (_product(groups, picked) for picked in combinations(range(len(groups)), take)) if whole else ()
        if whole and len(set(rest)) == sum(ways):
            return Factored(shared, take, groups)
    return Factored(shared, 0, (), listed)


def _product(groups: Sequence[Sequence[Move]], picked: Sequence[int]) -> int:
    ways = 1
    for i in picked:
        ways *= len(groups[i])
    return ways


def _groups(moves: Sequence[Move], rest: Sequence[frozenset[Move]]) -> tuple[tuple[Move, ...], ...]:
    """Moves with the same companions, which never go together."""
    links: dict[Move, frozenset[frozenset[Move]]] = {
        move: frozenset(each - {move} for each in rest if move in each) for move in moves
    }
    found: dict[frozenset[frozenset[Move]], list[Move]] = {}
    for move in moves:
        found.setdefault(links[move], []).append(move)
    return tuple(tuple(group) for group in found.values())
