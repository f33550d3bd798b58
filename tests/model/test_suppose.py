"""A case with other values for some slots: what goes with them, and what stays as it was."""

from __future__ import annotations

import datetime

import pytest
import yaml

from bvn_asp.model.case import Named, Silence
from bvn_asp.model.case_reader import make_case
from bvn_asp.model.quantity import Quantity, exactly
from bvn_asp.model.vocabulary import Slot, load_vocabulary

VOCABULARY = {
    "judges": {"first": "x", "second": "x"},
    "indexes": {"body": {"about": "b", "members": {"A": "A", "B": "B", "C": "C"}}},
    "events": {"done": {"about": "d", "per": "body", "facts": [["kind"]]}},
    "facts": {"Person": {
        "sign": {"about": "s", "type": "one_of", "values": {v: v for v in ("none", "one", "two")}, "per": "body"},
        "kind": {"about": "k", "type": "one_of", "values": {v: v for v in ("none", "cut", "burnt")}, "per": "body",
                 "absent": "none"},
        "care": {"about": "c", "type": "yes_no", "judgement": True},
        "view": {"about": "v", "view": {"of": "care", "by": "first"}},
        "age": {"about": "a", "type": "duration", "unit": "months", "from": 0, "to": 99, "age_of": "care"},
        "well": {"about": "w", "type": "yes_no"},
    }},
}
A, B, C = (Slot("sign", each) for each in "ABC")
ANYTHING = Named(("none", "one", "two"))


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory):
    path = tmp_path_factory.mktemp("suppose") / "vocabulary.yaml"
    path.write_text(yaml.safe_dump(VOCABULARY, sort_keys=False))
    return load_vocabulary(path)


def chart(vocabulary, **facts):
    return make_case(vocabulary, {"title": "x", "request": {"date": "2026-09-27"}, "facts": facts})


def test_a_member_of_which_nothing_is_said_any_more_may_be_meant_like_the_others(vocabulary):
    case = chart(vocabulary, sign={"A": "one", "somewhere": "one"})

    told = case.with_values(vocabulary, {A: None})

    assert told.several == case.several
    assert [(told.get(each).value, told.get(each).somewhere) for each in (A, B, C)] == [(ANYTHING, "one somewhere")] * 3


def test_what_is_said_of_several_goes_with_whom_it_could_mean_and_leaves_the_others_open(vocabulary):
    case = chart(vocabulary, sign={"A": "one", "somewhere": "one"})

    told = case.with_values(vocabulary, {A: Named(("two",))})

    assert told.several == ()
    assert [told.get(each).value for each in (A, B)] == [Named(("two",)), ANYTHING]
    assert [told.get(each).somewhere for each in (A, B, C)] == ["", "", ""]


@pytest.mark.parametrize("value", [Named(("one",)), Named(("one", "two"))])
def test_it_stays_where_the_new_value_does_not_contradict_the_old(vocabulary, value):
    case = chart(vocabulary, sign={"A": {"one_of": ["one", "two"]}, "somewhere": "one"})

    told = case.with_values(vocabulary, {A: value})

    assert told.several == case.several
    assert told.get(A).value == value
    assert told.get(B).somewhere == "one somewhere"


def test_it_stays_where_the_member_could_not_be_meant_before(vocabulary):
    case = chart(vocabulary, sign={"A": "none", "somewhere": "one"})

    assert case.with_values(vocabulary, {A: Named(("two",))}).several == case.several


def test_what_is_said_of_several_is_taken_away_by_its_own_name(vocabulary):
    case = chart(vocabulary, sign={"somewhere": "one"})

    told = case.with_values(vocabulary, {case.several[0].slot: None})

    assert told.several == ()
    assert [told.get(each).somewhere for each in (A, B, C)] == ["", "", ""]
    assert case.with_values(vocabulary, {case.several[0].slot: None, A: None}).get(A) is None


def test_what_is_said_of_others_together_stays_with_them(vocabulary):
    case = chart(vocabulary, sign={"A": "one", "somewhere": "one", "B-C": {"somewhere": "two"}})

    told = case.with_values(vocabulary, {A: Named(("none",))})

    assert [each.somewhere for each in told.several] == ["two somewhere in B-C"]
    assert [told.get(each).somewhere for each in (B, C)] == ["two somewhere in B-C"] * 2


def test_a_member_whose_record_contradicts_itself_could_be_meant_and_may_be_anything(vocabulary):
    case = chart(vocabulary, sign={"A": {"conflicting": ["one", "two"]}, "somewhere": "one"})

    assert case.with_values(vocabulary, {A: Named(("none",))}).several == case.several


def test_a_silent_report_stays_on_file_until_something_is_known_of_its_slot(vocabulary):
    case = chart(vocabulary, sign={"A": "not_reported", "B": "one"}, well="yes")

    other = case.with_values(vocabulary, {Slot("well"): Named(("no",))})
    told = case.with_values(vocabulary, {A: Named(("two",))})
    taken = case.with_values(vocabulary, {A: None})
    mute = case.with_values(vocabulary, {B: Silence()})

    assert (other.silence(A) is not None, other.get(Slot("well")).value) == (True, Named(("no",)))
    assert (told.silence(A), told.get(A).value) == (None, Named(("two",)))
    assert (taken.silence(A), taken.get(A)) == (None, None)
    assert (mute.get(B), [(each.slot, each.silent) for each in mute.silent]) == (None, [(A, True), (B, True)])


def test_of_slots_that_are_tied_one_value_is_the_value_of_all(vocabulary):
    case = chart(vocabulary, done=[{"at": "A, B", "kind": "cut"}])
    first, second, third = (Slot("kind", each) for each in "ABC")

    told = case.with_values(vocabulary, {second: Named(("burnt",))})
    taken = case.with_values(vocabulary, {second: None})

    assert [told.get(each).value for each in (first, second)] == [Named(("burnt",))] * 2
    assert told.get(third) is None
    for given in ({first: None, second: Named(("burnt",))}, {first: Named(("burnt",)), second: None}):
        both = case.with_values(vocabulary, given)
        assert [both.get(each).value for each in (first, second)] == [Named(("burnt",))] * 2
    apart = case.with_values(vocabulary, {first: Named(("cut",)), second: Named(("burnt",))})
    assert [apart.get(each).value for each in (first, second)] == [Named(("cut",)), Named(("burnt",))]
    assert [taken.get(each).value for each in (first, second)] == [Named(("cut", "burnt"))] * 2


def test_what_follows_from_another_record_follows_from_its_new_value(vocabulary):
    case = chart(vocabulary, care={"value": "yes", "by": "first", "evidence": {"document": "d", "date": "2026-07-27"}})
    assert case.get(Slot("view")).value == Named(("yes",))
    assert case.get(Slot("age")).derived

    same = case.with_values(vocabulary, {Slot("well"): Named(("yes",))})
    other = case.with_values(vocabulary, {Slot("care"): Named(("no",))})
    own = case.with_values(vocabulary, {Slot("age"): exactly(Quantity(3, "months"))})

    assert [same.get(Slot(each)) for each in ("view", "age")] == [case.get(Slot(each)) for each in ("view", "age")]
    assert [other.get(Slot(each)) for each in ("view", "age")] == [None, None]
    assert own.get(Slot("age")).value == exactly(Quantity(3, "months"))
    assert [each.slot.fact for each in own.records] == ["care", "view", "age"]
    assert datetime.date(2026, 9, 27) == own.date
