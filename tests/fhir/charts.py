"""Small charts in FHIR for the tests: nobody in them exists."""

from __future__ import annotations

import json

SYSTEMS = {
    "icd10": "http://hl7.org/fhir/sid/icd-10-cm",
    "snomed": "http://snomed.info/sct",
    "loinc": "http://loinc.org",
    "cpt": "http://www.ama-assn.org/go/cpt",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "payer": "https://nahdo.org/sopt",
    "coverage": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
    "site": "http://example.org/bvn-asp/CodeSystem/body",
    "ucum": "http://unitsofmeasure.org",
}
SERVICE = "2026-12-03"
SUBJECT = {"reference": "Patient/p"}


def concept(system, *codes):
    """A concept with codes of one system."""
    return {"coding": [{"system": SYSTEMS.get(system, system), "code": code} for code in codes]}


def status(word, kind="clinical"):
    return {"coding": [{"system": f"http://terminology.hl7.org/CodeSystem/condition-{kind}", "code": word}]}


def patient(**more):
    return {"resourceType": "Patient", "id": "p", "birthDate": "1970-05-01", **more}


def order(code="64628", bodies=("L4", "L5"), reasons=("M54.51",), units=1, **more):
    return {
        "resourceType": "ServiceRequest", "id": f"order-{code}", "status": "draft", "intent": "order",
        "code": concept("cpt", code), "subject": SUBJECT, "occurrenceDateTime": SERVICE,
        "bodySite": [concept("site", body) for body in bodies],
        "reasonCode": [concept("icd10", reason) for reason in reasons],
        **({"quantityQuantity": {"value": units}} if units is not None else {}), **more,
    }


def condition(code, system="icd10", identifier="c", **more):
    return {
        "resourceType": "Condition", "id": identifier, "clinicalStatus": status("active"),
        "verificationStatus": status("confirmed", "ver-status"), "code": concept(system, code), "subject": SUBJECT,
        **more,
    }


def observation(code, value=None, unit=None, identifier="o", effective="2026-11-01", **more):
    quantity = {"value": value, "unit": unit, "system": SYSTEMS["ucum"], "code": unit}
    return {
        "resourceType": "Observation", "id": identifier, "status": "final", "code": concept("loinc", code),
        "subject": SUBJECT, "effectiveDateTime": effective,
        **({"valueQuantity": quantity} if value is not None else {}), **more,
    }


def procedure(code, system="cpt", identifier="pr", performed="2024-03-02", **more):
    return {
        "resourceType": "Procedure", "id": identifier, "status": "completed", "code": concept(system, code),
        "subject": SUBJECT, "performedDateTime": performed, **more,
    }


def drug(code, identifier="m", authored="2026-11-01", **more):
    return {
        "resourceType": "MedicationRequest", "id": identifier, "status": "active", "intent": "order",
        "medicationCodeableConcept": concept("rxnorm", code), "subject": SUBJECT, "authoredOn": authored, **more,
    }


def bundle(*resources, **more):
    entries = [{"fullUrl": f"http://example.org/fhir/{r['resourceType']}/{r.get('id')}", "resource": r}
               for r in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries, **more}


def chart(*resources):
    """A chart with a person, an order for L4 and L5, and what else is given."""
    return bundle(patient(), order(), *resources)


def text(document):
    return json.dumps(document)
