"""The ledger of contested claims, and a case evaluated as one document claims the world to be."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner
from places import ROOT

from bvn_asp import Library
from bvn_asp.cases.claimed import claimed, claimed_readings
from bvn_asp.cases.evaluate import evaluate
from bvn_asp.cli import main
from bvn_asp.errors import InputError
from bvn_asp.model.policy import Option
from bvn_asp.routing.claims import VERDICTS, claimant, claims

POLICIES = str(ROOT / "policies")


@pytest.fixture(scope="module")
def baseline(shipped):
    return shipped.case(ROOT / "cases" / "baseline.yaml")


def test_every_claim_says_who_where_what_and_whether_text_bears_it_out(shipped):
    ledger = claims(shipped)

    assert {each.document for each in ledger} >= {"000", "001", "002", "003", "004"}
    assert all(each.place and each.says and each.why and each.verdict in VERDICTS for each in ledger)


@pytest.mark.parametrize("source", ["000", "review-000", "bmj-2025"])
def test_a_source_selects_what_it_says_and_what_is_said_of_it(shipped, source):
    found = claims(shipped, source)

    assert 0 < len(found) < len(claims(shipped))
    for each in found:
        about = {each.about, each.stance.policy if each.stance else ""}
        assert each.document == source.removeprefix("review-") or source in about


def test_every_contested_option_that_names_a_document_stands_in_the_ledger_too(shipped):
    documents = {each.document for each in claims(shipped)}

    for policy in shipped.policies.values():
        for reading in policy.readings.values():
            for option in reading.options:
                if option.claimed_by:
                    assert claimant(option)[0], option.claimed_by
                    assert set(claimant(option)[0]) <= documents


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("document 000", (("000",), "")),
        ("documents 000 and 001", (("000", "001"), "")),
        ("document 002, in its title", (("002",), "in its title")),
        ("page 676651 of the publisher of documents 000 to 002 and 004", (("676651",), "")),
        ("", ((), "")),
    ],
)
def test_the_claimant_is_read_off_its_words(text, expected):
    assert claimant(Option("for", "it is for it", text)) == expected


MOVES = {
    "000": {"bmj-2025": ("silent", "approve"), "review-004": ("pend", "approve")},
    "001": {
        "bmj-2025": ("silent", "deny"),
        "aspn-2022": ("approve", "deny"),
        "acoem-2021": ("silent", "deny"),
        "neurosurgery-2014": ("silent", "deny"),
    },
    "002": {"review-000": ("approve", "deny"), "review-004": ("pend", "deny")},
    "004": {"asa-2010": ("silent", "pend"), "review-000": ("approve", "pend")},
}


@pytest.mark.parametrize("document", MOVES)
def test_the_verdicts_that_a_claim_moves_are_shown_and_no_other(shipped, baseline, document):
    answer = claimed(shipped, baseline, document)

    for side in answer.sides:
        moved = {old.policy: (old.verdict.value, new.verdict.value) for old, new in answer.moved(side)}
        assert moved == MOVES[document], side.name


def test_the_document_that_contradicts_itself_has_a_side_for_each_of_its_glosses(shipped):
    sides = claimed_readings(shipped, "002")

    assert list(sides) == ["002, in its text", "002, in its title"]
    meant = [{each.option for each in stances if each.reading == "code-means"} for stances in sides.values()]
    assert meant == [{"sciatica"}, {"disc-disorder"}]


def test_each_side_is_what_evaluate_says_under_its_readings(shipped, baseline):
    for document in MOVES:
        for side in claimed(shipped, baseline, document).sides:
            readings = {}
            for each in claimed_readings(shipped, document)[side.name]:
                readings.setdefault(each.policy, {})[each.reading] = each.option

            again = evaluate(shipped, baseline, readings=readings, under_readings=False)

            assert [each.verdict for each in side.evaluations] == [each.verdict for each in again]


def test_the_reading_that_moves_a_verdict_moves_it_alone(shipped, baseline):
    answer = claimed(shipped, baseline, "004")
    (side,) = answer.sides

    assert [str(each) for each in side.movers["review-000"]] == ["review-000:block=needed"]
    for policy, movers in side.movers.items():
        for each in movers:
            readings = {policy: {each.reading: each.option}}
            (alone,) = evaluate(shipped, baseline, [policy], readings, under_readings=False)
            assert alone.verdict is {new.policy: new.verdict for _, new in answer.moved(side)}[policy]


def test_what_a_claim_sets_is_only_what_the_default_does_not_say(shipped, baseline):
    for document in MOVES:
        for side in claimed(shipped, baseline, document).sides:
            assert side.stances
            for each in side.stances:
                assert shipped.policies[each.policy].readings[each.reading].default != each.option


def test_a_document_without_such_claims_is_a_fault(shipped, baseline):
    with pytest.raises(InputError, match="`003` claims nothing"):
        claimed(shipped, baseline, "003")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("verdict: contradicted", "verdict: contradicts", "`contradicts` is not a verdict on a claim"),
        ("about: bmj-2025", "about: bmj-2026", "unknown policy `bmj-2026`"),
        ("reading: bmj-2025:recommends=for", "reading: bmj-2025:recommends=fore", "`fore` is not an option"),
        ("reading: bmj-2025:recommends=for", "reading: bmj-2025:recommend=for", "has no reading `recommend`"),
        ("  says: ", "  say: ", "unknown key `say`"),
        ("id: 000-bmj-highest", "id: 000-bmj-for", "stands twice"),
    ],
)
def test_a_fault_of_the_ledger_is_named_with_its_line(tmp_path, old, new, message):
    shutil.copytree(ROOT / "policies", tmp_path / "policies")
    path = tmp_path / "policies" / "claims.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(InputError) as raised:
        claims(Library(tmp_path / "policies"))

    assert message in str(raised.value)
    assert all(each.place.line for each in raised.value.faults)


def test_a_library_without_a_ledger_has_no_claims(toy):
    assert claims(toy.library) == ()


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["claims"], 0, "(document 000)"),
        (["claims", "bmj-2025"], 0, "bmj-2025:recommends=for"),
        (["claims", "bmj-2026"], 2, "did you mean `bmj-2025`"),
        (["compare", "BASE", "--as-claimed-by", "000"], 0, "2 verdicts move (bmj-2025, review-004)"),
        (["compare", "BASE", "--as-claimed-by", "000", "-p", "cohere-ma"], 0, "0 verdicts move"),
        (["compare", "BASE", "--as-claimed-by", "009"], 2, "claims nothing"),
        (["compare", "BASE", "--as-claimed-by", "000", "--reading", "cohere-ma:O1=literal"], 2, "sets the readings"),
    ],
)
def test_the_commands_answer_with_their_exit_status(arguments, status, words):
    asked = [str(ROOT / "cases" / "baseline.yaml") if each == "BASE" else each for each in arguments]

    result = CliRunner().invoke(main, [*asked, "--policies", POLICIES])

    assert result.exit_code == status, result.output
    assert words in " ".join(result.output.split())


def test_the_data_say_what_moved(shipped):
    asked = ["compare", str(ROOT / "cases/baseline.yaml"), "--as-claimed-by", "002", "--format", "json"]

    data = json.loads(CliRunner().invoke(main, [*asked, "--policies", POLICIES]).output)

    assert data["schema"] == "claimed/1"
    assert [each["moved"] for each in data["sides"]] == [["review-000", "review-004"]] * 2
