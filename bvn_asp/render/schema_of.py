"""The JSON Schema of a shape: types from its annotations, descriptions from its docstring."""

from __future__ import annotations

import re
import types
from inspect import cleandoc
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from bvn_asp.classes import dataclass
from bvn_asp.render.shape import At, MayLack, Shape, key_of, keys_of

Schema = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
_PLAIN = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}


class OneOf:
    """The words that a text may be."""

    def __init__(self, *words: str) -> None:
        self.words = words


@dataclass(frozen=True)
class Pattern:
    """What a text looks like."""

    regex: str


def schema_of(answer: type[Shape]) -> Schema:
    """The schema of an answer; every shape inside it is a definition of its own.

    The schema allows keys that it does not name, so that a later version may add some.
    """
    definitions: Schema = {}
    made = _object(answer, definitions)
    definitions.pop(answer.__name__, None)
    ordered = {name: definitions[name] for name in sorted(definitions)}
    return {"$schema": DRAFT, "title": version(answer), **made, **({"$defs": ordered} if ordered else {})}


def _object(shape: type[Shape], definitions: Schema) -> Schema:
    about, described = _docstring(shape)
    properties = {}
    required = []
    for name, hint in keys_of(shape).items():
        name = key_of(name)
        if not any(isinstance(each, MayLack) for each in get_args(hint)):
            required.append(name)
        said = {"description": described.pop(name)} if name in described else {}
        properties[name] = {**_type(hint, definitions), **said}
    assert not described, f"{shape.__name__} describes {', '.join(described)}, and has no such key"
    made: Schema = {"description": about, "type": "object", "properties": properties}
    return {**made, "required": required} if required else made


def version(answer: type[Shape]) -> str:
    """An answer's name and number: `compare/2`."""
    return str(get_args(keys_of(answer)["schema"])[0])


def _type(hint: Any, definitions: Schema) -> Schema:
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in _PLAIN:
        return {"type": _PLAIN[hint]}
    if hint is Any:
        return {}
    if isinstance(hint, type) and issubclass(hint, Shape):
        if hint.__name__ not in definitions:
            definitions[hint.__name__] = {}  # a shape may hold itself
            definitions[hint.__name__] = _object(hint, definitions)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if origin is Annotated:
        made = _type(arguments[0], definitions)
        for each in arguments[1:]:
            made |= {} if isinstance(each, At | MayLack) else _note(each)
        return {key: value for key, value in made.items() if key != "type" or "enum" not in made}
    if origin is Literal:
        return {"const": arguments[0]}
    if origin in (Union, types.UnionType):
        return _union([_type(each, definitions) for each in arguments])
    if origin is list:
        return {"type": "array", "items": _type(arguments[0], definitions)}
    if origin is dict:
        values = _type(arguments[1], definitions)
        return {"type": "object", "additionalProperties": values} if values else {"type": "object"}
    raise TypeError(f"no schema says {hint}")


def _note(each: str | OneOf | Pattern) -> Schema:
    if isinstance(each, OneOf):
        return {"enum": list(each.words)}
    return {"pattern": each.regex} if isinstance(each, Pattern) else {"description": each}


def _union(found: list[Schema]) -> Schema:
    """Plain types are one list of types, all else stands side by side."""
    if all(set(each) == {"type"} for each in found):
        return {"type": [each["type"] for each in found]}
    return {"anyOf": found}


def _docstring(shape: type[Shape]) -> tuple[str, dict[str, str]]:
    """What a docstring says of a shape, and of its keys; of the keys of its bases too."""
    described: dict[str, str] = {}
    for base in shape.__bases__:
        described |= _docstring(base)[1] if issubclass(base, Shape) and base is not Shape else {}
    head, _, attributes = cleandoc(shape.__doc__ or "").partition("Attributes:\n")
    for name, said in re.findall(r"^    (\w+): (.*(?:\n {5,}.*)*)", attributes, re.MULTILINE):
        described[name] = " ".join(said.split())
    return " ".join(head.split()), described
