"""How many cases a second `bvn batch` decides, and how cost grows from a thousand to ten million."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks._cases import write
from benchmarks._table import FULL, ROOT, Table, bvn, median_of, pinned
from bvn_asp import Library
from bvn_asp.batch.decide import Decider
from bvn_asp.batch.files import ROWS

POLICY = "cohere-ma"
SIZES = (1_000, 10_000, 100_000, 1_000_000, *((10_000_000,) if FULL else ()))
PARTIAL = 0.1
EVERYTHING = ("verdict", "blamed", "open", "statuses")
MOST = (1_000_000, 100_000)  # everything is asked of no more cases than these, complete and partial: it takes minutes


def run() -> Table:
    library = Library(ROOT / "policies")
    revision = library.revision(POLICY)
    base = library.case(ROOT / "cases" / "baseline.yaml")
    facts = frozenset(f for f in revision.rules.facts if library.vocabulary.facts[f].type != "count")
    rows, notes = [], []
    with tempfile.TemporaryDirectory() as folder:
        for partial in (0.0, PARTIAL):
            for size in SIZES:
                path = Path(folder) / "cases.parquet"
                write(path, library, facts, base, size, partial)
                batches = list(pq.ParquetFile(path).iter_batches(batch_size=ROWS)) if size <= 1_000_000 else []
                cells = [f"{size:,} {'partial' if partial else 'complete'}"]
                for parts in (("verdict",), EVERYTHING):
                    if parts == EVERYTHING and size > MOST[partial > 0]:
                        cells += ["", "", ""]
                        continue
                    if batches:
                        decider = Decider(library, batches[0].schema.names, [POLICY], parts=parts)
                        solved = []

                        def decide(decider: Decider = decider, solved: list[int] = solved, batches: list = batches) -> None:
                            solved[:] = [decider.decide(each).solved for each in batches]

                        _, cpu = median_of(decide, rounds=3 if size > 10_000 else 5)
                        cells.append(f"{size / cpu:,.0f}")
                    else:
                        cells.append("")
                    seconds, peak, note = whole(path, parts)
                    cells += [f"{size / seconds:,.0f}", f"{peak:,.0f}"]
                    if note:
                        notes.append(f"{cells[0]}: {note}")
                cells.append(f"{sum(solved):,}" if cells[4] else "")
                rows.append(cells)
                print(cells, flush=True)
                path.unlink()
    head = ["cases", "verdict: cases/CPU s in memory", "Parquet to Parquet, cases/s", "peak MiB",
            "everything: cases/CPU s in memory", "Parquet to Parquet, cases/s", "peak MiB", "to the solver"]
    entries = len(revision.rules.entries)
    return Table(
        "How many cases a second",
        f"`bvn batch -p {POLICY}`, {entries} entries; complete cases, and cases with {PARTIAL:.0%} of all values left out. In"
        " memory: from Arrow batches to verdicts (and statuses, blame, open facts) as arrays, medians of 3 to 5. Parquet to"
        " Parquet: the whole process, once, start-up included, one core.",
        head, rows, notes,
    )

# A small process in between: a child is charged with the memory of the process that it was split off from.
APART = """
import resource, subprocess, sys, time
began = time.perf_counter()
subprocess.run(sys.argv[1:])
print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def whole(path: Path, parts: tuple[str, ...]) -> tuple[float, float, str]:
    """Seconds, peak MiB, and what went wrong."""
    out = path.with_name("answers.parquet")
    command = pinned(bvn("batch", str(path), "-p", POLICY, "-o", str(out), "--parts", ",".join(parts)))
    done = subprocess.run([sys.executable, "-c", APART, *command], cwd=ROOT, capture_output=True, text=True)
    text, (seconds, peak) = done.stdout + done.stderr, done.stdout.splitlines()[-1].split()
    answered = re.search(r"([\d,]+) answered, ([\d,]+) rejected", text)
    out.unlink(missing_ok=True)
    wrong = "" if answered else text.strip()[-200:]
    return float(seconds), float(peak) / 1024, wrong


if __name__ == "__main__":
    print(run().markdown())
