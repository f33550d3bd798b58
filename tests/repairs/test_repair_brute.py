"""Repairs against brute force: on charts that were wrong once, and on random ones.

`python -m benchmarks.agreement repairs --n 100000` tries as many as one likes.
"""

from __future__ import annotations

from pathlib import Path

import brute
import pytest
import yaml

TOYS = yaml.safe_load((Path(__file__).parent / "toys.yaml").read_text(encoding="utf-8"))
RANDOM = 300
LOT = 50


@pytest.mark.parametrize("name", TOYS)
def test_a_chart_that_was_wrong_once_is_repaired_as_brute_force_repairs_it(name):
    assert brute.wrong(TOYS[name], most=1_000_000, worlds=1_000_000) == ""


@pytest.mark.parametrize("lot", range(RANDOM // LOT))
def test_random_charts_are_repaired_as_brute_force_repairs_them(lot):
    said = {seed: brute.wrong(brute.make(seed)) for seed in range(lot * LOT, (lot + 1) * LOT)}

    assert {seed: each for seed, each in said.items() if each} == {}
    assert sum(each == "" for each in said.values()) >= LOT // 4


@pytest.mark.parametrize("lot", range(2))
def test_charts_that_do_not_say_where_are_repaired_as_brute_force_repairs_them(lot):
    trials = {seed: brute.make(seed, several=True) for seed in range(lot * LOT, (lot + 1) * LOT)}
    said = {seed: brute.wrong(trial) for seed, trial in trials.items()}

    assert {seed: each for seed, each in said.items() if each} == {}
    tried = [trials[seed] for seed, each in said.items() if each == ""]
    assert sum("somewhere" in str(each["case"]) for each in tried) >= 5


def test_charts_of_one_operation_on_several_bodies_are_repaired_as_brute_force_repairs_them():
    trials = {seed: brute.make(seed, once=True) for seed in range(LOT)}
    said = {seed: brute.wrong(trial) for seed, trial in trials.items()}

    assert {seed: each for seed, each in said.items() if each} == {}
    assert sum("done" in trials[seed]["case"]["facts"] for seed, each in said.items() if each == "") >= 15
