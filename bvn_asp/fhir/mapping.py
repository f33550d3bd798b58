"""Which code says what of which fact: read from `policies/fhir.yaml`, and checked against the vocabulary.

A file of reviewed data: a new code, a new fact, a new unit is a line there and no Python. Every line names a resource
type, codes, and one thing that it does with a resource that bears one of them (see the head of the file).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from bvn_asp.classes import dataclass, field
from bvn_asp.errors import Fault, InputError, Place, did_you_mean, fault
from bvn_asp.fhir.paths import PathError, check
from bvn_asp.model.members import labels_of
from bvn_asp.model.quantity import DURATION_UNITS, Quantity
from bvn_asp.model.values import parse_value
from bvn_asp.model.vocabulary import Fact, Slot, Vocabulary, decimal
from bvn_asp.model.yaml_text import Node, read_yaml

INTEGER = "integer"
_DOTLESS = re.compile(r"[A-TV-Z][0-9][0-9AB][0-9A-Z]{1,4}")
_KEPT: dict[tuple[str, int, str], CodeMap] = {}
ORDER = ("procedures", "diagnoses", "members")
_ACTIONS = ("gives", "value", "coded", "named", "since", "years", "doubts", "hint")
_LINE_KEYS = (
    *("read", "code", "other", "where", "active", "within", "stale", "pick", "member", "member_at", "of_order"),
    *("units", "unverified", *_ACTIONS),
)
_RESOURCE_KEYS = ("code", "date", "ended", "counts", "uncertain", "active", "spans")
_PICKS = ("latest", "lowest")


@dataclass(frozen=True)
class Codes:
    """Codes of some systems; one that ends in `*` stands for all that begin so."""

    by_system: Mapping[str, tuple[str, ...]]

    def match(self, coding: Mapping[str, Any], systems: Mapping[str, tuple[str, ...]]) -> bool:
        """Whether a coding is one of them: by system and code, never by words."""
        code, system = coding.get("code"), coding.get("system")
        if not isinstance(code, str) or not isinstance(system, str):
            return False
        code = dotted(code)
        return any(
            system in systems[name]
            and any(code == each or (each.endswith("*") and code.startswith(each[:-1])) for each in listed)
            for name, listed in self.by_system.items()
        )


def dotted(code: str) -> str:
    """An ICD-10-CM code with its dot, where a chart leaves it out; every other code as it is."""
    return f"{code[:3]}.{code[3:]}" if _DOTLESS.fullmatch(code) else code


@dataclass(frozen=True)
class Line:
    """One way in which a resource speaks of a fact.

    Attributes:
        action: what is done: `gives`, `value`, `coded`, `named`, `since`, `years`, `doubts`, `hint`.
        gives: the value that is given, as a case file writes it.
        at: the FHIRPath of what is read, or the element of a date.
        units: UCUM code to the factor that turns it into the fact's unit; `integer` for a plain whole number.
        coded: value to the codes that say it.
        other: the line is for what no other line of the file reads.
        within: how long before the service a resource still speaks for today; None if for good.
        stale: a resource older than that leaves the fact open, instead of being history.
        members: for which members of the fact's index; empty if it has none, or if `member_at` says which.
        of_order: the element of the order that must refer to the resource.
        unverified: nothing here could check these codes.
    """

    fact: str
    read: str
    action: str
    codes: Codes
    place: Place = field(compare=False)
    gives: Any = None
    at: str = ""
    units: Mapping[str, Decimal] = field(default_factory=dict)
    coded: Mapping[str, Codes] = field(default_factory=dict)
    hint: str = ""
    other: bool = False
    where: str = ""
    active: bool = False
    within: Quantity | None = None
    stale: bool = False
    pick: str = "latest"
    members: tuple[str, ...] = ()
    member_at: str = ""
    of_order: str = ""
    unverified: bool = False


@dataclass(frozen=True)
class Kind:
    """How resources of one type are looked at.

    Attributes:
        code: FHIRPath of the concepts that say what it is about.
        date: the element that says when it was so.
        ended: the element that says when it ended.
        counts: FHIRPath that must hold for the resource to count, by the reason why it else does not.
        uncertain: FHIRPath under which it can only put a fact in doubt, by the reason.
        active: FHIRPath by which it is still so; empty if the type knows no such thing.
        spans: its date is the time for which it holds.
    """

    name: str
    code: str
    date: str
    ended: str
    counts: tuple[tuple[str, str], ...]
    uncertain: tuple[tuple[str, str], ...]
    active: str
    spans: bool = False


@dataclass(frozen=True)
class CodeMap:
    """The whole file.

    Attributes:
        systems: short name to the addresses under which charts name a code system.
        order: what an order names (`procedures`, `diagnoses`, and the `members` it asks for), each with the code system
            that names it.
    """

    path: str
    systems: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, Kind]
    lines: tuple[Line, ...]
    order: Mapping[str, str]

    def of(self, kind: str) -> tuple[Line, ...]:
        """The lines that read a type of resource."""
        return tuple(line for line in self.lines if line.read == kind)


def load_mapping(folder: Path, vocabulary: Vocabulary) -> CodeMap:
    """The mapping of a folder of policies.

    Raises: InputError: there is none, or every fault of it at once.
    """
    file = folder / "fhir.yaml"
    if not file.is_file():
        raise fault("these policies do not say how to read FHIR", "a fhir.yaml does", Place(str(file)))
    key = (str(file), file.stat().st_mtime_ns, vocabulary.digest)
    if key not in _KEPT:
        _KEPT.clear()
        _KEPT[key] = _Reader(file, vocabulary).read()
    return _KEPT[key]


class _Reader:
    def __init__(self, file: Path, vocabulary: Vocabulary) -> None:
        self.file = file
        self.vocabulary = vocabulary
        self.faults: list[Fault] = []
        self.systems: dict[str, tuple[str, ...]] = {}
        self.kinds: dict[str, Kind] = {}

    def wrong(self, node: Node, message: str, hint: str = "") -> None:
        self.faults.append(Fault(node.place, message, hint))

    def read(self) -> CodeMap:
        root = read_yaml(self.file, keep=True)
        sections = root.mapping()
        for key, _ in root.entries():
            if key.text not in ("systems", "resources", "order", "facts"):
                self.wrong(key, f"unknown section `{key.text}`", "the sections are systems, resources, order, facts")
        for name, node in _entries(sections.get("systems")):
            self.systems[name.text] = tuple(each.text for each in node.items())
        for name, node in _entries(sections.get("resources")):
            self.kinds[name.text] = self.kind(name.text, node)
        order = {key.text: node.text for key, node in _entries(sections.get("order"))}
        for key, node in _entries(sections.get("order")):
            if key.text not in ORDER or node.text not in self.systems:
                hint = "an order names " + ", ".join(ORDER)
                self.wrong(key, f"`{key.text}: {node.text}` is no code system of an order", hint)
        lines: list[Line] = []
        for name, node in _entries(sections.get("facts")):
            known = self.vocabulary.facts.get(name.text)
            if known is None or known.type == "count":
                self.wrong(name, f"unknown fact `{name.text}`", did_you_mean(name.text, self.vocabulary.facts))
                continue
            for each in node.items():
                if not each.is_mapping:
                    self.wrong(each, "a line is `{read: …, code: …}`")
                    continue
                line = self.line(known, each)
                lines += [line] if line else []
        if self.faults:
            raise InputError(self.faults)
        return CodeMap(str(self.file), self.systems, self.kinds, tuple(lines), order)

    def kind(self, name: str, node: Node) -> Kind:
        for key, _ in node.entries():
            if key.text not in _RESOURCE_KEYS:
                self.wrong(key, f"unknown key `{key.text}` of a resource", did_you_mean(key.text, _RESOURCE_KEYS))

        def text(key: str) -> str:
            found = node.get(key)
            return found.text if found is not None else ""

        def conditions(key: str) -> tuple[tuple[str, str], ...]:
            found = []
            for reason, expression in _entries(node.get(key)):
                self.path(expression)
                found.append((reason.text, expression.text))
            return tuple(found)

        for each in ("code", "active"):
            expression = node.get(each)
            if expression is not None:
                self.path(expression)
        return Kind(
            name, text("code"), text("date"), text("ended"), conditions("counts"), conditions("uncertain"),
            text("active"), text("spans") == "yes",
        )

    def path(self, node: Node) -> None:
        try:
            check(node.text)
        except PathError:
            self.wrong(node, f"`{node.text}` is not FHIRPath")

    def codes(self, node: Node) -> Codes:
        found: dict[str, tuple[str, ...]] = {}
        if not node.is_mapping:
            self.wrong(node, "codes are `system: [code, …]` lines")
            return Codes({})
        for system, listed in node.entries():
            if system.text not in self.systems:
                self.wrong(system, f"unknown code system `{system.text}`", did_you_mean(system.text, self.systems))
                continue
            found[system.text] = tuple(each.text for each in listed.items())
        return Codes(found)

    def line(self, known: Fact, node: Node) -> Line | None:
        keys = node.mapping()
        before = len(self.faults)
        for key, _ in node.entries():
            if key.text not in _LINE_KEYS:
                self.wrong(key, f"unknown key `{key.text}` of a line", did_you_mean(key.text, _LINE_KEYS))
        actions = [each for each in _ACTIONS if each in keys]
        if len(actions) != 1 and actions != ["doubts", "hint"]:
            self.wrong(node, "a line does one thing", "one of " + ", ".join(_ACTIONS))
            return None
        action = actions[0]
        read = keys["read"].text if "read" in keys else ""
        if read not in self.kinds:
            self.wrong(node, f"unknown resource `{read}`", did_you_mean(read, self.kinds, "`resources` lists them"))
            return None
        for each in ("where", "member_at"):
            if each in keys:
                self.path(keys[each])
        if action in ("value", "named"):
            self.path(keys[action])
        members = self.members(known, keys)
        text = {key: keys[key].text for key in keys if keys[key].is_scalar}
        pick = text.get("pick", "latest")
        if pick not in _PICKS:
            self.wrong(keys["pick"], f"`{pick}` is no way to pick", "latest, or lowest")
        line = Line(
            fact=known.name,
            read=read,
            action=action,
            codes=self.codes(keys["code"]) if "code" in keys else Codes({}),
            place=node.place,
            gives=self.given(known, keys["gives"]) if action == "gives" else None,
            at=text.get(action, "") if action in ("value", "named", "since", "years") else "",
            units=self.units(known, keys) if action == "value" else {},
            coded=self.coded(known, keys["coded"]) if action == "coded" else {},
            hint=text.get("hint", ""),
            other=text.get("other", "") == "yes",
            where=text.get("where", ""),
            active=text.get("active", "") == "yes",
            within=self.window(keys["within"]) if "within" in keys else None,
            stale=text.get("stale", "") == "doubts",
            pick=pick,
            members=members,
            member_at=text.get("member_at", ""),
            of_order=text.get("of_order", ""),
            unverified=text.get("unverified", "") == "yes",
        )
        if line.active and not self.kinds[read].active:
            self.wrong(keys["active"], f"a {read} is not active or inactive")
        return line if len(self.faults) == before else None

    def members(self, known: Fact, keys: Mapping[str, Node]) -> tuple[str, ...]:
        if not known.per:
            if "member" in keys or "member_at" in keys:
                self.wrong(keys.get("member") or keys["member_at"], f"`{known.name}` is not recorded per member")
            return ()
        index = self.vocabulary.indexes[known.per]
        found: list[str] = []
        for each in keys["member"].items() if "member" in keys else ():
            labels = labels_of(index, each.text)
            if not labels:
                self.wrong(each, f"unknown {index.about} `{each.text}`", did_you_mean(each.text, index.members))
            found += [label for label in labels if each.text != "all" or label not in index.optional]
        if not found and "member" not in keys and "member_at" not in keys:
            some = next(iter(index.members))
            self.faults.append(
                Fault(next(iter(keys.values())).place, f"`{known.name}` is recorded per {index.about}",
                      f"add `member: {some}`, or `member: all`")
            )
        return tuple(dict.fromkeys(found))

    def given(self, known: Fact, node: Node) -> Any:
        slot = Slot(known.name, next(iter(self.vocabulary.indexes[known.per].members)) if known.per else "")
        data = node.plain()
        try:
            parse_value(self.vocabulary, slot, data)
        except InputError as error:
            for each in error.faults:
                self.wrong(node, each.message, each.hint)
        return data

    def units(self, known: Fact, keys: Mapping[str, Node]) -> dict[str, Decimal]:
        found: dict[str, Decimal] = {}
        if not known.is_numeric:
            self.wrong(keys["value"], f"`{known.name}` is not a number", "read codes by `coded`")
        for unit, factor in _entries(keys.get("units")):
            amount = decimal(factor.text)
            if amount is None or amount <= 0:
                self.wrong(factor, f"`{factor.text}` is no factor", f"how many {known.unit} one {unit.text} is")
            else:
                found[unit.text] = amount
        if not found:
            self.wrong(keys["value"], "a number needs its units", "add `units: {kg/m2: 1}`")
        return found

    def coded(self, known: Fact, node: Node) -> dict[str, Codes]:
        found = {}
        for value, codes in node.entries():
            if value.text not in known.values:
                self.wrong(value, f"`{value.text}` is not a value of `{known.name}`",
                           did_you_mean(value.text, known.values))
            found[value.text] = self.codes(codes)
        return found

    def window(self, node: Node) -> Quantity | None:
        match = re.fullmatch(r"(\d+) (day|week|month|year)s?", node.text)
        if match is None or match[2] not in DURATION_UNITS:
            self.wrong(node, f"`{node.text}` is no length of time", "write it as `12 months`")
            return None
        return Quantity(Decimal(match[1]), f"{match[2]}s")


def _entries(node: Node | None) -> Iterator[tuple[Node, Node]]:
    if node is not None and not node.is_null:
        yield from node.entries()
