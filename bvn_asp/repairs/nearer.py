"""Which entries does a move bring nearer, alone or with others?

An entry stands as it did wherever nothing that it hangs on is known otherwise than before: neither a slot that its
straight line reads, nor one that a patient's other values can rule out together with such a slot. How all other entries
stand is told by the lines of policies that are asked side by side, else by the solver.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bvn_asp.cases.beside import Alone, Beside, Supposed
from bvn_asp.cases.evaluate import Evaluation, Evaluator, Status
from bvn_asp.cases.presumptions import never_presumed, presumptions
from bvn_asp.classes import dataclass, field
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
        excludes: being met speaks against approval.
        base: its height as the case stands.
        slots: what it hangs on; None if that is not known.
        alone: its policy's line; None if there is none.
    """

    seat: int
    id: str
    excludes: bool
    base: int
    slots: frozenset[Slot] | None
    alone: Alone | None


@dataclass(frozen=True)
class _Stand:
    """The case with some moves made.

    Attributes:
        known: what is recorded or presumed then.
        changed: the slots that are known otherwise than without the moves.
        supposed: the same along the lines of the policies; None if there are none.
        told: what is known, as literals, the readings with it; empty until the solver is asked.
    """

    known: Mapping[Slot, Value]
    changed: frozenset[Slot]
    supposed: Supposed | None
    told: list[int] = field(default_factory=list, compare=False)


class Nearer:
    """How entries stand in one case with some moves made.

    Args:
        evaluator: of policies that presume alike.
        evaluations: what they make of the case.
        program, sketches: a program of the same policies, and its sketches; None if there are none.
        beside: the lines of the policies, if there are any; of what they do not tell the solver is asked.
    """

    def __init__(
        self,
        evaluator: Evaluator,
        case: Case,
        evaluations: Sequence[Evaluation],
        strict: bool,
        program: Program,
        sketches: Sequence[Sketch] | None,
        beside: Beside | None = None,
    ) -> None:
        self._evaluator, self._vocabulary, self._case = evaluator, evaluator.library.vocabulary, case
        self._evaluations, self._strict = evaluations, strict
        self._never = never_presumed(evaluator.revisions)
        self._alone = [None if beside is None else beside.of(each) for each in evaluations]
        self._entries = list(self._all(program, None if case.several or case.tied else sketches))
        self._stands: dict[tuple[Move, ...], _Stand | None] = {}
        self._heights: dict[tuple[tuple[Move, ...], int], int] = {}

    def _all(self, program: Program, sketches: Sequence[Sketch] | None) -> Iterator[_Entry]:
        fields = fields_of(program)
        bound = [set(fields.masks(box, fields.all)) for box in (sketches[0].forbidden if sketches else ())]
        for seat, each in enumerate(self._evaluations):
            for entry in each.revision.rules.entries:
                if not entry.is_group:
                    excludes = is_exclusion(each.revision, entry.id)
                    yield _Entry(
                        seat,
                        entry.id,
                        excludes,
                        height(each.statuses[entry.id], excludes),
                        None if sketches is None else _with_bound(sketches[seat].hangs_on[entry.id], bound),
                        self._alone[seat],
                    )

    def _stand(self, moves: Sequence[Move]) -> _Stand | None:
        """The case with the moves made; None if no patient can be so."""
        key = tuple(moves)
        if key not in self._stands:
            self._stands[key] = self._made(key)
        return self._stands[key]

    def _made(self, moves: tuple[Move, ...]) -> _Stand | None:
        values = {move.slot: move.new for move in moves}
        alone = next((each for each in self._alone if each is not None), None)  # all presume alike: any will do
        if alone is not None:
            supposed = alone.supposed(values)
            stand = _Stand(supposed.known, supposed.changed, supposed)
            if alone.possible(supposed):
                return stand
        else:
            case = self._case.with_values(self._vocabulary, values)
            known = case.recorded | presumptions(self._vocabulary, case, self._strict, self._never)
            before = self._stand(()) if moves else None
            was = before.known if before else known
            stand = _Stand(known, frozenset(s for s in {**was, **known} if was.get(s) != known.get(s)), None)
        return stand if self._evaluator.program.possible(self._facts(stand)) else None

    def _facts(self, stand: _Stand) -> list[int]:
        """What is known, as literals, the readings with it."""
        if not stand.told:
            program = self._evaluator.program
            stand.told.extend(program.assume(stand.known))
            stand.told.extend(lit for i, each in enumerate(self._evaluations) for lit in program.read(i, each.readings))
        return stand.told

    def __call__(self, before: Sequence[Move], after: Sequence[Move]) -> list[tuple[int, str]]:
        """The entries, as seat and id, that are nearer after some moves than after others.

        Returns: none if no patient can be so after either.
        """
        old, new = self._stand(before), self._stand(after)
        if old is None or new is None:
            return []
        changed = {slot for slot in old.changed | new.changed if old.known.get(slot) != new.known.get(slot)}
        return [
            (entry.seat, entry.id)
            for n, entry in enumerate(self._entries)
            if (entry.slots is None or not entry.slots.isdisjoint(changed)) and self._rises(n, tuple(before), new)
        ]

    def _rises(self, n: int, before: tuple[Move, ...], new: _Stand) -> bool:
        entry, was = self._entries[n], self._height(n, before)
        if was == 1:
            return not self._can(entry, new, False)
        return was == 0 and self._can(entry, new, True)

    def _can(self, entry: _Entry, stand: _Stand, favour: bool) -> bool:
        """Whether an entry speaks for approval, or does not, in some completion."""
        if entry.alone is not None and stand.supposed is not None:
            found = entry.alone.entry(stand.supposed, entry.id, favour != entry.excludes)
            if found is not None:
                return found
        program = self._evaluator.program
        met = program.literal("met", entry.seat, entry.id)
        return program.possible([*self._facts(stand), met if favour != entry.excludes else -met])

    def _height(self, n: int, moves: tuple[Move, ...]) -> int:
        entry, stand = self._entries[n], self._stands[moves]
        assert stand is not None
        if not moves or (entry.slots is not None and entry.slots.isdisjoint(stand.changed)):
            return entry.base
        if (moves, n) not in self._heights:
            may = [self._can(entry, stand, favour) for favour in (True, False)]
            self._heights[moves, n] = may[0] + (may[0] and not may[1])
        return self._heights[moves, n]


def _with_bound(slots: frozenset[Slot], bound: Iterable[set[Slot]]) -> frozenset[Slot]:
    """Some slots, with all that a set of values nobody has together ties to them, however far."""
    found, left = set(slots), list(bound)
    while near := [each for each in left if each & found]:
        found.update(*near)
        left = [each for each in left if each not in near]
    return frozenset(found)
