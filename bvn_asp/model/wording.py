"""How charts write a value: `9 months`, `6-8 wks`, `over 6 weeks`, `9/10`, `44%`, `0.4 cm`, `Modic type II`.

What cannot be read is refused. A hint then repeats the amount that was written, or names the form, or says nothing: it
never proposes another amount.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TypeVar

from bvn_asp.classes import late
from bvn_asp.errors import Misread, shown
from bvn_asp.model import hints
from bvn_asp.model.numerals import arabic, fold, in_digits, in_signs, is_bare, parted
from bvn_asp.model.quantity import ABOVE, ANY, BELOW, Interval, Quantity, both, compare, exactly, is_empty
from bvn_asp.model.vocabulary import Fact, decimal

LONGEST = 200
T = TypeVar("T")
_UNKNOWN = ("unknown", "not known", "unk")
_BOUNDS = {
    "at_least": (
        ">=", "=>", ">/=", "at least", "no less than", "not less than", "no fewer than", "minimum of", "a minimum of",
        "minimum", "min", "greater than or equal to", "more than or equal to", "equal to or greater than", "not under",
    ),
    "at_most": (
        "<=", "=<", "</=", "at most", "no more than", "not more than", "up to", "maximum of", "a maximum of", "maximum",
        "max", "less than or equal to", "equal to or less than", "no longer than", "not longer than", "not exceeding",
        "no greater than", "not over",
    ),
    "more_than": (">", "more than", "greater than", "longer than", "older than", "over", "above", "in excess of",
                  "exceeding", "exceeds"),
    "less_than": ("<", "less than", "fewer than", "shorter than", "younger than", "under", "below"),
}
OPERATORS = tuple(_BOUNDS)
_BEFORE = {word: operator for operator, words in _BOUNDS.items() for word in words}
_PREFIX = late(
    r"(?:(?:just|well|a little|a bit|slightly|somewhat|far)\s+(?=over|under|above|below|more|less))?("
    + "|".join(re.escape(each) + r"\b" * each[-1].isalpha() for each in sorted(_BEFORE, key=len, reverse=True))
    + r")\.?\s*(.+)",
    re.I,
)
_AFTER = {
    "at_least": late(
        r"(.+?)\s*(?:\bor (?:more|longer|greater|over|above|older)|\band (?:over|above|up|older|counting|more)|"
        r",? at least|\bminimum)",
        re.I,
    ),
    "at_most": late(
        r"(.+?)\s*(?:\bor (?:less|fewer|shorter|under|below|younger)|,? at (?:the )?most|\bmaximum|\btops)", re.I
    ),
}
_EXACT = late(
    r"(?:(?:exactly|precisely|equal to|for)\b|=(?!>|<)|x(?= ?\d))\s*(.+)|(.+?)\s*\b(?:ago|exactly|in duration)", re.I
)
_PLUS = late(r"(\d[\d.]*)\s*(?:\+|plus\b)\s*(.*)|(.+?)\s*(?:\+|\bplus)", re.I)
_SCALED_RANGE = late(
    r"(?P<a>\d[\d.]*)\s*(?P<of>%|/\s*\d+)?\s*(?:-|\bto\b)\s*(?P<b>\d[\d.]*)\s*(?P<last>%|/\s*\d+|out of \d+)", re.I
)
_RANGE = late(r"(?:from\s+)?(?P<a>.+?)\s+to\s+(?P<b>.+)|between\s+(?P<c>.+?)\s+and\s+(?P<d>.+)", re.I)
_DASHED = late(r"(?P<a>\d[\d.]*\s*[a-z]*)\s*-\s*(?P<b>\d[\d.]*\s*[a-z].*|\d[\d.]*)", re.I)
_NUMBER = late(r"([+-]?[\d.]+)(?:-(?=[a-z])|\s*)([^\d\s].*|)", re.S | re.I)
_SCALES = ("points", "signs")
_FRACTION = late(r"([\d.]+)\s*(?:/|\b(?:out )?of\b)\s*([\d.]+)", re.I)
_TIMES = {
    **dict.fromkeys(("d", "dy", "dys", "day", "days"), "days"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "weeks"),
    **dict.fromkeys(("mo", "mos", "mon", "mons", "mth", "mths", "mnth", "mnths", "month", "months"), "months"),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), "years"),
}
_OTHER_UNITS: dict[str, dict[str, Decimal]] = {
    "mm": {
        **dict.fromkeys(("mm", "millimeter", "millimeters", "millimetre", "millimetres"), Decimal(1)),
        **dict.fromkeys(("cm", "centimeter", "centimeters", "centimetre", "centimetres"), Decimal(10)),
        **dict.fromkeys(("in", "inch", "inches"), Decimal("25.4")),
    },
    "years": {
        **dict.fromkeys(("y", "ys", "yr", "yrs", "year", "years", "yo", "y/o", "y.o"), Decimal(1)),
        **dict.fromkeys(("yr old", "yrs old", "year old", "years old", "year-old"), Decimal(1)),
    },
    "kg/m2": dict.fromkeys(("kg/m2", "kg/m²", "kg/m^2"), Decimal(1)),
    "score": dict.fromkeys(("sd", "sds"), Decimal(1)),
    "sessions": dict.fromkeys(("visit", "visits", "treatment", "treatments"), Decimal(1)),
    "points": dict.fromkeys(("points", "point", "pts", "pt"), Decimal(1)),
}


def is_silent(text: str) -> bool:
    """Whether a text says that a document is on file and does not say."""
    return text.strip().lower().replace("_", " ") in ("not reported", "silent", "not mentioned")


def is_unknown(text: str) -> bool:
    """Whether a text says that nobody knows."""
    return text.strip().lower() in _UNKNOWN


def everything(known: Fact) -> tuple[str, ...] | Interval:
    """What a fact may be if nobody knows."""
    return tuple(known.values) if known.is_named else ANY


# -- numbers -----------------------------------------------------------------------------------


def read_interval(known: Fact, written: str) -> Interval:
    """The amounts that a text allows, in a unit of the fact's kind.

    Raises: Misread: no amount, another unit, out of the fact's range, or a range without an amount in it.
    """
    return _answered(known, written, lambda: _read(known, written))


def read_amount(known: Fact, written: str) -> Quantity:
    """One amount, checked against the fact's unit, grid and range.

    Raises: Misread.
    """
    return _answered(known, written, lambda: _amount(known, in_digits(written)))


class _Unread(Misread):
    """A text in which no amount was found; what to answer hangs on the whole of it.

    Args:
        part: the part that is at fault, as the message quotes it.
    """

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message.format(part=f"`{shown(part)}`"))
        self.part, self.form = part, message


def _answered(known: Fact, written: str, read: Callable[[], T]) -> T:
    if len(written) > LONGEST:
        raise Misread(f"`{shown(written)}` is too long for an amount")
    try:
        return read()
    except _Unread as error:
        part = error.part if error.part in written else written
        message = error.form.format(part=f"`{shown(part)}`")
        raise Misread(message, hints.of_amount(known, shown(written), _read)) from None


def _read(known: Fact, written: str) -> Interval:
    text = in_digits(written)
    text = re.sub(r"\b(?:minus|negative|neg\.?) (?=\.?\d)", "-", text, flags=re.I) if _below_zero(known) else text
    own = re.escape(known.name).replace("_", "[ _-]")
    text = re.sub(rf"^{own}(?: is| of| =|:|=)? +(?=[^ -]|-[\d.])", "", text, flags=re.I)
    spelled = {fold(word): meant for word, meant in known.spelled.items()}
    folded = arabic(fold(text))
    meant = spelled.get(folded) or spelled.get(re.sub(r"^gr?\.?_(?=\d)", "grade_", parted(folded)))
    return checked(known, _interval(known, meant or text), written)


def _below_zero(known: Fact) -> bool:
    return known.low is not None and known.low.amount < 0


def checked(known: Fact, interval: Interval, written: str) -> Interval:
    """An interval, if some amount in it is one that the fact can have.

    Raises: Misread.
    """
    assert known.low is not None
    assert known.high is not None
    if is_empty(interval, known.grid):
        raise Misread(f"no amount is `{shown(written)}`", _turned(interval))
    within = both(interval, Interval(known.low, False, known.high, False))
    if within is not None and is_empty(within, known.grid):
        raise Misread(f"`{shown(written)}` is outside the range of `{known.name}`", f"{known.low} to {known.high}")
    return interval


def _turned(interval: Interval) -> str:
    low, high = interval.low, interval.high
    if isinstance(low, Quantity) and isinstance(high, Quantity) and not (interval.low_open or interval.high_open):
        return f"the lower end stands first: `{high} to {low}`"
    return ""


def bound(operator: str, amount: Quantity) -> Interval:
    """The amounts that `at_least`, `more_than`, `at_most` or `less_than` one amount are."""
    if operator in ("at_least", "more_than"):
        return Interval(amount, operator == "more_than", None, False)
    return Interval(None, False, amount, operator == "less_than")


def _interval(known: Fact, text: str) -> Interval:
    if is_bare(text):
        return exactly(_amount(known, text))
    match = _EXACT.fullmatch(text)
    if match:
        text = match[1] or match[2]
    match = _PREFIX.fullmatch(text)
    if match:
        return bound(_BEFORE[match[1].lower()], _amount(known, match[2]))
    for operator, pattern in _AFTER.items():
        match = pattern.fullmatch(text)
        if match:
            return bound(operator, _amount(known, match[1]))
    match = _PLUS.fullmatch(text)
    if match:
        return bound("at_least", _amount(known, match[3] or f"{match[1]} {match[2]}"))
    match = _SCALED_RANGE.fullmatch(text)
    if match:
        low = _amount(known, f"{match['a']} {match['of'] or match['last']}")
        return Interval(low, False, _amount(known, f"{match['b']} {match['last']}"), False)
    match = _DASHED.fullmatch(text) or _RANGE.fullmatch(text)
    ends = [each for each in match.groupdict().values() if each] if match else []
    numbers = [_NUMBER.fullmatch(each) for each in ends]
    if len(numbers) == 2 and numbers[0] and numbers[1]:
        low = _amount(known, ends[0] if numbers[0][2] else f"{ends[0]} {numbers[1][2]}")
        return Interval(low, False, _amount(known, ends[1]), False)
    return exactly(_amount(known, text))


def _amount(known: Fact, written: str) -> Quantity:
    text = written.strip()
    bare = is_bare(text)
    amount = None if bare else _sum(known, text) or _scaled(known, text)
    if amount is None and not bare and known.type == "duration" and _mixed(text):
        raise Misread(f"only a calendar knows how long `{shown(text)}` is", _mixed(text))
    match = None if amount else _NUMBER.fullmatch(text)
    number = decimal(match[1]) if match else None
    if amount is None and (match is None or number is None):
        raise _Unread(text, f"{{part}} is not a number, which `{known.name}` takes")
    if amount is None:
        assert match is not None
        assert number is not None
        amount = _with_unit(known, text, match[1], number, match[2].strip())
    assert known.low is not None
    assert known.high is not None
    if compare(amount, known.low) == {BELOW} or compare(amount, known.high) == {ABOVE}:
        born = known.unit == "years" and re.fullmatch(r"(?:19|20)\d\d", text)
        hint = f"if that is the year of birth, write `{{born: {text}}}`" if born else f"{known.low} to {known.high}"
        raise Misread(f"`{shown(text)}` is outside the range of `{known.name}`", hint)
    if known.grid and amount.amount % known.grid:
        below = amount.amount // known.grid * known.grid
        message = f"`{known.name}` is recorded in steps of {known.grid}, and `{shown(text)}` is finer than that"
        raise Misread(message, f"a range that holds it: `{below} to {below + known.grid}`")
    return amount


def _with_unit(known: Fact, text: str, digits: str, number: Decimal, unit: str) -> Quantity:
    folded = unit.lower().rstrip(".")
    if known.type == "duration":
        if folded in _TIMES:
            return Quantity(number, _TIMES[folded])
        if unit:
            raise _Unread(unit, "unknown unit of time {part}")
        raise _Unread(text, f"{{part}} has no unit, which `{known.name}` takes")
    own = known.unit.lower()
    if not folded or folded.replace(" ", "") == own.replace(" ", "") or folded + "s" == own:
        return Quantity(number, known.unit)
    factor = _OTHER_UNITS.get(known.unit, {}).get(folded)
    if factor is not None:
        return Quantity(_plain(number * factor), known.unit)
    raise _Unread(unit, f"`{known.name}` is recorded in {known.unit}, not in {{part}}")


def _sum(known: Fact, text: str) -> Quantity | None:
    """`1 year 3 months` in months, `2 weeks and 3 days` in days; None for anything else."""
    if known.type != "duration":
        return None
    parts = re.findall(r"([\d.]+)\s*([a-z]+)\.?", text, re.I)
    rest = re.sub(r"[\d.]+\s*[a-z]+\.?", "", re.sub(r"\band\b|,", "", text, flags=re.I), flags=re.I)
    units = [_TIMES.get(unit.lower()) for _, unit in parts]
    if len(parts) == 2 and units[0] == "years" and parts[1][1].lower() == "m":
        units[1] = "months"
    if len(parts) != 2 or rest.strip():
        return None
    numbers = [decimal(digits) for digits, _ in parts]
    for (large, small), times in ((("years", "months"), 12), (("weeks", "days"), 7)):
        if units == [large, small] and numbers[0] is not None and numbers[1] is not None:
            return Quantity(numbers[0] * times + numbers[1], small)
    return None


def _mixed(text: str) -> str:
    """For `1 month 2 weeks` the range of months in which it lies; nothing for anything else."""
    match = re.fullmatch(r"(\d+)\s*([a-z]+)\.?,?\s*(?:and\s+)?(\d+)\s*([a-z]+)\.?", text, re.I)
    if not match or len(text) > 40:
        return ""
    large, small = _TIMES.get(match[2].lower()), _TIMES.get(match[4].lower())
    if large not in ("years", "months") or small not in ("weeks", "days"):
        return ""
    less = int(match[3]) * (7 if small == "weeks" else 1) <= 28
    return f"write a range that holds it: `{match[1]} {large} to {int(match[1]) + 1} {large}`" if less else ""


def _scaled(known: Fact, text: str) -> Quantity | None:
    """`9/10` of a scale that ends at 10, `44%` of one that ends at 100; None for anything else."""
    if known.low is None or known.high is None or known.low.amount or known.unit not in _SCALES:
        return None
    fraction = _FRACTION.fullmatch(text)
    if fraction:
        top, number = decimal(fraction[2]), decimal(fraction[1])
        if top is None or number is None:
            return None
        if top != known.high.amount:
            raise Misread(f"`{known.name}` runs to {known.high.amount}, `{shown(text)}` to {top}")
        return Quantity(number, known.unit)
    percent = re.fullmatch(r"([\d.]+)\s*(?:%|percent)", text, re.I)
    if percent and known.high.amount == 100:
        number = decimal(percent[1])
        return None if number is None else Quantity(number, known.unit)
    return None


def _plain(number: Decimal) -> Decimal:
    """The same number without zeros at its end."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


# -- names -------------------------------------------------------------------------------------


def read_between(known: Fact, written: str) -> tuple[str, tuple[str, ...]] | None:
    """The word that leaves a fact between some of its values, if a text is one, and these values."""
    text = fold(written)
    for word, each in known.between.items():
        if text in {fold(word), *map(fold, each.spelled)}:
            return word, each.of
    return None


def _forms(text: str) -> Iterator[str]:
    """A text as it stands, without points, and in digits: each is made when the one before is no value."""
    yield text
    yield text.replace(".", "").strip(" ,;:!")
    yield in_digits(text)


def read_named(known: Fact, written: str) -> str:
    """The named value that a text means.

    Raises: Misread.
    """
    text = in_signs(written)
    if len(text) > LONGEST:
        raise Misread(f"`{shown(text)}` is not a value of `{known.name}`", "one of " + ", ".join(known.values))
    for each in _forms(text):
        found = _named(known, fold(each))
        if found is not None:
            return found
    folded = parted(arabic(fold(re.sub(r"[,;()]", " ", in_digits(text)))))
    folded = re.sub(r"/(?=[a-z])", "_", folded).strip("_")
    hint = hints.of_name(known, shown(text), folded)
    raise Misread(f"`{shown(text)}` is not a value of `{known.name}`", hint)


def _named(known: Fact, text: str) -> str | None:
    by_name = {fold(name): name for name in known.values}
    if known.type == "yes_no":
        by_name |= {"true": "yes", "false": "no", "y": "yes", "n": "no"}
    by_name |= {fold(word): value for word, value in known.spelled.items()}
    if text in by_name:
        return by_name[text]
    by_meaning = [name for name, meaning in known.values.items() if fold(meaning) == text]
    if len(by_meaning) == 1:
        return by_meaning[0]
    bare = arabic(text)
    headed = bare.startswith(f"{known.name}_")
    bare = bare.removeprefix(f"{known.name}_")
    for each in (bare, parted(bare)):
        if each in by_name:
            return by_name[each]
    if headed and bare.isdecimal():
        ending = [name for name in known.values if fold(name).endswith(f"_{bare}")]
        return ending[0] if len(ending) == 1 else None
    return None
