"""What is left to ask, what no longer matters, and what is best asked next."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from fractions import Fraction

import places
import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from bvn_asp import Library
from bvn_asp.cases.ask import Asker, ask
from bvn_asp.cases.evaluate import Verdict
from bvn_asp.cases.possible import load_case
from bvn_asp.cases.possible import make_case as possible_case
from bvn_asp.cases.standing import Standing
from bvn_asp.cases.usual import likely_answers
from bvn_asp.cli import main
from bvn_asp.model.case_reader import make_case
from bvn_asp.papers.request import request
from bvn_asp.render.ask import best
from bvn_asp.render.request import page as request_page

TOY = str(places.TOY)


def test_a_decided_case_has_nothing_to_ask(toy):
    answer = ask(toy.library, toy.case(age=12), ["plan"])

    assert answer.decided
    assert answer.next is None
    assert answer.open == ()


def test_values_that_no_policy_tells_apart_are_one_answer(toy):
    answer = ask(toy.library, toy.case(age=40), ["plan"])

    said = {str(each.slot): [str(value) for value in each.answers] for each in answer.open}
    assert said["modic.L4"] == ["none", "type 1 or type 2"]
    assert said["care.drugs"] == ["tried or contraindicated", "not tried"]
    assert said["pain_duration"] == ["less than 12 months", "at least 12 months"]


def test_a_fact_that_no_longer_matters_says_what_settles_it(toy):
    answer = ask(toy.library, toy.case(care={"exercise": "tried", "drugs": "tried"}), ["plan"])

    by = {str(each.slot): [str(slot) for slot in each.by] for each in answer.settled}
    assert by["care.injections"] == ["care.exercise", "care.drugs"]
    assert by["precautions"] == ["implant"]


def test_a_question_names_the_policies_that_it_can_change(toy):
    care = {"exercise": "tried", "drugs": "tried"}
    case = toy.case(age=40, pain_duration={"at_least": "6 months"}, care=care, modic={"L4": "type_1"})

    answer = ask(toy.library, case, ["plan@2024", "plan@2025"])

    assert [(str(q.slot), q.policies) for q in answer.open] == [("pain_duration", ("plan@2025",))]


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_following_the_questions_to_the_end_never_leaves_pend(data):
    library = Library(TOY)
    asker = Asker(library, library.revisions(["plan@2024", "plan@2025"]))
    case = make_case(library.vocabulary, {"title": "t", "request": {"bodies": ["L4"]}, "facts": {}})
    asked = []
    answer = asker.ask(case, with_settled=False)
    while answer.next is not None:
        before = len(answer.open)
        assert answer.next.slot not in asked
        asked.append(answer.next.slot)
        told = data.draw(st.sampled_from(answer.next.answers))
        case = case.with_values(library.vocabulary, {answer.next.slot: told})
        worst = answer.next.leaves
        answer = asker.ask(case, with_settled=False)
        assert len(answer.open) <= worst < before or answer.decided

    assert all(each.verdict is not Verdict.PEND for each in answer.evaluations)


@pytest.fixture
def case_file(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(
        "title: a toy patient\nrequest: {bodies: [L4]}\n"
        "facts: {age: 40, care: {exercise: tried, drugs: tried}, modic: {L4: type_1}}\n"
    )
    return path


def walk(case_file, target, keys):
    words = ["ask", str(case_file), "-p", "plan", "-i", "-o", str(target), "--policies", TOY]
    return CliRunner().invoke(main, words, input=keys)


def test_a_walk_ends_with_a_decided_case_that_is_saved(case_file, tmp_path):
    target = tmp_path / "new.yaml"

    answer = walk(case_file, target, "14 months\n")
    compared = CliRunner().invoke(main, ["compare", str(target), "-p", "plan", "--format", "json", "--policies", TOY])

    assert answer.exit_code == 0
    assert "every verdict is decided" in " ".join(answer.stdout.split())
    assert yaml.safe_load(target.read_text()) == {
        **yaml.safe_load(case_file.read_text()),
        "facts": {**yaml.safe_load(case_file.read_text())["facts"], "pain_duration": "14 months"},
    }
    assert [each["verdict"] for each in json.loads(compared.stdout)["verdicts"]] == ["approve"]


def test_undo_takes_an_answer_back_and_unknown_leaves_it_open(case_file, tmp_path):
    case_file.write_text(case_file.read_text().replace("modic: {L4: type_1}", "modic: {L4: none}"))
    target = tmp_path / "new.yaml"

    answer = walk(case_file, target, "14 months\nundo\nunknown\nunknown\nunknown\n")

    assert answer.exit_code == 0
    assert "pain_duration" not in target.read_text()


def test_nothing_is_lost_when_the_walk_is_broken_off(case_file, tmp_path):
    case_file.write_text(case_file.read_text().replace(", modic: {L4: type_1}", ""))
    target = tmp_path / "new.yaml"

    walk(case_file, target, "14 months\n")

    assert "pain_duration: 14 months" in target.read_text()


def test_a_value_that_is_none_is_asked_again(case_file, tmp_path):
    answer = walk(case_file, tmp_path / "new.yaml", "long\n14 months\n")

    assert "is not a number" in answer.output
    assert answer.exit_code == 0


def test_the_command_answers_in_json(case_file):
    answer = CliRunner().invoke(main, ["ask", str(case_file), "--format", "json", "--policies", TOY])

    told = json.loads(answer.stdout)
    assert told["schema"] == "ask/4"
    assert told["next"]["fact"] == "pain_duration"


@pytest.mark.parametrize(
    ("strict", "policies"),
    [(False, ["lcd-l39642", "intracept-trial", "bmj-2025"]), (True, ["fda-label"])],
    ids=["presuming", "strict"],
)
def test_what_an_answer_leaves_is_what_evaluate_calls_open(shipped, strict, policies):
    """One asker keeps what earlier cases showed; whatever it kept, its answers are those of fresh questions."""
    draw = random.Random(18)
    files = sorted((places.ROOT / "cases").rglob("*.yaml"))
    asker = Asker(shipped, shipped.revisions(policies))
    looked = 0
    for _ in range(4):
        whole = load_case(shipped, draw.choice(files))
        case = replace(whole, records=tuple(each for each in whole.records if draw.random() < 0.7))
        answer = asker.ask(case, strict=strict, with_settled=False)

        found = asker.evaluator.evaluate(case, strict=strict, under_readings=False)
        by_evaluate = shipped.vocabulary.in_order({slot for each in found for slot in each.open})
        assert answer.jointly or tuple(each.slot for each in answer.open) == by_evaluate
        if answer.next is None:
            continue
        late = shipped.vocabulary.papers.sensitive
        asked = [each for each in answer.open if each.slot.fact not in late] or answer.open
        averages, worst = {}, {}
        for question in asked:
            left = {}
            for value in question.answers:
                told = case.with_values(shipped.vocabulary, {question.slot: value})
                found = asker.evaluator.evaluate(told, strict=strict, under_readings=False)
                left[value] = len({slot for one in found for slot in one.open})
                looked += 1
            likely = [left[value] for value in likely_answers(shipped.vocabulary, question.slot, question.answers)]
            averages[question.slot], worst[question.slot] = Fraction(sum(likely), len(likely)), max(left.values())
        assert answer.next.likely == min(averages.values()) == averages[answer.next.slot]
        assert answer.next.leaves == worst[answer.next.slot]

    assert looked > 10


# -- what is best asked next ---------------------------------------------------------------------


def test_what_charts_often_differ_in_is_asked_before_what_they_usually_say(shipped):
    answer = ask(shipped, shipped.case(places.ROOT / "cases" / "worklist" / "nearly-nothing.yaml"), ["cohere-ma"])

    assert str(answer.next.slot) in ("modic.L4", "modic.L5")
    assert answer.next.document == "radiology reports"
    assert {slot.fact for slot in answer.next.together} == {"mri_interpreted", "modic"}


def test_where_no_body_is_named_the_bodies_are_asked_first(shipped):
    case = shipped.parse("title: somebody\nfacts: {age: 40}")

    answer = ask(shipped, case, ["cohere-ma"])

    assert answer.next.slot.fact == "requested"
    assert "For which bodies is basivertebral nerve ablation requested?" in best(shipped, answer, answer.next)


@pytest.mark.parametrize("drop", [(), ("modic", "pain_duration", "care")])
def test_where_a_request_says_how_many_bodies_it_asks_which_before_all_else(shipped, drop):
    data = yaml.safe_load((places.ROOT / "cases" / "baseline.yaml").read_text())
    facts = {name: said for name, said in data["facts"].items() if name not in drop}
    case = possible_case(shipped, {"title": "x", "request": {**data["request"], "bodies": 2}, "facts": facts})

    answer = ask(shipped, case, ["cohere-ma"])

    bodies = [each.slot.member for each in answer.open if each.slot.fact == "requested"]
    assert bodies == ["L1", "L2", "L3", "L4", "L5", "S1"]
    assert "For which bodies is basivertebral nerve ablation requested?" in best(shipped, answer, answer.next)
    others = {each.slot.fact for each in answer.open} - {"requested"}
    assert others == set(drop)
    first = next(each for each in answer.open if each.slot.fact == "requested")
    assert sorted(map(str, first.answers)) == ["no", "yes"]
    assert case.get(first.slot).somewhere == "yes of exactly two"

    sent = request(shipped, case, "cohere-ma")
    first = next(each for each in sent.needs if each.slots[0].fact == "requested")
    assert (first.required, first.standing) == (True, Standing.MISSING)
    assert {each.slots[0].fact for each in sent.needs} == {"requested", *drop}
    page = str(request_page(shipped, sent).blocks)
    assert "bodies: For which bodies is basivertebral nerve ablation requested?" in page


def test_what_is_sensitive_is_asked_last(shipped):
    case = shipped.case(places.ROOT / "cases" / "worklist" / "nearly-nothing.yaml")
    late = set(shipped.vocabulary.papers.sensitive)

    answer = ask(shipped, case, ["cohere-ma"], strict=True)

    assert late & {each.slot.fact for each in answer.open}
    assert answer.next.slot.fact not in late


def test_the_questions_are_grouped_by_document_that_of_the_best_first(shipped):
    path = str(places.ROOT / "cases" / "worklist" / "nearly-nothing.yaml")

    text = CliRunner().invoke(main, ["ask", path, "-p", "cohere-ma"]).stdout
    told = json.loads(CliRunner().invoke(main, ["ask", path, "-p", "cohere-ma", "--format", "json"]).stdout)

    piles = [line for line in text.splitlines() if line in shipped.vocabulary.papers.documents]
    assert piles[0] == "radiology reports" == told["next"]["document"]
    assert piles[1:] == sorted(piles[1:], key=shipped.vocabulary.papers.place)
    assert all(each["document"] for each in told["open"])
