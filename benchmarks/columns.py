"""From prepared columns, and from a Parquet file, to answers as columns: bvn-asp beside the fastest vectorised peer."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks._table import Table, pinned
from benchmarks.side_by_side import PEERS, cases

WAYS = {
    "bvn": "bvn_asp",
    "bvn-bytes": "bvn_asp",
    "openfisca": "openfisca_core",
    "numpy": "numpy",
    "zen": "zen",
    "copy": "numpy",
}
TITLES = {
    "bvn": "**bvn-asp**, answers as Arrow Boolean columns (bits)",
    "bvn-bytes": "**bvn-asp**, answers as NumPy columns (bytes)",
    "openfisca": "OpenFisca (bytes)",
    "numpy": "NumPy by hand, the policy in Python (bytes)",
    "zen": "zen-engine",
    "copy": "the same columns copied, nothing decided (the memory's bandwidth)",
}


def run() -> Table:
    cases()
    notes, rows = [], []
    found: dict[tuple[str, int], dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in (10_000, 1_000_000):
            path = Path(folder) / f"cases-{size}.parquet"
            subprocess.run([sys.executable, "columns_of.py", "write", str(path), str(size)], cwd=PEERS, check=True)
            for way, package in WAYS.items():
                if importlib.util.find_spec(package) is None:
                    notes.append(f"{way}: not installed")
                    continue
                if way == "zen" and size > 10_000:
                    continue
                done = subprocess.run(
                    pinned([sys.executable, "columns_of.py", way, str(path), str(size)]), cwd=PEERS, capture_output=True,
                    text=True, env={**os.environ, "PYTHONWARNINGS": "ignore", "OMP_NUM_THREADS": "1"},
                )
                if done.returncode:
                    notes.append(f"{way}, {size:,}: stopped: {done.stderr.strip()[-300:]}")
                    continue
                found[way, size] = json.loads(done.stdout.strip().splitlines()[-1])
                print(way, size, found[way, size], flush=True)
    for (way, size), each in found.items():
        ours = found.get(("bvn", size), each)
        rows.append(
            [
                TITLES[way], f"{size:,}",
                f"{each['columns'] * 1000:,.1f}" if each["columns"] else "",
                f"{each['columns'] / ours['columns']:,.1f}" if each["columns"] else "",
                f"{each['parquet'] * 1000:,.1f}",
                f"{each['parquet'] / ours['parquet']:,.1f}",
            ]
        )
    return Table(
        "From columns to columns",
        "Ten statuses and a verdict a case as columns, in the form that each engine gives; for bvn-asp also in bytes, as the"
        " peers give them. The number approved, and the number unmet of each criterion, are checked. *From columns*: from"
        " columns in memory. *From Parquet*: read the file, decide, write a Parquet file of answers. Each in a process of its"
        " own, one core, medians of five, milliseconds of CPU.",
        ["engine", "cases", "from columns, ms", "times ours", "Parquet to Parquet, ms", "times ours"],
        rows,
        notes,
    )


