"""Damaged files end no command in a traceback or a hang, and leave nothing behind; see `benchmarks/fuzz.py`."""

from __future__ import annotations

import pytest
from places import ROOT, TOY

pytest.importorskip("pyarrow")


MANY = 60  # of each seed; `python -m benchmarks.fuzz` damages as many as one likes


@pytest.fixture
def bench(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    from benchmarks._fuzz import Bench

    return Bench(tmp_path, TOY)


@pytest.mark.parametrize("seed", range(8))
def test_no_damaged_file_ends_a_command_otherwise_than_it_should(bench, seed):
    from benchmarks._fuzz import fuzz

    failures = fuzz(bench, MANY, seed)

    assert failures == [], "\n".join(f"{each.trial}\n{each.how}" for each in failures)


def test_the_fuzzer_notices_a_traceback_a_hang_and_a_status_that_is_none(bench, monkeypatch):
    """The thing that tests is tried itself: each kind of failure is planted once."""
    import time

    from benchmarks import _fuzz
    from bvn_asp import cli

    def broken(*_, **__):
        raise ZeroDivisionError

    planted = {"traceback": broken, "hangs": lambda *_, **__: time.sleep(5), "status 7": lambda *_, **__: exit(7)}
    for words, main in planted.items():
        monkeypatch.setattr(cli, "main", main)
        found = _fuzz.run(["compare"], seconds=1)
        assert ("ZeroDivisionError" if words == "traceback" else words) in found
