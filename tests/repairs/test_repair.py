"""Repairs of the toy plan, of the splitting patients, and of document 004."""

from __future__ import annotations

import datetime
import json

import places
import pytest
from click.testing import CliRunner
from places import ROOT

from bvn_asp import Library
from bvn_asp.cases.evaluate import Verdict, evaluate
from bvn_asp.cases.presumptions import presumptions
from bvn_asp.cli import main
from bvn_asp.errors import InputError
from bvn_asp.model.case import case_data
from bvn_asp.model.case_reader import make_case
from bvn_asp.render.factored import factored
from bvn_asp.repairs.nearest import nearest
from bvn_asp.repairs.repair import Repairer, repair

TOY = str(places.TOY)
WELL = {
    "age": 40,
    "pain_duration": {"since": "2024-01-01"},
    "care": {"exercise": "tried", "drugs": "tried"},
    "modic": {"L4": "type_1"},
}


def without(*facts):
    return {fact: value for fact, value in WELL.items() if fact not in facts}


def moves(answer):
    return {
        frozenset((str(move.slot), move.kind, str(move.new)) for move in each.moves) for each in answer.repairs
    }


def test_a_case_that_is_approved_needs_no_move(toy):
    answer = repair(toy.library, toy.case(**WELL), ["plan"])

    assert [each.moves for each in answer.repairs] == [()]
    assert answer.count == 1
    assert answer.complete


def test_a_missing_fact_is_to_be_documented(toy):
    answer = repair(toy.library, toy.case(**without("age")), ["plan"])

    assert moves(answer) == {frozenset({("age", "document", "at least 18 years")})}
    assert answer.repairs[0].moves[0].otherwise == "wait"


def test_time_alone_is_a_wait_with_its_date(toy):
    answer = repair(toy.library, toy.case(**{**WELL, "pain_duration": {"since": "2026-08-31"}}), ["plan@2024"])

    assert moves(answer) == {frozenset({("pain_duration", "wait", "at least 6 months")})}
    assert answer.repairs[0].holds_from == datetime.date(2027, 2, 28)


def test_an_amount_is_counted_back_from_the_date_of_the_request(toy):
    answer = repair(toy.library, toy.case(**{**WELL, "pain_duration": "5 months"}), ["plan@2024"])

    assert answer.repairs[0].holds_from == datetime.date(2027, 1, 1)


def test_two_of_three_kinds_of_care_are_three_sets(toy):
    answer = repair(toy.library, toy.case(**without("care")), ["plan"])

    assert answer.count == 3
    short = factored(answer.choices[0])
    assert (short.take, len(short.groups)) == (2, 3)


def test_a_contraindicated_kind_of_care_is_never_proposed(toy):
    care = {"exercise": "tried", "drugs": "contraindicated", "injections": "not_tried"}

    answer = repair(toy.library, toy.case(**{**WELL, "care": care}), ["plan"], {"plan": {"R1": "removed"}})

    assert moves(answer) == {frozenset({("care.injections", "treat", "tried")})}


def test_a_precaution_is_told_from_a_document(toy):
    answer = repair(toy.library, toy.case(**WELL, implant=True, precautions=False), ["plan"])

    assert moves(answer) == {frozenset({("precautions", "precaution", "yes")})}


def test_what_cannot_change_blocks_and_its_place_is_named(toy):
    answer = repair(toy.library, toy.case(**WELL, t_score=-3), ["plan"])

    assert answer.count == 0
    assert answer.complete
    assert [[str(slot) for slot in block.slots] for block in answer.blocks] == [["t_score"]]
    assert answer.blocks[0].entries == (("plan", "osteoporosis"),)


def test_every_smallest_block_is_found(toy):
    modic = {"L4": "none", "L5": "none", "S1": "none"}

    answer = repair(toy.library, toy.case(**{**WELL, "modic": modic}, t_score=-3), ["plan"])

    assert [tuple(map(str, b.slots)) for b in answer.blocks] == [("t_score",), ("modic.L4", "modic.L5", "modic.S1")]


def test_strict_asks_to_have_the_exclusions_ruled_out(toy):
    answer = repair(toy.library, toy.case(**WELL), ["plan"], strict=True)

    assert [each.moves for each in answer.repairs] == [()]
    assert [str(move.slot) for move in answer.repairs[0].ruled_out] == ["t_score", "implant"]
    assert answer.count == 1


def test_a_preferred_kind_comes_first(toy):
    bodies = {"bodies": ["L4", "L5", "S1"], "date": "2026-12-01"}
    case = toy.case(bodies, **{**WELL, "modic": {"L4": "type_1", "L5": "type_1", "S1": "none"}})
    each_body = {"plan": {"R2": "each-body"}}

    assert moves(repair(toy.library, case, ["plan"], each_body)) == {frozenset({("requested.S1", "request", "no")})}


def test_documents_come_before_requests_unless_otherwise_preferred(toy):
    case = toy.case(**{**WELL, "modic": {"L4": "type_1"}})
    each_body = {"plan": {"R2": "each-body"}}

    first = repair(toy.library, case, ["plan"], each_body, limit=1).repairs[0].moves[0].kind
    turned = repair(toy.library, case, ["plan"], each_body, prefer=["request"], limit=1).repairs[0].moves[0].kind

    assert (first, turned) == ("document", "request")


def test_truncation_is_told(toy):
    answer = repair(toy.library, toy.case(**without("care", "modic")), ["plan"], limit=2)

    assert (len(answer.repairs), answer.count, answer.truncated, answer.complete) == (2, 6, True, True)


def test_a_search_that_is_stopped_early_does_not_claim_to_be_complete(toy):
    answer = repair(toy.library, toy.case(), ["plan"], looks=0)

    assert not answer.complete
    assert answer.count == len(answer.repairs) == 1
    assert all(_approves(toy, answer, each) for each in answer.repairs)


def test_the_repair_that_is_had_at_once_is_one_of_all(toy):
    for facts in ({}, {**WELL, "implant": True, "precautions": False}, {"age": 12, "care": {"drugs": "not_tried"}}):
        at_once = moves(repair(toy.library, toy.case(**facts), ["plan"], looks=0))
        assert len(at_once) == 1
        assert at_once <= moves(repair(toy.library, toy.case(**facts), ["plan"], limit=1000))


def _approves(toy, answer, each):
    mended = each.applied_to(toy.library, answer.case)
    return evaluate(toy.library, mended, ["plan"])[0].verdict is Verdict.APPROVE


def test_two_editions_together_ask_for_the_stricter(toy):
    case = toy.case(**without("pain_duration"))

    together = repair(toy.library, case, ["plan@2024", "plan@2025"])
    one_of_two = repair(toy.library, case, ["plan@2024", "plan@2025"], need=1)

    assert moves(together) == {frozenset({("pain_duration", "document", "at least 12 months")})}
    assert moves(one_of_two) == {frozenset({("pain_duration", "document", "at least 6 months")})}


def test_the_nearest_edition_comes_first(toy):
    case = toy.case(**{**WELL, "pain_duration": {"since": "2026-05-01"}})

    found = nearest(toy.library, case, ["plan@2025", "plan@2024"])

    assert [(each.policies[0], len(each.repairs[0].moves)) for each in found] == [("plan", 0), ("plan", 1)]
    assert found[0].evaluations[0].revision.id == "2024"


def test_policies_stand_by_what_the_first_repair_asks_then_those_without_one_then_the_silent(tmp_path):
    bodies = {
        "a_silent": 'is(ill, yes). silent("not for us") :- at_least(age, 0)',
        "b_never": "is(born_ill, yes)",
        "c_treat": "is(treated, yes), is(scanned, no)",
        "d_two": "is(seen, yes), is(heard, yes)",
        "e_one": "is(seen, yes)",
        "f_met": "is(ill, no)",
    }
    treated = "treated: {about: t, type: yes_no, change: treat, towards: yes}"
    age = "age: {about: a, type: number, unit: years, from: 0, to: 120, step: 1}"
    plain = ", ".join(f"{each}: {{about: x, type: yes_no}}" for each in ("ill", "born_ill", "seen", "heard", "scanned"))
    (tmp_path / "vocabulary.yaml").write_text(f"facts: {{All: {{{plain}, {treated}, {age}}}}}")
    for name, body in bodies.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.lp").write_text(f'criterion(a, root, "1", "a"). met(a) :- {body}.')
        (tmp_path / name / "policy.yaml").write_text(
            f"id: {name}\ntitle: p\npublisher: p\nkind: coverage\nabout: p\nrevisions: {{'1': {{file: 1.lp}}}}"
        )
    library = Library(tmp_path)
    case = library.parse("title: x\nfacts: {ill: no, born_ill: no, treated: no, scanned: no}")

    found = nearest(library, case)

    assert [each.policies[0] for each in found] == ["f_met", "e_one", "d_two", "c_treat", "b_never", "a_silent"]
    assert [each.policies[0] for each in nearest(library, case, prefer=["treat"])][1:4] == ["c_treat", "e_one", "d_two"]


@pytest.mark.parametrize("need", [0, 3])
def test_more_policies_than_named_or_none_cannot_be_asked_to_approve(toy, need):
    with pytest.raises(InputError, match=f"^{need} of 2 policies cannot approve"):
        repair(toy.library, toy.case(**WELL), ["plan@2024", "plan@2025"], need=need)


def test_without_any_of_its_moves_a_repair_does_not_approve(toy):
    case = toy.case()
    repairer = Repairer(toy.library, toy.library.revisions(["plan"], case.date))

    answer = repairer.repair(case, limit=100)

    assert answer.count == len(answer.repairs) == 6
    for each in answer.repairs:
        assert repairer.holds(answer, each)
        for move in each.moves:
            less = type(each)(tuple(other for other in each.moves if other != move))
            assert not repairer.holds(answer, less)


# -- the shipped policies ----------------------------------------------------------------------

SPLITS = sorted((ROOT / "cases" / "splits").glob("*.yaml"))


@pytest.mark.parametrize("path", SPLITS, ids=lambda path: path.stem)
def test_a_denied_side_is_repaired_by_the_split_alone(shipped, path):
    baseline, case = shipped.case(ROOT / "cases" / "baseline.yaml"), shipped.case(path)
    before, after = baseline.recorded, case.recorded
    split = {slot for slot in {*before, *after} if before.get(slot) != after.get(slot)}
    # what the change puts in doubt, and the chart then no longer lets one presume, is part of what it changes
    presumed = [set(presumptions(shipped.vocabulary, each)) for each in (baseline, case)]
    split |= presumed[0] - presumed[1]
    facts = {slot.fact for slot in split}

    for expected in case.expectations:
        if expected.verdict != "deny" or expected.readings or expected.strict:
            continue
        answer = repair(shipped, case, [expected.policy], limit=50)
        assert answer.complete
        if answer.repairs:
            moved = [{m.slot.fact for m in each.moves if m.slot.fact != "requested"} for each in answer.repairs]
            assert all(each <= facts for each in moved)
        else:
            assert answer.blocks
            assert all(not each.slots or set(each.slots) & split for each in answer.blocks)


def test_what_stands_in_the_way_of_document_004_at_cohere_is_the_other_cause(shipped):
    case = shipped.case(ROOT / "cases" / "founding" / "document-004.yaml")

    answer = repair(shipped, case, ["cohere-ma"])

    assert answer.count == 0
    assert {str(slot) for each in answer.blocks for slot in each.slots} == {
        "other_obvious_cause",
        "other_explanation_clinical",
        "other_explanation_imaging",
    }


ONCE_WRONG = {
    "facet pain": ({"facet_pain": {"L4-L5": "yes"}}, "cohere-ma"),
    "facet pain, Medicare": ({"facet_pain": {"L4-L5": "yes"}}, "lcd-l39420"),
    "a disc judged": ({"disc_correlates": {"L4-L5": "yes"}}, "cohere-ma"),
    "a slip judged": ({"slip_correlates": {"L4-L5": "yes"}}, "cohere-ma"),
    "spondylolysis judged": ({"spondylolysis_correlates": {"L1": "yes"}}, "cohere-ma"),
    "an opioid": ({"extended_release_opioid": "yes"}, "lcd-l39642"),
}


@pytest.mark.parametrize(("facts", "policy"), ONCE_WRONG.values(), ids=ONCE_WRONG)
def test_a_chart_that_evaluates_never_ends_in_an_error_and_a_pending_one_has_a_way(shipped, facts, policy):
    base = shipped.case(ROOT / "cases" / "baseline.yaml")
    data = case_data(base, shipped.vocabulary)
    case = make_case(shipped.vocabulary, {**data, "facts": {**data["facts"], **facts}})
    repairer = Repairer(shipped, shipped.revisions([policy], case.date))

    answer = repairer.placed(repairer.repair(case))

    assert answer.complete
    if answer.evaluations[0].verdict is Verdict.PEND:
        assert answer.repairs
        assert not answer.blocks
    assert all(repairer.holds(answer, each) for each in answer.repairs)


def test_what_a_move_puts_in_doubt_is_documented_with_it(shipped):
    base = shipped.case(ROOT / "cases" / "baseline.yaml")
    data = case_data(base, shipped.vocabulary)
    case = make_case(shipped.vocabulary, {**data, "facts": {**data["facts"], "disc_correlates": {"L4-L5": "yes"}}})

    answer = repair(shipped, case, ["cohere-ma"])

    causes = {"other_obvious_cause", "other_explanation_clinical", "other_explanation_imaging"}
    sets = {frozenset(str(m.slot) for m in each.moves) for each in answer.repairs}
    assert sets
    assert all("disc_protrusion.L4-L5" in each for each in sets)
    # of a small one, a word on whether it explains the pain
    assert all(causes & each for each in sets if len(each) > 1)


def test_care_of_two_drugs_alone_is_no_error_under_the_trial(shipped):
    case = shipped.case(ROOT / "cases" / "splits" / "d02-physical-therapy-only.yaml")
    repairer = Repairer(shipped, shipped.revisions(["smart-trial"], case.date))

    answer = repairer.placed(repairer.repair(case))

    assert answer.count == 1
    assert all(move.serves for move in answer.repairs[0].moves)


# -- the command -------------------------------------------------------------------------------


@pytest.fixture
def case_file(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text("title: a toy patient\nrequest: {bodies: [L4], date: 2026-12-01}\nfacts: {age: 40}\n")
    return str(path)


def run(*words):
    return CliRunner().invoke(main, [*words, "--policies", TOY])


def test_the_command_answers_in_json_the_same_bytes_each_time(case_file):
    first, second = (run("repair", case_file, "-p", "plan", "--format", "json") for _ in range(2))

    assert first.exit_code == 0
    assert first.stdout == second.stdout
    told = json.loads(first.stdout)
    assert told["schema"] == "repair/5"
    assert told["questions"][0]["count"] == 3
    assert told["questions"][0]["complete"] is True
    assert set(told["questions"][0]["repairs"][0]["moves"][0]) >= {"fact", "member", "kind", "from", "to", "holds_from"}


def test_an_applied_repair_is_written_as_hypothetical_and_approves(case_file, tmp_path):
    target = tmp_path / "new.yaml"

    assert run("repair", case_file, "-p", "plan", "--apply", "2", "-o", str(target)).exit_code == 0

    assert "hypothetical: " in target.read_text()
    assert run("compare", str(target), "-p", "plan").exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        ["--apply", "1"],
        ["-p", "plan", "-o", "x.yaml"],
        ["-p", "plan", "--prefer", "wish"],
        ["--at-least", "1"],
        ["-p", "plan", "--apply", "99", "-o", "x.yaml"],
    ],
    ids=["apply-without-target", "target-without-apply", "unknown-kind", "at-least-of-nothing", "no-such-set"],
)
def test_a_question_that_makes_no_sense_is_refused_with_a_hint(case_file, words):
    answer = run("repair", case_file, *words)

    assert answer.exit_code == 2
    assert "hint: " in answer.output or "there are" in answer.output


def test_no_repair_is_an_answer(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text("title: t\nrequest: {bodies: [L4]}\nfacts: {t_score: -3}\n")

    answer = run("repair", str(path), "-p", "plan")

    assert answer.exit_code == 0
    assert "T-score" in answer.stdout


def test_a_declared_cost_comes_before_the_kinds(tmp_path, toy):
    import shutil

    shutil.copytree(TOY, tmp_path / "dear")
    words = (tmp_path / "dear" / "vocabulary.yaml").read_text()
    dear = words.replace("about: Modic change of a body\n", "about: Modic change of a body\n      cost: 9\n")
    (tmp_path / "dear" / "vocabulary.yaml").write_text(dear)
    library = type(toy.library)(tmp_path / "dear")
    case = type(toy)(library).case(**{**WELL, "modic": {"L4": "type_1"}})

    first = repair(library, case, ["plan"], {"plan": {"R2": "each-body"}}).repairs

    assert [str(each.moves[0].slot) for each in first] == ["requested.L5", "modic.L5"]


def test_a_wait_for_more_than_eighteen_ends_on_the_nineteenth_birthday_at_the_latest(shipped):
    from places import ROOT

    from bvn_asp import repair
    from bvn_asp.model.case_reader import load_case

    case = load_case(ROOT / "cases" / "splits" / "d05-age-eighteen.yaml", shipped.vocabulary)

    answer = repair(shipped, case, ["lcd-l39420"])

    dates = {move.holds_from.isoformat() for each in answer.repairs for move in each.moves if move.holds_from}
    assert dates == {"2027-12-03"}


def spared(repairer, answer, made):
    """The presumptions that a set needs: the last first, each is dropped if the policy approves without it."""
    program, vocabulary = repairer.program, repairer.library.vocabulary
    moved = answer.case.with_values(vocabulary, {move.slot: move.new for move in made.moves})
    always = presumptions(vocabulary, moved, strict=True)
    held = {s: v for s, v in presumptions(vocabulary, moved, never=program.never_presumed).items() if s not in always}
    fixed = [*program.assume(moved.recorded | always), *program.read(0, answer.evaluations[0].readings)]
    kept = dict(held)
    for slot in reversed(held):
        less = {s: v for s, v in kept.items() if s != slot}
        if not program.possible([*fixed, *program.assume(less), -program.literal("verdict", 0, "approve")]):
            kept = less
    return set(kept)


def test_the_exclusions_of_a_set_hang_on_their_order_and_not_on_what_the_solver_learnt(shipped):
    case = shipped.case(ROOT / "cases" / "limits" / "fda-label" / "care_length_on.yaml")
    repairer = Repairer(shipped, shipped.revisions(["lcd-l39642"], case.date))

    answer = repairer.repair(case, strict=True, limit=2)

    assert [{move.slot for move in each.ruled_out} for each in answer.repairs] == [
        spared(repairer, answer, each) for each in answer.repairs
    ]
    assert all(each.ruled_out for each in answer.repairs)
