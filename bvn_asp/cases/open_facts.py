"""Which undocumented facts alone can still change a verdict?

A slot is open if two completions of the record differ in that slot alone and in the verdict; slots that are tied to
each other differ together, and are open together. The solver looks at two worlds at once and says in which slots such a
pair can differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bvn_asp.engine.program import Seat
from bvn_asp.engine.session import session
from bvn_asp.engine.ties import rules_of, ties_of, with_followers
from bvn_asp.model.case import Value
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.model.vocabulary import Slot


def open_facts(
    library: Library, revision: Revision, known: Mapping[Slot, Value], readings: Mapping[str, str]
) -> tuple[Slot, ...]:
    """The slots that alone can still change a revision's verdict.

    Args:
        known: what is recorded or presumed; a slot whose record leaves several values may itself be open.
        readings: reading id to the option in force.

    Returns: in the order of the vocabulary; none if the verdict is decided.
    """
    ties = ties_of(known)
    if ties:
        seats = [Seat(revision, 1), Seat(revision, 2)]
        program, seat = session(library).program(seats, ["differ"], rules_of(ties)), 0
    else:
        program, seat = session(library).seated([revision], 2, ["differ"])[0]
    assumptions = program.assume(known, 1) + program.assume(known, 2) + program.read(seat, readings)
    by_term = {slot.term: slot for slot in program.slots}
    found = set()
    for one, other in (("approve", "deny"), ("approve", "silent"), ("deny", "silent")):
        if program.can_be("verdict", seat, one) and program.can_be("verdict", seat + 1, other):
            apart = [*assumptions, program.literal("verdict", seat, one), program.literal("verdict", seat + 1, other)]
            found |= {by_term[str(each.arguments[0])] for each in program.in_some(apart, perhaps_none=True)}
    return library.vocabulary.in_order(with_followers(ties, found))


def prepare(library: Library, revisions: Iterable[Revision]) -> None:
    """Ground revisions in two worlds that differ in one slot: all that are not ready yet together, and once."""
    session(library).seated(revisions, 2, ["differ"])
