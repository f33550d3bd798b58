"""How things are called: names of facts and indexes, labels as terms of rules, exact decimals."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import cache

MOST_DIGITS = 40
NAME = re.compile(r"[a-z][a-z0-9_]*")
RESERVED = frozenset((
    *("about", "absent", "apart", "applies", "approve", "asked", "at_latest", "at_least", "at_most", "bad", "begun"),
    *("blamed", "bound", "cell", "contractor", "copy", "counted", "counts", "criterion", "current", "day", "differ"),
    *("doubted", "doubts", "earliest", "edition", "ended", "ends", "era", "excused", "fails", "flip", "forbids"),
    *("fulfilled", "group", "has", "held", "held_before", "impossible", "in", "in_force", "is", "kept", "lacking"),
    *("leaves", "less_than", "limit", "may", "met", "more_than", "move", "moved", "named", "need", "number"),
    *("numeric", "obstacle", "of", "offer", "on", "open", "opens", "option", "optional", "out", "over", "part"),
    *("parted", "pick", "placed", "policy", "present", "presumable", "raised", "reading", "recorded", "says"),
    *("seek", "seen", "seen_by", "seen_excused", "seen_rule", "seen_spared", "served_since", "serves", "silent"),
    *("since", "slip", "spared", "taken", "there", "through", "tied", "told", "undated", "unit", "unwanted", "value"),
    *("verdict", "wanted", "wants", "world"),
))
"""Predicates of the engine, which no index and no relation can be named after: both stand in programs as they are."""


@cache
def term(label: str) -> str:
    """How a label is written in rules: lower case, `_` for all else; whole numbers stay numbers.

    >>> term("L5-S1"), term("M54.51"), term("each-body"), term("64640")
    ('l5_s1', 'm54_51', 'each_body', '64640')
    """
    if label.isdecimal():
        return label
    return re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")


def plural(word: str) -> str:
    """A noun for several.

    >>> plural("therapy"), plural("joint")
    ('therapies', 'joints')
    """
    return f"{word[:-1]}ies" if word.endswith("y") and word[-2:-1] not in "aeiou" else f"{word}s"


def decimal(text: str) -> Decimal | None:
    """An exact decimal, or None if the text is not a plain one (no exponent, no NaN).

    >>> decimal("-2.50"), decimal(".5"), decimal("1e3"), decimal("NaN"), decimal("")
    (Decimal('-2.50'), Decimal('0.5'), None, None, None)
    """
    if len(text) > MOST_DIGITS or not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", text, re.ASCII):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:  # pragma: no cover - the pattern admits decimals only
        return None
