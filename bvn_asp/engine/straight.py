"""Policies side by side as straight lines, kept between runs; `chart` is one record along them.

Readings are left open in the lines, as what a slot can be. What each policy tells of a slot's values is kept as well.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from itertools import product
from typing import Any, NamedTuple

from bvn_asp import store
from bvn_asp.engine.flat import read_table, written_table
from bvn_asp.engine.lanes import Lanes
from bvn_asp.engine.lines import VERDICTS, YES, Compiled, Line, compiled, reading_slot, towards
from bvn_asp.engine.program import Program, Seat, encoding
from bvn_asp.errors import SolverError
from bvn_asp.model.case import Named, Value
from bvn_asp.model.policy import Revision
from bvn_asp.model.quantity import Cut, Quantity
from bvn_asp.model.quantity import Line as NumberLine
from bvn_asp.model.rules import Rules
from bvn_asp.model.vocabulary import Slot, Vocabulary


def straight(vocabulary: Vocabulary, background: Rules | None, revisions: Sequence[Revision]) -> Straight | None:
    """The lines of some revisions, out of the store, else made and kept; None if there is no store, or no line."""
    if not store.is_open():
        return None
    name = _name(vocabulary, background, revisions)
    content = store.taken(name)
    if content is not None:
        with suppress(ValueError, TypeError, KeyError, IndexError, ArithmeticError):  # not this code's: made anew
            return decoded(json.loads(content), vocabulary, revisions)
    program = Program(vocabulary, background, [Seat(each) for each in revisions], ["blame"], solved=False)
    try:
        made = compiled(program, None)
    except SolverError:
        return None
    data = encoded(made, program)
    store.keep(name, json.dumps(data, separators=(",", ":")).encode())
    return decoded(data, vocabulary, revisions)


class Kinds(NamedTuple):
    """The values of a slot as one seat tells them apart.

    Attributes:
        masks: those together, as bits, of which its line tells the same; the best first.
        rising: of each of `VERDICTS`, bit i * len(masks) + j says that it may come to hold with kind j in place of i;
            where it does not, no completion shows that, for all that differs pulls away from the verdict.
    """

    masks: tuple[int, ...]
    rising: list[int]

    def may(self, verdict: str, before: int, after: int) -> bool:
        """Whether a verdict may come to hold with another kind of value."""
        return bool(self.rising[VERDICTS.index(verdict)] >> before * len(self.masks) + after & 1)


class Straight:
    """Some revisions over one table of nodes."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        revisions: Sequence[Revision],
        found: Sequence[Line],
        lanes: Lanes,
        cuts: Mapping[str, Sequence[Cut]],
        spaces: Sequence[int],
        slots: Sequence[Slot],
        own: Sequence[str],
    ) -> None:
        self.vocabulary, self.revisions, self.lines, self.lanes = vocabulary, tuple(revisions), tuple(found), lanes
        self.table, self.forbidden = lanes.table, lanes.forbidden
        self._cuts, self._spaces, self._slots, self._own_kinds = cuts, spaces, slots, own
        self._number_lines: dict[str, NumberLine] = {}
        self._own: dict[int, Lanes] = {}
        self._kinds: dict[int, dict[Slot, Kinds]] = {}

    def allowed(self, known: Mapping[Slot, Value], chosen: Sequence[Mapping[str, str]]) -> dict[Slot, int]:
        """A record, and for each revision the readings in force, as slots with the values that are left of them."""
        allowed = {slot: self.mask(slot, value) for slot, value in known.items() if slot in self.table.full}
        for i, revision in enumerate(self.revisions):
            for each in revision.readings:
                names = [option.name for option in each.options]
                allowed[self.reading(i, each.id)] = 1 << names.index(chosen[i][each.id])
        return allowed

    def reading(self, seat: int, identifier: str) -> Slot:
        """The slot that stands for a reading of a seat."""
        return reading_slot(self._spaces[seat], identifier)

    def own(self, seat: int) -> Lanes:
        """The line to the verdicts of one seat alone."""
        if seat not in self._own:
            kinds = {slot: each.masks for slot, each in self.kinds(seat).items()}
            self._own[seat] = Lanes(self.table, self.lines[seat].verdicts, self.forbidden, kinds=kinds)
        return self._own[seat]

    def kinds(self, seat: int) -> Mapping[Slot, Kinds]:
        """Slot to its values as a seat tells them apart."""
        if seat not in self._kinds:
            listed = json.loads(self._own_kinds[seat])
            self._kinds[seat] = {self._slots[i]: Kinds(tuple(masks), rising) for i, masks, rising in listed}
        return self._kinds[seat]

    def mask(self, slot: Slot, value: Value) -> int:
        """The values of a slot that a record allows, as bits."""
        fact = self.vocabulary.facts[slot.fact]
        if isinstance(value, Named):
            return sum(1 << i for i, each in enumerate(fact.values) if each in value.values)
        if slot.fact not in self._number_lines:
            assert fact.low is not None
            assert fact.high is not None
            self._number_lines[slot.fact] = NumberLine(fact.low, fact.high, fact.grid, self._cuts[slot.fact])
        return sum(1 << cell for cell in self._number_lines[slot.fact].allowed(value))


def _name(vocabulary: Vocabulary, background: Rules | None, revisions: Sequence[Revision]) -> str:
    """By what the lines are kept: all that their program is made of."""
    said = []
    for rules in (background, *(each.rules for each in revisions)):
        if rules is not None:
            limits = [(each.fact, each.operator, each.term) for each in rules.limits]
            said += [rules.text, repr((sorted(rules.facts), limits))]
    options = [[(each.id, [o.name for o in each.options]) for each in revision.readings] for revision in revisions]
    entries = [[each.id for each in revision.rules.entries] for revision in revisions]
    texts = [encoding(each) for each in ("world", "outline", "blame")]
    return store.named("straight", vocabulary.digest, *texts, *said, repr((options, entries)))


# -- between runs ----------------------------------------------------------------------------------


def encoded(made: Compiled, program: Program) -> list[Any]:
    """The lines as JSON."""
    table, forbidden = made.table, tuple(made.lines[0].forbidden.values())
    outputs = [node for each in made.lines for nodes in named(each).values() for node in nodes.values()]
    lanes = Lanes(table, {}, forbidden, outputs)
    pulls: dict[int, int] = {}
    for each in made.lines:
        approve = each.verdicts["approve"]
        for node, pull in (towards(table, approve) if approve > YES else {}).items():
            pulls[node] = pulls.get(node, 0) + pull
    numbers, written = written_table(table, [step for step, *_ in lanes.steps.order], list(lanes.leaves))
    cuts = {
        name: [[str(cut.limit.amount), cut.limit.unit, cut.after] for cut in line.cuts]
        for name, line in program.lines.items()
    }
    said = [
        {name: {each: numbers[node] for each, node in nodes.items()} for name, nodes in named(line).items()}
        for line in made.lines
    ]
    kinds = [lanes.kinds_of(slot, pulls) for slot in lanes.leaves]
    places = {slot: i for i, slot in enumerate(lanes.leaves)}
    own = [
        json.dumps([[places[s], *each] for s, each in _kinds_of(Lanes(table, line.verdicts, forbidden)).items()])
        for line in made.lines
    ]  # as text: only seats that are open are looked at
    spaces = [seat.space for seat in program.seats]
    return [written, said, [numbers[node] for node in forbidden], kinds, cuts, spaces, own]


def named(line: Line) -> dict[str, dict[str, int]]:
    """The nodes of a line by what they are called."""
    return {"met": line.met, "blamed": line.blamed, "verdict": line.verdicts, "silent": line.silences}


def _kinds_of(lanes: Lanes) -> dict[Slot, Kinds]:
    """The values of each slot as a line tells them apart."""
    pulls = [towards(lanes.table, node) if (node := lanes.verdicts[name]) > YES else {} for name in VERDICTS]
    found = {}
    for slot, masks in lanes.kinds.items():
        leaves = [(number, node.mask) for number, _, _, node in lanes.leaves[slot]]
        rising = [0 for _ in VERDICTS]
        for k, pull in enumerate(pulls):
            for i, (before, after) in enumerate(product(masks, repeat=2)):
                steps = [(pull[n], bool(mask & after) - bool(mask & before)) for n, mask in leaves if n in pull]
                rising[k] |= any(step and way in (0, step) for way, step in steps) << i
        found[slot] = Kinds(masks, rising)
    return found


def decoded(data: list[Any], vocabulary: Vocabulary, revisions: Sequence[Revision]) -> Straight:
    """The lines that `encoded` wrote, of these revisions."""
    written, said, forbidden, kinds, cuts, spaces, own = data
    table, slots = read_table(written)
    lines = [Line((), each["met"], each["blamed"], each["verdict"], {}, each["silent"]) for each in said]
    outputs = [node for each in said for nodes in each.values() for node in nodes.values()]
    lanes = Lanes(table, {}, forbidden, outputs, dict(zip(slots, kinds, strict=True)), whole=True)
    made = {
        name: [Cut(Quantity(Decimal(amount), unit), after) for amount, unit, after in listed]
        for name, listed in cuts.items()
    }
    return Straight(vocabulary, revisions, lines, lanes, made, spaces, slots, own)
