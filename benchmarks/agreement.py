"""The same answers twice: the solver, the batch and the repairs, held to a second hand.

    python -m benchmarks.agreement --n N             N small random libraries with their charts against brute force:
                                                     statuses, verdicts, blame, open facts, presumptions and readings of
                                                     `compare` and of `batch`, then N repairs
    python -m benchmarks.agreement answers --n N     the first of the two alone
    python -m benchmarks.agreement repairs --n N     the second alone
    python -m benchmarks.agreement shipped --n N     N random partial charts of each of five shipped policies: the batch
                                                     against the solver
    python -m benchmarks.agreement slips --n 300     which slips of `planted.yaml` are noticed by the first N of these
    --of repairs                                     the slips of repairs alone, or of answers
    --from SEED                                      begin with this seed

What differs is printed, shrunk, to be kept in `tests/agreement.yaml` or `tests/repairs/toys.yaml`.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path

import pyarrow as pa
import yaml

from benchmarks._table import FULL, HERE, ROOT, Table
from benchmarks._written import Row
from benchmarks._written import rows as written_rows
from bvn_asp import Library
from bvn_asp.batch.decide import STATUSES, VERDICTS, Decider
from bvn_asp.cases.evaluate import Evaluator
from bvn_asp.cases.possible import check_possible
from bvn_asp.engine.presume import presume
from bvn_asp.errors import InputError
from bvn_asp.model.case import Case, Record
from bvn_asp.model.case_reader import parse_case
from bvn_asp.model.dates import read_day
from bvn_asp.model.quantity import Quantity
from bvn_asp.model.values import parse_record
from bvn_asp.model.vocabulary import Slot, Vocabulary

sys.path.insert(0, str(ROOT / "tests"))
import agree
import brute

POLICIES = ("cohere-ma", "lcd-l39420", "lcd-l39642", "lcd-l39644", "lcd-l40302")
EACH = 20_000 if FULL else 400
LOT = 500
MISSING = (0.05, 0.2, 0.5, 0.8)


def run() -> Table:
    return shipped(EACH)


def shipped(n: int, policies: Sequence[str] = POLICIES, seed: int = 0) -> Table:
    """Random partial charts under shipped policies: everything that the batch says of them is what the solver says."""
    library = Library(ROOT / "policies")
    base = library.case(ROOT / "cases" / "baseline.yaml")
    made = []
    for name in (each for each in policies if each in library.policies):
        count: Counter[str] = Counter()
        spent = {"batch": 0.0, "solver": 0.0}
        size = min(LOT, -(-n // len(MISSING)))
        for lot, start in enumerate(range(0, n, size)):
            missing = MISSING[lot % len(MISSING)]
            _shipped_lot(library, base, name, min(size, n - start), missing, 1000 * seed + lot, count, spent)
        rest = [count[each] for each in ("cases", "rejected", "statuses", "open", "blamed", "wrong", "solved")]
        made.append([name, *(f"{each:,}" for each in rest), f"{spent['solver'] / max(spent['batch'], 1e-9):,.0f}"])
        print(" | ".join(made[-1]), flush=True)
    head = ["policy", "cases", "rejected", "statuses and verdicts", "open facts", "blamed entries", "cases that differ"]
    return Table(
        "The same answers as the solver",
        f"{n:,} random partial charts a policy, a quarter each with {', '.join(f'{m:.0%}' for m in MISSING)} of the values"
        " left out, a hundredth to a fifth written otherwise (ranges, alternatives, contradictions, dates, \"unknown\"),"
        " half of them with silent reports, judgements by name and findings somewhere, some with a number of bodies;"
        " every status, verdict, open fact and blamed entry is held against the solver, rejected rows against its word"
        " that no patient can be so.",
        [*head, "left to the solver", "solver time / batch time"],
        made,
    )


def _shipped_lot(
    library: Library, base: Case, name: str, few: int, missing: float, seed: int, count: Counter[str],
    spent: dict[str, float],
) -> None:
    revision, vocabulary = library.revision(name), library.vocabulary
    facts = revision.rules.facts | presume(vocabulary).signs.sway(revision.rules.facts)
    limits: dict[str, list[Quantity]] = {}
    for each in revision.rules.limits:
        limits.setdefault(each.fact, []).append(each.quantity)
    listed = written_rows(vocabulary, facts, limits, base, few, missing, seed)
    columns = {key: pa.array([row[key] for row in listed], pa.string()) for key in listed[0]}
    batch = pa.RecordBatch.from_pydict(columns)
    began = time.process_time()
    found = Decider(library, batch.schema.names, [name]).decide(batch)
    spent["batch"] += time.process_time() - began
    count["solved"] += found.solved
    answer, evaluator = found.answers[name], Evaluator(library, [revision])
    refused = {fault.row: fault for fault in found.faults}
    began = time.process_time()
    for i, row in enumerate(listed):
        case = None
        try:
            case = as_case(vocabulary, row)
            if case.several:
                check_possible(library, case)
            want = evaluator.evaluate(case, under_readings=False)[0]
        except InputError as error:
            count["rejected"] += 1
            unread = case is None  # else nobody can be so; the batch must say the same of the two
            if found.good[i] or bool(refused[i + 1].column) is not unread:
                count["wrong"] += 1
                said = "is answered" if found.good[i] else f"is refused for `{refused[i + 1].message}`"
                print(f"# {name}, lot {seed}, row {i} {said}, and the solver says: {error}", flush=True)
            continue
        got = (
            VERDICTS[answer.verdict[i]],
            {entry: STATUSES[codes[i]] for entry, codes in answer.statuses.items()},
            {slot for slot, codes in answer.open.items() if codes[i]},
            {entry for entry, codes in answer.blamed.items() if codes[i]},
        )
        count["wrong"] += not found.good[i]
        count["cases"] += 1
        count["statuses"] += len(want.statuses) + 1
        count["open"] += len(want.open)
        count["blamed"] += len(want.blamed)
        if got != (want.verdict, want.statuses, set(want.open), set(want.blamed)):
            count["wrong"] += 1
            print(f"# {name}, lot {seed}, row {i}: {got[0]} and {want.verdict}", flush=True)
    spent["solver"] += time.process_time() - began


_VOCABULARIES: dict[str, Vocabulary] = {}


@cache
def _read(digest: str, slot: Slot, text: str, day: datetime.date | None) -> Record | None:
    written = text if text.startswith("{") else json.dumps(text)
    return parse_record(_VOCABULARIES[digest], slot, written, day)


def as_case(vocabulary: Vocabulary, row: Row) -> Case:
    """A chart as `bvn compare` reads it."""
    if any(_is_told(vocabulary, name, text) for name, text in row.items() if text):
        return parse_case(json.dumps(agree.as_chart(row, vocabulary.request.many, row["date"])), vocabulary)
    date = row["date"]
    day = None if date is None else read_day(date)
    _VOCABULARIES.setdefault(vocabulary.digest, vocabulary)
    found = {}
    for name, text in row.items():
        if name != "date" and text is not None:
            slot = Slot(*name.split(".", 1))
            record = _read(vocabulary.digest, slot, text, day)
            if record is not None and not record.silent:
                found[slot] = record
    return Case("row", tuple(found[slot] for slot in vocabulary.in_order(found)), day)


def _is_told(vocabulary: Vocabulary, name: str, text: str) -> bool:
    """Whether a cell says more than one slot's own record."""
    return name == vocabulary.request.many or ".somewhere" in name or '"by"' in text


def against_brute_force(what: str, n: int, first: int) -> Counter[str]:
    """How many random small libraries are answered, or charts repaired, as brute force does it; the others are printed.

    Args:
        what: `answers` or `repairs`.
    """
    os.environ["BVN_CACHE"] = "off"
    hand, wrong = (agree, agree.wrong) if what == "answers" else (brute, partial(brute.wrong, most=20_000))
    make = agree.make if what == "answers" else lambda seed: brute.make(seed, several=seed % 4 == 3)
    counts: Counter[str] = Counter()
    for seed in range(first, first + n):
        said = wrong(make(seed))
        counts["passed over" if said is None else "wrong" if said else "the same"] += 1
        if said:
            print(f"# seed {seed}, {said}")
            print(yaml.safe_dump({f"seed-{seed}": hand.shrunk(make(seed))}, sort_keys=False), flush=True)
        if seed % 1000 == 999:
            print(f"# {what} up to seed {seed}: {dict(counts)}", flush=True)
    return counts


def slips(most: int, of: Sequence[str] = ("repairs", "answers")) -> Counter[str]:
    """Which planted slips the random libraries notice: each in a copy of the package, in a process of its own."""
    counts: Counter[str] = Counter()
    listed = yaml.safe_load((HERE / "planted.yaml").read_text(encoding="utf-8"))
    for what, each in ((key, each) for key in of for each in listed[key]):
        name, was, becomes = each
        with tempfile.TemporaryDirectory() as folder:
            for part in ("bvn_asp", "tests", "benchmarks"):
                shutil.copytree(ROOT / part, Path(folder) / part, ignore=shutil.ignore_patterns("__pycache__"))
            path = Path(folder) / "bvn_asp" / name
            text = path.read_text(encoding="utf-8")
            if text.count(was) != 1:
                counts["stands no more"] += 1
                print(f"{name}: `{was}` stands there {text.count(was)} times", flush=True)
                continue
            path.write_text(text.replace(was, becomes), encoding="utf-8")
            code = f"from benchmarks.agreement import first_wrong; print(first_wrong({what!r}, {most}))"
            env = {**os.environ, "PYTHONPATH": folder, "BVN_CACHE": "off"}
            try:
                done = subprocess.run(
                    [sys.executable, "-c", code], capture_output=True, text=True, env=env, check=False, cwd=folder,
                    timeout=max(60, 2 * most),
                )
                seed = done.stdout.strip() if done.returncode == 0 else "a crash"
            except subprocess.TimeoutExpired:
                seed = "no end"
        counts[{"None": "survives", "no end": "no end"}.get(seed, "noticed")] += 1
        print(f"{name}: `{was.strip()}` as `{becomes.strip()}`: {seed}", flush=True)
    return counts


def first_wrong(what: str, most: int) -> int | None:
    """The first seed that is answered otherwise, or raises; None if all of so many agree."""
    hand = agree if what == "answers" else brute
    for seed in range(most):
        try:
            if hand.wrong(hand.make(seed)):
                return seed
        except Exception:
            return seed
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["answers", "repairs", "shipped", "slips"], nargs="?")
    parser.add_argument("--n", type=int, default=1000)
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--of", choices=["answers", "repairs"])
    given = parser.parse_args()
    if given.what == "shipped":
        print(shipped(given.n, seed=given.first).markdown())
    if given.what == "slips":
        print(dict(slips(given.n, [given.of] if given.of else ("repairs", "answers"))))
    for what in ("answers", "repairs"):
        if given.what in (what, None):
            print(f"{what}:", dict(against_brute_force(what, given.n, given.first)))


if __name__ == "__main__":
    main()
