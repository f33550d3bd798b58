"""A checklist has what is on file, missing and too early; a policy alone gives the form that asks for all it reads."""

import pytest
from places import ROOT

from bvn_asp.model.outline import is_exclusion
from bvn_asp.papers.checklist import checklist, form
from bvn_asp.papers.request import request


@pytest.mark.parametrize("policy", ["cohere-ma", "lcd-l39642", "review-000"])
def test_a_blank_form_asks_for_every_fact_that_the_policy_reads_once(shipped, policy):
    answer = form(shipped, policy)
    vocabulary, revision = shipped.vocabulary, shipped.revision(policy)

    read = {
        each.fact
        for entry in revision.rules.entries
        if not entry.is_group and entry.parent != "advice"
        for each in revision.reads_by_default(entry.id)
        if vocabulary.facts[each.fact].type != "count" and each.fact != vocabulary.request.members
    }
    assert sorted(each.fact for each in answer.asked) == sorted(read)
    for each in answer.asked:
        assert all(excludes in {is_exclusion(revision, entry) for entry in each.entries} for *_, excludes in each.tests)


def test_a_form_goes_through_the_documents_in_order_sensitive_facts_last(shipped):
    answer = form(shipped, "cohere-ma")

    order = list(shipped.vocabulary.papers.documents)
    keys = [(listed[0].sensitive, order.index(pile)) for pile, listed in answer.piles]
    assert keys == sorted(keys)
    assert any(each.sensitive for each in answer.asked)


def test_what_is_on_file_is_had_and_what_is_missing_is_what_is_requested(shipped):
    case = shipped.case(ROOT / "cases" / "founding" / "document-004.yaml")

    answer = checklist(shipped, case, "lcd-l39642")

    had = {each.read.slot for each in answer.have}
    missing = {slot for each in answer.missing.needs for slot in each.slots}
    assert had <= set(case.by_slot)
    assert not had & missing
    assert answer.missing.needs == request(shipped, case, "lcd-l39642").needs
    assert any(slot.fact == "care" for slot in had)


def test_what_only_needs_time_is_not_yet_and_does_not_speak_against_it(shipped):
    case = shipped.case(ROOT / "cases" / "limits" / "cohere-ma" / "pain_duration_short_of.yaml")

    answer = checklist(shipped, case, "cohere-ma")

    assert [each.since.isoformat() for each in answer.missing.waits] == ["2026-12-04"]
    assert answer.against == ()


def test_what_speaks_against_a_request_is_not_kept_back(shipped):
    case = shipped.case(ROOT / "cases" / "founding" / "document-004.yaml")

    answer = checklist(shipped, case, "cohere-ma")

    assert [each.entry for each in answer.against] == ["other_obvious_cause", "other_explanation"]
