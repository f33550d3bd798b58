"""What shape does a case file have, and what shape has each answer?

The case format follows from the vocabulary, so its JSON Schema is made from it: an editor then completes facts, values
and members, and marks what is out of range. The schema accepts the spellings that the documentation shows; the reader
is a little more lenient (`Type 1` for `type_1`) and alone sees what no schema can (two values of one slot).

An answer's schema is made from its shape in `shapes/`. `python -m bvn_asp.render.schema` writes them all to
`bvn_asp/schemas/`, where `bvn schema` reads them; a test holds the files to the shapes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bvn_asp.errors import did_you_mean, fault
from bvn_asp.model.case import REQUEST, SILENT, VERDICTS
from bvn_asp.model.library import Library
from bvn_asp.model.rules import COMPARISONS
from bvn_asp.model.vocabulary import Event, Fact, Index, Shorthand, Vocabulary

OUTPUTS = Path(__file__).parent.parent / "schemas"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_NUMBER = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"
_BOUND = r"(([<>]=?|[A-Za-z]+( [a-z]+)?) *)?"
_TIME = r" *(d|w|y|dys?|days?|wks?|weeks?|mos?|mths?|months?|yrs?|years?)\.?"
_AFTER = r"\+?( or [a-z]+)?"

Schema = dict[str, Any]


def schema_names() -> tuple[str, ...]:
    """Everything that has a schema: the case format, then every output by name."""
    return ("case", *sorted(path.stem for path in OUTPUTS.glob("*.json")))


def schema(library: Library, name: str) -> Schema:
    """A JSON Schema (draft 2020-12).

    Args:
        name: `case`, or an output's name, with or without its version: `compare`, `compare/2`.

    Raises: InputError: there is no such schema.
    """
    word, _, number = name.partition("/")
    if word == "case" and not number:
        return case_schema(library.vocabulary)
    if word not in schema_names() or word == "case":
        raise fault(f"there is no schema `{name}`", did_you_mean(word, schema_names(), "`bvn schema` lists them"))
    found: Schema = json.loads((OUTPUTS / f"{word}.json").read_text(encoding="utf-8"))
    if number and name != found["title"]:
        raise fault(f"there is no schema `{name}`", f"this version prints `{found['title']}`")
    return found


def write_schemas() -> None:
    """Write the schema of every answer to `bvn_asp/schemas/`, and remove those of answers that are gone."""
    from bvn_asp.render.data import to_json
    from bvn_asp.render.schema_of import schema_of
    from bvn_asp.render.shapes import ANSWERS, shape_of

    for path in OUTPUTS.glob("*.json"):
        if path.stem not in ANSWERS:
            path.unlink()
    for word in ANSWERS:
        (OUTPUTS / f"{word}.json").write_text(to_json(schema_of(shape_of(word))), encoding="utf-8")


_SILENT = "a document is on file and does not say"


def case_schema(vocabulary: Vocabulary) -> Schema:
    """The JSON Schema of a case file under a vocabulary."""
    facts = [each for each in vocabulary.facts.values() if each.type != "count"]
    definitions: Schema = {
        "date": {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "description": "as 2026-12-03"},
        "about_when": {
            "description": "a day, a month or a year: 2026-12-03, 2026-12, 2026",
            "type": ["string", "integer"],
            "pattern": r"^[0-9]{4}(-[0-9]{2}){0,2}$",
        },
        "evidence": _evidence(),
        **{_shape(each): _described(each, tuple(vocabulary.judges)) for each in facts},
        **{name: made for each in facts if each.per for name, made in _several(each).items()},
        "verdict": {"enum": list(VERDICTS)},
        "expectation": _expectation(),
    }
    return {
        "$schema": _DRAFT,
        "title": "a case of bvn-asp",
        "description": "One request for one person, and what the chart says. What is not recorded is left out.",
        "type": "object",
        "required": ["title"],
        "additionalProperties": False,
        "properties": {
            "title": {"type": "string", "minLength": 1, "description": "one sentence about the person, no names"},
            "about": {"type": ["string", "null"], "description": "what the case is for"},
            "source": {"type": ["string", "null"], "description": "where it comes from"},
            "hypothetical": {"type": ["string", "null"], "description": "what is only supposed in it"},
            "request": _request(vocabulary),
            "facts": {
                "type": ["object", "null"],
                "description": "what the chart says",
                "additionalProperties": False,
                "properties": {
                    **{each.name: _recorded(each, vocabulary) for each in facts},
                    **{name: _by_side(each, vocabulary) for name, each in vocabulary.by_side.items()},
                    **{each.name: _shorthand(each) for each in vocabulary.shorthands.values()},
                    **{each.name: _event(each, vocabulary) for each in vocabulary.events.values()},
                },
            },
            "expect": {
                "type": ["object", "null"],
                "description": "what each policy should say of the case",
                "additionalProperties": {
                    "anyOf": [
                        _ref("verdict"),
                        _ref("expectation"),
                        {"type": "array", "items": {"anyOf": [_ref("verdict"), _ref("expectation")]}},
                    ]
                },
            },
        },
        "$defs": definitions,
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _request(vocabulary: Vocabulary) -> Schema:
    properties: Schema = {"date": {**_ref("date"), "description": "date of service; durations are counted to it"}}
    for key, name in vocabulary.request.lists.items():
        index = vocabulary.indexes[vocabulary.facts[name].per]
        names: Schema = {"enum": _members(index)}
        spelled = _otherwise(index) or (f"^({index.otherwise[1]})$" if index.otherwise else "")
        listed = {"anyOf": [names, {"type": "string", "pattern": spelled}]} if spelled else names
        properties[key] = {
            "description": f"what is asked for: {index.about}; a whole list, what is not in it is not asked for",
            "anyOf": [listed, {"type": "array", "items": listed}],
        }
        if name == vocabulary.request.members:
            number = {"type": "integer", "minimum": 0, "description": "how many, if their names are not known"}
            properties[key]["anyOf"].append(number)
    if vocabulary.request.procedures:
        codes = list(vocabulary.indexes[vocabulary.facts[vocabulary.request.procedures].per].members)
        listed = {"enum": [*codes, *(int(code) for code in codes if code.isdecimal())]}
        properties["procedures"] = {
            "description": "units by procedure code; a whole list",
            "anyOf": [
                {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {code: {"type": "integer", "minimum": 0} for code in codes},
                },
                {"type": "array", "items": listed},
                listed,
            ],
        }
    own = (each for each in vocabulary.facts.values() if each.section == REQUEST and not each.per)
    properties |= {each.name: _recorded(each, vocabulary) for each in own if each.type != "count"}
    return {
        "type": ["object", "null"],
        "description": "what is asked for, and when",
        "additionalProperties": False,
        "properties": properties,
    }


def _members(index: Index) -> list[str]:
    """What an editor offers: the members, and the names that stand for two neighbours."""
    return [*index.members, *(f"{a}-{b}" for a, b in index.neighbours), "all"]


def _otherwise(index: Index) -> str:
    """How else charts write two neighbours: `A4/A5`, `A4-5`; nothing if the index has none."""
    split = [label.split("-") for label in index.members if label.count("-") == 1]
    pairs = [*index.neighbours, *(tuple(each) for each in split if all(each))]
    if not pairs:
        return ""
    return "^(" + "|".join(f"{a}(/{b}|[-/]{b[1:]})" if b[1:] else f"{a}/{b}" for a, b in pairs) + ")$"


def _recorded(fact: Fact, vocabulary: Vocabulary) -> Schema:
    """A fact as a key of `facts`: its value, or a value for each member of its index."""
    about = fact.about + (" (a clinician's judgement)" if fact.judgement else "")
    value = _ref(_shape(fact))
    if not fact.per:
        return {"description": about, **value}
    index = vocabulary.indexes[fact.per]
    made: Schema = {"description": about, "additionalProperties": False}
    made["anyOf"] = [{"type": ["object", "null"]}, {"const": SILENT}]
    some, inside = _ref(f"{_shape(fact)}_somewhere"), _ref(f"{_shape(fact)}_or_somewhere")
    several = {*map("-".join, index.neighbours), "all"}
    own: Schema = {name: inside if name in several else value for name in _members(index)}
    made["properties"] = {**own, "somewhere": some}
    made["patternProperties"] = {}
    spelled = _otherwise(index)
    if spelled:
        made["patternProperties"] |= {spelled: inside, _stretch(index): inside}
    return made


def _stretch(index: Index) -> str:
    """The members from one end to another, `A2-B1`, of which something is said without saying of which."""
    ends = "|".join(dict.fromkeys(end for label in index.members for end in label.split("-")))
    return f"^({ends}) *(-|/| to ) *({ends})$"


def _several(fact: Fact) -> Schema:
    """The definitions of what is said of several members: `…_somewhere`, and that in place of a value."""
    name = f"{_shape(fact)}_somewhere"
    inside: Schema = {"type": "object", "required": ["somewhere"], "additionalProperties": False}
    inside["properties"] = {"somewhere": _ref(name)}
    return {name: _somewhere(fact), f"{_shape(fact)}_or_somewhere": {"anyOf": [_ref(_shape(fact)), inside]}}


def _somewhere(fact: Fact) -> Schema:
    """What at least one member has, or at least `count` of them."""
    shapes = []
    for each in _described(fact)["anyOf"]:
        if "conflicting" in each.get("properties", {}):
            continue
        if each.get("type") == "object":
            number: Schema = {"type": "integer", "minimum": 1}
            count = {"count": number, "exactly": number}
            shapes.append({**each, "properties": {**each["properties"], **count}})
        else:
            shapes.append(each)
    return {"description": "some member has this value; the chart does not say which", "anyOf": shapes}


def _by_side(fact: Fact, vocabulary: Vocabulary) -> Schema:
    """A fact as a case may say it by the side."""
    index = vocabulary.indexes[fact.per]
    value = _ref(_shape(fact))
    return {
        "description": f"{fact.about}, side by side: a pair of neighbours stands for the two sides between them",
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {**{f"{a}-{b}": value for a, b in index.neighbours}, "all": value},
        "patternProperties": {_otherwise(index): value},
    }


def _shorthand(known: Shorthand) -> Schema:
    """An entry that stands for several facts."""
    bare: Schema = {"enum": [*known.means, *[name == "yes" for name in known.means if name in ("yes", "no")]]}
    whole = {"type": "object", "required": ["value"], "additionalProperties": False}
    told = {**whole, "properties": {"value": bare, "evidence": _ref("evidence")}}
    return {"description": known.about, "anyOf": [bare, {"type": "null"}, told]}


def _event(event: Event, vocabulary: Vocabulary) -> Schema:
    """What was done once, to several members: one entry, or a list of them."""
    about = vocabulary.indexes[event.per].many
    at: Schema = {"description": f"the {about}: L4-L5, L3 and L5, or a list", "type": ["string", "array"]}
    at["items"] = {"type": "string"}
    facts = {name: _ref(_shape(vocabulary.facts[name])) for name in event.facts}
    date = {"date": _ref("about_when")} if event.dated else {}
    one: Schema = {"type": "object", "required": ["at"], "minProperties": 2, "additionalProperties": False}
    one["properties"] = {"at": at, **facts, **date, "evidence": _ref("evidence")}
    return {"description": event.about, "anyOf": [one, {"type": "array", "items": one}, {"type": "null"}]}


def _shape(fact: Fact) -> str:
    """The name of the definition that a fact's values keep to; yes/no facts and durations share theirs."""
    return fact.type if fact.type in ("yes_no", "duration") else fact.name


def _described(fact: Fact, judges: Sequence[str] = ()) -> Schema:
    """One value of a fact: bare, or with what else can be said of it; nothing, which counts as not recorded.

    Args:
        judges: whose judgement may be recorded.
    """
    bare = _bare(fact)
    evidence: Schema = {"evidence": _ref("evidence")}
    if judges and fact.is_named:
        evidence["by"] = {"enum": list(judges), "description": "whose judgement it is"}

    def shape(required: list[str], properties: Schema) -> Schema:
        made: Schema = {"type": "object", "additionalProperties": False, "properties": {**properties, **evidence}}
        return {**made, "required": required} if required else made

    shapes = [bare, {"type": "null"}, shape(["value"], {"value": bare})]
    if fact.is_named:
        shapes.append(shape(["one_of"], {"one_of": {"anyOf": [bare, {"type": "array", "items": bare, "minItems": 1}]}}))
        if fact.absent and len(fact.values) > 2:
            shapes.append(shape(["all_of"], {"all_of": {"type": "array", "items": bare, "minItems": 1}}))
    else:
        ends = {key: _amount(fact) for key in COMPARISONS}
        shapes.append({**shape([], ends), "anyOf": [{"required": [key]} for key in COMPARISONS]})
    if fact.type == "duration":
        shapes.append(shape(["since"], {"since": _ref("about_when"), "until": _ref("about_when")}))
    if fact.unit == "kg/m2":
        text = {"type": "string", "description": "a number with its unit"}
        shapes.append(shape(["weight", "height"], {"weight": text, "height": text}))
    if fact.type == "number" and fact.unit == "years":
        shapes.append(shape(["born"], {"born": _ref("about_when")}))
    values: Schema = {"type": "array", "minItems": 2, "items": _ref(_shape(fact))}
    values["description"] = "values that contradict each other; they count as unknown"
    shapes.append(shape(["conflicting"], {"conflicting": values}))
    if judges and fact.is_named:
        each = {"type": "object", "additionalProperties": False, "minProperties": 1}
        said = {**each, "properties": dict.fromkeys(judges, _ref(_shape(fact))), "description": "what each has judged"}
        shapes.append({**each, "required": ["by"], "properties": {"by": said}})
    return {"anyOf": shapes}


def _bare(fact: Fact) -> Schema:
    if fact.type == "yes_no":
        said = [*fact.spelled, *fact.between, *(text for each in fact.between.values() for text in each.spelled)]
        return {"enum": ["yes", "no", True, False, "unknown", SILENT, *said]}
    if fact.is_named:
        left = {word: f"{each.about} ({' or '.join(each.of)})" for word, each in fact.between.items()}
        left |= {each: f"the same as {word}" for word, more in fact.between.items() for each in more.spelled}
        values = {**fact.values, **left, "unknown": "the chart says that nobody knows", SILENT: _SILENT, **fact.spelled}
        return {"enum": list(values), "markdownEnumDescriptions": list(values.values())}
    words = "|".join(["unknown", SILENT, *fact.spelled])
    if fact.type == "duration":
        number = rf"{_NUMBER}({_TIME})?"
        one, two = rf"{_BOUND}{_NUMBER}{_TIME}{_AFTER}", rf"(between |from )?{number}( to | and | *- *){_NUMBER}{_TIME}"
        more = rf"{_NUMBER}\+{_TIME}|{_NUMBER}{_TIME}(,? (and )?){_NUMBER}{_TIME}"
        return {"type": "string", "pattern": rf"^({one}|{two}|{more}|{words})$"}
    tail = r"( *[^0-9].*)?"
    two = rf"{_NUMBER}{tail}( to | *- *){_NUMBER}{tail}"
    text = {"type": "string", "pattern": rf"^({_BOUND}{_NUMBER}{tail}|{two}|{words})$"}
    return {"anyOf": [_range(fact), text]}


def _amount(fact: Fact) -> Schema:
    """The end of a range."""
    if fact.type == "duration":
        return {"type": "string", "pattern": rf"^{_NUMBER}{_TIME}(,? (and )?{_NUMBER}{_TIME})?$"}
    return {"anyOf": [_range(fact), {"type": "string", "pattern": rf"^{_NUMBER}( *[^0-9].*)?$"}]}


def _range(fact: Fact) -> Schema:
    assert fact.low is not None
    assert fact.high is not None
    low, high = (int(n) if n == int(n) else float(n) for n in (fact.low.amount, fact.high.amount))
    kind = "integer" if fact.step and fact.step == int(fact.step) else "number"
    return {"type": kind, "minimum": low, "maximum": high, "description": f"in {fact.unit}"}


def _evidence() -> Schema:
    one: Schema = {
        "anyOf": [
            {"type": "string"},
            {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "document": {"type": "string"},
                    "date": _ref("date"),
                    "page": {"type": ["string", "number"]},
                    "quotation": {"type": "string", "description": "a few words of the chart itself"},
                    "note": {"type": ["string", "number"]},
                    "confidence": {"type": "number", "minimum": 0, "maximum": 1},
                    "extractor": {"type": "string", "description": "who or what read the document"},
                },
            },
        ]
    }
    return {"description": "where the value was found", "anyOf": [*one["anyOf"], {"type": "array", "items": one}]}


def _expectation() -> Schema:
    texts = {"type": "object", "additionalProperties": {"type": "string"}}
    names: Schema = {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]}
    return {
        "type": "object",
        "required": ["verdict"],
        "additionalProperties": False,
        "properties": {
            "verdict": _ref("verdict"),
            "blamed": {**names, "description": "the criteria that stand in the way whatever else is documented"},
            "open": {**names, "description": "the undocumented facts that alone can still change the verdict"},
            "hangs_on": {**names, "description": "the readings on which the verdict hangs"},
            "why": {"type": "string", "description": "where the expectation comes from"},
            "repairs": True,
            "statuses": {**texts, "description": "entry to met, unmet or undetermined"},
            "readings": {**texts, "description": "reading to the option that is to stand"},
            "strict": {"enum": ["yes", "no", True, False], "description": "presume nothing"},
        },
    }


if __name__ == "__main__":
    write_schemas()
