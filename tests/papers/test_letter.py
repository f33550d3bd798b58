"""A letter fills five slots for every reason from data, is a draft, and leaves to people what is theirs."""

import io
import json
import zipfile

import pytest
from click.testing import CliRunner
from places import ROOT

from bvn_asp.cases.evaluate import Evaluator, Verdict
from bvn_asp.cli import main
from bvn_asp.papers.letter import Purpose, letter, touches
from bvn_asp.render import letter as render
from bvn_asp.render import pages
from bvn_asp.render.docx import to_docx
from bvn_asp.render.text import to_text
from bvn_asp.texts.stricter import stricter

SHOWN = [
    ("founding/document-004", "cohere-ma"),
    ("founding/document-004", "lcd-l39642"),
    ("worklist/third-body-undocumented", "lcd-l39642"),
    ("limits/cohere-ma/pain_duration_short_of", "cohere-ma"),
    ("worklist/two-weights", "lcd-l40302"),
]


@pytest.fixture(scope="module")
def written(shipped):
    made = {}

    def write(name, policy, purpose=Purpose.ADVERSE):
        key = name, policy, purpose
        if key not in made:
            made[key] = letter(shipped, shipped.case(ROOT / "cases" / f"{name}.yaml"), policy, purpose)
        return made[key]

    return write


@pytest.mark.parametrize(("name", "policy"), SHOWN)
def test_no_slot_of_a_reason_is_empty_and_its_place_and_source_are_named(shipped, written, name, policy):
    answer = written(name, policy)

    for each in answer.reasons:
        slots = render.slots(shipped, answer, each)
        assert list(slots) == ["Criterion", "The record", "Falls short", "Would change it", "Comes from"]
        assert all(text.strip() for text in slots.values())
        assert each.line.entry.place in slots["Criterion"]
        assert answer.request.evaluation.revision.id in slots["Comes from"]


@pytest.mark.parametrize(("name", "policy"), SHOWN)
def test_the_reasons_of_a_denial_are_those_in_the_way_and_no_open_one(shipped, written, name, policy):
    answer = written(name, policy)
    evaluation = answer.request.evaluation

    if evaluation.verdict is Verdict.DENY:
        assert tuple(each.line.entry.id for each in answer.reasons) == evaluation.blamed
        assert not {each.entry.id for each in answer.others} & set(evaluation.blamed)
    else:
        assert "give no ground for an adverse decision" in to_text(render.page(shipped, answer), 1000)


def test_a_letter_is_a_draft_and_what_a_clinician_decides_is_blank(shipped, written):
    for purpose in Purpose:
        text = to_text(render.page(shipped, written("founding/document-004", "cohere-ma", purpose)), 1000)

        assert text.count("DRAFT") >= 2
        assert "An adverse decision is a clinician's" in text
        assert "________ name and address" in text
        assert "name, licence, specialty" in text


def test_a_value_stands_against_its_limit_with_document_and_date(shipped, written):
    answer = written("worklist/two-weights", "lcd-l40302")

    slots = render.slots(shipped, answer, answer.reasons[0])

    assert "clinic note, 2026-10-07" in slots["The record"]
    assert "more than 40 kg/m2" in slots["Falls short"]
    assert "an addendum that says which bmi is right" in slots["Would change it"]


def test_what_waits_names_its_day(shipped, written):
    answer = written("limits/cohere-ma/pain_duration_short_of", "cohere-ma")

    assert "2026-12-04" in render.slots(shipped, answer, answer.reasons[0])["Would change it"]


def test_a_denial_that_rests_on_judgements_can_be_contested(shipped, written):
    answer = written("founding/document-004", "cohere-ma", Purpose.APPEAL)

    judged = {str(slot) for each in answer.reasons for slot in each.judgements}
    assert judged == {"other_obvious_cause", "other_explanation_clinical", "other_explanation_imaging"}
    assert "second judgement" in render.slots(shipped, answer, answer.reasons[0])["Would change it"]


def test_an_appeal_lists_where_the_plan_is_stricter_and_each_way_is_a_patient(shipped):
    case = shipped.case(ROOT / "cases" / "splits" / "d12-pacemaker.yaml")
    answer = letter(shipped, case, "cohere-ma", Purpose.APPEAL)
    revision = answer.request.evaluation.revision

    assert answer.governing is not None
    assert answer.governing.policy.id == "lcd-l39420"
    proved = stricter(shipped, revision, answer.governing).stricter.ways
    assert sorted((each.units, each.facts) for each in answer.ways) == sorted((e.units, e.facts) for e in proved)
    near = [touches(revision, answer.reasons, way) for way in answer.ways]
    assert near[0]
    assert near == sorted(near, reverse=True)
    evaluator = Evaluator(shipped, [revision, answer.governing])
    refused, approved = evaluator.evaluate(answer.ways[0].witness.case)
    assert (refused.verdict is Verdict.APPROVE, approved.verdict is Verdict.APPROVE) == (False, True)


def test_a_document_for_a_word_processor_says_the_same_and_has_no_date_of_its_own(tmp_path):
    docx = pytest.importorskip("docx")
    case = str(ROOT / "cases" / "founding" / "document-004.yaml")
    made = []
    for name in ("one.docx", "two.docx"):
        path = tmp_path / name
        arguments = ["letter", case, "cohere-ma", "--for", "adverse", "--format", "docx", "-o", str(path)]
        assert CliRunner().invoke(main, arguments).exit_code == 0
        made.append(path.read_bytes())

    document = docx.Document(io.BytesIO(made[0]))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert any("Non-indications 15" in each.text for each in document.paragraphs)
    assert any("disc herniation" in each for each in cells)
    assert made[0] == made[1]
    assert {each.date_time[0] for each in zipfile.ZipFile(io.BytesIO(made[0])).infolist()} == {1980}


def test_a_docx_needs_a_file():
    case = str(ROOT / "cases" / "founding" / "document-004.yaml")

    found = CliRunner().invoke(main, ["letter", case, "cohere-ma", "--for", "adverse", "--format", "docx"])

    assert found.exit_code == 2
    assert "-o FILE.docx" in found.stderr


def test_what_a_case_says_is_never_markup(shipped):
    case = shipped.parse("title: '<script>alert(1)</script>'\nrequest: {bodies: [L4]}\nfacts: {bmi: 43}")

    page = render.page(shipped, letter(shipped, case, "cohere-ma", Purpose.ADVERSE))

    from bvn_asp.render.html import to_html

    assert "<script>alert" not in to_html(page)


def test_the_json_has_the_five_slots():
    case = str(ROOT / "cases" / "founding" / "document-004.yaml")

    found = CliRunner().invoke(main, ["letter", case, "cohere-ma", "--for", "appeal", "--format", "json"])

    reasons = json.loads(found.stdout)["reasons"]
    assert [each["criterion"] for each in reasons] == ["other_obvious_cause", "other_explanation"]
    assert all(len(each["slots"]) == 5 for each in reasons)


def test_a_criterion_that_follows_from_other_facts_says_so_and_never_that_it_is_not_on_record(shipped, written):
    """Non-indications 22 is present by what the record says of further pathology; nobody recorded its own facts."""
    answer = written("worklist/pathology-that-could-cause-the-pain", "cohere-ma")
    derived = next(each for each in answer.reasons if each.line.entry.id == "other_explanation")

    slots = render.slots(shipped, answer, derived)
    shown = to_text(pages.explanation(shipped, answer.explanation, answer.case), 1000)

    assert "it follows from the rest: vertebral pathology causes is on record" in slots["The record"]
    assert "not on record" not in slots["Falls short"]
    assert "what it follows from: vertebral pathology causes" in slots["Would change it"]
    assert "explanation imaging: not recorded by itself, it follows" in shown


def test_a_table_in_a_docx_gives_labels_the_smaller_column_and_splits_no_row(shipped, written):
    docx = pytest.importorskip("docx", reason="python-docx writes letters")
    page = render.page(shipped, written("founding/document-004", "cohere-ma"))

    tables = docx.Document(io.BytesIO(to_docx(page))).tables

    assert tables
    for each in tables:
        assert each.columns[0].width * 2 < each.columns[1].width
        assert all(row._tr.trPr is not None and len(row._tr.trPr) for row in each.rows)
