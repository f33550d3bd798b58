"""A program after grounding, for those who evaluate it by other means than a solve."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from graphlib import CycleError, TopologicalSorter

from clingo import Control
from clingo.backend import Observer

from bvn_asp.classes import dataclass
from bvn_asp.engine.atoms import Atom, Taken
from bvn_asp.engine.literals import Choice
from bvn_asp.errors import SolverError
from bvn_asp.model.vocabulary import Slot


@dataclass(frozen=True)
class GroundRules:
    """A program after grounding: what it may choose, and the rules from there to every atom.

    Attributes:
        choices: what slots can be, with the atom's number.
        atoms: every other atom by its name and arguments, with its number.
        rules: head, bound and body: the head holds once so much of the body's weight does, a body being pairs of a
            literal (a number, negative for `not`) and its weight; a head of 0 must never hold.
        free: the numbers of the atoms that some choice leaves open.
        chosen: the choices themselves: heads, bound and body, as in `rules`.
    """

    choices: dict[Choice, int]
    atoms: dict[Atom, int]
    rules: tuple[tuple[int, int, tuple[tuple[int, int], ...]], ...]
    free: frozenset[int]
    chosen: tuple[tuple[tuple[int, ...], int, tuple[tuple[int, int], ...]], ...] = ()


class RuleObserver(Observer):
    """Writes down the rules that the grounder hands to the solver."""

    def __init__(self) -> None:
        self.rules: list[tuple[int, int, tuple[tuple[int, int], ...]]] = []
        self.free: set[int] = set()
        self.chosen: list[tuple[tuple[int, ...], int, tuple[tuple[int, int], ...]]] = []

    def rule(self, choice: bool, head: Sequence[int], body: Sequence[int]) -> None:
        self.weight_rule(choice, head, len(body), [(literal, 1) for literal in body])

    def weight_rule(self, choice: bool, head: Sequence[int], lower_bound: int, body: Sequence[tuple[int, int]]) -> None:
        if choice:
            self.free.update(head)
            self.chosen.append((tuple(head), lower_bound, tuple(body)))
        elif len(head) > 1:
            raise SolverError("a rule with several heads has no place in a policy")
        else:
            self.rules.append((head[0] if head else 0, lower_bound, tuple(body)))


def ground_rules(text: str, slots: Iterable[Slot], names: Container[str] | None = None) -> GroundRules:
    """The ground program of a text whose slots are these.

    Args:
        names: of the atoms that are wanted besides the choices, for each costs time; all if None.

    Raises: SolverError: a rule has several heads.
    """
    control, observer, taken = Control(["1"]), RuleObserver(), Taken()
    control.register_observer(observer)
    control.add("base", [], text)
    control.ground([("base", [])])
    by_term = {slot.term: slot for slot in slots}
    choices: dict[Choice, int] = {}
    atoms: dict[Atom, int] = {}
    listed = control.symbolic_atoms
    for name, arity, _ in dict.fromkeys(listed.signatures):
        is_choice = name in ("is", "in") and arity == 3
        for each in listed.by_signature(name, arity) if is_choice or names is None or name in names else ():
            atom = taken(each.symbol)
            if is_choice:
                world, slot, value = atom.arguments
                choices[Choice(by_term[str(slot)], str(value), int(world))] = each.literal
            else:
                atoms[atom] = each.literal
    return GroundRules(choices, atoms, tuple(observer.rules), frozenset(observer.free), tuple(observer.chosen))


def hangs_on_nothing_of_its_own(ground: GroundRules) -> bool:
    """Whether no atom is needed for itself, denied or not: what is chosen then decides all else, in one way."""
    graph: dict[int, set[int]] = {}
    for head, _, body in ground.rules:
        if head:
            graph.setdefault(head, set()).update(abs(literal) for literal, _ in body)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError:
        return False
    return True
