"""Which repair can be had at once, when there is no time to find them all?

One approved world of the case is taken, and its values are given up one by one while the policy still approves in every
completion. What is left is a smallest set of moves, but nobody knows whether another is easier; nor, of more than eight
moves, whether several could be spared together that cannot be spared one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from bvn_asp.cases.presumptions import presumptions
from bvn_asp.engine.program import Choice, Program
from bvn_asp.model.case import Case, Value
from bvn_asp.model.vocabulary import Slot
from bvn_asp.repairs.hitting_sets import Correction
from bvn_asp.repairs.moves import DOCUMENT, State

FEW = 8

Moves = dict[Slot, tuple[str, tuple[str, ...]]]


def first_repair(
    program: Program,
    case: Case,
    states: Mapping[Slot, State],
    spoken: Sequence[int],
    seats: Sequence[int],
    strict: bool,
) -> Correction | None:
    """A smallest set of moves after which some seats all approve; None if none was found."""
    goals = [program.literal("verdict", each, "approve") for each in seats]
    return _First(program, case, states, spoken, goals, strict).repair()


class _First:
    def __init__(
        self,
        program: Program,
        case: Case,
        states: Mapping[Slot, State],
        spoken: Sequence[int],
        goals: Sequence[int],
        strict: bool,
    ) -> None:
        self.program, self.case, self.states = program, case, states
        self.spoken, self.goals, self.strict = spoken, goals, strict

    def _among(self, slot: Slot, values: Sequence[str]) -> list[int]:
        choices = self.program.choices
        return [-choices[Choice(slot, v, 1)] for v in self.states[slot].values if v not in values]

    def _now(self, slot: Slot) -> tuple[str, ...]:
        state = self.states[slot]
        return state.presumed if state.held else state.kept

    def _wanted(self, slot: Slot) -> tuple[str, ...]:
        """The values that a world is best to have: what an exclusion must be left, else what is recorded."""
        state = self.states[slot]
        offered = tuple(v for v in self._now(slot) if v in state.offers.get(DOCUMENT, ()))
        return state.spared or offered or self._now(slot)

    def _approved_world(self) -> dict[Slot, str] | None:
        """An approved world that keeps to the record where it can."""
        reach = [lit for slot, each in self.states.items() for lit in self._among(slot, each.reachable)]
        keep = {slot: self._among(slot, self._wanted(slot)) for slot in self.states}
        while True:
            assumed = [*self.spoken, *self.goals, *reach, *(lit for literals in keep.values() for lit in literals)]
            core = self.program.core(assumed)
            if core is None:
                world = self.program.world(assumed) or frozenset()
                return {c.slot: c.value for c, lit in self.program.choices.items() if lit in world and c.world == 1}
            needed = set(core)
            blamed = [slot for slot, literals in keep.items() if needed & set(literals) - set(reach)]
            freed = blamed[-1] if blamed else None
            if freed is None:
                return None
            del keep[freed]

    def _holds(self, moves: Moves) -> bool:
        """Whether every completion of the moved case is approved, and some have all that was presumed absent so."""
        values: dict[Slot, Value | None] = {
            slot: self.program.as_value(slot, left) for slot, (_, left) in moves.items()
        }
        moved = self.case.with_values(self.program.vocabulary, values)
        known = moved.recorded | presumptions(self.program.vocabulary, moved, self.strict, self.program.never_presumed)
        facts = [*self.spoken, *self.program.assume(known)]
        if any(self.program.possible([-goal, *facts]) for goal in self.goals):
            return False
        still = [slot for slot, each in self.states.items() if each.held and slot not in moves]
        held = [literal for slot in still for literal in self._among(slot, self.states[slot].presumed)]
        return self.program.possible([*facts, *held])

    def repair(self) -> Correction | None:
        world = self._approved_world()
        if world is None:
            return None
        moves: Moves = {}
        for slot, state in self.states.items():
            value, now = world[slot], self._now(slot)
            if value not in now:
                kind = next((kind for kind, leaves in state.offers.items() if value in leaves), None)
                if kind is None:
                    return None
                moves[slot] = (kind, (value,))
            elif value in state.offers.get(DOCUMENT, ()) and (state.held or len(now) > 1):
                left = tuple(v for v in state.values if v == value or v in state.spared)
                if not self._says_more(slot, DOCUMENT, left):
                    return None
                moves[slot] = (DOCUMENT, left)
        if not self._holds(moves):
            return None
        for part in self._halves(list(moves)):
            rest = {slot: each for slot, each in moves.items() if slot not in part}
            if len(rest) < len(moves) and self._holds(rest):
                moves = rest
        moves = self._fewest(moves)
        for slot, (kind, left) in tuple(moves.items()):
            moves[slot] = (kind, self._widest(slot, kind, left, moves))
        return tuple((slot, *moves[slot]) for slot in self.states if slot in moves)

    def _fewest(self, moves: Moves) -> Moves:
        """A smallest part of some moves that does: one move may undo what another is for, so parts are tried too."""
        if len(moves) > FEW:
            return moves
        for size in range(len(moves)):
            for kept in combinations(moves, size):
                part = {slot: moves[slot] for slot in kept}
                if self._holds(part):
                    return part
        return moves

    def _widest(self, slot: Slot, kind: str, left: tuple[str, ...], moves: Moves) -> tuple[str, ...]:
        """The values of one move with every value put back that the others can bear."""
        grown = True
        while grown:  # a number grows to either side, so that a value passed over may fit later
            grown = False
            for value in self.states[slot].offers[kind]:
                wider = tuple(v for v in self.states[slot].values if v in left or v == value)
                if wider != left and self._says_more(slot, kind, wider) and self._holds({**moves, slot: (kind, wider)}):
                    left, grown = wider, True
        return left

    def _says_more(self, slot: Slot, kind: str, values: Sequence[str]) -> bool:
        """Whether leaving these values is a move, as `repair.lp` says: a number in one piece, a document new."""
        state = self.states[slot]
        if kind == DOCUMENT and not state.held and set(values) >= set(state.kept):
            return False
        listed = state.values
        places = [listed.index(value) for value in values]
        return not self.program.vocabulary.facts[slot.fact].is_numeric or places[-1] - places[0] == len(places) - 1

    def _halves(self, slots: list[Slot]) -> list[list[Slot]]:
        """What to give up, large parts first, then each by itself."""
        parts = []
        size = len(slots) // 2
        while size > 1:
            parts += [slots[i : i + size] for i in range(0, len(slots), size)]
            size //= 2
        return parts + [[slot] for slot in slots]
