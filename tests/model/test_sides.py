"""Endplates reported by disc are recorded by body: what either side shows, and open where a side was not read."""

from __future__ import annotations

from itertools import product

import pytest

from bvn_asp import InputError, Slot, parse_case
from bvn_asp.model.sides import of_sides

EVERY = "none or type 1 or type 2 or type 3 or described or lone feature"


def bodies(library, text):
    return {r.slot.member: str(r) for r in parse_case(f"title: x\nfacts: {{{text}}}", library.vocabulary).records}


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("endplates: {L4-L5: type_1}", {"L4": "type 1", "L5": "type 1"}),
        ("endplates: {L4-L5: type_2}", {"L4": "type 1 or type 2", "L5": "type 1 or type 2"}),
        ("endplates: {L4-L5: none}", {"L4": EVERY, "L5": EVERY}),
        ("endplates: {L4-L5: none, L5-S1: none}", {"L4": EVERY, "L5": "none", "S1": "none"}),
        ("endplates: {L4-L5: type_2, L5-S1: type_1}", {"L4": "type 1 or type 2", "L5": "type 1", "S1": "type 1"}),
        (
            "endplates: {all: none, L4-L5: type_2}",
            {"L1": "none", "L2": "none", "L3": "none", "L4": "type 2", "L5": "type 2", "S1": "none"},
        ),
        ("endplates: {L4-L5: type_2}, modic: {L4: type_2}", {"L4": "type 2", "L5": "type 1 or type 2"}),
        ("endplates: {L5-S1: unknown}", {"L5": EVERY, "S1": EVERY}),
        (
            "endplates: {L4-L5: none, L5-L6: type_2, L6-S1: none}",
            {"L4": EVERY, "L5": "type 2", "L6": "type 2", "S1": "none"},
        ),
    ],
)
def test_a_body_has_what_its_sides_show(shipped, text, want):
    assert bodies(shipped, text) == want


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("endplates: {L5-S1: type_1}, modic: {L5: type_2}", "`modic.L5` is type 2 by itself, and type 1 by its sides"),
        ("endplates: {L4: none}", "is no side"),
        ("endplates: type_1", "recorded by the side"),
        ("endplates: {L4-L5: type_9}", "not a value"),
    ],
)
def test_what_sides_cannot_say_is_refused(shipped, text, words):
    with pytest.raises(InputError, match=words):
        bodies(shipped, text)


def test_an_unread_side_leaves_open_exactly_what_it_could_change(shipped):
    known = shipped.vocabulary.facts["modic"]
    index = shipped.vocabulary.indexes["body"]
    every = tuple(known.values)
    for value in every:
        some = of_sides(known, index, {("L4", "L5"): (value,)}, every)["L4"]
        whole = {
            each
            for other in every
            for each in of_sides(known, index, {("L4", "L5"): (value,), ("L3", "L4"): (other,)}, ("none",))["L4"]
        }
        assert set(some) == whole


def test_the_stronger_of_two_sides_counts_whichever_is_first(shipped):
    known = shipped.vocabulary.facts["modic"]
    index = shipped.vocabulary.indexes["body"]
    for a, b in product(known.values, repeat=2):
        pairs = [{("L4", "L5"): (x,), ("L3", "L4"): (y,)} for x, y in ((a, b), (b, a))]
        found = [of_sides(known, index, pair, ("none",))["L4"] for pair in pairs]
        assert found[0] == found[1]
        assert len(found[0]) == 1
        assert Slot("modic", "L4").fact == known.name
