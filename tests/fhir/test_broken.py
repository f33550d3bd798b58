"""Whatever a request is, a service answers it: with what was asked, or with an OperationOutcome."""

from __future__ import annotations

import contextlib
import json
import random

import pytest
from fhir.test_bad_input import broken
from fhir.test_reply import COVER, OURS, hook

from bvn_asp.errors import InputError, Place
from bvn_asp.fhir.answers import Answers, is_ours, item_answers, service_date
from bvn_asp.fhir.documents import parse_json, to_json
from bvn_asp.fhir.merge import Merger
from bvn_asp.fhir.services import Services


@pytest.fixture(scope="module")
def services(shipped):
    return Services(shipped)


def begun(services):
    """A response that is begun, small enough to be broken in every way."""
    parameters = {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "coverage", "resource": COVER},
            {"name": "order", "resource": OURS},
            {"name": "questionnaire", "valueCanonical": "http://example.org/bvn-asp/Questionnaire/cohere-ma"},
        ],
    }
    found = services("POST", "/fhir/Questionnaire/$questionnaire-package", json.dumps(parameters).encode())
    turn = found.data["parameter"][0]["resource"]["entry"][1]["resource"]
    day, section = turn["item"][:2]
    group = next(each for each in section["item"] if "item" in each)
    kept = [day, {**section, "item": [section["item"][0], {**group, "item": group["item"][:3]}]}]
    dated = {"linkId": "pain_duration.since", "answer": [{"valueDate": "2024-05"}]}
    known = {"linkId": "bmi.unknown", "answer": [{"valueBoolean": True}]}
    contained = {**turn["contained"][0], "item": turn["contained"][0]["item"][:1]}
    small = {**turn, "contained": [contained], "item": [*kept, dated, known]}
    small["contained"][0]["item"] = [{"linkId": "x.hint.1", "type": "display", "text": "a hint"}]
    return json.loads(to_json(small))


def test_no_broken_response_ends_in_a_traceback(shipped, services):
    every = broken(begun(services))
    assert len(every) > 300
    for each in every:
        given = parse_json(json.dumps(each).encode(), "x")
        is_ours(given)
        item_answers(given)
        with contextlib.suppress(InputError):
            Answers(Merger(shipped, service_date(given), []), given, "r", Place("x"))

    for each in random.Random(1).sample(every, 60):
        found = services("POST", "/fhir/Questionnaire/$next-question", json.dumps(each).encode())
        assert found.status in (200, 422), found.text


def test_no_broken_hook_ends_in_a_traceback(shipped, services):
    every = broken(hook(shipped))
    for each in random.Random(2).sample(every, 60):
        found = services("POST", "/cds-services/bvn-order-sign", json.dumps(each).encode())
        assert found.status in (200, 412, 422), found.text


@pytest.mark.parametrize("body", [b"", b"null", b"7", b'"x"', b"[]", b"{}", b"\xff", b'{"resourceType": 7}'])
def test_what_is_no_request_is_an_outcome(services, body):
    for method, path in services.routes:
        found = services(method, path, body)
        assert found.status == (200 if method == "GET" else 422)
