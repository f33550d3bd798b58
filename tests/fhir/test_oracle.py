"""Another engine, another language: L39420 written in CQL says what the solver says, as far as CQL can tell.

Runs where node and its packages are: `npm install @cqframework/cql@5.3.0 cql-execution@3.3.2`, in a folder whose
`node_modules` is named by `BVN_NODE_MODULES`, or beside the project.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from places import HERE, ROOT

from bvn_asp.cases.evaluate import Evaluator, Status, Verdict
from bvn_asp.cases.possible import check_possible
from bvn_asp.errors import InputError
from bvn_asp.model.case_reader import make_case

ORACLE = HERE / "fhir/oracle"
MODULES = Path(os.environ.get("BVN_NODE_MODULES") or ROOT / "node_modules")
CHARTS = 3000
pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed"),
    pytest.mark.skipif(
        not (MODULES / "cql-execution").is_dir() or not (MODULES / "@cqframework/cql").is_dir(),
        reason="CQL is not installed: npm install @cqframework/cql@5.3.0 cql-execution@3.3.2 (BVN_NODE_MODULES)",
    ),
]
NUMBERS = {
    "pain_duration": (5, 6, 7, 30), "care_duration": (5, 6, 7, 12), "surgery_age": (5, 6, 7, 40), "age": (18, 19, 50),
    "t_score": (-2.6, -2.5, -2.4, 0), "bmi": (39.9, 40, 40.04, 31), "slip": (0, 1.9, 2, 5),
    "disc_protrusion": (0, 5, 6),
}
MONTHS = ("pain_duration", "care_duration", "surgery_age")
GOOD = {
    "functional_deficit": "yes", "pain_scale_at_baseline": "yes", "disability_scale_at_baseline": "yes",
    "care": "tried", "modic": "type_1", "multidisciplinary_screening": "yes", "psychological_assessment": "formal",
    "physical_assessment": "yes", "surgery_radicular_pain_resolved": "yes", "treatment_objective_stated": "yes",
    "substance_use_treated": "yes", "other_explanation_clinical": "none", "other_explanation_imaging": "none",
    "bleeding_tendency": "none", "prior_surgery": "none", "substance_use_disorder": "none",
}


def chart_of(vocabulary, names, pick):
    """A random chart: some of it unknown, most of it good, some of it anything."""
    unknown, odd = pick.choice((0.0, 0.02, 0.1, 0.4, 0.8)), pick.choice((0.0, 0.02, 0.1, 0.5))
    found = {}
    for name in names:
        fact = vocabulary.facts[name.partition(".")[0]]
        if pick.random() < unknown:
            continue
        if fact.name in NUMBERS:
            best = {"pain_duration": 30, "care_duration": 12, "age": 50, "t_score": 0, "bmi": 31}.get(fact.name, 0)
            found[name] = pick.choice(NUMBERS[fact.name]) if pick.random() < odd else best
        else:
            found[name] = pick.choice(list(fact.values)) if pick.random() < odd else GOOD.get(fact.name, "no")
    return found


def case_of(vocabulary, chart):
    facts = {}
    for name, value in chart.items():
        fact, _, member = name.partition(".")
        text = f"{value} months" if fact in MONTHS else str(value)
        if member:
            facts.setdefault(fact, {})[member] = text
        else:
            facts[fact] = text
    request = {"date": "2026-12-03", "bodies": ["L4", "L5"]}
    return make_case(vocabulary, {"title": "a random chart", "request": request, "facts": facts})


def test_on_3000_random_charts_the_solver_never_contradicts_cql_and_is_at_least_as_decided(shipped):
    revision = shipped.revision("lcd-l39420")
    source = (ORACLE / "L39420.cql").read_text()
    names = [line.split('"')[1] for line in source.splitlines() if line.startswith("parameter")]
    defined = [line.split('"')[1] for line in source.splitlines() if line.startswith("define")]
    pick, charts, cases = random.Random(39420), [], []
    while len(charts) < CHARTS:
        chart = chart_of(shipped.vocabulary, names, pick)
        case = case_of(shipped.vocabulary, chart)
        try:
            check_possible(shipped, case)
        except InputError:
            continue  # no patient can be so, which CQL does not know
        charts.append(chart)
        cases.append(case)

    run = subprocess.run(
        ["node", str(ORACLE / "run.mjs"), str(MODULES), str(ORACLE / "L39420.cql")],
        input=json.dumps({"names": defined, "charts": charts}),
        capture_output=True, text=True, timeout=300, check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    told = json.loads(run.stdout)
    assert sorted(told["parameters"]) == sorted(names)

    evaluator = Evaluator(shipped, [revision])
    verdicts = {True: Verdict.APPROVE, False: Verdict.DENY}
    statuses = {True: Status.MET, False: Status.UNMET}
    seen = {True: 0, False: 0, None: 0}
    further = 0
    for case, row in zip(cases, told["results"], strict=True):
        (found,) = evaluator.evaluate(case, strict=True, under_readings=False, with_open=False)
        for name, value in zip(defined, row, strict=True):
            if value is None:
                further += name == "approve" and found.verdict is not Verdict.PEND
            elif name == "approve":
                assert found.verdict is verdicts[value], case.records
            else:
                assert found.statuses[name.removesuffix(".met")] is statuses[value], (name, case.records)
        seen[row[defined.index("approve")]] += 1

    assert min(seen.values()) > 100, seen
    assert further < seen[None]


def test_every_criterion_of_the_text_is_written_in_cql_or_holds_for_this_request_by_itself(shipped):
    source = (ORACLE / "L39420.cql").read_text()
    defined = {line.split('"')[1].removesuffix(".met") for line in source.splitlines() if line.startswith("define")}
    rules = shipped.revision("lcd-l39420").rules

    criteria = {e.id for e in rules.entries if not e.is_group}
    assert criteria - defined == {"treated_bodies", "bodies_per_session"}  # L4 and L5 lie within L3 to S1, and are two
    assert defined - criteria == {"approve"}
