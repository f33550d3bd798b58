"""`compare` and `batch` against brute force: on charts that were wrong once, and on random small libraries.

`python -m benchmarks.agreement answers --n 100000` tries as many as one likes.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

pytest.importorskip("pyarrow", reason="batch needs pyarrow: pip install 'bvn-asp[batch]'")

import agree

from bvn_asp import store

KEPT = yaml.safe_load((Path(__file__).parent / "agreement.yaml").read_text(encoding="utf-8"))
RANDOM = 75  # of the slips of benchmarks/planted.yaml that are noticed each is so by number 63 at the latest
LOT = 25
SLIPS = (399, 487)
"""Trials that found slips in `engine/lanes.py`: a kind of value held to be two, and a dead end held to be a proof."""


@pytest.mark.parametrize("name", KEPT)
def test_charts_that_were_wrong_once_are_answered_as_brute_force_answers_them(name):
    assert agree.wrong(KEPT[name], worlds=1_000_000) == ""


@pytest.mark.parametrize("lot", range(RANDOM // LOT))
def test_random_charts_are_answered_as_brute_force_answers_them(lot):
    said = {seed: agree.wrong(agree.make(seed)) for seed in range(lot * LOT, (lot + 1) * LOT)}

    assert {seed: each for seed, each in said.items() if each} == {}
    assert sum(each == "" for each in said.values()) >= LOT * 3 // 4


def test_random_charts_are_answered_so_along_lines_too(tmp_path, monkeypatch):
    monkeypatch.setenv("BVN_CACHE", str(tmp_path / "store"))
    monkeypatch.setattr(agree, "_batch", lambda ready: "")
    with store.closed():
        store.allow(True)
        said = {seed: agree.wrong(agree.make(seed)) for seed in (*range(100, 116), *SLIPS)}

    assert {seed: each for seed, each in said.items() if each} == {}
    assert any((tmp_path / "store").iterdir())
