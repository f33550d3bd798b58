"""From which day does a recorded duration reach a limit, by time alone, and how does a case read on a later day?

One rule for all who say it. A duration grows with time if it still goes on at the date of service: it was given by its
beginning, with no end before that date; or it was given as an amount, and the vocabulary says that waiting changes it.
A course of care that ended never grows, nor does an amount of care.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

from bvn_asp.classes import replace
from bvn_asp.model.case import Case, Value
from bvn_asp.model.dates import read_days
from bvn_asp.model.quantity import (
    Amount,
    Interval,
    Quantity,
    Span,
    add_months,
    birthday,
    exactly,
    later,
    normal,
    years_between,
)
from bvn_asp.model.vocabulary import Fact, Slot, Vocabulary


def reached(
    fact: Fact, value: Value | None, limit: Quantity, beyond: bool, served: datetime.date | None
) -> datetime.date | None:
    """The first day on which a duration has reached a limit, in calendar months; None if time alone does not do it.

    An amount is taken to have just been reached on the date of service, so that its day is the latest possible.

    Args:
        beyond: the limit must be passed, not only reached.
        served: the date of service.
    """
    if "up" not in fact.towards or not normal(limit)[0]:
        return None
    since = _since(fact, value, served)
    if since is None:
        return None
    try:
        if beyond and fact.step:  # a number in whole years passes 18 on the birthday that makes it 19
            limit, beyond = Quantity(limit.amount + fact.step, limit.unit), False
        if _born(value):
            return birthday(since, int(limit.amount))
        return later(since, limit) + datetime.timedelta(days=beyond)
    except (OverflowError, ValueError):
        return None


def _since(fact: Fact, value: Value | None, served: datetime.date | None) -> datetime.date | None:
    """The latest day on which a duration that still goes on can have begun."""
    born = _born(value)
    if born:
        return read_days(born)[1]
    amount: Amount | None = (value.exact or value.low) if isinstance(value, Interval) else None
    if isinstance(amount, Span):
        return amount.since if served is None or amount.until >= served else None
    if amount is None or served is None or fact.change != "wait":
        return None
    family, number = normal(amount)
    try:
        return served - datetime.timedelta(days=int(number)) if family == "days" else add_months(served, -int(number))
    except (OverflowError, ValueError):
        return None


def _born(value: Value | None) -> str:
    """The date of birth from which an age was counted; empty if it was not."""
    return dict(value.dated).get("born", "") if isinstance(value, Interval) else ""


def on_day(vocabulary: Vocabulary, case: Case, day: datetime.date) -> Case:
    """A case with another date of service: what goes on is counted to that day, all else is as recorded.

    What goes on is a duration given by its beginning that had not ended by the date of service, an age by the date of
    birth, and an amount that waiting changes. An amount in whole numbers (an age) may have been reached at any time in
    the year before, so that it is less than exact on another day.
    """
    values: dict[Slot, Value | None] = {}
    for record in case.records:
        if isinstance(record.value, Interval):
            fact = vocabulary.facts[record.slot.fact]
            grown = _grown(fact, record.value, case.date, day)
            if grown is not None:
                values[record.slot] = grown
    moved = case.with_values(vocabulary, values)
    kept = {slot: replace(case.by_slot[slot], value=value) for slot, value in values.items()}
    return replace(moved, date=day, records=tuple(kept.get(each.slot, each) for each in moved.records))


def _grown(fact: Fact, value: Interval, served: datetime.date | None, day: datetime.date) -> Value | None:
    """What an interval has grown to; None if it does not go on."""
    born = _born(value)
    if born:
        first, last = read_days(born)
        ages = [Quantity(Decimal(max(0, years_between(each, day))), "years") for each in (last, first)]
        return replace(value, low=ages[0], high=ages[1])
    if served is None:
        return None
    ends = [value.low, value.high]
    if any(isinstance(each, Span) for each in ends):
        grown = [_to(each, served, day) if isinstance(each, Span) else each for each in ends]
        return replace(value, low=grown[0], high=grown[1])
    if fact.change != "wait" or "up" not in fact.towards or day < served:
        return None
    if fact.step:
        return _counted(value, served, day) if fact.unit == "years" else None
    lengths: list[Amount | None] = []
    for each in (value.low, value.high):
        since = _since(fact, exactly(each), served) if each is not None else None
        lengths.append(each if since is None else Span(since, day))
    return replace(value, low=lengths[0], high=lengths[1])


def _to(span: Span, served: datetime.date, day: datetime.date) -> Span:
    if span.until < served or span.since > day:
        return span
    return Span(span.since, day if span.until == served else max(day, span.until))


def _counted(value: Interval, served: datetime.date, day: datetime.date) -> Interval:
    """An amount in whole years: the years that have passed are sure, one that has begun may have brought another."""
    known = value.low if isinstance(value.low, Quantity) else value.high
    years = int(known.amount) if isinstance(known, Quantity) else 0
    born = add_months(served, -12 * years)  # as `reached` counts: of 29 February, the 28th where there is no such day
    passed = day.year - served.year
    passed -= add_months(born, 12 * (years + passed)) > day
    begun = passed + (add_months(born, 12 * (years + passed)) < day)

    def older(amount: Amount | None, by: int) -> Amount | None:
        return Quantity(amount.amount + by, amount.unit) if isinstance(amount, Quantity) else amount

    return replace(value, low=older(value.low, passed), high=older(value.high, begun))


__all__ = ["on_day", "reached"]
