"""Which policies approve this case, and entry by entry, what is met, unmet or left open?

A case stands for every world: every way of completing its record. An entry is met if it holds in every world, unmet if
it holds in none, undetermined otherwise; verdicts likewise. The solver answers with the atoms that hold in all worlds
and the atoms that hold in some.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from itertools import starmap
from typing import Any

from bvn_asp.cases.open_facts import open_facts, prepare
from bvn_asp.cases.possible import check_possible
from bvn_asp.cases.presumptions import doubts, never_presumed, presumptions
from bvn_asp.cases.readings import MOST, Hinge, hinges, in_order, survives
from bvn_asp.classes import dataclass, field
from bvn_asp.engine.atoms import Atom
from bvn_asp.engine.changes import changes
from bvn_asp.engine.program import Program, Seat
from bvn_asp.engine.session import session
from bvn_asp.engine.straight import Chart, Straight, straight
from bvn_asp.errors import SolverError
from bvn_asp.model.case import Case, Value
from bvn_asp.model.library import Library
from bvn_asp.model.outline import lowest
from bvn_asp.model.policy import Revision
from bvn_asp.model.rules import Read
from bvn_asp.model.vocabulary import Slot, Vocabulary, term


class Verdict(StrEnum):
    """What a policy makes of a case."""

    APPROVE = "approve"
    DENY = "deny"
    PEND = "pend"
    SILENT = "silent"


class Status(StrEnum):
    """Of an entry: whether it holds in every world, in none, or in some."""

    MET = "met"
    UNMET = "unmet"
    UNDETERMINED = "undetermined"

    def speaks(self, excludes: bool) -> bool | None:
        """Whether an entry that stands so speaks for approval; None while it is open.

        Args:
            excludes: the entry is an exclusion: being met speaks against.
        """
        return None if self is Status.UNDETERMINED else (self is Status.MET) != excludes


@dataclass(frozen=True)
class Evaluation:
    """What one revision makes of one case.

    Attributes:
        statuses: entry id to status, in the order of the document.
        blamed: the entries that stand in the way in every world, the lowest of each branch.
        presumed: slots that the policy reads and that were taken as absent, nobody mentioning them.
        not_presumed: slots that it reads and nobody mentions, each with the recorded slots that put it in doubt.
        open: undocumented slots that alone can still change the verdict; empty unless the verdict is `pend`.
        readings: reading id to the option in force.
        hinges: the smallest changes of readings under which the verdict is another; `all_hinges` says whether all are.
        silence: why a silent policy says nothing, in its rules' words.
        before_effective: the revision was not yet in force on the case's date of service.
        perhaps_early: nobody here knows whether it was, because only days around its first one are known.
        after_until: the revision was no longer in force then, and none followed it.
    """

    revision: Revision
    verdict: Verdict
    statuses: dict[str, Status]
    blamed: tuple[str, ...]
    presumed: tuple[Slot, ...]
    open: tuple[Slot, ...]
    readings: dict[str, str]
    hinges: tuple[Hinge, ...] = ()
    strict: bool = False
    all_hinges: bool = True
    before_effective: bool = False
    perhaps_early: bool = False
    after_until: bool = False
    silence: tuple[str, ...] = ()
    not_presumed: Mapping[Slot, tuple[Slot, ...]] = field(default_factory=dict)

    @property
    def policy(self) -> str:
        return self.revision.policy.id

    def reads(self, entry: str) -> tuple[Read, ...]:
        """What an entry reads of the record, under the readings in force."""
        if entry not in self._reads:
            found = (read.under(self._spoken) for read in self.revision.rules.reads.get(entry, ()))
            self._reads[entry] = tuple(read for read in found if read is not None)
        return self._reads[entry]

    @cached_property
    def _spoken(self) -> frozenset[tuple[str, str]]:
        """The readings in force, as terms."""
        return frozenset((term(name), term(option)) for name, option in self.readings.items())

    @cached_property
    def _reads(self) -> dict[str, tuple[Read, ...]]:
        return {}

    @property
    def reading_dependent(self) -> bool:
        return bool(self.hinges)


Readings = Mapping[str, Mapping[str, str]]
FEW = 3  # revisions


def evaluate(
    library: Library,
    case: Case,
    policies: Iterable[str] = (),
    readings: Readings | None = None,
    strict: bool = False,
    under_readings: bool = True,
) -> tuple[Evaluation, ...]:
    """What each policy makes of a case.

    Args:
        policies: ids, or `id@revision`; all policies if empty, in the revision in force on the case's date.
        readings: policy id to reading id to option, where it is not to be the default.
        strict: presume nothing absent that nobody documents, but members that few people have.
        under_readings: also find the readings on which each verdict hangs.

    Returns: one evaluation a policy, in the order asked for.
    Raises: InputError: unknown policy, revision, reading or option.
    """
    return Evaluator(library, library.revisions(policies, case.date)).evaluate(case, readings, strict, under_readings)


class Evaluator:
    """Some revisions, grounded once a thread, ready for any number of cases.

    Args:
        among: how many revisions are asked in all, if there are more than these.
    """

    def __init__(self, library: Library, revisions: Sequence[Revision], among: int = 0) -> None:
        self._is_quick = max(among, len(revisions)) > FEW
        self.library = library
        self.revisions = tuple(revisions)
        self._seats = [Seat(each) for each in self.revisions]
        self._read = [_read_slots(library.vocabulary, each) for each in self.revisions]
        self._alike: dict[frozenset[str], list[int]] = {}
        for i, each in enumerate(self.revisions):
            self._alike.setdefault(each.never_presumed, []).append(i)
        self._apart = len(self._alike) > 1

    def _one_by_one(self, case: Case, *asked: Any) -> tuple[Evaluation, ...]:
        """As `evaluate`, for policies of which some have documented what others presume: those alike together."""
        found: dict[int, Evaluation] = {}
        for numbers, some in self._groups:
            found |= dict(zip(numbers, some.evaluate(case, *asked), strict=False))  # fewer if it was stopped
        return tuple(found[i] for i in range(len(self.revisions)) if i in found)

    @cached_property
    def _groups(self) -> list[tuple[list[int], Evaluator]]:
        """Those that presume alike together, with their numbers here."""
        if not self._apart:
            return [([*range(len(self.revisions))], self)]
        count = len(self.revisions)
        return [(own, Evaluator(self.library, [self.revisions[i] for i in own], count)) for own in self._alike.values()]

    def charts(self, known: Mapping[Slot, Value], chosen: Sequence[Mapping[str, str]]) -> list[tuple[list[int], Chart]]:
        """A record along the straight lines of these revisions, as far as there are any.

        Args:
            known: what is recorded or presumed, the same for all.
            chosen: of each revision, the readings in force.

        Returns: charts, each with the numbers of the revisions that are its seats.
        """
        charts = ((numbers, lines.chart(known, [chosen[i] for i in numbers])) for numbers, lines in self.lines())
        return [(numbers, chart) for numbers, chart in charts if chart is not None]

    def lines(self) -> list[tuple[list[int], Straight]]:
        """The straight lines of these revisions, as far as there are any: of those that presume alike together.

        Returns: lines, each with the numbers of the revisions that are its seats.
        """
        return [(numbers, some._straight) for numbers, some in self._groups if some._straight is not None]

    @property
    def program(self) -> Program:
        """The program of these revisions in this thread."""
        return session(self.library).program(self._seats, ["blame", "show_statuses"])

    @cached_property
    def plain(self) -> Program:
        """The same program, not grounded: what its facts, its values and its cells are."""
        return Program(self.library.vocabulary, self.library.background, self._seats, solved=False)

    def evaluate(
        self,
        case: Case,
        readings: Readings | None = None,
        strict: bool = False,
        under_readings: bool = True,
        with_open: bool = True,
        stop: Callable[[], bool] = lambda: False,
    ) -> tuple[Evaluation, ...]:
        """What each revision makes of a case; as `evaluate`. Without `with_open`, nobody asks which facts are open.

        Args:
            stop: asked before each revision whether to end with those that are done; each of these is whole.

        Raises: InputError: no patient can be so, with what is presumed.
        """
        if self._apart:
            return self._one_by_one(case, readings, strict, under_readings, with_open, stop)
        vocabulary = self.library.vocabulary
        presumed = presumptions(vocabulary, case, strict, next(iter(self._alike), frozenset()))
        raised = {} if strict else doubts(vocabulary, case)
        known = case.recorded | presumed
        chosen = [self.library.chosen_readings(each, readings or {}) for each in self.revisions]
        chart = self._straight.chart(known, chosen) if self._straight else None
        in_all, in_some = self._bounds(case, known, presumed, chosen, chart)
        verdicts = [_verdict(in_all.get(i, {}), in_some.get(i, {})) for i in range(len(self.revisions))]
        pends = [i for i, kind in enumerate(verdicts) if kind is Verdict.PEND and with_open]
        opens = chart.opens(pends) if chart else {}
        prepare(self.library, [self.revisions[i] for i in pends if i not in opens])
        plain = changes(chart, dict(enumerate(map(str, verdicts))), MOST) if chart and under_readings else {}
        found = []
        for i, (revision, verdict) in enumerate(zip(self.revisions, verdicts, strict=True)):
            if stop():
                break
            hinge, all_hinges = in_order(revision, starmap(Hinge, plain.get(i, ()))), True
            if under_readings and i not in plain:
                hinge, all_hinges = self._hinges(i, known, chosen[i], verdict)
            open_slots: tuple[Slot, ...] = ()
            if i in opens:
                open_slots = vocabulary.in_order(opens[i])
            elif i in pends:
                open_slots = open_facts(self.library, revision, known, chosen[i])
            found.append(
                Evaluation(
                    revision=revision,
                    verdict=verdict,
                    statuses=_statuses(revision, in_all.get(i, {}), in_some.get(i, {})),
                    blamed=lowest(revision, in_all.get(i, {}).get("blamed", set())),
                    presumed=vocabulary.in_order(slot for slot in presumed if slot in self._read[i]),
                    not_presumed={slot: by for slot, by in raised.items() if slot in self._read[i]},
                    open=open_slots,
                    readings=chosen[i],
                    hinges=hinge,
                    strict=strict,
                    silence=tuple(sorted(in_all.get(i, {}).get("silent", ()))),
                    all_hinges=all_hinges,
                    before_effective=case.date is not None and not revision.begun(case.date),
                    perhaps_early=case.date is not None and revision.in_doubt(case.date),
                    after_until=case.date is not None and revision.ended(case.date),
                )
            )
        return tuple(found)

    @cached_property
    def _straight(self) -> Straight | None:
        """The straight lines of these revisions, where they are many: for few the solver is as soon ready."""
        library = self.library
        return straight(library.vocabulary, library.background, self.revisions) if self._is_quick else None

    def _bounds(
        self,
        case: Case,
        known: Mapping[Slot, Value],
        presumed: Mapping[Slot, Value],
        chosen: Sequence[Mapping[str, str]],
        chart: Chart | None,
    ) -> tuple[dict[int, dict[str, set[str]]], dict[int, dict[str, set[str]]]]:
        """For each seat the atoms that hold in all worlds, and in some, by name: along the lines, or by the solver."""
        plain = {i: chart.settled(i) if chart else None for i in range(len(self.revisions))}
        in_all, in_some = ({i: each[k] for i, each in plain.items() if each is not None} for k in (0, 1))
        if len(in_all) == len(plain):
            return in_all, in_some
        program = self.program
        assumed = program.assume(known)
        assumed += [literal for i, each in enumerate(chosen) for literal in program.read(i, each)]
        try:
            solved = _by_seat(program.in_all(assumed))
        except SolverError:
            check_possible(self.library, case, presumed)
            raise
        return {**solved, **in_all}, {**_by_seat(program.in_some(assumed)), **in_some}

    def _hinges(
        self, seat: int, known: Mapping[Slot, Value], chosen: Mapping[str, str], verdict: Verdict
    ) -> tuple[tuple[Hinge, ...], bool]:
        """On which readings a verdict hangs, and whether these are all, by the solver."""
        if survives(self.program, seat, self.program.assume(known), chosen, verdict.value):
            return (), True
        asked, own = self._ask(seat)
        return hinges(asked, own, asked.assume(known), chosen, verdict.value)

    def verdicts(
        self, case: Case, readings: Readings | None = None, strict: bool = False
    ) -> tuple[Verdict, ...]:
        """What each revision's verdict is, and nothing else of it: a verdict is decided if no other can be.

        Raises: InputError: as `evaluate`.
        """
        if self._apart:
            return tuple(each.verdict for each in self.evaluate(case, readings, strict, False, False))
        program = self.program
        presumed = presumptions(self.library.vocabulary, case, strict, next(iter(self._alike), frozenset()))
        facts = program.assume(case.recorded | presumed)
        chosen = [self.library.chosen_readings(each, readings or {}) for each in self.revisions]
        facts += [literal for i, each in enumerate(chosen) for literal in program.read(i, each)]
        found = []
        for i in range(len(self.revisions)):
            can = [each for each in Verdict if program.can_be("verdict", i, each.value)]
            can = [each for each in can if program.possible([*facts, program.literal("verdict", i, each.value)])]
            if not can:
                check_possible(self.library, case, presumed)
                raise SolverError("no world satisfies the case")
            found.append(can[0] if len(can) == 1 else Verdict.PEND)
        return tuple(found)

    def possible(self, case: Case, strict: bool = False) -> bool:
        """Whether anybody can be as a case records and presumes."""
        presumed = presumptions(self.library.vocabulary, case, strict, never_presumed(self.revisions))
        return self.program.possible(self.program.assume(case.recorded | presumed))

    def _ask(self, seat: int) -> tuple[Program, int]:
        """Where to ask a great many questions of one revision: a program of its own, smaller than that of them all."""
        revision = self.revisions[seat]
        if len(self.revisions) == 1:
            return self.program, seat
        return session(self.library).program([Seat(revision)]), 0


def _by_seat(atoms: Iterable[Atom]) -> dict[int, dict[str, set[str]]]:
    found: dict[int, dict[str, set[str]]] = {}
    for name, (seat, entry) in atoms:
        found.setdefault(int(seat), {}).setdefault(name, set()).add(str(entry))
    return found


def _verdict(in_all: Mapping[str, set[str]], in_some: Mapping[str, set[str]]) -> Verdict:
    decided = in_all.get("verdict", set())
    if len(decided) > 1:
        raise SolverError("a policy reached two verdicts in one world")
    return Verdict(next(iter(decided))) if decided else Verdict.PEND


def _statuses(
    revision: Revision, in_all: Mapping[str, set[str]], in_some: Mapping[str, set[str]]
) -> dict[str, Status]:
    always, sometimes = in_all.get("met", set()), in_some.get("met", set())
    return {
        entry.id: Status.MET if entry.id in always else Status.UNDETERMINED if entry.id in sometimes else Status.UNMET
        for entry in revision.rules.entries
    }


def _read_slots(vocabulary: Vocabulary, revision: Revision) -> frozenset[Slot]:
    return frozenset(
        slot
        for name in revision.rules.facts
        if vocabulary.facts[name].type != "count"
        for slot in vocabulary.slots_of(name)
    )

