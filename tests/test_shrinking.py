"""Random trials of both second procedures are made smaller, and stay wrong in the same way."""

from __future__ import annotations

import agree
import brute
import pytest


@pytest.mark.parametrize("room", [agree, brute])
def test_a_trial_is_shrunk_to_one_rule_and_another_kind_of_wrong_is_not_taken(room, monkeypatch):
    def rules(trial):
        return sum(len(policy["rules"]) for policy in trial["policies"])

    def wrong(trial):
        if not trial["policies"]:
            raise KeyError("cannot be asked")
        return "many: rules" if rules(trial) > 1 else "few: rules" if rules(trial) else ""

    monkeypatch.setattr(room, "wrong", wrong)
    trial = room.make(7)
    assert rules(trial) > 2

    small = room.shrunk(trial)

    assert rules(small) == 2
    assert rules(trial) > 2
    assert not small["background"]
