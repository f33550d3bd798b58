"""The ground rules of `presume.lp`, folded into what is to be computed of columns, each thing once.

A slot is held where it is not recorded and no record raises a doubt; the rules say it atom by atom. What no column says
is folded away, what a conjunction has already asked is not asked again inside it, and the values of one slot that
raise the same doubt are looked at together.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import reduce

import numpy as np

from bvn_asp.batch.bits import Bits
from bvn_asp.engine.presume import PresumeRules
from bvn_asp.model.vocabulary import Slot

Seen = Mapping[Slot, Callable[[str], Bits]]


class Said:
    """Something that is so or not in each row; made by `Folding` and by nobody else, so that equal ones are one."""

    def bits(self, seen: Seen, of: Callable[[Said], Bits]) -> Bits:
        """Where it is so.

        Args:
            seen: slot to where its text is flagged by a name, see `Texts.flags`.
            of: gives the same of its parts.
        """
        raise NotImplementedError


class Column(Said):
    """A slot is recorded, or its record leaves one of some values.

    Attributes:
        values: these as a mask; 0 for *is recorded*.
    """

    def __init__(self, slot: Slot, values: int) -> None:
        self.slot, self.values = slot, values

    def bits(self, seen: Seen, of: Callable[[Said], Bits]) -> Bits:
        return seen[self.slot](f"says {self.values}" if self.values else "record")


class Denied(Said):
    """Something is not so."""

    def __init__(self, part: Said) -> None:
        self.part = part

    def bits(self, seen: Seen, of: Callable[[Said], Bits]) -> Bits:
        found: Bits = ~of(self.part)
        return found


class Joined(Said):
    """All of some things are so, or any of them."""

    def __init__(self, every: bool, parts: tuple[Said, ...]) -> None:
        self.every, self.parts = every, parts

    def bits(self, seen: Seen, of: Callable[[Said], Bits]) -> Bits:
        return reduce(np.bitwise_and if self.every else np.bitwise_or, map(of, self.parts))


NEVER, ALWAYS = Said(), Said()


class Folding:
    """Formulas over the columns that are there.

    Args:
        strict: presume nothing but that a member which few people have is not there.
        seen: the slots that have a column.
    """

    def __init__(self, rules: PresumeRules, strict: bool, seen: Collection[Slot]) -> None:
        self._rules, self._made = rules, dict[object, Said]()
        self._atoms: dict[int, Said] = dict.fromkeys(rules.free, NEVER)
        for slot, atom in rules.recorded.items():
            if slot in seen:
                self._atoms[atom] = self._column(slot, 0)
        for slot, values in rules.says.items():
            for value, atom in values.items():
                if slot in seen:
                    self._atoms[atom] = self._column(slot, 1 << value)
        self._atoms[rules.strict] = ALWAYS if strict else NEVER

    def held(self, slots: Iterable[Slot]) -> dict[Slot, Said]:
        """For each of some slots where it is held."""
        return {slot: self._of(self._rules.held[slot]) for slot in slots}

    def _of(self, atom: int) -> Said:
        found = self._atoms.get(atom)
        if found is None:
            bodies = self._rules.bodies.get(atom, ())
            found = self._atoms[atom] = self.any([self.every(map(self._literal, body)) for body in bodies])
        return found

    def _literal(self, number: int) -> Said:
        found = self._of(abs(number))
        return found if number > 0 else self.denied(found)

    def _column(self, slot: Slot, values: int) -> Said:
        return self._made.setdefault((slot, values), Column(slot, values))

    def denied(self, part: Said) -> Said:
        """That something is not so."""
        if part is NEVER or part is ALWAYS:
            return ALWAYS if part is NEVER else NEVER
        return part.part if isinstance(part, Denied) else self._made.setdefault(("not", part), Denied(part))

    def every(self, parts: Iterable[Said]) -> Said:
        """That all of some things are so; of the others each is asked given those that are plain."""
        kept = dict.fromkeys(each for part in parts for each in self._parts(part, True))
        if NEVER in kept or any(self.denied(each) in kept for each in kept):
            return NEVER
        plain = {_bare(each): isinstance(each, Column) for each in kept if isinstance(_bare(each), Column)}
        found = dict.fromkeys(each if _bare(each) in plain else self._given(each, plain) for each in kept)
        found.pop(ALWAYS, None)
        if NEVER in found or any(self.denied(each) in found for each in found):
            return NEVER
        return self._joined(True, found)

    def any(self, parts: Iterable[Said]) -> Said:
        """That any of some things is so; the values of one slot are one look at its column."""
        kept = dict.fromkeys(each for part in parts for each in self._parts(part, False))
        kept.pop(NEVER, None)
        values: dict[Slot, int] = {}
        for each in kept:
            if isinstance(each, Column) and each.values:
                values[each.slot] = values.get(each.slot, 0) | each.values
        found = dict.fromkeys(each for each in kept if not (isinstance(each, Column) and each.values))
        found |= dict.fromkeys(self._column(slot, mask) for slot, mask in values.items())
        if ALWAYS in found or any(self.denied(each) in found for each in found):
            return ALWAYS
        return self._joined(False, found)

    def _joined(self, every: bool, parts: Mapping[Said, None]) -> Said:
        if len(parts) < 2:
            return next(iter(parts), ALWAYS if every else NEVER)
        return self._made.setdefault((every, frozenset(parts)), Joined(every, tuple(parts)))

    def _parts(self, said: Said, every: bool) -> tuple[Said, ...]:
        return said.parts if isinstance(said, Joined) and said.every is every else (said,)

    def _given(self, said: Said, plain: Mapping[Said, bool]) -> Said:
        """The same where it is known of some columns how they are."""
        if said in plain:
            return ALWAYS if plain[said] else NEVER
        if isinstance(said, Denied):
            return self.denied(self._given(said.part, plain))
        if isinstance(said, Joined):
            return (self.every if said.every else self.any)([self._given(each, plain) for each in said.parts])
        return said


def _bare(said: Said) -> Said:
    """What something says, or denies."""
    return said.part if isinstance(said, Denied) else said
