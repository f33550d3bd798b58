"""Which smallest sets of moves overcome all obstacles?

Obstacles that share no slot are overcome independently of each other, so the smallest sets are found part by part and
multiplied only when they are listed: a few dozen alternatives can stand for thousands of sets.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bvn_asp.engine.presume import presume
from bvn_asp.engine.program import Program
from bvn_asp.engine.sets import Minimal
from bvn_asp.model.case import Case
from bvn_asp.model.vocabulary import Slot, Vocabulary
from bvn_asp.repairs.implicates import Box, World
from bvn_asp.repairs.moves import State, as_value, is_optional, plain

Mend = tuple[tuple[Slot, str, tuple[str, ...]], ...]
"""Moves as slot, kind, and the values that are left."""


@dataclass(frozen=True)
class Part:
    """The alternatives of one independent part, and whether these are all."""

    mends: tuple[Mend, ...]
    complete: bool


def mend(
    program: Program,
    case: Case,
    states: Mapping[Slot, State],
    boxes: Sequence[Sequence[Box]],
    contradictions: Sequence[World],
    need: int,
    most: int,
    enough: Callable[[], bool] = lambda: False,
) -> tuple[Part, ...]:
    """The smallest sets of moves that overcome the obstacles, as a product of parts.

    Args:
        boxes: the obstacles of each policy.
        contradictions: the values that nobody has together.
        need: how many of the policies must approve.
        most: stop after so many alternatives of one part.

    Returns: a part without alternatives if there is no way; no parts if nothing stands in the way.
    """
    parts = []
    for slots in _parts(program.vocabulary, states, boxes, contradictions, need):
        rules = _rules(program, case, states, slots, boxes, contradictions, need)
        found: list[Mend] = []
        complete = True
        for model in Minimal(["presume", "repair"], rules):
            found.append(_read(slots, states, model))
            if len(found) >= most or enough():
                complete = False
                break
        parts.append(Part(tuple(found), complete))
    return tuple(part for part in parts if part.mends != ((),))


def undoers(vocabulary: Vocabulary, program: Program, states: Mapping[Slot, State], boxes: Iterable[Box]) -> set[str]:
    """The presumed facts whose presumption some useful move would undo."""
    shown = set()
    for box in boxes:
        for slot, bad in box.items():
            left = set().union(*states[slot].offers.values()) - bad
            if any(not plain(program, slot, value) for value in left):
                shown.add(slot.fact)
    held = {slot.fact for slot, state in states.items() if state.held}
    return {fact for fact in held if shown & companions(vocabulary, fact)}


def companions(vocabulary: Vocabulary, fact: str) -> set[str]:
    """The facts that, present, put the presumption of a fact in doubt."""
    return {sign.fact for sign, _, _ in vocabulary.signs_against(fact)}


def _parts(
    vocabulary: Vocabulary,
    states: Mapping[Slot, State],
    boxes: Sequence[Sequence[Box]],
    contradictions: Sequence[World],
    need: int,
) -> list[list[Slot]]:
    """The slots of the obstacles, those that hang together together."""
    groups = _Groups()
    for listed in boxes:
        for box in listed:
            groups.join(box)
    signs = presume(vocabulary).signs
    sources = {slot: signs.sources.get(slot, ()) for slot, state in states.items() if state.presumed}
    for slot, doubting in sources.items():
        if slot in groups and not states[slot].held:
            for other in doubting:
                if other in states:
                    groups.join([other])
    few = {slot.member for slot, state in states.items() if slot in groups and state.optional}
    for slot in states:  # what says that a member is there, which few people have
        if signs.optional.get(slot) in few:
            groups.join([slot])
    used = [slot for slot in states if slot in groups]
    if need < len(boxes):
        groups.join(used)
    for bad in contradictions:
        if any(slot in groups for slot in bad):
            groups.join(bad)
    for slot in used:
        groups.join([slot, *(other for other in sources.get(slot, ()) if other in groups)])
    members: dict[str, list[Slot]] = {}
    for slot in used:
        if is_optional(vocabulary, slot):
            members.setdefault(slot.member, []).append(slot)
    for slots in members.values():
        groups.join(slots)
    return groups.listed(states)


class _Groups:
    """Sets that grow together where they share a member."""

    def __init__(self) -> None:
        self._parent: dict[Slot, Slot] = {}

    def __contains__(self, slot: Slot) -> bool:
        return slot in self._parent

    def _root(self, slot: Slot) -> Slot:
        self._parent.setdefault(slot, slot)
        while self._parent[slot] != slot:
            slot = self._parent[slot]
        return slot

    def join(self, slots: Iterable[Slot]) -> None:
        roots = [self._root(slot) for slot in slots]
        for other in roots[1:]:
            self._parent[self._root(other)] = self._root(roots[0])

    def listed(self, order: Iterable[Slot]) -> list[list[Slot]]:
        found: dict[Slot, list[Slot]] = {}
        for slot in order:
            if slot in self._parent:
                found.setdefault(self._root(slot), []).append(slot)
        return list(found.values())


def _rules(
    program: Program,
    case: Case,
    states: Mapping[Slot, State],
    slots: Sequence[Slot],
    boxes: Sequence[Sequence[Box]],
    contradictions: Sequence[World],
    need: int,
) -> str:
    """One part as facts for `encodings/repair.lp`."""
    vocabulary = program.vocabulary
    number = {slot: i for i, slot in enumerate(slots)}
    signs = presume(vocabulary).signs
    lines: list[str] = []
    few = {slot.member for slot in slots if slot in signs.optional}
    related = {other for slot in slots for other in signs.sources.get(slot, ())}
    outside = [
        each.slot
        for each in case.records
        if each.slot not in number and (each.slot in related or signs.optional.get(each.slot) in few)
    ]
    number |= {slot: len(slots) + k for k, slot in enumerate(outside)}
    for slot, i in number.items():
        state, record = states.get(slot), case.get(slot)
        if i < len(slots):
            assert state is not None
            place = {value: k for k, value in enumerate(state.values)}
            means = {k: set(signs.may(slot, as_value(program, slot, (value,)))) for value, k in place.items()}
            sorts = {"value": state.values, "kept": state.kept, "taken": state.presumed or state.optional}
            for sort, listed in sorts.items():
                lines += [f"{sort}({i},{place[value]})." for value in listed]
            for kind, leaves in state.offers.items():
                lines += [f"offer({i},{kind},{place[value]})." for value in leaves]
            if vocabulary.facts[slot.fact].is_numeric:
                lines.append(f"number({i}).")
            if state.presumed:
                lines.append(f"presumable({i}).")
                lines += [f"held_before({i})."] if state.held else []
            lines += [f"told({i},{place[value]})." for value in state.kept] if record is not None else []
        else:
            assert record is not None
            means = {k: {k} for k in range(signs.size(slot))}
            lines += [f"told({i},{k})." for k in signs.may(slot, record.value)]
        gone = set(signs.absent(slot))
        lines += [f"absent({i},{k})." for k, each in means.items() if each <= gone]
        for said, targets in signs.doubts.get(slot, {}).items():
            hit = [number[target] for target in sorted(targets) if target in number]
            lines += [f"doubts({i},{k},{j})." for k, each in means.items() if said in each for j in hit]
        if slot in signs.optional and slot.member in few:
            lines.append(f'about({i},"{slot.member}").')
            lines += [f'optional({i},"{slot.member}").'] if state is not None and state.optional else []
        if record is not None:
            lines.append(f"recorded({i}).")
    count = 0
    for policy, own in enumerate(boxes):
        lines.append(f"policy({policy}).")
        for box in own:
            if all(slot in number and number[slot] < len(slots) for slot in box):
                lines.append(f"obstacle({policy},{count}).")
                for slot, values in box.items():
                    place = {value: k for k, value in enumerate(states[slot].values)}
                    lines += [f"bad({count},{number[slot]},{place[value]})." for value in sorted(values)]
                if not box:
                    lines.append(f":- policy({policy}).")
                count += 1
    for i, bad in enumerate(contradictions):
        if all(slot in number and number[slot] < len(slots) for slot in bad):
            for slot, value in bad.items():
                lines.append(f"bound({number[slot]}). part({i},{number[slot]},{states[slot].values.index(value)}).")
    lines.append(f"need({need}).")
    return "\n".join(lines)


def _read(
    slots: Sequence[Slot], states: Mapping[Slot, State], model: Iterable[tuple[str, Sequence[int | str]]]
) -> Mend:
    kinds: dict[int, str] = {}
    out: dict[int, set[int]] = {}
    for name, (slot, what) in model:
        if name == "move":
            kinds[int(slot)] = str(what)
        else:
            out.setdefault(int(slot), set()).add(int(what))
    found = []
    for i, kind in sorted(kinds.items()):
        state = states[slots[i]]
        gone = {state.values[k] for k in out.get(i, ())}
        found.append((slots[i], kind, tuple(v for v in state.values if v in state.offers[kind] and v not in gone)))
    return tuple(found)


Key = tuple[int, ...]


def best(parts: Sequence[Sequence[Key]]) -> Iterator[tuple[int, ...]]:
    """Every way to take one alternative from each part, the least sum of keys first, then in the order given.

    Args:
        parts: for each part the keys of its alternatives, in ascending order, all of one length.
    """
    if not all(parts):
        return

    def key(index: tuple[int, ...]) -> tuple[Key, tuple[int, ...]]:
        chosen = [part[i] for part, i in zip(parts, index, strict=True)]
        return tuple(map(sum, zip(*chosen, strict=True))), index

    start = (0,) * len(parts)
    heap, seen = [key(start)], {start}
    while heap:
        _, index = heapq.heappop(heap)
        yield index
        for place, part in enumerate(parts):
            following = (*index[:place], index[place] + 1, *index[place + 1 :])
            if following[place] < len(part) and following not in seen:
                seen.add(following)
                heapq.heappush(heap, key(following))
