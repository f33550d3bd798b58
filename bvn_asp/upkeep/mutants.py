"""Which slips could have been made in writing down a policy?

Each rule is changed in the ways that people get wrong, one change at a time. The changed rules live side by side with
the right ones in one copy of the policy, each behind a selector, so that all mutants are grounded once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bvn_asp.engine.program import is_safe
from bvn_asp.errors import Place
from bvn_asp.model.policy import Revision
from bvn_asp.model.quantity import Quantity, ambiguous_order
from bvn_asp.model.rules import COMPARISONS, Limit
from bvn_asp.model.vocabulary import Vocabulary, decimal

OTHER = {"at_least": "more_than", "more_than": "at_least", "at_most": "less_than", "less_than": "at_most"}
KINDS = {
    "boundary": "the limit itself falls on the other side",
    "off by one": "the limit is off by one",
    "dropped condition": "a condition is not asked for",
    "lost exception": "an exception is not made",
    "lost alternative": "one way to meet it is missing",
    "any for all": "one suffices where all are asked for",
    "all for any": "all are asked for where one suffices",
    "count": "the number asked for is off by one",
    "polarity": "present and absent are confused",
}
_COMPARISON = re.compile(rf"({'|'.join(COMPARISONS)})\(__world__,([a-z][a-z0-9_]*)((?:\([^()]*\))?),(.*)\)")
_PERIOD = re.compile(r"(days|weeks|months|years)\((\d+)\)")
_COUNT = re.compile(r"(\d+) <= ([{#].*)")
_GROUP = re.compile(r"(group\(__copy__,\w+,\w+,)(all_of|any_of|none_of|at_least\((\d+)\))(,\".*)", re.DOTALL)
_HEAD = re.compile(r"([a-z][A-Za-z0-9_]*)\(__copy__,?(.*)\)", re.DOTALL)


@dataclass(frozen=True)
class Mutant:
    """One slip in one rule.

    Attributes:
        kind: a key of `KINDS`.
        place: the rule in the policy's file.
        entry: the entry that the rule is for; empty for a helper predicate.
        was, becomes: the part of the rule that changes, as the policy writes it; `becomes` is empty if it goes.
        line: the number of the rule's line in the policy's text.
        text: the changed rule, empty if the rule goes.
        limit: the comparison that the changed rule makes, where it is a new one.
    """

    kind: str
    place: Place
    entry: str
    was: str
    becomes: str
    line: int
    text: str
    limit: Limit | None = None

    @property
    def id(self) -> str:
        """The same from run to run as long as the rule is the same: `18:dropped condition:is(implant,yes)`."""
        return f"{self.place.line}:{self.kind}:{self.was}" + (f">{self.becomes}" if self.becomes else "")


def mutants(vocabulary: Vocabulary, revision: Revision) -> tuple[Mutant, ...]:
    """Every mutant of a revision, in the order of its file, none of them twice."""
    rules = revision.rules
    found: dict[tuple[int, str], Mutant] = {}
    for number, (line, place) in enumerate(zip(rules.text.splitlines(), rules.places, strict=True)):
        for kind, was, becomes, text, limit in _of_line(vocabulary, revision, line):
            if text == line or (number, text) in found or (text and not is_safe(text)):
                continue
            mutant = Mutant(kind, place, _entry(line), plain(was), plain(becomes), number, text, limit)
            found[number, text] = mutant
    return tuple(found.values())


def with_selectors(revision: Revision, listed: Sequence[Mutant]) -> Revision:
    """The revision with every mutant in it: mutant number N takes its rule's place where `slip(N)` holds."""
    rules = revision.rules
    by_line: dict[int, list[int]] = {}
    for number, mutant in enumerate(listed):
        by_line.setdefault(mutant.line, []).append(number)
    lines = []
    for number, line in enumerate(rules.text.splitlines()):
        if number not in by_line:
            lines.append(line)
            continue
        lines.append(_guarded(line, f"not changed({number})"))
        for each in by_line[number]:
            lines.append(f"changed({number}) :- slip({each}).")
            if listed[each].text:
                lines.append(_guarded(listed[each].text, f"slip({each})"))
    lines.append(f"{{ slip(0..{max(len(listed) - 1, 0)}) }} 1.")
    new = tuple(each.limit for each in listed if each.limit is not None)
    return with_rules(revision, "\n".join(lines), new)


def alone(revision: Revision, mutant: Mutant) -> Revision:
    """The revision as it would be with one slip in it."""
    lines = revision.rules.text.splitlines()
    lines[mutant.line] = mutant.text
    return with_rules(revision, "\n".join(lines), (mutant.limit,) if mutant.limit else ())


def with_rules(revision: Revision, text: str, limits: Sequence[Limit] = ()) -> Revision:
    """The revision with other rules in the place of its own, and the limits that they add."""
    rules = revision.rules
    made = replace(revision)
    made.__dict__["rules"] = replace(rules, text=text, limits=tuple(dict.fromkeys([*rules.limits, *limits])), places=())
    return made


def plain(text: str) -> str:
    """A piece of a rule as the policy writes it."""
    text = re.sub(r"\((?:__copy__|__world__|__readings__)\)", "", text)
    return re.sub(r"\bown_", "", re.sub(r"__(?:copy|world|readings)__,", "", text))


def _entry(line: str) -> str:
    match = _HEAD.match(head_and_body(line)[0])
    if match and match[1] in ("met", "group"):
        return match[2].split(",")[0]
    return ""


def _guarded(line: str, guard: str) -> str:
    head, body = head_and_body(line)
    return f"{head} :- {'; '.join([*body, guard])}."


def head_and_body(line: str) -> tuple[str, list[str]]:
    """A rule's head and the literals of its body."""
    pieces = list(_split(line.rstrip().removesuffix("."), " :- "))
    return pieces[0], list(_split(" :- ".join(pieces[1:]), "; ")) if len(pieces) > 1 else []


def _split(text: str, mark: str) -> Iterator[str]:
    """The pieces of a text between marks that stand outside of brackets and quotes."""
    depth, quoted, begin, at = 0, False, 0, 0
    while at < len(text):
        sign = text[at]
        if quoted:
            at += sign == "\\"
            quoted = sign != '"'
        elif sign == '"':
            quoted = True
        elif sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
        elif depth == 0 and text.startswith(mark, at):
            yield text[begin:at]
            at = begin = at + len(mark)
            continue
        at += 1
    yield text[begin:]


_Slip = tuple[str, str, str, str, Limit | None]


def _of_line(vocabulary: Vocabulary, revision: Revision, line: str) -> Iterator[_Slip]:
    """The slips in one rule: kind, what it was, what it becomes, the changed rule, the limit it adds."""
    head, body = head_and_body(line)
    if head.startswith(("group(", "criterion(")):
        yield from _of_group(revision, line)
        return

    def rule(literals: Sequence[str]) -> str:
        return f"{head} :- {'; '.join(literals)}." if literals else f"{head}."

    for i, literal in enumerate(body):
        before, after = body[:i], body[i + 1 :]
        for kind, was, becomes, limit in _of_literal(vocabulary, revision, literal):
            yield kind, was, becomes, rule([*before, becomes, *after]), limit
        kind = "lost exception" if literal.startswith("not ") else "dropped condition"
        if len(body) > 1 or not re.search(r"\b[A-Z]", head):
            yield kind, literal, "", rule([*before, *after]), None
    yield "lost alternative", line.removesuffix("."), "", "", None


def _of_literal(
    vocabulary: Vocabulary, revision: Revision, literal: str
) -> Iterator[tuple[str, str, str, Limit | None]]:
    sign = "not " if literal.startswith("not ") else ""
    atom = literal.removeprefix("not ")
    match = _COMPARISON.fullmatch(atom)
    if match:
        yield from _of_comparison(vocabulary, revision, sign, match)
    parts = list(_split(literal, ": "))
    if len(parts) == 2:
        yield "any for all", literal, f"{parts[0]}; {'; '.join(_split(parts[1], ', '))}", None
        return
    match = _COUNT.fullmatch(atom)
    if match:
        for number in (int(match[1]) - 1, int(match[1]) + 1):
            if number > 0:
                yield "count", literal, f"{sign}{number} <= {match[2]}", None
        return
    if re.match(r"(is|own_[a-z0-9_]+|requested|within|adjacent|at_least|more_than|at_most|less_than)\(", atom):
        yield "polarity", literal, atom if sign else f"not {atom}", None


def _of_comparison(
    vocabulary: Vocabulary, revision: Revision, sign: str, match: re.Match[str]
) -> Iterator[tuple[str, str, str, Limit | None]]:
    operator, fact, member, text = match[1], vocabulary.facts[match[2]], match[3], match[4]
    own = next((x for x in revision.rules.limits if (x.fact, x.operator, x.term) == (fact.name, operator, text)), None)
    if own is None:
        return

    def changed(new_operator: str, limit: Limit) -> str:
        return f"{sign}{new_operator}(__world__,{fact.name}{member},{limit.term})"

    other = replace(own, operator=OTHER[operator])
    yield "boundary", match[0], changed(OTHER[operator], other), other
    known = [each.quantity for each in revision.rules.limits if each.fact == fact.name]
    for step in (-1, 1):
        moved = _moved(own, step * (fact.step or 1))
        in_range = fact.low is None or fact.high is None or fact.low.amount <= moved.quantity.amount
        if fact.type == "count" and moved.quantity.amount < 0:
            continue
        if in_range and not ambiguous_order([*known, moved.quantity]):
            yield "off by one", match[0], changed(operator, moved), moved


def _moved(limit: Limit, by: Decimal | int) -> Limit:
    """The same comparison with a neighbouring number: one step of the fact, or one of the unit of time it names."""
    period = _PERIOD.fullmatch(limit.term)
    if period:
        number = int(period[2]) + (1 if by > 0 else -1)
        return replace(limit, quantity=Quantity(Decimal(number), period[1]), term=f"{period[1]}({number})")
    amount = (decimal(limit.term.strip('"')) or Decimal(0)) + Decimal(by)
    written = str(int(amount)) if amount == int(amount) and '"' not in limit.term else f'"{amount:f}"'
    return replace(limit, quantity=Quantity(amount, limit.quantity.unit), term=written)


def _of_group(revision: Revision, line: str) -> Iterator[_Slip]:
    match = _GROUP.fullmatch(line)
    if match is None:
        return
    kind, parts = match[2], len(revision.parts.get(_entry(line), ()))

    def changed(new: str) -> str:
        return f"{match[1]}{new}{match[4]}"

    if kind.startswith("at_least"):
        need = int(match[3])
        for number in (need - 1, need + 1):
            if 0 < number <= parts:
                yield "count", kind, f"at_least({number})", changed(f"at_least({number})"), None
    elif parts > 1:
        other = {"all_of": "any_of", "any_of": "all_of"}.get(kind)
        if other:
            yield "any for all" if kind == "all_of" else "all for any", kind, other, changed(other), None
    if kind in ("all_of", "none_of"):
        swapped = "none_of" if kind == "all_of" else "all_of"
        yield "polarity", kind, swapped, changed(swapped), None
