"""Numbers and durations: exact values, the limits that rules set, and the cells between the limits.

A policy compares a number with a few limits only, so the engine never enumerates numbers. It cuts the line at every
limit and works with the *cells* between the cuts; a record allows the cells it is compatible with. A duration may be
recorded in one unit and limited in another (nine weeks of care against six months): the two are compared by the
calendar, and where the calendar leaves it open (26 weeks against six months) the record allows the cells on both sides.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from itertools import pairwise

from bvn_asp.classes import dataclass, field

BELOW, EQUAL, ABOVE = -1, 0, 1
DURATION_UNITS = {"day": ("days", 1), "week": ("days", 7), "month": ("months", 1), "year": ("months", 12)}
_MEAN_DAYS = {"days": Decimal(1), "months": Decimal("30.436875")}


@dataclass(frozen=True)
class Quantity:
    """An exact number with its unit; for durations the unit is days, weeks, months or years."""

    amount: Decimal
    unit: str = ""

    def __str__(self) -> str:
        unit = self.unit[:-1] if self.amount == 1 and self.unit in ("days", "weeks", "months", "years") else self.unit
        return f"{self.amount!s} {unit}".rstrip() if unit != "score" else str(self.amount)


@dataclass(frozen=True)
class Span:
    """A duration by its two dates, the second at or after the first."""

    since: datetime.date
    until: datetime.date

    def __str__(self) -> str:
        return f"{_spell(self)} (since {self.since.isoformat()})"


def _spell(span: Span) -> str:
    months = 0
    while add_months(span.since, months + 1) <= span.until:
        months += 1
    days = (span.until - add_months(span.since, months)).days
    words = []
    if months >= 24:
        words.append(f"{months // 12} years")
        months %= 12
    if months:
        words.append(f"{months} month{'s' * (months != 1)}")
    if days or not words:
        words.append(f"{days} day{'s' * (days != 1)}")
    return " ".join(words)


Amount = Quantity | Span


def add_months(date: datetime.date, months: int) -> datetime.date:
    """The same day of the month so many months later, or the month's last day where there is no such day.

    >>> str(add_months(datetime.date(2026, 1, 31), 1)), str(add_months(datetime.date(2026, 3, 5), -3))
    ('2026-02-28', '2025-12-05')
    """
    index = date.year * 12 + date.month - 1 + months
    year, month = divmod(index, 12)
    return datetime.date(year, month + 1, min(date.day, month_length(year, month + 1)))


def years_between(since: datetime.date, until: datetime.date) -> int:
    """The years completed between two dates; one born on 29 February completes them on 1 March."""
    return until.year - since.year - ((until.month, until.day) < (since.month, since.day))


def birthday(born: datetime.date, years: int) -> datetime.date:
    """The day on which so many years are completed, as `years_between` counts them."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return datetime.date(born.year + years, 3, 1)


def later(date: datetime.date, quantity: Quantity) -> datetime.date:
    """The date a whole number of days, weeks, months or years after another."""
    family, amount = normal(quantity)
    if family == "days":
        return date + datetime.timedelta(days=int(amount))
    return add_months(date, int(amount))


def normal(quantity: Quantity) -> tuple[str, Decimal]:
    """A quantity in its base unit: durations in days or in months, other numbers as they are."""
    family, factor = DURATION_UNITS.get(quantity.unit.rstrip("s"), ("", 1))
    return family, quantity.amount * factor


def month_length(year: int, month: int) -> int:
    """How many days a month has; as `calendar` says it, which takes as long to load as a case to read."""
    return 31 if month == 12 else (datetime.date(year, month + 1, 1) - datetime.date(year, month, 1)).days


MOST = 1_000  # so many times between dates that are not exact are remembered with their cells
_CYCLE_MONTHS, _CYCLE_DAYS = 4800, 146_097  # the calendar repeats every 400 years


@cache
def _days_in_months(months: int) -> tuple[int, int]:
    """The fewest and the most days that so many calendar months can have."""
    if months > _CYCLE_MONTHS:
        cycles, rest = divmod(months, _CYCLE_MONTHS)
        fewest, most = _days_in_months(rest)
        return fewest + cycles * _CYCLE_DAYS, most + cycles * _CYCLE_DAYS
    first, last = ([datetime.date(2000 + i // 12, i % 12 + 1, 1) for i in range(n, n + 48)] for n in (0, months))
    sums = [(later - sooner).days for sooner, later in zip(first, last, strict=True)]
    return min(sums), max(sums)


def _in_days(family: str, amount: Decimal) -> tuple[Decimal, Decimal]:
    if family == "days":
        return amount, amount
    below = int(amount)
    above = below if amount == below else below + 1
    return Decimal(_days_in_months(below)[0]), Decimal(_days_in_months(above)[1])


def compare(amount: Amount, limit: Quantity) -> frozenset[int]:
    """How an amount can stand to a limit: any of BELOW, EQUAL, ABOVE; several where only a calendar could tell.

    >>> weeks, months = Quantity(Decimal(26), "weeks"), Quantity(Decimal(6), "months")
    >>> sorted(compare(weeks, months)), compare(Quantity(Decimal(25), "weeks"), months) == {BELOW}
    ([-1, 0, 1], True)
    """
    family, bound = normal(limit)
    if isinstance(amount, Span):
        if family == "days":
            value = Decimal((amount.until - amount.since).days)
            return frozenset({_sign(value - bound)})
        if bound > _CYCLE_MONTHS:  # longer than any two dates of a chart can be apart
            return frozenset({BELOW})
        reached = add_months(amount.since, int(bound))
        return frozenset({_sign(Decimal((amount.until - reached).days))})
    own, value = normal(amount)
    if own == family:
        return frozenset({_sign(value - bound)})
    low, high = _in_days(own, value)
    least, most = _in_days(family, bound)
    if high < least:
        return frozenset({BELOW})
    if low > most:
        return frozenset({ABOVE})
    if low == most:
        return frozenset({EQUAL, ABOVE})
    if high == least:
        return frozenset({BELOW, EQUAL})
    return frozenset({BELOW, EQUAL, ABOVE})


def _sign(value: Decimal) -> int:
    return (value > 0) - (value < 0)


@dataclass(frozen=True)
class Cut:
    """A place where some rule changes its mind: just before a limit, or just after it."""

    limit: Quantity
    after: bool

    def order(self) -> tuple[Decimal, bool]:
        family, amount = normal(self.limit)
        return amount * _MEAN_DAYS.get(family, Decimal(1)), self.after


@dataclass(frozen=True)
class Cell:
    """The amounts between two neighbouring cuts, or between a cut and an end of the range."""

    low: Quantity | None
    low_open: bool
    high: Quantity | None
    high_open: bool

    def __str__(self) -> str:
        return describe([self])


@dataclass(frozen=True)
class Interval:
    """The amounts that a record allows; an end of None is unbounded.

    Attributes:
        dated: the dates that it was counted from, as the chart gives them: `since`, `until`, `born`.
    """

    low: Amount | None
    low_open: bool
    high: Amount | None
    high_open: bool
    dated: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @property
    def exact(self) -> Amount | None:
        return self.low if self.low is not None and self.low == self.high else None

    @property
    def _is_point(self) -> bool:
        """Whether both ends stand for one number, which may have no end itself."""
        ends = self.low, self.high
        return all(isinstance(each, Quantity) for each in ends) and (
            abs(ends[1].amount - ends[0].amount) < _NO_END  # type: ignore[union-attr]
        )

    def __str__(self) -> str:
        if isinstance(self.exact, Span) and any(key == "until" for key, _ in self.dated):
            return f"{_spell(self.exact)} (since {self.exact.since} until {self.exact.until})"
        if isinstance(self.low, Quantity) and dict(self.dated).keys() == {"weight", "height"} and self._is_point:
            return _by_size(self.low, dict(self.dated))
        if self.exact is not None:
            return str(self.exact)
        if isinstance(self.low, Span) and isinstance(self.high, Span):
            return f"{_spell(self.low)} to {_spell(self.high)} ({', '.join(' '.join(each) for each in self.dated)})"
        words = []
        if self.low is not None:
            words.append(f"{'more than' if self.low_open else 'at least'} {self.low}")
        if self.high is not None:
            words.append(f"{'less than' if self.high_open else 'at most'} {self.high}")
        return " and ".join(words) or "any"


_NO_END = Decimal("1E-20")


def _by_size(found: Quantity, told: dict[str, str]) -> str:
    """A quotient, cut off after few decimals and never rounded, with what it is the quotient of.

    >>> print(_by_size(Quantity(Decimal("41.50444"), "kg/m2"), {"weight": "265 lb", "height": "67 in"}))
    41.504… kg/m2 (exactly 265 lb / (67 in)²)

    No limit lies on a place that is printed: the decimals go on until one behind the tenths is no zero.
    """
    exponent = found.amount.as_tuple().exponent
    whole = -exponent if isinstance(exponent, int) else 0
    for places in range(2, whole if whole > 4 else 0):
        cut = found.amount.quantize(Decimal(1).scaleb(-places), rounding="ROUND_FLOOR")
        if cut * 10 % 1:
            return f"{cut}… {found.unit} (exactly {told['weight']} / ({told['height']})²)"
    return str(found)


def exactly(amount: Amount) -> Interval:
    """The interval that holds one amount."""
    return Interval(amount, False, amount, False)


ANY = Interval(None, False, None, False)


def order(first: Amount, second: Amount) -> frozenset[int]:
    """How one amount can stand to another: any of BELOW, EQUAL, ABOVE; several where only a calendar could tell."""
    if isinstance(second, Quantity):
        return compare(first, second)
    if isinstance(first, Quantity):
        return frozenset(-sign for sign in compare(second, first))
    if first == second:
        return frozenset({EQUAL})
    if first.since >= second.since and first.until <= second.until:
        return frozenset({BELOW})
    if first.since <= second.since and first.until >= second.until:
        return frozenset({ABOVE})
    return frozenset({BELOW, EQUAL, ABOVE})


def both(first: Interval, second: Interval) -> Interval | None:
    """The amounts that two intervals share, or None if only a calendar could tell which of two ends binds."""
    low = _tighter((first.low, first.low_open), (second.low, second.low_open), ABOVE)
    high = _tighter((first.high, first.high_open), (second.high, second.high_open), BELOW)
    if low is None or high is None:
        return None
    return Interval(*low, *high, first.dated or second.dated)


def outside(interval: Interval) -> tuple[Interval, ...]:
    """What lies below an interval, and what above it; nothing of an end that it does not have."""
    below = Interval(None, False, interval.low, not interval.low_open)
    above = Interval(interval.high, not interval.high_open, None, False)
    return (*((below,) if interval.low is not None else ()), *((above,) if interval.high is not None else ()))


def _tighter(
    first: tuple[Amount | None, bool], second: tuple[Amount | None, bool], towards: int
) -> tuple[Amount | None, bool] | None:
    if first[0] is None or second[0] is None:
        return second if first[0] is None else first
    signs = order(first[0], second[0])
    if signs == {EQUAL}:
        return first if first[1] or not second[1] else second
    if signs == {towards} or (signs == {towards, EQUAL} and first[1] >= second[1]):
        return first
    if signs == {-towards} or (signs == {-towards, EQUAL} and second[1] >= first[1]):
        return second
    return None


def is_empty(interval: Interval, grid: Decimal = Decimal(0)) -> bool:
    """Whether no amount lies in an interval, on any calendar.

    Args:
        grid: 1 if amounts are whole numbers; 0 if they may lie anywhere.
    """
    low, high = interval.low, interval.high
    if low is None or high is None:
        return False
    signs = order(low, high)
    is_open = interval.low_open or interval.high_open
    if grid and isinstance(low, Quantity) and isinstance(high, Quantity):
        first = _next_on_grid(low.amount, grid, interval.low_open)
        return first > high.amount or (first == high.amount and interval.high_open)
    return BELOW not in signs and (is_open or EQUAL not in signs)


class Line:
    """The number line of one fact, cut at the limits that the rules of a program set.

    Args:
        low, high: the ends of the vocabulary's range, inclusive.
        step: the grid on which records lie (1 whole numbers, 0.1 tenths); 0 for a continuous line.
        cuts: where to cut; the order and repetitions do not matter.
    """

    def __init__(self, low: Quantity, high: Quantity, step: Decimal, cuts: Iterable[Cut]) -> None:
        inside = {cut.order(): cut for cut in cuts if _within(cut, low, high, step)}
        self.cuts = tuple(inside[key] for key in sorted(inside))
        ends: list[Cut | None] = [None, *self.cuts, None]
        cells = []
        self._bounds: list[tuple[Cut | None, Cut | None]] = []
        for lower, upper in pairwise(ends):
            cell = Cell(
                lower.limit if lower else low,
                bool(lower and lower.after),
                upper.limit if upper else high,
                bool(upper and not upper.after),
            )
            if not _empty(cell, step):
                cells.append(cell)
                self._bounds.append((lower, upper))
        self.cells = tuple(cells)
        self.step = step
        self._allowed: dict[Interval, tuple[int, ...]] = {}

    def holds(self, operator: str, limit: Quantity) -> tuple[int, ...]:
        """The numbers of the cells on which a comparison with a limit is true."""
        after = operator in ("more_than", "at_most")
        key = Cut(limit, after).order()
        above = tuple(
            i
            for i, (lower, _) in enumerate(self._bounds)
            if (lower.order() >= key if lower else self._at_start(key, i))
        )
        if operator in ("at_least", "more_than"):
            return above
        return tuple(i for i in range(len(self.cells)) if i not in above)

    def _at_start(self, key: tuple[Decimal, bool], index: int) -> bool:
        low = self.cells[index].low
        return low is not None and Cut(low, False).order() >= key

    def allowed(self, interval: Interval) -> tuple[int, ...]:
        """The numbers of the cells that share an amount with an interval, as far as a calendar lets one tell."""
        if isinstance(interval.low, Span) and isinstance(interval.high, Span) and interval.exact is None:
            return self._on_some_day(interval, interval.low, interval.high)
        low, low_open, high, high_open = interval.low, interval.low_open, interval.high, interval.high_open
        if self.step and isinstance(low, Quantity) and low_open:
            low, low_open = Quantity(low.amount + self.step, low.unit), False
        if self.step and isinstance(high, Quantity) and high_open:
            high, high_open = Quantity(high.amount - self.step, high.unit), False
        return tuple(
            i
            for i, (lower, upper) in enumerate(self._bounds)
            if not (upper and low is not None and _surely_above(low, low_open, upper))
            and not (lower and high is not None and _surely_below(high, high_open, lower))
        )


    def _on_some_day(self, interval: Interval, shortest: Span, longest: Span) -> tuple[int, ...]:
        """The cells of a time between two dates of which a chart names only the month or the year."""
        if interval not in self._allowed:
            found = {*self.allowed(exactly(shortest)), *self.allowed(exactly(longest))}
            if shortest.until == longest.until:
                for days in range(1, (shortest.since - longest.since).days):
                    since = longest.since + datetime.timedelta(days)
                    found.update(self.allowed(exactly(Span(since, longest.until))))
            else:  # neither day is known: every length between the two is that of some pair of days
                found.update(range(min(found), max(found)))
            if len(self._allowed) > MOST:
                self._allowed.clear()
            self._allowed[interval] = tuple(sorted(found))
        return self._allowed[interval]


def _within(cut: Cut, low: Quantity, high: Quantity, step: Decimal) -> bool:
    key, first, last = cut.order(), Cut(low, False).order(), Cut(high, True).order()
    return first < key < last


def _empty(cell: Cell, step: Decimal) -> bool:
    assert cell.low is not None
    assert cell.high is not None
    low, high = normal(cell.low), normal(cell.high)
    if low[0] != high[0]:
        return False
    if not step:
        return low[1] > high[1] or (low[1] == high[1] and (cell.low_open or cell.high_open))
    first = _next_on_grid(cell.low.amount, step, cell.low_open)  # the grid is in the fact's own unit, as its limits are
    return first > cell.high.amount or (first == cell.high.amount and cell.high_open)


def _next_on_grid(value: Decimal, step: Decimal, strictly: bool) -> Decimal:
    count = value / step
    whole = count.to_integral_value(rounding="ROUND_FLOOR")
    if whole != count or strictly:
        whole += 1
    return whole * step


def _surely_above(low: Amount, is_open: bool, cut: Cut) -> bool:
    """Whether every amount from `low` on lies above a cut."""
    signs = compare(low, cut.limit)
    if is_open or not cut.after:
        return BELOW not in signs
    return signs == {ABOVE}


def _surely_below(high: Amount, is_open: bool, cut: Cut) -> bool:
    signs = compare(high, cut.limit)
    if is_open or cut.after:
        return ABOVE not in signs
    return signs == {BELOW}


SIGNS = {"at_least": ">=", "more_than": ">", "at_most": "<=", "less_than": "<"}
"""Comparisons as signs, and `SPELT` as words."""
SPELT = {operator: operator.replace("_", " ") for operator in SIGNS}


def cuts_of(operator: str, limit: Quantity) -> Cut:
    """The cut that a comparison makes."""
    return Cut(limit, operator in ("more_than", "at_most"))


def ambiguous_order(limits: Iterable[Quantity]) -> tuple[Quantity, Quantity] | None:
    """Two limits whose order only a calendar could tell (26 weeks and 6 months), or None."""
    listed = sorted(set(limits), key=lambda each: Cut(each, False).order())
    for first, second in pairwise(listed):
        if normal(first)[0] != normal(second)[0] and len(compare(first, second)) > 1:
            return first, second
    return None


def describe(cells: Iterable[Cell], low: Quantity | None = None, high: Quantity | None = None) -> str:
    """Neighbouring cells as words: `at least 6 months`, `more than 40`, `18 to 25`, joined where they touch.

    Args:
        cells: in the order of the line.
        low, high: the ends of the fact's range, which are not worth saying.
    """
    runs: list[Cell] = []
    for cell in cells:
        if runs and runs[-1].high == cell.low and runs[-1].high_open != cell.low_open:
            last = runs.pop()
            runs.append(Cell(last.low, last.low_open, cell.high, cell.high_open))
        else:
            runs.append(cell)
    return " or ".join(_spell_cell(run, low, high) for run in runs)


def _spell_cell(cell: Cell, low: Quantity | None, high: Quantity | None) -> str:
    if cell.low == cell.high:
        return f"exactly {cell.low}"
    words = []
    if cell.low is not None and (cell.low != low or cell.low_open):
        words.append(f"{'more than' if cell.low_open else 'at least'} {cell.low}")
    if cell.high is not None and (cell.high != high or cell.high_open):
        words.append(f"{'less than' if cell.high_open else 'at most'} {cell.high}")
    return " and ".join(words) or "any value"
