"""Care that is under way is begun and not over: it may count as a course given, or not yet."""

from __future__ import annotations

import json

import pytest
import yaml
from click.testing import CliRunner

from bvn_asp import Slot, Verdict, evaluate
from bvn_asp.cases.ask import ask
from bvn_asp.cases.possible import make_case
from bvn_asp.cli import main
from bvn_asp.model.case import Named, case_data
from bvn_asp.repairs.repair import repair

THERAPY = Slot("care", "physical_therapy")


def chart(shipped, word):
    """A chart that is complete but for one of three kinds of care."""
    data = yaml.safe_load((shipped.folder.parent / "cases" / "baseline.yaml").read_text())
    data.pop("expect", None)
    data["facts"]["care"] = {"all": "not_tried", "avoid_aggravating": "tried", "pharmacotherapy": "tried"}
    data["facts"]["care"]["physical_therapy"] = word
    return make_case(shipped, data)


@pytest.mark.parametrize("word", ["under_way", "under way", "Ongoing", "in progress", "started"])
def test_care_under_way_neither_approves_nor_denies(shipped, word):
    verdicts = {
        said: evaluate(shipped, chart(shipped, said), ["lcd-l39642"])[0].verdict for said in (word, "tried", "ordered")
    }

    assert verdicts == {word: Verdict.PEND, "tried": Verdict.APPROVE, "ordered": Verdict.DENY}


def test_it_is_asked_whether_it_counts_and_a_move_says_what_is_on_record(shipped):
    case = chart(shipped, {"value": "under way", "evidence": "therapy notes"})

    found = repair(shipped, case, ["lcd-l39642"]).repairs[0].moves

    assert [each.slot for each in ask(shipped, case, ["lcd-l39642"]).open] == [THERAPY]
    assert [(each.slot, each.kind, str(each.old), str(each.new)) for each in found] == [
        (THERAPY, "document", "under way (tried or not tried)", "tried")
    ]
    assert case.recorded[THERAPY] == Named(("tried", "not_tried"))


def test_the_word_stays_on_record(shipped):
    data = case_data(chart(shipped, "ongoing"), shipped.vocabulary)

    assert data["facts"]["care"]["physical_therapy"] == "under_way"
    assert make_case(shipped, data) == chart(shipped, "ongoing")


def test_a_batch_reads_the_word_as_a_case_does(shipped):
    pa = pytest.importorskip("pyarrow", reason="batch needs pyarrow: pip install 'bvn-asp[batch]'")
    from bvn_asp.batch.decide import VERDICTS, Decider
    from bvn_asp.batch.files import _row

    rows = [_row(chart(shipped, word), shipped) for word in ("ongoing", "tried", "ordered")]

    found = Decider(shipped, list(rows[0]), ["lcd-l39642@11"]).decide(pa.RecordBatch.from_pylist(rows))

    assert [VERDICTS[each] for each in found.answers["lcd-l39642@11"].verdict] == ["pend", "approve", "deny"]


def test_the_menu_and_the_search_know_it(shipped, tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(yaml.safe_dump(case_data(chart(shipped, "unknown"), shipped.vocabulary), sort_keys=False))

    saved = tmp_path / "answered.yaml"
    words = ["ask", str(path), "-p", "lcd-l39642", "-i", "-o", str(saved)]
    asked = CliRunner().invoke(main, words, input="in progress\nquit\n")
    facts = CliRunner().invoke(main, ["facts", "ongoing"]).output
    listed = json.loads(CliRunner().invoke(main, ["facts", "care", "--format", "json"]).output)

    assert "or in words: under way" in asked.output
    assert str(shipped.case(saved).get(THERAPY)) == "under way (tried or not tried)"
    assert "here: under_way" in facts
    assert listed["facts"][0]["between"] == {"under_way": ["tried", "not_tried"]}
