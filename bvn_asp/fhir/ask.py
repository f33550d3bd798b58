"""Only what is missing, asked in FHIR: a form of what can still change the verdict, turn by turn, and its answers.

Nothing is remembered between turns: a response that is being filled in contains its form, and everything that is known
of the case stands in it as an answer, each saying whether it was filled in before or given by a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bvn_asp.cases.ask import Asker, Questions
from bvn_asp.cases.possible import check_possible
from bvn_asp.classes import replace
from bvn_asp.errors import Place, fault
from bvn_asp.fhir.answers import Answers, is_ours, item_answers, service_date
from bvn_asp.fhir.days import Days
from bvn_asp.fhir.documents import Json
from bvn_asp.fhir.form import (
    ADAPTIVE,
    DATE,
    FORMS,
    answers_of,
    filled,
    form_url,
    is_reported,
    questionnaire,
    several_of,
    slots_answered,
)
from bvn_asp.fhir.merge import ANSWERED, Finding, Merger, Note, put
from bvn_asp.model.case import REQUEST, SILENT, Case, Record, case_data, evidence_data, record_data
from bvn_asp.model.case_reader import make_case
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.model.somewhere import KEY
from bvn_asp.model.vocabulary import Several, Slot

ONE = "one-by-one"
FORM = "form"
_KEPT = ("id", "meta", "subject", "authored", "author", "source")


class Desk:
    """Asks in FHIR for one library; what is grounded for a policy is kept.

    Every method is a function of its arguments alone.
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self.vocabulary = library.vocabulary
        self._askers: dict[tuple[str, ...], Asker] = {}

    def forget(self) -> None:
        """Let go of what is remembered of single cases."""
        for each in self._askers.values():
            each.forget()

    def asker(self, revisions: Sequence[Revision]) -> Asker:
        """What asks for some revisions, grounded once."""
        key = tuple(each.name for each in revisions)
        if key not in self._askers:
            self._askers[key] = Asker(self.library, revisions)
        return self._askers[key]

    def open_slots(self, revisions: Sequence[Revision], case: Case, skipped: Sequence[Slot] = ()) -> tuple[Slot, ...]:
        """The slots that can still change a verdict, those left out that somebody was asked and did not know."""
        return _slots(self._open(revisions, case), skipped)

    def _open(self, revisions: Sequence[Revision], case: Case) -> Questions:
        return self.asker(revisions).ask(case, skipped=self.vocabulary.slots, with_settled=False)

    def ask(self, revisions: Sequence[Revision], case: Case, notes: Sequence[Note] = ()) -> Json:
        """A Questionnaire of what can still change the verdict, with what the record says beside each question."""
        found = self._open(revisions, case)
        return questionnaire(self.library, revisions, self._with_somewhere(_slots(found)), hints(notes), answer=found)

    def start(self, revisions: Sequence[Revision], case: Case, notes: Sequence[Note] = (), one: bool = False) -> Json:
        """A response to be filled in turn by turn: all that is known of a case filled in, and the first questions."""
        several = [each for each in case.several if each.slot.fact not in self.vocabulary.request.lists.values()]
        known = answers_of(self.vocabulary, [*case.records, *case.silent, *several])
        for record in case.records:
            if record.value is None and self.vocabulary.facts[record.slot.fact].presumed:
                blank = replace(record, value=self._whole(record.slot), conflicting=())
                known |= answers_of(self.vocabulary, [blank])
        if case.date:
            known[DATE] = [{"valueDate": case.date.isoformat()}]
        return self._turn(revisions, case, known, (), hints(notes), one, {})

    def next(self, document: Json, name: str) -> Json:
        """The response with its next questions, or completed where nothing can change the verdict any more.

        Args:
            document: Parameters of `$next-question`, or the response itself; Parameters may say `one-by-one`.
            name: stands for it in faults.

        Raises: InputError: no response to one of our forms, an answer that is none.
        """
        given, one = _response_of(document, name)
        if not is_ours(given):
            hint = "its form is made by `bvn fhir ask` or $questionnaire-package"
            raise fault("this is no response to a form of ours", hint, Place(name))
        revisions = self.revisions(given, name)
        merger = Merger(self.library, service_date(given), [])
        answers = Answers(merger, given, _ref(given), Place(name))
        case = self._case(answers, merger)
        nothing = [each for each in answers.findings if each.value in (None, SILENT)]
        skipped = [each.slot for each in nothing if each.answer in ANSWERED]
        kept: Json = {key: given[key] for key in _KEPT if key in given}
        return self._turn(revisions, case, item_answers(given), skipped, _hints_of(given), one, kept)

    def revisions(self, given: Json, name: str) -> tuple[Revision, ...]:
        """The editions that a response's form asks for."""
        for address in _canonicals(given):
            names, _, versions = address.removeprefix(FORMS).partition("|")
            policies = names.split("--")
            editions = versions.split("--") if versions else [""] * len(policies)
            if len(editions) == len(policies):
                wanted = [f"{p}@{v}" if v else p for p, v in zip(policies, editions, strict=True)]
                return self.library.revisions(wanted, service_date(given))
        hint = f"it is derived from `{FORMS}POLICY`"
        raise fault("the form does not say which policy it asks for", hint, Place(name))

    # -- inside --------------------------------------------------------------------------------

    def _with_somewhere(self, asked: Sequence[Slot]) -> tuple[Slot, ...]:
        """What is asked, and of what is asked of several members, whether it is somewhere among all."""
        found = list(asked)
        for fact in dict.fromkeys(each.fact for each in asked):
            known = self.vocabulary.facts[fact]
            if known.per and is_reported(known) and sum(each.fact == fact for each in asked) > 1:
                found.append(Several(fact, KEY, tuple(self.vocabulary.indexes[known.per].members)))
        return tuple(found)

    def _whole(self, slot: Slot) -> Any:
        merger = Merger(self.library, None, [])
        return merger.parse(slot, merger.whole())

    def _case(self, answers: Answers, merger: Merger) -> Case:
        found: dict[Slot, list[Finding]] = {}
        for each in answers.findings:
            if each.value is not None or self.vocabulary.facts[each.slot.fact].presumed:
                found.setdefault(each.slot, []).append(each)
        facts: Json = {}
        for slot in self.vocabulary.in_order(found):
            put(facts, slot, merger.record(slot, found[slot]))
        request = {"date": merger.date.isoformat()} if merger.date else {}
        case = make_case(self.vocabulary, {"title": "answers to a form", "request": request, "facts": facts})
        if case.several:
            check_possible(self.library, case)
        return case

    def _turn(
        self, revisions: Sequence[Revision], case: Case, known: Mapping[str, Sequence[Json]], skipped: Sequence[Slot],
        told: Mapping[str, Sequence[str]], one: bool, kept: Json,
    ) -> Json:
        asked: tuple[Slot, ...] = ()
        if one:
            found = self.asker(revisions).ask(case, skipped=skipped, with_settled=False)
            asked = (found.next.slot,) if found.next is not None else ()
        else:
            found = self._open(revisions, case)
            asked = _slots(found, skipped)
        there = slots_answered(self.vocabulary, known)
        slots = [*there, *self._with_somewhere(asked)]
        form = questionnaire(
            self.library, revisions, slots, told, several_of(known, self.vocabulary), DATE in known, answer=found,
        )
        if not asked:
            form["item"] = [*form["item"], {
                "linkId": "nothing", "type": "display",
                "text": "Nothing is left to ask: no answer that anybody has can change what the policy says.",
            }]
        contained = {key: value for key, value in form.items() if key not in ("url", "version")}
        contained |= {"id": FORM, "derivedFrom": [form_url(revisions)],
                      "extension": [{"url": ADAPTIVE, "valueBoolean": True}]}
        return {
            "resourceType": "QuestionnaireResponse",
            "id": "response",
            **kept,
            "contained": [contained],
            "questionnaire": f"#{FORM}",
            "status": "in-progress" if asked else "completed",
            "item": filled(form["item"], known),
        }


def _slots(found: Questions, skipped: Sequence[Slot] = ()) -> tuple[Slot, ...]:
    return tuple(each.slot for each in found.open if each.slot not in set(skipped))


def answer(library: Library, case: Case, document: Json, name: str) -> tuple[Json, tuple[Note, ...]]:
    """A case with the answers of a response put in, as a case file writes it, and what became of each answer.

    "Not known" says nothing of a fact on which the case is silent, and leaves open an exclusion that nobody mentions.
    An answer that differs from the one value on record is a contradiction, unless it was given to override it. That a
    report on file does not say takes no value away. Whose judgement a record is stays only if the answer agrees.

    Raises: InputError: no response to one of our forms, an answer that is none.
    """
    given, _ = _response_of(document, name)
    if not is_ours(given):
        raise fault("this is no response to a form of ours", "its form is made by `bvn fhir ask`", Place(name))
    notes: list[Note] = []
    merger = Merger(library, case.date or service_date(given), notes)
    data = case_data(case, library.vocabulary)
    said = Answers(merger, given, _ref(given), Place(name)).findings
    for finding in said:
        known = library.vocabulary.facts[finding.slot.fact]
        record = _on_record(case, finding.slot)
        if finding.value is None and (record is not None or not known.presumed):
            notes.append(Note("beside", str(finding.slot), finding.where, finding.note))
            continue
        if finding.answer == "auto" and record is not None and (not record.silent or finding.value == SILENT):
            continue
        if record is not None and record.by and finding.value is not None:
            judged = "; ".join(f"{who.replace('_', ' ')}: {value}" for who, value, _ in record.by)
            if finding.value == SILENT or merger.parse(finding.slot, finding.value) == record.value:
                notes.append(Note("agrees", str(finding.slot), finding.where, f"as judged by {judged}"))
                continue
            notes.append(Note("left out", str(finding.slot), "the case", f"whose judgement it was: {judged}"))
        recorded = merger.record(finding.slot, [*_findings(merger, record), finding])
        if finding.slot.member:
            put(data["facts"], finding.slot, recorded)
        elif known.section == REQUEST:
            data["request"][known.name] = recorded
        else:
            data["facts"][known.name] = recorded
    if merger.date and not case.date:
        data["request"]["date"] = merger.date.isoformat()
    if case.tied or any(isinstance(each.slot, Several) for each in said):
        check_possible(library, make_case(library.vocabulary, data))
    return data, tuple(sorted(set(notes)))


def _on_record(case: Case, slot: Slot) -> Record | None:
    """What a case says of a slot by itself, that a report is silent included; or of several members by their name."""
    if isinstance(slot, Several):
        return next((each for each in case.several if str(each.slot) == str(slot)), None)
    record = case.get(slot)
    return case.silence(slot) if record is None else None if record.somewhere else record


def _findings(merger: Merger, record: Record | None) -> list[Finding]:
    """What a case records already, as findings."""
    if record is None:
        return []
    if record.silent:
        shown = tuple(evidence_data(each) for each in record.evidence)
        return [Finding(record.slot, "the case", None, "", SILENT, shown=shown or ({"document": "the case"},))]
    many: tuple[tuple[str, int], ...] = ()
    if isinstance(record.slot, Several) and (record.slot.least > 1 or record.slot.most is not None):
        many = (("count" if record.slot.most is None else "exactly", record.slot.least),)
    listed = record.conflicting or ((record.value, record.evidence),)
    found = []
    for value, evidence in listed:
        data = record_data(Record(record.slot, value), with_evidence=False)
        every = merger.parse(record.slot, merger.whole())
        dates = [each.date for each in evidence if each.date is not None]
        found.append(
            Finding(
                record.slot,
                evidence[0].document if evidence else "the case",
                Days(max(dates), max(dates)) if dates else None,
                "",
                None if value == every else data,
                shown=tuple(evidence_data(each) for each in evidence) or ({"document": "the case"},),
                many=many,
            )
        )
    return found


def hints(notes: Sequence[Note]) -> dict[str, list[str]]:
    """What a record says beside each question: by slot, or by fact."""
    found: dict[str, list[str]] = {}
    for each in notes:
        if each.fact and each.kind in ("beside", "open", "conflicts", "history"):
            text = ", ".join(filter(None, (each.where, each.date, each.text)))
            found.setdefault(each.fact, []).append(f"In the record: {text}")
    return found


def _response_of(document: Json, name: str) -> tuple[Json, bool]:
    """The response in a document, and whether to ask one by one."""
    kind = document.get("resourceType")
    if kind == "QuestionnaireResponse":
        return document, False
    if kind != "Parameters":
        raise fault(
            f"this is {f'a {kind}' if isinstance(kind, str) else 'no FHIR'}, not a QuestionnaireResponse",
            "give the response, or Parameters that hold it", Place(name),
        )
    listed = document.get("parameter")
    parameters = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    one = any(each.get("name") == ONE and each.get("valueBoolean") is True for each in parameters)
    for each in parameters:
        resource = each.get("resource")
        if isinstance(resource, dict) and resource.get("resourceType") == "QuestionnaireResponse":
            return resource, one
    raise fault("the Parameters hold no QuestionnaireResponse", "as `questionnaire-response`", Place(name))


def _canonicals(given: Json) -> list[str]:
    """The addresses of our forms that a response names, its contained form's first."""
    found: list[object] = []
    contained = given.get("contained")
    for form in contained if isinstance(contained, list) else ():
        if isinstance(form, dict) and form.get("resourceType") == "Questionnaire":
            derived = form.get("derivedFrom")
            found += derived if isinstance(derived, list) else []
            found.append(form.get("url"))
    found.append(given.get("questionnaire"))
    return [each for each in found if isinstance(each, str) and each.startswith(FORMS)]


def _hints_of(given: Json) -> dict[str, list[str]]:
    """The hints that the form of a response shows already."""
    found: dict[str, list[str]] = {}

    def look(items: object) -> None:
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict):
                link, text = item.get("linkId"), item.get("text")
                if isinstance(link, str) and isinstance(text, str) and ".hint." in link:
                    found.setdefault(link.partition(".hint.")[0], []).append(text)
                look(item.get("item"))

    contained = given.get("contained")
    for form in contained if isinstance(contained, list) else ():
        if isinstance(form, dict):
            look(form.get("item"))
    return found


def _ref(given: Json) -> str:
    identifier = given.get("id")
    return f"QuestionnaireResponse/{identifier}" if isinstance(identifier, str) else "QuestionnaireResponse"

