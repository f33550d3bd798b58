"""`doubts:`, `no_doubt:` and `doubted_by:`: which records put which presumptions in doubt."""

from __future__ import annotations

import re

from bvn_asp.classes import late
from bvn_asp.errors import did_you_mean
from bvn_asp.model.quantity import SIGNS, Quantity
from bvn_asp.model.vocabulary.faults import Faults, entries
from bvn_asp.model.vocabulary.names import decimal
from bvn_asp.model.vocabulary.parts import Decision, Fact, Index, Sign
from bvn_asp.model.yaml_text import Node

_LIMIT = late(r"([a-z][a-z0-9_]*)?\s*(>=|<=|>|<)\s*([+-]?[\d.]+)\s*([a-z]*)")
_OPERATORS = {sign: operator for operator, sign in SIGNS.items()}


def read_decisions(
    faults: Faults, name: str, node: Node, facts: dict[str, Fact], indexes: dict[str, Index]
) -> list[Decision]:
    """One entry of `doubts:` or `no_doubt:`; several if it lists pairs."""
    keys = dict(entries(node)) if node.is_mapping else {}
    for key in keys:
        if key not in ("why", "place", "of", "by", "pairs"):
            faults.wrong(keys[key], f"unknown key `{key}` of `{name}`", "`why`, `place`, `of` and `by`, or `pairs`")
    if not keys.get("why"):
        faults.wrong(node, f"`{name}` does not say why", "add `why:`")
    text = {key: keys[key].text if key in keys else "" for key in ("why", "place")}
    found = []
    for pair in keys["pairs"].items() if "pairs" in keys else [node]:
        sides: dict[str, tuple[Sign, ...]] = {"of": (), "by": ()}
        for side in sides:
            listed = pair.get(side) if pair.is_mapping else None
            if listed is None:
                faults.wrong(pair, f"`{name}` has no `{side}`", "under `of` facts, under `by` what may be recorded")
            else:
                sides[side] = tuple(
                    sign
                    for each in listed.items()
                    for sign in read_signs(faults, each, facts, indexes)
                    if side == "by" or facts[sign.fact].presumed or not _many(each)
                )
        for each in sides["of"]:
            if not facts[each.fact].presumed:
                faults.wrong(pair, f"`{each.fact}` is not presumed, so that nothing can put it in doubt")
        found.append(Decision(name, text["why"], text["place"], sides["of"], sides["by"]))
    return found


def read_signs(faults: Faults, node: Node, facts: dict[str, Fact], indexes: dict[str, Index]) -> list[Sign]:
    """`slip`, `pain_axial: no`, `age < 18`, `diagnosed: [M54.16, M54.17]`, `section: Bone`."""
    if not node.is_mapping:
        text = node.text.strip()
        if text == "all":
            return [Sign(each.name) for each in facts.values() if each.type != "count"]
        match = _LIMIT.fullmatch(text)
        if match and match[1]:
            return _limit(faults, node, match[1], match, facts)
        return [Sign(text)] if _known(faults, node, text, facts) else []
    found: list[Sign] = []
    for name, value in entries(node):
        if name == "section":
            listed = [each.name for each in facts.values() if each.section == value.text]
            if not listed:
                faults.wrong(value, f"no section of facts is called `{value.text}`")
            found += [Sign(each) for each in listed]
            continue
        if not _known(faults, node, name, facts):
            continue
        fact = facts[name]
        if not value.is_mapping and not value.is_list:
            match = _LIMIT.fullmatch(value.text.strip())
            if match:
                found += _limit(faults, value, name, match, facts)
                continue
        texts = [each.text for each in value.items()]
        members = indexes[fact.per].members if fact.per else {}
        if all(each in fact.values for each in texts):
            found.append(Sign(name, (), tuple(texts)))
        elif members and all(each in members for each in texts):
            found.append(Sign(name, tuple(texts)))
        else:
            wrong = next(each for each in texts if each not in members and each not in fact.values)
            faults.wrong(value, f"`{wrong}` is no value of `{name}`", did_you_mean(wrong, [*fact.values, *members]))
    return found


def _many(node: Node) -> bool:
    """Whether an item speaks of facts without naming them, of which those are meant that are presumed."""
    return node.get("section") is not None if node.is_mapping else node.text.strip() == "all"


def _known(faults: Faults, node: Node, name: str, facts: dict[str, Fact]) -> bool:
    if name in facts and facts[name].type != "count":
        return True
    faults.wrong(node, f"unknown fact `{name}` among what puts a presumption in doubt", did_you_mean(name, facts))
    return False


def _limit(faults: Faults, node: Node, name: str, match: re.Match[str], facts: dict[str, Fact]) -> list[Sign]:
    if not _known(faults, node, name, facts):
        return []
    number, unit = decimal(match[3]), match[4] or facts[name].unit
    if not facts[name].is_numeric or number is None:
        faults.wrong(node, f"`{name}` takes no limit")
        return []
    return [Sign(name, (), (), _OPERATORS[match[2]], Quantity(number, unit))]
