"""What can be contested where nothing else will do: exact, replayed, and never among the other ways."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from places import ROOT

from bvn_asp.cases.evaluate import Verdict, evaluate
from bvn_asp.cli import main
from bvn_asp.errors import InputError
from bvn_asp.model.vocabulary import CONTESTS, load_vocabulary
from bvn_asp.render.repair import contest_line
from bvn_asp.repairs.repair import repair

CASES = ROOT / "cases"
JUDGED = CASES / "splits" / "d16b-post-surgical-change-complicates.yaml"
INFECTED = CASES / "worklist" / "spine-infection-and-no-word-more.yaml"
BASELINE = CASES / "baseline.yaml"


def contested(answer):
    """The contests of each set, as slot, kind and who is asked."""
    return [
        {(str(move.slot), move.kind, move.whom) for move in each.moves if move.contests}
        for each in answer.contests.repairs
    ]


def test_a_denial_that_rests_on_a_judgement_can_be_contested_and_is_then_approved(shipped):
    case = shipped.case(JUDGED)

    answer = repair(shipped, case, ["lcd-l39642"])

    assert answer.repairs == ()
    assert contested(answer) == [
        {("vertebral_pathology_complicates", "second_judgement", "the reviewing clinician")}
    ]
    mended = answer.contests.repairs[0].applied_to(shipped, case)
    assert evaluate(shipped, mended, ["lcd-l39642"])[0].verdict is Verdict.APPROVE
    assert contest_line(answer) == (
        "No document or wait will do. It rests on one judgement by the reviewing clinician; if it was withdrawn the"
        " policy approves."
    )


def test_two_judgements_are_counted_and_both_must_be_withdrawn(shipped):
    case = shipped.case(BASELINE)
    facts = {"other_obvious_cause": "facet", "other_explanation_imaging": "facet"}
    values = {
        slot: shipped.parse(json.dumps({"title": "x", "facts": facts})).recorded[slot]
        for slot in shipped.vocabulary.slots
        if slot.fact in facts
    }
    silent = {slot: None for slot in case.by_slot if slot.fact == "facet_arthropathy"}

    answer = repair(shipped, case.with_values(shipped.vocabulary, values | silent), ["cohere-ma"])

    assert "rests on two judgements by the reviewing clinician; if both were withdrawn" in contest_line(answer)


def test_of_document_004_every_set_withdraws_its_three_judgements(shipped):
    answer = repair(shipped, shipped.case(CASES / "founding" / "document-004.yaml"), ["cohere-ma"], limit=50)

    judged = {"other_obvious_cause", "other_explanation_clinical", "other_explanation_imaging"}
    assert len(contested(answer)) == 50
    assert all({name for name, _, _ in each} >= judged for each in contested(answer))


def test_an_infection_is_worked_up_and_never_a_mere_treatment(shipped):
    case = shipped.case(INFECTED)

    answer = repair(shipped, case, ["lcd-l39420"], contest=True)

    assert (len(answer.repairs), len(contested(answer))) == (1, 1)
    assert all(move.kind != "treat" or "infection" not in str(move.slot) for e in answer.repairs for move in e.moves)
    assert all(("spine_infection", "work_up", "the treating team") in each for each in contested(answer))


def test_contests_are_never_among_the_other_ways_and_only_looked_for_where_there_is_none(shipped):
    case = shipped.case(CASES / "splits" / "d16-discectomy-five-months-ago.yaml")

    answer = repair(shipped, case, ["cohere-ma"])

    assert answer.repairs
    assert answer.contests is None
    assert not any(move.kind in CONTESTS for part in answer.choices for mend in part for move in mend)


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("d09-slip-two-millimeters", {"cohere-ma": 3, "lcd-l39642": 1}),
        ("d10-small-slip-as-cause", {"cohere-ma": 2, "lcd-l39642": 2}),
        ("d12-pacemaker", {"cohere-ma": None, "lcd-l39642": None}),  # there is none
    ],
)
def test_asked_for_contests_always_contest_something(shipped, name, counts):
    case = shipped.case(CASES / "splits" / f"{name}.yaml")
    for policy, count in counts.items():
        answer = repair(shipped, case, [policy], contest=True)
        assert (answer.contests and len(answer.contests.repairs)) == count
        for each in answer.contests.repairs if answer.contests else ():
            assert any(move.contests for move in each.moves)


def test_the_command_tells_contests_apart_in_text_and_in_json():
    text = CliRunner().invoke(main, ["repair", str(JUDGED), "-p", "lcd-l39642"])
    told = CliRunner().invoke(main, ["repair", str(JUDGED), "-p", "lcd-l39642", "--format", "json"])

    assert "No document or wait will do." in text.stdout.replace("\n", " ")
    question = json.loads(told.stdout)["questions"][0]
    assert question["repairs"] == []
    assert question["contests"]["count"] == 1
    assert question["contests"]["repairs"][0]["moves"][0]["whom"] == "the reviewing clinician"


@pytest.mark.parametrize(
    ("section", "fault"),
    [
        ("{guess: {somebody: {age: up}}}", "unknown kind of contest `guess`"),
        ("{addendum: {somebody: {agee: up}}}", "unknown fact `agee`"),
        ("{addendum: {somebody: {age: yes}}}", "`age` cannot turn out to be `yes`"),
        ("{addendum: {a: {age: up}}, work_up: {b: {age: up}}}", "`age` is contested twice"),
    ],
)
def test_what_is_wrong_with_contests_is_told(tmp_path, section, fault):
    path = tmp_path / "vocabulary.yaml"
    age = "{about: age, type: number, unit: years, from: 0, to: 120, step: 1}"
    path.write_text(f"facts: {{Person: {{age: {age}}}}}\ncontests: {section}\n")

    with pytest.raises(InputError, match=fault):
        load_vocabulary(path)
