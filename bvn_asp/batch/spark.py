"""The same batches on a cluster: a function for `DataFrame.mapInArrow` of Apache Spark, or any engine on Arrow batches.

    from bvn_asp.batch.spark import answers, columns

    cases = spark.read.parquet("requests/")
    ask = answers(cases.columns, ["cohere-ma"], kept={"id": "string"})
    spelled = columns(cases.columns, ["cohere-ma"], kept={"id": "string"})
    cases.mapInArrow(ask, spelled).write.parquet("answers/")

Spark takes a point in a column's name for a path, so here `modic.L4` is `modic__L4`, and `cohere-ma.verdict` is
`cohere-ma__verdict`. Rows that cannot be read are not lost: they come out with the column `fault` filled and no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import pyarrow as pa  # type: ignore[import-untyped,import-not-found]

from bvn_asp.batch.answers import row_for_row, schema
from bvn_asp.batch.decide import PARTS, Decider
from bvn_asp.batch.files import ROWS
from bvn_asp.cases.evaluate import Readings
from bvn_asp.classes import dataclass
from bvn_asp.model.library import Library

ARROW = {"string": pa.string(), "bigint": pa.int64(), "int": pa.int32(), "double": pa.float64(), "date": pa.date32()}
_deciders: dict[str, Decider] = {}


def answers(
    names: Sequence[str],
    policies: Sequence[str] = (),
    readings: Readings | None = None,
    strict: bool = False,
    kept: Mapping[str, str] | None = None,
    parts: Sequence[str] = PARTS,
    folder: str | None = None,
) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """A function from Arrow batches of cases to Arrow batches of answers, one row for every row.

    Args:
        names: the columns of the batches.
        kept: columns to hand on, with their Spark type: `{"id": "string"}`.
        folder: a folder of policies that every worker can read; the shipped ones if None.

    The function can be sent to workers; each of them compiles the policies once.
    """
    return _Ask(tuple(names), tuple(policies), readings, strict, dict(kept or {}), tuple(parts), folder)


@dataclass(frozen=True)
class _Ask:
    """What `answers` gives: a plain record of the question, so that it can be sent to workers."""

    names: tuple[str, ...]
    policies: tuple[str, ...]
    readings: Readings | None
    strict: bool
    kept: dict[str, str]
    parts: tuple[str, ...]
    folder: str | None

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        key = repr(self)
        if key not in _deciders:
            _deciders[key] = _decider(
                self.names, self.policies, self.readings, self.strict, tuple(self.kept), self.parts, self.folder
            )
        for batch in _lots(batches, ROWS):
            yield self._answered(_deciders[key], batch.rename_columns([pointed(n) for n in batch.schema.names]))

    def _answered(self, decider: Decider, batch: pa.RecordBatch) -> pa.RecordBatch:
        given = pa.schema([pa.field(n, ARROW[t]) for n, t in self.kept.items()])
        found = row_for_row(decider, batch, given)
        texts = [column.cast(pa.string()) for column in found.columns[len(given) :]]
        return pa.RecordBatch.from_arrays([*found.columns[: len(given)], *texts], names=[
            *self.kept, *map(flat, found.schema.names[len(given) :])
        ])


def _lots(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """The same rows in batches of so many at least: Spark hands over 10,000, and each batch has a cost of its own."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(each.num_rows for each in held) >= rows:
            yield _joined(held)
            held = []
    if held:
        yield _joined(held)


def _joined(batches: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    if len(batches) == 1:
        return batches[0]
    table = pa.Table.from_batches(batches).combine_chunks()
    return pa.RecordBatch.from_arrays([_whole(each) for each in table.columns], schema=table.schema)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks else pa.array([], column.type)


def columns(
    names: Sequence[str],
    policies: Sequence[str] = (),
    kept: Mapping[str, str] | None = None,
    parts: Sequence[str] = PARTS,
    folder: str | None = None,
) -> str:
    """The columns that `answers` gives, as Spark spells a schema."""
    decider = _decider(names, policies, None, False, tuple(kept or {}), parts, folder)
    found = schema(decider, pa.schema([])).names[1:]
    handed_on = [f"`{name}` {kind}" for name, kind in (kept or {}).items()]
    return ", ".join([*handed_on, *(f"`{flat(name)}` string" for name in [*found, "fault"])])


def flat(name: str) -> str:
    """A column's name without points, as Spark wants it."""
    return name.replace(".", "__")


def pointed(name: str) -> str:
    """A column's name as a fact is called."""
    return name.replace("__", ".")


def _decider(
    names: Sequence[str],
    policies: Sequence[str],
    readings: Readings | None,
    strict: bool,
    kept: Sequence[str],
    parts: Sequence[str],
    folder: str | None,
) -> Decider:
    return Decider(Library(folder), [pointed(name) for name in names], policies, readings, strict, kept, parts)
