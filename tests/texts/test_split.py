"""`bvn split`: the smallest patient on whom policies disagree."""

from __future__ import annotations

import json

from click.testing import CliRunner
from places import TOY

from bvn_asp.cases.evaluate import evaluate
from bvn_asp.cli import main
from bvn_asp.texts.split import Pairs, split
from bvn_asp.texts.stricter import Relation


def test_two_editions_split_on_the_one_fact_that_they_part_on(toy):
    revisions = toy.library.revisions(["plan@2024", "plan@2025"])

    answer = split(toy.library, revisions)

    assert [str(each.slot) for each in answer.witness.departures] == ["pain_duration"]
    assert [each.value for each in answer.witness.verdicts] == ["approve", "deny"]


def test_three_policies_split_on_one_fact_and_evaluate_agrees(shipped):
    revisions = shipped.revisions(["cohere-ma", "lcd-l39420", "lcd-l39642"])

    answer = split(shipped, revisions)

    assert len({each.slot.fact for each in answer.witness.departures}) == 1
    again = evaluate(shipped, answer.witness.case, [each.name for each in revisions], under_readings=False)
    assert tuple(each.verdict for each in again) == answer.witness.verdicts
    assert "approve" in {each.verdict.value for each in again} != {"approve"}


def test_twins_are_equivalent_and_who_approves_nobody_agrees_with_nobody(shipped):
    names = ["lcd-l39420", "lcd-l40302", "uhc-ablative-spine"]

    twins, one, other = Pairs(shipped, shipped.revisions(names))

    assert (twins.relation, twins.agreed, twins.first_only) == (Relation.EQUIVALENT, True, None)
    assert (one.relation, one.agreed) == (Relation.LOOSER, False)
    assert other.first_only.departures == ()


def test_the_command_names_one_patient_or_all_pairs():
    def run(*arguments):
        return CliRunner().invoke(main, ["split", *arguments, "--policies", str(TOY)])

    assert run("plan@2024", "plan@2025").exit_code == 0
    assert run("plan@2024", "plan@2024").exit_code == 2
    assert run("plan@2024").exit_code == 2
    table = json.loads(run("--all", "plan@2024", "plan@2025", "--format", "json").output)
    assert [pair["relation"] for pair in table["pairs"]] == ["looser"]
