"""The request for information asks for all that can still change the verdict, once, and for nothing else."""

import datetime

import pytest
import yaml
from places import ROOT

from bvn_asp import Library
from bvn_asp.cases.ask import ask
from bvn_asp.cases.evaluate import Verdict
from bvn_asp.cases.possible import make_case
from bvn_asp.cases.standing import Standing
from bvn_asp.papers.request import request
from bvn_asp.render.request import page as request_page
from bvn_asp.render.text import to_text


@pytest.fixture(scope="module")
def library(shipped):
    return shipped


@pytest.fixture
def shipped_case(shipped):
    return lambda name: shipped.case(ROOT / "cases" / f"{name}.yaml")


@pytest.mark.parametrize("policy", ["cohere-ma", "lcd-l39642"])
@pytest.mark.parametrize("name", ["worklist/nearly-nothing", "worklist/two-weights", "founding/document-004"])
def test_every_open_fact_is_asked_for_once_and_no_other(library, shipped_case, name, policy):
    patient = shipped_case(name)

    answer = request(library, patient, policy)

    asked = [slot for each in answer.needs for slot in each.slots]
    found = ask(library, patient, [policy])
    assert sorted(asked) == sorted(each.slot for each in found.open)
    assert len(asked) == len(set(asked))
    in_piles = [need for _, listed in answer.piles for need in listed]
    assert len(in_piles) + len(answer.short) == len(answer.needs)


def test_documents_come_in_the_order_of_an_office_and_sensitive_facts_last(library, shipped_case):
    answer = request(library, shipped_case("founding/document-004"), "lcd-l39642")

    piles = [(listed[0].sensitive, pile) for pile, listed in answer.piles]
    order = list(library.vocabulary.papers.documents)
    assert piles == sorted(piles, key=lambda each: (each[0], order.index(each[1])))
    assert (True, "medication list") in piles
    assert [pile for sensitive, pile in piles if not sensitive][:2] == [
        "history and physical",
        "therapy and treatment notes",
    ]


def test_what_is_on_file_and_not_enough_stands_apart(library, shipped_case):
    answer = request(library, shipped_case("worklist/two-weights"), "lcd-l40302")

    assert [str(slot) for each in answer.short for slot in each.slots] == ["bmi"]
    assert answer.piles == ()


def test_a_report_that_is_silent_is_asked_for_an_addendum_and_not_with_what_nobody_wrote(library):
    chart = yaml.safe_load((ROOT / "cases" / "baseline.yaml").read_text(encoding="utf-8"))
    facts = {**chart["facts"], "modic": {"L4-L5": "not_reported", "S1": "none"}}
    case = make_case(library, {"title": "t", "request": chart["request"], "facts": facts})
    answer = request(library, case, "cohere-ma")

    asked = {" ".join(slot.member for slot in each.slots): each.standing for each in answer.needs}
    assert asked == {"L3": Standing.MISSING, "L4 L5": Standing.SILENT}
    text = to_text(request_page(library, answer).blocks, 400)
    assert "modic L4 L5: not reported; ask for an addendum" in text
    assert "modic L3: What does" in text


def test_what_waits_has_its_day_and_the_verdict_of_that_day(library, shipped_case):
    answer = request(library, shipped_case("limits/cohere-ma/pain_duration_short_of"), "cohere-ma")

    assert answer.evaluation.verdict is Verdict.DENY
    assert answer.ready == datetime.date(2026, 12, 4)
    assert answer.then is not None
    assert answer.then.verdict is Verdict.APPROVE
    assert answer.needs == ()


def test_what_is_needed_once_the_time_has_come_is_asked_for_with_it(library, shipped_case):
    patient = shipped_case("limits/cohere-ma/pain_duration_short_of")
    slot = next(each.slot for each in patient.records if each.slot.fact == "mri_interpreted")

    answer = request(library, patient.with_values(library.vocabulary, {slot: None}), "cohere-ma")

    assert [str(each.read.slot) for each in answer.waits] == ["pain_duration"]
    assert [str(each.slots[0]) for each in answer.needs] == ["mri_interpreted"]


def test_a_denial_that_nothing_sent_could_change_asks_for_nothing(library, shipped_case):
    answer = request(library, shipped_case("founding/document-004"), "cohere-ma")

    assert answer.evaluation.verdict is Verdict.DENY
    assert answer.needs == answer.waits == ()


@pytest.fixture(scope="module")
def either(tmp_path_factory):
    """A policy that approves after half a year of pain, or with a finding."""
    folder = tmp_path_factory.mktemp("either")
    duration = {"about": "p", "type": "duration", "unit": "weeks", "from": 0, "to": 520}
    facts = {"pain": {**duration, "change": "wait", "towards": ["up"]}}
    facts |= {"seen": {"about": "s", "type": "yes_no"}, "well": {"about": "w", "type": "yes_no"}}
    (folder / "vocabulary.yaml").write_text(yaml.safe_dump({"facts": {"Person": facts}}))
    (folder / "p").mkdir()
    about = {"id": "p", "title": "p", "publisher": "p", "kind": "coverage", "about": "p"}
    (folder / "p/policy.yaml").write_text(yaml.safe_dump({**about, "revisions": {"1": {"file": "1.lp"}}}))
    (folder / "p/1.lp").write_text(
        'group(g, root, any_of, "g", "x").\ncriterion(c1, g, "c1", "x").\ncriterion(c2, g, "c2", "x").\n'
        "met(c1) :- at_least(pain, months(6)), is(well, yes).\nmet(c2) :- is(seen, yes).\n"
    )
    return Library(folder)


@pytest.mark.parametrize(
    ("facts", "waits", "asked", "then"),
    [
        ({"well": "yes"}, ["c1"], ["seen"], Verdict.APPROVE),  # open today: what is open today is asked for
        ({"well": "yes", "seen": "no"}, ["c1"], [], Verdict.APPROVE),
        ({"seen": "no"}, ["c1"], ["well"], Verdict.PEND),  # denied today: what is open on that day is asked for
        ({"well": "no"}, [], ["seen"], None),  # time alone does not bring it about
    ],
)
def test_what_is_asked_for_is_what_is_open_today_or_of_a_denial_on_its_day(either, facts, waits, asked, then):
    chart = {"title": "x", "request": {"date": "2026-09-27"}, "facts": {"pain": {"since": "2026-05-27"}, **facts}}

    answer = request(either, make_case(either, chart), "p")

    assert [each.entry for each in answer.waits] == waits
    assert [str(slot) for each in answer.needs for slot in each.slots] == asked
    assert (answer.then and answer.then.verdict) is then
    assert answer.ready == (datetime.date(2026, 11, 27) if waits else None)
