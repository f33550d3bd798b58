"""What would the policies say of a case if some facts were otherwise?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bvn_asp.cases.compare import names
from bvn_asp.cases.evaluate import Evaluation, Evaluator, Readings, Status
from bvn_asp.cases.possible import check_possible
from bvn_asp.classes import dataclass
from bvn_asp.errors import fault
from bvn_asp.model.case import Case, Value
from bvn_asp.model.library import Library
from bvn_asp.model.members import parse_slots
from bvn_asp.model.values import parse_value
from bvn_asp.model.vocabulary import Slot, Vocabulary


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
        values: the facts as they are supposed; None where a record is taken away.
        differences: one a policy, in the order asked for.
    """

    case: Case
    supposed: Case
    values: Mapping[Slot, Value | None]
    differences: tuple[Difference, ...]
    strict: bool = False


def whatif(
    library: Library,
    case: Case,
    values: Mapping[Slot, Value | None],
    policies: Iterable[str] = (),
    readings: Readings | None = None,
    strict: bool = False,
) -> WhatIf:
    """The verdicts and statuses of a case, old beside new, with some facts supposed to be otherwise.

    Args:
        values: slot to value; None takes the record away.

    Raises: InputError: as `evaluate`; or no patient can be as supposed.
    """
    evaluator = Evaluator(library, library.revisions(policies, case.date))
    supposed = case.with_values(library.vocabulary, values)
    check_possible(library, supposed)
    old = evaluator.evaluate(case, readings, strict, under_readings=False, with_open=False)
    new = evaluator.evaluate(supposed, readings, strict, under_readings=False, with_open=False)
    found = []
    for name, before, after in zip(names(old), old, new, strict=True):
        moved = [(e, s, after.statuses[e]) for e, s in before.statuses.items() if s is not after.statuses[e]]
        lost = tuple(slot for slot in before.presumed if slot not in after.presumed and slot not in values)
        found.append(Difference(name, before, after, tuple(moved), lost))
    return WhatIf(case, supposed, dict(values), tuple(found), strict)


def _request_hints(vocabulary: Vocabulary) -> dict[str, str]:
    """What to suppose instead of a line of the request, by the key of that line."""
    whole = vocabulary.request
    hints = {"date": "another date of service needs another case file"}
    for key, fact in whole.keys.items():
        first, *_, last = [*vocabulary.indexes[vocabulary.facts[fact].per].members] * 2
        if fact == whole.members:
            hints[key] = f"suppose each {whole.one}: {fact}.{last}=yes, {fact}.{first}=no"
        elif fact == whole.diagnoses:
            hints[key] = f"suppose each code: {fact}.{first}=yes"
        else:
            hints[key] = f"suppose each code's units: {fact}.{last}=1"
    return hints


def parse_suppositions(library: Library, case: Case, texts: Iterable[str]) -> dict[Slot, Value | None]:
    """`finding.MEMBER=type_1`, `bmi=39`, `pain_duration=>= 6 months`, `pregnant=unknown` as slots and values.

    Raises: InputError: no such fact, member or value.
    """
    found: dict[Slot, Value | None] = {}
    hints = _request_hints(library.vocabulary)
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not value.strip():
            raise fault(f"`{text}` supposes nothing", "write FACT=VALUE, e.g. bmi=39 or pregnant=unknown")
        if name.strip() in hints:
            raise fault(f"`{name.strip()}` is a line of the request, not a fact", hints[name.strip()])
        for slot in parse_slots(library.vocabulary, name.strip()):
            unknown = value.strip() == "unknown"
            found[slot] = None if unknown else parse_value(library.vocabulary, slot, value.strip(), case.date)
    return found
