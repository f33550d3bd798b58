"""Columns that say several facts at once, as columns of each: the lists of a request, and shorthands.

`bodies`, `diagnoses` and `procedures` are whole, as in a case file: what a row does not list is not asked for; an empty
cell says nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import pyarrow as pa  # type: ignore[import-untyped,import-not-found]

from bvn_asp.errors import InputError, fault, shown
from bvn_asp.model.case import record_data
from bvn_asp.model.case_reader import parse_case
from bvn_asp.model.members import labels_of
from bvn_asp.model.vocabulary import Several, Slot, Vocabulary

Cells = dict[str, str]
Wrong = tuple[str, str]


class Whole:
    """Rewrites batches of one schema.

    Args:
        names: the schema's columns.

    Attributes:
        names: the columns of what comes out.

    Raises: InputError: a column names what a list says too.
    """

    def __init__(self, vocabulary: Vocabulary, names: Sequence[str]) -> None:
        self.vocabulary = vocabulary
        self.columns: dict[str, tuple[str, tuple[str, ...]]] = {}
        request = vocabulary.request
        for name in names:
            if name in request.keys:
                fact = request.keys[name]
                made = [str(slot) for slot in vocabulary.slots_of(fact)]
                if name in request.lists:
                    made.append(f"{fact}.somewhere")
                self.columns[name] = "request", tuple(made)
            elif name in vocabulary.shorthands:
                means = vocabulary.shorthands[name].means.values()
                self.columns[name] = "facts", tuple(dict.fromkeys(fact for each in means for fact in each))
        self.names = [name for name in names if name not in self.columns]
        for name, (_, slots) in self.columns.items():
            twice = next((each for each in slots if each in self.names), None)
            if twice is not None:
                hint = "take one of them out"
                raise fault(f"the columns `{name}` and `{twice}` are about the same fact", hint)
            self.names += slots
        self._read: dict[tuple[str, str], Cells | Wrong] = {}

    def rewritten(self, batch: pa.RecordBatch) -> tuple[pa.RecordBatch, list[tuple[int, str, str, str, str]]]:
        """The same batch with a column for each fact, and what cannot be read: row, column, text, message and hint."""
        if not self.columns:
            return batch, []
        wrong = []
        kept = {name: batch.column(i) for i, name in enumerate(batch.schema.names) if name not in self.columns}
        for name, (part, made) in self.columns.items():
            cells: list[Cells] = []
            for row, value in enumerate(batch.column(batch.schema.get_field_index(name)).to_pylist()):
                found = self._of(part, name, value)
                if isinstance(found, tuple):
                    wrong.append((row, name, shown(str(value)), *found))
                    found = {}
                cells.append(found)
            kept |= {each: pa.array([cell.get(each) for cell in cells], pa.string()) for each in made}
        return pa.RecordBatch.from_pydict(kept), wrong

    def _of(self, part: str, name: str, value: object) -> Cells | Wrong:
        text = "" if value is None else (json.dumps(value) if isinstance(value, list | dict) else str(value)).strip()
        if not text or text in ("~", "null"):
            return {}
        if (name, text) not in self._read:
            if len(self._read) > 100_000:
                self._read.clear()
            self._read[name, text] = self._parsed(part, name, text)
        return self._read[name, text]

    def _parsed(self, part: str, name: str, text: str) -> Cells | Wrong:
        fact = self.vocabulary.request.lists.get(name)
        index = self.vocabulary.indexes[self.vocabulary.facts[fact].per] if fact else None
        if index and text.isdecimal() and int(text[:6]) and not labels_of(index, text):
            said = {"value": "yes", "exactly": int(text[:6])}  # whether so many are there, other columns know
            return {f"{fact}.somewhere": json.dumps(said)}
        value = text if text[0] in "[{" else json.dumps(text)
        try:
            case = parse_case(f"{{title: row, {part}: {{{name}: {value}}}}}", self.vocabulary)
        except InputError as error:
            return error.faults[0].message, error.faults[0].hint
        found: Cells = {}
        for record in (each for each in case.records if not each.somewhere):
            data = record_data(record, with_evidence=False)
            found[str(record.slot)] = data if isinstance(data, str) else json.dumps(data)
        for record in case.several:
            slot: Slot = record.slot
            assert isinstance(slot, Several)
            found[f"{slot.fact}.somewhere"] = json.dumps({"value": "yes", "exactly": slot.least})
        return found


def without_column(vocabulary: Vocabulary, names: Sequence[str]) -> tuple[Slot, ...]:
    """The members for which a request may ask and that have no column, where others have one."""
    fact = vocabulary.request.members
    if not fact or vocabulary.request.many in names or not any(each.startswith(f"{fact}.") for each in names):
        return ()
    few = vocabulary.indexes[vocabulary.facts[fact].per].optional
    return tuple(s for s in vocabulary.slots_of(fact) if str(s) not in names and s.member not in few)
