"""A benchmark's result, and the clock."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
FULL = os.environ.get("BENCH_FULL") == "1"  # also what takes minutes or gigabytes
CORE = os.environ.get("BENCH_CORE", "1")


@dataclass(frozen=True)
class Table:
    """What one benchmark found.

    Attributes:
        title: the question it answers.
        how: how it was measured, in a sentence or two.
        notes: what did not run, and why.
    """

    title: str
    how: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()

    def markdown(self) -> str:
        lines = [f"## {self.title}", "", self.how, ""]
        lines.append("| " + " | ".join(self.head) + " |")
        lines.append("| " + " | ".join(["---"] + ["---:"] * (len(self.head) - 1)) + " |")
        lines += ["| " + " | ".join(row) + " |" for row in self.rows]
        lines += ["", *(f"- {note}" for note in self.notes)] if self.notes else []
        return "\n".join(lines) + "\n"


def median_of(function: Callable[[], object], rounds: int = 5, warm: bool = True) -> tuple[float, float]:
    """The median wall-clock and CPU seconds of some calls."""
    if warm:
        function()
    walls, cpus = [], []
    for _ in range(rounds):
        gc.collect()
        wall, cpu = time.perf_counter(), time.process_time()
        function()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return statistics.median(walls), statistics.median(cpus)


def whole_process(command: Sequence[str], rounds: int = 5) -> tuple[float, float]:
    """The median wall-clock and CPU seconds of a command from start to exit, after one run to warm the disk."""
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    walls, cpus = [], []
    for _ in range(rounds):
        wall, before = time.perf_counter(), os.times()
        subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        after = os.times()
        walls.append(time.perf_counter() - wall)
        cpus.append(after.children_user + after.children_system - before.children_user - before.children_system)
    return statistics.median(walls), statistics.median(cpus)


def pinned(command: Sequence[str]) -> list[str]:
    """A command on one core, where the machine has `taskset`."""
    from shutil import which

    return ["taskset", "-c", CORE, *command] if which("taskset") else list(command)


def bvn(*arguments: str) -> list[str]:
    """The command that people type."""
    return [sys.executable, "-m", "bvn_asp", *arguments]


def ms(seconds: float) -> str:
    """Seconds as milliseconds."""
    return f"{seconds * 1000:,.1f}" if seconds < 0.1 else f"{seconds * 1000:,.0f}"
