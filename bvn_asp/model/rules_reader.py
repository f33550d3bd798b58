"""Reads a policy's rules: its outline, what each entry reads of the record, the limits it sets.

It works on the plain clauses of `syntax`, holds them against the vocabulary, and refuses what a policy may not say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product
from pathlib import Path

from bvn_asp.errors import Fault, InputError, Place, did_you_mean
from bvn_asp.model import notation, syntax
from bvn_asp.model.bounds import breaches
from bvn_asp.model.clauses import (
    At,
    Atom,
    Clause,
    Conditional,
    Constant,
    Function,
    Literal,
    Operation,
    Part,
    Term,
    Variable,
    atoms,
    below,
    constant,
    functor,
    options,
    unpooled,
    variables,
)
from bvn_asp.model.quantity import Quantity
from bvn_asp.model.rules import (
    COMPARISONS,
    DATED,
    INPUTS,
    MARKS,
    OPPOSITE,
    OUTLINE,
    SHARED,
    Entry,
    Limit,
    Naming,
    Read,
    Rules,
    When,
)
from bvn_asp.model.vocabulary import RELATIONS, Fact, Vocabulary, decimal

_ENGINE = ("approve", "deny", "copy", "part", "world", "fact")


class RulesReader:
    """Reads one file of rules, and notes every fault of it."""

    def __init__(self, path: Path, vocabulary: Vocabulary, names: Mapping[str, str] | None = None) -> None:
        self.path = path
        self.vocabulary = vocabulary
        self.names = names or {}
        self.faults: list[Fault] = []
        self.limits: dict[Limit, Limit] = {}
        self.facts: set[str] = set()
        self.indexes = frozenset(vocabulary.indexes)
        self.members = vocabulary.request.members
        self.static = dict.fromkeys(self.indexes, 1) | {
            name: RELATIONS[each.kind] for name, each in vocabulary.relations.items()
        }
        self.written: tuple[Clause, ...] = ()

    def wrong(self, code: str, at: At, about: str, message: str, hint: str = "") -> None:
        self.faults.append(Fault(self.place(at), message, hint, code, about))

    def place(self, at: At) -> Place:
        return Place(str(self.path), *at)

    # -- reading -------------------------------------------------------------------------------

    def policy(self, source: str) -> Rules:
        found = [notation.marked(each, self.wrong) for each in syntax.parse(self.path, source)]
        self.written = tuple(each for each in found if each)
        notation.check(self.written, self.wrong)
        self.check({**OUTLINE, "met": 1, "silent": 1}, {})
        entries = _Outline(self).entries()
        if self.faults:
            raise InputError(self.faults)
        kept = [each for each in self.written if each.head.name not in OUTLINE or each.head.name in SHARED]
        clauses = notation.plain(kept, self.names)
        self.check_bounds([each for each in clauses if each.head.name not in OUTLINE], entries)
        naming = Naming(frozenset(self.static), self.members)
        return self.rules(entries, clauses, naming, _Reads(self.vocabulary, clauses).of(entries))

    def beside(self, source: str, heads: Mapping[str, int], given: Mapping[str, int]) -> Rules:
        self.written = syntax.parse(self.path, source)
        self.check(heads, given)
        if self.faults:
            raise InputError(self.faults)
        self.check_bounds(self.written, ())
        naming = Naming(frozenset(self.static), self.members, frozenset({*heads, *given}), one_world=True)
        return self.rules((), self.written, naming, {})

    def rules(
        self,
        entries: tuple[Entry, ...],
        clauses: tuple[Clause, ...],
        naming: Naming,
        reads: dict[str, tuple[Read, ...]],
    ) -> Rules:
        asked: dict[tuple[str, str], Place] = {}
        dated: dict[str, None] = {}
        for clause in clauses:
            for atom, _ in atoms(clause.body):
                if atom.key == DATED:
                    dated[str(atom.arguments[0])] = None
                if atom.name == "reading":
                    for option in options(atom.arguments[1]):
                        key = str(constant(atom.arguments[0])), str(constant(option))
                        asked.setdefault(key, self.place(atom.at))
        rules = Rules(
            str(self.path), entries, tuple(self.limits), frozenset(self.facts), frozenset(asked), reads, self.written,
            clauses, naming, asked=asked, dated=tuple(dated),
        )
        object.__setattr__(rules, "text", "\n".join(map(rules.line, clauses)))
        return rules

    # -- checking ------------------------------------------------------------------------------

    def check(self, own: Mapping[str, int], given: Mapping[str, int]) -> None:
        """Every atom of the file.

        Args:
            own: what the file is there to conclude, with the number of arguments.
            given: what it may ask besides the record.
        """
        asked = {self.members: 1} if self.members else {}
        known = {**INPUTS, **asked, **self.static, **given}
        defined = {each.head.key for each in self.written}
        for clause in self.written:
            name, arity = clause.head.key
            if name in known:
                self.wrong("engine-only", clause.at, name, f"`{name}` comes from the record; a rule cannot define it")
            elif name in own and own[name] != arity:
                self.wrong("undefined", clause.at, name, f"`{name}` takes {own[name]} arguments, not {arity}")
            elif name in _ENGINE:
                self.wrong("engine-only", clause.at, name, f"`{name}` belongs to the engine", "choose another name")
            for part in clause.body:
                self.check_slips(part)
            for atom, _ in atoms(clause.body):
                name, arity = atom.key
                if name in known:
                    if known[name] != arity:
                        self.wrong("undefined", atom.at, name, f"`{name}` takes {known[name]} arguments, not {arity}")
                    else:
                        self.check_input(atom)
                elif atom.key not in defined and name != "met":
                    hint = did_you_mean(name, [*known, *(each for each, _ in defined)])
                    self.wrong("undefined", atom.at, name, f"nothing defines `{name}/{arity}`", hint)

    def check_bounds(self, clauses: Sequence[Clause], entries: Sequence[Entry]) -> None:
        """That the solver ends on these rules, and decides."""
        parts: dict[str, list[str]] = {}
        for each in entries:
            parts.setdefault(each.parent, []).append(each.id)
        groups = {each.id: (each.kind == "none_of", tuple(parts.get(each.id, ()))) for each in entries if each.is_group}
        for found in breaches(clauses, self.domain, groups):
            self.wrong("unbounded", found.clause.at, found.clause.head.name, found.message, found.hint)
        if self.faults:
            raise InputError(self.faults)

    def domain(self, atom: Atom, position: int) -> int | None:
        """How many values stand at a position of an atom that is read of the record; None of any other atom."""
        indexes = self.vocabulary.indexes
        if atom.name in self.indexes:
            return len(indexes[atom.name].terms)
        if atom.name == self.members:
            return len(self.vocabulary.asked.terms)
        if atom.name in self.static:
            own = self.vocabulary.relations[atom.name].index
            return len(indexes[own if position == 0 else indexes[own].between or own].terms)
        if atom.name not in INPUTS or not atom.arguments:
            return None
        facts = [self.vocabulary.facts.get(functor(each)[0] or "") for each in options(atom.arguments[0])]
        if position == 0:
            return sum(len(indexes[each.per].terms) if each and each.per else 1 for each in facts)
        return max((len(each.values) for each in facts if each and each.is_named), default=1)

    def check_slips(self, part: Part) -> None:
        """Two slips that turn a condition round."""
        if isinstance(part, Conditional):
            self.check_condition(part)
        for each in below(part):
            if isinstance(each, Literal) and each.sign == 1 and isinstance(each.atom, Atom):
                self.check_negated_pool(each, each.atom)

    def check_negated_pool(self, literal: Literal, atom: Atom) -> None:
        """`not p(a; b)` asks that one of them fail, where one reads it as: none of them holds."""
        each = [str(one) for one in unpooled(atom)]
        if len(each) > 1 or any(isinstance(one, Operation) and one.operator == ".." for one in below(atom)):
            said = f"`{literal}` asks for not one or not the other, which nearly everybody has"
            listed = ", ".join(f"not {one}" for one in each)
            hint = f"for none of them write `{listed}`" if len(each) > 1 else "deny each by itself"
            self.wrong("turned-round", literal.at, atom.name, said, hint)

    def check_condition(self, part: Conditional) -> None:
        """`p(B) : q(B), r` holds whenever `r` fails, where one reads it as: `r`, and `p(B)` for every `q(B)`."""
        tied = variables(part.literal)
        loose = list(part.condition)
        while found := [each for each in loose if variables(each) & tied]:
            tied.update(*map(variables, found))
            loose = [each for each in loose if each not in found]
        kept = [str(each) for each in part.condition if each not in loose]
        whole = f"{part.literal} : {', '.join(kept)}" if kept else str(part.literal)
        hint = f"end the condition before it with a semicolon: `{'; '.join([whole, *map(str, loose)])}`"
        for each in loose:
            said = f"`{each}` stands in the condition of `{part.literal}`, and shares no variable with it"
            self.wrong("turned-round", each.at, str(each), said, hint)

    def check_input(self, atom: Atom) -> None:
        name, arguments = atom.name, atom.arguments
        if name == "is":
            known = self.check_fact(arguments[0], atom.at)
            for value in options(arguments[1]):
                text = constant(value)
                if known is None or text is None:
                    continue
                if not known.is_named:
                    hint = f"compare it: `at_least({known.name}, …)`"
                    self.wrong("not-a-limit", atom.at, known.name, f"`{known.name}` is a number", hint)
                elif text not in known.values:
                    hint = did_you_mean(text, known.values) or "one of " + ", ".join(known.values)
                    self.wrong("unknown-name", value.at, text, f"`{text}` is not a value of `{known.name}`", hint)
        elif name in COMPARISONS:
            known = self.check_fact(arguments[0], atom.at)
            if known is not None and known.is_named:
                hint = f"ask `is({known.name}, …)`"
                self.wrong("not-a-limit", atom.at, known.name, f"`{known.name}` is not a number", hint)
            elif known is not None:
                self.check_limit(name, known, arguments[1])
        elif name == self.members:
            self.facts.add(name)
            self.check_member(self.vocabulary.asked.name, arguments[0])
        elif name == "reading":
            if constant(arguments[0]) is None or not all(constant(each) for each in options(arguments[1])):
                hint = "`reading(o29, each_treated_body)`"
                self.wrong("unknown-reading", atom.at, "", "a reading and its option are written out", hint)
        elif name in self.indexes:
            self.check_member(name, arguments[0])
        elif name in self.static:
            own = self.vocabulary.relations[name].index
            rest = self.vocabulary.indexes[own].between or own
            for i, argument in enumerate(arguments):
                self.check_member(own if i == 0 else rest, argument)

    def check_member(self, index: str, term: Term) -> None:
        terms = self.vocabulary.indexes[index].terms if index in self.vocabulary.indexes else {}
        for each in options(term):
            text = constant(each)
            if text is not None and text not in terms:
                about = self.vocabulary.indexes[index].about if terms else index
                self.wrong("unknown-name", each.at, text, f"unknown {about} `{text}`", did_you_mean(text, terms))

    def check_fact(self, term: Term, at: At) -> Fact | None:
        for each in options(term):
            name, arguments = functor(each)
            if name is None:
                said = "a fact is written out, never a variable"
                self.wrong("unknown-name", each.at, "", said, "`is(care(M), tried)`")
                return None
            known = self.vocabulary.facts.get(name)
            if known is None:
                hint = did_you_mean(name, self.vocabulary.facts, "`bvn facts` lists them")
                self.wrong("unknown-name", each.at, name, f"unknown fact `{name}`", hint)
                return None
            if bool(known.per) != (len(arguments) == 1):
                index = self.vocabulary.indexes[known.per].about if known.per else ""
                hint = f"write `{name}(…)`, one {index}" if known.per else f"write `{name}` alone"
                said = f"`{name}` is {'per ' + index if known.per else 'one fact'}"
                self.wrong("unknown-name", each.at, name, said, hint)
                return None
            if known.per:
                self.check_member(known.per, arguments[0])
            self.facts.add(name)
            self.facts.update(counted for counted, _ in known.counts)
        return known

    def check_limit(self, operator: str, known: Fact, term: Term) -> None:
        for each in options(term):
            quantity = _quantity(each, known)
            if quantity is None:
                hint = (
                    "`months(6)`, `weeks(6)`" if known.type == "duration" else '`40`, or a decimal in quotes, `"-2.5"`'
                )
                said = f"`{each}` is not a limit of `{known.name}`"
                self.wrong("not-a-limit", each.at, str(each), said, f"write the number out: {hint}")
                continue
            limit = Limit(known.name, operator, quantity, str(each), self.place(each.at))
            self.limits.setdefault(limit, limit)


# -- the outline -----------------------------------------------------------------------------------


class _Outline:
    """The tree of the document, made of the outline's facts."""

    def __init__(self, reader: RulesReader) -> None:
        self.reader = reader
        self.found: dict[str, dict[str, object]] = {}
        self.at: dict[str, At] = {}
        self.met: dict[str, At] = {}

    def wrong(self, at: At, about: str, message: str, hint: str = "", code: str = "outline") -> None:
        self.reader.wrong(code, at, about, message, hint)

    def entries(self) -> tuple[Entry, ...]:
        extra: list[tuple[str, str, str, At]] = []
        for clause in self.reader.written:
            name, arguments = clause.head.name, clause.head.arguments
            if name == "met" and len(arguments) == 1:
                identifier = constant(arguments[0])
                if identifier is None:
                    self.wrong(clause.at, "met", "`met` names its criterion", "write `met(pain_duration) :- …`")
                else:
                    self.met.setdefault(identifier, clause.at)
            if OUTLINE.get(name) != len(arguments):
                continue
            values = [constant(each) for each in arguments]
            if name == "group":
                values[2] = str(arguments[2])
            if clause.body or None in values:
                said = f"the outline is plain facts: `{name}` takes no variables and no conditions"
                self.wrong(clause.at, name, said)
            elif name in ("group", "criterion"):
                self.add(name, [str(value) for value in values], arguments[2], clause.at)
            else:
                extra.append((name, str(values[0]), str(values[1]) if len(values) > 1 else "", clause.at))
        for each in extra:
            self.beside(*each)
        for identifier, entry in self.found.items():
            if entry["kind"] == "criterion" and not entry.get("topics") and identifier in self.reader.vocabulary.topics:
                entry["topics"] = (identifier,)
        self.check()
        return tuple(Entry(**each) for each in self.found.values())  # type: ignore[arg-type]

    def add(self, name: str, values: list[str], term: Term, at: At) -> None:
        identifier, parent = values[0], values[1]
        if identifier in self.found:
            hint = f"first in line {self.found[identifier]['line']}"
            self.wrong(at, identifier, f"`{identifier}` stands twice in the outline", hint)
            return
        kind, need = "criterion", 0
        if name == "group":
            word, arguments = functor(term)
            if word in ("all_of", "any_of", "none_of") and not arguments:
                kind = str(word)
            elif word == "at_least" and len(arguments) == 1 and str(arguments[0]).isdecimal():
                kind, need = word, int(str(arguments[0]))
            else:
                hint = "all_of, any_of, none_of or at_least(3)"
                self.wrong(at, values[2], f"`{values[2]}` is not a kind of group", hint)
        self.at[identifier] = at
        self.found[identifier] = {
            **{"id": identifier, "parent": parent, "kind": kind, "need": need},
            **{"place": values[-2], "text": values[-1], "line": at[0]},
        }

    def beside(self, name: str, identifier: str, value: str, at: At) -> None:
        """What stands beside an entry: its citations, its topics and the like."""
        topics = self.reader.vocabulary.topics
        if identifier not in self.found:
            hint = did_you_mean(identifier, self.found)
            self.wrong(at, name, f"`{name}` is about an unknown entry `{identifier}`", hint)
        elif name == "concerns":
            if value not in topics:
                self.wrong(at, value, f"unknown topic `{value}`", did_you_mean(value, topics), "unknown-name")
            self.append(identifier, "topics", value)
        elif name == "also":
            self.append(identifier, "also", value)
        elif name == "evidence":
            if value not in MARKS:
                hint = "one of " + ", ".join(MARKS)
                self.wrong(at, value, f"`{value}` is not a mark of evidence", hint, "unknown-name")
            self.found[identifier]["mark"] = value
        elif name == "cites":
            self.found[identifier]["citations"] = value

    def append(self, identifier: str, key: str, value: str) -> None:
        entry = self.found[identifier]
        entry[key] = (*entry.get(key, ()), value)  # type: ignore[misc]

    def check(self) -> None:
        for identifier, entry in self.found.items():
            at = (self.at[identifier][0], 1)
            parent = str(entry["parent"])
            groups = [each for each in self.found if self.found[each]["kind"] != "criterion"]
            if parent not in ("root", "advice", *groups):
                hint = did_you_mean(parent, groups)
                self.wrong(at, identifier, f"`{identifier}` is part of `{parent}`, which is no group", hint)
            if entry["kind"] != "criterion" and identifier in self.met:
                said = f"`{identifier}` is a group: its parts say when it is met"
                self.wrong(at, identifier, said, "remove the rule for `met`")
            if not entry["place"]:
                self.wrong(at, identifier, f"`{identifier}` has no place in the source", code="no-place")
            seen = {identifier}
            while parent in self.found:
                if parent in seen:
                    self.wrong(at, identifier, f"`{identifier}` is part of itself")
                    break
                seen.add(parent)
                parent = str(self.found[parent]["parent"])
        for identifier in sorted(set(self.met) - set(self.found)):
            hint = did_you_mean(identifier, self.found)
            self.wrong(self.met[identifier], identifier, f"`{identifier}` is not in the outline", hint)
        if not self.reader.written:
            self.wrong((0, 0), "", "the file holds no rules", code="not-a-rule")


# -- what an entry reads ---------------------------------------------------------------------------

_Found = dict[tuple[str, str], dict[tuple[str, str], dict[When, None]]]
"""Fact and member to test to the readings under which it is made."""
_BARE = ("", "")
"""Stands for no test at all: `requested(B)`."""


class _Reads:
    """Follows the rules from an entry down to the record."""

    def __init__(self, vocabulary: Vocabulary, clauses: Iterable[Clause]) -> None:
        self.vocabulary = vocabulary
        self.by_head: dict[tuple[str, int], list[tuple[Clause, tuple[When, ...], list[tuple[Atom, int]]]]] = {}
        for each in clauses:
            rule = each, tuple(_when(each)), [(a, sign) for a, sign in atoms(each.body) if a.name != "reading"]
            self.by_head.setdefault(each.head.key, []).append(rule)

    def of(self, entries: Iterable[Entry]) -> dict[str, tuple[Read, ...]]:
        found = {}
        for entry in entries:
            if not entry.is_group:
                reads: _Found = {}
                self.follow("met", (entry.id,), When(), False, reads, set())
                found[entry.id] = tuple(_read(*key, tests) for key, tests in reads.items())
        return found

    def follow(
        self,
        name: str,
        arguments: tuple[str | None, ...],
        when: When,
        negated: bool,
        reads: _Found,
        seen: set[tuple[str, tuple[str | None, ...], When, bool]],
    ) -> None:
        """Collect what the rules for an atom read, following helper predicates with the constants known so far.

        Below an odd number of `not` a test is turned round: what is asked then is that it fail.
        """
        if (name, arguments, when, negated) in seen:
            return
        seen.add((name, arguments, when, negated))
        for clause, alternatives, asked in self.by_head.get((name, len(arguments)), ()):
            bound: dict[str, str] = {}
            for given, own in zip(arguments, clause.head.arguments, strict=True):
                text = constant(own)
                if given is not None and text is not None and given != text:
                    break
                if given is not None and isinstance(own, Variable):
                    bound[own.name] = given
            else:
                under = [here for each in alternatives if (here := when.also(each))]
                for (atom, sign), here in product(asked, under):
                    turned = negated != bool(sign)
                    self.read_atom(atom, turned, bound, here, reads)
                    if atom.key in self.by_head:
                        values = tuple(_bound(each, bound) for each in atom.arguments)
                        self.follow(atom.name, values, here, turned, reads, seen)

    def read_atom(self, atom: Atom, negated: bool, bound: dict[str, str], when: When, reads: _Found) -> None:
        if atom.name == self.vocabulary.request.members:
            reads.setdefault((atom.name, ""), {}).setdefault(_BARE, {})[when] = None
        if atom.name != "is" and atom.name not in COMPARISONS:
            return
        for each in options(atom.arguments[0]):
            fact, arguments = functor(each)
            if fact is None:
                continue
            member = (_bound(arguments[0], bound) or "") if arguments else ""
            tests = reads.setdefault((fact, member), {})
            for value in options(atom.arguments[1]):
                text = constant(value) or str(value)
                operator = atom.name
                if operator == "is":
                    operator = "is not" if negated else "is"
                else:
                    quantity = _quantity(value, self.vocabulary.facts[fact])
                    text = str(quantity) if quantity else text
                    operator = OPPOSITE[operator] if negated else operator
                tests.setdefault((operator, text), {})[when] = None


def _read(fact: str, member: str, tests: dict[tuple[str, str], dict[When, None]]) -> Read:
    bare = tuple(tests.get(_BARE, ()))
    made = {test: tuple(when) for test, when in tests.items() if test != _BARE}
    return Read(fact, member, tuple(made), tuple(made.values()), bare)


def _when(clause: Clause) -> Iterator[When]:
    """The readings under which a rule can apply at all: one alternative for every choice from the pools it asks for."""
    choices: list[list[When]] = []
    for part in clause.body:
        if isinstance(part, Literal) and isinstance(part.atom, Atom) and part.atom.name == "reading":
            name = str(constant(part.atom.arguments[0]))
            pairs = [frozenset([(name, str(constant(each)))]) for each in options(part.atom.arguments[1])]
            if part.sign == 1:
                choices.append([When(others=frozenset().union(*pairs))])
            else:
                choices.append([When(each) for each in pairs])
    for chosen in product(*choices):
        whole: When | None = When()
        for each in chosen:
            whole = whole.also(each) if whole else None
        if whole:
            yield whole


def _bound(term: Term, bound: dict[str, str]) -> str | None:
    return bound.get(term.name) if isinstance(term, Variable) else constant(term)


# -- numbers ---------------------------------------------------------------------------------------


def _quantity(term: Term, known: Fact) -> Quantity | None:
    """A limit as written in a rule, in the fact's unit or in the unit of time that it names."""
    if isinstance(term, Function) and len(term.arguments) == 1 and known.type == "duration":
        amount = _number(term.arguments[0])
        if term.name in ("days", "weeks", "months", "years") and amount is not None and amount == int(amount):
            return Quantity(amount, term.name)
        return None
    amount = _number(term)
    if amount is None or known.type == "duration":
        return None
    return Quantity(amount, known.unit)


def _number(term: Term) -> Decimal | None:
    if isinstance(term, Operation):
        inner = _number(term.arguments[0]) if len(term.arguments) == 1 and term.operator == "-" else None
        return -inner if inner is not None else None
    if not isinstance(term, Constant) or term.kind == "name":
        return None
    return Decimal(term.text) if term.kind == "number" else decimal(term.text)
