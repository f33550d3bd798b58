"""Arrow columns as what each record allows: one column of bits for each class of values of each slot.

A column bears the name of a slot: `age`, `modic.L4`, `pain_duration [months]`. Null is *not recorded*. Texts are read
exactly as a case file would be, each distinct one once; what cannot be read is a fault of its row.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped,import-not-found]
import pyarrow.compute as pc  # type: ignore[import-untyped,import-not-found]
from numpy.typing import NDArray

from bvn_asp.batch.bits import ONES, Bits, numbers, unpacked, words_for
from bvn_asp.batch.cells import Cells, Meaning, of_booleans, on_grid, stored, validity
from bvn_asp.batch.several import EventColumn, SeveralColumn, is_several, with_several
from bvn_asp.batch.sides import Sides
from bvn_asp.batch.texts import TextReader, Texts, spelled
from bvn_asp.batch.whole import Whole
from bvn_asp.classes import dataclass, field
from bvn_asp.engine.lines import Compiled
from bvn_asp.engine.program import Program
from bvn_asp.errors import Misread, did_you_mean, fault, shown
from bvn_asp.model.case import Case, Record, derived
from bvn_asp.model.dates import read_day
from bvn_asp.model.events import Done, entered
from bvn_asp.model.library import Library
from bvn_asp.model.members import parse_slots
from bvn_asp.model.quantity import DURATION_UNITS
from bvn_asp.model.vocabulary import Fact, Slot, Vocabulary

_NAME = re.compile(r"(?P<slot>[^\[]+?)\s*(\[(?P<unit>[a-z]+)\])?")
MOST_TEXTS = 200_000
MOST_MEANINGS = 64
FEW_WORDS = 1_000
BOOLEAN = (0, 0, 1)
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Fault:
    """One value of one row that cannot be read, or a row that no patient can be.

    Attributes:
        id: the row's own, if it has one.
    """

    row: int
    column: str
    value: str
    message: str
    hint: str = ""
    id: str | None = None


@dataclass(frozen=True)
class Chart:
    """A batch of cases as bits.

    Attributes:
        allowed: slot to one column for each class of its values; for each set of facts that policies have documented,
            of which nothing is presumed.
        sharp: slots of which every record allows one class alone.
        seen: slot to its column, and the texts there.
        faults: what cannot be read; such rows are void.
        dates: each row's date of service as a number of days, if the batch has a column `date`.
        several: row to what it says of several slots together; such a row is the solver's, and so is one whose records
            imply others, or one with what was done once.
        done: row to what was done once, to several members.
    """

    rows: int
    allowed: dict[frozenset[str], dict[Slot, list[Bits]]]
    sharp: set[Slot]
    seen: dict[Slot, tuple[Cells, Texts]]
    faults: tuple[Fault, ...]
    dates: tuple[datetime.date | None, ...] | None
    several: dict[int, list[Record]] = field(default_factory=dict)
    done: dict[int, list[Done]] = field(default_factory=dict)

    def recorded(self, slots: Iterable[Slot], rows: NDArray[np.intp]) -> tuple[list[dict[Slot, Record]], Rows]:
        """What some rows record of some slots: each distinct record, and which of them each row has."""
        read = [(slot, *self.seen[slot]) for slot in slots if slot in self.seen]
        if not read or not len(rows):
            return [{}], np.zeros(len(rows), np.intp)
        each = np.stack([cells.numbers_of(rows) for _, cells, _ in read])
        distinct, which = np.unique(each, axis=1, return_inverse=True)
        found = []
        for numbers_of in distinct.T:
            said = [(slot, texts.record(n)) for (slot, _, texts), n in zip(read, numbers_of, strict=True)]
            found.append({slot: record for slot, record in said if record is not None})
        return found, which.reshape(-1)

    def case(self, row: int, vocabulary: Vocabulary) -> Case:
        """One row as a case.

        Raises: InputError: two of its columns do not go together.
        """
        found: dict[Slot, Record] = {}
        for slot, (cells, texts) in self.seen.items():
            record = texts.record(cells.number(row))
            if record is not None:
                found[slot] = record
        date = self.dates[row] if self.dates else None
        done = self.done.get(row, ())
        try:
            found = entered(vocabulary, found, done, found.__contains__) if done else found
        except Misread as error:
            raise fault(error.message, error.hint) from None
        several = with_several(vocabulary, found, self.several.get(row, ()))
        found = derived(vocabulary, found, date) | found
        records = tuple(found[slot] for slot in vocabulary.in_order(found))
        tied = tuple(tie for each in done for tie in each.ties)
        return Case(f"row {row}", records, date, several=several, tied=tied)


OWN = ("id", "title", "date")
"""The columns that are no facts: who a row is about, and the date of service."""


def check_columns(names: Sequence[str], keep: Sequence[str]) -> None:
    """Raise InputError where a column stands twice, or one that is to be handed on is not there."""
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise fault(f"two columns are called `{twice}`", "take one out, or give it another name")
    for name in keep:
        if name not in names:
            raise fault(f"no column is called `{name}`", did_you_mean(name, names))


class Columns:
    """Reads batches of one schema.

    Args:
        names: the schema's columns.
        keep: columns that are handed on as they are; one that names a fact is decided on all the same.
        strict: presume nothing absent that nobody documents.

    Raises: InputError: a column that names no fact.
    """

    def __init__(
        self,
        library: Library,
        program: Program,
        compiled: Compiled,
        names: Iterable[str],
        keep: Iterable[str] = (),
        strict: bool = False,
    ) -> None:
        self.vocabulary, self.classes = library.vocabulary, compiled.classes
        self.texts = TextReader(self.vocabulary, program, compiled, strict)
        self.never = tuple(dict.fromkeys(each.revision.never_presumed for each in program.seats))
        self.has_date = False
        self.columns: dict[str, Texts] = {}
        self.several: dict[str, SeveralColumn] = {}
        self.events: dict[str, EventColumn] = {}
        self.implying = {name for name, _ in self.vocabulary.views} | {each.age_of for each in self.vocabulary.ages}
        named: dict[Slot, str] = {}
        names, keep = list(names), list(keep)
        check_columns(names, keep)
        self.whole = Whole(self.vocabulary, [name for name in names if name not in keep])
        names = self.whole.names + [name for name in keep if name in names]
        self.sides = Sides(self.vocabulary, names)
        names = self.sides.names
        for name in names:
            if name == "date":
                self.has_date = True
            if name in OWN or (name in keep and not self._is_fact(name)):
                continue
            if name in self.vocabulary.events:
                self.events[name] = EventColumn(self.vocabulary, name)
                continue
            if is_several(self.vocabulary, name):
                self.several[name] = SeveralColumn(self.vocabulary, name)
                continue
            slot, unit = self._slot(name)
            if slot in named:
                raise fault(f"the columns `{named[slot]}` and `{name}` are about the same fact")
            named[slot] = name
            self.columns[name] = self.texts.texts(slot, unit)

    def _is_fact(self, name: str) -> bool:
        match = _NAME.fullmatch(name)
        if name in self.vocabulary.events:
            return True
        known = self.vocabulary.facts.get((match["slot"] if match else name).partition(".")[0])
        return known is not None and known.type != "count"

    def _slot(self, name: str) -> tuple[Slot, str]:
        match = _NAME.fullmatch(name)
        text, unit = (match["slot"], match["unit"] or "") if match else (name, "")
        known = self.vocabulary.facts.get(text.partition(".")[0])
        if known is None or known.type == "count":
            names = [*self.vocabulary.facts, "date", "id"]
            hint = did_you_mean(text.partition(".")[0], names) or f"`--keep {name}` hands it on as it is"
            raise fault(f"no fact is called as the column `{name}`", hint)
        if unit and (known.type != "duration" or unit.rstrip("s") not in DURATION_UNITS):
            hint = "durations take days, weeks, months or years"
            raise fault(f"the unit in `{name}` is none of `{known.name}`", hint)
        slots = parse_slots(self.vocabulary, text)
        if len(slots) > 1:
            raise fault(f"the column `{name}` names several facts at once", f"one column each: `{slots[0]}`")
        return slots[0], unit

    # -- batches -------------------------------------------------------------------------------

    def read(self, batch: pa.RecordBatch, start: int = 0) -> Chart:
        """A batch as bits.

        Args:
            start: the number of its first row, for faults.
        """
        rows = batch.num_rows
        batch, wrong = self.whole.rewritten(batch)
        faults = [Fault(start + row, *said) for row, *said in wrong]
        batch = self.sides.rewritten(batch)
        dates = self._dates(batch, start, faults) if self.has_date else None
        seen: dict[Slot, tuple[Cells, Texts]] = {}
        allowed: dict[Slot, list[Bits]] = {}
        sharp = set()
        for name, texts in self.columns.items():
            if len(texts.records) > MOST_TEXTS:
                self.columns[name] = texts = self.texts.texts(texts.slot, texts.unit)
            cells = self._cells(batch.column(batch.schema.get_field_index(name)), texts, dates)
            seen[texts.slot] = (cells, texts)
            if texts.faults:
                faults += [
                    Fault(start + int(row), name, *texts.faults[cells.number(int(row))])
                    for row in numbers(cells.where("fault", texts.flags("fault")), rows)
                ]
            if texts.slot in self.classes:
                allowed[texts.slot], single = cells.allowed(texts.allows, texts.everything.bit_length())
                if single:
                    sharp.add(texts.slot)
        ones = np.full(words_for(rows), ONES, np.uint64)
        for slot, classes in self.classes.items():
            if slot not in allowed:
                allowed[slot] = [ones] * (max(classes) + 1)
        taken = dict.fromkeys(self.never, allowed)
        if self.texts.presumed.masks:
            where = {
                slot: lambda name, cells=cells, texts=texts: cells.where(name, texts.flags(name))
                for slot, (cells, texts) in seen.items()
            }
            taken = self.texts.presumed.take(rows, where, sharp, allowed, self.never)
        several = self._several(batch, start, dates, faults)
        for slot, (cells, texts) in seen.items():
            if slot.fact in self.implying:
                for row in numbers(cells.where("implies", texts.flags("implies")), rows):
                    several.setdefault(int(row), [])
        done: dict[int, list[Done]] = {}
        for name, column in self.events.items():
            for row, text in enumerate(batch.column(batch.schema.get_field_index(name)).to_pylist()):
                said = column.read(text, dates[row] if dates else None)
                if said and isinstance(said[0], str):
                    faults.append(Fault(start + row, name, shown(str(text)), *map(str, said)))
                elif said:
                    done.setdefault(row, []).extend(each for each in said if isinstance(each, Done))
                    several.setdefault(row, [])
        return Chart(rows, taken, sharp, seen, tuple(faults), dates, several, done)

    def _several(
        self, batch: pa.RecordBatch, start: int, dates: tuple[datetime.date | None, ...] | None, faults: list[Fault]
    ) -> dict[int, list[Record]]:
        """What each row says of several slots together."""
        found: dict[int, list[Record]] = {}
        for name, column in self.several.items():
            cells = batch.column(batch.schema.get_field_index(name)).to_pylist()
            for row, text in enumerate(cells):
                said = column.read(text, dates[row] if dates else None)
                if isinstance(said, tuple):
                    faults.append(Fault(start + row, name, shown(str(text)), *said))
                elif said is not None:
                    found.setdefault(row, []).append(said)
        return found

    def _dates(
        self, batch: pa.RecordBatch, start: int, faults: list[Fault]
    ) -> tuple[datetime.date | None, ...]:
        found: list[datetime.date | None] = []
        for row, value in enumerate(batch.column(batch.schema.get_field_index("date")).to_pylist()):
            day = value.date() if isinstance(value, datetime.datetime) else value
            if day is not None and not (isinstance(day, str) and not day.strip()):
                try:
                    day = read_day(str(day))
                except Misread as error:
                    faults.append(Fault(start + row, "date", shown(str(value)), error.message, error.hint))
            found.append(day if isinstance(day, datetime.date) else None)
        return tuple(found)

    def _cells(
        self, column: pa.Array, texts: Texts, dates: tuple[datetime.date | None, ...] | None
    ) -> Cells:
        """A column with each distinct text read once."""
        rows = len(column)
        if pa.types.is_nested(column.type) and not pa.types.is_dictionary(column.type):
            raise fault(f"the column of `{texts.slot}` holds {column.type}", "one value a row, as text or a number")
        known = self.vocabulary.facts[texts.slot.fact]
        if known.type == "duration" and not texts.unit and _is_number(column.type):
            hint = f"name the column `{texts.slot} [{known.unit}]`, or another unit of time"
            raise fault(f"the column `{texts.slot}` holds durations without a unit", hint)
        if pa.types.is_boolean(column.type):
            meaning = texts.meanings.get(BOOLEAN)
            if meaning is None:
                meaning = Meaning(np.array([self.texts.number(texts, each) for each in ("false", "true")], np.int32))
                texts.meanings[BOOLEAN] = meaning
            return of_booleans(column, meaning)
        if _is_number(column.type) and column.null_count < rows and not pa.types.is_decimal(column.type):
            found = self._of_numbers(column, texts, known)
            if found is not None:
                return found
        encoded = column if pa.types.is_dictionary(column.type) else pc.dictionary_encode(column)
        words, last = encoded.dictionary, texts.words
        if last is not None and not dates and words.equals(last[0]):
            return Cells(rows, last[1], stored(encoded.indices), validity(encoded.indices))
        listed = [None if each is None else spelled(each) for each in words.to_pylist()]
        if dates and any(("since" in each and "until" not in each) or "born" in each for each in listed if each):
            pairs = zip(column.to_pylist(), dates, strict=True)
            which = np.array([self.texts.number(texts, text, date) for text, date in pairs], np.int32)
            means, codes = np.unique(which, return_inverse=True)
            return Cells(rows, Meaning(means.astype(np.int32)), codes, None)
        meaning = Meaning(np.array([self.texts.number(texts, each) for each in listed] or [0], np.int32))
        if len(words) <= FEW_WORDS:
            texts.words = words, meaning
        return Cells(rows, meaning, stored(encoded.indices), validity(encoded.indices))

    def _of_numbers(self, column: pa.Array, texts: Texts, known: Fact) -> Cells | None:
        """A column of numbers on a grid that lie close together; None if they do not."""
        step = known.step if known.step and not pa.types.is_integer(column.type) else Decimal(1)
        per = int(1 / step) if step <= 1 and 1 % step == 0 else 0
        if not per:
            return None
        valid, values = validity(column), stored(column)
        there = None if valid is None else unpacked(valid, len(column)).view(np.bool_)
        if not pa.types.is_integer(column.type):
            steps = on_grid(values, per, there)
            if steps is None:
                return None
            values = steps
        elif there is not None:
            values = np.where(there, values, values[np.argmax(there)])
        low, high = int(values.min()), int(values.max())
        if high - low > 5_000 or max(-low, high) > 1_000_000:
            return None
        meaning = texts.meanings.get((per, low, high))
        if meaning is None:
            first, listed = texts.grids.get(per, (low, []))
            last = first + len(listed) - 1
            if low < first - 5_000 or high > last + 5_000:
                first, last, listed = low, low - 1, []
            below, above = range(low, first), range(last + 1, high + 1)
            listed = [*self.texts.grid(texts, below, step), *listed, *self.texts.grid(texts, above, step)]
            first = min(low, first)
            texts.grids[per] = first, listed
            if len(texts.meanings) > MOST_MEANINGS:
                texts.meanings.clear()
            meaning = Meaning(np.array(listed[low - first : high - first + 1], np.int32))
            texts.meanings[per, low, high] = meaning
        return Cells(len(column), meaning, values, valid, low)


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))
