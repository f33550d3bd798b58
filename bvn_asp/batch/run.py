"""How does each policy decide a whole file of cases?"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped,import-not-found]
from numpy.typing import NDArray

from bvn_asp.batch.answers import Tally, answered, schema
from bvn_asp.batch.columns import Fault
from bvn_asp.batch.decide import PARTS, Decider
from bvn_asp.batch.files import (
    REJECTS,
    ROWS,
    Ndjson,
    Source,
    Target,
    lines,
    open_source,
    places,
    rejects_batch,
    rejects_path,
)
from bvn_asp.batch.whole import without_column
from bvn_asp.cases.evaluate import Readings
from bvn_asp.classes import replace
from bvn_asp.errors import fault
from bvn_asp.model.library import Library


def batch(
    library: Library,
    cases: Path,
    output: Path | None = None,
    policies: Iterable[str] = (),
    against: str | None = None,
    readings: Readings | None = None,
    strict: bool = False,
    keep: Iterable[str] = (),
    parts: Sequence[str] = PARTS,
    rows: int = ROWS,
    escape: bool = True,
    progress: Callable[[Source], None] | None = None,
    each: Callable[[pa.RecordBatch], None] | None = None,
) -> Tally:
    """Every case of a file under some policies, written row by row, and the counts.

    Args:
        cases: Parquet, CSV, NDJSON, or a folder of YAML cases; read a batch at a time.
        output: where the answers go, in the format its ending names; rejected rows go to a file beside it. None to
            count only.
        policies: ids, or `id@revision`; all policies if empty.
        against: one more policy or revision, to which the others' verdicts are compared row by row.
        keep: columns to hand on; `id`, `title` and `date` always are. One that names a fact is decided on all the same.
        parts: what to answer: `verdict`, `blamed`, `open`, `statuses`.
        rows: how many rows a batch has.
        escape: in CSV, put a `'` before texts that a spreadsheet would take for a formula.
        progress: called before the first batch and after every one.
        each: given every batch of answers, as they would be written.

    Returns: the counts; `rows` is always `answered + rejected`.
    Raises: InputError: an unknown policy or column, a file that cannot be read or written.
    """
    source = open_source(cases, library, rows)
    for path in (output, rejects_path(output)) if output else ():
        if path.exists() and cases.exists() and os.path.samefile(path, cases):
            raise fault(f"the answers would be written over the cases: `{path}`", "name another file with -o")
    names = [*policies] or [*library.policies]
    if against is not None and against not in names:
        names.append(against)
    decider = Decider(library, source.schema.names, names, readings, strict, keep, parts)
    wanted = {"id", "title", "date", *keep}
    kept = pa.schema([each for each in source.schema if each.name in wanted])
    tally, last = Tally(columns=tuple(source.schema.names)), 0
    if progress:
        progress(source)
    with ExitStack() as stack:
        rejects = stack.enter_context(Target(rejects_path(output), REJECTS, escape)) if output else None
        target = stack.enter_context(Target(output, schema(decider, kept), escape)) if output else None
        for found in source.batches():
            numbers = places(last + 1, found.num_rows, {*(each.row for each in source.broken), *source.blank})
            last = int(numbers[-1]) if len(numbers) else last
            decided = decider.decide(found, 0)
            tally.add(decided, against)
            if rejects is not None and decided.faults:
                faults = _named(decided.faults, found, numbers)
                rejects.write(rejects_batch(faults))
            if target is not None or each is not None:
                answers = _numbered(answered(decider, decided, found, 0, kept), numbers)
                if target is not None:
                    target.write(answers)
                if each is not None:
                    each(answers)
            if progress:
                progress(source)
        broken = len({row.row for row in source.broken})
        tally.rows, tally.rejected = tally.rows + broken, tally.rejected + broken
        if rejects is not None and source.broken:
            rejects.write(rejects_batch(source.broken))
    return tally


def batch_lines(
    library: Library,
    cases: bytes,
    policies: Iterable[str] = (),
    readings: Readings | None = None,
    strict: bool = False,
    keep: Iterable[str] = (),
    parts: Sequence[str] = PARTS,
    rows: int = ROWS,
) -> Iterator[bytes]:
    """The same of NDJSON that is held: the lines that `batch` writes to NDJSON, then a line for each fault of a row.

    A fault's line has `row`, `column`, `value`, `fault` and `hint`; no answer has a `fault`.

    Raises: InputError: as `batch`, before the first line.
    """
    source = Ndjson(cases, rows, library)
    names = [*policies] or [*library.policies]
    decider = Decider(library, source.schema.names, names, readings, strict, keep, parts)
    wanted = {"id", "title", "date", *keep}
    kept = pa.schema([each for each in source.schema if each.name in wanted])
    faults, last = [], 0
    for found in source.batches():
        numbers = places(last + 1, found.num_rows, {*(each.row for each in source.broken), *source.blank})
        last = int(numbers[-1]) if len(numbers) else last
        decided = decider.decide(found, 0)
        faults += _named(decided.faults, found, numbers)
        yield from lines(_numbered(answered(decider, decided, found, 0, kept), numbers))
    faults += source.broken
    if faults:
        yield from lines(rejects_batch(sorted(faults, key=lambda each: each.row)))


def missing_columns(library: Library, tally: Tally) -> Iterator[str]:
    """What is to be said of members that have no column beside others of the request, and how many rows pend for it."""
    vocabulary = library.vocabulary
    left_out = without_column(vocabulary, tally.columns)
    if not left_out:
        return
    pend = max((count[str(slot)] for count in tally.open.values() for slot in left_out), default=0)
    named = ", ".join(map(str, left_out))
    rows = f"; {pend} row{'s' * (pend != 1)} pend for it" if pend else ""
    said = f"a column `{vocabulary.request.many}` gives the whole list"
    yield f"no column {named}: whether these are requested is unknown{rows}; {said}"


def _named(faults: Iterable[Fault], batch: pa.RecordBatch, numbers: NDArray[np.int64]) -> list[Fault]:
    """Faults with the place of their row in the file, and its id."""
    ids = batch.column("id") if "id" in batch.schema.names else None

    def own(row: int) -> str | None:
        value = ids[row].as_py() if ids is not None else None
        return None if value is None else str(value)

    return [replace(each, row=int(numbers[each.row]), id=own(each.row)) for each in faults]


def _numbered(found: pa.RecordBatch, numbers: NDArray[np.int64]) -> pa.RecordBatch:
    rows = numbers[found.column(0).to_numpy()]
    return found.set_column(0, "row", pa.array(rows, pa.int64()))
