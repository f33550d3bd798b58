"""Why does a policy say this of a case, criterion by criterion, and what is the shortest reason?"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from bvn_asp.cases.evaluate import Evaluation, Evaluator, Readings, Status, Verdict
from bvn_asp.cases.needed import Needed, needed
from bvn_asp.cases.standing import Standing, standing
from bvn_asp.classes import dataclass, replace
from bvn_asp.engine.cores import smallest_core
from bvn_asp.engine.program import Program
from bvn_asp.model.case import Case, Named, Record, Value, absent_value
from bvn_asp.model.growth import reached
from bvn_asp.model.library import Library
from bvn_asp.model.quantity import Interval, Quantity, compare
from bvn_asp.model.rules import Entry, Read
from bvn_asp.model.vocabulary import Fact, Slot
from bvn_asp.routing.codes import Advice, codes

if TYPE_CHECKING:
    from bvn_asp.cases.beside import Alone


@dataclass(frozen=True)
class FactLine:
    """One thing that a criterion reads, and what the chart says of it.

    Attributes:
        tests: what the policy asks of it, as `(operator, limit or value)`.
        record: what the case records; None if nothing.
        presumed: the value it was presumed to have, nobody mentioning it; None if it was not.
        counted: for a count, the members that the record makes it count; None for all else.
        raised_by: what is on record and puts in doubt what would else be presumed; empty if nothing does.
        holds_from: the date from which a duration that falls short will do, if time alone decides.
        standing: how the chart stands to what is asked.
    """

    slot: Slot
    tests: tuple[tuple[str, str], ...]
    record: Record | None
    presumed: Value | None
    holds_from: datetime.date | None = None
    counted: tuple[str, ...] | None = None
    standing: Standing = Standing.COUNTED
    raised_by: tuple[Slot, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.counted is None and self.presumed is None and (self.record is None or self.record.value is None)


@dataclass(frozen=True)
class Line:
    """One entry of the outline with its status.

    Attributes:
        excludes: the entry is an exclusion: met means present, unmet means clear.
        facts: what a criterion reads; empty for groups.
        needless: the entry is not as it should be, and one above it is so whatever becomes of this one.
        have, may: how many parts of a group are met, and how many are undetermined.
    """

    entry: Entry
    depth: int
    excludes: bool
    status: Status
    blamed: bool
    facts: tuple[FactLine, ...]
    needless: bool = False
    have: int = 0
    may: int = 0
    parts: int = 0


@dataclass(frozen=True)
class Explanation:
    """A policy's worksheet for a case.

    Attributes:
        lines: the outline in the order of the document.
        reason: the smallest set of recorded slots that forces a denial whatever else is documented; empty otherwise.
        needed: the open facts without which the policy cannot approve.
        coding: what is to be said of the codes, apart from the verdict.
    """

    evaluation: Evaluation
    lines: tuple[Line, ...]
    reason: tuple[Slot, ...]
    coding: tuple[Advice, ...] = ()
    needed: tuple[Needed, ...] = ()


def explain(
    library: Library, case: Case, policy: str, readings: Readings | None = None, strict: bool = False
) -> Explanation:
    """One policy's worksheet for a case.

    Args: as `evaluate`.
    Returns: the outline with statuses, the chart's values, and the shortest reason of a denial.
    Raises: InputError: unknown policy, revision, reading or option.
    """
    evaluator = Evaluator(library, library.revisions([policy], case.date))
    evaluation = evaluator.evaluate(case, readings, strict)[0]
    found = explained(evaluator, 0, case, evaluation, codes(library, case))
    return replace(found, needed=needed(evaluator, case, evaluation, readings)) if evaluation.open else found


def explained(
    evaluator: Evaluator,
    seat: int,
    case: Case,
    evaluation: Evaluation,
    coding: Sequence[Advice],
    beside: Alone | None = None,
) -> Explanation:
    """The worksheet of an evaluation that is there already, and the reason of a denial.

    Args:
        seat: the number of its revision among the evaluator's.
        beside: the policy's line; who is denied whatever is recorded is denied for no record.
    """
    reason: tuple[Slot, ...] = ()
    if evaluation.verdict is Verdict.DENY and not (beside is not None and beside.denies_everybody()):
        reason = shortest_reason(evaluator.program, seat, case, evaluation.readings)
    return Explanation(evaluation, worksheet(evaluator.library, case, evaluation), reason, tuple(coding))


def worksheet(library: Library, case: Case, evaluation: Evaluation) -> tuple[Line, ...]:
    """The lines of an evaluation's outline, advice last."""
    revision = evaluation.revision
    lines: list[Line] = []

    def walk(parent: str, depth: int, excludes: bool, settled: bool) -> None:
        for entry in revision.parts.get(parent, ()):
            status = evaluation.statuses[entry.id]
            parts = [evaluation.statuses[each.id] for each in revision.parts.get(entry.id, ())]
            lines.append(
                Line(
                    entry=entry,
                    depth=depth,
                    excludes=excludes,
                    status=status,
                    blamed=entry.id in evaluation.blamed,
                    facts=fact_lines(library, case, evaluation, entry),
                    needless=settled and status.speaks(excludes) is not True,
                    have=parts.count(Status.MET),
                    may=parts.count(Status.UNDETERMINED),
                    parts=len(parts),
                )
            )
            favourable = status.speaks(excludes) is True
            walk(entry.id, depth + 1, excludes != (entry.kind == "none_of"), settled or favourable)

    walk("root", 0, False, False)
    walk("advice", 0, False, False)
    return tuple(lines)


def fact_lines(library: Library, case: Case, evaluation: Evaluation, entry: Entry) -> tuple[FactLine, ...]:
    """What a criterion reads, slot by slot; of the facts per member, those of the requested ones and any recorded."""
    vocabulary, requested = library.vocabulary, case.requested(library.vocabulary)
    presumed = set(evaluation.presumed)
    lines = []
    reads = evaluation.reads(entry.id)
    for read in reads:
        fact = vocabulary.facts[read.fact]
        if fact.type == "count":
            lines.append(FactLine(Slot(fact.name), read.tests, None, None, counted=_counted(library, case, fact)))
            continue
        if fact.name == vocabulary.request.members and len(reads) > 1:
            continue
        index = vocabulary.indexes.get(fact.per)
        slots = vocabulary.slots_of(fact.name)
        if read.member and index:
            slots = tuple(slot for slot in slots if slot.member == index.terms.get(read.member))
        elif vocabulary.is_placed(fact.name):
            slots = tuple(slot for slot in slots if vocabulary.is_near(slot, requested) or case.get(slot) is not None)
        elif fact.per:
            slots = tuple(slot for slot in slots if case.get(slot) is not None) or slots[:1]
        for slot in slots:
            record = case.get(slot)
            value = absent_value(fact) if slot in presumed else None
            raised = tuple(evaluation.not_presumed.get(slot, ()))
            silence = case.silence(slot) if record is None and value is None else None
            stands = standing(fact, record, read.tests, value is not None, silence is not None)
            since = _holds_from(fact, record, read, case.date)
            lines.append(FactLine(slot, read.tests, record, value, since, standing=stands, raised_by=raised))
    return tuple(lines)


def _counted(library: Library, case: Case, fact: Fact) -> tuple[str, ...]:
    """The members that a count counts by the record alone."""
    pairs = [(slot, value) for name, value in fact.counts for slot in library.vocabulary.slots_of(name)]
    members = [s.member for s, value in pairs if s in case.by_slot and case.by_slot[s].value == Named((value,))]
    return tuple(dict.fromkeys(members))


def _holds_from(
    fact: Fact, record: Record | None, read: Read, served: datetime.date | None
) -> datetime.date | None:
    """When a duration that grows with time will reach the limit it falls short of."""
    value = record.value if record else None
    amount = (value.exact or value.low) if isinstance(value, Interval) else None
    if amount is None:
        return None
    for operator, text in read.tests:
        number, _, unit = text.partition(" ")
        if operator not in ("at_least", "more_than") or not number.isdecimal():
            continue
        limit = Quantity(Decimal(number), unit if unit.endswith("s") else unit + "s")
        signs = compare(amount, limit)
        if -1 in signs or (operator == "more_than" and 0 in signs):
            return reached(fact, value, limit, operator == "more_than", served)
    return None


def shortest_reason(program: Program, seat: int, case: Case, readings: Mapping[str, str]) -> tuple[Slot, ...]:
    """The smallest set of recorded slots under which a seat denies, whatever else is documented.

    Returns: in the order of the vocabulary; empty if the records alone do not force it, or none is needed.
    """
    groups = program.groups(case.recorded)
    ties = [literal for tie in case.tied for literal in groups.pop(tie)]
    goal = [*program.read(seat, readings), *ties, -program.literal("verdict", seat, "deny")]
    return smallest_core(program, goal, {slot: literals for slot, literals in groups.items() if literals}) or ()
