"""Ways through an outline."""

from __future__ import annotations

import pytest

from bvn_asp import Status
from bvn_asp.model.outline import ancestors, below, is_exclusion, lowest


@pytest.fixture
def plan(toy):
    return toy.library.revision("plan@2024")


def test_ancestors_are_the_groups_around_an_entry_the_nearest_first(plan):
    assert [each.id for each in ancestors(plan, "exercise")] == ["care", "indications"]
    assert ancestors(plan, "indications") == ()


def test_below_an_entry_is_all_that_is_part_of_it(plan):
    assert below(plan, "care") == ("care", "exercise", "drugs", "injections")
    assert below(plan, "adult") == ("adult",)


def test_what_stands_below_none_of_is_an_exclusion_the_group_itself_is_not(plan):
    assert is_exclusion(plan, "implant")
    assert not is_exclusion(plan, "exclusions")
    assert not is_exclusion(plan, "exercise")


def test_an_exclusion_of_an_exclusion_speaks_for_approval(shipped):
    """Held to the definition: every `none_of` on the way up turns it round."""
    for policy in shipped.policies.values():
        for entry in policy.latest.entries:
            turned = False
            for group in ancestors(policy.latest, entry):
                turned = not turned if group.kind == "none_of" else turned
            assert is_exclusion(policy.latest, entry) is turned


def test_the_lowest_of_some_entries_have_no_part_among_them(plan):
    assert lowest(plan, {"indications", "care", "exercise", "implant"}) == ("exercise", "implant")
    assert lowest(plan, {"indications", "adult", "care"}) == ("adult", "care")
    assert lowest(plan, set()) == ()


@pytest.mark.parametrize(
    ("status", "excludes", "speaks"),
    [
        (Status.MET, False, True),
        (Status.UNMET, False, False),
        (Status.MET, True, False),
        (Status.UNMET, True, True),
        (Status.UNDETERMINED, False, None),
        (Status.UNDETERMINED, True, None),
    ],
)
def test_what_an_entry_says_of_approval(status, excludes, speaks):
    assert status.speaks(excludes) is speaks
