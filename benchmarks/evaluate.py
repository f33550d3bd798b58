"""In-process evaluation of one case under every policy."""

from __future__ import annotations

from benchmarks._table import ROOT, Table, median_of, ms
from bvn_asp import Library
from bvn_asp.cases.evaluate import Evaluator


def run() -> Table:
    library = Library(ROOT / "policies")
    case = library.case(ROOT / "cases" / "baseline.yaml")
    revisions = library.revisions((), case.date)
    build, build_cpu = median_of(lambda: Evaluator(library, revisions), rounds=3)
    evaluator = Evaluator(library, revisions)
    plain, plain_cpu = median_of(lambda: evaluator.evaluate(case, under_readings=False), rounds=15)
    hinge, hinge_cpu = median_of(lambda: evaluator.evaluate(case), rounds=5)
    one = Evaluator(library, revisions[:1])
    single, single_cpu = median_of(lambda: one.evaluate(case, under_readings=False), rounds=15)
    entries = sum(len(each.rules.entries) for each in revisions)
    rows = [
        ["ground every policy, once", ms(build), ms(build_cpu)],
        [f"one case, all {len(revisions)} policies, {entries} entries: every status and verdict", ms(plain), ms(plain_cpu)],
        ["the same, and the readings each verdict hangs on", ms(hinge), ms(hinge_cpu)],
        [f"one case, {revisions[0].policy.id} alone", ms(single), ms(single_cpu)],
    ]
    return Table("What a question costs in a process that stays", "Medians of 3 to 15.", ["question", "ms", "ms CPU"], rows)
