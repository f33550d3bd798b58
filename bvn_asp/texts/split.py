"""On which smallest patient do policies disagree?

Disagree means that one approves and another does not, be it that it denies or that it does not address the request.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from bvn_asp.cases.evaluate import Readings
from bvn_asp.classes import dataclass
from bvn_asp.engine.corrections import smallest_set
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.texts.stricter import Relation, relation
from bvn_asp.texts.witness import Base, Extent, Together, Witness


@dataclass(frozen=True)
class Split:
    """The smallest patient on whom some policies disagree.

    Attributes:
        base: the patient from whom the witness departs; None if none of the policies approves anybody.
        witness: None if they agree on everybody.
    """

    revisions: tuple[Revision, ...]
    base: Base | None
    witness: Witness | None
    extent: Extent


@dataclass(frozen=True)
class PairSplit:
    """How two policies stand to each other.

    Attributes:
        relation: of the first to the second.
        first_only, second_only: a smallest patient whom only the one approves; the evaluations are those of the two.
        base: the patient from whom both depart; None if neither approves anybody.
        agreed: somebody is approved by both.
    """

    first: Revision
    second: Revision
    relation: Relation
    first_only: Witness | None
    second_only: Witness | None
    base: Base | None
    agreed: bool


def split(library: Library, revisions: Sequence[Revision], readings: Readings | None = None) -> Split:
    """The smallest patient on whom some policies disagree.

    Args:
        revisions: two or more.
        readings: policy id to reading id to option, where it is not to be the default.

    Returns: a patient who departs in the fewest slots from the plainest one whom as many as possible of them approve.
    Raises: InputError: unknown reading or option.
    """
    together = Together(library, revisions, readings)
    program = together.program
    approve = [together.verdict(seat, "approve") for seat, _ in enumerate(revisions)]
    goal = [-program.all_of(approve), -program.all_of([-each for each in approve])]
    base = together.base(_agreeing(together))
    witness = None
    if base is not None and base.approved_by:
        moved = smallest_set(program, [*together.spoken, *goal], base.kept)
        witness = None if moved is None else together.witness(base, goal, {slot.fact for slot in moved})
    return Split(tuple(revisions), base, witness, together.extent())


class Pairs:
    """All pairs of some policies, grounded once.

    Args:
        readings: policy id to reading id to option, where it is not to be the default.
    """

    def __init__(self, library: Library, revisions: Sequence[Revision], readings: Readings | None = None) -> None:
        self.together = Together(library, revisions, readings)
        self._common = _agreeing(self.together)
        self.numbers = tuple(combinations(range(len(revisions)), 2))

    def __iter__(self) -> Iterator[PairSplit]:
        """Every pair, in the order of the policies."""
        for first, second in self.numbers:
            yield self.pair(first, second)

    def pair(self, first: int, second: int) -> PairSplit:
        """How two of the policies, named by their numbers, stand to each other."""
        together = self.together
        base = self._base(first, second)
        return PairSplit(
            first=together.revisions[first],
            second=together.revisions[second],
            relation=relation(together, first, second),
            first_only=self._only(base, first, second),
            second_only=self._only(base, second, first),
            base=base,
            agreed=base is not None and {first, second} <= set(base.approved_by),
        )

    def _base(self, first: int, second: int) -> Base | None:
        """One patient for as many pairs as possible."""
        together = self.together
        common = {first, second} & set(self._common)
        never = not together.possible([together.verdict(seat, "approve") for seat in (first, second)])
        if len(common) == 2 or (common and never):
            return together.base(self._common)
        tried = (self.together.base(seats) for seats in ((first, second), (first,), (second,), ()))
        return next(filter(None, tried), None)

    def _only(self, base: Base | None, approves: int, refuses: int) -> Witness | None:
        together = self.together
        goal = [together.verdict(approves, "approve"), -together.verdict(refuses, "approve")]
        if base is None or not together.possible(goal):
            return None
        moved = smallest_set(together.program, [*together.spoken, *goal], base.kept)
        assert moved is not None
        return together.witness(base, goal, {slot.fact for slot in moved}, sorted((approves, refuses)))


def _agreeing(together: Together) -> tuple[int, ...]:
    """Seats that approve some patient together: each in its turn, if that is possible with those before."""
    found: list[int] = []
    for seat, _ in enumerate(together.revisions):
        if together.possible([together.verdict(each, "approve") for each in (*found, seat)]):
            found.append(seat)
    return tuple(found)
