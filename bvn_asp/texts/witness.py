"""On which patient do policies part, and from what patient that they agree on does it depart?

Policies are asked about the same patients at once. The *base* is one patient whom all of them approve, the one with the
least about her that is out of the ordinary; a *witness* is that patient with as little changed as makes them part. So a
witness reads as a sentence: the patient everybody approves, but eighteen years old. Each is replayed: recorded as a
case, with what may be presumed left out, and decided by `evaluate`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from bvn_asp.cases.evaluate import Evaluation, Evaluator, Readings, Verdict
from bvn_asp.cases.presumptions import presumptions
from bvn_asp.classes import dataclass, field
from bvn_asp.engine.corrections import preferred
from bvn_asp.engine.presume import presume
from bvn_asp.engine.program import Program, Seat
from bvn_asp.errors import SolverError
from bvn_asp.model.case import Case, Record, Value
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.model.quantity import Cell
from bvn_asp.model.vocabulary import Slot

VERDICTS = ("approve", "deny", "silent")


@dataclass(frozen=True)
class Departure:
    """One slot in which a witness is not as the base patient.

    Attributes:
        base, value: what the base patient and the witness have.
        values: all named values with which the policies still part so, everything else being as in the witness.
        cells: the same for a number, in the order of the line.
        parting: the same as the program names them.
    """

    slot: Slot
    base: Value
    value: Value
    values: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()
    parting: tuple[str, ...] = field(default=(), repr=False, compare=False)


@dataclass(frozen=True)
class Witness:
    """A patient on whom policies part.

    Attributes:
        case: the records that decide every verdict, together with what is presumed.
        departures: where the patient is not as the base patient, in the order of the vocabulary.
        besides: slots in which she is, but that have to be on record now for the verdicts to be decided.
        evaluations: what each policy makes of the case, replayed; in the order in which they were named.
    """

    case: Case
    departures: tuple[Departure, ...]
    besides: tuple[Slot, ...]
    evaluations: tuple[Evaluation, ...]

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        return tuple(each.verdict for each in self.evaluations)


@dataclass(frozen=True)
class Base:
    """The patient from whom witnesses depart: complete, and as a case that leaves out what may be presumed.

    Attributes:
        approved_by: the numbers of the seats that approve her.
        values: every slot's value, numbers by cell.
        untouched: for each fact the literal that holds where it is as here.
        kept: the same for each slot.
    """

    approved_by: tuple[int, ...]
    case: Case
    evaluations: tuple[Evaluation, ...]
    values: Mapping[Slot, str] = field(repr=False)
    untouched: Mapping[str, int] = field(repr=False)
    kept: Mapping[Slot, int] = field(repr=False)


@dataclass(frozen=True)
class Extent:
    """Over what a proof ranges.

    Attributes:
        facts, slots: how many the policies read.
        patients: how many combinations of values, numbers by cell; those that no patient can be included.
        impossible: what no patient can be, as the background says it.
        vacuous: numbers of seats that approve nobody, or everybody.
    """

    facts: int
    slots: int
    patients: int
    impossible: tuple[str, ...]
    vacuous: tuple[int, ...] = ()


class Together:
    """Some revisions, asked about the same patients in one program.

    Args:
        readings: policy id to reading id to option, where it is not to be the default.
    """

    def __init__(self, library: Library, revisions: Sequence[Revision], readings: Readings | None = None) -> None:
        self.library = library
        self.revisions = tuple(revisions)
        self.readings = readings or {}
        self.program = Program(library.vocabulary, library.background, [Seat(each) for each in revisions], ["units"])
        self.chosen = [library.chosen_readings(each, self.readings) for each in revisions]
        self.spoken = [lit for i, each in enumerate(self.chosen) for lit in self.program.read(i, each)]
        self.program.show(self.spoken)
        self._evaluators: dict[int, Evaluator] = {}
        self._bases: dict[tuple[int, ...], Base | None] = {}

    # -- literals ------------------------------------------------------------------------------

    def verdict(self, seat: int, verdict: str) -> int:
        """The literal of a seat's verdict."""
        return self.program.literal("verdict", seat, verdict)

    @cached_property
    def units(self) -> dict[int, tuple[str, ...]]:
        """For each seat the entries that its verdict is made of, in the order of the document."""
        found: dict[int, set[str]] = {i: set() for i, _ in enumerate(self.revisions)}
        for seat, entry in self.program.atoms("unit", 2):
            found[int(seat)].add(str(entry))
        return {i: tuple(e for e in each.entries if e in found[i]) for i, each in enumerate(self.revisions)}

    def unit_wishes(self, seat: int) -> dict[str, int]:
        """For each unit of a seat the literal that it does not fail."""
        return {unit: -self.program.literal("fails", seat, unit) for unit in self.units[seat]}

    def possible(self, goal: Iterable[int], spoken: Sequence[int] | None = None) -> bool:
        """Whether some patient is so, under the readings in force or those spoken instead; a no is a proof."""
        return self.program.allows(self.spoken if spoken is None else spoken, list(goal))

    def extent(self) -> Extent:
        """Over what a proof by this program ranges."""
        program, patients = self.program, 1
        for slot in program.slots:
            patients *= len(program.values(slot))
        background = self.library.background
        return Extent(
            facts=len(program.facts),
            slots=len(program.slots),
            patients=patients,
            impossible=tuple(re.findall(r'impossible\([^"]*"([^"]+)"', background.text)) if background else (),
            vacuous=tuple(
                seat
                for seat, _ in enumerate(self.revisions)
                if not all(self.possible([sign * self.verdict(seat, "approve")]) for sign in (1, -1))
            ),
        )

    # -- the base patient ----------------------------------------------------------------------

    def base(self, approving: Sequence[int]) -> Base | None:
        """The plainest patient whom some seats approve; None if there is none whom they all do."""
        key = tuple(sorted(set(approving)))
        if key not in self._bases:
            self._bases[key] = self._find_base(key)
        return self._bases[key]

    def _find_base(self, approving: tuple[int, ...]) -> Base | None:
        program = self.program
        goal = [*self.spoken, *(self.verdict(seat, "approve") for seat in approving)]
        slots = program.slots[::-1]
        ranked = [[self._literal(slot, value) for value in self.program.plainest(slot)] for slot in slots]
        chosen = preferred(program, goal, ranked)
        if chosen is None:
            return None
        by_literal = {literal: choice for choice, literal in program.choices.items()}
        values = {by_literal[literal].slot: by_literal[literal].value for literal in chosen}
        groups: dict[str, list[int]] = {}
        for slot, literal in zip(slots, chosen, strict=True):
            groups.setdefault(slot.fact, []).append(literal)
        decided = self._decided(values, approving)
        case = self._case(values, self._records(values, decided, ()))
        return Base(
            approved_by=approving,
            case=case,
            evaluations=self._replay(case, decided),
            values=values,
            untouched={name: program.all_of(literals) for name, literals in groups.items()},
            kept={slot: self._literal(slot, values[slot]) for slot in program.slots},
        )

    # -- witnesses -----------------------------------------------------------------------------

    def witness(
        self,
        base: Base,
        goal: Sequence[int],
        moved: Iterable[str],
        seats: Sequence[int] | None = None,
        among: Sequence[int] = (),
    ) -> Witness:
        """The patient closest to the base who satisfies a goal and departs in no other facts than some.

        Args:
            goal: literals besides the readings.
            moved: names of facts; the goal can be reached by changing these.
            seats: the policies whose verdicts the records have to decide and whose evaluations are given; all if None.
            among: literals that hold of the patient, and need not be decided by what is recorded.

        Raises: SolverError: the replay says something else, which is a fault of ours.
        """
        program, names = self.program, set(moved)
        untouched = [literal for name, literal in base.untouched.items() if name not in names]
        held = [*self.spoken, *goal, *among, *untouched]
        slots = [slot for slot in reversed(program.slots) if slot.fact in names]
        same = [self._literal(slot, base.values[slot]) for slot in slots]
        kept = preferred(program, held, [[literal, -literal] for literal in same])
        assert kept is not None
        other = [slot for slot, literal in zip(slots, kept, strict=True) if literal < 0]
        ranked = [[self._literal(slot, value) for value in self._near(slot, base.values[slot])] for slot in other]
        chosen = preferred(program, [*held, *kept], ranked)
        assert chosen is not None
        by_literal = {literal: choice.value for choice, literal in program.choices.items()}
        values = {**base.values, **{slot: by_literal[lit] for slot, lit in zip(other, chosen, strict=True)}}
        known = [record.slot for record in base.case.records]
        decided = self._decided(values, range(len(self.revisions)) if seats is None else seats)
        records = self._records(values, decided, [*known, *other], goal)
        case = self._case(values, records)
        return Witness(
            case=case,
            departures=tuple(self._departure(slot, base, values, [*goal, *among]) for slot in reversed(other)),
            besides=tuple(slot for slot in records if slot not in known and slot not in other),
            evaluations=self._replay(case, decided),
        )

    def _near(self, slot: Slot, value: str) -> tuple[str, ...]:
        """The other values of a slot, the nearest first for a number, the plainest for the rest."""
        others = [each for each in self.program.plainest(slot) if each != value]
        if self.library.vocabulary.facts[slot.fact].is_numeric:
            others.sort(key=lambda each: abs(int(each) - int(value)))
        return tuple(others)

    def _departure(self, slot: Slot, base: Base, values: Mapping[Slot, str], goal: Sequence[int]) -> Departure:
        rest = [self._literal(each, value) for each, value in values.items() if each != slot]
        also = [v for v in self.program.values(slot) if self.possible([*goal, *rest, self._literal(slot, v)])]
        numeric = self.library.vocabulary.facts[slot.fact].is_numeric
        return Departure(
            slot=slot,
            base=self._value(slot, base.values[slot]),
            value=self._value(slot, values[slot]),
            values=() if numeric else tuple(also),
            cells=tuple(self.program.cell(slot, each) for each in also) if numeric else (),
            parting=tuple(also),
        )

    # -- records and replay --------------------------------------------------------------------

    def _literal(self, slot: Slot, value: str) -> int:
        return self._literals[slot, value]

    @cached_property
    def _literals(self) -> dict[tuple[Slot, str], int]:
        return {(choice.slot, choice.value): literal for choice, literal in self.program.choices.items()}

    def _value(self, slot: Slot, value: str) -> Value:
        """A value as a record, which does not say more than some text asks: see `Program.alike`."""
        return self.program.as_value(slot, self.program.alike(slot, value))

    def _alike(self, slot: Slot, value: str) -> int:
        """The literal that a slot has a value, or one that no text tells apart from it: what a record says."""
        run = self.program.alike(slot, value)
        if (slot, run) not in self._runs:
            literals = [self._literal(slot, each) for each in run]
            one = literals[0] if len(run) == 1 else -self.program.all_of([-each for each in literals])
            self._runs[slot, run] = one
        return self._runs[slot, run]

    @cached_property
    def _runs(self) -> dict[tuple[Slot, tuple[str, ...]], int]:
        return {}

    def _decided(self, values: Mapping[Slot, str], seats: Iterable[int]) -> dict[int, str]:
        """What some seats make of a complete patient."""
        literals = {(i, v): self.verdict(i, v) for i in seats for v in VERDICTS}
        held = [self._literal(slot, value) for slot, value in values.items()]
        true = self.program.truth(literals.values(), [*self.spoken, *held])
        if true is None:
            raise SolverError("a patient is possible and then is not")
        return {i: v for (i, v), literal in literals.items() if literal in true}

    def _records(
        self,
        values: Mapping[Slot, str],
        decided: Mapping[int, str],
        start: Sequence[Slot],
        also: Sequence[int] = (),
    ) -> tuple[Slot, ...]:
        """Slots that have to be recorded so that, with what is presumed, some verdicts are decided; none without need.

        Args:
            start: slots to record whether they are needed or not.
            also: literals that have to be decided besides.
        """
        program, vocabulary = self.program, self.library.vocabulary
        goal = -program.all_of([*(self.verdict(seat, verdict) for seat, verdict in decided.items()), *also])
        literals = {slot: self._alike(slot, value) for slot, value in values.items()}

        records = {each.slot: each for each in self._case(values, values).records}
        memory: dict[frozenset[Slot], tuple[dict[Slot, Value], list[int], bool]] = {}

        def presume(recorded: Iterable[Slot]) -> tuple[dict[Slot, Value], list[int], bool]:
            """What is presumed, the same as literals, and whether all of it is so of this patient."""
            key = frozenset(slot for slot in recorded if slot.fact in self._swaying)
            if key not in memory:
                case = Case(title="", records=tuple(records[slot] for slot in vocabulary.in_order(key)))
                presumed = presumptions(vocabulary, case, never=program.never_presumed)
                is_so = all(values[s] in program.allowed(s, v) for s, v in presumed.items() if s in values)
                memory[key] = presumed, program.assume(presumed), is_so
            return memory[key]

        def needed(slots: Iterable[Slot]) -> tuple[set[Slot] | None, dict[Slot, Value]]:
            recorded = vocabulary.in_order(slots)
            presumed, taken, is_so = presume(recorded)
            held = [*self.spoken, goal, *(literals[slot] for slot in recorded), *taken]
            core = program.core(held)
            if core is None or not (is_so or program.possible([each for each in held if each != goal])):
                return None, presumed
            return {slot for slot in recorded if literals[slot] in core}, presumed

        found, presumed = needed(start)
        if start and found is not None:
            return vocabulary.in_order(start)
        # What is assumed late is seldom part of a core: first what needs no record of its own.
        known = {slot: value for slot, value in presumed.items() if slot in values}
        given = {slot for slot, value in known.items() if values[slot] in program.allowed(slot, value)}
        order = [*start, *vocabulary.in_order(given), *values]
        core = program.core([*self.spoken, goal, *dict.fromkeys(literals[slot] for slot in order)])
        assert core is not None
        wanted = {slot for slot in values if literals[slot] in core}
        default = wanted & given
        listed = vocabulary.request.lists.values()  # a request lists these whole: what it does not name is no
        whole = {slot for slot in values if slot.fact in listed and any(each.fact == slot.fact for each in wanted)}
        kept = set(start) | whole
        recorded = kept | (wanted - default)
        found, presumed = needed(recorded)
        if found is None:
            recorded |= {slot for slot in default if slot not in presumed}
            found, _ = needed(recorded)
        if found is None:
            recorded = set(values)
            found = recorded
        while (core_only := needed(kept | found)[0]) is not None and kept | found < recorded:
            recorded, found = kept | found, core_only
        spare = vocabulary.in_order(recorded - kept)
        for slot in sorted(spare, key=lambda each: each in default):
            if slot in recorded:
                fewer, _ = needed(recorded - {slot})
                if fewer is not None:
                    both = kept | fewer
                    enough = both == recorded - {slot} or needed(both)[0] is not None
                    recorded = both if enough else recorded - {slot}
        return vocabulary.in_order(recorded)

    @cached_property
    def _swaying(self) -> frozenset[str]:
        """The facts on whose records it depends what is presumed."""
        return presume(self.library.vocabulary).signs.swaying

    def _case(self, values: Mapping[Slot, str], slots: Iterable[Slot]) -> Case:
        return Case(title="", records=tuple(Record(slot, self._value(slot, values[slot])) for slot in slots))

    def _replay(self, case: Case, decided: Mapping[int, str]) -> tuple[Evaluation, ...]:
        """What `evaluate` makes of a case; it has to be what the complete patient gets."""
        evaluations = []
        for seat, expected in decided.items():
            if seat not in self._evaluators:
                self._evaluators[seat] = Evaluator(self.library, [self.revisions[seat]])
            evaluation = self._evaluators[seat].evaluate(case, self.readings, under_readings=False)[0]
            evaluations.append(evaluation)
            if evaluation.verdict.value != expected:
                raise SolverError(
                    f"a witness got `{expected}` from the solver and `{evaluation.verdict}` from evaluate:"
                    f" {evaluation.revision.name}, {', '.join(map(str, case.by_slot))}"
                )
        return tuple(evaluations)
