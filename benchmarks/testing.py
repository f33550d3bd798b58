"""What testing a policy costs: expectations, coverage, slips."""

from __future__ import annotations

import time

from benchmarks._table import FULL, ROOT, Table, bvn, ms, whole_process
from bvn_asp import Library
from bvn_asp.upkeep.coverage import coverage
from bvn_asp.upkeep.mutate import mutate
from bvn_asp.upkeep.synth import synth
from bvn_asp.upkeep.testing import collect

POLICIES = ("lcd-l39420", "lcd-l39642", "cohere-ma")


def run() -> Table:
    library = Library(ROOT / "policies")
    found = collect(library, [ROOT / "cases"])
    wall, cpu = whole_process(bvn("test", str(ROOT / "cases")), rounds=3)
    rows = [[f"`bvn test`, whole process: {len(found.checks)} expectations in {found.files} files", ms(wall), ms(cpu)]]

    def timed(name: str, question: object) -> None:
        assert callable(question)
        wall, cpu = time.perf_counter(), time.process_time()
        told = question()
        rows.append([f"{name}: {told}", ms(time.perf_counter() - wall), ms(time.process_time() - cpu)])

    for policy in POLICIES:
        revision = library.revision(policy)

        def covered(revision: object = revision) -> str:
            answer = coverage(library, revision, found.checks)  # type: ignore[arg-type]
            return f"{len(answer.shown)} items, {answer.runs} checks, {answer.share:.0f} %"

        def slips(revision: object = revision) -> str:
            answer = mutate(library, revision, found.checks)  # type: ignore[arg-type]
            same = sum(each.equivalent for each in answer.outcomes)
            return f"{len(answer.outcomes)} slips, {len(answer.survivors)} survive, {same} proved equivalent"

        timed(f"coverage of {policy}", covered)
        timed(f"slips in {policy}", slips)
    if FULL:
        revision = library.revision("lcd-l39420")
        timed("cases for lcd-l39420 from nothing", lambda: f"{len(synth(library, revision).written)} cases written")
    return Table("Testing a policy", "Once each; `bvn test` three times.", ["question", "ms", "ms CPU"], rows)
