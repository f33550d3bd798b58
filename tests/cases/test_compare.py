"""Policies stand side by side: each as if asked alone, their criteria aligned by what they are about."""

from __future__ import annotations

from places import ROOT

from bvn_asp import Verdict, compare, evaluate, explain
from bvn_asp.cases.compare import Row

CARE = {"exercise": "tried", "drugs": "tried"}
LONG = {"age": 50, "pain_duration": "9 months", "care": CARE, "modic": {"L4": "type_1"}}
BOTH = ["plan@2024", "plan@2025"]


def test_a_policy_says_the_same_beside_others_as_alone(shipped):
    case = shipped.case(ROOT / "cases/founding/document-004.yaml")

    together = compare(shipped, case)

    assert len(together.evaluations) == len(shipped.policies)
    for each in together.evaluations:
        assert evaluate(shipped, case, [each.policy])[0] == each
    assert explain(shipped, case, "cohere-ma").evaluation in together.evaluations


def test_the_order_asked_for_is_kept_and_changes_nothing(toy):
    case = toy.case(**LONG)
    one, other = compare(toy.library, case, BOTH), compare(toy.library, case, BOTH[::-1])

    assert one.names == tuple(BOTH)
    assert one.evaluations == other.evaluations[::-1]


def test_two_editions_part_on_the_row_where_their_limits_differ(toy):
    rows = {row.topic: row for row in compare(toy.library, toy.case(**LONG), BOTH).rows}

    assert [cell.asks for cell in rows["pain_duration"].cells] == [">= 6 months", ">= 12 months"]
    assert rows["pain_duration"].parts
    assert not rows["age"].parts
    assert [rows["pain_duration"].stands(name) for name in BOTH] == [True, False]


def test_rows_come_in_the_order_of_the_vocabulary(toy):
    answer = compare(toy.library, toy.case(**LONG), BOTH)
    topics = list(toy.library.vocabulary.topics)

    assert [row.topic for row in answer.rows] == sorted((row.topic for row in answer.rows), key=topics.index)


def test_an_exclusion_that_is_met_speaks_against_approval(toy):
    case = toy.case(**LONG, implant="yes", precautions="no")
    (cell,) = next(row for row in compare(toy.library, case, BOTH[:1]).rows if row.topic == "implants").cells

    assert cell.excludes
    assert cell.favourable is False


def test_an_open_entry_speaks_neither_for_nor_against(toy):
    (cell,) = next(row for row in compare(toy.library, toy.case(), BOTH[:1]).rows if row.topic == "age").cells

    assert cell.favourable is None


def test_a_silent_source_has_no_cell(shipped):
    case = shipped.case(ROOT / "cases/baseline.yaml")
    answer = compare(shipped, case)
    silent = {each.policy for each in answer.evaluations if each.verdict is Verdict.SILENT}

    assert silent
    assert not silent & {cell.policy for row in answer.rows for cell in row.cells}
    assert not answer.all_approve


def test_where_all_stand_alike_a_row_does_not_part(shipped):
    answer = compare(shipped, shipped.case(ROOT / "cases/baseline.yaml"), ["cohere-ma", "lcd-l39420"])

    assert answer.all_approve
    assert not any(row.parts for row in answer.rows)
    assert all(isinstance(row, Row) and row.cells for row in answer.rows)


def test_a_criterion_of_both_sources_stands_in_one_row(shipped):
    answer = compare(shipped, shipped.case(ROOT / "cases/baseline.yaml"), ["cohere-ma", "lcd-l39420"])
    care = next(row for row in answer.rows if row.topic == "care_duration")

    assert {(cell.policy, cell.asks) for cell in care.cells} == {
        ("cohere-ma", "> 6 weeks"),
        ("lcd-l39420", ">= 6 months"),
    }


def test_the_comparison_opens_with_the_answer_of_the_policy_that_governs(shipped):
    from bvn_asp.render.pages import compared

    case = shipped.case(ROOT / "cases/worklist/two-weights.yaml")

    several = shipped.compare(case, ["lcd-l40302", "cohere-ma"]).found
    alone = shipped.compare(case, ["cohere-ma"]).found

    assert compared(several).startswith("RESULT  pend under lcd-l40302, which governs; 2 policies: ")
    assert compared(alone) == f"RESULT  {alone.evaluations[0].verdict.value} under cohere-ma"
