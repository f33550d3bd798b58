"""Reads a case file, collecting every fault of it with its place."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from bvn_asp.errors import BvnError, Fault, InputError, Place, did_you_mean, fault
from bvn_asp.model.case import (
    REQUEST,
    VERDICTS,
    Case,
    Evidence,
    Expectation,
    Named,
    Record,
    Value,
    absent_value,
)
from bvn_asp.model.quantity import DURATION_UNITS, Amount, Interval, Quantity, Span, compare, exactly
from bvn_asp.model.vocabulary import Fact, Index, Slot, Vocabulary, decimal
from bvn_asp.model.yaml_text import Node, parse_yaml, read_yaml

_CASE_KEYS = ("title", "about", "source", "hypothetical", "request", "facts", "expect")
_OPERATORS = {
    **{">=": "at_least", "at least": "at_least", ">": "more_than", "more than": "more_than", "over": "more_than"},
    **{"<=": "at_most", "at most": "at_most", "<": "less_than", "less than": "less_than", "under": "less_than"},
}
_VALUE_KEYS = ("value", "since", "until", "one_of", "conflicting", "evidence", *dict.fromkeys(_OPERATORS.values()))
_BOUND = re.compile(r"(>=|<=|>|<|at least|more than|over|at most|less than|under)\s*(.+)", re.IGNORECASE)
_NUMBER_UNIT = re.compile(r"([+-]?[\d.]+)\s*(.*)")


def load_case(path: Path | str, vocabulary: Vocabulary) -> Case:
    """The case in a file.

    Raises: InputError, with every fault of the file at once.
    """
    return CaseReader(vocabulary, read_yaml(Path(path)), str(path)).read()


def parse_case(text: str | bytes, vocabulary: Vocabulary, name: str = "<case>") -> Case:
    """The case in YAML (or JSON) text; `name` stands for it in faults."""
    data = text.encode() if isinstance(text, str) else text
    return CaseReader(vocabulary, parse_yaml(data, name), name).read()


def make_case(vocabulary: Vocabulary, data: Mapping[str, Any]) -> Case:
    """The case that a mapping of the same shape as a case file describes."""
    return parse_case(yaml.safe_dump(dict(data), sort_keys=False), vocabulary)


def parse_value(vocabulary: Vocabulary, slot: Slot, text: str, date: datetime.date | None = None) -> Value:
    """One value as a case file would write it: `>= 6 months`, `type_1`, `31.2`, `{since: 2026-01-05}`.

    Raises: InputError, in words that fit the command line.
    """
    reader = CaseReader(vocabulary, parse_yaml(text.encode(), ""), "")
    reader.date = date
    value = reader.value(vocabulary.facts[slot.fact], reader.root)
    if reader.faults:
        raise InputError(Fault(Place(""), f"{slot}: {each.message}", each.hint) for each in reader.faults)
    assert value is not None
    return value


def parse_slots(vocabulary: Vocabulary, text: str) -> tuple[Slot, ...]:
    """The slots that `age`, `finding.MEMBER` or `finding.MEMBER-MEMBER` names.

    Raises: InputError: no such fact or member.
    """
    name, _, member = text.partition(".")
    known = vocabulary.facts.get(name)
    if known is None or known.type == "count":
        raise fault(f"unknown fact `{name}`", did_you_mean(name, vocabulary.facts, "`bvn facts` lists them"))
    if not known.per:
        if member:
            raise fault(f"`{name}` is one fact, not one per {member}", f"write `{name}` alone")
        return (Slot(name),)
    index = vocabulary.indexes[known.per]
    if not member:
        raise fault(f"`{name}` is recorded per {index.about}", f"write `{name}.{next(iter(index.members))}`")
    labels = labels_of(index, member)
    if not labels:
        raise fault(f"unknown {index.about} `{member}`", did_you_mean(member, index.members))
    return tuple(Slot(name, label) for label in labels)


def labels_of(index: Index, text: str) -> tuple[str, ...]:
    """The members that a label names: itself, two neighbours, or all."""
    wanted = text.strip()
    if wanted == "all":
        return tuple(index.members)
    folded = {label.lower(): label for label in index.members}
    if wanted.lower() not in folded and (other := index.standing_for(wanted)):
        return (other,)
    for first, second in index.neighbours:
        if wanted.lower() in _spellings(first, second):
            return first, second
    for label in index.members:
        first, dash, second = label.partition("-")
        if dash and wanted.lower() in _spellings(first, second):
            return (label,)
    return (folded[wanted.lower()],) if wanted.lower() in folded else ()


def _spellings(first: str, second: str) -> set[str]:
    """How charts write two neighbours: `A4-A5`, `A4/A5`, `A4-5`."""
    return {f"{first}{sign}{tail}".lower() for sign in "-/" for tail in (second, second[1:]) if tail}


class CaseReader:
    """Reads one case, collecting faults instead of stopping at the first."""

    def __init__(self, vocabulary: Vocabulary, root: Node, path: str) -> None:
        self.vocabulary = vocabulary
        self.root = root
        self.path = path
        self.faults: list[Fault] = []
        self.date: datetime.date | None = None
        self.records: dict[Slot, Record] = {}
        self.specific: set[Slot] = set()
        self.general: set[Slot] = set()  # recorded by `all` alone

    def wrong(self, node: Node, message: str, hint: str = "") -> None:
        self.faults.append(Fault(node.place, message, hint))

    def read(self) -> Case:
        if not self.root.is_mapping:
            raise fault(f"a case is `name: value` lines; this is {self.root.kind}", place=Place(self.path, 1, 1))
        for key, _ in self.root.entries():
            if key.text not in _CASE_KEYS:
                hint = did_you_mean(key.text, _CASE_KEYS)
                if key.text in self.vocabulary.facts:
                    hint = "facts stand under `facts:`"
                self.wrong(key, f"unknown key `{key.text}`", hint or "a case has " + ", ".join(_CASE_KEYS))
        title = self.text("title")
        if not title:
            self.faults.append(Fault(Place(self.path, 1, 1), "the case has no title", "add `title:`, one sentence"))
        self.request(self.root.get("request"))
        facts = self.root.get("facts")
        if facts is not None:
            self.facts(facts)
            self.leave_out_who_is_not_there()
        expectations = tuple(self.expectations(self.root.get("expect")))
        if self.faults:
            raise InputError(self.faults)
        ordered = self.vocabulary.in_order(self.records)
        return Case(
            title=title,
            records=tuple(self.records[slot] for slot in ordered),
            date=self.date,
            about=self.text("about"),
            source=self.text("source"),
            hypothetical=self.text("hypothetical"),
            expectations=expectations,
            path=self.path,
        )

    def text(self, key: str) -> str:
        node = self.root.get(key)
        if node is None:
            return ""
        if not node.is_scalar:
            self.wrong(node, f"`{key}` is text, found {node.kind}")
            return ""
        return node.text

    # -- the request ---------------------------------------------------------------------------

    def request(self, node: Node | None) -> None:
        if node is None:
            return
        if not node.is_mapping:
            self.wrong(node, f"`request` is `name: value` lines, found {node.kind}")
            return
        date = node.get("date")
        if date is not None:
            self.date = self.day(date)
        own = {name for name, known in self.vocabulary.facts.items() if known.section == REQUEST and not known.per}
        whole = self.vocabulary.request
        for key, value in node.entries():
            if value.is_null or key.text == "date":
                continue
            if key.text in whole.lists:
                self.listed(value, whole.lists[key.text])
            elif key.text in whole.keys:
                self.procedures(value, whole.procedures)
            elif key.text in own:
                self.fact(key, value)
            else:
                keys = (*whole.keys, "date", *sorted(own))
                self.wrong(key, f"unknown key `{key.text}` of the request", did_you_mean(key.text, keys))

    def listed(self, node: Node, name: str) -> None:
        """A list that is whole: what it names is yes, all else no."""
        index = self.vocabulary.indexes[self.vocabulary.facts[name].per]
        if node.is_mapping:
            self.wrong(node, f"expected a list of {index.about}s")
            return
        named: set[str] = set()
        for item in node.items():
            labels = labels_of(index, item.text) if item.is_scalar else ()
            if not labels:
                word = item.text if item.is_scalar else item.kind
                self.wrong(item, f"unknown {index.about} `{word}`", did_you_mean(word, index.members))
            named.update(labels)
        for label in index.members:
            slot = Slot(name, label)
            self.records[slot] = Record(slot, Named(("yes" if label in named else "no",)), place=node.place)

    def procedures(self, node: Node, name: str) -> None:
        known = self.vocabulary.facts[name]
        index = self.vocabulary.indexes[known.per]
        units = dict.fromkeys(index.members, Decimal(0))
        if node.is_mapping:
            for key, value in node.entries():
                amount = decimal(value.text) if value.is_scalar else None
                if key.text not in index.members:
                    self.wrong(key, f"unknown {index.about} `{key.text}`", did_you_mean(key.text, index.members))
                elif amount is None or amount < 0 or amount != int(amount):
                    self.wrong(value, f"the units of {key.text} are a whole number", f"write `{key.text}: 1`")
                else:
                    units[key.text] = amount
        else:
            for item in node.items():
                if item.is_scalar and item.text in index.members:
                    units[item.text] += 1
                else:
                    self.wrong(item, f"unknown {index.about}", f"write `{next(iter(index.members))}: 1`")
        for label, amount in units.items():
            slot = Slot(name, label)
            self.records[slot] = Record(slot, exactly(Quantity(amount, known.unit)))

    # -- facts ---------------------------------------------------------------------------------

    def facts(self, node: Node) -> None:
        if not node.is_mapping:
            self.wrong(node, f"`facts` is `name: value` lines, found {node.kind}")
            return
        for key, value in node.entries():
            self.fact(key, value)

    def leave_out_who_is_not_there(self) -> None:
        """Take back what `all` said of a member that few people have, unless something else says that it is there."""
        few = {member for index in self.vocabulary.indexes.values() for member in index.optional}
        there = {
            slot.member
            for slot, record in self.records.items()
            if slot not in self.general and record.value != (absent_value(self.vocabulary.facts[slot.fact]) or "")
        }
        for slot in [each for each in self.general if each.member in few - there]:
            del self.records[slot]

    def fact(self, key: Node, node: Node) -> None:
        known = self.vocabulary.facts.get(key.text)
        if known is None or known.type == "count":
            if known is not None:
                self.wrong(key, f"`{key.text}` is counted from the request, not recorded")
                return
            hint = did_you_mean(
                key.text, self.vocabulary.facts, "`bvn facts` lists every fact; `bvn facts WORD` searches"
            )
            self.wrong(key, f"unknown fact `{key.text}`", hint)
            return
        if node.is_null:
            return
        if not known.per:
            self.store(Slot(known.name), node, known, specific=True)
            return
        index = self.vocabulary.indexes[known.per]
        example = next(iter(index.members))
        if not node.is_mapping:
            self.wrong(node, f"`{known.name}` is recorded per {index.about}", f"write `{known.name}: {{{example}: …}}`")
            return
        for member, value in node.entries():
            labels = labels_of(index, member.text)
            if not labels:
                hint = did_you_mean(member.text, index.members, f"one of {', '.join(index.members)}")
                self.wrong(member, f"unknown {index.about} `{member.text}`", hint)
            for label in labels:
                if not value.is_null:
                    self.store(Slot(known.name, label), value, known, specific=member.text != "all")

    def store(self, slot: Slot, node: Node, known: Fact, specific: bool) -> None:
        record = self.record(slot, node, known)
        if record is None:
            return
        earlier = self.records.get(slot)
        if earlier is None or (specific and slot not in self.specific):
            self.records[slot] = record
        elif specific and earlier.value != record.value:
            about = self.vocabulary.indexes[known.per].about if known.per else ""
            hint = f"a name of two neighbours stands for both: record each {about}, one by one"
            self.wrong(node, f"`{slot}` is given twice, as {earlier} and as {record}", hint)
        if specific:
            self.specific.add(slot)
            self.general.discard(slot)
        elif earlier is None:
            self.general.add(slot)

    def record(self, slot: Slot, node: Node, known: Fact) -> Record | None:
        evidence = self.evidence(node.get("evidence")) if node.is_mapping else ()
        conflicting = node.get("conflicting") if node.is_mapping else None
        if conflicting is None:
            value = self.value(known, node)
            return None if value is None else Record(slot, value, evidence, place=node.place)
        parts: list[tuple[Value, tuple[Evidence, ...]]] = []
        for each in conflicting.items() if not conflicting.is_mapping else ():
            part = self.value(known, each)
            if part is None:
                return None
            parts.append((part, self.evidence(each.get("evidence")) if each.is_mapping else ()))
        if len({str(part) for part, _ in parts}) < 2:
            self.wrong(conflicting, "`conflicting` lists at least two different values")
            return None
        return Record(slot, None, evidence, tuple(parts), node.place)

    def evidence(self, node: Node | None) -> tuple[Evidence, ...]:
        if node is None:
            return ()
        if node.is_list:
            return tuple(each for item in node.items() for each in self.evidence(item))
        if node.is_scalar:
            return (Evidence(node.text),)
        parts: dict[str, str] = {}
        for key, value in node.entries():
            if key.text not in ("document", "date", "note") or not value.is_scalar:
                self.wrong(key, f"unknown key `{key.text}` of evidence", "evidence has `document`, `date`, `note`")
            else:
                parts[key.text] = value.text
        date_node = node.get("date")
        date = self.day(date_node) if date_node is not None else None
        return (Evidence(parts.get("document", ""), date, parts.get("note", "")),)

    def day(self, node: Node) -> datetime.date | None:
        try:
            return datetime.date.fromisoformat(node.text)
        except (ValueError, BvnError):
            self.wrong(
                node, f"`{node.text if node.is_scalar else node.kind}` is not a date", "write it as `2026-12-03`"
            )
            return None

    def value(self, known: Fact, node: Node) -> Value | None:
        """One value of a fact; None after recording a fault."""
        if node.is_mapping:
            return self.described(known, node)
        if node.is_list:
            hint = (
                "write `{one_of: [...]}` if the chart leaves it open, `{conflicting: [...]}` if it contradicts itself"
            )
            self.wrong(node, f"`{known.name}` takes one value, found a list", hint)
            return None
        if known.is_named:
            return self.named(known, node)
        return self.interval(known, node)

    def described(self, known: Fact, node: Node) -> Value | None:
        keys = node.mapping()
        for key, value in node.entries():
            if key.text not in _VALUE_KEYS:
                self.wrong(key, f"unknown key `{key.text}` of `{known.name}`", did_you_mean(key.text, _VALUE_KEYS))
                return None
            if value.is_null:
                self.wrong(key, f"`{key.text}` is left empty")
                return None
        if "value" in keys:
            return self.value(known, keys["value"])
        if "one_of" in keys and known.is_named:
            found = [self.named(known, each) for each in keys["one_of"].items()]
            if any(each is None for each in found):
                return None
            chosen = {value for each in found if each for value in each.values}
            return Named(tuple(value for value in known.values if value in chosen))
        if "since" in keys or "until" in keys:
            return self.dated(known, node, keys)
        bounds = [operator for operator in keys if operator in _OPERATORS.values()]
        if bounds and known.is_numeric:
            joined = Interval(None, False, None, False)
            for operator in bounds:
                amount = self.amount(known, keys[operator])
                if amount is None:
                    return None
                joined = _joined(joined, _bound(operator, amount))
            return joined
        self.wrong(node, f"`{known.name}` has no value here", "write `value:`")
        return None

    def dated(self, known: Fact, node: Node, keys: dict[str, Node]) -> Value | None:
        if known.type != "duration":
            self.wrong(node, f"`{known.name}` is not a duration: a date cannot give it")
            return None
        if "since" not in keys:
            self.wrong(node, "`until` needs `since`")
            return None
        since = self.day(keys["since"])
        until = self.day(keys["until"]) if "until" in keys else self.date
        if since is None or ("until" in keys and until is None):
            return None
        if until is None:
            self.wrong(
                keys["since"], "`since` is counted to the request's date, which is not given", "add `request: date:`"
            )
            return None
        if until < since:
            self.wrong(keys["since"], f"{since.isoformat()} is after {until.isoformat()}")
            return None
        return exactly(Span(since, until))

    def named(self, known: Fact, node: Node) -> Named | None:
        text = node.text.strip()
        value = {"true": "yes", "false": "no"}.get(text.lower(), text) if known.type == "yes_no" else text
        folded = {re.sub(r"[ -]", "_", name.lower()): name for name in known.values}
        found = folded.get(re.sub(r"[ -]", "_", value.lower()))
        if found is None:
            listed = ", ".join(known.values)
            hint = did_you_mean(value, known.values) or f"one of {listed}"
            self.wrong(node, f"`{text}` is not a value of `{known.name}`", hint)
            return None
        return Named((found,))

    def interval(self, known: Fact, node: Node) -> Interval | None:
        text = node.text.strip()
        match = _BOUND.fullmatch(text)
        if match:
            amount = self.amount(known, node, match[2])
            return None if amount is None else _bound(_OPERATORS[match[1].lower()], amount)
        low, dash, high = text.partition(" to ")
        if dash:
            unit = _NUMBER_UNIT.fullmatch(high.strip())
            low_text = low if not low.strip().replace(".", "").isdigit() or not unit else f"{low} {unit[2]}"
            first, last = self.amount(known, node, low_text), self.amount(known, node, high)
            return None if first is None or last is None else Interval(first, False, last, False)
        amount = self.amount(known, node)
        return None if amount is None else exactly(amount)

    def amount(self, known: Fact, node: Node, text: str | None = None) -> Quantity | None:
        """A number with its unit, checked against the fact's unit, grid and range."""
        written = node.text.strip() if text is None else text.strip()
        match = _NUMBER_UNIT.fullmatch(written)
        number = decimal(match[1]) if match else None
        if match is None or number is None:
            example = "9 months" if known.type == "duration" else f"{known.low.amount if known.low else 0}"
            self.wrong(
                node, f"`{written}` is not a number, which `{known.name}` takes", f"write for example `{example}`"
            )
            return None
        unit = match[2].strip()
        if known.type == "duration":
            base = unit.rstrip("s").lower()
            if base not in DURATION_UNITS:
                message = f"`{known.name}: {written}` has no unit" if not unit else f"unknown unit of time `{unit}`"
                self.wrong(node, message, f"write `{match[1]} {known.unit}`, or days, weeks, months, years")
                return None
            unit = base + "s"
        elif unit and unit.lower().replace(" ", "") != known.unit.lower().replace(" ", ""):
            singular = unit.lower() + "s" == known.unit.lower()
            if not singular:
                self.wrong(node, f"`{known.name}` is recorded in {known.unit}, not in `{unit}`")
                return None
        amount = Quantity(number, unit if known.type == "duration" else known.unit)
        assert known.low is not None
        assert known.high is not None
        if compare(amount, known.low) == {-1} or compare(amount, known.high) == {1}:
            self.wrong(node, f"`{written}` is outside the range of `{known.name}`", f"{known.low} to {known.high}")
            return None
        if known.step and number % known.step:
            self.wrong(node, f"`{known.name}` is recorded in steps of {known.step}", f"`{written}` is finer than that")
            return None
        return amount

    # -- expectations --------------------------------------------------------------------------

    def expectations(self, node: Node | None) -> Iterator[Expectation]:
        if node is None:
            return
        if not node.is_mapping:
            self.wrong(node, f"`expect` is `policy: verdict` lines, found {node.kind}")
            return
        for policy, each in node.entries():
            for item in each.items() if each.is_list else [each]:
                made = self.expectation(policy.text, item)
                if made:
                    yield made

    def expectation(self, policy: str, node: Node) -> Expectation | None:
        verdict_node = node if node.is_scalar else node.get("verdict")
        verdict = verdict_node.text if verdict_node is not None and verdict_node.is_scalar else ""
        if verdict not in VERDICTS:
            hint = did_you_mean(verdict, VERDICTS) or "one of " + ", ".join(VERDICTS)
            self.wrong(verdict_node or node, f"`{verdict}` is not a verdict", hint)
            return None
        if node.is_scalar:
            return Expectation(policy, verdict, None, (), (), False, node.place)
        blamed, statuses, readings = node.get("blamed"), node.get("statuses"), node.get("readings")
        strict = node.get("strict")
        data = node.plain()
        assert isinstance(data, dict)
        return Expectation(
            policy=policy,
            verdict=verdict,
            blamed=tuple(each.text for each in blamed.items()) if blamed is not None else None,
            statuses=tuple((k.text, v.text) for k, v in statuses.entries()) if statuses is not None else (),
            readings=tuple((k.text, v.text) for k, v in readings.entries()) if readings is not None else (),
            strict=strict is not None and strict.text in ("yes", "true"),
            place=node.place,
            data=data,
        )


def _bound(operator: str, amount: Amount) -> Interval:
    if operator in ("at_least", "more_than"):
        return Interval(amount, operator == "more_than", None, False)
    return Interval(None, False, amount, operator == "less_than")


def _joined(first: Interval, second: Interval) -> Interval:
    return Interval(
        *((second.low, second.low_open) if second.low is not None else (first.low, first.low_open)),
        *((second.high, second.high_open) if second.high is not None else (first.high, first.high_open)),
    )
