"""`python -m benchmarks [NAME ...]`: runs every benchmark, or those named, and writes RESULTS.md.

`python -m benchmarks --against REF` runs the commands that people type at another commit and here, in turns.
BENCH_FULL=1 adds the runs that take minutes; BENCH_CORE names the core to pin to.
"""

from __future__ import annotations

import importlib
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
    fresh = {}
    for name in wanted:
        print(f"{name} ...", file=sys.stderr, flush=True)
        table = importlib.import_module(f"benchmarks.{name}").run()
        assert isinstance(table, Table)
        fresh[name] = table.markdown()
        print(fresh[name], flush=True)
    if ref:
        from benchmarks.commands import against

        fresh["against"] = against(ref).markdown()
        print(fresh["against"], flush=True)
    results = HERE / "RESULTS.md"
    kept = results.read_text(encoding="utf-8").split("\n## ")[1:] if results.exists() else []
    tables = {each.split("\n")[0]: f"## {each.rstrip()}\n" for each in kept}
    tables |= {each.split("\n")[0].removeprefix("## "): each for each in fresh.values()}
    results.write_text("\n".join(["# Measured", "", machine(), "", *tables.values()]), encoding="utf-8")


if __name__ == "__main__":
    main()
