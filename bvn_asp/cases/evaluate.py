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

from bvn_asp.cases.open_facts import open_facts, prepare
from bvn_asp.cases.possible import check_possible
from bvn_asp.cases.presumptions import doubts, never_presumed, presumptions
from bvn_asp.cases.readings import MOST, Hinge, hinges, in_order, survives
from bvn_asp.classes import dataclass, field
from bvn_asp.engine.atoms import Atom
from bvn_asp.engine.changes import changes
from bvn_asp.engine.chart import Chart, chart_of
from bvn_asp.engine.program import Program, Seat
from bvn_asp.engine.session import session
from bvn_asp.engine.straight import Straight, straight
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


@dataclass(frozen=True)
class Premises:
    """What is gone by when revisions that presume alike are asked of a case.

    Attributes:
        presumed: what is taken as absent, nobody mentioning it.
        raised: what is not although nobody mentions it, with the recorded slots that put it in doubt.
        chosen: for each revision the readings in force.
        chart: the record along the straight lines of the revisions, if there are any.
    """

    case: Case
    strict: bool
    presumed: dict[Slot, Value]
    raised: dict[Slot, tuple[Slot, ...]]
    chosen: list[dict[str, str]]
    chart: Chart | None

    @property
    def known(self) -> dict[Slot, Value]:
        """What is recorded or presumed."""
        return self.case.recorded | self.presumed


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
    """Some revisions, grounded once a thread, ready for any number of cases."""

    def __init__(self, library: Library, revisions: Sequence[Revision]) -> None:
        self.library = library
        self.revisions = tuple(revisions)
        self._seats = [Seat(each) for each in self.revisions]
        self._alike: dict[frozenset[str], list[int]] = {}
        for i, each in enumerate(self.revisions):
            self._alike.setdefault(each.never_presumed, []).append(i)
        self._apart = len(self._alike) > 1

    @cached_property
    def _groups(self) -> list[tuple[list[int], Evaluator]]:
        """Those that presume alike together, with their numbers here."""
        if not self._apart:
            return [([*range(len(self.revisions))], self)]
        return [(own, Evaluator(self.library, [self.revisions[i] for i in own])) for own in self._alike.values()]

    def premises(self, case: Case, readings: Readings | None = None, strict: bool = False) -> list[Premises]:
        """What is gone by in a case: of each group of revisions that presume alike."""
        return [some._premises(case, readings or {}, strict) for _, some in self._groups]

    def _premises(self, case: Case, readings: Readings, strict: bool, with_chart: bool = True) -> Premises:
        vocabulary = self.library.vocabulary
        presumed = presumptions(vocabulary, case, strict, next(iter(self._alike), frozenset()))
        raised = {} if strict else doubts(vocabulary, case)
        chosen = [self.library.chosen_readings(each, readings) for each in self.revisions]
        lines = self._straight if with_chart else None
        chart = chart_of(lines, case.recorded | presumed, chosen) if lines else None
        return Premises(case, strict, presumed, raised, chosen, chart)

    def charts(self, known: Mapping[Slot, Value], premises: Sequence[Premises]) -> list[tuple[list[int], Chart]]:
        """A record along the straight lines of these revisions, as far as there are any.

        Args:
            known: what is recorded or presumed, the same for all.
            premises: those of the same case.

        Returns: charts, each with the numbers of the revisions that are its seats.
        """
        pairs = zip(self._groups, premises, strict=True)
        lines = ((numbers, some._straight, each) for (numbers, some), each in pairs if some._straight is not None)
        charts = ((numbers, chart_of(own, known, each.chosen, beside=each.chart)) for numbers, own, each in lines)
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

    @cached_property
    def _read(self) -> list[frozenset[Slot]]:
        """What each revision reads of a record."""
        return [_read_slots(self.library.vocabulary, each) for each in self.revisions]

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
        return self.under(self.premises(case, readings, strict), under_readings, with_open, stop)

    def under(
        self,
        premises: Sequence[Premises],
        under_readings: bool = True,
        with_open: bool = True,
        stop: Callable[[], bool] = lambda: False,
    ) -> tuple[Evaluation, ...]:
        """As `evaluate`, of a case whose premises are at hand."""
        found: dict[int, Evaluation] = {}
        for (numbers, some), each in zip(self._groups, premises, strict=True):
            told = some._under(each, under_readings, with_open, stop)
            found |= dict(zip(numbers, told, strict=False))  # fewer if it was stopped
        return tuple(found[i] for i in range(len(self.revisions)) if i in found)

    def _under(
        self, premises: Premises, under_readings: bool, with_open: bool, stop: Callable[[], bool]
    ) -> tuple[Evaluation, ...]:
        """As `under`, of revisions that presume alike."""
        vocabulary = self.library.vocabulary
        case, known, chosen, chart = premises.case, premises.known, premises.chosen, premises.chart
        in_all, in_some = self._bounds(premises)
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
                    presumed=vocabulary.in_order(slot for slot in premises.presumed if slot in self._read[i]),
                    not_presumed={slot: by for slot, by in premises.raised.items() if slot in self._read[i]},
                    open=open_slots,
                    readings=chosen[i],
                    hinges=hinge,
                    strict=premises.strict,
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
        """The straight lines of these revisions, if there is a store to keep them in."""
        return straight(self.library.vocabulary, self.library.background, self.revisions)

    def _bounds(
        self, premises: Premises
    ) -> tuple[dict[int, dict[str, set[str]]], dict[int, dict[str, set[str]]]]:
        """For each seat the atoms that hold in all worlds, and in some, by name: along the lines, or by the solver."""
        chart = premises.chart
        plain = {i: chart.settled(i) if chart else None for i in range(len(self.revisions))}
        in_all, in_some = ({i: each[k] for i, each in plain.items() if each is not None} for k in (0, 1))
        if len(in_all) == len(plain):
            return in_all, in_some
        program = self.program
        assumed = self._assumed(premises)
        try:
            solved = _by_seat(program.in_all(assumed))
        except SolverError:
            check_possible(self.library, premises.case, premises.presumed)
            raise
        return {**solved, **in_all}, {**_by_seat(program.in_some(assumed)), **in_some}

    def _assumed(self, premises: Premises) -> list[int]:
        """The literals that stand for a case in the program."""
        read = (literal for i, each in enumerate(premises.chosen) for literal in self.program.read(i, each))
        return [*self.program.assume(premises.known), *read]

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
        premises = self._premises(case, readings or {}, strict, with_chart=False)
        facts = self._assumed(premises)
        found = []
        for i in range(len(self.revisions)):
            can = [each for each in Verdict if program.can_be("verdict", i, each.value)]
            can = [each for each in can if program.possible([*facts, program.literal("verdict", i, each.value)])]
            if not can:
                check_possible(self.library, case, premises.presumed)
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

