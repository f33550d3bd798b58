"""Every date of a wait is the first day on which the whole set holds, whatever else time changes by then."""

from __future__ import annotations

import datetime
import json

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from places import ROOT, TOY

from bvn_asp import Library
from bvn_asp.cases.evaluate import Verdict, evaluate
from bvn_asp.model.growth import on_day
from bvn_asp.model.quantity import add_months
from bvn_asp.repairs.repair import repair

PLAN = Library(TOY)
DAY = datetime.timedelta(days=1)
SERVED = st.one_of(
    st.dates(datetime.date(2024, 1, 1), datetime.date(2028, 12, 31)),
    st.builds(  # months' ends, leap days among them
        lambda year, month: add_months(datetime.date(year, month, 1), 1) - DAY,
        st.integers(2024, 2028),
        st.integers(1, 12),
    ),
)


def chart(served, **facts):
    known = {"age": 40, "care": {"exercise": "tried", "drugs": "tried"}, "modic": {"L4": "type_1"}} | facts
    request = {"date": served.isoformat(), "bodies": ["L4"]}
    return PLAN.parse(json.dumps({"title": "t", "request": request, "facts": known}))


def approves(case):
    return evaluate(PLAN, case, ["plan@2024"])[0].verdict is Verdict.APPROVE


@settings(max_examples=60)
@given(SERVED, st.integers(0, 200), st.integers(0, 400))
def test_a_set_holds_on_its_day_and_not_on_the_day_before(served, lasted, short):
    """Pain that began so many days ago, and an age of 18 that is so many days away."""
    born = add_months(served + datetime.timedelta(days=short), -18 * 12)
    began = served - datetime.timedelta(days=lasted)
    case = chart(served, pain_duration={"since": str(began)}, age={"born": str(born)})

    answer = repair(PLAN, case, ["plan@2024"])

    assert answer.complete
    assert answer.count == 1
    made = answer.repairs[0]
    if made.moves:
        assert not made.overtaken
        assert made.holds_from > served
        assert approves(made.on_its_day(PLAN, case))
        assert approves(on_day(PLAN.vocabulary, case, made.holds_from))
        assert not approves(on_day(PLAN.vocabulary, case, made.holds_from - DAY))
    else:
        assert approves(case)


@settings(max_examples=30)
@given(SERVED, st.integers(0, 5), st.integers(10, 17))
def test_an_amount_has_reached_its_limit_on_its_day(served, months, age):
    case = chart(served, pain_duration=f"{months} months", age=age)

    made = repair(PLAN, case, ["plan@2024"]).repairs[0]

    assert not made.overtaken
    assert approves(on_day(PLAN.vocabulary, case, made.holds_from))
    assert not approves(on_day(PLAN.vocabulary, case, made.holds_from - DAY))


@settings(max_examples=20)
@given(st.integers(1, 400))
def test_a_set_that_something_else_overtakes_has_no_date(shipped, until):
    """A trial takes nobody over 70: who turns 71 before the pain has lasted long enough waits in vain."""
    case = shipped.case(ROOT / "cases" / "baseline.yaml")
    served = case.date
    assume(served is not None)
    turns = served + datetime.timedelta(days=until)
    born = add_months(turns, -71 * 12)
    facts = {"age": {"born": str(born)}, "pain_duration": {"since": str(add_months(served, -2))}}
    told = shipped.parse(json.dumps({"title": "t", "request": {"date": str(served)}, "facts": facts})).recorded
    case = case.with_values(shipped.vocabulary, {s: v for s, v in told.items() if s.fact in facts})

    answer = repair(shipped, case, ["smart-trial"])

    waits = [made for made in answer.repairs if made.day is not None]
    assert waits
    for made in waits:
        assert made.overtaken is (turns <= made.day)
        assert (made.holds_from is None) is made.overtaken
