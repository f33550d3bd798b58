"""The vocabulary as facts of a program: indexes, slots and their values, and on which cells a comparison is true."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations_with_replacement, product

from bvn_asp.errors import SolverError
from bvn_asp.model.quantity import Cut, Line, ambiguous_order, cuts_of
from bvn_asp.model.rules import REQUESTED, Limit
from bvn_asp.model.vocabulary import Fact, Relation, Vocabulary, term


def line_of(fact: Fact, limits: Iterable[Limit], cuts: Sequence[Cut] = ()) -> Line:
    """The number line of a fact, cut at every limit that some rule holds it against, and wherever else one asks.

    Raises: SolverError: two limits whose order depends on the calendar.
    """
    own = [each for each in limits if each.fact == fact.name]
    unclear = ambiguous_order([*(each.quantity for each in own), *(each.limit for each in cuts)])
    if unclear:
        raise SolverError(f"the limits {unclear[0]} and {unclear[1]} of `{fact.name}` differ only by the calendar")
    assert fact.low is not None
    assert fact.high is not None
    asked = [cuts_of(each.operator, each.quantity) for each in own]
    return Line(fact.low, fact.high, fact.grid, [*asked, *cuts])


def declare_indexes(vocabulary: Vocabulary) -> Iterator[str]:
    """The members of every index, how they lie, and what it is to be requested."""
    for index in vocabulary.indexes.values():
        yield f"{index.name}({';'.join(index.terms)})."
    for relation in vocabulary.relations.values():
        yield from _relation(vocabulary, relation)
    members = vocabulary.request.members
    if members:
        yield f"{REQUESTED}(W,X) :- is(W,{members}(X),yes)."


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


def _relation(vocabulary: Vocabulary, relation: Relation) -> Iterator[str]:
    """A relation as facts: in the order of the members, which is the order of the vocabulary."""
    index, name = vocabulary.indexes[relation.index], relation.name
    base = vocabulary.indexes.get(index.between, index)
    rank = {label: i for i, label in enumerate(base.members)}
    terms = [term(label) for label in base.members]
    ends = [(term(label), index.ends(label)) for label in index.members]
    if relation.kind == "order":
        for i, j in combinations_with_replacement(range(len(terms)), 2):
            yield f"{name}(({';'.join(terms[i : j + 1])}),{terms[i]},{terms[j]})."
    elif relation.kind == "neighbours":
        for first, second in index.neighbours:
            yield f"{name}({term(first)},{term(second)}). {name}({term(second)},{term(first)})."
    elif relation.kind == "ends":
        for label, parts in ends:
            yield f"{name}({label},({';'.join(map(term, parts))}))."
    else:
        for label, parts in ends:
            low, high = min(rank[part] for part in parts), max(rank[part] for part in parts)
            for i, j in product(range(low + 1), range(high, len(terms))):
                yield f"{name}({label},{terms[i]},{terms[j]})."
