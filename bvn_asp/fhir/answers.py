"""The answers to one of our forms, read back: what each says of its slot, and who gave it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from bvn_asp.classes import replace
from bvn_asp.errors import Fault, InputError, Place, did_you_mean, shown
from bvn_asp.fhir.days import parse_days
from bvn_asp.fhir.documents import Json
from bvn_asp.fhir.form import (
    DATE,
    FORMS,
    NOT_REPORTED,
    ORIGIN,
    SUFFIXES,
    UNKNOWN,
    decimal_of,
    is_reported,
    slots_by_name,
    units_of,
    value_system,
)
from bvn_asp.fhir.merge import BOUNDS, Finding, Merger
from bvn_asp.model.case import SILENT
from bvn_asp.model.vocabulary import Fact, Several, Slot

NOT_KNOWN = "answered: not known"
ORIGINS = ("auto", "manual", "override")


class Answers:
    """A response to one of our forms.

    Attributes:
        findings: what is answered, slot by slot, of several members too; a value of None is "not known".
        date: the date of service, if it was asked for.

    Raises: InputError: an item that we never ask, an answer that is none of the options, every one at once.
    """

    def __init__(self, merger: Merger, response: Json, ref: str, place: Place) -> None:
        self.merger = merger
        self.vocabulary = merger.vocabulary
        self.ref = ref
        self.place = place
        self.days = parse_days(response.get("authored"))
        self.faults: list[Fault] = []
        self.findings: list[Finding] = []
        self.date: datetime.date | None = None
        self._dates: dict[Slot, dict[str, tuple[str, str]]] = {}
        self._many: dict[Slot, dict[str, int]] = {}
        self._by_name = {str(slot): slot for slot in self.vocabulary.slots}
        for item in _walk(response.get("item")):
            self._item(item)
        for slot, ends in self._dates.items():
            self._dated(slot, ends)
        for slot, many in self._many.items():
            self._counted(slot, many)
        if self.faults:
            raise InputError(self.faults)

    def wrong(self, link: str, message: str, hint: str = "") -> None:
        self.faults.append(Fault(self.place, f"item `{shown(link)}`: {message}", hint))

    def _item(self, item: Mapping[str, Any]) -> None:
        link, answers = item.get("linkId"), item.get("answer")
        if not isinstance(link, str):
            self.wrong("", "it has no `linkId`")
            return
        if not answers:
            if link not in self._by_name and not self._known(link):
                self.wrong(link[:60], "this form never asks it", did_you_mean(link, self._by_name))
            return
        if not isinstance(answers, list) or not all(isinstance(each, dict) for each in answers):
            self.wrong(link[:60], "its answers are no list")
            return
        origin = _origin_of(answers)
        if link == DATE:
            days = parse_days(answers[0].get("valueDate"))
            self.date = days.exact if days else None
            if self.date is None:
                self.wrong(link, "this is no day", "write it as `2026-12-03`")
            return
        suffix = next((each for each in SUFFIXES if link.endswith(each)), "")
        whole = slots_by_name(self.vocabulary, link)
        slot = whole or slots_by_name(self.vocabulary, link.removesuffix(suffix))
        if slot is None:
            self.wrong(link[:60], "this form never asks it", did_you_mean(link, self._by_name))
            return
        known = self.vocabulary.facts[slot.fact]
        if whole is not None:
            self._answer(slot, known, answers, origin)
        elif isinstance(slot, Several) and suffix in (".count", ".exactly"):
            number = answers[0].get("valueInteger")
            if isinstance(number, int) and not isinstance(number, bool) and 0 < number <= len(slot.of):
                self._many.setdefault(slot, {})[suffix[1:]] = number
            else:
                self.wrong(link, "this is how many of them have it", f"a number from 1 to {len(slot.of)}")
        elif suffix == ".unknown" or (suffix == f".{SILENT}" and is_reported(known) and not known.is_named):
            if answers[0].get("valueBoolean") is True:
                self._found(slot, SILENT if suffix == f".{SILENT}" else None, origin)
            elif answers[0].get("valueBoolean") is not False:
                self.wrong(link, "this is neither yes nor no")
        elif known.type == "duration":
            text = answers[0].get("valueDate") or answers[0].get("valueDateTime")
            if parse_days(text) is None:
                self.wrong(link, "this is no date", "write it as `2026-12-03`, or no more than its month or year")
            else:
                self._dates.setdefault(slot, {})[suffix[1:]] = (str(text)[:10], origin)
        else:
            self.wrong(link, "this form never asks it")

    def _known(self, link: str) -> bool:
        """Whether an item that has no answer is a group or a note of ours."""
        name = link.split(".")[0]
        return name in ("section", "documents", "nothing", DATE) or name in self.vocabulary.facts

    def _answer(self, slot: Slot, known: Fact, answers: list[Json], origin: str) -> None:
        link = str(slot)
        if known.is_named:
            values = [self._choice(link, known, each) for each in answers]
            if all(value for value in values):
                chosen = [value for value in known.values if value in values]
                if UNKNOWN["code"] in values:
                    self._found(slot, None, origin)
                elif SILENT in values and len(values) > 1:
                    self.wrong(link, "a report that does not say has no value beside it", "give one of them")
                elif SILENT in values:
                    self._found(slot, SILENT, origin)
                else:
                    self._found(slot, chosen[0] if len(chosen) == 1 else {"one_of": chosen}, origin)
            return
        joined: dict[str, str] = {}
        for each in answers:
            value = self._amount(link, known, each)
            if value is None:
                return
            if not isinstance(value, Mapping):
                if len(answers) > 1:
                    self.wrong(link, "several numbers", "give one, or its two ends with `>=` and `<=`")
                    return
                self._found(slot, value, origin)
                return
            joined |= value
        self._found(slot, joined, origin)

    def _choice(self, link: str, known: Fact, answer: Json) -> str:
        if known.type == "yes_no" and isinstance(answer.get("valueBoolean"), bool):
            return "yes" if answer["valueBoolean"] else "no"
        coding = answer.get("valueCoding")
        if isinstance(coding, Mapping):
            system, code = coding.get("system"), coding.get("code")
            if (system, code) == (UNKNOWN["system"], UNKNOWN["code"]):
                return UNKNOWN["code"]
            if (system, code) == (NOT_REPORTED["system"], SILENT) and is_reported(known):
                return SILENT
            if system == value_system(known) and isinstance(code, str) and code in known.values:
                return code
        listed = ", ".join(known.values)
        self.wrong(link, "the answer is none of the options", f"{listed}, or unknown, as codings of the form")
        return ""

    def _amount(self, link: str, known: Fact, answer: Json) -> Any:
        quantity = answer.get("valueQuantity")
        number = decimal_of(quantity.get("value")) if isinstance(quantity, Mapping) else None
        if number is None or not isinstance(quantity, Mapping):
            self.wrong(link, "the answer is no quantity", "a number with its unit")
            return None
        unit = units_of(known).get(str(quantity.get("code")))
        if unit is None:
            listed = ", ".join(units_of(known))
            self.wrong(link, "the answer is in no unit that was asked for", f"by UCUM code: {listed}")
            return None
        sign = quantity.get("comparator") or ""
        if not isinstance(sign, str) or (sign and sign not in BOUNDS):
            self.wrong(link, "the comparator is none", "one of " + ", ".join(BOUNDS))
            return None
        value = self.merger.recordable(known, number, sign, unit)
        if value is None:
            self.wrong(link, f"{number} lies outside the range", f"{known.low} to {known.high}")
        return value

    def _dated(self, slot: Slot, ends: Mapping[str, tuple[str, str]]) -> None:
        since = ends.get("since")
        if since is None:
            self.wrong(str(slot), "a duration by dates needs the day it began", "and the day it ended, if it has")
            return
        data = {end: text for end, (text, _) in ends.items()}
        try:
            self.merger.parse(slot, data)
        except InputError as error:
            self.wrong(str(slot), error.faults[0].message, error.faults[0].hint)
            return
        self._found(slot, data, since[1])

    def _counted(self, slot: Slot, many: Mapping[str, int]) -> None:
        """How many members are meant, put beside what is said of them."""
        if len(many) > 1:
            self.wrong(str(slot), "at least so many, and exactly so many", "give one of them")
        if all(each.slot != slot for each in self.findings):
            self.wrong(str(slot), "it is said how many, and not of what", "answer the question itself too")
        own = tuple(many.items())
        self.findings = [replace(each, many=own) if each.slot == slot else each for each in self.findings]

    def _found(self, slot: Slot, value: Any, origin: str) -> None:
        if isinstance(slot, Several) and value in (None, SILENT):
            hint = "leave it out, or answer it of each by itself"
            self.wrong(str(slot), "not known, or not reported, says nothing of any place", hint)
            return
        note = f"item {slot}, {origin}" if value is not None else NOT_KNOWN
        self.findings.append(Finding(slot, self.ref, self.days, note, value, answer=origin))


def is_ours(response: Json) -> bool:
    """Whether a response answers one of our forms: by its address, or that of the form it contains."""
    address = response.get("questionnaire")
    if isinstance(address, str) and address.startswith(FORMS):
        return True
    return any(
        form.get("resourceType") == "Questionnaire" and any(str(each).startswith(FORMS) for each in _addresses(form))
        for form in _parts(response.get("contained"))
    )


def item_answers(response: Json) -> dict[str, list[Json]]:
    """The answers of a response as they stand, by `linkId`."""
    found: dict[str, list[Json]] = {}
    for item in _walk(response.get("item")):
        answers = _parts(item.get("answer"))
        if answers and isinstance(item.get("linkId"), str):
            found.setdefault(item["linkId"], []).extend(answers)
    return found


def service_date(response: Json) -> datetime.date | None:
    """The date of service among the answers; None if it was not asked for, or is no day."""
    for item in _walk(response.get("item")):
        answers = _parts(item.get("answer"))
        if item.get("linkId") == DATE and answers:
            days = parse_days(answers[0].get("valueDate"))
            return days.exact if days else None
    return None


def _addresses(form: Json) -> list[object]:
    listed = form.get("derivedFrom")
    return [form.get("url"), *(listed if isinstance(listed, list) else ())]


def _parts(value: object) -> list[Json]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _walk(items: object) -> Iterator[Json]:
    for item in _parts(items):
        yield item
        yield from _walk(item.get("item"))
        for answer in _parts(item.get("answer")):
            yield from _walk(answer.get("item"))


def _origin_of(answers: list[Json]) -> str:
    """Who gave an answer: filled in before, by hand, or by hand over what was filled in; by hand if nothing says."""
    for answer in answers:
        for extension in _parts(answer.get("extension")):
            if extension.get("url") == ORIGIN:
                for part in _parts(extension.get("extension")):
                    if part.get("url") == "source" and part.get("valueCode") in ORIGINS:
                        return str(part["valueCode"])
    return "manual"
