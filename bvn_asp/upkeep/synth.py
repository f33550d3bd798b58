"""Which smallest patients would notice what no case notices yet?

For every slip that no check notices, and every item that no check covers, the solver looks for a patient who would: as
plain as can be, with as few records as decide the matter, no record of whom can be left out. Each case is replayed
through `evaluate`, with the policy as it is and with the slip in it, before it is handed on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from bvn_asp.cases.evaluate import Evaluation, Evaluator, Status
from bvn_asp.classes import dataclass, replace
from bvn_asp.errors import SolverError
from bvn_asp.model.case import Case, Named, Value
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.model.quantity import Quantity, exactly
from bvn_asp.model.rules import OPPOSITE
from bvn_asp.model.vocabulary import Slot
from bvn_asp.upkeep.coverage import ON, SHORT, Item, Watch, coverage
from bvn_asp.upkeep.mutants import Mutant, alone
from bvn_asp.upkeep.mutate import Trial, mutate
from bvn_asp.upkeep.testing import Brief, Check
from bvn_asp.upkeep.writer import Writer, make, size


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
    aims: Mutant | Item
    notices: tuple[Mutant, ...] = ()


@dataclass(frozen=True)
class Synthesis:
    """What `synth` found.

    Attributes:
        written: the cases, in the order of the policy's file.
        equivalent: mutants that no case and no reading can tell from the policy, proved.
        never: items that no case can show, proved.
        unnoticed, unshown: what can be noticed or shown, but no case was found for; nothing is expected here.
    """

    revision: Revision
    written: tuple[Written, ...]
    equivalent: tuple[Mutant, ...]
    never: tuple[Item, ...]
    unnoticed: tuple[Mutant, ...]
    unshown: tuple[Item, ...]


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
    given = tuple(checks)
    mutation = mutate(library, revision, given)
    listed = tuple(each.mutant for each in mutation.outcomes)
    trial = Trial(library, revision, listed)
    author = _Author(trial)
    left = {number for number, each in enumerate(mutation.outcomes) if each.survives}
    total = len(left)
    written: list[Written] = []
    unnoticed: list[Mutant] = []
    for number in sorted(left):
        if number not in left:
            continue
        made = author.for_mutant(number)
        if made is None:
            left.discard(number)
            unnoticed.append(listed[number])
            continue
        found = trial.noticed(trial.question(made), left)
        if number not in found:
            raise SolverError(f"the case for {listed[number].id} does not notice it")
        author.replay(made, listed[number])
        left -= found
        written.append(Written(made.case, made, listed[number], tuple(listed[i] for i in sorted(found))))
        step(total - len(left), total)
    written = _without_needless(trial, written)
    covered = coverage(library, revision, [*given, *(each.check for each in written)])
    more, unshown = write_items(library, revision, covered.missing)
    return Synthesis(
        revision=revision,
        written=(*written, *more),
        equivalent=tuple(each.mutant for each in mutation.outcomes if each.equivalent),
        never=tuple(item for item in covered.shown if item in covered.never),
        unnoticed=tuple(unnoticed),
        unshown=unshown,
    )


def write_items(
    library: Library, revision: Revision, missing: Iterable[Item]
) -> tuple[tuple[Written, ...], tuple[Item, ...]]:
    """Cases that show some items, and the items for which none was found."""
    author = _Shower(library, revision)
    left, written, unshown = dict.fromkeys(missing), list[Written](), list[Item]()
    while left:
        item = next(iter(left))
        for check in author.for_item(item):
            shown = author.watch.shows(check)
            if item in shown:
                left = {each: None for each in left if each not in shown}
                written.append(Written(check.case, check, item))
                break
        else:
            del left[item]
            unshown.append(item)
    return tuple(written), tuple(unshown)


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


ENOUGH = 2  # a case with so few records is not worth improving on


class _Author(Writer):
    """Writes cases that tell a mutant from the policy."""

    def __init__(self, trial: Trial) -> None:
        super().__init__(trial.library, trial.revision, trial.program)
        self.trial = trial

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
                    if made and (best is None or size(self.vocabulary, made) < size(self.vocabulary, best)):
                        best = made
                if best is not None and size(self.vocabulary, best)[0] <= ENOUGH:
                    return best
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


class _Shower(Writer):
    """Writes cases that show an item of coverage."""

    def __init__(self, library: Library, revision: Revision) -> None:
        self.watch = Watch(library, revision)
        super().__init__(library, revision, self.watch.program)

    def for_item(self, item: Item) -> Iterator[Check]:
        """Cases that may show an item, the smallest first."""
        nothing = make(self.vocabulary, {})
        if item.kind == "limit":
            limit = self.watch.limits[item.of]
            either = {limit.operator, OPPOSITE[limit.operator]}  # an entry that denies the limit reads its opposite
            readers = [
                entry
                for entry, reads in self.revision.rules.reads.items()
                if any(r.fact == limit.fact and {o for o, _ in r.tests} & either for r in reads)
            ]
            for records in self._on_side(limit.fact, limit.quantity, item.aspect):
                yield self.expect(make(self.vocabulary, records), {}, readers)
        elif item.kind == "reading":
            yield self.expect(nothing, {item.of: item.aspect}, ())
        elif item.aspect == "undetermined":
            for readings in self._readings():
                yield self.expect(nothing, readings, (item.of,))
                yield self.expect(nothing, readings, (item.of,), strict=True)
        else:
            yield from self._forced(item)

    def _forced(self, item: Item) -> Iterator[Check]:
        goal = self.watch.goal(item)
        never = self.program.literal("never")
        if goal is None:
            return
        entry = item.of if item.kind == "entry" and item.aspect != "decisive" else ""
        for records_whole in (False, True):
            made = self.write(goal[1:], goal[0], never, entry, records_whole)
            if made is not None:
                yield made

    def _readings(self) -> Iterator[dict[str, str]]:
        """The default readings, then every single change of one."""
        yield {}
        for reading in self.revision.readings:
            for option in reading.options:
                if option.name != reading.default:
                    yield {reading.id: option.name}

    def _on_side(self, name: str, limit: Quantity, side: str) -> Iterator[dict[Slot, Value]]:
        """Records of one number on one side of a limit."""
        fact = self.vocabulary.facts[name]
        width = fact.step if fact.type == "number" and fact.step else Decimal(1)
        amount = limit.amount + (0 if side == ON else -width if side == SHORT else width)
        if fact.type == "count":
            counted = [(slot, value) for each, value in fact.counts for slot in self.vocabulary.slots_of(each)]
            members = list(dict.fromkeys(slot.member for slot, _ in counted))[: int(amount)]
            yield {
                slot: Named((value if slot.member in members else self._other(slot, value),)) for slot, value in counted
            }
            return
        for slot in self.vocabulary.slots_of(name):
            yield {slot: exactly(Quantity(amount, limit.unit))}

    def _other(self, slot: Slot, value: str) -> str:
        return next(each for each in reversed(self.vocabulary.facts[slot.fact].values) if each != value)
