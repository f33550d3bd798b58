"""The partial, everything case on Apache Spark in local mode with two workers, held to `bvn batch` row for row.

    python -m benchmarks.spark --rows 400000     needs pip install 'bvn-asp[spark]' and Java 17
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks._cases import columns as cases_of
from benchmarks._table import ROOT
from benchmarks.throughput import PARTIAL, POLICY
from bvn_asp import Library
from bvn_asp.batch import batch
from bvn_asp.batch.decide import PARTS
from bvn_asp.batch.spark import answers, columns, flat

PER_FILE = 65_536


def write(folder: Path, library: Library, rows: int) -> None:
    """Cases with an id, with names as Spark wants them, in several files; and the same for `bvn batch`."""
    base = library.case(ROOT / "cases" / "baseline.yaml")
    facts = frozenset(
        f for f in library.revision(POLICY).rules.facts if library.vocabulary.facts[f].type != "count"
    )
    (folder / "cases").mkdir()
    plain = None
    for i, start in enumerate(range(0, rows, PER_FILE)):
        size = min(PER_FILE, rows - start)
        lot = cases_of(library, facts, base, size, PARTIAL, i)
        lot = lot.add_column(0, "id", pa.array([f"{start + row}" for row in range(size)]))
        plain = plain or pq.ParquetWriter(folder / "plain.parquet", lot.schema)
        plain.write_batch(lot)
        table = pa.Table.from_batches([lot]).rename_columns([flat(name) for name in lot.schema.names])
        pq.write_table(table, folder / "cases" / f"{i:04}.parquet")
    assert plain is not None
    plain.close()


class Workers(threading.Thread):
    """Watches the Python workers that Spark starts: how many there were at once, and the most memory of one, in MiB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self.most, self.ended = 0.0, 0, threading.Event()

    def run(self) -> None:
        while not self.ended.wait(0.2):
            found = []
            for path in Path("/proc").glob("[0-9]*"):
                try:
                    if b"pyspark.daemon" in (path / "cmdline").read_bytes():
                        said = dict(line.split(":", 1) for line in (path / "status").read_text().splitlines())
                        found.append(int(said["VmHWM"].split()[0]) / 1024)
                except (OSError, KeyError, ValueError):
                    continue
            self.peak = max([self.peak, *found])
            self.most = max(self.most, len(found) - 1)  # one is the daemon that starts the others


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=400_000)
    rows = parser.parse_args().rows
    from pyspark.sql import SparkSession

    library = Library(ROOT / "policies")
    os.environ.update(PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, library, rows)
        began = time.process_time()
        batch(library, folder / "plain.parquet", folder / "plain-answers.parquet", [POLICY], parts=PARTS)
        alone = time.process_time() - began
        builder = SparkSession.builder.master("local[2]").appName("bvn-asp").config("spark.ui.enabled", "false")
        builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.sql.warehouse.dir", name)
        spark = builder.config("spark.driver.memory", "1g").getOrCreate()
        workers = Workers()
        workers.start()
        try:
            frame = spark.read.parquet(str(folder / "cases"))
            partitions = frame.rdd.getNumPartitions()
            ask = answers(frame.columns, [POLICY], kept={"id": "string"})
            began = time.perf_counter()
            spelled = columns(frame.columns, [POLICY], kept={"id": "string"})
            frame.mapInArrow(ask, spelled).write.parquet(str(folder / "answers"))
            seconds = time.perf_counter() - began
        finally:
            workers.ended.set()
            spark.stop()
        differ = compared(pq.read_table(folder / "plain-answers.parquet"), pq.read_table(folder / "answers"))
    print(
        f"{rows:,} partial cases, everything, {partitions} partitions, {workers.most} Python workers of at most"
        f" {workers.peak:,.0f} MiB: {seconds:.1f} s, {rows / seconds:,.0f} a second; `bvn batch` alone {alone:.1f} s of CPU;"
        f" {differ} rows differ"
    )
    raise SystemExit(differ > 0)


def compared(plain: pa.Table, spark: pa.Table) -> int:
    """How many rows are answered otherwise; rows that are rejected are not in the one and have a fault in the other."""
    both: list[dict[str, tuple[object, ...]]] = []
    names = [name for name in plain.schema.names if name not in ("row", "id")]
    for table, listed in ((plain, names), (spark, [flat(name) for name in names])):
        texts = [table.column(name).cast(pa.string()).to_pylist() for name in listed]
        both.append(dict(zip(table.column("id").to_pylist(), zip(*texts, strict=True), strict=True)))
    faults = dict(zip(spark.column("id").to_pylist(), spark.column("fault").to_pylist(), strict=True))
    return sum(both[0].get(row) != (None if fault else both[1][row]) for row, fault in faults.items())


if __name__ == "__main__":
    main()
