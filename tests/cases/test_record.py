"""A recorded decision comes out again, or what moved is told; nothing in it says who it was about."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner
from places import HERE

from bvn_asp import InputError, Library, compare, make_record, verify
from bvn_asp.cases.record import digest, identity, read_record
from bvn_asp.cli import main

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


def test_the_id_is_the_hash_of_all_but_what_is_named_as_free(folder):
    record = recorded(folder)

    assert record["id"] == digest({key: record[key] for key in record if key not in ("id", "human", "seal")})
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


def test_changed_metadata_is_told_though_the_rules_stand(folder):
    record = recorded(folder, ["plan@2024"])
    path = folder / "plan/policy.yaml"
    path.write_text(path.read_text() + "# a remark\n")

    assert verify(Library(folder), record).moved == ("plan@2024: the text of its policy.yaml has changed",)


def test_who_decided_may_be_written_into_a_record(folder):
    record = recorded(folder, ["plan@2024"])
    record["human"] = "a physician"

    answer = verify(Library(folder), record)

    assert (answer.same, answer.moved, answer.id) == (True, (), record["id"])


def leaves(data, path=()):
    """The place of every leaf, and of every empty list or object."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    found = [leaf for key, each in items for leaf in leaves(each, (*path, key))]
    return found or [path]


def at(data, path):
    for key in path:
        data = data[key]
    return data


def test_no_leaf_of_a_record_can_be_forged_in_silence(folder):
    """Every leaf changed, taken out and added to, with an id made to fit: told, or refused as no record.

    Another case with another id is another record, so of the case only what the id does not fit is told.
    """
    library, record = Library(folder), recorded(folder)
    edits = 0
    for path in leaves(record):
        if path[0] in ("human", "id"):
            continue
        for edit in ("change", "take out", "other type", "add beside"):
            forged = json.loads(json.dumps(record))
            place = at(forged, path[:-1])
            if edit == "change":
                place[path[-1]] = {str: "forged", bool: not at(record, path)}.get(type(at(record, path)), ["forged"])
            elif edit == "take out":
                del place[path[-1]]
            elif edit == "other type":
                place[path[-1]] = {"other": 1}
            elif isinstance(place, list):
                place.append("forged")
            else:
                place["forged"] = "forged"
            if path[0] != "case":
                forged["id"] = identity(forged)
            edits += 1
            try:
                assert not verify(library, forged).same, (path, edit)
            except InputError:
                continue
    assert edits > 200


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda results: results.append(results[0]), "there are 3 results where 2 policies were asked"),
        (lambda results: results.insert(0, {**results[0], "verdict": "approve"}), "plan@2024: was approve, is pend"),
        (lambda results: results.reverse(), "plan@2024: the result in its place is of plan@2025"),
        (lambda results: results.pop(), "there are 1 results where 2 policies were asked"),
    ],
    ids=["one more", "a false copy before the true one", "turned round", "one less"],
)
def test_results_that_are_added_doubled_or_turned_round_are_told(folder, change, words):
    record = recorded(folder)
    change(record["results"])
    record["id"] = identity(record)

    assert words in verify(Library(folder), record).moved


def test_another_engine_is_told(folder):
    record = recorded(folder, ["plan@2024"])
    record["engine"]["clingo"] = "5.0.0"

    moved = verify(Library(folder), record).moved

    assert any(each.startswith("clingo was 5.0.0, is ") for each in moved)
    assert "the record's id does not fit what it holds" in moved


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda r: r["results"][0].update(verdict="approve"), "plan: was approve, is pend"),
        (lambda r: r["results"][0]["statuses"].update(adult="unmet"), "plan adult: was unmet, is met"),
        (lambda r: r["results"][0]["statuses"].update(ghost="met"), "plan ghost: was met, is not there"),
        (lambda r: r["results"][0].update(presumed=[]), "`presumed` was [], is ["),
        (lambda r: r["case"]["facts"].update(age="17 years"), "the record's id does not fit what it holds"),
        (lambda r: r.update(strict=True), "the record's id does not fit what it holds"),
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
    assert answer.id == record["id"]
    (folder / "plan/2024.lp").write_text((folder / "plan/2024.lp").read_text().replace("months(6)", "months(12)"))
    moved = verify(Library(folder), record).moved
    assert "plan@2024: the text of its rules has changed" in moved
    assert not any("2025" in each for each in moved), moved


def test_a_date_span_and_a_conflict_are_kept_as_they_were(folder):
    facts = recorded(folder)["case"]["facts"]

    assert facts["pain_duration"] == {"since": "2026-01-01"}  # an open course stays open
    assert facts["t_score"] == {"conflicting": ["-1.0", "-3.0"]}


@pytest.fixture
def keys(tmp_path):
    ed25519 = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ed25519")
    from cryptography.hazmat.primitives import serialization as form

    private, public = tmp_path / "key.pem", tmp_path / "public.pem"
    key = ed25519.Ed25519PrivateKey.generate()
    private.write_bytes(key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()))
    public.write_bytes(key.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo))
    return private, public


def test_a_sealed_record_is_known_from_a_consistent_record_of_another_case(folder, keys, tmp_path):
    private, public = keys
    case, path = tmp_path / "case.yaml", tmp_path / "record.json"
    case.write_text(PATIENT)
    runner, toy = CliRunner(), ["--policies", str(folder)]
    runner.invoke(main, ["compare", str(case), "-p", "plan@2024", *toy, "--record", str(path), "--seal", str(private)])

    as_it_is = runner.invoke(main, ["verify", str(path), *toy, "--seal", str(public)])
    record = json.loads(path.read_text())
    other = recorded(folder, ["plan@2024"], text=PATIENT.replace("value: 50", "value: 60"))
    path.write_text(json.dumps({**other, "seal": record["seal"]}))
    forged = runner.invoke(main, ["verify", str(path), *toy, "--seal", str(public)])
    without = runner.invoke(main, ["verify", str(path), *toy])

    assert as_it_is.exit_code == 0, as_it_is.output
    assert forged.exit_code == 1
    assert "does not bear the seal" in forged.output
    assert without.exit_code == 0


@pytest.mark.parametrize("which", ["missing", "text", "public"])
def test_a_key_that_cannot_seal_is_a_plain_error(folder, keys, tmp_path, which):
    (tmp_path / "text").write_text("no key")
    path = {"missing": tmp_path / "nothing.pem", "text": tmp_path / "text", "public": keys[1]}[which]
    (tmp_path / "case.yaml").write_text(PATIENT)

    found = CliRunner().invoke(
        main,
        ["compare", str(tmp_path / "case.yaml"), "--policies", str(folder)]
        + ["--record", str(tmp_path / "r"), "--seal", str(path)],
    )

    assert found.exit_code == 2
    assert not (tmp_path / "r").exists()
