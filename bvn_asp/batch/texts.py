"""What the values of a column say: each distinct one has a number and is read once, as a case file would be."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped,import-not-found]
from numpy.typing import NDArray

from bvn_asp.batch.cells import Meaning
from bvn_asp.batch.presumed import Presumed
from bvn_asp.classes import dataclass, field, replace
from bvn_asp.engine.lines import Compiled
from bvn_asp.engine.program import Program
from bvn_asp.errors import InputError, shown
from bvn_asp.model.case import Record, absent_value
from bvn_asp.model.quantity import Quantity, compare, exactly
from bvn_asp.model.values import parse_record
from bvn_asp.model.vocabulary import MOST_DIGITS, Slot, Vocabulary

_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?")
MOST_READ = 10_000


@dataclass
class Texts:
    """Every value that one column was seen to have, by number; number 0 is null.

    Attributes:
        read: what a text says that was put off, see `records`.
        records: what each says; None for null and what cannot be read; a plain number stays text until it is asked for.
        faults: message and hint of those that cannot be read.
        allows: for each value the classes that it allows, as a mask.
        says: the values that it leaves, as far as presumptions tell them apart, as a mask.
        grids: steps a unit to the lowest number on that grid and the texts' numbers from there on, without a gap.
        meanings: for ranges of numbers on a grid, steps a unit and ends, what all between mean.
        words: the last dictionary of words, and what they mean.
    """

    slot: Slot
    unit: str
    everything: int
    read: Callable[[Texts, str], Record | None]
    numbers: dict[str, int] = field(default_factory=dict)
    records: list[Record | str | None] = field(default_factory=lambda: [None])
    faults: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    allows: list[int] = field(default_factory=list)
    says: list[int] = field(default_factory=lambda: [0])
    grids: dict[int, tuple[int, list[int]]] = field(default_factory=dict)
    meanings: dict[tuple[int, int, int], Meaning] = field(default_factory=dict)
    words: tuple[pa.Array, Meaning] | None = None
    _flags: dict[str, NDArray[np.bool_]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.allows.append(self.everything)

    def record(self, number: int) -> Record | None:
        """What a value says."""
        found = self.records[number]
        if isinstance(found, str):
            found = self.records[number] = self.read(self, found)
        return found

    def flags(self, name: str) -> NDArray[np.bool_]:
        """For each text: is it a `record`, does it leave a value of a mask (`says 5`: 0 or 2), is it a `fault`?"""
        found = self._flags.get(name)
        if found is None or len(found) != len(self.records):
            if name == "fault":
                found = np.zeros(len(self.records), np.bool_)
                found[list(self.faults)] = True
            elif name == "implies":
                found = np.array([isinstance(each, Record) and implies(each) for each in self.records], np.bool_)
            elif name == "record":
                found = np.array([each is not None for each in self.records], np.bool_)
            else:
                values = int(name.removeprefix("says "))
                found = np.array([mask & values != 0 for mask in self.says], np.bool_)
            self._flags[name] = found
        return found


def implies(record: Record) -> bool:
    """Whether other records may follow from one: it says whose judgement it is, or bears a date."""
    return bool(record.by) or any(each.date for each in record.evidence)


class TextReader:
    """Reads the values of columns.

    Args:
        strict: presume nothing absent that nobody documents.
    """

    def __init__(self, vocabulary: Vocabulary, program: Program, compiled: Compiled, strict: bool) -> None:
        self.vocabulary, self.program, self.classes = vocabulary, program, compiled.classes
        self.presumed = Presumed(vocabulary, self.classes, self._absent_mask, strict)
        self._read: dict[tuple[str, str, datetime.date | None], Record | InputError | None] = {}

    def texts(self, slot: Slot, unit: str) -> Texts:
        """An empty list of a column's values."""
        return Texts(slot, unit, self._mask(slot, None), self._plain_number)

    def number(self, texts: Texts, text: str | None, date: datetime.date | None = None) -> int:
        """The number of a text in a column, read when it is first seen."""
        if text is None:
            return 0
        key = f"{text}\n{date}" if date else text
        if key not in texts.numbers:
            number = texts.numbers[key] = len(texts.records)
            record = None
            try:
                record = self._record(texts, text, date)
                record = None if record is not None and record.silent else record
            except InputError as error:
                first_fault = error.faults[0]
                texts.faults[number] = (shown(text), first_fault.message, first_fault.hint)
            texts.records.append(record)
            mask, says = self._meant(texts.slot, record)
            texts.allows.append(mask)
            texts.says.append(says)
        return texts.numbers[key]

    def grid(self, texts: Texts, places: range, step: Decimal) -> list[int]:
        """The numbers of the texts for neighbouring places on a grid.

        The cells that an amount may lie in rise with it, the lowest and the highest, so where two amounts mean the same
        all between them do.
        """
        known = self.vocabulary.facts[texts.slot.fact]
        spelled = [str(i) if step == 1 else str(Decimal(i) * step) for i in places]
        ends = [self._plain_number(texts, each) for each in (spelled[0], spelled[-1])] if spelled else [None]
        if None in ends or (known.grid and step % known.grid):
            return [self.number(texts, each) for each in spelled]
        start = len(texts.records)
        meant: list[tuple[int, int]] = []

        def fill(low: int, high: int, at_low: tuple[int, int], at_high: tuple[int, int]) -> None:
            """Write down what the places from one on mean, up to but not with another."""
            if at_low == at_high or high - low == 1:
                meant.extend([at_low] * (high - low))
                return
            middle = (low + high) // 2
            between = self._meant(texts.slot, self._plain_number(texts, spelled[middle]))
            fill(low, middle, at_low, between)
            fill(middle, high, between, at_high)

        first, last = (self._meant(texts.slot, each) for each in ends)
        fill(0, len(spelled) - 1, first, last)
        meant.append(last)
        texts.records += spelled
        texts.allows += [mask for mask, _ in meant]
        texts.says += [says for _, says in meant]
        return list(range(start, len(texts.records)))

    def _meant(self, slot: Slot, record: Record | None) -> tuple[int, int]:
        """The classes that a record allows, and the values that it leaves to presumptions, as masks."""
        return self._mask(slot, record), 0 if record is None else self.presumed.says(slot, record.value)

    def _mask(self, slot: Slot, record: Record | None) -> int:
        """The classes of a slot's values that a record allows; all, if nothing counts."""
        classes = self.classes.get(slot, (0,))
        if record is None or record.value is None or slot not in self.classes:
            return (1 << max(classes) + 1) - 1
        values = self.program.values(slot)
        allowed = self.program.allowed(slot, record.value)
        return sum({1 << classes[values.index(each)] for each in allowed})

    def _absent_mask(self, slot: Slot) -> int:
        """The classes of a slot's values that its absent value allows."""
        return self._mask(slot, Record(slot, absent_value(self.vocabulary.facts[slot.fact])))

    def _record(self, texts: Texts, text: str, date: datetime.date | None) -> Record | None:
        slot, value = texts.slot, text.strip()
        if _PLAIN.fullmatch(value):
            found = self._plain_number(texts, value)
            if found is not None:
                return found
            value += f" {texts.unit}" if texts.unit else ""
        if value.lower() in ("", "~", "null"):
            return None
        return self._parsed(slot, value, date)

    def _parsed(self, slot: Slot, text: str, date: datetime.date | None) -> Record | None:
        """What a text says, read once for all members of a fact: it is the same of each."""
        if not self.vocabulary.facts[slot.fact].per:
            return parse_record(self.vocabulary, slot, text, date)
        key = slot.fact, text, date
        if key not in self._read:
            if len(self._read) >= MOST_READ:
                self._read.clear()
            try:
                self._read[key] = parse_record(self.vocabulary, slot, text, date)
            except InputError as error:
                self._read[key] = error
        found = self._read[key]
        if isinstance(found, InputError):
            raise found
        return found if found is None or found.slot == slot else replace(found, slot=slot)

    def _plain_number(self, texts: Texts, value: str) -> Record | None:
        """A number within its range and on its grid; None for whatever needs a closer look."""
        known = self.vocabulary.facts[texts.slot.fact]
        if len(value) > MOST_DIGITS:
            return None
        unit = (texts.unit.rstrip("s") + "s") if known.type == "duration" and texts.unit else known.unit
        if not known.is_numeric or (known.type == "duration" and not texts.unit):
            return None
        assert known.low is not None
        assert known.high is not None
        amount = Quantity(Decimal(value), unit)
        if compare(amount, known.low) == {-1} or compare(amount, known.high) == {1}:
            return None
        return None if known.grid and amount.amount % known.grid else Record(texts.slot, exactly(amount))


def spelled(value: object) -> str:
    """A cell as a case file would write it: `31.2`, never `31.200000000000003` or `9.0`."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
