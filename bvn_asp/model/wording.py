"""How charts write a value: `9 months`, `6-8 wks`, `over 6 weeks`, `9/10`, `44%`, `0.4 cm`, `Modic type II`.

What cannot be read is refused. A hint then repeats the amount that was written, or names the form, or says nothing: it
never proposes another amount.
"""

from __future__ import annotations

import re
from decimal import Decimal

from bvn_asp.errors import Misread, did_you_mean, shown
from bvn_asp.model.quantity import ABOVE, ANY, BELOW, Interval, Quantity, both, compare, exactly, is_empty
from bvn_asp.model.vocabulary import Fact, decimal

LONGEST = 200
_UNKNOWN = ("unknown", "not known", "unk")
_BOUNDS = {
    "at_least": (">=", "at least", "no less than", "not less than", "minimum of"),
    "at_most": ("<=", "at most", "no more than", "not more than", "up to", "maximum of"),
    "more_than": (">", "more than", "greater than", "longer than", "over", "above"),
    "less_than": ("<", "less than", "fewer than", "shorter than", "under", "below"),
}
OPERATORS = tuple(_BOUNDS)
_BEFORE = {word: operator for operator, words in _BOUNDS.items() for word in words}
_PREFIX = re.compile("(" + "|".join(sorted(map(re.escape, _BEFORE), key=len, reverse=True)) + r")\s*(.+)", re.I)
_AFTER = {
    "at_least": re.compile(r"(.+?)\s*(?:\bor (?:more|longer|greater|over|above|older)|\band (?:over|above))", re.I),
    "at_most": re.compile(r"(.+?)\s*\bor (?:less|fewer|shorter|under|below|younger)", re.I),
}
_PLUS = re.compile(r"(\d[\d.]*)\s*\+\s*(.*)|(.+?)\s*\+")
_RANGE = re.compile(r"(?:from\s+)?(?P<a>.+?)\s+to\s+(?P<b>.+)|between\s+(?P<c>.+?)\s+and\s+(?P<d>.+)", re.I)
_DASHED = re.compile(r"(?P<a>\d[\d.]*\s*[a-z]*)\s*-\s*(?P<b>\d[\d.]*\s*[a-z].*|\d[\d.]*)", re.I)
_NUMBER = re.compile(r"([+-]?[\d.]+)(?:-(?=[a-z])|\s*)([^\d\s].*|)", re.S | re.I)
_SEVERAL = re.compile(r"\s*(?:,|\band\b|)\s*")
_FRACTION = re.compile(r"([\d.]+)\s*(?:/|\bout of\b)\s*([\d.]+)", re.I)
_TIMES = {
    **dict.fromkeys(("d", "dy", "dys", "day", "days"), "days"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "weeks"),
    **dict.fromkeys(("mo", "mos", "mth", "mths", "mnth", "mnths", "month", "months"), "months"),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), "years"),
}
_OTHER_UNITS: dict[str, dict[str, Decimal]] = {
    "mm": {
        **dict.fromkeys(("mm", "millimeter", "millimeters", "millimetre", "millimetres"), Decimal(1)),
        **dict.fromkeys(("cm", "centimeter", "centimeters", "centimetre", "centimetres"), Decimal(10)),
        **dict.fromkeys(("in", "inch", "inches"), Decimal("25.4")),
    },
    "years": dict.fromkeys(
        ("y", "yr", "yrs", "year", "years", "yo", "y/o", "y.o.", "yr old", "years old", "year old", "year-old"),
        Decimal(1),
    ),
    "kg/m2": dict.fromkeys(("kg/m2", "kg/m²", "kg/m^2"), Decimal(1)),
    "score": dict.fromkeys(("sd", "sds"), Decimal(1)),
    "sessions": dict.fromkeys(("visit", "visits"), Decimal(1)),
    "points": dict.fromkeys(("points", "point", "pts", "pt"), Decimal(1)),
}
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_ROMAN_WORD = re.compile(r"(?<![a-z])(iv|i{1,3})(?![a-z])")
_DOUBT = re.compile(
    r"possibl[ey]|probabl[ey]|suspected|suspicious|likely|maybe|perhaps|questionable|equivocal|rule[ -]out|r/o", re.I
)


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
    if len(written) > LONGEST:
        raise Misread(f"`{shown(written)}` is too long for an amount")
    text = " ".join(written.replace("≥", ">=").replace("≤", "<=").replace("–", "-").split())
    spelled = {fold(word): meant for word, meant in known.spelled.items()}.get(_arabic(fold(text)))
    found = _interval(known, spelled or text)
    return checked(known, found, written)


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
    match = _PREFIX.fullmatch(text)
    if match:
        return bound(_BEFORE[match[1].lower()], read_amount(known, match[2]))
    for operator, pattern in _AFTER.items():
        match = pattern.fullmatch(text)
        if match:
            return bound(operator, read_amount(known, match[1]))
    match = _PLUS.fullmatch(text)
    if match:
        return bound("at_least", read_amount(known, match[3] or f"{match[1]} {match[2]}"))
    match = _DASHED.fullmatch(text) or _RANGE.fullmatch(text)
    ends = [each for each in match.groupdict().values() if each] if match else []
    numbers = [_NUMBER.fullmatch(each) for each in ends]
    if len(numbers) == 2 and numbers[0] and numbers[1]:
        low = read_amount(known, ends[0] if numbers[0][2] else f"{ends[0]} {numbers[1][2]}")
        return Interval(low, False, read_amount(known, ends[1]), False)
    return exactly(read_amount(known, text))


def read_amount(known: Fact, written: str) -> Quantity:
    """One amount, checked against the fact's unit, grid and range.

    Raises: Misread.
    """
    text = written.strip()
    if len(text) > LONGEST:
        raise Misread(f"`{shown(text)}` is too long for an amount")
    amount = _sum(known, text) or _scaled(known, text)
    if amount is None and known.type == "duration" and _mixed(text):
        raise Misread(f"only a calendar knows how long `{shown(text)}` is", _mixed(text))
    match = None if amount else _NUMBER.fullmatch(text)
    number = decimal(match[1]) if match else None
    if amount is None and (match is None or number is None):
        raise Misread(f"`{shown(text)}` is not a number, which `{known.name}` takes", _form(known, text))
    if amount is None:
        assert match is not None
        assert number is not None
        amount = _with_unit(known, text, match[1], number, match[2].strip())
    assert known.low is not None
    assert known.high is not None
    if compare(amount, known.low) == {BELOW} or compare(amount, known.high) == {ABOVE}:
        raise Misread(f"`{shown(text)}` is outside the range of `{known.name}`", f"{known.low} to {known.high}")
    if known.grid and amount.amount % known.grid:
        raise Misread(f"`{known.name}` is recorded in steps of {known.grid}", f"`{shown(text)}` is finer than that")
    return amount


def _with_unit(known: Fact, text: str, digits: str, number: Decimal, unit: str) -> Quantity:
    folded = unit.lower().rstrip(".")
    if known.type == "duration":
        if folded not in _TIMES:
            raise Misread(*_no_time(known, text, digits, unit))
        return Quantity(number, _TIMES[folded])
    own = known.unit.lower()
    if not folded or folded.replace(" ", "") == own.replace(" ", "") or folded + "s" == own:
        return Quantity(number, known.unit)
    factor = _OTHER_UNITS.get(known.unit, {}).get(folded)
    if factor is not None:
        return Quantity(_plain(number * factor), known.unit)
    hint = _form(known, text) if unit.startswith(",") else ""
    if known.unit == "years" and re.fullmatch(r"(yo|y/o)? ?(m|f|male|female|man|woman)", folded):
        hint = f"write `{digits}` here, and the sex by itself"
    if known.unit == "kg/m2" and re.fullmatch(r"kgs?|lbs?|pounds|kilograms", folded):
        hint = f"with the height beside it: `{{weight: {shown(text)}, height: …}}`"
    raise Misread(f"`{known.name}` is recorded in {known.unit}, not in `{shown(unit)}`", hint)


def _no_time(known: Fact, text: str, digits: str, unit: str) -> tuple[str, str]:
    if unit:
        return f"unknown unit of time `{shown(unit)}`", "the units are days, weeks, months, years"
    choices = ", ".join(f"`{digits} {each}`" for each in ("days", "weeks", "months"))
    hint = f"say the unit: {choices} or `{digits} years`"
    if re.fullmatch(r"(19|20)\d\d", digits):
        hint = f"if it began in that year, write `{{since: {digits}}}`"
    return f"`{known.name}: {shown(text)}` has no unit", hint


def _sum(known: Fact, text: str) -> Quantity | None:
    """`1 year 3 months` in months, `2 weeks and 3 days` in days; None for anything else."""
    if known.type != "duration":
        return None
    parts = re.findall(r"([\d.]+)\s*([a-z]+)\.?", text, re.I)
    rest = re.sub(r"[\d.]+\s*[a-z]+\.?", "", re.sub(r"\band\b|,", "", text, flags=re.I), flags=re.I)
    units = [_TIMES.get(unit.lower()) for _, unit in parts]
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
    if known.type != "number" or known.low is None or known.high is None or known.low.amount:
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


def _form(known: Fact, text: str) -> str:
    """How an amount is written, where no amount was found."""
    if re.fullmatch(r"\d+,\d{1,2}", text):
        return f"write `{text.replace(',', '.')}`, with a point"
    if known.type == "duration":
        return "a number with its unit, or a range: `at least` or `at most` before it, `to` between two"
    small = [word for word in known.spelled if fold(word) in fold(text)]
    return f"`{known.spelled[small[0]]}`, if that is all that is known" if small else "a number, or a range of numbers"


def _plain(number: Decimal) -> Decimal:
    """The same number without zeros at its end."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


# -- names -------------------------------------------------------------------------------------


def read_named(known: Fact, written: str) -> str:
    """The named value that a text means.

    Raises: Misread.
    """
    text = written.strip()
    if len(text) > LONGEST:
        raise Misread(f"`{shown(text)}` is not a value of `{known.name}`", "one of " + ", ".join(known.values))
    found = _named(known, fold(text))
    if found is None:
        raise Misread(f"`{shown(text)}` is not a value of `{known.name}`", _named_hint(known, text))
    return found


def fold(text: str) -> str:
    """A text as it is compared: lower case, words joined by `_`."""
    return re.sub(r"[\s_-]+", "_", text.strip().lower())


def _arabic(text: str) -> str:
    """A folded text with its Roman numerals as digits."""
    return _ROMAN_WORD.sub(lambda match: _ROMAN[match[1]], text)


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
    bare = _arabic(text)
    headed = bare.startswith(f"{known.name}_")
    bare = bare.removeprefix(f"{known.name}_")
    if bare in by_name:
        return by_name[bare]
    if headed and bare.isdecimal():
        ending = [name for name in known.values if fold(name).endswith(f"_{bare}")]
        return ending[0] if len(ending) == 1 else None
    return None


def _named_hint(known: Fact, text: str) -> str:
    """Every value that the text names, or the one it nearly spells; all of them where nothing is near."""
    listed = "one of " + ", ".join(known.values)
    folded = f"_{_arabic(fold(re.sub('[/,;]', ' ', text)))}_"
    named = [value for value in known.values if f"_{fold(value)}_" in folded]
    if len(named) > 1:
        return f"write `{{one_of: [{', '.join(named)}]}}` if the chart leaves it between them"
    if _DOUBT.search(text):
        some = ", ".join(known.values)
        return f"write `{{one_of: [{some}]}}` if the chart leaves it open" if len(known.values) < 4 else listed
    if named:
        return listed
    return did_you_mean(text, known.values, listed, same_digits=True)
