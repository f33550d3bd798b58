"""The description of the API, made from what reads and writes it: the options of the verbs, the schemas of answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from bvn_asp.model.library import Library
from bvn_asp.render.schema import schema, schema_names
from bvn_asp.render.words import NOTICE
from bvn_asp.serve.bodies import Option
from bvn_asp.serve.questions import VERBS, Verb

Json = dict[str, Any]
_STATUS = {"422": "what exits with 2 on the command line", "413": "too large", "415": "no media type read here",
           "503": "not answered in time: what was found stands under `found`"}
GETS = {
    "policies": ("Which policies are there?", "policies", ()),
    "facts": ("What can a case record? With words, the facts about them.", "facts", ("words",)),
}


def openapi(library: Library) -> Json:
    """The description, OpenAPI 3.1."""
    components: Json = {}
    for name in schema_names():
        _add(components, name, schema(library, name))
    components["problem"] = _problem()
    paths: Json = {f"/v1/{name}": {"post": _post(name, verb)} for name, verb in VERBS.items()}
    paths |= {f"/v1/{name}": {"get": _get(name, *said)} for name, said in GETS.items()}
    paths["/v1/batch"] = {"post": _batch()}
    paths["/v1/schemas"] = {"get": _plain("schemas", "Which schemas are there?", {"type": "array"})}
    paths["/v1/schemas/{name}"] = {
        "get": {
            **_plain("schema", "One schema: `case`, or that of an answer.", {"type": "object"}),
            "parameters": [_parameter("name", {"enum": list(schema_names())}, "its name", within="path")],
        }
    }
    paths["/healthz"] = {"get": _plain("healthz", "Is it well?", {"type": "object"})}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "bvn-asp",
            "version": version("bvn-asp"),
            "description": f"What coverage policies say of a case: the command line's JSON, byte for byte. {NOTICE}",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {"schemas": components},
    }


def _add(components: Json, name: str, made: Json) -> None:
    """A schema as a component; its definitions become components of their own: `compare.PolicyEvaluation`."""
    left = {key: value for key, value in made.items() if key not in ("$defs", "$schema")}
    components[name] = _moved(left, name)
    for inner, each in made.get("$defs", {}).items():
        components[f"{name}.{inner}"] = _moved(each, name)


def _moved(node: Any, name: str) -> Any:
    if isinstance(node, dict):
        return {
            key: re.sub("^#/\\$defs/", f"#/components/schemas/{name}.", value)
            if key == "$ref" and isinstance(value, str)
            else _moved(value, name)
            for key, value in node.items()
        }
    return [_moved(each, name) for each in node] if isinstance(node, list) else node


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _post(name: str, verb: Verb) -> Json:
    properties: Json = {"case": {"anyOf": [_ref("case"), {"type": "string", "description": "the text of a case file"}]}}
    properties |= {key: {**option.schema, "description": option.about} for key, option in verb.options.items()}
    required = ["case", *(key for key, option in verb.options.items() if option.required)]
    beside = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    return {
        "operationId": name,
        "summary": verb.about,
        "parameters": [_query(key, option) for key, option in verb.options.items() if option.in_address],
        "requestBody": {
            "required": True,
            "description": "a case, or a case with options beside it; a FHIR record where FHIR is installed",
            "content": {
                "application/json": {"schema": beside},
                "application/yaml": {"schema": _ref("case")},
            },
        },
        "responses": _responses({"$ref": f"#/components/schemas/{verb.schema}"}),
    }


def _query(name: str, option: Option) -> Json:
    return _parameter(name, option.schema, f"{option.about}; in the address where the body is the case itself")


def _parameter(name: str, form: Mapping[str, Any], about: str, within: str = "query") -> Json:
    return {"name": name, "in": within, "required": within == "path", "schema": dict(form), "description": about}


def _get(name: str, about: str, answer: str, words: tuple[str, ...]) -> Json:
    listed = [_parameter(each, {"type": "array", "items": {"type": "string"}}, "words to look for") for each in words]
    return {**_plain(name, about, _ref(answer)), **({"parameters": listed} if listed else {})}


def _plain(name: str, about: str, form: Json) -> Json:
    return {"operationId": name, "summary": about, "responses": _responses(form)}


def _batch() -> Json:
    return {
        "operationId": "batch",
        "summary": "How does each policy decide many cases? One case a line in, one answer a line out, as it is found.",
        "parameters": [
            _query(key, option) for key, option in VERBS["compare"].options.items() if key in ("policies", "strict")
        ],
        "requestBody": {
            "required": True,
            "content": {"application/x-ndjson": {"schema": {"type": "string", "description": "a case a line"}}},
        },
        "responses": {
            "200": {
                "description": "an answer a line: `compare/2`, or for a line that is no case `error/1`",
                "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
            },
            **_faults(),
        },
    }


def _responses(form: Json) -> Json:
    return {"200": {"description": "the answer", "content": {"application/json": {"schema": form}}}, **_faults()}


def _faults() -> Json:
    content = {"application/problem+json": {"schema": _ref("problem")}}
    return {status: {"description": said, "content": content} for status, said in _STATUS.items()}


def _problem() -> Json:
    return {
        "type": "object",
        "description": "problem details (RFC 9457); `schema` and `faults` are the command line's error/1",
        "required": ["type", "title", "status", "detail", "schema", "faults"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "schema": {"const": "error/1"},
            "faults": {"type": "array", "items": _ref("error.InputFault")},
            "found": {"description": "what was found until the time was over; null where nothing was"},
        },
    }
