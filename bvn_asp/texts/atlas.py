"""What does every source ask for, who is stricter than whom, and what is contested?

Everything is asked of the solver, over every patient that the vocabulary can describe: which values an approved patient
can have, and whether somebody whom one policy approves is turned down by another. Each text is read in its default
reading.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import combinations
from pathlib import Path

from bvn_asp import store
from bvn_asp.cases.compare import Row, aligned, names
from bvn_asp.cases.evaluate import Evaluation, Evaluator
from bvn_asp.classes import dataclass, replace
from bvn_asp.engine.program import Program, Seat
from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Option, Reading, Revision
from bvn_asp.model.quantity import Cell
from bvn_asp.model.vocabulary import Fact, Slot
from bvn_asp.routing.claims import Claim, claims
from bvn_asp.texts.stricter import Relation


@dataclass(frozen=True)
class Bound:
    """What one policy leaves open of a slot.

    Attributes:
        name: the policy's id, or `id@revision` where two editions of one policy are asked.
        values: the values that a patient whom the policy approves can have: named values, cells by their
            numbers, or for a count every count.
    """

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Held:
    """Limits that a policy holds a number against, where none of them rules out a value by itself."""

    name: str
    tests: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Limits:
    """One thing a case can record, and the policies that rule out some value of it, whatever else is so.

    Attributes:
        slots: the slots of one fact that every policy treats alike; of a member's, those of a requested one.
        values: every value, in order; cells by their numbers; empty for a count.
        cells: the cells of a number, in order; empty for named values.
        bounds: in the order of the policies; those that rule out nothing by it are left out.
        least, most: of a count, how few and how many anybody can have.
        held: of a number, what other policies hold it against, together with other facts.
    """

    slots: tuple[Slot, ...]
    values: tuple[str, ...]
    cells: tuple[Cell, ...]
    bounds: tuple[Bound, ...]
    held: tuple[Held, ...] = ()
    least: int = 0
    most: int | None = None


@dataclass(frozen=True)
class Pair:
    """How the patients whom one policy approves stand to those whom another approves.

    Attributes:
        relation: said of the first.
        apart: no patient is approved by both.
    """

    first: str
    second: str
    relation: Relation
    apart: bool


@dataclass(frozen=True)
class Contested:
    """A passage that somebody reads in another way than it is read here."""

    name: str
    reading: Reading
    claims: tuple[Option, ...]


@dataclass(frozen=True)
class Atlas:
    """All policies at a glance.

    Attributes:
        evaluations: what each policy makes of a request of which nothing is recorded, and nothing presumed.
        rows: what they ask, topic by topic.
        limits: what they ask, fact by fact, in the order of the vocabulary.
        approving: the names of the policies that approve somebody.
        pairs: each two of these, the first named first in `approving`.
        claims: the ledger of what documents claim of these sources; the whole of it if no policies were named.
    """

    evaluations: tuple[Evaluation, ...]
    rows: tuple[Row, ...]
    limits: tuple[Limits, ...]
    approving: tuple[str, ...]
    pairs: tuple[Pair, ...]
    contested: tuple[Contested, ...]
    claims: tuple[Claim, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The policies' names, in the order of `evaluations`."""
        return names(self.evaluations)


def atlas(library: Library, policies: Iterable[str] = ()) -> Atlas:
    """What policies ask for, side by side, over all patients.

    Args:
        policies: ids, or `id@revision`; all policies if empty, in their latest revision.

    Raises: InputError: unknown policy or revision.
    """
    policies = tuple(policies)
    revisions = library.revisions(policies)
    nothing = Case("", ())
    evaluations = Evaluator(library, revisions).evaluate(nothing, None, True, under_readings=False, with_open=False)
    asker = _Asker(library, evaluations)
    named = {each.policy.id for each in revisions}
    return Atlas(
        evaluations=evaluations,
        rows=aligned(library, evaluations),
        limits=tuple(asker.limits()),
        approving=tuple(asker.names[seat] for seat in asker.approving),
        pairs=tuple(asker.pair(first, second) for first, second in combinations(asker.approving, 2)),
        contested=tuple(_contested(evaluations)),
        claims=tuple(each for each in claims(library) if not policies or each.about in named),
    )


def limits(library: Library, evaluations: Sequence[Evaluation], named: bool = False) -> tuple[Limits, ...]:
    """What some policies rule out of numbers, whatever the case, in the order of the vocabulary.

    Args:
        evaluations: their revisions and readings count, nothing else.
        named: what they rule out of named values, too.
    """
    return tuple(_Asker(library, evaluations, named).limits())


def differing(
    library: Library, revisions: tuple[Revision, Revision], readings: tuple[dict[str, str], dict[str, str]]
) -> tuple[Limits, ...]:
    """The numbers of which two texts, each read in its own way, leave open different amounts."""
    # Each by itself: a copy of a policy may know other readings than its original.
    evaluations = [
        each
        for revision, chosen in zip(revisions, readings, strict=True)
        for each in Evaluator(library, [revision]).evaluate(
            Case("", ()), {revision.policy.id: chosen}, under_readings=False, with_open=False
        )
    ]
    found = limits(library, evaluations)
    return tuple(each for each in found if each.cells and (len(each.bounds) != 2 or len(_left(each)) > 1))


def _left(each: Limits) -> set[tuple[str, ...]]:
    return {bound.values for bound in each.bounds}


_Values = dict[str, frozenset[str]]
"""Slot to values, both as terms."""


def _values(data: Mapping[str, Iterable[str]]) -> _Values:
    return {slot: frozenset(values) for slot, values in data.items()}


class _Asker:
    """Some revisions in one program, asked about every patient at once."""

    def __init__(self, library: Library, evaluations: Sequence[Evaluation], named: bool = True) -> None:
        self.library = library
        self.evaluations = evaluations
        self.names = names(evaluations)
        members, asked = library.vocabulary.request.members, library.vocabulary.asked.name
        facts = library.vocabulary.facts.values()
        placed = [each.name for each in facts if asked and each.per == asked and each.name != members]
        rules = [f"of({name}(X),{members}(X)) :- {asked}(X)." for name in placed] + ["named_too."] * named
        self._rules = "\n".join(rules)

    def _program(self, solved: bool) -> Program:
        return Program(
            self.library.vocabulary,
            self.library.background,
            [Seat(each.revision) for each in self.evaluations],
            ["atlas"],
            rules=self._rules,
            solved=solved,
        )

    @cached_property
    def plain(self) -> Program:
        """The program, not grounded: what its facts, its values and its cells are."""
        return self._program(solved=False)

    @cached_property
    def program(self) -> Program:
        """The program, grounded."""
        return self._program(solved=True)

    @cached_property
    def spoken(self) -> list[int]:
        """The literals of every seat's readings."""
        chosen = enumerate(each.readings for each in self.evaluations)
        return [literal for seat, readings in chosen for literal in self.program.read(seat, readings)]

    @cached_property
    def approve(self) -> list[int]:
        """The literal of each seat's approval."""
        return [self.program.literal("verdict", seat, "approve") for seat, _ in enumerate(self.evaluations)]

    @cached_property
    def approving(self) -> list[int]:
        """The seats that approve somebody."""
        return [seat for seat, literal in enumerate(self.approve) if self.program.allows(self.spoken, [literal])]

    def pair(self, first: int, second: int) -> Pair:
        """How two seats stand to each other."""

        def possible(*signs: int) -> bool:
            both = zip(signs, (first, second), strict=True)
            return self.program.allows(self.spoken, [sign * self.approve[seat] for sign, seat in both])

        refuses, grants = possible(-1, 1), possible(1, -1)
        if refuses:
            relation = Relation.NEITHER if grants else Relation.STRICTER
        else:
            relation = Relation.LOOSER if grants else Relation.EQUIVALENT
        return Pair(self.names[first], self.names[second], relation, not possible(1, 1))

    def limits(self) -> Iterator[Limits]:
        """What each seat leaves open, fact by fact."""
        anybody, may = self._left(self.plain.text)
        for fact in self.plain.facts:
            found = list(self._bounds(self.plain, fact, anybody, may))
            bound = {each.name for one in found for each in one.bounds}
            held = tuple(each for each in self._held(fact) if each.name not in bound)
            if found:
                found[0] = replace(found[0], held=held)
            elif held:
                found = [Limits(self.library.vocabulary.slots_of(fact.name), (), (), (), held)]
            yield from found

    def _left(self, text: str) -> tuple[_Values, dict[int, _Values]]:
        """What anybody can have, and a patient whom each seat approves; kept between runs, for no case is in it.

        Args:
            text: the program's.
        """
        readings = json.dumps([sorted(each.readings.items()) for each in self.evaluations])
        name = store.named("left", Path(__file__).read_bytes(), text, readings) if store.is_open() else ""
        content = store.taken(name) if name else None
        if content is not None:
            with suppress(ValueError, TypeError, AttributeError):  # not written by this code
                anybody, may = json.loads(content)
                return _values(anybody), {int(seat): _values(values) for seat, values in may.items()}
        anybody, may = self._may([]), {seat: self._may([self.approve[seat]]) for seat in self.approving}
        if name:
            listed = json.dumps([anybody, may], default=sorted, separators=(",", ":"))
            store.keep(name, listed.encode())
        return anybody, may

    def _bounds(
        self, program: Program, fact: Fact, anybody: _Values, may: Mapping[int, _Values]
    ) -> Iterator[Limits]:
        """The slots of a fact, those together that every seat bounds alike."""
        alike: dict[tuple[Bound, ...], list[Slot]] = {}
        for slot in self.library.vocabulary.slots_of(fact.name):
            everything = anybody.get(slot.term, frozenset())
            values = sorted(everything, key=int) if fact.type == "count" else program.values(slot)
            bounds = tuple(
                Bound(self.names[seat], tuple(each for each in values if each in left[slot.term]))
                for seat, left in may.items()
                if slot.term in left and left[slot.term] != everything
            )
            if bounds:
                alike.setdefault(bounds, []).append(slot)
        for bounds, slots in alike.items():
            whole = () if fact.type == "count" else program.values(slots[0])
            cells = tuple(program.cell(slots[0], each) for each in whole) if fact.is_numeric else ()
            if cells:
                whole, cells, bounds = self._joined(fact, whole, cells, bounds)
            counts = sorted(map(int, anybody[slots[0].term])) if fact.type == "count" else [0]
            most = counts[-1] if fact.type == "count" else None
            yield Limits(tuple(slots), whole, cells, bounds, least=counts[0], most=most)

    def _joined(
        self, fact: Fact, whole: tuple[str, ...], cells: tuple[Cell, ...], bounds: tuple[Bound, ...]
    ) -> tuple[tuple[str, ...], tuple[Cell, ...], tuple[Bound, ...]]:
        """A number line without the places at which only the background cuts it, where no source leaves a side out."""
        slot = self.library.vocabulary.slots_of(fact.name)[0]
        groups: list[list[int]] = []
        for i, value in enumerate(whole):
            apart = not i or whole[i - 1] not in self.plain.alike(slot, value)
            if apart or any((whole[i - 1] in each.values) != (value in each.values) for each in bounds):
                groups.append([])
            groups[-1].append(i)
        joined = tuple(
            Cell(cells[each[0]].low, cells[each[0]].low_open, cells[each[-1]].high, cells[each[-1]].high_open)
            for each in groups
        )
        return (
            tuple(str(number) for number, _ in enumerate(groups)),
            joined,
            tuple(
                Bound(each.name, tuple(str(n) for n, group in enumerate(groups) if whole[group[0]] in each.values))
                for each in bounds
            ),
        )

    def _may(self, goal: Sequence[int]) -> _Values:
        """Slot to the values it has in some world that satisfies a goal, both as terms."""
        found: dict[str, set[str]] = {}
        for atom in self.program.in_some([*self.spoken, *goal]):
            slot, value = atom.arguments
            found.setdefault(str(slot), set()).add(str(value))
        return {slot: frozenset(values) for slot, values in found.items()}

    def _held(self, fact: Fact) -> Iterator[Held]:
        """The limits that the rules name, under the readings in force."""
        if fact.is_named:
            return
        for name, tests in zip(self.names, self._tests, strict=True):
            if fact.name in tests:
                yield Held(name, tuple(tests[fact.name]))

    @cached_property
    def _tests(self) -> list[dict[str, dict[tuple[str, str], None]]]:
        """For each seat the facts that its rules hold against something, each with what that is, in their order."""
        found: list[dict[str, dict[tuple[str, str], None]]] = []
        for evaluation in self.evaluations:
            found.append({})
            for entry in evaluation.revision.entries:
                for read in evaluation.reads(entry):
                    if read.tests:
                        found[-1].setdefault(read.fact, {}).update(dict.fromkeys(read.tests))
        return found


def _contested(evaluations: Iterable[Evaluation]) -> Iterator[Contested]:
    for name, evaluation in zip(names(list(evaluations)), evaluations, strict=True):
        for reading in evaluation.revision.readings:
            claims = tuple(option for option in reading.options if option.claimed_by)
            if claims:
                yield Contested(name, reading, claims)
