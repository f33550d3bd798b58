"""One library answers many threads at once, and each answer is the one that a single thread gets."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from places import ROOT, TOY

from bvn_asp import Evaluator, Library, compare, explain, governs, repair
from bvn_asp.repairs.nearest import nearest

CASES = sorted((ROOT / "cases" / "splits").glob("*.yaml"))


def charts(library, number):
    """Small charts of the toy vocabulary, from a number."""
    rng = random.Random(number)
    facts = {"age": rng.choice([17, 18, 50]), "implant": rng.choice(["yes", "no"])}
    if rng.random() < 0.7:
        facts["pain_duration"] = rng.choice(["5 months", "6 months", "2 years"])
    if rng.random() < 0.7:
        facts["modic"] = {"L4": rng.choice(["type_1", "none"]), "L5": rng.choice(["type_1", "type_2"])}
    for name in list(facts):
        if rng.random() < 0.3:
            del facts[name]
    request = {"date": "2026-12-01", "bodies": ["L4", "L5"]}
    return library.parse(json.dumps({"title": "a chart", "request": request, "facts": facts}))


def toy_question(library, evaluator, number):
    case = charts(library, number)
    kind = number % 4
    if kind == 0:
        return repr(evaluator.evaluate(case))
    if kind == 1:
        return repr(compare(library, case).evaluations)
    if kind == 2:
        return repr(explain(library, case, "plan@2024"))
    return repr([each.moves for each in repair(library, case, ["plan@2025"]).repairs])


QUESTIONS = int(os.environ.get("BVN_QUESTIONS", "320"))
"""10,000 for the full run, which takes a minute and a half."""


def test_eight_threads_with_mixed_questions_are_as_one_thread():
    library = Library(TOY)
    evaluator = Evaluator(library, library.revisions())
    alone = {number: toy_question(library, evaluator, number) for number in range(100)}
    asked = [number % 100 for number in range(QUESTIONS)]
    random.Random(1).shuffle(asked)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: toy_question(library, evaluator, number), asked))

    wrong = [number for number, answer in zip(asked, answers, strict=True) if answer != alone[number]]
    assert wrong == []


def shipped_question(library, number):
    case = library.case(CASES[number % len(CASES)])
    if number % 3 == 0:
        return repr(compare(library, case, ["cohere-ma", "lcd-l39642"]).evaluations)
    if number % 3 == 1:
        return repr(nearest(library, case, ["lcd-l39420"]))
    return repr(governs(library, case))


def test_the_shipped_policies_answer_eight_threads_as_one():
    library = Library(ROOT / "policies")
    numbers = list(range(9))
    alone = [shipped_question(library, number) for number in numbers]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: shipped_question(library, number), numbers * 2))

    assert answers == alone * 2


def test_threads_that_begin_together_do_not_end_the_process():
    """The first questions ground the programs: in a process of its own, for a fault there would end this one."""
    code = (
        "import sys, threading\nfrom bvn_asp import Library, compare\n"
        "library = Library(sys.argv[1]); case = library.parse('title: A\\nfacts: {age: 17}')\n"
        "gate = threading.Barrier(8)\n"
        "def ask():\n    gate.wait()\n    for _ in range(20):\n        assert compare(library, case).evaluations\n"
        "threads = [threading.Thread(target=ask) for _ in range(8)]\n"
        "[each.start() for each in threads]; [each.join() for each in threads]; print('done')"
    )
    found = subprocess.run([sys.executable, "-c", code, str(Path(TOY))], capture_output=True, text=True, timeout=120)

    assert (found.returncode, found.stdout.strip(), found.stderr) == (0, "done", "")
