"""Which slips could have been made in writing down a policy?

Each rule is changed in the ways that people get wrong, one change at a time. The changed rules live side by side with
the right ones in one copy of the policy, each behind a selector, so that all mutants are grounded once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from bvn_asp.classes import dataclass, replace
from bvn_asp.engine.atoms import is_safe
from bvn_asp.errors import Place
from bvn_asp.model.clauses import (
    Aggregate,
    Atom,
    Clause,
    Conditional,
    Constant,
    Function,
    Literal,
    Operation,
    Part,
    Pool,
    Term,
    atoms,
    functor,
    renamed,
)
from bvn_asp.model.notation import LIFTED
from bvn_asp.model.policy import Revision
from bvn_asp.model.quantity import Quantity, ambiguous_order
from bvn_asp.model.rules import COMPARISONS, Limit
from bvn_asp.model.vocabulary import Vocabulary, term

OTHER = {"at_least": "more_than", "more_than": "at_least", "at_most": "less_than", "less_than": "at_most"}
KINDS = {
    "boundary": "the limit itself falls on the other side",
    "off by one": "the limit is off by one",
    "dropped condition": "a condition is not asked for",
    "lost exception": "an exception is not made",
    "lost alternative": "one way to meet it is missing",
    "lost value": "one value is missing from a list",
    "any for all": "one suffices where all are asked for",
    "all for any": "all are asked for where one suffices",
    "count": "the number asked for is off by one",
    "polarity": "present and absent are confused",
}

@dataclass(frozen=True)
class Mutant:
    """One slip in one rule.

    Attributes:
        kind: a key of `KINDS`.
        place: the rule in the policy's file.
        entry: the entry that the rule is for; empty for a helper predicate.
        was, becomes: the part of the rule that changes, as the policy writes it; `becomes` is empty if it goes.
        line: the number of the rule among the policy's clauses.
        changed: the changed rule; None if the rule goes.
        text: the changed rule as the solver gets it; empty if it goes.
        limit: the comparison that the changed rule makes, where it is a new one.
    """

    kind: str
    place: Place
    entry: str
    was: str
    becomes: str
    line: int
    changed: Clause | None
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
    for number, clause in enumerate(rules.clauses):
        line = rules.line(clause)
        for kind, was, becomes, changed, limit in _of_clause(vocabulary, revision, clause):
            text = rules.line(changed) if changed else ""
            if text == line or (number, text) in found or (text and not is_safe(text)):
                continue
            was, becomes = _by_name(revision, was), _by_name(revision, becomes)
            place = Place(rules.path, *clause.at)
            found[number, text] = Mutant(kind, place, _entry(clause), was, becomes, number, changed, text, limit)
    return tuple(found.values())


def _by_name(revision: Revision, text: str) -> str:
    """A part of a rule with readings called by their names, as authors write them; the solver has their numbers."""

    def named(match: re.Match[str]) -> str:
        reading = revision.policy.reading(match[2])
        return f"{match[1]}({term(reading.name or reading.id) if reading else match[2]},"

    return re.sub(r"\b(reading|instead|besides|unless)\((\w+),", named, text)


def with_selectors(revision: Revision, listed: Sequence[Mutant]) -> Revision:
    """The revision with every mutant in it: mutant number N takes its rule's place where `slip(N)` holds."""
    rules = revision.rules
    by_line: dict[int, list[int]] = {}
    for number, mutant in enumerate(listed):
        by_line.setdefault(mutant.line, []).append(number)
    lines = []
    for number, clause in enumerate(rules.clauses):
        if number not in by_line:
            lines.append(rules.line(clause))
            continue
        lines.append(rules.line(clause, f"not changed({number})"))
        for each in by_line[number]:
            lines.append(f"changed({number}) :- slip({each}).")
            if changed := listed[each].changed:
                lines.append(rules.line(changed, f"slip({each})"))
    lines.append(f"{{ slip(0..{max(len(listed) - 1, 0)}) }} 1.")
    new = tuple(each.limit for each in listed if each.limit is not None)
    return with_rules(revision, "\n".join(lines), new)


def alone(revision: Revision, mutant: Mutant) -> Revision:
    """The revision as it would be with one slip in it; a rule that goes still says that its head is one."""
    rules = revision.rules
    lines = [rules.line(each) for each in rules.clauses]
    lines[mutant.line] = mutant.text or rules.line(rules.clauses[mutant.line], "#false")
    return with_rules(revision, "\n".join(lines), (mutant.limit,) if mutant.limit else ())


def with_rules(revision: Revision, text: str, limits: Sequence[Limit] = ()) -> Revision:
    """The revision with other rules in the place of its own, and the limits that they add."""
    rules = revision.rules
    made = replace(revision)
    made.__dict__["rules"] = replace(
        rules, text=text, limits=tuple(dict.fromkeys([*rules.limits, *limits])), clauses=()
    )
    return made


def _entry(clause: Clause) -> str:
    """The entry that a rule is for; empty for a helper predicate."""
    if clause.head.name in ("met", LIFTED + "met", "group"):
        return str(clause.head.arguments[0])
    return ""


_Slip = tuple[str, str, str, Clause | None, Limit | None]


def _of_clause(vocabulary: Vocabulary, revision: Revision, clause: Clause) -> Iterator[_Slip]:
    """The slips in one rule: kind, what it was, what it becomes, the changed rule, the limit it adds."""
    if clause.head.name in ("group", "criterion"):
        yield from _of_group(revision, clause)
        return
    body = clause.body
    for i, part in enumerate(body):
        before, after = body[:i], body[i + 1 :]
        written = i < len(body) - clause.implied
        for kind, changed, limit in _of_part(vocabulary, revision, part) if written else ():
            becomes = "; ".join(map(str, changed))
            yield kind, str(part), becomes, replace(clause, body=(*before, *changed, *after)), limit
        denied = isinstance(part, Literal) and part.sign == 1
        kind = "lost exception" if denied else "dropped condition"
        yield kind, _said(clause, part) if not written else str(part), "", replace(clause, body=(*before, *after)), None
    for arguments in _shorter(clause.head.arguments):
        head = replace(clause.head, arguments=arguments)
        yield "lost value", str(clause.head), str(head), replace(clause, head=head), None
    yield "lost alternative", _said(clause, None), "", None, None


def _said(clause: Clause, part: Part | None) -> str:
    """What the reader added to a rule, or a rule, as the policy writes it."""
    if part is None:
        head = clause.head
        written = clause.body[: len(clause.body) - clause.implied]
        if clause.mark:
            head = replace(head, name=head.name.removeprefix(LIFTED))
        return str(replace(clause, head=head, body=written)).removesuffix(".")
    assert isinstance(part, Literal)
    assert isinstance(part.atom, Atom)
    if part.atom.name == "reading":
        reading, option = part.atom.arguments
        if clause.mark:
            return f"{clause.mark.reading}={clause.mark.option}"
        return f"instead({reading},{option},{clause.head})"
    return f"unless(…,{replace(part.atom, name=part.atom.name.removeprefix(LIFTED))})"


def _of_part(
    vocabulary: Vocabulary, revision: Revision, part: Part
) -> Iterator[tuple[str, tuple[Part, ...], Limit | None]]:
    """The slips in one part of a body: kind, what stands in its place, the limit that is new."""
    for one, _ in atoms((part,)):
        for arguments in _shorter(one.arguments):
            yield "lost value", (renamed(part, _given(one, arguments)),), None
    if isinstance(part, Conditional):
        yield "any for all", (part.literal, *part.condition), None
        return
    atom = part.atom
    if isinstance(atom, Aggregate):
        if atom.left and atom.left[0] == "<=" and isinstance(atom.left[1], Constant) and atom.left[1].kind == "number":
            need = int(atom.left[1].text)
            for number in (need - 1, need + 1):
                if number > 0:
                    left = ("<=", Constant(str(number), "number"))
                    yield "count", (replace(part, atom=replace(atom, left=left)),), None
        return
    if not isinstance(atom, Atom):
        return
    if atom.name in COMPARISONS:
        yield from _of_comparison(vocabulary, revision, part, atom)
    if atom.name not in _NO_POLARITY and atom.name not in vocabulary.indexes:
        yield "polarity", (replace(part, sign=0 if part.sign else 1),), None


def _given(one: Atom, arguments: tuple[Term, ...]) -> Callable[[Atom], Atom]:
    """What gives one atom of a part, and no other that reads like it, other arguments."""
    return lambda each: replace(each, arguments=arguments) if each is one else each


def _shorter(terms: tuple[Term, ...]) -> Iterator[tuple[Term, ...]]:
    """Some terms with one value left out of one of their lists, as `(a; b)`, in the order of the text."""
    for i, each in enumerate(terms):
        others: Iterator[Term] = iter(())
        if isinstance(each, Pool):
            lists = (each.options[:j] + each.options[j + 1 :] for j in range(len(each.options)))
            others = (replace(each, options=left) if len(left) > 1 else left[0] for left in lists)
        elif isinstance(each, (Function, Operation)):
            others = (replace(each, arguments=inner) for inner in _shorter(each.arguments))
        for other in others:
            yield (*terms[:i], other, *terms[i + 1 :])


_NO_POLARITY = ("reading", "met")


def _of_comparison(
    vocabulary: Vocabulary, revision: Revision, part: Literal, atom: Atom
) -> Iterator[tuple[str, tuple[Part, ...], Limit | None]]:
    name, _ = functor(atom.arguments[0])
    limits = revision.rules.limits
    own = next((x for x in limits if (x.fact, x.operator, x.term) == (name, atom.name, str(atom.arguments[1]))), None)
    if own is None:
        return
    fact = vocabulary.facts[own.fact]

    def changed(operator: str, term: Term) -> tuple[Part, ...]:
        return (replace(part, atom=replace(atom, name=operator, arguments=(atom.arguments[0], term))),)

    other = replace(own, operator=OTHER[atom.name])
    yield "boundary", changed(other.operator, atom.arguments[1]), other
    known = [each.quantity for each in limits if each.fact == fact.name]
    for step in (-1, 1):
        moved, term = _moved(own, atom.arguments[1], step * (fact.step or 1))
        in_range = fact.low is None or fact.high is None or fact.low.amount <= moved.quantity.amount
        if fact.type == "count" and moved.quantity.amount < 0:
            continue
        if in_range and not ambiguous_order([*known, moved.quantity]):
            yield "off by one", changed(own.operator, term), moved


def _moved(limit: Limit, term: Term, by: Decimal | int) -> tuple[Limit, Term]:
    """The same comparison with a neighbouring number: one step of the fact, or one of the unit of time it names."""
    new: Term
    if isinstance(term, Function):
        number = int(limit.quantity.amount) + (1 if by > 0 else -1)
        new = replace(term, arguments=(Constant(str(number), "number"),))
        return replace(limit, quantity=Quantity(Decimal(number), term.name), term=str(new)), new
    amount = limit.quantity.amount + Decimal(by)
    quoted = isinstance(term, Constant) and term.kind == "text"
    whole = amount == int(amount) and not quoted
    new = Constant(str(int(amount)), "number") if whole else Constant(f"{amount:f}", "text")
    return replace(limit, quantity=Quantity(amount, limit.quantity.unit), term=str(new)), new


def _of_group(revision: Revision, clause: Clause) -> Iterator[_Slip]:
    if clause.head.name != "group":
        return
    kind = clause.head.arguments[2]
    parts = len(revision.parts.get(_entry(clause), ()))

    def slip(what: str, new: Term) -> _Slip:
        arguments = (*clause.head.arguments[:2], new, *clause.head.arguments[3:])
        return what, str(kind), str(new), replace(clause, head=replace(clause.head, arguments=arguments)), None

    if isinstance(kind, Function):
        need = int(str(kind.arguments[0]))
        for number in (need - 1, need + 1):
            if 0 < number <= parts:
                yield slip("count", replace(kind, arguments=(Constant(str(number), "number"),)))
    elif parts > 1:
        other = {"all_of": "any_of", "any_of": "all_of"}.get(str(kind))
        if other:
            yield slip("any for all" if other == "any_of" else "all for any", Constant(other))
    if str(kind) in ("all_of", "none_of"):
        yield slip("polarity", Constant("none_of" if str(kind) == "all_of" else "all_of"))

