"""A recorded decision comes out again, or what moved is told; nothing in it says who it was about."""

from __future__ import annotations

import json
import shutil

import pytest
from places import HERE

from bvn_asp import InputError, Library, compare, make_record, verify
from bvn_asp.cases.record import digest, read_record

PATIENT = """
title: CANARY-TITLE
about: CANARY-ABOUT
source: CANARY-SOURCE
request: {date: 2026-12-01, bodies: [L4, L5]}
facts:
  age: {value: 50, evidence: {document: CANARY-DOCUMENT, note: CANARY-NOTE}}
  pain_duration: {since: 2026-01-01}
  care: {exercise: tried, drugs: {one_of: [tried, contraindicated]}}
  modic: {L4: type_1}
  t_score: {conflicting: [-1.0, {value: -3.0, evidence: CANARY-CONFLICT}]}
"""


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(HERE / "toy", tmp_path / "toy")
    return tmp_path / "toy"


def recorded(folder, policies=("plan@2024", "plan@2025"), text=PATIENT, **kwargs):
    library = Library(folder)
    made = make_record(library, compare(library, library.parse(text), policies, **kwargs))
    return json.loads(json.dumps(made))


def test_a_record_comes_out_again(folder):
    record = recorded(folder, ["plan@2024"])

    answer = verify(Library(folder), record)

    assert answer.same, answer.moved
    assert answer.id == record["id"]


@pytest.mark.parametrize(
    "kwargs",
    [{"strict": True}, {"readings": {"plan": {"R1": "removed", "R2": "each-body"}}}],
    ids=["strict", "readings"],
)
def test_a_record_keeps_how_it_was_asked(folder, kwargs):
    record = recorded(folder, ["plan@2025"], **kwargs)

    assert verify(Library(folder), record).same
    assert record["results"] != recorded(folder, ["plan@2025"])["results"]
    assert record["id"] != recorded(folder, ["plan@2025"])["id"]


def test_the_id_is_the_hash_of_what_was_decided_on_and_of_nothing_else(folder):
    record = recorded(folder)
    keys = ("engine", "vocabulary", "background", "policies", "case", "strict")

    assert record["id"] == digest({key: record[key] for key in keys})
    assert recorded(folder, text=PATIENT.replace("CANARY-TITLE", "someone else"))["id"] == record["id"]
    assert recorded(folder, text=PATIENT.replace("value: 50", "value: 51"))["id"] != record["id"]
    assert recorded(folder, ["plan@2024"])["id"] != record["id"]


def test_a_record_holds_no_free_text_of_the_case(folder):
    assert "CANARY" not in json.dumps(recorded(folder))


def test_a_changed_rule_is_told_with_what_it_moves(folder):
    record = recorded(folder, ["plan@2024"])
    path = folder / "plan/2024.lp"
    path.write_text(path.read_text().replace("months(6)", "months(12)"))

    answer = verify(Library(folder), record)

    assert not answer.same
    assert "plan@2024: the text of its rules has changed" in answer.moved
    assert "plan pain: was met, is unmet" in answer.moved
    assert any(each.startswith("plan: was pend, is deny") for each in answer.moved)


def test_a_comment_in_the_rules_is_told_though_nothing_moves(folder):
    record = recorded(folder, ["plan@2024"])
    path = folder / "plan/2024.lp"
    path.write_text(path.read_text() + "% a remark\n")

    assert verify(Library(folder), record).moved == ("plan@2024: the text of its rules has changed",)


@pytest.mark.parametrize("name", ["vocabulary.yaml", "background.lp"])
def test_a_changed_vocabulary_or_background_is_told(folder, name):
    record = recorded(folder, ["plan@2024"])
    sign = "#" if name.endswith("yaml") else "%"
    (folder / name).write_text((folder / name).read_text() + f"{sign} a remark\n")

    assert verify(Library(folder), record).moved == (f"{name} has changed",)


def test_another_engine_is_told(folder):
    record = recorded(folder, ["plan@2024"])
    record["engine"]["clingo"] = "5.0.0"

    moved = verify(Library(folder), record).moved

    assert any(each.startswith("clingo was 5.0.0, is ") for each in moved)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda r: r["results"][0].update(verdict="approve"), "plan: was approve, is pend"),
        (lambda r: r["results"][0]["statuses"].update(adult="unmet"), "plan adult: was unmet, is met"),
        (lambda r: r["results"][0]["statuses"].update(ghost="met"), "plan ghost: was met, is not there"),
        (lambda r: r["results"][0].update(presumed=[]), "`presumed` was [], is ["),
        (lambda r: r["case"]["facts"].update(age="17 years"), "the record's id does not fit"),
        (lambda r: r.update(strict=True), "the record's id does not fit"),
    ],
)
def test_a_tampered_record_is_told(folder, change, words):
    record = recorded(folder, ["plan@2024"])
    change(record)

    moved = verify(Library(folder), record).moved

    assert any(words in each for each in moved), moved


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda r: r.pop("case"), "not whole"),
        (lambda r: r.pop("results"), "not whole"),
        (lambda r: r.update(schema="other/1"), "not a record of a decision"),
        (lambda r: r["policies"][0].update(policy="nobody"), "unknown policy `nobody`"),
        (lambda r: r["policies"][0].update(revision="1999"), "no revision `1999`"),
        (lambda r: r["case"]["facts"].update(ag="17"), "unknown fact `ag`"),
    ],
)
def test_a_record_that_cannot_be_asked_again_is_refused(folder, change, words):
    record = recorded(folder, ["plan@2024"])
    change(record)

    with pytest.raises(InputError, match=words):
        verify(Library(folder), record)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not a record"),
        (None, "cannot read the file"),
    ],
    ids=["empty", "binary", "deep", "a list", "missing"],
)
def test_a_file_that_is_no_record_is_refused(tmp_path, data, words):
    path = tmp_path / "record.json"
    if data is not None:
        path.write_bytes(data)

    with pytest.raises(InputError, match=words):
        read_record(path)


def test_two_editions_of_one_policy_in_a_record_come_out_again(folder):
    record = recorded(folder)

    answer = verify(Library(folder), record)

    assert answer.same, answer.moved


def test_a_date_span_and_a_conflict_are_kept_as_they_were(folder):
    facts = recorded(folder)["case"]["facts"]

    assert facts["pain_duration"] == {"since": "2026-01-01", "until": "2026-12-01"}
    assert facts["t_score"] == {"conflicting": ["-1.0", "-3.0"]}
