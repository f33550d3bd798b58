"""Dates of service in rules: `served_since(20241001)` holds from that day on, and is open where no date is stated."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from bvn_asp.engine.program import Program
from bvn_asp.errors import Fault, InputError, Place
from bvn_asp.model.rules import Rules


class Days:
    """The stretches of time between the dates that some rules name.

    Args:
        dates: where a stretch begins; a stretch before the first comes by itself.
    """

    def __init__(self, dates: Iterable[datetime.date]) -> None:
        self.dates: Sequence[datetime.date] = sorted(set(dates))

    @property
    def rules(self) -> str:
        """The stretches as facts, for the encoding `days`."""
        opens = [f"opens({number(each)},{i})." for i, each in enumerate(self.dates, 1)]
        return " ".join([f"era(0..{len(self.dates)}).", *opens])

    def literal(self, program: Program, era: int) -> int:
        """The literal that puts the service into a stretch."""
        return program.literal("day", program.worlds[0], era)

    def era(self, date: datetime.date | None) -> int:
        """The number of the stretch in which a date lies; that of the last if there is none."""
        return len(self.dates) if date is None else sum(each <= date for each in self.dates)

    @property
    def eras(self) -> range:
        """The numbers of the stretches, from the earliest."""
        return range(len(self.dates) + 1)


def number(date: datetime.date) -> int:
    """A date as rules write it: 20241001."""
    return date.year * 10000 + date.month * 100 + date.day


def dates_in(rules: Rules) -> tuple[datetime.date, ...]:
    """The dates that some rules ask for.

    Raises: InputError: one of them is no date, or a variable.
    """
    found, faults = [], []
    for text in rules.dated:
        try:
            found.append(_date(text))
        except ValueError:
            message = f"`served_since({text})` names no date"
            faults.append(Fault(Place(rules.path), message, "write the day out: `served_since(20241001)`"))
    if faults:
        raise InputError(faults)
    return tuple(sorted(found))


def _date(text: str) -> datetime.date:
    """The date that 20241001 is; raises ValueError if it is none."""
    if len(text) == 8 and text.isascii() and text.isdigit():  # `strptime` says the same, and takes 2 ms to be loaded
        return datetime.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    return datetime.datetime.strptime(text, "%Y%m%d").date()
