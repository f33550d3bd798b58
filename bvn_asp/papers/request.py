"""What is still needed before a policy can decide, from which document, and what only needs time?"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence

from bvn_asp.cases.evaluate import Evaluation, Evaluator, Readings, Status, Verdict
from bvn_asp.cases.explain import Explanation, FactLine, Line, explained, worksheet
from bvn_asp.cases.needed import needed
from bvn_asp.cases.standing import Standing, standing_of_open
from bvn_asp.classes import dataclass, replace
from bvn_asp.model.case import Case, Record
from bvn_asp.model.growth import on_day
from bvn_asp.model.library import Library
from bvn_asp.model.vocabulary import Slot


@dataclass(frozen=True)
class Need:
    """Slots of one fact of which the chart says the same, and which can still change the verdict.

    Attributes:
        document: the pile in which the answer is usually found.
        required: without an answer the policy cannot approve; else it is one of several that may do.
        against: the answers each of which settles it against approval, in words.
        entries: the open criteria that read the fact.
        reads: how these read it, each with whether it is an exclusion.
        raised_by: what is on record and keeps it from being presumed absent.
    """

    slots: tuple[Slot, ...]
    standing: Standing
    document: str
    sensitive: bool
    required: bool
    against: str
    entries: tuple[str, ...]
    reads: tuple[tuple[FactLine, bool], ...]
    raised_by: tuple[Slot, ...] = ()


@dataclass(frozen=True)
class Wait:
    """A duration on record that falls short, and reaches its limit by time alone.

    Attributes:
        since: the first day on which it has.
    """

    entry: str
    read: FactLine
    since: datetime.date


@dataclass(frozen=True)
class InformationRequest:
    """What is still needed for one policy to decide on a case.

    Attributes:
        needs: each fact once, in the order in which an office keeps the documents, sensitive ones last.
        waits: what is too short today; of those only that alone stand in the way of nothing else.
        ready: the day from which nothing waits any more; None if nothing waits.
        then: what the policy makes of the case on that day; None if nothing waits.
        jointly: no fact alone can change the verdict, only several together: all of them are listed.
    """

    case: Case
    explanation: Explanation
    needs: tuple[Need, ...]
    waits: tuple[Wait, ...] = ()
    ready: datetime.date | None = None
    then: Evaluation | None = None
    jointly: bool = False

    @property
    def evaluation(self) -> Evaluation:
        return self.explanation.evaluation

    @property
    def short(self) -> tuple[Need, ...]:
        """What is on file and does not say enough, or contradicts itself."""
        return tuple(each for each in self.needs if each.standing is not Standing.MISSING)

    @property
    def piles(self) -> tuple[tuple[str, tuple[Need, ...]], ...]:
        """What is not on file, document by document; sensitive facts in piles of their own, last."""
        found: dict[tuple[bool, str], list[Need]] = {}
        for each in self.needs:
            if each.standing is Standing.MISSING:
                found.setdefault((each.sensitive, each.document), []).append(each)
        return tuple((pile, tuple(listed)) for (_, pile), listed in found.items())


def request(
    library: Library, case: Case, policy: str, readings: Readings | None = None, strict: bool = False
) -> InformationRequest:
    """What is still needed for a policy to decide on a case, each fact once.

    Where only time stands in the way, what is needed once it has passed is listed too, so that one request will do.

    Args and raises: as `evaluate`.
    """
    evaluator = Evaluator(library, library.revisions([policy], case.date))
    return requested(evaluator, case, readings, strict)


def requested(
    evaluator: Evaluator,
    case: Case,
    readings: Readings | None = None,
    strict: bool = False,
    under_readings: bool = False,
) -> InformationRequest:
    """As `request`, of an evaluator's only policy.

    Args:
        under_readings: also say on which readings the verdict hangs.
    """
    library = evaluator.library
    now = evaluator.evaluate(case, readings, strict, under_readings=under_readings)[0]
    explanation = explained(evaluator, 0, case, now, ())
    waits = waiting(explanation.lines)
    ready = max((each.since for each in waits), default=None)
    later, then = case, None
    if ready is not None:
        later = on_day(library.vocabulary, case, ready)
        then = evaluator.evaluate(later, readings, strict, under_readings=False)[0]
        waits = tuple(each for each in waits if _helped(now, then, explanation.lines, each.entry))
        ready = max((each.since for each in waits), default=None)
    if not waits:
        later, then = case, None
    asked, at = (then, later) if then is not None and now.verdict is Verdict.DENY else (now, case)
    needs, jointly = _needs(evaluator, at, asked, readings)
    return InformationRequest(case, explanation, needs, waits, ready, then, jointly)


def waiting(lines: Iterable[Line]) -> tuple[Wait, ...]:
    """The criteria that speak against approval today, and reach their limit by time alone."""
    found: dict[tuple[str, Slot], Wait] = {}
    for line in lines:
        if line.needless or line.entry.is_group or line.status.speaks(line.excludes) is True:
            continue
        for each in line.facts:
            if each.holds_from is not None:
                found.setdefault((line.entry.id, each.slot), Wait(line.entry.id, each, each.holds_from))
    return tuple(found.values())


def _helped(now: Evaluation, then: Evaluation, lines: Iterable[Line], entry: str) -> bool:
    line = next(each for each in lines if each.entry.id == entry)
    before, after = now.statuses[entry].speaks(line.excludes), then.statuses[entry].speaks(line.excludes)
    return before is not after


def _needs(
    evaluator: Evaluator, case: Case, evaluation: Evaluation, readings: Readings | None
) -> tuple[tuple[Need, ...], bool]:
    if evaluation.verdict is not Verdict.PEND:
        return (), False
    vocabulary, library = evaluator.library.vocabulary, evaluator.library
    slots, jointly = evaluation.open, not evaluation.open
    if jointly:
        slots = tuple(
            slot
            for slot in vocabulary.slots
            if slot.fact in evaluation.revision.rules.facts and not case.knows(slot) and slot not in evaluation.presumed
        )
    which = case.unnamed(vocabulary)
    asks_which = bool(case.counted(vocabulary)) or any(slot in which for slot in slots)
    slots = tuple(slot for slot in slots if slot not in which and not (jointly and which))
    jointly = jointly and not asks_which
    against = {each.slot: each.against for each in needed(evaluator, case, evaluation, readings)}
    lines = [
        line
        for line in worksheet(library, case, evaluation)
        if line.status is Status.UNDETERMINED and not line.entry.is_group and not line.needless
        and line.entry.parent != "advice"
    ]
    grouped: dict[tuple[str, Standing, Record | None, str, bool], list[Slot]] = {}
    for slot in slots:
        record = case.get(slot)
        said = replace(record, slot=Slot(slot.fact)) if record is not None else None
        key = (slot.fact, standing_of_open(case, slot), said, against.get(slot, ""), slot in against)
        grouped.setdefault(key, []).append(slot)
    found = [
        _need(library, case, evaluation, lines, listed, wrong, required)
        for (_, _, _, wrong, required), listed in grouped.items()
    ]
    if asks_which:  # one question for all of them; what a request says of its number names none
        need = _need(library, case, evaluation, lines, which, "", True)
        found.append(replace(need, standing=Standing.MISSING, entries=()))
    order = vocabulary.papers.place
    return tuple(sorted(found, key=lambda each: (each.sensitive, order(each.document)))), jointly


def _need(
    library: Library,
    case: Case,
    evaluation: Evaluation,
    lines: Sequence[Line],
    slots: Sequence[Slot],
    against: str,
    required: bool,
) -> Need:
    vocabulary = library.vocabulary
    fact = vocabulary.facts[slots[0].fact]
    reading = {line.entry.id: (e, line.excludes) for line in lines for e in line.facts if e.slot in slots} or {
        line.entry.id: (e, line.excludes) for line in lines for e in line.facts if e.slot.fact == fact.name
    }
    raised: Mapping[Slot, tuple[Slot, ...]] = evaluation.not_presumed
    return Need(
        slots=tuple(slots),
        standing=standing_of_open(case, slots[0]),
        document=vocabulary.papers.pile(fact.document),
        sensitive=fact.name in vocabulary.papers.sensitive,
        required=required,
        against=against,
        entries=tuple(reading),
        reads=tuple(reading.values()),
        raised_by=tuple(dict.fromkeys(by for slot in slots for by in raised.get(slot, ()))),
    )
