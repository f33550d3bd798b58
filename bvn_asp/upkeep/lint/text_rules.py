"""Flaws that can be seen by reading a file of rules."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bvn_asp.errors import Fault, Place
from bvn_asp.model.policy import Revision
from bvn_asp.model.quantity import normal
from bvn_asp.model.rules import Clause, Entry
from bvn_asp.upkeep.lint.finding import Finding, Fix

_FAULTS = (
    ("not-a-rule", r"not a rule|not a text file|not a file of rules|cannot read the file|the file holds no rules"),
    ("unknown-reading", r"unknown reading|not an option of the reading|a reading and its option"),
    ("engine-only", r"belongs to the engine|comes from the record|theory atoms|head of a rule|plain name"),
    ("undefined", r"nothing defines|takes \d+ arguments"),
    ("no-place", r"has no place in the source"),
    ("not-a-limit", r"is not a limit of|is a number$|is not a number$"),
    ("outline", r"the outline is|no group|stands twice|not in the outline|part of itself|kind of group|is a group|"
     r"names its criterion|about an unknown entry"),
    ("unknown-name", r"unknown |is not a value of|is not a mark|a fact is written out|is not per|is per"),
)
_KEPT = ("met", "silent", "impossible")


def from_fault(fault: Fault, source: str) -> Finding:
    """A fault that kept the file from being read, as a finding."""
    rule = next((rule for rule, words in _FAULTS if re.search(words, fault.message)), "fault")
    place = fault.place
    named = re.search(r"`([^`]+)`", fault.message)
    if rule == "unknown-reading" and not place.line:
        words = re.findall(r"`([^`]+)`", fault.message)
        option = r"[^)]*\b" + re.escape(words[0]) if len(words) > 1 else ""
        pattern = r"reading\(\s*" + re.escape(words[-1]) + r"\b" + option
        place = _first(place.path, source, pattern)
    return Finding(place, rule, named[1] if named else "", fault.message, fault.hint)


def _first(path: str, source: str, pattern: str) -> Place:
    for number, line in enumerate(source.splitlines(), 1):
        found = re.search(pattern, line)
        if found:
            return Place(path, number, found.start() + 1)
    return Place(path)


# -- characters ------------------------------------------------------------------------------------

_SPACES = "\u00a0\u2007\u202f\u2009\u200a\u2002\u2003"


def characters(path: str, source: str) -> Iterator[Finding]:
    """Characters that cannot be seen, and spaces at the ends of lines."""
    lines = source.split("\n")
    for number, line in enumerate(lines, 1):
        plain = line.isascii() and line.replace("\t", "").isprintable()
        for column, character in enumerate("" if plain else line):
            if character == "\t" or not _invisible(character):
                continue
            name = unicodedata.name(character, f"U+{ord(character):04X}").lower()
            fix = Fix(number, column, column + 1, " " if character in _SPACES else "")
            place = Place(path, number, column + 1)
            yield Finding(place, "invisible-character", name, f"here stands a {name}", "", fix)
        bare = line.rstrip(" \t")
        if bare != line:
            fix = Fix(number, len(bare), len(line), "")
            yield Finding(Place(path, number, len(bare) + 1), "trailing-space", "", "spaces end this line", "", fix)


def _invisible(character: str) -> bool:
    return character in _SPACES or unicodedata.category(character) in ("Cc", "Cf", "Co", "Zl", "Zp")


# -- numbers ---------------------------------------------------------------------------------------


def numbers(revision: Revision) -> Iterator[Finding]:
    """Limits that no record can have, or come near."""
    for limit in revision.rules.limits:
        fact = revision.policy.vocabulary.facts[limit.fact]
        if fact.low is None or fact.high is None:
            continue
        (_, low), (family, amount), (_, high) = normal(fact.low), normal(limit.quantity), normal(fact.high)
        if family != normal(fact.low)[0]:
            continue  # weeks against a range in months: only a calendar could tell
        if not low <= amount <= high:
            said = f"`{fact.name}` lies from {fact.low} to {fact.high}; {limit.quantity} is outside"
            yield Finding(limit.place, "number-out-of-range", fact.name, said)
        elif fact.step and (amount - low) % fact.step:
            said = f"`{fact.name}` is recorded in steps of {fact.step:f}; no record can be {limit.quantity}"
            yield Finding(limit.place, "number-between-steps", fact.name, said)


# -- the outline -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outline:
    """A revision's rules one by one, with what hangs together."""

    revision: Revision
    clauses: tuple[Clause, ...]

    @property
    def path(self) -> str:
        return str(self.revision.path)

    def place(self, entry: Entry) -> Place:
        return Place(self.path, entry.line, 1)

    def top(self, entry: Entry) -> str:
        """Where the way up from an entry ends: `root` or `advice`."""
        while entry.parent in self.revision.entries:
            entry = self.revision.entries[entry.parent]
        return entry.parent

    @property
    def is_stance(self) -> bool:
        """Whether the revision asks nothing of the record: a position, and no test."""
        return not self.revision.rules.facts


def entries(outline: Outline) -> Iterator[Finding]:
    """Entries that nothing meets, that lead nowhere, or that nobody could compare."""
    revision = outline.revision
    ruled = {each.arguments[0] for each in outline.clauses if each.head == "met"}
    advisory = {each.arguments[0] for each in outline.clauses if each.head == "advisory"}
    for entry in revision.rules.entries:
        place = outline.place(entry)
        if entry.is_group and not revision.parts.get(entry.id):
            yield Finding(place, "empty-group", entry.id, f"the group `{entry.id}` has no parts")
        if not entry.is_group and entry.id not in ruled and not outline.is_stance:
            yield Finding(place, "no-rule", entry.id, f"no rule says when `{entry.id}` is met")
        above = _with_ancestors(revision, entry)
        if outline.top(entry) == "advice" and not advisory & {each.id for each in above} and entry.parent == "advice":
            yield Finding(place, "unreached", entry.id, f"`{entry.id}` stands under `advice`, and gates nothing")
        if entry.id in advisory and outline.top(entry) == "root":
            said = f"`{entry.id}` is said to be advisory, but stands under the root and gates"
            yield Finding(place, "unreached", entry.id, said, "make `advice` its parent")
        if not entry.is_group and not any(each.topics for each in above):
            yield Finding(place, "no-topic", entry.id, f"`{entry.id}` concerns nothing")


def _with_ancestors(revision: Revision, entry: Entry) -> list[Entry]:
    found = [entry]
    while found[-1].parent in revision.entries:
        found.append(revision.entries[found[-1].parent])
    return found


def helpers(clauses: Iterable[Clause], path: str) -> Iterator[Finding]:
    """Helper predicates that lead to no criterion."""
    by_head: dict[tuple[str, int], list[Clause]] = {}
    for each in clauses:
        by_head.setdefault((each.head, len(each.arguments)), []).append(each)
    reached: set[tuple[str, int]] = set()
    ahead = [key for key in by_head if key[0] in _KEPT]
    while ahead:
        key = ahead.pop()
        if key not in reached:
            reached.add(key)
            ahead += [call for each in by_head.get(key, ()) for call in each.calls]
    outline = {"group", "criterion", "cites", "also", "concerns", "evidence", "advisory"}
    for key, rules in by_head.items():
        if key not in reached and key[0] not in outline:
            yield Finding(rules[0].place, "unused-helper", key[0], f"no criterion uses `{key[0]}`")


# -- variables -------------------------------------------------------------------------------------


def variables(clauses: Iterable[Clause], path: str, lines: list[str]) -> Iterator[Finding]:
    """Variables that stand alone, and `_` where it may mean any or each."""
    for clause in clauses:
        count = Counter(name for name, _, _ in clause.variables)
        for name, place, plain in clause.variables:
            if count[name] == 1 and len(count) > 1 and not name.startswith("_"):
                fix = None
                line = lines[place.line - 1]
                if plain and line[place.column - 1 : place.column - 1 + len(name)] == name:
                    fix = Fix(place.line, place.column - 1, place.column - 1 + len(name), "_")
                said = f"`{name}` stands once in the rule for `{_named(clause)}`"
                hint = "if any will do, write `_`"
                yield Finding(place, "singleton-variable", f"{_named(clause)} {name}", said, hint, fix)
        for place in clause.anonymous:
            yield Finding(place, "anonymous-in-condition", _named(clause), f"`_` in the rule for `{_named(clause)}`")


def _named(clause: Clause) -> str:
    first = clause.arguments[0] if clause.arguments else None
    return first if clause.head == "met" and first else clause.head
