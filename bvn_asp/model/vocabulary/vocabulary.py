"""A vocabulary: its indexes, topics and facts, their slots in order, and what puts which presumption in doubt."""

from __future__ import annotations

from collections.abc import Container
from functools import cached_property

from bvn_asp.classes import dataclass, field
from bvn_asp.model.vocabulary.parts import Decision, Event, Fact, Index, Relation, Shorthand, Sign, Slot
from bvn_asp.model.vocabulary.request import Papers, Request


@dataclass(frozen=True)
class Vocabulary:
    """Every index, topic and fact, in the order of the file.

    Attributes:
        relations: what rules may ask of the members of indexes, by name.
        doubts: which records put which presumptions in doubt, beyond what single facts name under `doubted_by`.
        no_doubt: which do not, as was decided.
        otherwise: what was decided, section by section, of all that neither of the two names: no doubt.
        usual: fact to what most charts turn out to say of it, where one answer is by far the likeliest.
        judges: whose judgement may be recorded: label to meaning.
        shorthands: entries that stand for several facts.
        events: entries for what is done once, to several members at once, by their names in a case.
        digest: the SHA-256 of the file.
    """

    path: str
    indexes: dict[str, Index]
    topics: dict[str, str]
    facts: dict[str, Fact]
    digest: str = ""
    doubts: tuple[Decision, ...] = ()
    no_doubt: tuple[Decision, ...] = ()
    otherwise: tuple[Decision, ...] = ()
    request: Request = field(default_factory=Request)
    papers: Papers = field(default_factory=Papers)
    relations: dict[str, Relation] = field(default_factory=dict)
    usual: dict[str, tuple[Sign, ...]] = field(default_factory=dict)
    judges: dict[str, str] = field(default_factory=dict)
    shorthands: dict[str, Shorthand] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)

    @cached_property
    def views(self) -> dict[tuple[str, str], Fact]:
        """The facts that are one person's judgement of another fact, by that fact and the judge."""
        return {fact.view: fact for fact in self.facts.values() if fact.view[0]}

    @cached_property
    def ages(self) -> tuple[Fact, ...]:
        """The facts that are the age of another fact's evidence."""
        return tuple(fact for fact in self.facts.values() if fact.age_of)

    @cached_property
    def asked(self) -> Index:
        """The index of the members that a request asks for; one without members if there is none."""
        fact = self.facts.get(self.request.members)
        return self.indexes[fact.per] if fact else Index("", "", {})

    def is_near(self, slot: Slot, members: Container[str]) -> bool:
        """Whether a slot is about one of some requested members, or lies next to one."""
        index = self.indexes.get(self.facts[slot.fact].per)
        return self.is_placed(slot.fact) and index is not None and any(x in members for x in index.ends(slot.member))

    @cached_property
    def has_costs(self) -> bool:
        """Whether it says of any fact what a change of it costs."""
        return any(fact.cost is not None for fact in self.facts.values())

    def is_placed(self, fact: str) -> bool:
        """Whether a fact is per the members that a request asks for, or per what lies between two of them."""
        index = self.indexes.get(self.facts[fact].per)
        return index is not None and bool(self.asked.name) and self.asked.name in (index.name, index.between)

    @cached_property
    def by_side(self) -> dict[str, Fact]:
        """The facts that a case may say by the side, by the name for that."""
        return {fact.by_side: fact for fact in self.facts.values() if fact.by_side}

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """Everything a case may record, in the order of the file, then of the index."""
        return tuple(slot for fact in self.facts.values() if fact.type != "count" for slot in self.slots_of(fact.name))

    @cached_property
    def _rank(self) -> dict[Slot, int]:
        return {slot: rank for rank, slot in enumerate(self.slots)}

    @cached_property
    def findings(self) -> dict[str, tuple[str, ...]]:
        """The names of the facts of each finding."""
        found: dict[str, list[str]] = {}
        for fact in self.facts.values():
            if fact.finding:
                found.setdefault(fact.finding, []).append(fact.name)
        return {name: tuple(facts) for name, facts in found.items()}

    def signs_against(self, fact: str) -> tuple[tuple[Sign, tuple[str, ...], str], ...]:
        """What puts the presumption of a fact in doubt: the sign, for which members (all if empty), and on what ground.

        The ground is the name of an entry of `doubts:`, or `finding` or `doubted_by`.
        """
        known = self.facts[fact]
        found: list[tuple[Sign, tuple[str, ...], str]] = [
            (Sign(other), (), "finding") for other in self.findings.get(known.finding, ()) if other != fact
        ]
        found += [(each, (), "doubted_by") for each in known.doubted_by]
        for each in self.doubts:
            found += [
                (sign, of.members, each.name)
                for of in each.of
                if of.fact == fact
                for sign in each.by
                if sign.fact != fact
            ]
        return tuple(found)

    def touch(self, first: Slot, second: Slot) -> bool:
        """Whether two slots can be about the same thing.

        They are not where both are of members of one index and these differ, or of a member and of what lies
        between two others.
        """
        one, other = self.facts[first.fact].per, self.facts[second.fact].per
        if not one or not other:
            return True
        if one == other:
            return first.member == second.member
        for whole, part, member, pair in (
            (one, other, first.member, second.member),
            (other, one, second.member, first.member),
        ):
            if self.indexes[part].between == whole:
                return member in self.indexes[part].ends(pair)
        return True

    def slots_of(self, fact: str) -> tuple[Slot, ...]:
        """The slots of one fact: one, or one for each member of its index."""
        found = self._slots.get(fact)
        if found is None:
            per = self.facts[fact].per
            found = tuple(Slot(fact, label) for label in self.indexes[per].members) if per else (Slot(fact),)
            self._slots[fact] = found
        return found

    @cached_property
    def _slots(self) -> dict[str, tuple[Slot, ...]]:
        return {}

    def in_order(self, slots: object) -> tuple[Slot, ...]:
        """Slots in the order of the vocabulary, each once."""
        return tuple(sorted(set(slots), key=self._place))  # type: ignore[call-overload]

    def _place(self, slot: Slot) -> tuple[int, str]:
        """Where a slot stands; what is said of several stands before them."""
        rank = self._rank.get(slot)
        return (rank, "~") if rank is not None else (self._rank[slot.parts[0]], slot.member)
