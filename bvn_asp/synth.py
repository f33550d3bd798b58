"""Which smallest patients would notice what no case notices yet?

For every slip that no check notices, and every item that no check covers, the solver looks for a patient who would: as
plain as can be, with as few records as decide the matter, no record of whom can be left out. Each case is replayed through
`evaluate`, with the policy as it is and with the slip in it, before it is handed on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bvn_asp.case import Case, Interval, Named, Record, Value, absent_value
from bvn_asp.errors import SolverError
from bvn_asp.evaluate import Evaluation, Evaluator, Status, presumptions, recorded
from bvn_asp.library import Library
from bvn_asp.mutants import Mutant, alone
from bvn_asp.mutate import Trial, mutate
from bvn_asp.policy import Revision
from bvn_asp.quantity import DURATION_UNITS, Quantity, exactly
from bvn_asp.search import preferred
from bvn_asp.solver import Program
from bvn_asp.testing import Brief, Check, make_check
from bvn_asp.vocabulary import Slot, Vocabulary, term

WHOLE = ("requested", "diagnosed", "billed")  # what a request lists, it lists whole


@dataclass(frozen=True)
class Written:
    """A case that the solver wrote.

    Attributes:
        case: what is recorded, and what is expected of the policy.
        aims: what the case is for: the mutant it notices, or the item it covers.
        notices: every mutant that it notices, of those that no earlier case does.
    """

    case: Case
    check: Check
    aims: Mutant | str
    notices: tuple[Mutant, ...] = ()


@dataclass(frozen=True)
class Synthesis:
    """What `synth` found.

    Attributes:
        written: the cases, in the order of the policy's file.
        equivalent: mutants that no case and no reading can tell from the policy, proved.
        unnoticed: mutants that differ, but for which no case was found; none is expected.
    """

    revision: Revision
    written: tuple[Written, ...]
    equivalent: tuple[Mutant, ...]
    unnoticed: tuple[Mutant, ...]


def synth(
    library: Library,
    revision: Revision,
    checks: Iterable[Check] = (),
    step: Callable[[int, int], None] = lambda done, total: None,
) -> Synthesis:
    """Cases that together notice every slip that some checks do not, as far as a slip can be noticed at all.

    Args:
        checks: those that there are already.
        step: told how many slips are seen to, of how many.

    Raises: SolverError: a case did not do on replay what it was written for; a fault of ours.
    """
    mutation = mutate(library, revision, checks)
    listed = tuple(each.mutant for each in mutation.outcomes)
    trial = Trial(library, revision, listed)
    writer = Writer(trial)
    left = {number for number, each in enumerate(mutation.outcomes) if each.survives}
    total = len(left)
    written: list[Written] = []
    unnoticed: list[Mutant] = []
    for number in sorted(left):
        if number not in left:
            continue
        made = writer.for_mutant(number)
        if made is None:
            left.discard(number)
            unnoticed.append(listed[number])
            continue
        found = trial.noticed(trial.question(made), left)
        if number not in found:
            raise SolverError(f"the case for {listed[number].id} does not notice it")
        writer.replay(made, listed[number])
        left -= found
        written.append(Written(made.case, made, listed[number], tuple(listed[i] for i in sorted(found))))
        step(total - len(left), total)
    return Synthesis(
        revision,
        tuple(_without_needless(trial, written)),
        tuple(each.mutant for each in mutation.outcomes if each.equivalent),
        tuple(unnoticed),
    )


def _without_needless(trial: Trial, written: Sequence[Written]) -> list[Written]:
    """The cases without those whose every mutant a later one notices as well."""
    number = {mutant: i for i, mutant in enumerate(trial.listed)}
    wanted = {number[mutant] for each in written for mutant in each.notices}
    kept: list[Written] = []
    for each in reversed(written):
        found = trial.noticed(trial.question(each.check), wanted)
        if found:
            kept.append(replace(each, notices=tuple(trial.listed[i] for i in sorted(found))))
            wanted -= found
    return kept[::-1]


class Writer:
    """Writes cases over the worlds of a trial."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.program = trial.program
        self.library = trial.library
        self.vocabulary = trial.library.vocabulary
        self.revision = trial.revision
        self.evaluator: Evaluator = Brief(self.library, [self.revision])
        self.defaults = self.library.chosen_readings(self.revision, {})
        self._absent = {slot: self._absent_literal(slot) for slot in self.program.slots}

    # -- a case for a mutant -------------------------------------------------------------------

    def for_mutant(self, number: int) -> Check | None:
        """The smallest case found that notices a mutant; None if none was found."""
        slip = self.trial.slips[number]
        best: Check | None = None
        for goals in self._goals(number, slip):
            for name, argument, seat in goals:
                mine = self.program.literal(name, seat, argument)
                other = self.program.literal(name, 1 - seat, argument)
                for sign in (1, -1) if name == "met" else (1,):
                    made = self.write([slip], sign * mine, sign * other, argument if name == "met" else "")
                    if made and (best is None or _size(made) < _size(best)):
                        best = made
            if best is not None:
                return best
        return None

    def _goals(self, number: int, slip: int) -> Iterable[list[tuple[str, str, int]]]:
        """What one copy says and the other does not, the most telling first: a verdict, then an entry's status."""
        yield [("verdict", "deny", 0), ("verdict", "deny", 1)]
        yield [("verdict", "approve", 0), ("verdict", "approve", 1)]
        yield [("verdict", "silent", 0), ("verdict", "silent", 1)]
        own = self.trial.listed[number].entry
        entries = [own, *(each for each in self.revision.entries if each != own)] if own else [*self.revision.entries]
        for entry in entries:
            if entry in self.revision.entries and self.program.possible([slip, self._parted(entry)]):
                yield [("met", entry, 0), ("met", entry, 1)]

    def _parted(self, entry: str) -> int:
        return self.program.literal("parted", entry)

    def write(self, given: Sequence[int], force: int, other: int, entry: str = "") -> Check | None:
        """A smallest case whose every completion has `force`, while some completion lacks `other`."""
        goal = [*given, force, -other]
        if not self.program.possible(goal):
            return None
        values, readings = self._plainest(goal)
        spoken = self.program.read(0, readings)
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
        for slot in slots:
            options = self._options(slot)
            absent = self._absent[slot]
            ranked.append([absent, *(each for each in options if each != absent)] if absent else list(options))
        chosen = preferred(program, goal, ranked)
        assert chosen is not None
        count = len(self.revision.readings)
        readings: dict[str, str] = {}
        for reading, literal in zip(self.revision.readings, chosen, strict=False):
            for option in reading.options:
                if program.literal("reading", 0, reading.term, term(option.name)) == literal:
                    readings[reading.id] = option.name
        values = {
            slot: self._options(slot)[literal] for slot, literal in zip(slots, chosen[count:], strict=True)
        }
        return values, readings

    def _options(self, slot: Slot) -> dict[int, str]:
        return {literal: choice.value for choice, literal in self._choices().get(slot, {}).items()}

    def _choices(self) -> dict[Slot, dict[Any, int]]:
        if not hasattr(self, "_by_slot"):
            found: dict[Slot, dict[Any, int]] = {}
            for choice, literal in self.program.choices.items():
                found.setdefault(choice.slot, {})[choice] = literal
            self._by_slot = found
        return self._by_slot

    def _absent_literal(self, slot: Slot) -> int:
        value = absent_value(self.vocabulary.facts[slot.fact])
        literals = self.program.assume({slot: value}) if value is not None else []
        return literals[0] if len(literals) == 1 else 0

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
            case = _case(self.vocabulary, records)
            return self.program.assume(recorded(case) | presumptions(self.vocabulary, case))

        def does(records: Mapping[Slot, Value]) -> bool:
            literals = [*given, *known(records)]
            return not self.program.possible([*literals, -force]) and self.program.possible([*literals, -other])

        records = out_of_order if does(out_of_order) else whole
        if not does(records):
            return dict(records)
        core = set(self.program.core([*known(records), *given, -force]) or ())
        groups: dict[object, list[Slot]] = {}
        for slot in records:
            groups.setdefault(slot.fact if slot.fact in WHOLE else slot, []).append(slot)
        needed = [g for g in groups if core & set(self.program.assume({s: records[s] for s in groups[g]}))]
        few = {slot: records[slot] for group in needed for slot in groups[group]}
        if does(few):
            records = few
        for group, slots in groups.items():
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
        tries: list[Quantity] = [each for each in (low, high) if each is not None]
        for end, sign in ((low, 1), (high, -1)):
            if end is not None:
                tries.append(Quantity(end.amount + sign * (fact.step or 1), end.unit))
                if end.unit.rstrip("s") in DURATION_UNITS and end.unit != "days":
                    tries.append(Quantity(end.amount * {"weeks": 7, "months": 30, "years": 365}[end.unit] + sign, "days"))
        for each in tries:
            if each.amount >= 0 or fact.type == "number":
                exact = exactly(each)
                if self.program.allowed(slot, exact) == (value,):
                    return exact
        return Interval(low, cell.low_open, high, cell.high_open)

    # -- the case ------------------------------------------------------------------------------

    def _check(self, records: Mapping[Slot, Value], readings: Mapping[str, str], entry: str) -> Check:
        case = _case(self.vocabulary, records)
        other = {name: option for name, option in readings.items() if option != self.defaults[name]}
        other = self._needed(case, other, entry)
        return self.expect(case, other, (entry,) if entry else ())

    def _needed(self, case: Case, readings: dict[str, str], entry: str) -> dict[str, str]:
        return readings

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
        if entries:
            wanted["statuses"] = {entry: got.statuses[entry].value for entry in entries}
        return self._as_read(case, name, wanted)

    def _as_read(self, case: Case, name: str, wanted: Mapping[str, Any]) -> Check:
        from bvn_asp.case import Expectation

        expectation = Expectation(
            policy=name,
            verdict=str(wanted["verdict"]),
            blamed=None,
            statuses=tuple(wanted.get("statuses", {}).items()),
            readings=tuple(wanted.get("readings", {}).items()),
            strict="strict" in wanted,
            data=dict(wanted),
        )
        return make_check(self.library, replace(case, expectations=(expectation,)), expectation)

    def replay(self, check: Check, mutant: Mutant) -> None:
        """Raise SolverError unless `evaluate` says what is expected of a case, and something else with the slip."""
        wrong = Brief(self.library, [alone(self.revision, mutant)])
        if not self._says(self.evaluator, check) or self._says(wrong, check):
            raise SolverError(f"the case for {mutant.id} does not hold on replay")

    def _says(self, evaluator: Evaluator, check: Check) -> bool:
        expectation = check.expectation
        got: Evaluation = evaluator.evaluate(check.case, check.readings, expectation.strict, False)[0]
        statuses: Mapping[str, Status] = got.statuses
        return got.verdict.value == expectation.verdict and all(statuses[e] is s for e, s in check.statuses.items())


def _case(vocabulary: Vocabulary, records: Mapping[Slot, Value]) -> Case:
    return Case("", tuple(Record(slot, records[slot]) for slot in vocabulary.in_order(records)))


def _size(check: Check) -> tuple[int, int]:
    whole = {record.slot.fact if record.slot.fact in WHOLE else record.slot for record in check.case.records}
    return len(whole), len(check.expectation.statuses) + len(check.expectation.readings)


__all__ = ["Program", "Synthesis", "Writer", "Written", "synth"]
