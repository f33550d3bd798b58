"""One page: the verdict first, then what is not as it should be with its evidence; never more than two sheets."""

import re

import pytest
from click.testing import CliRunner
from places import ROOT

from bvn_asp.cli import main
from bvn_asp.papers.one_page import one_page
from bvn_asp.render.browser import find_browser
from bvn_asp.render.one_page import page
from bvn_asp.render.text import to_text

LONGEST = [("founding/document-004", "lcd-l39642"), ("worklist/nearly-nothing", "cohere-ma")]
SHOWN = [*LONGEST, ("founding/document-004", "cohere-ma"), ("baseline", "cohere-ma")]


def said(shipped, name, policy, **options):
    answer = one_page(shipped, shipped.case(ROOT / "cases" / f"{name}.yaml"), policy, **options)
    return answer, to_text(page(shipped, answer), 1000)


@pytest.mark.parametrize(("name", "policy"), SHOWN)
def test_the_verdict_comes_first_and_unmet_criteria_before_met_ones(shipped, name, policy):
    answer, text = said(shipped, name, policy)

    verdict = answer.draft.request.evaluation.verdict.value
    assert f"RESULT  {verdict} under {policy}: " in text
    title = "\nIn the way\n" if verdict == "deny" else "\nStill open\n"
    assert (title in text) == bool(answer.draft.reasons)
    if answer.draft.reasons and answer.met:
        assert text.index(title) < text.index("\nMet\n")


def test_every_reason_has_its_evidence_and_what_would_change_it(shipped):
    _, text = said(shipped, "founding/document-004", "cohere-ma")

    assert "Dr.Oracle page of 2025-11-21, Anatomic Mismatch, point 3" in text
    assert text.count("would change it:") == 2
    assert "adverse decision is a clinician's" in text


def test_a_case_that_waits_says_from_when_in_the_headline(shipped):
    _, text = said(shipped, "limits/cohere-ma/pain_duration_short_of", "cohere-ma")

    assert "deny under cohere-ma: 1 criterion stands in the way; approve from 2026-12-04" in text


@pytest.mark.skipif(find_browser() is None, reason="there is no Chromium to print with")
@pytest.mark.parametrize(("name", "policy"), LONGEST)
def test_two_sheets_hold_the_longest_of_them(tmp_path, name, policy):
    path = tmp_path / "page.pdf"
    case = str(ROOT / "cases" / f"{name}.yaml")

    found = CliRunner().invoke(main, ["report", case, "-p", policy, "--one-page", "--format", "pdf", "-o", str(path)])

    assert found.exit_code == 0, found.output
    assert len(re.findall(rb"/Type\s*/Page\b", path.read_bytes())) in (1, 2)


def test_one_page_is_of_one_policy():
    case = str(ROOT / "cases" / "baseline.yaml")

    found = CliRunner().invoke(main, ["report", case, "--one-page", "-p", "cohere-ma", "-p", "lcd-l39642"])

    assert found.exit_code == 2
    assert "one policy" in found.stderr
