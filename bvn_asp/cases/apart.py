"""One policy in two worlds that differ in one fact: which facts alone change its verdict, by lanes and the solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bvn_asp.cases.usual import usual
from bvn_asp.engine.lanes import Lanes, Look, lanes_of
from bvn_asp.engine.pairs import Pairs
from bvn_asp.engine.program import Program, Seat
from bvn_asp.engine.ties import rules_of
from bvn_asp.model.case import Value, share
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.model.quantity import Cut
from bvn_asp.model.vocabulary import Several, Slot, Tied


class Apart:
    """One revision in two worlds that differ in one slot and in the verdict, as far as a record allows.

    Whether some revision's verdicts differ is asked of each alone: the readings are given, and a slot that a revision
    does not read changes nothing in it. What is known of slots that it does not read is no question at all.

    Args:
        cuts: where the lines of numbers are cut for the other revisions, so that all speak of the same cells.
        ties: slots that differ together, of which the first alone is asked.
    """

    def __init__(
        self, library: Library, revision: Revision, cuts: Mapping[str, Sequence[Cut]], ties: Sequence[Tied] = ()
    ) -> None:
        seats, encodings = [Seat(revision, world) for world in (1, 2)], ["differ", "ask"]
        self.program = Program(library.vocabulary, library.background, seats, encodings, rules_of(ties), cuts=cuts)
        self._one = Program(library.vocabulary, library.background, seats[:1], cuts=cuts, solved=False)
        self._lanes: dict[frozenset[tuple[str, str]], Lanes | None] = {}
        self._looks: tuple[Look, ...] = ()
        told = [self.program.reading(0, each.id, option.name) for each in revision.readings for option in each.options]
        self._apart = self.program.literal("apart")
        self._pairs = Pairs(self.program, [self._apart, *told])
        self.slots = frozenset(self.program.slots)
        self._spoken: list[int] = []
        self._given: Mapping[Slot, Value] = {}
        self._fixed: dict[Slot, list[int]] = {}
        self._open: frozenset[Slot] | None = None
        self._usual: list[int] = []

    def take(self, known: Mapping[Slot, Value], readings: Mapping[str, str]) -> None:
        """Go by a record from now on."""
        self._spoken = self.program.read(0, readings)
        self._given = {slot: value for slot, value in known.items() if self._reads(slot)}
        self._fixed = {slot: self._both({slot: value}) for slot, value in self._given.items()}
        self._open, self._looks = None, ()
        self._usual = [
            self.program.options(slot, 1)[values[0]]
            for slot in self.program.slots
            if slot not in known and (values := self._usually(slot))
        ]
        if any(isinstance(slot, Several) for slot in self._fixed):
            return  # what is said of several slots together is no matter of lanes
        key = frozenset(readings.items())
        if key not in self._lanes:
            self._lanes[key] = lanes_of(self._one, readings)
        lanes = self._lanes[key]
        if lanes is not None:
            allowed = {slot: self._mask(slot, known[slot]) for slot in self._fixed}
            self._looks = (Look(lanes, allowed),)
            start = self._approved()
            if start is not None:
                self._looks = (*self._looks, Look(lanes, allowed, start))

    def _approved(self) -> dict[Slot, int] | None:
        """A completion of the record that is approved, as the number of each slot's value; None if there is none."""
        approve = self.program.literal("verdict", 0, "approve")
        given = [literal for each in self._fixed.values() for literal in each]
        world = self.program.world([*given, *self._spoken, approve])
        if world is None:
            return None
        numbered = ((slot, enumerate(self.program.options(slot).values())) for slot in self.slots)
        return {slot: next(i for i, literal in options if literal in world) for slot, options in numbered}

    def _mask(self, slot: Slot, value: Value) -> int:
        """The values of a slot that a record allows, as bits."""
        allowed = set(self._one.allowed(slot, value))
        return sum(1 << i for i, each in enumerate(self._one.values(slot)) if each in allowed)

    def seen(self, changes: Mapping[Slot, Value | None]) -> frozenset[Slot]:
        """Some of the slots that alone can change the verdict: what lanes show that fit the changes as well."""
        mine = {slot: value for slot, value in changes.items() if self._reads(slot)}
        if not mine and self._open is not None:
            return self._open
        if any(isinstance(slot, Several) for slot in mine):
            return frozenset()
        told = {slot: self._mask(slot, value) for slot, value in mine.items() if value is not None}
        found: set[Slot] = set()
        for look in self._looks:
            among = look.world
            for slot, mask in told.items():
                among &= look.having(slot, mask)
            found |= {slot for slot, lanes in look.moves.items() if lanes & among and slot not in told}
        return frozenset(found)

    def shown(self, changes: Mapping[Slot, Value | None], beside: frozenset[Slot]) -> frozenset[Slot]:
        """As `seen`, and what a pair at hand shows of slots that stand not beside."""
        found = self.seen(changes)
        mine = {slot: value for slot, value in changes.items() if self._reads(slot)}
        return found | self._pairs.shown(self._assumed(mine), found | beside) if mine else found

    def _usually(self, slot: Slot) -> list[str]:
        """The values that charts usually give to a slot; none if no answer is likelier than another."""
        program = self.program
        meant = usual(program.vocabulary, slot)
        return [v for v in program.values(slot) if any(share(program.as_value(slot, (v,)), each) for each in meant)]

    def forget(self) -> None:
        """Go by no record any more, and remember none."""
        self._pairs.forget()
        self._spoken, self._given, self._fixed, self._open, self._looks = [], {}, {}, None, ()

    def open(self, changes: Mapping[Slot, Value | None], shown: frozenset[Slot], enough: int | None) -> frozenset[Slot]:
        """The slots that alone can change the verdict, if some of the record were otherwise.

        Args:
            changes: what would be known instead; None for what would not be known.
            shown, enough: it suffices to find so many with those that are shown already.
        """
        changed = {slot for slot in changes if self._reads(slot)}
        if not changed:
            if self._open is None:
                seen = self.seen({})
                if not self._looks:
                    # First the pairs of which one world is as charts usually are: they serve nearly every answer.
                    self._pairs.slots([*self._assumed({}), *self._usual])
                self._open = self._pairs.slots(self._assumed({}), seen=seen)
            return self._open
        mine = {slot: changes[slot] for slot in changed}
        seen = self.seen(mine)
        if enough is not None and len(seen | shown) >= enough:
            return seen
        return self._pairs.slots(self._assumed(mine), shown, enough, seen)

    def _reads(self, slot: Slot) -> bool:
        return slot.parts[0] in self.slots

    def tells_apart(self, slot: Slot, here: str, there: str) -> bool:
        """Whether two values of a slot can make the difference, all else being the same."""
        values = self._one.values(slot) if slot in self.slots else ()
        for look in self._looks if values else ():
            seen = look.tells_apart(slot, values.index(here), values.index(there))
            if seen is not None:
                return seen
        one, other = (self.program.options(slot, world)[v] for world, v in ((1, here), (2, there)))
        return slot in self.slots and self._pairs.possible(slot, [*self._assumed({slot: None}), one, other])

    def _assumed(self, changes: Mapping[Slot, Value | None]) -> list[int]:
        known = {slot: value for slot, value in {**self._given, **changes}.items() if value is not None}
        if any(isinstance(slot, Several) for slot in known):  # it is held against the records of its slots
            found = self._both(known)
        else:
            found = [literal for slot, each in self._fixed.items() if slot not in changes for literal in each]
            found += self._both({slot: value for slot, value in changes.items() if value is not None})
        return [*found, *self._spoken, self._apart]

    def _both(self, known: Mapping[Slot, Value]) -> list[int]:
        return self.program.assume(known, 1) + self.program.assume(known, 2)
