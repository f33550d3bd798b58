"""Do the policies say of each case what the case expects of them?

A case states under `expect:` what a policy should say of it. Each such statement is one check. Each policy is
grounded once, and every case is put to it through the same `Evaluator` that `compare` and `explain` use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bvn_asp.cases.evaluate import Evaluation, Evaluator, Readings, Status, Verdict
from bvn_asp.classes import dataclass
from bvn_asp.errors import Fault, InputError, Place, did_you_mean
from bvn_asp.model.case import Case, Expectation
from bvn_asp.model.case_reader import load_case
from bvn_asp.model.library import Library
from bvn_asp.model.members import parse_slots
from bvn_asp.model.policy import Revision
from bvn_asp.model.vocabulary import Slot

KEYS = ("verdict", "blamed", "statuses", "readings", "strict", "open", "hangs_on", "repairs", "why")
SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True)
class Check:
    """One thing that a case expects of one policy.

    Attributes:
        readings: policy id to reading id to option, where the expectation asks for another than the default.
        statuses: entry id to the status it should have.
        open: slots that alone can still change the verdict; None if the expectation does not say.
        hangs_on: readings that change the verdict; None if the expectation does not say.
        repairs: how many smallest repairs there are, or the slots that the easiest one moves; None if it does not say.
    """

    case: Case
    expectation: Expectation
    revision: Revision
    readings: Mapping[str, Mapping[str, str]]
    statuses: Mapping[str, Status]
    open: tuple[Slot, ...] | None = None
    hangs_on: tuple[str, ...] | None = None
    repairs: int | tuple[Slot, ...] | None = None

    @property
    def id(self) -> str:
        """`cases/a.yaml::plan`, with what sets it apart from the policy's other checks: `[r2=each_body,strict]`."""
        marks = [f"{name}={option}" for name, option in self.expectation.readings]
        marks += ["strict"] if self.expectation.strict else []
        return f"{self.case.path}::{self.expectation.policy}" + (f"[{','.join(marks)}]" if marks else "")


@dataclass(frozen=True)
class Mismatch:
    """One point on which a policy says something else than expected.

    Attributes:
        key: `verdict`, `blamed`, `open`, `hangs_on`, or the entry whose status is another.
    """

    key: str
    expected: tuple[str, ...]
    got: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """What became of a check.

    Attributes:
        mismatches: empty if the check passed.
        astray: the entries that went the other way, in the order of the document.
    """

    check: Check
    evaluation: Evaluation
    mismatches: tuple[Mismatch, ...]
    astray: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.mismatches


@dataclass(frozen=True)
class Collection:
    """The checks of some case files.

    Attributes:
        files: how many files were read.
        faults: what is wrong with files or expectations that could not be asked.
    """

    checks: tuple[Check, ...]
    files: int
    faults: tuple[Fault, ...] = ()


class Runner:
    """Runs checks; each revision is grounded once, when a check first asks for it."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._evaluators: dict[str, Evaluator] = {}

    def run(self, check: Check) -> Result:
        """What becomes of one check.

        Raises: InputError: the case records or presumes what no patient can be.
        """
        strict, readings = check.expectation.strict, check.readings
        evaluator = self._evaluator(check)
        asked = (check.hangs_on is not None, check.open is not None)
        evaluation = evaluator.evaluate(check.case, readings, strict, *asked)[0]
        found = (*mismatches(check, evaluation), *self._repairs(check))
        return Result(check, evaluation, found, astray(check, evaluation))

    def _repairs(self, check: Check) -> Iterator[Mismatch]:
        if check.repairs is None:
            return
        from bvn_asp.repairs.repair import repair

        name, strict = check.revision.name, check.expectation.strict
        answer = repair(self.library, check.case, [name], check.readings, strict, limit=1)
        if isinstance(check.repairs, int):
            if (check.repairs, True) != (answer.count, answer.complete):
                more = "" if answer.complete else "at least "
                yield Mismatch("repairs", (str(check.repairs),), (f"{more}{answer.count}",))
            return
        moved = {move.slot for each in answer.repairs[:1] for move in each.moves}
        if set(check.repairs) != moved:
            listed = self.library.vocabulary.in_order(moved)
            yield Mismatch("repairs", tuple(map(str, check.repairs)), tuple(map(str, listed)))

    def _evaluator(self, check: Check) -> Evaluator:
        key = check.revision.key
        if key not in self._evaluators:
            self._evaluators[key] = Brief(self.library, [check.revision])
        return self._evaluators[key]


class Brief(Evaluator):
    """Evaluates without looking for open facts and hinges, unless asked to: few expectations need them."""

    def evaluate(
        self,
        case: Case,
        readings: Readings | None = None,
        strict: bool = False,
        under_readings: bool = False,
        with_open: bool = False,
        stop: Callable[[], bool] = lambda: False,
    ) -> tuple[Evaluation, ...]:
        """What each revision makes of a case; as `evaluate`."""
        return super().evaluate(case, readings, strict, under_readings, with_open, stop)


def case_files(paths: Iterable[Path | str]) -> tuple[Path, ...]:
    """The case files that some files and folders hold, folders in the order of their names.

    Raises: InputError: a path that is not there.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            listed = (p for p in sorted(path.rglob("*")) if p.suffix in SUFFIXES and p.is_file())
            found += [p for p in listed if not any(part.startswith(".") for part in p.relative_to(path).parts)]
        elif path.is_file():
            found.append(path)
        else:
            hint = "these are cases; a policy is named with -p" if path.suffix not in SUFFIXES else ""
            raise InputError([Fault(Place(str(path)), "no such file or folder", hint)])
    return tuple(dict.fromkeys(found))


def collect(library: Library, paths: Iterable[Path | str]) -> Collection:
    """Every check of some case files; a file at fault is reported and left out.

    Raises: InputError: a path that is not there.
    """
    checks: list[Check] = []
    faults: list[Fault] = []
    files = case_files(paths)
    for path in files:
        try:
            case = load_case(path, library.vocabulary)
        except InputError as error:
            faults += error.faults
            continue
        for expectation in case.expectations:
            try:
                checks.append(make_check(library, case, expectation))
            except InputError as error:
                faults += [Fault(expectation.place, each.message, each.hint) for each in error.faults]
    return Collection(tuple(checks), len(files), tuple(faults))


def make_check(library: Library, case: Case, expectation: Expectation) -> Check:
    """An expectation, held against the policy it is about.

    Raises: InputError: it names what its policy does not have.
    """
    revision = library.revision(expectation.policy, case.date)
    place, data = expectation.place, expectation.data
    faults = []
    for key in data:
        if key not in KEYS:
            hint = did_you_mean(key, KEYS) or "an expectation has " + ", ".join(KEYS)
            faults.append(Fault(place, f"unknown key `{key}` of an expectation", hint))
    statuses: dict[str, Status] = {}
    for entry in [*(expectation.blamed or ()), *(name for name, _ in expectation.statuses)]:
        if entry not in revision.entries:
            hint = did_you_mean(entry, revision.entries, f"`bvn show {expectation.policy}` lists its criteria")
            faults.append(Fault(place, f"{revision.name} has no criterion `{entry}`", hint))
    for entry, word in expectation.statuses:
        if word in list(Status):
            statuses[entry] = Status(word)
        else:
            hint = did_you_mean(word, list(Status)) or "one of " + ", ".join(Status)
            faults.append(Fault(place, f"`{word}` is not a status", hint))
    hangs_on = data.get("hangs_on")
    asked: dict[str, str] = {}
    for name in [*(name for name, _ in expectation.readings), *_listed(hangs_on)]:
        reading = next((each for each in revision.readings if each.called(name)), None)
        if reading is None:
            hint = did_you_mean(name, [each.id for each in revision.readings])
            faults.append(Fault(place, f"{revision.name} has no reading `{name}`", hint))
        else:
            asked[name] = reading.id
    if faults:
        raise InputError(faults)
    chosen = {asked[name]: option for name, option in expectation.readings}
    readings = {revision.policy.id: chosen} if chosen else {}
    if readings:
        library.chosen_readings(revision, readings)  # its options exist
    return Check(
        case=case,
        expectation=expectation,
        revision=revision,
        readings=readings,
        statuses=statuses,
        open=_slots(library, data.get("open")),
        repairs=_repairs(library, data.get("repairs")),
        hangs_on=None if hangs_on is None else tuple(asked[each] for each in _listed(hangs_on)),
    )


def run_checks(library: Library, checks: Sequence[Check]) -> Iterator[Result | Fault]:
    """What becomes of each check, in their order; a fault where the case is no possible patient.

    Raises: SolverError: the policies make no program.
    """
    runner = Runner(library)
    for check in checks:
        try:
            yield runner.run(check)
        except InputError as error:
            yield error.faults[0]


def mismatches(check: Check, evaluation: Evaluation) -> Iterator[Mismatch]:
    """Where an evaluation is not what a check expects, the verdict first."""
    expected = check.expectation
    if evaluation.verdict.value != expected.verdict:
        yield Mismatch("verdict", (expected.verdict,), (evaluation.verdict.value,))
    if expected.blamed is not None and set(expected.blamed) != set(evaluation.blamed):
        yield Mismatch("blamed", tuple(e for e in check.revision.entries if e in expected.blamed), evaluation.blamed)
    for entry, status in check.statuses.items():
        if evaluation.statuses[entry] is not status:
            yield Mismatch(entry, (status.value,), (evaluation.statuses[entry].value,))
    if check.open is not None and set(check.open) != set(evaluation.open):
        yield Mismatch("open", tuple(map(str, check.open)), tuple(map(str, evaluation.open)))
    if check.hangs_on is not None:
        got = {name for hinge in evaluation.hinges for name, _ in hinge.readings}
        if set(check.hangs_on) != got:
            yield Mismatch("hangs_on", check.hangs_on, tuple(e.id for e in check.revision.readings if e.id in got))


def astray(check: Check, evaluation: Evaluation) -> tuple[str, ...]:
    """The entries that went the other way: those whose status or blame differs, else those that decide the verdict."""
    expected, revision = check.expectation, check.revision
    wrong = {entry for entry, status in check.statuses.items() if evaluation.statuses[entry] is not status}
    if expected.blamed is not None:
        wrong |= set(expected.blamed) ^ set(evaluation.blamed)
    if not wrong and evaluation.verdict.value != expected.verdict:
        wrong = set(evaluation.blamed)
        if evaluation.verdict is Verdict.PEND:
            wrong = {
                entry.id
                for entry in revision.rules.entries
                if not entry.is_group and evaluation.statuses[entry.id] is Status.UNDETERMINED
            }
    return tuple(entry for entry in revision.entries if entry in wrong)


def _listed(value: Any) -> list[str]:
    return [] if value is None or value == "" else list(map(str, value)) if isinstance(value, list) else [str(value)]


def _repairs(library: Library, value: Any) -> int | tuple[Slot, ...] | None:
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    return _slots(library, value)


def _slots(library: Library, value: Any) -> tuple[Slot, ...] | None:
    if value is None:
        return None
    vocabulary = library.vocabulary
    return vocabulary.in_order(slot for each in _listed(value) for slot in parse_slots(vocabulary, each))

