"""Whole-process times of the commands that people type, beside the time it takes to import what they need."""

from __future__ import annotations

import sys

from benchmarks._table import ROOT, Table, bvn, ms, pinned, whole_process


def run() -> Table:
    case = "cases/baseline.yaml"
    first = next(iter(sorted((ROOT / "policies").glob("cohere-ma/policy.yaml"))), None)
    policy = first.parent.name if first else "cohere-ma"
    commands = {
        "`python -c pass`": [sys.executable, "-c", "pass"],
        "`python -c 'import clingo, yaml, click'` (the floor)": [sys.executable, "-c", "import clingo, yaml, click"],
        "`bvn --version`": bvn("--version"),
        f"`bvn compare {case}` (all policies)": bvn("compare", case),
        f"`bvn compare {case} --readings chosen`": bvn("compare", case, "--readings", "chosen"),
        f"`bvn explain {case} {policy}`": bvn("explain", case, policy),
        "`bvn policies`": bvn("policies"),
        "`bvn facts modic`": bvn("facts", "modic"),
    }
    rows, floor = [], 0.0
    for name, command in commands.items():
        wall, cpu = whole_process(pinned(command))
        floor = wall if "floor" in name else floor
        rows.append([name, ms(wall), ms(cpu), f"{wall / floor:.1f}" if floor else ""])
    number = len(list((ROOT / "policies").glob("*/policy.yaml")))
    return Table(
        "What a command costs, from start to exit",
        f"{number} policies; medians of five after one to warm up, one core.",
        ["command", "ms", "ms CPU", "times the floor"],
        rows,
    )
