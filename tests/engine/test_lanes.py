"""Lanes show nothing that the solver does not say, and most of what it says."""

from __future__ import annotations

import json
import random

import pytest
from places import TOY

from bvn_asp import Library, store
from bvn_asp.cases.apart import Apart
from bvn_asp.cases.possible import parse_case
from bvn_asp.cases.presumptions import presumptions
from bvn_asp.engine import lanes as made
from bvn_asp.engine.lanes import Look, lanes_of
from bvn_asp.engine.program import Program, Seat


def some_case(library, seed):
    """The library's richest case with some records taken out."""
    rng = random.Random(seed)
    folder = library.folder.parent / "cases" / "baseline.yaml"
    case = library.case(folder)
    kept = [each for each in case.records if rng.random() > rng.choice([0.1, 0.5, 0.9])]
    return case.with_values(library.vocabulary, {each.slot: None for each in case.records if each not in kept})


@pytest.mark.parametrize("name", ["cohere-ma", "lcd-l39420", "nass-2022-draft", "review-004"])
def test_what_lanes_show_the_solver_says_too(shipped, name):
    revision = shipped.revision(name)
    readings = shipped.chosen_readings(revision, {})
    apart = Apart(shipped, revision, {})
    shown = said = 0
    for seed in range(4):
        case = some_case(shipped, seed)
        apart.take(case.recorded | presumptions(shipped.vocabulary, case), readings)
        looks, seen = apart._looks, apart.seen({})
        asked = [(slot, *two) for slot in looks[0].columns for two in ((0, 1), (1, 0))]
        pairs = {each: look.tells_apart(*each) for look in looks for each in asked}
        apart._looks = ()
        want = apart.open({}, frozenset(), None)
        assert seen <= want
        shown, said = shown + len(seen), said + len(want)
        for (slot, one, other), told in pairs.items():
            values = apart._one.values(slot)
            if told is not None and slot in want and random.Random(f"{slot}{seed}").random() < 0.3:
                assert told is apart.tells_apart(slot, values[one], values[other]), (slot, one, other)

    assert said > 5
    assert shown > 0.9 * said


def test_a_walk_leaves_no_approved_completion(shipped):
    revision = shipped.revision("lcd-l39642")
    apart = Apart(shipped, revision, {})
    case = some_case(shipped, 3)
    apart.take(case.recorded | presumptions(shipped.vocabulary, case), shipped.chosen_readings(revision, {}))
    drawn, walked = apart._looks

    assert walked.at(walked.of.verdicts["approve"]) == walked.world == walked.full
    assert drawn.at(drawn.of.verdicts["approve"]) != drawn.full
    for look in (drawn, walked):
        for own in look.columns.values():  # every lane has one value of each slot
            assert sum(each.bit_count() for each in own.values()) == look.full.bit_count()


def test_lanes_out_of_the_store_are_the_same(tmp_path, monkeypatch):
    monkeypatch.setenv("BVN_CACHE", str(tmp_path / "store"))
    library = Library(TOY)
    revision = library.revision("plan")
    readings = library.chosen_readings(revision, {})
    program = Program(library.vocabulary, library.background, [Seat(revision)], solved=False)
    with store.closed():
        store.allow(True)
        first, again = lanes_of(program, readings), lanes_of(program, readings)
    assert json.dumps(made._encoded(first)) == json.dumps(made._encoded(again))
    assert again.table.nodes != first.table.nodes  # only what is needed is kept

    one, two = Look(first, {}), Look(again, {})
    assert one.columns == two.columns
    assert one.moves == two.moves


def test_a_policy_without_a_straight_line_has_no_lanes(monkeypatch):
    def refuse(*_):
        raise made.SolverError("a circle")

    monkeypatch.setattr(made, "compiled", refuse)
    library = Library(TOY)
    revision = library.revision("plan")
    program = Program(library.vocabulary, library.background, [Seat(revision)], solved=False)

    assert lanes_of(program, {}) is None
    text = "title: t\nrequest: {date: 2026-12-01, bodies: [L4]}\nfacts: {age: 40 years}\n"
    case = parse_case(library, text, "case")
    assert library.ask(case, ["plan"]).open
