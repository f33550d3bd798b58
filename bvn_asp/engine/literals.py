"""What a program's atoms are called: literals of values, of readings and of whatever its rules derive."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from bvn_asp.classes import dataclass
from bvn_asp.engine import solver
from bvn_asp.engine.atoms import Taken
from bvn_asp.errors import SolverError
from bvn_asp.model.case import Named, Value, absent_value, share
from bvn_asp.model.policy import Revision
from bvn_asp.model.quantity import Cell, Interval, Line, exactly, outside
from bvn_asp.model.vocabulary import Several, Slot, Tied, Vocabulary, term

if TYPE_CHECKING:
    from clingo import Control

_PLAIN = re.compile(r"[a-z][a-zA-Z0-9_]*")
MOST = 10_000  # so many records are remembered with their literals
Names = tuple[tuple[str, ...], ...]
"""Of each of several slots some of its values."""


@dataclass(frozen=True)
class Seat:
    """One policy's revision in one world of a program.

    Attributes:
        world: worlds are numbered from 1; seats in one world share every fact.
        space: readings are chosen once for every seat with the same number.
    """

    revision: Revision
    world: int = 1
    space: int = -1


@dataclass(frozen=True, order=True)
class Choice:
    """One value that a slot can have in a world: a named value, or a cell of its number line.

    Attributes:
        value: the named value, or the number of the cell as text.
    """

    slot: Slot
    value: str
    world: int = 1


class Literals:
    """The literals of a ground program.

    Attributes:
        seats: the policies; seat number i of the program is copy i of its rules.
        worlds: their numbers.
        lines: the number line of each numeric fact.
        slots: everything that a world decides.
        names: every atom as text, with its literal, if the ground program was kept from an earlier run.
    """

    vocabulary: Vocabulary
    seats: tuple[Seat, ...]
    worlds: tuple[int, ...]
    lines: dict[str, Line]
    slots: tuple[Slot, ...]
    control: Control
    names: Mapping[str, int] | None = None

    def __init__(self) -> None:
        self.taken = Taken()
        self._literals: dict[tuple[int | str, ...], int] = {}
        self._assumed: dict[tuple[Slot, Value, int], tuple[int, ...]] = {}
        self._alike: dict[tuple[Tied, int], tuple[int, ...]] = {}
        self._told: dict[tuple[Several, int, Names, Names], list[int]] = {}
        self._grouped: dict[tuple[Several, int, Names, Names, Names, Names], tuple[dict[Slot, int], list[int]]] = {}

    @cached_property
    def choices(self) -> dict[Choice, int]:
        """Every value that every slot can have, with its literal."""
        return {
            Choice(slot, value, world): literal
            for (slot, world), options in self._by_slot.items()
            for value, literal in options.items()
        }

    @cached_property
    def _by_slot(self) -> dict[tuple[Slot, int], dict[str, int]]:
        literals = self.names
        if literals is None:
            atoms = self.control.symbolic_atoms
            literals = {str(a.symbol): a.literal for name in ("is", "in") for a in atoms.by_signature(name, 3)}
        found: dict[tuple[Slot, int], dict[str, int]] = {}
        for slot in self.slots:
            name = "is" if self.vocabulary.facts[slot.fact].is_named else "in"
            own, values = slot.term, self.values(slot)
            for world in self.worlds:
                found[slot, world] = {value: literals[f"{name}({world},{own},{value})"] for value in values}
        return found

    def options(self, slot: Slot, world: int = 1) -> Mapping[str, int]:
        """Every value that a slot can have in a world, in the vocabulary's order, with its literal."""
        return self._by_slot[slot, world]

    @cached_property
    def _false(self) -> int:
        found = self._find("never", ())
        assert found is not None
        return found

    @cached_property
    def strict(self) -> int:
        """The literal that keeps out worlds that are no patient's."""
        found = self._find("tolerated", ())
        assert found is not None
        return -found

    def _find(self, name: str, arguments: Sequence[int | str]) -> int | None:
        """The literal of an atom; None if no rule can make it true."""
        if self.names is not None:
            found = self.names.get(f"{name}({','.join(map(str, arguments))})" if arguments else name)
            if found is not None or all(isinstance(a, int) or _PLAIN.fullmatch(a) for a in arguments):
                return found
        terms = [solver.Number(a) if isinstance(a, int) else solver.parse_term(a) for a in arguments]
        symbol = solver.Function(name, terms)
        if self.names is not None:
            return self.names.get(str(symbol))
        atom = self.control.symbolic_atoms[symbol]
        return None if atom is None else atom.literal

    def literal(self, name: str, *arguments: int | str) -> int:
        """The literal of an atom; one that is always false if no rule can make the atom true.

        Args:
            arguments: numbers, or terms as text.
        """
        key = (name, *arguments)
        if key not in self._literals:
            found = self._find(name, arguments)
            self._literals[key] = self._false if found is None else found
        return self._literals[key]

    def can_be(self, name: str, *arguments: int | str) -> bool:
        """Whether any rule can make an atom true."""
        return self.literal(name, *arguments) != self._false

    def atoms(self, name: str, arity: int) -> tuple[tuple[int | str, ...], ...]:
        """The arguments of every atom of a name that some rule can make true."""
        if self.names is not None:
            symbols = (solver.parse_term(each) for each in self.names if each.startswith(name))
            return tuple(self.taken(s).arguments for s in symbols if s.name == name and len(s.arguments) == arity)
        found = self.control.symbolic_atoms.by_signature(name, arity)
        return tuple(self.taken(each.symbol).arguments for each in found)

    def values(self, slot: Slot) -> tuple[str, ...]:
        """Every value that a slot can have in this program, in the vocabulary's order, numbers by cell."""
        fact = self.vocabulary.facts[slot.fact]
        return tuple(fact.values) if fact.is_named else tuple(map(str, range(len(self.lines[fact.name].cells))))

    def allowed(self, slot: Slot, value: Value) -> tuple[str, ...]:
        """Which of a slot's values a recorded value allows."""
        if isinstance(value, Named):
            return value.values
        assert isinstance(value, Interval)
        return tuple(map(str, self.lines[slot.fact].allowed(value)))

    def plainest(self, slot: Slot) -> tuple[str, ...]:
        """A slot's values, the plainest first: nothing there, nothing done yet, long enough ago."""
        fact, values = self.vocabulary.facts[slot.fact], self.values(slot)
        absent = absent_value(fact)
        if absent is not None:
            first: Sequence[str] = self.allowed(slot, absent)
        elif fact.is_numeric:
            first = values[::-1] if "up" in fact.towards else values
        elif fact.change in ("treat", "precaution"):
            first = [*[each for each in values if each not in fact.towards][-1:], *fact.towards]
        else:
            first = fact.towards
        return (*first, *(each for each in values if each not in first))

    def cell(self, slot: Slot, value: str) -> Cell:
        """The cell that a value of a numeric slot stands for."""
        return self.lines[slot.fact].cells[int(value)]

    def as_value(self, slot: Slot, values: Sequence[str]) -> Value:
        """Some of a slot's values as a record would give them; cells are neighbours, in their order."""
        fact = self.vocabulary.facts[slot.fact]
        if fact.is_named:
            return Named(tuple(values))
        first, last = self.cell(slot, values[0]), self.cell(slot, values[-1])
        if first.low is not None and first.low == last.high:
            return exactly(first.low)
        low = None if first.low == fact.low and not first.low_open else first.low
        high = None if last.high == fact.high and not last.high_open else last.high
        return Interval(low, first.low_open, high, last.high_open)

    def assume(self, values: Mapping[Slot, Value], world: int = 1) -> list[int]:
        """Literals that hold a world to some values; slots that no rule of this program reads are passed over.

        What is said of several slots is held against what is given of each, also where no limit parts the two: who has
        *5 mm* at one level, and *2 to 4 mm somewhere*, has that at another.
        """
        literals: list[int] = []
        for slot, value in values.items():
            options = self._by_slot.get((slot, world))
            if isinstance(slot, Several):
                literals += self._of_several(slot, value, world, values)
                continue
            if options is None:
                continue
            found = self._assumed.get((slot, value, world))
            if found is None:
                allowed = self.allowed(slot, value)
                if len(allowed) == 1:
                    found = (options[allowed[0]],)
                else:
                    found = tuple(-literal for each, literal in options.items() if each not in allowed)
                if len(self._assumed) > MOST:
                    self._assumed.clear()
                self._assumed[slot, value, world] = found
            literals += found
        return literals

    def groups(self, values: Mapping[Slot, Value], world: int = 1) -> dict[Slot, list[int]]:
        """The same, by what they stand for: groups of some records say what these say, and nothing of the others.

        A member's own record keeps what is said of several from meaning it only while its group is assumed too: a free
        atom stands for that.
        """
        found = {slot: self.assume({slot: value}, world) for slot, value in values.items()}
        for slot, value in values.items():
            if not isinstance(slot, Several) or isinstance(slot, Tied) or not found[slot]:
                continue
            alone, beside = self.may_and_must(slot, value, {}), self.may_and_must(slot, value, values)
            key = (slot, world, *alone, *beside)
            if key not in self._grouped:
                self._grouped[key] = self._weakened(slot, world, *alone, *beside)
            marks, found[slot] = self._grouped[key]
            for part, mark in marks.items():
                found[part] = [*found[part], mark]
        return found

    def _of_several(self, slot: Several, value: Value, world: int, known: Mapping[Slot, Value]) -> Sequence[int]:
        """Literals that say of several slots that so many of them have a value; none if no rule reads them.

        Args:
            known: what is given of each of them.
        """
        if isinstance(slot, Tied):
            return self._tied(slot, world)
        if not all((each, world) in self._by_slot for each in slot.parts):
            return ()
        may, must = self.may_and_must(slot, value, known)
        key = (slot, world, may, must)  # there are few of these, however many records there are
        if key not in self._told:
            self._told[key] = self._so_many(slot, self._one_each(slot, world, may), self._one_each(slot, world, must))
        return self._told[key]

    def may_and_must(self, slot: Several, value: Value, known: Mapping[Slot, Value]) -> tuple[Names, Names]:
        """For each of several slots the values with which it can be as is said of them, and with which it must."""
        may = tuple(self.might_have(each, value, known) for each in slot.parts)
        return may, () if slot.most is None else tuple(self.must_have(each, value, known) for each in slot.parts)

    def _so_many(self, slot: Several, may: Sequence[int], must: Sequence[int]) -> list[int]:
        """Literals that say that so many of some others are true: at least of the first, at most of the second."""
        few = [] if slot.most is None else [-self.at_least(slot.most + 1, must)]
        return [self.at_least(slot.least, may), *few]

    def _weakened(
        self, slot: Several, world: int, may: Names, must: Names, own_may: Names, own_must: Names
    ) -> tuple[dict[Slot, int], list[int]]:
        """What is said of several slots, where the own record of each counts only while its mark is assumed.

        Args:
            may, must: as if nothing else were given.
            own_may, own_must: beside the records that are given.

        Returns: the marks of the slots of which that makes a difference, and the literals.
        """
        marks: dict[Slot, int] = {}
        mays, musts = self._one_each(slot, world, may), self._one_each(slot, world, must)
        for i, part in enumerate(slot.parts):
            if may[i] == own_may[i] and must[i : i + 1] == own_must[i : i + 1]:
                continue
            marks[part] = mark = self.free()
            if may[i] != own_may[i]:  # beside its own record it cannot have the value at all
                mays[i] = self.at_least(2, [mays[i], -mark])
            if must:
                options = self._by_slot[part, world]
                told = [self.at_least(2, [mark, options[each]]) for each in own_must[i] if each not in must[i]]
                musts[i] = self.any_of([musts[i], *told])
        return marks, self._so_many(slot, mays, musts)

    def might_have(self, slot: Slot, value: Value, known: Mapping[Slot, Value]) -> tuple[str, ...]:
        """The values of a slot with which it can be as a record allows, whatever else is given of it.

        Exact: of ranges any two of which meet, all have an amount in common; so a cell in which both records leave
        something is none only if these two do not meet.
        """
        own = known.get(slot)
        if isinstance(value, Interval) and own is not None and not share(own, value, self.lines[slot.fact].step):
            return ()
        return self.allowed(slot, value)

    def must_have(self, slot: Slot, value: Value, known: Mapping[Slot, Value]) -> tuple[str, ...]:
        """The values of a slot with which it cannot be but as a record allows, if it is as is given of it."""
        if isinstance(value, Named):
            return value.values
        assert isinstance(value, Interval)
        other = {each for side in outside(value) for each in self.might_have(slot, side, known)}
        return tuple(each for each in self.values(slot) if each not in other)

    def _one_each(self, slot: Several, world: int, names: Sequence[Sequence[str]]) -> list[int]:
        """For each of several slots the literal that it has one of some values."""
        options = [self._by_slot[each, world] for each in slot.parts]
        return [self.any_of([mine[each] for each in some]) for mine, some in zip(options, names, strict=bool(names))]

    def _tied(self, tie: Tied, world: int) -> tuple[int, ...]:
        """Literals that say of some slots that they have one value; none if no rule reads them."""
        key = (tie, world)
        if key not in self._alike:
            parts = [self._by_slot[each, world] for each in tie.parts if (each, world) in self._by_slot]
            values = parts[0] if len(parts) > 1 else ()
            alike = [self.at_least(len(parts), [each[value] for each in parts]) for value in values]
            self._alike[key] = (self.any_of(alike),) if alike else ()
        return self._alike[key]

    def free(self) -> int:
        """A new literal that may be true in any world, and false."""
        with self.control.backend() as backend:
            atom = int(backend.add_atom())
            backend.add_rule([atom], choice=True)
        return atom

    def any_of(self, literals: Sequence[int]) -> int:
        """A new literal, true exactly where any of some others is; the one itself if it is one."""
        if len(literals) == 1:
            return literals[0]
        return self.at_least(1, literals)

    def at_least(self, need: int, literals: Sequence[int]) -> int:
        """A new literal, true exactly where so many of some others are; one that is always false if they are fewer.

        An atom that no rule makes true must not be assumed: clingo then takes consequences for all worlds of a few.
        """
        literals = [each for each in literals if each != self._false]
        if len(literals) < need:
            return self._false
        with self.control.backend() as backend:
            atom = int(backend.add_atom())
            backend.add_weight_rule([atom], need, [(each, 1) for each in literals])
        return atom

    def read(self, seat: int, readings: Mapping[str, str]) -> list[int]:
        """Literals that choose a seat's readings: reading id to option; as `reading`."""
        return [self.reading(seat, identifier, option) for identifier, option in readings.items()]

    def reading(self, seat: int, identifier: str, option: str) -> int:
        """The literal that reads a passage of a seat's text in one way.

        Raises: SolverError: the program knows no such reading or option; taken as false, it would prove anything.
        """
        found = self.literal("reading", self.seats[seat].space, term(identifier), term(option))
        if found == self._false:
            name = self.seats[seat].revision.name
            raise SolverError(f"{name} in this program has no reading {identifier} with an option {option}")
        return found
