"""From which day a duration reaches a limit: the same day for `explain` and for `repair`."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from bvn_asp.cases.explain import explain
from bvn_asp.model.case_reader import make_case
from bvn_asp.model.growth import reached
from bvn_asp.model.quantity import Quantity
from bvn_asp.model.vocabulary import Slot
from bvn_asp.repairs.repair import repair

SERVED = datetime.date(2026, 12, 15)
SIX = Quantity(Decimal(6), "months")
GROWS = {
    "it goes on": ("pain_duration", {"since": "2026-08-31"}, False, "2027-02-28"),
    "it must be passed": ("pain_duration", {"since": "2026-08-31"}, True, "2027-03-01"),
    "it ended": ("pain_duration", {"since": "2026-06-01", "until": "2026-08-30"}, False, None),
    "it ended on the day": ("pain_duration", {"since": "2026-08-01", "until": "2026-12-15"}, False, "2027-02-01"),
    "an amount": ("pain_duration", "5 months", False, "2027-01-15"),
    "an amount of care": ("care_duration", "5 months", False, None),
    "care that goes on": ("care_duration", {"since": "2026-10-01"}, False, "2027-04-01"),
    "care that ended": ("care_duration", {"since": "2026-06-01", "until": "2026-08-30"}, False, None),
}


def case_of(vocabulary, fact, value):
    facts = {fact: value}
    return make_case(vocabulary, {"title": "x", "request": {"date": SERVED.isoformat()}, "facts": facts})


@pytest.mark.parametrize(("fact", "value", "beyond", "day"), GROWS.values(), ids=GROWS)
def test_a_duration_that_goes_on_reaches_a_limit(shipped, fact, value, beyond, day):
    case = case_of(shipped.vocabulary, fact, value)

    found = reached(shipped.vocabulary.facts[fact], case.recorded[Slot(fact)], SIX, beyond, SERVED)

    assert found == (datetime.date.fromisoformat(day) if day else None)


@pytest.mark.parametrize("value", [{"since": "2026-10-01"}, {"since": "2026-06-01", "until": "2026-08-30"}, "5 months"])
@pytest.mark.parametrize(("fact", "policy"), [("pain_duration", "cohere-ma"), ("care_duration", "lcd-l39420")])
def test_explain_and_repair_say_the_same_day(shipped, fact, policy, value):
    base = case_of(shipped.vocabulary, fact, value)

    told = {
        line.holds_from
        for each in explain(shipped, base, policy).lines
        for line in each.facts
        if line.slot == Slot(fact)
    }
    moved = {
        move.holds_from
        for each in repair(shipped, base, [policy], limit=1).repairs
        for move in each.moves
        if move.slot == Slot(fact)
    }

    assert moved
    assert moved <= told


def test_the_end_of_a_course_is_printed(shipped):
    case = case_of(shipped.vocabulary, "care_duration", {"since": "2026-06-01", "until": "2026-08-30"})

    assert str(case.recorded[Slot("care_duration")]) == "2 months 29 days (since 2026-06-01 until 2026-08-30)"
