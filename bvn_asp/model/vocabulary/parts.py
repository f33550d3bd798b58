"""What a vocabulary is made of: indexes and relations, facts and their slots, what puts a presumption in doubt."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple, Self

from bvn_asp.classes import dataclass, field
from bvn_asp.model.numerals import fold
from bvn_asp.model.quantity import Quantity
from bvn_asp.model.vocabulary.names import plural, term

TYPES = ("yes_no", "one_of", "number", "duration", "count")
CHANGES = ("never", "treat", "wait", "request", "precaution")
YES_NO = {"yes": "yes", "no": "no"}
CONTESTS = ("addendum", "second_judgement", "work_up")
RELATIONS = {"order": 3, "neighbours": 2, "ends": 2, "ends_within": 3}
"""What may be asked of an index's members, with the number of arguments."""


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
        dot: after how many signs such a label has a dot that claims leave out; 0 if it has none.
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
    dot: int = 0

    def dotted(self, label: str) -> str:
        """A label with the dot that claims leave out, if that makes it one of its kind."""
        whole = f"{label[: self.dot]}.{label[self.dot :]}"
        if not self.dot or len(label) > 40 or self.otherwise is None or "." in label:
            return label
        return whole if label[self.dot :] and re.fullmatch(self.otherwise[1], whole.upper()) else label

    def standing_for(self, label: str) -> str:
        """The member that stands for a label which none bears: the longest whose name ends in `-` and begins so.

        Else the member for all other labels; empty if there is none, or the label is none of their kind.
        """
        if self.otherwise is None or len(label) > 40 or not re.fullmatch(self.otherwise[1], label.upper()):
            return ""
        families = [each for each in self.members if each.endswith("-") and label.upper().startswith(each[:-1])]
        return max(families, key=len, default=self.otherwise[0])

    @property
    def many(self) -> str:
        """What several of its members are called."""
        return plural(self.about)

    @cached_property
    def terms(self) -> dict[str, str]:
        """The members by the terms that stand for them in rules."""
        return {term(label): label for label in self.members}

    @cached_property
    def by_case(self) -> dict[str, str]:
        """The members by their labels in lower case."""
        return {label.lower(): label for label in self.members}

    @cached_property
    def by_spelling(self) -> dict[str, str]:
        """The members by their labels and other words, folded and in lower case."""
        words = {fold(word): label for word, label in self.spelled.items()}
        return self.by_case | words | {fold(label): label for label in self.members}

    @cached_property
    def by_pair(self) -> dict[str, tuple[str, ...]]:
        """What a label of two ends names, as charts write it, in lower case: two neighbours, or what is between."""
        found: dict[str, tuple[str, ...]] = {}
        for first, second in self.neighbours:
            found |= {each: (first, second) for each in _spellings(first, second) if each not in found}
        for label in self.members:
            first, dash, second = label.partition("-")
            found |= {each: (label,) for each in (_spellings(first, second) if dash else ()) if each not in found}
        return found

    def ends(self, member: str) -> tuple[str, ...]:
        """The two between which a member lies; itself if it lies between none."""
        return tuple(member.split("-")) if self.between else (member,)


def _spellings(first: str, second: str) -> set[str]:
    """How charts write two neighbours: `A4-A5`, `A4/A5`, `A4-5`."""
    return {f"{first}{sign}{tail}".lower() for sign in "-/" for tail in (second, second[1:]) if tail}


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
class Contest:
    """How a recorded value may be contested that nothing else can change.

    Attributes:
        kind: addendum (of a report), second_judgement, or work_up (what was found is excluded or treated).
        whom: who is asked: whose report or judgement it is.
        towards: the values, or for a number the direction, that may come of it; any if empty.
    """

    kind: str
    whom: str
    towards: tuple[str, ...]


@dataclass(frozen=True)
class Between:
    """A word of charts that leaves a fact between some of its values: care that is under way.

    Attributes:
        of: the values.
        about: why it leaves them open.
        spelled: how charts write it besides.
    """

    of: tuple[str, ...]
    about: str
    spelled: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fact:
    """One entry of the vocabulary; its attributes are the keys of `vocabulary.yaml`.

    Attributes:
        view: another fact, and whose judgement of it this fact is.
        age_of: the fact of whose evidence this is the age, on the date of service.
        between: words that leave it between some of its values.
    """

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
    provided: str = ""
    contest: Contest | None = None
    view: tuple[str, str] = ("", "")
    age_of: str = ""
    between: dict[str, Between] = field(default_factory=dict)

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


@dataclass(frozen=True)
class Shorthand:
    """One entry that a chart may make for several facts: that care failed, and no more.

    Attributes:
        means: what may be entered, to the values that the facts then have.
    """

    name: str
    about: str
    means: dict[str, dict[str, str]]
    known_as: tuple[str, ...] = ()


@dataclass(frozen=True)
class Event:
    """What is done once, to several members of an index or to one: an operation on two of them.

    Attributes:
        per: the index.
        kinds: the facts that speak of one such thing together: what was done, and when.
        dated: the durations among them that begin with the `date:` of an entry.
    """

    name: str
    about: str
    per: str
    kinds: tuple[tuple[str, ...], ...]
    dated: tuple[str, ...] = ()
    known_as: tuple[str, ...] = ()

    @property
    def facts(self) -> tuple[str, ...]:
        return tuple(fact for kind in self.kinds for fact in kind)


class Slot(NamedTuple):
    """One thing that a case may record: a fact, for one member of its index if it is per one.

    A tuple, for a command looks some 80,000 of them up, and of all things a tuple of texts is told apart fastest.

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

    @property
    def parts(self) -> tuple[Slot, ...]:
        """The slots that are spoken of."""
        return (self,)


class Several(Slot):
    """Slots of one fact, some of which have a value: what a chart says without saying where.

    It stands among the slots of what is known, and is none that a world decides.

    Args:
        member: how they are called: `somewhere`, `somewhere in L3-S1`.
        of: their members.
        least, most: how many of them have the value; any number from the least on if `most` is None.
    """

    of: tuple[str, ...]
    least: int
    most: int | None

    def __new__(
        cls, fact: str, member: str, of: tuple[str, ...], least: int = 1, most: int | None = None
    ) -> Self:
        found = super().__new__(cls, fact, member)
        found.of, found.least, found.most = of, least, most
        return found

    def __getnewargs__(self) -> tuple[Any, ...]:
        return self.fact, self.member, self.of, self.least, self.most

    def _all(self) -> tuple[object, ...]:
        return type(self).__name__, self.fact, self.member, self.of, self.least, self.most

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Several) and self._all() == other._all()

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self._all())

    @property
    def parts(self) -> tuple[Slot, ...]:
        return tuple(Slot(self.fact, each) for each in self.of)


class Tied(Several):
    """Slots of one fact that have one value, for one thing was done to them: one operation, one date.

    Args:
        member: how they are called: `L4 and L5`.
        event: what was done, by its name in the vocabulary.
    """

    event: str

    def __new__(cls, fact: str, of: tuple[str, ...], event: str) -> Self:  # type: ignore[override]
        found = super().__new__(cls, fact, f"{', '.join(of[:-1])} and {of[-1]}", of, len(of))
        found.event = event
        return found

    def __getnewargs__(self) -> tuple[Any, ...]:
        return self.fact, self.of, self.event

    @property
    def first(self) -> Slot:
        """The one of them that stands for all where one is enough."""
        return self.parts[0]

    @property
    def others(self) -> tuple[Slot, ...]:
        return self.parts[1:]


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
