"""What keeps a policy from approving a case, in every way in which the case could be completed or changed?

An implicate of *not approved* is a box: a set of values for each of some slots, such that whoever has one of these
values in each is not approved. A case, with some of its facts moved, is approved in every completion exactly if it hits
every implicate: in some slot of the box, nothing that the case leaves possible is among the box's values. Implicates
are found one by one, each from a world that is not approved and lies in none of those found before (found ones become
blocking clauses), until there is no such world. Where the straight line of a policy sketches its boxes, those are tried
first: the solver says of each whether it is an implicate, and looks for what they leave out.

Source: prime implicates by guess and check: Previti, Ignatiev, Jarvisalo and Marques-Silva, IJCAI 2015.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations, product

from bvn_asp.engine.boxes import Sketch, fields_of
from bvn_asp.engine.cores import minimal_core
from bvn_asp.engine.program import Program
from bvn_asp.engine.sets import Uncovered
from bvn_asp.errors import SolverError
from bvn_asp.model.case import Value
from bvn_asp.model.vocabulary import Several, Slot, Tied
from bvn_asp.repairs.moves import State

Box = dict[Slot, frozenset[str]]
World = dict[Slot, str]
KEPT = 100
WAYS = 64
_KEPT: OrderedDict[tuple[object, ...], list[Box]] = OrderedDict()
"""The contradictions by what the lines of policies sketch of them: policies over one background have the same."""


class Implicates:
    """Finds the implicates of *not approved* for one case and some policies.

    Sound: a box is a core of a world that is not approved, widened only while no world in it is approved. Complete: the
    search ends when every world within reach that is not approved lies in some box. Ends: each box closes at least the
    world it came from, and there are finitely many.

    Args:
        program: its seats in world 1 are the policies; every slot it reads is in `states`.
        states: how the slots stand.
        spoken: literals that choose the readings.
        loose: presumed slots whose presumption a move could undo.
        enough: asked between solves whether to stop early.
        several: what is said of several slots together: no patient of this case is otherwise, whatever is moved.
        sketches: of each seat, if there are any; nothing is taken from them that the solver does not prove.
    """

    def __init__(
        self,
        program: Program,
        states: Mapping[Slot, State],
        spoken: Sequence[int],
        loose: frozenset[Slot] = frozenset(),
        enough: Callable[[], bool] = lambda: False,
        several: Mapping[Slot, Value] | None = None,
        sketches: Sequence[Sketch] = (),
    ) -> None:
        self.program = program
        self.sketches = () if any(isinstance(slot, Tied) for slot in several or ()) else sketches  # they know no ties
        self.complete = True
        self._enough = enough
        self.reach = {s: each.values if s in loose else each.reachable for s, each in states.items()}
        self._fixed = list(spoken)
        for slot, values in self.reach.items():
            self._fixed += self._among(slot, values)
        ties: dict[Slot, Value] = {s: value for s, value in (several or {}).items() if isinstance(s, Tied)}
        self._several = {slot: value for slot, value in (several or {}).items() if slot not in ties}
        self._fixed += program.assume(ties)  # of tied slots one stands for all: no box is about the others
        self._strict = list(self._fixed)
        self._fixed += program.assume(self._several)
        self._free = [slot for slot, values in self.reach.items() if len(values) > 1]

    def _literal(self, slot: Slot, value: str) -> int:
        return self.program.options(slot)[value]

    def _among(self, slot: Slot, values: Sequence[str] | frozenset[str]) -> list[int]:
        """Literals that hold a slot to some values."""
        if len(values) == 1:
            return [self._literal(slot, next(iter(values)))]
        return [-literal for value, literal in self.program.options(slot).items() if value not in values]

    def approvable(self, seats: Iterable[int]) -> bool:
        """Whether any moves at all could lead some seats to approve together."""
        goals = [self.program.literal("verdict", seat, "approve") for seat in seats]
        return self.program.possible([*self._fixed, *goals])

    def of(self, seat: int) -> list[Box]:
        """The implicates of one seat, as the solver comes upon them; their union is the same in any order."""
        approve = self.program.literal("verdict", seat, "approve")
        uncovered = Uncovered(self.program)
        likely = self._likely(self.sketches[seat].denied if self.sketches else ())
        found = [box for box in likely if self._is_whole(box, approve)]
        rest = [box for box in likely if box not in found]
        if found and self.program.possible([approve, *self._fixed, uncovered.close(*found)]):
            raise SolverError("the straight line of a policy and its rules part")
        if found and self._enough():
            self.complete = False
        for box in self._others(uncovered, rest, approve) if self.complete else ():
            found.append(box)
            uncovered.close(box)
            if self._enough():
                self.complete = False
                break
        uncovered.end()
        return found

    def _is_whole(self, box: Box, approve: int) -> bool:
        """Whether a likely box needs no slot more, and none less for what nobody can be."""
        return self._safe(box) and self._is_small(box, approve)

    def _is_small(self, box: Box, approve: int) -> bool:
        """Whether a likely box needs each of its slots that are part of what nobody can be."""
        bound = [slot for slot in box if any(slot in bad for bad in self.contradictions)]
        told = {slot: self._among(slot, values) for slot, values in box.items()}
        fewer = ([lit for s, each in told.items() if s != slot for lit in each] for slot in bound)
        return all(self.program.possible([approve, *self._fixed, *each]) for each in fewer)

    def _others(self, uncovered: Uncovered, likely: Iterable[Box], approve: int) -> Iterator[Box]:
        """Implicates that are not closed yet, one by one: first inside of likely boxes, then wherever there are any."""
        for box in likely:
            told = [literal for slot, values in box.items() for literal in self._among(slot, values)]
            if (world := uncovered.next([*self._fixed, -approve, *told])) is not None:
                kept = self._kept_safe(box)
                if kept is not None and self._is_small(box, approve):
                    yield kept
                    continue
                part = self._shrunk(world, approve, box) or self._shrunk(world, approve)
                yield self._widened(self._guarded(part, world), approve)
        while (world := uncovered.next([*self._fixed, -approve])) is not None:
            yield self._widened(self._guarded(self._shrunk(world, approve), world), approve)

    def _likely(self, boxes: Iterable[int] | None) -> list[Box]:
        """Sketched boxes, as far as they are within reach."""
        fields, values = fields_of(self.program), {slot: self.program.values(slot) for slot in self.reach}
        places = {slot: {value: 1 << i for i, value in enumerate(listed)} for slot, listed in values.items()}
        within = fields.box({slot: sum(places[slot][v] for v in left) for slot, left in self.reach.items()})
        inside = fields.joined(found for box in boxes or () if (found := fields.both(box, within)))
        return [
            {
                slot: frozenset(value for value, bit in places[slot].items() if mask & bit)
                for slot, mask in fields.masks(box, within).items()
            }
            for box in inside
        ]

    @cached_property
    def contradictions(self) -> list[Box]:
        """Smallest sets of values that no patient has together, one of each slot's."""
        broken = self.program.literal("broken")
        uncovered = Uncovered(self.program)
        likely = self._likely(self.sketches[0].forbidden if self.sketches else ())
        key = tuple(tuple((slot, values, self.reach[slot]) for slot, values in box.items()) for box in likely)
        found = [dict(each) for each in _KEPT.get(key, ())]
        if found and self.program.possible([*self._strict, uncovered.close(*found)]):
            raise SolverError("what nobody can be is something else here")
        for values in self._impossible(uncovered, broken, [] if found else likely):
            if values not in found:
                found.append(values)
                uncovered.close(values)
        uncovered.end()
        if key:
            _KEPT[key] = found
            while len(_KEPT) > KEPT:
                _KEPT.popitem(last=False)
        return found + [box for slot, value in self._several.items() for box in self._against(slot, value)]

    def _impossible(self, uncovered: Uncovered, broken: int, likely: Iterable[Box]) -> Iterator[Box]:
        """Smallest sets of values that nobody has together and that are not closed yet, one by one."""
        for box in likely:
            for some in product(*(sorted(values) for values in box.values())):
                part = self._shrunk(dict(zip(box, some, strict=True)), None, box)
                if part:
                    yield {slot: frozenset({value}) for slot, value in part.items()}
        while (world := uncovered.next([*self._strict, broken], tolerated=True)) is not None:
            yield {slot: frozenset({value}) for slot, value in self._shrunk(world, None).items()}

    def _against(self, slot: Slot, value: Value) -> Iterator[Box]:
        """The ways in which what is said of several slots would not be so: too few of them, or too many, have it."""
        assert isinstance(slot, Several)
        parts = [each for each in slot.parts if each in self.reach]
        if not parts:
            return
        has = {each: frozenset(self.program.allowed(each, value)) for each in parts}
        without = {each: frozenset(self.reach[each]) - has[each] for each in parts}
        sets = [(len(parts) - slot.least + 1, without)]
        if slot.most is not None:
            sets.append((slot.most + 1, {each: has[each] & frozenset(self.reach[each]) for each in parts}))
        for size, values in sets:
            for some in combinations([each for each in parts if values[each]], size):
                yield {each: values[each] for each in some}

    def _shrunk(self, world: World, goal: int | None, among: Iterable[Slot] | None = None) -> World:
        """A smallest part of a world that rules a goal out; without a goal, that no patient has.

        Args:
            among: look for it among these slots only; the part is empty if they do not.
        """
        fixed = self._strict if goal is None else self._fixed
        first = [*([] if goal is None else [goal]), *fixed]  # the goal first: else clasp's core is everything
        items = {self._literal(slot, world[slot]): slot for slot in (self._free if among is None else among)}
        kept = list(items)
        for _ in range(2 if among is None else 0):
            needed = set(self.program.core([*first, *kept]) or ())
            kept = [each for each in reversed(kept) if each in needed]
        found = minimal_core(self.program, first, {each: (each,) for each in kept}) or ()
        return {items[each]: world[items[each]] for each in found}

    def _guarded(self, part: World, world: World) -> Box:
        """A part of a world, with what else it takes for somebody with it to be possible, whatever else is known.

        A core alone could describe nobody: a case that leaves its values open would count as not approved in a
        completion that no patient is. So of every set that nobody has together (a contradiction) and that shares a
        slot with the box, the box gets one slot in which the world is otherwise. Then any patient's other values
        complete any choice of values from the box: contradictions that share a slot with it are broken in the box, the
        others among what is not in it. Ends: the box grows by a slot of the world each time. Which slot is taken
        depends on the order of the contradiction's slots; any is sound, and the union of the boxes is the same.
        """
        box = dict(part)
        grown = True
        while grown:
            grown = False
            for bad in self.contradictions:
                if self._agrees(box, bad):
                    slot = next(s for s in bad if world[s] not in bad[s])
                    box[slot] = world[slot]
                    grown = True
        return {slot: frozenset({value}) for slot, value in box.items()}

    def _kept_safe(self, box: Box) -> Box | None:
        """A likely box with what else it takes for somebody to be in it, as `_guarded`; None if that could be more.

        It is the one safe box in it that has all others in it. Ends: each round takes values away from a slot.
        """
        found: list[Box] = []
        left = [box]
        while left and len(left) < WAYS:
            some = left.pop()
            bad = self._unbroken(some)
            if bad is None:
                found.append(some)
                continue
            for slot in bad:
                kept = some.get(slot, frozenset(self.reach[slot])) - bad[slot]
                if kept:
                    left.append(some | {slot: kept})
        whole = [one for one in found if all(_lies_in(other, one) for other in found)]
        return whole[0] if whole and not left else None

    @staticmethod
    def _agrees(box: Mapping[Slot, str], bad: Box) -> bool:
        shared = [slot for slot in bad if slot in box]
        return bool(shared) and all(box[slot] in bad[slot] for slot in shared)

    def _safe(self, box: Box) -> bool:
        """Whether every contradiction that shares a slot with a box is broken in it, as `_guarded` leaves it."""
        return self._unbroken(box) is None

    def _unbroken(self, box: Box) -> Box | None:
        """A contradiction that shares a slot with a box and is not broken in it; None if there is none."""
        for bad in self.contradictions:
            shared = [slot for slot in bad if slot in box]
            if shared and all(bad[slot] & box[slot] for slot in shared):
                return bad
        return None

    def _widened(self, box: Box, approve: int) -> Box:
        """The same box with every value put in that makes no difference to it.

        Sound: a value is put in only if nobody who has it, and the box's values in its other slots, is approved.
        Depends on order: slots in the order of the core, values in that of the vocabulary; another order gives other
        boxes, with the same union once all are found. Fewer boxes are the aim, not the fewest.
        """
        for slot in box:
            others = [lit for s, values in box.items() if s != slot for lit in self._among(s, values)]
            for value in self.reach[slot]:
                wider = {**box, slot: box[slot] | {value}}
                if value in box[slot] or not self._safe(wider):
                    continue
                if not self.program.possible([approve, *self._fixed, *others, self._literal(slot, value)]):
                    box = wider
        return box


def _lies_in(one: Box, other: Box) -> bool:
    """Whether whoever is in one box is in another."""
    return all(slot in one and one[slot] <= values for slot, values in other.items())
