"""Sets that the solver makes one by one: combinations, hitting sets, minimal sets, and worlds outside of boxes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from bvn_asp.engine import solver
from bvn_asp.engine.atoms import Atom, Taken
from bvn_asp.engine.literals import Choice
from bvn_asp.engine.program import Program, encoding
from bvn_asp.engine.stopping import solving
from bvn_asp.errors import SolverError
from bvn_asp.model.vocabulary import Slot

if TYPE_CHECKING:
    from clingo import Backend


class Guesses:
    """Combinations of options, those closest to a starting point first, until all are forbidden.

    Args:
        choices: for each choice its name, its options, and the option to start from.
    """

    def __init__(self, choices: Sequence[tuple[str, Sequence[str], str]]) -> None:
        self._names: dict[tuple[int | str, ...], tuple[str, str]] = {
            (i, j): (name, o) for i, (name, options, _) in enumerate(choices) for j, o in enumerate(options)
        }
        self._control = solver.Control(["1", "--heuristic=Domain"])
        lines = []
        for i, (_, options, start) in enumerate(choices):
            lines.append(f"1 {{ take({i},0..{len(options) - 1}) }} 1.")
            lines.append(f"#heuristic take({i},{list(options).index(start)}). [1,true]")
        self._control.add("base", [], "\n".join([*lines, "#show take/2."]))
        self._control.ground([("base", [])])
        taken = Taken()
        self._literals = {
            self._names[taken(atom.symbol).arguments]: atom.literal
            for atom in self._control.symbolic_atoms.by_signature("take", 2)
        }
        self._taken = taken

    def next(self) -> dict[str, str] | None:
        """A combination that is not forbidden; None when there is none left."""
        with solving(self._control) as handle:
            model = handle.model()
            if model is None:
                return None
            found = [self._names[self._taken(each).arguments] for each in model.symbols(shown=True)]
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
        self._control = solver.Control(["0", "--opt-mode=opt"])
        self._control.add("base", [], f"{{ take(0..{size - 1}) }}. #minimize {{ 1,X : take(X) }}. #show take/1.")
        self._control.ground([("base", [])])
        atoms = self._control.symbolic_atoms
        self._literals = [atoms[solver.Function("take", [solver.Number(x)])].literal for x in range(size)]  # type: ignore[union-attr]

    def hit(self, elements: Iterable[int]) -> None:
        """Ask that one of these elements be taken from now on."""
        with self._control.backend() as backend:
            backend.add_rule([], [-self._literals[x] for x in elements])

    def smallest(self) -> tuple[int, ...] | None:
        """One smallest set; None if there is no set that meets them all."""
        found: tuple[int, ...] | None = None
        with solving(self._control) as handle:
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

    def close(self, *boxes: Mapping[Slot, frozenset[str]]) -> int:
        """Leave out the worlds of some boxes from now on.

        Returns: a literal that holds in these worlds and in no others.
        """
        with self._program.control.backend() as backend:
            atom = int(backend.add_atom())
            for box in boxes:
                backend.add_rule([atom], [self._literal(backend, slot, values) for slot, values in box.items()])
            backend.add_rule([], [self._guard, atom])
        return atom

    def _literal(self, backend: Backend, slot: Slot, values: frozenset[str]) -> int:
        """The literal that says a slot has one of some values."""
        if len(values) == 1:
            return self._program.choices[Choice(slot, next(iter(values)), self._world)]
        if (slot, values) not in self._names:
            atom = self._names[slot, values] = int(backend.add_atom())
            for value in sorted(values):
                backend.add_rule([atom], [self._program.choices[Choice(slot, value, self._world)]])
        return self._names[slot, values]

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
        strict = -program.strict if tolerated else program.strict
        with solving(program.control, [strict, self._guard, *assumptions]) as handle:
            model = handle.model()
            if model is None:
                return None
            given, found = frozenset(assumptions), {}
            for slot in program.slots:
                options = program.options(slot, self._world)
                known = next((value for value, literal in options.items() if literal in given), None)
                if known is None:  # a slot has one value: what is assumed needs no asking
                    known = next(value for value, literal in options.items() if model.is_true(literal))
                found[slot] = known
            return found


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
        self._control = solver.Control(
            ["0", "--heuristic=Domain", "--enum-mode=domRec"], logger=lambda _, text: self._messages.append(text)
        )
        try:
            self._control.add("base", [], "\n".join([*(encoding(name) for name in encodings), rules]))
            self._control.ground([("base", [])])
        except RuntimeError as error:
            raise SolverError("; ".join(self._messages) or str(error)) from None
        if self._messages:
            raise SolverError("; ".join(self._messages))

    def __iter__(self) -> Iterator[list[Atom]]:
        """Each minimal set, in the order of the atoms."""
        taken = Taken()
        with solving(self._control) as handle:
            for model in handle:
                yield sorted(taken(each) for each in model.symbols(shown=True))
