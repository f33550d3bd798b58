"""The presumptions of a vocabulary: `encodings/presume.lp`, followed from the records of one case.

Slots and values are numbers in the rules, and a line is cut at the limits beyond which it puts others in doubt, as
`model/sayings` tells its values apart. One case is asked so often, and by every command, that its few records are
followed here without the solver; many at once are asked of the rules themselves, grounded, and a random test of
`batch/presumed` holds the one to the other.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bvn_asp import store
from bvn_asp.classes import dataclass
from bvn_asp.engine import solver
from bvn_asp.engine.program import ENCODINGS
from bvn_asp.errors import SolverError
from bvn_asp.model.case import Record, Value, absent_value
from bvn_asp.model.sayings import Sayings
from bvn_asp.model.vocabulary import Sign, Slot, Vocabulary

if TYPE_CHECKING:
    from clingo import Control

    from bvn_asp.engine.ground import RuleObserver


class Signs(Sayings):
    """What each record of a vocabulary may say, as far as presumptions ask, and what that puts in doubt.

    Attributes:
        optional: the slots of members that few people have, with the member.
        asked: the facts whose records the rules ask for.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        against = {name: vocabulary.signs_against(name) for name, fact in vocabulary.facts.items() if fact.presumed}
        super().__init__(vocabulary, (sign for listed in against.values() for sign, _, _ in listed))
        self.optional = {
            slot: slot.member
            for slot in vocabulary.slots
            if (per := vocabulary.facts[slot.fact].per) and slot.member in vocabulary.indexes[per].optional
        }
        self._against: dict[str, list[tuple[str, Sign, tuple[str, ...]]]] = {}
        for name, listed in against.items():
            for sign, members, _ in listed:
                self._against.setdefault(sign.fact, []).append((name, sign, members))
        self._doubts: dict[Slot, dict[int, set[Slot]]] = {}
        self.asked = frozenset({*against, *self._against, *(slot.fact for slot in self.optional)})

    def doubted_by(self, source: Slot) -> Mapping[int, set[Slot]]:
        """The slots whose presumption a record of a slot puts in doubt, by the value that does so."""
        found = self._doubts.get(source)
        if found is None:
            found = self._doubts[source] = {}
            vocabulary = self.vocabulary
            for name, sign, members in self._against.get(source.fact, ()):
                for target in vocabulary.slots_of(name):
                    if members and target.member not in members:
                        continue
                    if (sign.members and source.member not in sign.members) or source == target:
                        continue
                    if vocabulary.touch(source, target):
                        for value in self.saying(sign):
                            found.setdefault(value, set()).add(target)
        return found

    @cached_property
    def doubts(self) -> dict[Slot, Mapping[int, set[Slot]]]:
        """The same of every slot of which it can be said."""
        slots = (slot for name in self._against for slot in self.vocabulary.slots_of(name))
        return {slot: by_value for slot in slots if (by_value := self.doubted_by(slot))}

    @cached_property
    def sources(self) -> dict[Slot, tuple[Slot, ...]]:
        """The slots whose records can put the presumption of a slot in doubt."""
        found: dict[Slot, set[Slot]] = {}
        for source, by_value in self.doubts.items():
            for target in set().union(*by_value.values()):
                found.setdefault(target, set()).add(source)
        return {target: self.vocabulary.in_order(listed) for target, listed in found.items()}

    def sway(self, facts: Container[str]) -> frozenset[str]:
        """The facts on whose records it depends what is presumed of some facts."""
        found = {
            source.fact
            for source, by_value in self.doubts.items()
            if any(target.fact in facts for targets in by_value.values() for target in targets)
        }
        few = {member for slot, member in self.optional.items() if slot.fact in facts}
        return frozenset(found | {slot.fact for slot, member in self.optional.items() if member in few})

    @cached_property
    def swaying(self) -> frozenset[str]:
        """The facts on whose records it depends what is presumed."""
        named = {slot.fact for slot in [*self.doubts, *self.optional]}
        return frozenset(named | {fact.name for fact in self.vocabulary.facts.values() if fact.presumed})


@dataclass(frozen=True)
class Presumed:
    """What is taken as absent in a case, and what is not although nobody mentions it.

    Attributes:
        held: in the order of the vocabulary.
        raised: slots that are not presumed, each with the recorded slots that put it in doubt.
    """

    held: tuple[Slot, ...]
    raised: Mapping[Slot, tuple[Slot, ...]]


@dataclass(frozen=True)
class PresumeRules:
    """`presume.lp` over one vocabulary, after grounding.

    Attributes:
        recorded, says, held: the atoms about each slot, `says` by value.
        strict: the atom under which nothing is presumed.
        free: the atoms that a case decides.
        bodies: every other atom to the bodies of its rules; it holds where all literals of one of them do.
    """

    recorded: Mapping[Slot, int]
    says: Mapping[Slot, Mapping[int, int]]
    held: Mapping[Slot, int]
    strict: int
    free: frozenset[int]
    bodies: Mapping[int, tuple[tuple[int, ...], ...]]


class Presume:
    """The presumptions of one vocabulary, ready for any number of cases."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.signs = Signs(vocabulary)
        self._memory: dict[tuple[object, ...], Presumed] = {}

    @cached_property
    def absent(self) -> dict[Slot, Value]:
        """What a slot is taken to be where it is presumed, of every slot that can be."""
        vocabulary, found = self.signs.vocabulary, {}
        for slot in vocabulary.slots:
            fact = vocabulary.facts[slot.fact]
            if fact.presumed or slot in self.signs.optional:
                value = absent_value(fact)
                if value is not None:
                    found[slot] = value
        return found

    @cached_property
    def _slots(self) -> list[Slot]:
        """The slots that the rules know, each by its place here."""
        return [slot for slot in self.signs.vocabulary.slots if slot.fact in self.signs.swaying]

    @cached_property
    def _number(self) -> dict[Slot, int]:
        return {slot: i for i, slot in enumerate(self._slots)}

    def _text(self) -> str:
        rules = (ENCODINGS / "presume.lp").read_text(encoding="utf-8")
        return "\n".join([rules, *self._facts(), "#show held/1. #show raised/2."])

    def _grounded(self, observer: RuleObserver) -> Control:
        messages: list[str] = []
        control = solver.Control(["1"], logger=lambda _, text: messages.append(text))
        control.enable_cleanup = False
        control.register_observer(observer)
        control.add("base", [], self._text())
        control.ground([("base", [])])
        if messages:
            raise SolverError("; ".join(messages))
        return control

    @cached_property
    def ground_rules(self) -> PresumeRules:
        """The ground program itself, for those who ask it of many cases at once."""
        name = store.named("presume rules", self._text()) if store.is_open() else ""
        content = store.taken(name) if name else None
        if content is not None:
            with suppress(ValueError, TypeError, KeyError, IndexError):  # not written by this code: made anew
                return self._decoded(json.loads(content))
        found = self._ground_rules()
        if name:
            store.keep(name, json.dumps(self._encoded(found), separators=(",", ":")).encode())
        return found

    def _encoded(self, rules: PresumeRules) -> list[Any]:
        """Ground rules as JSON, slots by their numbers."""
        by_slot = [[[self._number[slot], atom] for slot, atom in each.items()] for each in (rules.recorded, rules.held)]
        says = [[self._number[slot], list(atoms.items())] for slot, atoms in rules.says.items()]
        return [*by_slot, says, rules.strict, sorted(rules.free), list(rules.bodies.items())]

    def _decoded(self, data: list[Any]) -> PresumeRules:
        recorded, held, says, strict, free, bodies = data
        slots = self._slots
        return PresumeRules(
            recorded={slots[i]: atom for i, atom in recorded},
            says={slots[i]: dict(atoms) for i, atoms in says},
            held={slots[i]: atom for i, atom in held},
            strict=strict,
            free=frozenset(free),
            bodies={head: tuple(tuple(body) for body in listed) for head, listed in bodies},
        )

    def _ground_rules(self) -> PresumeRules:
        from bvn_asp.engine.ground import RuleObserver  # it needs clingo, and one case does not

        observer = RuleObserver()
        control = self._grounded(observer)  # named, for its atoms end with it
        atoms = control.symbolic_atoms
        slots = self._slots
        says: dict[Slot, dict[int, int]] = {}
        for atom in atoms.by_signature("says", 2):
            number, value = (each.number for each in atom.symbol.arguments)
            says.setdefault(slots[number], {})[value] = atom.literal
        by_slot = {
            name: {slots[atom.symbol.arguments[0].number]: atom.literal for atom in atoms.by_signature(name, 1)}
            for name in ("recorded", "held")
        }
        bodies: dict[int, list[tuple[int, ...]]] = {}
        for head, bound, body in observer.rules:
            if bound != len(body) or not head:
                raise SolverError("a rule of `presume.lp` that is more than a conjunction")
            bodies.setdefault(head, []).append(tuple(literal for literal, _ in body))
        strict = atoms[solver.Function("strict")]
        assert strict is not None
        return PresumeRules(
            recorded=by_slot["recorded"],
            says=says,
            held=by_slot["held"],
            strict=strict.literal,
            free=frozenset(observer.free),
            bodies={head: tuple(listed) for head, listed in bodies.items()},
        )

    def _facts(self) -> Iterator[str]:
        """The vocabulary as facts, and what a case may say as choices."""
        signs, facts = self.signs, self.signs.vocabulary.facts
        yield "{ strict }."
        for slot, i in self._number.items():
            absent = signs.absent(slot)
            yield f"{{ recorded({i}) }}. {{ says({i},0..{signs.size(slot) - 1}) }}."
            yield "".join(f"absent({i},{value})." for value in absent)
            if facts[slot.fact].presumed:
                yield f"presumable({i}) :- not strict."
            if slot in signs.optional:
                member = f'"{signs.optional[slot]}"'
                yield f"about({i},{member})." + (f"optional({i},{member})." if absent else "")
            for value, targets in signs.doubts.get(slot, {}).items():
                yield "".join(f"doubts({i},{value},{self._number[each]})." for each in sorted(targets))

    def __call__(self, records: Iterable[Record], strict: bool = False) -> Presumed:
        """What is presumed in a case.

        Args:
            strict: presume of nothing that it is absent, but of what few people have.
        """
        asked = self.signs.asked
        says = {each.slot: self.signs.may(each.slot, each.value) for each in records if each.slot.fact in asked}
        key = (strict, *sorted(says.items()))
        found = self._memory.get(key)
        if found is None:
            if len(self._memory) > 2_000:
                self.forget()
            found = self._memory[key] = self._ask(says, strict)
        return found

    def forget(self) -> None:
        """Let go of what was said of single cases."""
        self._memory.clear()

    def _ask(self, says: Mapping[Slot, tuple[int, ...]], strict: bool) -> Presumed:
        """What the rules of `presume.lp` give, one after another."""
        signs, vocabulary = self.signs, self.signs.vocabulary
        there = {
            signs.optional[slot]
            for slot, values in says.items()
            if slot in signs.optional and not set(values) <= set(signs.absent(slot))
        }
        raised: dict[Slot, tuple[Slot, ...]] = {}
        for source in vocabulary.in_order(says) if not strict else ():
            by_value = signs.doubted_by(source)
            for target in set[Slot]().union(*(by_value.get(value, ()) for value in says[source])) - says.keys():
                raised[target] = (*raised.get(target, ()), source)
        held = [
            slot
            for slot in self.absent
            if slot not in says
            and (
                (not strict and vocabulary.facts[slot.fact].presumed and slot not in raised)
                or (slot in signs.optional and signs.optional[slot] not in there)
            )
        ]
        return Presumed(tuple(held), {slot: raised[slot] for slot in vocabulary.in_order(raised)})


class _Own(threading.local):
    """What one thread keeps, as in `session`."""

    def __init__(self) -> None:
        self.kept: list[tuple[Vocabulary, Presume]] = []


_OWN = _Own()


def forget(programs: bool = False) -> None:
    """Let go of what this thread remembers of single cases, or of everything that it keeps.

    Args:
        programs: of what is grounded too; for whoever does not know in which state it is.
    """
    for _, found in _OWN.kept:
        found.forget()
    if programs:
        _OWN.kept.clear()


def presume(vocabulary: Vocabulary) -> Presume:
    """The presumptions of a vocabulary; those of the last few are kept."""
    for known, found in _OWN.kept:
        if known is vocabulary:
            return found
    _OWN.kept.insert(0, (vocabulary, Presume(vocabulary)))
    del _OWN.kept[8:]
    return _OWN.kept[0][1]
