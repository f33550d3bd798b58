"""Places where an encoding was held against its text and mended, each with a chart that turns on it."""

from __future__ import annotations

import json

import pytest
from places import ROOT

from bvn_asp import Evaluator


def status(shipped, policy, facts, readings=None):
    """An evaluation of a chart that asks for L4 and L5, says these facts and nothing else."""
    case = shipped.parse(json.dumps({"title": "a chart", "request": {"bodies": ["L4", "L5"]}, "facts": facts}))
    asked = Evaluator(shipped, [shipped.revision(policy)])
    return asked.evaluate(case, {policy: readings or {}}, under_readings=False)[0]


NORMAL_T_SCORE = {"osteoporosis": "yes", "t_score": "-1.0"}
NONE = {"all": "not_tried"}
CHARTS = [
    # O13: an infection at a body is one of the spine
    ("cohere-ma", {"local_infection": {"L4": "yes"}}, {"O13": "spine-or-systemic"}, "infection", "met"),
    ("cohere-ma", {"local_infection": {"L2": "yes"}}, {"O13": "spine-or-systemic"}, "infection", "met"),
    (
        "cohere-ma", {"local_infection": {"all": "no", "L2": "yes"}, "systemic_infection": "no"},
        {}, "infection", "unmet",
    ),
    # Non-indications 10 has the reading that L39420 has of the same words
    ("cohere-ma", NORMAL_T_SCORE, {}, "osteoporosis", "met"),
    ("cohere-ma", NORMAL_T_SCORE, {"osteoporosis-shown": "t-score"}, "osteoporosis", "unmet"),
    # L39420, item 2: which kinds of care there were need not be named
    ("lcd-l39420", {"care_duration": "6 months"}, {}, "care_kind", "met"),
    ("lcd-l39420", {"care_duration": "6 months"}, {"P3": "any-kind"}, "care_kind", "undetermined"),
    ("lcd-l39420", {"care": NONE | {"other": "tried"}}, {"P3": "any-kind"}, "care_kind", "met"),
    ("lcd-l39420", {"care": NONE | {"other": "tried"}}, {"P3": "listed"}, "care_kind", "unmet"),
    # O23 and O21: a kind that was not tried is not met
    ("cohere-ma", {"care": NONE | {"chiropractic": "tried"}}, {"O23": "any-one"}, "injections", "unmet"),
    ("cohere-ma", {"care": NONE | {"chiropractic": "tried"}}, {"O23": "any-one"}, "modalities", "met"),
    ("cohere-ma", {"care": NONE | {"chiropractic": "contraindicated"}}, {"O21": "waived"}, "injections", "unmet"),
    ("cohere-ma", {"care": NONE | {"chiropractic": "contraindicated"}}, {"O21": "waived"}, "modalities", "met"),
    ("cohere-ma", {"care": NONE | {"chiropractic": "tried"}}, {}, "modalities", "unmet"),
    # L39642: another cause on imaging counts, obvious or not
    (
        "lcd-l39642",
        {"other_explanation_imaging": "other", "other_obvious_cause": "none", "precautions": {"other_cause": "no"}},
        {}, "other_cause", "met",
    ),
    (
        "lcd-l39642",
        {"other_explanation_imaging": "other", "other_obvious_cause": "none", "precautions": {"other_cause": "yes"}},
        {}, "other_cause", "unmet",
    ),
    # L39642: only the contraindication names an age, and precautions overcome it
    ("lcd-l39642", {"age": "17", "skeletally_immature": "no"}, {}, "maturity", "met"),
    ("lcd-l39642", {"age": "17", "skeletally_immature": "no"}, {"N3": "age-defines"}, "maturity", "unmet"),
    ("lcd-l39642", {"age": "17", "precautions": {"immaturity": "yes"}}, {}, "immaturity", "unmet"),
    ("lcd-l39642", {"age": "17", "precautions": {"immaturity": "no"}}, {}, "immaturity", "met"),
    # L39642: care that a provider designed
    ("lcd-l39642", {"care_monitored": "yes", "care_designed": "no"}, {"N10": "all-care"}, "care_monitored", "met"),
    ("lcd-l39642", {"care_monitored": "yes", "care_designed": "no"}, {"N10": "designed"}, "care_monitored", "unmet"),
]


@pytest.mark.parametrize(("policy", "facts", "readings", "entry", "expected"), CHARTS)
def test_the_entry_comes_out_as_the_text_says(shipped, policy, facts, readings, entry, expected):
    got = status(shipped, policy, facts, readings)

    assert got.statuses[entry].value == expected


@pytest.mark.parametrize(
    ("device", "entry", "expected"),
    [
        ("intracept", "device", "met"),
        ("optablate", "device", "met"),
        ("other", "device", "unmet"),
        (None, "device", "undetermined"),
    ],
)
def test_the_label_covers_two_devices_and_no_other(shipped, device, entry, expected):
    facts = {"age": "50"} if device is None else {"age": "50", "device": device}

    assert status(shipped, "fda-label", facts).statuses[entry].value == expected


def test_what_the_labeling_of_one_device_rules_out_may_not_hold_of_the_other(shipped):
    found = {
        (device, option): status(
            shipped, "fda-label", {"device": device, "pregnant": "yes"}, {"second-labeling": option}
        ).statuses["pregnancy"].value
        for device in ("intracept", "optablate")
        for option in ("alike", "not-seen")
    }

    assert [each for each, got in found.items() if got != "met"] == [("optablate", "not-seen")]


def test_no_criterion_calls_a_cause_in_the_vertebrae_one_outside_of_them(shipped):
    texts = [e.text for name in ("cohere-ma", "lcd-l39420") for e in shipped.policies[name].latest.rules.entries]

    assert [each for each in texts if "but the vertebrae" in each or "than the vertebrae" in each] == []


def test_policies_that_name_one_device_say_so(shipped):
    named = {
        name for name, policy in shipped.policies.items()
        if any(e.id == "device" and e.parent == "advice" for e in policy.latest.rules.entries)
    }

    assert named == {"intracept-trial", "smart-trial", "bcbssc-cam-394", "review-001"}
    assert (ROOT / "policies" / "fda-label" / "K250213.lp").is_file()


def test_a_plan_that_points_to_a_determination_says_so_and_refuses_all_others(shipped):
    def verdict(line):
        text = json.dumps({"title": "a chart", "request": {"bodies": ["L4"], "line_of_business": line}, "facts": {}})
        return Evaluator(shipped, [shipped.revision("kaiser-wa")]).evaluate(shipped.parse(text))[0]

    member = verdict("medicare_advantage")

    assert member.verdict.value == "silent"
    assert "lcd-l39642" in member.silence[0]
    assert (verdict("commercial").verdict.value, verdict("commercial").blamed) == ("deny", ("established",))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"other_explanation_clinical": "none", "other_explanation_imaging": "none"}, "approve"),
        ({"other_explanation_clinical": "none"}, "pend"),
        ({}, "pend"),
        ({"other_explanation_clinical": "facet", "other_explanation_imaging": "none"}, "deny"),
    ],
)
def test_what_must_be_shown_is_never_presumed(shipped, facts, expected):
    chart = {
        "pain_duration": "6 months", "care_duration": "6 months", "pain_improved": "no", "disability_improved": "no",
        "modic": {"L4": "type_1"}, "functional_deficit": "yes",
    }
    got = status(shipped, "ny-external-appeals", chart | facts, {"evidence": "enough"})

    assert got.verdict.value == expected
    assert status(shipped, "ny-external-appeals", chart | facts).verdict.value == "deny"
