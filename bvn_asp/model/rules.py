"""What a revision's file says, once read: its outline, its limits, and what each entry reads of the record."""

from __future__ import annotations

from bvn_asp.classes import dataclass, field
from bvn_asp.errors import Place
from bvn_asp.model.clauses import Atom, Clause, Constant, Part, atoms, renamed
from bvn_asp.model.quantity import SIGNS, Quantity

COMPARISONS = tuple(SIGNS)
OPPOSITE = {"at_least": "less_than", "more_than": "at_most", "at_most": "more_than", "less_than": "at_least"}
MARKS = ("primary", "header", "secondary", "claimed")
OUTLINE = {"group": 5, "criterion": 4, "cites": 2, "also": 2, "concerns": 2, "evidence": 2, "advisory": 1}
INPUTS = {"is": 2, **dict.fromkeys(COMPARISONS, 2), "reading": 2}
SHARED = ("group", "criterion", "met", "silent")
"""What the outline reads; all else that a policy defines is its own."""
REQUESTED = "requested"
"""How the engine calls the predicate that the vocabulary names under `request: members:`."""
DATED = ("served_since", 1)
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
class When:
    """Under which readings a rule applies.

    Attributes:
        chosen: options that must be in force.
        others: options that must not.
    """

    chosen: Combination = frozenset()
    others: Combination = frozenset()

    def under(self, readings: Combination) -> bool:
        return self.chosen <= readings and not self.others & readings

    def also(self, other: When) -> When | None:
        """Both at once; None if that can never be: two options of one reading, or one that must not be."""
        chosen, others = self.chosen | other.chosen, self.others | other.others
        if len({identifier for identifier, _ in chosen}) < len(chosen) or chosen & others:
            return None
        return When(chosen, others)


@dataclass(frozen=True)
class Read:
    """What an entry reads of the record: a fact, for one member of its index or for any.

    Attributes:
        member: the member's term (`l4`), or the empty string for any.
        tests: the values or the limits it is held against, as `(operator, text)`, in the order of the rules.
        when: for each test, the readings under which some rule makes it.
        bare: the readings under which a rule asks for the fact without a test.
    """

    fact: str
    member: str
    tests: tuple[tuple[str, str], ...]
    when: tuple[tuple[When, ...], ...] = ()
    bare: tuple[When, ...] = ()

    def under(self, readings: Combination) -> Read | None:
        """What is left under some readings; None if the fact is not read at all then."""
        kept = [
            (test, when)
            for test, when in zip(self.tests, self.when, strict=True)
            if any(each.under(readings) for each in when)
        ]
        if not kept and not any(each.under(readings) for each in self.bare):
            return None
        return Read(self.fact, self.member, tuple(t for t, _ in kept), tuple(w for _, w in kept), self.bare)


@dataclass(frozen=True)
class Naming:
    """How the atoms of a file are renamed, so that several texts and worlds can stand in one program.

    What a policy defines gets the number of its copy as first argument, what it reads of the record that of a world.

    Attributes:
        static: the names of the vocabulary's indexes and relations, which are the same everywhere.
        members: the vocabulary's fact of what is requested, which rules may ask by its name; or empty.
        shared: names that the engine knows; all else is the file's own.
        one_world: every atom gets the number of a world: the file is no policy.
    """

    static: frozenset[str]
    members: str = ""
    shared: frozenset[str] = frozenset(SHARED)
    one_world: bool = False

    def __call__(self, atom: Atom) -> Atom:
        name = atom.name
        if name in self.static:
            return atom
        read = name in INPUTS or name == self.members
        prefix = WORLD if self.one_world or (read and name != "reading") else COPY
        if name == "reading" and not self.one_world:
            prefix = READINGS
        if name == self.members:
            name = REQUESTED
        elif name not in self.shared and not read:
            name = f"own_{name}"
        return Atom(name, (Constant(prefix), *atom.arguments), atom.at)


@dataclass(frozen=True)
class Rules:
    """What a revision's file says.

    Attributes:
        entries: the outline in the order of the document.
        limits: every comparison with a number.
        facts: the names of the facts that the rules read.
        readings: the readings and options that the rules ask for, as terms.
        reads: entry to what it reads, through helper predicates.
        written: the rules as they stand in the file, the outline's included.
        clauses: the rules as the solver gets them, exceptions put into the rules that they are about.
        text: `clauses` with every atom carrying its copy, world and readings, one rule a line of its own.
        asked: where each reading and option is asked for first.
        dated: the days for which rules ask `served_since`, as they are written.
    """

    path: str
    entries: tuple[Entry, ...]
    limits: tuple[Limit, ...]
    facts: frozenset[str]
    readings: frozenset[tuple[str, str]]
    reads: dict[str, tuple[Read, ...]]
    written: tuple[Clause, ...]
    clauses: tuple[Clause, ...]
    naming: Naming
    text: str = ""
    asked: dict[tuple[str, str], Place] = field(default_factory=dict)
    dated: tuple[str, ...] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        """Where each of `clauses` stands in the file."""
        return tuple(Place(self.path, *each.at) for each in self.clauses)

    def about(self, entry: str) -> tuple[Clause, ...]:
        """The rules that decide on an entry, as they are written: its own, then those of the helpers that they ask."""
        found: dict[int, Clause] = {}
        ahead, seen = [Atom("met", (Constant(entry),))], set()
        for asked in ahead:
            mine = [each for each in self.written if _may_be(asked, each.head)]
            mine.sort(key=lambda each: each.mark is not None)
            found |= {id(each): each for each in mine if id(each) not in found}
            for each in mine:
                for atom, _ in atoms(each.body):
                    if str(atom) not in seen and atom.name not in INPUTS:
                        seen.add(str(atom))
                        ahead.append(atom)
        return tuple(found.values())

    def exceptions(self, entry: str) -> tuple[tuple[str, str], ...]:
        """The readings, each with the option, under which exceptions decide on an entry, in the order of its rules."""
        marks = (each.mark for each in self.about(entry))
        return tuple(dict.fromkeys((mark.reading, mark.option) for mark in marks if mark))

    def copy(self, number: int, world: int, readings: int) -> str:
        """The rules as one copy of a program."""
        return placed(self.text, number, world, readings)

    def head(self, clause: Clause) -> str:
        """The head of a rule as it stands in `text`."""
        return str(self.naming(clause.head))

    def part(self, part: Part) -> str:
        """A part of a body as it stands in `text`."""
        return str(renamed(part, self.naming))

    def line(self, clause: Clause, *guards: str) -> str:
        """A rule as it stands in `text`, with further conditions as text."""
        body = [*map(self.part, clause.body), *guards]
        return f"{self.head(clause)} :- {'; '.join(body)}." if body else f"{self.head(clause)}."


def _may_be(asked: Atom, head: Atom) -> bool:
    """Whether a rule with that head may speak of an atom that is asked for."""
    if asked.key != head.key:
        return False
    pairs = zip(asked.arguments, head.arguments, strict=True)
    return all(str(a) == str(b) or not (isinstance(a, Constant) and isinstance(b, Constant)) for a, b in pairs)


def placed(text: str, number: int, world: int, readings: int) -> str:
    """A text of renamed rules as one copy of a program."""
    return text.replace(COPY, str(number)).replace(WORLD, str(world)).replace(READINGS, str(readings))
