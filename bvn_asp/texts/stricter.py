"""Where is a plan's policy stricter than the Medicare policy that governs, and where is it looser?

The question that compliance asks of 42 CFR 422.101(b)(6). Every smallest way is given: a set of the plan's conditions
that fail together with a set of facts in which a patient departs from the one whom both approve, such that no smaller
set will do. If both lists are complete, there is no other way: every patient on whom the two part fails all conditions
of one of the ways and departs from the base patient in all of its facts.

A smallest way hides who departs in one of its facts by another value and in a further fact besides: beside a fusion, a
discectomy that is recent. *Other* patients are asked for until there is none: each is a smallest way among those whom
no patient shown so far covers. One covers all who fail its conditions and have one of its values in each of its facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TypeAlias

from bvn_asp.cases.evaluate import Readings
from bvn_asp.classes import dataclass
from bvn_asp.engine.corrections import minimal_sets
from bvn_asp.engine.program import Choice
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Option, Reading, Revision
from bvn_asp.texts.witness import Base, Extent, Together, Witness

MOST = 200
SILENT = "silent"
Wish: TypeAlias = tuple[str, str]  # of a unit or of a fact, and its name


class Relation(StrEnum):
    """How the patients whom one policy approves stand to those whom another approves; said of the first."""

    EQUIVALENT = "equivalent"
    STRICTER = "stricter"
    LOOSER = "looser"
    NEITHER = "neither"


@dataclass(frozen=True)
class Way:
    """One smallest way in which one policy turns down a patient whom another approves.

    Attributes:
        units: the entries that fail; `silent` for not addressing the request.
        facts: the facts in which the witness departs from the base patient.
    """

    units: tuple[str, ...]
    facts: tuple[str, ...]
    witness: Witness


@dataclass(frozen=True)
class Ways:
    """All ways in which one policy turns down patients whom another approves.

    Attributes:
        refuses, approves: the two policies.
        base: the patient from whom the witnesses depart; None if there are no ways.
        complete: whether these are all.
        others: further patients, who have none of the values that the smallest ways show.
        covered: whether every patient on whom the two part has the values that one of the ways or others shows.
    """

    refuses: Revision
    approves: Revision
    base: Base | None
    ways: tuple[Way, ...]
    complete: bool
    others: tuple[Way, ...] = ()
    covered: bool = True


@dataclass(frozen=True)
class Gate:
    """A condition that nobody fails as the text is read now, and that under another reading somebody fails.

    Attributes:
        of_governing: whose it is, the governing policy's or the plan's.
        unit: the entry.
        unless: the options under each of which a patient whom the other policy approves fails it.
    """

    of_governing: bool
    revision: Revision
    unit: str
    unless: tuple[tuple[Reading, Option], ...]


@dataclass(frozen=True)
class Strictness:
    """How a plan's policy stands to a governing one.

    Attributes:
        stricter: ways in which the plan refuses whom the governing policy approves.
        looser: ways in which it approves whom the governing policy refuses.
        readings: for the plan and the governing policy, reading id to the option in force.
        extent: over what the lists are complete.
        gates: what either policy would ask besides if one of its passages were read otherwise.
    """

    plan: Revision
    governing: Revision
    relation: Relation
    stricter: Ways
    looser: Ways
    readings: tuple[dict[str, str], dict[str, str]]
    extent: Extent
    gates: tuple[Gate, ...] = ()


def stricter(
    library: Library, plan: Revision, governing: Revision, readings: Readings | None = None, most: int = MOST
) -> Strictness:
    """Every smallest way in which a plan is stricter or looser than the policy that governs, with witnesses.

    Args:
        readings: policy id to reading id to option, where it is not to be the default.
        most: stop after so many ways in each direction.

    Raises: InputError: unknown reading or option.
    """
    together = Together(library, (plan, governing), readings)
    return Strictness(
        plan=plan,
        governing=governing,
        relation=relation(together, 0, 1),
        stricter=ways(together, refuses=0, approves=1, most=most),
        looser=ways(together, refuses=1, approves=0, most=most),
        readings=(together.chosen[0], together.chosen[1]),
        extent=together.extent(),
        gates=(*gates(together, 0, 1), *gates(together, 1, 0)),
    )


def gates(together: Together, asks: int, approves: int) -> Iterator[Gate]:
    """The conditions of one seat that only a reading not in force makes anybody fail whom another seat approves.

    One reading is changed at a time; options that their policy sets aside are not tried.
    """
    revision, chosen = together.revisions[asks], together.chosen[asks]
    seats = list(enumerate(together.revisions))
    for unit, wish in together.unit_wishes(asks).items():
        if together.possible([-wish]):
            continue
        found = []
        for reading, option in ((each, option) for each in revision.readings for option in each.options):
            if option.aside or option.name == chosen[reading.id]:
                continue
            other = {**chosen, reading.id: option.name}
            options = [other if each.key == revision.key else together.chosen[i] for i, each in seats]
            spoken = [literal for seat, each in enumerate(options) for literal in together.program.read(seat, each)]
            if together.possible([together.verdict(approves, "approve"), -wish], spoken):
                found.append((reading, option))
        if found:
            yield Gate(asks == 1, revision, unit, tuple(found))


def relation(together: Together, first: int, second: int, spoken: Sequence[int] | None = None) -> Relation:
    """How the first seat's approvals stand to the second's, under the readings in force or those spoken."""
    one, other = together.verdict(first, "approve"), together.verdict(second, "approve")
    refuses = together.possible([-one, other], spoken)
    grants = together.possible([one, -other], spoken)
    if refuses:
        return Relation.NEITHER if grants else Relation.STRICTER
    return Relation.LOOSER if grants else Relation.EQUIVALENT


def ways(together: Together, refuses: int, approves: int, most: int = MOST) -> Ways:
    """Every smallest way in which one seat does not approve whom another approves."""
    goal = [together.verdict(approves, "approve"), -together.verdict(refuses, "approve")]
    revisions = together.revisions[refuses], together.revisions[approves]
    base = together.base((refuses, approves)) or together.base((approves,))
    if base is None or not together.possible(goal):
        return Ways(*revisions, None, (), True)
    wishes: dict[Wish, int] = {("fact", name): literal for name, literal in base.untouched.items()}
    wishes |= {("unit", unit): literal for unit, literal in together.unit_wishes(refuses).items()}
    wishes["unit", SILENT] = -together.verdict(refuses, "silent")
    sets, complete = minimal_sets(together.program, [*together.spoken, *goal], wishes, most)
    found = _found(together, base, sets, wishes, goal, (), (refuses, approves))
    others: list[Way] = []
    hidden: list[int] = []
    covered, last = complete, found
    while covered and last:
        hidden += [-_covers(together, base, way, wishes) for way in last]
        held = [*together.spoken, *goal, *hidden]
        sets, covered = minimal_sets(together.program, held, wishes, most - len(found) - len(others))
        last = _found(together, base, sets, wishes, goal, hidden, (refuses, approves))
        others += last
    rank = _rank(together, refuses)
    return Ways(*revisions, base, tuple(sorted(found, key=rank)), complete, tuple(sorted(others, key=rank)), covered)


def _found(
    together: Together,
    base: Base,
    sets: Iterable[frozenset[Wish]],
    wishes: Mapping[Wish, int],
    goal: Sequence[int],
    among: Sequence[int],
    seats: tuple[int, int],
) -> list[Way]:
    """Each set of wishes given up as a way, with its patient."""
    refuses = seats[0]
    found = []
    for each in sets:
        moved = {name for kind, name in each if kind == "fact"}
        spared = [literal for key, literal in wishes.items() if key[0] == "unit" and key not in each]
        witness = together.witness(base, [*goal, *spared], moved, sorted(seats), among)
        units = tuple(unit for unit in (*together.units[refuses], SILENT) if ("unit", unit) in each)
        found.append(Way(units, tuple(fact for fact in together.library.vocabulary.facts if fact in moved), witness))
    return found


def _covers(together: Together, base: Base, way: Way, wishes: Mapping[Wish, int]) -> int:
    """The literal that a patient fails the conditions of a way and has a value that it shows in each of its facts."""
    program = together.program
    held = [-wishes["unit", unit] for unit in way.units]
    for name in way.facts:
        shown = {value for each in way.witness.departures if each.slot.fact == name for value in each.parting}
        moved = [
            program.choices[Choice(slot, value)]
            for slot in program.slots
            if slot.fact == name
            for value in program.values(slot)
            if value in shown and value != base.values[slot]
        ]
        held.append(-program.all_of([-each for each in moved]))
    return program.all_of(held)


def _rank(together: Together, refuses: int) -> Callable[[Way], tuple[list[int], list[int]]]:
    """Ways in the order of the document, then of the vocabulary."""
    order = {unit: i for i, unit in enumerate((*together.units[refuses], SILENT))}
    rank = {name: i for i, name in enumerate(together.library.vocabulary.facts)}
    return lambda way: ([order[unit] for unit in way.units], [rank[name] for name in way.facts])
