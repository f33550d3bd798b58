"""Random partial cases under the Medicare policies: is every status and verdict of the batch the solver's?

`python -m benchmarks.agreement repairs --n N [--from SEED]` holds repairs to brute force instead, on N small random
libraries and charts, and prints every one that is wrong, shrunk, to be kept in `tests/repairs/toys.yaml`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

import yaml

from benchmarks._cases import columns
from benchmarks._table import FULL, ROOT, Table
from bvn_asp import Library
from bvn_asp.batch.decide import STATUSES, VERDICTS, Decider
from bvn_asp.cases.evaluate import Evaluator, _by_seat, _statuses, _verdict
from bvn_asp.cases.presumptions import presumptions

POLICIES = ("cohere-ma", "lcd-l39420", "lcd-l39642", "lcd-l39644", "lcd-l40302")
EACH = 20_000 if FULL else 400
MISSING = (0.05, 0.2, 0.5, 0.8)


def run() -> Table:
    library = Library(ROOT / "policies")
    base = library.case(ROOT / "cases" / "baseline.yaml")
    rows = []
    for name in (each for each in POLICIES if each in library.policies):
        revision = library.revision(name)
        facts = frozenset(f for f in revision.rules.facts if library.vocabulary.facts[f].type != "count")
        evaluator = Evaluator(library, [revision])
        program, chosen = evaluator.program, evaluator.program.read(0, library.chosen_readings(revision, {}))
        cases = wrong = answers = solved = rejected = 0
        spent = {"batch": 0.0, "solver": 0.0}
        for seed, missing in enumerate(MISSING):
            batch = columns(library, facts, base, EACH // len(MISSING), missing, 1000 + seed)
            began = time.process_time()
            decider = Decider(library, batch.schema.names, [name], parts=("verdict", "statuses"))
            found = decider.decide(batch)
            spent["batch"] += time.process_time() - began
            solved += found.solved
            answer = found.answers[name]
            began = time.process_time()
            for row in range(batch.num_rows):
                case = found.chart.case(row, library.vocabulary)
                known = program.assume(case.recorded | presumptions(library.vocabulary, case))
                if not found.good[row]:
                    wrong += program.possible(known + chosen)
                    rejected += 1
                    continue
                every, some = _by_seat(program.in_all(known + chosen)), _by_seat(program.in_some(known + chosen))
                want = _statuses(revision, every.get(0, {}), some.get(0, {}))
                got = {entry: STATUSES[codes[row]] for entry, codes in answer.statuses.items()}
                wrong += got != want or VERDICTS[answer.verdict[row]] != _verdict(every.get(0, {}), some.get(0, {}))
                cases += 1
                answers += len(want) + 1
            spent["solver"] += time.process_time() - began
        counts = [cases, rejected, answers, wrong, solved]
        rows.append([name, *(f"{n:,}" for n in counts), f"{spent['solver'] / max(spent['batch'], 1e-9):,.0f}"])
        print(rows[-1], flush=True)
    head = ["policy", "cases", "rejected", "statuses and verdicts", "cases that differ", "left to the solver"]
    return Table(
        "The same answers as the solver",
        f"{EACH:,} random partial cases a policy, a quarter each with {', '.join(f'{m:.0%}' for m in MISSING)} of the values left"
        " out; every status and verdict held against the solver, rejected rows against its word that no patient can be so.",
        [*head, "solver time / batch time"],
        rows,
    )


def repairs(n: int, first: int) -> Counter[str]:
    """How many random charts are repaired as brute force repairs them; the wrong ones are printed."""
    sys.path.insert(0, str(ROOT / "tests"))
    import brute

    counts: Counter[str] = Counter()
    for seed in range(first, first + n):
        said = brute.wrong(brute.make(seed), most=20_000)
        counts["passed over" if said is None else "wrong" if said else "the same"] += 1
        if said:
            print(f"# seed {seed}, {said}")
            print(yaml.safe_dump({f"seed-{seed}": brute.shrunk(brute.make(seed))}, sort_keys=False), flush=True)
    return counts


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["repairs"])
    parser.add_argument("--n", type=int, default=1000)
    parser.add_argument("--from", dest="first", type=int, default=0)
    given = parser.parse_args()
    print(dict(repairs(given.n, given.first)))
