"""How does the chart stand to a fact that a policy reads?

What is open is open for one of four reasons, and each has its own next step: nothing is on record, the document on file
does not say (an addendum would), what is on record does not say enough, or the record contradicts itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from bvn_asp.cases.evaluate import Evaluation
from bvn_asp.model.case import Case, Named, Record, Value
from bvn_asp.model.quantity import Interval, Line, Quantity, cuts_of
from bvn_asp.model.vocabulary import Fact, Slot, Vocabulary


class Standing(StrEnum):
    """How the chart stands to a fact: on record, or why it is not known, or what is taken instead."""

    KNOWN = "on record"
    MISSING = "not on record"
    SHORT = "on record, not enough"
    SILENT = "the report on file is silent"
    CONFLICT = "the record contradicts itself"
    PRESUMED = "presumed absent"
    COUNTED = "counted"

    @property
    def is_open(self) -> bool:
        return self in (Standing.MISSING, Standing.SHORT, Standing.CONFLICT, Standing.SILENT)


def standing(
    fact: Fact, record: Record | None, tests: Iterable[tuple[str, str]], presumed: bool = False, silent: bool = False
) -> Standing:
    """How a record stands to what is asked of its fact.

    Args:
        tests: the values and limits it is held against, as `(operator, text)`.
        silent: a document is on file that does not say.
    """
    if record is None:
        return Standing.PRESUMED if presumed else Standing.SILENT if silent else Standing.MISSING
    if record.value is None:
        return Standing.CONFLICT
    return Standing.KNOWN if _decides(fact, record.value, tests) else Standing.SHORT


def standing_of_open(case: Case, slot: Slot) -> Standing:
    """Why a slot that can still change a verdict is not known."""
    record = case.get(slot)
    if record is None:
        return Standing.SILENT if case.silence(slot) else Standing.MISSING
    return Standing.CONFLICT if record.value is None else Standing.SHORT


def standings_of_open(case: Case, slots: Iterable[Slot]) -> dict[Slot, Standing]:
    """The same of several slots."""
    return {slot: standing_of_open(case, slot) for slot in slots}


def rests_on_presumption(vocabulary: Vocabulary, case: Case, evaluation: Evaluation, entry: str) -> bool:
    """Whether an entry stands as it does because facts were presumed absent, nothing that it reads being on record."""
    revision = evaluation.revision
    below, facts = [entry], set()
    while below:
        each = below.pop()
        below += [part.id for part in revision.parts.get(each, ())]
        facts |= {read.fact for read in evaluation.reads(each)} - {vocabulary.request.members}
    recorded_facts = {record.slot.fact for record in case.records}
    counted = {name for fact in facts for name, _ in vocabulary.facts[fact].counts}
    return not facts & recorded_facts and not counted and any(slot.fact in facts for slot in evaluation.presumed)


def _decides(fact: Fact, value: Value, tests: Iterable[tuple[str, str]]) -> bool:
    """Whether a value, exact or not, says of every test whether it holds."""
    if isinstance(value, Named):
        asked = {text for operator, text in tests if operator in ("is", "is not")}
        return len(value.values) == 1 or not asked & set(value.values) or set(value.values) <= asked
    return all(_settled(fact, value, operator, text) for operator, text in tests if operator not in ("is", "is not"))


def _settled(fact: Fact, value: Interval, operator: str, text: str) -> bool:
    amount, _, unit = text.partition(" ")
    assert fact.low is not None
    assert fact.high is not None
    if fact.type == "duration":
        limit = Quantity(Decimal(amount), unit if unit.endswith("s") else unit + "s")
    else:
        limit = Quantity(Decimal(amount), fact.low.unit)
    line = Line(fact.low, fact.high, fact.step or Decimal(0), [cuts_of(operator, limit)])
    left, holds = set(line.allowed(value)), set(line.holds(operator, limit))
    return left <= holds or not left & holds
