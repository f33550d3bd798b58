"""Sets of moves on a chart as a formula: what each leaves, what is presumed then, and whether it leads to approval.

That a list of sets is complete is shown by *boxes*: values of some slots such that whoever has one of these values in
each is not approved. The question has three parts, and nobody must be an answer to any:

1. somebody within reach lies in a box, and is approved by the text whose box it is;
2. somebody within reach is no patient, and has none of the combinations that are said to be nobody's, or is one and
   has some;
3. a set of moves leaves out, for every box, all bad values of some slot; somebody can be so, with what was presumed
   before still absent; and the set contains none of those listed.

Why that is enough. Take a set of moves after which all texts approve whoever the chart then leaves, and somebody, p,
can be so with what was presumed still absent. If it overcame not every box, then each slot of some box could have a
bad value: give p these values. A combination that is nobody's and shares a slot with the box is broken by the box
itself, whichever of its values are taken (checked one by one, `unsafe`); the others p did not have. So by 2 this is a
patient, whom the chart leaves, and by 1 not approved. Therefore the set overcomes every box, and by 3 contains a
listed one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from bvn_asp.certificates.chart import DOCUMENT, Chart
from bvn_asp.certificates.formula import TRUE, Formula
from bvn_asp.errors import fault
from bvn_asp.model.vocabulary import Sign, Slot

Box = Mapping[Slot, frozenset[str]]
Alternative = Sequence[tuple[Slot, str, frozenset[str]]]


class Moves:
    """Every set of moves on a chart: a literal for each move, and for each value that it rules out.

    Args:
        choices: slot and value to the literal of a world's having it.
    """

    def __init__(self, formula: Formula, chart: Chart, choices: Mapping[tuple[Slot, str], int]) -> None:
        self.formula, self.chart, self._choices = formula, chart, choices
        self.move: dict[tuple[Slot, str], int] = {}
        self.out: dict[tuple[Slot, str], int] = {}
        self._leaves: dict[tuple[Slot, str], int] = {}
        self._moved: dict[Slot, int] = {}
        for slot, state in chart.states.items():
            self._of(slot)
            self._moved[slot] = formula.any_of(self.move[slot, kind] for kind in state.offers)
        self.held = {slot: self._held(slot) for slot in chart.states}

    def _of(self, slot: Slot) -> None:
        """The moves on one slot, and what makes one a move."""
        formula, state = self.formula, self.chart.states[slot]
        for kind in state.offers:
            self.move[slot, kind] = formula.new(f"move: {kind} {slot}")
        kinds = [self.move[slot, kind] for kind in state.offers]
        for one, other in combinations(kinds, 2):
            formula.add([-one, -other])
        offered = [value for value in state.values if any(value in each for each in state.offers.values())]
        for value in offered:
            by = [self.move[slot, kind] for kind, leaves in state.offers.items() if value in leaves]
            out = self.out[slot, value] = formula.new(f"ruled out: {slot}, {self._said(slot, value)}")
            formula.add([-out, *by])
            self._leaves[slot, value] = formula.all_of([formula.any_of(by), -out])
        leaves = [self._leaves[slot, value] for value in offered]
        for kind, literal in zip(state.offers, kinds, strict=True):
            formula.add([-literal, *leaves])
            if kind == DOCUMENT and not state.held and all(value in offered for value in state.kept):
                formula.add([-literal, *(-self._leaves[slot, value] for value in state.kept)])
            if kind == DOCUMENT:
                for value in state.spared:
                    if (slot, value) in self.out:
                        formula.add([-literal, -self.out[slot, value]])
            if kind != DOCUMENT:
                formula.add([-literal, *(self._leaves[slot, value] for value in offered if value not in state.kept)])
        if self.chart.vocabulary.facts[slot.fact].is_numeric:
            for first, middle, last in combinations(state.values, 3):
                if (slot, first) in self._leaves and (slot, last) in self._leaves:
                    between = self._leaves.get((slot, middle), -TRUE)
                    formula.add([-self._leaves[slot, first], -self._leaves[slot, last], between])

    def _said(self, slot: Slot, value: str) -> str:
        line = self.chart.lines.get(slot.fact)
        return value if line is None else str(line.cells[int(value)])

    def _says(self, slot: Slot, values: frozenset[str]) -> int:
        """That a record, moved or not, leaves one of some values."""
        state = self.chart.states.get(slot)
        if state is None:  # read by nothing here; its record stands as it is
            record = self.chart.case.get(slot)
            return TRUE if record and set(self.chart.left(slot, record.value)) & values else -TRUE
        parts = [self._leaves[slot, value] for value in values if (slot, value) in self._leaves]
        if state.recorded and set(state.kept) & values:
            parts.append(-self._moved[slot])
        return self.formula.any_of(parts)

    def _held(self, slot: Slot) -> int:
        """That a slot is presumed absent after the moves."""
        formula, chart, state = self.formula, self.chart, self.chart.states[slot]
        if not state.presumed or state.recorded:
            return -TRUE
        raised = [
            self._says(source, chart.says(source, sign))
            for source, signs in chart.doubts.signs.items()
            for sign, target in signs
            if target == slot
        ]
        there = [
            self._says(each, chart.says(each, Sign(each.fact)))
            for each in chart.slots
            if state.optional and chart.speaks_of(slot.member, each)
        ]
        ways = [-formula.any_of(raised)] if state.presumable else []
        ways += [-formula.any_of(there)] if state.optional else []
        return formula.all_of([-self._moved[slot], formula.any_of(ways)])

    def may(self, slot: Slot, value: str) -> int:
        """That the chart, so moved, leaves a value."""
        formula, state = self.formula, self.chart.states[slot]
        ways = [self._leaves[slot, value]] if (slot, value) in self._leaves else []
        if value in state.kept:
            ways.append(formula.all_of([-self._moved[slot], -self.held[slot]]))
        if value in state.presumed:
            ways.append(self.held[slot])
        return formula.any_of(ways)

    def overcomes(self, box: Box) -> int:
        """That some slot of a box has none of its values left."""
        return self.formula.any_of(
            self.formula.all_of(-self.may(slot, value) for value in sorted(values)) for slot, values in box.items()
        )

    @property
    def somebody(self) -> int:
        """That the world is one that the moved chart leaves, what was presumed before still being absent."""
        parts = []
        for slot, state in self.chart.states.items():
            left = state.presumed if state.held else state.values
            ways = [self.formula.all_of([self._choices[slot, v], self.may(slot, v)]) for v in left]
            parts.append(self.formula.any_of(ways))
        return self.formula.all_of(parts)

    def contains(self, alternative: Alternative) -> int:
        """That all moves of a set are made, each leaving no more.

        Raises: InputError: there is no such move.
        """
        parts = []
        for slot, kind, left in alternative:
            state = self.chart.states.get(slot)
            if state is None or kind not in state.offers or not left <= set(state.offers[kind]):
                raise fault(f"a listed move cannot be made on this chart: {kind} `{slot}`")
            parts += [self.move[slot, kind], *(self.out[slot, v] for v in state.offers[kind] if v not in left)]
        return self.formula.all_of(parts)

    def within(self, loose: frozenset[Slot]) -> int:
        """That the world lies within reach: every slot has a value that moves can lead to, the loose ones any."""
        return self.formula.all_of(
            self.formula.any_of(self._choices[slot, value] for value in state.reachable)
            for slot, state in self.chart.states.items()
            if slot not in loose
        )


def unsafe(boxes: Sequence[Box], nobody: Sequence[Box]) -> str:
    """A box whose values could make up a combination that is nobody's; empty if there is none."""
    for box in boxes:
        for each in nobody:
            shared = [slot for slot in each if slot in box]
            if shared and all(each[slot] & box[slot] for slot in shared):
                return ", ".join(map(str, shared))
    return ""
