"""Columns that say something of several members: `modic.somewhere`, `modic.somewhere in L3-S1`, `operations`.

What they say is no matter of one slot, so rows with such a value are left to the solver.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable

from bvn_asp.errors import InputError, fault
from bvn_asp.model.case import Record
from bvn_asp.model.events import Done, read_events
from bvn_asp.model.members import labels_of, span_of
from bvn_asp.model.somewhere import part_of_name, read_somewhere, settle
from bvn_asp.model.values import ValueReader
from bvn_asp.model.vocabulary import Slot, Vocabulary
from bvn_asp.model.yaml_text import typed


class SeveralColumn:
    """One column, each distinct text read once.

    Raises: InputError: it names no stretch of members.
    """

    def __init__(self, vocabulary: Vocabulary, name: str) -> None:
        self.vocabulary, self.name = vocabulary, name
        fact, _, member = name.partition(".")
        self.known = vocabulary.facts[fact]
        self.index = vocabulary.indexes[self.known.per]
        self.span = part_of_name(member)[0]
        if self.span and not (labels_of(self.index, self.span) or span_of(self.index, self.span)):
            raise fault(f"the column `{name}` names no stretch of {self.index.many}", "write `somewhere in L3-S1`")
        self._read: dict[tuple[str, datetime.date | None], Record | tuple[str, str] | None] = {}

    def read(self, text: object, date: datetime.date | None) -> Record | tuple[str, str] | None:
        """What a cell says; message and hint if it cannot be read; None if it is empty."""
        key = ("" if text is None else str(text).strip(), date)
        if key not in self._read:
            if len(self._read) > 100_000:
                self._read.clear()
            self._read[key] = self._of(*key)
        return self._read[key]

    def _of(self, text: str, date: datetime.date | None) -> Record | tuple[str, str] | None:
        if text.lower() in ("", "~", "null"):
            return None
        reader = ValueReader(self.vocabulary, date)
        try:
            record = read_somewhere(reader, self.known, self.index, self.span, typed(text))
        except InputError as error:
            reader.faults = list(error.faults)
            record = None
        if reader.faults:
            return reader.faults[0].message, reader.faults[0].hint
        return record


class EventColumn:
    """One column of what was done once, as a case file writes it, each distinct text read once."""

    def __init__(self, vocabulary: Vocabulary, name: str) -> None:
        self.vocabulary, self.event = vocabulary, vocabulary.events[name]
        self._read: dict[tuple[str, datetime.date | None], tuple[Done, ...] | tuple[str, str]] = {}

    def read(self, text: object, date: datetime.date | None) -> tuple[Done, ...] | tuple[str, str]:
        """What a cell says; message and hint if it cannot be read; nothing if it is empty."""
        written = "" if text is None else text.strip() if isinstance(text, str) else json.dumps(text, default=str)
        key = written, date
        if key not in self._read:
            if len(self._read) > 100_000:
                self._read.clear()
            self._read[key] = self._of(*key)
        return self._read[key]

    def _of(self, text: str, date: datetime.date | None) -> tuple[Done, ...] | tuple[str, str]:
        if text.lower() in ("", "~", "null"):
            return ()
        reader = ValueReader(self.vocabulary, date)
        done: list[Done] = []
        try:
            done = read_events(reader, self.event, typed(text))
        except InputError as error:
            reader.faults = list(error.faults)
        if reader.faults:
            return reader.faults[0].message, reader.faults[0].hint
        return tuple(done)


def is_several(vocabulary: Vocabulary, name: str) -> bool:
    """Whether a column says something of several members."""
    fact, _, member = name.partition(".")
    return part_of_name(member)[1] and fact in vocabulary.facts and bool(vocabulary.facts[fact].per)


def with_several(vocabulary: Vocabulary, found: dict[Slot, Record], said: Iterable[Record]) -> tuple[Record, ...]:
    """What is said of several members, each of them left open in what is found where it is not there yet."""
    return tuple(each for each in settle(vocabulary, list(said), found) if each.somewhere)
