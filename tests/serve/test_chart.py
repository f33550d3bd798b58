"""What the chart page is told by its server, without a browser."""

from __future__ import annotations

import re

import yaml
from places import ROOT


def _asked(client, skipped=(), **facts):
    data = yaml.safe_load((ROOT / "cases" / "baseline.yaml").read_text(encoding="utf-8"))
    case = {"title": "x", "request": data["request"], "facts": {**data["facts"], **facts}}
    body = yaml.safe_dump({"case": case, "policy": "cohere-ma", "skipped": list(skipped)})
    answer = client.post("/app/ask", content=body, headers={"content-type": "application/yaml"})
    assert answer.status_code == 200, answer.text
    return answer.json()["html"]["ask"]


def test_a_question_of_the_interview_names_what_raised_it(client):
    first = _asked(client, disc_protrusion={"L4-L5": "4"})
    other = _asked(client, re.findall('data-skip="(.+?)"', first), disc_protrusion={"L4-L5": "4"})

    assert "Could the 4 mm protrusion at L4-L5 explain the pain?" in first + other


def test_only_of_what_a_report_states_it_can_be_answered_that_the_report_does_not_say(client):
    finding = _asked(client, modic=None)
    data = yaml.safe_load((ROOT / "cases" / "baseline.yaml").read_text(encoding="utf-8"))
    case = {"title": "x", "request": {"date": data["request"]["date"]}, "facts": data["facts"]}
    body = yaml.safe_dump({"case": case, "policy": "cohere-ma"})
    asked_for = client.post("/app/ask", content=body, headers={"content-type": "application/yaml"}).json()

    assert "The report on file does not say" in finding
    assert "not_reported" not in asked_for["html"]["ask"]
