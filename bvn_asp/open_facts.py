"""Which undocumented facts alone can still change a verdict?

A slot is open if two completions of the record differ in that slot alone and in the verdict. The solver looks at two
worlds at once and says in which slots such a pair can differ.
"""

from __future__ import annotations

from collections.abc import Mapping

from bvn_asp.case import Value
from bvn_asp.library import Library
from bvn_asp.policy import Revision
from bvn_asp.solver import Program, Seat
from bvn_asp.vocabulary import Slot


def open_facts(
    library: Library, revision: Revision, known: Mapping[Slot, Value], readings: Mapping[str, str]
) -> tuple[Slot, ...]:
    """The slots that alone can still change a revision's verdict.

    Args:
        known: what is recorded or presumed; a slot whose record leaves several values may itself be open.
        readings: reading id to the option in force.

    Returns: in the order of the vocabulary; none if the verdict is decided.
    """
    program = pair(library, revision)
    assumptions = program.assume(known, 1) + program.assume(known, 2) + program.read(0, readings)
    by_term = {slot.term: slot for slot in program.slots}
    found = set()
    for one, other in (("approve", "deny"), ("approve", "silent"), ("deny", "silent")):
        apart = [*assumptions, program.literal("verdict", 0, one), program.literal("verdict", 1, other)]
        if program.possible(apart):
            found |= {by_term[str(each.arguments[0])] for each in program.in_some(apart)}
    return library.vocabulary.in_order(found)


def pair(library: Library, revision: Revision) -> Program:
    """One revision in two worlds that differ in one slot; grounded once for each library and revision."""
    if revision.name not in library.pairs:
        seats = [Seat(revision, 1), Seat(revision, 2)]
        library.pairs[revision.name] = Program(library.vocabulary, library.background, seats, ["differ"])
    return library.pairs[revision.name]
