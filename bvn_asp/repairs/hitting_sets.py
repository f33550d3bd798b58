"""Which smallest sets of moves, the correction sets, hit every implicate?

An implicate of *not approved* is a box of values (`implicates`); a set of moves hits it if it leaves some slot of the
box none of its values. Implicates that share no slot are hit independently of each other, so the smallest hitting sets
are found part by part and multiplied only when they are listed: a few dozen alternatives can stand for thousands.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence

from bvn_asp.classes import dataclass
from bvn_asp.engine.atoms import Atom
from bvn_asp.engine.presume import presume
from bvn_asp.engine.program import Program
from bvn_asp.engine.sets import Minimal
from bvn_asp.model.case import Case
from bvn_asp.model.vocabulary import Slot
from bvn_asp.repairs.implicates import Box
from bvn_asp.repairs.moves import State
from bvn_asp.repairs.useful import Useful

Correction = tuple[tuple[Slot, str, tuple[str, ...]], ...]
"""Moves as slot, kind, and the values that are left."""
Key = tuple[int, ...]
"""By which a set of moves is ordered; the keys of parts are added up."""


@dataclass(frozen=True)
class Part:
    """The alternatives of one independent part, and whether these are all."""

    corrections: tuple[Correction, ...]
    complete: bool


def corrections(
    program: Program,
    case: Case,
    states: Mapping[Slot, State],
    boxes: Sequence[Sequence[Box]],
    contradictions: Sequence[Box],
    useful: Useful,
    need: int,
    most: int,
    enough: Callable[[], bool] = lambda: False,
) -> tuple[Part, ...]:
    """The smallest sets of moves that hit the implicates, as a product of parts.

    Args:
        boxes: the implicates of each policy.
        contradictions: the values that nobody has together, one of each slot's.
        useful: what the moves can be about, and what of it hangs together.
        need: how many of the policies must approve.
        most: stop after so many alternatives of one part.

    Returns: a part without alternatives if there is no way; no parts if nothing stands in the way.
    """
    parts = []
    for slots in useful.parts(together=need < len(boxes)):
        rules = _rules(program, case, states, slots, boxes, contradictions, need)
        models, complete = _models(rules, most, enough)
        parts.append(Part(tuple(_read(slots, states, model) for model in models), complete))
    return tuple(part for part in parts if part.corrections != ((),))


KEPT = 500
_KEPT: OrderedDict[str, tuple[Sequence[Atom], ...]] = OrderedDict()


def _models(rules: str, most: int, enough: Callable[[], bool]) -> tuple[tuple[Sequence[Atom], ...], bool]:
    """The minimal models of one part, and whether these are all.

    Parts of many policies say the same: slots and values are numbers there. What was found whole is remembered.
    """
    known = _KEPT.get(rules)
    if known is not None and len(known) < most:
        return known, True
    found: list[Sequence[Atom]] = []
    for model in Minimal(["presume", "repair"], rules):
        found.append(model)
        if len(found) >= most or enough():
            return tuple(found), False
    _KEPT[rules] = tuple(found)
    while len(_KEPT) > KEPT:
        _KEPT.popitem(last=False)
    return tuple(found), True


def _rules(
    program: Program,
    case: Case,
    states: Mapping[Slot, State],
    slots: Sequence[Slot],
    boxes: Sequence[Sequence[Box]],
    contradictions: Sequence[Box],
    need: int,
) -> str:
    """One part as facts for `encodings/repair.lp`, with the records outside of it that bear on its presumptions."""
    vocabulary, signs = program.vocabulary, presume(program.vocabulary).signs
    number = {slot: i for i, slot in enumerate(slots)}
    few = {signs.optional[slot] for slot in slots if slot in signs.optional}
    followers = {each for slot in slots for each in case.tied_to(slot)[1:]}  # these stand as their first one does
    related = {other for slot in slots for other in signs.sources.get(slot, ())}
    outside = [
        each.slot
        for each in case.records
        if each.slot not in number and each.slot not in followers
        and (each.slot in related or signs.optional.get(each.slot) in few)
    ]
    number |= {slot: len(slots) + k for k, slot in enumerate(outside)}
    lines: list[str] = []
    for slot in slots:
        i, state = number[slot], states[slot]
        place = {value: k for k, value in enumerate(state.values)}
        for name, listed in {"value": state.values, "kept": state.kept, "taken": state.presumed}.items():
            lines += [f"{name}({i},{place[value]})." for value in listed]
        for kind, leaves in state.offers.items():
            lines += [f"offer({i},{kind},{place[value]})." for value in leaves]
        lines += [f"number({i})."] if vocabulary.facts[slot.fact].is_numeric else []
        lines += [f"spared({i},{place[value]})." for value in state.spared]
        lines += [f"presumable({i})."] if state.presumable else []
        lines += [f"held_before({i})."] if state.held else []
        lines += [f"recorded({i})."] if state.recorded else []
        lines += [f"told({i},{place[value]})." for value in state.kept] if state.recorded else []
        means = {k: set(signs.may(slot, program.as_value(slot, (value,)))) for value, k in place.items()}
        for each in case.tied_to(slot):
            lines += _signs(each, i, means, number, vocabulary_optional=state.optional, program=program)
    for slot in outside:
        i, record = number[slot], case.by_slot[slot]
        lines += [f"recorded({i}).", *(f"told({i},{k})." for k in signs.may(slot, record.value))]
        means = {k: {k} for k in range(signs.size(slot))}
        lines += _signs(slot, i, means, number, vocabulary_optional=False, program=program)
    count = 0
    for policy, own in enumerate(boxes):
        lines.append(f"policy({policy}).")
        for box in own:
            if not box:
                lines.append(f":- approve({policy}).")
            elif all(slot in states and number.get(slot, len(slots)) < len(slots) for slot in box):
                lines.append(f"obstacle({policy},{count}).")
                for slot, values in box.items():
                    place = {value: k for k, value in enumerate(states[slot].values)}
                    lines += [f"bad({count},{number[slot]},{place[value]})." for value in sorted(values)]
                count += 1
    inside = (bad for bad in contradictions if all(number.get(slot, len(slots)) < len(slots) for slot in bad))
    for i, bad in enumerate(inside):
        for slot, values in bad.items():
            lines.append(f"bound({number[slot]}).")
            lines += [f"part({i},{number[slot]},{states[slot].values.index(each)})." for each in sorted(values)]
    lines.append(f"need({need}).")
    return "\n".join(lines)


def _signs(
    slot: Slot,
    i: int,
    means: Mapping[int, set[int]],
    number: Mapping[Slot, int],
    vocabulary_optional: bool,
    program: Program,
) -> list[str]:
    """What the values of a slot say, for `encodings/presume.lp`."""
    signs = presume(program.vocabulary).signs
    gone = set(signs.absent(slot))
    lines = [f"absent({i},{k})." for k, each in means.items() if each <= gone]
    for said, targets in signs.doubted_by(slot).items():
        hit = [number[target] for target in sorted(targets) if target in number]
        lines += [f"doubts({i},{k},{j})." for k, each in means.items() if said in each for j in hit]
    if slot in signs.optional:
        lines.append(f'about({i},"{signs.optional[slot]}").')
        lines += [f'optional({i},"{signs.optional[slot]}").'] if vocabulary_optional else []
    return lines


def _read(
    slots: Sequence[Slot], states: Mapping[Slot, State], model: Iterable[tuple[str, Sequence[int | str]]]
) -> Correction:
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
