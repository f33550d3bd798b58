"""What a policy says of an order: the shapes, their invariants, and what is never in them."""

from __future__ import annotations

import json
import time

import pytest
from click.testing import CliRunner
from fhir.charts import SUBJECT, bundle, chart, concept, condition, drug, observation, order, patient, procedure, status
from places import HERE

from bvn_asp.cases.evaluate import Verdict
from bvn_asp.cli import main
from bvn_asp.errors import InputError
from bvn_asp.fhir.ask import Desk
from bvn_asp.fhir.documents import parse_json, to_json
from bvn_asp.fhir.paths import holds, path
from bvn_asp.fhir.read import read
from bvn_asp.fhir.reply import (
    STANDING,
    claim_response,
    coverage_information,
    guidance_response,
    hook_reply,
    prefetch,
    says,
)
from bvn_asp.fhir.services import Services

# As they stand in CRD 2.2.1, the fourth with the `exists()` that it lacks there, and the spelling of its code
INVARIANTS = {
    "q1": "extension.where(url='questionnaire').exists() implies extension.where(url = 'doc-needed').exists()",
    "q2": "extension.where(url = 'covered' and value = 'not-covered').exists() implies "
          "extension.where(url = 'pa-needed').exists().not()",
    "q3": "extension.where((url = 'covered' or url = 'pa-needed' or url = 'doc-needed') and value = 'conditional')"
          ".count() >= 1 implies extension.where(url = 'info-needed').exists()",
    "q3 back": "extension.where(url = 'info-needed').exists() implies extension.where((url = 'covered' or "
               "url = 'pa-needed' or url = 'doc-needed') and value = 'conditional').exists()",
    "q4": "(extension.where(url = 'pa-needed' and (value = 'satisfied' or value = 'no-auth')).exists() and "
          "extension.where(url = 'doc-purpose').exists()) implies "
          "extension.where(url = 'doc-purpose').all(value != 'withpa')",
    "q5": "extension.where(url = 'pa-needed' and value = 'satisfied').exists() = "
          "extension.where(url = 'satisfied-pa-id').exists()",
    "q6": "extension.where(url = 'info-needed' and value = 'OTH').exists() implies "
          "extension.where(url = 'reason').exists()",
    "q7 by text": "extension.where(url = 'reason').empty() or extension.where(url = 'reason').value.text.exists()",
    "q8": "extension.where(url = 'doc-purpose' and value != 'conditional').exists() implies "
          "extension.where(url = 'reason').exists()",
    "q9": "extension.where(value = 'indeterminate').empty() or extension.where(url = 'reason').exists()",
}
NEVER = ("denied", "deny", "denial", "not-covered", "not covered", "no-auth", "satisfied\"", "payment", "indeterminate")
COVER = {"resourceType": "Coverage", "id": "cov", "status": "active", "type": concept("payer", "111"),
         "beneficiary": SUBJECT, "payor": [{"display": "a plan"}]}
OURS = order(insurance=[{"reference": "Coverage/cov"}], authoredOn="2026-11-20")
STATE = {"resourceType": "QuestionnaireResponse", "id": "place", "status": "completed", "subject": SUBJECT,
         "questionnaire": "http://example.org/bvn-asp/Questionnaire/cohere-ma"}


@pytest.fixture(scope="module")
def desk(shipped):
    return Desk(shipped)


def read_one(shipped, *resources):
    document = bundle(patient(), OURS, COVER, *resources)
    return read(shipped, [("x", parse_json(json.dumps(document).encode(), "x"))])


CHARTS = {
    Verdict.PEND: [condition("M54.51", onsetDateTime="2024-01-01")],
    Verdict.DENY: [condition("Z95.0"), observation("39156-5", 45.2, "kg/m2")],
}


@pytest.fixture(params=[Verdict.PEND, Verdict.DENY, Verdict.APPROVE, Verdict.SILENT], scope="module")
def said(request, shipped, desk):
    """One of each verdict on a chart with an order and a coverage."""
    from dataclasses import replace

    wanted = request.param
    reading = read_one(shipped, *CHARTS.get(wanted, []))
    policy = "cohere-ma"
    if wanted is Verdict.APPROVE:
        best = shipped.case(HERE.parent / "cases/baseline.yaml")
        reading = replace(reading, case=best)
    if wanted is Verdict.SILENT:
        policy = "bmj-2025"
    (found,), _ = says(desk, reading, [policy])
    assert found.verdict is wanted
    return found


# -- the shapes --------------------------------------------------------------------------------------


def test_coverage_information_keeps_the_invariants_of_its_guide(shipped, said):
    (extension,) = coverage_information(shipped, said)

    broken = [name for name, expression in INVARIANTS.items() if not holds(expression, extension)]
    assert broken == []
    parts = {part["url"]: part for part in extension["extension"]}
    assert {"coverage", "covered", "date", "coverage-assertion-id"} <= set(parts)
    assert parts["coverage-assertion-id"]["valueString"] == said.identifier
    assert ("questionnaire" in parts) == (said.verdict is Verdict.PEND)


def test_the_benefit_is_said_only_if_the_caller_knows_it(shipped, said):
    (known,) = coverage_information(shipped, said, "covered")
    (unknown,) = coverage_information(shipped, said)

    assert path("extension.where(url = 'covered').value")(known) == ["covered"]
    assert path("extension.where(url = 'info-needed')")(known) == []
    assert path("extension.where(url = 'covered').value")(unknown) == ["conditional"]
    assert [n for n, e in INVARIANTS.items() if not holds(e, known)] == []


def test_the_resources_are_r4_and_say_neither_denial_nor_benefit(shipped, said):
    fhirkit = pytest.importorskip("fhirkit")
    annotated = {**OURS, "extension": coverage_information(shipped, said)}

    for each in (guidance_response(shipped, said), claim_response(shipped, said), annotated):
        text = to_json(each)
        assert [str(issue) for issue in fhirkit.validate(text)] == []
        assert not [word for word in NEVER if word in text.lower()]


def test_a_guidance_response_says_which_data_is_still_required(shipped, said):
    made = guidance_response(shipped, said)

    assert made["status"] == ("data-required" if said.verdict is Verdict.PEND else "success")
    assert made["contained"][0]["parameter"][0]["valueCode"] == STANDING[said.verdict]
    assert made["moduleUri"].endswith(f"{said.revision.policy.id}|{said.revision.id}")
    assert ("dataRequirement" in made) == (said.verdict is Verdict.PEND)
    if said.verdict is Verdict.PEND:
        codes = {c["code"] for each in made["dataRequirement"] for c in each["codeFilter"][0]["code"]}
        assert "39156-5" in codes  # the body mass index is open


def test_a_claim_response_certifies_only_what_meets_the_criteria(shipped, said):
    made = claim_response(shipped, said)

    expression = "item.adjudication.extension.extension.value.coding.code"
    assert path(expression)(made) == ["A1" if said.verdict is Verdict.APPROVE else "A4"]
    assert made["outcome"] == ("complete" if said.verdict is Verdict.APPROVE else "queued")
    assert "preAuthRef" not in made
    assert "not conformance-tested" in made["meta"]["tag"][0]["display"]


def test_the_same_chart_gives_the_same_bytes_and_another_chart_another_id(shipped, desk):
    def made(*resources):
        (found,), _ = says(desk, read_one(shipped, *resources), ["cohere-ma"])
        return to_json(guidance_response(shipped, found)), found.identifier

    assert made(condition("Z95.0")) == made(condition("Z95.0"))
    assert made(condition("Z95.0"))[1] != made(condition("M81.0"))[1]


# -- the hook ----------------------------------------------------------------------------------------


def hook(shipped, *resources, kind="order-sign", orders=(OURS,), cover=COVER, leave=(), **more):
    """A hook request with all its prefetch, in searches by type."""
    searches = {}
    for key in prefetch(shipped):
        if key == "patient":
            searches[key] = patient(name=[{"family": "Canaryname"}], identifier=[{"value": "MRN-CANARY"}])
        else:
            wanted = key[0].upper() + key[1:]
            found = [r for r in (*resources, *([cover] if cover else [])) if r["resourceType"] == wanted]
            searches[key] = {**bundle(*found), "type": "searchset"}
    for key in leave:
        del searches[key]
    return {
        "hook": kind, "hookInstance": "6bc883b2-b795-4dcb-b661-34884a31d472", "fhirServer": "http://example.org/fhir",
        "context": {"userId": "Practitioner/x", "patientId": "p", "draftOrders": bundle(*orders), **more},
        "prefetch": searches,
    }


def test_an_order_is_answered_with_a_card_and_coverage_information_on_it(shipped, desk):
    found = hook_reply(desk, hook(shipped, condition("M54.51")), "x", ["cohere-ma"])

    (card,), (action,) = found["cards"], found["systemActions"]
    assert card["indicator"] == "info"
    assert len(card["summary"]) < 140
    assert "Not a coverage decision" in card["detail"]
    assert action["type"] == "update"
    assert action["resource"]["id"] == OURS["id"]
    assert action["resource"]["code"] == OURS["code"]
    assert action["resource"]["extension"][-1]["url"].endswith("/ext-coverage-information")
    text = to_json(found).lower()
    assert not [word for word in (*NEVER, "canary") if word in text]


def test_the_policy_is_the_one_that_governs_or_the_card_says_what_it_hangs_on(shipped, desk):
    open_ = hook_reply(desk, hook(shipped), "x")
    place = {"resourceType": "Location", "id": "l", "address": {"state": "GA"}}
    there = {**OURS, "locationReference": [{"reference": "#l"}], "contained": [place]}
    known = hook_reply(desk, hook(shipped, orders=(there,)), "x")

    assert open_["systemActions"] == []
    assert "state" in open_["cards"][0]["detail"]
    assert len(known["systemActions"]) == 1
    assert "criteria" in known["cards"][0]["summary"]


def test_orders_that_are_not_ours_are_answered_with_nothing_whatever_else_is_missing(shipped, desk):
    nothing = {"cards": [], "systemActions": []}

    assert hook_reply(desk, hook(shipped, orders=(order("77061"),), leave=("patient", "condition")), "x") == nothing
    assert hook_reply(desk, hook(shipped, orders=()), "x") == nothing
    selected = {"kind": "order-select", "selections": ["ServiceRequest/order-77061"]}
    others = hook(shipped, orders=(OURS, order("77061")), **selected)
    assert hook_reply(desk, others, "x") == nothing


def test_of_a_selection_the_selected_orders_count(shipped, desk):
    given = hook(shipped, kind="order-select", selections=[f"ServiceRequest/{OURS['id']}"])

    assert len(hook_reply(desk, given, "x", ["cohere-ma"])["systemActions"]) == 1


def test_a_missing_prefetch_is_asked_for_and_so_is_the_rest_of_a_page(shipped, desk):
    paged = hook(shipped)
    paged["prefetch"]["condition"]["link"] = [{"relation": "next", "url": "http://example.org/2"}]
    refused = hook(shipped)
    refused["prefetch"]["procedure"] = {"resourceType": "OperationOutcome"}

    for given, key in ((hook(shipped, leave=("observation",)), "observation"), (paged, "condition"),
                       (refused, "procedure")):
        with pytest.raises(InputError, match=f"the prefetch is missing: {key}"):
            hook_reply(desk, given, "x", ["cohere-ma"])


def test_without_a_coverage_or_a_day_there_is_a_card_and_nothing_on_the_order(shipped, desk):
    bare = order()

    assert hook_reply(desk, hook(shipped, cover=None), "x", ["cohere-ma"])["systemActions"] == []
    undated = hook_reply(desk, hook(shipped, orders=(bare,)), "x", ["cohere-ma"])
    assert undated["systemActions"] == []
    assert len(undated["cards"]) == 1


def test_an_order_for_another_person_than_the_hook_is_about_is_a_fault(shipped, desk):
    with pytest.raises(InputError, match="another person"):
        hook_reply(desk, hook(shipped, patientId="q"), "x", ["cohere-ma"])


def test_what_is_known_of_the_chart_reaches_the_card(shipped, desk):
    heavy = observation("39156-5", 45.2, "kg/m2")

    found = hook_reply(desk, hook(shipped, heavy, procedure("63047"), drug("1049593")), "x", ["cohere-ma"])

    assert "clinician" in found["cards"][0]["summary"]


# -- over HTTP ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def services(shipped):
    return Services(shipped)


def test_the_services_say_which_hooks_there_are_and_what_each_needs(shipped, services):
    found = services("GET", "/cds-services")

    assert found.status == 200
    assert {each["hook"] for each in found.data["services"]} == {"order-sign", "order-select"}
    for each in found.data["services"]:
        assert each["prefetch"]["patient"] == "Patient/{{context.patientId}}"
        assert "39156-5" in each["prefetch"]["observation"]
        assert set(each["prefetch"]) == set(prefetch(shipped))


def test_an_order_is_answered_over_http_within_a_second(shipped, services):
    body = json.dumps(hook(shipped, condition("M54.51"))).encode()
    services("POST", "/cds-services/bvn-order-sign", body)
    start = time.perf_counter()
    found = services("POST", "/cds-services/bvn-order-sign", body)

    assert time.perf_counter() - start < 1
    assert (found.status, found.media) == (200, "application/json")
    assert found.data["cards"]


@pytest.mark.parametrize(
    ("method", "path_", "body", "status_"),
    [
        ("GET", "/nothing", b"", 404),
        ("GET", "/cds-services/bvn-order-sign", b"", 405),
        ("POST", "/cds-services/bvn-order-sign", b"{", 422),
        ("POST", "/cds-services/bvn-order-sign", b'{"hook": "order-select"}', 422),
        ("POST", "/cds-services/bvn-order-sign", b'{"hook": "order-sign"}', 422),
        ("POST", "/fhir/Questionnaire/$next-question", b'{"resourceType": "Patient", "id": "canary"}', 422),
        ("POST", "/fhir/Questionnaire/$questionnaire-package", b'{"resourceType": "Patient"}', 422),
    ],
)
def test_faults_are_operation_outcomes(services, method, path_, body, status_):
    fhirkit = pytest.importorskip("fhirkit")

    found = services(method, path_, body)

    assert found.status == status_
    assert found.data["resourceType"] == "OperationOutcome"
    assert fhirkit.validate(found.text) == []
    assert "canary" not in found.text


def test_a_missing_prefetch_is_a_precondition(shipped, services):
    found = services("POST", "/cds-services/bvn-order-sign", json.dumps(hook(shipped, leave=("condition",))).encode())

    assert found.status == 412
    assert "condition" in found.data["issue"][0]["diagnostics"]


def test_a_package_holds_a_form_and_a_response_that_goes_on(shipped, services):
    fhirkit = pytest.importorskip("fhirkit")
    parameters = {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "coverage", "resource": COVER},
            {"name": "order", "resource": OURS},
            {"name": "questionnaire", "valueCanonical": "http://example.org/bvn-asp/Questionnaire/cohere-ma|2025-05-29"},
        ],
    }

    found = services("POST", "/fhir/Questionnaire/$questionnaire-package", json.dumps(parameters).encode())

    assert found.status == 200, found.text
    form, begun = (e["resource"] for e in found.data["parameter"][0]["resource"]["entry"])
    assert form["resourceType"] == "Questionnaire"
    assert fhirkit.validate(found.text) == []
    turn = {"resourceType": "Parameters", "parameter": [{"name": "questionnaire-response", "resource": begun}]}
    next_ = services("POST", "/fhir/Questionnaire/$next-question", to_json(turn).encode())
    assert next_.status == 200
    assert next_.data["status"] == "in-progress"
    unnamed = {**parameters, "parameter": parameters["parameter"][:2]}
    refused = services("POST", "/fhir/Questionnaire/$questionnaire-package", json.dumps(unnamed).encode())
    assert refused.status == 422
    assert "state" in refused.text


def test_the_capability_statement_is_one_and_claims_no_conformance(services):
    fhirkit = pytest.importorskip("fhirkit")

    found = services("GET", "/fhir/metadata")

    assert fhirkit.validate(found.text) == []
    assert "No conformance" in found.text


# -- the command -------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", ["guidance", "coverage", "claim"])
def test_the_command_gives_each_shape_of_a_chart(tmp_path, shape):
    path_ = tmp_path / "chart.json"
    path_.write_text(json.dumps(bundle(patient(), OURS, COVER)))

    found = CliRunner().invoke(main, ["fhir", "reply", str(path_), "-p", "cohere-ma", "--as", shape])

    assert found.exit_code == 0, found.output
    assert json.loads(found.stdout)


def test_the_command_answers_a_hook(shipped, tmp_path):
    path_ = tmp_path / "hook.json"
    path_.write_text(json.dumps(hook(shipped)))

    found = CliRunner().invoke(main, ["fhir", "reply", str(path_), "-p", "cohere-ma", "--asserted", "2026-11-21"])

    assert found.exit_code == 0, found.output
    assert '"valueDate": "2026-11-21"' in found.stdout


def test_the_command_says_what_it_lacks(tmp_path):
    path_ = tmp_path / "chart.json"
    path_.write_text(json.dumps(chart(condition("M54.51", clinicalStatus=status("active")))))
    run = CliRunner()

    hookless = run.invoke(main, ["fhir", "reply", str(path_)])
    open_ = run.invoke(main, ["fhir", "reply", str(path_), "--as", "guidance"])

    assert (hookless.exit_code, open_.exit_code) == (2, 2)
    assert "this hook is not served here" in hookless.stderr
    assert "which policy governs is open" in open_.stderr
