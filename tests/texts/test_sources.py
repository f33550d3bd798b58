"""The documentation of the sources is what the encodings say, and what the solver finds in them."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner
from places import ROOT

from bvn_asp.cases.evaluate import evaluate
from bvn_asp.cli import main
from bvn_asp.model.values import parse_value
from bvn_asp.model.vocabulary import Slot
from bvn_asp.texts.atlas import atlas
from bvn_asp.texts.sources import sources

POLICIES = str(ROOT / "policies")


@pytest.fixture(scope="module")
def found(shipped):
    return sources(shipped)


def test_the_document_is_up_to_date():
    result = CliRunner().invoke(main, ["sources", "--all", "--format", "markdown", "--policies", POLICIES])

    written = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")

    assert result.exit_code == 0
    assert written == result.output, "run: bvn sources --all --format markdown > docs/sources.md"


def test_every_policy_stands_in_one_column(shipped, found):
    assert sorted(name for column in found.columns for name in column.policies) == sorted(shipped.policies)


def test_policies_with_the_same_rules_share_a_column(found):
    assert ("lcd-l39420", "lcd-l40302") in [column.policies for column in found.columns]
    assert ("lcd-l39642", "lcd-l39644") in [column.policies for column in found.columns]


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        ("age", {"cohere-ma": "at least 18 years", "lcd-l39420": "more than 18 years",
                 "smart-trial": "at least 25 years and at most 70 years", "intracept-trial": "at least 25 years"}),
        ("bmi", {"cohere-ma": "at most 40 kg/m2", "lcd-l39420": "at most 40 kg/m2",
                 "intracept-trial": "at most 40 kg/m2", "smart-trial": "less than 40 kg/m2"}),
        ("bodies_requested", {"cohere-ma": "at most 4", "lcd-l39420": "at most 4", "lcd-l39642": "at most 2",
                              "bcbssc-cam-394": "at most 3", "intracept-trial": "at most 4",
                              # from L3 to S1 there are five, a sixth lumbar one included
                              "fda-label": "at most 5", "highmark-wy-15-01-004": "at most 5",
                              "review-004": "at most 5", "smart-trial": "at most 5"}),
        ("t_score", {"cohere-ma": "more than -2.5", "lcd-l39420": "more than -2.5", "smart-trial": "at least -2.5"}),
        ("litigation", {"intracept-trial": "no"}),
    ],
)
def test_the_limits_are_those_of_the_cross_source_matrix(found, fact, expected):
    bounds = {str(each.slot): dict(each.allowed) for each in found.bounds}

    assert bounds[fact] == expected


def test_the_limits_are_those_of_the_atlas(shipped, found):
    """Two computations gave different limits for the same policies."""
    names = {column.name for column in found.columns}
    theirs = {
        (str(slot), bound.name)
        for each in atlas(shipped, sorted(names)).limits
        for slot in each.slots
        for bound in each.bounds
    }

    assert {(str(each.slot), name) for each in found.bounds for name in each.allowed} == theirs


def test_the_length_of_care_parts_cohere_from_its_sources(found):
    care = next(dict(each.allowed) for each in found.bounds if each.slot == Slot("care_duration"))

    assert care["cohere-ma"] == "more than 6 weeks"
    assert care["lcd-l39420"] == "at least 6 months"
    assert "lcd-l39642" not in care


@pytest.mark.parametrize(("fact", "just_short", "just_on"), [("bmi", "40.1", "40.0"), ("age", "17", "18")])
def test_a_limit_is_replayed_by_evaluating_patients_on_both_sides(shipped, fact, just_short, just_on):
    base = shipped.case(ROOT / "cases" / "baseline.yaml")

    for text, expected in ((just_short, "deny"), (just_on, "approve")):
        case = base.with_values(shipped.vocabulary, {Slot(fact): parse_value(shipped.vocabulary, Slot(fact), text)})
        (found,) = evaluate(shipped, case, ["cohere-ma"], under_readings=False)
        assert found.verdict.value == expected


def test_an_entry_that_something_else_can_stand_in_for_is_marked(found):
    assert found.demands["cohere-ma", "bmi"].alone
    assert dict(found.demands["cohere-ma", "bmi"].needs) == {"bmi": "at most 40 kg/m2"}
    assert dict(found.demands["lcd-l39420", "slip"].refuses) == {"slip": "at least 2 mm", "slip_correlates": "yes"}


def test_the_twin_says_that_its_text_is_unconfirmed():
    written = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    section = written.partition("## lcd-l39644")[2].partition("\n## ")[0]

    assert "unconfirmed" in section


def test_the_command_lists_every_source_with_its_mark(shipped):
    text = CliRunner().invoke(main, ["sources", "--policies", POLICIES]).output
    data = json.loads(CliRunner().invoke(main, ["sources", "--format", "json", "--policies", POLICIES]).output)

    assert all(name in text for name in shipped.policies)
    assert [each["policy"] for each in data["sources"]] == list(shipped.policies)
    assert max(map(len, text.splitlines())) <= 80


def test_known_editions_without_a_text_are_listed():
    text = CliRunner().invoke(main, ["sources", "--policies", POLICIES]).output

    assert "2024-06-10: not encoded" in " ".join(text.split())


def test_what_was_looked_for_and_not_found_is_listed_and_a_line_without_it_is_a_fault(tmp_path):
    text = CliRunner().invoke(main, ["sources", "--policies", POLICIES]).output

    assert "Looked for again and not found, November 2026" in text
    assert "  - Cohere's policy, versions 1, 2 and 4" in text

    shutil.copytree(ROOT / "policies", tmp_path / "policies")
    (tmp_path / "policies" / "sought.yaml").write_text("not_found:\n  - why: no reason\n", encoding="utf-8")
    broken = CliRunner().invoke(main, ["sources", "--policies", str(tmp_path / "policies")])
    assert (broken.exit_code, "what was looked for is not said" in broken.output) == (2, True)
