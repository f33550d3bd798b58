"""Columns that say a finding by the side, `endplates.L4-L5`, as columns of what they say of each member."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pyarrow as pa  # type: ignore[import-untyped,import-not-found]

from bvn_asp.errors import InputError
from bvn_asp.model.case import record_data
from bvn_asp.model.case_reader import parse_case
from bvn_asp.model.values import parse_record
from bvn_asp.model.vocabulary import Fact, Vocabulary

AT_ODDS = "not what its sides show"


class Sides:
    """Rewrites batches of one schema.

    Args:
        names: the schema's columns.

    Attributes:
        names: the columns of what comes out.
    """

    def __init__(self, vocabulary: Vocabulary, names: Sequence[str]) -> None:
        self.vocabulary = vocabulary
        self.groups: list[tuple[Fact, list[str]]] = []
        self.names = list(names)
        for by_side, fact in vocabulary.by_side.items():
            if any(name.startswith(f"{by_side}.") for name in names):
                mine = [name for name in names if name.partition(".")[0] in (by_side, fact.name)]
                self.groups.append((fact, mine))
                self.names = [name for name in self.names if name not in mine]
                self.names += [str(slot) for slot in vocabulary.slots_of(fact.name)]

    def rewritten(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The same batch with a column for each member in place of those by the side."""
        for fact, names in self.groups:
            columns = [batch.column(batch.schema.get_field_index(name)).to_pylist() for name in names]
            said: dict[tuple[object, ...], dict[str, str]] = {}
            rows = list(zip(*columns, strict=True))
            for row in rows:
                if row not in said:
                    said[row] = self._said(fact, dict(zip(names, map(_text, row), strict=True)))
            kept = {name: batch.column(i) for i, name in enumerate(batch.schema.names) if name not in names}
            for slot in self.vocabulary.slots_of(fact.name):
                kept[str(slot)] = pa.array([said[row].get(slot.member) for row in rows], pa.string())
            batch = pa.RecordBatch.from_pydict(kept)
        return batch

    def _said(self, fact: Fact, row: dict[str, str]) -> dict[str, str]:
        """What a row says of each member, as a cell; what cannot be read stays as it is, to be a fault of the row."""
        parts: dict[str, list[str]] = {}
        for name, text in row.items():
            key, _, member = name.partition(".")
            if text.strip():
                value = text if text.lstrip().startswith("{") else json.dumps(text)
                parts.setdefault(key, []).append(f"{json.dumps(member)}: {value}")
        slots = self.vocabulary.slots_of(fact.name)
        facts = ", ".join(f"{key}: {{{', '.join(listed)}}}" for key, listed in parts.items())
        try:
            for text in row.values():
                if text.strip():
                    parse_record(self.vocabulary, slots[0], text)
        except InputError:
            return {slots[0].member: text}
        try:
            case = parse_case(f"{{title: row, facts: {{{facts}}}}}", self.vocabulary)
        except InputError:
            return {slots[0].member: AT_ODDS}
        found = {}
        for record in case.records:
            data = record_data(record, with_evidence=False)
            found[record.slot.member] = data if isinstance(data, str) else json.dumps(data)
        return found


def _text(value: object) -> str:
    return "" if value is None else str(value)
