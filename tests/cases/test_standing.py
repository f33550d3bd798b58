"""How a chart stands to what is asked, and which open facts must be answered."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from places import ROOT

from bvn_asp import compare, explain
from bvn_asp.cases.evaluate import Evaluator, Verdict
from bvn_asp.cases.needed import needed
from bvn_asp.cases.standing import Standing, rests_on_presumption, standing, standing_of_open
from bvn_asp.cli import main
from bvn_asp.model.case import Named
from bvn_asp.model.vocabulary import Slot
from bvn_asp.render import pages
from bvn_asp.render.text import to_text


def shown(library, case, policy, **options):
    return " ".join(to_text(pages.explanation(library, explain(library, case, policy), case, **options), 100).split())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, Standing.MISSING),
        ("13 months", Standing.KNOWN),
        ("3 months", Standing.KNOWN),
        (">= 14 months", Standing.KNOWN),
        (">= 3 months", Standing.SHORT),
        ("over 3 months", Standing.SHORT),
        ("less than 12 months", Standing.KNOWN),
        ({"conflicting": ["3 months", "14 months"]}, Standing.CONFLICT),
    ],
)
def test_what_is_open_is_open_for_one_of_three_reasons(toy, value, expected):
    case = toy.case(**({} if value is None else {"pain_duration": value}))
    fact = toy.library.vocabulary.facts["pain_duration"]

    found = standing(fact, case.get(Slot("pain_duration")), [("at_least", "12 months")])

    assert found is expected


def test_a_vague_name_is_not_enough_only_where_it_is_told_apart(toy):
    fact = toy.library.vocabulary.facts["modic"]
    record = toy.case(modic={"L4": {"one_of": ["type_1", "type_2"]}}).get(Slot("modic", "L4"))

    assert standing(fact, record, [("is", "type_1"), ("is", "type_2")]) is Standing.KNOWN
    assert standing(fact, record, [("is", "type_1")]) is Standing.SHORT
    assert standing(fact, record, [("is", "type_3")]) is Standing.KNOWN


def said(value, evidence):
    return {"value": value, "evidence": evidence}


def test_the_three_reasons_are_said_each_with_its_own_evidence(toy):
    case = toy.case(
        pain_duration={"at_least": "3 months", "evidence": "intake form"},
        modic={"L4": {"conflicting": [said("none", "findings"), said("type_1", "impression")]}},
    )

    text = shown(toy.library, case, "plan")

    assert "pain duration: on record, not enough, at least 3 months (intake form)" in text
    assert "none (findings) against type 1 (impression); ask for an addendum" in text
    assert "age: not on record" in text
    compared = " ".join(to_text(pages.comparison(toy.library, compare(toy.library, case)), 100).split())
    for heading in ("Not on record", "On record, not enough", "The record contradicts itself"):
        assert f"{heading}, and it can still change a verdict" in compared


def brute(library, case, policy, slot):
    """Whether some answer to a slot leaves the policy no way to approval, by trying every answer."""
    fact = library.vocabulary.facts[slot.fact]
    for value in fact.values:
        told = explain(library, case.with_values(library.vocabulary, {slot: Named((value,))}), policy)
        if told.evaluation.verdict in (Verdict.DENY, Verdict.SILENT):
            return True
    return False


def test_what_is_needed_is_what_alone_can_settle_it_against(shipped):
    case = shipped.case(ROOT / "cases/founding/document-004.yaml")
    answer = explain(shipped, case, "lcd-l39642")

    named = [slot for slot in answer.evaluation.open if shipped.vocabulary.facts[slot.fact].is_named]
    found = {each.slot for each in answer.needed}

    assert {Slot("pain_duration"), Slot("pain_improved")} <= found
    for slot in named:
        assert (slot in found) == brute(shipped, case, "lcd-l39642", slot), slot


def test_care_of_which_three_kinds_suffice_is_not_needed_kind_by_kind(shipped):
    case = shipped.case(ROOT / "cases/founding/document-004.yaml")

    answer = explain(shipped, case, "lcd-l39642")

    assert Slot("care", "chiropractic") in answer.evaluation.open
    assert Slot("care", "chiropractic") not in {each.slot for each in answer.needed}
    text = shown(shipped, case, "lcd-l39642")
    assert "To approve, all of these are needed" in text
    assert "document any of these" not in text


def test_nothing_is_needed_of_a_decided_case(toy):
    case = toy.case(age=12)
    evaluator = Evaluator(toy.library, [toy.library.revision("plan@2025")])

    assert needed(evaluator, case, evaluator.evaluate(case)[0]) == ()


def test_levels_on_record_are_not_said_to_be_presumed(shipped):
    case = shipped.parse("title: t\nrequest: {bodies: [L4]}\nfacts: {slip: {L5-S1: 3 mm}}")

    text = " ".join(to_text(pages.comparison(shipped, compare(shipped, case, ["cohere-ma"])), 100).split())

    presumed = text.partition("nobody mentioning it")[2]
    assert "slip (but for L5-S1, on record)" in presumed


def test_an_exclusion_excludes_and_a_criterion_asks(shipped):
    case = shipped.parse("title: t\nrequest: {bodies: [L4]}\nfacts: {age: 52, bmi: 34.2}")

    text = shown(shipped, case, "cohere-ma")

    assert "bmi: 34.2 kg/m2 [excludes more than 40 kg/m2]" in text
    assert "age: 52 years [asks at least 18 years]" in text
    assert "age: 52 years [excludes less than 18 years]" in text


def test_what_is_presumed_has_a_sign_of_its_own(shipped):
    case = shipped.case(ROOT / "cases/splits/d07-bmi-forty-three.yaml")
    answer = compare(shipped, case, ["cohere-ma", "lcd-l39420"])
    cohere = answer.evaluations[0]

    assert rests_on_presumption(shipped.vocabulary, case, cohere, "pregnancy")
    assert not rests_on_presumption(shipped.vocabulary, case, cohere, "bmi")


def test_what_bears_on_the_verdict_comes_first(shipped):
    case = shipped.case(ROOT / "cases/splits/d07-bmi-forty-three.yaml")
    answer = explain(shipped, case, "cohere-ma")

    text = shown(shipped, case, "cohere-ma", unmet_first=True)
    sheet = text.partition("what is asked, and what the chart says")[2]

    assert answer.evaluation.blamed == ("bmi",)
    assert sheet.split()[0] == "PRESENT"
    assert "bmi: 43.0" in sheet[:200]


def test_without_a_policy_the_one_that_governs_is_explained(tmp_path):
    def run(*arguments):
        return CliRunner().invoke(main, ["explain", *arguments])

    governed = run(str(ROOT / "cases/splits/d31-three-bodies-in-georgia.yaml"), "--format", "json")
    unsure = run(str(ROOT / "cases/founding/document-004.yaml"))

    assert json.loads(governed.stdout)["policy"] == "lcd-l39420"
    assert unsure.exit_code == 2
    assert "no policy governs this request for sure" in unsure.output


def test_the_governing_policy_comes_first(shipped):
    case = shipped.case(ROOT / "cases/splits/d31-three-bodies-in-georgia.yaml")

    text = to_text(pages.comparison(shipped, compare(shipped, case)), 80)

    lines = text.splitlines()
    head = next(i for i, line in enumerate(lines) if line.startswith("policy "))
    assert lines[head + 1].startswith("lcd-l39420")
    assert head + 1 < 24


def test_a_verdict_and_what_it_needs_are_on_the_first_screen(shipped):
    case = shipped.case(ROOT / "cases/founding/document-004.yaml")

    lines = to_text(pages.explanation(shipped, explain(shipped, case, "lcd-l39642"), case), 80).splitlines()[:24]

    assert any(line.startswith("RESULT  pend") for line in lines)
    assert any(line.startswith("Needed") for line in lines)


def test_a_reading_comes_with_its_question(shipped):
    case = shipped.case(ROOT / "cases/founding/document-004.yaml")

    text = " ".join(to_text(pages.comparison(shipped, compare(shipped, case, ["lcd-l39642"])), 100).split())

    assert "deny if N2 is read absolute: do documented precautions overcome a contraindication?" in text


def test_the_open_slots_of_an_answer_say_why_they_are_open(toy):
    case = toy.case(modic={"L4": {"conflicting": ["none", "type_1"]}})

    assert standing_of_open(case, Slot("modic", "L4")) is Standing.CONFLICT
    assert standing_of_open(case, Slot("age")) is Standing.MISSING


@pytest.mark.parametrize("policy", ["lcd-l39642", "lcd-l39644"])
def test_a_criterion_that_denies_a_limit_asks_for_what_lies_beyond_it(shipped, policy):
    case = shipped.parse("title: t\nrequest: {bodies: [L4]}\nfacts: {age: 58}")

    found = explain(shipped, case, policy, {policy: {"maturity-cured": "age-defines"}})
    text = " ".join(to_text(pages.explanation(shipped, found, case), 100).split())

    assert "age: 58 years [asks at least 18 years]" in text
    assert "age: 58 years [excludes less than 18 years]" in text
    assert "[asks less than" not in text
