"""What of a case does a record in FHIR say, and where does it say so?

Nothing becomes false by absence: a fact is recorded from a code, a value on record, an answer, or the order itself,
which is whole. Where a record speaks of something without saying what, the fact is left open, so that nobody presumes
it absent. Everything that was used, passed over or not understood is listed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import yaml

from bvn_asp.cases.possible import check_possible
from bvn_asp.classes import dataclass, replace
from bvn_asp.errors import InputError, Place, fault, shown
from bvn_asp.fhir import need_libraries
from bvn_asp.fhir.answers import Answers, is_ours, service_date
from bvn_asp.fhir.chart import Chart, Item, gather
from bvn_asp.fhir.days import FIRST, LAST, Days, before, days_of, duration, element_of, parse_days, years
from bvn_asp.fhir.documents import Json, parse_json
from bvn_asp.fhir.mapping import INTEGER, CodeMap, Kind, Line, load_mapping
from bvn_asp.fhir.merge import BOUNDS, NO_ANSWER, NOTES, Finding, Merger, Note, put
from bvn_asp.fhir.order import Order, codings, read_order
from bvn_asp.fhir.paths import PathError, holds, path
from bvn_asp.model.case import Case
from bvn_asp.model.case_reader import make_case
from bvn_asp.model.library import Library
from bvn_asp.model.members import labels_of
from bvn_asp.model.values import parse_value
from bvn_asp.model.vocabulary import Fact, Slot

_UCUM = "http://unitsofmeasure.org"
_STATES = ("status", "intent", "doNotPerform", "clinicalStatus", "verificationStatus")
@dataclass(frozen=True)
class Reading:
    """A record, read.

    Attributes:
        data: the case in the shape of a case file.
        notes: what became of everything, by kind, then by fact.
        order: the order that asks for the procedure.
    """

    case: Case
    data: Json
    notes: tuple[Note, ...]
    order: Order
    chart: Chart


def read(library: Library, documents: Sequence[tuple[str, Json]], date: datetime.date | None = None) -> Reading:
    """The case that some documents describe.

    Args:
        documents: FHIR R4 resources, Bundles, or a CDS Hooks request, each with the name that stands for it in faults.
        date: the date of service, where no order says it.

    Raises: InputError: no FHIR R4, no chart, several persons, no date of service.
    """
    mapping = load_mapping(library.folder, library.vocabulary)
    return Reader(library, mapping, gather(documents), documents[0][0] if documents else "", date).read()


def read_case(library: Library, data: bytes, name: str) -> Case:
    """The case that the bytes of one document describe, checked to be possible; for commands that are given a Bundle.

    Raises: InputError, as `read`.
    """
    need_libraries()
    case = read(library, [(name, parse_json(data, name))]).case
    check_possible(library, case)
    return case


def case_text(reading: Reading) -> str:
    """The case as the text of a case file."""
    return yaml_text(reading.data)


def yaml_text(data: Json) -> str:
    """Data in the shape of a case file, as its text."""
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=120)
    assert isinstance(text, str)
    return text


class Reader:
    """Reads one chart under one mapping."""

    def __init__(
        self, library: Library, mapping: CodeMap, chart: Chart, name: str, date: datetime.date | None
    ) -> None:
        self.library = library
        self.vocabulary = library.vocabulary
        self.mapping = mapping
        self.chart = chart
        self.place = Place(name)
        self.notes: list[Note] = []
        self.order = read_order(chart, mapping, self.vocabulary, self.place, date or self._answered_date())
        self.date = self.order.date
        self.merger = Merger(library, self.date, self.notes)
        self.findings: dict[Slot, list[Finding]] = {}
        self.other_types: dict[str, int] = {}

    def read(self) -> Reading:
        person = self._person()
        several = len(self._persons()) > 1
        for item in self.chart.items:
            theirs = self.chart.person_of(item)
            if theirs and person and theirs != person:
                self.notes.append(Note("left out", "", item.ref, "it belongs to another person"))
            elif not item.type:
                continue
            elif not theirs and several and item.type in self.mapping.kinds and item.type != "Location":
                self.notes.append(Note("left out", "", item.ref, "it does not say whose it is, and there are several"))
            else:
                self._item(item)
        for kind, count in self.other_types.items():
            self.notes.append(Note("not read", "", f"{kind}, {count} of them", "the mapping reads none of this type"))
        for each in self.chart.left:
            self.notes.append(Note("left out", "", each.where, each.why))
        self.notes += [Note(kind, fact, where, text) for kind, fact, where, text in self.order.notes]
        data = self._case()
        case = replace(make_case(self.vocabulary, data), path=self.place.path)
        notes = sorted(set(self.notes), key=lambda each: (NOTES.index(each.kind), each.fact, each.where, each.text))
        return Reading(case, data, tuple(notes), self.order, self.chart)

    def _person(self) -> str:
        """Whose chart it is: the order's person, else the only one there is."""
        if self.order.person:
            return self.order.person
        found = self._persons()
        if len(found) > 1:
            raise fault(
                f"{len(found)} persons, and no order says whose chart it is",
                "give one person's record, or the order (ServiceRequest) with it",
                self.place,
            )
        return next(iter(found), "")

    def _persons(self) -> dict[str, None]:
        """Everybody whom the chart speaks of."""
        every = dict.fromkeys(map(self.chart.person_of, self.chart.items))
        return {each: None for each in every if each.startswith("Patient")}

    def _answered_date(self) -> datetime.date | None:
        """The date of service that an answer to one of our forms says, for a chart without an order."""
        for item in self.chart.of("QuestionnaireResponse"):
            if is_ours(item.resource):
                found = service_date(item.resource)
                if found is not None:
                    return found
        return None

    # -- one resource --------------------------------------------------------------------------

    def _item(self, item: Item) -> None:
        if item.type == "QuestionnaireResponse" and is_ours(item.resource):
            self._response(item)
            return
        kind = self.mapping.kinds.get(item.type)
        if kind is None:
            self.other_types[item.type] = self.other_types.get(item.type, 0) + 1
            return
        codings = self._codings(kind, item)
        matched = [line for line in self.mapping.of(item.type) if self._matches(line, kind, codings)]
        if not any(line.codes.by_system for line in matched):
            if not [line for line in matched if not line.other] and item.ref not in self.order.refs and kind.code:
                said = ", ".join(shown(str(e["code"]), 20) for e in codings[:3] if e.get("code")) or "no code"
                self.notes.append(Note("not read", "", item.ref, f"no line of the mapping reads it ({said})"))
        else:
            matched = [line for line in matched if not line.other]
        for line in matched:
            code = next((str(e.get("code")) for e in codings if line.codes.match(e, self.mapping.systems)), "")
            self._line(line, kind, item, code)

    def _response(self, item: Item) -> None:
        """The answers to one of our forms."""
        if item.resource.get("status") not in ("completed", "amended"):
            self.notes.append(Note("does not count", "", item.ref, "the form is not completed"))
            return
        for finding in Answers(self.merger, item.resource, item.ref, Place(item.where)).findings:
            known = self.vocabulary.facts[finding.slot.fact]
            if finding.value is None and not known.presumed:
                self.notes.append(Note("beside", str(finding.slot), finding.where, finding.note))
            else:
                self.findings.setdefault(finding.slot, []).append(finding)

    def _codings(self, kind: Kind, item: Item) -> list[Mapping[str, Any]]:
        """The codes of what a resource is about; of a medication also by reference."""
        if not kind.code:
            return []
        try:
            found = path(kind.code)(item.resource)
        except PathError:
            return []
        codings: list[Mapping[str, Any]] = []
        for concept in found:
            if not isinstance(concept, Mapping):
                continue
            if "reference" in concept:
                target = self.chart.find(concept, item)
                concept = target.resource.get("code", {}) if target is not None else {}
            listed = concept.get("coding") if isinstance(concept, Mapping) else None
            codings += [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
        return codings

    def _matches(self, line: Line, kind: Kind, codings: Iterable[Mapping[str, Any]]) -> bool:
        if line.other or not kind.code or not line.codes.by_system:
            return True
        return any(line.codes.match(each, self.mapping.systems) for each in codings)

    def _line(self, line: Line, kind: Kind, item: Item, code: str) -> None:
        """What one line makes of one resource that it reads."""
        slots = self._slots(line, item)
        days = days_of(item.resource, kind.date) if kind.date else None
        shown = str(days) if days else ""

        def note(sort: str, text: str, where: str = "") -> None:
            for name in _named(slots, line.fact):
                self.notes.append(Note(sort, name, where or item.ref, text, shown))

        try:
            if line.where and not holds(line.where, item.resource):
                return
            refused = [reason for reason, expression in kind.counts if not holds(expression, item.resource)]
            unsure = [reason for reason, expression in kind.uncertain if holds(expression, item.resource)]
            still = not line.active or self._still(kind, item)
        except PathError:
            refused, unsure, still = [], ["it is not as FHIR R4 has it"], True
        if line.of_order and item.ref not in self.order.named(line.of_order):
            return note("does not count", f"the order does not refer to it ({line.of_order})")
        broken = sorted(item.broken & {*_STATES, kind.date, element_of(item.resource, kind.date), "code"} - {""})
        if refused and not broken:
            return note("does not count", refused[0])
        if broken:
            unsure = [f"its {broken[0]} is not as FHIR R4 has it"]
        if still is False:
            return note("history", "no longer active")
        if still is None:
            unsure = unsure or ["whether it is still active is not said"]
        if line.action not in ("years",):
            placed = self._placed(line, kind, item, days)
            if placed in ("after", "old", "over"):
                text = {"after": "after the service", "over": "it had ended before the service"}.get(
                    placed, f"more than {line.within} before the service"
                )
                if placed != "old" or not line.stale:
                    return note("history", f"{text}{self._said(line, item)}")
                unsure = unsure or [text]
            elif placed:
                unsure = unsure or [placed]
        if line.action == "hint":
            return note("beside", line.hint)
        self._found(line, item, slots, days, unsure, code)

    def _said(self, line: Line, item: Item) -> str:
        """What a number that is not recorded was, for a person to see."""
        if line.action != "value":
            return ""
        found = self._quantity(line, item)
        return f": {found[1]}" if found[0] is not None else ""

    def _slots(self, line: Line, item: Item) -> tuple[Slot, ...]:
        known = self.vocabulary.facts[line.fact]
        if not known.per:
            return (Slot(line.fact),)
        labels = line.members
        if line.member_at:
            index = self.vocabulary.indexes[known.per]
            sites = path(line.member_at)(item.resource)
            named = [self._sites(index.name, each) for each in sites]
            if named and all(named):
                labels = tuple(dict.fromkeys(label for each in named for label in each))
        return tuple(Slot(line.fact, label) for label in labels)

    def _sites(self, index: str, concept: object) -> tuple[str, ...]:
        """The members of an index that a body site names, by our own code or exactly as text."""
        known = self.vocabulary.indexes[index]
        if not isinstance(concept, Mapping):
            return ()
        system = self.mapping.systems.get(self.mapping.order.get("members", ""), ())
        for coding in codings(concept):
            if coding["system"] in system:
                return labels_of(known, coding["code"])
        text = concept.get("text")
        return labels_of(known, text) if isinstance(text, str) and text.strip() != "all" else ()

    def _still(self, kind: Kind, item: Item) -> bool | None:
        """Whether it is still so on the day of service; None if the resource does not say."""
        ended = days_of(item.resource, kind.ended) if kind.ended else None
        if ended is not None and ended.last < self.date:
            return False
        if element_of(item.resource, kind.ended) and (ended is None or ended.first < self.date):
            return None
        first = kind.active.split(".")[0]
        if first not in item.resource:
            return None
        return holds(kind.active, item.resource)

    def _placed(self, line: Line, kind: Kind, item: Item, days: Days | None) -> str:
        """Where a resource lies to the service: `after`, `old`, `over`, why that is open, or nothing if it counts."""
        if not kind.date:
            return ""
        if kind.spans:
            return "" if days is None or days.first <= self.date <= days.last else "over"
        if days is None:
            element = element_of(item.resource, kind.date)
            if line.within is None and not element.endswith(("Date", "DateTime", "Instant", "Period")):
                return ""  # an age or words are no date, and a code that is still so needs none
            return "no date when it was so"
        if days.first > self.date:
            return "after"
        if line.within is not None:
            start = before(self.date, line.within)
            if days.last < start:
                return "old"
            if days.first < start and line.action != "since":
                return f"it may be more than {line.within} before the service"
        if self.date < days.last < LAST and line.action != "since":
            return "it may be after the service"
        return ""

    # -- what it says --------------------------------------------------------------------------

    def _found(
        self, line: Line, item: Item, slots: Sequence[Slot], days: Days | None, unsure: Sequence[str], code: str
    ) -> None:
        known = self.vocabulary.facts[line.fact]
        value: Any = None
        element, why, said = "", "", ""
        if line.action == "gives":
            value, said = line.gives, code
        elif line.action == "value":
            value, said, element, why = self._number(line, item, known)
        elif line.action == "coded":
            value, said, element, why = self._coded(line, item)
        elif line.action == "named":
            value, why = self._text(line, item, known)
        elif line.action == "since":
            element = element_of(item.resource, line.at)
            value, why = self._since(line, item, known)
        elif line.action == "years":
            element = line.at
            value, why = self._years(line, item)
            days = None
        else:
            why = f"{code}: {line.hint or 'it does not say what, or where'}" if code else line.hint
        where = f"{item.ref} {element}".rstrip()
        if value is not None and unsure:
            value, why = None, unsure[0]
        for slot in slots:
            if value is None:
                self._doubt(Finding(slot, where, days, why), known)
            else:
                found = Finding(slot, where, days, said, value, line.action == "value", line.pick)
                self.findings.setdefault(slot, []).append(found)
        if not slots:
            self.notes.append(Note("not read", line.fact, where, "it names no member that is known here"))

    def _doubt(self, finding: Finding, known: Fact) -> None:
        """A fact that a presumption or a companion hangs on is left open; of another, the word is only shown."""
        if known.presumed or known.finding:
            self.findings.setdefault(finding.slot, []).append(finding)
        else:
            date = str(finding.days) if finding.days else ""
            self.notes.append(Note("beside", str(finding.slot), finding.where, finding.note, date))

    def _quantity(self, line: Line, item: Item) -> tuple[Decimal | None, str, str, str]:
        """A number in the fact's unit, as it was written, its element, its comparator or why there is none."""
        element = element_of(item.resource, line.at.split(".")[0])
        try:
            found = path(line.at)(item.resource)
        except PathError:
            found = []
        if not found or element in item.broken or line.at.split(".")[0] in item.broken:
            return None, "", element, "no number that can be read"
        quantity = found[0]
        if isinstance(quantity, int) and not isinstance(quantity, bool):
            factor = line.units.get(INTEGER)
            if factor is None:
                return None, "", element, "a number without a unit"
            return Decimal(quantity) * factor, str(quantity), element, ""
        number = quantity.get("value") if isinstance(quantity, Mapping) else None
        if isinstance(number, bool) or not isinstance(number, int | Decimal):
            return None, "", element, "no number that can be read"
        code = quantity.get("code")
        if quantity.get("system") != _UCUM or not isinstance(code, str):
            return None, "", element, "a number without a UCUM unit"
        factor = line.units.get(code)
        if factor is None:
            return None, "", element, f"a number in `{shown(code, 20)}`, which is not read here"
        sign = quantity.get("comparator")
        if sign is not None and (not isinstance(sign, str) or sign not in BOUNDS):
            return None, "", element, "a comparator that is not read here"
        return Decimal(number) * factor, f"{sign or ''}{number} {code}", element, str(sign or "")

    def _number(self, line: Line, item: Item, known: Fact) -> tuple[Any, str, str, str]:
        number, said, element, sign = self._quantity(line, item)
        if number is None:
            return None, "", element, sign
        value = self.merger.recordable(known, number, sign)
        if value is None:
            return None, "", element, f"{said} lies outside what `{known.name}` can be"
        return value, said, element, ""

    def _coded(self, line: Line, item: Item) -> tuple[Any, str, str, str]:
        """The value that a coded answer stands for; any other answer, `unknown` above all, is a doubt."""
        element = element_of(item.resource, "value")
        answer = item.resource.get(element) if element else None
        codings = answer.get("coding") if isinstance(answer, Mapping) and "coding" in answer else [answer]
        found = {
            value: str(coding.get("code"))
            for value, codes in line.coded.items()
            for coding in (codings if isinstance(codings, list) else ())
            if isinstance(coding, Mapping) and codes.match(coding, self.mapping.systems)
        }
        if len(found) != 1 or element in item.broken:
            return None, "", element, NO_ANSWER if element else "no answer"
        value, code = next(iter(found.items()))
        return value, code, element, ""

    def _text(self, line: Line, item: Item, known: Fact) -> tuple[Any, str]:
        found = path(line.at)(item.resource)
        values = {str(each).strip().lower() for each in found} & set(known.values)
        return (next(iter(values)), "") if len(values) == 1 else (None, "it names none of the values")

    def _since(self, line: Line, item: Item, known: Fact) -> tuple[Any, str]:
        days = days_of(item.resource, line.at)
        if days is None or days.first == FIRST:
            return None, "when it began is not said"
        if days.last >= self.date:
            return None, "it may have begun after the service"
        slot = Slot(known.name, next(iter(self.vocabulary.indexes[known.per].members)) if known.per else "")
        value = duration(days, self.date)
        try:
            parse_value(self.vocabulary, slot, value, self.date)
        except InputError:
            return None, "it began longer ago than can be recorded"
        return value, ""

    def _years(self, line: Line, item: Item) -> tuple[Any, str]:
        days = days_of(item.resource, line.at)
        if days is None or days.first == FIRST:
            return None, f"no {line.at}"
        died = item.resource.get(element_of(item.resource, "deceased"))
        if died is not None and died is not False:
            gone = parse_days(died)
            if gone is None or gone.first <= self.date:
                return None, f"the person died{f' {gone}' if gone else ''}: no age is worked out"
        if days.last > self.date:
            return None, f"a {line.at} after the service"
        return years(days, self.date), ""

    # -- putting it together -------------------------------------------------------------------

    def _case(self) -> Json:
        facts: Json = {}
        for slot in self.vocabulary.in_order(self.findings):
            put(facts, slot, self.merger.record(slot, self.findings[slot]))
        for name, records in self.order.facts.items():
            facts[name] = {**facts.get(name, {}), **records}
        return {
            "title": f"A chart in FHIR, read for a service on {self.date.isoformat()}.",
            "source": f"FHIR R4, {len(self.chart.items)} resources, SHA-256 {self.chart.digest[:12]}",
            "request": {"date": self.date.isoformat(), **self.order.request},
            "facts": facts,
        }


def _named(slots: Sequence[Slot], fact: str) -> Iterator[str]:
    """The slots by name; a fact for all its members once."""
    if len(slots) == 1:
        yield str(slots[0])
    else:
        yield fact
