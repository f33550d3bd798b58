"""One entry of `facts:`."""

from __future__ import annotations

from decimal import Decimal

from bvn_asp.errors import did_you_mean
from bvn_asp.model.quantity import DURATION_UNITS, Quantity
from bvn_asp.model.vocabulary.faults import Faults, entries, spellings
from bvn_asp.model.vocabulary.names import decimal
from bvn_asp.model.vocabulary.parts import Fact, Index
from bvn_asp.model.yaml_text import Node

TYPES = ("yes_no", "one_of", "number", "duration", "count")
CHANGES = ("never", "treat", "wait", "request", "precaution")
YES_NO = {"yes": "yes", "no": "no"}
_KEYS = (
    *("about", "type", "values", "unit", "from", "to", "step", "per", "counts", "judgement", "absent"),
    *("presumed", "finding", "doubted_by", "change", "towards", "final", "ask", "document", "cost"),
    *("spelled", "known_as", "mixed", "by_side", "called", "in_doubt", "provided"),
)


def read_fact(faults: Faults, section: str, name: str, node: Node, indexes: dict[str, Index]) -> Fact:
    """A fact as its keys say; what is wrong is noted, and left out.

    `doubted_by` names other facts, and is read when all of them are known.
    """
    keys = dict(entries(node)) if node.is_mapping else {}
    for key in keys:
        if key not in _KEYS:
            faults.wrong(keys[key], f"unknown key `{key}` of `{name}`", did_you_mean(key, _KEYS))

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
        known_as=tuple(each.text for each in keys["known_as"].items()) if "known_as" in keys else (),
    )


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
