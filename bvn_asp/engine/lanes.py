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
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import combinations
from typing import Any

from clingo import __version__

from bvn_asp import store
from bvn_asp.engine.lines import (
    NO,
    YES,
    All,
    Enough,
    Leaf,
    Node,
    Not,
    Some,
    Table,
    compiled,
    order_of,
    parts_of,
    towards,
)
from bvn_asp.engine.program import Program
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
    name = store.named("lanes", __version__, program.text, chosen) if store.is_open() else ""
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

    Attributes:
        goals: the nodes of the verdicts.
        order: all that is needed, parts first.
        leaves: slot to its leaf nodes.
    """

    def __init__(
        self,
        table: Table,
        verdicts: Mapping[str, int],
        forbidden: Sequence[int],
        outputs: Sequence[int] = (),
        kinds: dict[Slot, tuple[int, ...]] | None = None,
    ) -> None:
        if kinds is not None:
            self.__dict__["kinds"] = kinds
        self.table, self.verdicts, self.forbidden = table, dict(verdicts), tuple(forbidden)
        self.goals = tuple(node for node in verdicts.values() if node > 1)
        self.outputs = tuple(outputs)
        self.order = order_of(self.table, [*self.goals, *self.forbidden, *outputs])
        self.steps = Steps(table, self.order)  # in this very order
        self.leaves = {slot: [self.order[step - 2] for step in own] for slot, own in self.steps.slots.items()}

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
        masks = [self._mask(number) for number in leaves]
        kinds: dict[tuple[int, ...], int] = {}
        for value in range(self.table.full[slot].bit_length()):
            kind = tuple(mask >> value & 1 for mask in masks)
            kinds[kind] = kinds.get(kind, 0) | 1 << value
        pulls = [pull.get(number, 0) for number in leaves]
        score = {mask: sum(p for p, held in zip(pulls, kind, strict=True) if held) for kind, mask in kinds.items()}
        return tuple(sorted(score, key=lambda mask: (-score[mask], mask & -mask)))

    def _mask(self, number: int) -> int:
        node = self.table.nodes[number]
        assert isinstance(node, Leaf)
        return node.mask

    def kind(self, slot: Slot, value: int) -> int:
        """The values of which the line tells what it tells of one; values of one kind make no difference."""
        return next(mask for mask in self.kinds.get(slot, (-1,)) if mask >> value & 1)

    def kinds_in(self, slot: Slot, mask: int) -> list[int]:
        """The kinds of value that a record allows, the best first."""
        return [kind for kind in self.kinds[slot] if kind & mask]


class Steps:
    """How to compute some nodes with whole numbers as columns of bits, one step a node.

    Args:
        wanted: nodes; they are computed with all that they need.

    Attributes:
        of: node to its step; steps 0 and 1 stand for NO and YES.
        slots: slot to the steps of its leaves.
    """

    def __init__(self, table: Table, wanted: Iterable[int]) -> None:
        of = self.of = {NO: 0, YES: 1}
        self.steps: list[tuple[type[Node] | None, Any, Any]] = [(None, (), None)] * 2
        self.slots: dict[Slot, list[int]] = {}
        self._above: dict[Slot, tuple[int, ...]] = {}
        self._parents: dict[int, list[int]] = {}
        for number in order_of(table, wanted):
            node = table.nodes[number]
            here = of[number] = len(self.steps)
            if isinstance(node, Leaf):
                self.slots.setdefault(node.slot, []).append(here)
                self.steps.append((Leaf, node.slot, node.mask))
            elif isinstance(node, Enough):
                weighed = [(of[part], weight) for part, weight in node.parts]
                self.steps.append((Enough, tuple(part for part, _ in weighed), (node.need, weighed)))
            else:
                assert node is not None
                self.steps.append((type(node), tuple(map(of.__getitem__, parts_of(node))), None))

    def __len__(self) -> int:
        return len(self.steps)

    def above(self, slot: Slot) -> tuple[int, ...]:
        """The steps that a slot reaches, parts first."""
        found = self._above.get(slot)
        if found is None:
            if not self._parents:
                for i, (kind, parts, _) in enumerate(self.steps):
                    for part in () if kind is Leaf else parts:
                        self._parents.setdefault(part, []).append(i)
            reached: set[int] = set()
            todo = list(self.slots.get(slot, ()))
            while todo:
                step = todo.pop()
                if step not in reached:
                    reached.add(step)
                    todo += self._parents.get(step, ())
            found = self._above[slot] = tuple(sorted(reached))
        return found

    def compute(
        self,
        which: Iterable[int],
        at: list[int],
        full: int,
        flip: Callable[[int], int],
        leaf: Callable[[Slot, int], int],
    ) -> None:
        """Compute some steps in place.

        Args:
            which: in their order.
            full: every bit.
            flip: what negation does to bits.
            leaf: the bits of a slot's having one of some values.
        """
        steps = self.steps
        for i in which:
            kind, parts, more = steps[i]
            if kind is All:
                found = full
                for part in parts:
                    found &= at[part]
            elif kind is Some:
                found = 0
                for part in parts:
                    found |= at[part]
            elif kind is Leaf:
                found = leaf(parts, more)
            elif kind is Not:
                found = flip(at[parts[0]])
            else:
                need, weighed = more
                least = [full] + [0] * need
                for part, weight in weighed:
                    for j in range(need, 0, -1):
                        least[j] |= least[max(j - weight, 0)] & at[part]
                found = least[-1]
            at[i] = found


class Rest:
    """What a record leaves of a line: a table in which only what it leaves open stands.

    What is found to be YES holds in every completion of the record, and what is found to be NO in none. There may be
    more of either than are found.

    Args:
        allowed: slot to the values that the record allows, as bits; all of them for a slot that is not there.

    Attributes:
        of: node to what it is in `table`.
    """

    def __init__(self, lanes: Lanes, allowed: Mapping[Slot, int]) -> None:
        full = lanes.table.full

        def leaf(slot: Slot, mask: int) -> int:
            here = allowed.get(slot, full[slot])
            return 0 if not mask & here else 2 if here & ~mask else 3

        steps = lanes.steps
        at = [0, 3, *([0] * (len(steps) - 2))]
        steps.compute(range(2, len(at)), at, 3, _OPPOSITE.__getitem__, leaf)
        table = self.table = Table({})
        table.full = {slot: allowed.get(slot, mask) for slot, mask in full.items()}
        found = [NO] * len(at)
        for i, bits in enumerate(at):
            if bits != 2:
                found[i] = YES if bits == 3 else NO
                continue
            kind, parts, more = steps.steps[i]
            if kind is Leaf:
                found[i] = table.leaf(parts, more & table.full[parts])
            elif kind is All:
                found[i] = table.every(found[part] for part in parts)
            elif kind is Some:
                found[i] = table.any(found[part] for part in parts)
            elif kind is Not:
                found[i] = table.negated(found[parts[0]])
            else:
                found[i] = table.enough(more[0], ((found[part], weight) for part, weight in more[1]))
        self.of = {node: found[step] for node, step in steps.of.items()}

    def open(self, node: int) -> bool:
        """Whether it is left open if a node holds."""
        return self.of[node] > YES


def always(table: Table, node: int, most: int = 64) -> bool:
    """Whether a node is seen to hold whatever the values of the slots: tried value by value, where that is little work.

    Args:
        most: so many times a value is tried; False after that.
    """
    left = [most]
    if node > YES and ~(seen := Look(Lanes(table, {"approve": node}, ()), {}, lanes=128)).at(node) & seen.full:
        return False

    def holds(table: Table, node: int) -> bool:
        if node <= YES:
            return node == YES
        lanes = Lanes(table, {"approve": node}, ())
        slot = max(lanes.leaves, key=lambda each: len(lanes.leaves[each]))
        for kind in lanes.kinds_in(slot, table.full[slot]):
            left[0] -= 1
            rest = Rest(lanes, {slot: kind})
            if left[0] < 0 or not holds(rest.table, rest.of[node]):
                return False
        return True

    return holds(table, node)


_OPPOSITE = (3, 1, 2, 0)
"""Bit 1 says that a node holds in some completion, bit 0 that it does in every one."""


class Look:
    """One record, completed many times.

    Args:
        allowed: slot to the values that its record allows, as bits; all of them for a slot that is not there.
        start: slot to its value in a completion that is approved: lanes are then walks from there through others that
            are, where most of what can deny approval is one step away; without it they are drawn.

    Attributes:
        bounds: of the record.
        order: the nodes on which it leaves several answers.
        columns: slot to its values, those of one kind together as bits, each with the lanes that have one of them.
        at: node to the lanes in which it holds.
        world: the lanes that are a patient.
    """

    def __init__(
        self, of: Lanes, allowed: Mapping[Slot, int], start: Mapping[Slot, int] | None = None, lanes: int = LANES
    ) -> None:
        self.of, self.full = of, (1 << lanes) - 1
        self._lanes = lanes
        rng = random.Random(SEED)
        self.rest = Rest(of, allowed)
        self.steps = Steps(self.rest.table, [*map(self.rest.of.__getitem__, [*of.goals, *of.forbidden, *of.outputs])])
        kinds = {slot: of.kinds_in(slot, allowed.get(slot, of.table.full[slot])) for slot in of.leaves}
        if start is None:
            self.columns = {slot: self._drawn(each, rng) for slot, each in kinds.items()}
        else:
            self.columns = {slot: dict.fromkeys(each, 0) for slot, each in kinds.items()}
            for slot, own in self.columns.items():
                own[of.kind(slot, start[slot])] = self.full
        self._flip = self.full.__xor__
        self._at = [0, self.full, *([0] * (len(self.steps) - 2))]
        self._goals = [self._step(goal) for goal in of.goals]
        self._forbidden = [self._step(node) for node in of.forbidden]
        self.steps.compute(range(2, len(self._at)), self._at, self.full, self._flip, self._leaf)
        if start is not None:
            for _ in range(SWEEPS):
                self._walk(rng)
        self.world = self._world(self._at)
        self._changed: dict[Slot, dict[int, tuple[int, list[int]]]] = {}

    def _step(self, node: int) -> int:
        return self.steps.of[self.rest.of[node]]

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
                for step in self.steps.above(slot):
                    self._at[step] ^= (self._at[step] ^ then[step]) & here

    def _then(self, slot: Slot, kind: int) -> list[int]:
        """All steps, were a slot to have a value."""
        then = self._at.copy()
        self.steps.compute(
            self.steps.above(slot), then, self.full, self._flip, lambda _, mask: self.full if mask & kind else 0
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
        for slot, own in self.columns.items():
            reached = set(self.steps.above(slot)) if len(own) > 1 else set()
            here = [(mine, at) for each, mine in zip(listed, found, strict=True) if (at := reached.intersection(each))]
            for kind in own if here else ():
                then = self._then(slot, kind)
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
        """The pairs of kinds of a slot's values that are seen to make a difference to some node, all else the same."""
        steps = set(map(self._step, nodes))
        then = {kind: self._then(slot, kind) for kind in self.columns[slot]}
        worlds = {kind: self._world(each) for kind, each in then.items()}
        return {
            (one, other)
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


def written_table(table: Table, order: Sequence[int], slots: Sequence[Slot]) -> tuple[dict[int, int], list[Any]]:
    """Some nodes of a table as JSON, and the numbers that they have when it is read again.

    Args:
        order: the nodes, parts first.
        slots: those of the leaves.
    """
    places = {slot: i for i, slot in enumerate(slots)}
    numbers = {0: 0, 1: 1} | {number: i for i, number in enumerate(order, 2)}

    def said(node: Node) -> list[Any]:
        if isinstance(node, Leaf):
            return [0, places[node.slot], node.mask]
        if isinstance(node, Not):
            return [1, numbers[node.part]]
        if isinstance(node, Enough):
            return [4, node.need, [[numbers[part], weight] for part, weight in node.parts]]
        return [2 if isinstance(node, All) else 3, [numbers[part] for part in node.parts]]

    nodes = [said(node) for number in order if (node := table.nodes[number]) is not None]
    return numbers, [[[slot.fact, slot.member, table.full[slot]] for slot in slots], nodes]


def read_table(data: list[Any]) -> tuple[Table, list[Slot]]:
    """The table that `written_table` wrote, and its slots."""
    listed, nodes = data
    slots = [Slot(fact, member) for fact, member, _ in listed]
    table = Table({slot: int(full).bit_length() for slot, (_, _, full) in zip(slots, listed, strict=True)})
    for kind, *given in nodes:
        node: Node
        if kind == 0:
            node = Leaf(slots[given[0]], given[1])
        elif kind == 1:
            node = Not(given[0])
        elif kind == 4:
            node = Enough(given[0], tuple((part, weight) for part, weight in given[1]))
        else:
            node = (All if kind == 2 else Some)(tuple(given[0]))
        table.nodes.append(node)
    return table, slots


def _encoded(lanes: Lanes) -> list[Any]:
    """Lanes as JSON: the nodes that are needed, and where verdicts and reasons stand."""
    numbers, written = written_table(lanes.table, lanes.order, list(lanes.leaves))
    verdicts = {name: numbers[node] for name, node in lanes.verdicts.items()}
    return [written, verdicts, [numbers[node] for node in lanes.forbidden]]


def _decoded(data: list[Any]) -> Lanes:
    written, verdicts, forbidden = data
    return Lanes(read_table(written)[0], verdicts, forbidden)
