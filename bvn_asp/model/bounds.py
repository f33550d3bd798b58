"""What rules may not do, so that grounding them ends, and soon, and each world has one outcome.

Three checks on the text alone. Each over-estimates: a file that passes is bounded, one that is refused might have been.

- No predicate depends on its own denial: otherwise a world would have several outcomes or none (the rules are
  stratified: Apt, Blair and Walker, 1988).
- No head makes new terms of what it is derived from, so the terms of a program are those that are written in it.
- No rule has more than `MOST` instances: the product of what its variables can be, position by position.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import prod
from typing import TypeAlias

from bvn_asp.classes import dataclass
from bvn_asp.model.clauses import (
    Aggregate,
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
    below,
    constant,
    options,
    variables,
)
from bvn_asp.model.notation import LIFTED

MOST = 200_000
WIDEST = 10_000

Domain: TypeAlias = Callable[[Atom, int], int | None]

Node: TypeAlias = tuple[str, int, str]
"""A predicate's name and arity; for `met` and its `unless` also the entry, or the empty string for any."""


@dataclass(frozen=True)
class Breach:
    """A rule that is refused, with what to say of it."""

    clause: Clause
    message: str
    hint: str


def breaches(
    clauses: Sequence[Clause], domain: Domain, groups: Mapping[str, tuple[bool, tuple[str, ...]]]
) -> Iterator[Breach]:
    """Every rule that could keep the solver from ending, or from deciding.

    Args:
        domain: of an atom that the engine gives, how many values stand at a position; None of any other atom.
        groups: entry to whether the parts of the group are denied by it, and the parts.
    """
    found = list(_new_terms(clauses))
    found += _circles(clauses, groups)
    if not found:
        found += _sizes(clauses, domain)
    yield from found


# -- circles -----------------------------------------------------------------------------------


def _circles(clauses: Sequence[Clause], groups: Mapping[str, tuple[bool, tuple[str, ...]]]) -> Iterator[Breach]:
    entries = {node[2] for each in clauses if (node := _node(each.head))[0] == "met" and node[2]} | set(groups)
    edges: dict[Node, dict[Node, bool]] = {}
    home: dict[Node, Clause] = {}

    def add(head: Node, body: Node, denied: bool) -> None:
        for one in _spread(head, entries):
            for other in _spread(body, entries):
                below_it = edges.setdefault(one, {})
                below_it[other] = below_it.get(other, False) or denied

    for clause in clauses:
        head = _node(clause.head)
        for one in _spread(head, entries):
            home.setdefault(one, clause)
        for atom, denied in _uses(clause.body):
            add(head, _node(atom), denied)
    for group, (denies, parts) in groups.items():
        for part in parts:
            add(("met", 1, group), ("met", 1, part), denies)
    told: set[Node] = set()
    for head, bodies in edges.items():
        for body, denied in bodies.items():
            if denied and head not in told and (path := _path(edges, body, head)):
                told.update(path)
                circle = " needs ".join([f"{_name(head)}", f"not {_name(body)}", *map(_name, path[1:])])
                yield Breach(
                    home.get(head) or home.get(body) or clauses[0],
                    f"`{_name(head)}` depends on its own denial: {circle}",
                    "a world would have several outcomes or none; say it without the circle",
                )


def _node(atom: Atom) -> Node:
    by_entry = atom.name in ("met", f"{LIFTED}met") and len(atom.arguments) == 1
    first = constant(atom.arguments[0]) if by_entry else None
    return (atom.name, len(atom.arguments), first or "")


def _spread(node: Node, entries: Iterable[str]) -> list[Node]:
    """`met` of any entry as `met` of each."""
    return [("met", 1, each) for each in sorted(entries)] if node == ("met", 1, "") else [node]


def _name(node: Node) -> str:
    name = node[0].removeprefix(LIFTED)
    said = f"{name}({node[2]})" if node[2] else name
    return said if name == node[0] else f"an `unless` of {said}"


def _uses(body: Sequence[Part]) -> Iterator[tuple[Atom, bool]]:
    """Every atom of a body, and whether a rule may hold for the lack of it."""
    for part in body:
        if isinstance(part, Conditional):
            yield from ((atom, denied) for atom, denied in _uses((part.literal,)))
            yield from ((atom, True) for atom, _ in _uses(part.condition))
        elif isinstance(part.atom, Atom):
            yield part.atom, part.sign > 0
        elif isinstance(part.atom, Aggregate):
            for element in part.atom.elements:
                inner = element.condition if isinstance(element, Element) else (element.literal, *element.condition)
                yield from ((atom, True) for atom, _ in _uses(inner))


def _path(edges: Mapping[Node, Mapping[Node, bool]], start: Node, end: Node) -> list[Node] | None:
    """The shortest way from one predicate to another; ends, for each is visited once."""
    before: dict[Node, Node | None] = {start: None}
    queue = [start]
    for node in queue:
        if node == end:
            way: list[Node] = []
            step: Node | None = node
            while step is not None:
                way.append(step)
                step = before[step]
            return way[::-1]
        for other in edges.get(node, {}):
            if other not in before:
                before[other] = node
                queue.append(other)
    return None


# -- terms -------------------------------------------------------------------------------------


def _new_terms(clauses: Sequence[Clause]) -> Iterator[Breach]:
    for clause in clauses:
        for argument in clause.head.arguments:
            for each in below(argument):
                if isinstance(each, (Operation, Function)) and variables(each):
                    yield Breach(
                        clause,
                        f"the head of the rule makes a new term, `{each}`, of what the rule reads",
                        "a head names what is there already, so that the rules end",
                    )
                    break
        for each in below(clause):
            wide = _width(each) if isinstance(each, Operation) else 0
            if wide > WIDEST:
                yield Breach(clause, f"`{each}` has {wide:,} values", f"at most {WIDEST:,} are taken")


def _width(term: Operation) -> int:
    """How many values an interval has; 0 for anything else."""
    if term.operator != ".." or len(term.arguments) != 2:
        return 0
    low, high = (_whole(each) for each in term.arguments)
    return 0 if low is None or high is None else max(0, high - low + 1)


def _whole(term: Term) -> int | None:
    if isinstance(term, Constant) and term.kind == "number":
        return int(term.text)
    if isinstance(term, Operation) and term.operator == "-" and len(term.arguments) == 1:
        inner = _whole(term.arguments[0])
        return None if inner is None else -inner
    return None


# -- instances ---------------------------------------------------------------------------------


_Stock: TypeAlias = frozenset[tuple[str, int]]
"""What stands at a position: constants of the text, each once, and stocks that the engine gives, each with its size."""


def _sizes(clauses: Sequence[Clause], given: Domain) -> Iterator[Breach]:
    """Rules with too many instances, by how many values each position of each predicate can have.

    No head makes a term, so what stands at a position is a set of constants of the text and of stocks of the engine,
    both finitely many; the sets only grow, so the loop ends.
    """
    stocks: dict[tuple[str, int, int], _Stock] = {}

    def stock(atom: Atom, position: int) -> _Stock:
        wide = given(atom, position)
        if wide is not None:
            return frozenset({(f"place {position} of {atom.name} with {wide}", wide)})
        return stocks.get((*atom.key, position), frozenset())

    grown = True
    while grown:
        grown = False
        for clause in clauses:
            can_be = _ranges(clause.body, stock) if variables(clause.head) else {}
            for position, argument in enumerate(clause.head.arguments):
                key = (*clause.head.key, position)
                found = stocks.get(key, frozenset())
                for each in options(argument):
                    if isinstance(each, Variable):
                        found |= can_be.get(each.name, frozenset())
                    else:
                        wide = _width(each) if isinstance(each, Operation) else 0
                        found |= {(str(each), max(1, wide))}
                if found != stocks.get(key):
                    stocks[key], grown = found, True
    for clause in clauses:
        number = _instances(clause, stock) if clause.body else 0
        if number > MOST:
            yield Breach(
                clause,
                f"the rule would have up to {_rounded(number)} instances",
                f"at most {MOST:,} are taken: join fewer variables, or over smaller ranges",
            )


_At: TypeAlias = Callable[[Atom, int], _Stock]
"""What stands at a position of an atom."""


def _size(stock: _Stock) -> int:
    return max(1, sum(wide for _, wide in stock))


def _ranges(parts: Sequence[Part], stock: _At) -> dict[str, _Stock]:
    """What each variable can be: the smallest of the stocks that bind it."""
    found: dict[str, _Stock] = {}

    def narrow(name: str, by: _Stock) -> None:
        if name not in found or _size(by) < _size(found[name]):
            found[name] = by

    for part in parts:
        if not isinstance(part, Literal) or part.sign:
            continue
        if isinstance(part.atom, Atom):
            for position, argument in enumerate(part.atom.arguments):
                for each in below(argument):
                    if isinstance(each, Variable) and each.name != "_":
                        narrow(each.name, stock(part.atom, position))
        elif isinstance(part.atom, Comparison):
            for variable, wide in _assigned(part.atom):
                narrow(variable, frozenset({(str(part.atom), wide)}))
    return found


def _assigned(comparison: Comparison) -> Iterator[tuple[str, int]]:
    terms = [comparison.left, *(term for operator, term in comparison.guards if operator == "=")]
    names = [each.name for each in terms if isinstance(each, Variable)]
    for each in terms:
        if isinstance(each, Operation):
            yield from ((name, max(1, _width(each)) if each.operator == ".." else MOST + 1) for name in names)
        elif isinstance(each, Pool):
            yield from ((name, len(list(options(each)))) for name in names)
        elif isinstance(each, Constant):
            yield from ((name, 1) for name in names)


def _instances(clause: Clause, stock: _At) -> int:
    """At most how many instances a rule has, its conditions written out in each."""
    whole = _ranges(clause.body, stock)
    pools = prod(
        len(list(options(argument)))
        for atom in (clause.head, *(p.atom for p in clause.body if isinstance(p, Literal) and isinstance(p.atom, Atom)))
        for argument in atom.arguments
    )
    number = prod(map(_size, whole.values())) * pools
    most = number
    for part in clause.body:
        inner: list[tuple[Literal, ...]] = []
        if isinstance(part, Conditional):
            inner.append(part.condition)
        elif isinstance(part.atom, Aggregate):
            inner += [
                each.condition if isinstance(each, Element) else (each.literal, *each.condition)
                for each in part.atom.elements
            ]
        for condition in inner:
            local = [_size(each) for name, each in _ranges(condition, stock).items() if name not in whole]
            most = max(most, number * prod(local))
    return most


def _rounded(number: int) -> str:
    return f"{number:,}" if number < 10**9 else f"10^{len(str(number)) - 1}"


