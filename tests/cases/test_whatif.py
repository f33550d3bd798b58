"""Old beside new under suppositions."""

from __future__ import annotations

import datetime
import json

import places
import pytest
import yaml
from click.testing import CliRunner

from bvn_asp import Slot, evaluate
from bvn_asp.cases.whatif import parse_suppositions, whatif
from bvn_asp.cli import main
from bvn_asp.errors import InputError
from bvn_asp.model.case import case_data

TOY = str(places.TOY)
CARE = {"exercise": "tried", "drugs": "tried"}
WELL = {"age": 40, "pain_duration": "2 years", "care": CARE, "modic": {"L4": "type_1"}}


def supposed(toy, case, *texts, **more):
    return whatif(toy.library, case, parse_suppositions(toy.library, case, texts), ["plan"], **more).differences[0]


def test_a_supposition_changes_verdict_and_status(toy):
    found = supposed(toy, toy.case(**WELL), "age=12")

    assert (found.old.verdict.value, found.new.verdict.value) == ("approve", "deny")
    assert [entry for entry, _, _ in found.statuses] == ["indications", "adult"]


def test_a_record_can_be_supposed_away(toy):
    assert supposed(toy, toy.case(**WELL), "age=unknown").new.verdict.value == "pend"


def test_a_level_stands_for_both_bodies(toy):
    case = toy.case(**WELL)

    said = parse_suppositions(toy.library, case, ["modic.L4-L5=type_2"])

    assert {str(slot): str(value) for slot, value in said.items()} == {"modic.L4": "type 2", "modic.L5": "type 2"}


def test_what_is_no_longer_presumed_is_told(toy):
    assert [str(slot) for slot in supposed(toy, toy.case(**WELL), "precautions=yes").unpresumed] == ["implant"]


def test_the_case_is_not_touched(toy):
    case = toy.case(**WELL)

    supposed(toy, case, "age=12")

    assert str(case.by_slot[next(s for s in case.by_slot if s.fact == "age")].value) == "40 years"


FORM = "write FACT=VALUE, e.g. bmi=39 or pregnant=unknown"


@pytest.mark.parametrize(
    ("text", "words", "hint"),
    [
        ("age", "`age` supposes nothing", FORM),
        ("age=", "`age=` supposes nothing", FORM),
        ("aeg=12", "unknown fact `aeg`", "did you mean `age`?"),
        ("age=tall", "age: `tall` is not a number, which `age` takes", "a number, or a range of numbers"),
        ("age.L4=3", "`age` is one fact, not one per L4", "write `age` alone"),
        (
            "requested.L4-L5=no",
            "no patient can be so: the request names no vertebral body",
            "look at requested.L4, requested.L5, requested.S1",
        ),
    ],
)
def test_a_supposition_that_says_nothing_possible_is_refused(toy, text, words, hint):
    with pytest.raises(InputError) as error:
        supposed(toy, toy.case(**WELL), text)

    assert [(each.message, each.hint) for each in error.value.faults] == [(words, hint)]


def test_the_command_answers_in_json_and_says_who_would_not_approve(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text("title: t\nrequest: {bodies: [L4]}\nfacts: {age: 40}\n")

    answer = CliRunner().invoke(main, ["whatif", str(path), "age=12", "--format", "json", "--policies", TOY])

    assert answer.exit_code == 0
    told = json.loads(answer.stdout)
    assert told["schema"] == "whatif/2"
    assert (told["policies"][0]["old"], told["policies"][0]["new"]) == ("pend", "deny")
    assert told["policies"][0]["statuses"]


def test_unknown_is_open_and_not_presumed_and_unrecorded_is_presumed(toy):
    case = toy.case(**WELL, implant=True)

    unknown, unrecorded = (supposed(toy, case, f"implant={word}").new for word in ("unknown", "unrecorded"))

    assert (unknown.verdict.value, unrecorded.verdict.value) == ("pend", "approve")
    assert "implant" not in {slot.fact for slot in unknown.presumed}
    assert "implant" in {slot.fact for slot in unrecorded.presumed}


def test_another_date_of_service_counts_what_goes_on(toy):
    case = toy.case(**{**WELL, "pain_duration": {"since": "2026-01-15"}, "age": 17})

    before, after = (
        whatif(toy.library, case, {}, ["plan@2025"], day=datetime.date(2027, *day)) for day in ((1, 14), (1, 15))
    )

    assert before.supposed.date == datetime.date(2027, 1, 14)
    assert [str(slot) for slot in after.counted] == ["age", "pain_duration"]
    pain = [each.differences[0].new.statuses["pain"].value for each in (before, after)]
    assert pain == ["unmet", "met"]


def test_other_bodies_are_supposed_with_their_units(shipped):
    case = shipped.case(places.ROOT / "cases" / "worklist" / "third-body-undocumented.yaml")

    values = parse_suppositions(shipped, case, ["bodies=L4-L5"])

    assert {str(slot): str(value) for slot, value in values.items()} == {
        "requested.L3": "no", "billed.64629": "0 units"
    }


@pytest.mark.parametrize(
    ("words", "result"),
    [
        (["age=12"], "RESULT  plan: pend, then deny"),
        (["age=41"], "RESULT  plan: stays pend"),
        (["date=2027-05-01"], "RESULT  plan: stays pend"),
    ],
)
def test_the_command_always_says_the_verdict(tmp_path, words, result):
    path = tmp_path / "case.yaml"
    path.write_text("title: t\nrequest: {bodies: [L4], date: 2026-12-01}\nfacts: {age: 40}\n")

    answer = CliRunner().invoke(main, ["whatif", str(path), *words, "-p", "plan", "--policies", TOY])

    assert result in answer.stdout


# -- a silent report, and a number of bodies -------------------------------------------------------


def test_a_report_that_does_not_say_can_be_supposed(shipped):
    case = shipped.case("cases/baseline.yaml")
    silent = parse_suppositions(shipped, case, ["modic.L4-L5=not_reported", "pregnant=not reported"])

    supposed = whatif(shipped, case, silent, ["lcd-l39642"]).supposed

    assert [supposed.silence(Slot("modic", b)) is not None for b in ("L4", "L5")] == [True, True]
    assert supposed.get(Slot("modic", "L4")) is None
    again = shipped.parse(yaml.safe_dump(case_data(supposed, shipped.vocabulary), sort_keys=False))
    assert {each.slot for each in again.silent} == {each.slot for each in supposed.silent}
    said = CliRunner().invoke(main, ["whatif", "cases/baseline.yaml", "modic.L4=not_reported", "-p", "lcd-l39642"])
    assert "modic L4: not reported (recorded: type 1)" in " ".join(said.output.split())
    told = CliRunner().invoke(main, ["whatif", "cases/baseline.yaml", "modic.L4=silent", "--format", "json"])
    assert json.loads(told.output)["suppose"] == {"modic.L4": "not_reported"}
    taken = whatif(shipped, supposed, parse_suppositions(shipped, supposed, ["modic.L4=unrecorded"]), ["lcd-l39642"])
    assert taken.supposed.silence(Slot("modic", "L4")) is None
    with pytest.raises(InputError, match="no report says what is asked for"):
        parse_suppositions(shipped, case, ["requested.L4=not_reported"])


@pytest.mark.parametrize("number", ["1", "2", "3"])
def test_a_number_of_bodies_can_be_supposed_and_is_that_many_whichever_they_are(shipped, number):
    case = shipped.case("cases/baseline.yaml")
    data = case_data(case, shipped.vocabulary)
    data["request"] |= {"bodies": int(number), "procedures": dict(shipped.vocabulary.request.units(int(number)))}
    want = shipped.parse(yaml.safe_dump(data, sort_keys=False))

    found = whatif(shipped, case, parse_suppositions(shipped, case, [f"bodies={number}"]), ["lcd-l39642", "cohere-ma"])

    assert found.supposed.several == want.several
    assert found.supposed.records == want.records
    told = evaluate(shipped, want, ["lcd-l39642", "cohere-ma"])
    assert [each.new.statuses for each in found.differences] == [each.statuses for each in told]
    back = parse_suppositions(shipped, found.supposed, ["bodies=L4 L5"])
    named = whatif(shipped, found.supposed, back, ["lcd-l39642"]).supposed
    assert (named.requested(shipped.vocabulary), named.several) == (("L4", "L5"), ())


def test_a_number_of_bodies_that_nobody_has_is_a_fault_and_one_is_shown_as_a_number(shipped):
    case = shipped.case("cases/baseline.yaml")

    with pytest.raises(InputError, match="no 9 vertebral bodies"):
        parse_suppositions(shipped, case, ["bodies=9"])
    said = CliRunner().invoke(main, ["whatif", "cases/baseline.yaml", "bodies=3", "-p", "lcd-l39642"]).output
    told = CliRunner().invoke(main, ["whatif", "cases/baseline.yaml", "bodies=3", "--format", "json"]).output
    assert "bodies: 3, not named (recorded: L4 L5)" in " ".join(said.split())
    assert json.loads(told)["suppose"]["bodies"] == "3"
