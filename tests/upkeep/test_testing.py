"""`bvn test`, its pytest plugin, and the writing back of expectations."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree

import places
import pytest
from click.testing import CliRunner
from places import TOY
from shared import shipped_checks

from bvn_asp.cli import main
from bvn_asp.cli.test import matcher
from bvn_asp.errors import InputError
from bvn_asp.upkeep.testing import Runner, collect

pytest_plugins = ["pytester"]

ADULT = """\
title: A person of exactly 18 with six months of pain.
request: {date: 2026-12-01, bodies: [L4]}
facts:
  age: 18
  pain_duration: 6 months   # the limit itself
expect:
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cases").mkdir()
    return tmp_path / "cases"


def put(folder, expect, name="adult.yaml", head=ADULT):
    path = folder / name
    path.write_text(head + "".join(f"  {line}\n" for line in expect.splitlines()), encoding="utf-8")
    return path


def bvn(*arguments, **rest):
    return CliRunner().invoke(main, ["test", "--policies", str(TOY), *arguments], **rest)


@pytest.mark.parametrize(
    ("expect", "status"),
    [
        pytest.param("plan@2024: pend", 0, id="right"),
        pytest.param("plan@2024: approve", 1, id="wrong verdict"),
        pytest.param("plan@2025: {verdict: deny, blamed: [pain]}", 0, id="right blame"),
        pytest.param("plan@2025: {verdict: deny, blamed: [adult]}", 1, id="denied for another reason"),
        pytest.param("plan@2025: {verdict: deny, blamed: []}", 1, id="nothing blamed"),
        pytest.param("plan@2024: {verdict: pend, statuses: {adult: met, care: undetermined}}", 0, id="right statuses"),
        pytest.param("plan@2024: {verdict: pend, statuses: {adult: unmet}}", 1, id="wrong status"),
        pytest.param("plan@2024: {verdict: pend, strict: yes, statuses: {implant: undetermined}}", 0, id="strict"),
        pytest.param("plan@2024: {verdict: pend, statuses: {implant: undetermined}}", 1, id="not strict"),
        pytest.param("plan@2024: {verdict: pend, open: [care.exercise, care.drugs, care.injections, "
                     "modic.L4, modic.L5, modic.S1]}", 0, id="right open facts"),
        pytest.param("plan@2024: {verdict: pend, open: [modic.L4]}", 1, id="other open facts"),
        pytest.param("plan@2025: {verdict: deny, hangs_on: []}", 0, id="no reading matters"),
        pytest.param("plan@2025: {verdict: deny, hangs_on: [R1]}", 1, id="no reading matters, but one is named"),
        pytest.param("plan@2025: {verdict: deny, repairs: 2}", 1, id="another number of repairs"),
        pytest.param("plan@2025: {verdict: deny, repairs: [age]}", 1, id="another easiest repair"),
        pytest.param("plan@2024: {verdict: approve, repairs: []}", 1, id="wrong verdict, whatever the repairs"),
        pytest.param("plan@2024: maybe", 2, id="no verdict"),
        pytest.param("plan@2024: {verdict: pend, blame: [pain]}", 2, id="misspelt key"),
        pytest.param("plan@2024: {verdict: deny, blamed: [pane]}", 2, id="misspelt criterion"),
        pytest.param("plam: deny", 2, id="unknown policy"),
    ],
)
def test_the_exit_status_tells_right_from_wrong_from_unaskable(folder, expect, status):
    put(folder, expect)

    answer = bvn()

    assert answer.exit_code == status, answer.output


def test_no_check_is_a_failure(folder):
    put(folder, "", head=ADULT.replace("expect:\n", ""))

    answer = bvn()

    assert answer.exit_code == 5
    assert "no check ran" in answer.output


def test_a_path_that_is_not_there_is_a_fault_of_usage(folder):
    assert bvn("nowhere").exit_code == 4


def test_an_impossible_patient_is_reported_and_the_others_are_tested(folder):
    put(folder, "plan: deny", "b.yaml", ADULT.replace("[L4]", "[]"))
    put(folder, "plan@2024: pend")

    answer = bvn()

    assert answer.exit_code == 2
    assert "no patient can be so" in answer.output
    assert "1 passed" in answer.output


def test_a_failure_shows_both_sides_and_the_criterion_that_went_the_other_way(folder):
    put(folder, "plan@2025: approve")

    text = bvn().output

    assert "verdict  approve   deny" in text
    assert "Indications 2: pain for twelve months or longer" in text
    assert "pain duration: 6 months" in text


@pytest.mark.parametrize(
    ("expression", "text", "matches"),
    [
        ("pain", "a pain", True),
        ("pain and not short", "pain short", False),
        ("pain or modic", "modic", True),
        ("not (pain or modic)", "age", True),
        ("limits pain", "limits of pain", True),
        ("limits pain", "limits", False),
    ],
)
def test_words_are_joined_as_in_pytest(expression, text, matches):
    assert matcher(expression)(text) is matches


@pytest.mark.parametrize("expression", ["and", "(pain", "pain or", "not"])
def test_an_expression_without_sense_is_a_fault(expression):
    with pytest.raises(InputError) as error:
        matcher(expression)

    (found,) = error.value.faults
    assert found.message == f"`-k {expression}` cannot be read"
    assert found.hint == "join words with `and`, `or`, `not` and brackets"


def test_filters_choose_checks(folder):
    put(folder, "plan@2024: pend\nplan@2025: deny")
    put(folder, "plan@2024: pend", "other.yaml")

    assert "1 passed" in bvn("-k", "other").output
    assert "1 passed" in bvn("-p", "plan@2025").output
    assert bvn("-k", "nothing").exit_code == 5


def test_last_failed_runs_what_failed_until_it_passes(folder):
    put(folder, "plan@2024: deny")
    put(folder, "plan@2024: pend", "right.yaml")
    bvn()

    assert "1 failed, 0 passed; " in bvn("--last-failed").output
    put(folder, "plan@2024: pend")
    assert "1 passed; " in bvn("--last-failed").output
    assert "2 passed; " in bvn("--last-failed").output


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("plan@2024: deny   # why", "plan@2024: pend   # why"),
        ("plan@2025: {verdict: deny, blamed: [adult]}", "plan@2025: {verdict: deny, blamed: [pain]}"),
        (
            "plan@2025:\n  verdict: approve  # so far\n  blamed:\n    - adult\n    - few\n  strict: no",
            "plan@2025:\n  verdict: deny  # so far\n  blamed: [pain]\n  strict: no",
        ),
        (
            "plan@2024:\n  verdict: pend\n  statuses: {adult: unmet}",
            "plan@2024:\n  verdict: pend\n  statuses: {adult: met}",
        ),
        (
            "plan:\n  - {verdict: pend}\n  - {verdict: pend, strict: yes}",
            "plan:\n  - {verdict: deny}\n  - {verdict: deny, strict: yes}",
        ),
    ],
)
def test_update_shows_and_replaces_only_what_is_wrong(folder, wrong, right):
    path = put(folder, wrong)

    answer = bvn("--update", "--yes")

    expected = ADULT + "".join(f"  {line}\n" for line in right.splitlines())
    assert path.read_text(encoding="utf-8") == expected
    assert "\n  + " in answer.output
    assert bvn().exit_code == 0


def test_update_writes_nothing_when_there_is_nobody_to_ask(folder):
    path = put(folder, "plan@2024: deny")
    before = path.read_text(encoding="utf-8")

    assert bvn("--update").exit_code == 2
    assert path.read_text(encoding="utf-8") == before


def test_machines_read_the_same_results(folder):
    put(folder, "plan@2024: deny\nplan@2025: deny")

    found = json.loads(bvn("--format", "json").output)
    tap = bvn("--format", "tap").output.splitlines()
    bvn("--junit", "out.xml")
    xml = ElementTree.parse("out.xml").getroot()

    assert found["summary"] == {"files": 1, "passed": 1, "failed": 1, "faults": 0}
    assert found["checks"][0]["mismatches"] == [{"key": "verdict", "expected": ["deny"], "got": ["pend"]}]
    assert tap[:3] == ["TAP version 14", "1..2", "not ok 1 - cases/adult.yaml::plan@2024"]
    assert "ok 2 - cases/adult.yaml::plan@2025" in tap
    assert [each.find("failure") is not None for each in xml.iter("testcase")] == [True, False]


def test_checks_are_run_as_users_ask(shipped):
    from bvn_asp.cases.evaluate import evaluate

    root = places.ROOT
    checks = collect(shipped, [root / "cases" / "limits"]).checks[::12]
    runner = Runner(shipped)

    for check in checks:
        asked = evaluate(shipped, check.case, [check.revision.name], check.readings, check.expectation.strict)[0]
        got = runner.run(check).evaluation
        assert (got.verdict, got.statuses, got.blamed) == (asked.verdict, asked.statuses, asked.blamed)


def test_every_shipped_expectation_holds(shipped):
    found = shipped_checks()
    runner = Runner(shipped)

    failed = [check.id for check in found.checks if not runner.run(check).passed]

    assert not found.faults
    assert not failed
    assert len(found.checks) > 500


def test_a_folder_of_cases_is_a_pytest_suite(pytester):
    pytester.makeini(f"[pytest]\nbvn_cases = cases\nbvn_policies = {TOY}\n")
    folder = pytester.mkdir("cases")
    put(folder, "plan@2024: pend\nplan@2025: approve")
    put(folder, "plan@2024: maybe", "broken.yaml")

    answer = pytester.runpytest_subprocess("-p", "bvn_asp.pytest_plugin", "--continue-on-collection-errors")

    answer.assert_outcomes(passed=1, failed=1, errors=1)
    answer.stdout.fnmatch_lines(["*`maybe` is not a verdict*", "*Indications 2: pain for twelve months or longer*"])


def test_other_yaml_files_are_none_of_the_plugins_business(pytester):
    pytester.makeini("[pytest]\nbvn_cases = cases\n")
    pytester.mkdir("cases")
    pytester.makefile(".yaml", other="a: b")
    pytester.makepyfile("def test_one(): pass")

    pytester.runpytest_subprocess("-p", "bvn_asp.pytest_plugin").assert_outcomes(passed=1)


def test_an_expectation_names_readings_by_number_or_by_name(shipped, tmp_path):
    text = (places.ROOT / "cases" / "founding" / "document-004.yaml").read_text(encoding="utf-8")
    head = text[: text.index("expect:")]
    found = []
    for name in ("O29", "modic-bodies"):
        expect = f"expect:\n  cohere-ma: {{verdict: deny, readings: {{{name}: each-treated-body}}}}\n"
        path = tmp_path / f"{name}.yaml"
        path.write_text(head + expect, encoding="utf-8")
        (check,) = collect(shipped, [path]).checks
        found.append(check.readings)

    assert found == [{"cohere-ma": {"O29": "each-treated-body"}}] * 2
