"""The vocabulary as facts of a program: indexes, slots and their values, and on which cells a comparison is true."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from bvn_asp.errors import SolverError
from bvn_asp.model.quantity import Line, ambiguous_order, cuts_of
from bvn_asp.model.rules import Limit
from bvn_asp.model.vocabulary import Fact, Vocabulary, term


def line_of(fact: Fact, limits: Iterable[Limit]) -> Line:
    """The number line of a fact, cut at every limit that some rule holds it against.

    Raises: SolverError: two limits whose order depends on the calendar.
    """
    own = [each for each in limits if each.fact == fact.name]
    unclear = ambiguous_order(each.quantity for each in own)
    if unclear:
        raise SolverError(f"the limits {unclear[0]} and {unclear[1]} of `{fact.name}` differ only by the calendar")
    assert fact.low is not None
    assert fact.high is not None
    return Line(fact.low, fact.high, fact.step, (cuts_of(each.operator, each.quantity) for each in own))


def declare_indexes(vocabulary: Vocabulary) -> Iterator[str]:
    """The members of every index, and how they lie."""
    for index in vocabulary.indexes.values():
        yield f"{index.name}({';'.join(index.terms)})."
    body, level = vocabulary.indexes.get("body"), vocabulary.indexes.get("level")
    if body:
        yield from _anatomy(tuple(body.terms), body.levels, tuple(level.terms) if level else ())


def declare(vocabulary: Vocabulary, fact: Fact, line: Line | None, limits: Iterable[Limit]) -> Iterator[str]:
    """A fact's slots with their values.

    Args:
        line: of a number.
        limits: what rules hold facts against; those of other facts are passed over.
    """
    own = [each for each in limits if each.fact == fact.name]
    head, body = (f"{fact.name}(X)", f" :- {fact.per}(X).") if fact.per else (fact.name, ".")
    if fact.type == "count":
        for counted, value in fact.counts:
            index = vocabulary.facts[counted].per
            yield f"counts({fact.name},{counted}(X),{value},X) :- {index}(X)."
        for number in sorted({int(each.quantity.amount) for each in own}):
            yield f"limit({fact.name},{number})."
    elif line is None:
        yield f"named({head}){body} value({head},({';'.join(fact.values)})){body}"
    else:
        yield f"numeric({head}){body} cell({head},0..{len(line.cells) - 1}){body}"
        tests: dict[tuple[str, str], Limit] = {}
        for each in own:
            tests.setdefault((each.operator, each.term), each)
        for each in tests.values():
            cells = line.holds(each.operator, each.quantity)
            if cells:
                yield f"on({each.operator},{head},{each.term},({';'.join(map(str, cells))})){body}"


@cache
def _anatomy(bodies: tuple[str, ...], levels: tuple[tuple[str, str], ...], discs: tuple[str, ...]) -> tuple[str, ...]:
    """`within/3` and `disc_within/3` for every range of bodies; `adjacent/2` both ways, `touches/2` for every disc."""
    lines = []
    for i, first in enumerate(bodies):
        for j in range(i, len(bodies)):
            lines.append(f"within(({';'.join(bodies[i : j + 1])}),{first},{bodies[j]}).")
    for upper, lower in levels:
        lines.append(f"adjacent({term(upper)},{term(lower)}). adjacent({term(lower)},{term(upper)}).")
        disc = term(f"{upper}-{lower}")
        if disc in discs:
            lines.append(f"touches({disc},({term(upper)};{term(lower)})).")
            lines.append(f"disc_within({disc},F,L) :- within({term(upper)},F,L), within({term(lower)},F,L).")
    return tuple(lines)
