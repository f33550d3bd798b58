"""What several resources and answers say of one fact, put together: one record, and a note for all that was found.

The latest value is recorded where no encoded limit tells the values apart; where one does, they conflict and both are
shown. What only speaks of a fact leaves it open, unless a value says that it is there. An answer to a question settles
what was open or contradicted itself before it was given; one that differs from a record is a contradiction, unless
it was given to override the record.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from bvn_asp.classes import dataclass
from bvn_asp.errors import InputError, fault
from bvn_asp.fhir.days import FIRST, Days
from bvn_asp.fhir.documents import Json
from bvn_asp.model.case import SILENT, Named, Value, absent_value
from bvn_asp.model.library import Library
from bvn_asp.model.quantity import Interval, Quantity, cuts_of
from bvn_asp.model.quantity import Line as NumberLine
from bvn_asp.model.somewhere import KEY, part_of_name
from bvn_asp.model.values import parse_value
from bvn_asp.model.vocabulary import Fact, Several, Slot

NO_ANSWER = "the answer says nothing of it"
BOUNDS = {"<": "less_than", "<=": "at_most", ">": "more_than", ">=": "at_least"}
ANSWERED = ("manual", "override")
NOTES = ("used", "agrees", "conflicts", "open", "beside", "history", "does not count", "not read", "left out")


@dataclass(frozen=True, order=True)
class Note:
    """What became of one thing in a record.

    Attributes:
        kind: one of NOTES.
        fact: the slot it is about, or the empty string.
        where: the resource and element: `Observation/o1 valueQuantity`.
        text: what it says, or why it was not taken; no name, birth date or identifier is ever in it.
    """

    kind: str
    fact: str
    where: str
    text: str
    date: str = ""


@dataclass(frozen=True)
class Finding:
    """What one resource, answer or record says of one slot.

    Attributes:
        value: as a case file writes it, `not_reported` too; None if it only puts the slot in doubt.
        measured: it is a number that was measured, not what a code implies.
        answer: `manual` or `override` for an answer that a person gave; `auto` for one that was filled in before.
        shown: evidence to be kept as it is, where there is some already.
        many: of several members, how many: `count` or `exactly`.
    """

    slot: Slot
    where: str
    days: Days | None
    note: str
    value: Any = None
    measured: bool = False
    pick: str = "latest"
    answer: str = ""
    shown: tuple[Json, ...] = ()
    many: tuple[tuple[str, int], ...] = ()

    @property
    def evidence(self) -> list[Json]:
        if self.shown or not self.where:
            return list(self.shown)
        date = self.days.exact if self.days else None
        when = {"date": date.isoformat()} if date else {}
        said = ", ".join(filter(None, (str(self.days) if self.days and not date else "", self.note)))
        return [{"document": self.where, **when, **({"note": said} if said else {})}]

    @property
    def rank(self) -> tuple[Any, ...]:
        return (self.days.last if self.days else FIRST, self.days.first if self.days else FIRST, self.where)


class Merger:
    """Puts findings together under the vocabulary and the limits of a library.

    Args:
        date: the date of service.
        notes: where notes are added.
    """

    def __init__(self, library: Library, date: datetime.date | None, notes: list[Note]) -> None:
        self.library = library
        self.vocabulary = library.vocabulary
        self.date = date
        self.notes = notes

    def record(self, slot: Slot, findings: Sequence[Finding]) -> Json:
        """What a slot is recorded as."""
        known = self.vocabulary.facts[slot.fact]
        ranked = sorted(findings, key=lambda each: each.rank, reverse=True)
        ranked = self._answered(slot, ranked)
        silent = [each for each in ranked if each.value == SILENT]
        ranked = [each for each in ranked if each not in silent]
        for each in silent:
            self._note("beside" if ranked else "used", each, "a report on file does not say")
        if silent and not ranked:
            return with_evidence({"value": SILENT}, silent)
        if isinstance(slot, Several):
            return self._somewhere(slot, ranked)
        values = [each for each in ranked if each.value is not None]
        doubts = [each for each in ranked if each.value is None and not self._outweighed(known, each, values)]
        if doubts:
            for each in ranked:
                text = each.note if each in doubts else f"it says {spell(each.value)}, which is in doubt"
                self._note("open", each, text)
            return with_evidence(self.whole(), doubts)
        for each in ranked:
            if each.value is None:
                self._note("beside", each, each.note)
        parsed = [(each, self.parse(slot, each.value)) for each in values]
        first, leading = self._leading(parsed)
        common = self._common(parsed) if isinstance(leading, Named) else first.value
        if common is None or (first.pick != "lowest" and not all(self.agree(slot, leading, v) for _, v in parsed)):
            shown: dict[str, list[Finding]] = {}
            for each, value in parsed:
                shown.setdefault(str(value), []).append(each)
                self._note("conflicts", each, spell(each.value))
            return {"conflicting": [with_evidence(_valued(group[0].value), group) for group in shown.values()]}
        for each, _ in parsed:
            self._note("used" if each is first else "agrees", each, spell(each.value))
        return with_evidence(_valued(common), [first, *(each for each, _ in parsed if each is not first)])

    def _answered(self, slot: Slot, ranked: Sequence[Finding]) -> list[Finding]:
        """The findings without those that a person's answer settles."""
        values = [each for each in ranked if each.value is not None]
        overriding = [each for each in values if each.answer == "override"]
        values = [each for each in values if each.value != SILENT]
        if overriding:
            kept, why = overriding, "an answer overrides it"
        else:
            answers = [each for each in values if each.answer in ANSWERED]
            if not answers:
                return list(ranked)
            at = max(each.rank for each in answers)
            before = [e for e in ranked if e.answer not in ANSWERED and (e.days is None or e.rank[0] <= at[0])]
            said = [self.parse(slot, each.value) for each in before if each.value not in (None, SILENT)]
            contradicted = any(not self.agree(slot, one, other) for one in said for other in said)
            settled = [each for each in before if each.value is None or contradicted]
            kept, why = [each for each in ranked if each not in settled], "an answer settles it"
        for each in ranked:
            if each not in kept:
                self._note("beside", each, f"{spell(each.value) if each.value is not None else each.note}; {why}")
        return kept

    def _somewhere(self, slot: Slot, ranked: Sequence[Finding]) -> Json:
        """What several members are recorded as: what is said of them must be one thing, for it has no place."""
        told = {(str(self.parse(slot, each.value)), each.many) for each in ranked if each.value is not None}
        if len(told) > 1:
            both = " and ".join(sorted(value for value, _ in told))
            hint = "answer it of the members that are meant"
            raise fault(f"item `{slot}`: {both} are said of it, and a contradiction has a place", hint)
        for each in ranked:
            self._note("used" if each is ranked[0] else "agrees", each, spell(each.value))
        return with_evidence({**_valued(ranked[0].value), **dict(ranked[0].many)}, ranked)

    def whole(self) -> Json:
        """A record that mentions a fact and leaves every value open."""
        return {"value": "unknown"}

    def _outweighed(self, known: Fact, doubt: Finding, values: Sequence[Finding]) -> bool:
        """Whether a value on record settles what another resource leaves open: presence does, and so does a later word
        to a question that had no answer; a `no` from before the doubt does not."""
        if doubt.answer:
            return bool(values)
        absent = absent_value(known)
        for each in values:
            if each.answer in ANSWERED or self.parse(doubt.slot, each.value) != absent:
                if each.answer in ANSWERED or doubt.note != NO_ANSWER or each.rank > doubt.rank:
                    return True
            elif each.days and doubt.days and each.days.first > doubt.days.last:
                return True
        return False

    def _leading(self, parsed: Sequence[tuple[Finding, Value]]) -> tuple[Finding, Value]:
        """The finding that is recorded: an answer, else the latest measurement, else the latest; or the lowest."""
        answer = next((pair for pair in parsed if pair[0].answer in ANSWERED), None)
        if answer is not None:
            return answer
        if parsed[0][0].pick == "lowest":
            return min(parsed, key=lambda pair: (_low(pair[1]), pair[0].rank))
        return next((pair for pair in parsed if pair[0].measured), parsed[0])

    def parse(self, slot: Slot, data: Any) -> Value:
        """A value as a case file writes it."""
        return parse_value(self.vocabulary, slot, data, self.date)

    def recordable(self, known: Fact, number: Decimal, sign: str = "", of: str = "") -> Any:
        """A number as a case can hold it: exact, else between its neighbors on the grid; None if it is out of range.

        Args:
            sign: `<`, `<=`, `>` or `>=` if it is a bound.
            of: the unit of a duration; the fact's own if not given.
        """
        slot = Slot(known.name, next(iter(self.vocabulary.indexes[known.per].members)) if known.per else "")
        unit = f" {of or known.unit}" if known.type == "duration" else ""

        def fits(data: Any) -> bool:
            try:
                parse_value(self.vocabulary, slot, data)
            except InputError:
                return False
            return True

        def ends(low: Decimal, high: Decimal) -> Any:
            if sign in (">", ">="):
                return {"at_least": f"{low:f}{unit}"}
            if sign:
                return {"at_most": f"{high:f}{unit}"}
            return {"at_least": f"{low:f}{unit}", "at_most": f"{high:f}{unit}"}

        exact = {BOUNDS[sign]: f"{number:f}{unit}"} if sign else f"{number:f}{unit}"
        if fits(exact):
            return exact
        if not known.step:
            return None
        low = (number / known.step).to_integral_value(rounding="ROUND_FLOOR") * known.step
        high = low if low == number else low + known.step
        between = ends(low, high)
        return between if fits(between) else None

    def agree(self, slot: Slot, one: Value, other: Value) -> bool:
        """Whether two values can be the same as far as any encoded limit tells."""
        if isinstance(one, Named) and isinstance(other, Named):
            return bool(set(one.values) & set(other.values))
        if not isinstance(one, Interval) or not isinstance(other, Interval):
            return False
        if one == other:
            return True
        line = self._line_of(slot.fact)
        return bool(set(line.allowed(one)) & set(line.allowed(other)))

    def _line_of(self, name: str) -> NumberLine:
        known = self.vocabulary.facts[name]
        assert known.low is not None
        assert known.high is not None
        return NumberLine(known.low, known.high, known.grid, (cuts_of(*each) for each in self._limits.get(name, ())))

    @cached_property
    def _limits(self) -> dict[str, list[tuple[str, Quantity]]]:
        """Every limit that any encoded text sets, by fact."""
        found: dict[str, list[tuple[str, Quantity]]] = {}
        for policy in self.library.policies.values():
            for revision in policy.encoded:
                for limit in revision.rules.limits:
                    found.setdefault(limit.fact, []).append((limit.operator, limit.quantity))
        return found

    def _common(self, parsed: Sequence[tuple[Finding, Value]]) -> Any:
        """The named values that all findings allow; None if there is none."""
        first = parsed[0][1]
        assert isinstance(first, Named)
        shared = [v for v in first.values if all(isinstance(o, Named) and v in o.values for _, o in parsed)]
        return None if not shared else shared[0] if len(shared) == 1 else {"one_of": shared}

    def _note(self, kind: str, finding: Finding, text: str) -> None:
        days = str(finding.days) if finding.days else ""
        said = f"{text} ({finding.note})" if finding.note and finding.note not in text else text
        self.notes.append(Note(kind, str(finding.slot), finding.where, said, days))


def put(data: Json, slot: Slot, record: Json) -> None:
    """Put a record into the facts of a case file; what is said of several members in its own way."""
    if isinstance(slot, Several):
        span, _ = part_of_name(slot.member)
        own = data.setdefault(slot.fact, {})
        own[span or KEY] = {KEY: record} if span else record
    elif slot.member:
        data.setdefault(slot.fact, {})[slot.member] = record
    else:
        data[slot.fact] = record


def with_evidence(record: Json, findings: Sequence[Finding]) -> Json:
    """A record with where it was found."""
    listed = [each for finding in findings for each in finding.evidence]
    if not listed:
        return record
    return {**record, "evidence": listed[0] if len(listed) == 1 else listed}


def _valued(value: Any) -> Json:
    return dict(value) if isinstance(value, Mapping) else {"value": value}


def spell(value: Any) -> str:
    """A value as a case file writes it, in words."""
    if not isinstance(value, Mapping):
        return str(value)
    if "one_of" in value:
        return " or ".join(map(str, value["one_of"]))
    return " and ".join(f"{key.replace('_', ' ')} {each}" for key, each in value.items())


def _low(value: Value) -> Decimal:
    low = value.low if isinstance(value, Interval) else None
    return low.amount if isinstance(low, Quantity) else Decimal("-Infinity")
