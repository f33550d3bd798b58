"""A record in FHIR gives what it says and no more: the traps, one by one."""

from __future__ import annotations

import datetime
import itertools
import json
import random

import pytest
from fhir.charts import (
    SERVICE,
    SUBJECT,
    bundle,
    chart,
    concept,
    condition,
    drug,
    observation,
    order,
    patient,
    procedure,
    status,
)
from places import HERE, ROOT

from bvn_asp.cases.evaluate import presumptions
from bvn_asp.errors import InputError
from bvn_asp.fhir.documents import parse_json
from bvn_asp.fhir.read import read
from bvn_asp.model.case import value_data
from bvn_asp.model.members import parse_slots

OPEN = {"one_of": ["yes", "no"]}
OF_THE_ORDER = {"requested", "diagnosed", "billed", "age"}


@pytest.fixture
def come_to(shipped):
    """What a chart records, by slot, as a case file writes it; the whole reading beside it."""

    def made(document, date=None):
        data = parse_json(json.dumps(document).encode(), "chart.json")
        reading = read(shipped, [("chart.json", data)], datetime.date.fromisoformat(date) if date else None)
        said = {
            str(r.slot): "conflicting" if r.value is None else value_data(r.value)
            for r in reading.case.records
            if r.slot.fact not in OF_THE_ORDER
        }
        return said, reading

    return made


def notes(reading, kind):
    return [(each.fact, each.where.split(" ")[0]) for each in reading.notes if each.kind == kind]


# -- the chart of traps ------------------------------------------------------------------------------


def test_the_chart_of_traps_comes_to_what_it_should(come_to):
    said, reading = come_to(json.loads((HERE / "fhir/own-traps.json").read_text()))

    bodies = ("L1", "L2", "L3", "L4", "L5", "S1")
    levels = ("L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1")
    surgery = {"one_of": ["none", "discectomy_laminectomy", "fusion", "other"]}
    assert said == {
        "line_of_business": "medicare_advantage",
        "bmi": "conflicting",
        "pain_duration": {"since": "2024-05"},
        "odi": "44 points",
        "mri_interpreted": "yes",
        **{f"prior_surgery.{body}": surgery for body in bodies},
        **{f"slip.{level}": "unknown" for level in levels},
        "osteoporosis": "yes",
        "t_score": "-2.54",
        "pregnant": OPEN,
    }
    assert [body for body, said in whole(reading, "requested").items() if said == "yes"] == ["L4", "L5"]
    assert whole(reading, "age") == {"": "50 years"}


def test_what_was_passed_over_in_the_chart_of_traps_is_listed_with_the_reason(come_to):
    _, reading = come_to(json.loads((HERE / "fhir/own-traps.json").read_text()))

    said = {(each.kind, each.fact, each.where.split(" ")[0]): each.text for each in reading.notes}
    assert said["history", "bmi", "Observation/o-bmi-old"].endswith("43.1 kg/m2")
    assert "in `[lb_av]/[in_i]2`" in said["beside", "bmi", "Observation/o-bmi-unit"]
    assert ("does not count", "bmi", "Observation/o-bmi-error") in said
    assert ("does not count", "neurogenic_claudication", "Condition/c-stenosis-refuted") in said
    assert ("does not count", "electronic_implant", "Device/d-removed") in said
    assert ("does not count", "extended_release_opioid", "MedicationRequest/mr-stopped") in said
    assert ("beside", "care.physical_therapy", "Procedure/pr-pt") in said
    assert ("does not count", "care.chiropractic", "Procedure/pr-pt-not-done") in said
    assert said["history", "pain_score", "Observation/o-pain-future"].startswith("after the service")
    assert ("not read", "", "Procedure/pr-referral") in said
    assert said["beside", "pain_duration", "Condition/c-recorded-only"] == "when it began is not said"


def test_every_fact_says_where_it_came_from(come_to):
    _, reading = come_to(json.loads((HERE / "fhir/own-traps.json").read_text()))

    parts = [r.evidence or tuple(e for _, es in r.conflicting for e in es) for r in reading.case.records]
    found = [e for evidence in parts for e in evidence]
    assert all("/" in each.document for each in found)
    high = next(e for e in found if e.document == "Observation/o-bmi-high valueQuantity")
    assert (high.date, high.note) == (datetime.date(2026, 11, 9), "40.04 kg/m2")
    bare = {r.slot.fact for r in reading.case.records if not (r.evidence or r.conflicting)}
    assert bare <= {"requested", "diagnosed", "billed"}  # what the order does not name


# -- nothing becomes false by absence ----------------------------------------------------------------


def test_an_empty_chart_records_the_order_and_the_age_and_nothing_else(come_to):
    said, _ = come_to(chart())

    assert said == {}


def test_a_coded_unknown_keeps_the_fact_open_and_a_coded_no_closes_it(come_to, shipped):
    unknown = observation("82810-3", valueCodeableConcept=concept("snomed", "261665006"))
    no = observation("82810-3", valueCodeableConcept=concept("snomed", "60001007"))

    said, reading = come_to(chart(unknown))
    assert said == {"pregnant": OPEN}
    assert parse_slots(shipped.vocabulary, "pregnant")[0] not in presumptions(shipped.vocabulary, reading.case)
    assert come_to(chart(no))[0] == {"pregnant": "no"}


def test_an_unknown_after_a_no_opens_it_again_and_a_no_after_an_unknown_closes_it(come_to):
    def said(**dates):
        codes = {"unknown": "261665006", "no": "60001007", "yes": "77386006"}
        return come_to(chart(*(
            observation("82810-3", identifier=word, effective=date,
                        valueCodeableConcept=concept("snomed", codes[word]))
            for word, date in dates.items()
        )))[0]["pregnant"]

    assert said(no="2026-11-01", unknown="2026-11-20") == OPEN
    assert said(unknown="2026-11-01", no="2026-11-20") == "no"
    assert said(yes="2026-11-01", unknown="2026-11-20") == OPEN
    assert said(unknown="2026-11-01", yes="2026-11-20") == "yes"
    assert said(no="2026-11-20", unknown="2026-11-20") == OPEN


def test_stenosis_by_code_opens_what_imaging_shows_and_says_of_claudication_what_it_says(come_to):
    assert come_to(chart(condition("M48.062")))[0] == {
        "neurogenic_claudication": "yes", "stenosis_on_imaging": OPEN, "stenosis_history": "yes",
        "nerve_compression": OPEN,
    }
    assert come_to(chart(condition("M48.061")))[0]["neurogenic_claudication"] == "no"
    assert come_to(chart(condition("M48.07")))[0]["neurogenic_claudication"] == OPEN
    both = come_to(chart(condition("M48.061"), condition("M48.062", identifier="d")))[0]
    assert both["neurogenic_claudication"] == "conflicting"


# -- status and verification -------------------------------------------------------------------------

PACER = "electronic_implant"


@pytest.mark.parametrize(
    ("resource", "kept"),
    [
        (condition("Z95.0"), "yes"),
        (condition("Z95.0", verificationStatus=status("refuted", "ver-status")), None),
        (condition("Z95.0", verificationStatus=status("entered-in-error", "ver-status")), None),
        (condition("Z95.0", verificationStatus=status("provisional", "ver-status")), OPEN),
        (condition("Z95.0", verificationStatus=status("differential", "ver-status")), OPEN),
        (condition("Z95.0", system="snomed"), None),
        (condition("Z95.00"), None),
        (condition("Z95.0", system="urn:oid:2.16.840.1.113883.6.90"), "yes"),
        (condition("19257004", system="icd10"), None),
        (procedure("33208"), "yes"),
        (procedure("33208", status="not-done"), None),
        (procedure("33208", status="entered-in-error"), None),
        (procedure("33208", performed="2026-12-20"), None),
        ({"resourceType": "Device", "id": "d", "status": "active", "type": concept("snomed", "19257004"),
          "patient": SUBJECT}, OPEN),
        ({"resourceType": "Device", "id": "d", "status": "inactive", "type": concept("snomed", "19257004"),
          "patient": SUBJECT}, None),
    ],
)
def test_an_implant_is_there_by_a_code_of_presence_or_an_insertion_and_open_by_a_device(come_to, resource, kept):
    assert come_to(chart(resource))[0].get(PACER) == kept


def test_presence_outweighs_a_doubt(come_to):
    device = {"resourceType": "Device", "id": "d", "status": "active", "type": concept("snomed", "14106009"),
              "patient": SUBJECT}

    assert come_to(chart(device, condition("Z95.0")))[0][PACER] == "yes"


@pytest.mark.parametrize(
    ("resource", "kept"),
    [
        (drug("1049593"), ({"one_of": ["use", "abuse"]}, "yes")),
        (drug("1049593", doNotPerform=True), (None, None)),
        (drug("1049593", doNotPerform=False), ({"one_of": ["use", "abuse"]}, "yes")),
        (drug("1049593", status="stopped"), (None, None)),
        (drug("1049593", status="completed"), ({"one_of": ["none", "use", "abuse"]}, OPEN)),
        (drug("1049593", intent="proposal"), (None, None)),
        (drug("1049593", authored="2025-01-01"), (None, None)),
        (drug("1049611"), ({"one_of": ["use", "abuse"]}, None)),
        (drug("99999999"), ({"one_of": ["none", "use", "abuse"]}, OPEN)),
        (drug("197806"), (None, None)),
    ],
)
def test_an_order_for_a_drug_counts_while_it_is_in_force_and_an_unknown_drug_leaves_the_class_open(
    come_to, resource, kept
):
    said, _ = come_to(chart(resource))

    assert (said.get("addictive_medication"), said.get("extended_release_opioid")) == kept
    assert not any(slot.startswith("care") for slot in said)  # a prescription is no course of care


def test_a_drug_by_reference_is_the_drug(come_to):
    contained = {"resourceType": "Medication", "id": "med", "code": concept("rxnorm", "1049593")}
    inside = drug("x", contained=[contained], medicationReference={"reference": "#med"})
    outside = drug("x", medicationReference={"reference": "Medication/med"})
    nowhere = drug("x", medicationReference={"reference": "Medication/gone"})
    for each in (inside, outside, nowhere):
        del each["medicationCodeableConcept"]

    assert come_to(chart(inside))[0]["extended_release_opioid"] == "yes"
    assert come_to(chart(outside, contained))[0]["extended_release_opioid"] == "yes"
    assert come_to(chart(nowhere))[0]["extended_release_opioid"] == OPEN


# -- numbers, units, dates ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "kept"),
    [
        (31.4, "kg/m2", "31.4 kg/m2"),
        (6.2, "[lb_av]/[in_i]2", None),
        (31.4, "kg/m^2", None),
        (31.4, None, None),
        (700, "kg/m2", None),
    ],
)
def test_a_number_is_read_in_a_unit_that_is_listed_and_in_no_other(come_to, value, unit, kept):
    assert come_to(chart(observation("39156-5", value, unit)))[0].get("bmi") == kept


def test_a_value_finer_than_the_step_is_never_rounded(come_to, shipped):
    said, reading = come_to(chart(observation("39156-5", 40.676850900459485, "kg/m2")))
    near, _ = come_to(chart(observation("39156-5", 40.04, "kg/m2")))

    record = next(r for r in reading.case.records if r.slot.fact == "bmi")
    assert "40.676850900459485" in record.evidence[0].note
    assert said["bmi"] == "40.676850900459485 kg/m2"
    assert near["bmi"] == "40.04 kg/m2"


def test_a_comparator_is_a_bound(come_to):
    less = {"value": 40, "comparator": "<", "system": "http://unitsofmeasure.org", "code": "kg/m2"}

    assert come_to(chart(observation("39156-5", valueQuantity=less)))[0]["bmi"] == {"less_than": "40 kg/m2"}


def test_the_code_for_40_to_44_9_cannot_show_more_than_40(come_to):
    dated, undated = condition("Z68.41", onsetDateTime="2026-10-01"), condition("Z68.41")

    assert come_to(chart(dated))[0]["bmi"] == {"at_least": "40.0 kg/m2", "less_than": "45.0 kg/m2"}
    assert "bmi" not in come_to(chart(undated))[0]  # of which year?


def test_of_values_that_no_limit_tells_apart_the_latest_is_recorded_and_of_others_both(come_to):
    def bmi(*values):
        given = [observation("39156-5", value, "kg/m2", f"o{month}", f"2026-{month:02}-01")
                 for month, value in enumerate(values, 3)]
        return come_to(chart(*given))

    assert bmi(31.2, 30.1, 33.0)[0]["bmi"] == "33.0 kg/m2"
    said, reading = bmi(39.6, 41.2)
    assert said["bmi"] == "conflicting"
    record = next(r for r in reading.case.records if r.slot.fact == "bmi")
    assert [str(value) for value, _ in record.conflicting] == ["41.2 kg/m2", "39.6 kg/m2"]


def test_the_t_score_is_the_lowest_and_an_old_one_leaves_it_open(come_to):
    two = chart(observation("80946-7", -2.0, "1", "a"), observation("38267-1", -1.1, "1", "b", "2026-11-20"))
    old = chart(observation("80946-7", -2.9, "1", effective="2019-01-01"))

    assert come_to(two)[0]["t_score"] == "-2.0"
    assert come_to(old)[0]["t_score"] == "unknown"


@pytest.mark.parametrize(
    ("effective", "kept"),
    [
        ("2026-12-03", "31.4 kg/m2"),
        ("2026-12-03T23:30:00-08:00", "31.4 kg/m2"),
        ("2026-12-04T01:00:00+02:00", None),
        ("2025-12-03", "31.4 kg/m2"),
        ("2025-12-02", None),
        ("2026-11", "31.4 kg/m2"),
        ("2026", None),
        ("2025", None),
        ("2027-01-01", None),
        ("yesterday", None),
    ],
)
def test_a_date_counts_as_the_day_it_is_written_as_and_a_part_of_one_as_every_day_it_may_be(come_to, effective, kept):
    assert come_to(chart(observation("39156-5", 31.4, "kg/m2", effective=effective)))[0].get("bmi") == kept


@pytest.mark.parametrize(
    ("onset", "kept"),
    [
        ("2024-05-14", {"since": "2024-05-14"}),
        ("2024-05-14T23:59:00-08:00", {"since": "2024-05-14"}),
        ("2024-05", {"since": "2024-05"}),
        ("2024", {"since": "2024"}),
        ("2026-10", {"since": "2026-10"}),
        ("2026-12", None),
        ("2027", None),
        (None, None),
    ],
)
def test_pain_lasts_since_its_onset_and_never_since_it_was_written_down(come_to, onset, kept):
    when = {"onsetDateTime": onset} if onset else {}
    said, _ = come_to(chart(condition("M54.51", recordedDate="2020-01-01", **when)))

    assert said.get("pain_duration") == kept


@pytest.mark.parametrize("day", [1, 2, 14, 28, 31])
def test_a_duration_from_a_month_holds_every_day_of_it(come_to, shipped, day):
    """Whatever the day was, the range allows what that day itself would: no limit tells them apart wrongly."""
    from bvn_asp.fhir.days import Days, duration
    from bvn_asp.model.quantity import Line, Quantity, cuts_of
    from bvn_asp.model.values import parse_value

    slot = parse_slots(shipped.vocabulary, "pain_duration")[0]
    fact = shipped.vocabulary.facts["pain_duration"]
    limits = [Quantity(n, unit) for n, unit in ((3, "months"), (6, "months"), (12, "months"), (6, "weeks"))]
    line = Line(fact.low, fact.high, fact.step, [cuts_of(sign, each) for each in limits
                                                 for sign in ("at_least", "more_than")])
    until = datetime.date(2026, 12, 3)
    for year, month in itertools.product((2025, 2026), (1, 3, 5, 7, 8, 10)):
        exact = parse_value(shipped.vocabulary, slot, f"{{since: {year}-{month:02}-{day:02}}}", until)
        whole = Days(datetime.date(year, month, 1), datetime.date(year, month, 31))
        ranged = parse_value(shipped.vocabulary, slot, json.dumps(duration(whole, until)), until)
        assert set(line.allowed(exact)) <= set(line.allowed(ranged))


@pytest.mark.parametrize(
    ("born", "kept"),
    [
        ("1975-12-03", "51 years"),
        ("1975-12-04", "50 years"),
        ("1975-12", {"at_least": "50 years", "at_most": "51 years"}),
        ("1976", {"at_least": "49 years", "at_most": "50 years"}),
        (None, None),
        ("2027-01-01", None),
    ],
)
def test_the_age_is_in_completed_years_on_the_day_of_service(come_to, born, kept):
    who = patient(birthDate=born) if born else {k: v for k, v in patient().items() if k != "birthDate"}
    _, reading = come_to(bundle(who, order()))

    found = [value_data(r.value) for r in reading.case.records if r.slot.fact == "age"]
    assert found == ([kept] if kept else [])


def test_no_age_is_worked_out_of_a_person_who_died(come_to):
    for died in ({"deceasedDateTime": "2020-01-01"}, {"deceasedBoolean": True}):
        _, reading = come_to(bundle(patient(**died), order()))

        assert "age" not in {r.slot.fact for r in reading.case.records}
        assert any("the person died" in each.text for each in reading.notes)


# -- levels and bodies -------------------------------------------------------------------------------


def test_a_fracture_code_names_the_vertebra_only_where_it_does(come_to):
    named, _ = come_to(chart(condition("S32.030A")))
    unnamed, _ = come_to(chart(condition("M48.56XA")))
    healed, _ = come_to(chart(condition("S32.030A", clinicalStatus=status("resolved"))))

    assert named == {"fracture.L3": "yes"}
    assert {slot for slot in unnamed if slot.startswith("fracture.")} == {
        f"fracture.{body}" for body in ("L1", "L2", "L3", "L4", "L5", "S1")
    }
    assert set(map(str, unnamed.values())) == {str(OPEN)}
    assert healed == {"fracture.L3": OPEN}


def test_an_operation_is_open_in_the_body_it_names_else_in_every_body(come_to):
    somewhere, _ = come_to(chart(procedure("63047")))
    here, _ = come_to(chart(procedure("63047", bodySite=[concept("site", "L3")])))
    by_text, _ = come_to(chart(procedure("63047", bodySite=[{"text": "L3-L4"}])))
    in_words, _ = come_to(chart(procedure("63047", bodySite=[{"text": "lower back"}])))

    assert len(somewhere) == 6
    assert set(here) == {"prior_surgery.L3"}
    assert set(by_text) == {"prior_surgery.L3", "prior_surgery.L4"}
    assert in_words == somewhere


def test_an_earlier_ablation_leaves_the_bodies_open(come_to):
    assert come_to(chart(procedure("64628")))[0].keys() == {
        f"ablated_before.{body}" for body in ("L1", "L2", "L3", "L4", "L5", "S1")
    }


# -- the order ---------------------------------------------------------------------------------------


def whole(reading, fact):
    return {r.slot.member: value_data(r.value) for r in reading.case.records if r.slot.fact == fact}


def test_an_order_is_whole_and_what_it_does_not_name_is_not_asked_for(come_to):
    _, reading = come_to(bundle(patient(), order(), order("64629", units=2)))

    assert whole(reading, "requested") == {
        "L1": "no", "L2": "no", "L3": "no", "L4": "yes", "L5": "yes", "L6": "no", "S1": "no"
    }
    assert whole(reading, "diagnosed")["M54.51"] == "yes"
    assert whole(reading, "diagnosed")["M54.50"] == "no"
    billed = whole(reading, "billed")
    asked = {code: units for code, units in billed.items() if units != "0 units"}
    assert asked == {"64628": "1 units", "64629": "2 units"}


def test_a_body_site_or_a_reason_in_words_leaves_the_rest_open(come_to):
    odd = order(reasonCode=[concept("icd10", "M54.51"), {"text": "back pain"}])
    odd["bodySite"].append({"text": "lumbar spine"})

    _, reading = come_to(bundle(patient(), odd))

    assert whole(reading, "requested") == {"L4": "yes", "L5": "yes"}
    assert whole(reading, "diagnosed") == {"M54.51": "yes"}


def test_a_reason_by_reference_is_a_reason_and_one_that_leads_nowhere_leaves_the_codes_open(come_to):
    reason = order(reasons=(), reasonReference=[{"reference": "Condition/c"}])
    gone = order(reasons=(), reasonReference=[{"reference": "Condition/gone"}])

    assert whole(come_to(bundle(patient(), reason, condition("M54.51")))[1], "diagnosed")["M54.51"] == "yes"
    assert whole(come_to(bundle(patient(), gone))[1], "diagnosed") == {}


def test_units_that_are_not_stated_are_at_least_one(come_to):
    _, reading = come_to(bundle(patient(), order(units=None)))

    assert whole(reading, "billed") == {"64628": {"at_least": "1 units"}}


@pytest.mark.parametrize(
    "other",
    [order(doNotPerform=True), order(status="revoked"), order(status="entered-in-error"), order(code="77061"),
     order(intent="option")],
)
def test_an_order_that_does_not_count_asks_for_nothing(come_to, other):
    said, reading = come_to(bundle(patient(), other), SERVICE)

    assert reading.order.refs == ()
    assert {r.slot.fact for r in reading.case.records} == {"age"}
    assert said == {}


def claim(modifier=None, **more):
    item = {
        "sequence": 1, "productOrService": concept("cpt", "64628"), "quantity": {"value": 1},
        "servicedDate": SERVICE, **({"modifier": [concept("urn:x", modifier)]} if modifier else {}),
    }
    other = {"sequence": 2, "productOrService": concept("cpt", "99999"), "modifier": [concept("urn:x", "KX")]}
    return {
        "resourceType": "Claim", "id": "claim", "status": "active", "type": concept("urn:x", "professional"),
        "use": "preauthorization", "patient": SUBJECT, "created": "2026-11-01", "provider": {"display": "x"},
        "priority": concept("urn:x", "normal"), "insurance": [], "item": [item, other],
        "diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": concept("icd10", "M54.51")}], **more,
    }


def test_the_modifier_attests_on_our_own_line_of_the_claim_only(come_to):
    assert come_to(bundle(patient(), claim("KX")))[0] == {"modic_attested": "yes"}
    said, reading = come_to(bundle(patient(), claim()))
    assert said == {}
    assert whole(reading, "diagnosed")["M54.51"] == "yes"
    assert whole(reading, "billed").items() >= {"64628": "1 units", "64629": "0 units"}.items()


def coverage(code, identifier="cov", system="payer", **more):
    return {"resourceType": "Coverage", "id": identifier, "status": "active", "type": concept(system, code),
            "beneficiary": SUBJECT, "payor": [{"display": "a plan"}], **more}


def test_the_cover_is_the_one_that_the_order_names_while_it_runs(come_to):
    named = order(insurance=[{"reference": "Coverage/cov"}])

    def business(*resources):
        return come_to(bundle(patient(), named, *resources))[0].get("line_of_business")

    assert business(coverage("111"), coverage("95", "other")) == "medicare_advantage"
    assert business(coverage("95"), coverage("111", "other")) == "workers_compensation"
    assert business(coverage("3712")) is None
    assert business(coverage("111", status="cancelled")) is None
    assert business(coverage("111", period={"start": "2020-01-01"})) == "medicare_advantage"
    assert business(coverage("111", period={"start": "2020-01-01", "end": "2020-12-31"})) is None
    assert come_to(chart(coverage("111")))[0] == {}


def test_the_state_is_where_it_is_to_be_done_not_where_the_person_lives(come_to):
    place = {"resourceType": "Location", "id": "l", "address": {"state": "GA"}}
    there = order(locationReference=[{"reference": "Location/l"}])

    assert come_to(bundle(patient(address=[{"state": "OH"}]), there, place))[0] == {"state": "ga"}
    assert come_to(bundle(patient(address=[{"state": "OH"}]), order(), place))[0] == {}


# -- two versions, other persons, order of entries ---------------------------------------------------


def test_of_two_versions_of_one_resource_the_newest_is_read(come_to):
    old = condition("Z95.0", meta={"lastUpdated": "2026-01-02T10:00:00+02:00"})
    new = condition("M54.51", meta={"lastUpdated": "2026-01-02T09:00:00Z"})
    gone = condition("Z95.0", verificationStatus=status("entered-in-error", "ver-status"), meta={"versionId": "10"})
    kept = condition("Z95.0", meta={"versionId": "9"})

    assert PACER not in come_to(chart(old, new))[0]
    assert PACER not in come_to(chart(new, old))[0]
    assert PACER not in come_to(chart(kept, gone))[0]


def test_two_different_resources_of_one_name_are_a_fault_and_the_same_twice_is_one(come_to):
    with pytest.raises(InputError, match="two different resources are called Condition/c"):
        come_to(chart(condition("Z95.0"), condition("M54.51")))

    assert come_to(chart(condition("Z95.0"), condition("Z95.0")))[0][PACER] == "yes"


def test_what_belongs_to_another_person_is_left_out(come_to):
    theirs = condition("Z95.0", subject={"reference": "Patient/q"})

    said, reading = come_to(bundle(patient(), order(), theirs))

    assert said == {}
    assert ("", "Condition/c") in notes(reading, "left out")


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_the_entries_changes_nothing_and_neither_does_what_nobody_reads(come_to, shipped, seed):
    document = json.loads((HERE / "fhir/own-traps.json").read_text())
    _, before = come_to(document)
    theirs = {"identifier": "odd", "subject": {"reference": "Patient/p1"}}
    extra = [{"resource": condition("R51.9", **theirs)}, {"resource": procedure("99213", **theirs)},
             {"resource": {"resourceType": "Practitioner", "id": "x"}}]
    entries = document["entry"] + extra
    random.Random(seed).shuffle(entries)

    _, after = come_to({**document, "entry": entries})

    assert after.data["facts"] == before.data["facts"]
    assert after.data["request"] == before.data["request"]
    assert {("", "Condition/odd"), ("", "Procedure/odd")} <= set(notes(after, "not read"))


def test_the_case_written_to_a_file_is_the_case(come_to, shipped, tmp_path):
    from bvn_asp.fhir.read import case_text

    _, reading = come_to(json.loads((HERE / "fhir/own-traps.json").read_text()))
    path = tmp_path / "case.yaml"
    path.write_text(case_text(reading))

    assert shipped.case(path).records == reading.case.records


# -- what is broken ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "broken",
    [{"verificationStatus": concept("x", "confirmed")["coding"]}, {"clinicalStatus": []}],
)
def test_a_state_that_is_not_as_r4_has_it_shows_nothing_and_leaves_the_fact_open(come_to, broken):
    assert come_to(chart(condition("Z95.0", **broken)))[0][PACER] == OPEN


def test_a_fault_elsewhere_in_a_resource_is_listed_and_the_rest_is_read(come_to):
    said, reading = come_to(chart(drug("1049593", category={"text": "community"})))

    assert said["extended_release_opioid"] == "yes"
    assert ("", "MedicationRequest/m") in notes(reading, "left out")


def test_the_documents_of_the_project_name_nobody(come_to):
    """Names, birth dates and numbers of persons never reach the case, the notes or a fault."""
    secret = patient(
        birthDate="1969-02-17", name=[{"family": "Canaryname"}],
        identifier=[{"value": "MRN-CANARY-77"}], gender="canarygender x", telecom=[{"value": "555-canary"}],
    )
    named = condition("Z95.0", subject={"reference": "Patient/p", "display": "Canaryname"},
                      note=[{"text": "Canaryname said"}])
    _, reading = come_to(bundle(secret, order(), named))

    told = json.dumps(reading.data) + " ".join(map(str, reading.notes))
    assert not [word for word in ("canary", "1969-02-17") if word in told.lower()]


def test_every_code_of_the_mapping_is_a_code_of_icd_10_cm(shipped):
    simple = pytest.importorskip("simple_icd_10_cm")
    from bvn_asp.fhir.mapping import load_mapping

    mapping = load_mapping(shipped.folder, shipped.vocabulary)
    every = simple.get_all_codes(with_dots=True)
    codes = {code for line in mapping.lines for code in line.codes.by_system.get("icd10", ())}
    wrong = {
        code
        for code in codes
        if not (any(each.startswith(code[:-1]) for each in every) if code.endswith("*") else code in every)
    }

    assert codes
    assert wrong == set()


def test_nothing_here_is_imported_when_a_command_starts():
    import subprocess
    import sys

    code = "import sys, bvn_asp.cli.compare; sys.exit(any(n.startswith(('bvn_asp.fhir', 'fhir')) for n in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_what_became_of_a_record_keeps_to_its_schema(shipped):
    jsonschema = pytest.importorskip("jsonschema")
    from click.testing import CliRunner

    from bvn_asp.cli import main
    from bvn_asp.render.schema import schema

    traps = str(HERE / "fhir/own-traps.json")
    found = CliRunner().invoke(main, ["fhir", "read", traps, "--explain-mapping", "--format", "json"])

    data = json.loads(found.stdout)
    assert list(jsonschema.Draft202012Validator(schema(shipped, "fhir-read")).iter_errors(data)) == []
    assert {each["kind"] for each in data["notes"]} >= {"used", "open", "history", "does not count", "not read"}


def test_the_age_is_that_of_the_person_of_the_order(come_to):
    other = patient(id="q", birthDate="2000-01-01")
    nobody = {key: value for key, value in condition("Z95.0").items() if key != "subject"}

    for document in (bundle(patient(), other, order(), nobody), bundle(other, patient(), order(), nobody)):
        said, reading = come_to(document)

        assert whole(reading, "age") == {"": "56 years"}
        assert said == {}  # whose implant it is nobody says
        assert ("", "Condition/c") in notes(reading, "left out")


def test_a_code_without_its_dot_is_the_code_and_only_under_its_own_system(come_to):
    assert come_to(chart(condition("Z950")))[0][PACER] == "yes"
    assert PACER not in come_to(chart(condition("Z950", system="snomed")))[0]
    assert whole(come_to(bundle(patient(), order(reasons=("M5451",))))[1], "diagnosed")["M54.51"] == "yes"


def test_an_onset_by_age_or_in_words_is_no_doubt_about_what_is_still_so(come_to):
    by_age = condition("M81.0", onsetAge={"value": 45, "unit": "a", "system": "http://unitsofmeasure.org", "code": "a"})
    in_words = condition("M81.0", onsetString="as a child")
    broken = condition("M81.0", onsetDateTime="some day")

    assert come_to(chart(by_age))[0] == come_to(chart(in_words))[0] == {"osteoporosis": "yes"}
    assert come_to(chart(broken))[0] == {"osteoporosis": OPEN}


def test_what_a_chart_calls_things_cannot_write_on_a_terminal(come_to):
    odd = observation("39156-5", 31, "kg\x1b[31m", identifier="\x1b[2J")
    other = condition("\x1b[2J", identifier="c\n")

    _, reading = come_to(chart(odd, other))

    told = json.dumps(reading.data) + "".join(f"{e.where}{e.text}" for e in reading.notes)
    assert "\x1b" not in told
    assert "\\u001b" not in told


def test_the_mapping_says_how_far_codes_reach_and_what_could_not_be_checked():
    from click.testing import CliRunner

    from bvn_asp.cli import main

    told = CliRunner().invoke(main, ["fhir", "mapping"])

    assert told.exit_code == 0
    for words in ("a value", "that there may be something: left open", "nothing: it is asked"):
        assert next(line for line in told.stdout.splitlines() if line.startswith(words)).split()[-1].isdigit()
    assert "odi: 97909-6" in told.stdout


@pytest.mark.parametrize("seed", range(3))
def test_no_resource_that_does_not_count_changes_a_record(come_to, seed):
    """Whatever line a resource falls under: not done, refuted or entered in error, it says nothing."""
    from bvn_asp.fhir.mapping import load_mapping
    from bvn_asp.model.library import Library

    library = Library(ROOT / "policies")
    lines = [each for each in load_mapping(library.folder, library.vocabulary).lines if each.codes.by_system]
    pick = random.Random(seed)
    void = []
    for number, line in enumerate(lines):
        system, codes = pick.choice(list(line.codes.by_system.items()))
        code, name = pick.choice(codes).replace("*", "1"), f"v{number}"
        if line.read == "Condition":
            bad = pick.choice(["refuted", "entered-in-error"])
            void.append(condition(code, system, name, verificationStatus=status(bad, "ver-status")))
        elif line.read == "Procedure":
            void.append(procedure(code, system, name, status=pick.choice(["not-done", "entered-in-error"])))
        elif line.read in ("Observation", "DiagnosticReport"):
            made = observation(code, 99, "kg/m2", name, status=pick.choice(["cancelled", "entered-in-error"]))
            void.append({**made, "resourceType": line.read})
        elif line.read == "MedicationRequest":
            void.append(drug(code, name, status=pick.choice(["stopped", "entered-in-error"])))
    assert len(void) > 80

    assert come_to(chart(*void))[0] == {}
