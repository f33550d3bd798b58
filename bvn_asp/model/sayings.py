"""What a record may say of a fact, told apart as finely as signs ask: named values, the cells of a line."""

from __future__ import annotations

from collections.abc import Iterable

from bvn_asp.model.case import Named, Value, absent_value
from bvn_asp.model.quantity import Cut, Interval, Line, Quantity, cuts_of
from bvn_asp.model.vocabulary import Fact, Sign, Slot, Vocabulary


class Sayings:
    """The values of each fact as numbers: the place of a named value in its list, or of a cell on a number's line.

    Args:
        signs: what may be said; a line is cut at their limits, and at the fact's absent value.
    """

    def __init__(self, vocabulary: Vocabulary, signs: Iterable[Sign]) -> None:
        self.vocabulary = vocabulary
        self._lines: dict[str, Line] = {}
        self._limits: dict[str, set[tuple[str, Quantity]]] = {}
        for sign in signs:
            if sign.limit is not None:
                self._limits.setdefault(sign.fact, set()).add((sign.operator, sign.limit))

    def _line(self, fact: Fact) -> Line:
        if fact.name not in self._lines:
            assert fact.low is not None
            assert fact.high is not None
            absent = absent_value(fact)
            limits = set(self._limits.get(fact.name, ()))
            if isinstance(absent, Interval) and isinstance(absent.exact, Quantity):
                limits |= {("at_least", absent.exact), ("more_than", absent.exact)}
            self._lines[fact.name] = Line(fact.low, fact.high, fact.grid, (cuts_of(*each) for each in limits))
        return self._lines[fact.name]

    def size(self, slot: Slot) -> int:
        """How many values are told apart."""
        fact = self.vocabulary.facts[slot.fact]
        return len(fact.values) if fact.is_named else len(self._line(fact).cells)

    def absent(self, slot: Slot) -> tuple[int, ...]:
        """The values that say nothing is there."""
        value = absent_value(self.vocabulary.facts[slot.fact])
        return () if value is None else self.may(slot, value)

    def may(self, slot: Slot, value: Value | None) -> tuple[int, ...]:
        """The values that a record leaves; all of them if it contradicts itself, or says that nobody knows."""
        fact = self.vocabulary.facts[slot.fact]
        if value is None:
            return tuple(range(self.size(slot)))
        if isinstance(value, Named):
            return tuple(i for i, each in enumerate(fact.values) if each in value.values)
        return self._line(fact).allowed(value)

    def saying(self, sign: Sign) -> tuple[int, ...]:
        """The values of which a sign speaks."""
        fact = self.vocabulary.facts[sign.fact]
        if sign.limit is not None:
            return self._line(fact).holds(sign.operator, sign.limit)
        if sign.values:
            return tuple(i for i, each in enumerate(fact.values) if each in sign.values)
        slot = self.vocabulary.slots_of(sign.fact)[0]
        gone = self.absent(slot)
        return tuple(i for i in range(self.size(slot)) if i not in gone)

    def cuts(self, fact: str) -> tuple[Cut, ...]:
        """Where the line of a number is cut; none if the fact has no line."""
        known = self.vocabulary.facts[fact]
        return self._line(known).cuts if known.is_numeric else ()

    def words(self, fact: str, value: int) -> str:
        """A value as a person would say it."""
        known = self.vocabulary.facts[fact]
        return [*known.values][value].replace("_", " ") if known.is_named else str(self._line(known).cells[value])

    def members(self, sign: Sign) -> tuple[str, ...]:
        """The members of which a sign speaks; one empty label if its fact is not per an index."""
        return sign.members or tuple(slot.member for slot in self.vocabulary.slots_of(sign.fact))


