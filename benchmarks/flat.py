"""Does the memory of a process that stays creep? Charts that all differ, read and evaluated one after the other.

    python -m benchmarks flat          some hundred charts
    python -m benchmarks.flat 100000   so many
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks._table import FULL, ROOT, Table
from benchmarks._written import rows as written_rows
from benchmarks.agreement import MISSING, agree
from bvn_asp import Library
from bvn_asp.cases.evaluate import Evaluator
from bvn_asp.errors import InputError

POLICIES = ("lcd-l39642", "highmark-wy-15-01-004", "kaiser-wa")
CHARTS = 100_000 if FULL else 300
LOT = 100
FORGET = 1_000
SHOWN = (100, 1_000, 2_000, 5_000, 10_000, 20_000, 40_000, 60_000, 80_000, 100_000)


def run(charts: int = CHARTS) -> Table:
    library = Library(ROOT / "policies")
    evaluators = [Evaluator(library, library.revisions([name])) for name in POLICIES]
    made, refused, began = [], 0, time.process_time()
    for number, (which, chart) in enumerate(_charts(library, charts), 1):
        try:
            evaluators[which].evaluate(library.case(chart))
        except InputError:
            refused += 1
        if number % FORGET == 0:
            library.forget()
        if number in SHOWN or number == charts:
            made.append([f"{number:,}", f"{_resident():.1f}", f"{time.process_time() - began:,.0f}"])
            print(" | ".join(made[-1]), flush=True)
    return Table(
        "Memory of the Python API in one process",
        f"{charts:,} charts, each another, a quarter each with {', '.join(f'{m:.0%}' for m in MISSING)} of the values left"
        f" out and every kind of record among them, in turns for {', '.join(POLICIES)}: `Library.case`, then"
        f" `Evaluator.evaluate`, which refused {refused:,} that nobody can be. `Library.forget` each {FORGET:,} charts.",
        ["charts", "MiB", "CPU s"],
        made,
    )


def _charts(library: Library, most: int) -> Iterator[tuple[int, dict[str, object]]]:
    """So many different charts, each with the number of the policy that is asked."""
    vocabulary, base = library.vocabulary, library.case(ROOT / "cases" / "baseline.yaml")
    limits = []
    for name in POLICIES:
        found: dict[str, list[object]] = {}
        for each in library.revision(name).rules.limits:
            found.setdefault(each.fact, []).append(each.quantity)
        limits.append(found)
    for lot in range(-(-most // LOT)):
        which, facts = lot % len(POLICIES), library.revision(POLICIES[lot % len(POLICIES)]).rules.facts
        missing = MISSING[lot // len(POLICIES) % len(MISSING)]
        for row in written_rows(vocabulary, facts, limits[which], base, min(LOT, most - lot * LOT), missing, lot):
            yield which, agree.as_chart(row, vocabulary.request.many, row["date"])


def _resident() -> float:
    """How much memory the process holds, in MiB."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    print(run(int(sys.argv[1]) if len(sys.argv) > 1 else CHARTS).markdown())
