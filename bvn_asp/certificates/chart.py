"""How a chart stands to some texts: what its records leave, what is presumed, and what moves can lead to.

Made from the chart and the vocabulary alone, without clingo or the engine: the rules of `docs/semantics.md`
(presumptions) and `docs/repair.md` (moves), written down once more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from bvn_asp.classes import dataclass
from bvn_asp.errors import fault
from bvn_asp.model.case import Case, Named, Value, absent_value
from bvn_asp.model.case_reader import parse_case
from bvn_asp.model.clauses import Clause, atoms, functor
from bvn_asp.model.quantity import Cut, Interval, Line, Quantity, cuts_of
from bvn_asp.model.rules import COMPARISONS
from bvn_asp.model.vocabulary import Sign, Slot, Vocabulary

DOCUMENT = "document"


def read_chart(vocabulary: Vocabulary, given: object) -> Case:
    """A chart as a question holds it: a case without its evidence.

    Raises: InputError: it is none, or one that says something of several facts together.
    """
    case = parse_case(json.dumps(given), vocabulary, "the chart")
    if case.several or case.tied:
        raise fault("no certificate: the chart says something of several facts together", "say it of each by itself")
    return case


class Doubts:
    """What puts which presumption in doubt, and where numbers are cut for its sake."""

    def __init__(self, vocabulary: Vocabulary, read: Iterable[str]) -> None:
        self.vocabulary = vocabulary
        wanted = set(read)
        self.signs: dict[Slot, list[tuple[Sign, Slot]]] = {}
        limits: dict[str, list[Sign]] = {}
        for name, fact in vocabulary.facts.items():
            for sign, members, _ in vocabulary.signs_against(name) if fact.presumed else ():
                limits.setdefault(sign.fact, []).append(sign)
                for target in vocabulary.slots_of(name) if name in wanted else ():
                    for source in vocabulary.slots_of(sign.fact):
                        meant = not members or target.member in members
                        told = not sign.members or source.member in sign.members
                        if meant and told and source != target and vocabulary.touch(source, target):
                            self.signs.setdefault(source, []).append((sign, target))
        few = {m for name in wanted for m in self.few(name)}
        mates = {n for n, fact in vocabulary.facts.items() if fact.type != "count" and few & set(self.few(n))}
        self.facts = frozenset({slot.fact for slot in self.signs} | mates)
        self.cuts = {name: tuple(self._cuts(name, limits.get(name, ()))) for name in self.facts}

    def few(self, name: str) -> tuple[str, ...]:
        """The members of a fact's index that few people have."""
        per = self.vocabulary.facts[name].per
        return self.vocabulary.indexes[per].optional if per else ()

    def _cuts(self, name: str, signs: Iterable[Sign]) -> Iterator[Cut]:
        fact, absent = self.vocabulary.facts[name], absent_value(self.vocabulary.facts[name])
        if fact.is_numeric:
            yield from (cuts_of(each.operator, each.limit) for each in signs if each.limit is not None)
            if isinstance(absent, Interval) and isinstance(absent.exact, Quantity):
                yield from (cuts_of(operator, absent.exact) for operator in ("at_least", "more_than"))


def documented(texts: Iterable[tuple[Sequence[Clause], Iterable[str]]], vocabulary: Vocabulary) -> frozenset[str]:
    """The facts of which nothing is presumed: all that the entries marked `presume: never` read.

    Args:
        texts: the rules of each text, with these entries of it.
    """
    found: set[str] = set()
    for clauses, entries in texts:
        wanted: list[tuple[str, str]] = [("met", each) for each in entries]
        for name, entry in wanted:
            for clause in clauses:
                if clause.head.name != name or (name == "met" and str(clause.head.arguments[0]) != entry):
                    continue
                for atom, _ in atoms(clause.body):
                    if atom.name == "is" or atom.name in COMPARISONS:
                        fact = functor(atom.arguments[0])[0] or ""
                        found |= {fact, *(counted for counted, _ in vocabulary.facts[fact].counts)}
                    elif atom.name == vocabulary.request.members:
                        found.add(atom.name)
                    elif (each := (atom.name, str(atom.arguments[0]) if atom.name == "met" else "")) not in wanted:
                        wanted.append(each)
    return frozenset(found)


@dataclass(frozen=True)
class State:
    """How one slot of a chart stands, in the values of a question; as `repairs.moves.State`, made anew."""

    values: tuple[str, ...]
    kept: tuple[str, ...]
    offers: Mapping[str, tuple[str, ...]]
    recorded: bool
    presumed: tuple[str, ...]
    presumable: bool
    optional: bool
    held: bool
    spared: tuple[str, ...]

    @property
    def stands(self) -> tuple[str, ...]:
        """The values that are left as the chart stands."""
        return self.presumed if self.held else self.kept

    @property
    def reachable(self) -> tuple[str, ...]:
        """The values that are left, or that some move may leave."""
        may = set(self.stands).union(*self.offers.values())
        return tuple(each for each in self.values if each in may)


class Chart:
    """One chart over the slots of a question.

    Args:
        lines: the line of each number, as the question cuts it.
        never: facts of which nothing is presumed, as some text has them documented.
        others: moves may be about members that the request does not ask for.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        case: Case,
        strict: bool,
        slots: Sequence[Slot],
        lines: Mapping[str, Line],
        doubts: Doubts,
        never: frozenset[str],
        others: bool = True,
    ) -> None:
        self.vocabulary, self.case, self.slots, self.lines, self.doubts = vocabulary, case, slots, lines, doubts
        self._strict, self._never, self._others = strict, never, others

    def values(self, slot: Slot) -> tuple[str, ...]:
        """All that a slot can be: values, or the numbers of cells."""
        fact = self.vocabulary.facts[slot.fact]
        return tuple(fact.values) if fact.is_named else tuple(map(str, range(len(self.lines[slot.fact].cells))))

    def left(self, slot: Slot, value: Value | None) -> tuple[str, ...]:
        """What a record leaves; everything if it contradicts itself."""
        if value is None:
            return self.values(slot)
        if isinstance(value, Named):
            return tuple(each for each in self.values(slot) if each in value.values)
        return tuple(map(str, self.lines[slot.fact].allowed(value)))

    def says(self, slot: Slot, sign: Sign) -> frozenset[str]:
        """The values of a slot of which a sign speaks."""
        fact = self.vocabulary.facts[slot.fact]
        if sign.limit is not None:
            return frozenset(map(str, self.lines[slot.fact].holds(sign.operator, sign.limit)))
        if sign.values:
            return frozenset(sign.values)
        absent = absent_value(fact)
        return frozenset(self.values(slot)) - frozenset(self.left(slot, absent) if absent is not None else ())

    def speaks_of(self, member: str, slot: Slot) -> bool:
        """Whether a slot is about a member that few people have."""
        return slot.member == member and member in self.doubts.few(slot.fact)

    @cached_property
    def states(self) -> dict[Slot, State]:
        """How every slot stands."""
        return {slot: self._state(slot) for slot in self.slots}

    def _state(self, slot: Slot) -> State:
        fact, record, values = self.vocabulary.facts[slot.fact], self.case.get(slot), self.values(slot)
        absent = absent_value(fact)
        left = self.left(slot, absent) if absent is not None and record is None else ()
        presumable = bool(left) and fact.presumed and not self._strict and fact.name not in self._never
        optional = bool(left) and slot.member in self.doubts.few(slot.fact)
        held = (presumable and not self._raised(slot)) or (optional and not self._there(slot.member))
        kept = self.left(slot, record.value) if record else values
        nothing = self.left(slot, absent) if absent is not None else ()
        offers = self._offers(slot, values, kept, left if held else (), bool(record and record.value is not None))
        if not self._others and self._is_elsewhere(slot):
            offers = self._of_others(offers, nothing, kept)
        return State(
            values=values,
            kept=kept,
            offers=offers,
            recorded=record is not None,
            presumed=left if presumable or optional else (),
            presumable=presumable,
            optional=optional,
            held=held,
            spared=tuple(v for v in nothing if v in kept) if fact.presumed and not held else (),
        )

    def _told(self, slot: Slot) -> tuple[str, ...]:
        """What is recorded of a slot; nothing where nothing is."""
        record = self.case.get(slot)
        return self.left(slot, record.value) if record else ()

    def _raised(self, slot: Slot) -> bool:
        return any(
            self.says(source, sign) & set(self._told(source))
            for source, signs in self.doubts.signs.items()
            for sign, target in signs
            if target == slot
        )

    def _there(self, member: str) -> bool:
        return any(
            self.says(each, Sign(each.fact)) & set(self._told(each))
            for each in self.slots
            if self.speaks_of(member, each)
        )

    def _offers(
        self, slot: Slot, values: tuple[str, ...], kept: tuple[str, ...], presumed: tuple[str, ...], known: bool
    ) -> dict[str, tuple[str, ...]]:
        """The moves on a slot, each with what it may leave."""
        fact = self.vocabulary.facts[slot.fact]
        if presumed:
            return {DOCUMENT: presumed} if len(presumed) < len(values) else {}
        found = {DOCUMENT: kept} if len(kept) > 1 else {}
        if known and fact.change != "never" and not set(kept) <= set(fact.final):
            if fact.is_numeric and fact.towards:
                first, last = values.index(kept[0]), values.index(kept[-1])
                towards = values[first:] if "up" in fact.towards else values[: last + 1]
            else:
                towards = tuple(each for each in values if not fact.towards or each in fact.towards)
            if set(towards) - set(kept):
                found[fact.change] = towards
        return found

    @cached_property
    def _asked(self) -> frozenset[str] | None:
        """The members that the request may ask for; None if it says nothing of them."""
        records = [each for each in self.case.records if each.slot.fact == self.vocabulary.request.members]
        may = (r.slot.member for r in records if not isinstance(r.value, Named) or "yes" in r.value.values)
        return frozenset(may) or None

    def _is_elsewhere(self, slot: Slot) -> bool:
        """Whether a slot is about a member that nobody asked for, nor about one beside it, and is no exclusion."""
        fact = self.vocabulary.facts[slot.fact]
        if self._asked is None or fact.presumed or fact.name == self.vocabulary.request.members:
            return False
        return self.vocabulary.is_placed(fact.name) and not self.vocabulary.is_near(slot, self._asked)

    @staticmethod
    def _of_others(
        offers: Mapping[str, tuple[str, ...]], nothing: tuple[str, ...], kept: tuple[str, ...]
    ) -> dict[str, tuple[str, ...]]:
        """Of a member that nobody asked for it may be proposed that nothing is there."""
        if not nothing:
            return {kind: leaves for kind, leaves in offers.items() if kind != DOCUMENT}
        found = {kind: tuple(v for v in leaves if v in nothing) for kind, leaves in offers.items()}
        return {
            kind: leaves
            for kind, leaves in found.items()
            if leaves and (len(leaves) < len(kept) if kind == DOCUMENT else not set(leaves) <= set(kept))
        }
