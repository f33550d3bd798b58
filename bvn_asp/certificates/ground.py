"""Rules put into ground form without a solver: for every atom that could hold, the conditions under which it does.

First every atom that some rule could make true is found, passing over what is denied, counted or conditional (from
below, until nothing is new; it ends because no head makes new terms). Then each rule is instantiated over these atoms.
Terms are plain data: numbers as `int`, names as `str`, texts as `str` with their quotes, functions as tuples
`(name, argument, …)`; an atom is such a tuple too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import TypeAlias

from bvn_asp.classes import dataclass, replace
from bvn_asp.errors import fault
from bvn_asp.model.clauses import (
    Aggregate,
    Atom,
    Clause,
    Comparison,
    Conditional,
    Constant,
    Function,
    Literal,
    Operation,
    Pool,
    Term,
    Variable,
    below,
    renamed,
    variables,
)

Ground: TypeAlias = "int | str | tuple[Ground, ...]"
Binding: TypeAlias = dict[str, Ground]


@dataclass(frozen=True)
class Holds:
    """A condition: `atom`, `and`, `or`, `not`, or `count` for at least `least` of its parts."""

    kind: str
    parts: tuple[Holds, ...] = ()
    atom: tuple[Ground, ...] = ()
    least: int = 0


TRUE, FALSE = Holds("and"), Holds("or")


def ground(clauses: Sequence[Clause], given: Iterable[tuple[Ground, ...]]) -> dict[tuple[Ground, ...], list[Holds]]:
    """For every atom that some rule could make true, the bodies under which rules do, in the order of the rules.

    Args:
        given: the atoms that come from elsewhere and could hold.

    Raises: InputError: a rule uses what is not translated.
    """
    atoms = _Atoms(given)
    rules = [_Rule(_tidy(each), atoms) for each in clauses]
    changed: set[tuple[str, int]] | None = None
    while changed is None or changed:
        new: set[tuple[str, int]] = set()
        for rule in rules:
            if changed is None or rule.asks & changed:
                new |= {rule.key for binding in rule.bindings() if atoms.add(rule.head(binding))}
        changed = new
    found: dict[tuple[Ground, ...], list[Holds]] = defaultdict(list)
    for rule in rules:
        for binding in rule.bindings():
            body = rule.body(binding)
            if body not in found[rule.head(binding)]:
                found[rule.head(binding)].append(body)
    return dict(found)


class _Atoms:
    """The atoms that could hold, by name and number of arguments, in the order in which they were found."""

    def __init__(self, given: Iterable[tuple[Ground, ...]]) -> None:
        self.by_key: dict[tuple[str, int], dict[tuple[Ground, ...], None]] = defaultdict(dict)
        self.by_first: dict[tuple[str, int, Ground], dict[tuple[Ground, ...], None]] = defaultdict(dict)
        for each in given:
            self.add(each)

    def add(self, atom: tuple[Ground, ...]) -> bool:
        own = self.by_key[str(atom[0]), len(atom) - 1]
        is_new = atom not in own
        own[atom] = None
        if len(atom) > 1:
            first = atom[1]
            self.by_first[str(atom[0]), len(atom) - 1, first[0] if isinstance(first, tuple) else first][atom] = None
        return is_new

    def matching(self, atom: Atom, binding: Binding) -> Iterator[tuple[tuple[Ground, ...], Binding]]:
        """The atoms that a pattern can be, with what it then binds; those of another first argument passed over."""
        first = atom.arguments[0] if atom.arguments else None
        if isinstance(first, Variable) and first.name in binding:
            value = binding[first.name]
            listed = self.by_first.get((*atom.key, value[0] if isinstance(value, tuple) else value), {})
        elif isinstance(first, Function):
            listed = self.by_first.get((*atom.key, first.name), {})
        elif isinstance(first, Constant):
            listed = self.by_first.get((*atom.key, _values(first, {})[0]), {})
        else:
            listed = self.by_key.get(atom.key, {})
        for each in list(listed):
            for found in _match_all(atom.arguments, each[1:], binding):
                yield each, found


def _tidy(clause: Clause) -> Clause:
    """The clause with a name of its own for every `_`."""
    count = [0]

    def named(term: Term) -> Term:
        if isinstance(term, Variable) and term.name == "_":
            count[0] += 1
            return Variable(f"_{count[0]}", term.at)
        if isinstance(term, Function | Operation):
            return replace(term, arguments=tuple(map(named, term.arguments)))
        return replace(term, options=tuple(map(named, term.options))) if isinstance(term, Pool) else term

    def atom(each: Atom) -> Atom:
        return replace(each, arguments=tuple(map(named, each.arguments)))

    return replace(clause, body=tuple(renamed(part, atom) for part in clause.body))


class _Rule:
    """A rule, with its plain conditions in an order in which each can be held against what is bound before it."""

    def __init__(self, clause: Clause, atoms: _Atoms) -> None:
        self.clause, self.atoms = clause, atoms
        self.key = clause.head.key
        left = [each for each in clause.body if isinstance(each, Literal) and _binds(each)]
        self.rest = [each for each in clause.body if each not in left]
        self.order = _ordered(left, set(), clause)
        self.asks = {each.atom.key for each in left if isinstance(each.atom, Atom)}
        self.bound = {name for each in left for name in variables(each)}
        unbound = {name for name in variables(clause.head) if name not in self.bound}
        if unbound:
            raise _untranslated(clause, f"`{min(unbound)}` is not bound")

    def bindings(self) -> Iterator[Binding]:
        yield from self._join(self.order, {})

    def _join(self, order: Sequence[Literal], binding: Binding) -> Iterator[Binding]:
        if not order:
            yield binding
            return
        for found in _satisfied(order[0], binding, self.atoms):
            yield from self._join(order[1:], found)

    def head(self, binding: Binding) -> tuple[Ground, ...]:
        return (self.clause.head.name, *(_value(each, binding) for each in self.clause.head.arguments))

    def body(self, binding: Binding) -> Holds:
        parts: list[Holds] = []
        for each in self.order:
            if isinstance(each.atom, Atom):
                parts.append(self._any(each.atom, binding))
        for part in self.rest:
            said = self._literal if isinstance(part, Literal) else self._conditional
            parts.append(said(part, binding))  # type: ignore[arg-type]
        return _all(parts)

    def _any(self, atom: Atom, binding: Binding) -> Holds:
        """That some atom of a pattern holds: by pools and `_`, several may."""
        found = dict.fromkeys(each for each, _ in self.atoms.matching(atom, binding))
        return _some(Holds("atom", atom=each) for each in found)

    def _literal(self, literal: Literal, binding: Binding) -> Holds:
        atom = literal.atom
        if isinstance(atom, Aggregate):
            found = self._aggregate(atom, binding)
        elif isinstance(atom, Comparison):
            found = TRUE if _compares(atom, binding) else FALSE
        else:
            pooled = literal.sign and any(isinstance(each, Pool) for each in below(atom))
            if pooled:
                raise _untranslated(self.clause, "a pool is denied")
            free = {name for name in variables(atom) if name not in binding and not name.startswith("_")}
            if free:
                raise _untranslated(self.clause, f"`{min(free)}` is not bound")
            found = self._any(atom, binding)
        return _not(found) if literal.sign % 2 else found

    def _instances(self, condition: Sequence[Literal], binding: Binding) -> Iterator[tuple[Binding, Holds]]:
        """Every way to satisfy a condition, with what must hold for it."""
        binds = [each for each in condition if _binds(each)]
        rest = [each for each in condition if not _binds(each)]
        for found in self._join(_ordered(binds, set(binding), self.clause), binding):
            parts = [self._any(each.atom, found) for each in binds if isinstance(each.atom, Atom)]
            yield found, _all([*parts, *(self._literal(each, found) for each in rest)])

    def _conditional(self, part: Conditional, binding: Binding) -> Holds:
        return _all(
            _some([_not(when), self._literal(part.literal, found)])
            for found, when in self._instances(part.condition, binding)
        )

    def _aggregate(self, atom: Aggregate, binding: Binding) -> Holds:
        if atom.function not in ("", "#count"):
            raise _untranslated(self.clause, f"`{atom.function}` is not translated")
        counted: dict[object, list[Holds]] = defaultdict(list)
        for element in atom.elements:
            for found, when in self._instances(element.condition, binding):
                if isinstance(element, Conditional):
                    if isinstance(element.literal.atom, Atom) and not element.literal.sign:
                        for each, _ in self.atoms.matching(element.literal.atom, found):
                            counted[each].append(_all([Holds("atom", atom=each), when]))
                    else:
                        counted[self._said(element.literal, found)].append(
                            _all([self._literal(element.literal, found), when])
                        )
                else:
                    for terms in product(*(_values(each, found) for each in element.terms)):
                        counted[terms].append(when)
        parts = tuple(_some(each) for each in counted.values())
        bounds = [(_MIRROR[atom.left[0]], atom.left[1])] if atom.left else []
        bounds += [atom.right] if atom.right else []
        found_bounds = []
        for operator, term in bounds:
            number = _value(term, binding)
            if not isinstance(number, int):
                raise _untranslated(self.clause, "a count is held against no number")
            found_bounds.append(_count(parts, operator, number))
        return _all(found_bounds)

    def _said(self, literal: Literal, binding: Binding) -> object:
        """What makes two literals of a set in braces one: its sign and its terms."""
        if not isinstance(literal.atom, Atom) or not variables(literal) <= set(binding):
            raise _untranslated(self.clause, f"`{literal}` is counted")
        return literal.sign, literal.atom.name, *(_value(each, binding) for each in literal.atom.arguments)


_MIRROR = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


def _count(parts: tuple[Holds, ...], operator: str, number: int) -> Holds:
    """That a count of parts stands so to a number."""
    def least(count: int) -> Holds:
        return TRUE if count <= 0 else FALSE if count > len(parts) else Holds("count", parts, least=count)

    found = {
        ">=": lambda: least(number),
        ">": lambda: least(number + 1),
        "<": lambda: _not(least(number)),
        "<=": lambda: _not(least(number + 1)),
        "=": lambda: _all([least(number), _not(least(number + 1))]),
        "!=": lambda: _not(_all([least(number), _not(least(number + 1))])),
    }
    return found[operator]()


def _all(parts: Iterable[Holds]) -> Holds:
    kept = [each for each in parts if each != TRUE]
    return kept[0] if len(kept) == 1 else Holds("and", tuple(kept))


def _some(parts: Iterable[Holds]) -> Holds:
    kept = [each for each in parts if each != FALSE]
    return kept[0] if len(kept) == 1 else Holds("or", tuple(kept))


def _not(part: Holds) -> Holds:
    return FALSE if part == TRUE else TRUE if part == FALSE else Holds("not", (part,))


def _untranslated(clause: Clause, why: str) -> Exception:
    return fault(f"no certificate: the rule `{clause}` is not translated: {why}")


# -- binding -------------------------------------------------------------------------------------


def _binds(literal: Literal) -> bool:
    """Whether a literal can bind variables, or is a plain comparison: what is looked at while rules are joined."""
    return isinstance(literal.atom, Comparison) or (isinstance(literal.atom, Atom) and not literal.sign)


def _ordered(literals: Sequence[Literal], known: set[str], clause: Clause) -> list[Literal]:
    left, found, bound = list(literals), [], set(known)
    while left:
        ready = next((each for each in left if _ready(each, bound)), None)
        if ready is None:
            raise _untranslated(clause, f"nothing binds `{left[0]}`")
        left.remove(ready)
        found.append(ready)
        bound |= variables(ready)
    return found


def _ready(literal: Literal, bound: set[str]) -> bool:
    atom = literal.atom
    if isinstance(atom, Atom):
        return all(variables(each) <= bound for each in below(atom) if isinstance(each, Operation))
    assert isinstance(atom, Comparison)
    if variables(atom) <= bound:
        return True
    return _assigned(literal, bound) is not None


def _assigned(literal: Literal, bound: Iterable[str]) -> tuple[str, Term] | None:
    """The variable that `X = term` binds, with the term."""
    atom, known = literal.atom, set(bound)
    if isinstance(atom, Comparison) and not literal.sign and len(atom.guards) == 1 and atom.guards[0][0] == "=":
        for one, other in ((atom.left, atom.guards[0][1]), (atom.guards[0][1], atom.left)):
            if isinstance(one, Variable) and one.name not in known and variables(other) <= known:
                return one.name, other
    return None


def _satisfied(literal: Literal, binding: Binding, atoms: _Atoms) -> Iterator[Binding]:
    atom = literal.atom
    if isinstance(atom, Atom):
        seen: list[Binding] = []
        for _, found in atoms.matching(atom, binding):
            if found not in seen:
                seen.append(found)
                yield found
        return
    assert isinstance(atom, Comparison)
    assigned = _assigned(literal, binding)
    if assigned is not None:
        for value in dict.fromkeys(_values(assigned[1], binding)):
            yield {**binding, assigned[0]: value}
    elif _compares(atom, binding) is not bool(literal.sign % 2):
        yield binding


def _match_all(terms: Sequence[Term], values: Sequence[Ground], binding: Binding) -> Iterator[Binding]:
    if not terms:
        yield binding
        return
    for found in _match(terms[0], values[0], binding):
        yield from _match_all(terms[1:], values[1:], found)


def _match(term: Term, value: Ground, binding: Binding) -> Iterator[Binding]:
    match term:
        case Variable():
            if term.name not in binding:
                yield {**binding, term.name: value}
            elif binding[term.name] == value:
                yield binding
        case Pool():
            for each in term.options:
                yield from _match(each, value, binding)
        case Function():
            if isinstance(value, tuple) and value[0] == term.name and len(value) == len(term.arguments) + 1:
                yield from _match_all(term.arguments, value[1:], binding)
        case _:
            if value in _values(term, binding):
                yield binding


# -- values --------------------------------------------------------------------------------------


def _value(term: Term, binding: Mapping[str, Ground]) -> Ground:
    found = _values(term, binding)
    if len(found) != 1:
        raise fault(f"no certificate: `{term}` has not one value")
    return found[0]


def _values(term: Term, binding: Mapping[str, Ground]) -> list[Ground]:
    """The values of a term: several for a pool or an interval, none where arithmetic has none."""
    match term:
        case Constant():
            return [int(term.text) if term.kind == "number" else str(term)]
        case Variable():
            return [binding[term.name]]
        case Pool():
            return [value for each in term.options for value in _values(each, binding)]
        case Function():
            return [(term.name, *each) for each in product(*(_values(a, binding) for a in term.arguments))]
        case Operation():
            listed = product(*(_values(each, binding) for each in term.arguments))
            return [value for each in listed for value in _computed(term.operator, each)]


def _computed(operator: str, given: Sequence[Ground]) -> list[Ground]:
    if not all(isinstance(each, int) for each in given):
        return []
    first, second = int(given[0]), int(given[-1])  # type: ignore[arg-type]
    if len(given) == 1:
        return [abs(first) if operator == "|" else -first if operator == "-" else ~first]
    if operator == "..":
        return list(range(first, second + 1))
    if operator in ("/", "\\"):
        quotient = abs(first) // abs(second) * (1 if (first < 0) == (second < 0) else -1) if second else 0
        return ([quotient] if operator == "/" else [first - quotient * second]) if second else []
    if operator == "**":
        return [first**second] if second >= 0 else []
    found = {"+": first + second, "-": first - second, "*": first * second, "&": first & second}
    return [(found | {"?": first | second, "^": first ^ second})[operator]]


def _compares(atom: Comparison, binding: Mapping[str, Ground]) -> bool:
    if not atom.guards:
        return str(atom.left) == "#true"
    terms = [atom.left, *(each for _, each in atom.guards)]
    return any(
        all(_stands(one, operator, other) for one, (operator, _), other in zip(row, atom.guards, row[1:], strict=False))
        for row in product(*(_values(each, binding) for each in terms))
    )


def _stands(one: Ground, operator: str, other: Ground) -> bool:
    if operator in ("=", "!="):
        return (one == other) is (operator == "=")
    if not isinstance(one, int) or not isinstance(other, int):
        raise fault(f"no certificate: `{one}` and `{other}` are held against each other by their order")
    return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[operator]
