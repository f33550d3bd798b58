"""Every pair of facts: does the one, on record, put the presumption of the other in doubt, and who decided so?

A pair is a presumed fact, for one member of its index, and one thing that may be said of another fact: one of its
values, or a stretch of its number line that no decision divides, for one member. It is decided by an entry that names
it, or, where none does, by the entry under `otherwise:` for the section that the other fact stands in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from bvn_asp.classes import dataclass, replace
from bvn_asp.model.sayings import Sayings
from bvn_asp.model.vocabulary import Decision, Sign, Vocabulary

Said = tuple[str, int]


@dataclass(frozen=True)
class Ground:
    """One decision about a presumption.

    Attributes:
        name: the entry; `finding` or `doubted_by` where the fact itself says so.
        doubts: whether it puts in doubt.
        by: what may be on record.
        members: of which members of the presumed fact; all if empty.
    """

    name: str
    why: str
    place: str
    doubts: bool
    by: Sign
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decided:
    """What one entry says of one fact, as what is presumed or as what is on record.

    Attributes:
        recorded: the fact is what is on record; else what is presumed.
        doubts: whether it puts in doubt.
        named: by an entry that names it; else of all that none names.
        by, of: what is on record, and the presumptions spoken of; sections, or `all`, where nothing is named.
    """

    entry: str
    why: str
    place: str
    recorded: bool
    doubts: bool
    named: bool
    by: tuple[str, ...]
    of: tuple[str, ...]


@dataclass(frozen=True)
class Flaw:
    """What is not decided exactly once.

    Attributes:
        of, by: the presumed fact, and what is recorded.
        said: what of it, in words; the first few if there is much.
        grounds: the entries that decide it; empty if none does.
    """

    of: str
    by: str
    said: tuple[str, ...]
    grounds: tuple[str, ...]


class Decisions:
    """What was decided of the pairs of a vocabulary.

    Attributes:
        presumed, recorded: the facts of which something is presumed, and those that a case may record.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        facts = vocabulary.facts
        self.presumed = tuple(name for name, fact in facts.items() if fact.presumed)
        self.recorded = tuple(name for name, fact in facts.items() if fact.type != "count")
        self._sayings = Sayings(vocabulary, (each.by for listed in self.named.values() for each in listed))

    @cached_property
    def named(self) -> dict[str, tuple[Ground, ...]]:
        """Presumed fact to what is decided of it by name."""
        found: dict[str, list[Ground]] = {name: [] for name in self.presumed}
        reasons = {
            "finding": ("it belongs to the same finding", ""),
            "doubted_by": ("the vocabulary names it under the fact", ""),
            **{each.name: (each.why, each.place) for each in self.vocabulary.doubts},
        }
        for name in self.presumed:
            for sign, members, ground in self.vocabulary.signs_against(name):
                found[name].append(Ground(ground, *reasons[ground], True, sign, members))
        for each in self.vocabulary.no_doubt:
            for of in each.of:
                found[of.fact] += [
                    Ground(each.name, each.why, each.place, False, sign, of.members)
                    for sign in each.by
                    if sign.fact != of.fact
                ]
        return {name: tuple(grounds) for name, grounds in found.items()}

    @cached_property
    def otherwise(self) -> dict[tuple[str, str], tuple[Decision, ...]]:
        """Presumed and recorded fact to the entries under `otherwise:` for both."""
        found: dict[tuple[str, str], list[Decision]] = {}
        for each in self.vocabulary.otherwise:
            for of in each.of_facts:
                for by in each.by_facts - {of}:
                    found.setdefault((of, by), []).append(each)
        return {pair: tuple(listed) for pair, listed in found.items()}

    def about(self, name: str) -> Iterator[Decided]:
        """All that was decided of one fact: what puts it in doubt or does not, then what it does to others."""
        presumed: dict[tuple[Ground, str], list[str]] = {}
        for each in self.named.get(name, ()):
            of = f"{name}.{' or '.join(each.members)}" if each.members else name
            presumed.setdefault((replace(each, by=Sign(""), members=()), of), []).append(str(each.by))
        for (ground, of), by in presumed.items():
            yield Decided(ground.name, ground.why, ground.place, False, ground.doubts, True, tuple(by), (of,))
        yield from self._otherwise(name, recorded=False)
        recorded: dict[Ground, list[str]] = {}
        for target in self.presumed:
            for each in self.named[target]:
                if each.by.fact == name:
                    of = f"{target}.{' or '.join(each.members)}" if each.members else target
                    recorded.setdefault(replace(each, members=()), []).append(of)
        for ground, targets in recorded.items():
            by_name = (str(ground.by),)
            yield Decided(
                ground.name, ground.why, ground.place, True, ground.doubts, True, by_name, tuple(targets)
            )
        yield from self._otherwise(name, recorded=True)

    def _otherwise(self, name: str, recorded: bool) -> Iterator[Decided]:
        for each in self.vocabulary.otherwise:
            here, there = (each.by_facts, each.of_facts) if recorded else (each.of_facts, each.by_facts)
            if name in here:
                others = self._sections(there, self.presumed if recorded else self.recorded)
                by, of = ((name,), others) if recorded else (others, (name,))
                yield Decided(each.name, each.why, each.place, recorded, False, False, by, of)

    def _sections(self, facts: frozenset[str], every: Iterable[str]) -> tuple[str, ...]:
        """Facts by the sections that they fill; `all` for all of them, and by name what fills none."""
        if facts >= set(every):
            return ("all",)
        found: dict[str, list[str]] = {}
        for name in every:
            found.setdefault(self.vocabulary.facts[name].section, []).append(name)
        said: list[str] = []
        for section, listed in found.items():
            inside = [each for each in listed if each in facts]
            said += [section] if inside == listed else inside
        return tuple(said)

    def flaws(self) -> Iterator[Flaw]:
        """The pairs that no entry decides, or that several do."""
        for of in self.presumed:
            members = sorted({member for each in self.named[of] for member in each.members})
            for by in self.recorded:
                grounds = [each for each in self.named[of] if each.by.fact == by]
                if by == of:
                    continue
                rest = tuple(each.name for each in self.otherwise.get((of, by), ()))
                for member in ["", *members] if any(each.members for each in grounds) else [""]:
                    meant = [each for each in grounds if not each.members or member in each.members]
                    yield from self._flaws(f"{of}.{member}" if member else of, by, meant, rest)

    def _flaws(self, of: str, by: str, grounds: Iterable[Ground], rest: tuple[str, ...]) -> Iterator[Flaw]:
        """What of a fact is not decided by exactly one of the entries that name it, or else by one of the rest."""
        decided: dict[Said, tuple[str, ...]] = dict.fromkeys(self.every(by), ())
        for ground in grounds:
            for each in self.says(ground.by):
                decided[each] += (ground.name,)
        wrong: dict[tuple[str, ...], list[Said]] = {}
        for each, names in decided.items():
            if len(names or rest) != 1:
                wrong.setdefault(names or rest, []).append(each)
        for names, said in wrong.items():
            yield Flaw(of, by, tuple(self.words(by, each) for each in said[:4]), names)

    def every(self, fact: str) -> tuple[Said, ...]:
        """All that may be said of a fact: member and value."""
        slots = self.vocabulary.slots_of(fact)
        return tuple((slot.member, value) for slot in slots for value in range(self._sayings.size(slots[0])))

    def says(self, sign: Sign) -> tuple[Said, ...]:
        """What of a fact a sign speaks of."""
        values = self._sayings.saying(sign)
        return tuple((member, value) for member in self._sayings.members(sign) for value in values)

    def words(self, fact: str, said: Said) -> str:
        """One thing that may be said of a fact."""
        member, value = said
        text = self._sayings.words(fact, value)
        return f"{member}: {text}" if member else text
