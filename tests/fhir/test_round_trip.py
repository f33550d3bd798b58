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


def test_codes_carry_what_codes_can(shipped):
    """Not all of it goes by the form: the baseline's order, codes and measurements are resources of their own."""
    document = write(shipped, shipped.case(ROOT / "cases/baseline.yaml"))

    kinds = {each["resource"]["resourceType"] for each in document["entry"]}
    assert {"ServiceRequest", "Observation", "QuestionnaireResponse"} <= kinds
