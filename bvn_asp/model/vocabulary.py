"""What a case may record: facts, their types, units and ranges, read from `vocabulary.yaml`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
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
_SECTIONS = ("indexes", "topics", "facts", "doubts", "no_doubt")
_LIMIT = re.compile(r"([a-z][a-z0-9_]*)?\s*(>=|<=|>|<)\s*([+-]?[\d.]+)\s*([a-z]*)")
_OPERATORS = {">=": "at_least", ">": "more_than", "<=": "at_most", "<": "less_than"}
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
class Sign:
    """What a record may say: that a fact is there, that it has one of some values, that it is beyond a limit.

    Attributes:
        members: for these members of the fact's index only; for any if empty.
        values: any of these; if there is neither a value nor a limit, any value but the fact's absent one.
        operator: `at_least`, `more_than`, `at_most` or `less_than` the limit.
    """

    fact: str
    members: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    operator: str = ""
    limit: Quantity | None = None

    def __str__(self) -> str:
        name = self.fact.replace("_", " ")
        said = [" or ".join(self.members)] if self.members else []
        said += [" or ".join(each.replace("_", " ") for each in self.values)] if self.values else []
        said += [f"{self.operator.replace('_', ' ')} {self.limit}"] if self.limit else []
        return f"{name}: {', '.join(said)}" if said else name


@dataclass(frozen=True)
class Decision:
    """Which records put which presumptions in doubt, or do not, and why: one entry under `doubts:` or `no_doubt:`.

    Attributes:
        of: the facts, each with the members that are meant; all of them if none are named.
        by: what may be recorded of them.
        place: where the texts or the vocabulary say so.
    """

    name: str
    why: str
    place: str
    of: tuple[Sign, ...]
    by: tuple[Sign, ...]


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
    doubted_by: tuple[Sign, ...] = ()
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
        doubts: which records put which presumptions in doubt, beyond what single facts name under `doubted_by`.
        no_doubt: which do not, as was decided.
        digest: the SHA-256 of the file.
    """

    path: str
    indexes: dict[str, Index]
    topics: dict[str, str]
    facts: dict[str, Fact]
    digest: str = ""
    doubts: tuple[Decision, ...] = ()
    no_doubt: tuple[Decision, ...] = ()

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

    def signs_against(self, fact: str) -> tuple[tuple[Sign, tuple[str, ...], str], ...]:
        """What puts the presumption of a fact in doubt: the sign, for which members (all if empty), and on what ground.

        The ground is the name of an entry of `doubts:`, or `finding` or `doubted_by`.
        """
        known = self.facts[fact]
        found: list[tuple[Sign, tuple[str, ...], str]] = [
            (Sign(other), (), "finding") for other in self.findings.get(known.finding, ()) if other != fact
        ]
        found += [(each, (), "doubted_by") for each in known.doubted_by]
        for each in self.doubts:
            found += [
                (sign, of.members, each.name)
                for of in each.of
                if of.fact == fact
                for sign in each.by
                if sign.fact != fact
            ]
        return tuple(found)

    def touch(self, first: Slot, second: Slot) -> bool:
        """Whether two slots can be about the same thing.

        They are not where both are of members of one index and these differ, or of a member and a pair of neighbours
        (a vertebral body and a disc level) and it is none of the two.
        """
        one, other = self.facts[first.fact].per, self.facts[second.fact].per
        if not one or not other:
            return True
        if one == other:
            return first.member == second.member
        for whole, part, member, pair in (
            (one, other, first.member, second.member),
            (other, one, second.member, first.member),
        ):
            named = {f"{a}-{b}": (a, b) for a, b in self.indexes[whole].levels}
            if named and set(named) & set(self.indexes[part].members):
                return member in named.get(pair, ())
        return True

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
            if name not in _SECTIONS:
                self.wrong(sections[name], f"unknown section `{name}`", f"the sections are {', '.join(_SECTIONS)}")
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
            for other, _ in fact.counts:
                if other not in facts:
                    self.wrong(places[name], f"unknown fact `{other}` in `counts`", did_you_mean(other, facts))
        for name, node in places.items():
            doubting = node.get("doubted_by") if node.is_mapping else None
            if doubting is not None:
                signs = tuple(sign for each in doubting.items() for sign in self.signs(each, facts, indexes))
                facts[name] = replace(facts[name], doubted_by=signs)
        decided = {
            key: tuple(self.decision(name, node, facts, indexes) for name, node in self.entries(sections.get(key)))
            for key in ("doubts", "no_doubt")
        }
        if self.faults:
            raise InputError(self.faults)
        digest = hashlib.sha256(self.path.read_bytes()).hexdigest()
        return Vocabulary(str(self.path), indexes, topics, facts, digest, decided["doubts"], decided["no_doubt"])

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

    def decision(self, name: str, node: Node, facts: dict[str, Fact], indexes: dict[str, Index]) -> Decision:
        """One entry of `doubts:` or `no_doubt:`."""
        keys = dict(self.entries(node)) if node.is_mapping else {}
        for key in keys:
            if key not in ("why", "place", "of", "by"):
                self.wrong(keys[key], f"unknown key `{key}` of `{name}`", "an entry has `why`, `place`, `of` and `by`")
        if not keys.get("why"):
            self.wrong(node, f"`{name}` does not say why", "add `why:`")

        def signs(key: str) -> tuple[Sign, ...]:
            if key not in keys:
                self.wrong(node, f"`{name}` has no `{key}`", "under `of:` facts, under `by:` what may be recorded")
                return ()
            return tuple(sign for each in keys[key].items() for sign in self.signs(each, facts, indexes))

        of = signs("of")
        for each in of:
            if not facts[each.fact].presumed:
                self.wrong(keys["of"], f"`{each.fact}` is not presumed, so that nothing can put it in doubt")
        text = {key: keys[key].text if key in keys else "" for key in ("why", "place")}
        return Decision(name, text["why"], text["place"], of, signs("by"))

    def signs(self, node: Node, facts: dict[str, Fact], indexes: dict[str, Index]) -> list[Sign]:
        """`slip`, `pain_axial: no`, `age < 18`, `diagnosed: [M54.16, M54.17]`, `section: Bone`."""
        if not node.is_mapping:
            text = node.text.strip()
            match = _LIMIT.fullmatch(text)
            if match and match[1]:
                return self.limit(node, match[1], match, facts)
            return [Sign(text)] if self.known(node, text, facts) else []
        found: list[Sign] = []
        for name, value in self.entries(node):
            if name == "section":
                listed = [each.name for each in facts.values() if each.section == value.text]
                if not listed:
                    self.wrong(value, f"no section of facts is called `{value.text}`")
                found += [Sign(each) for each in listed]
                continue
            if not self.known(node, name, facts):
                continue
            fact = facts[name]
            if not value.is_mapping and not value.is_list:
                match = _LIMIT.fullmatch(value.text.strip())
                if match:
                    found += self.limit(value, name, match, facts)
                    continue
            texts = [each.text for each in value.items()]
            members = indexes[fact.per].members if fact.per else {}
            if all(each in fact.values for each in texts):
                found.append(Sign(name, (), tuple(texts)))
            elif members and all(each in members for each in texts):
                found.append(Sign(name, tuple(texts)))
            else:
                wrong = next(each for each in texts if each not in members and each not in fact.values)
                self.wrong(value, f"`{wrong}` is no value of `{name}`", did_you_mean(wrong, [*fact.values, *members]))
        return found

    def known(self, node: Node, name: str, facts: dict[str, Fact]) -> bool:
        if name in facts and facts[name].type != "count":
            return True
        self.wrong(node, f"unknown fact `{name}` among what puts a presumption in doubt", did_you_mean(name, facts))
        return False

    def limit(self, node: Node, name: str, match: re.Match[str], facts: dict[str, Fact]) -> list[Sign]:
        if not self.known(node, name, facts):
            return []
        number, unit = decimal(match[3]), match[4] or facts[name].unit
        if not facts[name].is_numeric or number is None:
            self.wrong(node, f"`{name}` takes no limit")
            return []
        return [Sign(name, (), (), _OPERATORS[match[2]], Quantity(number, unit))]

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
