"""Questions as a FHIR Questionnaire, and a case as answers to one.

One item a slot: its `linkId` is the slot's name (`modic.L4`), so that the way back is a look-up; its words are those of
`bvn ask`. Facts with named values are choices, with *Unknown* among them; numbers and durations are quantities with
their units, beside items to say that it is not known, or that a report on file does not say, and for a duration dates
from which it can be counted. What a chart says of several members without saying which has an item of its own, named
`modic.somewhere`, where it is on record or the form asks for several of them.
Nothing is required: nobody is forced to guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from bvn_asp.cases.ask import Questions
from bvn_asp.fhir.documents import Json
from bvn_asp.model.case import REQUEST, SILENT, Named, Record, Value
from bvn_asp.model.library import Library
from bvn_asp.model.members import labels_of, span_of
from bvn_asp.model.policy import Revision
from bvn_asp.model.quantity import Quantity, Span
from bvn_asp.model.somewhere import KEY, part_of_name
from bvn_asp.model.vocabulary import Fact, Several, Slot, Vocabulary
from bvn_asp.render.ask import wording
from bvn_asp.render.words import NOTICE

BASE = "http://example.org/bvn-asp"
FORMS = f"{BASE}/Questionnaire/"
UNKNOWN = {"system": "http://snomed.info/sct", "code": "261665006", "display": "Unknown"}
NOT_REPORTED = {
    "system": f"{BASE}/CodeSystem/standing", "code": SILENT, "display": "A report on file does not say",
}
ORIGIN = "http://hl7.org/fhir/us/davinci-dtr/StructureDefinition/information-origin"
ADAPTIVE = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-questionnaireAdaptive"
_UNIT_OPTION = "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption"
_UCUM = "http://unitsofmeasure.org"
_CODES = {"kg/m2": "kg/m2", "mm": "mm", "days": "d", "weeks": "wk", "months": "mo", "years": "a"}
TIMES = ("months", "weeks", "days", "years")
SUFFIXES = (".unknown", f".{SILENT}", ".since", ".until", ".count", ".exactly")
DATE = "date"
_SIGNS = {"at_least": ">=", "more_than": ">", "at_most": "<=", "less_than": "<"}


def value_system(known: Fact) -> str:
    """The code system of a fact's values."""
    return f"{BASE}/CodeSystem/{'yes_no' if known.type == 'yes_no' else known.name}"


def units_of(known: Fact) -> dict[str, str]:
    """The units in which a number can be given: UCUM code to unit."""
    listed = TIMES if known.type == "duration" else (known.unit,)
    return {_CODES.get(unit, f"{{{unit}}}"): unit for unit in listed}


def form_url(revisions: Sequence[Revision]) -> str:
    """The address of a policy's form, and the editions it asks for as its version: `…/cohere-ma|2025-05-29`."""
    names = "--".join(each.policy.id for each in revisions)
    return f"{FORMS}{names}|{'--'.join(each.id for each in revisions)}"


def questionnaire(
    library: Library,
    revisions: Sequence[Revision],
    slots: Iterable[Slot],
    hints: Mapping[str, Sequence[str]] | None = None,
    several: Iterable[Slot] = (),
    with_date: bool = False,
    answer: Questions | None = None,
) -> Json:
    """A form that asks for some slots, grouped by the headings of the vocabulary.

    Args:
        hints: slot or fact to what the record says beside the question.
        several: the slots that may have more than one answer: one of these values, or both ends of a range.
        with_date: also ask for the date of service.
        answer: what is open of the case; a question then names what on record raised it.
    """
    vocabulary = library.vocabulary
    address, _, version = form_url(revisions).partition("|")
    asked = vocabulary.in_order(slots)
    titles = ", ".join(f"{each.policy.title} ({each.policy.publisher})" for each in revisions)
    items = _items(library, asked, hints or {}, frozenset(several), answer)
    if with_date:
        items.insert(0, {"linkId": DATE, "text": "Date of service", "type": "date", "required": False})
    documents = dict.fromkeys(d.strip() for s in asked for d in vocabulary.facts[s.fact].document.split(",") if d)
    if documents and asked:
        items.append(_display("documents", "Documents to attach: " + "; ".join(filter(None, documents))))
    if not asked:
        items.append(_display("nothing", "Nothing is left to ask: no answer can change what the policy says."))
    name = "--".join(each.policy.id for each in revisions)
    return {
        "resourceType": "Questionnaire",
        "id": f"{name}-{version}"[:64],
        "url": address,
        "version": version,
        "name": "".join(part.capitalize() for part in name.replace("--", "-").split("-")),
        "title": f"What is still open under {titles}",
        "status": "active",
        "experimental": True,
        "subjectType": ["Patient"],
        "description": NOTICE,
        "item": items,
    }


def _display(link: str, text: str) -> Json:
    return {"linkId": link, "text": text, "type": "display"}


def _items(
    library: Library, slots: Sequence[Slot], hints: Mapping[str, Sequence[str]], several: frozenset[Slot],
    answer: Questions | None,
) -> list[Json]:
    vocabulary = library.vocabulary
    sections: dict[str, dict[str, list[Slot]]] = {}
    for slot in slots:
        sections.setdefault(vocabulary.facts[slot.fact].section, {}).setdefault(slot.fact, []).append(slot)
    found = []
    for section, facts in sections.items():
        inside: list[Json] = []
        for name, members in facts.items():
            known = vocabulary.facts[name]
            told = [_display(f"{name}.hint.{n}", text) for n, text in enumerate(_told(hints, name, members), 1)]
            if not known.per:
                inside += [*_question(library, members[0], several, answer), *told]
                continue
            parts = [each for slot in members for each in _question(library, slot, several, answer)]
            inside.append(
                {"linkId": name, "text": known.ask or known.about, "type": "group", "item": [*told, *parts]}
            )
        found.append({"linkId": f"section.{_slug(section)}", "text": section, "type": "group", "item": inside})
    return found


def _told(hints: Mapping[str, Sequence[str]], name: str, members: Sequence[Slot]) -> list[str]:
    listed = [*hints.get(name, ()), *(text for slot in members if slot.member for text in hints.get(str(slot), ()))]
    return list(dict.fromkeys(listed))


def _slug(text: str) -> str:
    return "-".join(text.lower().replace(",", "").split())


def _question(library: Library, slot: Slot, several: frozenset[Slot], answer: Questions | None) -> list[Json]:
    """The items of one slot."""
    known = library.vocabulary.facts[slot.fact]
    text = wording(library, slot, answer)
    codes = [{"system": f"{BASE}/CodeSystem/fact", "code": slot.fact}]
    loose = isinstance(slot, Several)
    if loose:
        text = f"{known.ask or known.about} [{slot.member.replace(KEY, 'one of them at least')}, which is not stated]"
    elif slot.member:
        codes.append({"system": f"{BASE}/CodeSystem/{known.per}", "code": slot.member})
    item: Json = {"linkId": str(slot), "code": codes, "text": text, "required": False}
    if slot in several:
        item["repeats"] = True
    if known.is_named:
        options = [
            {"system": value_system(known), "code": value, "display": meaning or value.replace("_", " ")}
            for value, meaning in known.values.items()
        ]
        options += [] if loose else [*([NOT_REPORTED] if is_reported(known) else []), UNKNOWN]
        found = [{**item, "type": "choice", "answerOption": [{"valueCoding": each} for each in options]}]
        return [*found, *(_how_many(slot) if loose else ())]
    units = [
        {"url": _UNIT_OPTION, "valueCoding": {"system": _UCUM, "code": code, "display": unit}}
        for code, unit in units_of(known).items()
    ]
    found = [{**item, "type": "quantity", "extension": units}]
    if known.type == "duration":
        for end, words in (("since", "or since which day"), ("until", "and until which day, if not until now")):
            found.append({"linkId": f"{slot}.{end}", "text": f"{text} ({words})", "type": "date", "required": False})
    if loose:
        return [*found, *_how_many(slot)]
    if is_reported(known):
        said = f"{NOT_REPORTED['display']}: {text}"
        found.append({"linkId": f"{slot}.{SILENT}", "text": said, "type": "boolean", "required": False})
    found.append({"linkId": f"{slot}.unknown", "text": f"Not known: {text}", "type": "boolean", "required": False})
    return found


def _how_many(slot: Slot) -> list[Json]:
    """How many members have it, where the chart says so."""
    return [
        {"linkId": f"{slot}.{key}", "text": f"{words}: {slot.fact.replace('_', ' ')} {slot.member}", "type": "integer",
         "required": False}
        for key, words in (("count", "Of how many at least"), ("exactly", "Of exactly how many"))
    ]


def is_reported(known: Fact) -> bool:
    """Whether a report may state a fact, and so may be silent on it."""
    return known.section != REQUEST


def slots_by_name(vocabulary: Vocabulary, name: str) -> Slot | None:
    """The slot that a `linkId` names, of one member or several (`modic.somewhere in A3-B1`); None if there is none."""
    fact, _, member = name.partition(".")
    known = vocabulary.facts.get(fact)
    if known is None:
        return None
    index = vocabulary.indexes[known.per] if known.per else None
    if index is None or member in index.members:
        return Slot(fact, member) if bool(member) == bool(index) else None
    span, several = part_of_name(member)
    of = labels_of(index, span) or span_of(index, span) if span else tuple(index.members)
    return Several(fact, member, of) if several and is_reported(known) and len(of) > 1 else None


# -- a case as answers ---------------------------------------------------------------------------------


def answers_of(vocabulary: Vocabulary, records: Iterable[Record], origin: str = "auto") -> dict[str, list[Json]]:
    """The answers that say what some records say, by `linkId`; a contradiction is no answer, and not among them."""
    found: dict[str, list[Json]] = {}
    for record in records:
        known = vocabulary.facts[record.slot.fact]
        said: dict[str, list[Json]] = {}
        if record.silent:
            silent = {"valueCoding": NOT_REPORTED} if known.is_named else {"valueBoolean": True}
            said = {str(record.slot) if known.is_named else f"{record.slot}.{SILENT}": [silent]}
        elif isinstance(record.slot, Several):
            slot = record.slot
            said = _answers(known, slot, record.value) if record.value is not None else {}
            if slot.most is not None or slot.least > 1:
                key = "count" if slot.most is None else "exactly"
                said[f"{slot}.{key}"] = [{"valueInteger": slot.least}]
        elif record.value is not None and not record.somewhere:
            said = _answers(known, record.slot, record.value)
        found |= {link: [{**each, "extension": [_origin(origin)]} for each in listed] for link, listed in said.items()}
    return found


def _origin(word: str) -> Json:
    return {"url": ORIGIN, "extension": [{"url": "source", "valueCode": word}]}


def _answers(known: Fact, slot: Slot, value: Value) -> dict[str, list[Json]]:
    if isinstance(value, Named):
        if set(value.values) == set(known.values):
            return {str(slot): [{"valueCoding": UNKNOWN}]}
        return {str(slot): [{"valueCoding": _coding(known, each)} for each in value.values]}
    if value.dated and value.dated[0][0] == "since":
        return {f"{slot}.{end}": [{"valueDate": text}] for end, text in value.dated if f".{end}" in SUFFIXES}
    exact = value.exact
    if isinstance(exact, Span):
        dates = {"since": exact.since, "until": exact.until}
        return {f"{slot}.{end}": [{"valueDate": date.isoformat()}] for end, date in dates.items()}
    if isinstance(exact, Quantity):
        return {str(slot): [{"valueQuantity": _quantity(known, exact)}]}
    if (value.low, value.high) == (known.low, known.high) and not (value.low_open or value.high_open):
        return {f"{slot}.unknown": [{"valueBoolean": True}]}
    ends = (
        (value.low, ">" if value.low_open else ">="),
        (value.high, "<" if value.high_open else "<="),
    )
    bounds = [{**_quantity(known, end), "comparator": sign} for end, sign in ends if isinstance(end, Quantity)]
    return {str(slot): [{"valueQuantity": each} for each in bounds]} if bounds else {}


def _coding(known: Fact, value: str) -> Json:
    return {"system": value_system(known), "code": value}


def _quantity(known: Fact, amount: Quantity) -> Json:
    unit = amount.unit or known.unit
    code = next(code for code, name in units_of(known).items() if name == unit)
    return {"value": amount.amount, "unit": unit, "system": _UCUM, "code": code}


def several_of(answers: Mapping[str, Sequence[Any]], vocabulary: Vocabulary) -> list[Slot]:
    """The slots with more than one answer."""
    named = [slots_by_name(vocabulary, link) for link, listed in answers.items() if len(listed) > 1]
    return [slot for slot in named if slot is not None]


def filled(items: Sequence[Json], answers: Mapping[str, Sequence[Json]]) -> list[Json]:
    """The items of a response to a form: those that have an answer, in its groups."""
    found = []
    for item in items:
        link = item["linkId"]
        inside = filled(item.get("item", ()), answers)
        if answers.get(link):
            found.append({"linkId": link, "text": item["text"], "answer": list(answers[link])})
        elif inside:
            found.append({"linkId": link, "text": item["text"], "item": inside})
    return found


def response(form: Json, answers: Mapping[str, Sequence[Json]], identifier: str, **more: Any) -> Json:
    """A QuestionnaireResponse with some answers to a form."""
    return {
        "resourceType": "QuestionnaireResponse",
        "id": identifier,
        "questionnaire": f"{form['url']}|{form['version']}",
        "status": "in-progress",
        **more,
        "item": filled(form["item"], answers),
    }


def slots_answered(vocabulary: Vocabulary, answers: Iterable[str]) -> set[Slot]:
    """The slots to which some `linkId`s belong."""
    found = set()
    for link in answers:
        suffix = next((each for each in SUFFIXES if link.endswith(each)), "")
        slot = slots_by_name(vocabulary, link) or slots_by_name(vocabulary, link.removesuffix(suffix))
        if slot is not None:
            found.add(slot)
    return found


def decimal_of(value: object) -> Decimal | None:
    """A JSON number as a decimal."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return Decimal(str(value))
