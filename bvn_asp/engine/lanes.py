"""Many completions of one record at once: which slots are seen to change a verdict, and between which values.

The straight line of one policy is computed with whole numbers as columns of bits; a *lane* is one completion of the
record. What two lanes show that differ in one slot alone is so, whatever else may be: lanes are proofs of what is open,
and say nothing of what is not. They are drawn near the best of all completions, near the worst, and anyhow, or reached
in a walk from a completion that the solver found; the same ones every time.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any

from clingo import __version__

from bvn_asp import store
from bvn_asp.engine.lines import All, Enough, Leaf, Node, Not, Some, Table, compiled, order_of, parts_of, towards
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
    """

    def __init__(self, table: Table, verdicts: Mapping[str, int], forbidden: Sequence[int]) -> None:
        self.table, self.verdicts, self.forbidden = table, dict(verdicts), tuple(forbidden)
        self.goals = tuple(node for node in verdicts.values() if node > 1)
        self.order = order_of(self.table, [*self.goals, *self.forbidden])
        self.leaves: dict[Slot, list[int]] = {}
        parents: dict[int, list[int]] = {}
        for number in self.order:
            node = self.table.nodes[number]
            assert node is not None
            if isinstance(node, Leaf):
                self.leaves.setdefault(node.slot, []).append(number)
            for part in parts_of(node):
                parents.setdefault(part, []).append(number)
        self._parents = parents
        self._masks: dict[Slot, list[int]] = {}
        self._above: dict[Slot, tuple[int, ...]] = {}
        self._values = self._best_first(verdicts["approve"])

    def above(self, slot: Slot) -> tuple[int, ...]:
        """The nodes that a slot reaches, parts first."""
        if slot not in self._above:
            reached: set[int] = set()
            todo = list(self.leaves.get(slot, ()))
            while todo:
                number = todo.pop()
                if number not in reached:
                    reached.add(number)
                    todo += self._parents.get(number, ())
            self._above[slot] = tuple(sorted(reached))
        return self._above[slot]

    def _best_first(self, approve: int) -> dict[Slot, list[int]]:
        pull = towards(self.table, approve) if approve > 1 else {}
        found = {}
        for slot, leaves in self.leaves.items():
            score = [0] * self.table.full[slot].bit_length()
            for number in leaves:
                node = self.table.nodes[number]
                assert isinstance(node, Leaf)
                for value in range(len(score)):
                    score[value] += pull.get(number, 0) if node.mask >> value & 1 else 0
            found[slot] = sorted(range(len(score)), key=lambda value: (-score[value], value))
        return found

    def kind(self, slot: Slot, value: int) -> tuple[int, ...]:
        """What the line tells of a value: values of one kind make no difference."""
        masks = self._masks.get(slot)
        if masks is None:
            nodes = (self.table.nodes[number] for number in self.leaves.get(slot, ()))
            masks = self._masks[slot] = [node.mask for node in nodes if isinstance(node, Leaf)]
        return tuple(mask >> value & 1 for mask in masks)

    def values(self, slot: Slot, mask: int) -> dict[tuple[int, ...], int]:
        """One value of each kind that a record allows, the best first."""
        kinds: dict[tuple[int, ...], int] = {}
        for value in self._values[slot]:
            if mask >> value & 1:
                kinds.setdefault(self.kind(slot, value), value)
        return kinds


class Look:
    """One record, completed many times.

    Args:
        allowed: slot to the values that its record allows, as bits; all of them for a slot that is not there.
        start: slot to its value in a completion that is approved: lanes are then walks from there through others that
            are, where most of what can deny approval is one step away; without it they are drawn.
    """

    def __init__(
        self, of: Lanes, allowed: Mapping[Slot, int], start: Mapping[Slot, int] | None = None, lanes: int = LANES
    ) -> None:
        self.of, self.full = of, (1 << lanes) - 1
        self._lanes = lanes
        rng = random.Random(SEED)
        kinds = {slot: of.values(slot, allowed.get(slot, of.table.full[slot])) for slot in of.leaves}
        if start is None:
            self.columns = {slot: self._drawn(list(each.values()), rng) for slot, each in kinds.items()}
        else:
            self.columns = {slot: dict.fromkeys(each.values(), 0) for slot, each in kinds.items()}
            for slot, own in self.columns.items():
                own[kinds[slot][of.kind(slot, start[slot])]] = self.full
        self.at = [0, self.full, *([0] * (len(of.table.nodes) - 2))]
        for number in of.order:
            node = of.table.nodes[number]
            if isinstance(node, Leaf):
                for value, lanes_of in self.columns[node.slot].items():
                    if node.mask >> value & 1:
                        self.at[number] |= lanes_of
            else:
                self.at[number] = self._value(number, self.at)
        if start is not None:
            for _ in range(SWEEPS):
                self._walk(rng)
        self.world = self._world(self.at)
        self._changed: dict[Slot, dict[int, tuple[int, list[int]]]] = {}

    def _drawn(self, values: list[int], rng: random.Random) -> dict[int, int]:
        """The values of a slot, each with the lanes in which it has it.

        Args:
            values: the best first.
        """
        full, count = self.full, self._lanes
        if len(values) < 2:
            return dict.fromkeys(values, full)
        own = dict.fromkeys(values, 0)
        fourth = (1 << count // 4) - 1
        near_best, near_worst, mixed = (fourth << i * (count // 4) for i in range(3))
        shuffled = rng.sample(values, len(values))
        rare = rng.getrandbits(count) & rng.getrandbits(count) & rng.getrandbits(count) & ~1
        half = rng.getrandbits(count)
        own[values[0]] |= (near_best & ~rare) | (mixed & half)
        own[values[-1]] |= (near_worst & ~rare) | (mixed & ~half)
        left = full & ~own[values[0]] & ~own[values[-1]]
        for value in shuffled[:-1]:
            here = left & rng.getrandbits(count)
            own[value] |= here
            left &= ~here
        own[shuffled[-1]] |= left
        return own

    def _walk(self, rng: random.Random) -> None:
        """Give every slot another value in some lanes, where they stay approved."""
        approve = self.of.verdicts["approve"]
        slots = [slot for slot, own in self.columns.items() if len(own) > 1]
        rng.shuffle(slots)
        for slot in slots:
            own = self.columns[slot]
            for value in rng.sample(list(own), len(own)):
                then = self._then(slot, value)
                here = then[approve] & self._world(then) & rng.getrandbits(self._lanes) & ~own[value]
                if not here:
                    continue
                for other in own:
                    own[other] &= ~here
                own[value] |= here
                for number in self.of.above(slot):
                    self.at[number] ^= (self.at[number] ^ then[number]) & here

    def _then(self, slot: Slot, value: int) -> list[int]:
        """All nodes, were a slot to have a value."""
        then = self.at.copy()
        for number in self.of.above(slot):
            node = self.of.table.nodes[number]
            if isinstance(node, Leaf):
                then[number] = self.full if node.mask >> value & 1 else 0
            else:
                then[number] = self._value(number, then)
        return then

    def _value(self, number: int, at: Sequence[int]) -> int:
        """A node that is no leaf, from its parts."""
        node = self.of.table.nodes[number]
        if isinstance(node, Not):
            return self.full ^ at[node.part]
        if isinstance(node, All):
            found = self.full
            for part in node.parts:
                found &= at[part]
            return found
        if isinstance(node, Some):
            found = 0
            for part in node.parts:
                found |= at[part]
            return found
        assert node is not None
        assert not isinstance(node, Leaf)
        least = [self.full] + [0] * node.need
        for part, weight in node.parts:
            for j in range(node.need, 0, -1):
                least[j] |= least[max(j - weight, 0)] & at[part]
        return least[-1]

    def _world(self, at: Sequence[int]) -> int:
        found = self.full
        for node in self.of.forbidden:
            found &= ~at[node]
        return found

    def _with(self, slot: Slot) -> dict[int, tuple[int, list[int]]]:
        """For each value of a slot the lanes that are a patient with it, and the goals then."""
        found = self._changed.get(slot)
        if found is None:
            found = self._changed[slot] = {}
            for value in self.columns[slot]:
                then = self._then(slot, value)
                found[value] = self._world(then), [then[goal] for goal in self.of.goals]
        return found

    @cached_property
    def moves(self) -> dict[Slot, int]:
        """For each slot that is seen to change the verdict the lanes in which it does."""
        found = {}
        for slot, own in self.columns.items():
            if len(own) > 1:
                moved = 0
                for possible, goals in self._with(slot).values():
                    differs = 0
                    for goal, then in zip(self.of.goals, goals, strict=True):
                        differs |= then ^ self.at[goal]
                    moved |= differs & possible
                if moved & self.world:
                    found[slot] = moved & self.world
        return found

    def tells_apart(self, slot: Slot, one: int, other: int) -> bool | None:
        """Whether two values of a slot can make a difference, all else being the same; None if that is not seen."""
        here, there = self.of.kind(slot, one), self.of.kind(slot, other)
        if here == there:
            return False
        found = {self.of.kind(slot, value): each for value, each in self._with(slot).items()}
        if here in found and there in found:
            (possible, mine), (also, others) = found[here], found[there]
            if any((a ^ b) & possible & also for a, b in zip(mine, others, strict=True)):
                return True
        return None

    def having(self, slot: Slot, mask: int) -> int:
        """The lanes in which a slot has one of some values, or one of their kind."""
        if slot not in self.columns:
            return self.full
        kinds = self.of.values(slot, mask)
        found = 0
        for value, lanes in self.columns[slot].items():
            if self.of.kind(slot, value) in kinds:
                found |= lanes
        return found


# -- between runs ----------------------------------------------------------------------------------


def _encoded(lanes: Lanes) -> list[Any]:
    """Lanes as JSON: the slots with their sizes, the nodes that are needed, and where verdicts and reasons stand."""
    full = lanes.table.full
    slots = {slot: i for i, slot in enumerate(lanes.leaves)}
    numbers = {0: 0, 1: 1} | {number: i for i, number in enumerate(lanes.order, 2)}

    def said(node: Node) -> list[Any]:
        if isinstance(node, Leaf):
            return [0, slots[node.slot], node.mask]
        if isinstance(node, Not):
            return [1, numbers[node.part]]
        if isinstance(node, Enough):
            return [4, node.need, [[numbers[part], weight] for part, weight in node.parts]]
        return [2 if isinstance(node, All) else 3, [numbers[part] for part in node.parts]]

    nodes = [said(node) for number in lanes.order if (node := lanes.table.nodes[number]) is not None]
    verdicts = {name: numbers[node] for name, node in lanes.verdicts.items()}
    listed = [[slot.fact, slot.member, full[slot]] for slot in slots]
    return [listed, nodes, verdicts, [numbers[node] for node in lanes.forbidden]]


def _decoded(data: list[Any]) -> Lanes:
    listed, nodes, verdicts, forbidden = data
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
    return Lanes(table, verdicts, forbidden)
