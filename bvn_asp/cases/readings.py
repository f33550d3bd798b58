"""On which readings does a verdict hang?

Every combination of readings is covered without trying each: whenever a combination leaves the verdict as it is, the
solver says which of its readings were needed for that, and every combination that shares them is settled with it.
Options that a policy sets aside (kept only to prove what they lead to) are not considered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations

from bvn_asp.classes import dataclass
from bvn_asp.engine.cores import minimal_core
from bvn_asp.engine.program import Program
from bvn_asp.engine.sets import Guesses
from bvn_asp.model.policy import Revision

MOST = 8


@dataclass(frozen=True)
class Hinge:
    """A smallest change of readings that changes the verdict.

    Attributes:
        readings: reading id to the option that would have to stand instead.
        verdict: the verdict then.
    """

    readings: tuple[tuple[str, str], ...]
    verdict: str


def hinges(
    program: Program, seat: int, facts: Sequence[int], chosen: Mapping[str, str], verdict: str, most: int = MOST
) -> tuple[tuple[Hinge, ...], bool]:
    """The smallest changes of a seat's readings under which the verdict is another, and whether these are all.

    `survives` is the quick question to ask first.

    Args:
        facts: the assumptions that stand for the case.
        chosen: reading id to the option in force.
        verdict: the verdict under these.
        most: stop after so many.

    Returns: none if the verdict survives every reading; smallest first, in the order of the policy's readings.

    Every round settles at least the combination guessed, and none comes back, so this ends; a combination is passed
    over only if the readings it shares with a settled one are enough for the same verdict.
    """
    readings = program.seats[seat].revision.readings
    facts = [*facts, *_aside(program, seat, chosen)]
    literals = {
        (each.id, option.name): program.reading(seat, each.id, option.name)
        for each in readings
        for option in each.options
        if not option.aside or chosen[each.id] == option.name
    }
    decided: dict[frozenset[int], tuple[str, set[int]]] = {}

    def decide(spoken: Sequence[int]) -> tuple[str, set[int]]:
        key = frozenset(spoken)
        if key not in decided:
            decided[key] = _decide(program, seat, facts, spoken)
        return decided[key]

    if decide(_spoken(literals, chosen, ())) == (verdict, set()):
        return (), True  # no reading was needed for the verdict: every combination shares that
    guesses = Guesses(
        [(r.id, [o.name for o in r.options if (r.id, o.name) in literals], chosen[r.id]) for r in readings]
    )
    found: list[Hinge] = []
    complete = True
    while (guess := guesses.next()) is not None:
        spoken = [literals[item] for item in guess.items()]
        got, reason = decide(spoken)
        if got == verdict:
            guesses.forbid([item for item in guess.items() if literals[item] in reason])
            continue
        if len(found) == most:
            complete = False
            break
        change = _smallest(decide, literals, chosen, guess, verdict)
        found.append(Hinge(change, decide(_spoken(literals, chosen, change))[0]))
        guesses.forbid(list(change))
    return in_order(program.seats[seat].revision, found), complete


def in_order(revision: Revision, found: Iterable[Hinge]) -> tuple[Hinge, ...]:
    """Changes of readings, the smallest first, in the order of the policy's readings."""
    order = {each.id: i for i, each in enumerate(revision.readings)}
    return tuple(sorted(found, key=lambda each: (len(each.readings), [(order[i], o) for i, o in each.readings])))


def _aside(program: Program, seat: int, chosen: Mapping[str, str]) -> list[int]:
    """Literals that leave out the options which a policy sets aside."""
    return [
        -program.reading(seat, each.id, option.name)
        for each in program.seats[seat].revision.readings
        for option in each.options
        if option.aside and chosen[each.id] != option.name
    ]


def survives(program: Program, seat: int, facts: Sequence[int], chosen: Mapping[str, str], verdict: str) -> bool:
    """A quick proof that no reading matters: no world under any reading has another verdict.

    A case that is open stays so under every reading if it can be completed in two ways, each with a verdict of its own
    whatever the reading.

    Returns: False also where there is no such quick proof.
    """
    revision = program.seats[seat].revision
    if not revision.readings:
        return True
    free = [*facts, *_aside(program, seat, chosen)]
    if verdict != "pend":
        return not program.possible([*free, -program.literal("verdict", seat, verdict)])
    spoken = program.read(seat, chosen)
    read = revision.rules.facts | program.background_facts
    firm = 0
    for each in ("approve", "deny", "silent"):
        if not program.can_be("verdict", seat, each):
            continue
        goal = program.literal("verdict", seat, each)
        world = program.world([*facts, *spoken, goal], read)
        if world is not None:
            if program.possible([*free, *world, -goal]):
                return False
            firm += 1
            if firm == 2:
                return True
    return False


def _decide(program: Program, seat: int, facts: Sequence[int], spoken: Sequence[int]) -> tuple[str, set[int]]:
    """The verdict under some readings, and the readings that were needed to reach it."""
    verdicts = [each for each in ("approve", "deny", "silent") if program.can_be("verdict", seat, each)]
    for verdict in verdicts:
        against = -program.literal("verdict", seat, verdict)
        if not program.allows([*spoken, *facts], [against]):
            return verdict, _needed(program, facts, spoken, against)
    needed: set[int] = set()
    worlds: list[tuple[str, frozenset[int]]] = []
    read = program.seats[seat].revision.rules.facts | program.background_facts
    for verdict in verdicts:
        if len(worlds) == 2:
            break
        world = program.world([*facts, *spoken, program.literal("verdict", seat, verdict)], read)
        if world is not None:
            worlds.append((verdict, world))
    for verdict, world in worlds:
        needed |= _needed(program, sorted(world), spoken, -program.literal("verdict", seat, verdict))
    return "pend", needed


def _needed(program: Program, facts: Sequence[int], spoken: Sequence[int], goal: int) -> set[int]:
    """Readings none of which can be spared in ruling out a goal, given the facts."""
    return set(minimal_core(program, [goal, *facts], {each: (each,) for each in spoken}) or ())


def _spoken(
    literals: Mapping[tuple[str, str], int], chosen: Mapping[str, str], change: Sequence[tuple[str, str]]
) -> list[int]:
    return [literals[item] for item in {**chosen, **dict(change)}.items()]


def _smallest(
    decide: Callable[[Sequence[int]], tuple[str, set[int]]],
    literals: Mapping[tuple[str, str], int],
    chosen: Mapping[str, str],
    guess: Mapping[str, str],
    verdict: str,
) -> tuple[tuple[str, str], ...]:
    """The first smallest part of a guess's changes that still changes the verdict."""
    changes = [(each, option) for each, option in guess.items() if chosen[each] != option]
    for size in range(1, len(changes)):
        for part in combinations(changes, size):
            if decide(_spoken(literals, chosen, part))[0] != verdict:
                return part
    return tuple(changes)
