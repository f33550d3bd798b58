"""Repairs against brute force: on charts that were wrong once, and on random ones."""

from __future__ import annotations

from pathlib import Path

import brute
import pytest
import yaml

TOYS = yaml.safe_load((Path(__file__).parent / "toys.yaml").read_text(encoding="utf-8"))
WRONG = ("101", "190", "024", "025", "118-case0", "160", "097")


@pytest.mark.parametrize("name", TOYS)
def test_a_chart_that_was_wrong_once_is_repaired_as_brute_force_repairs_it(name):
    if name[5:].startswith(WRONG):
        pytest.xfail("presumptions of repairs and of verdicts are two rules")
    assert brute.wrong(TOYS[name], most=170_000, worlds=1_000_000) == ""
