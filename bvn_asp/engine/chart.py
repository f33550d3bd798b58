"""One record along the straight lines of its policies: what of it is plain without a solve.

Everything found here is exact: a bound that holds in every completion of the record, or completions that were seen to
differ. What neither tells is `None`, or left out, and the solver's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations, permutations
from typing import TypeVar

from bvn_asp.engine.dive import Aim, Dive, Seen, dives
from bvn_asp.engine.lanes import Look
from bvn_asp.engine.lines import YES, Leaf, Line, order_of
from bvn_asp.engine.rest import Rest
from bvn_asp.engine.straight import Straight, named
from bvn_asp.model.case import Value
from bvn_asp.model.vocabulary import Several, Slot

LANES = 512
DIVES = 16

K = TypeVar("K")
V = TypeVar("V")


def chart_of(
    lines: Straight, known: Mapping[Slot, Value], chosen: Sequence[Mapping[str, str]], beside: Chart | None = None
) -> Chart | None:
    """A record, and for each revision the readings in force; None if it says something of several slots at once.

    Args:
        beside: a chart that says nearly the same, made before.
    """
    if any(isinstance(slot, Several) for slot in known):
        return None
    allowed = lines.allowed(known, chosen)
    return beside if beside is not None and beside.allowed == allowed else Chart(lines, allowed, beside)


class Chart:
    """One record along the lines.

    Args:
        allowed: slot to the values that the record allows, as bits; of each reading, the option in force.
        beside: another record along the same lines.
    """

    def __init__(self, of: Straight, allowed: dict[Slot, int], beside: Chart | None = None) -> None:
        self.of, self.allowed = of, allowed
        self.look: Look = Look(of.lanes, allowed, lanes=LANES, beside=beside.look.rest if beside else None)
        self._moves: dict[int, dict[Slot, int]] = {}
        self._aimed: dict[Aim, bool] = {}
        self._dives: list[tuple[Dive, frozenset[Slot]]] = []

    @property
    def seen(self) -> Iterator[Seen]:
        """Completions that were made of the record itself."""
        yield Seen(self.look.columns, self.look.world, self.look.full)
        yield from (dive.seen for dive, changed in self._dives if not changed)

    def settled(self, seat: int) -> tuple[dict[str, set[str]], dict[str, set[str]]] | None:
        """Which atoms of a seat hold in every completion, and in some, by name; None if that is not plain.

        Of the second, only `met` is looked for.
        """
        line, of, told = self.of.lines[seat], self.look.rest.of, self._told
        if not self._possible or any(of[node] > YES and (node, holds) not in told for node, holds in _doubtful(line)):
            return None

        def every(node: int) -> bool:
            return of[node] == YES or (of[node] > YES and not told[node, False])

        def some(node: int) -> bool:
            return of[node] == YES or (of[node] > YES and told[node, True])

        always = {name: {each for each, node in nodes.items() if every(node)} for name, nodes in named(line).items()}
        return {name: found for name, found in always.items() if found}, {
            "met": {each for each, node in line.met.items() if some(node)}
        }

    @property
    def _possible(self) -> bool:
        """Whether some completion of the record is seen to be a patient; else nothing is said of it here."""
        return bool(self.look.world) or any(self._told.values())

    @cached_property
    def _told(self) -> dict[tuple[int, bool], bool]:
        """Of nodes that bounds leave open, whether they can hold and whether they can fail, as far as that is known."""
        look = self.look
        wanted = dict.fromkeys(w for line in self.of.lines for w in _doubtful(line) if look.rest.open(w[0]))
        found = {
            (node, holds): True for node, holds in wanted if look.world & (look.at(node) if holds else ~look.at(node))
        }
        left = [each for each in wanted if each not in found]
        if left:
            dive = Dive(look.of, self.allowed, look.rest, [Aim(node, holds) for node, holds in left])
            found |= {(aim.node, aim.holds): True for aim in dive.reached}
            found |= {(aim.node, aim.holds): False for aim in dive.ruled_out}
        return found

    def opens(self, seats: Sequence[int]) -> dict[int, frozenset[Slot]]:
        """For each seat the slots that alone can change its verdict; seats for which that is not plain are left out."""
        look = self.look
        goals = [self._goals(look.rest, seat) for seat in seats]
        self._moves |= zip(seats, look.moves_of(goals), strict=True)
        found = {seat: set(self._moves[seat]) for seat in seats}
        left = {seat: self._may_move(look.rest, seat) - slots for seat, slots in found.items()}
        asked = self._aims(self.allowed, look.rest, left)
        if asked:
            self._dives.append((self._aim(asked), frozenset()))
        found = self._plain(found, asked.items())
        return {seat: frozenset(slots) for seat, slots in found.items()}

    def _aim(self, aims: Iterable[Aim]) -> Dive:
        """Lead completions of the record to some aims; what comes of it is remembered."""
        dive = Dive(self.look.of, self.allowed, self.look.rest, list(aims))
        self._aimed |= dict.fromkeys(dive.ruled_out, False) | dict.fromkeys(dive.reached, True)
        return dive

    def _plain(self, found: dict[K, set[V]], asked: Iterable[tuple[Aim, tuple[K, V]]]) -> dict[K, set[V]]:
        """What some aims add to what was found of some things; those of which they leave something in doubt go."""
        doubtful: dict[K, set[V]] = {}
        for aim, (key, each) in asked:
            reached = self._aimed.get(aim)
            if reached:
                found[key].add(each)
            elif reached is None:
                doubtful.setdefault(key, set()).add(each)
        return {key: those for key, those in found.items() if doubtful.get(key, set()) <= those}

    def shown_after(self, changes: Mapping[Slot, Value | None]) -> frozenset[Slot]:
        """Some of the slots that would alone change a verdict of which `opens` was asked, were the record otherwise.

        Args:
            changes: what would be known instead, none of it of several slots; None for what would not be known.
        """
        told = self._told_of(changes)
        among = self.look.world
        for slot, mask in told.items():
            among &= self.look.having(slot, mask)
        found = {slot for moves in self._moves.values() for slot, lanes in moves.items() if lanes & among}
        allowed = self._under(changes)
        for dive, changed in self._dives:
            found |= dive.differing(changes.keys() | changed, allowed)
        return frozenset(found - told.keys())

    def _under(self, changes: Mapping[Slot, Value | None]) -> dict[Slot, int]:
        """What the record would allow."""
        return {slot: mask for slot, mask in self.allowed.items() if slot not in changes} | self._told_of(changes)

    def opens_after(
        self,
        seats: Iterable[int],
        changes: Mapping[Slot, Value | None],
        at_most: Mapping[int, frozenset[Slot]],
        beside: frozenset[Slot],
    ) -> tuple[frozenset[Slot], set[int]]:
        """The slots that would alone change the verdict of some of the seats, were the record otherwise.

        Args:
            changes: as `shown_after`.
            at_most: of some seats, their slots as the record stands: while nothing is taken back no others are found.
            beside: slots that are none of the question any more.

        Returns: the slots, and the seats for which there may be others.
        """
        told = self._told_of(changes)
        if any(told.get(slot, -1) & ~self.allowed[slot] for slot in changes.keys() & self.allowed.keys()):
            at_most = {}
        one = {slot for slot, mask in told.items() if not mask & mask - 1}
        seats = [seat for seat in seats if seat not in at_most or at_most[seat] - beside - one]
        if not seats:
            return frozenset(), set()
        allowed = self._under(changes)
        rest = Rest(self.of.lanes.steps, allowed, beside=self.look.rest)
        wanted = {seat: self._may_move(rest, seat) - beside for seat in seats}
        asked = self._aims(allowed, rest, {seat: s & at_most.get(seat, s) for seat, s in wanted.items()})
        found: set[Slot] = set()
        ruled_out: set[Aim] = set()
        for dive in dives(self.of.lanes, allowed, rest, {aim: slot for aim, (_, slot) in asked.items()}):
            self._dives.append((dive, frozenset(changes)))
            found |= {asked[aim][1] for aim in dive.reached}
            ruled_out |= dive.ruled_out
        del self._dives[1:-DIVES]
        left = {seat for aim, (seat, slot) in asked.items() if slot not in found and aim not in ruled_out}
        return frozenset(found), left

    def _goals(self, rest: Rest, seat: int) -> list[int]:
        """The nodes of a seat's verdicts that are left open."""
        return [*filter(rest.open, self.of.lines[seat].verdicts.values())]

    def _may_move(self, rest: Rest, seat: int) -> frozenset[Slot]:
        """The slots from which a difference may travel to a verdict: those that are left in what is left of it."""
        goals = [rest.of[goal] for goal in self._goals(rest, seat)]
        nodes = (rest.table.nodes[n] for n in order_of(rest.table, goals))
        return frozenset(node.slot for node in nodes if isinstance(node, Leaf))

    def _aims(
        self, allowed: Mapping[Slot, int], rest: Rest, wanted: Mapping[int, Iterable[Slot]]
    ) -> dict[Aim, tuple[int, Slot]]:
        """All that it takes for some slots to change the verdict of a seat."""
        asked: dict[Aim, tuple[int, Slot]] = {}
        for seat, slots in wanted.items():
            for slot in sorted(slots):
                masks = self.of.kinds(seat)[slot].masks
                places = [i for i, mask in enumerate(masks) if mask & allowed.get(slot, -1)]
                for two in combinations(places, 2):
                    asked |= dict.fromkeys(self._apart(allowed, rest, seat, slot, *two), (seat, slot))
        return asked

    def _apart(
        self, allowed: Mapping[Slot, int], rest: Rest, seat: int, slot: Slot, one: int, other: int
    ) -> Iterator[Aim]:
        """All that it takes for two kinds of a slot's values, by their places, to make a seat's verdict another."""
        kinds, verdicts = self.of.kinds(seat)[slot], self.of.lines[seat].verdicts
        two = kinds.masks[one] & allowed.get(slot, -1), kinds.masks[other] & allowed.get(slot, -1)
        for first, then in permutations([name for name, node in verdicts.items() if rest.open(node)], 2):
            if kinds.may(first, other, one) and kinds.may(then, one, other):
                yield Aim(verdicts[first], True, (), verdicts[then], slot, two)

    def _told_of(self, changes: Mapping[Slot, Value | None]) -> dict[Slot, int]:
        told = ((slot, value) for slot, value in changes.items() if slot in self.of.table.full)
        return {slot: self.of.mask(slot, value) for slot, value in told if value is not None}

    def told_apart(self, asked: Mapping[Slot, tuple[Sequence[int], Sequence[int]]]) -> dict[Slot, set[tuple[int, int]]]:
        """Of some slots, the pairs of values that some seat can tell apart, all else being the same.

        Args:
            asked: slot to the seats for which it is open, and to values, each as a bit.

        Returns: slot to pairs of values, the smaller first; slots of which that is not plain are left out.
        """
        found: dict[Slot, set[tuple[int, int]]] = {slot: set() for slot in asked}
        aims: list[tuple[Aim, tuple[Slot, tuple[int, int]]]] = []
        for slot, (seats, values) in asked.items():
            seen = self.look.apart(slot, [node for seat in seats for node in self._goals(self.look.rest, seat)])
            kind = _places(self.of.lanes.kinds[slot], values)
            places = {seat: _places(self.of.kinds(seat)[slot].masks, values) for seat in seats}
            for pair in combinations(sorted(values), 2):
                if tuple(sorted(kind[value] for value in pair)) in seen:
                    found[slot].add(pair)
                    continue
                for seat, place in places.items():
                    one, other = sorted(place[value] for value in pair)
                    if one != other:
                        told = self._apart(self.allowed, self.look.rest, seat, slot, one, other)
                        aims += ((aim, (slot, pair)) for aim in told)
        settled = {each for aim, each in aims if self._aimed.get(aim)}
        left = dict.fromkeys(aim for aim, each in aims if each not in settled and aim not in self._aimed)
        if left:
            self._aim(left)
        return self._plain(found, aims)


def _places(kinds: Sequence[int], values: Iterable[int]) -> dict[int, int]:
    """Of each of some values, as bits, the place of its kind."""
    return {value: next(i for i, kind in enumerate(kinds) if kind & value) for value in values}


def _doubtful(line: Line) -> Iterator[tuple[int, bool]]:
    """What has to be seen of a line's nodes where bounds leave them open: that they can hold, that they can fail."""
    for nodes in named(line).values():
        for node in nodes.values():
            yield node, False
    for node in line.met.values():
        yield node, True
