"""`vocabulary.yaml`, read section by section, with every fault of the file at once."""

from __future__ import annotations

import hashlib
from pathlib import Path

from bvn_asp.classes import replace
from bvn_asp.errors import InputError, did_you_mean
from bvn_asp.model.vocabulary.faults import Faults, entries
from bvn_asp.model.vocabulary.names import NAME
from bvn_asp.model.vocabulary.parts import Fact
from bvn_asp.model.vocabulary.read_doubts import read_decisions, read_signs
from bvn_asp.model.vocabulary.read_fact import read_event, read_fact, read_shorthand
from bvn_asp.model.vocabulary.read_index import check_between, read_index, read_relation
from bvn_asp.model.vocabulary.read_repairs import read_contests, read_usual
from bvn_asp.model.vocabulary.read_request import read_papers, read_request
from bvn_asp.model.vocabulary.vocabulary import Vocabulary
from bvn_asp.model.yaml_text import Node, kept_yaml

_SECTIONS = (
    *("request", "papers", "indexes", "relations", "topics", "judges", "facts", "shorthands", "doubts", "no_doubt"),
    *("events", "otherwise", "contests", "usual"),
)


def read_vocabulary(path: Path, data: bytes) -> Vocabulary:
    """The vocabulary in a file.

    Args:
        data: what the file holds.

    Raises: InputError, with every fault of the file at once.
    """
    faults = Faults()
    root = kept_yaml(data, str(path))
    sections = root.mapping()
    for name in sections:
        if name not in _SECTIONS:
            known = ", ".join(f"`{each}`" for each in _SECTIONS)
            faults.wrong(sections[name], f"unknown section `{name}`", f"the sections are {known}")
    indexes = {n: read_index(faults, n, node) for n, node in entries(sections.get("indexes"))}
    topics = {name: node.text for name, node in entries(sections.get("topics"))}
    judges = {name: node.text for name, node in entries(sections.get("judges"))}
    facts: dict[str, Fact] = {}
    places: dict[str, Node] = {}
    for section, listed in entries(sections.get("facts")):
        for name, node in entries(listed):
            if name in facts:
                faults.wrong(node, f"the fact `{name}` is defined twice", f"first in `{facts[name].section}`")
            if not NAME.fullmatch(name):
                faults.wrong(node, f"`{name}` cannot be the name of a fact", "use lower case, digits and _")
            facts[name] = read_fact(faults, section, name, node, indexes, judges, places)
            places[name] = node
    for name, fact in facts.items():
        for other, _ in fact.counts:
            if other not in facts:
                faults.wrong(places[name], f"unknown fact `{other}` in `counts`", did_you_mean(other, facts))
    for name, node in places.items():
        doubting = node.get("doubted_by") if node.is_mapping else None
        if doubting is not None:
            signs = tuple(sign for each in doubting.items() for sign in read_signs(faults, each, facts, indexes))
            facts[name] = replace(facts[name], doubted_by=signs)
    decided = {
        key: tuple(
            each
            for name, node in entries(sections.get(key))
            for each in read_decisions(faults, name, node, facts, indexes)
        )
        for key in ("doubts", "no_doubt", "otherwise")
    }
    facts = read_contests(faults, sections.get("contests"), facts)
    usual = read_usual(faults, sections.get("usual"), facts, indexes)
    shorthands = {n: read_shorthand(faults, n, node, facts) for n, node in entries(sections.get("shorthands"))}
    taken = [*facts, *shorthands]
    events = {n: read_event(faults, n, node, facts, taken) for n, node in entries(sections.get("events"))}
    for name, index in indexes.items():
        check_between(faults, sections["indexes"], name, index, indexes)
    relations = {n: read_relation(faults, n, node, indexes) for n, node in entries(sections.get("relations"))}
    request = read_request(faults, sections.get("request"), facts, indexes)
    papers = read_papers(faults, sections.get("papers"), facts)
    if faults:
        raise InputError(faults)
    digest = hashlib.sha256(data).hexdigest()
    return Vocabulary(
        path=str(path),
        indexes=indexes,
        topics=topics,
        facts=facts,
        digest=digest,
        doubts=decided["doubts"],
        no_doubt=decided["no_doubt"],
        otherwise=decided["otherwise"],
        request=request,
        papers=papers,
        usual=usual,
        relations=relations,
        judges=judges,
        shorthands=shorthands,
        events=events,
    )
