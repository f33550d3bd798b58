"""Which facts of a case may be documented or changed, of what kind each such move is, and from when it holds?

A fact that is not recorded may be documented, with any value the chart bears out. A recorded one may change only as the
vocabulary says that it can: age goes up, a request can be corrected, an operation stays done.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from bvn_asp.cases.presumptions import presumptions
from bvn_asp.cases.standing import Standing
from bvn_asp.classes import dataclass
from bvn_asp.engine.program import Program
from bvn_asp.model.case import Case, Named, Value, absent_value, share
from bvn_asp.model.growth import reached
from bvn_asp.model.library import Library
from bvn_asp.model.quantity import Interval, Quantity
from bvn_asp.model.vocabulary import CONTESTS, Fact, Slot, Vocabulary

DOCUMENT = "document"
KINDS = (DOCUMENT, "precaution", "request", "treat", "wait")
"""What anybody can do by themselves, in the order of preference."""


@dataclass(frozen=True)
class Move:
    """One fact of a case, as recorded and as it would have to read.

    Attributes:
        kind: document, precaution, request, treat or wait; of what is contested addendum, second_judgement or work_up.
        old: the recorded value; None if nothing is recorded, or the chart contradicts itself.
        new: the values that would do, all of them.
        otherwise: of a fact to document, the kind of change that could bring it about if it is not so already; or "".
        holds_from: the date from which a duration holds by time alone; None if time alone does not bring it about.
        serves: the entries that read the fact and stand in the way, as `(policy, entry id)`.
        asks: it is about what the request asks for.
        whom: of what is contested, who is asked.
        provided: what must be so for the move to be right; or "".
        standing: of a fact to document, why it is not known.
        also: the slots that have its value whatever it is, as of one operation: the move is one for all of them.
    """

    slot: Slot
    kind: str
    old: Value | None
    new: Value
    otherwise: str = ""
    holds_from: datetime.date | None = None
    serves: tuple[tuple[str, str], ...] = ()
    asks: bool = False
    whom: str = ""
    provided: str = ""
    also: tuple[Slot, ...] = ()
    standing: Standing | None = None

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The slots that it is about."""
        return (self.slot, *self.also)

    @property
    def contests(self) -> bool:
        return self.kind in CONTESTS


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
        spared: the values that documenting it must leave: of an exclusion, that it is absent. No evidence is asked for
            that something is there by which a request is refused.
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
    spared: tuple[str, ...] = ()

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
    contests: bool = False,
    others: bool = True,
) -> dict[Slot, State]:
    """How every slot of a program stands in a case; of slots that are tied to each other, the first for all.

    A record that may be what is said of several slots together can be documented further, and is not changed: what is
    said of them would have to be said anew.

    Args:
        strict: presume nothing.
        frozen: facts that no move may touch.
        contests: what is recorded may also be contested, where the vocabulary says by whom.
        others: evidence may be about members (bodies) that the request does not ask for; else only that nothing is
            there.
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
    asked = None if others else _asked(vocabulary, case)
    found = {}
    for slot in program.slots:
        if slot in case.followers:
            continue
        fact = vocabulary.facts[slot.fact]
        values = program.values(slot)
        kept = program.allowed(slot, known[slot]) if slot in known else values
        absent = absent_value(fact)
        left = program.allowed(slot, absent) if absent is not None and case.get(slot) is None else ()
        presumable = bool(left) and fact.presumed and not strict and fact.name not in program.never_presumed
        optional = bool(left) and is_optional(vocabulary, slot)
        presumed = left if presumable or optional else ()
        offers = _offers(fact, values, kept, presumed if slot in held else (), slot in known, contests)
        nothing = program.allowed(slot, absent) if absent is not None else ()
        if asked is not None and all(_is_elsewhere(vocabulary, each, asked) for each in case.tied_to(slot)):
            offers = _of_others(offers, nothing, kept)
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
            spared=tuple(v for v in nothing if v in kept) if fact.presumed and slot not in held else (),
        )
    return found


def _asked(vocabulary: Vocabulary, case: Case) -> frozenset[str] | None:
    """The members that a request may ask for; None if it says nothing of them."""
    records = [each for each in case.records if each.slot.fact == vocabulary.request.members]
    if not records:
        return None
    open_or_asked = (r.slot.member for r in records if not isinstance(r.value, Named) or "yes" in r.value.values)
    return frozenset(open_or_asked) or None


def _is_elsewhere(vocabulary: Vocabulary, slot: Slot, asked: frozenset[str]) -> bool:
    """Whether a slot is about a member that nobody asked for, nor about one beside it, and is no exclusion."""
    fact = vocabulary.facts[slot.fact]
    if fact.presumed or fact.name == vocabulary.request.members or not vocabulary.is_placed(fact.name):
        return False
    return not vocabulary.is_near(slot, asked)


def _of_others(
    offers: Mapping[str, tuple[str, ...]], nothing: tuple[str, ...], kept: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    """What may be proposed of a member that nobody asked for: that nothing is there."""
    if not nothing:
        return {kind: leaves for kind, leaves in offers.items() if kind != DOCUMENT}
    found = {kind: tuple(v for v in leaves if v in nothing) for kind, leaves in offers.items()}
    return {
        kind: leaves
        for kind, leaves in found.items()
        if leaves and (len(leaves) < len(kept) if kind == DOCUMENT else not set(leaves) <= set(kept))
    }


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
    contests: bool,
) -> dict[str, tuple[str, ...]]:
    if presumed:
        return {DOCUMENT: presumed} if len(presumed) < len(values) else {}
    offers = {DOCUMENT: kept} if len(kept) > 1 else {}
    if is_recorded and fact.change != "never" and not set(kept) <= set(fact.final):
        towards = _towards(fact, fact.towards, values, kept)
        if set(towards) - set(kept):
            offers[fact.change] = towards
    if contests and is_recorded and fact.contest is not None:
        towards = _towards(fact, fact.contest.towards, values, kept)
        if set(towards) - set(kept):
            offers[fact.contest.kind] = towards
    return offers


def _towards(
    fact: Fact, towards: tuple[str, ...], values: tuple[str, ...], kept: tuple[str, ...]
) -> tuple[str, ...]:
    """The values that a recorded fact can change to."""
    if fact.is_numeric and towards:
        first, last = values.index(kept[0]), values.index(kept[-1])
        return (values[first:] if "up" in towards else ()) or values[: last + 1]
    return tuple(value for value in values if not towards or value in towards)


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


def cost(library: Library, slot: Slot) -> int:
    """What a move on a slot costs: as declared, 1 where others are declared, 0 if the vocabulary declares none."""
    own = library.vocabulary.facts[slot.fact].cost
    return own if own is not None else int(library.vocabulary.has_costs)


__all__ = ["CONTESTS", "KINDS", "Move", "State", "cost", "holds_from", "otherwise", "states"]
