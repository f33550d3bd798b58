"""Every smallest repair of a case, found in three ways.

parts    what `bvn repair` does: all obstacles, then the minimal sets of each independent part, by domain heuristics
flat     all obstacles, then the minimal sets of the whole at once, by domain heuristics (domRec)
duality  hitting sets: a minimal candidate, checked; if some completion defeats it, one more obstacle; if not, it is a
         repair, and its supersets are blocked
All three must count the same sets; where a way does not end within its time, the table says how far it came.
"""

from __future__ import annotations

import time
from dataclasses import replace

from benchmarks._table import ROOT, Table, median_of, ms
from bvn_asp import Library
from bvn_asp.cases.presumptions import presumptions
from bvn_asp.engine.sets import Minimal
from bvn_asp.repairs import hitting_sets
from bvn_asp.repairs.hitting_sets import Correction
from bvn_asp.repairs.implicates import Box, Implicates
from bvn_asp.repairs.moves import states
from bvn_asp.repairs.repair import Repairer

PATIENCE = 5.0
CASES = [
    ("splits/d07-bmi-forty-three.yaml", "cohere-ma", False),
    ("splits/d02-physical-therapy-only.yaml", "cohere-ma", False),
    ("splits/d16-discectomy-five-months-ago.yaml", "cohere-ma", False),
    ("worklist/nearly-nothing.yaml", "cohere-ma", False),
    ("founding/document-000.yaml", "cohere-ma", False),
    ("founding/document-004.yaml", "lcd-l39642", False),
    ("founding/document-000.yaml", "cohere-ma", True),
]


class Ways:
    """One case under one policy, ready to be repaired in each way."""

    def __init__(self, repairer: Repairer, case: object, strict: bool) -> None:
        self.repairer, self.case, self.strict = repairer, case, strict
        self.program = repairer.program
        readings = repairer.library.chosen_readings(repairer.revisions[0], {})
        self.spoken = self.program.read(0, readings)
        self.states = states(self.program, case)

    def parts(self) -> tuple[int, bool]:
        answer = self.repairer.repair(self.case, strict=self.strict, limit=1, others=True)
        return answer.count, answer.complete

    def first(self) -> None:
        self.repairer.repair(self.case, strict=self.strict, limit=1, others=True)

    def _whole(self, boxes: list[Box], search: Implicates) -> Minimal:
        slots = [slot for slot in self.states if any(slot in box for box in [*boxes, *search.contradictions])]
        rules = hitting_sets._rules(self.program, self.case, self.states, slots, [boxes], search.contradictions, 1)
        self.slots = slots
        return Minimal(["presume", "repair"], rules)

    def flat(self) -> tuple[int, bool]:
        end = time.process_time() + PATIENCE
        search = Implicates(self.program, self.states, self.spoken)
        count = 0
        for _ in self._whole(search.of(0), search):
            count += 1
            if time.process_time() > end:
                return count, False
        return count, True

    def duality(self) -> tuple[int, bool]:
        end = time.process_time() + PATIENCE
        search = Implicates(self.program, self.states, self.spoken)
        approve = self.program.literal("verdict", 0, "approve")
        boxes: list[Box] = []
        found: set[Correction] = set()
        while True:
            learnt = False
            for model in self._whole(boxes, search):
                candidate = hitting_sets._read(self.slots, self.states, model)
                if candidate not in found:
                    world = self._defeat(candidate, search, approve)
                    if world is not None:
                        boxes.append(search._widened(search._guarded(search._shrunk(world, approve), world), approve))
                        learnt = True
                        break
                    found.add(candidate)
                if time.process_time() > end:
                    return len(found), False
            if not learnt:
                return len(found), True

    def _defeat(self, candidate: Correction, search: Implicates, approve: int) -> dict | None:
        """A completion of the moved case that is not approved."""
        vocabulary = self.program.vocabulary
        values = {slot: self.program.as_value(slot, left) for slot, _, left in candidate}
        moved = self.case.with_values(vocabulary, values)
        known = moved.recorded | presumptions(vocabulary, moved)  # with `strict` too: what to rule out is found afterwards
        world = self.program.world([*self.spoken, *self.program.assume(known), -approve])
        if world is None:
            return None
        return {each.slot: each.value for each, literal in self.program.choices.items() if literal in world}


def run() -> Table:
    library = Library(ROOT / "policies")
    rows = []
    for name, policy, strict in CASES:
        case = replace(library.case(ROOT / "cases" / name), expectations=())
        repairer = Repairer(library, library.revisions([policy], case.date))
        ways = Ways(repairer, case, strict)
        unknown = sum(not each.recorded and not each.held for each in ways.states.values())
        counts = []
        times = []
        for way in (ways.parts, ways.flat, ways.duality):
            start = time.process_time()
            counts.append(way())
            times.append(time.process_time() - start)
        whole = [count for count, complete in counts[1:] if complete]
        assert len(set(whole)) < 2, (name, counts)
        assert counts[0][1], (name, counts)
        assert not whole or counts[0][0] <= whole[0], (name, counts)
        _, first = median_of(ways.first, rounds=5)
        shown = [
            ms(seconds) if complete else f"{count:,} in {seconds:.0f} s"
            for (count, complete), seconds in zip(counts[1:], times[1:], strict=True)
        ]
        title = f"{name.split('/')[1].removesuffix('.yaml')}, {policy}{' --strict' if strict else ''}"
        rows.append([title, str(unknown), f"{counts[0][0]:,}", ms(first), *shown])
    return Table(
        "Every smallest repair of a case",
        "Milliseconds of CPU in a process that stays; the first way also evaluates the repair it lists. Where a way was"
        " stopped after five seconds, how many it had found. The first way leaves out what something else makes needless by"
        " time; the others list that too.",
        ["case and policy", "unknown facts", "smallest sets", "parts (used)", "flat, domRec", "hitting-set duality"],
        rows,
    )
