"""Whole-process times of the commands that people type, beside the time it takes to import what they need."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from benchmarks._table import FULL, ROOT, Table, ms, pinned

FLOOR = [sys.executable, "-c", "import clingo, yaml, click"]
EMPTY = "title: nearly nothing is said\nrequest: {date: 2026-12-01}\nfacts: {age: 50 years}\n"
CASE = "cases/founding/document-004.yaml"
COMMANDS: dict[str, list[str]] = {
    f"bvn compare {CASE}": ["compare", CASE],
    f"bvn compare {CASE} --readings chosen": ["compare", CASE, "--readings", "chosen"],
    "bvn explain cases/baseline.yaml cohere-ma": ["explain", "cases/baseline.yaml", "cohere-ma"],
    "bvn policies": ["policies"],
    "bvn facts modic": ["facts", "modic"],
    "bvn report EMPTY -o PAGE": ["report", "EMPTY", "-o", "PAGE"],
    "bvn ask EMPTY": ["ask", "EMPTY"],
    "bvn ask EMPTY --strict": ["ask", "EMPTY", "--strict"],
    "bvn repair EMPTY -p cohere-ma --strict": ["repair", "EMPTY", "-p", "cohere-ma", "--strict"],
}
"""Called as `python -m bvn_asp …`; EMPTY is a chart that says an age and a date."""
SLOW = {"bvn ask EMPTY --strict": 1, "bvn report EMPTY -o PAGE": 3, "bvn ask EMPTY": 3}


def cpu_of(command: Sequence[str], env: Mapping[str, str], where: Path) -> tuple[float, float]:
    """Wall-clock and CPU seconds of a command from start to exit; a command that cannot be asked costs nothing."""
    import time

    wall, before = time.perf_counter(), os.times()
    done = subprocess.run(pinned(command), cwd=where, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return (time.perf_counter() - wall, spent) if done.returncode in (0, 1, 3, 4) else (float("nan"), float("nan"))


def side_by_side(trees: Mapping[str, Path], commands: Mapping[str, list[str]]) -> dict[str, dict[str, tuple[float, float]]]:
    """The medians of each command in each tree, and of the floor, in turns so that a busy machine is busy for all.

    Returns: command to tree to wall-clock and CPU seconds; the tree `floor` is the import.
    """
    found: dict[str, dict[str, tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.yaml"
        empty.write_text(EMPTY, encoding="utf-8")
        places = {"EMPTY": str(empty), "PAGE": f"{folder}/page.html"}
        plain = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "BVN_CACHE")}
        env = {
            name: {**plain, "PYTHONPATH": str(tree), "PYTHONPYCACHEPREFIX": f"{folder}/code", "BVN_CACHE": f"{folder}/{i}"}
            for i, (name, tree) in enumerate(trees.items())
        }
        for said, arguments in commands.items():
            command = [sys.executable, "-m", "bvn_asp", *(places.get(a, a) for a in arguments)]
            taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ("floor", *trees)}
            for turn in range(1 + SLOW.get(said, 5)):
                for name, tree in trees.items():
                    one = cpu_of(command, env[name], tree)
                    if turn:
                        taken[name].append(one)
                if turn:
                    taken["floor"].append(cpu_of(FLOOR, plain, ROOT))
            found[said] = {name: (median(w for w, _ in each), median(c for _, c in each)) for name, each in taken.items()}
    return found


def run() -> Table:
    commands = {name: each for name, each in COMMANDS.items() if FULL or name not in SLOW or SLOW[name] > 1}
    rows = []
    for said, each in side_by_side({"here": ROOT}, commands).items():
        (wall, cpu), (_, floor) = each["here"], each["floor"]
        rows.append([f"`{said}`", ms(wall), ms(cpu), ms(floor), f"{cpu / floor:.1f}"])
    number = len(list((ROOT / "policies").glob("*/policy.yaml")))
    return Table(
        "What a command costs, from start to exit",
        f"{number} policies; medians of five (slow ones of three) after one to warm up, one core, in turns with the floor:"
        " `python -c 'import clingo, yaml, click'`. Called as `python -m bvn_asp`; EMPTY is a chart of an age and a date.",
        ["command", "ms", "ms CPU", "floor, ms CPU", "times the floor, CPU"],
        rows,
    )


def against(ref: str) -> Table:
    """The same commands at another commit, side by side."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        subprocess.run(["git", "worktree", "add", "--detach", str(tree), ref], cwd=ROOT, check=True, capture_output=True)
        try:
            name = subprocess.run(["git", "log", "-1", "--format=%h %s"], cwd=tree, check=True, capture_output=True)
            commands = {k: v for k, v in COMMANDS.items() if FULL or k not in SLOW or SLOW[k] > 1}
            found = side_by_side({"then": tree, "now": ROOT}, commands)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(tree)], cwd=ROOT, check=True)
    rows = []
    for said, each in found.items():
        floor, then, now = each["floor"][1], each["then"][1], each["now"][1]
        slower = "slower" if now > 1.1 * then else "faster" if now < 0.9 * then else "as fast"
        rows.append([f"`{said}`", ms(then), ms(now), f"{now / then:.2f}", f"{now / floor:.1f}", slower])
    return Table(
        "Against an earlier commit",
        f"{name.stdout.decode().strip()}. CPU, medians of five (slow ones of fewer) after one to warm up, in turns on one core.",
        ["command", "then, ms CPU", "now, ms CPU", "now / then", "now / floor", ""],
        rows,
    )
