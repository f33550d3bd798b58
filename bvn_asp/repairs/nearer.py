"""Which entries does a move bring nearer, alone or with others?

An entry stands as it did wherever nothing that it hangs on is known otherwise than before: neither a slot that its
straight line reads, nor one that a patient's other values can rule out together with such a slot. Of all other entries
the solver is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bvn_asp.cases.evaluate import Evaluation, Evaluator, Status
from bvn_asp.cases.presumptions import never_presumed, presumptions
from bvn_asp.classes import dataclass
from bvn_asp.engine.boxes import Sketch, fields_of
from bvn_asp.engine.program import Program
from bvn_asp.model.case import Case, Value
from bvn_asp.model.outline import is_exclusion
from bvn_asp.model.vocabulary import Slot
from bvn_asp.repairs.moves import Move


def height(status: Status, excludes: bool) -> int:
    """How near an entry is to speaking for approval: 0 it stands in the way, 1 it is open, 2 it does."""
    return {False: 0, None: 1, True: 2}[status.speaks(excludes)]


@dataclass(frozen=True)
class _Entry:
    """An entry that is no group.

    Attributes:
        favour: the literal that holds where it speaks for approval.
        base: its height as the case stands.
        slots: what it hangs on; None if that is not known.
    """

    seat: int
    id: str
    favour: int
    base: int
    slots: frozenset[Slot] | None


@dataclass(frozen=True)
class _Stand:
    """The case with some moves made.

    Attributes:
        known: what is recorded or presumed then.
        facts: the same as literals, the readings with them.
        changed: the slots that are known otherwise than without the moves.
    """

    known: dict[Slot, Value]
    facts: list[int]
    changed: frozenset[Slot]


class Nearer:
    """How entries stand in one case with some moves made.

    Args:
        evaluator: of policies that presume alike.
        evaluations: what they make of the case.
        program, sketches: a program of the same policies, and its sketches; None if there are none.
    """

    def __init__(
        self,
        evaluator: Evaluator,
        case: Case,
        evaluations: Sequence[Evaluation],
        strict: bool,
        program: Program,
        sketches: Sequence[Sketch] | None,
    ) -> None:
        self._vocabulary, self._case, self._strict = evaluator.library.vocabulary, case, strict
        self._program = evaluator.program
        self._never = never_presumed(evaluator.revisions)
        self._spoken = [lit for i, each in enumerate(evaluations) for lit in self._program.read(i, each.readings)]
        self._entries = list(self._all(evaluations, program, None if case.several or case.tied else sketches))
        self._stands: dict[tuple[Move, ...], _Stand | None] = {}
        self._heights: dict[tuple[tuple[Move, ...], int], int] = {}

    def _all(
        self, evaluations: Sequence[Evaluation], program: Program, sketches: Sequence[Sketch] | None
    ) -> Iterator[_Entry]:
        fields = fields_of(program)
        bound = [set(fields.masks(box, fields.all)) for box in (sketches[0].forbidden if sketches else ())]
        for seat, each in enumerate(evaluations):
            for entry in each.revision.rules.entries:
                if not entry.is_group:
                    excludes = is_exclusion(each.revision, entry.id)
                    met = self._program.literal("met", seat, entry.id)
                    yield _Entry(
                        seat,
                        entry.id,
                        -met if excludes else met,
                        height(each.statuses[entry.id], excludes),
                        None if sketches is None else _with_bound(sketches[seat].hangs_on[entry.id], bound),
                    )

    def _stand(self, moves: Sequence[Move]) -> _Stand | None:
        """The case with the moves made; None if no patient can be so."""
        key = tuple(moves)
        if key not in self._stands:
            self._stands[key] = self._made(key)
        return self._stands[key]

    def _made(self, moves: tuple[Move, ...]) -> _Stand | None:
        case = self._case.with_values(self._vocabulary, {move.slot: move.new for move in moves})
        known = case.recorded | presumptions(self._vocabulary, case, self._strict, self._never)
        facts = self._program.assume(known)
        if not self._program.possible(facts):
            return None
        before = self._stand(()) if moves else None
        was = before.known if before else known
        changed = frozenset(slot for slot in {**was, **known} if was.get(slot) != known.get(slot))
        return _Stand(known, [*facts, *self._spoken], changed)

    def __call__(self, before: Sequence[Move], after: Sequence[Move]) -> list[tuple[int, str]]:
        """The entries, as seat and id, that are nearer after some moves than after others.

        Returns: none if no patient can be so after either.
        """
        old, new = self._stand(before), self._stand(after)
        if old is None or new is None:
            return []
        changed = {slot for slot in {**old.known, **new.known} if old.known.get(slot) != new.known.get(slot)}
        return [
            (entry.seat, entry.id)
            for n, entry in enumerate(self._entries)
            if (entry.slots is None or not entry.slots.isdisjoint(changed)) and self._rises(n, tuple(before), new)
        ]

    def _rises(self, n: int, before: tuple[Move, ...], new: _Stand) -> bool:
        entry, was = self._entries[n], self._height(n, before)
        if was == 1:
            return not self._program.possible([*new.facts, -entry.favour])
        return was == 0 and self._program.possible([*new.facts, entry.favour])

    def _height(self, n: int, moves: tuple[Move, ...]) -> int:
        entry, stand = self._entries[n], self._stands[moves]
        assert stand is not None
        if not moves or (entry.slots is not None and entry.slots.isdisjoint(stand.changed)):
            return entry.base
        if (moves, n) not in self._heights:
            may = [self._program.possible([*stand.facts, sign * entry.favour]) for sign in (1, -1)]
            self._heights[moves, n] = may[0] + (may[0] and not may[1])
        return self._heights[moves, n]


def _with_bound(slots: frozenset[Slot], bound: Iterable[set[Slot]]) -> frozenset[Slot]:
    """Some slots, with all that a set of values nobody has together ties to them, however far."""
    found, left = set(slots), list(bound)
    while near := [each for each in left if each & found]:
        found.update(*near)
        left = [each for each in left if each not in near]
    return frozenset(found)
