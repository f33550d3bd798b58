"""Reads a policy's rules: its outline, what each entry reads, the limits it sets; and puts copies of it side by side.

clingo parses; this module walks the tree. It refuses what a policy may not contain, and rewrites every atom so that
several policies, revisions or worlds can live in one program: a policy's own predicates get the number of their copy
as first argument, what it reads from the record gets the number of a world.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from clingo import Control, Function, Symbol, SymbolType, ast

from bvn_asp.errors import Fault, InputError, Place, did_you_mean
from bvn_asp.model.quantity import Quantity
from bvn_asp.model.rules import (
    COMPARISONS,
    COPY,
    MARKS,
    READINGS,
    WORLD,
    Clause,
    Combination,
    Entry,
    Limit,
    Read,
    Rules,
)
from bvn_asp.model.vocabulary import Fact, Vocabulary, decimal

OUTLINE = {"group": 5, "criterion": 4, "cites": 2, "also": 2, "concerns": 2, "evidence": 2, "advisory": 1}
_INPUTS = {"is": 2, **dict.fromkeys(COMPARISONS, 2), "requested": 1, "reading": 2}
_STATIC = {"within": 3, "adjacent": 2, "disc_within": 3, "touches": 2}
_SHARED = ("group", "criterion", "met", "silent")  # what the outline reads; all else a policy defines is its own


def read_rules(path: Path, vocabulary: Vocabulary, source: str | None = None) -> Rules:
    """The rules of one revision.

    Args:
        source: the text, if it is not to be read from `path` (an edited or older text of the same file).

    Raises: InputError, with every fault of the file at once.
    """
    return _Walker(path, vocabulary).read(source)


def read_background(path: Path, vocabulary: Vocabulary) -> Rules:
    """The rules that say what no patient can be: heads `impossible("reason")` and helper predicates."""
    return _Walker(path, vocabulary, background=True).read(None)


def read_side_rules(path: Path, vocabulary: Vocabulary, heads: Mapping[str, int], given: Mapping[str, int]) -> Rules:
    """Rules that stand beside the policies, as which of them governs: read from the record, without an outline.

    Args:
        heads: what such a file is there to conclude, with the number of arguments; all else it defines is its own.
        given: what the engine adds to what a rule may ask, with the number of arguments.
    """
    return _Walker(path, vocabulary, background=True, heads=heads, given=given).read(None)


def read_clauses(path: Path, vocabulary: Vocabulary, source: str | None = None) -> tuple[Clause, ...]:
    """Every rule of a file, one by one, in the order of the file; as `read_rules` otherwise."""
    lister = _Lister(path, vocabulary)
    lister.read(source)
    return lister.clauses


def unsafe_variables(path: Path, source: str) -> tuple[Fault, ...]:
    """Rules with a variable that nothing gives values to; the text must be one that clingo can parse."""
    messages: list[str] = []
    control = Control(["1"], logger=lambda _, text: messages.append(text))
    try:
        control.add("base", [], source)
        control.ground([("base", [])])
    except RuntimeError:
        pass  # what was wrong stands in the messages
    found = []
    for message in messages:
        if "unsafe variables" in message:
            for line, column, name in re.findall(r":(\d+):(\d+)[^:\n]*: note: '(\w+)' is unsafe", message):
                hint = "ask for it without `not` as well: `body(B)`"
                found.append(Fault(Place(str(path), int(line), int(column)), f"nothing gives `{name}` a value", hint))
    return tuple(found)


@dataclass
class _Rule:
    """A rule of the file: its statement, its head's atom, and every atom of its body with the sign it stands under."""

    statement: ast.AST
    head: ast.AST
    atoms: list[tuple[ast.AST, int]]
    place: Place


class _Walker:
    def __init__(
        self,
        path: Path,
        vocabulary: Vocabulary,
        background: bool = False,
        heads: Mapping[str, int] | None = None,
        given: Mapping[str, int] | None = None,
    ) -> None:
        self.path = path
        self.vocabulary = vocabulary
        self.background = background
        self.heads = heads or {"impossible": 1}
        self.given = given or {}
        self.faults: list[Fault] = []
        self.rules: list[_Rule] = []
        self.limits: dict[Limit, Limit] = {}
        self.facts: set[str] = set()
        self.readings: set[tuple[str, str]] = set()
        self.indexes = set(vocabulary.indexes)

    def wrong(self, node: ast.AST | Place, message: str, hint: str = "") -> None:
        self.faults.append(Fault(node if isinstance(node, Place) else self.place(node), message, hint))

    def place(self, node: ast.AST) -> Place:
        begin = node.location.begin
        return Place(str(self.path), begin.line, begin.column)

    # -- reading -------------------------------------------------------------------------------

    def read(self, source: str | None) -> Rules:
        statements: list[ast.AST] = []
        messages: list[tuple[object, str]] = []
        try:
            if source is None:
                source = self.path.read_text(encoding="utf-8")
            foreign = _foreign_characters(str(self.path), source)
            if foreign:
                raise InputError(foreign)  # clingo would end the process over half a character in its own message
            ast.parse_string(source, statements.append, logger=lambda code, text: messages.append((code, text)))
        except OSError as error:
            raise InputError([Fault(Place(str(self.path)), f"cannot read the file: {error.strerror}")]) from None
        except UnicodeDecodeError:
            raise InputError([Fault(Place(str(self.path)), "not a text file (UTF-8)")]) from None
        except RuntimeError:
            raise InputError(self.syntax_faults(messages)) from None
        for statement in statements:
            self.statement(statement)
        defined = self.defined()
        self.check_atoms(defined)
        entries = () if self.background else self.outline()
        if self.faults:
            raise InputError(self.faults)
        reads = {} if self.background else self.reads_of(entries)
        self.rewrite(defined)
        text = "\n".join(str(rule.statement) for rule in self.kept)
        return Rules(
            str(self.path),
            entries,
            tuple(self.limits),
            frozenset(self.facts),
            frozenset(self.readings),
            reads,
            text,
            tuple(rule.place for rule in self.kept),
        )

    def syntax_faults(self, messages: Iterable[tuple[object, str]]) -> list[Fault]:
        faults = []
        for _, message in messages:
            match = re.match(r"<string>:(\d+):(\d+)[^:]*: error: (.*)", message, re.DOTALL)
            if match:
                words = " ".join(match[3].split())
                faults.append(Fault(Place(str(self.path), int(match[1]), int(match[2])), f"not a rule: {words}"))
        return faults or [Fault(Place(str(self.path)), "not a file of rules")]

    def statement(self, statement: ast.AST) -> None:
        kind = statement.ast_type
        if kind in (ast.ASTType.Comment, ast.ASTType.Program):
            if kind == ast.ASTType.Program and statement.name != "base":
                self.wrong(statement, "`#program` belongs to the engine, not to a policy")
            return
        head: Any = getattr(statement, "head", None)
        if kind != ast.ASTType.Rule or head.ast_type != ast.ASTType.Literal:
            what = "a choice" if kind == ast.ASTType.Rule else f"`{str(statement).split()[0]}`"
            self.wrong(
                statement, f"{what} belongs to the engine, not to a policy", "a policy holds facts and rules only"
            )
            return
        if head.atom.ast_type == ast.ASTType.BooleanConstant:
            self.wrong(statement, "a constraint belongs to the engine, not to a policy", "give the rule a head")
            return
        if head.sign or head.atom.ast_type != ast.ASTType.SymbolicAtom:
            self.wrong(statement, "the head of a rule is one plain atom")
            return
        symbol = head.atom.symbol
        if symbol.ast_type != ast.ASTType.Function:
            self.wrong(statement, "the head of a rule is one plain atom", "write a pool as several rules; no `-`")
            return
        for each in statement.body:
            if each.ast_type == ast.ASTType.ConditionalLiteral:
                self.check_condition(each)
        self.rules.append(_Rule(statement, symbol, list(self.atoms(statement.body)), self.place(statement)))

    @property
    def kept(self) -> list[_Rule]:
        """The rules that go to the solver: all but the outline's texts."""
        return [r for r in self.rules if r.head.name not in OUTLINE or r.head.name in ("group", "criterion")]

    def atoms(self, nodes: Iterable[ast.AST], sign: int = 0) -> Iterator[tuple[ast.AST, int]]:
        """Every symbolic atom below some body literals, with the sign it stands under."""
        for node in nodes:
            kind = node.ast_type
            if kind == ast.ASTType.Literal:
                atom = node.atom
                if atom.ast_type == ast.ASTType.SymbolicAtom:
                    if atom.symbol.ast_type != ast.ASTType.Function:
                        self.wrong(node, "an atom is a plain name with arguments", "no `-`, no pool of whole atoms")
                    else:
                        self.check_negated_pool(node)
                        yield atom.symbol, sign or node.sign
                elif atom.ast_type in (ast.ASTType.Aggregate, ast.ASTType.BodyAggregate):
                    yield from self.atoms(atom.elements, sign or node.sign)
                elif atom.ast_type == ast.ASTType.TheoryAtom:
                    self.wrong(node, "theory atoms are not used in policies")
            elif kind == ast.ASTType.ConditionalLiteral:
                yield from self.atoms([node.literal], sign)
                yield from self.atoms(node.condition, sign)
            elif kind == ast.ASTType.BodyAggregateElement:
                yield from self.atoms(node.condition, sign)

    # -- slips that turn a condition round -----------------------------------------------------

    def check_negated_pool(self, node: ast.AST) -> None:
        """`not p(a; b)` asks that one of them fail, where one reads it as: none of them holds."""
        if node.sign != ast.Sign.Negation:
            return
        each = [str(one) for one in _unpooled(node.atom.symbol)]
        if len(each) > 1 or any(n.ast_type == ast.ASTType.Interval for n in _below(node)):
            said = f"`{node}` asks for not one or not the other, which nearly everybody has"
            listed = ", ".join(f"not {one}" for one in each)
            self.wrong(node, said, f"for none of them write `{listed}`" if len(each) > 1 else "deny each by itself")

    def check_condition(self, node: ast.AST) -> None:
        """`p(B) : q(B), r` holds whenever `r` fails, where one reads it as: `r`, and `p(B)` for every `q(B)`."""
        tied = {n.name for n in _below(node.literal) if n.ast_type == ast.ASTType.Variable}
        loose = [(e, {n.name for n in _below(e) if n.ast_type == ast.ASTType.Variable}) for e in node.condition]
        kept: list[ast.AST] = []
        while found := [(each, names) for each, names in loose if names & tied]:
            kept += [each for each, _ in found]
            tied.update(*(names for _, names in found))
            loose = [each for each in loose if each not in found]
        kept.sort(key=lambda each: each.location.begin)
        for each, _ in loose:
            said = f"`{each}` stands in the condition of `{node.literal}`, and shares no variable with it"
            whole = f"{node.literal} : {', '.join(map(str, kept))}" if kept else str(node.literal)
            rest = "; ".join(str(one) for one, _ in loose)
            self.wrong(each, said, f"end the condition before it with a semicolon: `{whole}; {rest}`")

    # -- checking ------------------------------------------------------------------------------

    def defined(self) -> set[tuple[str, int]]:
        """The predicates that the file defines."""
        found = set()
        own = self.heads if self.background else {**OUTLINE, "met": 1, "silent": 1}
        for rule in self.rules:
            name, arity = rule.head.name, len(rule.head.arguments)
            if name in _INPUTS or name in _STATIC or name in self.indexes or name in self.given:
                self.wrong(rule.place, f"`{name}` comes from the record; a rule cannot define it")
            elif name in own and own[name] != arity:
                self.wrong(rule.place, f"`{name}` takes {own[name]} arguments, not {arity}")
            elif name in ("approve", "deny", "copy", "part", "world", "fact"):
                self.wrong(rule.place, f"`{name}` belongs to the engine", "choose another name")
            found.add((name, arity))
        return found

    def check_atoms(self, defined: set[tuple[str, int]]) -> None:
        known = {**_INPUTS, **_STATIC, **dict.fromkeys(self.indexes, 1), **self.given}
        for rule in self.rules:
            for atom, _ in rule.atoms:
                name, arity = atom.name, len(atom.arguments)
                if name in known:
                    if known[name] != arity:
                        self.wrong(atom, f"`{name}` takes {known[name]} arguments, not {arity}")
                    else:
                        self.check_input(name, atom)
                elif (name, arity) not in defined and name != "met":
                    names = [*known, *(each for each, _ in defined)]
                    self.wrong(atom, f"nothing defines `{name}/{arity}`", did_you_mean(name, names))

    def check_input(self, name: str, atom: ast.AST) -> None:
        arguments = list(atom.arguments)
        if name == "is":
            known = self.check_fact(arguments[0])
            for value in _options(arguments[1]):
                text = _constant(value)
                if known is None or text is None:
                    continue
                if not known.is_named:
                    self.wrong(atom, f"`{known.name}` is a number", f"compare it: `at_least({known.name}, …)`")
                elif text not in known.values:
                    hint = did_you_mean(text, known.values) or "one of " + ", ".join(known.values)
                    self.wrong(value, f"`{text}` is not a value of `{known.name}`", hint)
        elif name in COMPARISONS:
            known = self.check_fact(arguments[0])
            if known is not None and known.is_named:
                self.wrong(atom, f"`{known.name}` is not a number", f"ask `is({known.name}, …)`")
            elif known is not None:
                self.check_limit(name, known, arguments[1])
        elif name == "requested":
            self.facts.add("requested")
            self.check_member("body", arguments[0])
        elif name == "reading":
            identifier, options = _constant(arguments[0]), [_constant(each) for each in _options(arguments[1])]
            if identifier is None or None in options:
                self.wrong(atom, "a reading and its option are written out", "`reading(o29, each_treated_body)`")
            else:
                self.readings.update((identifier, option) for option in options if option)
        elif name in self.indexes:
            self.check_member(name, arguments[0])
        elif name in _STATIC:
            for i, argument in enumerate(arguments):
                self.check_member("level" if i == 0 and name in ("disc_within", "touches") else "body", argument)

    def check_member(self, index: str, node: ast.AST) -> None:
        terms = self.vocabulary.indexes[index].terms if index in self.vocabulary.indexes else {}
        for each in _options(node):
            text = _constant(each)
            if text is not None and text not in terms:
                about = self.vocabulary.indexes[index].about if terms else index
                self.wrong(each, f"unknown {about} `{text}`", did_you_mean(text, terms))

    def check_fact(self, node: ast.AST) -> Fact | None:
        for each in _options(node):
            name, arguments = _functor(each)
            if name is None:
                self.wrong(each, "a fact is written out, never a variable", "`is(care(M), tried)`")
                return None
            known = self.vocabulary.facts.get(name)
            if known is None:
                self.wrong(
                    each, f"unknown fact `{name}`", did_you_mean(name, self.vocabulary.facts, "`bvn facts` lists them")
                )
                return None
            if bool(known.per) != (len(arguments) == 1):
                index = self.vocabulary.indexes[known.per].about if known.per else ""
                hint = f"write `{name}(…)`, one {index}" if known.per else f"write `{name}` alone"
                self.wrong(each, f"`{name}` is {'per ' + index if known.per else 'one fact'}", hint)
                return None
            if known.per:
                self.check_member(known.per, arguments[0])
            self.facts.add(name)
            self.facts.update(counted for counted, _ in known.counts)
        return known

    def check_limit(self, operator: str, known: Fact, node: ast.AST) -> None:
        for each in _options(node):
            quantity = _quantity(each, known)
            if quantity is None:
                hint = (
                    "`months(6)`, `weeks(6)`" if known.type == "duration" else '`40`, or a decimal in quotes, `"-2.5"`'
                )
                self.wrong(each, f"`{each}` is not a limit of `{known.name}`", f"write the number out: {hint}")
                continue
            limit = Limit(known.name, operator, quantity, str(each), self.place(each))
            self.limits.setdefault(limit, limit)

    # -- the outline ---------------------------------------------------------------------------

    def outline(self) -> tuple[Entry, ...]:
        entries: dict[str, dict[str, object]] = {}
        extra: list[tuple[str, str, str, Place]] = []
        met_heads: set[str] = set()
        for rule in self.rules:
            name = rule.head.name
            if name == "met":
                identifier = _constant(rule.head.arguments[0])
                if identifier is None:
                    self.wrong(rule.place, "`met` names its criterion", "write `met(pain_duration) :- …`")
                else:
                    met_heads.add(identifier)
            if name not in OUTLINE or len(rule.head.arguments) != OUTLINE[name]:
                continue
            values = [_constant(each) for each in rule.head.arguments]
            if name == "group":
                values[2] = str(rule.head.arguments[2])
            if rule.atoms or None in values:
                self.wrong(rule.place, f"the outline is plain facts: `{name}` takes no variables and no conditions")
                continue
            if name in ("group", "criterion"):
                self.add_entry(entries, name, [str(value) for value in values], rule.place)
            else:
                extra.append((name, str(values[0]), str(values[1]) if len(values) > 1 else "", rule.place))
        for name, identifier, value, place in extra:
            if identifier not in entries:
                self.wrong(
                    place, f"`{name}` is about an unknown entry `{identifier}`", did_you_mean(identifier, entries)
                )
            elif name == "concerns":
                if value not in self.vocabulary.topics:
                    self.wrong(place, f"unknown topic `{value}`", did_you_mean(value, self.vocabulary.topics))
                entries[identifier]["topics"] = (*entries[identifier].get("topics", ()), value)  # type: ignore[misc]
            elif name == "also":
                entries[identifier]["also"] = (*entries[identifier].get("also", ()), value)  # type: ignore[misc]
            elif name == "evidence":
                if value not in MARKS:
                    self.wrong(place, f"`{value}` is not a mark of evidence", "one of " + ", ".join(MARKS))
                entries[identifier]["mark"] = value
            elif name == "cites":
                entries[identifier]["citations"] = value
        self.check_outline(entries, met_heads)
        return tuple(Entry(**each) for each in entries.values())  # type: ignore[arg-type]

    def add_entry(self, entries: dict[str, dict[str, object]], name: str, values: list[str], place: Place) -> None:
        identifier, parent = values[0], values[1]
        if identifier in entries:
            self.wrong(
                place, f"`{identifier}` stands twice in the outline", f"first in line {entries[identifier]['line']}"
            )
            return
        kind, need = "criterion", 0
        if name == "group":
            match = re.fullmatch(r"(all_of|any_of|none_of)|at_least\((\d+)\)", values[2])
            if not match:
                self.wrong(place, f"`{values[2]}` is not a kind of group", "all_of, any_of, none_of or at_least(3)")
            else:
                kind, need = match[1] or "at_least", int(match[2] or 0)
        entries[identifier] = {
            **{"id": identifier, "parent": parent, "kind": kind, "need": need},
            **{"place": values[-2], "text": values[-1], "line": place.line},
        }

    def check_outline(self, entries: dict[str, dict[str, object]], met_heads: set[str]) -> None:
        for identifier, entry in entries.items():
            place = Place(str(self.path), int(str(entry["line"])), 1)
            parent = str(entry["parent"])
            if parent not in ("root", "advice") and (parent not in entries or entries[parent]["kind"] == "criterion"):
                groups = [each for each in entries if entries[each]["kind"] != "criterion"]
                self.wrong(
                    place, f"`{identifier}` is part of `{parent}`, which is no group", did_you_mean(parent, groups)
                )
            if entry["kind"] != "criterion" and identifier in met_heads:
                self.wrong(
                    place, f"`{identifier}` is a group: its parts say when it is met", "remove the rule for `met`"
                )
            if not entry["place"]:
                self.wrong(place, f"`{identifier}` has no place in the source")
            seen = {identifier}
            while parent in entries:
                if parent in seen:
                    self.wrong(place, f"`{identifier}` is part of itself")
                    break
                seen.add(parent)
                parent = str(entries[parent]["parent"])
        for identifier in sorted(met_heads - set(entries)):
            rule = next(r for r in self.rules if r.head.name == "met" and _constant(r.head.arguments[0]) == identifier)
            self.wrong(rule.place, f"`{identifier}` is not in the outline", did_you_mean(identifier, entries))
        if not self.rules:
            self.wrong(Place(str(self.path)), "the file holds no rules")

    # -- what an entry reads -------------------------------------------------------------------

    def reads_of(self, entries: Iterable[Entry]) -> dict[str, tuple[Read, ...]]:
        by_head: dict[tuple[str, int], list[_Rule]] = {}
        for rule in self.rules:
            by_head.setdefault((rule.head.name, len(rule.head.arguments)), []).append(rule)
        found = {}
        for entry in entries:
            if not entry.is_group:
                reads: _Reads = {}
                self.follow(by_head, "met", (entry.id,), frozenset(), reads, set())
                found[entry.id] = tuple(
                    Read(fact, member, tuple(tests), tuple(map(tuple, tests.values())))
                    for (fact, member), tests in reads.items()
                )
        return found

    def follow(
        self,
        by_head: dict[tuple[str, int], list[_Rule]],
        name: str,
        arguments: tuple[str | None, ...],
        when: Combination,
        reads: _Reads,
        seen: set[tuple[str, tuple[str | None, ...], Combination]],
    ) -> None:
        """Collect what the rules for an atom read, following helper predicates with the constants known so far."""
        if (name, arguments, when) in seen:
            return
        seen.add((name, arguments, when))
        for rule in by_head.get((name, len(arguments)), ()):
            bound: dict[str, str] = {}
            for given, own in zip(arguments, rule.head.arguments, strict=True):
                constant = _constant(own)
                if given is not None and constant is not None and given != constant:
                    break
                if given is not None and own.ast_type == ast.ASTType.Variable:
                    bound[own.name] = given
            else:
                here = when | _readings_of(rule)
                if len({identifier for identifier, _ in here}) < len(here):
                    continue  # two options of one reading never hold together
                for atom, sign in rule.atoms:
                    self.read_atom(atom, bool(sign), bound, here, reads)
                    values = tuple(_bound(each, bound) for each in atom.arguments)
                    self.follow(by_head, atom.name, values, here, reads, seen)

    def read_atom(
        self,
        atom: ast.AST,
        negated: bool,
        bound: dict[str, str],
        when: Combination,
        reads: _Reads,
    ) -> None:
        if atom.name == "requested":
            reads.setdefault(("requested", ""), {})
        if atom.name != "is" and atom.name not in COMPARISONS:
            return
        for each in _options(atom.arguments[0]):
            fact, arguments = _functor(each)
            if fact is None:
                continue
            member = (_bound(arguments[0], bound) or "") if arguments else ""
            tests = reads.setdefault((fact, member), {})
            for value in _options(atom.arguments[1]):
                text = _constant(value) or str(value)
                operator = atom.name
                if operator == "is":
                    operator = "is not" if negated else "is"
                else:
                    quantity = _quantity(value, self.vocabulary.facts[fact])
                    text = str(quantity) if quantity else text
                tests.setdefault((operator, text), {})[when] = None

    # -- rewriting -----------------------------------------------------------------------------

    def rewrite(self, defined: set[tuple[str, int]]) -> None:
        done: set[int] = set()
        for rule in self.kept:
            for node in [rule.head, *(atom for atom, _ in rule.atoms)]:
                if id(node) in done:
                    continue
                done.add(id(node))
                name = node.name
                if name in self.indexes or name in _STATIC:
                    continue
                prefix = READINGS if name == "reading" else WORLD if name in _INPUTS else COPY
                if self.background:
                    prefix = WORLD
                node.arguments.insert(0, ast.SymbolicTerm(node.location, Function(prefix)))
                shared = {*self.heads, *self.given, *_INPUTS} if self.background else _SHARED
                if (prefix == COPY or self.background) and name not in shared:
                    node.name = f"own_{name}"


class _Lister(_Walker):
    """Reads a file and keeps its rules one by one."""

    clauses: tuple[Clause, ...] = ()

    def reads_of(self, entries: Iterable[Entry]) -> dict[str, tuple[Read, ...]]:
        return {}

    def rewrite(self, defined: set[tuple[str, int]]) -> None:
        before = [self.clause(rule) for rule in self.rules]
        super().rewrite(defined)
        self.clauses = tuple(map(self.with_text, before, self.rules))

    def clause(self, rule: _Rule) -> Clause:
        variables: list[tuple[str, Place, bool]] = []
        anonymous: list[Place] = []
        if rule.head.name not in OUTLINE and re.search(r"\b_*[A-Z]|\b_\b", str(rule.statement)):
            self.names(rule.statement, True, variables, anonymous)
        end = rule.statement.location.end
        return Clause(
            rule.head.name,
            tuple(_constant(each) for each in rule.head.arguments),
            rule.place,
            Place(str(self.path), end.line, end.column),
            tuple((atom.name, len(atom.arguments)) for atom, _ in rule.atoms),
            _readings_of(rule),
            tuple(variables),
            tuple(anonymous),
        )

    def names(self, node: ast.AST, plain: bool, named: list[tuple[str, Place, bool]], anonymous: list[Place]) -> None:
        kind = node.ast_type
        if kind == ast.ASTType.Variable:
            if node.name != "_":
                named.append((node.name, self.place(node), plain))
            elif not plain:
                anonymous.append(self.place(node))
            return
        if kind in (ast.ASTType.ConditionalLiteral, ast.ASTType.Aggregate, ast.ASTType.BodyAggregate):
            plain = False
        if kind == ast.ASTType.Literal and node.sign and node.atom.ast_type == ast.ASTType.SymbolicAtom:
            inner: list[Place] = []
            self.names(node.atom, False, named, inner)  # `not p(_)` asks for none at all, as one reads it
            return
        for key in node.child_keys:
            child = getattr(node, key)
            for each in child if isinstance(child, Iterable) else [child]:
                if isinstance(each, ast.AST):
                    self.names(each, plain, named, anonymous)

    def with_text(self, clause: Clause, rule: _Rule) -> Clause:
        body = list(rule.statement.body)
        exceptions = tuple(
            (i, str(node.atom))
            for i, node in enumerate(body)
            if node.ast_type == ast.ASTType.Literal
            and node.sign == ast.Sign.Negation
            and node.atom.ast_type == ast.ASTType.SymbolicAtom
        )
        return replace(clause, derives=str(rule.statement.head), body=tuple(map(str, body)), exceptions=exceptions)


_Reads = dict[tuple[str, str], dict[tuple[str, str], dict[Combination, None]]]
"""Fact and member to test to the combinations of readings under which it is made."""


def _foreign_characters(path: str, source: str) -> list[Fault]:
    """Characters that a rule may not hold outside of texts and comments."""
    if source.isascii():
        return []
    found = []
    bare = re.sub(
        r'"(?:[^"\\\n]|\\.)*"|%\*.*?\*%|%[^\n]*', lambda m: re.sub(r"[^\n]", " ", m[0]), source, flags=re.DOTALL
    )
    for match in re.finditer(r"[^\x00-\x7f]", bare):
        line = source.count("\n", 0, match.start()) + 1
        column = match.start() - source.rfind("\n", 0, match.start())
        words = f"not a rule: the character {match[0]!a} stands outside of a text"
        found.append(Fault(Place(path, line, column), words, "names are written in ASCII letters"))
    return found


def _readings_of(rule: _Rule) -> Combination:
    """The readings that a rule asks for outright, without a pool."""
    found = set()
    for atom, sign in rule.atoms:
        if atom.name == "reading" and not sign and len(atom.arguments) == 2:
            identifier, option = _constant(atom.arguments[0]), _constant(atom.arguments[1])
            if identifier and option:
                found.add((identifier, option))
    return frozenset(found)


def _below(node: ast.AST) -> Iterator[ast.AST]:
    """A node and every node below it."""
    yield node
    for key in node.child_keys:
        child = getattr(node, key)
        for each in child if isinstance(child, Iterable) else [child]:
            if isinstance(each, ast.AST):
                yield from _below(each)


def _unpooled(node: ast.AST) -> list[ast.AST]:
    """A term once for every choice from its pools."""
    return list(node.unpool())


def _options(node: ast.AST) -> Iterator[ast.AST]:
    """The alternatives of a pool, or the term itself."""
    if node.ast_type == ast.ASTType.Pool:
        for each in node.arguments:
            yield from _options(each)
    else:
        yield node


def _functor(node: ast.AST) -> tuple[str | None, list[ast.AST]]:
    if node.ast_type == ast.ASTType.Function:
        return node.name, list(node.arguments)
    if node.ast_type == ast.ASTType.SymbolicTerm and node.symbol.type == SymbolType.Function:
        return node.symbol.name, []
    return None, []


def _constant(node: ast.AST) -> str | None:
    """A constant's text: a name, a number or a string; None for anything else."""
    if node.ast_type == ast.ASTType.SymbolicTerm:
        return _text(node.symbol)
    if node.ast_type == ast.ASTType.Function and not node.arguments and node.name:
        return str(node.name)
    return None


def _text(symbol: Symbol) -> str | None:
    if symbol.type == SymbolType.String:
        return symbol.string
    return str(symbol)


def _bound(node: ast.AST, bound: dict[str, str]) -> str | None:
    return bound.get(node.name) if node.ast_type == ast.ASTType.Variable else _constant(node)


def _quantity(node: ast.AST, known: Fact) -> Quantity | None:
    """A limit as written in a rule, in the fact's unit or in the unit of time that it names."""
    if node.ast_type == ast.ASTType.Function and len(node.arguments) == 1 and known.type == "duration":
        amount = _number(node.arguments[0])
        if node.name in ("days", "weeks", "months", "years") and amount is not None and amount == int(amount):
            return Quantity(amount, node.name)
        return None
    amount = _number(node)
    if amount is None or known.type == "duration":
        return None
    return Quantity(amount, known.unit)


def _number(node: ast.AST) -> Decimal | None:
    if node.ast_type == ast.ASTType.UnaryOperation:
        inner = _number(node.argument)
        return -inner if inner is not None and node.operator_type == ast.UnaryOperator.Minus else None
    if node.ast_type != ast.ASTType.SymbolicTerm:
        return None
    if node.symbol.type == SymbolType.Number:
        return Decimal(node.symbol.number)
    return decimal(node.symbol.string) if node.symbol.type == SymbolType.String else None
