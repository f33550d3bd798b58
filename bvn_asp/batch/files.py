"""Cases in and answers out: Parquet, CSV, NDJSON, or a folder of YAML cases, a batch at a time.

What is written is written beside its place and moved there at the end, so that a run that breaks leaves what was there
before.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped,import-not-found]
import pyarrow.compute as pc  # type: ignore[import-untyped,import-not-found]
import pyarrow.csv as pa_csv  # type: ignore[import-untyped,import-not-found]
import pyarrow.parquet as pq  # type: ignore[import-untyped,import-not-found]
from numpy.typing import NDArray

from bvn_asp.batch.columns import Fault, check_columns
from bvn_asp.errors import InputError, Place, did_you_mean, fault
from bvn_asp.files import written
from bvn_asp.model.case import Case, Record, entries_data, record_data
from bvn_asp.model.case_reader import load_case, make_case
from bvn_asp.model.library import Library
from bvn_asp.model.values import VALUE_KEYS
from bvn_asp.model.vocabulary import Several

ROWS = 131_072
BLOCK = 1 << 22
FORMATS = {".parquet": "Parquet", ".csv": "CSV", ".ndjson": "NDJSON", ".jsonl": "NDJSON"}


class Source(Protocol):
    """Cases in batches of one schema.

    Attributes:
        total: how many rows there are, or how many bytes; None if nobody knows.
        done: how much of that has been read.
        broken: rows that could not even be split into columns, with their place in the file; those before a batch's
            rows are known when it comes.
        blank: the places of lines that hold nothing, which are no rows and keep their numbers.
    """

    schema: pa.Schema
    total: int | None
    done: int
    broken: list[Fault]
    blank: list[int]

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows that are not broken, in the order of the file."""
        ...


def places(start: int, number: int, left_out: set[int]) -> NDArray[np.int64]:
    """The places in the file of so many rows from a place on, those passed over that are left out."""
    found = np.arange(start, start + number + len(left_out), dtype=np.int64)
    return found[~np.isin(found, list(left_out))][:number] if left_out else found


def kind_of(path: Path) -> str:
    """The format that a path's ending names; a folder is YAML."""
    if path.is_dir() or str(path).endswith(os.sep):
        return "YAML"
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        hint = did_you_mean(path.suffix, FORMATS) or "the endings are " + ", ".join(FORMATS) + "; or a folder of YAML"
        raise fault(f"the ending `{path.suffix}` is no known format", hint, Place(str(path)))
    return kind


def open_source(path: Path, library: Library, rows: int = ROWS) -> Source:
    """The cases of a file or folder.

    Raises: InputError: not there, or not what its ending says.
    """
    if not path.exists():
        raise fault("there is no such file", place=Place(str(path)))
    kind = kind_of(path)
    try:
        if kind == "Parquet":
            return _Parquet(path, rows)
        if kind == "CSV":
            return _Csv(path, rows)
        return Ndjson(path, rows, library) if kind == "NDJSON" else _Folder(path, library)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise fault(f"not a file of {kind}: {str(error).splitlines()[0]}", place=Place(str(path))) from None


class _Parquet:
    def __init__(self, path: Path, rows: int) -> None:
        # buffered ahead, whatever was read would be held to the end of the file
        self.path, self.file = path, pq.ParquetFile(path, pre_buffer=False)
        self.schema, self.rows = self.file.schema_arrow, rows
        self.total: int | None = self.file.metadata.num_rows
        self.done = 0
        self.broken: list[Fault] = []
        self.blank: list[int] = []

    def batches(self) -> Iterator[pa.RecordBatch]:
        rows = self.file.iter_batches(batch_size=self.rows, use_threads=False)
        while True:
            try:
                batch = next(rows, None)
            except (pa.ArrowException, OSError) as error:
                where = f"after row {self.done:,}: {str(error).splitlines()[0]}"
                raise fault(f"the file is damaged {where}", "nothing was written", Place(str(self.path))) from None
            if batch is None:
                return
            self.done += batch.num_rows
            yield batch


class _Csv:
    """CSV as text columns, split by Arrow.

    A row is broken if it has too few or too many fields, is no UTF-8, or holds a field over several lines that could be
    rows of their own: a quote that is not closed swallows all up to the next quote.
    """

    def __init__(self, path: Path, rows: int) -> None:
        self.path = path
        with path.open(encoding="utf-8-sig", newline="") as file:
            import csv

            try:
                names = next(csv.reader(file), [])
            except csv.Error as error:
                raise fault(f"the first line is no line of CSV: {error}", place=Place(str(path), 1)) from None
        if not names:
            raise fault("the file has no first line that names its columns", place=Place(str(path), 1))
        check_columns(names, ())
        self.schema = pa.schema([pa.field(name, pa.string()) for name in names])
        self.total: int | None = path.stat().st_size
        self.done = 0
        self.broken: list[Fault] = []
        self.blank: list[int] = []

    def _odd(self, row: pa_csv.InvalidRow) -> str:
        text = row.text if len(row.text) < 80 else row.text[:77] + "..."
        message = f"{row.actual_columns} fields where the first line has {row.expected_columns}"
        assert row.number is not None
        self.broken.append(Fault(row.number - 1, "", text, message, "quote a field that holds a comma"))
        return "skip"

    def batches(self) -> Iterator[pa.RecordBatch]:
        reader = pa_csv.open_csv(
            self.path,
            read_options=pa_csv.ReadOptions(use_threads=False, block_size=BLOCK),
            parse_options=pa_csv.ParseOptions(invalid_row_handler=self._odd, newlines_in_values=True),
            convert_options=pa_csv.ConvertOptions(
                column_types=pa.schema([pa.field(name, pa.binary()) for name in self.schema.names]),
                strings_can_be_null=True, quoted_strings_can_be_null=True, null_values=[""],
            ),
        )
        last = 0
        while True:
            try:
                batch = next(reader, None)
            except (pa.ArrowException, OSError) as error:
                where = f"after row {last:,}: {str(error).splitlines()[0]}"
                raise fault(f"the file is damaged {where}", "nothing was written", Place(str(self.path))) from None
            if batch is None:
                return
            self.done = min(self.total or 0, self.done + BLOCK)
            numbers = places(last + 1, batch.num_rows, {each.row for each in self.broken})
            last = int(numbers[-1]) if len(numbers) else last
            yield self._texts(batch, numbers)

    def _texts(self, batch: pa.RecordBatch, numbers: NDArray[np.int64]) -> pa.RecordBatch:
        """The batch as text, without the rows that are broken inside."""
        wrong: dict[int, Fault] = {}
        for name, column in zip(self.schema.names, batch.columns, strict=True):
            try:
                pc.cast(column, pa.string())
            except pa.ArrowInvalid:
                for row, value in enumerate(column.to_pylist()):
                    if value is not None and not _is_text(value):
                        shown = value.decode("utf-8", "backslashreplace")[:80]
                        message = "not text in UTF-8"
                        wrong.setdefault(row, Fault(int(numbers[row]), name, shown, message, "save the file as UTF-8"))
            several = pc.fill_null(pc.match_substring(column, b"\n"), False)
            for row in map(int, np.flatnonzero(several.to_numpy(zero_copy_only=False))):
                lines = column[row].as_py().decode("utf-8", "backslashreplace").splitlines()
                if any(line.count(",") >= len(self.schema) - 1 for line in lines[1:]) and len(self.schema) > 1:
                    message = f"a quote opens here and closes {len(lines) - 1} lines on, so those are not read as rows"
                    found = Fault(int(numbers[row]), name, lines[0][:80], message, "close the quote, or take it out")
                    wrong.setdefault(row, found)
        if wrong:
            self.broken += [wrong[row] for row in sorted(wrong)]
            batch = batch.filter(pa.array([row not in wrong for row in range(batch.num_rows)]))
        return batch.cast(self.schema)


class Ndjson:
    """One JSON object a line, in a file or held; `{"slip": {"A": "yes"}}` is the same as `{"slip.A": "yes"}`.

    A case in its own shape is read as a case file is, with all that it may leave to be concluded.
    """

    def __init__(self, path: Path | bytes, rows: int, library: Library) -> None:
        self.path, self.rows, self.library = path, rows, library
        self.total: int | None = len(path) if isinstance(path, bytes) else path.stat().st_size
        self.done = 0
        self.broken: list[Fault] = []
        self.blank: list[int] = []
        names: dict[str, None] = {}
        for line in self._lines():
            names.update(dict.fromkeys(line))
        self.schema = pa.schema([pa.field(name, pa.string()) for name in names])
        self.done = 0
        self.broken = []
        self.blank = []

    def _lines(self) -> Iterator[dict[str, str | None]]:
        with io.BytesIO(self.path) if isinstance(self.path, bytes) else self.path.open("rb") as file:
            number = 0
            for line in file:
                self.done += len(line)
                number += 1
                if not line.strip():
                    self.blank.append(number)
                    continue
                try:
                    said = json.loads(line, parse_float=str, object_pairs_hook=_once)
                    found = _whole(said, self.library) if _is_whole(said) else _flat(said)
                except (ValueError, AttributeError, RecursionError) as error:
                    shown = line.decode("utf-8", "replace").strip()[:80]
                    why = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
                    self.broken.append(Fault(number, "", shown, f"not a JSON object: {why}"))
                    continue
                except InputError as error:
                    own = None if said.get("id") is None else str(said["id"])
                    title = "" if own else str(said.get("title") or "")
                    self.broken += [Fault(number, "", title, each.message, each.hint, own) for each in error.faults]
                    continue
                yield found

    def batches(self) -> Iterator[pa.RecordBatch]:
        rows: list[dict[str, str | None]] = []
        for line in self._lines():
            rows.append(line)
            if len(rows) >= self.rows:
                yield self._batch(rows)
                rows = []
        if rows:
            yield self._batch(rows)

    def _batch(self, rows: list[dict[str, str | None]]) -> pa.RecordBatch:
        return pa.RecordBatch.from_arrays(
            [pa.array([row.get(name) for row in rows], pa.string()) for name in self.schema.names], schema=self.schema
        )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON in which no key stands twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"`{next(name for name in names if names.count(name) > 1)}` stands in it twice")
    return found


def _is_text(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def _flat(line: Any) -> dict[str, str | None]:
    """A line's values by the names of columns, each as a case file would write it."""
    if not isinstance(line, dict):
        raise ValueError("it is " + ("a list" if isinstance(line, list) else "one value"))
    found: dict[str, str | None] = {}
    for name, value in line.items():
        if isinstance(value, dict) and not set(value) & {*_VALUE_KEYS, "at"}:
            cells = {}
            for member, each in value.items():
                inside = each.get("somewhere") if isinstance(each, dict) and len(each) == 1 else None
                key = f"{name}.{member}" if inside is None else f"{name}.somewhere in {member}"
                cells[key] = _cell(each if inside is None else inside)
        else:
            cells = {name: _cell(value)}
        for key, cell in cells.items():
            if key in found:
                raise ValueError(f"it says `{key}` twice")
            _check_text(key, cell)
            found[key] = cell
    return found


_VALUE_KEYS = {*VALUE_KEYS, "evidence"}
_TEXTS = ("about", "source", "hypothetical", "expect")


def _is_whole(line: Any) -> bool:
    """Whether a line is a case in its own shape."""
    return isinstance(line, dict) and any(isinstance(line.get(key), dict) for key in ("request", "facts"))


def _whole(line: dict[str, Any], library: Library) -> dict[str, str | None]:
    """The same of a case in its own shape; what else stands beside it is handed on."""
    own: dict[str, Any] = {"title": "a case"}
    own |= {key: line[key] for key in ("title", "request", "facts") if key in line}
    beside = {key: value for key, value in line.items() if key not in own and key not in _TEXTS}
    found = _flat(beside) | _row(make_case(library.vocabulary, own), library)
    for key, cell in found.items():
        _check_text(key, cell)
    return found | {"title": line.get("title")}


def _row(case: Case, library: Library) -> dict[str, str | None]:
    """A case by the names of columns."""
    dated = {each.age_of for each in library.vocabulary.ages}  # of these the documents' dates are asked
    told = [each for each in case.records if not each.somewhere and not each.derived]
    row: dict[str, str | None] = {"title": case.title, "date": case.date.isoformat() if case.date else None}
    row |= {str(each.slot): _cell(record_data(each, each.slot.fact in dated)) for each in told}
    done, _ = entries_data(case, library.vocabulary, with_evidence=False)
    row |= {name: json.dumps(entries) for name, entries in done.items()}
    return row | {str(each.slot): _several_cell(each) for each in case.several}


def _check_text(key: str, cell: str | None) -> None:
    """Half a character, as JSON can spell it, is no text that can be written anywhere."""
    try:
        key.encode()
        (cell or "").encode()
    except UnicodeEncodeError:
        raise ValueError(f"`{key.encode('ascii', 'backslashreplace').decode()}` holds half a character") from None


def _cell(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)


def _several_cell(record: Record) -> str | None:
    """What is said of several slots, as a cell."""
    data, slot = record_data(record, with_evidence=False), record.slot
    assert isinstance(slot, Several)
    if slot.least > 1 or slot.most is not None:
        key = "count" if slot.most is None else "exactly"
        data = {**(data if isinstance(data, dict) else {"value": data}), key: slot.least}
    return _cell(data)


class _Folder:
    """Every YAML case below a folder; one that cannot be read is broken."""

    def __init__(self, path: Path, library: Library) -> None:
        self.files = sorted([*path.rglob("*.yaml"), *path.rglob("*.yml")])
        if not self.files:
            raise fault("the folder holds no YAML case", place=Place(str(path)))
        self.total: int | None = len(self.files)
        self.done = 0
        self.broken: list[Fault] = []
        self.blank: list[int] = []
        self.batch = self._read(path, library)
        self.schema = self.batch.schema

    def _read(self, folder: Path, library: Library) -> pa.RecordBatch:
        rows: list[dict[str, str | None]] = []
        for number, path in enumerate(self.files, 1):
            name = str(path.relative_to(folder))
            try:
                case = load_case(path, library.vocabulary)
            except InputError as error:
                for each in error.faults:
                    where = f"{name}:{each.place.line}:{each.place.column}" if each.place.line else name
                    own = name.removesuffix(path.suffix)
                    self.broken.append(Fault(number, "", where, each.message, each.hint, own))
                continue
            rows.append({"id": name.removesuffix(path.suffix), **_row(case, library)})
        names = dict.fromkeys(name for row in rows for name in row) or {"id": None}
        schema = pa.schema([pa.field(name, pa.string()) for name in names])
        return pa.RecordBatch.from_arrays(
            [pa.array([row.get(name) for row in rows], pa.string()) for name in names], schema=schema
        )

    def batches(self) -> Iterator[pa.RecordBatch]:
        self.done = len(self.files)
        yield self.batch


# -- writing -----------------------------------------------------------------------------------


class Target:
    """A file of answers that is there whole or not at all: use it as a context.

    Args:
        escape: in CSV, put a `'` before texts that a spreadsheet would take for a formula.
    """

    def __init__(self, path: Path, schema: pa.Schema, escape: bool = True) -> None:
        self.path, self.kind, self._escape = path, kind_of(path), escape
        if self.kind == "YAML":
            raise fault("answers are written to one file", "end it in " + ", ".join(FORMATS), Place(str(path)))
        self._schema = schema
        self._written = written(path)

    def _writer(self, schema: pa.Schema) -> tuple[Callable[[pa.RecordBatch], None], Callable[[], None]]:
        if self.kind == "Parquet":
            words = [f.name for f in schema if pa.types.is_dictionary(f.type) or pa.types.is_string(f.type)]
            number = schema.names[:1]  # the row: rising by one, so its differences are what is worth writing
            parquet = pq.ParquetWriter(
                self._file, schema, compression="zstd", use_dictionary=words, write_statistics=number,
                column_encoding={number[0]: "DELTA_BINARY_PACKED"},
            )
            return (lambda batch: parquet.write_batch(batch)), parquet.close
        if self.kind == "CSV":
            plain = pa.schema([pa.field(f.name, _undictionaried(f.type)) for f in schema])
            csv = pa_csv.CSVWriter(self._file, plain)
            return (lambda batch: csv.write_batch(self._harmless(batch.cast(plain)))), csv.close

        return (lambda batch: self._file.writelines(lines(batch))), lambda: None

    def _harmless(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Texts that a spreadsheet would compute, with a sign before them that makes them texts."""
        if not self._escape:
            return batch
        columns = []
        for column in batch.columns:
            if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
                risky = pc.match_substring_regex(column, r"^[=+\-@\t\r]")
                number = pc.match_substring_regex(column, r"^[+\-]?[0-9.,eE+\-]+$")
                column = pc.if_else(pc.and_not(risky, number), pc.binary_join_element_wise("'", column, ""), column)
            columns.append(column)
        return pa.RecordBatch.from_arrays(columns, schema=batch.schema)

    def write(self, batch: pa.RecordBatch) -> None:
        """Write one more batch."""
        self._write(batch)

    def __enter__(self) -> Target:
        self._file = self._written.__enter__()
        try:
            self._write, self._finish = self._writer(self._schema)
        except BaseException as error:
            self._written.__exit__(type(error), error, error.__traceback__)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._finish()
        except (OSError, pa.ArrowException) as late:
            if kind is None:
                self._written.__exit__(type(late), late, late.__traceback__)
                raise fault(f"cannot write the file: {late}", place=Place(str(self.path))) from None
        self._written.__exit__(kind, error, trace)


def lines(batch: pa.RecordBatch) -> Iterator[bytes]:
    """Rows as NDJSON, line by line."""
    for row in batch.to_pylist():
        yield json.dumps(row, default=str, ensure_ascii=False).encode() + b"\n"


_REJECT = ("id", "column", "value", "fault", "hint")
REJECTS = pa.schema([("row", pa.int64()), *((name, pa.string()) for name in _REJECT)])


def rejects_path(path: Path) -> Path:
    """Where the rejects of an output go: `out.parquet` has `out.parquet.rejects.csv`, which no other output has."""
    return path.with_name(f"{path.name}.rejects.csv")


def rejects_batch(faults: list[Fault]) -> pa.RecordBatch:
    """Faults as rows."""
    names: Mapping[str, Callable[[Fault], object]] = {
        "row": lambda f: f.row,
        "id": lambda f: f.id,
        "column": lambda f: f.column,
        "value": lambda f: f.value,
        "fault": lambda f: f.message,
        "hint": lambda f: f.hint,
    }
    columns = [pa.array([get(f) for f in faults], REJECTS.field(name).type) for name, get in names.items()]
    return pa.RecordBatch.from_arrays(columns, schema=REJECTS)


def _undictionaried(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind
