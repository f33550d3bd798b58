"""Runs clingo: policies, revisions and worlds side by side in one program, grounded once and asked many questions.

Everything a case can say is a choice of the program, so a case is a list of assumptions and an answer costs a solve,
never a grounding.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bvn_asp.engine.atoms import Atom
from bvn_asp.engine.facts import declare, declare_indexes, line_of
from bvn_asp.engine.kept import grounded
from bvn_asp.engine.literals import Choice, Literals, Seat
from bvn_asp.engine.stopping import solving
from bvn_asp.errors import SolverError
from bvn_asp.model.quantity import Cut
from bvn_asp.model.rules import Rules
from bvn_asp.model.vocabulary import Fact, Slot, Vocabulary, term

if TYPE_CHECKING:
    from bvn_asp.engine.ground import GroundRules

__all__ = ["Choice", "Program", "Seat", "encoding"]

ENCODINGS = Path(__file__).parent / "encodings"
SHOWN = 256  # so many premises are remembered to have a world


class Program(Literals):
    """Policies over the same worlds, grounded.

    Args:
        vocabulary: what the facts are.
        background: what no patient can be, if anything.
        seats: the policies; seat number i of the program is copy i of its rules.
        encodings: names of further files in `encodings/`.
        rules: further rules as text, for what differs from call to call.
        facts: names of facts to include although no rule reads them.
        cuts: fact to further places where its line is cut, for those who tell its values apart there.
        options: for clingo.
        solved: whether the solver will be asked; False for who wants `ground_rules`, or values of slots, alone.

    Raises: SolverError: clingo has something to say of the program; every message counts.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        background: Rules | None,
        seats: Sequence[Seat] = (),
        encodings: Sequence[str] = (),
        rules: str = "",
        facts: Iterable[str] = (),
        options: Sequence[str] = (),
        cuts: Mapping[str, Sequence[Cut]] | None = None,
        solved: bool = True,
    ) -> None:
        super().__init__()
        self.vocabulary = vocabulary
        spaces: dict[str, int] = {}
        self.seats = tuple(
            Seat(s.revision, s.world, spaces.setdefault(s.revision.key, len(spaces)) if s.space < 0 else s.space)
            for s in seats
        )
        self.never_presumed = frozenset[str]().union(*(s.revision.never_presumed for s in self.seats))
        self.worlds = tuple(sorted({s.world for s in self.seats})) or (1,)
        parts = [s.revision.rules for s in self.seats] + ([background] if background else [])
        names = set(facts).union(*(each.facts for each in parts))
        self.facts = tuple(each for each in vocabulary.facts.values() if each.name in names)
        self.limits = tuple(dict.fromkeys(limit for each in parts for limit in each.limits))
        cuts = cuts or {}
        self.lines = {
            each.name: line_of(each, self.limits, cuts.get(each.name, ())) for each in self.facts if each.is_numeric
        }
        self.slots = tuple(
            slot for each in self.facts if each.type != "count" for slot in vocabulary.slots_of(each.name)
        )
        self.background_facts = background.facts if background else frozenset()
        self._cuts = cuts
        self._messages: list[str] = []
        self._shown: set[frozenset[int]] = set()
        self._background, self._encodings, self._rules = background, tuple(encodings), rules
        if solved:
            self.control, self.names = grounded(self.text, ["1", *options], self._messages)

    # -- building ------------------------------------------------------------------------------

    @cached_property
    def text(self) -> str:
        """What is to be grounded."""
        background = self._background
        text = [
            *(encoding(name) for name in ("world", "outline", *self._encodings)),
            "\n".join(self._declarations()),
            *(s.revision.rules.copy(i, s.world, s.space) for i, s in enumerate(self.seats)),
            *(background.copy(0, world, 0) for world in self.worlds if background),
            self._rules,
        ]
        return "\n".join(text)

    def _declarations(self) -> Iterator[str]:
        """The vocabulary, the seats and the readings as facts."""
        for world in self.worlds:
            yield f"world({world})."
        yield from declare_indexes(self.vocabulary)
        for fact in self.facts:
            yield from declare(self.vocabulary, fact, self.lines.get(fact.name), self.limits)
        for i, _ in enumerate(self.seats):
            yield f"copy({i})."
        declared: dict[tuple[int, str], str] = {}
        for seat in self.seats:
            for reading in seat.revision.readings:
                options = ";".join(term(each.name) for each in reading.options)
                if declared.setdefault((seat.space, reading.term), options) != options:
                    raise SolverError(f"two texts in one space of readings have other options for {reading.id}")
        for (space, name), options in declared.items():
            yield f"asked({space},{name}). option({space},{name},({options}))."

    # -- questions -----------------------------------------------------------------------------

    def possible(self, assumptions: Sequence[int]) -> bool:
        """Whether some world satisfies the assumptions."""
        with solving(self.control, [self.strict, *assumptions]) as handle:
            return handle.model() is not None  # the first is enough; without `yield_` it would look for all

    def allows(self, premises: Sequence[int], goal: Sequence[int]) -> bool:
        """Whether some world of the premises satisfies a goal as well; a no is a proof.

        Raises: SolverError: as `show`.
        """
        if self.possible([*premises, *goal]):
            return True
        self.show(premises)
        return False

    def show(self, premises: Sequence[int]) -> None:
        """Show that some world satisfies the premises, so that what they rule out is ruled out for a reason.

        Raises: SolverError: no world does, and anything would follow from them.
        """
        key = frozenset(premises)
        if key not in self._shown:
            if not self.possible(premises):
                raise SolverError("nothing is proved: no patient satisfies what the question takes for granted")
            if len(self._shown) >= SHOWN:
                self._shown.clear()
            self._shown.add(key)

    def forget(self) -> None:
        """Let go of what is remembered of single cases; the program stays as it is."""
        self._shown.clear()

    def world(self, assumptions: Sequence[int], facts: Container[str] | None = None) -> frozenset[int] | None:
        """The true literals among the choices of one world that satisfies the assumptions; None if there is none.

        Args:
            facts: the names of the facts to look at; all if None.
        """
        with solving(self.control, [self.strict, *assumptions]) as handle:
            model = handle.model()
            if model is None:
                return None
            given, found = frozenset(assumptions), []
            for (slot, _), options in self._by_slot.items():
                if facts is None or slot.fact in facts:
                    literals = list(options.values())
                    known = given.intersection(literals)  # a slot has one value: what is assumed needs no asking
                    found.append(next(iter(known)) if known else next(filter(model.is_true, literals)))
            return frozenset(found)

    def core(self, assumptions: Sequence[int]) -> list[int] | None:
        """Assumptions that cannot hold together, not necessarily few; None if all of them can."""
        with solving(self.control, [self.strict, *assumptions]) as handle:
            if handle.model() is not None:
                return None
            core = set(handle.core())
        return [each for each in assumptions if each in core]

    def truth(self, literals: Iterable[int], assumptions: Sequence[int]) -> frozenset[int] | None:
        """Which of some literals are true in one world that satisfies the assumptions; None if there is none."""
        with solving(self.control, [self.strict, *assumptions]) as handle:
            model = handle.model()
            return None if model is None else frozenset(each for each in literals if model.is_true(each))

    def alike(self, slot: Slot, value: str, seat: int | None = None) -> tuple[str, ...]:
        """The values that no policy here tells apart from one: neighbouring cells that only the background divides.

        Args:
            seat: that this one does not tell apart.
        """
        fact = self.vocabulary.facts[slot.fact]
        if fact.is_named:
            return (value,)
        key = (fact.name, seat)
        if key not in self._runs:
            self._runs[key] = tuple(self._divided(fact, self.seats if seat is None else [self.seats[seat]]))
        return next(run for run in self._runs[key] if value in run)

    @cached_property
    def _runs(self) -> dict[tuple[str, int | None], tuple[tuple[str, ...], ...]]:
        return {}

    def _divided(self, fact: Fact, seats: Iterable[Seat]) -> Iterator[tuple[str, ...]]:
        """The cells of a number line in runs that end where some policy, or who made the program, cuts the line."""
        asked = [limit for seat in seats for limit in seat.revision.rules.limits]
        ends = {(each.high, each.high_open) for each in line_of(fact, asked, self._cuts.get(fact.name, ())).cells}
        run: tuple[str, ...] = ()
        for i, cell in enumerate(self.lines[fact.name].cells):
            run += (str(i),)
            if (cell.high, cell.high_open) in ends:
                yield run
                run = ()
        if run:
            yield run

    def all_of(self, literals: Sequence[int]) -> int:
        """A new literal, true exactly where all of some others are."""
        with self.control.backend() as backend:
            atom = int(backend.add_atom())
            backend.add_rule([atom], literals)
        return atom

    def switch(self) -> int:
        """A new literal that means nothing by itself: what is forbidden with it binds only those who assume it."""
        with self.control.backend() as backend:
            atom = int(backend.add_atom())
            backend.add_rule([atom], choice=True)
        return atom

    def forbid(self, literals: Sequence[int]) -> None:
        """Let no world satisfy all of some literals from now on."""
        self._shown.clear()
        with self.control.backend() as backend:
            backend.add_rule([], literals)

    def impossible(self, assumptions: Sequence[int]) -> tuple[str, ...]:
        """Why the assumptions describe no patient: the background's reasons that hold in every completion."""
        search = self.control.configuration.solve
        search.enum_mode, search.models = "cautious", 0  # type: ignore[union-attr]
        try:
            reasons: list[str] = []
            with solving(self.control, [-self.strict, *assumptions]) as handle:
                for model in handle:
                    reasons = [str(self.taken(each).arguments[1]) for each in model.symbols(shown=True)]
            return tuple(sorted(reasons))
        finally:
            search.enum_mode, search.models = "auto", 1  # type: ignore[union-attr]

    def in_all(self, assumptions: Sequence[int]) -> frozenset[Atom]:
        """The shown atoms that hold in every world that satisfies the assumptions."""
        return self._consequences("cautious", assumptions)

    def in_some(self, assumptions: Sequence[int], perhaps_none: bool = False) -> frozenset[Atom]:
        """The shown atoms that hold in some world that satisfies the assumptions.

        Args:
            perhaps_none: there may be no such world, and then no atom.

        Raises: SolverError: there is none.
        """
        return self._consequences("brave", assumptions, perhaps_none)

    def _consequences(self, mode: str, assumptions: Sequence[int], perhaps_none: bool = False) -> frozenset[Atom]:
        search = self.control.configuration.solve
        search.enum_mode, search.models = mode, 0  # type: ignore[union-attr]
        try:
            with solving(self.control, [self.strict, *assumptions]) as handle:
                for _ in handle:
                    pass  # each model narrows or widens the one before; the last holds the answer
                last = handle.last()
                if last is None:
                    if perhaps_none:
                        return frozenset()
                    raise SolverError("no world satisfies the case")
                return frozenset(map(self.taken, last.symbols(shown=True)))
        finally:
            search.enum_mode, search.models = "auto", 1  # type: ignore[union-attr]

    def ground_rules(self, names: Container[str] | None = None) -> GroundRules:
        """The ground program itself, for those who evaluate it by other means than a solve; grounds once more.

        Args:
            names: as `ground_rules`.
        """
        from bvn_asp.engine.ground import ground_rules  # it needs clingo, and few programs are asked for this

        return ground_rules(self.text, self.slots, names)


@cache
def encoding(name: str) -> str:
    """The text of a file in `encodings/`."""
    return (ENCODINGS / f"{name}.lp").read_text(encoding="utf-8")
