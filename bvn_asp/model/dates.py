"""Dates as charts write them: a day, or no more than a month or a year."""

from __future__ import annotations

import datetime
import re

from bvn_asp.classes import late
from bvn_asp.errors import Misread, shown
from bvn_asp.model.quantity import month_length

EARLIEST, LATEST = datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)
_DAY = late(r"(\d{4})-(\d\d)-(\d\d)")
_MONTH = late(r"(\d{4})-(\d\d)")
_MONTH_NAMES = {name: number for number, name in enumerate(
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)}
_NAME = (r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
         r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)")
_PART_OF_YEAR = r"(?:early|mid|late|spring|summer|fall|autumn|winter|the year|year)"


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
    return first, first.replace(day=month_length(year, month))


def _hint(text: str) -> str:
    """The same day as it is to be written; both days where a month may be a day; the form where nothing is sure."""
    possible = as_written(text)
    if len(possible) == 2:
        return f"write `{possible[0]}` or `{possible[1]}`, whichever is meant"
    if possible:
        return f"write `{possible[0]}`"
    return SHORT if is_short(text) else "write it as year, month and day: `2026-12-03`"


SHORT = "write the year with its four digits"


def is_short(text: str) -> bool:
    """Whether a text is a date whose year has two digits."""
    form = rf"(?:\d{{1,2}}([-/.])\d{{1,2}}\1|{_NAME}\.? |\d{{1,2}} {_NAME}\.? )'?\d\d"
    return re.fullmatch(form, text, re.I) is not None


def as_written(text: str) -> tuple[str, ...]:
    """What a date in words or in the order of another country can mean, as `2026-12-03`, `2026-12` or `2026`.

    >>> as_written("03/04/2026"), as_written("March 2026"), as_written("early 2026"), as_written("soon")
    (('2026-03-04', '2026-04-03'), ('2026-03',), ('2026',), ())
    """
    wanted = " ".join(re.sub(r"(\d)(?:st|nd|rd|th)\b", r"\1", text.strip(), flags=re.I).replace(",", " ").split())
    named = [_MONTH_NAMES.get(word[:3].lower(), 0) for word in re.findall(r"[a-z]+", wanted, re.I)]
    numbers = re.findall(r"\d+", wanted)
    found: list[str] = []
    if re.fullmatch(r"\d{4}-\d\d-\d\d(?:[T ].*)?|\d{8}", wanted):
        digits = re.sub(r"\D", "", wanted)
        found = [_iso(digits[:4], digits[4:6], digits[6:8])]
    elif re.fullmatch(r"(?:19|20)\d\d(?:-\d\d)?", wanted):
        found = [wanted if len(wanted) == 4 else _iso(wanted[:4], wanted[5:], "")]
    elif re.fullmatch(r"\d{4}[/.]\d{1,2}[/.]\d{1,2}", wanted):
        found = [_iso(*numbers)]
    elif re.fullmatch(r"\d{1,2}([-/.])\d{1,2}\1(?:19|20)\d\d", wanted):
        found = [_iso(numbers[2], numbers[0], numbers[1]), _iso(numbers[2], numbers[1], numbers[0])]
    elif re.fullmatch(r"\d{1,2}[-/.](?:19|20)\d\d", wanted):
        found = [_iso(numbers[1], numbers[0], "")]
    elif re.fullmatch(rf"(?:\d{{1,2}}[ -])?{_NAME}\.?[ -](?:\d{{1,2}} )?(?:of )?(?:19|20)\d\d", wanted, re.I):
        if len(numbers) < 3:
            found = [_iso(numbers[-1], str(named[0]), numbers[0] if len(numbers) == 2 else "")]
    elif re.fullmatch(rf"{_PART_OF_YEAR}[ -](?:of )?(?:19|20)\d\d", wanted, re.I):
        found = [numbers[0]]
    return tuple(dict.fromkeys(each for each in found if each))


def _iso(year: str, month: str, day: str) -> str:
    """The date in one form; nothing if there is no such day. Without a day, the month."""
    try:
        found = datetime.date(int(year), int(month), int(day or 1)).isoformat()
    except ValueError:
        return ""
    return found if day else found[:7]
