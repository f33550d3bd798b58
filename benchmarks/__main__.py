"""`python -m benchmarks [NAME ...]`: runs every benchmark, or those named, and writes RESULTS.md.

BENCH_FULL=1 adds the runs that take minutes; BENCH_CORE names the core to pin to.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import platform
import sys
from importlib.metadata import version

from benchmarks._table import CORE, HERE, Table


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
    names = [each.name for each in pkgutil.iter_modules([str(HERE)]) if not each.name.startswith("_") and not each.ispkg]
    wanted = sys.argv[1:] or names
    for name in wanted:
        if name not in names:
            raise SystemExit(f"no benchmark `{name}`: there are {', '.join(names)}")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(CORE) % (os.cpu_count() or 1)})
    kept = HERE / "results.json"
    fresh = {}
    for name in wanted:
        print(f"{name} ...", file=sys.stderr, flush=True)
        table = importlib.import_module(f"benchmarks.{name}").run()
        assert isinstance(table, Table)
        fresh[name] = table.markdown()
        print(fresh[name], flush=True)
    tables = {**(json.loads(kept.read_text()) if kept.exists() else {}), **fresh}
    kept.write_text(json.dumps(tables, indent=1) + "\n")
    shown = [tables[name] for name in names if name in tables]
    (HERE / "RESULTS.md").write_text("\n".join(["# Measured", "", machine(), "", *shown]))


if __name__ == "__main__":
    main()
