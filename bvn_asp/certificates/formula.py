"""A propositional formula in clauses: gates made as they are needed, the same gate for the same parts in one room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

TRUE = 1
"""A variable that is always true; `-TRUE` never is."""


class Formula:
    """Clauses over variables numbered from 1.

    Attributes:
        says: literal to what it stands for, in words; the variables without an entry are gates.
        room: gates are shared within one room only, so that two texts are never held to be one by their looks.
    """

    def __init__(self) -> None:
        self.count = 0
        self.clauses: list[tuple[int, ...]] = []
        self.says: list[tuple[int, str]] = []
        self.room = ""
        self._gates: dict[tuple[str, tuple[int, ...]], int] = {}
        self.add([self.new("true")])

    def new(self, says: str = "") -> int:
        """A fresh variable."""
        self.count += 1
        if says:
            self.says.append((self.count, says))
        return self.count

    def add(self, clause: Iterable[int]) -> None:
        """One clause."""
        self.clauses.append(tuple(clause))

    def all_of(self, literals: Iterable[int]) -> int:
        """A literal that is true where all of some literals are."""
        kept = sorted({each for each in literals if each != TRUE}, key=lambda each: (abs(each), each))
        if -TRUE in kept or any(-each in kept for each in kept if each < 0):
            return -TRUE
        if len(kept) < 2:
            return kept[0] if kept else TRUE
        key = self.room, tuple(kept)
        if key not in self._gates:
            gate = self._gates[key] = self.new()
            for each in kept:
                self.add([-gate, each])
            self.add([gate, *(-each for each in kept)])
        return self._gates[key]

    def any_of(self, literals: Iterable[int]) -> int:
        """A literal that is true where one of some literals is."""
        return -self.all_of(-each for each in literals)

    def differ(self, first: int, second: int) -> int:
        """A literal that is true where two literals are not alike."""
        return self.any_of([self.all_of([first, -second]), self.all_of([-first, second])])

    def at_least(self, count: int, literals: Sequence[int]) -> int:
        """A literal that is true where so many of some literals are: a counter, literal by literal."""
        row = [TRUE] + [-TRUE] * count
        for each in literals:
            row = [TRUE, *(self.any_of([row[n], self.all_of([row[n - 1], each])]) for n in range(1, count + 1))]
        return row[count]

    def one_of(self, literals: Sequence[int]) -> None:
        """Exactly one of some literals is true."""
        self.add(literals)
        for i, one in enumerate(literals):
            for other in literals[i + 1 :]:
                self.add([-one, -other])


def dimacs(formula: Formula) -> str:
    """The formula as solvers read it."""
    lines = [f"p cnf {formula.count} {len(formula.clauses)}"]
    lines += [" ".join(map(str, (*each, 0))) for each in formula.clauses]
    return "\n".join(lines) + "\n"
