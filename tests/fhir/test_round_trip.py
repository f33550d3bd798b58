"""Every shipped case, written as a record in FHIR, is read back as the same case."""

from __future__ import annotations

import datetime
import json

import pytest
from places import ROOT

from bvn_asp.fhir.documents import parse_json
from bvn_asp.fhir.read import read
from bvn_asp.fhir.write import write

CASES = sorted((ROOT / "cases").rglob("*.yaml"))


def records(case):
    return {
        str(r.slot): sorted(str(value) for value, _ in r.conflicting) if r.value is None else r.value
        for r in case.records
    }


@pytest.mark.parametrize("folder", sorted({path.parent for path in CASES}), ids=lambda p: str(p.relative_to(ROOT)))
def test_every_case_comes_back(shipped, folder):
    for path in CASES:
        if path.parent != folder:
            continue
        case = shipped.case(path)
        document = write(shipped, case)

        data = parse_json(json.dumps(document).encode(), "x.json")
        reading = read(shipped, [("x.json", data)], None if case.date else datetime.date(2026, 12, 3))

        assert records(reading.case) == records(case), path
        assert case.date in (None, reading.case.date)


LOOSE = """
title: What a chart says without a place, or not at all
request: {date: 2026-12-03, bodies: [L4, L5]}
facts:
  modic: {L1: none, L3-S1: {somewhere: {value: type_1, count: 2}}, L2: not_reported}
  pain_axial: not_reported
  odi: not_reported
  prior_surgery: {somewhere: {one_of: [fusion, other]}}
  surgery_age: {somewhere: ">= 6 months"}
"""


def test_a_silent_report_and_what_is_somewhere_come_back(shipped):
    case = shipped.parse(LOOSE)

    data = parse_json(json.dumps(write(shipped, case)).encode(), "x.json")
    back = read(shipped, [("x.json", data)]).case

    assert records(back) == records(case)
    assert [str(each.slot) for each in back.silent] == [str(each.slot) for each in case.silent]
    assert [(each.slot, each.value) for each in back.several] == [(each.slot, each.value) for each in case.several]
    assert "OperationOutcome" not in json.dumps(data, default=str)


def test_what_a_bundle_does_not_carry_is_told_in_it(shipped):
    case = shipped.parse("""
title: t
request: {date: 2026-12-03, bodies: [L4, L5]}
facts:
  other_explanation_clinical: {by: {treating_clinician: none, reviewer: facet}}
  operations: [{at: "L2, L3", prior_surgery: fusion}]
""")
    data = parse_json(json.dumps(write(shipped, case)).encode(), "x.json")

    told = [each["diagnostics"] for each in data["entry"][-1]["resource"]["issue"]]
    assert any("other_explanation_clinical: whose judgement it is (treating_clinician, reviewer)" in t for t in told)
    assert any("prior_surgery at L2 and L3: that it was one" in t for t in told)
    assert records(read(shipped, [("x.json", data)]).case) == records(case)


def test_codes_carry_what_codes_can(shipped):
    """Not all of it goes by the form: the baseline's order, codes and measurements are resources of their own."""
    document = write(shipped, shipped.case(ROOT / "cases/baseline.yaml"))

    kinds = {each["resource"]["resourceType"] for each in document["entry"]}
    assert {"ServiceRequest", "Observation", "QuestionnaireResponse"} <= kinds
