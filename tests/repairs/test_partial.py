"""The largest approved subsets of the requested bodies, their procedure lines, and what the others lack."""

from __future__ import annotations

import json
from itertools import combinations

import places
import pytest
from click.testing import CliRunner
from places import ROOT

from bvn_asp.cases.evaluate import Verdict, evaluate
from bvn_asp.cli import main
from bvn_asp.errors import InputError
from bvn_asp.repairs.partial import narrowed, partial

TOY = str(places.TOY)
WELL = {"age": 40, "pain_duration": "2 years", "care": {"exercise": "tried", "drugs": "tried"}}
ALL = {"bodies": ["L4", "L5", "S1"]}
EACH = {"plan": {"R2": "each-body"}}


@pytest.mark.parametrize(
    ("count", "lines"),
    [(1, {"64628": 1}), (2, {"64628": 1}), (3, {"64628": 1, "64629": 1}), (5, {"64628": 1, "64629": 3})],
)
def test_the_first_two_bodies_are_one_unit_and_each_further_one_its_own(shipped, count, lines):
    assert dict(shipped.vocabulary.request.units(count)) == lines


def test_an_approved_request_is_its_own_largest_subset(toy):
    answer = partial(toy.library, toy.case({"bodies": ["L4"]}, **WELL, modic={"L4": "type_1"}), "plan")

    assert [each.members for each in answer.subsets] == [("L4",)]


def test_a_body_too_many_leaves_every_pair(toy):
    answer = partial(toy.library, toy.case(ALL, **WELL, modic={"L4": "type_1"}), "plan")

    assert [each.members for each in answer.subsets] == [("L4", "L5"), ("L4", "S1"), ("L5", "S1")]


def test_a_refused_body_says_what_it_lacks(toy):
    case = toy.case({"bodies": ["L4", "L5"]}, **WELL, modic={"L4": "type_1"})

    answer = partial(toy.library, case, "plan", EACH)

    assert [each.members for each in answer.subsets] == [("L4",)]
    left = answer.subsets[0].left[0]
    assert left.member == "L5"
    assert [[str(move.slot) for move in each.moves] for each in left.repairs.repairs] == [["modic.L5"]]


def test_the_subsets_are_those_that_trying_each_finds(toy):
    case = toy.case(ALL, **WELL, modic={"L4": "type_1", "L5": "none", "S1": "type_2"})
    approved = []
    for size in (3, 2, 1):
        for kept in combinations(case.requested(toy.library.vocabulary), size):
            verdict = evaluate(toy.library, narrowed(toy.library, case, kept), ["plan"], EACH)[0].verdict
            if verdict is Verdict.APPROVE and not any(set(kept) < set(other) for other in approved):
                approved.append(kept)

    answer = partial(toy.library, case, "plan", EACH)

    assert [each.members for each in answer.subsets] == approved == [("L4", "S1")]


def test_a_request_without_bodies_cannot_be_split(toy):
    with pytest.raises(InputError, match="the case names no requested body") as caught:
        partial(toy.library, toy.case({}, **WELL), "plan")

    assert caught.value.faults[0].hint == "record `request: bodies:`"


def test_noridian_takes_any_two_of_three_bodies(shipped):
    case = shipped.case(ROOT / "cases" / "splits" / "d31-three-bodies-in-california.yaml")

    answer = partial(shipped, case, "lcd-l39642")

    assert [(each.members, dict(each.units)) for each in answer.subsets] == [
        (("L4", "L5"), {"64628": 1}),
        (("L4", "S1"), {"64628": 1}),
        (("L5", "S1"), {"64628": 1}),
    ]


def test_the_command_answers_in_json(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text("title: t\nrequest: {bodies: [L4]}\nfacts: {age: 12}\n")

    answer = CliRunner().invoke(main, ["partial", str(path), "plan", "--format", "json", "--policies", TOY])

    assert answer.exit_code == 0
    assert json.loads(answer.stdout)["schema"] == "partial/4"
    assert json.loads(answer.stdout)["subsets"] == []


def test_each_body_says_what_it_lacks_by_itself(toy):
    case = toy.case(ALL, **WELL, modic={"L4": "type_1", "L5": "none"})

    answer = partial(toy.library, case, "plan", EACH)

    lacks = {each.member: [str(m.slot) for r in each.repairs.repairs for m in r.moves] for each in answer.alone}
    assert lacks == {"L4": [], "L5": [], "S1": ["modic.S1"]}
    assert [each.repairs.count for each in answer.alone] == [1, 0, 1]


def test_of_a_whole_request_that_is_approved_no_body_lacks_anything(toy):
    assert partial(toy.library, toy.case({"bodies": ["L4"]}, **WELL, modic={"L4": "type_1"}), "plan").alone == ()

