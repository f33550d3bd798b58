"""Answers as Arrow columns, and as counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped,import-not-found]
from numpy.typing import NDArray

from bvn_asp.batch.decide import STATUSES, VERDICTS, Codes, Decided, Decider
from bvn_asp.batch.marks import NOT_THERE
from bvn_asp.classes import dataclass, field
from bvn_asp.errors import fault

WORD = pa.dictionary(pa.int8(), pa.string())
LIST = pa.dictionary(pa.int32(), pa.string())


def schema(decider: Decider, kept: pa.Schema) -> pa.Schema:
    """The columns of the answers to batches.

    Args:
        kept: the fields that are handed on.
    """
    fields = [pa.field("row", pa.int64()), *kept]
    for asked in decider.asked:
        several = len(asked.seats) > 1
        if several:
            fields.append(pa.field(f"{asked.name}.revision", LIST))
        for part in decider.parts:
            if part != "statuses":
                fields.append(pa.field(f"{asked.name}.{part}", WORD if part == "verdict" else LIST))
        if "statuses" in decider.parts:
            fields += [pa.field(f"{asked.name}/{entry}", WORD) for entry in entries(decider, asked.seats)]
    own = [each.name for each in fields if each not in kept] + ["fault"]
    for name in kept.names:
        if name in own:
            raise fault(f"`{name}` is a column of the answers", "give the column that is to be handed on another name")
    return pa.schema(fields)


def entries(decider: Decider, seats: Iterable[int]) -> tuple[str, ...]:
    """The entries of some revisions, each once."""
    return tuple(dict.fromkeys(entry.id for seat in seats for entry in decider.revisions[seat].rules.entries))


def answered(decider: Decider, decided: Decided, batch: pa.RecordBatch, start: int, kept: pa.Schema) -> pa.RecordBatch:
    """The rows of a batch that are answered, with their answers."""
    rows = np.flatnonzero(decided.good)
    whole = len(rows) == batch.num_rows
    some = slice(None) if whole else rows
    columns: list[pa.Array] = [pa.array(rows + start, pa.int64())]
    for each in kept:
        column = batch.column(batch.schema.get_field_index(each.name))
        columns.append(column if whole else column.take(pa.array(rows)))
    names = {seat: each.id for seat, each in enumerate(decider.revisions)}
    for asked in decider.asked:
        answer = decided.answers[asked.name]
        if len(asked.seats) > 1:
            seats = pa.array([names[i] for i in range(len(names))], pa.string())
            columns.append(pa.DictionaryArray.from_arrays(pa.array(answer.revision[some].astype(np.int32)), seats))
        for part in decider.parts:
            if part == "verdict":
                columns.append(_words(answer.verdict[some], VERDICTS))
            elif part == "blamed":
                order = entries(decider, asked.seats)
                columns.append(_lists([(e, answer.blamed[e]) for e in order if e in answer.blamed], rows))
            elif part == "open":
                slots = decider.library.vocabulary.in_order(answer.open)
                columns.append(_lists([(str(slot), answer.open[slot]) for slot in slots], rows))
        if "statuses" in decider.parts:
            for entry in entries(decider, asked.seats):
                columns.append(_words(answer.statuses[entry][some], STATUSES) if entry in answer.statuses
                               else pa.nulls(len(rows), WORD))
    return pa.RecordBatch.from_arrays(columns, schema=schema(decider, kept))


def row_for_row(decider: Decider, batch: pa.RecordBatch, kept: pa.Schema) -> pa.RecordBatch:
    """What was handed on, the answers and a column `fault`, one row for every row.

    A row that cannot be read has a fault and no answer.

    Args:
        kept: the fields that are handed on, with the type that they shall have.
    """
    decided = decider.decide(batch, 0)
    found = answered(decider, decided, batch, 0, pa.schema([]))
    columns = [batch.column(batch.schema.get_field_index(each.name)).cast(each.type) for each in kept]
    if decided.faults:
        place = np.full(batch.num_rows, -1)
        place[decided.good.astype(bool)] = np.arange(found.num_rows)
        found = found.take(pa.array(place, mask=place < 0))
    said: dict[int, list[str]] = {}
    for each in decided.faults:
        said.setdefault(each.row, []).append(f"{each.column}: {each.message}" if each.column else each.message)
    faults = pa.array(["; ".join(said[row]) if row in said else None for row in range(batch.num_rows)], pa.string())
    fields = [*kept, *[*found.schema][1:], pa.field("fault", pa.string())]
    return pa.RecordBatch.from_arrays([*columns, *found.columns[1:], faults], schema=pa.schema(fields))


def _words(codes: Codes, words: Sequence[str]) -> pa.Array:
    if not len(codes) or codes.max() < len(words):
        indices = pa.array(codes.view(np.int8))
    else:
        missing = codes == NOT_THERE
        indices = pa.array(np.where(missing, 0, codes).astype(np.int8), mask=missing)
    return pa.DictionaryArray.from_arrays(indices, pa.array(words, pa.string()))


def _lists(columns: Sequence[tuple[str, Codes]], rows: NDArray[np.intp]) -> pa.Array:
    """The names of the columns that are 1, joined by blanks, row by row."""
    which = np.zeros(len(rows), np.int64)
    found: list[tuple[str, ...]] = [()]
    used = [(name, codes[rows]) for name, codes in columns if codes.any()]
    while used:
        size = max(1, 16 - len(found).bit_length())
        part, used = used[:size], used[size:]
        key = which << len(part)
        for i, (_, codes) in enumerate(part):
            key |= codes.astype(np.int64) << i
        distinct, which = _distinct(key, len(found) << len(part))
        found = [
            (*found[int(each) >> len(part)], *(name for i, (name, _) in enumerate(part) if int(each) >> i & 1))
            for each in distinct
        ]
    return pa.DictionaryArray.from_arrays(pa.array(which.astype(np.int32)), pa.array([" ".join(f) for f in found]))


def _distinct(key: NDArray[np.int64], bound: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct keys in order, and for each row the place of its key among them."""
    if bound > 1 << 20:
        distinct, which = np.unique(key, return_inverse=True)
        return distinct, which
    there = np.zeros(bound, np.bool_)
    there[key] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[key]


@dataclass
class Tally:
    """Counts over all batches so far.

    Attributes:
        verdicts: policy to verdict to rows.
        blamed: policy to entry to the rows in which it stands in the way.
        flips: policy to (its verdict, the other revision's verdict) to rows.
        solved: rows that went to the solver, each policy counted.
        columns: those of the cases.
    """

    rows: int = 0
    answered: int = 0
    rejected: int = 0
    solved: int = 0
    verdicts: dict[str, Counter[str]] = field(default_factory=dict)
    blamed: dict[str, Counter[str]] = field(default_factory=dict)
    open: dict[str, Counter[str]] = field(default_factory=dict)
    flips: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    columns: tuple[str, ...] = ()

    def add(self, decided: Decided, against: str | None) -> None:
        """Count one more batch.

        Args:
            against: the policy that every other one is held against, if any.
        """
        good = decided.good.astype(bool)
        self.rows += len(good)
        self.answered += int(good.sum())
        self.rejected += int(len(good) - good.sum())
        self.solved += decided.solved
        for name, answer in decided.answers.items():
            counts = np.bincount(answer.verdict[good], minlength=len(VERDICTS))
            mine = self.verdicts.setdefault(name, Counter())
            for verdict, number in zip(VERDICTS, counts, strict=True):
                mine[verdict] += int(number)
            _sum(self.blamed.setdefault(name, Counter()), answer.blamed, good)
            _sum(self.open.setdefault(name, Counter()), {str(s): c for s, c in answer.open.items()}, good)
            if against is not None and name != against:
                pairs = answer.verdict[good].astype(np.int64) * 4 + decided.answers[against].verdict[good]
                flips = self.flips.setdefault(name, Counter())
                for pair, number in enumerate(np.bincount(pairs, minlength=16)):
                    flips[VERDICTS[pair // 4], VERDICTS[pair % 4]] += int(number)


def _sum(counter: Counter[str], columns: Mapping[str, Codes], good: NDArray[np.bool_]) -> None:
    for name, codes in columns.items():
        number = int((codes.astype(bool) & good).sum())
        if number:
            counter[name] += number
