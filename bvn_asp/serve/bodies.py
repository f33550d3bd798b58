"""What is asked: a case and the options beside it, out of the body of a request and its address.

A body is a case as a file holds it, in YAML or JSON, the options standing in the address; or an object with the case
under `case`, as an object or as the text of a file, and the options beside it. Faults name the place in what was sent.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

from bvn_asp.cases.possible import check_possible
from bvn_asp.classes import dataclass, field
from bvn_asp.errors import Place, did_you_mean, fault
from bvn_asp.model.case import Case
from bvn_asp.model.case_reader import CaseReader
from bvn_asp.model.library import Library
from bvn_asp.model.yaml_text import Node, parse_yaml

BODY = "<body>"
TEXTS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
YES_NO: dict[str, Any] = {"type": "boolean"}
READINGS: dict[str, Any] = {
    "type": "object",
    "additionalProperties": {"type": "object", "additionalProperties": {"type": "string"}},
}


@dataclass(frozen=True)
class Option:
    """One option of a question.

    Attributes:
        schema: of its value, in the body.
        default: its value where nothing is said.
    """

    about: str
    schema: Mapping[str, Any]
    default: Any = None
    required: bool = False

    @property
    def in_address(self) -> bool:
        """Whether it can stand in the address as well."""
        return self.schema is not READINGS


@dataclass(frozen=True)
class Question:
    """What a request asks.

    Attributes:
        path: what its path names.
    """

    case: Case
    options: dict[str, Any] = field(default_factory=dict)
    path: dict[str, str] = field(default_factory=dict)


def read_question(
    library: Library, body: bytes, options: Mapping[str, Option], address: Iterable[tuple[str, str]] = ()
) -> Question:
    """The question that a body and an address ask.

    Raises: InputError: faults of the case or the options; no patient can be so.
    """
    values = {name: each.default for name, each in options.items()}
    case = _of_fhir(library, body)
    if case is None:
        root = parse_yaml(_as_yaml(body), BODY)
        within = root.get("case")
        if within is None or root.get("title") is not None:
            case = CaseReader(library.vocabulary, root, BODY).read()
        else:
            for key, value in root.entries():
                if key.text == "case":
                    continue
                name = _known(key.text, options, key.place)
                if not value.is_null:
                    values[name] = _read(name, value, options[name].schema)
            if within.is_scalar:
                within = parse_yaml(within.text.encode("utf-8", "replace"), "<case>")
            case = CaseReader(library.vocabulary, within, within.path).read()
        check_possible(library, case)
    listed: dict[str, list[str]] = {}
    for name, text in address:
        listed.setdefault(_known(name, options), []).append(text)
    for name, texts in listed.items():
        values[name] = _of_address(name, texts, options[name])
    for name, option in options.items():
        if option.required and not values[name]:
            raise fault(f"`{name}` is not given", option.about)
    return Question(case, values)


def _of_fhir(library: Library, body: bytes) -> Case | None:
    """The case of a record in FHIR; None if the body is none, or FHIR is not installed."""
    if body.lstrip()[:1] not in (b"{", b"<"):
        return None
    from bvn_asp.fhir.documents import looks_like_fhir

    if not looks_like_fhir(body):
        return None
    from bvn_asp.fhir.read import read_case

    return read_case(library, body, BODY)


def _as_yaml(body: bytes) -> bytes:
    """JSON is YAML but for a few signs; what only JSON can spell is spelled anew."""
    if b"\t" not in body and b"\\/" not in body:
        return body
    if body.lstrip()[:1] != b"{":
        return body
    try:
        return json.dumps(json.loads(body, parse_float=str), ensure_ascii=False, indent=2).encode("utf-8", "replace")
    except (ValueError, RecursionError):
        return body


def _known(name: str, options: Mapping[str, Option], place: Place | None = None) -> str:
    if name not in options:
        known = ", ".join(["case", *options])
        raise fault(f"unknown option `{name[:60]}`", did_you_mean(name, options, f"there are {known}"), place)
    return name


def _of_address(name: str, texts: list[str], option: Option) -> Any:
    if not option.in_address:
        raise fault(f"`{name}` stands in the body, not in the address", '`{"case": …, "' + name + '": …}`')
    if option.schema["type"] == "array":
        return texts
    if len(texts) > 1:
        raise fault(f"`{name}` is given twice")
    return _value(name, texts[0], option.schema, None)


def _read(name: str, node: Node, schema: Mapping[str, Any]) -> Any:
    """An option's value in a body; nothing is followed deeper than its schema goes."""
    kind = schema["type"]
    if kind == "object":
        if not node.is_mapping:
            raise fault(f"`{name}` is an object, found {node.kind}", place=node.place)
        return {key.text: _read(name, value, schema["additionalProperties"]) for key, value in node.entries()}
    if kind == "array":
        if node.is_mapping:
            raise fault(f"`{name}` is a list, found {node.kind}", place=node.place)
        return [_read(name, each, schema["items"]) for each in node.items()]
    if not node.is_scalar:
        raise fault(f"`{name}` is one value, found {node.kind}", place=node.place)
    return _value(name, node.text, schema, node.place)


def _value(name: str, text: str, schema: Mapping[str, Any], place: Place | None) -> Any:
    kind = schema["type"]
    if kind == "boolean":
        if text.lower() not in ("true", "false"):
            raise fault(f"`{name}` is true or false, found `{text[:60]}`", place=place)
        return text.lower() == "true"
    if kind in ("integer", "number"):
        try:
            number = int(text) if kind == "integer" else float(text)
        except ValueError:
            raise fault(f"`{name}` is a number, found `{text[:60]}`", place=place) from None
        low, high = schema.get("minimum", -math.inf), schema.get("maximum", math.inf)
        if not low <= number <= high:
            raise fault(f"`{name}` is {low} to {high}, found {text[:60]}", place=place)
        return number
    if "enum" in schema and text not in schema["enum"]:
        hint = did_you_mean(text, schema["enum"]) or "one of " + ", ".join(schema["enum"])
        raise fault(f"`{name}` is never `{text[:60]}`", hint, place)
    return text
