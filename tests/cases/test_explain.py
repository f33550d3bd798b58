"""A worksheet shows every criterion with its status and the chart's value; the shortest reason is a smallest core."""

from __future__ import annotations

import datetime
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import ROOT

from bvn_asp import Evaluator, Slot, Status, Verdict, explain

FULL = {
    "age": 50,
    "pain_duration": "9 months",
    "care": {"exercise": "tried", "drugs": "tried", "injections": "not_tried"},
    "modic": {"L4": "type_1", "L5": "type_1", "S1": "none"},
    "t_score": 0,
    "implant": "no",
}
BAD = {
    "age": 17,
    "pain_duration": "5 months",
    "care": {"exercise": "not_tried", "drugs": "not_tried", "injections": "tried"},
    "modic": {"L4": "none", "L5": "none", "S1": "none"},
    "t_score": -3,
    "implant": "yes",
    "precautions": "no",
}


def forced(toy, case, slots):
    """Whether some records alone force a denial, every presumption aside."""
    kept = case.with_values(toy.library.vocabulary, {s: None for s in case.recorded if s not in slots})
    evaluator = Evaluator(toy.library, [toy.library.revision("plan@2024")])
    return evaluator.evaluate(kept, strict=True)[0].verdict is Verdict.DENY


@st.composite
def denied_facts(draw):
    facts = {name: draw(st.sampled_from([FULL[name], BAD[name]])) for name in FULL if draw(st.booleans())}
    if draw(st.booleans()):
        facts |= {"implant": "yes", "precautions": draw(st.sampled_from(["yes", "no"]))}
    return facts


@settings(max_examples=25, deadline=None)
@given(facts=denied_facts())
def test_the_reason_forces_the_denial_and_no_smaller_set_of_records_does(toy, facts):
    case = toy.case(**facts)
    answer = explain(toy.library, case, "plan@2024", strict=True)
    if answer.evaluation.verdict is not Verdict.DENY:
        assert answer.reason == ()
        return

    assert forced(toy, case, set(answer.reason))
    for slot in answer.reason:
        assert not forced(toy, case, set(answer.reason) - {slot}), f"{slot} was not needed"
    for smaller in combinations(case.recorded, len(answer.reason) - 1):
        assert not forced(toy, case, set(smaller)), f"{smaller} would do"


def test_a_case_that_is_approved_or_pends_has_no_reason(toy):
    assert explain(toy.library, toy.case(**FULL), "plan@2024").reason == ()
    assert explain(toy.library, toy.case(), "plan@2024").reason == ()


def test_one_fact_is_the_reason_where_one_will_do(toy):
    answer = explain(toy.library, toy.case(**{**FULL, "pain_duration": "5 months"}), "plan@2024")

    assert answer.reason == (Slot("pain_duration"),)


def test_two_facts_are_the_reason_where_neither_alone_will_do(toy):
    answer = explain(toy.library, toy.case(**{**FULL, "implant": "yes", "precautions": "no"}), "plan@2024")

    assert answer.reason == (Slot("implant"), Slot("precautions"))


def test_the_worksheet_keeps_the_outline_in_its_order_with_its_depth(toy):
    answer = explain(toy.library, toy.case(**FULL), "plan@2024")

    assert [each.entry.id for each in answer.lines] == [e.id for e in toy.library.revision("plan@2024").rules.entries]
    depths = {each.entry.id: each.depth for each in answer.lines}
    assert (depths["indications"], depths["care"], depths["drugs"]) == (0, 1, 2)


def test_a_group_counts_what_is_met_and_what_is_open(toy):
    answer = explain(toy.library, toy.case(care={"exercise": "tried", "drugs": "not_tried"}), "plan@2024")
    care = next(each for each in answer.lines if each.entry.id == "care")

    assert (care.have, care.may, care.parts, care.entry.need) == (1, 1, 3, 2)
    assert care.status is Status.UNDETERMINED


def test_exclusions_are_told_from_indications(toy):
    lines = {each.entry.id: each for each in explain(toy.library, toy.case(**FULL), "plan@2024").lines}

    assert lines["implant"].excludes
    assert lines["osteoporosis"].excludes
    assert not lines["pain"].excludes
    assert not lines["exclusions"].excludes


@pytest.mark.parametrize(
    ("since", "revision", "want"),
    [
        ("2026-08-15", "plan@2024", datetime.date(2027, 2, 15)),
        ("2026-08-31", "plan@2024", datetime.date(2027, 2, 28)),
        ("2026-08-15", "plan@2025", datetime.date(2027, 8, 15)),
        ("2026-01-01", "plan@2024", None),
    ],
)
def test_a_duration_that_time_will_mend_says_from_when(toy, since, revision, want):
    case = toy.case(**{**FULL, "pain_duration": {"since": since}})
    lines = {each.entry.id: each for each in explain(toy.library, case, revision).lines}

    assert [each.holds_from for each in lines["pain"].facts] == [want]


def test_on_the_day_it_names_and_not_a_day_before_the_criterion_holds(toy):
    def status(day):
        case = toy.case({"date": day, "bodies": ["L4"]}, pain_duration={"since": "2026-08-31"})
        return explain(toy.library, case, "plan@2024").evaluation.statuses["pain"]

    assert status("2027-02-28") is Status.MET
    assert status("2027-02-27") is Status.UNMET


def test_an_amount_has_the_latest_possible_day_as_in_repair(toy):
    lines = {e.entry.id: e for e in explain(toy.library, toy.case(pain_duration="5 months"), "plan@2024").lines}

    assert [each.holds_from for each in lines["pain"].facts] == [datetime.date(2027, 1, 1)]


def test_a_presumed_fact_is_shown_as_presumed_and_not_as_recorded(toy):
    facts = {k: v for k, v in FULL.items() if k != "t_score"}
    lines = {e.entry.id: e for e in explain(toy.library, toy.case(**facts), "plan@2024").lines}
    (score,) = lines["osteoporosis"].facts

    assert score.record is None
    assert str(score.presumed) == "0"
    assert not score.is_open


def test_a_count_names_what_it_counts(toy):
    lines = {e.entry.id: e for e in explain(toy.library, toy.case(**FULL), "plan@2024").lines}

    assert [each.counted for each in lines["few"].facts] == [("L4", "L5")]


def test_document_004_is_denied_by_cohere_for_what_was_recorded(shipped):
    case = shipped.case(ROOT / "cases/founding/document-004.yaml")

    answer = explain(shipped, case, "cohere-ma")

    assert len(answer.reason) == 1
    assert case.get(answer.reason[0]) is not None
    assert {each.entry.id for each in answer.lines if each.blamed} == set(answer.evaluation.blamed)
