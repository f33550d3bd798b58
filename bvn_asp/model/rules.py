"""What a revision's file says, once read: its outline, its limits, and what each entry reads of the record."""

from __future__ import annotations

from dataclasses import dataclass, field

from bvn_asp.errors import Place
from bvn_asp.model.quantity import Quantity

COMPARISONS = ("at_least", "more_than", "at_most", "less_than")
MARKS = ("primary", "header", "secondary", "claimed")
COPY, WORLD, READINGS = "__copy__", "__world__", "__readings__"

Combination = frozenset[tuple[str, str]]
"""Readings with their options, both as terms."""


@dataclass(frozen=True)
class Limit:
    """One comparison that a rule makes: `more_than(care_duration, weeks(6))`."""

    fact: str
    operator: str
    quantity: Quantity
    term: str
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True)
class Entry:
    """One entry of a policy's outline: a group or a criterion.

    Attributes:
        kind: `all_of`, `any_of`, `at_least`, `none_of` for groups, `criterion` for leaves.
        need: how many parts an `at_least` group needs, else 0.
        also: further places that say the same.
        mark: how its text was seen; empty for the policy's own mark.
    """

    id: str
    parent: str
    kind: str
    need: int
    place: str
    text: str
    citations: str = ""
    also: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    mark: str = ""
    line: int = 0

    @property
    def is_group(self) -> bool:
        return self.kind != "criterion"


@dataclass(frozen=True)
class Read:
    """What an entry reads of the record: a fact, for one member of its index or for any.

    Attributes:
        member: the member's term (`l4`), or the empty string for any.
        tests: the values or the limits it is held against, as `(operator, text)`, in the order of the rules.
        when: for each test, the combinations of readings under which some rule makes it.
    """

    fact: str
    member: str
    tests: tuple[tuple[str, str], ...]
    when: tuple[tuple[Combination, ...], ...] = ()

    def under(self, readings: Combination) -> Read | None:
        """What is left under some readings; None if the fact is not read at all then."""
        kept = [
            (test, when)
            for test, when in zip(self.tests, self.when, strict=True)
            if any(each <= readings for each in when)
        ]
        if self.tests and not kept:
            return None
        return Read(self.fact, self.member, tuple(t for t, _ in kept), tuple(w for _, w in kept))


@dataclass(frozen=True)
class Rules:
    """What a revision's file says.

    Attributes:
        entries: the outline in the order of the document.
        limits: every comparison with a number.
        facts: the names of the facts that the rules read.
        readings: the readings and options that the rules ask for, as terms.
        reads: entry to what it reads, through helper predicates.
        text: the rules with every atom carrying its copy, world and readings, one rule a line of its own.
        places: where each line of `text` stands in the file.
    """

    path: str
    entries: tuple[Entry, ...]
    limits: tuple[Limit, ...]
    facts: frozenset[str]
    readings: frozenset[tuple[str, str]]
    reads: dict[str, tuple[Read, ...]]
    text: str
    places: tuple[Place, ...] = ()

    def copy(self, number: int, world: int, readings: int) -> str:
        """The rules as one copy of a program."""
        return self.text.replace(COPY, str(number)).replace(WORLD, str(world)).replace(READINGS, str(readings))


@dataclass(frozen=True)
class Clause:
    """One rule of a file, as `lint` looks at it.

    Attributes:
        head, arguments: the head's name, and its arguments where they are constants, else None.
        end: where the rule ends.
        calls: every atom of the body as `(name, number of arguments)`.
        readings: the readings that it asks for outright.
        variables: the named variables with their places, in the order of the text; a place below an aggregate, a
            condition or a `not` is marked False.
        anonymous: the places of `_` below an aggregate or beside a condition.
        derives: the head as it stands in `Rules.text`.
        body: each part of the body as it stands in `Rules.text`.
        exceptions: for each part of the body that is a plain `not`, its number and what it denies.
    """

    head: str
    arguments: tuple[str | None, ...]
    place: Place
    end: Place
    calls: tuple[tuple[str, int], ...]
    readings: Combination
    variables: tuple[tuple[str, Place, bool], ...]
    anonymous: tuple[Place, ...]
    derives: str = ""
    body: tuple[str, ...] = ()
    exceptions: tuple[tuple[int, str], ...] = ()
