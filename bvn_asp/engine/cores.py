"""Which of some assumptions are needed to rule a goal out: minimal cores, and smallest ones."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

from bvn_asp.engine.program import Program
from bvn_asp.engine.sets import HittingSets

Key = TypeVar("Key", bound=Hashable)


def minimal_core(
    program: Program, goal: Sequence[int], groups: Mapping[Key, Collection[int]]
) -> tuple[Key, ...] | None:
    """Groups of literals that rule a goal out together, none of which can be spared; None if all of them leave it.

    Groups are given up one by one, the first first; where the goal stays ruled out, those that the solver did not need
    go as well. What a group is kept for stays so, since fewer literals rule out less: so the rest is minimal, and every
    group is tried once. Which of several minimal cores is found depends on the order of the groups, and on the solver.
    """

    def needed(keys: Sequence[Key]) -> list[Key] | None:
        core = program.core([*goal, *(literal for key in keys for literal in groups[key])])
        if core is None:
            return None
        used = set(core)
        return [key for key in keys if used.intersection(groups[key])]

    kept = needed(list(groups))
    if kept is None:
        return None
    for key in tuple(kept):
        if key in kept:
            smaller = needed([other for other in kept if other != key])
            kept = kept if smaller is None else smaller
    return tuple(kept)


def smallest_core(
    program: Program, goal: Sequence[int], groups: Mapping[Key, Collection[int]]
) -> tuple[Key, ...] | None:
    """Fewest groups of literals that rule a goal out together, in their order; None if all of them leave it.

    Every set of groups that rules the goal out meets each set whose complement leaves it. A smallest set that meets all
    such sets found so far either rules the goal out, and no smaller one does; or it is grown as long as the goal can
    hold, and what is left of the groups is one more set to meet. There are finitely many, so this ends.

    Source: smallest unsatisfiable subsets by hitting sets: Ignatiev, Previti, Liffiton and Marques-Silva, CP 2015.
    """
    keys = list(groups)

    def fails(chosen: Sequence[int]) -> bool:
        return not program.possible([*goal, *(literal for i in chosen for literal in groups[keys[i]])])

    if not fails(range(len(keys))):
        return None
    if not keys:
        return ()
    hitting = HittingSets(len(keys))
    while (chosen := hitting.smallest()) is not None and not fails(chosen):
        kept = list(chosen)
        for i in range(len(keys)):
            if i not in kept and not fails([*kept, i]):
                kept.append(i)
        hitting.hit(set(range(len(keys))) - set(kept))
    assert chosen is not None
    return tuple(keys[i] for i in chosen)
