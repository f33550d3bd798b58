"""What a case may record: facts, their types, units and ranges, read from `vocabulary.yaml`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, cached_property
from pathlib import Path

from bvn_asp.errors import Fault, InputError, Place, did_you_mean
from bvn_asp.model.quantity import DURATION_UNITS, Quantity
from bvn_asp.model.yaml_text import Node, read_yaml

TYPES = ("yes_no", "one_of", "number", "duration", "count")
CHANGES = ("never", "treat", "wait", "request", "precaution")
YES_NO = {"yes": "yes", "no": "no"}
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_FACT_KEYS = (
    *("about", "type", "values", "unit", "from", "to", "step", "per", "counts", "judgement", "absent"),
    *("presumed", "finding", "doubted_by", "change", "towards", "ask", "document", "cost"),
)


@dataclass(frozen=True)
class Index:
    """Something that facts can be *per*: the vertebral bodies, the kinds of care, the diagnosis codes.

    Attributes:
        members: label to meaning, in their own order (L1 to S1).
        levels: pairs of neighbouring members with a name of their own: the disc levels `L4-L5`.
        otherwise: the member that stands for every label which no other member names, and the pattern of such labels:
            a claim bears codes that no policy asks about.
        optional: members that few people have (a transitional body): there is none unless the case mentions it.
    """

    name: str
    about: str
    members: dict[str, str]
    levels: tuple[tuple[str, str], ...] = ()
    optional: tuple[str, ...] = ()
    otherwise: tuple[str, str] | None = None

    @cached_property
    def terms(self) -> dict[str, str]:
        """The members by the terms that stand for them in rules."""
        return {term(label): label for label in self.members}


@dataclass(frozen=True)
class Fact:
    """One entry of the vocabulary; its attributes are the keys of `vocabulary.yaml`."""

    name: str
    section: str
    about: str
    type: str
    values: dict[str, str]
    unit: str = ""
    low: Quantity | None = None
    high: Quantity | None = None
    step: Decimal = Decimal(0)
    per: str = ""
    counts: tuple[tuple[str, str], ...] = ()
    judgement: bool = False
    absent: str = ""
    presumed: bool = False
    finding: str = ""
    doubted_by: tuple[str, ...] = ()
    change: str = "never"
    towards: tuple[str, ...] = ()
    ask: str = ""
    document: str = ""
    cost: int | None = None

    @property
    def is_numeric(self) -> bool:
        return self.type in ("number", "duration")

    @property
    def is_named(self) -> bool:
        return self.type in ("yes_no", "one_of")


@dataclass(frozen=True, order=True)
class Slot:
    """One thing that a case may record: a fact, for one member of its index if it is per one.

    Attributes:
        member: the member's label (`L4`, `M54.51`), or the empty string.
    """

    fact: str
    member: str = ""

    def __str__(self) -> str:
        return f"{self.fact}.{self.member}" if self.member else self.fact

    @property
    def term(self) -> str:
        """The slot as rules write it: `modic(l4)`."""
        return f"{self.fact}({term(self.member)})" if self.member else self.fact


@dataclass(frozen=True)
class Vocabulary:
    """Every index, topic and fact, in the order of the file.

    Attributes:
        digest: the SHA-256 of the file.
    """

    path: str
    indexes: dict[str, Index]
    topics: dict[str, str]
    facts: dict[str, Fact]
    digest: str = ""

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """Everything a case may record, in the order of the file, then of the index."""
        return tuple(slot for fact in self.facts.values() if fact.type != "count" for slot in self.slots_of(fact.name))

    @cached_property
    def _rank(self) -> dict[Slot, int]:
        return {slot: rank for rank, slot in enumerate(self.slots)}

    @cached_property
    def findings(self) -> dict[str, tuple[str, ...]]:
        """The names of the facts of each finding."""
        found: dict[str, list[str]] = {}
        for fact in self.facts.values():
            if fact.finding:
                found.setdefault(fact.finding, []).append(fact.name)
        return {name: tuple(facts) for name, facts in found.items()}

    def slots_of(self, fact: str) -> tuple[Slot, ...]:
        """The slots of one fact: one, or one for each member of its index."""
        per = self.facts[fact].per
        return tuple(Slot(fact, label) for label in self.indexes[per].members) if per else (Slot(fact),)

    def in_order(self, slots: object) -> tuple[Slot, ...]:
        """Slots in the order of the vocabulary, each once."""
        return tuple(sorted(set(slots), key=self._rank.__getitem__))  # type: ignore[call-overload]


@cache
def term(label: str) -> str:
    """How a label is written in rules: lower case, `_` for all else; whole numbers stay numbers."""
    if label.isdecimal():
        return label
    return re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")


def decimal(text: str) -> Decimal | None:
    """An exact decimal, or None if the text is not a plain one (no exponent, no NaN)."""
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:  # pragma: no cover - the pattern admits decimals only
        return None


def load_vocabulary(path: Path) -> Vocabulary:
    """The vocabulary in a file.

    Raises: InputError, with every fault of the file at once.
    """
    return _Reader(path).read()


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[Fault] = []

    def wrong(self, node: Node | Place, message: str, hint: str = "") -> None:
        self.faults.append(Fault(node.place if isinstance(node, Node) else node, message, hint))

    def read(self) -> Vocabulary:
        root = read_yaml(self.path)
        sections = root.mapping()
        for name in sections:
            if name not in ("indexes", "topics", "facts"):
                self.wrong(sections[name], f"unknown section `{name}`", "the sections are `indexes`, `topics`, `facts`")
        indexes = {n: self.index(n, node) for n, node in self.entries(sections.get("indexes"))}
        topics = {name: node.text for name, node in self.entries(sections.get("topics"))}
        facts: dict[str, Fact] = {}
        places: dict[str, Node] = {}
        for section, listed in self.entries(sections.get("facts")):
            for name, node in self.entries(listed):
                if name in facts:
                    self.wrong(node, f"the fact `{name}` is defined twice", f"first in `{facts[name].section}`")
                if not _NAME.fullmatch(name):
                    self.wrong(node, f"`{name}` cannot be the name of a fact", "use lower case, digits and _")
                places[name] = node
                facts[name] = self.fact(section, name, node, indexes)
        for name, fact in facts.items():
            for key, named in (("counts", [counted for counted, _ in fact.counts]), ("doubted_by", fact.doubted_by)):
                for other in named:
                    if other not in facts:
                        self.wrong(places[name], f"unknown fact `{other}` in `{key}`", did_you_mean(other, facts))
        if self.faults:
            raise InputError(self.faults)
        return Vocabulary(str(self.path), indexes, topics, facts, hashlib.sha256(self.path.read_bytes()).hexdigest())

    def entries(self, node: Node | None) -> Iterator[tuple[str, Node]]:
        if node is not None and not node.is_null:
            yield from ((key.text, value) for key, value in node.entries())

    def index(self, name: str, node: Node) -> Index:
        about, members, levels = node.get("about"), node.get("members"), node.get("levels")
        listed = node.get("optional")
        optional = tuple(each.text for each in listed.items()) if listed is not None else ()
        labels = {key: "" if value.is_null else value.text for key, value in self.entries(members)}
        pairs = []
        for pair in levels.items() if levels else ():
            first, *rest = [each.text for each in pair.items()]
            if len(rest) != 1 or first not in labels or rest[0] not in labels:
                self.wrong(pair, f"a level of `{name}` names two of its members")
            else:
                pairs.append((first, rest[0]))
        if not labels:
            self.wrong(node, f"the index `{name}` has no members")
        if not _NAME.fullmatch(name):
            self.wrong(node, f"`{name}` cannot be the name of an index", "use lower case, digits and _")
        for each in optional:
            if each not in labels:
                self.wrong(node, f"`{each}` is no member of `{name}`", did_you_mean(each, labels))
        return Index(name, about.text if about else "", labels, tuple(pairs), optional, self.otherwise(node, labels))

    def otherwise(self, node: Node, labels: dict[str, str]) -> tuple[str, str] | None:
        rest = node.get("otherwise")
        if rest is None:
            return None
        member, pattern = rest.get("member"), rest.get("pattern")
        if member is None or pattern is None or member.text not in labels:
            self.wrong(rest, "`otherwise` names one of the members, and the pattern of what it stands for")
            return None
        return member.text, pattern.text

    def fact(self, section: str, name: str, node: Node, indexes: dict[str, Index]) -> Fact:
        keys = dict(self.entries(node)) if node.is_mapping else {}
        for key in keys:
            if key not in _FACT_KEYS:
                self.wrong(keys[key], f"unknown key `{key}` of `{name}`", did_you_mean(key, _FACT_KEYS))

        def text(key: str) -> str:
            return keys[key].text if key in keys and not keys[key].is_null else ""

        kind = text("type")
        if kind not in TYPES:
            self.wrong(node, f"`{name}` has no known type", "one of " + ", ".join(TYPES))
            kind = "yes_no"
        if not text("about"):
            self.wrong(node, f"`{name}` does not say what it is about", "add `about:`")
        values = dict(YES_NO) if kind == "yes_no" else {}
        if kind == "one_of":
            values = {key: "" if value.is_null else value.text for key, value in self.entries(keys.get("values"))}
            if len(values) < 2:
                self.wrong(node, f"`{name}` needs at least two values", "list them under `values:`")
        per = text("per")
        if per and per not in indexes:
            self.wrong(keys["per"], f"unknown index `{per}`", did_you_mean(per, indexes))
            per = ""
        unit, low, high, step = self.range(name, kind, node, keys)
        counts = []
        for part in keys["counts"].items() if kind == "count" and "counts" in keys else ():
            counts += [(key, value.text) for key, value in self.entries(part)]
        absent = text("absent")
        if absent and values and absent not in values:
            self.wrong(keys["absent"], f"`{absent}` is not a value of `{name}`", did_you_mean(absent, values))
        if text("presumed") in ("yes", "true") and not absent:
            self.wrong(node, f"`{name}` is presumed, but has no `absent:` value")
        change = text("change") or "never"
        if change not in CHANGES:
            self.wrong(keys["change"], f"unknown change `{change}`", "one of " + ", ".join(CHANGES))
        towards = tuple(each.text for each in keys["towards"].items()) if "towards" in keys else ()
        for value in towards:
            if value not in (values or {"up": "", "down": ""}):
                self.wrong(keys["towards"], f"`{name}` cannot change towards `{value}`")
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
            doubted_by=tuple(each.text for each in keys["doubted_by"].items()) if "doubted_by" in keys else (),
            change=change,
            towards=towards,
            ask=text("ask"),
            document=text("document"),
            cost=int(text("cost")) if text("cost").isdecimal() else None,
        )

    def range(
        self, name: str, kind: str, node: Node, keys: dict[str, Node]
    ) -> tuple[str, Quantity | None, Quantity | None, Decimal]:
        if kind not in ("number", "duration"):
            return "", None, None, Decimal(0)
        unit = keys["unit"].text if "unit" in keys else ""
        if kind == "duration" and unit.rstrip("s") not in DURATION_UNITS:
            self.wrong(node, f"`{name}` needs a unit of time", "days, weeks, months or years")
            unit = "days"
        numbers = {}
        for key in ("from", "to", "step"):
            value = decimal(keys[key].text) if key in keys else None
            if value is None and (key != "step" or key in keys or kind == "number"):
                self.wrong(keys.get(key, node), f"`{name}` needs a number under `{key}`")
            numbers[key] = value or Decimal(0)
        if numbers["from"] >= numbers["to"]:
            self.wrong(node, f"the range of `{name}` is empty")
        return unit, Quantity(numbers["from"], unit), Quantity(numbers["to"], unit), numbers["step"]
