"""Flaws between the words of an entry and the numbers of its rules: `6 months or longer` against `more_than`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from bvn_asp.classes import dataclass
from bvn_asp.errors import Place
from bvn_asp.model.quantity import SPELT
from bvn_asp.model.rules import OPPOSITE, Entry, Limit
from bvn_asp.upkeep.lint.finding import Finding
from bvn_asp.upkeep.lint.text_rules import Outline

_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
)
_NUMBER = r"(?P<number>-?\d+(?:\.\d+)?|" + "|".join(_WORDS) + ")"
_UNIT = r"(?:\s*(?P<unit>days?|weeks?|(?:calendar )?months?|years?)\b)?"
_BETWEEN = r"(?:\s+(?!or\b|and\b|" + "|".join(rf"{word}\b" for word in _WORDS) + r")[a-z][a-z/-]*){0,5}?"
_BEFORE = {
    "at_least": r"at least|no less than|not less than|from|a minimum of",
    "more_than": r"(?<!no )(?<!not )more than|over|above|greater than|longer than|older than|exceeding|exceeds",
    "at_most": r"at most|up to|no more than|not more than|not exceeding|a maximum of",
    "less_than": r"(?<!no )(?<!not )less than|under|below|fewer than|younger than|lower than|shorter than",
}
_AFTER = {
    "at_least": r"or (?:more|longer|older|higher|greater|above)|and older|at the least",
    "at_most": r"or (?:less|fewer|lower|younger|below|shorter)|at the most",
}
_PATTERNS = tuple(
    (operator, re.compile(rf"\b(?:{words})\s+(?:the age of |an? )?{_NUMBER}\b{_UNIT}", re.IGNORECASE))
    for operator, words in _BEFORE.items()
) + tuple(
    (operator, re.compile(rf"(?<!\w){_NUMBER}\b{_UNIT}{_BETWEEN}\s+(?:{words})\b", re.IGNORECASE))
    for operator, words in _AFTER.items()
)
_SIDE = {"more_than": "after", "at_most": "after", "at_least": "before", "less_than": "before"}


@dataclass(frozen=True)
class Said:
    """A comparison that an entry's words make."""

    operator: str
    number: Decimal
    unit: str
    words: str


def comparisons(text: str) -> list[Said]:
    """The comparisons that some words make, in the order of the words; dates and lists of numbers are none."""
    found = []
    for operator, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            word = match["number"].lower()
            number = Decimal(_WORDS.index(word)) if word in _WORDS else Decimal(word)
            unit = (match["unit"] or "").removeprefix("calendar ").rstrip("s")
            found.append((match.start(), Said(operator, number, unit, " ".join(match[0].split()))))
    return [said for _, said in sorted(found, key=lambda each: each[0])]


def wording(outline: Outline) -> Iterator[Finding]:
    """Entries whose words and rules hold different comparisons.

    Only the side of the cut is compared: `more than 4` among the exclusions and `at most 4` in a rule that is denied
    are the same. Where the rules hold both sides, under different readings, the words are one of them.
    """
    limits = list(outline.revision.rules.limits)
    for entry in outline.revision.rules.entries:
        if entry.is_group:
            yield from _group(outline, entry)
            continue
        reads = outline.revision.rules.reads.get(entry.id, ())
        own = [
            (read.fact, operator, text)
            for read in reads
            for operator, text in read.tests
            if operator in _SIDE
        ]
        for said in comparisons(entry.text):
            same = [each for each in limits if (_key(each) in own or _turned(each) in own) and _same(each, said)]
            if same:
                if _SIDE[said.operator] not in {_SIDE[each.operator] for each in same}:
                    rule = same[0]
                    words = f"the words say `{said.words}`, the rule `{rule.operator}({rule.fact}, {rule.term})`"
                    place = _at(outline, entry, rule)
                    yield Finding(place, "operator-against-text", entry.id, f"`{entry.id}`: {words}")
            elif said.unit and not _measured(outline, own, said.unit):
                if not outline.is_stance and entry.id in outline.ruled:
                    words = f"the words say `{said.words}`, and the rules compare nothing in {said.unit}s"
                    yield Finding(outline.place(entry), "limit-not-compared", entry.id, f"`{entry.id}`: {words}")
            elif own:
                numbers = ", ".join(dict.fromkeys(f"{SPELT[operator]} {text}" for _, operator, text in own))
                words = f"the words say `{said.words}`, the rules know {numbers}"
                yield Finding(outline.place(entry), "number-against-text", entry.id, f"`{entry.id}`: {words}")


def _group(outline: Outline, entry: Entry) -> Iterator[Finding]:
    if entry.kind != "at_least":
        return
    for said in comparisons(entry.text):
        if said.operator == "at_least" and not said.unit and said.number != entry.need:
            words = f"the words say `{said.words}`, the group `at_least({entry.need})`"
            yield Finding(outline.place(entry), "number-against-text", entry.id, f"`{entry.id}`: {words}")


def _key(limit: Limit) -> tuple[str, str, str]:
    return limit.fact, limit.operator, str(limit.quantity)


def _turned(limit: Limit) -> tuple[str, str, str]:
    """A limit as an entry reads it that denies it."""
    return limit.fact, OPPOSITE[limit.operator], str(limit.quantity)


def _same(limit: Limit, said: Said) -> bool:
    unit = limit.quantity.unit.rstrip("s")
    return limit.quantity.amount == said.number and (not said.unit or said.unit == unit)


def _measured(outline: Outline, own: list[tuple[str, str, str]], unit: str) -> bool:
    """Whether a fact that the entry reads is measured in such a unit: `6 months` is no statement about an age."""
    facts = outline.revision.policy.vocabulary.facts
    return any(facts[fact].unit.rstrip("s") == unit or facts[fact].type == "duration" for fact, _, _ in own)


def _at(outline: Outline, entry: Entry, limit: Limit) -> Place:
    """Where the comparison stands: that of this entry, if the same stands in several."""
    after = [each for each in outline.clauses if str(each.head) == f"met({entry.id})"]
    lines = {line for each in after for line in range(each.at[0], each.end[0] + 1)}
    every = [each.place for each in outline.revision.rules.limits if each == limit and each.place.line in lines]
    return every[0] if every else limit.place if limit.place.line > 0 else outline.place(entry)
