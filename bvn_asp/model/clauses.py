"""A rule as plain data: its head, the parts of its body, and where each stands; printed as clingo prints it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from bvn_asp.classes import dataclass, field, replace

At: TypeAlias = tuple[int, int]
"""Line and column, counted from 1."""
NOWHERE: At = (0, 0)


# -- terms -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Constant:
    """A name, a whole number or a text.

    Attributes:
        text: a text without its quotes.
        kind: `name`, `number` or `text`.
    """

    text: str
    kind: str = "name"
    at: At = field(default=NOWHERE, compare=False)

    def __str__(self) -> str:
        if self.kind != "text":
            return self.text
        return '"' + self.text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"') + '"'


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable, `_` included."""

    name: str
    at: At = field(default=NOWHERE, compare=False)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Function:
    """`months(6)`; a tuple if it has no name."""

    name: str
    arguments: tuple[Term, ...]
    at: At = field(default=NOWHERE, compare=False)

    def __str__(self) -> str:
        inner = ",".join(map(str, self.arguments))
        return f"{self.name}({inner}{',' if not self.name and len(self.arguments) == 1 else ''})"


@dataclass(frozen=True, slots=True)
class Pool:
    """`(type_1; type_2)`: one of several terms."""

    options: tuple[Term, ...]
    at: At = field(default=NOWHERE, compare=False)

    def __str__(self) -> str:
        return f"({';'.join(map(str, self.options))})"


@dataclass(frozen=True, slots=True)
class Operation:
    """Arithmetic: `-T`, `A+B`, `1..3`, `|T|`."""

    operator: str
    arguments: tuple[Term, ...]
    at: At = field(default=NOWHERE, compare=False)

    def __str__(self) -> str:
        if self.operator == "|":
            return f"|{self.arguments[0]}|"
        if len(self.arguments) == 1:
            return f"{self.operator}{self.arguments[0]}"
        left, right = self.arguments
        return f"({left}{self.operator}{right})"


Term: TypeAlias = Constant | Variable | Function | Pool | Operation


# -- parts of a body -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Atom:
    """A predicate's name with its arguments."""

    name: str
    arguments: tuple[Term, ...] = ()
    at: At = field(default=NOWHERE, compare=False)

    @property
    def key(self) -> tuple[str, int]:
        return self.name, len(self.arguments)

    def __str__(self) -> str:
        return f"{self.name}({','.join(map(str, self.arguments))})" if self.arguments else self.name


@dataclass(frozen=True, slots=True)
class Comparison:
    """`A < B`, `1 <= X <= 3`; without guards it is `#true` or `#false`."""

    left: Term
    guards: tuple[tuple[str, Term], ...] = ()
    at: At = field(default=NOWHERE, compare=False)

    def __str__(self) -> str:
        return " ".join([str(self.left), *(f"{operator} {term}" for operator, term in self.guards)])


@dataclass(frozen=True, slots=True)
class Conditional:
    """`p(X) : q(X)`."""

    literal: Literal
    condition: tuple[Literal, ...] = ()
    at: At = field(default=NOWHERE, compare=False)

    def __str__(self) -> str:
        return f"{self.literal}: {', '.join(map(str, self.condition))}"


@dataclass(frozen=True, slots=True)
class Element:
    """`X,Y : q(X,Y)`, an element of `#count` and its like."""

    terms: tuple[Term, ...]
    condition: tuple[Literal, ...] = ()

    def __str__(self) -> str:
        return f"{','.join(map(str, self.terms))}: {', '.join(map(str, self.condition))}"


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`3 <= { p(X) : q(X) }`, or with a function such as `#count`.

    Attributes:
        function: empty for a set in braces.
        left, right: the bounds as operator and term; `left` is read as `term operator {…}`.
    """

    function: str
    left: tuple[str, Term] | None
    elements: tuple[Conditional | Element, ...]
    right: tuple[str, Term] | None = None
    at: At = field(default=NOWHERE, compare=False)

    def __str__(self) -> str:
        inner = "; ".join(
            str(each.literal) if isinstance(each, Conditional) and not each.condition else str(each)
            for each in self.elements
        )
        left = f"{self.left[1]} {self.left[0]} " if self.left else ""
        right = f" {self.right[0]} {self.right[1]}" if self.right else ""
        function = f"{self.function} " if self.function else ""
        return f"{left}{function}{{ {inner} }}{right}"


@dataclass(frozen=True, slots=True)
class Literal:
    """An atom, a comparison or an aggregate, with its sign.

    Attributes:
        sign: how many `not` stand before it, at most two.
    """

    atom: Atom | Comparison | Aggregate
    sign: int = 0
    at: At = field(default=NOWHERE, compare=False)

    def __str__(self) -> str:
        return "not " * self.sign + str(self.atom)


Part: TypeAlias = Literal | Conditional


@dataclass(frozen=True, slots=True)
class Mark:
    """That a rule is an exception: `instead(o29, each_treated_body, met(modic))`.

    Attributes:
        word: `instead`, `besides` or `unless`.
        reading, option: under which it holds.
    """

    word: str
    reading: str
    option: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule.

    Attributes:
        at, end: where it begins and ends.
        mark: of an exception; its head is then the atom that the exception is about.
        implied: how many of the last parts of the body the reader added, because of exceptions.
    """

    head: Atom
    body: tuple[Part, ...] = ()
    at: At = field(default=NOWHERE, compare=False)
    end: At = field(default=NOWHERE, compare=False)
    mark: Mark | None = None
    implied: int = 0

    def __str__(self) -> str:
        head = str(self.head)
        if self.mark:
            head = f"{self.mark.word}({self.mark.reading},{self.mark.option},{head})"
        return f"{head} :- {'; '.join(map(str, self.body))}." if self.body else f"{head}."


Node: TypeAlias = Term | Atom | Comparison | Aggregate | Element | Literal | Conditional | Clause


# -- walking ---------------------------------------------------------------------------------------


def children(node: Node) -> tuple[Node, ...]:
    """What stands directly below a node, in the order of the text."""
    match node:
        case Constant() | Variable():
            return ()
        case Function() | Operation() | Atom():
            return node.arguments
        case Pool():
            return node.options
        case Comparison():
            return (node.left, *(term for _, term in node.guards))
        case Aggregate():
            bounds = [each[1] for each in (node.left, node.right) if each]
            return (*bounds, *node.elements)
        case Element():
            return (*node.terms, *node.condition)
        case Literal():
            return (node.atom,)
        case Conditional():
            return (node.literal, *node.condition)
        case Clause():
            return (node.head, *node.body)


def below(node: Node) -> Iterator[Node]:
    """A node and every node below it."""
    yield node
    for each in children(node):
        yield from below(each)


def variables(node: Node) -> set[str]:
    """The names of the variables in a node."""
    return {each.name for each in below(node) if isinstance(each, Variable)}


def atoms(parts: tuple[Part, ...]) -> Iterator[tuple[Atom, int]]:
    """Every atom of a body, with the sign it stands under."""
    for part in parts:
        yield from _atoms(part, 0)


def _atoms(node: Part | Element, sign: int) -> Iterator[tuple[Atom, int]]:
    if isinstance(node, Literal):
        if isinstance(node.atom, Atom):
            yield node.atom, sign or node.sign
        elif isinstance(node.atom, Aggregate):
            for element in node.atom.elements:
                yield from _atoms(element, sign or node.sign)
        return
    if isinstance(node, Conditional):
        yield from _atoms(node.literal, sign)
    for each in node.condition:
        yield from _atoms(each, sign)


def renamed(node: Part, name: Callable[[Atom], Atom]) -> Part:
    """A part of a body with other atoms in it."""
    if isinstance(node, Conditional):
        condition = tuple(_renamed(one, name) for one in node.condition)
        return replace(node, literal=_renamed(node.literal, name), condition=condition)
    return _renamed(node, name)


def _renamed(node: Literal, name: Callable[[Atom], Atom]) -> Literal:
    if isinstance(node.atom, Atom):
        return replace(node, atom=name(node.atom))
    if not isinstance(node.atom, Aggregate):
        return node
    elements: list[Conditional | Element] = []
    for each in node.atom.elements:
        condition = tuple(_renamed(one, name) for one in each.condition)
        if isinstance(each, Element):
            elements.append(replace(each, condition=condition))
        else:
            elements.append(replace(each, literal=_renamed(each.literal, name), condition=condition))
    return replace(node, atom=replace(node.atom, elements=tuple(elements)))


# -- terms as rules use them -----------------------------------------------------------------------


def options(term: Term) -> Iterator[Term]:
    """The alternatives of a pool, or the term itself."""
    if isinstance(term, Pool):
        for each in term.options:
            yield from options(each)
    else:
        yield term


def unpooled(atom: Atom) -> Iterator[Atom]:
    """An atom once for every choice from its pools."""
    for arguments in _unpooled(atom.arguments):
        yield replace(atom, arguments=arguments)


def _unpooled(terms: tuple[Term, ...]) -> Iterator[tuple[Term, ...]]:
    if not terms:
        yield ()
        return
    first, rest = terms[0], terms[1:]
    for one in options(first):
        if isinstance(one, (Function, Operation)):
            heads: list[Term] = [replace(one, arguments=each) for each in _unpooled(one.arguments)]
        else:
            heads = [one]
        for head in heads:
            for tail in _unpooled(rest):
                yield (head, *tail)


def constant(term: Term) -> str | None:
    """A constant's text; None for anything else."""
    return term.text if isinstance(term, Constant) else None


def functor(term: Term) -> tuple[str | None, tuple[Term, ...]]:
    """A function's or a constant's name with its arguments; no name for anything else."""
    if isinstance(term, Function):
        return term.name, term.arguments
    if isinstance(term, Constant) and term.kind == "name":
        return term.text, ()
    return None, ()


# -- for people ------------------------------------------------------------------------------------


def written(clause: Clause) -> str:
    """A rule as its author would write it, with spaces."""
    head = _spaced(clause.head)
    if clause.mark:
        head = f"{clause.mark.word}({clause.mark.reading}, {clause.mark.option}, {head})"
    text = ""
    for i, part in enumerate(clause.body):
        between = "; " if i and isinstance(clause.body[i - 1], Conditional) else ", " if i else ""
        text += between + _spaced(part)
    return f"{head} :- {text}." if text else f"{head}."


def _spaced(node: Node) -> str:
    match node:
        case Atom() | Function():
            inner = ", ".join(map(_spaced, node.arguments))
            return f"{node.name}({inner})" if inner else str(node)
        case Pool():
            return f"({'; '.join(map(_spaced, node.options))})"
        case Literal():
            return "not " * node.sign + _spaced(node.atom)
        case Conditional():
            condition = ", ".join(map(_spaced, node.condition))
            return f"{_spaced(node.literal)} : {condition}" if condition else _spaced(node.literal)
        case Element():
            condition = ", ".join(map(_spaced, node.condition))
            return f"{', '.join(map(_spaced, node.terms))} : {condition}"
        case Aggregate():
            inner = "; ".join(map(_spaced, node.elements))
            sign = "" if not node.left or node.left[0] == "<=" else f"{node.left[0]} "
            left = f"{_spaced(node.left[1])} {sign}" if node.left else ""
            right = f" {node.right[0]} {_spaced(node.right[1])}" if node.right else ""
            function = f"{node.function} " if node.function else ""
            return f"{left}{function}{{ {inner} }}{right}"
        case _:
            return str(node)
