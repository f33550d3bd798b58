"""What rules out every repair: which smallest sets of records, and where do they stand in the way?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bvn_asp.cases.beside import Beside
from bvn_asp.classes import replace
from bvn_asp.engine.cores import minimal_core
from bvn_asp.engine.program import Choice, Program
from bvn_asp.engine.sets import Guesses
from bvn_asp.model.case import Value
from bvn_asp.model.outline import lowest
from bvn_asp.model.vocabulary import Slot, Tied
from bvn_asp.repairs.answer import Block, Repairs
from bvn_asp.repairs.moves import State


def nobody(beside: Beside | None, empty: Repairs) -> Repairs | None:
    """The answer where a policy is seen to approve nobody, whatever is recorded; None if that is not plain."""
    if beside is None or len(empty.evaluations) > 1:
        return None
    (evaluation,) = empty.evaluations
    alone = beside.of(evaluation)
    blamed = alone.blamed_in_everybody() if alone is not None else None
    if blamed is None:
        return None
    entries = tuple((empty.policies[0], entry) for entry in lowest(evaluation.revision, blamed))
    return replace(empty, blocks=(Block((), (), entries),))


def blocked(program: Program, empty: Repairs, stand: Mapping[Slot, State], spoken: Sequence[int]) -> Repairs:
    """What rules out every repair: for all policies together, or for each where fewer are needed."""
    program.show(spoken)
    every = list(range(len(empty.evaluations)))
    asked = [every] if empty.need == len(every) else [[seat] for seat in every]
    found: list[Block] = []
    complete = True
    for seats in asked:
        cores, whole = blocks(program, stand, spoken, seats, several=empty.case.said_of_several)
        complete = complete and whole
        for core in cores:
            reach = [
                -program.choices[Choice(slot, value, 1)]
                for slot in core
                if slot in stand
                for value in stand[slot].values
                if value not in stand[slot].reachable
            ]
            said = empty.case.said_of_several
            always = empty.case.tied
            reach += program.assume({s: value for s, value in said.items() if s in core or s in always})
            blamed = [each.arguments for each in program.in_all([*spoken, *reach]) if each.name == "blamed"]
            by_seat = {
                seat: {str(entry) for number, entry in blamed if number == seat} for seat in range(len(every))
            }
            entries = [
                (empty.policies[seat], entry)
                for seat, each in enumerate(empty.evaluations)
                for entry in lowest(each.revision, by_seat[seat])
            ]
            presumed = tuple(slot for slot in core if slot in stand and stand[slot].held)
            found.append(Block(core, presumed, tuple(entries)))
    return replace(empty, blocks=tuple(found), all_blocks=complete)


def blocks(
    program: Program,
    states: Mapping[Slot, State],
    spoken: Sequence[int],
    seats: Sequence[int],
    most: int = 50,
    several: Mapping[Slot, Value] | None = None,
) -> tuple[tuple[tuple[Slot, ...], ...], bool]:
    """The smallest sets of slots whose records alone rule out every repair, and whether these are all of them.

    Args:
        seats: a repair would make all of these approve.
        most: stop after so many.

    Source: all minimal unsatisfiable subsets: Liffiton, Previti, Malik and Marques-Silva, Constraints 2016.
    """
    goal = [*spoken, *(program.literal("verdict", seat, "approve") for seat in seats)]
    if not program.possible(goal):
        return ((),), True  # nobody is approved, whatever is recorded: no record is to blame
    groups: dict[Slot, list[int]] = {}
    for each, value in (several or {}).items():
        if isinstance(each, Tied):
            goal += program.assume({each: value})
        else:
            groups[each] = program.assume({each: value})
    for slot, state in states.items():
        if len(state.reachable) < len(state.values):
            groups[slot] = [
                -program.choices[Choice(slot, value, 1)] for value in state.values if value not in state.reachable
            ]
    slots = list(groups)

    def leaves(chosen: Sequence[Slot]) -> bool:
        return program.possible([*goal, *(literal for slot in chosen for literal in groups[slot])])

    if leaves(slots):
        return (), True
    found: list[tuple[Slot, ...]] = []
    guesses = Guesses([(str(i), ("in", "out"), "in") for i in range(len(slots))])
    while (guess := guesses.next()) is not None:
        chosen = [slots[int(i)] for i, side in guess.items() if side == "in"]
        core = minimal_core(program, goal, {slot: groups[slot] for slot in chosen})
        if core is None:
            for slot in slots:
                if slot not in chosen and leaves([*chosen, slot]):
                    chosen.append(slot)
            guesses.forbid([(str(i), "out") for i, slot in enumerate(slots) if slot not in chosen])
            continue
        found.append(core)
        if len(found) == most:
            return tuple(found), False
        guesses.forbid([(str(slots.index(slot)), "in") for slot in core])
    return tuple(sorted(found, key=lambda each: (len(each), [slots.index(s) for s in each]))), True
