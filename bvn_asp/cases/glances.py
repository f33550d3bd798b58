"""What straight lines tell of a record that is asked about, so that the solver is asked of the rest only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations

from bvn_asp.engine.chart import Chart
from bvn_asp.model.case import Value
from bvn_asp.model.vocabulary import Several, Slot


class Glances:
    """What straight lines tell of a record, so that few revisions need be put in two worlds.

    Args:
        charts: each with the numbers of the revisions that are its seats.
        pends: the revisions whose verdict is open.

    Attributes:
        open: of the revisions of which that is plain, the slots that alone can change their verdict.
    """

    def __init__(self, charts: Sequence[tuple[list[int], Chart]], pends: Sequence[int]) -> None:
        self._seats = {i: (chart, seat) for numbers, chart in charts for seat, i in enumerate(numbers)}
        self.open: dict[int, frozenset[Slot]] = {}
        for numbers, chart in charts:
            found = chart.opens([seat for seat, i in enumerate(numbers) if i in pends])
            self.open |= {numbers[seat]: slots for seat, slots in found.items()}

    def _by_chart(self, numbers: Iterable[int]) -> list[tuple[Chart, dict[int, int]]]:
        """Each chart with those of its seats that are among some revisions, and their numbers."""
        found: dict[int, tuple[Chart, dict[int, int]]] = {}
        for i in numbers:
            if i in self._seats:
                chart, seat = self._seats[i]
                found.setdefault(id(chart), (chart, {}))[1][seat] = i
        return list(found.values())

    def after(
        self, numbers: Sequence[int], changes: Mapping[Slot, Value | None], enough: int | None
    ) -> tuple[frozenset[Slot], set[int]]:
        """The slots that alone can change a verdict of some revisions, if some of the record were otherwise.

        Args:
            enough: some of the slots suffice if they are so many.

        Returns: the slots, and the revisions for which there may be others.
        """
        if any(isinstance(slot, Several) for slot in changes):
            return frozenset(), set(numbers)
        charts = self._by_chart(numbers)
        found = frozenset[Slot]().union(*(chart.shown_after(changes) for chart, _ in charts))
        left = {i for i in numbers if i not in self._seats}
        for chart, seats in charts:
            if enough is not None and len(found) >= enough:
                break
            known = {seat: self.open[i] for seat, i in seats.items() if i in self.open}
            more, unsure = chart.opens_after(seats, changes, known, found)
            found |= more
            left |= {seats[seat] for seat in unsure}
        return found, left

    def told_apart(
        self, asked: Mapping[Slot, tuple[Sequence[int], Mapping[str, Value]]]
    ) -> dict[Slot, set[tuple[str, str]]]:
        """The pairs of values of some slots, either first, that some revisions tell apart, where that is plain.

        Args:
            asked: slot to the revisions for which it is open, and to its values.
        """
        found: dict[Slot, set[tuple[str, str]]] = {
            slot: set() for slot, (numbers, _) in asked.items() if all(i in self._seats for i in numbers)
        }
        by_chart: dict[int, tuple[Chart, dict[Slot, tuple[list[int], dict[str, int]]]]] = {}
        for slot in found:
            numbers, values = asked[slot]
            for chart, seats in self._by_chart(numbers):
                bits = {name: chart.of.mask(slot, value) for name, value in values.items()}
                by_chart.setdefault(id(chart), (chart, {}))[1][slot] = list(seats), bits
        for chart, slots in by_chart.values():
            plain = chart.told_apart({slot: (seats, list(bits.values())) for slot, (seats, bits) in slots.items()})
            for slot, (_, bits) in slots.items():
                if slot not in plain:
                    found.pop(slot, None)
                elif slot in found:
                    apart = plain[slot]
                    pairs = permutations(bits, 2)
                    found[slot] |= {(a, b) for a, b in pairs if tuple(sorted((bits[a], bits[b]))) in apart}
        return found
