"""From which day does a recorded duration reach a limit, by time alone?

One rule for all who say it. A duration grows with time if it still goes on at the date of service: it was given by its
beginning, with no end before that date; or it was given as an amount, and the vocabulary says that waiting changes it.
A course of care that ended never grows, nor does an amount of care.
"""

from __future__ import annotations

import datetime

from bvn_asp.model.case import Value
from bvn_asp.model.quantity import Amount, Interval, Quantity, Span, add_months, later, normal
from bvn_asp.model.vocabulary import Fact


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
            return later(since, Quantity(limit.amount + fact.step, limit.unit))
        return later(since, limit) + datetime.timedelta(days=beyond)
    except (OverflowError, ValueError):
        return None


def _since(fact: Fact, value: Value | None, served: datetime.date | None) -> datetime.date | None:
    """The latest day on which a duration that still goes on can have begun."""
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


__all__ = ["reached"]
