"""What is found when somebody asks what would make a case approvable: repairs, or what rules them out."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from bvn_asp.cases.compare import names
from bvn_asp.cases.evaluate import Evaluation
from bvn_asp.classes import dataclass, replace
from bvn_asp.model.case import Case
from bvn_asp.model.growth import on_day
from bvn_asp.model.library import Library
from bvn_asp.model.vocabulary import Slot
from bvn_asp.repairs.hitting_sets import Correction
from bvn_asp.repairs.implicates import Box
from bvn_asp.repairs.moves import Move


@dataclass(frozen=True)
class Repair:
    """A smallest set of moves; empty if the case is approved as it stands.

    Attributes:
        ruled_out: where nothing is presumed, the exclusions that are to be ruled out with it: one block, none of which
            can be spared.
        overtaken: on the day from which its durations hold, something else has changed by which the policies do not
            approve.
    """

    moves: tuple[Move, ...]
    ruled_out: tuple[Move, ...] = ()
    overtaken: bool = False

    @property
    def holds_from(self) -> datetime.date | None:
        """The date from which all of its durations hold; None if none of them has a date, or something overtakes it."""
        return None if self.overtaken else self.day

    @property
    def day(self) -> datetime.date | None:
        """The first day on which its durations have reached their limits."""
        return max((m.holds_from for m in self.moves if m.holds_from), default=None)

    def applied_to(self, library: Library, case: Case) -> Case:
        """The case with the moves made, its other records as they are."""
        return case.with_values(library.vocabulary, {move.slot: move.new for move in (*self.moves, *self.ruled_out)})

    def on_its_day(self, library: Library, case: Case) -> Case:
        """The case on the day from which its durations hold: what time brings about is counted, not asserted."""
        day = self.day
        assert day is not None
        timed = {slot for move in self.moves if move.holds_from for slot in move.slots}
        values = {move.slot: move.new for move in (*self.moves, *self.ruled_out) if move.slot not in timed}
        return on_day(library.vocabulary, case, day).with_values(library.vocabulary, values)


@dataclass(frozen=True)
class Block:
    """A smallest set of recorded facts that rules out every repair.

    Attributes:
        presumed: those of the slots that are presumed rather than recorded.
        entries: where they stand in the way, as `(policy, entry id)`.
    """

    slots: tuple[Slot, ...]
    presumed: tuple[Slot, ...]
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Repairs:
    """Every repair of a case under one or more policies.

    Attributes:
        policies: their ids, or `id@revision` where two editions of one are asked.
        need: how many of them must approve.
        evaluations: what they make of the case as it stands.
        choices: independent choices, of which one alternative each must be made; a repair is one alternative of each.
        repairs: the first repairs, in the order of preference, each evaluated.
        count: how many repairs there are; at least so many if not `complete`.
        complete: every repair is among the choices; the first repair is then the easiest, and the cheapest.
        blocks: if there is no repair, what rules it out; `all_blocks` says whether these are all.
        presumed: the presumptions that the repairs rest on.
        contests: where something is to be contested, every smallest set with that; looked for where there is no other
            way, or if asked for.
        elsewhere: there is no way but by evidence about members (bodies) that the request does not ask for.
    """

    case: Case
    policies: tuple[str, ...]
    need: int
    evaluations: tuple[Evaluation, ...]
    choices: tuple[tuple[tuple[Move, ...], ...], ...]
    repairs: tuple[Repair, ...]
    count: int
    complete: bool
    blocks: tuple[Block, ...] = ()
    all_blocks: bool = True
    presumed: tuple[Slot, ...] = ()
    strict: bool = False
    contests: Repairs | None = None
    elsewhere: bool = False

    @property
    def not_presumed(self) -> tuple[tuple[Slot, tuple[Slot, ...]], ...]:
        """What nobody mentions and the policies do not presume, with the records that put it in doubt."""
        found = {slot: by for each in self.evaluations for slot, by in each.not_presumed.items()}
        order = self.evaluations[0].revision.policy.vocabulary.in_order(found) if found else ()
        return tuple((slot, found[slot]) for slot in order)

    def of_a_twin(self, evaluation: Evaluation) -> Repairs:
        """The same of one policy that has the same rules, read in the same way, in its name."""
        (old,), (new,) = self.policies, names([evaluation])
        if old == new:
            return self

        def named(entries: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
            return tuple((new, entry) for _, entry in entries)

        def moved(moves: Iterable[Move]) -> tuple[Move, ...]:
            return tuple(replace(move, serves=named(move.serves)) for move in moves)

        return replace(
            self,
            policies=(new,),
            evaluations=(replace(evaluation, hinges=(), all_hinges=True, open=()),),
            choices=tuple(tuple(map(moved, part)) for part in self.choices),
            repairs=tuple(
                replace(each, moves=moved(each.moves), ruled_out=moved(each.ruled_out)) for each in self.repairs
            ),
            blocks=tuple(replace(each, entries=named(each.entries)) for each in self.blocks),
            contests=None if self.contests is None else self.contests.of_a_twin(evaluation),
        )

    @property
    def truncated(self) -> bool:
        """Whether fewer are listed than there are."""
        return len(self.repairs) < self.count


@dataclass(frozen=True)
class Implicated:
    """What stands in the way of approval, whatever is moved.

    Attributes:
        boxes: for each policy, values of some slots; whoever has one of these in each is not approved.
        contradictions: values of some slots, of which nobody has one in each.
        loose: presumed slots that were looked at as if nothing were presumed of them.
        parts: the smallest sets of moves: one alternative of each part.
    """

    boxes: tuple[tuple[Box, ...], ...]
    contradictions: tuple[Box, ...]
    loose: tuple[Slot, ...]
    parts: tuple[tuple[Correction, ...], ...]
