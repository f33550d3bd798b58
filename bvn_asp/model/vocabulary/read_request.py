"""`request:` and `papers:` of a vocabulary."""

from __future__ import annotations

from bvn_asp.errors import did_you_mean
from bvn_asp.model.vocabulary.faults import Faults, entries
from bvn_asp.model.vocabulary.names import plural
from bvn_asp.model.vocabulary.parts import Fact, Index
from bvn_asp.model.vocabulary.request import Papers, Request
from bvn_asp.model.yaml_text import Node

_KEYS = ("procedure", "members", "one", "many", "diagnoses", "procedures", "billing")


def read_request(faults: Faults, node: Node | None, facts: dict[str, Fact], indexes: dict[str, Index]) -> Request:
    """What a request is made of; without the section, the facts `requested`, `diagnosed` and `billed` say so."""
    keys = dict(entries(node)) if node is not None and node.is_mapping else {}
    for key, value in keys.items():
        if key not in _KEYS:
            faults.wrong(value, f"unknown key `{key}` of the request", did_you_mean(key, _KEYS))
    parts = {}
    for key, default, numeric in (
        ("members", "requested", False),
        ("diagnoses", "diagnosed", False),
        ("procedures", "billed", True),
    ):
        named = keys[key].text if key in keys else "" if node is not None else default
        fact = facts.get(named)
        if fact is None or not fact.per or (not fact.is_numeric if numeric else fact.type != "yes_no"):
            if key in keys:
                kind = "a number per an index" if numeric else "a yes/no fact per an index"
                hint = did_you_mean(named, facts) if fact is None else ""
                faults.wrong(keys[key], f"`{key}` of the request names {kind}; `{named}` is none", hint)
            named = ""
        parts[key] = named
    per = facts[parts["members"]].per if parts["members"] else ""
    one = keys["one"].text if "one" in keys else per.replace("_", " ")
    many = keys["many"].text if "many" in keys else plural(one)
    billing = keys.get("billing")
    codes = dict(entries(billing)) if billing is not None else {}
    known = indexes[facts[parts["procedures"]].per].members if parts["procedures"] else {}
    for key, value in codes.items():
        if key not in ("first", "further", "together"):
            faults.wrong(value, f"unknown key `{key}` of `billing`", "the keys are `first`, `further`, `together`")
        elif key == "together" and not (value.text.isdecimal() and int(value.text)):
            faults.wrong(value, "`together` is how many members the first code stands for", "write a whole number")
        elif key != "together" and value.text not in known:
            faults.wrong(value, f"`{value.text}` is no code of `procedures`", did_you_mean(value.text, known))
    together = codes["together"].text if "together" in codes and codes["together"].is_scalar else "1"
    return Request(
        procedure=keys["procedure"].text if "procedure" in keys else "",
        members=parts["members"],
        one=one,
        many=many if parts["members"] else "",
        diagnoses=parts["diagnoses"],
        procedures=parts["procedures"],
        first=codes["first"].text if "first" in codes else "",
        further=codes["further"].text if "further" in codes else "",
        together=int(together) if together.isdecimal() else 1,
    )


def read_papers(faults: Faults, node: Node | None, facts: dict[str, Fact]) -> Papers:
    """In which order documents are kept, what is asked last, and what hard words mean."""
    keys = dict(entries(node))
    for key, value in keys.items():
        if key not in ("documents", "sensitive", "meanings"):
            hint = "the keys are `documents`, `sensitive` and `meanings`"
            faults.wrong(value, f"unknown key `{key}` of `papers`", hint)
    documents = {
        pile: tuple(each.text for each in listed.items()) if listed.is_list else ()
        for pile, listed in entries(keys.get("documents"))
    }
    sensitive = list(keys["sensitive"].items()) if "sensitive" in keys and keys["sensitive"].is_list else []
    for each in sensitive:
        if each.text not in facts:
            faults.wrong(each, f"unknown fact `{each.text}` among the sensitive ones", did_you_mean(each.text, facts))
    meanings = {word: meaning.text for word, meaning in entries(keys.get("meanings"))}
    return Papers(documents, tuple(each.text for each in sensitive), meanings)
