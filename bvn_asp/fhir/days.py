"""When something in a record happened, as the days it may have been: FHIR's dates can be whole months or years.

A date is the calendar day as written: `2026-11-09T23:30:00-08:00` is the ninth, wherever it is read.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Mapping
from typing import Any

from bvn_asp.classes import dataclass
from bvn_asp.model.quantity import Quantity, add_months, later

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?)?)?")
FIRST, LAST = datetime.date.min, datetime.date.max


@dataclass(frozen=True, order=True)
class Days:
    """The days on which something may have happened, first and last included."""

    first: datetime.date
    last: datetime.date

    @property
    def exact(self) -> datetime.date | None:
        return self.first if self.first == self.last else None

    def __str__(self) -> str:
        if self.exact:
            return self.first.isoformat()
        if self.first == FIRST:
            return f"until {self.last.isoformat()}"
        return f"from {self.first.isoformat()}" + ("" if self.last == LAST else f" to {self.last.isoformat()}")


def parse_days(text: object) -> Days | None:
    """The days that a FHIR date, dateTime or instant stands for; None if it is none of them."""
    match = _DATE.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    year, month, day = match[1], match[2], match[3]
    try:
        first = datetime.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if day:
        return Days(first, first)
    if month:
        return Days(first, first.replace(day=calendar.monthrange(first.year, first.month)[1]))
    return Days(first, datetime.date(first.year, 12, 31))


def element_of(resource: Mapping[str, Any], name: str) -> str:
    """The key under which a resource has an element of several types: `effectiveDateTime` for `effective`."""
    if name in resource:
        return name
    tail = (key for key in resource if key.startswith(name) and key[len(name) : len(name) + 1].isupper())
    return next(tail, "")


def days_of(resource: Mapping[str, Any], name: str) -> Days | None:
    """When an element of a resource says that it was: a date, or from the start to the end of a period."""
    value = resource.get(element_of(resource, name))
    if not isinstance(value, Mapping):
        return parse_days(value)
    start, end = parse_days(value.get("start")), parse_days(value.get("end"))
    if start is None and end is None:
        return None
    first, last = start.first if start else FIRST, end.last if end else LAST
    return Days(first, last) if first <= last else None


def before(date: datetime.date, window: Quantity) -> datetime.date:
    """The first day of a window that ends on a date."""
    if window.unit in ("days", "weeks"):
        return later(date, Quantity(-window.amount, window.unit))
    return add_months(date, -int(window.amount) * (12 if window.unit == "years" else 1))


def duration(began: Days, until: datetime.date) -> Any:
    """How long something has lasted that began on one of some days, as a case file would write it.

    Where the day is not known: whole months (days, below a quarter) that hold every possible length, never fewer.
    """
    year, month = str(began.first.year), began.first.isoformat()[:7]
    for text in (began.first.isoformat(), month, year):
        if parse_days(text) == began:
            return {"since": text}
    if (until - began.last).days < 92:
        return {"at_least": f"{(until - began.last).days} days", "at_most": f"{(until - began.first).days} days"}
    fewest, most = _months(began.last, until), _months(began.first, until)
    return {"at_least": f"{fewest} months", "less_than": f"{most + 1} months"}


def years(born: Days, until: datetime.date) -> Any:
    """Completed years on a date, as a case file would write it."""
    fewest, most = _months(born.last, until) // 12, _months(born.first, until) // 12
    return str(fewest) if fewest == most else {"at_least": str(fewest), "at_most": str(most)}


def _months(since: datetime.date, until: datetime.date) -> int:
    months = (until.year - since.year) * 12 + until.month - since.month
    return months if add_months(since, months) <= until else months - 1
