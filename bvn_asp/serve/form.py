"""The chart as a form: every fact that the vocabulary knows, in the order and by the documents of a chart."""

from __future__ import annotations

from collections.abc import Iterator

from bvn_asp.classes import dataclass
from bvn_asp.model.case import REQUEST
from bvn_asp.model.library import Library
from bvn_asp.model.vocabulary import Fact

FEW = 6  # so many values stand side by side; more are a list
NOWHERE = "in no document by itself"


@dataclass(frozen=True)
class Choice:
    """One value that can be chosen."""

    value: str
    says: str
    means: str


@dataclass(frozen=True)
class Field:
    """One fact as it is asked for.

    Attributes:
        reported: a report may state it, and so may be silent.
        members: label and meaning of what it is per; one without a label if it is of the person.
    """

    name: str
    ask: str
    about: str
    unit: str
    numeric: bool
    duration: bool
    judgement: bool
    presumed: bool
    reported: bool
    per: str
    choices: tuple[Choice, ...]
    members: tuple[tuple[str, str], ...]
    optional: tuple[str, ...]
    document: str
    section: str

    @property
    def short(self) -> bool:
        """Whether the values can stand side by side."""
        return not self.per and 0 < len(self.choices) <= FEW


@dataclass(frozen=True)
class Group:
    """The facts that stand in one document."""

    title: str
    fields: tuple[Field, ...]


def groups(library: Library) -> tuple[Group, ...]:
    """Every fact by document, in the order in which documents come up; what is of the request alone stands last."""
    found: dict[str, list[Field]] = {}
    whole = library.vocabulary.request.whole
    facts = sorted(library.vocabulary.facts.values(), key=lambda fact: fact.section == REQUEST)
    for fact in facts:
        if fact.type == "count" or fact.name in whole or (fact.section == REQUEST and fact.name in HEAD):
            continue
        found.setdefault(_document(fact), []).append(field(library, fact))
    made = [Group(title, tuple(fields)) for title, fields in found.items()]
    return tuple(sorted(made, key=lambda group: all(each.section == REQUEST for each in group.fields)))


HEAD = ("line_of_business", "state", "insurer")


def head(library: Library) -> tuple[Field, ...]:
    """What is asked for before everything else; by it a policy governs."""
    facts = library.vocabulary.facts
    return tuple(field(library, facts[name]) for name in HEAD if name in facts)


def field(library: Library, fact: Fact) -> Field:
    """One fact of the form."""
    index = library.vocabulary.indexes[fact.per] if fact.per else None
    return Field(
        name=fact.name,
        ask=fact.ask or fact.about,
        about=fact.about,
        unit=fact.unit,
        numeric=fact.is_numeric,
        duration=fact.type == "duration",
        judgement=fact.judgement,
        presumed=fact.presumed,
        reported=fact.section != REQUEST,
        per=fact.per,
        choices=tuple(_choices(fact)),
        members=tuple(index.members.items()) if index else (("", ""),),
        optional=tuple(index.optional) if index else (),
        document=fact.document or NOWHERE,
        section=fact.section,
    )


def _choices(fact: Fact) -> Iterator[Choice]:
    if fact.is_named:
        for value, means in fact.values.items():
            says = value.upper() if len(value) == 2 and value not in ("no",) else value.replace("_", " ")
            yield Choice(value, says, means or value)


def _document(fact: Fact) -> str:
    """The document that comes first of those in which a fact stands."""
    return fact.document.partition(",")[0].strip() or NOWHERE
