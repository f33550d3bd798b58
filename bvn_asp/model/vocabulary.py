"""What a case may record: facts, their types, units and ranges, read from `vocabulary.yaml`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from functools import cache, cached_property
from pathlib import Path

from bvn_asp.errors import Fault, InputError, Place, did_you_mean
from bvn_asp.model.quantity import DURATION_UNITS, SIGNS, Quantity
from bvn_asp.model.yaml_text import Node, read_yaml

TYPES = ("yes_no", "one_of", "number", "duration", "count")
CHANGES = ("never", "treat", "wait", "request", "precaution")
YES_NO = {"yes": "yes", "no": "no"}
MOST_DIGITS = 40
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LIMIT = re.compile(r"([a-z][a-z0-9_]*)?\s*(>=|<=|>|<)\s*([+-]?[\d.]+)\s*([a-z]*)")
_OPERATORS = {sign: operator for operator, sign in SIGNS.items()}
_FACT_KEYS = (
    *("about", "type", "values", "unit", "from", "to", "step", "per", "counts", "judgement", "absent"),
    *("presumed", "finding", "doubted_by", "change", "towards", "final", "ask", "document", "cost"),
    *("spelled", "known_as", "mixed", "by_side", "called", "in_doubt"),
)
_SECTIONS = ("request", "papers", "indexes", "relations", "topics", "facts", "doubts", "no_doubt")
_INDEX_KEYS = ("about", "members", "neighbours", "between", "otherwise", "optional", "spelled")
RESERVED = frozenset((
    *("about", "absent", "apart", "applies", "approve", "asked", "at_latest", "at_least", "at_most", "bad", "begun"),
    *("blamed", "bound", "cell", "contractor", "copy", "counted", "counts", "criterion", "current", "day", "differ"),
    *("doubted", "doubts", "earliest", "edition", "ended", "ends", "era", "excused", "fails", "flip", "forbids"),
    *("fulfilled", "group", "has", "held", "held_before", "impossible", "in", "in_force", "is", "kept", "lacking"),
    *("leaves", "less_than", "limit", "may", "met", "more_than", "move", "moved", "named", "need", "number"),
    *("numeric", "obstacle", "of", "offer", "on", "open", "opens", "option", "optional", "out", "over", "part"),
    *("parted", "pick", "placed", "policy", "present", "presumable", "raised", "reading", "recorded", "says"),
    *("seek", "seen", "seen_by", "seen_excused", "seen_rule", "seen_spared", "served_since", "serves", "silent"),
    *("since", "slip", "spared", "taken", "there", "through", "told", "undated", "unit", "unwanted", "value"),
    *("verdict", "wanted", "wants", "world"),
))
"""Predicates of the engine, which no index and no relation can be named after: both stand in programs as they are."""
RELATIONS = {"order": 3, "neighbours": 2, "ends": 2, "ends_within": 3}
_REQUEST_KEYS = ("procedure", "members", "one", "many", "diagnoses", "procedures", "billing")


@dataclass(frozen=True)
class Index:
    """Something that facts can be *per*: places in the body, kinds of care, diagnosis codes.

    Attributes:
        members: label to meaning, in their own order.
        neighbours: pairs of neighbouring members; `A-B` stands for the two in a case.
        between: the index whose neighbours this one names: its members are written `A-B`.
        spelled: other words for members, as charts write them, to the member.
        otherwise: the member that stands for every label which no other member names, and the pattern of such labels:
            a claim bears codes that no policy asks about.
        optional: members that few people have: there is none unless the case mentions it.
    """

    name: str
    about: str
    members: dict[str, str]
    neighbours: tuple[tuple[str, str], ...] = ()
    optional: tuple[str, ...] = ()
    otherwise: tuple[str, str] | None = None
    between: str = ""
    spelled: dict[str, str] = field(default_factory=dict)

    def standing_for(self, label: str) -> str:
        """The member that stands for a label which none bears: the longest whose name ends in `-` and begins so.

        Else the member for all other labels; empty if there is none, or the label is none of their kind.
        """
        if self.otherwise is None or len(label) > 40 or not re.fullmatch(self.otherwise[1], label.upper()):
            return ""
        families = [each for each in self.members if each.endswith("-") and label.upper().startswith(each[:-1])]
        return max(families, key=len, default=self.otherwise[0])

    @cached_property
    def terms(self) -> dict[str, str]:
        """The members by the terms that stand for them in rules."""
        return {term(label): label for label in self.members}

    def ends(self, member: str) -> tuple[str, ...]:
        """The two between which a member lies; itself if it lies between none."""
        return tuple(member.split("-")) if self.between else (member,)


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

    @cached_property
    def of_facts(self) -> frozenset[str]:
        return frozenset(each.fact for each in self.of)

    @cached_property
    def by_facts(self) -> frozenset[str]:
        return frozenset(each.fact for each in self.by)


@dataclass(frozen=True)
class Relation:
    """What rules may ask of an index's members, whoever the patient is.

    Attributes:
        name: the predicate.
        kind: `order`, X lies from A to B; `neighbours`, X and Y are; of an index whose members lie between those of
            another: `ends`, X is an end of D; `ends_within`, both ends of D lie from A to B.
        index: of which index this is said.
    """

    name: str
    kind: str
    index: str


@dataclass(frozen=True)
class Request:
    """What a request is made of; an attribute is empty where a request says nothing of the kind.

    Attributes:
        procedure: what is asked for, in words.
        members: the yes/no fact, per an index, that says for which members it is asked.
        one, many: the words for one of them and for several; `many` is the key of their list in a case.
        diagnoses: the yes/no fact per diagnosis code.
        procedures: the number of units, a fact per procedure code.
        first, further, together: the code of the first `together` members, and of each one beyond.
    """

    procedure: str = ""
    members: str = ""
    one: str = ""
    many: str = ""
    diagnoses: str = ""
    procedures: str = ""
    first: str = ""
    further: str = ""
    together: int = 1

    @property
    def lists(self) -> dict[str, str]:
        """The yes/no facts that a case gives as one whole list, by the key of that list."""
        keys = {self.many: self.members, "diagnoses": self.diagnoses}
        return {key: fact for key, fact in keys.items() if fact}

    @property
    def keys(self) -> dict[str, str]:
        """What a request lists whole, so that what is not named is no or nought: key to fact."""
        return self.lists | ({"procedures": self.procedures} if self.procedures else {})

    @property
    def whole(self) -> tuple[str, ...]:
        """The facts that a request lists whole."""
        return tuple(self.keys.values())

    def units(self, count: int) -> tuple[tuple[str, int], ...]:
        """The procedure lines for a number of members: the first ones together, each further one by itself.

        >>> asks = Request(first="A", further="B", together=2)
        >>> asks.units(0), asks.units(2), asks.units(4)
        ((), (('A', 1),), (('A', 1), ('B', 2)))
        """
        lines = [(self.first, 1)] if self.first and count else []
        rest = [(self.further, count - self.together)] if self.further and count > self.together else []
        return tuple(lines + rest)


@dataclass(frozen=True)
class Papers:
    """How an office keeps its documents, and which facts are asked last.

    Attributes:
        documents: what a pile is called, in the order in which they are kept, to the words in `document:` that name it.
        sensitive: facts that are asked only where they still matter, and after all others.
    """

    documents: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sensitive: tuple[str, ...] = ()

    def pile(self, document: str) -> str:
        """The pile in which a document lies: the one named first; itself if none is named.

        >>> Papers({"notes": ("clinic note",), "MRI": ("MRI",)}).pile("MRI report, or clinic note")
        'MRI'
        """
        found = [
            (document.find(word), pile)
            for pile, named in self.documents.items()
            for word in (pile, *named)
            if word in document
        ]
        return min(found, key=lambda pair: pair[0])[1] if found else document or "any document"

    def place(self, pile: str) -> int:
        """Where a pile stands in the order; those that are not listed come last."""
        return list(self.documents).index(pile) if pile in self.documents else len(self.documents)


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
    final: tuple[str, ...] = ()
    ask: str = ""
    document: str = ""
    cost: int | None = None
    called: str = ""
    in_doubt: str = ""
    spelled: dict[str, str] = field(default_factory=dict)
    known_as: tuple[str, ...] = ()
    mixed: tuple[str, ...] = ()
    by_side: str = ""

    @property
    def grid(self) -> Decimal:
        """1 for what is counted in whole numbers; 0 for what is measured, on which a step is a habit, not a limit."""
        return self.step if self.step and self.step == self.step.to_integral_value() else Decimal(0)

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
        relations: what rules may ask of the members of indexes, by name.
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
    request: Request = Request()
    papers: Papers = Papers()
    relations: dict[str, Relation] = field(default_factory=dict)

    @cached_property
    def asked(self) -> Index:
        """The index of the members that a request asks for; one without members if there is none."""
        fact = self.facts.get(self.request.members)
        return self.indexes[fact.per] if fact else Index("", "", {})

    def is_near(self, slot: Slot, members: Container[str]) -> bool:
        """Whether a slot is about one of some requested members, or lies next to one."""
        index = self.indexes.get(self.facts[slot.fact].per)
        return self.is_placed(slot.fact) and index is not None and any(x in members for x in index.ends(slot.member))

    def is_placed(self, fact: str) -> bool:
        """Whether a fact is per the members that a request asks for, or per what lies between two of them."""
        index = self.indexes.get(self.facts[fact].per)
        return index is not None and bool(self.asked.name) and self.asked.name in (index.name, index.between)

    @cached_property
    def by_side(self) -> dict[str, Fact]:
        """The facts that a case may say by the side, by the name for that."""
        return {fact.by_side: fact for fact in self.facts.values() if fact.by_side}

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

    def grounds(self, by: str, of: str) -> tuple[Decision, ...]:
        """What was decided of one fact on record and the presumption of another, the doubts first."""
        found = [each for each in (*self.doubts, *self.no_doubt) if of in each.of_facts and by in each.by_facts]
        return tuple(found)

    def touch(self, first: Slot, second: Slot) -> bool:
        """Whether two slots can be about the same thing.

        They are not where both are of members of one index and these differ, or of a member and of what lies
        between two others.
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
            if self.indexes[part].between == whole:
                return member in self.indexes[part].ends(pair)
        return True

    def slots_of(self, fact: str) -> tuple[Slot, ...]:
        """The slots of one fact: one, or one for each member of its index."""
        found = self._slots.get(fact)
        if found is None:
            per = self.facts[fact].per
            found = tuple(Slot(fact, label) for label in self.indexes[per].members) if per else (Slot(fact),)
            self._slots[fact] = found
        return found

    @cached_property
    def _slots(self) -> dict[str, tuple[Slot, ...]]:
        return {}

    def in_order(self, slots: object) -> tuple[Slot, ...]:
        """Slots in the order of the vocabulary, each once."""
        return tuple(sorted(set(slots), key=self._rank.__getitem__))  # type: ignore[call-overload]


@cache
def term(label: str) -> str:
    """How a label is written in rules: lower case, `_` for all else; whole numbers stay numbers.

    >>> term("L5-S1"), term("M54.51"), term("each-body"), term("64640")
    ('l5_s1', 'm54_51', 'each_body', '64640')
    """
    if label.isdecimal():
        return label
    return re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")


def decimal(text: str) -> Decimal | None:
    """An exact decimal, or None if the text is not a plain one (no exponent, no NaN).

    >>> decimal("-2.50"), decimal(".5"), decimal("1e3"), decimal("NaN"), decimal("")
    (Decimal('-2.50'), Decimal('0.5'), None, None, None)
    """
    if len(text) > MOST_DIGITS or not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", text, re.ASCII):
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
                known = ", ".join(f"`{each}`" for each in _SECTIONS)
                self.wrong(sections[name], f"unknown section `{name}`", f"the sections are {known}")
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
            key: tuple(
                each
                for name, node in self.entries(sections.get(key))
                for each in self.decisions(name, node, facts, indexes)
            )
            for key in ("doubts", "no_doubt")
        }
        for name, index in indexes.items():
            self.check_between(name, index, indexes, sections)
        relations = {n: self.relation(n, node, indexes) for n, node in self.entries(sections.get("relations"))}
        request = self.request(sections.get("request"), facts, indexes)
        papers = self.papers(sections.get("papers"), facts)
        if self.faults:
            raise InputError(self.faults)
        digest = hashlib.sha256(self.path.read_bytes()).hexdigest()
        return Vocabulary(
            path=str(self.path),
            indexes=indexes,
            topics=topics,
            facts=facts,
            digest=digest,
            doubts=decided["doubts"],
            no_doubt=decided["no_doubt"],
            request=request,
            papers=papers,
            relations=relations,
        )

    def papers(self, node: Node | None, facts: dict[str, Fact]) -> Papers:
        """In which order documents are kept, and what is asked last."""
        keys = dict(self.entries(node))
        for key, value in keys.items():
            if key not in ("documents", "sensitive"):
                self.wrong(value, f"unknown key `{key}` of `papers`", "the keys are `documents` and `sensitive`")
        documents = {
            pile: tuple(each.text for each in listed.items()) if listed.is_list else ()
            for pile, listed in self.entries(keys.get("documents"))
        }
        sensitive = list(keys["sensitive"].items()) if "sensitive" in keys and keys["sensitive"].is_list else []
        for each in sensitive:
            if each.text not in facts:
                self.wrong(each, f"unknown fact `{each.text}` among the sensitive ones", did_you_mean(each.text, facts))
        return Papers(documents, tuple(each.text for each in sensitive))

    def request(self, node: Node | None, facts: dict[str, Fact], indexes: dict[str, Index]) -> Request:
        """What a request is made of; without the section, the facts `requested`, `diagnosed` and `billed` say so."""
        keys = dict(self.entries(node)) if node is not None and node.is_mapping else {}
        for key, value in keys.items():
            if key not in _REQUEST_KEYS:
                self.wrong(value, f"unknown key `{key}` of the request", did_you_mean(key, _REQUEST_KEYS))
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
                    self.wrong(keys[key], f"`{key}` of the request names {kind}; `{named}` is none", hint)
                named = ""
            parts[key] = named
        per = facts[parts["members"]].per if parts["members"] else ""
        one = keys["one"].text if "one" in keys else per.replace("_", " ")
        many = keys["many"].text if "many" in keys else one[:-1] + "ies" if one.endswith("y") else f"{one}s"
        billing = keys.get("billing")
        codes = dict(self.entries(billing)) if billing is not None else {}
        known = indexes[facts[parts["procedures"]].per].members if parts["procedures"] else {}
        for key, value in codes.items():
            if key not in ("first", "further", "together"):
                self.wrong(value, f"unknown key `{key}` of `billing`", "the keys are `first`, `further`, `together`")
            elif key == "together" and not (value.text.isdecimal() and int(value.text)):
                self.wrong(value, "`together` is how many members the first code stands for", "write a whole number")
            elif key != "together" and value.text not in known:
                self.wrong(value, f"`{value.text}` is no code of `procedures`", did_you_mean(value.text, known))
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

    def relation(self, name: str, node: Node, indexes: dict[str, Index]) -> Relation:
        """`within: {order: body}`: the predicate, what it says, and of which index."""
        said = dict(self.entries(node)) if node.is_mapping else {}
        kind, value = next(iter(said.items())) if len(said) == 1 else ("", node)
        index = value.text if value.is_scalar else ""
        if kind not in RELATIONS:
            hint = f"write `{{KIND: INDEX}}`, KIND being one of {', '.join(RELATIONS)}"
            self.wrong(node, f"the relation `{name}` says one thing of one index", hint)
        elif index not in indexes:
            self.wrong(value, f"unknown index `{index}`", did_you_mean(index, indexes))
        elif kind.startswith("ends") and not indexes[index].between:
            self.wrong(value, f"the members of `{index}` have no ends", "say under the index what it lies `between:`")
        if not _NAME.fullmatch(name) or name in indexes or name in RESERVED:
            hint = "lower case, digits and _; neither the name of an index nor one of the engine's own"
            self.wrong(node, f"`{name}` cannot be the name of a relation", hint)
        return Relation(name, kind, index)

    def check_between(self, name: str, index: Index, indexes: dict[str, Index], sections: dict[str, Node]) -> None:
        """The members of an index that lies between another's are written with both ends: `A-B`."""
        if not index.between:
            return
        base = indexes.get(index.between)
        if base is None:
            self.wrong(sections["indexes"], f"unknown index `{index.between}`", did_you_mean(index.between, indexes))
            return
        for label in index.members:
            first, _, second = label.partition("-")
            if first not in base.members or second not in base.members:
                self.wrong(
                    sections["indexes"],
                    f"`{label}` of `{name}` names no two members of `{index.between}`",
                    "write both ends, as A-B",
                )

    def entries(self, node: Node | None) -> Iterator[tuple[str, Node]]:
        if node is not None and not node.is_null:
            yield from ((key.text, value) for key, value in node.entries())

    def index(self, name: str, node: Node) -> Index:
        about, members, neighbours = node.get("about"), node.get("members"), node.get("neighbours")
        between = node.get("between")
        listed = node.get("optional")
        optional = tuple(each.text for each in listed.items()) if listed is not None else ()
        labels = {key: "" if value.is_null else value.text for key, value in self.entries(members)}
        pairs = []
        for key, value in self.entries(node):
            if key not in _INDEX_KEYS:
                self.wrong(value, f"unknown key `{key}` of `{name}`", did_you_mean(key, _INDEX_KEYS))
        for pair in neighbours.items() if neighbours else ():
            first, *rest = [each.text for each in pair.items()]
            if len(rest) != 1 or first not in labels or rest[0] not in labels:
                self.wrong(pair, f"neighbours of `{name}` are two of its members")
            else:
                pairs.append((first, rest[0]))
        if not labels:
            self.wrong(node, f"the index `{name}` has no members")
        if not _NAME.fullmatch(name) or name in RESERVED:
            hint = "use lower case, digits and _, and none of the engine's own names"
            self.wrong(node, f"`{name}` cannot be the name of an index", hint)
        for each in optional:
            if each not in labels:
                self.wrong(node, f"`{each}` is no member of `{name}`", did_you_mean(each, labels))
        return Index(
            name,
            about.text if about else "",
            labels,
            tuple(pairs),
            optional,
            self.otherwise(node, labels),
            between.text if between is not None else "",
            self.spelled(name, node.get("spelled"), labels),
        )

    def spelled(self, name: str, node: Node | None, known: Container[str] | None) -> dict[str, str]:
        """Other words for what is known: `spelled: {PT: physical_therapy}`."""
        found = {key: value.text for key, value in self.entries(node)}
        for word, meant in found.items():
            if node is not None and known is not None and meant not in known:
                self.wrong(node, f"`{word}` is spelled out as `{meant}`, which `{name}` does not have")
        return found

    def otherwise(self, node: Node, labels: dict[str, str]) -> tuple[str, str] | None:
        rest = node.get("otherwise")
        if rest is None:
            return None
        member, pattern = rest.get("member"), rest.get("pattern")
        if member is None or pattern is None or member.text not in labels:
            self.wrong(rest, "`otherwise` names one of the members, and the pattern of what it stands for")
            return None
        return member.text, pattern.text

    def decisions(
        self, name: str, node: Node, facts: dict[str, Fact], indexes: dict[str, Index]
    ) -> list[Decision]:
        """One entry of `doubts:` or `no_doubt:`; several if it lists pairs."""
        keys = dict(self.entries(node)) if node.is_mapping else {}
        for key in keys:
            if key not in ("why", "place", "of", "by", "pairs"):
                self.wrong(keys[key], f"unknown key `{key}` of `{name}`", "`why`, `place`, `of` and `by`, or `pairs`")
        if not keys.get("why"):
            self.wrong(node, f"`{name}` does not say why", "add `why:`")
        text = {key: keys[key].text if key in keys else "" for key in ("why", "place")}
        found = []
        for pair in keys["pairs"].items() if "pairs" in keys else [node]:
            sides: dict[str, tuple[Sign, ...]] = {"of": (), "by": ()}
            for side in sides:
                listed = pair.get(side) if pair.is_mapping else None
                if listed is None:
                    self.wrong(pair, f"`{name}` has no `{side}`", "under `of` facts, under `by` what may be recorded")
                else:
                    sides[side] = tuple(sign for each in listed.items() for sign in self.signs(each, facts, indexes))
            listed = pair.get("of") if pair.is_mapping else None
            if listed is not None and [each.text for each in listed.items() if each.is_scalar] == ["all"]:
                sides["of"] = tuple(each for each in sides["of"] if facts[each.fact].presumed)
            for each in sides["of"]:
                if not facts[each.fact].presumed:
                    self.wrong(pair, f"`{each.fact}` is not presumed, so that nothing can put it in doubt")
            found.append(Decision(name, text["why"], text["place"], sides["of"], sides["by"]))
        return found

    def signs(self, node: Node, facts: dict[str, Fact], indexes: dict[str, Index]) -> list[Sign]:
        """`slip`, `pain_axial: no`, `age < 18`, `diagnosed: [M54.16, M54.17]`, `section: Bone`."""
        if not node.is_mapping:
            text = node.text.strip()
            if text == "all":
                return [Sign(each.name) for each in facts.values() if each.type != "count"]
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
        mixed = tuple(each.text for each in keys["mixed"].items()) if "mixed" in keys else ()
        for value in mixed:
            if value not in values or not absent or not per or not indexes[per].neighbours:
                hint = "values of a fact per members with neighbours, and with an `absent:` value"
                self.wrong(keys["mixed"], f"`{name}` cannot be mixed of `{value}`", hint)
        final = tuple(each.text for each in keys["final"].items()) if "final" in keys else ()
        for value in final:
            if value not in values:
                self.wrong(keys["final"], f"`{value}` is not a value of `{name}`", did_you_mean(value, values))
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
            cost=int(text("cost")) if text("cost").isdecimal() else None,
            spelled=self.spelled(name, keys.get("spelled"), values or None),
            mixed=mixed,
            by_side=text("by_side"),
            known_as=tuple(each.text for each in keys["known_as"].items()) if "known_as" in keys else (),
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
