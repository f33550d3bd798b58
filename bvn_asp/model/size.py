"""A body mass index from weight and height, in the units of charts: exact, never rounded.

Where the quotient has no end, it lies between two numbers that part in the thirtieth digit, and no limit lies there.
"""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from bvn_asp.classes import late
from bvn_asp.errors import Misread, shown
from bvn_asp.model.quantity import Interval, Quantity

KEYS = ("weight", "height")
_NUMBER = r"(\d{1,4}(?:\.\d{1,4})?)"
_WEIGHTS = {"kg": Decimal(1), "kgs": Decimal(1), "lb": Decimal("0.45359237"), "lbs": Decimal("0.45359237")}
_WEIGHTS |= {"kilograms": Decimal(1), "pounds": Decimal("0.45359237")}
_HEIGHTS = {"m": Decimal(1), "cm": Decimal("0.01"), "in": Decimal("0.0254"), "inches": Decimal("0.0254")}
_FEET = late(rf"{_NUMBER} *(?:ft|feet|foot|') *(?:{_NUMBER} *(?:in|inches|\"|'')?)?")


def index_of(weight: str, height: str, unit: str) -> Interval:
    """The body mass index of a weight and a height.

    >>> print(index_of("100 kg", "2 m", "kg/m2"))
    25 kg/m2

    Raises: Misread: one of them is no weight, or no height.
    """
    mass, length = _read(weight, _WEIGHTS, "weight", "`220 lb`, `99.8 kg`"), _length(height)
    square = length * length
    ends = []
    for rounding in (ROUND_FLOOR, ROUND_CEILING):
        ends.append(Context(prec=30, rounding=rounding).divide(mass, square).normalize(Context(prec=30)))
    low, high = (Quantity(each + 0 if each.as_tuple().exponent <= 0 else Decimal(int(each)), unit) for each in ends)  # type: ignore[operator]
    return Interval(low, False, high, False, (("weight", weight.strip()), ("height", height.strip())))


def _length(text: str) -> Decimal:
    match = _FEET.fullmatch(text.strip().lower())
    if match:
        return (Decimal(match[1]) * 12 + Decimal(match[2] or 0)) * _HEIGHTS["in"]
    return _read(text, _HEIGHTS, "height", "`70 in`, `5 ft 10 in`, `178 cm`")


def _read(text: str, units: dict[str, Decimal], name: str, hint: str) -> Decimal:
    match = re.fullmatch(rf"{_NUMBER} *([a-z]+)", text.strip().lower())
    if match is None or match[2] not in units or not Decimal(match[1]):
        raise Misread(f"`{shown(text)}` is no {name}", f"a number with its unit: {hint}")
    return Decimal(match[1]) * units[match[2]]
