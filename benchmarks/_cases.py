"""Synthetic cases for a policy, as Arrow batches: the baseline case with values changed and left out, fixed seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bvn_asp import Library
from bvn_asp.model.case import Case, Interval, Named, absent_value
from bvn_asp.model.quantity import Quantity, Span
from bvn_asp.model.vocabulary import Slot

SEED = 20261121
ROWS = 65_536
DISTINCT = 16  # batches that differ; a longer file repeats them


def columns(library: Library, facts: frozenset[str], base: Case, rows: int, partial: float, seed: int) -> pa.RecordBatch:
    """Cases over some facts.

    Args:
        facts: the names of the facts that get a column.
        partial: the share of values that are left out.
    """
    rng = np.random.default_rng([SEED, seed])
    found = {}
    for slot in library.vocabulary.slots:
        fact = library.vocabulary.facts[slot.fact]
        if slot.fact not in facts:
            continue
        mask = rng.random(rows) < partial if partial else None
        changed = rng.random(rows) < 0.02
        if fact.is_named:
            values = list(fact.values)
            usual = values.index(_usual(base, slot, fact.absent or values[0]))
            codes = np.where(changed, rng.integers(0, len(values), rows), usual)
            if fact.type == "yes_no":
                found[str(slot)] = pa.array(codes == values.index("yes"), mask=mask)
            else:
                found[str(slot)] = pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int8), mask=mask), values)
        else:
            low, high = float(fact.low.amount), float(fact.high.amount)
            usual = _number(base, slot, fact, low)
            spread = rng.normal(usual, max(1.0, abs(usual) / 4), rows)
            numbers = np.clip(np.where(changed, spread, usual), low, high)
            name = f"{slot} [{fact.unit}]" if fact.type == "duration" else str(slot)
            step = float(fact.step or 1)
            if step == int(step):
                found[name] = pa.array(np.rint(numbers).astype(np.int32), mask=mask)
            else:
                found[name] = pa.array(np.round(np.rint(numbers / step) * step, 1), mask=mask)
    return pa.RecordBatch.from_pydict(found)


def _usual(base: Case, slot: Slot, otherwise: str) -> str:
    record = base.get(slot)
    return record.value.values[0] if record and isinstance(record.value, Named) else otherwise


def _number(base: Case, slot: Slot, fact: object, low: float) -> float:
    record = base.get(slot)
    exact = record.value.exact if record and isinstance(record.value, Interval) else None
    if isinstance(exact, Span):
        return (exact.until - exact.since).days / {"days": 1, "weeks": 7, "months": 30.4, "years": 365}[fact.unit]  # type: ignore[attr-defined]
    if isinstance(exact, Quantity):
        return float(exact.amount)
    value = absent_value(fact)  # type: ignore[arg-type]
    return float(value.exact.amount) if isinstance(value, Interval) and isinstance(value.exact, Quantity) else low


def write(path: Path, library: Library, facts: frozenset[str], base: Case, rows: int, partial: float) -> None:
    """A Parquet file of so many cases."""
    pool: list[pa.RecordBatch] = []
    with pq.ParquetWriter(path, columns(library, facts, base, 1, partial, 0).schema) as writer:
        for i, start in enumerate(range(0, rows, ROWS)):
            if len(pool) < DISTINCT:
                pool.append(columns(library, facts, base, ROWS, partial, i))
            writer.write_batch(pool[i % DISTINCT].slice(0, min(ROWS, rows - start)))
