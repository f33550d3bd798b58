"""`contests:` and `usual:`: what is recorded and may still be contested, and what charts usually turn out to say."""

from __future__ import annotations

from bvn_asp.classes import replace
from bvn_asp.errors import did_you_mean
from bvn_asp.model.vocabulary.faults import Faults, entries
from bvn_asp.model.vocabulary.parts import CONTESTS, Contest, Fact, Index, Sign
from bvn_asp.model.vocabulary.read_doubts import read_signs
from bvn_asp.model.yaml_text import Node


def read_contests(faults: Faults, node: Node | None, facts: dict[str, Fact]) -> dict[str, Fact]:
    """The facts, those that may be contested with the kind of contest, who is asked, and what it may turn out to be."""
    found = dict(facts)
    for kind, by_whom in entries(node):
        if kind not in CONTESTS:
            faults.wrong(by_whom, f"unknown kind of contest `{kind}`", "one of " + ", ".join(CONTESTS))
            continue
        for whom, listed in entries(by_whom):
            for name, value in entries(listed):
                fact = facts.get(name)
                towards = tuple(each.text for each in value.items())
                if fact is None or fact.type == "count":
                    faults.wrong(value, f"unknown fact `{name}` under `contests`", did_you_mean(name, facts))
                elif found[name].contest is not None:
                    faults.wrong(value, f"`{name}` is contested twice", "name it under one kind of contest")
                elif wrong := [each for each in towards if each not in (fact.values or {"up": "", "down": ""})]:
                    hint = did_you_mean(wrong[0], fact.values)
                    faults.wrong(value, f"`{name}` cannot turn out to be `{wrong[0]}`", hint)
                else:
                    found[name] = replace(fact, contest=Contest(kind, whom, towards))
    return found


def read_usual(
    faults: Faults, node: Node | None, facts: dict[str, Fact], indexes: dict[str, Index]
) -> dict[str, tuple[Sign, ...]]:
    """Fact to what most charts say of it."""
    found: dict[str, list[Sign]] = {}
    for each in node.items() if node is not None else ():
        for sign in read_signs(faults, each, facts, indexes):
            found.setdefault(sign.fact, []).append(sign)
    return {name: tuple(signs) for name, signs in found.items()}
