"""Flaws that can be seen by reading a file of rules."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from bvn_asp.classes import dataclass
from bvn_asp.errors import Fault, Place
from bvn_asp.model.clauses import (
    Aggregate,
    At,
    Atom,
    Clause,
    Conditional,
    Literal,
    Node,
    Variable,
    atoms,
    children,
    constant,
)
from bvn_asp.model.notation import pattern
from bvn_asp.model.outline import ancestors
from bvn_asp.model.policy import Revision
from bvn_asp.model.quantity import normal
from bvn_asp.model.rules import OUTLINE, Entry
from bvn_asp.model.vocabulary import term
from bvn_asp.upkeep.lint.finding import Finding, Fix

_KEPT = ("met", "silent", "impossible")


def from_fault(fault: Fault) -> Finding:
    """A fault that kept the file from being read, as a finding."""
    return Finding(fault.place, fault.code or "fault", fault.about, fault.message, fault.hint)


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
    """A revision's rules one by one, as they are written, with what hangs together."""

    revision: Revision
    clauses: tuple[Clause, ...]

    @property
    def path(self) -> str:
        return str(self.revision.path)

    def place(self, entry: Entry) -> Place:
        return Place(self.path, entry.line, 1)

    def top(self, entry: Entry) -> str:
        """Where the way up from an entry ends: `root` or `advice`."""
        return (entry, *ancestors(self.revision, entry.id))[-1].parent

    def at(self, at: At) -> Place:
        return Place(self.path, *at)

    @property
    def ruled(self) -> set[str]:
        """The entries that some rule meets."""
        return {str(each.head.arguments[0]) for each in self.clauses if each.head.name == "met"}

    @property
    def is_stance(self) -> bool:
        """Whether the revision asks nothing of the record: a position, and no test."""
        return not self.revision.rules.facts


def entries(outline: Outline) -> Iterator[Finding]:
    """Entries that nothing meets, that lead nowhere, or that nobody could compare."""
    revision = outline.revision
    ruled = outline.ruled
    advisory = {str(each.head.arguments[0]) for each in outline.clauses if each.head.name == "advisory"}
    for entry in revision.rules.entries:
        place = outline.place(entry)
        if entry.is_group and not revision.parts.get(entry.id):
            yield Finding(place, "empty-group", entry.id, f"the group `{entry.id}` has no parts")
        if not entry.is_group and entry.id not in ruled and not outline.is_stance:
            yield Finding(place, "no-rule", entry.id, f"no rule says when `{entry.id}` is met")
        above = (entry, *ancestors(revision, entry.id))
        if outline.top(entry) == "advice" and not advisory & {each.id for each in above} and entry.parent == "advice":
            yield Finding(place, "unreached", entry.id, f"`{entry.id}` stands under `advice`, and gates nothing")
        if entry.id in advisory and outline.top(entry) == "root":
            said = f"`{entry.id}` is said to be advisory, but stands under the root and gates"
            yield Finding(place, "unreached", entry.id, said, "make `advice` its parent")
        if not entry.is_group and not any(each.topics for each in above):
            yield Finding(place, "no-topic", entry.id, f"`{entry.id}` concerns nothing")


_ITEM = re.compile(r"(.*?)\s*(\d+)\s*\.?\s*\(?([a-z]?)\)?\.?")


def places(outline: Outline) -> Iterator[Finding]:
    """Places in another list than the one that an entry stands in, and places that go back in their list.

    A list is a group right below the root; an item without a letter may stand before or after its parts.
    """
    revision = outline.revision
    lists = [each.place for each in revision.rules.entries if each.is_group and each.parent == "root"]
    before: dict[tuple[str, str], tuple[int, str, str]] = {}
    for entry in revision.rules.entries:
        top = (entry, *ancestors(revision, entry.id))[-1]
        inside = [each for each in lists if re.match(re.escape(each) + r"(?![\w-])", entry.place)]
        longest = max(inside, key=len, default="")
        if longest and top.parent == "root" and top.is_group and longest != top.place:
            said = f"`{entry.id}`: {entry.place} is a place of the list `{longest}`, and it stands in `{top.place}`"
            yield Finding(outline.place(entry), "other-list", entry.id, said)
            continue
        item = _ITEM.fullmatch(entry.place)
        if item is None:
            continue
        last = before.get((entry.parent, item[1]))
        number, letter = int(item[2]), item[3]
        if last and (number < last[0] or (number == last[0] and letter and letter < last[1])):
            said = f"`{entry.id}`: {entry.place} stands after {last[2]}"
            yield Finding(outline.place(entry), "out-of-order", entry.id, said)
        before[entry.parent, item[1]] = number, letter, entry.place


def helpers(outline: Outline) -> Iterator[Finding]:
    """Helper predicates that lead to no criterion."""
    by_head: dict[tuple[str, int], list[Clause]] = {}
    for each in outline.clauses:
        by_head.setdefault(each.head.key, []).append(each)
    reached: set[tuple[str, int]] = set()
    ahead = [key for key in by_head if key[0] in _KEPT]
    while ahead:
        key = ahead.pop()
        if key not in reached:
            reached.add(key)
            ahead += [atom.key for each in by_head.get(key, ()) for atom, _ in atoms(each.body)]
    for key, rules in by_head.items():
        if key not in reached and key[0] not in OUTLINE:
            said = f"no criterion uses `{key[0]}`"
            yield Finding(outline.at(rules[0].at), "unused-helper", key[0], said)


def exceptions(outline: Outline) -> Iterator[Finding]:
    """Exceptions that say what stands anyway, or that are about nothing that stands."""
    plain = {pattern(each.head) for each in outline.clauses if not each.mark}
    policy = outline.revision.policy
    for clause in outline.clauses:
        if not clause.mark:
            continue
        mark, name = clause.mark, named(clause)
        reading = policy.reading(mark.reading)
        if reading and term(reading.default) == mark.option:
            said = f"`{mark.option}` is the default of {reading.id}: what it says of `{name}` stands plainly"
            yield Finding(outline.at(clause.at), "exception-for-default", f"{name} {mark.option}", said)
        if pattern(clause.head) not in plain:
            said = f"no plain rule says when `{clause.head}` holds, so this `{mark.word}` is an exception of nothing"
            yield Finding(outline.at(clause.at), "exception-of-nothing", name, said)


# -- variables -------------------------------------------------------------------------------------


def variables(outline: Outline, lines: list[str]) -> Iterator[Finding]:
    """Variables that stand alone, and `_` where it may mean any or each."""
    for clause in outline.clauses:
        if clause.head.name in OUTLINE:
            continue
        found: list[tuple[str, At, bool]] = []
        anonymous: list[At] = []
        _variables(clause, True, found, anonymous)
        count = Counter(name for name, _, _ in found)
        for name, (line, column), plain in found:
            if count[name] == 1 and len(count) > 1 and not name.startswith("_"):
                fix = None
                if plain and lines[line - 1][column - 1 : column - 1 + len(name)] == name:
                    fix = Fix(line, column - 1, column - 1 + len(name), "_")
                said = f"`{name}` stands once in the rule for `{named(clause)}`"
                hint, subject = "if any will do, write `_`", f"{named(clause)} {name}"
                yield Finding(outline.at((line, column)), "singleton-variable", subject, said, hint, fix)
        for at in anonymous:
            said = f"`_` in the rule for `{named(clause)}`"
            yield Finding(outline.at(at), "anonymous-in-condition", named(clause), said)


def _variables(node: Node, plain: bool, found: list[tuple[str, At, bool]], anonymous: list[At]) -> None:
    """The named variables below a node, whether each stands plainly, and `_` where it does not."""
    if isinstance(node, Variable):
        if node.name != "_":
            found.append((node.name, node.at, plain))
        elif not plain:
            anonymous.append(node.at)
        return
    if isinstance(node, (Conditional, Aggregate)):
        plain = False
    if isinstance(node, Literal) and node.sign and isinstance(node.atom, Atom):
        _variables(node.atom, False, found, [])  # `not p(_)` asks for none at all, as one reads it
        return
    for each in children(node):
        _variables(each, plain, found, anonymous)


def named(clause: Clause) -> str:
    """What a rule is for: a criterion's id, or a helper's name."""
    first = constant(clause.head.arguments[0]) if clause.head.arguments else None
    return first if clause.head.name == "met" and first else clause.head.name
