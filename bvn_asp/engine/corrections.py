"""Smallest sets and preferred worlds: what the questions about two policies have in common.

A *wish* is a literal that would rather hold. A set of wishes given up is *minimal* if some world satisfies the goal and
every other wish, and none does if one of the set is kept as well. Every step is a solve on one grounded program.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from bvn_asp.engine.program import Program
from bvn_asp.engine.sets import HittingSets

Key = TypeVar("Key", bound=Hashable)
ROUNDS = 25


def minimal_sets(
    program: Program, goal: Sequence[int], wishes: Mapping[Key, int], most: int
) -> tuple[tuple[frozenset[Key], ...], bool]:
    """Every minimal set of wishes to give up so that the goal can hold.

    Args:
        most: stop after so many.

    Returns: the sets, and whether there are no others; no set if the goal cannot hold, the empty one if it is free.
    """
    guard = program.switch()
    found: list[frozenset[Key]] = []
    while (one := _minimal(program, [guard, *goal], wishes)) is not None:
        if len(found) == most:
            return tuple(found), False
        found.append(one)
        if not one:
            break
        program.forbid([guard, *(-wishes[key] for key in one)])
    return tuple(found), True


def _minimal(program: Program, goal: Sequence[int], wishes: Mapping[Key, int]) -> frozenset[Key] | None:
    given_up: dict[Key, None] = {}
    while True:
        core = program.core([*goal, *(literal for key, literal in wishes.items() if key not in given_up)])
        if core is None:
            break
        clash = [key for key, literal in wishes.items() if key not in given_up and literal in core]
        if not clash:
            return None
        given_up.update(dict.fromkeys(clash))
    left = list(given_up)
    for key in tuple(left):
        if key not in left:
            continue
        rest = [each for each in left if each != key]
        true = program.truth([wishes[k] for k in rest], [*goal, *(v for k, v in wishes.items() if k not in rest)])
        if true is not None:
            left = [each for each in rest if wishes[each] not in true]
    return frozenset(left)


def smallest_set(program: Program, goal: Sequence[int], wishes: Mapping[Key, int]) -> tuple[Key, ...] | None:
    """A smallest set of wishes to give up so that the goal can hold; None if it cannot.

    Returns: a set that is minimal; none has fewer elements, unless it would take more than `ROUNDS` rounds to tell.
    Source: minimal correction by implicit hitting sets: Davies and Bacchus, CP 2011.
    """
    best = _minimal(program, goal, wishes)
    keys = list(wishes)
    if best is None or not keys:
        return None if best is None else ()
    hitting = HittingSets(len(keys))
    chosen: tuple[int, ...] = ()
    for _ in range(ROUNDS):
        if len(chosen) >= len(best):
            break
        core = program.core([*goal, *(wishes[key] for i, key in enumerate(keys) if i not in chosen)])
        if core is None:
            best = frozenset(keys[i] for i in chosen)
            break
        hitting.hit([i for i, key in enumerate(keys) if i not in chosen and wishes[key] in core])
        chosen = hitting.smallest() or ()
    return tuple(key for key in keys if key in best)


def preferred(
    program: Program, goal: Sequence[int], ranked: Sequence[Sequence[int]], fixed: Iterable[int] = ()
) -> list[int] | None:
    """The world that satisfies a goal and suits best: the first list's best literal first, then the second's.

    Args:
        ranked: for each choice its literals, best first; one of each is true in every world.
        fixed: literals that hold besides; they count as part of the goal.

    Returns: the true literal of each list; None if no world satisfies the goal. There is only one such answer.
    """
    held = [*goal, *fixed]
    wanted = [row[0] for row in ranked]
    while (core := program.core([*held, *wanted])) is not None:
        fewer = [each for each in wanted if each not in core]
        if len(fewer) == len(wanted):
            return None
        wanted = fewer
    flat = [literal for row in ranked for literal in row]
    true = program.truth(flat, [*held, *wanted])
    chosen = []
    for row in ranked:
        for literal in row:
            assert true is not None
            other = true if literal in true else program.truth(flat, [*held, literal])
            if other is not None:
                true = other
                chosen.append(literal)
                held.append(literal)
                break
    return chosen
