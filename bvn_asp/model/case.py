"""A case: what a chart records of one person's request, and when; read from `cases/*.yaml`.

What is not recorded is absent from `Case.records`: unknown is the absence of a record, never a value. A record may be
less than exact (`at least 6 months`, type 1 or type 2); the case then stands for every exact value it allows. Values
that contradict each other are kept as conflicting and allow everything, as if nothing were recorded.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property, reduce
from typing import Any

from bvn_asp.classes import dataclass, field, replace
from bvn_asp.errors import Place
from bvn_asp.model.quantity import ANY, Interval, Quantity, Span, both, exactly, is_empty
from bvn_asp.model.vocabulary import Fact, Several, Slot, Tied, Vocabulary, decimal

SILENT = "not_reported"
VERDICTS = ("approve", "deny", "pend", "silent")
REQUEST = "Request"


@dataclass(frozen=True)
class Evidence:
    """Where a value was found: a document, its date, and where in it.

    Attributes:
        page: of the document.
        quotation: the chart's own words, few of them.
        confidence: how sure the extractor was, from 0 to 1; nothing is concluded from it.
        extractor: who or what read the document.
        by: whose judgement it is.
    """

    document: str = ""
    date: datetime.date | None = None
    note: str = ""
    page: str = ""
    quotation: str = ""
    confidence: str = ""
    extractor: str = ""
    by: str = ""

    def __str__(self) -> str:
        parts = [self.by.replace("_", " "), self.document, self.date.isoformat() if self.date else ""]
        parts += [f"page {self.page}" if self.page else "", f"“{self.quotation}”" if self.quotation else "", self.note]
        who = self.extractor + (f" (confidence {self.confidence})" if self.confidence else "")
        return ", ".join(part for part in (*parts, f"read by {who}" if self.extractor else who.strip()) if part)


@dataclass(frozen=True)
class Named:
    """The named values that a record allows; one, unless the chart leaves it between several.

    Attributes:
        together: the chart names all of them; a fact has one value, so that which of them counts stays open.
        said: the word of the chart that leaves it between them.
    """

    values: tuple[str, ...]
    together: bool = field(default=False, compare=False)
    said: str = field(default="", compare=False)

    def __str__(self) -> str:
        listed = self._listed()
        return f"{self.said.replace('_', ' ')} ({listed})" if self.said else listed

    def _listed(self) -> str:
        return (" and " if self.together else " or ").join(each.replace("_", " ") for each in self.values)


Value = Named | Interval


@dataclass(frozen=True)
class Silence:
    """That a document on file does not say, where it is supposed of a slot in place of a value."""

    def __str__(self) -> str:
        return SILENT.replace("_", " ")


Supposed = Value | Silence | None
"""What may be supposed of a slot; None takes its record away."""


@dataclass(frozen=True)
class Record:
    """What a case says of one slot.

    Attributes:
        value: what it allows; None if the chart contradicts itself.
        conflicting: the contradicting values, each with its evidence.
        entered: what stands in the chart for a member that stands for others: a code that nobody asks about.
        silent: a document is on file and does not say; there is no value then, and it counts as not recorded.
        by: of a judgement, whose it is, with what each has judged, as it was entered.
        derived: it follows from another record, and is not written by itself.
        somewhere: what is said of several slots together, this one among them, if nothing is said of it alone: the
            value is then any.
        once: the members to which one thing was done, this one among them, as one operation: `L4 and L5`.
    """

    slot: Slot
    value: Value | None
    evidence: tuple[Evidence, ...] = ()
    conflicting: tuple[tuple[Value, tuple[Evidence, ...]], ...] = ()
    place: Place = field(default=Place(""), compare=False)
    entered: tuple[str, ...] = field(default=(), compare=False)
    somewhere: str = field(default="", compare=False)
    silent: bool = False
    by: tuple[tuple[str, Value, tuple[Evidence, ...]], ...] = ()
    derived: bool = field(default=False, compare=False)
    once: str = field(default="", compare=False)

    def __str__(self) -> str:
        if self.silent:
            return "not reported"
        if self.somewhere:
            return self.somewhere
        if self.value is None:
            return "conflicting: " + " / ".join(str(value) for value, _ in self.conflicting)
        return str(self.value)


@dataclass(frozen=True)
class Expectation:
    """What a policy should say of a case; `data` keeps the keys that other commands read."""

    policy: str
    verdict: str
    blamed: tuple[str, ...] | None
    statuses: tuple[tuple[str, str], ...]
    readings: tuple[tuple[str, str], ...]
    strict: bool
    place: Place = field(default=Place(""), compare=False)
    data: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Case:
    """One request, as recorded.

    Attributes:
        date: the date of service asked for, against which durations are counted; None if not stated.
        records: what is recorded, in the order of the vocabulary.
        silent: the slots of which a document on file does not say anything; they have no other record.
        several: what is recorded of several slots together (`Several`); each of them has a record too.
        tied: slots that have one value, for they speak of one thing that was done to all of their members.
    """

    title: str
    records: tuple[Record, ...]
    date: datetime.date | None = None
    about: str = ""
    source: str = ""
    hypothetical: str = ""
    expectations: tuple[Expectation, ...] = ()
    path: str = ""
    several: tuple[Record, ...] = ()
    silent: tuple[Record, ...] = ()
    tied: tuple[Tied, ...] = ()

    def silence(self, slot: Slot) -> Record | None:
        """The record of a document on file that does not say anything of a slot; None if there is none."""
        return next((each for each in self.silent if each.slot == slot), None)

    @cached_property
    def by_slot(self) -> dict[Slot, Record]:
        return {record.slot: record for record in self.records}

    def get(self, slot: Slot) -> Record | None:
        """The record of a slot, or None if nothing is recorded."""
        return self.by_slot.get(slot)

    def knows(self, slot: Slot) -> bool:
        """Whether the case records a value that counts: recorded, and not conflicting."""
        record = self.by_slot.get(slot)
        return record is not None and record.value is not None

    def requested(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """The members for which the request asks."""
        fact = vocabulary.request.members
        return tuple(r.slot.member for r in self.records if r.slot.fact == fact and r.value == Named(("yes",)))

    def unnamed(self, vocabulary: Vocabulary) -> tuple[Slot, ...]:
        """The members that may be requested, of a request that names none; nothing if it names some."""
        no, fact = Named(("no",)), vocabulary.request.members
        slots = vocabulary.slots_of(fact) if fact and not self.requested(vocabulary) else ()
        return self.counted(vocabulary) or tuple(
            slot for slot in slots if (record := self.get(slot)) is None or record.value != no
        )

    def counted(self, vocabulary: Vocabulary) -> tuple[Slot, ...]:
        """The same of a request that says how many: none of them alone can then change a verdict."""
        fact = vocabulary.request.members
        return tuple(part for each in self.several if each.slot.fact == fact for part in each.slot.parts)

    @cached_property
    def said_of_several(self) -> dict[Slot, Value]:
        """What is recorded of several slots together; of those that are tied, that they are."""
        said = {record.slot: record.value for record in self.several if record.value is not None}
        return said | dict.fromkeys(self.tied, ANY)

    @cached_property
    def recorded(self) -> dict[Slot, Value]:
        """What is recorded, of several slots together too; a conflicting record says nothing."""
        own = {record.slot: record.value for record in self.records if record.value is not None}
        return own | self.said_of_several

    def tied_to(self, slot: Slot) -> tuple[Slot, ...]:
        """The slots that have one value with a slot, itself the first; itself alone if there are none."""
        parts = next((tie.parts for tie in self.tied if slot in tie.parts), (slot,))
        return (slot, *(each for each in parts if each != slot))

    @cached_property
    def followers(self) -> frozenset[Slot]:
        """The tied slots but for the first of each tie, which stands for all where one is enough."""
        return frozenset(slot for tie in self.tied for slot in tie.others)

    def with_values(self, vocabulary: Vocabulary, supposed: Mapping[Slot, Supposed]) -> Case:
        """The same case with other values for some slots; None takes the record away, `Silence` too, and stays on file.

        What is said of several slots together stays, unless one of them that could be meant is now something else
        altogether: then nobody knows whether it is still so. What is said of a slot is said of all that are tied to it.
        """
        mute = {slot for slot, each in supposed.items() if isinstance(each, Silence)}
        values = {slot: None if isinstance(each, Silence) else each for slot, each in supposed.items()}
        for tie in self.tied:
            given = [values[part] for part in tie.parts if part in values]
            if given:
                told = next((each for each in given if each), something(vocabulary.facts[tie.fact]))
                values = {**values, **{part: values.get(part) or told for part in tie.parts}}
        records = {slot: record for slot, record in self.by_slot.items() if slot not in values}
        several = [each for each in self.several if each.slot not in values and not self._undone(each, values)]
        for each in self.several:
            for slot in each.slot.parts:
                known = vocabulary.facts[slot.fact]
                if slot in records and records[slot].somewhere == each.somewhere and each not in several:
                    records[slot] = replace(records[slot], somewhere="")
                elif slot in values and values[slot] is None and each in several:
                    records[slot] = Record(slot, anything(known), somewhere=each.somewhere)
        records |= {slot: Record(slot, value) for slot, value in values.items() if value is not None}
        records = {slot: each for slot, each in records.items() if not each.derived}
        records = tied_up(vocabulary, records, self.tied)
        records = derived(vocabulary, records, self.date) | records
        ordered = tuple(records[slot] for slot in vocabulary.in_order(records))
        silent = {each.slot: each for each in self.silent if each.slot not in values}
        silent |= {slot: Record(slot, None, silent=True) for slot in mute}
        kept = tuple(silent[slot] for slot in vocabulary.in_order(silent) if slot not in records)
        return replace(self, records=ordered, several=tuple(several), silent=kept, expectations=())

    def _undone(self, each: Record, values: Mapping[Slot, Value | None]) -> bool:
        """Whether what is said of several slots need not be so any more, with other values for some slots."""
        assert each.value is not None
        for slot in each.slot.parts:
            new, old = values.get(slot), self.recorded.get(slot)
            if new is not None and old is not None and not share(new, old) and share(old, each.value):
                return True
        return False


def tied_up(vocabulary: Vocabulary, records: Mapping[Slot, Record], ties: Iterable[Tied]) -> dict[Slot, Record]:
    """The records of a case, where what is said of one slot of a tie is said of all.

    Records that have nothing in common, or of which only a calendar could tell what, stay as they are: what all slots
    of a tie can be together is then for the worlds to say.
    """
    found = dict(records)
    for tie in ties:
        own = [found[part] for part in tie.parts if part in found and not found[part].silent]
        told = [each for each in own if each.value is not None]
        value = None if told or own else something(vocabulary.facts[tie.fact])
        if told:
            value = reduce(lambda left, each: left and joined(left, each.value), told[1:], told[0].value)
        like = next(iter([*told, *own]), None if value is None else Record(tie.first, value))
        for part in tie.parts:
            mine = found.get(part)
            if mine is not None and not mine.silent:
                if value is not None and mine.value is not None and mine.value != value:
                    mine = replace(mine, value=value, by=(), somewhere="")
                found[part] = replace(mine, once=tie.member)
            elif like is not None and (value is not None or not told):
                found[part] = replace(like, slot=part, value=value, once=tie.member)
    return found


def something(known: Fact) -> Value | None:
    """What is known of a fact when something was done and nobody says what; None if that is nothing."""
    if not known.absent:
        return None
    return Named(tuple(each for each in known.values if each != known.absent)) if known.is_named else ANY


def joined(first: Value, second: Value | None) -> Value | None:
    """What two records of one slot leave together; None if that is nothing, or if only a calendar could tell."""
    if second is None or not share(first, second):
        return None
    if isinstance(first, Named) and isinstance(second, Named):
        return Named(tuple(each for each in first.values if each in second.values))
    assert isinstance(first, Interval)
    assert isinstance(second, Interval)
    return both(first, second)


def derived(
    vocabulary: Vocabulary, records: Mapping[Slot, Record], date: datetime.date | None
) -> dict[Slot, Record]:
    """The records that others imply: of one person's judgement of a fact, and of how old a document is.

    A view is what its judge has judged; where that judge's word is not on record, nothing is known of it, whatever
    others say. A document's age is counted from the latest of its dates to the date of service.
    """
    found: dict[Slot, Record] = {}
    for (name, who), view in vocabulary.views.items():
        for slot in vocabulary.slots_of(name):
            record = records.get(slot)
            for judge, value, evidence in record.by if record is not None else ():
                if judge == who and record is not None:
                    mine = Slot(view.name, slot.member)
                    found[mine] = Record(mine, value, evidence, place=record.place, derived=True)
    for age in vocabulary.ages:
        for record in (records[slot] for slot in vocabulary.slots_of(age.age_of) if slot in records):
            days = [each.date for each in record.evidence if each.date is not None]
            if days and date is not None and max(days) <= date:
                mine = Slot(age.name, record.slot.member)
                value = exactly(Span(max(days), date))
                found[mine] = Record(mine, value, record.evidence, place=record.place, derived=True)
    return found


def share(first: Value, second: Value, grid: Decimal = Decimal(0)) -> bool:
    """Whether two records of one slot can both be so; yes where only a calendar could tell.

    Args:
        grid: 1 if amounts are whole numbers; 0 if they may lie anywhere.
    """
    if isinstance(first, Named) and isinstance(second, Named):
        return not set(first.values).isdisjoint(second.values)
    assert isinstance(first, Interval)
    assert isinstance(second, Interval)
    found = both(first, second)
    return found is None or not is_empty(found, grid)


def anything(known: Fact) -> Value:
    """What a fact may be if nobody knows."""
    return Named(tuple(known.values)) if known.is_named else ANY


def absent_value(known: Fact) -> Value | None:
    """The value of a fact that means "nothing there"; None if the vocabulary names none."""
    if not known.absent:
        return None
    if known.is_named:
        return Named((known.absent,))
    number = decimal(known.absent)
    return None if number is None else exactly(Quantity(number, known.unit))


# -- writing -----------------------------------------------------------------------------------


def value_data(value: Value) -> Any:
    """A value as a case file would write it."""
    if isinstance(value, Named):
        if value.said:
            return value.said
        return value.values[0] if len(value.values) == 1 else {_several_key(value): list(value.values)}
    if value.dated:
        return dict(value.dated)
    exact = value.exact
    if isinstance(exact, Span):
        return {"since": exact.since.isoformat(), "until": exact.until.isoformat()}
    if exact is not None:
        return str(exact)
    ends = {
        "more_than" if value.low_open else "at_least": value.low,
        "less_than" if value.high_open else "at_most": value.high,
    }
    return {key: str(amount) for key, amount in ends.items() if amount is not None} or "unknown"


def _several_key(value: Named) -> str:
    return "all_of" if value.together else "one_of"


def evidence_data(evidence: Evidence) -> dict[str, str]:
    """A piece of evidence as a case file would write it."""
    parts = {"document": evidence.document, "date": evidence.date.isoformat() if evidence.date else ""}
    rest = {key: getattr(evidence, key) for key in ("page", "quotation", "note", "confidence", "extractor")}
    return {key: text for key, text in {**parts, **rest}.items() if text}


def record_data(record: Record, with_evidence: bool = True) -> Any:
    """A record as a case file would write it."""
    if record.silent:
        data: Any = SILENT
    elif record.by:
        said = {}
        for who, value, found in record.by:
            sources = tuple(each for each in (replace(one, by="") for one in found) if str(each))
            said[who] = _with_evidence(value_data(value), sources, with_evidence)
        return {"by": said}
    elif record.value is None:
        data = {"conflicting": [_with_evidence(value_data(v), e, with_evidence) for v, e in record.conflicting]}
    else:
        data = value_data(record.value)
    return _with_evidence(data, record.evidence, with_evidence)


def _with_evidence(data: Any, evidence: tuple[Evidence, ...], wanted: bool) -> Any:
    if not wanted or not evidence:
        return data
    listed = [evidence_data(each) for each in evidence]
    shown: Any = listed[0] if len(listed) == 1 else listed
    return {**data, "evidence": shown} if isinstance(data, dict) else {"value": data, "evidence": shown}


def case_data(case: Case, vocabulary: Vocabulary, with_evidence: bool = True) -> dict[str, Any]:
    """A case in the shape of a case file, expectations left out."""
    request: dict[str, Any] = {"date": case.date.isoformat()} if case.date else {}
    facts: dict[str, Any] = {}
    yes, no = Named(("yes",)), Named(("no",))
    keys = {fact: key for key, fact in vocabulary.request.lists.items()}
    whole = {
        name
        for name in vocabulary.request.whole
        if all(
            (record := case.get(slot)) is not None
            and not (with_evidence and record.evidence)
            and (record.value in (yes, no) or (isinstance(record.value, Interval) and record.value.exact is not None))
            for slot in vocabulary.slots_of(name)
        )
    }
    entries, told = entries_data(case, vocabulary, with_evidence)
    for record in (*case.records, *case.silent):
        if record.slot in told:
            continue
        known, member = vocabulary.facts[record.slot.fact], record.slot.member
        if record.somewhere or record.derived:
            continue
        if known.name in whole and known.name in keys:
            listed = request.setdefault(keys[known.name], [])
            listed += (list(record.entered) or [member]) if record.value == yes else []
        elif known.name in whole:
            units = request.setdefault("procedures", {})
            exact = record.value.exact if isinstance(record.value, Interval) else None
            if isinstance(exact, Quantity) and exact.amount:
                units[member] = int(exact.amount)
        elif known.section == REQUEST and not known.per:
            request[known.name] = record_data(record, with_evidence)
        elif member:
            facts.setdefault(known.name, {})[member] = record_data(record, with_evidence)
        else:
            facts[known.name] = record_data(record, with_evidence)
    for record in case.several:
        _write_several(record, keys, request, facts, with_evidence)
    facts |= entries
    heads = {"title": case.title, "about": case.about, "source": case.source, "hypothetical": case.hypothetical}
    return {**{key: text for key, text in heads.items() if text}, "request": request, "facts": facts}


def entries_data(
    case: Case, vocabulary: Vocabulary, with_evidence: bool
) -> tuple[dict[str, list[dict[str, Any]]], set[Slot]]:
    """What was done once, as a case file would write it, and the slots that need no record of their own then.

    A fact stands in the entry if all its members have the same record.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    told: set[Slot] = set()
    for name, of in dict.fromkeys((tie.event, tie.of) for tie in case.tied):
        entry: dict[str, Any] = {"at": ", ".join(of)}
        for kind in vocabulary.events[name].kinds:
            mine = [tie for tie in case.tied if tie.event == name and tie.of == of and tie.fact in kind]
            same = {}
            for tie in mine:
                records = [case.get(part) for part in tie.parts]
                data = [None if r is None or r.by else record_data(r, with_evidence) for r in records]
                if data[0] is not None and all(each == data[0] for each in data):
                    same[tie.fact] = data[0]
                    told.update(tie.parts)
            entry |= same if same or not mine else {mine[0].fact: "unknown"}
        found.setdefault(name, []).append(entry)
    return found, told


def _write_several(
    record: Record, keys: Mapping[str, str], request: dict[str, Any], facts: dict[str, Any], with_evidence: bool
) -> None:
    """What is said of several slots, as a case file would write it."""
    slot, data = record.slot, record_data(record, with_evidence)
    assert isinstance(slot, Several)
    if slot.fact in keys:
        request[keys[slot.fact]] = slot.least
        return
    if slot.least > 1 or slot.most is not None:
        key = "count" if slot.most is None else "exactly"
        data = {**data, key: slot.least} if isinstance(data, dict) else {"value": data, key: slot.least}
    place = slot.member.removeprefix("somewhere").removeprefix(" in ")
    own = facts.setdefault(slot.fact, {})
    if place:
        own[place] = {"somewhere": data}
    else:
        own["somewhere"] = data
