"""What is the smallest patient of whom something is decided?

A world that has what is wanted is found, as plain as can be: default readings, nothing there that nobody mentions. Then
records are left out for as long as what is left decides the matter in every completion, presumptions counted in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bvn_asp.cases.evaluate import Evaluator, Verdict
from bvn_asp.cases.presumptions import presumptions
from bvn_asp.classes import replace
from bvn_asp.engine.corrections import preferred
from bvn_asp.engine.program import Program
from bvn_asp.model.case import Case, Expectation, Named, Record, Value, absent_value
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.model.quantity import Interval, Quantity, exactly
from bvn_asp.model.vocabulary import Slot, Vocabulary, term
from bvn_asp.upkeep.testing import Brief, Check, make_check


class Writer:
    """Writes cases about one revision.

    Args:
        program: holds the revision as copy 0, and whatever else a case is to decide.
    """

    def __init__(self, library: Library, revision: Revision, program: Program) -> None:
        self.library = library
        self.vocabulary = library.vocabulary
        self.revision = revision
        self.program = program
        self.evaluator: Evaluator = Brief(self.library, [self.revision])
        self.defaults = self.library.chosen_readings(self.revision, {})

    def write(
        self, given: Sequence[int], force: int, other: int, entry: str = "", whole: bool = False
    ) -> Check | None:
        """A smallest case whose every completion has `force`, while some completion lacks `other`.

        Args:
            whole: leave no record out.
        """
        goal = [*given, force, -other]
        if not self.program.possible(goal):
            return None
        values, readings = self._plainest(goal)
        spoken = self.program.read(0, readings)
        if whole:
            records = {slot: self.amount(slot, value) for slot, value in values.items()}
        else:
            records = self._shrunk(values, [*given, *spoken], force, other)
        return self._check(records, readings, entry)

    def _plainest(self, goal: Sequence[int]) -> tuple[dict[Slot, str], dict[str, str]]:
        """A world that satisfies a goal, with default readings and absent findings wherever that can be."""
        program, slots = self.program, self.program.slots
        ranked = [
            [
                program.literal("reading", 0, each.term, term(name))
                for name in sorted((o.name for o in each.options), key=lambda name: name != self.defaults[each.id])
            ]
            for each in self.revision.readings
        ]
        literals = {(choice.slot, choice.value): literal for choice, literal in program.choices.items()}
        ranked += [[literals[slot, value] for value in program.plainest(slot)] for slot in slots]
        chosen = preferred(program, goal, ranked)
        assert chosen is not None
        count = len(self.revision.readings)
        readings: dict[str, str] = {}
        for reading, literal in zip(self.revision.readings, chosen, strict=False):
            for option in reading.options:
                if program.literal("reading", 0, reading.term, term(option.name)) == literal:
                    readings[reading.id] = option.name
        meant = {literal: choice.value for choice, literal in program.choices.items()}
        return {slot: meant[literal] for slot, literal in zip(slots, chosen[count:], strict=True)}, readings

    # -- as few records as will do -------------------------------------------------------------

    def _shrunk(
        self, values: Mapping[Slot, str], given: Sequence[int], force: int, other: int
    ) -> dict[Slot, Value]:
        """The records of a world that decide the matter, none of which can be left out."""
        whole = {slot: self.amount(slot, value) for slot, value in values.items()}
        absent = {slot: absent_value(self.vocabulary.facts[slot.fact]) for slot in whole}
        out_of_order = {
            slot: value
            for slot, value in whole.items()
            if not (self.vocabulary.facts[slot.fact].presumed and value == absent[slot])
        }

        def known(records: Mapping[Slot, Value]) -> list[int]:
            case = make(self.vocabulary, records)
            presumed = presumptions(self.vocabulary, case, never=self.program.never_presumed)
            return self.program.assume(case.recorded | presumed)

        def does(records: Mapping[Slot, Value]) -> bool:
            literals = [*given, *known(records)]
            return not self.program.possible([*literals, -force]) and self.program.possible([*literals, -other])

        records = out_of_order if does(out_of_order) else whole
        if not does(records):
            return dict(records)
        core = set(self.program.core([*known(records), *given, -force]) or ())
        groups: dict[object, list[Slot]] = {}
        for slot in records:
            groups.setdefault(slot.fact if slot.fact in self.vocabulary.request.whole else slot, []).append(slot)
        needed = [g for g in groups if core & set(self.program.assume({s: records[s] for s in groups[g]}))]
        few = {slot: records[slot] for group in needed for slot in groups[group]}
        if does(few):
            records = few
        for slots in groups.values():
            rest = {slot: value for slot, value in records.items() if slot not in slots}
            if len(rest) < len(records) and does(rest):
                records = rest
        return dict(records)

    def amount(self, slot: Slot, value: str) -> Value:
        """A value of a slot as a case would record it: for a cell an amount as near to a limit as can be."""
        fact = self.vocabulary.facts[slot.fact]
        if fact.is_named:
            return Named((value,))
        cell = self.program.cell(slot, value)
        low, high = cell.low, cell.high
        tries: list[Quantity] = []
        for end, outermost, sign in ((low, fact.low, 1), (high, fact.high, -1)):
            if end is not None and end != outermost:
                tries += [end, Quantity(end.amount + sign * (fact.step or 1), end.unit)]
                days = {"weeks": 7, "months": 30, "years": 365}.get(end.unit)
                tries += [Quantity(end.amount * days + sign, "days")] if days else []
        tries += [each for each in (low, high) if each is not None]
        for each in tries:
            if each.amount >= 0 or fact.type == "number":
                exact = exactly(each)
                if self.program.allowed(slot, exact) == (value,):
                    return exact
        return Interval(low, cell.low_open, high, cell.high_open)

    # -- the case ------------------------------------------------------------------------------

    def _check(self, records: Mapping[Slot, Value], readings: Mapping[str, str], entry: str) -> Check:
        case = make(self.vocabulary, records)
        other = {name: option for name, option in readings.items() if option != self.defaults[name]}
        return self.expect(case, other, (entry,) if entry else ())

    def expect(self, case: Case, readings: Mapping[str, str], entries: Sequence[str], strict: bool = False) -> Check:
        """A case with what the policy says of it now as what is expected."""
        policy = self.revision.policy
        name = policy.id if self.revision is policy.latest else self.revision.name
        got = self.evaluator.evaluate(case, {policy.id: readings}, strict, False)[0]
        wanted: dict[str, Any] = {"verdict": got.verdict.value}
        if readings:
            wanted["readings"] = dict(readings)
        if strict:
            wanted["strict"] = "yes"
        if got.verdict is Verdict.DENY:
            wanted["blamed"] = list(got.blamed)
        if entries:
            wanted["statuses"] = {entry: got.statuses[entry].value for entry in entries}
        return self._as_read(case, name, wanted)

    def _as_read(self, case: Case, name: str, wanted: Mapping[str, Any]) -> Check:
        expectation = Expectation(
            policy=name,
            verdict=str(wanted["verdict"]),
            blamed=tuple(wanted["blamed"]) if "blamed" in wanted else None,
            statuses=tuple(wanted.get("statuses", {}).items()),
            readings=tuple(wanted.get("readings", {}).items()),
            strict="strict" in wanted,
            data=dict(wanted),
        )
        return make_check(self.library, replace(case, expectations=(expectation,)), expectation)


def make(vocabulary: Vocabulary, records: Mapping[Slot, Value]) -> Case:
    """A case with some records and no title."""
    return Case("", tuple(Record(slot, records[slot]) for slot in vocabulary.in_order(records)))


def size(vocabulary: Vocabulary, check: Check) -> tuple[int, int]:
    """How much there is to read in a case: its records, then what else it states."""
    whole = vocabulary.request.whole  # what a request lists, it lists whole
    groups = {record.slot.fact if record.slot.fact in whole else record.slot for record in check.case.records}
    return len(groups), len(check.expectation.statuses) + len(check.expectation.readings)
