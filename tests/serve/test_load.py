"""Many at once are answered as each would be alone."""

from __future__ import annotations

import json
import os
import random
from concurrent.futures import ThreadPoolExecutor

from click.testing import CliRunner
from places import ROOT

from bvn_asp.cli import main

NUMBER = int(os.environ.get("BVN_LOAD", "32"))  # 1000 for the whole of it
FILES = ("cases/baseline.yaml", "cases/founding/document-004.yaml", "cases/founding/document-002.yaml")
YAML = {"content-type": "application/yaml"}
POLICIES = ("cohere-ma", "lcd-l39420", "lcd-l39642", "highmark-wy-15-01-004")


def questions(rng):
    """Mixed questions: an address, its options, a body, and the words that ask the same on the command line."""
    for _ in range(NUMBER):
        path, policy = rng.choice(FILES), rng.choice(POLICIES)
        verb = rng.choice(("compare", "explain", "whatif", "ask", "partial", "repair"))
        options = {"policy" if verb in ("explain", "partial") else "policies": policy}
        words = [verb, str(ROOT / path)]
        if verb == "whatif":
            bmi = rng.choice(("39", "41", "unknown"))
            options["suppose"] = f"bmi={bmi}"
            words.append(f"bmi={bmi}")
        words += [policy] if verb in ("explain", "partial") else ["-p", policy]
        yield verb, options, (ROOT / path).read_bytes(), (*words, "--format", "json")


def test_eight_threads_with_mixed_questions_are_answered_as_the_command_line_answers(client):
    asked = list(questions(random.Random(7)))
    printed = {words: CliRunner().invoke(main, words) for words in {each[-1] for each in asked}}

    def ask(question):
        verb, options, body, words = question
        answer = client.post(f"/v1/{verb}", params=options, content=body, headers=YAML)
        if printed[words].exit_code == 2:
            faults = json.loads(printed[words].stderr)["faults"]
            return answer.status_code == 422 and answer.json()["faults"][0]["message"] == faults[0]["message"]
        return answer.status_code == 200 and answer.text == printed[words].stdout

    with ThreadPoolExecutor(8) as pool:
        same = list(pool.map(ask, asked))

    assert [question[-1] for question, each in zip(asked, same, strict=True) if not each] == []
