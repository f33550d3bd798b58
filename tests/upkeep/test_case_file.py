"""A case file that becomes another case says what that says, and keeps what was written by hand."""

from __future__ import annotations

import random
import re

import pytest
import yaml
from places import ROOT

from bvn_asp.errors import InputError
from bvn_asp.model.case import case_data
from bvn_asp.model.vocabulary import Slot
from bvn_asp.upkeep.case_file import CaseFile

WRITTEN = """\
# For whom this was written down.
title: A woman of 52   # no name
request:
  date: 2026-12-03
  bodies: [L4, L5]     # as asked for
facts:
  age: 52              # from the eligibility record
  modic:
    L4: type_1         # read twice
    L5: type_2
  pain_duration: {since: 2023-11-15}
expect:
  cohere-ma: pend      # for want of care
"""


def changed(shipped, text, change):
    """A file after somebody changed its case as a page does: the whole of it, in its plain form."""
    data = case_data(shipped.parse(text), shipped.vocabulary)
    change(data)
    file = CaseFile(shipped.vocabulary, text)
    file.become(shipped.case(data))
    return file.text(), data


def test_what_is_not_changed_stays_as_it_is_written(shipped):
    text, _ = changed(shipped, WRITTEN, lambda data: None)

    assert text == WRITTEN


def test_one_value_is_changed_and_nothing_else(shipped):
    def change(data):
        data["facts"]["modic"]["L4"] = "type_2"
        data["facts"]["age"] = "53"
        data["facts"]["bmi"] = "31"
        del data["facts"]["pain_duration"]

    text, _ = changed(shipped, WRITTEN, change)

    assert "L4: type_2         # read twice" in text
    assert re.search("age: 53 years +# from the eligibility record", text)
    assert "# For whom this was written down." in text
    assert "cohere-ma: pend      # for want of care" in text
    assert "bmi: 31" in text
    assert "pain_duration" not in text


def test_what_is_written_by_disc_is_written_anew_where_one_body_changes(shipped):
    text = WRITTEN.replace("    L4: type_1         # read twice\n    L5: type_2\n", "    L4-L5: type_1\n")

    found, data = changed(shipped, text, lambda data: data["facts"]["modic"].update(L4="type_2"))

    assert case_data(shipped.parse(found), shipped.vocabulary) == data
    assert "# from the eligibility record" in found


SHIPPED = sorted((ROOT / "cases").rglob("*.yaml"))


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_changed_in_a_shipped_case_the_file_says_it(shipped, seed):
    rng, tried = random.Random(seed), 0
    for path in rng.sample(SHIPPED, 12):
        text = path.read_text(encoding="utf-8")

        def change(data):
            facts = data["facts"]
            for name in rng.sample(sorted(facts), min(2, len(facts))):
                del facts[name]
            facts["bmi"] = str(rng.randint(20, 39))
            facts.setdefault("modic", {})["L3"] = "none"
            if rng.random() < 0.5:
                data["request"]["bodies"] = ["L4", "S1"]
                facts.pop("requested", None)
            facts.pop("endplates_by_radiologist", None)

        data = case_data(shipped.parse(text), shipped.vocabulary)
        change(data)
        try:
            case = shipped.case(data)
        except InputError:
            continue  # nobody can be so: the page would have said it
        file = CaseFile(shipped.vocabulary, text)
        file.become(case)
        tried += 1
        said = case_data(shipped.parse(file.text()), shipped.vocabulary)
        assert said == case_data(case, shipped.vocabulary), path
        assert ("expect:" in text) == ("expect:" in file.text()), path
    assert tried > 3


# -- an answer about what is half known ---------------------------------------------------------

HALF = """title: A person
request:
  date: 2026-12-03
  bodies: [L4, L5]
facts:
  modic: {L4-L5: {one_of: [type_1, none], evidence: MRI of May}, all: none}
  pain_duration: {since: 2025, at_most: 20 months}
  odi: {at_least: 30, at_most: 50, evidence: {document: form, page: 2}}
  bmi: {conflicting: [{value: 31, evidence: scale}, {value: 41, evidence: fax}]}
  pregnant: unknown
"""


@pytest.mark.parametrize(
    ("slot", "said", "line"),
    [
        ("modic.L4", "type_1", "  modic: {L4: {value: type_1, evidence: {document: MRI of May}}, L5: {one_of: [type_1, "
                               "none], evidence: MRI of May}, all: none}"),
        ("pain_duration", ">= 18 months", "  pain_duration: {since: 2025, at_most: 20 months, value: '>= 18 months'}"),
        ("odi", "> 40", "  odi: {more_than: 40 points, at_most: 50 points, evidence: {document: form, page: 2}}"),
        ("odi", "44", "  odi: {value: 44, evidence: {document: form, page: 2}}"),
        ("odi", {"value": "44", "evidence": "call"}, "  odi: {value: 44, evidence: call}"),
        ("bmi", "31", "  bmi: {value: 31, evidence: {document: scale}}"),
        ("pregnant", "no", "  pregnant: no"),
        ("age", "58", "  age: 58"),
    ],
)
def test_an_answer_keeps_what_was_known_beside(shipped, slot, said, line):
    file = CaseFile(shipped.vocabulary, HALF)
    fact, _, member = slot.partition(".")

    file.answer(Slot(fact, member), said)

    left = [each for each in HALF.splitlines() if not each.startswith(f"  {fact}:")]
    assert [each for each in file.text().splitlines() if each != line] == left
    assert line in file.text().splitlines()


@pytest.mark.parametrize(
    ("slot", "said", "hint"),
    [
        ("modic.L4", "type_2", 'if the chart says both, type `{conflicting: [{"one_of": ["none", "type_1"]}, '
                               "type_2]}`; else change the file"),
        ("odi", "60", 'if the chart says both, type `{conflicting: [{"at_least": "30 points", "at_most": "50 points"}, '
                      "60 points]}`; else change the file"),
    ],
)
def test_an_answer_that_cannot_be_by_what_is_on_record_is_refused_with_a_way_to_say_both(shipped, slot, said, hint):
    file = CaseFile(shipped.vocabulary, HALF)
    fact, _, member = slot.partition(".")

    with pytest.raises(InputError) as error:
        file.answer(Slot(fact, member), said)

    assert error.value.faults[0].hint == hint
    assert file.text() == HALF
    file.answer(Slot(fact, member), yaml.safe_load(re.findall("`(.+)`", hint)[0]))
    assert file.case().get(Slot(fact, member)).value is None
