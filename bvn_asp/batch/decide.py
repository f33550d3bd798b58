"""Batches of cases under several policies: the rails first, the solver for what they leave, one answer for both.

A case that the rails do not settle is put to the same `Evaluator` that answers for one case. The rails compute nothing
that the solver would answer otherwise; the tests hold one against the other.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped,import-not-found]
from numpy.typing import NDArray

from bvn_asp.batch.alike import alike
from bvn_asp.batch.bits import Bits, first, numbers, packed, unpacked
from bvn_asp.batch.columns import Chart, Columns, Fault
from bvn_asp.batch.marks import Marks
from bvn_asp.batch.opens import Opens
from bvn_asp.batch.rails import Bounds, Frame, Rails
from bvn_asp.cases.evaluate import Evaluation, Evaluator, Readings, Status
from bvn_asp.cases.possible import check_possible, surely_so
from bvn_asp.classes import dataclass, field
from bvn_asp.engine.kept_lines import kept_lines
from bvn_asp.engine.lines import order_of
from bvn_asp.engine.program import Program, Seat
from bvn_asp.errors import InputError, fault
from bvn_asp.model.case import Case, Record
from bvn_asp.model.library import Library
from bvn_asp.model.outline import parts_of
from bvn_asp.model.policy import Revision
from bvn_asp.model.vocabulary import Slot

VERDICTS = ("approve", "deny", "pend", "silent")
STATUSES = (Status.UNMET.value, Status.UNDETERMINED.value, Status.MET.value)
PARTS = ("verdict", "blamed", "open", "statuses")
FAST = PARTS[:2]  # what `bvn batch` and the server answer unless asked for more
Codes = NDArray[np.uint8]
K = TypeVar("K")
Said = tuple[tuple[str, str], ...]
MOST_FAULTS = 10_000
# Up to which share of distinct rows, and from how many slots unknown in each, it pays to look for rows alike: sooner
# where open facts are asked, which cost most.
WORTH = {False: (0.5, 24), True: (0.8, 8)}


@dataclass(frozen=True)
class Asked:
    """One policy that is asked: its column's name, and its revisions, by number and oldest first."""

    name: str
    seats: tuple[int, ...]


@dataclass
class Answer:
    """What one policy makes of a batch, one code a row.

    Attributes:
        revision: the number of the seat that answered.
        verdict: numbers of `VERDICTS`.
        statuses: entry to numbers of `STATUSES`, made when they are read; 255 where the revision has no such entry.
        blamed: entry to 1 where it stands in the way in every completion, the lowest of each branch.
        open: slot to 1 where it alone can still change the verdict.
    """

    revision: Codes
    verdict: Codes
    statuses: Marks
    blamed: dict[str, Codes] = field(default_factory=dict)
    open: dict[Slot, Codes] = field(default_factory=dict)


@dataclass(frozen=True)
class Decided:
    """A batch with its answers.

    Attributes:
        good: 1 for the rows that are answered; every other row is among the faults.
        solved: how many rows the solver was asked about.
    """

    chart: Chart
    good: Codes
    answers: dict[str, Answer]
    faults: tuple[Fault, ...]
    solved: int


class Decider:
    """Some policies, compiled once, ready for any number of batches of one schema.

    Args:
        names: the columns of the batches.
        policies: ids, or `id@revision`; all policies if empty. An id alone asks the revision in force on each row's
            date of service, and the latest where there is none.
        readings: policy id to reading id to option, where it is not to be the default.
        strict: presume nothing absent that nobody documents.
        keep: columns that are no facts.
        parts: what to answer, of `PARTS`.

    Raises: InputError: unknown policy, reading, part or column.
    """

    def __init__(
        self,
        library: Library,
        names: Iterable[str],
        policies: Iterable[str] = (),
        readings: Readings | None = None,
        strict: bool = False,
        keep: Iterable[str] = (),
        parts: Sequence[str] = PARTS,
    ) -> None:
        listed = list(names)
        self.library, self.readings, self.strict, self.parts = library, readings or {}, strict, tuple(parts)
        self.asked, self.revisions = _asked(library, policies, "date" in listed)
        seats = [Seat(each) for each in self.revisions]
        self.program = Program(library.vocabulary, library.background, seats, ["blame"], solved=False)
        chosen = [library.chosen_readings(each, self.readings) for each in self.revisions]
        self.compiled = kept_lines(self.program, chosen)
        self.columns = Columns(library, self.program, self.compiled, listed, keep, strict)
        self.rails = [
            Rails(self.compiled, line, "statuses" in self.parts, "blamed" in self.parts) for line in self.compiled.lines
        ]
        self.opens = [Opens(each) for each in self.rails] if "open" in self.parts else []
        self._evaluators: dict[int, Evaluator] = {}
        self._faults: dict[tuple[object, ...], Said] = {}

    def decide(self, batch: pa.RecordBatch, start: int = 1) -> Decided:
        """What each policy makes of a batch.

        Args:
            start: the number of its first row, for faults.
        """
        chart = self.columns.read(batch, start)
        faults = list(chart.faults)
        good = np.ones(batch.num_rows, np.uint8)
        good[[each.row - start for each in faults]] = 0
        frames = {never: Frame(chart.rows, allowed, chart.sharp) for never, allowed in chart.allowed.items()}
        valid = packed(good)
        solved = 0
        answers = {}
        for asked in self.asked:
            masks = self._masks(asked, chart, valid)
            answer = Answer(np.zeros(chart.rows, np.uint8), np.zeros(chart.rows, np.uint8), Marks(chart.rows))
            for seat, mask in masks.items():
                if not mask.any():
                    continue
                frame = frames[self.revisions[seat].never_presumed]
                solved += self._seat(answer, seat, frame, chart, mask & packed(good), good, faults, start)
            answers[asked.name] = answer
        return Decided(chart, good, answers, tuple(sorted(faults, key=lambda each: each.row)), solved)

    def _masks(self, asked: Asked, chart: Chart, valid: Bits) -> dict[int, Bits]:
        """Which rows each revision of a policy answers for."""
        if len(asked.seats) == 1:
            return {asked.seats[0]: valid}
        assert chart.dates is not None
        forces: dict[datetime.date | None, int] = {}
        which = np.zeros(chart.rows, np.int64)
        policy = self.revisions[asked.seats[0]].policy
        for row, date in enumerate(chart.dates):
            if date not in forces:
                forces[date] = self.revisions.index(policy.in_force(date))
            which[row] = forces[date]
        return {seat: packed(which == seat) & valid for seat in asked.seats}

    def _seat(
        self,
        answer: Answer,
        seat: int,
        frame: Frame,
        chart: Chart,
        mask: Bits,
        good: Codes,
        faults: list[Fault],
        start: int,
    ) -> int:
        rows, rails = chart.rows, self.rails[seat]
        same = None if rails.complete(frame, mask) else alike(frame, rails.slots, mask, *WORTH[bool(self.opens)])
        if same is None:
            bounds = rails.bounds(frame, mask)
        else:
            bounds = same.bounds(rails.bounds(same.frame, same.valid()), mask)
        flags = np.zeros(rows, np.uint8)
        flags[list(chart.several)] = 1
        solvers = packed(flags)  # the rails know nothing of what such rows say, nor that less is presumed of them
        for reason, node in rails.line.forbidden.items():
            wrong = numbers(bounds.every[node] & mask & ~solvers, rows)
            if len(wrong):
                faults += self._impossible(chart, wrong, start, reason, node)
                good[wrong] = 0
        mask = mask & packed(good)
        here = None if (mask == first(rows)).all() else mask
        self._copy(answer, seat, bounds, here, rows)
        unsettled = (bounds.unsettled | solvers) & mask
        if self.opens:
            pending = packed(answer.verdict == VERDICTS.index("pend")) & mask & ~unsettled
            chosen = None if here is None else unpacked(here, rows).view(np.bool_)
            if same is None:
                found, more = self.opens[seat].find(frame, pending)
            else:
                found, more = self.opens[seat].find(same.frame, same.of(pending, rows))
                found, more = {slot: same.spread(bits) & pending for slot, bits in found.items()}, same.spread(more)
            unsettled = unsettled | (more & pending)
            for slot, bits in found.items():
                _put(answer.open, slot, unpacked(bits, rows), chosen, 0)
        left = numbers(unsettled & first(rows), rows)
        for row in left:
            self._solve(answer, seat, chart, int(row), good, faults, start)
        return len(left)

    def _impossible(
        self, chart: Chart, rows: NDArray[np.intp], start: int, reason: str, node: int
    ) -> list[Fault]:
        """Why rows are no patient's, and which of their records say so.

        A reason speaks of few slots, and rows that record the same of these are at fault in the same way. None of them
        says anything of several slots: those are the solver's.
        """
        leaves = self.compiled.leaves
        slots = dict.fromkeys(leaves[n][0] for n in order_of(self.compiled.table, [node]) if n in leaves)
        distinct, which = chart.recorded(slots, rows)
        said = [self._of_records(reason, each) for each in distinct]
        found: list[Fault] = []
        for row, i in zip(rows, which, strict=True):
            faults = said[i] or self._of_row(chart, int(row), reason)
            found += [Fault(start + int(row), "", "", *each) for each in faults]
        return found

    def _of_records(self, reason: str, records: Mapping[Slot, Record]) -> Said:
        """What is wrong with some records by themselves, as message and hint; nothing if nothing is."""
        key = (reason, tuple((slot, record.value) for slot, record in records.items()))
        if key not in self._faults:
            if len(self._faults) > MOST_FAULTS:
                self._faults.clear()
            ordered = self.library.vocabulary.in_order(records)
            self._faults[key] = self._wrong(Case("row", tuple(records[slot] for slot in ordered)))
        return self._faults[key]

    def _of_row(self, chart: Chart, row: int, reason: str) -> Said:
        """What is wrong with all that a row records; by itself it may be no fault, but with what is presumed."""
        return self._wrong(chart.case(row, self.library.vocabulary)) or ((f"no patient can be so: {reason}", ""),)

    def _wrong(self, case: Case) -> Said:
        try:
            check_possible(self.library, case)
        except InputError as error:
            return tuple((each.message, each.hint) for each in error.faults)
        return ()

    def _copy(self, answer: Answer, seat: int, bounds: Bounds, here: Bits | None, rows: int) -> None:
        """Write down what the rails say of some rows, or of all."""
        line, every = self.rails[seat].line, bounds.every
        where = None if here is None else unpacked(here, rows).view(np.bool_)
        silent, denied = every[line.verdicts["silent"]], every[line.verdicts["deny"]]
        late = silent | ~(every[line.verdicts["approve"]] | denied)
        verdict = unpacked(denied | silent, rows)
        if late.any():
            verdict += unpacked(late, rows) << 1
        if where is None:
            answer.verdict = verdict
            if seat:
                answer.revision.fill(seat)
        else:
            np.copyto(answer.verdict, verdict, where=where)
            answer.revision[where] = seat
        if "statuses" in self.parts:
            for entry, node in line.met.items():
                answer.statuses.put(entry, every[node], bounds.some[node], here)
        if "blamed" in self.parts:
            for entry_id, node in line.blamed.items():
                lowest = every[node].copy()  # as `outline.lowest`, for many rows at once
                for part in parts_of(self.revisions[seat], entry_id):
                    lowest &= ~every[line.blamed[part]]
                _put(answer.blamed, entry_id, unpacked(lowest, rows), where, 0)

    def _solve(
        self, answer: Answer, seat: int, chart: Chart, row: int, good: Codes, faults: list[Fault], start: int
    ) -> None:
        """One row as the solver answers it."""
        try:
            case = chart.case(row, self.library.vocabulary)
            if not surely_so(case):
                check_possible(self.library, case)
            found = self._evaluate(seat, case)
        except InputError as error:
            good[row] = 0
            faults += [Fault(start + row, "", "", each.message, each.hint) for each in error.faults]
            return
        answer.verdict[row] = VERDICTS.index(found.verdict.value)
        for entry, status in found.statuses.items():
            if entry in answer.statuses:
                answer.statuses.mark(entry, row, STATUSES.index(status.value))
        for entry, codes in answer.blamed.items():
            codes[row] = entry in found.blamed
        if "open" not in self.parts:
            return
        for slot in found.open:
            answer.open.setdefault(slot, np.zeros(chart.rows, np.uint8))
        for slot, codes in answer.open.items():
            codes[row] = slot in found.open

    def _evaluate(self, seat: int, case: Case) -> Evaluation:
        if seat not in self._evaluators:
            self._evaluators[seat] = Evaluator(self.library, [self.revisions[seat]])
        return self._evaluators[seat].evaluate(case, self.readings, self.strict, under_readings=False)[0]


def _asked(
    library: Library, policies: Iterable[str], dated: bool
) -> tuple[tuple[Asked, ...], tuple[Revision, ...]]:
    revisions: list[Revision] = []
    asked: dict[str, Asked] = {}
    for name in tuple(policies) or library.policies:
        several = dated and "@" not in name and name in library.policies
        wanted = library.policies[name].encoded if several else (library.revision(name),)
        for each in wanted:
            if each not in revisions:
                revisions.append(each)
        if name in asked:
            raise fault(f"the policy `{name}` is asked twice")
        asked[name] = Asked(name, tuple(revisions.index(each) for each in wanted))
    return tuple(asked.values()), tuple(revisions)


def _put(columns: dict[K, Codes], key: K, codes: Codes, chosen: NDArray[np.bool_] | None, otherwise: int) -> None:
    """Write the codes of some rows (None for all) into a column, which is made where it is missing."""
    if chosen is None:
        columns[key] = codes
        return
    if key not in columns:
        columns[key] = np.full(len(codes), otherwise, np.uint8)
    np.copyto(columns[key], codes, where=chosen)
