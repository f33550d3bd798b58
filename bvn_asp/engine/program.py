"""Runs clingo: policies, revisions and worlds side by side in one program, grounded once and asked many questions.

Everything a case can say is a choice of the program, so a case is a list of assumptions and an answer costs a solve,
never a grounding. Nothing else in the package imports clingo, but `syntax`.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from clingo import Control, Function, MessageCode, Number, String, Symbol, SymbolType, parse_term
from clingo.backend import Observer

from bvn_asp.errors import SolverError
from bvn_asp.model.case import Named, Value
from bvn_asp.model.policy import Revision
from bvn_asp.model.quantity import Cell, Interval, Line, ambiguous_order, cuts_of
from bvn_asp.model.rules import Limit, Rules
from bvn_asp.model.vocabulary import Fact, Slot, Vocabulary, term

ENCODINGS = Path(__file__).parent / "encodings"


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


class Program:
    """Policies over the same worlds, grounded.

    Args:
        vocabulary: what the facts are.
        background: what no patient can be, if anything.
        seats: the policies; seat number i of the program is copy i of its rules.
        encodings: names of further files in `encodings/`.
        rules: further rules as text, for what differs from call to call.
        facts: names of facts to include although no rule reads them.
        options: for clingo.

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
    ) -> None:
        self.vocabulary = vocabulary
        spaces: dict[str, int] = {}
        self.seats = tuple(
            Seat(s.revision, s.world, spaces.setdefault(s.revision.key, len(spaces)) if s.space < 0 else s.space)
            for s in seats
        )
        self.worlds = tuple(sorted({s.world for s in self.seats})) or (1,)
        parts = [s.revision.rules for s in self.seats] + ([background] if background else [])
        names = set(facts).union(*(each.facts for each in parts))
        self.facts = tuple(each for each in vocabulary.facts.values() if each.name in names)
        self.limits = tuple(dict.fromkeys(limit for each in parts for limit in each.limits))
        self.lines = {each.name: self._line(each) for each in self.facts if each.is_numeric}
        self.slots = tuple(
            slot for each in self.facts if each.type != "count" for slot in vocabulary.slots_of(each.name)
        )
        self.background_facts = background.facts if background else frozenset()
        self._messages: list[str] = []
        self._literals: dict[tuple[int | str, ...], int] = {}
        self._shown: set[frozenset[int]] = set()
        self.control = Control(["1", *options], logger=self._collect)
        self.control.enable_cleanup = False  # or atoms that a solve finds false, such as `never`, would be forgotten
        text = [
            *(_encoding(name) for name in ("world", "outline", *encodings)),
            "\n".join(self._declarations()),
            *(s.revision.rules.copy(i, s.world, s.space) for i, s in enumerate(self.seats)),
            *(background.copy(0, world, 0) for world in self.worlds if background),
            rules,
        ]
        self._text = "\n".join(text)
        self._ground(self._text)

    # -- building ------------------------------------------------------------------------------

    def _collect(self, code: MessageCode, message: str) -> None:
        self._messages.append(message)

    def _ground(self, text: str) -> None:
        try:
            self.control.add("base", [], text)
            self.control.ground([("base", [])])
        except RuntimeError as error:
            raise SolverError("; ".join(self._messages) or str(error)) from None
        if self._messages:
            raise SolverError("; ".join(self._messages))

    def _line(self, fact: Fact) -> Line:
        limits = [each for each in self.limits if each.fact == fact.name]
        unclear = ambiguous_order(each.quantity for each in limits)
        if unclear:
            raise SolverError(f"the limits {unclear[0]} and {unclear[1]} of `{fact.name}` differ only by the calendar")
        assert fact.low is not None
        assert fact.high is not None
        return Line(fact.low, fact.high, fact.step, (cuts_of(each.operator, each.quantity) for each in limits))

    def _declarations(self) -> Iterator[str]:
        """The vocabulary, the seats and the readings as facts."""
        for world in self.worlds:
            yield f"world({world})."
        for index in self.vocabulary.indexes.values():
            yield f"{index.name}({';'.join(index.terms)})."
        body, level = self.vocabulary.indexes.get("body"), self.vocabulary.indexes.get("level")
        if body:
            yield from _anatomy(tuple(body.terms), body.levels, tuple(level.terms) if level else ())
        for fact in self.facts:
            yield from self._declare(fact)
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

    def _declare(self, fact: Fact) -> Iterator[str]:
        head, body = (f"{fact.name}(X)", f" :- {fact.per}(X).") if fact.per else (fact.name, ".")
        if fact.type == "count":
            for counted, value in fact.counts:
                index = self.vocabulary.facts[counted].per
                yield f"counts({fact.name},{counted}(X),{value},X) :- {index}(X)."
            for number in sorted({int(each.quantity.amount) for each in self.limits if each.fact == fact.name}):
                yield f"limit({fact.name},{number})."
        elif fact.is_named:
            yield f"named({head}){body} value({head},({';'.join(fact.values)})){body}"
        else:
            line = self.lines[fact.name]
            yield f"numeric({head}){body} cell({head},0..{len(line.cells) - 1}){body}"
            for each in self._tests(fact):
                cells = line.holds(each.operator, each.quantity)
                if cells:
                    yield f"on({each.operator},{head},{each.term},({';'.join(map(str, cells))})){body}"

    def _tests(self, fact: Fact) -> Iterable[Limit]:
        seen: dict[tuple[str, str], Limit] = {}
        for each in self.limits:
            if each.fact == fact.name:
                seen.setdefault((each.operator, each.term), each)
        return seen.values()

    # -- literals ------------------------------------------------------------------------------

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
        atoms = self.control.symbolic_atoms
        literals = {str(a.symbol): a.literal for name in ("is", "in") for a in atoms.by_signature(name, 3)}
        found: dict[tuple[Slot, int], dict[str, int]] = {}
        for slot in self.slots:
            name = "is" if self.vocabulary.facts[slot.fact].is_named else "in"
            own, values = slot.term, self.values(slot)
            for world in self.worlds:
                found[slot, world] = {value: literals[f"{name}({world},{own},{value})"] for value in values}
        return found

    @cached_property
    def _false(self) -> int:
        return self.control.symbolic_atoms[Function("never")].literal  # type: ignore[union-attr]

    @cached_property
    def _strict(self) -> int:
        return -self.control.symbolic_atoms[Function("tolerated")].literal  # type: ignore[union-attr]

    def literal(self, name: str, *arguments: int | str) -> int:
        """The literal of an atom; one that is always false if no rule can make the atom true.

        Args:
            arguments: numbers, or terms as text.
        """
        key = (name, *arguments)
        if key not in self._literals:
            terms = [Number(a) if isinstance(a, int) else parse_term(a) for a in arguments]
            self._literals[key] = self.literal_of(Function(name, terms))
        return self._literals[key]

    def can_be(self, name: str, *arguments: int | str) -> bool:
        """Whether any rule can make an atom true."""
        return self.literal(name, *arguments) != self._false

    def literal_of(self, symbol: Symbol) -> int:
        """The literal of an atom given as a symbol."""
        atom = self.control.symbolic_atoms[symbol]
        return self._false if atom is None else atom.literal

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

    def cell(self, slot: Slot, value: str) -> Cell:
        """The cell that a value of a numeric slot stands for."""
        return self.lines[slot.fact].cells[int(value)]

    def assume(self, values: Mapping[Slot, Value], world: int = 1) -> list[int]:
        """Literals that hold a world to some values; slots that no rule of this program reads are passed over."""
        literals = []
        for slot, value in values.items():
            options = self._by_slot.get((slot, world))
            if options is None:
                continue
            allowed = self.allowed(slot, value)
            if len(allowed) == 1:
                literals.append(options[allowed[0]])
            else:
                literals += [-literal for each, literal in options.items() if each not in allowed]
        return literals

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

    # -- questions -----------------------------------------------------------------------------

    def possible(self, assumptions: Sequence[int]) -> bool:
        """Whether some world satisfies the assumptions."""
        with self.control.solve(assumptions=[self._strict, *assumptions], yield_=True) as handle:
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
            self._shown.add(key)

    def world(self, assumptions: Sequence[int], facts: Container[str] | None = None) -> frozenset[int] | None:
        """The true literals among the choices of one world that satisfies the assumptions; None if there is none.

        Args:
            facts: the names of the facts to look at; all if None.
        """
        with self.control.solve(assumptions=[self._strict, *assumptions], yield_=True) as handle:
            model = handle.model()
            if model is None:
                return None
            return frozenset(
                literal
                for choice, literal in self.choices.items()
                if (facts is None or choice.slot.fact in facts) and model.is_true(literal)
            )

    def core(self, assumptions: Sequence[int]) -> list[int] | None:
        """Assumptions that cannot hold together, not necessarily few; None if all of them can."""
        with self.control.solve(assumptions=[self._strict, *assumptions], yield_=True) as handle:
            if handle.model() is not None:
                return None
            core = set(handle.core())
        return [each for each in assumptions if each in core]

    def truth(self, literals: Iterable[int], assumptions: Sequence[int]) -> frozenset[int] | None:
        """Which of some literals are true in one world that satisfies the assumptions; None if there is none."""
        with self.control.solve(assumptions=[self._strict, *assumptions], yield_=True) as handle:
            model = handle.model()
            return None if model is None else frozenset(each for each in literals if model.is_true(each))

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
        solving = self.control.configuration.solve
        solving.enum_mode, solving.models = "cautious", 0  # type: ignore[union-attr]
        try:
            reasons: list[str] = []
            with self.control.solve(assumptions=[-self._strict, *assumptions], yield_=True) as handle:
                for model in handle:
                    reasons = [str(arguments(each)[1]) for each in model.symbols(shown=True)]
            return tuple(sorted(reasons))
        finally:
            solving.enum_mode, solving.models = "auto", 1  # type: ignore[union-attr]

    def in_all(self, assumptions: Sequence[int]) -> frozenset[Symbol]:
        """The shown atoms that hold in every world that satisfies the assumptions."""
        return self._consequences("cautious", assumptions)

    def in_some(self, assumptions: Sequence[int]) -> frozenset[Symbol]:
        """The shown atoms that hold in some world that satisfies the assumptions."""
        return self._consequences("brave", assumptions)

    def _consequences(self, mode: str, assumptions: Sequence[int]) -> frozenset[Symbol]:
        solving = self.control.configuration.solve
        solving.enum_mode, solving.models = mode, 0  # type: ignore[union-attr]
        try:
            with self.control.solve(assumptions=[self._strict, *assumptions], yield_=True) as handle:
                for _ in handle:
                    pass  # each model narrows or widens the one before; the last holds the answer
                last = handle.last()
                if last is None:
                    raise SolverError("no world satisfies the case")
                return frozenset(last.symbols(shown=True))
        finally:
            solving.enum_mode, solving.models = "auto", 1  # type: ignore[union-attr]

    def ground_rules(self) -> GroundRules:
        """The ground program itself, for those who evaluate it by other means than a solve; grounds once more."""
        control, observer = Control(["1"], logger=self._collect), RuleObserver()
        control.register_observer(observer)
        control.add("base", [], self._text)
        control.ground([("base", [])])
        slots = {slot.term: slot for slot in self.slots}
        choices: dict[Choice, int] = {}
        atoms: dict[tuple[str, tuple[int | str, ...]], int] = {}
        for atom in control.symbolic_atoms:
            name, given = atom.symbol.name, atom.symbol.arguments
            if name in ("is", "in") and len(given) == 3:
                choices[Choice(slots[str(given[1])], str(given[2]), given[0].number)] = atom.literal
            else:
                atoms[name, tuple(arguments(atom.symbol))] = atom.literal
        return GroundRules(choices, atoms, tuple(observer.rules), frozenset(observer.free))


@dataclass(frozen=True)
class GroundRules:
    """A program after grounding: what it may choose, and the rules from there to every atom.

    Attributes:
        choices: what slots can be, with the atom's number.
        atoms: every other atom by its name and arguments, with its number.
        rules: head, bound and body: the head holds once so much of the body's weight does, a body being pairs of a
            literal (a number, negative for `not`) and its weight; a head of 0 must never hold.
        free: the numbers of the atoms that some choice leaves open.
    """

    choices: dict[Choice, int]
    atoms: dict[tuple[str, tuple[int | str, ...]], int]
    rules: tuple[tuple[int, int, tuple[tuple[int, int], ...]], ...]
    free: frozenset[int]


class RuleObserver(Observer):
    """Writes down the rules that the grounder hands to the solver."""

    def __init__(self) -> None:
        self.rules: list[tuple[int, int, tuple[tuple[int, int], ...]]] = []
        self.free: set[int] = set()

    def rule(self, choice: bool, head: Sequence[int], body: Sequence[int]) -> None:
        self.weight_rule(choice, head, len(body), [(literal, 1) for literal in body])

    def weight_rule(self, choice: bool, head: Sequence[int], lower_bound: int, body: Sequence[tuple[int, int]]) -> None:
        if choice:
            self.free.update(head)
        elif len(head) > 1:
            raise SolverError("a rule with several heads has no place in a policy")
        else:
            self.rules.append((head[0] if head else 0, lower_bound, tuple(body)))


@cache
def _encoding(name: str) -> str:
    return (ENCODINGS / f"{name}.lp").read_text(encoding="utf-8")


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


def quoted(text: str) -> str:
    """A text as a string term, safe to put into a program."""
    return str(String(text))


def arguments(symbol: Symbol) -> list[int | str]:
    """The arguments of an atom: numbers as int, all else as text, strings without their quotes."""
    return list(_arguments(symbol))


@cache
def _arguments(symbol: Symbol) -> tuple[int | str, ...]:
    """As `arguments`; an atom is taken apart once, which costs more than a solve does."""
    return tuple(
        a.number if a.type == SymbolType.Number else a.string if a.type == SymbolType.String else str(a)
        for a in symbol.arguments
    )


class Guesses:
    """Combinations of options, those closest to a starting point first, until all are forbidden.

    Args:
        choices: for each choice its name, its options, and the option to start from.
    """

    def __init__(self, choices: Sequence[tuple[str, Sequence[str], str]]) -> None:
        self._names = {(i, j): (name, o) for i, (name, options, _) in enumerate(choices) for j, o in enumerate(options)}
        self._control = Control(["1", "--heuristic=Domain"])
        lines = []
        for i, (_, options, start) in enumerate(choices):
            lines.append(f"1 {{ take({i},0..{len(options) - 1}) }} 1.")
            lines.append(f"#heuristic take({i},{list(options).index(start)}). [1,true]")
        self._control.add("base", [], "\n".join([*lines, "#show take/2."]))
        self._control.ground([("base", [])])
        self._literals = {
            self._names[atom.symbol.arguments[0].number, atom.symbol.arguments[1].number]: atom.literal
            for atom in self._control.symbolic_atoms.by_signature("take", 2)
        }

    def next(self) -> dict[str, str] | None:
        """A combination that is not forbidden; None when there is none left."""
        with self._control.solve(yield_=True) as handle:
            model = handle.model()
            if model is None:
                return None
            found = [self._names[a.arguments[0].number, a.arguments[1].number] for a in model.symbols(shown=True)]
        return dict(sorted(found, key=list(self._names.values()).index))

    def forbid(self, part: Sequence[tuple[str, str]]) -> None:
        """Forbid every combination that contains these options."""
        with self._control.backend() as backend:
            backend.add_rule([], [self._literals[item] for item in part])


class HittingSets:
    """The smallest sets that meet every one of some sets, as those are added one by one.

    Args:
        size: the elements are the numbers from 0 to size - 1.
    """

    def __init__(self, size: int) -> None:
        self._control = Control(["0", "--opt-mode=opt"])
        self._control.add("base", [], f"{{ take(0..{size - 1}) }}. #minimize {{ 1,X : take(X) }}. #show take/1.")
        self._control.ground([("base", [])])
        atoms = self._control.symbolic_atoms
        self._literals = [atoms[Function("take", [Number(x)])].literal for x in range(size)]  # type: ignore[union-attr]

    def hit(self, elements: Iterable[int]) -> None:
        """Ask that one of these elements be taken from now on."""
        with self._control.backend() as backend:
            backend.add_rule([], [-self._literals[x] for x in elements])

    def smallest(self) -> tuple[int, ...] | None:
        """One smallest set; None if there is no set that meets them all."""
        found: tuple[int, ...] | None = None
        with self._control.solve(yield_=True) as handle:
            for model in handle:
                found = tuple(sorted(a.arguments[0].number for a in model.symbols(shown=True)))
        return found


class Uncovered:
    """The worlds of a program that lie in none of some boxes, as boxes are closed one by one.

    A box gives some slots a set of values each; a world lies in it if every one of these slots has one of its values.
    The boxes bind nobody but this object: other questions to the same program do not see them.

    Args:
        world: which of the program's worlds is meant.
    """

    def __init__(self, program: Program, world: int = 1) -> None:
        self._program = program
        self._world = world
        self._names: dict[tuple[Slot, frozenset[str]], int] = {}
        with program.control.backend() as backend:
            self._guard = backend.add_atom()
            backend.add_rule([self._guard], choice=True)

    def literal(self, slot: Slot, values: frozenset[str]) -> int:
        """The literal that says a slot has one of some values."""
        if len(values) == 1:
            return self._program.choices[Choice(slot, next(iter(values)), self._world)]
        if (slot, values) not in self._names:
            with self._program.control.backend() as backend:
                atom = self._names[slot, values] = backend.add_atom()
                for value in sorted(values):
                    backend.add_rule([atom], [self._program.choices[Choice(slot, value, self._world)]])
        return self._names[slot, values]

    def close(self, box: Mapping[Slot, frozenset[str]]) -> None:
        """Leave out the worlds of a box from now on."""
        body = [self.literal(slot, values) for slot, values in box.items()]
        with self._program.control.backend() as backend:
            backend.add_rule([], [self._guard, *body])

    def end(self) -> None:
        """Let the program forget the boxes; nothing more can be asked of this object."""
        with self._program.control.backend() as backend:
            backend.add_rule([], [self._guard])

    def next(self, assumptions: Sequence[int], tolerated: bool = False) -> dict[Slot, str] | None:
        """A world outside of every closed box, as slot to value; None if there is none.

        Args:
            tolerated: worlds that are no patient's count too.
        """
        program = self._program
        strict = -program._strict if tolerated else program._strict
        with program.control.solve(assumptions=[strict, self._guard, *assumptions], yield_=True) as handle:
            model = handle.model()
            if model is None:
                return None
            return {
                choice.slot: choice.value
                for choice, literal in program.choices.items()
                if choice.world == self._world and model.is_true(literal)
            }


class Minimal:
    """The models of a small program whose shown atoms are fewest by inclusion, each once.

    The program itself says by `#heuristic A. [1,false]` for every shown atom that it would rather be false; together
    with the two options this enumerates the minimal sets and nothing else (Di Rosa, Giunchiglia and Maratea, 2010).

    Args:
        encodings: names of files in `encodings/`.
        rules: further rules as text.
    """

    def __init__(self, encodings: Sequence[str], rules: str) -> None:
        self._messages: list[str] = []
        self._control = Control(
            ["0", "--heuristic=Domain", "--enum-mode=domRec"], logger=lambda _, text: self._messages.append(text)
        )
        try:
            self._control.add("base", [], "\n".join([*(_encoding(name) for name in encodings), rules]))
            self._control.ground([("base", [])])
        except RuntimeError as error:
            raise SolverError("; ".join(self._messages) or str(error)) from None
        if self._messages:
            raise SolverError("; ".join(self._messages))

    def __iter__(self) -> Iterator[list[tuple[str, list[int | str]]]]:
        """Each minimal set as names with arguments, in the order of the atoms."""
        with self._control.solve(yield_=True) as handle:
            for model in handle:
                yield [(each.name, arguments(each)) for each in sorted(model.symbols(shown=True))]


def is_safe(rule: str) -> bool:
    """Whether a rule stands by itself: every variable of it is bound, and it can be parsed."""
    control = Control(logger=lambda code, message: None)
    try:
        control.add("base", [], rule)
        control.ground([("base", [])])
    except RuntimeError:
        return False
    return True
