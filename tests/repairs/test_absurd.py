"""What no professional would sign is not offered: evidence for an exclusion, bodies nobody asked for, and the like."""

from __future__ import annotations

import json

import pytest
from places import ROOT

from bvn_asp.cases.evaluate import Verdict, evaluate
from bvn_asp.model.case import absent_value, share
from bvn_asp.render.repair import detail
from bvn_asp.repairs.repair import repair

CASES = ROOT / "cases"
BASELINE = CASES / "baseline.yaml"
NOTHING = CASES / "worklist" / "nearly-nothing.yaml"
POLICIES = ["cohere-ma", "lcd-l39420", "lcd-l39642", "isass-2020", "smart-trial"]


def baseline_with(library, **facts):
    """The plain patient with some facts otherwise; None takes a record away."""
    case = library.case(BASELINE)
    known = {name: value for name, value in facts.items() if value is not None}
    told = library.parse(json.dumps({"title": "x", "facts": known})).recorded
    values = {slot: told.get(slot) for slot in library.vocabulary.slots if slot.fact in facts}
    return case.with_values(library.vocabulary, values)


def moves(answer):
    return {move for part in answer.choices for mend in part for move in mend}


def test_a_block_that_was_negative_is_not_to_turn_positive(shipped):
    case = baseline_with(shipped, diagnostic_block="negative")

    answer = repair(shipped, case, ["review-004"], contest=True)

    assert moves(answer) == set()
    assert [each.entries for each in answer.blocks] == [(("review-004", "no_block"),)]


@pytest.mark.parametrize("said", ["no", None], ids=["recorded as no", "without a word"])
def test_a_modifier_is_to_be_put_on_a_claim_only_if_what_it_attests_is_so(shipped, said):
    case = baseline_with(shipped, modic_attested=said)

    answer = repair(shipped, case, ["lcd-l39642"], {"lcd-l39642": {"A59468": "article"}})

    (move,) = [move for move in moves(answer) if move.slot.fact == "modic_attested"]
    assert "the MRI report shows" in move.provided
    assert "only if the MRI report shows" in detail(move)


@pytest.mark.parametrize("strict", [False, True], ids=["presuming", "strict"])
def test_no_evidence_is_asked_for_an_exclusion(shipped, strict):
    files = [NOTHING, CASES / "worklist" / "narrow-canal-without-a-word.yaml", CASES / "founding" / "document-004.yaml"]
    for file in files:
        case = shipped.case(file)
        for policy in POLICIES:
            answer = repair(shipped, case, [policy], strict=strict, limit=3)
            for move in [*moves(answer), *(m for each in answer.repairs for m in each.ruled_out)]:
                fact = shipped.vocabulary.facts[move.slot.fact]
                if fact.presumed and move.kind == "document" and not case.knows(move.slot):
                    assert share(move.new, absent_value(fact)), (file.name, policy, str(move.slot), str(move.new))


def test_a_body_that_nobody_asked_for_is_proposed_only_if_one_asks(shipped):
    case = shipped.case(NOTHING)

    own, wider = (repair(shipped, case, ["cohere-ma"], others=others) for others in (False, True))

    def bodies(answer):
        return {move.slot.member for move in moves(answer) if move.slot.fact == "modic"}

    assert bodies(own) == {"L4", "L5"}
    assert bodies(wider) == {"L3", "L4", "L5", "S1"}


def test_where_nothing_about_the_requested_bodies_will_do_the_answer_says_so(shipped):
    case = baseline_with(shipped, modic={"L4": "none", "L5": "none"})

    answer = repair(shipped, case, ["cohere-ma"])

    assert answer.elsewhere
    assert not answer.repairs
    assert {move.slot.member for each in answer.contests.repairs for move in each.moves} == {"L4", "L5"}


def test_what_the_chart_holds_in_part_comes_first(shipped):
    both = {"L4": None, "L5": {"one_of": ["none", "type_1"]}}
    case = baseline_with(shipped, modic=None)
    told = shipped.parse(json.dumps({"title": "x", "facts": {"modic": {"L5": both["L5"]}}})).recorded
    case = case.with_values(shipped.vocabulary, told)

    answer = repair(shipped, case, ["cohere-ma"])

    assert [str(each.moves[0].slot) for each in answer.repairs] == ["modic.L5", "modic.L4"]


def test_strict_has_the_sets_of_presuming_and_one_block_of_exclusions(shipped):
    case = shipped.case(NOTHING)

    loose, strict = (repair(shipped, case, ["cohere-ma"], strict=strict, limit=2) for strict in (False, True))

    assert (loose.choices, loose.count) == (strict.choices, strict.count)
    for made in strict.repairs:
        mended = made.applied_to(shipped, case)
        assert evaluate(shipped, mended, ["cohere-ma"], strict=True)[0].verdict is Verdict.APPROVE
        assert made.ruled_out
        for move in made.ruled_out[::9]:
            less = type(made)(made.moves, tuple(each for each in made.ruled_out if each != move))
            mended = less.applied_to(shipped, case)
            assert evaluate(shipped, mended, ["cohere-ma"], strict=True)[0].verdict is not Verdict.APPROVE


def test_what_waiting_alone_does_is_not_also_asked_for_otherwise(shipped):
    case = shipped.case(CASES / "splits" / "d16-discectomy-five-months-ago.yaml")

    answer = repair(shipped, case, ["cohere-ma"])

    assert [[(str(move.slot), move.kind) for move in each.moves] for each in answer.repairs] == [
        [("surgery_age.L4", "wait"), ("surgery_age.L5", "wait")]
    ]
