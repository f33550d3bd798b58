"""How do entries and verdicts stand in a case with some records otherwise, as far as straight lines tell?

Many policies are asked of many small changes of one case: what they have in common (the presumptions of the changed
case, what stands above the changed slots) is found once. What is told is exact; of all else the solver is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from bvn_asp.cases.evaluate import Evaluation, Evaluator
from bvn_asp.cases.presumptions import never_presumed, presumptions
from bvn_asp.classes import dataclass
from bvn_asp.engine.after import After, Other, ways
from bvn_asp.engine.dive import Aim, Dive
from bvn_asp.engine.rest import Rest
from bvn_asp.engine.steps import Steps
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
        self._known = case.recorded | self._presumed
        allowed = lines.allowed(self._known, [each.readings for each in evaluations])
        self.after = After(lines.lanes, allowed)
        self._supposed: dict[tuple[tuple[Slot, Value | None], ...], Supposed] = {}

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
        return Supposed(known, frozenset(changed), masks)

    @cached_property
    def anybody(self) -> Other:
        """A record in which nothing is said, the readings as they are."""
        chosen = {slot: mask for slot, mask in self.after.allowed.items() if slot not in self._known}
        return After(self.lines.lanes, chosen).record({})

    def mask(self, slot: Slot, value: Value | None) -> int | None:
        """The values of a slot that a record allows, as bits; None if nothing is known."""
        return None if value is None else self.lines.mask(slot, value)


@dataclass(frozen=True)
class Supposed:
    """A case with some records otherwise.

    Attributes:
        known: what is recorded or presumed then.
        changed: the slots of which something else is known than in the case.
        masks: these slots with the values that are left, as bits; None for what is not known.
    """

    known: Mapping[Slot, Value]
    changed: frozenset[Slot]
    masks: Mapping[Slot, int | None]


class Alone:
    """One policy beside others."""

    def __init__(self, alike: _Alike, seat: int) -> None:
        self._alike, self._own, self._line = alike, alike.lines.own(seat), alike.lines.lines[seat]
        self._others: dict[int, tuple[Supposed, Other]] = {}

    def supposed(self, values: Values) -> Supposed:
        """The case with other values for some slots."""
        return self._alike.supposed(values)

    def of(self, case: Case) -> Supposed | None:
        """A case that differs from this one in some records; None if it says what lines do not know."""
        return None if case.several or case.tied else self._alike.of(case)

    @cached_property
    def _steps(self) -> Steps:
        """What its entries and verdicts hang on."""
        line = self._line
        return Steps(self._own.table, [*line.met.values(), *line.verdicts.values(), *self._own.forbidden])

    def _other(self, supposed: Supposed) -> Other:
        key = id(supposed)  # it is kept with what is found
        if key not in self._others:
            self._others[key] = supposed, self._alike.after.record(supposed.masks, self._steps)
        return self._others[key][1]

    def possible(self, supposed: Supposed) -> bool:
        """Whether somebody is seen to be so; else nothing is said of it here."""
        return self._other(supposed).possible

    def entry(self, supposed: Supposed, entry: str, holds: bool) -> bool | None:
        """Whether an entry can be met, or can fail to be; None if that is not plain, or if nobody may be so."""
        other = self._other(supposed)
        return other.can(self._line.met[entry], holds) if other.possible else None

    def verdict(self, supposed: Supposed, verdict: str) -> bool | None:
        """Whether a verdict is reached in every completion; None as before."""
        other = self._other(supposed)
        fails = other.can(self._line.verdicts[verdict], False) if other.possible else None
        return None if fails is None else not fails

    def denies_everybody(self) -> bool:
        """Whether the policy is seen to deny whatever is recorded."""
        anybody = self._alike.anybody
        return anybody.possible and anybody.can(self._line.verdicts["deny"], False) is False

    def blamed_in_everybody(self) -> set[str] | None:
        """The entries that stand in everybody's way, of a policy that approves nobody; None if that is not plain."""
        anybody = self._alike.anybody
        if not anybody.possible or anybody.can(self._line.verdicts["approve"]) is not False:
            return None
        free = {entry: anybody.can(node, False) for entry, node in self._line.blamed.items()}
        return None if None in free.values() else {entry for entry, may in free.items() if not may}

    def ways(self, asked: Iterable[tuple[Slot, Value]]) -> dict[tuple[Slot, Value], bool]:
        """Whether the policy approves some completion in which a slot has a value, with the same things presumed.

        Returns: those of which that is plain; False only of what somebody can be.
        """
        approve, full = self._line.verdicts["approve"], self._own.leaves
        after, mask = self._alike.after, self._alike.lines.mask
        allowed = after.allowed
        pairs = [(slot, value) for slot, value in asked if slot in full]
        narrow = [(slot, mask(slot, value) & allowed.get(slot, -1)) for slot, value in pairs]
        plain = zip(pairs, narrow, ways(self._own, allowed, approve, narrow), strict=True)
        found, aims = dict[tuple[Slot, Value], bool](), dict[Aim, list[tuple[Slot, Value]]]()
        for pair, within, told in plain:
            if told or (told is False and after.somebody(*within)):
                found[pair] = told
            elif told is None and after.somebody(*within):
                aims.setdefault(Aim(approve, True, (within,)), []).append(pair)
        if aims and (rest := Rest(self._own.steps, allowed)).open(approve):
            dive = Dive(self._own, allowed, rest, list(aims))
            for aim in dive.reached | dive.ruled_out:
                found |= dict.fromkeys(aims[aim], aim in dive.reached)
        return found
