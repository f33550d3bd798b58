"""Pairs of worlds that differ in one slot and in a verdict, kept as proof of what is open.

The program has two worlds and the encoding `differ`. A pair that was found once satisfies every further set of
assumptions that its own literals satisfy, so the solver is asked only for what no pair at hand shows; and what it says
then is one more pair, or the proof that there is no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bvn_asp.engine.program import Program
from bvn_asp.engine.stopping import solving
from bvn_asp.model.vocabulary import Slot

MOST = 64  # pairs kept for one slot; those found last are the likeliest to be of use


class Pairs:
    """The pairs of one program.

    Args:
        others: literals besides those of the slots that questions assume: readings, and whose verdicts are apart.
    """

    def __init__(self, program: Program, others: Iterable[int]) -> None:
        self._program = program
        self._options = [
            (slot, list(zip(*(program.options(slot, world).values() for world in (1, 2)), strict=True)))
            for slot in program.slots
        ]
        literals = [each for _, options in self._options for pair in options for each in pair]
        self._others = tuple(dict.fromkeys(others))
        self._bit = {literal: 1 << i for i, literal in enumerate(dict.fromkeys([*literals, *self._others]))}
        self._differ = {slot: program.literal("differ", slot.term) for slot in program.slots}
        self._tied = frozenset(s for s in program.slots if not program.can_be("differ", s.term))  # differ with others
        self._found: dict[Slot, list[int]] = {slot: [] for slot in program.slots}

    def slots(
        self,
        assumptions: Sequence[int],
        beside: frozenset[Slot] = frozenset(),
        enough: int | None = None,
        seen: frozenset[Slot] = frozenset(),
    ) -> frozenset[Slot]:
        """The slots in which a pair that satisfies the assumptions can differ.

        Args:
            seen: slots of which that is known already.
            beside: slots that are none of the question any more; they may be left out.
            enough: stop once there are so many with those beside; there may be more then.
        """
        shown = {*self.shown(assumptions, seen | beside), *(seen - beside)}
        while enough is None or len(shown) + len(beside) < enough:
            slot = self._ask([*assumptions, *(-self._differ[s] for s in self._found if s in shown or s in beside)])
            if slot is None:
                break
            shown.add(slot)
        return frozenset(shown)

    def shown(self, assumptions: Sequence[int], beside: frozenset[Slot] = frozenset()) -> frozenset[Slot]:
        """The slots in which a pair at hand that satisfies the assumptions differs."""
        true, false = self._masks(assumptions)
        found = (slot for slot, pairs in self._found.items() if slot not in beside and _any(pairs, true, false))
        return frozenset(found)

    def possible(self, slot: Slot, assumptions: Sequence[int]) -> bool:
        """Whether a pair that satisfies the assumptions can differ in a slot."""
        found = _any(self._found[slot], *self._masks(assumptions))
        return found or self._ask([*assumptions, self._differ[slot]]) is not None

    def forget(self) -> None:
        """Let go of the pairs found so far: they hold what was assumed of single cases."""
        self._found = {slot: [] for slot in self._found}

    def _masks(self, assumptions: Sequence[int]) -> tuple[int, int]:
        true = false = 0
        for literal in assumptions:
            if abs(literal) not in self._bit:  # made after the pairs at hand, which do not say whether it is true
                self._bit[abs(literal)] = 1 << len(self._bit)
                self._others += (abs(literal),)
                self._found = {slot: [] for slot in self._found}
            if literal > 0:
                true |= self._bit[literal]
            else:
                false |= self._bit[-literal]
        return true, false

    def _ask(self, assumptions: Sequence[int]) -> Slot | None:
        """The slot in which a new pair differs; None if the assumptions leave no pair."""
        program = self._program
        with solving(program.control, [program.strict, *assumptions]) as handle:
            model = handle.model()
            if model is None:
                return None
            given, pair, differs = frozenset(assumptions), 0, None
            for slot, options in self._options:
                if (differs is None and model.is_true(self._differ[slot])) or slot in self._tied:
                    differs = differs if slot in self._tied else slot
                    pair |= sum(self._bit[each] for two in options for each in two if model.is_true(each))
                    continue
                for place, (here, there) in enumerate(options):
                    if here in given or there in given or model.is_true(here):
                        pair |= self._bit[here] | self._bit[there]
                        if place:  # the value that was true last is looked at first
                            options[0], options[place] = options[place], options[0]
                        break
            for each in self._others:
                if each in given or (-each not in given and model.is_true(each)):
                    pair |= self._bit[each]
        assert differs is not None
        kept = self._found[differs]
        kept.insert(0, pair)
        del kept[MOST:]
        return differs


def _any(pairs: Sequence[int], true: int, false: int) -> bool:
    return any(pair & true == true and not pair & false for pair in pairs)
