"""A case that nobody can be is refused with the reason, whether records or presumptions make it so."""

from __future__ import annotations

import json

import pytest

from bvn_asp import Library, evaluate
from bvn_asp.errors import InputError

VOCABULARY = """
facts:
  Person:
    smoker: {about: smokes, type: yes_no}
    cough: {about: coughs, type: yes_no, absent: no, presumed: yes}
    scan: {about: a scan was made, type: yes_no}
"""
BACKGROUND = """
impossible("smokers cough") :- is(smoker, yes), is(cough, no).
impossible("who was scanned does not smoke not") :- is(scan, yes), is(smoker, no).
"""


@pytest.fixture
def library(tmp_path):
    (tmp_path / "vocabulary.yaml").write_text(VOCABULARY)
    (tmp_path / "background.lp").write_text(BACKGROUND)
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "1.lp").write_text('criterion(a, root, "1", "coughs"). met(a) :- is(cough, yes).')
    (tmp_path / "plan" / "policy.yaml").write_text(
        "id: plan\ntitle: p\npublisher: p\nkind: coverage\nabout: p\nrevisions: {'1': {file: 1.lp}}"
    )
    return Library(tmp_path)


def case(library, **facts):
    return library.parse(json.dumps({"title": "x", "facts": facts}))


def test_records_that_rule_out_each_completion_for_another_reason_are_refused_in_words(library):
    with pytest.raises(InputError, match="no patient can be so: each way to complete the record is ruled out") as error:
        case(library, cough="no", scan="yes")

    assert "look at cough, scan" in str(error.value)


def test_what_is_presumed_may_rule_everybody_out_and_is_named(library):
    chart = case(library, smoker="yes")

    with pytest.raises(InputError, match="no patient can be so: smokers cough") as error:
        evaluate(library, chart)

    assert "cough (presumed absent)" in str(error.value)


def test_with_nothing_presumed_the_same_chart_is_answered(library):
    assert evaluate(library, case(library, smoker="yes"), strict=True)[0].verdict == "approve"
