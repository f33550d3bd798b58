"""Boxes hold what their node holds, and what is kept of them between runs is the same."""

from __future__ import annotations

import itertools
import random

import brute

from bvn_asp import store
from bvn_asp.engine import boxes as made
from bvn_asp.engine.boxes import Boxes, Fields, sketches
from bvn_asp.engine.lines import All, Enough, Leaf, Not, Some, Table
from bvn_asp.engine.program import Program, Seat
from bvn_asp.errors import BvnError
from bvn_asp.model.vocabulary import Slot

SIZES = {Slot("a"): 2, Slot("b"): 3, Slot("c"): 4, Slot("d"): 2}


def some_table(rng):
    """A table of some nodes over a few slots; the last is made of most of the others."""
    table = Table(SIZES)
    nodes = [table.leaf(slot, rng.randrange(1, table.full[slot])) for slot in SIZES for _ in range(2)]
    for _ in range(8):
        parts = rng.sample(nodes, rng.randint(2, 4))
        kinds = [table.every, table.any, lambda parts: table.negated(parts[0])]
        kinds.append(lambda parts: table.enough(rng.randint(1, 5), [(part, rng.randint(1, 3)) for part in parts]))
        nodes.append(rng.choice(kinds)(parts))
    return table, nodes[-4:]


def true(table, number, world):
    node = table.nodes[number]
    if node is None:
        return bool(number)
    if isinstance(node, Leaf):
        return bool(node.mask >> world[node.slot] & 1)
    if isinstance(node, Not):
        return not true(table, node.part, world)
    if isinstance(node, Enough):
        return sum(weight for part, weight in node.parts if true(table, part, world)) >= node.need
    assert isinstance(node, (All, Some))
    return (all if isinstance(node, All) else any)(true(table, part, world) for part in node.parts)


def worlds():
    return [dict(zip(SIZES, picked, strict=True)) for picked in itertools.product(*map(range, SIZES.values()))]


def test_a_node_holds_in_its_boxes_and_nowhere_else():
    rng, fields, seen = random.Random(1), Fields(SIZES), set()
    for _ in range(40):
        table, nodes = some_table(rng)
        for number, holds in itertools.product(nodes, (True, False)):
            found = Boxes(table, fields).of(number, holds)
            for boxes in (found, fields.joined(found)):
                masks = [fields.masks(box, fields.all) for box in boxes]
                assert [fields.box(each) for each in masks] == boxes
                for world in worlds():
                    inside = any(all(mask >> world[slot] & 1 for slot, mask in each.items()) for each in masks)
                    assert inside is (true(table, number, world) is holds)
            assert not any(fields.both(a, b) == a for a, b in itertools.permutations(found, 2))
            seen.add(len(found))

    assert len(seen) > 5


def test_two_boxes_share_what_each_slot_has_in_both():
    rng, fields = random.Random(2), Fields(SIZES)
    for _ in range(300):
        one, other = ({s: rng.randrange(1, 1 << n) for s, n in SIZES.items()} for _ in range(2))
        shared = {slot: one[slot] & other[slot] for slot in SIZES}

        assert fields.both(fields.box(one), fields.box(other)) == (fields.box(shared) if all(shared.values()) else 0)


def test_a_sketch_out_of_the_store_is_the_same(tmp_path, monkeypatch):
    monkeypatch.setenv("BVN_CACHE", str(tmp_path / "store"))
    seen = 0
    for seed in range(6):
        try:
            ready = brute.Ready(brute.make(seed))
        except BvnError:  # nobody can have that chart
            continue
        seats = [Seat(each) for each in ready.revisions]
        program = Program(ready.vocabulary, ready.library.background, seats)
        chosen = [ready.library.chosen_readings(each, ready.readings) for each in ready.revisions]
        with store.closed():
            store.allow(True)
            made._KEPT.clear()
            first = sketches(program, chosen)
            made._KEPT.clear()
            monkeypatch.setattr(made, "_made", None)
            assert sketches(program, chosen) == first
            monkeypatch.undo()
            monkeypatch.setenv("BVN_CACHE", str(tmp_path / "store"))
        seen += first is not None

    assert seen >= 3
