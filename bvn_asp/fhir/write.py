"""A case as a record in FHIR: what codes can say as coded resources, the order as an order, all else as answers.

For tests and for trying things out: what is written here is read back as the same case.
"""

from __future__ import annotations

import datetime
from typing import Any

from bvn_asp.fhir.documents import Json, plain
from bvn_asp.fhir.form import answers_of, questionnaire, response, several_of
from bvn_asp.fhir.mapping import CodeMap, Line, load_mapping
from bvn_asp.model.case import Case, Named, Record, value_data
from bvn_asp.model.library import Library
from bvn_asp.model.quantity import Interval, Quantity
from bvn_asp.model.vocabulary import Several, Slot

_PERSON = {"reference": "Patient/p"}
_YES, _NO = Named(("yes",)), Named(("no",))
_STATE = "http://terminology.hl7.org/CodeSystem/condition-"


def write(library: Library, case: Case) -> Json:
    """A Bundle that is read as this case, titles and evidence aside.

    What no resource says, whose judgement a record is and that several records are of one operation, is told in an
    OperationOutcome at its end.
    """
    mapping = load_mapping(library.folder, library.vocabulary)
    resources: list[Json] = [{"resourceType": "Patient", "id": "p"}]
    orders, ordered = _orders(library, mapping, case)
    resources += orders
    rest: list[Record] = []
    several = [each for each in case.several if each.slot.fact not in library.vocabulary.request.lists.values()]
    for record in (*case.records, *case.silent, *several):
        loose = isinstance(record.slot, Several)
        if record.slot in ordered or record.derived or (record.somewhere and not loose):
            continue
        made = _coded(mapping, record, case.date, len(resources)) if case.date and not loose else None
        if made is None:
            rest.append(record)
        else:
            resources.append(made)
    resources += _responses(library, case, rest)
    resources += _left_out(library, case)
    entries = [{"fullUrl": f"http://example.org/fhir/{r['resourceType']}/{r['id']}", "resource": plain(r)}
               for r in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _concept(mapping: CodeMap, system: str, code: str) -> Json:
    return {"coding": [{"system": mapping.systems[system][0], "code": code}]}


def _orders(library: Library, mapping: CodeMap, case: Case) -> tuple[list[Json], set[Slot]]:
    """The orders, and the slots that they say: only where the case has each list whole."""
    lists: dict[str, dict[str, Any]] = {}
    asked = library.vocabulary.request
    for name in asked.whole:
        slots = library.vocabulary.slots_of(name) if name in library.vocabulary.facts else ()
        records = [case.get(slot) for slot in slots]
        values = {slot.member: r.value for slot, r in zip(slots, records, strict=True) if r is not None}
        if slots and len(values) == len(slots):
            lists[name] = values
    units = {
        code: value.exact.amount
        for code, value in lists.get(asked.procedures, {}).items()
        if isinstance(value, Interval) and isinstance(value.exact, Quantity)
    }
    if case.date is None or len(units) < len(lists.get(asked.procedures, {})) or not any(units.values()):
        return [], set()
    kept = {asked.procedures}
    more: Json = {}
    for name, element, key in (
        (asked.members, "bodySite", "members"),
        (asked.diagnoses, "reasonCode", "diagnoses"),
    ):
        values = lists.get(name, {})
        known = library.vocabulary.indexes[library.vocabulary.facts[name].per]
        other = known.otherwise[0] if known.otherwise else ""
        if values and set(values.values()) <= {_YES, _NO} and _YES in values.values() and values.get(other) != _YES:
            kept.add(name)
            named = [member for member, value in values.items() if value == _YES]
            more[element] = [_concept(mapping, mapping.order[key], member) for member in named]
    orders = [
        {
            "resourceType": "ServiceRequest", "id": f"order-{code}", "status": "draft", "intent": "order",
            "code": _concept(mapping, mapping.order["procedures"], code), "subject": _PERSON,
            "occurrenceDateTime": case.date.isoformat(), "quantityQuantity": {"value": amount}, **more,
        }
        for code, amount in units.items()
        if amount
    ]
    return orders, {slot for name in kept for slot in library.vocabulary.slots_of(name)}


def _coded(mapping: CodeMap, record: Record, date: datetime.date, number: int) -> Json | None:
    """A coded resource that says a record and nothing else; None if no line of the mapping does."""
    if record.value is None or (isinstance(record.value, Named) and len(record.value.values) > 1):
        return None
    for line in mapping.lines:
        if line.fact != record.slot.fact or line.members not in ((), (record.slot.member,)) or line.where:
            continue
        code = _own_code(mapping, line)
        if code is None or line.read not in ("Condition", "Observation", "DiagnosticReport"):
            continue
        exact = record.value.exact if isinstance(record.value, Interval) else None
        said: Json | None = None
        if line.action == "gives" and line.gives == value_data(record.value):
            said = {}
        elif line.action == "value" and isinstance(exact, Quantity):
            unit, factor = next((u, f) for u, f in line.units.items() if u != "integer")
            amount = exact.amount / factor
            said = {"valueQuantity": {"value": amount, "system": "http://unitsofmeasure.org", "code": unit}}
            said = said if amount * factor == exact.amount else None
        elif line.action == "coded" and isinstance(record.value, Named):
            codes = line.coded.get(record.value.values[0])
            found = next(((s, c[0]) for s, c in codes.by_system.items()), None) if codes else None
            said = {"valueCodeableConcept": _concept(mapping, *found)} if found else None
        if said is not None:
            return _resource(mapping, line, code, said, date, number)
    return None


def _own_code(mapping: CodeMap, line: Line) -> tuple[str, str] | None:
    """A code of a line that no other line records anything from."""
    others = [each for each in mapping.of(line.read) if each is not line and each.action != "hint" and not each.other]
    for system, codes in line.codes.by_system.items():
        for code in codes:
            coding = {"system": mapping.systems[system][0], "code": code}
            if "*" not in code and not any(each.codes.match(coding, mapping.systems) for each in others):
                return system, code
    return None


def _resource(
    mapping: CodeMap, line: Line, code: tuple[str, str], said: Json, date: datetime.date, number: int
) -> Json:
    made: Json = {"resourceType": line.read, "id": f"r{number}", "code": _concept(mapping, *code), "subject": _PERSON}
    day = date.isoformat()
    if line.read == "Condition":
        made["clinicalStatus"] = {"coding": [{"system": f"{_STATE}clinical", "code": "active"}]}
        made["verificationStatus"] = {"coding": [{"system": f"{_STATE}ver-status", "code": "confirmed"}]}
        made["onsetDateTime"] = day
    else:
        made |= {"status": "final", "effectiveDateTime": day}
    return {**made, **said}


def _left_out(library: Library, case: Case) -> list[Json]:
    """What a Bundle does not carry of a case, in an OperationOutcome; nothing if that is nothing."""
    lists = library.vocabulary.request.lists.values()
    told = [f"{each.slot}: whose judgement it is ({', '.join(who for who, _, _ in each.by)})"
            for each in case.records if each.by]
    told += [f"{each.fact} at {each.member}: that it was one, done at once" for each in case.tied]
    told += [f"{each.slot.fact}: {each.somewhere}" for each in case.several if each.slot.fact in lists]
    issues = [{"severity": "warning", "code": "not-supported", "diagnostics": f"not carried: {text}"} for text in told]
    return [{"resourceType": "OperationOutcome", "id": "not-carried", "issue": issues}] if issues else []


def _responses(library: Library, case: Case, records: list[Record]) -> list[Json]:
    """The answers to a form; a contradiction is two responses that differ."""
    vocabulary = library.vocabulary
    layers: list[list[Record]] = [[record for record in records if record.value is not None or record.silent]]
    for record in records:
        for number, (value, _) in enumerate(record.conflicting):
            while len(layers) <= number:
                layers.append([])
            layers[number].append(Record(record.slot, value))
    found = []
    revisions = [next(iter(library.policies.values())).encoded[0]]
    for number, layer in enumerate(layers, 1):
        answers = answers_of(vocabulary, layer, "manual")
        if number == 1 and case.date:
            answers["date"] = [{"valueDate": case.date.isoformat()}]
        slots = [record.slot for record in layer]
        form = questionnaire(library, revisions, slots, several=several_of(answers, vocabulary), with_date=True)
        more = {"subject": _PERSON, **({"authored": case.date.isoformat()} if case.date else {})}
        made = response(form, answers, f"answers-{number}", **more)
        if made["item"]:
            found.append({**made, "status": "completed"})
    return found


