"""Coding advice: an edit of the claim, never a reason for or against the patient."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from places import ROOT

from bvn_asp.cli import main
from bvn_asp.routing.codes import codes


def advice(library, **request):
    case = library.parse(json.dumps({"title": "a request", "request": {"bodies": ["L4", "L5"], **request}}))
    return [each.id for each in codes(library, case)]


BODIES = ["L3", "L4", "L5", "S1", "L2", "L1", "L6"]


def right(bodies):
    """What is billed for so many bodies: 64628 once, 64629 once for each beyond the second."""
    return {"64628": 1, **({"64629": bodies - 2} if bodies > 2 else {})}


@pytest.mark.parametrize("bodies", range(1, 8))
@pytest.mark.parametrize("further", range(7))
def test_the_units_follow_the_number_of_bodies(shipped, bodies, further):
    procedures = {"64628": 1, **({"64629": further} if further else {})}

    found = advice(shipped, date="2026-12-03", bodies=BODIES[:bodies], procedures=procedures, diagnoses=["M54.51"])

    assert (found == []) == (procedures == right(bodies))
    if found:
        assert found == ["further-for-nobody" if bodies <= 2 else "further-units"]


@pytest.mark.parametrize(
    ("procedures", "expected"),
    [
        ({"64628": 1}, []),
        ({"64628": 2}, ["first-twice"]),
        ({"64629": 1}, ["further-for-nobody", "further-without-first"]),
        ({}, ["no-procedure"]),
    ],
)
def test_the_add_on_is_billed_with_the_first_code_and_the_first_code_once(shipped, procedures, expected):
    assert advice(shipped, date="2026-12-03", procedures=procedures) == expected


@pytest.mark.parametrize(
    ("listed", "units"),
    [
        (["64628", "64629", "64629"], {"64628": 1, "64629": 2}),
        (["64629", "64629"], {"64628": 0, "64629": 2}),
        ("64629, 64629; 64628", {"64628": 1, "64629": 2}),
    ],
)
def test_a_code_that_stands_twice_in_a_list_is_two_units(shipped, listed, units):
    case = shipped.parse(json.dumps({"title": "x", "request": {"bodies": ["L4"], "procedures": listed}, "facts": {}}))

    found = {r.slot.member: int(r.value.exact.amount) for r in case.records if r.slot.fact == "billed"}

    assert {code: found[code] for code in units} == units


@pytest.mark.parametrize("sciatica", ["M54.40", "M54.41", "M54.42"])
def test_vertebrogenic_pain_beside_sciatica_is_a_coding_edit(shipped, sciatica):
    found = advice(shipped, date="2026-12-03", diagnoses=["M54.51", sciatica])

    assert found == ["back-pain-with-sciatica"]


def test_the_coding_edit_moves_no_verdict_and_stands_apart(shipped):
    text = (ROOT / "cases" / "baseline.yaml").read_text(encoding="utf-8").replace("[M54.51]", "[M54.51, M54.41]")
    judged = ("other_explanation_clinical", "other_explanation_imaging", "other_obvious_cause")
    told = ["facts:", "  radicular_pain: no", *(f"  {each}: none" for each in judged)]  # what the code puts in doubt
    text = text.replace("facts:", "\n".join(told), 1)
    asked = ["compare", "-", "-p", "lcd-l39420", "--policies", str(ROOT / "policies")]

    shown = CliRunner().invoke(main, asked, input=text)
    data = json.loads(CliRunner().invoke(main, [*asked, "--format", "json"], input=text).output)

    assert shown.exit_code == 0
    assert "Coding, apart from any verdict" in shown.output
    assert data["verdicts"][0]["verdict"] == "approve"
    assert [each["advice"] for each in data["coding"]] == ["back-pain-with-sciatica"]


@pytest.mark.parametrize(
    ("code", "day_before", "first_day", "expected"),
    [
        ("M54.5", "2021-09-30", "2021-10-01", "m54-5-parent"),
        ("M51.36", "2024-09-30", "2024-10-01", "m51-36-parent"),
        ("M51.37", "2024-09-30", "2024-10-01", "m51-37-parent"),
    ],
)
def test_a_parent_code_stops_being_billable_on_its_day(shipped, code, day_before, first_day, expected):
    assert advice(shipped, date=day_before, diagnoses=[code]) == []
    assert advice(shipped, date=first_day, diagnoses=[code]) == [expected]


@pytest.mark.parametrize(
    ("code", "day_before", "first_day", "expected"),
    [
        ("M54.51", "2021-09-30", "2021-10-01", "m54-5-children"),
        ("M51.360", "2024-09-30", "2024-10-01", "m51-3-children"),
    ],
)
def test_a_new_code_does_not_exist_before_its_day(shipped, code, day_before, first_day, expected):
    assert advice(shipped, date=day_before, diagnoses=[code]) == [expected]
    assert advice(shipped, date=first_day, diagnoses=[code]) == []


def test_without_a_date_the_latest_rules_are_asked_and_that_is_said(shipped):
    case = shipped.parse('{"title": "undated", "request": {"bodies": ["L4"], "diagnoses": ["M51.36"]}}')

    (found,) = codes(shipped, case)

    assert (found.id, found.sure) == ("m51-36-parent", False)


def test_what_is_not_recorded_of_the_codes_gives_no_advice(shipped):
    assert advice(shipped) == []
    assert advice(shipped, date="2026-12-03", diagnoses=["M54.51"]) == []


def test_every_rule_of_the_file_can_speak(shipped):
    import re

    text = (ROOT / "policies" / "codes.lp").read_text(encoding="utf-8")
    written = set(re.findall(r'^advice\("([^"]+)"', text, re.MULTILINE))
    pairs = [
        ["M54.51", "M54.41"], ["M54.51", "M51.26"], ["M54.51", "M51.360"], ["M54.51", "S39.012"], ["M54.41", "M51.16"],
        ["M54.41", "M51.362"], ["M54.16", "M51.16"], ["M54.5"], ["M51.36"], ["M51.37"],
    ]

    spoken = {name for each in pairs for name in advice(shipped, date="2026-12-03", diagnoses=each)}
    for each in (["M54.51"], ["M51.360"]):
        spoken |= set(advice(shipped, date="2021-01-01", diagnoses=each))
    earlier = {"C9752": 1, "22899": 1}
    for bodies, procedures in ((2, {"64628": 2}), (3, {"64628": 1}), (2, {"64629": 1}), (2, {}), (2, earlier)):
        spoken |= set(advice(shipped, date="2026-12-03", bodies=BODIES[:bodies], procedures=procedures))

    assert spoken == written
