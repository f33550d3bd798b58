"""The parts of a search for correction sets, each by itself."""

from __future__ import annotations

import itertools
import random

import pytest

from bvn_asp.engine.sets import Guesses, HittingSets, Minimal
from bvn_asp.model.vocabulary import Slot
from bvn_asp.repairs.in_order import best_of, with_a_mark
from bvn_asp.repairs.useful import Useful


@pytest.mark.parametrize("seed", range(30))
def test_alternatives_come_by_the_sum_of_their_keys_each_once(seed):
    draw = random.Random(seed)
    parts = [
        sorted((draw.randint(0, 3), draw.randint(0, 3)) for _ in range(draw.randint(1, 4)))
        for _ in range(draw.randint(1, 4))
    ]

    found = list(best_of(parts, [[range(len(part)) for part in parts]]))

    every = list(itertools.product(*(range(len(part)) for part in parts)))
    picked = [[part[i] for part, i in zip(parts, each, strict=True)] for each in found]
    sums = [tuple(map(sum, zip(*keys, strict=True))) for keys in picked]
    assert sorted(found) == every
    assert sums == sorted(sums)
    assert found == [each for _, each in sorted(zip(sums, found, strict=True))]


def test_a_part_without_alternatives_leaves_no_way():
    assert list(best_of([[(1,)], []], [[[0], []]])) == []
    assert list(best_of([[(1,), (2,)]], [[[0, 1]]])) == [(0,), (1,)]


@pytest.mark.parametrize("seed", range(30))
def test_lots_with_a_mark_are_each_such_way_once_and_come_in_one_order(seed):
    draw = random.Random(seed)
    marks = [[draw.random() < 0.4 for _ in range(draw.randint(1, 4))] for _ in range(draw.randint(1, 4))]
    parts = [sorted((draw.randint(0, 3),) for _ in each) for each in marks]

    found = list(best_of(parts, list(with_a_mark(marks))))

    ways = itertools.product(*(range(len(each)) for each in marks))
    assert sorted(found) == [way for way in ways if any(m[i] for m, i in zip(marks, way, strict=True))]
    sums = [sum(part[i][0] for part, i in zip(parts, way, strict=True)) for way in found]
    assert sums == sorted(sums)


SLOTS = tuple(Slot(name) for name in "abcdef")
A, B, C, D, E, F = SLOTS


def test_slots_that_are_tied_stand_in_one_part_in_the_order_of_the_program():
    useful = Useful(SLOTS, ((E, B), (C,), (B, A), (F, D)), frozenset())

    assert useful.parts() == [[A, B, E], [C], [D, F]]
    assert useful.parts(together=True) == [list(SLOTS)]


@pytest.mark.parametrize("seed", range(40))
def test_parts_are_what_a_walk_along_the_ties_reaches(seed):
    draw = random.Random(seed)
    ties = tuple(tuple(draw.sample(SLOTS, draw.randint(1, 3))) for _ in range(draw.randint(0, 4)))

    parts = Useful(SLOTS, ties, frozenset()).parts()

    for slot in SLOTS:
        reached, fresh = {slot}, [slot]
        while fresh:
            here = fresh.pop()
            for tied in ties:
                if here in tied:
                    fresh += [each for each in tied if each not in reached]
                    reached |= set(tied)
        assert next(part for part in parts if slot in part) == [each for each in SLOTS if each in reached]


@pytest.mark.parametrize("seed", range(40))
def test_a_smallest_hitting_set_meets_every_set_and_none_smaller_does(seed):
    draw = random.Random(seed)
    size = draw.randint(1, 6)
    hitting, sets = HittingSets(size), []
    for _ in range(draw.randint(0, 6)):
        sets.append(draw.sample(range(size), draw.randint(0 if seed % 8 == 0 else 1, min(3, size))))
        hitting.hit(sets[-1])

    found = hitting.smallest()

    meets = [
        some
        for count in range(size + 1)
        for some in itertools.combinations(range(size), count)
        if all(set(some) & set(each) for each in sets)
    ]
    if not meets:
        assert found is None
    else:
        assert found in meets
        assert len(found) == len(meets[0])


def test_guesses_begin_where_they_are_told_and_end_when_all_are_forbidden():
    guesses = Guesses([("x", ("in", "out"), "in"), ("y", ("low", "mid", "high"), "mid")])

    assert guesses.next() == {"x": "in", "y": "mid"}
    guesses.forbid([("x", "in")])
    assert guesses.next() == {"x": "out", "y": "mid"}
    seen = set()
    while (guess := guesses.next()) is not None:
        assert guess["x"] == "out"
        assert guess["y"] not in seen
        seen.add(guess["y"])
        guesses.forbid(list(guess.items()))
    assert seen == {"low", "mid", "high"}


@pytest.mark.parametrize("seed", range(30))
def test_minimal_sets_are_all_of_them_each_once_in_the_order_of_the_atoms(seed):
    draw = random.Random(seed)
    size = draw.randint(2, 5)
    clauses = [draw.sample(range(size), draw.randint(1, 3 if size > 2 else 2)) for _ in range(draw.randint(1, 5))]
    rules = f"{{ take(0..{size - 1}) }}. #heuristic take(X). [1,false] #show take/1."
    rules += "".join(f" :- {', '.join(f'not take({x})' for x in clause)}." for clause in clauses)

    found = [tuple(x for _, (x,) in atoms) for atoms in Minimal([], rules)]

    every = [
        some
        for count in range(size + 1)
        for some in itertools.combinations(range(size), count)
        if all(set(some) & set(clause) for clause in clauses)
    ]
    smallest = [each for each in every if not any(set(other) < set(each) for other in every)]
    assert sorted(found) == sorted(smallest)
    assert all(list(each) == sorted(each) for each in found)
