"""Minimal and smallest cores, held to trying every subset."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from bvn_asp.engine.cores import minimal_core, smallest_core
from bvn_asp.engine.program import Program


def instance(vocabulary, seed):
    """A program with nine free literals, some of which cannot hold together; and groups of them."""
    rng = random.Random(seed)
    program = Program(vocabulary, None)
    atoms = [program.switch() for _ in range(9)]
    for _ in range(rng.randint(1, 6)):
        program.forbid(rng.sample(atoms, rng.randint(1, 4)))
    groups = {f"g{i}": rng.sample(atoms, rng.randint(1, 2)) for i in range(6)}
    return program, groups, atoms[:1]


def fails(program, goal, groups, keys):
    return not program.possible([*goal, *(literal for key in keys for literal in groups[key])])


def cores(program, goal, groups):
    found = []
    for size in range(len(groups) + 1):
        for keys in combinations(groups, size):
            if fails(program, goal, groups, keys) and not any(set(each) <= set(keys) for each in found):
                found.append(keys)
    return found


@pytest.mark.parametrize("seed", range(60))
def test_a_minimal_core_is_one_and_a_smallest_is_smallest(toy, seed):
    program, groups, goal = instance(toy.library.vocabulary, seed)
    every = cores(program, goal, groups)

    minimal, smallest = minimal_core(program, goal, groups), smallest_core(program, goal, groups)

    if not every:
        assert minimal is smallest is None
    else:
        assert minimal in every
        assert smallest in every
        assert len(smallest) == len(every[0])


def test_a_goal_that_nothing_can_reach_needs_no_group(toy):
    program = Program(toy.library.vocabulary, None)
    one, two = program.switch(), program.switch()
    program.forbid([one])

    assert minimal_core(program, [one], {"two": [two]}) == smallest_core(program, [one], {"two": [two]}) == ()
