"""What is no chart is a fault with its place and a hint; what is broken is never a traceback and never a wrong fact."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from fhir.charts import SUBJECT, bundle, chart, concept, condition, drug, observation, order, patient, procedure, text

from bvn_asp.cli import main
from bvn_asp.errors import InputError
from bvn_asp.fhir.documents import parse_json
from bvn_asp.fhir.read import read


def refused(shipped, document, *others):
    given = [parse_json(text(each).encode(), "chart.json") for each in (document, *others)]
    with pytest.raises(InputError) as found:
        read(shipped, [("chart.json", each) for each in given])
    return str(found.value)


@pytest.mark.parametrize(
    ("data", "message", "place"),
    [
        (b"", "not JSON", ":1:1"),
        (b'{"resourceType": "Bundle",\n "entry": [}', "not JSON", ":2:12"),
        (b'{"a": 1}\n{"b": 2}', "one a line", ":2:1"),
        (b"\n\n\xff\xfe", "UTF-8", ":3:1"),
        (b"<Bundle xmlns='http://hl7.org/fhir'/>", "XML", ":1:1"),
        (b"[]", "no object", ":1:1"),
        (b'{"status": "final", "status": "amended"}', "`status` is given twice", ""),
        (b'{"value": NaN}', "NaN", ""),
        (b'{"a":' * 100_000, "nested too deeply", ""),
        (b'{"a":' * 300 + b"1" + b"}" * 300, "nested more than 100 levels deep", ""),
        (b'{"value": 1e999999}', "more than 40 digits", ""),
        (b'{"value": ' + b"9" * 5000 + b"}", "more than 40 digits", ""),
    ],
)
def test_what_is_not_json_is_named_with_its_place(data, message, place):
    with pytest.raises(InputError) as found:
        parse_json(data, "chart.json")

    assert message in str(found.value)
    assert f"chart.json{place}" in str(found.value)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({}, "names no `resourceType`"),
        ({"resourceType": "ClaimResponse"}, "a payer's answer, not a chart"),
        ({"resourceType": "Questionnaire"}, "not a chart"),
        ({"cards": [], "systemActions": []}, "the answer of a CDS service, not a chart"),
        (bundle({"resourceType": "ClaimResponse", "id": "r"}, patient()), "holds a ClaimResponse, a payer's answer"),
        (chart(condition("Z95.0", clinicalStatus="active")), "FHIR STU3, not R4"),
        (chart({"resourceType": "MedicationRequest", "id": "m", "medication": {"concept": {}}}), "FHIR R5, not R4"),
        (bundle(patient(), condition("Z95.0")), "no date of service"),
        (bundle(patient(), patient(id="q")), "no date of service"),
        (bundle(patient(), order(), order("64629", subject={"reference": "Patient/q"})), "two persons"),
        (bundle(patient(), order(), order("64629", occurrenceDateTime="2026-12-04")), "several days"),
        (bundle(patient(), order(occurrenceDateTime="2026-12")), "no single day"),
    ],
)
def test_what_is_no_chart_is_named(shipped, document, message):
    assert message in refused(shipped, document)


def test_several_persons_without_an_order_are_refused(tmp_path):
    path = tmp_path / "two.json"
    path.write_text(text(bundle(patient(), patient(id="q"))))

    found = CliRunner().invoke(main, ["fhir", "read", str(path), "--date", "2026-12-03"])

    assert found.exit_code == 2
    assert "2 persons" in found.stderr


def broken(document):
    """Every document that differs from one in a single element that is something else, or not there."""

    def changed(node):
        if isinstance(node, dict):
            for key in node:
                for other in (None, [], {}, "x", 7, True):
                    yield {**node, key: other}
                yield {name: value for name, value in node.items() if name != key}
                for each in changed(node[key]):
                    yield {**node, key: each}
        elif isinstance(node, list):
            for number, item in enumerate(node):
                for each in changed(item):
                    yield [*node[:number], each, *node[number + 1 :]]

    return list(changed(document))


MEDICATION = {"resourceType": "Medication", "id": "med", "code": concept("rxnorm", "1049593")}
FULL = bundle(
    patient(deceasedBoolean=False),
    order(insurance=[{"reference": "Coverage/cov"}], reasonReference=[{"reference": "Condition/c"}]),
    condition("M54.51", onsetDateTime="2024-05", abatementDateTime="2030"),
    observation("39156-5", 40.04, "kg/m2", comparator="<"),
    procedure("63047", bodySite=[concept("site", "L3")]),
    {**drug("x"), "contained": [MEDICATION], "medicationReference": {"reference": "#med"}},
    {"resourceType": "Coverage", "id": "cov", "status": "active", "beneficiary": SUBJECT, "period": {"start": "2020"},
     "payor": [{"display": "x"}], "type": {"coding": [{"system": "https://nahdo.org/sopt", "code": "111"}]}},
)


def test_no_change_of_a_single_element_ends_in_a_traceback(shipped):
    """Each of some 900 broken charts is read, or refused as a fault."""
    from bvn_asp.fhir.chart import gather
    from bvn_asp.fhir.mapping import load_mapping
    from bvn_asp.fhir.read import Reader

    mapping = load_mapping(shipped.folder, shipped.vocabulary)
    read_ones = 0
    every = broken(FULL)
    for each in every:
        try:
            document = parse_json(json.dumps(each).encode(), "x.json")
            Reader(shipped, mapping, gather([("x.json", document)]), "x.json", None).read()
            read_ones += 1
        except InputError:
            pass

    assert len(every) > 900
    assert read_ones > 700


def test_a_fault_of_structure_says_where_and_repeats_no_content(shipped):
    odd = patient(gender=["canary"], birthDate="canary")
    reading = read(shipped, [("x", parse_json(text(bundle(odd, order())).encode(), "x"))])

    told = " ".join(f"{each.where} {each.text}" for each in reading.notes)
    assert "Patient/p gender" in told
    assert "Patient/p birthDate" in told
    assert "canary" not in told


@pytest.mark.parametrize("command", [["compare"], ["explain"], ["ask"], ["repair"], ["governs"], ["report"]])
def test_every_command_takes_a_bundle_where_it_takes_a_case(command, tmp_path):
    path = tmp_path / "chart.json"
    path.write_text(text(chart(condition("Z95.0"))))
    more = {"explain": ["cohere-ma"], "governs": [], "report": ["-p", "cohere-ma", "-o", str(tmp_path / "r.html")]}
    rest = more.get(command[0], ["-p", "cohere-ma"])

    found = CliRunner().invoke(main, [*command, str(path), *rest])

    assert found.exit_code == 0, found.output
    assert "read from FHIR" in found.stderr


def test_a_bundle_comes_from_standard_input_too():
    found = CliRunner().invoke(main, ["compare", "-", "-p", "cohere-ma"], input=text(chart()))

    assert found.exit_code == 0, found.output
    assert "cohere-ma" in found.stdout


def test_a_case_in_json_is_still_a_case(tmp_path):
    path = tmp_path / "case.json"
    path.write_text('{"title": "a case", "facts": {"age": 17}}')

    found = CliRunner().invoke(main, ["compare", str(path), "-p", "cohere-ma"])

    assert found.exit_code == 0
    assert "FHIR" not in found.stderr


def test_the_mapping_says_every_fault_of_it_with_its_line(shipped, tmp_path):
    from bvn_asp.fhir.mapping import load_mapping

    good = (shipped.folder / "fhir.yaml").read_text().split("\nfacts:\n")[0]
    lines = [
        "  bmy: [{read: Observation, code: {loinc: [1-8]}, value: value, units: {kg/m2: 1}}]",
        "  bmi: [{read: Observation, code: {loink: [1-8]}, value: value, units: {kg/m2: 1}}]",
        "  odi: [{read: Observation, code: {loinc: [1-8]}, value: value}]",
        "  age: [{read: Person, years: birthDate}]",
        "  osteoporosis: [{read: Condition, code: {icd10: [M81.0]}, gives: maybe}]",
        "  slip: [{read: Condition, code: {icd10: [M43.16]}, doubts: yes}]",
        "  fracture: [{read: Condition, code: {icd10: [S32.1]}, member: L9, gives: yes}]",
        "  pregnant: [{read: Observation, code: {loinc: [1-8]}, where: 'a = = b', gives: yes}]",
        "  t_score: [{read: Observation, code: {loinc: [1-8]}, value: value, units: {'1': 1}, within: a while}]",
    ]
    (tmp_path / "fhir.yaml").write_text(good + "\nfacts:\n" + "\n".join(lines) + "\n")

    with pytest.raises(InputError) as found:
        load_mapping(tmp_path, shipped.vocabulary)

    first = good.count("\n") + 3
    assert {each.place.line - first for each in found.value.faults} == set(range(len(lines)))
