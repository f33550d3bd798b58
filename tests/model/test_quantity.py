"""Numbers are exact, durations are compared by the calendar, and cells decide every comparison."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bvn_asp.model.quantity import (
    Interval,
    Line,
    Quantity,
    Span,
    add_months,
    ambiguous_order,
    compare,
    cuts_of,
    describe,
    exactly,
)

OPERATORS = {
    "at_least": lambda x, n: x >= n,
    "more_than": lambda x, n: x > n,
    "at_most": lambda x, n: x <= n,
    "less_than": lambda x, n: x < n,
}
tenths = st.integers(-80, 80).map(lambda n: Decimal(n) / 10)


@given(limits=st.lists(st.tuples(st.sampled_from(sorted(OPERATORS)), tenths), max_size=6), value=tenths)
def test_a_number_lies_in_one_cell_and_the_cell_decides_every_comparison(limits, value):
    tests = [(operator, Quantity(number)) for operator, number in limits]
    line = Line(Quantity(Decimal(-9)), Quantity(Decimal(9)), Decimal("0.1"), [cuts_of(o, q) for o, q in tests])

    cells = line.allowed(exactly(Quantity(value)))

    assert len(cells) == 1
    for operator, limit in tests:
        assert (cells[0] in line.holds(operator, limit)) is OPERATORS[operator](value, limit.amount)


@given(limits=st.lists(st.tuples(st.sampled_from(sorted(OPERATORS)), tenths), max_size=6))
def test_no_cell_is_empty(limits):
    line = Line(
        Quantity(Decimal(-9)), Quantity(Decimal(9)), Decimal("0.1"), [cuts_of(o, Quantity(n)) for o, n in limits]
    )

    reached = {line.allowed(exactly(Quantity(Decimal(n) / 10)))[0] for n in range(-90, 91)}

    assert reached == set(range(len(line.cells)))


def test_whole_years_leave_no_cell_between_eighteen_and_nineteen():
    line = Line(
        Quantity(0), Quantity(120), Decimal(1), [cuts_of("more_than", Quantity(18)), cuts_of("at_least", Quantity(19))]
    )

    assert len(line.cells) == 2


@pytest.mark.parametrize(
    ("since", "until", "months", "sign"),
    [
        ("2026-05-21", "2026-11-21", 6, 0),
        ("2026-05-21", "2026-11-20", 6, -1),
        ("2026-05-21", "2026-11-22", 6, 1),
        ("2026-08-31", "2027-02-28", 6, 0),
        ("2024-02-29", "2025-02-28", 12, 0),
    ],
)
def test_months_are_calendar_months(since, until, months, sign):
    span = Span(datetime.date.fromisoformat(since), datetime.date.fromisoformat(until))

    assert compare(span, Quantity(months, "months")) == {sign}


@pytest.mark.parametrize(
    ("recorded", "limit", "signs"),
    [
        (Quantity(6, "weeks"), Quantity(42, "days"), {0}),
        (Quantity(43, "days"), Quantity(6, "weeks"), {1}),
        (Quantity(25, "weeks"), Quantity(6, "months"), {-1}),
        (Quantity(26, "weeks"), Quantity(6, "months"), {-1, 0, 1}),
        (Quantity(27, "weeks"), Quantity(6, "months"), {1}),
        (Quantity(184, "days"), Quantity(6, "months"), {0, 1}),
        (Quantity(181, "days"), Quantity(6, "months"), {-1, 0}),
        (Quantity(366, "days"), Quantity(12, "months"), {0, 1}),
        (Quantity(2, "months"), Quantity(6, "weeks"), {1}),
        (Quantity(28, "days"), Quantity(1, "months"), {-1, 0}),
        (Quantity(4, "weeks"), Quantity(1, "months"), {-1, 0}),
        (Quantity(Decimal("1.5"), "months"), Quantity(9, "weeks"), {-1}),
        (Quantity(Decimal("1.5"), "months"), Quantity(6, "weeks"), {-1, 0, 1}),
        (Quantity(6, "weeks"), Quantity(Decimal("1.5"), "months"), {-1, 0, 1}),
        (Quantity(Decimal("1.5"), "months"), Quantity(4, "weeks"), {0, 1}),
        (Quantity(1, "years"), Quantity(12, "months"), {0}),
    ],
)
def test_weeks_and_months_are_compared_as_far_as_the_calendar_allows(recorded, limit, signs):
    assert compare(recorded, limit) == signs


@pytest.mark.parametrize("months", [1, 2, 6, 11, 12, 13, 14, 24])
def test_so_many_months_have_the_days_that_some_calendar_gives_them(months):
    firsts = [datetime.date(1999 + i // 12, i % 12 + 1, 1) for i in range(48)]
    some = {(add_months(each, months) - each).days for each in firsts}
    least, most = min(some), max(some)

    assert compare(Quantity(least - 1, "days"), Quantity(months, "months")) == {-1}
    assert compare(Quantity(least, "days"), Quantity(months, "months")) >= {-1, 0} - ({-1} if least == most else set())
    assert compare(Quantity(most, "days"), Quantity(months, "months")) >= {0, 1} - ({1} if least == most else set())
    assert compare(Quantity(most + 1, "days"), Quantity(months, "months")) == {1}


@given(date=st.dates(datetime.date(2000, 1, 1), datetime.date(2030, 1, 1)), months=st.integers(0, 36))
def test_a_span_of_whole_months_equals_them(date, months):
    assert compare(Span(date, add_months(date, months)), Quantity(months, "months")) == {0}


@given(
    date=st.dates(datetime.date(2000, 1, 1), datetime.date(2030, 1, 1)),
    days=st.integers(0, 500),
    months=st.integers(0, 15),
)
def test_a_duration_in_days_never_contradicts_the_dates(date, days, months):
    span = Span(date, date + datetime.timedelta(days=days))

    assert compare(span, Quantity(months, "months")) <= compare(Quantity(days, "days"), Quantity(months, "months"))


def test_limits_that_only_a_calendar_could_order_are_found():
    assert ambiguous_order([Quantity(26, "weeks"), Quantity(6, "months")])
    assert ambiguous_order([Quantity(6, "weeks"), Quantity(6, "months")]) is None


def test_an_open_bound_leaves_out_its_end():
    line = Line(Quantity(0, "months"), Quantity(99, "months"), Decimal(0), [cuts_of("more_than", Quantity(6, "weeks"))])

    assert line.allowed(Interval(Quantity(6, "weeks"), True, None, False)) == (1,)
    assert line.allowed(Interval(Quantity(6, "weeks"), False, None, False)) == (0, 1)


def test_neighbouring_cells_are_told_as_one():
    low, high = Quantity(0, "months"), Quantity(1200, "months")
    line = Line(
        low, high, Decimal(0), [cuts_of("more_than", Quantity(6, "weeks")), cuts_of("at_least", Quantity(6, "months"))]
    )

    assert describe(line.cells[1:], low, high) == "more than 6 weeks"
    assert describe(line.cells[:2], low, high) == "less than 6 months"
    assert describe([line.cells[0], line.cells[2]], low, high) == "at most 6 weeks or at least 6 months"


def test_what_a_record_allows_is_said_with_both_ends():
    low, high = Quantity(Decimal(6), "months"), Quantity(Decimal(2), "years")

    assert str(Interval(low, False, None, False)) == "at least 6 months"
    assert str(Interval(None, False, high, True)) == "less than 2 years"
    assert str(Interval(low, True, high, False)) == "more than 6 months and at most 2 years"
    assert str(Interval(low, False, low, False)) == "6 months"
    assert str(Interval(None, False, None, False)) == "any"
