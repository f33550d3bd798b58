"""The text of a file of rules as plain clauses: clingo parses, this module copies what it finds.

Nothing else outside of `engine/` imports clingo. What belongs to the engine (choices, constraints, `#show` and the
like) is refused here, and so is what no rule of a policy holds: signs before heads, theory atoms, pools of whole atoms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from clingo import Control, SymbolType, ast

from bvn_asp.errors import Fault, InputError, Place
from bvn_asp.model.clauses import (
    Aggregate,
    At,
    Atom,
    Clause,
    Comparison,
    Conditional,
    Constant,
    Element,
    Function,
    Literal,
    Operation,
    Part,
    Pool,
    Term,
    Variable,
)
from bvn_asp.model.source import source_of, unread

_COMPARED = (">", "<", "<=", ">=", "!=", "=")
_BINARY = ("^", "?", "&", "+", "-", "*", "/", "\\", "**")
_UNARY = ("-", "~", "|")
_AGGREGATES = ("#count", "#sum", "#sum+", "#min", "#max")
_KINDS = {SymbolType.Number: "number", SymbolType.String: "text"}
_T = ast.ASTType


def parse(path: Path, source: str | None = None) -> tuple[Clause, ...]:
    """The rules of a file, in its order.

    Args:
        source: the text, if it is not to be read from `path`.

    Raises: InputError, with every fault of the text at once: it cannot be read, it is no rule, or it is a rule of a
        kind that belongs to the engine.
    """
    return _parse(path, source_of(path) if source is None else source)


@lru_cache(maxsize=128)
def _parse(path: Path, source: str) -> tuple[Clause, ...]:
    """As `parse`; copying is most of the time of reading a policy, and two policies may share a file."""
    foreign = _foreign_characters(str(path), source)
    if foreign:
        raise InputError(foreign)  # clingo would end the process over half a character in its own message
    included = _included(str(path), source)
    if included:
        raise InputError(included)  # clingo would read the other file before anybody could refuse it
    statements: list[ast.AST] = []
    messages: list[str] = []
    try:
        ast.parse_string(source, statements.append, logger=lambda _, text: messages.append(text))
    except RuntimeError:
        raise InputError(_syntax_faults(path, messages)) from None
    copier = _Copier(path)
    found = tuple(clause for each in statements if (clause := copier.statement(each)))
    if copier.faults:
        raise InputError(copier.faults)
    return found


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
                said = f"nothing gives `{name}` a value"
                found.append(Fault(Place(str(path), int(line), int(column)), said, hint, "unsafe-variable"))
    return tuple(found)


def _syntax_faults(path: Path, messages: Iterable[str]) -> list[Fault]:
    faults = []
    for message in messages:
        match = re.match(r"<string>:(\d+):(\d+)[^:]*: error: (.*)", message, re.DOTALL)
        if match:
            place = Place(str(path), int(match[1]), int(match[2]))
            faults.append(Fault(place, f"not a rule: {' '.join(match[3].split())}", code="not-a-rule"))
    return faults or [unread(path, "not a file of rules")]


def _bare(source: str) -> str:
    """The text with blanks for texts and comments."""
    return re.sub(
        r'"(?:[^"\\\n]|\\.)*"|%\*.*?\*%|%[^\n]*', lambda m: re.sub(r"[^\n]", " ", m[0]), source, flags=re.DOTALL
    )


def _included(path: str, source: str) -> list[Fault]:
    """Where the text would have clingo read another file."""
    if "#" not in source:
        return []
    found = []
    for match in re.finditer(r"#\s*include", _bare(source)):
        line = source.count("\n", 0, match.start()) + 1
        column = match.start() - source.rfind("\n", 0, match.start())
        words = "`#include` belongs to the engine, not to a policy"
        place = Place(path, line, column)
        found.append(Fault(place, words, "a policy's rules stand in its own file", "engine-only", "#include"))
    return found


def _foreign_characters(path: str, source: str) -> list[Fault]:
    """Characters that a rule may not hold outside of texts and comments."""
    if source.isascii():
        return []
    found = []
    bare = _bare(source)
    for match in re.finditer(r"[^\x00-\x7f]", bare):
        line = source.count("\n", 0, match.start()) + 1
        column = match.start() - source.rfind("\n", 0, match.start())
        words = f"not a rule: the character {match[0]!a} stands outside of a text"
        found.append(Fault(Place(path, line, column), words, "names are written in ASCII letters", "not-a-rule"))
    return found


class _Copier:
    """Copies the statements of one file, and collects what it refuses."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)
        self.faults: list[Fault] = []

    def wrong(self, node: ast.AST, message: str, hint: str = "") -> None:
        self.faults.append(Fault(Place(self.path, *_at(node)), message, hint, "engine-only"))

    def statement(self, statement: ast.AST) -> Clause | None:
        """A rule of a policy; None if it is a comment, or refused."""
        kind = statement.ast_type
        if kind == _T.Comment:
            return None
        if kind == _T.Program:
            if statement.name != "base":
                self.wrong(statement, "`#program` belongs to the engine, not to a policy")
            return None
        head = statement.head if kind == _T.Rule else None
        if head is None or head.ast_type != _T.Literal:
            what = "a choice" if head is not None else f"`{str(statement).split()[0]}`"
            hint = "a policy holds facts and rules only"
            self.wrong(statement, f"{what} belongs to the engine, not to a policy", hint)
            return None
        atom = head.atom
        if atom.ast_type == _T.BooleanConstant:
            self.wrong(statement, "a constraint belongs to the engine, not to a policy", "give the rule a head")
            return None
        if head.sign or atom.ast_type != _T.SymbolicAtom:
            self.wrong(statement, "the head of a rule is one plain atom")
            return None
        if atom.symbol.ast_type != _T.Function:
            hint = "write a pool as several rules; no `-`"
            self.wrong(statement, "the head of a rule is one plain atom", hint)
            return None
        location = statement.location
        begin, end = location.begin, location.end
        body = [part for each in statement.body if (part := self.part(each))]
        at = (begin.line, begin.column)
        return Clause(self.atom(atom.symbol), tuple(body), at, (end.line, end.column))

    def part(self, node: ast.AST) -> Part | None:
        if node.ast_type == _T.Literal:
            return self.literal(node)
        if node.ast_type == _T.ConditionalLiteral:
            found = self.conditional(node)
            return found.literal if found and not found.condition else found
        self.wrong(node, "theory atoms are not used in policies")
        return None

    def conditional(self, node: ast.AST) -> Conditional | None:
        literal = self.literal(node.literal)
        condition = self.literals(node.condition)
        return Conditional(literal, condition, _at(node)) if literal else None

    def literals(self, nodes: Iterable[ast.AST]) -> tuple[Literal, ...]:
        return tuple(found for each in nodes if (found := self.literal(each)))

    def literal(self, node: ast.AST) -> Literal | None:
        atom, sign, at = node.atom, int(node.sign), _at(node)
        kind = atom.ast_type
        if kind == _T.SymbolicAtom:
            symbol = atom.symbol
            if symbol.ast_type != _T.Function:
                self.wrong(node, "an atom is a plain name with arguments", "no `-`, no pool of whole atoms")
                return None
            return Literal(self.atom(symbol), sign, at)
        if kind == _T.Comparison:
            guards = tuple((_COMPARED[each.comparison], self.term(each.term)) for each in atom.guards)
            return Literal(Comparison(self.term(atom.term), guards, at), sign, at)
        if kind == _T.BooleanConstant:
            return Literal(Comparison(Constant("#true" if atom.value else "#false"), (), at), sign, at)
        if kind in (_T.Aggregate, _T.BodyAggregate):
            return Literal(self.aggregate(atom, at), sign, at)
        self.wrong(node, "theory atoms are not used in policies")
        return None

    def aggregate(self, node: ast.AST, at: At) -> Aggregate:
        elements: list[Conditional | Element] = []
        function = ""
        if node.ast_type == _T.Aggregate:
            elements += [found for each in node.elements if (found := self.conditional(each))]
        else:
            function = _AGGREGATES[node.function]
            elements += [Element(self.terms(each.terms), self.literals(each.condition)) for each in node.elements]
        left, right = (
            (_COMPARED[guard.comparison], self.term(guard.term)) if guard is not None else None
            for guard in (node.left_guard, node.right_guard)
        )
        return Aggregate(function, left, tuple(elements), right, at)

    def atom(self, symbol: ast.AST) -> Atom:
        return Atom(symbol.name, self.terms(symbol.arguments), _at(symbol))

    def terms(self, nodes: Iterable[ast.AST]) -> tuple[Term, ...]:
        return tuple(map(self.term, nodes))

    def term(self, node: ast.AST) -> Term:
        kind, at = node.ast_type, _at(node)
        if kind == _T.SymbolicTerm:
            symbol = node.symbol
            text = symbol.string if symbol.type == SymbolType.String else str(symbol)
            return Constant(text, _KINDS.get(symbol.type, "name"), at)
        if kind == _T.Variable:
            return Variable(node.name, at)
        if kind == _T.Function:
            if node.external:
                self.wrong(node, f"`@{node.name}` belongs to the engine, not to a policy")
            arguments = self.terms(node.arguments)
            return Function(node.name, arguments, at) if arguments or not node.name else Constant(node.name, "name", at)
        if kind == _T.Pool:
            return Pool(self.terms(node.arguments), at)
        if kind == _T.Interval:
            return Operation("..", (self.term(node.left), self.term(node.right)), at)
        if kind == _T.UnaryOperation:
            return Operation(_UNARY[node.operator_type], (self.term(node.argument),), at)
        return Operation(_BINARY[node.operator_type], (self.term(node.left), self.term(node.right)), at)


def _at(node: ast.AST) -> At:
    begin = node.location.begin
    return begin.line, begin.column
