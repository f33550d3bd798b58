"""Which facts of a case may be documented or changed, of what kind each such move is, and from when it holds?

A fact that is not recorded may be documented, with any value the chart bears out. A recorded one may change only as the
vocabulary says that it can: age goes up, a request can be corrected, an operation stays done.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from bvn_asp.cases.presumptions import presumptions
from bvn_asp.classes import dataclass
from bvn_asp.engine.program import Program
from bvn_asp.model.case import Case, Named, Value, absent_value, share
from bvn_asp.model.growth import reached
from bvn_asp.model.quantity import Interval, Quantity
from bvn_asp.model.vocabulary import Fact, Slot, Vocabulary

DOCUMENT = "document"
KINDS = (DOCUMENT, "precaution", "request", "treat", "wait")


@dataclass(frozen=True)
class Move:
    """One fact of a case, as recorded and as it would have to read.

    Attributes:
        kind: document, precaution, request, treat or wait.
        old: the recorded value; None if nothing is recorded, or the chart contradicts itself.
        new: the values that would do, all of them.
        otherwise: of a fact to document, the kind of change that could bring it about if it is not so already; or "".
        holds_from: the date from which a duration holds by time alone; None if time alone does not bring it about.
        serves: the entries that read the fact and stand in the way, as `(policy, entry id)`.
        asks: it is about what the request asks for.
    """

    slot: Slot
    kind: str
    old: Value | None
    new: Value
    otherwise: str = ""
    holds_from: datetime.date | None = None
    serves: tuple[tuple[str, str], ...] = ()
    asks: bool = False


@dataclass(frozen=True)
class State:
    """How one slot of a case stands, in the values of a program.

    Attributes:
        values: every value that the slot can have.
        kept: the values that the record leaves; all of them if nothing is recorded.
        offers: kind of move to the values that it may leave.
        recorded: whether the case has a record of the slot, also a conflicting one.
        presumed: the values it has while it is taken as absent; empty if it is recorded, or nothing could take it so.
        held: it is taken as absent as the case stands.
        presumable: nobody mentioning it, it is presumed absent if nothing puts that in doubt.
        optional: nobody mentioning it, it is absent unless its member, which few people have, is there.
    """

    slot: Slot
    values: tuple[str, ...]
    kept: tuple[str, ...]
    offers: Mapping[str, tuple[str, ...]]
    recorded: bool
    presumed: tuple[str, ...]
    held: bool
    presumable: bool = False
    optional: bool = False

    @property
    def reachable(self) -> tuple[str, ...]:
        """The values that the slot can have, as it stands or after a move."""
        may = set(self.presumed if self.held else self.kept).union(*self.offers.values())
        return tuple(value for value in self.values if value in may)


def states(
    program: Program,
    case: Case,
    strict: bool = False,
    frozen: frozenset[str] = frozenset(),
    only: frozenset[str] | None = None,
) -> dict[Slot, State]:
    """How every slot of a program stands in a case.

    A record that may be what is said of several slots together can be documented further, and is not changed: what is
    said of them would have to be said anew.

    Args:
        strict: presume nothing.
        frozen: facts that no move may touch.
        only: kinds of move to consider; all of them if None.
    """
    vocabulary = program.vocabulary
    known = case.recorded
    meant = {
        slot
        for each in case.several
        for slot in each.slot.parts
        if each.value is not None and slot in known and share(known[slot], each.value)
    }
    held = presumptions(vocabulary, case, strict, program.never_presumed)
    found = {}
    for slot in program.slots:
        fact = vocabulary.facts[slot.fact]
        values = program.values(slot)
        kept = program.allowed(slot, known[slot]) if slot in known else values
        absent = absent_value(fact)
        left = program.allowed(slot, absent) if absent is not None and case.get(slot) is None else ()
        presumable = bool(left) and fact.presumed and not strict and fact.name not in program.never_presumed
        optional = bool(left) and is_optional(vocabulary, slot)
        presumed = left if presumable or optional else ()
        offers = _offers(fact, values, kept, presumed if slot in held else (), slot in known)
        found[slot] = State(
            slot=slot,
            values=values,
            kept=kept,
            offers={
                kind: leaves
                for kind, leaves in offers.items()
                if slot.fact not in frozen
                and (only is None or kind in only)
                and (kind == DOCUMENT or slot not in meant)
            },
            recorded=case.get(slot) is not None,
            presumed=presumed,
            held=slot in held,
            presumable=presumable,
            optional=optional,
        )
    return found


def is_optional(vocabulary: Vocabulary, slot: Slot) -> bool:
    """Whether a slot belongs to a member that few people have."""
    per = vocabulary.facts[slot.fact].per
    return bool(per) and slot.member in vocabulary.indexes[per].optional


def _offers(
    fact: Fact,
    values: tuple[str, ...],
    kept: tuple[str, ...],
    presumed: tuple[str, ...],
    is_recorded: bool,
) -> dict[str, tuple[str, ...]]:
    if presumed:
        return {DOCUMENT: presumed} if len(presumed) < len(values) else {}
    offers = {DOCUMENT: kept} if len(kept) > 1 else {}
    if is_recorded and fact.change != "never" and not set(kept) <= set(fact.final):
        towards = _towards(fact, values, kept)
        if set(towards) - set(kept):
            offers[fact.change] = towards
    return offers


def _towards(fact: Fact, values: tuple[str, ...], kept: tuple[str, ...]) -> tuple[str, ...]:
    """The values that a recorded fact can change to."""
    if fact.is_numeric and fact.towards:
        first, last = values.index(kept[0]), values.index(kept[-1])
        return (values[first:] if "up" in fact.towards else ()) or values[: last + 1]
    return tuple(value for value in values if not fact.towards or value in fact.towards)


def otherwise(fact: Fact, new: Value, kind: str) -> str:
    """The kind of change that could bring about what is to be documented; empty if none can."""
    if kind != DOCUMENT or fact.change == "never":
        return ""
    if isinstance(new, Named):
        return fact.change if not fact.towards or set(new.values) & set(fact.towards) else ""
    direction = "down" if new.low is None else "up"
    return fact.change if not fact.towards or direction in fact.towards else ""


def holds_from(vocabulary: Vocabulary, case: Case, move: Move) -> datetime.date | None:
    """The date from which a recorded duration reaches a move's limit by time alone, as `growth.reached` says."""
    new = move.new
    if move.kind == DOCUMENT or not isinstance(new, Interval) or not isinstance(new.low, Quantity):
        return None
    return reached(vocabulary.facts[move.slot.fact], move.old, new.low, new.low_open, case.date)


__all__ = ["KINDS", "Move", "State", "holds_from", "otherwise", "states"]
