"""How do entries and verdicts stand in a case with some records otherwise, as far as straight lines tell?

Many policies are asked of many small changes of one case: what they have in common (the presumptions of the changed
case, what stands above the changed slots) is found once. What is told is exact; of all else the solver is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bvn_asp.cases.evaluate import Evaluation, Evaluator
from bvn_asp.cases.presumptions import never_presumed, presumptions
from bvn_asp.classes import dataclass
from bvn_asp.engine.after import After, Other
from bvn_asp.engine.dive import Aim, Dive
from bvn_asp.engine.rest import Rest
from bvn_asp.engine.straight import Straight
from bvn_asp.model.case import Case, Value
from bvn_asp.model.vocabulary import Slot

Values = Mapping[Slot, Value | None]


class Beside:
    """One case under some policies, and cases that differ from it in some records.

    Args:
        evaluations: what the policies make of the case.
    """

    def __init__(self, evaluator: Evaluator, case: Case, evaluations: Sequence[Evaluation], strict: bool) -> None:
        self._seats: dict[str, Alone] = {}
        for numbers, lines in evaluator.lines() if not case.several and not case.tied else ():
            alike = _Alike(lines, case, [evaluations[i] for i in numbers], strict)
            self._seats |= {evaluations[i].revision.name: Alone(alike, k) for k, i in enumerate(numbers)}

    def of(self, evaluation: Evaluation) -> Alone | None:
        """The same of one of the policies; None if it has no line, or the case says what lines do not know."""
        return self._seats.get(evaluation.revision.name)


class _Alike:
    """Policies that presume alike."""

    def __init__(self, lines: Straight, case: Case, evaluations: Sequence[Evaluation], strict: bool) -> None:
        self.vocabulary, self.case, self.lines, self._strict = lines.vocabulary, case, lines, strict
        self._never = never_presumed(each.revision for each in evaluations)
        self._presumed = presumptions(self.vocabulary, case, strict, self._never)
        allowed = lines.allowed(case.recorded | self._presumed, [each.readings for each in evaluations])
        self.after = After(lines.lanes, allowed)
        self._supposed: dict[tuple[tuple[Slot, Value | None], ...], Supposed] = {}
        self._narrowed: dict[tuple[Slot, int], Other] = {}

    def supposed(self, values: Values) -> Supposed:
        """The case with other values for some slots."""
        key = tuple(values.items())
        if key not in self._supposed:
            self._supposed[key] = self.of(self.case.with_values(self.vocabulary, values))
        return self._supposed[key]

    def of(self, case: Case) -> Supposed:
        """Another case; one that says nothing of several slots at once."""
        presumed = presumptions(self.vocabulary, case, self._strict, self._never)
        was, now = self.case.recorded, case.recorded
        changed = {slot for slot in (*was, *now) if was.get(slot) != now.get(slot)}
        changed |= set(presumed) ^ set(self._presumed)
        known = now | presumed
        masks = {slot: self.mask(slot, known.get(slot)) for slot in changed if slot in self.lines.table.full}
        return Supposed(known, frozenset(changed), self.after.record(masks))

    def mask(self, slot: Slot, value: Value | None) -> int | None:
        """The values of a slot that a record allows, as bits; None if nothing is known."""
        return None if value is None else self.lines.mask(slot, value)

    def narrowed(self, slot: Slot, mask: int) -> Other:
        """The record, a slot of which has one of some values, presumptions as they are."""
        if (slot, mask) not in self._narrowed:
            self._narrowed[slot, mask] = self.after.record({slot: mask})
        return self._narrowed[slot, mask]


@dataclass(frozen=True)
class Supposed:
    """A case with some records otherwise.

    Attributes:
        known: what is recorded or presumed then.
        changed: the slots of which something else is known than in the case.
        other: how it stands.
    """

    known: Mapping[Slot, Value]
    changed: frozenset[Slot]
    other: Other


class Alone:
    """One policy beside others."""

    def __init__(self, alike: _Alike, seat: int) -> None:
        self._alike, self._seat, self._line = alike, seat, alike.lines.lines[seat]

    def supposed(self, values: Values) -> Supposed:
        """The case with other values for some slots."""
        return self._alike.supposed(values)

    def of(self, case: Case) -> Supposed | None:
        """A case that differs from this one in some records; None if it says what lines do not know."""
        return None if case.several or case.tied else self._alike.of(case)

    def entry(self, supposed: Supposed, entry: str, holds: bool) -> bool | None:
        """Whether an entry can be met, or can fail to be; None if that is not plain, or if nobody may be so."""
        return supposed.other.can(self._line.met[entry], holds) if supposed.other.possible else None

    def verdict(self, supposed: Supposed, verdict: str) -> bool | None:
        """Whether a verdict is reached in every completion; None as before."""
        fails = supposed.other.can(self._line.verdicts[verdict], False) if supposed.other.possible else None
        return None if fails is None else not fails

    def ways(self, asked: Iterable[tuple[Slot, Value]]) -> dict[tuple[Slot, Value], bool]:
        """Whether the policy approves some completion in which a slot has a value, with the same things presumed.

        Returns: those of which that is plain; False only of what somebody can be.
        """
        approve, lines, after = self._line.verdicts["approve"], self._alike.lines, self._alike.after
        found: dict[tuple[Slot, Value], bool] = {}
        aims: dict[Aim, list[tuple[Slot, Value]]] = {}
        for slot, value in asked:
            if slot not in lines.table.full:
                continue
            mask = lines.mask(slot, value) & after.allowed.get(slot, -1)
            if after.having(slot, mask, approve):
                found[slot, value] = True
                continue
            other = self._alike.narrowed(slot, mask)
            plain = other.can(approve) if other.possible else None
            if plain is None:
                aims.setdefault(Aim(approve, True, ((slot, mask),)), []).append((slot, value))
            else:
                found[slot, value] = plain
        own = lines.own(self._seat)
        if aims and (rest := Rest(own.steps, after.allowed)).open(approve):
            dive = Dive(own, after.allowed, rest, list(aims))
            for aim, those in aims.items():
                slot, mask = aim.within[0]
                if aim in dive.reached:
                    found |= dict.fromkeys(those, True)
                elif aim in dive.ruled_out and self._alike.narrowed(slot, mask).possible:
                    found |= dict.fromkeys(those, False)
        return found
