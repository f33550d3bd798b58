"""The same batches on one machine by Polars: what is larger than memory streams through its engine.

    import polars as pl
    from bvn_asp.batch.lazy import answers

    cases = pl.scan_parquet("requests/*.parquet")
    answers(cases, ["cohere-ma"], keep=["id"]).sink_parquet("answers.parquet")

Polars reads, filters, joins and writes; each of its batches is decided as one of `bvn batch` is. Rows that cannot be
read are not lost: they come out with the column `fault` filled and no answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

import polars as pl  # type: ignore[import-not-found,unused-ignore]
import pyarrow as pa  # type: ignore[import-untyped,import-not-found]

from bvn_asp.batch.answers import row_for_row, schema
from bvn_asp.batch.decide import PARTS, Decider
from bvn_asp.batch.files import ROWS
from bvn_asp.cases.evaluate import Readings
from bvn_asp.model.library import Library


def answers(
    cases: pl.LazyFrame,
    policies: Sequence[str] = (),
    readings: Readings | None = None,
    strict: bool = False,
    keep: Sequence[str] = (),
    parts: Sequence[str] = PARTS,
    library: Library | None = None,
) -> pl.LazyFrame:
    """The answers to a frame of cases, one row for every row; nothing is decided before it is collected or sunk.

    Args:
        cases: columns are facts, as in the files that `bvn batch` reads.
        policies: ids, or `id@revision`; all if empty.
        keep: columns to hand on; those that are no facts and not kept are an error. `id`, `title` and `date` need not
            be kept.
        parts: what to answer: `verdict`, `blamed`, `open`, `statuses`.

    Raises: InputError: an unknown policy or column.
    """
    types = cases.collect_schema()
    decider = Decider(library or Library(), types.names(), policies, readings, strict, keep, parts)
    given = pl.DataFrame(schema={name: types[name] for name in keep}).to_arrow().schema
    one_at_a_time = Lock()

    def decided(batch: pl.DataFrame) -> pl.DataFrame:
        table = batch.to_arrow().combine_chunks()
        with one_at_a_time:
            found = [row_for_row(decider, each, given) for each in table.to_batches(ROWS) if each.num_rows]
        return pl.DataFrame(pl.from_arrow(pa.Table.from_batches(found))) if found else pl.DataFrame(schema=wanted)

    names = schema(decider, pa.schema([])).names[1:]
    wanted = {**{n: types[n] for n in keep}, **dict.fromkeys(names, pl.Categorical()), "fault": pl.String()}
    return cases.map_batches(
        decided, schema=wanted, streamable=True, predicate_pushdown=False, projection_pushdown=False,
        slice_pushdown=True, validate_output_schema=True,
    )
