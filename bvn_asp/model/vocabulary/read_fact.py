"""One entry of `facts:`."""

from __future__ import annotations

from collections.abc import Container, Mapping
from decimal import Decimal

from bvn_asp.errors import did_you_mean
from bvn_asp.model.quantity import DURATION_UNITS, Quantity
from bvn_asp.model.vocabulary.faults import Faults, entries, spellings
from bvn_asp.model.vocabulary.names import decimal
from bvn_asp.model.vocabulary.parts import CHANGES, TYPES, YES_NO, Between, Event, Fact, Index, Shorthand
from bvn_asp.model.yaml_text import Node

_KEYS = (
    *("about", "type", "values", "unit", "from", "to", "step", "per", "counts", "judgement", "absent"),
    *("presumed", "finding", "doubted_by", "change", "towards", "final", "ask", "document", "cost"),
    *("spelled", "known_as", "mixed", "by_side", "called", "in_doubt", "provided", "view", "age_of"),
    "between",
)
_OF_VIEW = ("type", "values", "unit", "from", "to", "step", "per", "absent", "spelled")


def read_fact(
    faults: Faults,
    section: str,
    name: str,
    node: Node,
    indexes: dict[str, Index],
    judges: Container[str] = (),
    before: Mapping[str, Node] | None = None,
) -> Fact:
    """A fact as its keys say; what is wrong is noted, and left out. A view has the values of what it is a view of.

    `doubted_by` names other facts, and is read when all of them are known.
    """
    keys = dict(entries(node)) if node.is_mapping else {}
    for key in keys:
        if key not in _KEYS:
            faults.wrong(keys[key], f"unknown key `{key}` of `{name}`", did_you_mean(key, _KEYS))

    view = _view(faults, name, keys, judges, before or {})
    if view[0]:
        shown = dict(entries((before or {})[view[0]]))
        for key in _OF_VIEW:
            if key in keys:
                faults.wrong(keys[key], f"`{name}` is a view: its `{key}` is that of `{view[0]}`", "take it out")
        keys |= {key: shown[key] for key in _OF_VIEW if key in shown}

    def text(key: str) -> str:
        return keys[key].text if key in keys and not keys[key].is_null else ""

    kind = text("type")
    if kind not in TYPES:
        faults.wrong(node, f"`{name}` has no known type", "one of " + ", ".join(TYPES))
        kind = "yes_no"
    if not text("about"):
        faults.wrong(node, f"`{name}` does not say what it is about", "add `about:`")
    values = dict(YES_NO) if kind == "yes_no" else {}
    if kind == "one_of":
        values = {key: "" if value.is_null else value.text for key, value in entries(keys.get("values"))}
        if len(values) < 2:
            faults.wrong(node, f"`{name}` needs at least two values", "list them under `values:`")
    per = text("per")
    if per and per not in indexes:
        faults.wrong(keys["per"], f"unknown index `{per}`", did_you_mean(per, indexes))
        per = ""
    unit, low, high, step = _range(faults, name, kind, node, keys)
    counts = []
    for part in keys["counts"].items() if kind == "count" and "counts" in keys else ():
        counts += [(key, value.text) for key, value in entries(part)]
    absent = text("absent")
    if absent and values and absent not in values:
        faults.wrong(keys["absent"], f"`{absent}` is not a value of `{name}`", did_you_mean(absent, values))
    if text("presumed") in ("yes", "true") and not absent:
        faults.wrong(node, f"`{name}` is presumed, but has no `absent:` value")
    change = text("change") or "never"
    if change not in CHANGES:
        faults.wrong(keys["change"], f"unknown change `{change}`", "one of " + ", ".join(CHANGES))
    towards = tuple(each.text for each in keys["towards"].items()) if "towards" in keys else ()
    for value in towards:
        if value not in (values or {"up": "", "down": ""}):
            faults.wrong(keys["towards"], f"`{name}` cannot change towards `{value}`")
    mixed = tuple(each.text for each in keys["mixed"].items()) if "mixed" in keys else ()
    for value in mixed:
        if value not in values or not absent or not per or not indexes[per].neighbours:
            hint = "values of a fact per members with neighbours, and with an `absent:` value"
            faults.wrong(keys["mixed"], f"`{name}` cannot be mixed of `{value}`", hint)
    final = tuple(each.text for each in keys["final"].items()) if "final" in keys else ()
    for value in final:
        if value not in values:
            faults.wrong(keys["final"], f"`{value}` is not a value of `{name}`", did_you_mean(value, values))
    return Fact(
        name=name,
        section=section,
        about=text("about"),
        type=kind,
        values=values,
        unit=unit,
        low=low,
        high=high,
        step=step,
        per=per,
        counts=tuple(counts),
        judgement=text("judgement") in ("true", "yes"),
        absent=absent,
        presumed=text("presumed") in ("true", "yes"),
        finding=text("finding"),
        change=change,
        towards=towards,
        final=final,
        ask=text("ask"),
        document=text("document"),
        called=text("called"),
        in_doubt=text("in_doubt"),
        provided=text("provided"),
        cost=int(text("cost")) if text("cost").isdecimal() else None,
        spelled=spellings(faults, name, keys.get("spelled"), values or None),
        mixed=mixed,
        by_side=text("by_side"),
        view=view,
        age_of=_age_of(faults, name, kind, keys, before or {}),
        known_as=tuple(each.text for each in keys["known_as"].items()) if "known_as" in keys else (),
        between={word: _between(faults, name, node, values) for word, node in entries(keys.get("between"))},
    )


def _between(faults: Faults, name: str, node: Node, values: Mapping[str, str]) -> Between:
    """One word that leaves a fact between some of its values."""
    keys = dict(entries(node)) if node.is_mapping else {}
    of = tuple(each.text for each in keys["of"].items()) if "of" in keys else ()
    if len(of) < 2 or any(each not in values for each in of) or not keys.get("about"):
        hint = "`of:` two of its values or more, and `about:` why"
        faults.wrong(node, f"`{name}` is left between nothing here", hint)
    words = tuple(each.text for each in keys["spelled"].items()) if "spelled" in keys else ()
    return Between(tuple(v for v in values if v in of), keys["about"].text if "about" in keys else "", words)


def _view(
    faults: Faults, name: str, keys: Mapping[str, Node], judges: Container[str], before: Mapping[str, Node]
) -> tuple[str, str]:
    """The fact of which this is one person's judgement, and whose."""
    node = keys.get("view")
    if node is None:
        return "", ""
    said = {key: value.text for key, value in entries(node)} if node.is_mapping else {}
    of, by = said.get("of", ""), said.get("by", "")
    shown = dict(entries(before[of])) if of in before else {}
    if "judgement" not in shown:
        faults.wrong(node, f"`{name}` is a view of no judgement", "`{of: FACT, by: JUDGE}`, of a fact further up")
        return "", ""
    if by not in judges:
        faults.wrong(node, f"nobody is called `{by}` under `judges:`")
        return "", ""
    return of, by


def _age_of(faults: Faults, name: str, kind: str, keys: Mapping[str, Node], before: Mapping[str, Node]) -> str:
    node = keys.get("age_of")
    if node is None:
        return ""
    whose = before[node.text].get("per") if node.text in before else None
    own = keys.get("per")
    alike = (whose.text if whose is not None else "") == (own.text if own is not None else "")
    if kind != "duration" or node.text not in before or not alike:
        hint = "a duration, `age_of:` a fact further up, per the same index as that"
        faults.wrong(node, f"`{name}` is no age of a document", hint)
        return ""
    return node.text


def _range(
    faults: Faults, name: str, kind: str, node: Node, keys: dict[str, Node]
) -> tuple[str, Quantity | None, Quantity | None, Decimal]:
    if kind not in ("number", "duration"):
        return "", None, None, Decimal(0)
    unit = keys["unit"].text if "unit" in keys else ""
    if kind == "duration" and unit.rstrip("s") not in DURATION_UNITS:
        faults.wrong(node, f"`{name}` needs a unit of time", "days, weeks, months or years")
        unit = "days"
    numbers = {}
    for key in ("from", "to", "step"):
        value = decimal(keys[key].text) if key in keys else None
        if value is None and (key != "step" or key in keys or kind == "number"):
            faults.wrong(keys.get(key, node), f"`{name}` needs a number under `{key}`")
        numbers[key] = value or Decimal(0)
    if numbers["from"] >= numbers["to"]:
        faults.wrong(node, f"the range of `{name}` is empty")
    return unit, Quantity(numbers["from"], unit), Quantity(numbers["to"], unit), numbers["step"]


def read_shorthand(faults: Faults, name: str, node: Node, facts: Mapping[str, Fact]) -> Shorthand:
    """One entry of `shorthands:`: what may be entered, and which facts then have which values."""
    keys = dict(entries(node)) if node.is_mapping else {}
    if name in facts or not keys.get("about") or "means" not in keys:
        faults.wrong(node, f"`{name}` is no shorthand", "`about:`, and `means:` with values of several facts")
    means: dict[str, dict[str, str]] = {}
    for entered, said in entries(keys.get("means")):
        means[entered] = {fact: value.text for fact, value in entries(said)}
        for fact, value in means[entered].items():
            if fact not in facts or facts[fact].per or value not in facts[fact].values:
                faults.wrong(said, f"`{fact}: {value}` is no record of one fact by itself", did_you_mean(fact, facts))
    words = tuple(each.text for each in keys["known_as"].items()) if "known_as" in keys else ()
    return Shorthand(name, keys["about"].text if "about" in keys else "", means, words)


def read_event(
    faults: Faults, name: str, node: Node, facts: Mapping[str, Fact], taken: Container[str]
) -> Event:
    """One entry of `events:`: what is done once to several members, and which facts speak of it together."""
    keys = dict(entries(node)) if node.is_mapping else {}
    if name in taken or not {"about", "per", "facts"} <= set(keys):
        faults.wrong(node, f"`{name}` is no event", "`about:`, `per:` an index, and `facts:` in lists of their own")
        return Event(name, "", "", ())
    kinds = tuple(tuple(each.text for each in listed.items()) for listed in keys["facts"].items())
    event = Event(
        name=name,
        about=keys["about"].text,
        per=keys["per"].text,
        kinds=kinds,
        dated=tuple(each.text for each in keys["dated"].items()) if "dated" in keys else (),
        known_as=tuple(each.text for each in keys["known_as"].items()) if "known_as" in keys else (),
    )
    for fact in event.facts:
        if fact not in facts or facts[fact].per != event.per or event.facts.count(fact) > 1:
            faults.wrong(node, f"`{fact}` is no fact per {event.per} of its own here", did_you_mean(fact, facts))
    for fact in event.dated:
        if fact not in event.facts or facts[fact].type != "duration":
            faults.wrong(node, f"`{fact}` is no duration among these facts: a date does not begin it")
    return event
