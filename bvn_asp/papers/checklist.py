"""What does a policy ask for, what of it is on file, what is missing, and what is it too early for?"""

from __future__ import annotations

from collections.abc import Iterable

from bvn_asp.cases.evaluate import Readings, Verdict
from bvn_asp.cases.explain import FactLine, Line
from bvn_asp.cases.standing import Standing
from bvn_asp.classes import dataclass
from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.model.outline import is_exclusion
from bvn_asp.model.policy import Revision
from bvn_asp.model.vocabulary import Slot
from bvn_asp.papers.request import InformationRequest, request


@dataclass(frozen=True)
class Had:
    """A fact on file that does for a criterion."""

    entry: str
    read: FactLine
    excludes: bool


@dataclass(frozen=True)
class Against:
    """A fact on file that speaks against approval, and that time alone does not change."""

    entry: str
    reads: tuple[FactLine, ...]
    excludes: bool


@dataclass(frozen=True)
class Checklist:
    """What is on file for a request, what is not, and what it is too early for.

    Attributes:
        missing: what is still needed, and what waits, as `request` says.
        against: the criteria in the way, those that only need time left out.
    """

    have: tuple[Had, ...]
    missing: InformationRequest
    against: tuple[Against, ...]

    @property
    def case(self) -> Case:
        return self.missing.case


@dataclass(frozen=True)
class Asked:
    """One fact that a policy reads, for a form that nobody has filled in.

    Attributes:
        slots: of what is said member by member, the members that the policy names; else all of them.
        tests: the values and limits that it is held against, with whether they exclude.
        placed: it is said for each member that the request asks for.
    """

    fact: str
    slots: tuple[Slot, ...]
    document: str
    sensitive: bool
    entries: tuple[str, ...]
    tests: tuple[tuple[str, str, bool], ...]
    placed: bool


@dataclass(frozen=True)
class Form:
    """Everything that a policy reads, document by document, each fact once."""

    revision: Revision
    asked: tuple[Asked, ...]

    @property
    def piles(self) -> tuple[tuple[str, tuple[Asked, ...]], ...]:
        found: dict[tuple[bool, str], list[Asked]] = {}
        for each in self.asked:
            found.setdefault((each.sensitive, each.document), []).append(each)
        return tuple((pile, tuple(listed)) for (_, pile), listed in found.items())


def checklist(
    library: Library, case: Case, policy: str, readings: Readings | None = None, strict: bool = False
) -> Checklist:
    """What is on file, what is missing, and what it is too early for.

    Args and raises: as `evaluate`.
    """
    answer = request(library, case, policy, readings, strict)
    evaluation, lines = answer.evaluation, answer.explanation.lines
    waits = {each.entry for each in answer.waits}
    against: tuple[Against, ...] = ()
    if evaluation.verdict is Verdict.DENY:
        by_id = {line.entry.id: line for line in lines}
        blamed = (by_id[each] for each in evaluation.blamed if each not in waits)
        against = tuple(Against(line.entry.id, line.facts, line.excludes) for line in blamed)
    return Checklist(tuple(_had(lines, library.vocabulary.request.members)), answer, against)


def _had(lines: Iterable[Line], members: str) -> Iterable[Had]:
    seen: set[Slot] = set()
    for line in lines:
        if line.entry.is_group or line.entry.parent == "advice" or line.status.speaks(line.excludes) is not True:
            continue
        for each in line.facts:
            if each.slot.fact == members or each.record is None or each.slot in seen:
                continue
            if each.standing is Standing.KNOWN:
                seen.add(each.slot)
                yield Had(line.entry.id, each, line.excludes)


def form(library: Library, policy: str) -> Form:
    """The blank form of a policy: every fact that it reads, as its text is read by default.

    Raises: InputError: unknown policy or revision.
    """
    vocabulary, revision = library.vocabulary, library.revision(policy)
    entries: dict[str, dict[str, None]] = {}
    members: dict[str, dict[str, None]] = {}
    tests: dict[str, dict[tuple[str, str, bool], None]] = {}
    for entry in revision.rules.entries:
        if entry.is_group or entry.parent == "advice":
            continue
        excludes = is_exclusion(revision, entry.id)
        for read in revision.reads_by_default(entry.id):
            fact = vocabulary.facts[read.fact]
            if fact.type == "count" or fact.name == vocabulary.request.members:
                continue
            entries.setdefault(fact.name, {})[entry.id] = None
            tests.setdefault(fact.name, {}).update({(*test, excludes): None for test in read.tests})
            members.setdefault(fact.name, {})[read.member] = None
    found = []
    for name, listed in entries.items():
        fact = vocabulary.facts[name]
        terms = vocabulary.indexes[fact.per].terms if fact.per else {}
        labels = [terms[each] for each in members[name] if each in terms]
        slots = tuple(slot for slot in vocabulary.slots_of(name) if slot.member in labels or not labels)
        placed = vocabulary.is_placed(name)
        papers = vocabulary.papers
        found.append(
            Asked(
                fact=name,
                slots=slots,
                document=papers.pile(fact.document),
                sensitive=name in papers.sensitive,
                entries=tuple(listed),
                tests=tuple(tests[name]),
                placed=placed,
            )
        )
    rank = {name: i for i, name in enumerate(vocabulary.facts)}
    found.sort(key=lambda each: (each.sensitive, vocabulary.papers.place(each.document), rank[each.fact]))
    return Form(revision, tuple(found))
