"""The text of a file of rules as plain clauses, parsed without clingo: the dialect of `policies/README.md`.

What it does not know it refuses; what it reads is held to clingo's own parser by a test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bvn_asp.errors import Place, fault
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

_TOKEN = re.compile(
    r"(?P<skip>\s+|%\*.*?\*%|%[^\n]*)"
    r'|(?P<text>"(?:\\.|[^"\\\n])*")'
    r"|(?P<number>\d+)"
    r"|(?P<variable>_*[A-Z][A-Za-z0-9_']*|_(?![A-Za-z0-9_]))"
    r"|(?P<name>_*[a-z][A-Za-z0-9_']*)"
    r"|(?P<hash>#[a-z]+\+?)"
    r"|(?P<sign>:-|\.\.|<=|>=|!=|<>|==|\*\*|[-+*/\\^?&~.,;:(){}<>=|])",
    re.DOTALL,
)
_COMPARED = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "=": "=", "==": "=", "!=": "!=", "<>": "!="}
_MIRROR = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_LEVELS = (("..",), ("^",), ("?",), ("&",), ("+", "-"), ("*", "/", "\\"))


def parse(path: Path | str, source: str) -> tuple[Clause, ...]:
    """The clauses of a text, in its order; exceptions still bear their word as the head.

    Raises: InputError: the first thing that is no rule of a policy.
    """
    return tuple(_Parser(str(path), source).clauses())


class _Parser:
    def __init__(self, path: str, source: str) -> None:
        self.path = path
        self.tokens: list[tuple[str, str, At]] = []
        at, line, start = 0, 1, 0
        while at < len(source):
            found = _TOKEN.match(source, at)
            if found is None:
                raise fault(f"`{source[at]}` is not read here", "", Place(path, line, at - start + 1))
            kind, text = str(found.lastgroup), found.group()
            if kind != "skip":
                self.tokens.append((kind, text, (line, at - start + 1)))
            if "\n" in text:
                line += text.count("\n")
                start = at + text.rindex("\n") + 1
            at = found.end()
        self.tokens.append(("end", "", (line, at - start + 1)))
        self.i = 0

    # -- tokens --------------------------------------------------------------------------------

    def next(self, *texts: str) -> bool:
        """Whether a sign or word comes next."""
        kind, text, _ = self.tokens[self.i]
        return kind != "text" and text in texts

    def take(self) -> tuple[str, str, At]:
        self.i += 1
        return self.tokens[self.i - 1]

    def took(self, *texts: str) -> bool:
        found = self.next(*texts)
        self.i += found
        return found

    def want(self, text: str) -> None:
        if not self.took(text):
            raise self.wrong(f"`{text}` is expected before `{self.tokens[self.i][1]}`")

    def wrong(self, message: str) -> Exception:
        return fault(message, "", Place(self.path, *self.tokens[self.i][2]))

    # -- rules ---------------------------------------------------------------------------------

    def clauses(self) -> Iterator[Clause]:
        while self.tokens[self.i][0] != "end":
            at = self.tokens[self.i][2]
            head = self.atom(self.term())
            body: list[Part] = []
            if self.took(":-"):
                body.append(self.part())
                while self.took(",", ";"):
                    body.append(self.part())
            self.want(".")
            yield Clause(head, tuple(body), at)

    def part(self) -> Part:
        at, literal = self.tokens[self.i][2], self.literal()
        if not self.took(":"):
            return literal
        condition = [] if self.next(";", ".") else self.literals()
        return Conditional(literal, tuple(condition), at) if condition else literal

    def literals(self) -> list[Literal]:
        found = [self.literal()]
        while self.took(","):
            found.append(self.literal())
        return found

    def literal(self) -> Literal:
        at, sign = self.tokens[self.i][2], 0
        while self.took("not"):
            sign += 1
        sign = sign if sign < 3 else 2 - sign % 2
        if self.next("#true", "#false"):
            return Literal(Comparison(Constant(self.take()[1]), (), at), sign, at)
        if self.set_next():
            return Literal(self.aggregate(None, at), sign, at)
        left = self.term()
        if self.set_next():
            return Literal(self.aggregate(("<=", left), at), sign, at)
        guards: list[tuple[str, Term]] = []
        while self.next(*_COMPARED):
            operator = _COMPARED[self.take()[1]]
            if self.set_next() and not guards:
                return Literal(self.aggregate((operator, left), at), sign, at)
            guards.append((operator, self.term()))
        if guards:
            return Literal(Comparison(left, tuple(guards), at), sign, at)
        return Literal(self.atom(left), sign, at)

    def set_next(self) -> bool:
        return self.next("{", "#count", "#sum", "#sum+", "#min", "#max")

    def aggregate(self, left: tuple[str, Term] | None, at: At) -> Aggregate:
        function = "" if self.next("{") else self.take()[1]
        self.want("{")
        elements: list[Conditional | Element] = []
        while not self.next("}"):
            if function:
                terms = [] if self.next(":") else [self.term()]
                while self.took(","):
                    terms.append(self.term())
                condition = self.literals() if self.took(":") and not self.next(";", "}") else []
                elements.append(Element(tuple(terms), tuple(condition)))
            else:
                literal = self.literal()
                condition = self.literals() if self.took(":") and not self.next(";", "}") else []
                elements.append(Conditional(literal, tuple(condition), literal.at))
            if not self.took(";"):
                break
        self.want("}")
        right: tuple[str, Term] | None = None
        if self.next(*_COMPARED):
            operator = _COMPARED[self.take()[1]]
            right = (operator, self.term())
        elif not self.next(",", ";", ".", ":", "}"):
            right = ("<=", self.term())
        if left is None and right is not None:
            left, right = (_MIRROR[right[0]], right[1]), None
        return Aggregate(function, left, tuple(elements), right, at)

    def atom(self, term: Term) -> Atom:
        if isinstance(term, Function) and term.name:
            return Atom(term.name, term.arguments, term.at)
        if isinstance(term, Constant) and term.kind == "name":
            return Atom(term.text, (), term.at)
        raise self.wrong(f"`{term}` is no atom")

    # -- terms ---------------------------------------------------------------------------------

    def term(self, level: int = 0) -> Term:
        if level == len(_LEVELS):
            return self.unary()
        left = self.term(level + 1)
        while self.next(*_LEVELS[level]):
            operator = self.take()[1]
            left = Operation(operator, (left, self.term(level + 1)), left.at)
        return left

    def unary(self) -> Term:
        at = self.tokens[self.i][2]
        if self.next("-", "~"):
            operator = self.take()[1]
            inner = self.unary()
            if operator == "-" and isinstance(inner, Constant) and inner.kind == "number":
                return Constant(f"-{inner.text}", "number", at)
            return Operation(operator, (inner,), at)
        left = self.plain()
        if self.took("**"):
            return Operation("**", (left, self.unary()), at)
        return left

    def plain(self) -> Term:
        kind, text, at = self.take()
        if kind == "number":
            return Constant(str(int(text)), "number", at)
        if kind == "text":
            said = re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text[1:-1])
            return Constant(said, "text", at)
        if kind == "variable":
            return Variable(text, at)
        if text == "|":
            inner = self.term()
            self.want("|")
            return Operation("|", (inner,), at)
        if kind == "name" and text != "not":
            if not self.took("("):
                return Constant(text, "name", at)
            pools = self.pools()
            made = [Function(text, tuple(each), at) if each else Constant(text, "name", at) for each in pools]
            return made[0] if len(made) == 1 else Pool(tuple(made), at)
        if text == "(":
            pools = self.pools()
            if len(pools) == 1 and len(pools[0]) == 1:
                return pools[0][0]
            options = [each[0] if len(each) == 1 else Function("", tuple(each), at) for each in pools]
            return options[0] if len(options) == 1 else Pool(tuple(options), at)
        self.i -= 1
        raise self.wrong(f"`{text or 'the end'}` is not read here")

    def pools(self) -> list[list[Term]]:
        """What stands in brackets up to the closing one: lists of terms, with `;` between them."""
        found: list[list[Term]] = [[]]
        while not self.took(")"):
            found[-1].append(self.term())
            if self.took(";"):
                found.append([])
            elif not self.took(","):
                self.want(")")
                break
        return found
