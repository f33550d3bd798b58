"""Which order asks for the procedure, and what it says: person, date of service, bodies, codes, units.

An order is whole: a body, a diagnosis or a unit that does not stand on it is not asked for. Where something on it is
not understood (a body site in words, a reason that leads nowhere), only what is understood is recorded, and the rest
is left open.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from bvn_asp.classes import dataclass, field
from bvn_asp.errors import Place, fault
from bvn_asp.fhir.chart import Chart, Item
from bvn_asp.fhir.days import days_of
from bvn_asp.fhir.documents import Json
from bvn_asp.fhir.mapping import CodeMap
from bvn_asp.fhir.paths import PathError, holds
from bvn_asp.model.members import labels_of
from bvn_asp.model.vocabulary import Index, Vocabulary

KINDS = ("ServiceRequest", "Claim")


@dataclass(frozen=True)
class Order:
    """What the orders of a chart ask for, ours only.

    Attributes:
        refs: the orders; empty if the chart holds none, and then only the date is known.
        request: the keys of a case's `request`.
        facts: what the order says of single slots, with evidence: fact to member to record.
        others: orders for something else.
        notes: (kind, fact, where, text) of what was not understood.
    """

    date: datetime.date
    person: str = ""
    refs: tuple[str, ...] = ()
    request: Json = field(default_factory=dict)
    facts: dict[str, Json] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    notes: tuple[tuple[str, str, str, str], ...] = ()
    links: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def named(self, element: str) -> frozenset[str]:
        """The resources to which an element of the orders refers."""
        return self.links.get(element, frozenset())


def read_order(
    chart: Chart, mapping: CodeMap, vocabulary: Vocabulary, place: Place, date: datetime.date | None
) -> Order:
    """What the orders of a chart ask for.

    Raises: InputError: two persons or two dates, or no date of service at all.
    """
    notes: list[tuple[str, str, str, str]] = []
    ours, others = [], []
    for item in chart.of(*KINDS):
        if not asks_for(item, mapping, vocabulary):
            others.append(item.ref)
        elif refused := _refused(item, mapping):
            notes.append(("does not count", "", item.ref, refused))
        else:
            ours.append(item)
    day = _date(ours, place, date)
    if not ours:
        return Order(day, others=tuple(others), notes=tuple(notes))
    people = dict.fromkeys(filter(None, map(chart.person_of, ours)))
    if len(people) > 1:
        raise fault("the orders are for two persons", "give one person's order", place)
    request: Json = {}
    facts: dict[str, Json] = {}
    asked = vocabulary.request
    procedures = _index(vocabulary, asked.procedures)
    if procedures is not None:
        _units(ours, mapping, procedures, asked.procedures, request, facts)
    for key, fact in asked.lists.items():
        index = _index(vocabulary, fact)
        what = "members" if fact == asked.members else "diagnoses"
        if index is not None:
            _listed(ours, chart, mapping, index, key, what, fact, request, facts, notes)
    elements = ("insurance", "locationReference", "facility")
    links = {element: frozenset(_links(ours, chart, element)) for element in elements}
    refs = tuple(sorted(item.ref for item in ours))
    return Order(day, next(iter(people), ""), refs, request, facts, tuple(others), tuple(notes), links)


def _codes(item: Item) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Each coding of what is asked for, with the element (the order itself, or an item of a claim) that has it."""
    if item.type == "Claim":
        for each in every(item.resource.get("item")):
            if isinstance(each, Mapping):
                for coding in codings(each.get("productOrService")):
                    yield coding, each
        return
    code = item.resource.get("code")
    for coding in codings(code):
        yield coding, item.resource
    for extension in every(code.get("extension")) if isinstance(code, Mapping) else ():
        if isinstance(extension, Mapping) and str(extension.get("url", "")).endswith("/ext-billing-options"):
            for coding in codings(extension.get("valueCodeableConcept")):
                yield coding, item.resource


def codings(concept: object) -> list[Mapping[str, Any]]:
    """The codings of a concept that have a system and a code; none if it is not one."""
    listed = concept.get("coding") if isinstance(concept, Mapping) else None
    return [
        each
        for each in (listed if isinstance(listed, list) else ())
        if isinstance(each, Mapping) and isinstance(each.get("system"), str) and isinstance(each.get("code"), str)
    ]


def every(value: object) -> list[Any]:
    """The parts of an element that may repeat; one that wrongly stands alone counts as one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _in(coding: Mapping[str, Any], mapping: CodeMap, what: str) -> bool:
    return coding.get("system") in mapping.systems.get(mapping.order.get(what, ""), ())


def asks_for(item: Item, mapping: CodeMap, vocabulary: Vocabulary) -> bool:
    """Whether an order asks for the procedure, by its code."""
    index = _index(vocabulary, vocabulary.request.procedures)
    members = index.members if index is not None else {}
    return any(_in(coding, mapping, "procedures") and coding.get("code") in members for coding, _ in _codes(item))


def _index(vocabulary: Vocabulary, fact: str) -> Index | None:
    known = vocabulary.facts.get(fact)
    return vocabulary.indexes[known.per] if known is not None and known.per else None


def _refused(item: Item, mapping: CodeMap) -> str:
    """Why an order does not count; empty if it does."""
    kind = mapping.kinds.get(item.type)
    for reason, expression in kind.counts if kind is not None else ():
        try:
            if not holds(expression, item.resource):
                return reason
        except PathError:
            return "it is not as FHIR R4 has it"
    return ""


def _date(ours: Sequence[Item], place: Place, given: datetime.date | None) -> datetime.date:
    found: dict[datetime.date, str] = {}
    for item in ours:
        for element, name in ((item.resource, "occurrence"), *_served(item)):
            days = days_of(element, name)
            if days is None:
                continue
            if days.exact:
                found[days.exact] = item.ref
            elif given is None:
                raise fault(f"{item.ref} names no single day for the service ({days})", "name it with --date", place)
            elif not days.first <= given <= days.last:
                raise fault(f"--date {given} lies outside {days}, which {item.ref} names", "leave it out?", place)
    if len(found) > 1:
        listed = ", ".join(each.isoformat() for each in sorted(found))
        raise fault(f"the orders are for several days: {listed}", "give the order of one day", place)
    if found:
        day, ref = next(iter(found.items()))
        if given is not None and given != day:
            raise fault(f"{ref} is for {day}, --date says {given}", "leave --date out", place)
        return day
    if given is None:
        raise fault(
            "no date of service", "an order (ServiceRequest.occurrence, Claim.item.serviced) has it, or --date", place
        )
    return given


def _served(item: Item) -> Iterator[tuple[Mapping[str, Any], str]]:
    for each in every(item.resource.get("item")) if item.type == "Claim" else ():
        if isinstance(each, Mapping):
            yield each, "serviced"


def _units(
    ours: Sequence[Item], mapping: CodeMap, index: Index, fact: str, request: Json, facts: dict[str, Json]
) -> None:
    """Units by code: whole where every order says how many, else at least one."""
    units: dict[str, Decimal | None] = {}
    where: dict[str, list[str]] = {}
    for item in ours:
        seen = set()
        for coding, element in _codes(item):
            code = coding.get("code")
            if not _in(coding, mapping, "procedures") or code not in index.members or (code, id(element)) in seen:
                continue
            seen.add((code, id(element)))
            quantity = element.get("quantity") if item.type == "Claim" else element.get("quantityQuantity")
            amount = quantity.get("value") if isinstance(quantity, Mapping) else None
            before = units.get(code, Decimal(0))
            counted = isinstance(amount, int | Decimal) and amount == int(amount) >= 0
            units[code] = before + Decimal(int(amount or 0)) if counted and before is not None else None
            where.setdefault(code, []).append(item.ref)
    if all(amount is not None and amount <= 9 for amount in units.values()):
        request["procedures"] = {code: int(amount) for code, amount in units.items() if amount is not None}
    facts[fact] = {
        code: {
            **({"at_least": "1"} if amount is None or amount > 9 else {"value": str(amount)}),
            "evidence": {
                "document": ", ".join(where[code]), **({"note": "units not stated"} if amount is None else {})
            },
        }
        for code, amount in sorted(units.items())
    }


def _listed(
    ours: Sequence[Item], chart: Chart, mapping: CodeMap, index: Index, key: str, what: str, fact: str, request: Json,
    facts: dict[str, Json], notes: list[tuple[str, str, str, str]],
) -> None:
    """The bodies or the diagnoses of the orders: whole where all of it is understood."""
    found: dict[str, list[str]] = {}
    whole, any_said = True, False
    for item in ours:
        whole = whole and not item.broken & {"bodySite", "reasonCode", "reasonReference", "diagnosis", "item"}
        for where, concept in _concepts(item, chart, what):
            any_said = True
            labels = _labels(concept, mapping, index, what)
            if not labels:
                whole = False
                notes.append(("open", fact, f"{item.ref} {where}", "not understood: no code that is known here"))
            for label in labels:
                found.setdefault(label, []).append(f"{item.ref} {where}")
    if not any_said:
        return
    if whole:
        request[key] = [label for label in index.members if label in found]
    facts[fact] = {
        label: {"value": "yes", "evidence": {"document": ", ".join(dict.fromkeys(found[label]))}}
        for label in index.members
        if label in found
    }


def _concepts(item: Item, chart: Chart, what: str) -> Iterator[tuple[str, object]]:
    resource = item.resource
    if what == "members":
        for number, each in enumerate(every(resource.get("bodySite"))):
            yield f"bodySite[{number}]", each
        for number, each in enumerate(every(resource.get("item")) if item.type == "Claim" else ()):
            if isinstance(each, Mapping) and each.get("bodySite") is not None:
                yield f"item[{number}].bodySite", each["bodySite"]
        return
    for number, each in enumerate(every(resource.get("reasonCode"))):
        yield f"reasonCode[{number}]", each
    for number, each in enumerate(every(resource.get("reasonReference"))):
        target = chart.find(each, item)
        if target is None or target.type == "Condition":
            yield f"reasonReference[{number}]", target.resource.get("code") if target is not None else None
    for number, each in enumerate(every(resource.get("diagnosis")) if item.type == "Claim" else ()):
        if isinstance(each, Mapping):
            concept = each.get("diagnosisCodeableConcept")
            target = chart.find(each.get("diagnosisReference"), item)
            yield f"diagnosis[{number}]", concept or (target.resource.get("code") if target is not None else None)


def _labels(concept: object, mapping: CodeMap, index: Index, what: str) -> tuple[str, ...]:
    for coding in codings(concept):
        if _in(coding, mapping, what) and isinstance(coding.get("code"), str) and coding["code"] != "all":
            return labels_of(index, coding["code"])
    text = concept.get("text") if isinstance(concept, Mapping) else None
    return labels_of(index, text) if what == "members" and isinstance(text, str) and text.strip() != "all" else ()


def _links(ours: Sequence[Item], chart: Chart, element: str) -> Iterator[str]:
    for item in ours:
        value = item.resource.get(element)
        for each in every(value):
            reference = each.get("coverage") if isinstance(each, Mapping) and "coverage" in each else each
            target = chart.find(reference, item) if reference is not None else None
            if target is not None:
                yield target.ref
