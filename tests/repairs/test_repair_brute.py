"""Repairs against brute force: on charts that were wrong once, and on random ones.

`python -m benchmarks.agreement repairs --n 100000` tries as many as one likes.
"""

from __future__ import annotations

from pathlib import Path

import brute
import pytest
import yaml

TOYS = yaml.safe_load((Path(__file__).parent / "toys.yaml").read_text(encoding="utf-8"))
LOT = 25
RANDOM = (*range(3 * LOT - 1), 169)
"""Of the planted slips that are known to be noticed, nine are so by number 72 at the latest, the tenth by 169."""


@pytest.mark.parametrize("name", TOYS)
def test_a_chart_that_was_wrong_once_is_repaired_as_brute_force_repairs_it(name):
    assert brute.wrong(TOYS[name], most=1_000_000, worlds=1_000_000) == ""


@pytest.mark.parametrize("lot", range(len(RANDOM) // LOT))
def test_random_charts_are_repaired_as_brute_force_repairs_them(lot):
    said = {seed: brute.wrong(brute.make(seed)) for seed in RANDOM[lot * LOT : (lot + 1) * LOT]}

    assert {seed: each for seed, each in said.items() if each} == {}
    assert sum(each == "" for each in said.values()) >= LOT // 4


@pytest.mark.parametrize("lot", [1, 2, 3])
def test_charts_that_do_not_say_where_are_repaired_as_brute_force_repairs_them(lot):
    trials = {seed: brute.make(seed, several=True) for seed in range(lot * LOT, (lot + 1) * LOT)}
    said = {seed: brute.wrong(trial) for seed, trial in trials.items()}

    assert {seed: each for seed, each in said.items() if each} == {}
    tried = [trials[seed] for seed, each in said.items() if each == ""]
    assert sum("somewhere" in str(each["case"]) for each in tried) >= 5


def test_charts_of_one_operation_on_several_bodies_are_repaired_as_brute_force_repairs_them():
    trials = {seed: brute.make(seed, once=True) for seed in range(2 * LOT)}
    said = {seed: brute.wrong(trial) for seed, trial in trials.items()}

    assert {seed: each for seed, each in said.items() if each} == {}
    assert sum("done" in trials[seed]["case"]["facts"] for seed, each in said.items() if each == "") >= 15


def test_a_move_of_one_operation_bears_on_what_is_presumed_at_each_of_its_bodies():
    body = {"about": "body", "members": {"A": "A", "B": "B"}}
    done = {"about": "f", "type": "one_of", "values": {"none": "n", "one": "o", "two": "t"}, "per": "body",
            "absent": "none", "change": "never"}
    judged = {"about": "g", "type": "yes_no", "per": "body", "absent": "no", "presumed": True, "change": "never",
              "doubted_by": [{"f": ["one"]}]}
    requested = {"about": "r", "type": "yes_no", "per": "body", "absent": "no", "change": "request"}
    trial = {
        "vocabulary": {
            "indexes": {"body": body},
            "facts": {"Request": {"requested": requested}, "Person": {"f": done, "g": judged}},
            "events": {"done": {"about": "d", "per": "body", "facts": [["f"]]}},
        },
        "background": [],
        "policies": [{"rules": [
            'group(all, root, all_of, "all", "x").',
            'criterion(one, all, "1", "x").',
            "met(one) :- is(f(a), (one; two)).",
            'group(none, root, none_of, "none", "x").',
            'criterion(two, none, "2", "x").',
            "met(two) :- is(g(b), yes).",
        ], "readings": False}],
        "case": {"title": "x", "request": {"date": "2026-09-27"}, "facts": {"done": {"at": "A, B", "f": "unknown"}}},
        "need": 1, "strict": False, "readings": {},
    }
    two = ["f.A document two"]
    either = ["f.A document one/two", "g.B document no"]

    assert brute.wrong(trial) == ""
    assert sorted(map(sorted, brute.spell(brute.Ready(trial).found()))) == sorted([either, two])
