"""Amounts in the words and signs of charts as digits: `six weeks`, `1 1/2 years`, `3½`, `−2.5`, `≥ 6`."""

from __future__ import annotations

import re

from bvn_asp.classes import late

_ONES = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {word: number for number, word in enumerate(_ONES)}
_TEN_WORDS = {word: 10 * number for number, word in enumerate(_TENS, 2)} | {"fourty": 40}
_UNIT = r"(?:days?|weeks?|months?|years?|wks?|mos?|yrs?)"
_SIGNS = str.maketrans({"−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "≥": ">=", "≤": "<=", "×": "x", "’": "'",
                        "“": '"', "”": '"', "″": '"', "′": "'", "\u00a0": " "})
_PARTS = {"½": ".5", "¼": ".25", "¾": ".75"}
_WORD = late(
    rf"\b(?:({'|'.join(_TEN_WORDS)})(?:[ -]({'|'.join(_ONES[1:10])}))?|({'|'.join(reversed(_ONES))}))\b", re.I
)
_HALVES = (
    (late(r"\b(\d+) and (?:a|one|1) half\b", re.I), r"\1.5"),
    (late(rf"\b(?:a |one |1 )?half (?:of )?(?:a |an )?(?={_UNIT}\b)", re.I), "0.5 "),
    (late(r"(?<![\d./])(\d+)[ -]1/2\b(?!/)"), r"\1.5"),
    (late(r"(?<![\d./])(\d+)[ -]1/4\b(?!/)"), r"\1.25"),
    (late(r"(?<![\d./])(\d+)[ -]3/4\b(?!/)"), r"\1.75"),
    (late(rf"\ban? (?={_UNIT}\b)", re.I), "1 "),
    (late(rf"\b(\d+) ({_UNIT}) and (?:a|one|1) half\b", re.I), r"\1.5 \2"),
)


def in_digits(text: str) -> str:
    """A text with its number words, halves and signs as digits; other words stay as they are.

    >>> in_digits("at least twenty-four months"), in_digits("one and a half years"), in_digits("3½ mm")
    ('at least 24 months', '1.5 years', '3.5 mm')
    """
    if is_bare(text):
        return text
    plain = in_signs(text)
    plain = _WORD.sub(_number, plain)
    for pattern, digits in _HALVES:
        plain = pattern.sub(digits, plain)
    return plain


_UNITS = frozenset(("day", "days", "week", "weeks", "month", "months", "year", "years"))


def is_bare(text: str) -> bool:
    """Whether a text is a number in digits, alone or with a plain unit of time: most are, and mean what they look like.

    >>> is_bare("40"), is_bare("2.5"), is_bare("6 months"), is_bare("-2.5"), is_bare("6 or more")
    (True, True, True, False, False)
    """
    number, blank, unit = text.partition(" ")
    return number.isascii() and number.replace(".", "", 1).isdigit() and (unit in _UNITS if blank else True)


def in_signs(text: str) -> str:
    """A text in the signs of a keyboard, with single blanks."""
    plain = text.translate(_SIGNS)
    for sign, digits in () if plain.isascii() else _PARTS.items():
        plain = re.sub(rf"(\d) ?{sign}", rf"\g<1>{digits}", plain).replace(sign, f"0{digits}")
    plain = re.sub(r"(?<=\d)\s*--+\s*(?=\d)", "-", plain)
    return " ".join(plain.split())


def _number(match: re.Match[str]) -> str:
    if match[3]:
        return str(_WORDS[match[3].lower()])
    return str(_TEN_WORDS[match[1].lower()] + (_WORDS[match[2].lower()] if match[2] else 0))


def fold(text: str) -> str:
    """A text as it is compared: lower case, words joined by `_`."""
    return re.sub(r"[\s_-]+", "_", text.strip().lower())


_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_ROMAN_WORD = late(r"(?<![a-z])(iv|i{1,3})(?![a-z])")


def arabic(folded: str) -> str:
    """A folded text with its Roman numerals as digits."""
    return _ROMAN_WORD.sub(lambda match: _ROMAN[match[1]], folded)


def parted(folded: str) -> str:
    """A folded text with letters and numbers apart: `type2` and `typeii` as `type_2`."""
    return arabic(re.sub(r"(?<=[a-z])(?=\d)|(?<=[a-hj-uw-z]{2})(?=(?:iv|i{1,3})$)", "_", folded))
