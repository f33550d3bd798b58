"""What would the policies say of a case if some facts were otherwise?"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping

from bvn_asp.cases.asked import narrowed, so_many, supposing, units
from bvn_asp.cases.compare import names
from bvn_asp.cases.evaluate import Evaluation, Evaluator, Readings, Status
from bvn_asp.cases.possible import check_possible
from bvn_asp.classes import dataclass
from bvn_asp.errors import Misread, fault
from bvn_asp.model.case import REQUEST, Case, Named, Silence, Supposed, anything
from bvn_asp.model.dates import read_day
from bvn_asp.model.growth import on_day
from bvn_asp.model.library import Library
from bvn_asp.model.members import labels_of, parse_slots
from bvn_asp.model.values import parse_value
from bvn_asp.model.vocabulary import Slot, Vocabulary
from bvn_asp.model.wording import is_silent


@dataclass(frozen=True)
class Difference:
    """One policy, before and after.

    Attributes:
        statuses: the entries whose status changes, as `(entry id, old, new)`, in the order of the document.
        unpresumed: what was presumed absent and is so no longer.
    """

    name: str
    old: Evaluation
    new: Evaluation
    statuses: tuple[tuple[str, Status, Status], ...]
    unpresumed: tuple[Slot, ...]

    @property
    def changes(self) -> bool:
        return self.old.verdict is not self.new.verdict


@dataclass(frozen=True)
class WhatIf:
    """A case, and the same case with some facts otherwise.

    Attributes:
        values: the facts as they are supposed; None where a record is taken away. That so many members are requested
            stands under a `Several`.
        differences: one a policy, in the order asked for.
        day: the date of service that is supposed; None if it stays.
        counted: what goes on, and is counted to that day.
    """

    case: Case
    supposed: Case
    values: Mapping[Slot, Supposed]
    differences: tuple[Difference, ...]
    strict: bool = False
    day: datetime.date | None = None
    counted: tuple[Slot, ...] = ()


def whatif(
    library: Library,
    case: Case,
    values: Mapping[Slot, Supposed],
    policies: Iterable[str] = (),
    readings: Readings | None = None,
    strict: bool = False,
    day: datetime.date | None = None,
) -> WhatIf:
    """The verdicts and statuses of a case, old beside new, with some facts supposed to be otherwise.

    Args:
        values: slot to value; None takes the record away.
        day: another date of service: what goes on is counted to it, and the editions in force then are asked.

    Raises: InputError: as `evaluate`; or no patient can be as supposed.
    """
    asked = list(policies)
    evaluator = Evaluator(library, library.revisions(asked, case.date))
    later = case if day is None else on_day(library.vocabulary, case, day)
    counted = tuple(each.slot for each in later.records if each != case.get(each.slot) and each.slot not in values)
    supposed = supposing(library, later, values)
    check_possible(library, supposed)
    old = evaluator.evaluate(case, readings, strict, under_readings=False, with_open=False)
    if day is not None:
        evaluator = Evaluator(library, library.revisions(asked, day))
    new = evaluator.evaluate(supposed, readings, strict, under_readings=False, with_open=False)
    found = []
    for name, before, after in zip(names(old), old, new, strict=True):
        moved = [
            (e, s, after.statuses[e])
            for e, s in before.statuses.items()
            if e in after.statuses and s is not after.statuses[e]
        ]
        lost = tuple(slot for slot in before.presumed if slot not in after.presumed and slot not in values)
        found.append(Difference(name, before, after, tuple(moved), lost))
    return WhatIf(case, supposed, dict(values), tuple(found), strict, day, counted)


def _request_hints(vocabulary: Vocabulary) -> dict[str, str]:
    """What to suppose instead of a line of the request, by the key of that line."""
    whole = vocabulary.request
    hints = {}
    for key, fact in whole.keys.items():
        first, *_, last = [*vocabulary.indexes[vocabulary.facts[fact].per].members] * 2
        if fact == whole.diagnoses:
            hints[key] = f"suppose each code: {fact}.{first}=yes"
        elif fact != whole.members:
            hints[key] = f"suppose each code's units: {fact}.{last}=1"
    return hints


def split_day(texts: Iterable[str]) -> tuple[datetime.date | None, list[str]]:
    """`date=2027-01-04` apart from what is supposed of facts.

    Raises: InputError: no such day.
    """
    day, rest = None, []
    for text in texts:
        name, equals, value = text.partition("=")
        if name.strip() == "date" and equals:
            try:
                day = read_day(value)
            except Misread as error:
                raise fault(error.message, error.hint) from None
        else:
            rest.append(text)
    return day, rest


def parse_suppositions(library: Library, case: Case, texts: Iterable[str]) -> dict[Slot, Supposed]:
    """`finding.MEMBER=type_1`, `bmi=39`, `pain_duration=>= 6 months`, `bodies=L4 L5` as slots and values.

    `FACT=unknown` says that nobody knows it, so that nothing is presumed either; `FACT=unrecorded` takes the record
    away, so that what is presumed where nothing is recorded is presumed; `FACT=not_reported` does so too, and says that
    a document is on file that does not say. `bodies=2` says how many are requested, not which.

    Raises: InputError: no such fact, member or value.
    """
    found: dict[Slot, Supposed] = {}
    vocabulary = library.vocabulary
    hints = _request_hints(vocabulary)
    for text in texts:
        name, equals, value = (each.strip() for each in text.partition("="))
        if not equals or not value:
            raise fault(f"`{text}` supposes nothing", "write FACT=VALUE, e.g. bmi=39 or pregnant=unknown")
        if name in hints:
            raise fault(f"`{name}` is a line of the request, not a fact", hints[name])
        if name == "date":
            raise fault("another date of service cannot be supposed here", "`bvn whatif` takes `date=`")
        if name == vocabulary.request.many and vocabulary.request.members:
            found |= _asking_for(library, case, value)
            continue
        for slot in parse_slots(vocabulary, name):
            if is_silent(value) and vocabulary.facts[slot.fact].section == REQUEST:
                raise fault(f"no report says what is asked for: `{slot}`", "`unknown`, or `unrecorded`")
            if is_silent(value):
                found[slot] = Silence()
            elif value == "unknown":
                found[slot] = anything(vocabulary.facts[slot.fact])
            else:
                found[slot] = None if value == "unrecorded" else parse_value(vocabulary, slot, value, case.date)
    return found


def _asking_for(library: Library, case: Case, text: str) -> dict[Slot, Supposed]:
    """The request for the members that a text names, and for no others, its procedure lines brought in line."""
    fact, words = library.vocabulary.request.members, list(filter(None, re.split(r"[\s,]+", text)))
    index = library.vocabulary.asked
    if len(words) == 1 and words[0].isdecimal() and not labels_of(index, words[0]):
        few, number = index.optional, int(words[0][:6])
        if number > len(index.members) - len(few):
            hint = f"a number from 0 to {len(index.members) - len(few)}, or their names"
            raise fault(f"there are no {number} {index.many}", hint)
        if number:
            return {so_many(library, number): Named(("yes",)), **units(library, case, number)}
        words = []
    members = [slot.member for word in words for slot in parse_slots(library.vocabulary, f"{fact}.{word}")]
    asked, known = narrowed(library, case, members), case.recorded
    return {each.slot: each.value for each in asked.records if each.value != known.get(each.slot)}
