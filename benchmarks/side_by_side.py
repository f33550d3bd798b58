"""The same ten-criterion policy and the same 10,000 cases in what a user would pick instead, in one run.

Every engine's answers (the criteria that are not met, case by case) are held against one oracle in every timed pass; a
wrong answer stops it. See `peers/README.md`.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys

from benchmarks._table import HERE, Table, pinned

PEERS = HERE / "peers"
RUNS = {  # file: the package it needs, and its modes
    "bvn": ("bvn_asp", ["batch", "evaluate"]),
    "python": ("sys", []),
    "openfisca": ("openfisca_core", ["vector"]),
    "zen": ("zen", ["single", "batch"]),
    "cedarpy": ("cedarpy", ["parsed", "batch"]),
    "regopy": ("regopy", ["query"]),
    "z3": ("z3", ["subst"]),
    "clips": ("clips", []),
    "clingo": ("clingo", ["fresh", "assumptions", "batch1000-nosolve"]),
}


def cases() -> None:
    """Write the cases, if they are not there."""
    if not (PEERS / "cases.json").exists():
        subprocess.run([sys.executable, "gen_cases.py"], cwd=PEERS, check=True, capture_output=True)


def run() -> Table:
    cases()
    results = PEERS / "results"
    notes = []
    found: dict[str, dict[str, object]] = {}
    for name, (package, modes) in RUNS.items():
        if importlib.util.find_spec(package) is None:
            notes.append(f"{name}: not installed (`pip install 'bvn-asp[bench]'`)")
            continue
        for old in results.glob("*.json"):
            old.unlink()
        done = subprocess.run(
            pinned([sys.executable, f"bench_{name}.py", *modes]), cwd=PEERS, capture_output=True, text=True
        )
        if done.returncode:
            notes.append(f"{name}: stopped: {(done.stderr.strip() or done.stdout.strip()).splitlines()[-1][:200]}")
        for path in sorted(results.glob("*.json")):
            found[path.stem] = json.loads(path.read_text())
            print(found[path.stem]["peer"], found[path.stem]["per_cpu_s"], flush=True)
    rows = []
    for each in sorted(found.values(), key=lambda r: -float(str(r["per_s_prepared"] or r["per_s"]))):
        ready = each["per_s_prepared"]
        rows.append(
            [
                str(each["peer"]),
                f"{each['per_cpu_s']:,.0f}",
                f"{each['per_s']:,.0f}",
                f"{ready:,.0f}" if ready else "",
                f"{each['cases']:,}",
                str(each["how"]),
            ]
        )
    return Table(
        "Side by side: ten criteria, 10,000 synthetic cases",
        "*From the case*: starts at a Python dict and ends with the list of unmet criteria. *Input ready*: the engine's own"
        " input is built before the clock starts (columns for bvn-asp and OpenFisca). Medians of five passes after a warm-up,"
        " one core; 1,000 cases where an engine is slow.",
        ["engine", "from the case, per CPU s", "from the case, per s", "input ready, per s", "cases", "how it was called"],
        rows,
        notes,
    )
