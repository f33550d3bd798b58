"""Dates as charts write them: a day, or no more than a month or a year."""

from __future__ import annotations

import calendar
import datetime
import re

from bvn_asp.errors import Misread, shown

EARLIEST, LATEST = datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_MONTH = re.compile(r"(\d{4})-(\d\d)")
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")


def read_day(text: str) -> datetime.date:
    """The day that `2026-12-03` names.

    Raises: Misread: no such day, or none that a chart could mean.
    """
    first, last = read_days(text)
    if first != last:
        raise Misread(f"`{shown(text)}` is no single day", f"write the day too, as in `{text.strip()}-…`")
    return first


def read_days(text: str) -> tuple[datetime.date, datetime.date]:
    """The first and the last day that `2026-12-03`, `2026-12` or `2026` can mean.

    Raises: Misread, as `read_day`.
    """
    wanted = text.strip()
    day, month = _DAY.fullmatch(wanted), _MONTH.fullmatch(wanted)
    try:
        if day:
            first = last = datetime.date(int(day[1]), int(day[2]), int(day[3]))
        elif month:
            first, last = _month(int(month[1]), int(month[2]))
        elif re.fullmatch(r"\d{4}", wanted):
            first, last = datetime.date(int(wanted), 1, 1), datetime.date(int(wanted), 12, 31)
        else:
            raise Misread(f"`{shown(text)}` is not a date", _hint(wanted))
    except ValueError:
        raise Misread(f"`{shown(text)}` is no day of the calendar", "") from None
    if wanted.startswith("9999"):
        raise Misread(f"`{shown(text)}` stands for no end, not for a day", "leave the line out, if nothing has ended")
    if first < EARLIEST or last > LATEST:
        raise Misread(f"`{shown(text)}` is not a day that a chart could mean", "is the year right?")
    return first, last


def _month(year: int, month: int) -> tuple[datetime.date, datetime.date]:
    first = datetime.date(year, month, 1)
    return first, first.replace(day=calendar.monthrange(year, month)[1])


def _hint(text: str) -> str:
    """The same day as it is to be written; both days where a month may be a day; the form where nothing is sure."""
    if re.fullmatch(r"\d{8}", text):
        found = [_iso(text[:4], text[4:6], text[6:])]
    elif re.match(r"\d{4}-\d\d-\d\d[T ]", text):
        found = [_iso(text[:4], text[5:7], text[8:10])]
    else:
        slashed = _SLASHED.fullmatch(text)
        found = [_iso(slashed[3], slashed[1], slashed[2]), _iso(slashed[3], slashed[2], slashed[1])] if slashed else []
    possible = list(dict.fromkeys(each for each in found if each))
    if len(possible) == 2:
        return f"write `{possible[0]}` or `{possible[1]}`, whichever is meant"
    return f"write `{possible[0]}`" if possible else "write it as year, month and day: `2026-12-03`"


def _iso(year: str, month: str, day: str) -> str:
    try:
        return datetime.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
