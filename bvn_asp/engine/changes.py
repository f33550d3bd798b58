"""On which readings a verdict hangs, along the straight lines of a record: the smallest changes that change it.

Everything found here is exact, as in `chart`; what is not plain is left to the solver.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product

from bvn_asp.engine.chart import Chart
from bvn_asp.engine.dive import Aim, Dive, Seen
from bvn_asp.engine.lanes import Lanes, Look
from bvn_asp.engine.lines import NO, YES, Table
from bvn_asp.engine.rest import Rest
from bvn_asp.engine.steps import Steps, bound
from bvn_asp.model.vocabulary import Slot

MANY = 2  # changes of readings at once that are tried before the solver is asked
MOST_TRIED = 150
MOST_BOXES = 8

Options = tuple[tuple[str, str], ...]
"""Readings by their ids, each with another option."""
Change = tuple[tuple[Slot, str], ...]
"""The same by the slots that stand for the readings."""


def changes(chart: Chart, verdicts: Mapping[int, str], most: int) -> dict[int, list[tuple[Options, str]]]:
    """For each seat the smallest changes of readings under which its verdict is another, with that verdict.

    Args:
        verdicts: seat to its verdict under the readings in force.
        most: seats with more changes than these are left out.

    Returns: unsorted; seats for which that is not plain are left out.
    """
    found = Changes(chart, verdicts, most).found()
    return {
        seat: [(tuple((slot.member, option) for slot, option in change), verdict) for change, verdict in listed]
        for seat, listed in found.items()
    }


class Changes:
    """The smallest changes of readings that change verdicts.

    They are tried one and two readings at a time. A seat is done once all combinations of readings that contain
    none of its changes are shown to leave the verdict as it is: a box of options for each way to avoid the changes.
    """

    def __init__(self, chart: Chart, verdicts: Mapping[int, str], most: int) -> None:
        self._of, self._verdicts, self._look, self._most = chart.of, dict(verdicts), chart.look, most
        self._chosen = chart.allowed
        self._slots: dict[int, dict[Slot, dict[str, int]]] = {}
        for seat in verdicts:
            self._slots[seat] = {
                self._of.reading(seat, each.id): {
                    option.name: 1 << i
                    for i, option in enumerate(each.options)
                    if not option.aside or self._chosen[self._of.reading(seat, each.id)] >> i & 1
                }
                for each in self._of.revisions[seat].readings
            }
        boxes = {slot: sum(each.values()) for slots in self._slots.values() for slot, each in slots.items()}
        self._allowed = chart.allowed | boxes
        self._rest = Rest(self._of.lanes.steps, self._allowed, beside=self._look.rest)
        self._found: dict[int, list[tuple[Change, str]]] = {seat: [] for seat in verdicts}
        self._seen = list(chart.seen)

    def found(self) -> dict[int, list[tuple[Change, str]]]:
        """For each seat that could be told, its changes with the verdicts then."""
        done = {seat for seat, slots in self._slots.items() if not slots}
        left = self._verdicts.keys() - done
        pends = {seat for seat in left if self._verdicts[seat] == "pend"}
        now = self._split({seat: self._boxes(seat)[0] for seat in sorted(pends)}) | self._closed(left - pends)
        for size in range(1, MANY + 1):
            done, left = done | now, left - now
            left = self._tried(sorted(left), size)
            now = self._closed(left)
        return {seat: self._found[seat] for seat in done | now}

    def _tried(self, seats: Iterable[int], size: int) -> set[int]:
        """Try every change of so many readings; the seats of which all could be told, and not too many were found."""
        tried = {seat: changes for seat in seats if len(changes := self._untried(seat, size)) <= MOST_TRIED}
        verdicts = self._under([(seat, change) for seat, changes in tried.items() for change in changes])
        unknown = set()
        for (seat, change), verdict in verdicts.items():
            if verdict is None:
                unknown.add(seat)
            elif verdict != self._verdicts[seat]:
                self._found[seat].append((change, verdict))
        return {seat for seat in tried.keys() - unknown if len(self._found[seat]) <= self._most}

    def _untried(self, seat: int, size: int) -> list[Change]:
        """The changes of so many readings that contain none of those found."""
        others = [
            [(slot, name) for name, bit in options.items() if not bit & self._chosen[slot]]
            for slot, options in self._slots[seat].items()
        ]
        known = [set(change) for change, _ in self._found[seat]]
        changes = (change for some in combinations(others, size) for change in product(*some))
        return [change for change in changes if not any(each <= set(change) for each in known)]

    def _under(self, asked: Sequence[tuple[int, Change]]) -> dict[tuple[int, Change], str | None]:
        """The verdict of a seat under a change, for each of some; None if that is not plain."""
        aims: dict[tuple[int, Change, str], Aim] = {}
        for seat, change in asked:
            within = tuple((slot, self._slots[seat][slot][option]) for slot, option in change)
            for name, node in self._of.lines[seat].verdicts.items():
                if self._rest.open(node):
                    aims[seat, change, name] = Aim(node, True, within)
        dive = Dive(self._of.lanes, self._allowed, self._rest, list(aims.values()), self._chosen) if aims else None
        found: dict[tuple[int, Change], str | None] = {}
        for seat, change in asked:
            can, perhaps = [], False
            for name, node in self._of.lines[seat].verdicts.items():
                aim = aims.get((seat, change, name))
                if self._rest.of[node] == YES or (dive and aim in dive.reached):
                    can.append(name)
                elif aim and dive and aim not in dive.ruled_out:
                    perhaps = True
            found[seat, change] = "pend" if len(can) > 1 else can[0] if can and not perhaps else None
        return found

    def _closed(self, seats: Iterable[int]) -> set[int]:
        """The seats of which no combination of readings that contains none of the changes found changes the verdict."""
        boxes = {seat: found for seat in sorted(seats) if len(found := self._boxes(seat)) <= MOST_BOXES}
        split: set[tuple[int, int]] = set()
        for turn in range(MOST_BOXES):
            some = {seat: found[turn] for seat, found in boxes.items() if turn < len(found)}
            pends = {seat: box for seat, box in some.items() if self._verdicts[seat] == "pend"}
            split |= {(seat, turn) for seat in self._split(pends)}
        return {
            seat
            for seat, found in boxes.items()
            if all((seat, turn) in split or self._is_closed(seat, box) for turn, box in enumerate(found))
        }

    def _is_closed(self, seat: int, box: Mapping[Slot, int]) -> bool:
        """Whether no combination of readings in a box changes a seat's verdict."""
        verdict = self._verdicts[seat]
        if verdict == "pend":
            return self._pends(seat, box)
        if self._found[seat]:
            return self._is_sure(seat, verdict, self._chosen, box)
        return always(self._rest.table, self._rest.of[self._of.lines[seat].verdicts[verdict]])

    def _split(self, boxes: Mapping[int, Mapping[Slot, int]]) -> set[int]:
        """The seats of which some completion has one verdict, and some another, whatever the readings: a quick look.

        Args:
            boxes: for each seat the options that each of its readings may take.
        """
        found: set[int] = set()
        for seen in self._seen:
            left = {seat: box for seat, box in boxes.items() if seat not in found}
            found |= self._split_in(seen, left) if left else set()
        return found

    def _split_in(self, seen: Seen, boxes: Mapping[int, Mapping[Slot, int]]) -> set[int]:
        """The same among some completions."""
        nodes = {seat: [self._rest.of[n] for n in self._of.lines[seat].verdicts.values()] for seat in boxes}
        steps = Steps(self._rest.table, [node for listed in nodes.values() for node in listed])
        lanes = seen.full.bit_length()
        free = {slot: options for box in boxes.values() for slot, options in box.items()}
        columns = {
            slot: dict.fromkeys(self._of.lanes.kinds_in(slot, free.get(slot, self._allowed.get(slot, -1))), seen.full)
            if slot in free or slot not in seen.columns
            else seen.columns[slot]
            for slot in steps.slots
        }
        at = steps.column(seen.full << lanes | seen.full)
        bound(steps, steps.order, at, columns, lanes)
        return {seat for seat, listed in nodes.items() if sum(bool(at[node] & seen.world) for node in listed) > 1}

    def _is_sure(self, seat: int, verdict: str, allowed: Mapping[Slot, int], box: Mapping[Slot, int]) -> bool:
        """Whether a verdict is sure in every completion of a record under all readings of a box."""
        own = self._of.own(seat)
        rest = Rest(own.steps, {**allowed, **box})
        return always(rest.table, rest.of[own.verdicts[verdict]])

    def _boxes(self, seat: int) -> list[dict[Slot, int]]:
        """The options that each reading may take, for each way to leave out one option of every change found."""
        found = []
        for gone in product(*(change for change, _ in self._found[seat])):
            box = {slot: sum(options.values()) for slot, options in self._slots[seat].items()}
            for slot, name in set(gone):
                box[slot] &= ~self._slots[seat][slot][name]
            found.append(box)
        return found

    def _pends(self, seat: int, box: Mapping[Slot, int]) -> bool:
        """Whether a seat pends in a whole box, for some completions have one verdict and some another throughout."""
        seen = 0
        for verdict, node in self._of.own(seat).verdicts.items():
            if self._rest.of[node] != NO and any(
                self._is_sure(seat, verdict, each, box) for each in self._completions(seat, node)
            ):
                seen += 1
                if seen == 2:
                    return True
        return False

    def _completions(self, seat: int, node: int) -> Iterator[dict[Slot, int]]:
        """Some completions of the record in which a node of a seat holds, under the readings in force."""
        look = self._look
        if look.rest.of[node] == NO:
            return
        good = look.at(node) & look.world
        slots = [slot for slot in self._of.own(seat).leaves if len(look.columns[slot]) > 1]
        for lane in (good.bit_length() - 1, (good & -good).bit_length() - 1) if good else ():
            found = dict(self._chosen)
            for slot in slots:
                kind = next(kind for kind, lanes in look.columns[slot].items() if lanes >> lane & 1)
                found[slot] = kind & found.get(slot, -1)
            yield found
        if look.rest.open(node):
            dive = Dive(look.of, self._chosen, look.rest, [Aim(node)])
            yield from (self._chosen | each for each in dive.completions(0))


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
            rest = Rest(lanes.steps, {slot: kind})
            if left[0] < 0 or not holds(rest.table, rest.of[node]):
                return False
        return True

    return holds(table, node)
