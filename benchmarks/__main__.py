"""`python -m benchmarks [NAME ...]`: runs every benchmark, or those named, and writes RESULTS.md.

`python -m benchmarks --against REF` runs the commands that people type at another commit and here, in turns.
Those that only answer yes or no are called by themselves: `python -m benchmarks.fuzz`, `.slips`, `.spark`.
BENCH_FULL=1 adds the runs that take minutes; BENCH_CORE names the core to pin to.
"""

from __future__ import annotations

import importlib
import os
import platform
import sys
import traceback
from dataclasses import replace
from importlib.metadata import version

from benchmarks._table import CORE, FULL, HERE, Table


def machine() -> str:
    """What this ran on."""
    cpu = "?"
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            cpu = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "?")
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{cpu}, {os.cpu_count()} cores, core {CORE} used; Python {platform.python_version()}, clingo {version('clingo')};"
        f" load when this was written {load}. Where other work shares the machine, believe the CPU figures."
    )


def main() -> None:
    names = sorted(path.stem for path in HERE.glob("*.py") if "\ndef run() -> Table:" in path.read_text(encoding="utf-8"))
    arguments = sys.argv[1:]
    ref = ""
    if "--against" in arguments:
        at = arguments.index("--against")
        if len(arguments) == at + 1:
            raise SystemExit("--against names a commit: python -m benchmarks --against HEAD~1")
        ref = arguments[at + 1]
        del arguments[at : at + 2]
    wanted = arguments or ([] if ref else names)
    for name in wanted:
        if name not in names:
            raise SystemExit(f"no benchmark `{name}`: there are {', '.join(names)}")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(CORE) % (os.cpu_count() or 1)})
    failed = []
    for name in wanted:
        print(f"{name} ...", file=sys.stderr, flush=True)
        began = sum(os.times()[:4])
        try:
            _write(importlib.import_module(f"benchmarks.{name}").run(), name)
        except Exception:  # the others are written all the same
            traceback.print_exc()
            failed.append(name)
        print(f"{name}: {sum(os.times()[:4]) - began:.0f} s of CPU", file=sys.stderr, flush=True)
    if ref:
        from benchmarks.commands import against

        _write(against(ref), f"--against {ref}")
    if failed:
        raise SystemExit(f"these could not be measured, and their rows are as they were: {', '.join(failed)}")


def _write(table: Table, words: str) -> None:
    """Print a table with the words that it was asked with, and put it into RESULTS.md in the place of its title's."""
    called = f"`{'BENCH_FULL=1 ' if FULL else ''}python -m benchmarks {words}`."
    made = replace(table, how=f"{table.how} {called}").markdown()
    print(made, flush=True)
    results = HERE / "RESULTS.md"
    kept = results.read_text(encoding="utf-8").split("\n## ")[1:] if results.exists() else []
    tables = {each.split("\n")[0]: f"## {each.rstrip()}\n" for each in kept}
    tables[table.title] = made
    results.write_text("\n".join(["# Measured", "", machine(), "", *tables.values()]), encoding="utf-8")


if __name__ == "__main__":
    main()
