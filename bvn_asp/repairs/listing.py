"""Which of all smallest sets of moves come first, and how does each of their moves read?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from math import prod

from bvn_asp.cases.evaluate import Readings
from bvn_asp.cases.standing import standing_of_open
from bvn_asp.classes import replace
from bvn_asp.engine.program import Program
from bvn_asp.errors import SolverError
from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.model.vocabulary import Slot
from bvn_asp.repairs.answer import Repair, Repairs
from bvn_asp.repairs.hitting_sets import Correction, Key, Part
from bvn_asp.repairs.in_order import Lot, best_of, not_overtaken, with_a_mark
from bvn_asp.repairs.moves import CONTESTS, DOCUMENT, Move, State, cost, holds_from, otherwise
from bvn_asp.repairs.replay import Replay


def listed(
    library: Library,
    program: Program,
    replay: Replay,
    empty: Repairs,
    parts: Sequence[Part],
    stand: Mapping[Slot, State],
    spoken: Sequence[int],
    searched: bool,
    order: Sequence[str],
    limit: int,
    readings: Readings | None,
    contests: bool,
) -> Repairs:
    """The repairs that some parts stand for, the first of them evaluated.

    Args:
        replay: evaluates them.
        empty: the answer as far as it is known.
        searched: the parts are all that there is.
        order: the kinds of move, the preferred first.
        limit: so many are listed.
        contests: only those in which something is contested.
    """
    rank = {slot: i for i, slot in enumerate(program.slots)}
    near = _near(library, empty.case)

    def key(each: Correction) -> Key:
        return _key(library, each, order, near)

    made = {each: _moves(program, empty, each) for part in parts for each in part.corrections}
    timed = not_overtaken([part.corrections for part in parts], made, stand)
    ranked = [
        sorted(part, key=lambda one: (key(one), [(rank[s], left) for s, _, left in one])) for part in timed
    ]
    for each in {each for part in ranked for each in part} - made.keys():
        made[each] = _moves(program, empty, each)
    complete = searched and all(part.complete for part in parts)
    keys = [[key(each) for each in part] for part in ranked]
    lots: list[Lot] = [[range(len(part)) for part in ranked]]
    if contests:
        marks = [[any(kind in CONTESTS for _, kind, _ in each) for each in part] for part in ranked]
        lots = list(with_a_mark(marks))
    repairs, whole = [], len(lots) == 1 and all(map(len, ranked)) and [*map(len, lots[0])] == [*map(len, ranked)]
    for index in islice(best_of(keys, lots), limit):
        moves = [move for part, i in zip(ranked, index, strict=True) for move in made[part[i]]]
        moves.sort(key=lambda move: (move.contests, order.index(move.kind), rank[move.slot]))
        answer = replay.stands(empty, Repair(tuple(moves)), readings, spoken)
        if answer is not None:
            repairs.append(answer)
        elif complete:
            raise SolverError(f"a repair did not stand up to evaluation: {', '.join(str(m.slot) for m in moves)}")
    return replace(
        empty,
        choices=tuple(tuple(made[each] for each in part) for part in ranked) if whole else (),
        repairs=tuple(repairs),
        count=sum(prod(len(part) for part in lot) for lot in lots) if complete else len(repairs),
        complete=complete,
    )


def _near(library: Library, case: Case) -> Callable[[Slot], int]:
    """How far a slot is from what the chart holds: recorded if not enough, of what is asked for, or unmentioned."""
    vocabulary = library.vocabulary
    request, members = vocabulary.request, set(case.requested(vocabulary))

    def near(slot: Slot) -> int:
        if case.get(slot) is not None:
            return 0
        return 1 if slot.fact in request.whole or vocabulary.is_near(slot, members) else 2

    return near


def _key(library: Library, each: Correction, order: Sequence[str], near: Callable[[Slot], int]) -> Key:
    """The cost, if the vocabulary declares any; how many moves of each kind, the least preferred first; how many
    are about what nobody mentioned, and how many about what is asked for and not on record."""
    kinds = tuple(sum(kind == other for _, other, _ in each) for kind in reversed(order))
    far = [near(slot) for slot, _, _ in each]
    return (sum(cost(library, slot) for slot, _, _ in each), *kinds, far.count(2), far.count(1))


def _moves(program: Program, empty: Repairs, each: Correction) -> tuple[Move, ...]:
    vocabulary, known = program.vocabulary, empty.case.recorded
    found = []
    for slot, kind, values in each:
        new, contest = program.as_value(slot, values), vocabulary.facts[slot.fact].contest
        move = Move(
            slot=slot,
            kind=kind,
            old=known.get(slot),
            new=new,
            otherwise=otherwise(vocabulary.facts[slot.fact], new, kind),
            asks=slot.fact == vocabulary.request.members,
            whom=contest.whom if contest is not None and kind == contest.kind else "",
            provided=vocabulary.facts[slot.fact].provided,
            also=empty.case.tied_to(slot)[1:],
            standing=standing_of_open(empty.case, slot) if kind == DOCUMENT else None,
        )
        found.append(replace(move, holds_from=holds_from(vocabulary, empty.case, move)))
    return tuple(found)
