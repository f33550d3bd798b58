"""The answers over HTTP are those of the command line, byte for byte."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import jsonschema
import pytest
import yaml
from click.testing import CliRunner
from places import ROOT

from bvn_asp.cli import main
from bvn_asp.render.schema import schema
from bvn_asp.verbs import Answer

CASES = ROOT / "cases"
BASELINE = CASES / "baseline.yaml"
OPEN = CASES / "founding" / "document-004.yaml"
SPARSE = b"title: x\nrequest: {date: 2026-12-03, bodies: [L4, L5]}\n"
YAML = {"content-type": "application/yaml"}


def command(*words):
    """What the command line prints."""
    return CliRunner().invoke(main, [str(word) for word in words])


QUESTIONS = {
    "compare": ("compare", [BASELINE], {}),
    "compare, some policies, strict": (
        "compare", [BASELINE, "-p", "cohere-ma", "-p", "lcd-l39642", "--strict"],
        {"policies": ["cohere-ma", "lcd-l39642"], "strict": "true"},
    ),
    "compare, chosen": ("compare", [OPEN, "--readings", "chosen"], {"readings_mode": "chosen"}),
    "compare, as claimed": ("compare", [BASELINE, "--as-claimed-by", "000"], {"as_claimed_by": "000"}),
    "explain": ("explain", [OPEN, "lcd-l39420"], {"policy": "lcd-l39420"}),
    "explain, who governs": ("explain", [BASELINE], {}),
    "repair": ("repair", [OPEN, "-p", "cohere-ma"], {"policies": "cohere-ma"}),
    "repair, any": (
        "repair", [OPEN, "-p", "cohere-ma", "-p", "lcd-l39420"], {"policies": ["cohere-ma", "lcd-l39420"]},
    ),
    "repair, all": (
        "repair", [OPEN, "-p", "cohere-ma", "-p", "lcd-l39420", "--all", "--limit", 2],
        {"policies": ["cohere-ma", "lcd-l39420"], "mode": "all", "limit": 2},
    ),
    "ask": ("ask", [OPEN, "-p", "cohere-ma"], {"policies": "cohere-ma"}),
    "whatif": ("whatif", [BASELINE, "bmi=41", "pregnant=unknown"], {"suppose": ["bmi=41", "pregnant=unknown"]}),
    "partial": ("partial", [BASELINE, "lcd-l39642"], {"policy": "lcd-l39642"}),
    "request": ("request", [OPEN, "lcd-l39642"], {"policy": "lcd-l39642"}),
    "request, who governs": ("request", [BASELINE], {}),
    "checklist": ("checklist", [OPEN, "lcd-l39642"], {"policy": "lcd-l39642"}),
    "letter, request": ("letter", [OPEN, "cohere-ma", "--for", "request"],
                        {"policy": "cohere-ma", "purpose": "request"}),
    "letter, adverse": ("letter", [OPEN, "cohere-ma", "--for", "adverse"],
                        {"policy": "cohere-ma", "purpose": "adverse"}),
    "letter, appeal": ("letter", [OPEN, "cohere-ma", "--for", "appeal"],
                       {"policy": "cohere-ma", "purpose": "appeal"}),
}


MADE = "made once\n"


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_answer_is_what_the_command_prints_and_one_function_makes_both(client, monkeypatch, name):
    verb, words, options = QUESTIONS[name]
    made = Answer.json
    monkeypatch.setattr(Answer, "json", lambda self: MADE + made(self))

    printed = command(verb, *words, "--format", "json")
    answer = client.post(f"/v1/{verb}", content=words[0].read_bytes(), params=options, headers=YAML)

    assert printed.exit_code == 0, printed.stderr
    assert answer.status_code == 200, answer.text
    assert answer.text == printed.stdout
    assert answer.text.startswith(MADE + "{")


def test_a_letter_is_for_something(client):
    answer = client.post("/v1/letter?policy=cohere-ma&purpose=praise", content=BASELINE.read_bytes(), headers=YAML)
    without = client.post("/v1/letter?policy=cohere-ma", content=BASELINE.read_bytes(), headers=YAML)

    assert answer.status_code == without.status_code == 422
    assert "request, adverse, appeal" in answer.json()["faults"][0]["hint"]
    assert "`purpose` is not given" in without.json()["faults"][0]["message"]


def test_a_case_in_json_with_its_options_beside_it_is_answered_alike(client):
    case = yaml.load(BASELINE.read_text(), yaml.BaseLoader)
    reading = {"cohere-ma": {"O29": "each-treated-body"}}

    printed = command("compare", BASELINE, "--format", "json", "--reading", "cohere-ma:O29=each-treated-body")
    objects = client.post("/v1/compare", json={"case": case, "readings": reading})
    texts = client.post("/v1/compare", json={"case": BASELINE.read_text(), "readings": reading})

    assert objects.text == texts.text == printed.stdout


@pytest.mark.parametrize(("path", "words"), [("policies", ["policies"]), ("facts", ["facts"]),
                                             ("facts?words=modic", ["facts", "modic"]),
                                             ("schemas/case", ["schema", "case"]),
                                             ("schemas/compare", ["schema", "compare"])])
def test_what_there_is_is_what_the_command_prints(client, path, words):
    as_json = [] if words[0] == "schema" else ["--format", "json"]

    assert client.get(f"/v1/{path}").text == command(*words, *as_json).stdout


FAULTS = {
    "no such fact": (b"title: x\nfacts:\n  agee: 3\n", {}, "<body>", 3, "unknown fact `agee`"),
    "nobody can be so": (b"title: x\nfacts:\n  care: {nsaid: tried, pharmacotherapy: not_tried}\n", {}, "<body>", 3,
                         "no patient can be so"),
    "no policy of this name": (b"title: x\n", {"policies": "cohere"}, "", 0, "unknown policy `cohere`"),
    "no such option": (b"title: x\n", {"polices": "cohere-ma"}, "", 0, "unknown option `polices`"),
    "an alias": (b"title: x\nfacts: {a: &a [1, 2], b: [*a, *a]}\n", {}, "<body>", 0, "anchors and aliases"),
    "not YAML": (b"title: [", {}, "<body>", 0, "not YAML"),
    "nothing": (b"", {}, "<body>", 0, "the file is empty"),
    "not text": (b"\xff\xfe\x00", {}, "<body>", 0, "not a text file"),
    "a flag that is none": (b"title: x\n", {"strict": "perhaps"}, "", 0, "true or false"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_cannot_be_asked_is_a_problem_with_place_fault_and_hint(client, name):
    body, options, path, line, message = FAULTS[name]

    answer = client.post("/v1/compare", content=body, params=options, headers=YAML)

    found = answer.json()
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert found["status"] == 422
    jsonschema.validate({"schema": found["schema"], "faults": found["faults"]}, json.loads(
        (ROOT / "bvn_asp" / "schemas" / "error.json").read_text()))
    assert message in found["faults"][0]["message"]
    assert not path or found["faults"][0]["path"] == path
    assert not line or found["faults"][0]["line"] == line


def test_the_place_of_a_fault_in_json_is_the_place_in_what_was_sent(client):
    body = b'{"policies": ["cohere-ma"],\n "case": {"title": "x",\n  "facts": {"agee": 3}}}'

    fault = client.post("/v1/compare", content=body, headers={"content-type": "application/json"}).json()["faults"][0]

    assert (fault["path"], fault["line"], fault["column"]) == ("<body>", 3, 13)


def test_json_that_is_no_yaml_is_read_as_json(client):
    body = b'{\t"case": {\t"title": "a\\/b \\ud83d\\ude00"}}'

    answer = client.post("/v1/compare?policies=cohere-ma", content=body, headers={"content-type": "application/json"})

    assert answer.json()["case"]["title"] == "a/b \N{GRINNING FACE}"


def test_a_path_of_this_machine_is_no_case(client):
    answer = client.post("/v1/compare", json={"case": str(BASELINE)})

    assert answer.status_code == 422
    assert "52-year-old" not in answer.text


def test_what_was_found_in_time_is_told_as_such_and_never_as_all(shipped):
    from starlette.testclient import TestClient

    from bvn_asp.serve.app import application

    with TestClient(application(shipped, seconds=0.0), base_url="http://127.0.0.1:1") as client:
        answer = client.post("/v1/repair?policies=cohere-ma", content=SPARSE, headers=YAML)

    found = answer.json()
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert found["found"] is None or not found["found"]["questions"][0]["complete"]


def test_the_description_is_openapi_3_1_and_every_reference_in_it_leads_somewhere(client):
    found = client.get("/openapi.json").json()
    text = json.dumps(found)

    names = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
    assert found["openapi"] == "3.1.0"
    assert names <= set(found["components"]["schemas"])
    assert "#/$defs" not in text
    assert {f"/v1/{verb}" for verb, _, _ in QUESTIONS.values()} <= set(found["paths"])


def test_an_answer_keeps_to_the_schema_that_the_description_names(client, shipped):
    found = client.get("/openapi.json").json()
    for verb, words, options in QUESTIONS.values():
        ref = found["paths"][f"/v1/{verb}"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
        if "as_claimed_by" in options:
            continue
        answer = client.post(f"/v1/{verb}", content=words[0].read_bytes(), params=options, headers=YAML).json()
        jsonschema.validate(answer, schema(shipped, ref.rpartition("/")[2]))


def test_the_docs_load_nothing_from_outside(client):
    answer = client.get("/docs")
    text = answer.text

    assert answer.status_code == 200
    assert "POST /v1/compare" in text
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", text)
    assert not re.search(r"<(script|style)\b|\sstyle=|\son\w+=", text)


def test_a_batch_is_streamed_and_its_lines_are_those_of_the_command(client, tmp_path):
    pytest.importorskip("pyarrow")
    rows = [{"id": str(i), "age": 17 + i % 3, "bmi": 39 + i % 4, "date": "2026-12-03"} for i in range(600)]
    rows[5]["age"] = "old"
    source = tmp_path / "cases.ndjson"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))

    done = command("batch", source, "-o", tmp_path / "out.ndjson", "-p", "cohere-ma", "-p", "lcd-l39420")
    answer = client.post(
        "/v1/batch", params={"policies": ["cohere-ma", "lcd-l39420"]}, content=source.read_bytes(),
        headers={"content-type": "application/x-ndjson"},
    )

    assert done.exit_code == 1  # one row is rejected
    *lines, last = answer.text.splitlines(keepends=True)
    assert "".join(lines) == (tmp_path / "out.ndjson").read_text()
    assert json.loads(last)["row"] == 6
    assert "fault" in json.loads(last)


def test_without_its_libraries_the_server_says_what_to_install(tmp_path):
    (tmp_path / "starlette.py").write_text("raise ImportError('no')")

    found = subprocess.run(
        [sys.executable, "-m", "bvn_asp", "serve"], capture_output=True, text=True, timeout=60,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}:{ROOT}"}, check=False,
    )

    assert found.returncode == 2
    assert "pip install 'bvn-asp[serve]'" in found.stderr
