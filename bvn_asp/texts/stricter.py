"""Where is a plan's policy stricter than the Medicare policy that governs, and where is it looser?

The question that compliance asks of 42 CFR 422.101(b)(6). Every smallest way is given: a set of the plan's conditions
that fail together with a set of facts in which a patient departs from the one whom both approve, such that no smaller
set will do. If both lists are complete, there is no other way: every patient on whom the two part fails all conditions
of one of the ways and departs from the base patient in all of its facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from bvn_asp.cases.evaluate import Readings
from bvn_asp.classes import dataclass
from bvn_asp.engine.corrections import minimal_sets
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.texts.witness import Base, Extent, Together, Witness

MOST = 200
SILENT = "silent"


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
    """

    refuses: Revision
    approves: Revision
    base: Base | None
    ways: tuple[Way, ...]
    complete: bool


@dataclass(frozen=True)
class Strictness:
    """How a plan's policy stands to a governing one.

    Attributes:
        stricter: ways in which the plan refuses whom the governing policy approves.
        looser: ways in which it approves whom the governing policy refuses.
        readings: for the plan and the governing policy, reading id to the option in force.
        extent: over what the lists are complete.
    """

    plan: Revision
    governing: Revision
    relation: Relation
    stricter: Ways
    looser: Ways
    readings: tuple[dict[str, str], dict[str, str]]
    extent: Extent


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
    )


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
    wishes: dict[tuple[str, str], int] = {("fact", name): literal for name, literal in base.untouched.items()}
    wishes |= {("unit", unit): literal for unit, literal in together.unit_wishes(refuses).items()}
    wishes["unit", SILENT] = -together.verdict(refuses, "silent")
    sets, complete = minimal_sets(together.program, [*together.spoken, *goal], wishes, most)
    found = []
    for each in sets:
        moved = {name for kind, name in each if kind == "fact"}
        spared = [literal for key, literal in wishes.items() if key[0] == "unit" and key not in each]
        witness = together.witness(base, [*goal, *spared], moved, sorted((refuses, approves)))
        units = tuple(unit for unit in (*together.units[refuses], SILENT) if ("unit", unit) in each)
        found.append(Way(units, tuple(fact for fact in together.library.vocabulary.facts if fact in moved), witness))
    order = {unit: i for i, unit in enumerate((*together.units[refuses], SILENT))}
    rank = {name: i for i, name in enumerate(together.library.vocabulary.facts)}
    found.sort(key=lambda way: ([order[unit] for unit in way.units], [rank[name] for name in way.facts]))
    return Ways(*revisions, base, tuple(found), complete)
