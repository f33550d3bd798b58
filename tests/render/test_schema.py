"""The schemas that are shipped say what case files and answers look like, no more and no less."""

from __future__ import annotations

import copy
import json
import re
from typing import Annotated, Literal

import click
import jsonschema
import pytest
from click.testing import CliRunner
from places import HERE, ROOT

from bvn_asp.cli import COMMANDS, main
from bvn_asp.errors import InputError
from bvn_asp.model.yaml_text import parse_yaml, read_yaml
from bvn_asp.render.schema import case_schema, schema, schema_names
from bvn_asp.render.schema_of import OneOf, schema_of
from bvn_asp.render.shape import MayLack, Shape
from bvn_asp.render.shapes import ANSWERS as ANSWERS_BY_NAME
from bvn_asp.render.shapes import shape_of

TOY = str(HERE / "toy")
CASES = sorted((ROOT / "cases").rglob("*.yaml"))
CASE = str(ROOT / "cases/founding/document-004.yaml")
BASELINE = str(ROOT / "cases/baseline.yaml")
THREE = str(ROOT / "cases/splits/d31-three-bodies-in-ohio.yaml")
PENDING = str(ROOT / "cases/founding/document-000.yaml")


def as_an_editor_reads_it(node):
    """A YAML node as YAML 1.2 resolves it, which is what editors check: `yes` is text, `true` is not."""
    if node.is_list:
        return [as_an_editor_reads_it(each) for each in node.items()]
    if node.is_mapping:
        return {key.text: as_an_editor_reads_it(value) for key, value in node.entries()}
    if node.is_null:
        return None
    if not node.is_unquoted:
        return node.text
    if node.text in ("true", "false"):
        return node.text == "true"
    if re.fullmatch(r"[-+]?\d+", node.text):
        return int(node.text)
    return float(node.text) if re.fullmatch(r"[-+]?(\d+\.\d*|\.\d+)", node.text) else node.text


def closed(each):
    """A schema that allows no key it does not name; the shipped ones let later versions add some."""
    if isinstance(each, dict):
        made = {key: closed(value) for key, value in each.items()}
        return made if "properties" not in made else {"additionalProperties": False, **made}
    return [closed(item) for item in each] if isinstance(each, list) else each


def faults(the_schema, data):
    found = jsonschema.Draft202012Validator(the_schema).iter_errors(data)
    return [f"{'/'.join(map(str, each.absolute_path))}: {each.message[:300]}" for each in found]


@pytest.fixture(scope="module")
def of_cases(shipped):
    return case_schema(shipped.vocabulary)


# -- the case format ---------------------------------------------------------------------------------


def test_the_shipped_case_schema_is_the_one_made_from_the_vocabulary(of_cases):
    shipped = json.loads((ROOT / "policies/case.schema.json").read_text())

    assert shipped == of_cases, "bring it up to date: bvn schema case > policies/case.schema.json"


def test_every_shipped_case_keeps_to_the_case_schema(of_cases):
    jsonschema.Draft202012Validator.check_schema(of_cases)
    validator = jsonschema.Draft202012Validator(of_cases)

    wrong = {str(path): list(validator.iter_errors(as_an_editor_reads_it(read_yaml(path)))) for path in CASES}

    assert CASES
    assert {path: [each.message for each in found] for path, found in wrong.items() if found} == {}


@pytest.mark.parametrize(
    "text",
    [
        "title: t\nfacts: {pain_month: 6 months}",
        "title: t\nfacts: {modic: type_1}",
        "title: t\nfacts: {modic: {L4: type_9}}",
        "title: t\nfacts: {modic: {L9: type_1}}",
        "title: t\nfacts: {disc_protrusion: {L4: 6 mm}}",
        "title: t\nfacts: {age: 121}",
        "title: t\nfacts: {age: old}",
        "title: t\nfacts: {pain_duration: 6}",
        "title: t\nfacts: {pain_duration: 6 fortnights}",
        "title: t\nfacts: {pregnant: perhaps}",
        "title: t\nfacts: {age: {conflicting: [61]}}",
        "title: t\nfacts: {age: {value: 61, evidnce: chart}}",
        "title: t\nfacts: {age: {since: 2026-01-01}}",
        "title: t\nfacts: {bodies_requested: 2}",
        "title: t\nrequest: {bodies: [L9]}",
        "title: t\nrequest: {procedures: {64628: several}}",
        "title: t\nrequest: {date: tomorrow}",
        "title: t\nexpect: {cohere-ma: denied}",
        "title: t\nfacts: {operations: {at: L4-L5}}",
        "title: t\nfacts: {operations: [{prior_surgery: fusion}]}",
        "facts: {age: 61}",
    ],
)
def test_what_the_reader_refuses_the_schema_refuses_too(shipped, of_cases, text):
    with pytest.raises(InputError):
        shipped.parse(text)

    assert faults(of_cases, as_an_editor_reads_it(parse_yaml(text.encode(), "")))


@pytest.mark.parametrize(
    "text",
    [
        "title: t\nfacts: {pain_duration: '>= 6 months', care_duration: over 6 weeks, age: 61}",
        "title: t\nfacts: {pain_duration: 2 to 3 years, bmi: 29.4 kg/m2, t_score: -1.4, odi: at least 30}",
        "title: t\nfacts: {pain_duration: {at_least: 6 months, less_than: 1 year}, bmi: {at_most: 40}}",
        "title: t\nrequest: {date: 2026-12-03}\nfacts: {pain_duration: {since: 2026-01-01, evidence: chart}}",
        "title: t\nfacts: {modic: {all: none, L4-L5: {one_of: [type_1, type_2]}}, slip: {L4/L5: 3 mm}}",
        "title: t\nfacts: {pregnant: no, age: , bmi: {conflicting: [39.6, {value: 41.2, evidence: {note: scales}}]}}",
        "title: t\nrequest: {bodies: L4-5, procedures: [64628, 64629], diagnoses: [M54.51], state: ga}",
        "title: t\nfacts: {pregnant: unknown, t_score: unknown, pain_duration: 6-8 wks, care_duration: 1 yr 2 mo}",
        "title: t\nfacts: {pain_duration: 6+ months, care_duration: 6 months or more, bmi: 40.676850900459485}",
        "title: t\nrequest: {date: 2026-12-03}\nfacts: {pain_duration: {since: 2025-11}, age: {born: 1962}}",
        "title: t\nfacts: {age: {value: 61, evidence: {document: d, page: 3, quotation: q, confidence: 0.9}}}",
        "title: t\nfacts: {endplates: {L4-L5: type_2, L5/S1: type_1, all: none}}",
        "title: t\nrequest: {date: 2026-12-03}\nfacts: {operations: [{at: L4-L5, surgery_age: 3 yrs}]}",
        "title: t\nrequest: {date: 2026-12-03}\nfacts: {operations: {at: L4-5, prior_surgery: fusion, date: 2023-11}}",
        "title: t\nfacts: {operations: {at: [L3, L5], ablated_before: unknown, evidence: operative note}}",
        "title: t\nfacts: {odi: 44%, pain_score: 9/10, disc_protrusion: {L4-L5: 0.4 cm}}",
        "title: t\nexpect: {cohere-ma: [pend, {verdict: deny, blamed: [bmi], strict: yes, readings: {O29: any-body}}]}",
    ],
)
def test_what_the_case_readme_shows_the_schema_accepts(shipped, of_cases, text):
    shipped.parse(text)

    assert faults(of_cases, as_an_editor_reads_it(parse_yaml(text.encode(), ""))) == []


def test_another_vocabulary_makes_another_case_schema(toy):
    made = case_schema(toy.library.vocabulary)
    case = {"title": "t", "request": {"bodies": ["L4"]}, "facts": {"care": {"drugs": "tried"}}}

    assert faults(made, case) == []
    assert faults(made, {**case, "facts": {"care": {"physical_therapy": "tried"}}})
    assert faults(made, {**case, "request": {"diagnoses": ["M54.51"]}})


def test_an_editor_is_told_what_a_fact_means_and_which_values_it_has(shipped, of_cases):
    facts = of_cases["properties"]["facts"]["properties"]

    named = {each.name for each in shipped.vocabulary.facts.values() if each.type != "count"}
    entries = set(shipped.vocabulary.shorthands) | set(shipped.vocabulary.events)
    assert set(facts) == named | set(shipped.vocabulary.by_side) | entries
    assert all(each["description"] for each in facts.values())
    modic = shipped.vocabulary.facts["modic"]
    assert of_cases["$defs"]["modic"]["anyOf"][0]["enum"] == [*modic.values, "unknown", "not_reported", *modic.spelled]


# -- the answers -------------------------------------------------------------------------------------

ANSWERS = [
    ("compare", ["compare", CASE]),
    ("compare", ["compare", BASELINE, "--strict", "-p", "cohere-ma", "-p", "lcd-l39642"]),
    ("explain", ["explain", CASE, "cohere-ma"]),
    ("explain", ["explain", BASELINE, "lcd-l39642"]),
    ("repair", ["repair", CASE, "-p", "cohere-ma"]),
    ("repair", ["repair", PENDING, "-p", "cohere-ma", "--limit", "2"]),
    ("ask", ["ask", PENDING, "-p", "cohere-ma"]),
    ("ask", ["ask", BASELINE, "-p", "cohere-ma"]),
    ("whatif", ["whatif", CASE, "bmi=39", "modic.L4-L5=type_1", "age=unknown", "-p", "cohere-ma"]),
    ("partial", ["partial", THREE, "lcd-l39642"]),
    ("governs", ["governs", THREE]),
    ("governs", ["governs", "--state", "GA"]),
    ("policies", ["policies"]),
    ("show", ["show", "cohere-ma"]),
    ("show", ["show", "bmj-2025"]),
    ("facts", ["facts"]),
    ("claims", ["claims"]),
    ("sources", ["sources"]),
    ("sources", ["sources", "--all", "--policies", TOY]),
    ("claimed", ["compare", CASE, "--as-claimed-by", "000", "-p", "cohere-ma", "-p", "bmj-2025"]),
    ("synth", ["synth", "plan@2024", "CASES", "--policies", TOY]),
    ("mutate", ["mutate", str(ROOT / "cases/founding"), "-p", "lcd-l39644"]),
    ("coverage", ["coverage", str(ROOT / "cases/founding"), "-p", "lcd-l39644"]),
    ("lint", ["lint", "lcd-l39644"]),
    ("lint-rules", ["lint", "--rules"]),
    ("diff", ["diff", "cohere-ma", "lcd-l39420", "--under-readings", "--cases", str(ROOT / "cases/founding")]),
    ("stricter", ["stricter", "cohere-ma", "lcd-l39420"]),
    ("split", ["split", "cohere-ma", "lcd-l39420", "lcd-l39642"]),
    ("split", ["split", "--all", "lcd-l39420", "lcd-l39642", "uhc-ablative-spine"]),
    ("test", ["test", str(ROOT / "cases/founding"), "-p", "cohere-ma"]),
]


@pytest.mark.parametrize(("name", "arguments"), ANSWERS, ids=[" ".join(a[:1] + a[2:])[:40] for _, a in ANSWERS])
def test_every_answer_keeps_to_its_schema_and_holds_nothing_that_is_not_documented(shipped, name, arguments, tmp_path):
    case = "title: t\nrequest: {bodies: [L4]}\nfacts: {age: 40}\nexpect: {plan@2024: pend}\n"
    (tmp_path / "case.yaml").write_text(case)
    arguments = [str(tmp_path) if each == "CASES" else each for each in arguments]
    found = CliRunner().invoke(main, [*arguments, "--format", "json"])
    assert found.exit_code in (0, 1), found.output

    data = json.loads(found.stdout)

    assert data["schema"] == schema(shipped, name)["title"]
    assert faults(schema(shipped, name), data) == []
    assert faults(closed(schema(shipped, name)), data) == [], "add it to its shape in bvn_asp/render/shapes/"


def test_a_record_and_its_verification_keep_to_their_schemas(shipped, tmp_path):
    path = str(tmp_path / "record.json")
    run = CliRunner()
    run.invoke(main, ["compare", CASE, "-p", "cohere-ma", "-p", "lcd-l39642", "--record", path])

    verified = json.loads(run.invoke(main, ["verify", path, "--format", "json"]).stdout)

    assert faults(closed(schema(shipped, "record")), json.loads((tmp_path / "record.json").read_text())) == []
    assert faults(closed(schema(shipped, "verify")), verified) == []


def with_json():
    """The commands that print JSON."""
    for name in COMMANDS:
        for each in main.get_command(None, name).params:
            if each.name == "form" and isinstance(each.type, click.Choice) and "json" in each.type.choices:
                yield name


def test_every_command_that_prints_json_has_a_schema():
    missing = set(with_json()) - set(schema_names())

    assert not missing, f"write a shape in bvn_asp/render/shapes/ for {sorted(missing)}"


@pytest.mark.parametrize("name", ANSWERS_BY_NAME)
def test_the_shipped_schemas_are_those_made_from_the_shapes(shipped, name):
    made = schema_of(shape_of(name))

    assert schema(shipped, name) == made, "bring them up to date: python -m bvn_asp.render.schema"
    assert set(schema_names()) == {"case", *ANSWERS_BY_NAME}


def test_a_schema_says_what_its_shape_says():
    class Inner(Shape):
        """One thing."""

        words: list[str]

    class Outer(Inner):
        """Several things.

        Attributes:
            words: what is said, in
                two lines
            kind: of a kind
        """

        schema: Literal["outer/3"]
        kind: Annotated[str, OneOf("a", "b")] | None
        size: Annotated[int | None, MayLack()]

    made = schema_of(Outer)

    assert made["title"] == "outer/3"
    assert made["description"] == "Several things."
    assert made["required"] == ["words", "schema", "kind"]
    assert made["properties"]["words"] == {
        "type": "array", "items": {"type": "string"}, "description": "what is said, in two lines"
    }
    assert made["properties"]["kind"] == {"anyOf": [{"enum": ["a", "b"]}, {"type": "null"}], "description": "of a kind"}
    assert made["properties"]["size"] == {"type": ["integer", "null"]}


def test_a_key_that_is_described_and_not_there_is_noticed():
    class Thing(Shape):
        """A shape.

        Attributes:
            gone: not there
        """

        schema: Literal["shape/1"]

    with pytest.raises(AssertionError, match="Thing describes gone"):
        schema_of(Thing)


@pytest.mark.parametrize("name", schema_names())
def test_every_schema_is_one_and_names_its_version(shipped, name):
    made = schema(shipped, name)

    jsonschema.Draft202012Validator.check_schema(made)
    if name != "case":
        assert made["properties"]["schema"]["const"] == made["title"]
        assert re.fullmatch(rf"{name}/[1-9]", made["title"])
        assert "schema" in made["required"]


def test_a_schema_notices_a_verdict_that_is_none(shipped):
    found = CliRunner().invoke(main, ["compare", CASE, "-p", "cohere-ma", "--format", "json"])
    data = json.loads(found.stdout)
    broken = copy.deepcopy(data)
    broken["verdicts"][0]["verdict"] = "perhaps"
    short = copy.deepcopy(data)
    del short["verdicts"][0]["reading_dependent"]

    assert faults(schema(shipped, "compare"), broken)
    assert faults(schema(shipped, "compare"), short)


def test_the_command_lists_the_schemas_and_prints_one(shipped):
    run = CliRunner()

    assert run.invoke(main, ["schema"]).stdout.split() == list(schema_names())
    compared = schema(shipped, "compare")
    assert json.loads(run.invoke(main, ["schema", compared["title"]]).stdout) == compared
    made = json.loads(run.invoke(main, ["schema", "case", "--policies", str(HERE / "toy")]).stdout)
    assert "age" in made["properties"]["facts"]["properties"]
    assert run.invoke(main, ["schema", "compare/9"]).exit_code == 2
    unknown = run.invoke(main, ["schema", "compar"])
    assert unknown.exit_code == 2
    assert "did you mean `compare`?" in unknown.stderr
