"""One approvable case with the pain's duration taken out, then misspelt: what does each engine say?"""

from __future__ import annotations

import subprocess
import sys

from benchmarks._table import HERE, Table
from benchmarks.side_by_side import cases


def run() -> Table:
    cases()
    done = subprocess.run([sys.executable, "probe_missing.py"], cwd=HERE / "peers", capture_output=True, text=True)
    rows, absent = [], []
    for line in done.stdout.splitlines():
        name, missing, rest = line.partition(" missing: ")
        if "ModuleNotFoundError" in missing + rest:
            absent.append(f"{name.strip()}: not installed (`pip install 'bvn-asp[bench]'`)")
        elif missing:
            said, _, misspelt = rest.partition(" misspelt: ")
            rows.append([name.strip(), said.strip().replace("|", "\\|"), misspelt.strip().replace("|", "\\|")])
    notes = absent if done.returncode == 0 and rows else [f"stopped: {done.stderr.strip()[-200:]}"]
    return Table(
        "The missing fact",
        "An approvable case without the duration of pain, and with `pain_month` for `pain_months`. To approve is the"
        " dangerous answer: nobody said how long the pain has lasted. To deny is not true either: nobody said it was short.",
        ["engine", "duration missing", "duration misspelt"],
        rows,
        notes,
    )
