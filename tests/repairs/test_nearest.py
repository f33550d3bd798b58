"""The nearest policy first."""

from __future__ import annotations

import shutil

import pytest

from bvn_asp import Library
from bvn_asp.cases.evaluate import Verdict
from bvn_asp.repairs.nearest import nearest

GOOD = {"age": 50, "pain_duration": "8 months", "care": {"exercise": "tried", "drugs": "tried"}}
MODIC = {"modic": {"L4": "type_1", "L5": "type_2"}, "implant": "no", "t_score": 0}


def names(found):
    return [each.policies[0] for each in found]


def kinds(each):
    return [move.kind for move in each.repairs[0].moves]


def test_each_policy_is_repaired_by_itself_and_the_nearest_comes_first(toy):
    case = toy.case(**{**GOOD, "pain_duration": "5 months"}, **MODIC)

    found = nearest(toy.library, case, ["plan@2024", "plan@2025"])

    assert [len(each.policies) for each in found] == [1, 1]
    assert {each.evaluations[0].revision.id for each in found} == {"2024", "2025"}
    lengths = [[kinds(each).count(kind) for kind in ("wait", "treat", "request", "precaution", "document")]
               for each in found if each.repairs]
    assert lengths == sorted(lengths)


def test_documenting_is_nearer_than_waiting_and_a_preference_turns_that_round(toy):
    """2024 asks for six months and 2025 for twelve of pain, say; what is only to be written down is nearer."""
    missing = toy.case(**{key: value for key, value in GOOD.items() if key != "pain_duration"}, **MODIC)

    (one,) = nearest(toy.library, missing, ["plan@2024"])

    assert kinds(one) == ["document"]
    assert one.evaluations[0].verdict is Verdict.PEND


def test_a_policy_without_a_repair_comes_last_and_a_silent_one_after_it(shipped):
    case = shipped.parse("title: t\nrequest: {bodies: [L4]}\nfacts: {age: 17}\n")

    found = nearest(shipped, case, ["smart-trial", "cohere-ma", "bmj-2025"])

    have = [bool(each.repairs) for each in found]
    assert have == sorted(have, reverse=True)
    silent = [each.evaluations[0].verdict is Verdict.SILENT for each in found if not each.repairs]
    assert silent == sorted(silent)


@pytest.mark.parametrize("how", [{}, {"limit": 2}], ids=str)
def test_so_many_sets_are_listed_as_are_asked_for_one_if_nothing_is_said(toy, how):
    case = toy.case(age=50, pain_duration="8 months", **MODIC)

    (found,) = nearest(toy.library, case, ["plan@2024"], **how)

    assert found.count > 2
    assert len(found.repairs) == how.get("limit", 1)


def test_what_is_asked_of_all_is_asked_of_each(toy):
    """The strict way and the readings reach every policy."""
    case = toy.case(**GOOD, modic={"L4": "type_1", "L5": "none"}, t_score=0)
    (plain,) = nearest(toy.library, case, ["plan@2024"])
    (strict,) = nearest(toy.library, case, ["plan@2024"], strict=True)
    read = nearest(toy.library, case, ["plan@2024"], {"plan": {"R2": "each-body"}})[0]

    assert plain.evaluations[0].verdict is Verdict.APPROVE
    assert not plain.strict
    assert strict.strict
    assert strict.evaluations[0].verdict is Verdict.PEND
    assert read.evaluations[0].verdict is Verdict.DENY


def test_who_can_be_repaired_at_some_cost_comes_before_who_cannot_at_all(toy, tmp_path):
    folder = shutil.copytree(toy.library.folder, tmp_path / "toy")
    text = (folder / "plan/2025.lp").read_text()
    (folder / "plan/2025.lp").write_text(text.replace('at_most(t_score, "-2.5")', 'at_most(t_score, "2.5")'))
    case = toy.case(**{**GOOD, "pain_duration": "5 months"}, **MODIC)  # a matter of time, the farthest move there is

    found = nearest(Library(folder), case, ["plan@2025", "plan@2024"])

    assert [each.evaluations[0].revision.id for each in found] == ["2024", "2025"]
    assert [bool(each.repairs) for each in found] == [True, False]
