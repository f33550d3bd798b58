"""How does the chart stand to a fact that a policy reads, and which open facts must be answered?

What is open is open for one of four reasons, and each has its own next step: nothing is on record, the document on file
does not say (an addendum would), what is on record does not say enough, or the record contradicts itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from bvn_asp.cases.evaluate import Evaluation, Evaluator, Readings, Verdict
from bvn_asp.classes import dataclass
from bvn_asp.model.case import Case, Named, Record, Value, absent_value
from bvn_asp.model.quantity import Cell, Interval, Line, Quantity, cuts_of, describe
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


@dataclass(frozen=True)
class Needed:
    """An open fact without which a policy cannot approve.

    Attributes:
        against: the answers each of which settles it against approval, in words.
    """

    slot: Slot
    against: str


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


def needed(
    evaluator: Evaluator, case: Case, evaluation: Evaluation, readings: Readings | None = None
) -> tuple[Needed, ...]:
    """The open facts that must be answered for the policy to approve, with the answers that settle it against.

    A fact must be answered if some answer to it leaves no way to approval, whatever else is documented: as long as it
    is open, that answer may be the true one. The solver looks for such answers with what is recorded and presumed held
    fast; each is then evaluated as a record of the case, which may put a presumption in doubt.

    Returns: in the order of the vocabulary; none if the verdict is decided.
    """
    program, vocabulary = evaluator.program, evaluator.library.vocabulary
    seat = evaluator.revisions.index(evaluation.revision)
    known = dict(case.recorded)
    for slot in evaluation.presumed:
        value = absent_value(vocabulary.facts[slot.fact])
        if value is not None:
            known.setdefault(slot, value)
    premises = program.assume(known) + program.read(seat, evaluation.readings)
    approve = program.literal("verdict", seat, "approve")
    found = []
    approved: list[frozenset[int]] = []
    for slot in evaluation.open:
        values = program.allowed(slot, known[slot]) if slot in known else program.values(slot)
        against = []
        for name in values:
            literal = program.options(slot)[name]
            if any(literal in each for each in approved):
                continue
            world = program.world([*premises, literal, approve])
            if world is not None:
                approved.append(world)
                continue
            if program.possible([*premises, literal]):
                supposed = case.with_values(vocabulary, {slot: _single(evaluator, slot, name)})
                told = evaluator.verdicts(supposed, readings, evaluation.strict)
                if told[seat] in (Verdict.DENY, Verdict.SILENT):
                    against.append(name)
        if against:
            found.append(Needed(slot, _words(evaluator, slot, against)))
    return tuple(found)


def _single(evaluator: Evaluator, slot: Slot, name: str) -> Value:
    if evaluator.library.vocabulary.facts[slot.fact].is_named:
        return Named((name,))
    cell: Cell = evaluator.program.cell(slot, name)
    return Interval(cell.low, cell.low_open, cell.high, cell.high_open)


def _words(evaluator: Evaluator, slot: Slot, names: Iterable[str]) -> str:
    fact = evaluator.library.vocabulary.facts[slot.fact]
    if fact.is_named:
        return str(Named(tuple(names)))
    return describe([evaluator.program.cell(slot, each) for each in names], fact.low, fact.high)
