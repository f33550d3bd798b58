"""Many completions of one record at once: which slots are seen to change a verdict, and between which values.

The straight line of one policy is computed with whole numbers as columns of bits; a *lane* is one completion of the
record. What two lanes show that differ in one slot alone is so, whatever else may be: lanes are proofs of what is open,
and say nothing of what is not. They are drawn near the best of all completions, near the worst, and anyhow, or reached
in a walk from a completion that the solver found, or led to what they are to show (`dive`); the same ones every time.
What no completion can be is told by bounds: what is left of a line once a record is put in.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import combinations
from typing import Any

from bvn_asp import store
from bvn_asp.engine.flat import read_table, written_table
from bvn_asp.engine.lines import Table, compiled, towards
from bvn_asp.engine.program import Program
from bvn_asp.engine.rest import Rest
from bvn_asp.engine.steps import Steps
from bvn_asp.errors import SolverError
from bvn_asp.model.vocabulary import Slot

SEED = 20261126
LANES = 1024
SWEEPS = 2


def lanes_of(program: Program, readings: Mapping[str, str]) -> Lanes | None:
    """The lanes of a program's first seat, out of the store if they were made before; None if it has no straight line.

    Args:
        program: need not be grounded, see `Program`.
        readings: reading id to option.
    """
    chosen = json.dumps(sorted(readings.items()))
    name = store.named("lanes", program.text, chosen) if store.is_open() else ""
    content = store.taken(name) if name else None
    if content is not None:
        with suppress(ValueError, TypeError, KeyError, IndexError):  # not written by this code: made anew
            return _decoded(json.loads(content))
    try:
        made = compiled(program, [readings])
    except SolverError:
        return None
    line = made.lines[0]
    found = Lanes(made.table, line.verdicts, tuple(line.forbidden.values()))
    if name:
        store.keep(name, json.dumps(_encoded(found), separators=(",", ":")).encode())
    return found


class Lanes:
    """The straight line to the verdicts of one policy, ready for any number of records.

    Args:
        verdicts: `approve`, `deny` and `silent` to node.
        forbidden: the nodes that hold in no patient.
        outputs: further nodes that are looked at.
        kinds: as the attribute, where they are known.
        whole: whether these need all nodes of the table.

    Attributes:
        goals: the nodes of the verdicts.
        steps: all that is needed, parts first.
        leaves: slot to the steps of its leaves.
    """

    def __init__(
        self,
        table: Table,
        verdicts: Mapping[str, int],
        forbidden: Sequence[int],
        outputs: Sequence[int] = (),
        kinds: dict[Slot, tuple[int, ...]] | None = None,
        whole: bool = False,
    ) -> None:
        if kinds is not None:
            self.__dict__["kinds"] = kinds
        self.table, self.verdicts, self.forbidden = table, dict(verdicts), tuple(forbidden)
        self.goals = tuple(node for node in verdicts.values() if node > 1)
        self.outputs = tuple(outputs)
        self.steps = Steps(table, None if whole else [*self.goals, *self.forbidden, *outputs])
        self.leaves = self.steps.slots

    @cached_property
    def kinds(self) -> dict[Slot, tuple[int, ...]]:
        """The values of each slot by what the line tells of them, those of one kind together, as bits; best first."""
        approve = self.verdicts["approve"]
        pull = towards(self.table, approve) if approve > 1 else {}
        return {slot: self.kinds_of(slot, pull) for slot in self.leaves}

    def kinds_of(self, slot: Slot, pull: Mapping[int, int]) -> tuple[int, ...]:
        """The kinds of a slot's values, those first towards which a leaf pulls most.

        Args:
            pull: node to which way it pulls, as `towards` has it.
        """
        leaves = self.leaves[slot]
        masks = [node.mask for _, _, _, node in leaves]
        kinds: dict[tuple[int, ...], int] = {}
        for value in range(self.table.full[slot].bit_length()):
            kind = tuple(mask >> value & 1 for mask in masks)
            kinds[kind] = kinds.get(kind, 0) | 1 << value
        pulls = [pull.get(number, 0) for number, *_ in leaves]
        score = {mask: sum(p for p, held in zip(pulls, kind, strict=True) if held) for kind, mask in kinds.items()}
        return tuple(sorted(score, key=lambda mask: (-score[mask], mask & -mask)))

    def kind(self, slot: Slot, value: int) -> int:
        """The values of which the line tells what it tells of one; values of one kind make no difference."""
        return next(mask for mask in self.kinds.get(slot, (-1,)) if mask >> value & 1)

    def kinds_in(self, slot: Slot, mask: int) -> list[int]:
        """The kinds of value that a record allows, the best first."""
        return [kind for kind in self.kinds[slot] if kind & mask]


class Look:
    """One record, completed many times.

    Args:
        allowed: slot to the values that its record allows, as bits; all of them for a slot that is not there.
        start: slot to its value in a completion that is approved: lanes are then walks from there through others that
            are, where most of what can deny approval is one step away; without it they are drawn.
        beside: what another record leaves of these lines.

    Attributes:
        bounds: of the record.
        order: the nodes on which it leaves several answers.
        columns: slot to its values, those of one kind together as bits, each with the lanes that have one of them.
        at: node to the lanes in which it holds.
        world: the lanes that are a patient.
    """

    def __init__(
        self,
        of: Lanes,
        allowed: Mapping[Slot, int],
        start: Mapping[Slot, int] | None = None,
        lanes: int = LANES,
        beside: Rest | None = None,
    ) -> None:
        self.of, self.full = of, (1 << lanes) - 1
        self._lanes = lanes
        rng = random.Random(SEED)
        self.rest = Rest(of.steps, allowed, beside)
        self.steps = Steps(self.rest.table, map(self.rest.of.__getitem__, [*of.goals, *of.forbidden, *of.outputs]))
        kinds = {slot: of.kinds_in(slot, allowed.get(slot, of.table.full[slot])) for slot in of.leaves}
        if start is None:
            self.columns = {slot: self._drawn(each, rng) for slot, each in kinds.items()}
        else:
            self.columns = {slot: dict.fromkeys(each, 0) for slot, each in kinds.items()}
            for slot, own in self.columns.items():
                own[of.kind(slot, start[slot])] = self.full
        self._flip = self.full.__xor__
        self._at = self.steps.column(self.full)
        self._goals = [self._step(goal) for goal in of.goals]
        self._forbidden = [self._step(node) for node in of.forbidden]
        self.steps.compute(self.steps.order, self._at, self.full, self._flip, self._leaf)
        if start is not None:
            for _ in range(SWEEPS):
                self._walk(rng)
        self.world = self._world(self._at)
        self._changed: dict[Slot, dict[int, tuple[int, list[int]]]] = {}

    def _step(self, node: int) -> int:
        return self.rest.of[node]

    def at(self, node: int) -> int:
        """The lanes in which a node holds."""
        return self._at[self._step(node)]

    def _leaf(self, slot: Slot, mask: int) -> int:
        found = 0
        for kind, lanes in self.columns[slot].items():
            if mask & kind:
                found |= lanes
        return found

    def _drawn(self, kinds: list[int], rng: random.Random) -> dict[int, int]:
        """The values of a slot, each with the lanes in which it has it.

        Args:
            kinds: the best first.
        """
        full, count = self.full, self._lanes
        if len(kinds) < 2:
            return dict.fromkeys(kinds, full)
        own = dict.fromkeys(kinds, 0)
        fourth = (1 << count // 4) - 1
        near_best, near_worst, mixed = (fourth << i * (count // 4) for i in range(3))
        shuffled = rng.sample(kinds, len(kinds))
        rare = rng.getrandbits(count) & rng.getrandbits(count) & rng.getrandbits(count) & ~1
        half = rng.getrandbits(count)
        own[kinds[0]] |= (near_best & ~rare) | (mixed & half)
        own[kinds[-1]] |= (near_worst & ~rare) | (mixed & ~half)
        left = full & ~own[kinds[0]] & ~own[kinds[-1]]
        for kind in shuffled[:-1]:
            here = left & rng.getrandbits(count)
            own[kind] |= here
            left &= ~here
        own[shuffled[-1]] |= left
        return own

    def _walk(self, rng: random.Random) -> None:
        """Give every slot another value in some lanes, where they stay approved."""
        approve = self._step(self.of.verdicts["approve"])
        slots = [slot for slot, own in self.columns.items() if len(own) > 1]
        rng.shuffle(slots)
        for slot in slots:
            own = self.columns[slot]
            for kind in rng.sample(list(own), len(own)):
                then = self._then(slot, kind)
                here = then[approve] & self._world(then) & rng.getrandbits(self._lanes) & ~own[kind]
                if not here:
                    continue
                for other in own:
                    own[other] &= ~here
                own[kind] |= here
                for step, *_ in self.steps.above(slot):
                    self._at[step] ^= (self._at[step] ^ then[step]) & here

    def _then(self, slot: Slot, kind: int, steps: Steps | None = None) -> list[int]:
        """All steps, or some, were a slot to have a value."""
        then, steps = self._at.copy(), steps or self.steps
        steps.compute(
            steps.above(slot), then, self.full, self._flip, lambda _, mask: self.full if mask & kind else 0
        )
        return then

    def _world(self, at: Sequence[int]) -> int:
        found = self.full
        for step in self._forbidden:
            found &= ~at[step]
        return found

    def _with(self, slot: Slot) -> dict[int, tuple[int, list[int]]]:
        """For each value of a slot the lanes that are a patient with it, and the goals then."""
        found = self._changed.get(slot)
        if found is None:
            found = self._changed[slot] = {}
            for kind in self.columns[slot]:
                then = self._then(slot, kind)
                found[kind] = self._world(then), [then[goal] for goal in self._goals]
        return found

    @cached_property
    def moves(self) -> dict[Slot, int]:
        """For each slot that is seen to change the verdict the lanes in which it does."""
        return self.moves_of([self.of.goals])[0]

    def moves_of(self, groups: Sequence[Iterable[int]]) -> list[dict[Slot, int]]:
        """For each group of nodes the slots that are seen to change one of them, with the lanes in which they do."""
        listed = [list(map(self._step, each)) for each in groups]
        found: list[dict[Slot, int]] = [{} for _ in groups]
        near = Steps(self.rest.table, [*self._forbidden, *(step for each in listed for step in each)])
        for slot in near.slots:
            own = self.columns[slot]
            reached = {step for step, *_ in near.above(slot)} if len(own) > 1 else set()
            here = [(mine, at) for each, mine in zip(listed, found, strict=True) if (at := reached.intersection(each))]
            for kind in own if here else ():
                then = self._then(slot, kind, near)
                possible = self._world(then) & self.world
                for mine, steps in here:
                    differs = 0
                    for step in steps:
                        differs |= then[step] ^ self._at[step]
                    if differs & possible:
                        mine[slot] = mine.get(slot, 0) | differs & possible
        return found

    def tells_apart(self, slot: Slot, one: int, other: int) -> bool | None:
        """Whether two values of a slot can make a difference, all else being the same; None if that is not seen."""
        here, there = self.of.kind(slot, one), self.of.kind(slot, other)
        if here == there:
            return False
        found = self._with(slot)
        if here in found and there in found:
            (possible, mine), (also, others) = found[here], found[there]
            if any((a ^ b) & possible & also for a, b in zip(mine, others, strict=True)):
                return True
        return None

    def apart(self, slot: Slot, nodes: Iterable[int]) -> set[tuple[int, int]]:
        """The kinds of a slot's values that are seen to make a difference to some node, all else the same.

        Returns: pairs of places among the kinds that the lines tell apart, the smaller first.
        """
        steps = set(map(self._step, nodes))
        then = {kind: self._then(slot, kind) for kind in self.columns[slot]}
        worlds = {kind: self._world(each) for kind, each in then.items()}
        place = {kind: i for i, kind in enumerate(self.of.kinds[slot])}
        return {
            (place[one], place[other])  # columns are in the order of kinds
            for one, other in combinations(then, 2)
            if any((then[one][step] ^ then[other][step]) & worlds[one] & worlds[other] for step in steps)
        }

    def having(self, slot: Slot, mask: int) -> int:
        """The lanes in which a slot has one of some values, or one of their kind."""
        if slot not in self.columns:
            return self.full
        found = 0
        for kind, lanes in self.columns[slot].items():
            found |= lanes if kind & mask else 0
        return found


# -- between runs ----------------------------------------------------------------------------------


def _encoded(lanes: Lanes) -> list[Any]:
    """Lanes as JSON: the nodes that are needed, and where verdicts and reasons stand."""
    numbers, written = written_table(lanes.table, [step for step, *_ in lanes.steps.order], list(lanes.leaves))
    verdicts = {name: numbers[node] for name, node in lanes.verdicts.items()}
    return [written, verdicts, [numbers[node] for node in lanes.forbidden]]


def _decoded(data: list[Any]) -> Lanes:
    written, verdicts, forbidden = data
    return Lanes(read_table(written)[0], verdicts, forbidden, whole=True)
