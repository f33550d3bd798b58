"""Files of other people's tools, read in place where they are at hand; docs/fhir.md says what each comes to."""

from __future__ import annotations

import contextlib
import datetime
import os
import time
from pathlib import Path

import pytest
from places import ROOT

from bvn_asp.errors import InputError
from bvn_asp.fhir.documents import parse_json, read_bytes
from bvn_asp.fhir.read import read
from bvn_asp.model.case import value_data

PLACES = [os.environ.get("BVN_FHIR_PUBLIC", ""), ROOT.parent / "shared/fhir/public",
          ROOT.parent.parent / "shared/fhir/public"]
FOLDER = next((Path(each) for each in PLACES if each and Path(each).is_dir()), None)
pytestmark = pytest.mark.skipif(FOLDER is None, reason="the public files are not here (BVN_FHIR_PUBLIC names them)")
OPEN = {"one_of": ["yes", "no"]}


def come_to(shipped, name, date):
    path = str(FOLDER / f"{name}.json")
    reading = read(shipped, [(name, parse_json(read_bytes(path), name))], datetime.date.fromisoformat(date))
    said = {str(r.slot): "conflicting" if r.value is None else value_data(r.value) for r in reading.case.records}
    return said, reading


FILES = [
    ("cds4cpm-brenda-jackson", "2019-05-20"),
    ("cds4cpm-brenda-jackson", "2026-12-03"),
    ("cds4cpm-mr-delta", "2026-12-03"),
    ("cds4cpm-zach-baker", "2022-10-20"),
    ("synthea-rickey-becker", "2020-08-03"),
    ("synthea-rickey-becker", "2026-12-03"),
    ("synthea-randolph-wisoky", "2006-06-01"),
    ("uscore-bmi", "2026-12-03"),
    ("uscore-pregnancy-status", "2022-09-01"),
    ("uscore-pregnancy-status", "2026-12-03"),
    ("uscore-device-defibrillator", "2026-12-03"),
    ("uscore-dxa-t-score", "2022-01-03"),
    ("uscore-bone-density-report", "2022-01-03"),
    ("uscore-coverage", "2026-12-03"),
    ("uscore-procedure-rehab", "2026-12-03"),
    ("crd-order-sign-request", "2026-12-03"),
    ("pas-request-bundle", "2026-12-03"),
]


@pytest.mark.parametrize(("name", "date"), FILES)
def test_every_file_is_read_in_a_second(shipped, name, date):
    shipped.policies  # noqa: B018 - read once, not by the first file
    start = time.perf_counter()

    with contextlib.suppress(InputError):
        come_to(shipped, name, date)

    assert time.perf_counter() - start < 1 + 2  # a busy machine; alone it takes a tenth of it


def prior_surgery():
    every = {"one_of": ["none", "discectomy_laminectomy", "fusion", "other"]}
    return {f"prior_surgery.{body}": every for body in ("L1", "L2", "L3", "L4", "L5", "S1")}


def test_a_long_record_of_pain(shipped):
    said, reading = come_to(shipped, "cds4cpm-brenda-jackson", "2019-05-20")

    assert said == {
        "age": "62 years",
        "pain_duration": {"since": "2008-11-12"},
        **prior_surgery(),
        "addictive_medication": {"one_of": ["use", "abuse"]},
        "extended_release_opioid": "yes",
    }
    kept = [each for each in reading.notes if each.fact.startswith("care") and each.kind != "history"]
    assert all(each.kind in ("beside", "does not count") for each in kept)  # a referral is no care

    later, _ = come_to(shipped, "cds4cpm-brenda-jackson", "2026-12-03")
    assert later["age"] == "70 years"
    assert not {"addictive_medication", "extended_release_opioid"} & set(later)


def test_a_record_with_twenty_faults_gives_notes_only(shipped):
    said, reading = come_to(shipped, "cds4cpm-mr-delta", "2026-12-03")

    assert said == {}
    assert sum(each.kind == "left out" for each in reading.notes) >= 20


def test_a_stenosis_without_imaging(shipped):
    said, _ = come_to(shipped, "cds4cpm-zach-baker", "2022-10-20")

    assert said["age"] == "65 years"
    assert said["pain_duration"] == {"since": "2008-11-12"}
    assert said["stenosis_on_imaging"] == OPEN
    assert said["addictive_medication"] == {"one_of": ["use", "abuse"]}


def test_fifteen_decimals_and_values_that_went_stale(shipped):
    said, reading = come_to(shipped, "synthea-rickey-becker", "2020-08-03")
    assert said["age"] == "33 years"
    notes = {each.fact: each.text for each in reading.notes if each.kind == "used"}
    assert "40.676850900459485 kg/m2" in notes["bmi"]
    assert "2.8356184767178707 {score}" in notes["pain_score"]

    said, reading = come_to(shipped, "synthea-rickey-becker", "2026-12-03")
    assert "bmi" not in said
    assert sum(each.kind == "history" and each.fact == "bmi" for each in reading.notes) == 4


def test_a_person_who_died(shipped):
    said, reading = come_to(shipped, "synthea-randolph-wisoky", "2006-06-01")

    assert said["electronic_implant"] == "yes"
    assert "age" not in said
    assert any("the person died" in each.text for each in reading.notes)


def test_single_resources(shipped):
    assert come_to(shipped, "uscore-bmi", "2026-12-03")[0] == {}
    assert come_to(shipped, "uscore-pregnancy-status", "2022-09-01")[0] == {"pregnant": "yes"}
    assert come_to(shipped, "uscore-pregnancy-status", "2026-12-03")[0] == {}
    assert come_to(shipped, "uscore-device-defibrillator", "2026-12-03")[0] == {"electronic_implant": OPEN}
    assert come_to(shipped, "uscore-dxa-t-score", "2022-01-03")[0] == {"t_score": "-1.62"}
    assert come_to(shipped, "uscore-coverage", "2026-12-03")[0] == {}
    assert come_to(shipped, "uscore-procedure-rehab", "2026-12-03")[0] == {}
    no_score, _ = come_to(shipped, "uscore-bone-density-report", "2022-01-03")
    assert no_score == {"t_score": "unknown"}


def test_orders_for_something_else_ask_for_nothing(shipped):
    _, reading = come_to(shipped, "crd-order-sign-request", "2026-12-03")

    assert reading.order.refs == ()
    assert set(reading.order.others) == {"ServiceRequest/1357", "ServiceRequest/2468"}
