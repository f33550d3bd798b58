"""Rules as they were read, kept: within a process whole, between runs all but the clauses, read when one asks."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from bvn_asp import store
from bvn_asp.errors import Place
from bvn_asp.model.quantity import Quantity
from bvn_asp.model.rules import Entry, Limit, Naming, Read, Rules, When

MOST = 200
_read_here: dict[str, Rules] = {}
"""What this process read from its sources: several libraries of one folder share it."""


class KeptRules(Rules):
    """Rules out of the store: `written` and `clauses` are read anew, from the same text, when they are first asked for.

    Args:
        read: reads the rules from the text that the name of the entry was made of.
        marks: what `exceptions` says of each entry of which it says anything.
    """

    _read: Callable[[], Rules]
    _marks: Mapping[str, tuple[tuple[str, str], ...]]

    def exceptions(self, entry: str) -> tuple[tuple[str, str], ...]:
        """As the rules that were kept had it."""
        return self._marks.get(entry, ())

    def __getattr__(self, name: str) -> Any:
        if name not in ("written", "clauses"):
            raise AttributeError(name)
        anew = self._read()
        for each in ("written", "clauses"):
            object.__setattr__(self, each, getattr(anew, each))
        return getattr(anew, name)


def kept_rules(path: str, name: str, read: Callable[[], Rules]) -> Rules:
    """The rules kept under a name, else as `read` reads them, kept for the next time.

    Args:
        path: the file they stand in.
        name: by `store.named`, of all that they are made of.
        read: raises InputError if they are at fault; nothing is kept then.
    """
    if name in _read_here:
        return _read_here[name]
    content = store.taken(name)
    if content is not None:
        try:
            return _decoded(json.loads(content), path, read)
        except (ValueError, TypeError, KeyError, ArithmeticError):
            pass  # written by something else than this code: read anew
    found = _read_here[name] = read()
    if len(_read_here) > MOST:
        _read_here.pop(next(iter(_read_here)), None)
    store.keep(name, json.dumps(_encoded(found), separators=(",", ":")).encode())
    return found


def _encoded(rules: Rules) -> list[Any]:
    whens: dict[When, int] = {}

    def number(when: When) -> int:
        return whens.setdefault(when, len(whens))

    def said(read: Read) -> list[Any]:
        return [read.fact, read.member, read.tests, [[*map(number, w)] for w in read.when], [*map(number, read.bare)]]

    reads = [[entry, list(map(said, each))] for entry, each in rules.reads.items()]
    naming = rules.naming
    return [
        [list(vars(each).values()) for each in rules.entries],
        [
            [x.fact, x.operator, str(x.quantity.amount), x.quantity.unit, x.term, x.place.line, x.place.column]
            for x in rules.limits
        ],
        sorted(rules.facts),
        sorted(rules.readings),
        reads,
        [[sorted(each.chosen), sorted(each.others)] for each in whens],
        [sorted(naming.static), naming.members, sorted(naming.shared), naming.one_world],
        rules.text,
        [[*key, place.line, place.column] for key, place in rules.asked.items()],
        rules.dated,
        _marks(rules),
    ]


def _marks(rules: Rules) -> list[list[Any]]:
    if not any(each.mark for each in rules.written):
        return []
    return [[each.id, *pairs] for each in rules.entries if (pairs := rules.exceptions(each.id))]


def _pairs(listed: list[list[str]]) -> frozenset[tuple[str, str]]:
    return frozenset((first, second) for first, second in listed)


def _decoded(data: list[Any], path: str, read: Callable[[], Rules]) -> Rules:
    entries, limits, facts, readings, reads, whens, naming, text, asked, dated, marks = data
    found = object.__new__(KeptRules)
    when = [When(_pairs(chosen), _pairs(others)) for chosen, others in whens]
    static, members, shared, one_world = naming
    fields: dict[str, Any] = {
        "path": path,
        "entries": tuple(
            Entry(i, parent, kind, need, place, says, cites, tuple(also), tuple(topics), mark, line)
            for i, parent, kind, need, place, says, cites, also, topics, mark, line in entries
        ),
        "limits": tuple(
            Limit(fact, operator, Quantity(Decimal(amount), unit), term, Place(path, line, column))
            for fact, operator, amount, unit, term, line, column in limits
        ),
        "facts": frozenset(facts),
        "readings": _pairs(readings),
        "reads": {
            entry: tuple(
                Read(
                    fact,
                    member,
                    tuple((operator, said) for operator, said in tests),
                    tuple(tuple(when[i] for i in each) for each in numbers),
                    tuple(when[i] for i in bare),
                )
                for fact, member, tests, numbers, bare in listed
            )
            for entry, listed in reads
        },
        "naming": Naming(frozenset(static), members, frozenset(shared), one_world),
        "text": text,
        "asked": {(reading, option): Place(path, line, column) for reading, option, line, column in asked},
        "dated": tuple(dated),
        "_read": read,
        "_marks": {entry: tuple((reading, option) for reading, option in pairs) for entry, *pairs in marks},
    }
    for name, value in fields.items():
        object.__setattr__(found, name, value)
    return found
