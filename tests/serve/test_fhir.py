"""The FHIR and CDS Hooks services over HTTP are those of the package, behind the same door."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("fhirkit", reason="FHIR is not installed: pip install bvn-asp[fhir]")
pytest.importorskip("fhirpathpy")

from fhir.test_reply import hook
from places import ROOT

from bvn_asp.fhir.documents import to_json
from bvn_asp.fhir.services import Services
from bvn_asp.fhir.write import write

FHIR = {"content-type": "application/fhir+json"}
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def services(shipped):
    return Services(shipped)


@pytest.mark.parametrize("path", ["/cds-services", "/fhir/metadata"])
def test_what_there_is_is_told(client, services, path):
    answer = client.get(path)

    assert answer.status_code == 200
    assert answer.text == services("GET", path).text


@pytest.mark.parametrize("kind", ["order-sign", "order-select"])
def test_a_hook_is_answered_as_the_package_answers_it(client, services, shipped, kind):
    selections = {"selections": ["ServiceRequest/order-64628"]} if kind == "order-select" else {}
    body = json.dumps(hook(shipped, kind=kind, **selections)).encode()

    answer = client.post(f"/cds-services/bvn-{kind}", content=body, headers=JSON)

    assert answer.status_code == 200, answer.text
    assert answer.json()["systemActions"] or answer.json()["cards"]
    assert answer.text == services("POST", f"/cds-services/bvn-{kind}", body).text


def test_a_form_is_handed_out_and_asked_turn_by_turn(client, services, shipped):
    from fhir.charts import order, patient

    parameters = {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "coverage", "resource": {
                "resourceType": "Coverage", "id": "c", "status": "active", "beneficiary": {"reference": "Patient/p"},
                "payor": [{"display": "a plan"}]}},
            {"name": "order", "resource": order()},
            {"name": "referenced", "resource": patient()},
            {"name": "questionnaire", "valueCanonical": "http://example.org/bvn-asp/Questionnaire/cohere-ma"},
        ],
    }
    body = json.dumps(parameters).encode()
    path = "/fhir/Questionnaire/$questionnaire-package"
    package = client.post(path, content=body, headers=FHIR)
    assert package.status_code == 200, package.text
    begun = package.json()["parameter"][0]["resource"]["entry"][1]["resource"]
    turn = {"resourceType": "Parameters", "parameter": [{"name": "questionnaire-response", "resource": begun}]}
    asked = client.post("/fhir/Questionnaire/$next-question", content=to_json(turn).encode(), headers=FHIR)

    assert package.text == services("POST", path, body).text
    assert asked.status_code == 200
    assert asked.json()["status"] == "in-progress"
    assert asked.headers["content-type"].startswith("application/fhir+json")


FAULTS = [
    ("POST", "/cds-services/bvn-order-sign", b'{"hook": "order-sign"}', 422),
    ("POST", "/cds-services/bvn-order-sign", b"not JSON", 422),
    ("POST", "/fhir/Questionnaire/$next-question", b'{"resourceType": "Patient"}', 422),
    ("GET", "/fhir/Questionnaire/$next-question", b"", 405),
    ("POST", "/cds-services", b"{}", 405),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), FAULTS)
def test_a_fault_is_an_operation_outcome_with_nothing_of_what_was_sent(client, method, path, body, status):
    answer = client.request(method, path, content=body, headers=FHIR if method == "POST" else {})

    assert answer.status_code == status
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert "Canary" not in answer.text


def test_a_record_in_fhir_is_asked_about_as_a_case_is(client, shipped):
    case = ROOT / "cases" / "baseline.yaml"
    record = json.dumps(write(shipped, shipped.case(case))).encode()

    found = client.post("/v1/compare?policies=cohere-ma", content=record, headers=FHIR).json()
    wanted = client.post("/v1/compare?policies=cohere-ma", content=case.read_bytes(),
                         headers={"content-type": "application/yaml"}).json()

    assert [each["verdict"] for each in found["verdicts"]] == [each["verdict"] for each in wanted["verdicts"]]
    assert [each["status"] for each in found["verdicts"][0]["entries"]] == [
        each["status"] for each in wanted["verdicts"][0]["entries"]] if "entries" in wanted["verdicts"][0] else True


def test_another_site_may_not_ask_these_either(client):
    answer = client.post("/cds-services/bvn-order-sign", content=b"{}", headers={**JSON, "origin": "http://evil.example"})

    assert answer.status_code == 403
