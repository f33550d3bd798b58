"""What did a revision change, by meaning: which criteria, for which patients, and on which values does it turn?

The solver compares; a difference in words alone is a rewording, and no difference is a proof over all complete cases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from bvn_asp.anchors.editions import words_kept
from bvn_asp.cases.evaluate import Readings
from bvn_asp.classes import dataclass, replace
from bvn_asp.engine.corrections import smallest_set
from bvn_asp.errors import SolverError, did_you_mean, fault
from bvn_asp.model.library import Library
from bvn_asp.model.outline import is_exclusion
from bvn_asp.model.policy import Revision
from bvn_asp.model.vocabulary import term
from bvn_asp.texts.align import Pair, align
from bvn_asp.texts.stricter import Relation, relation
from bvn_asp.texts.witness import Base, Extent, Together, Witness

OLD, NEW = 0, 1


class Change(StrEnum):
    """What became of a criterion; moved: its rule is the same, and it counts another way, or no more, or anew."""

    SAME = "same"
    REWORDED = "reworded"
    TIGHTENED = "tightened"
    LOOSENED = "loosened"
    CHANGED = "changed"
    MOVED = "moved"
    ADDED = "added"
    REMOVED = "removed"


class Reach(StrEnum):
    """How far a difference reaches: it turns the verdict alone, only together with other criteria, or never."""

    ALONE = "alone"
    TOGETHER = "together"
    NEVER = "never"


@dataclass(frozen=True)
class Parting:
    """A smallest patient on whom old and new part in one direction.

    Attributes:
        witness: its evaluations are those of old and of new.
    """

    reach: Reach
    witness: Witness


@dataclass(frozen=True)
class Row:
    """One criterion, or what two outlines ask on the same topics, before and after.

    Attributes:
        old, new: entry ids.
        topics: what the entries are about.
        tightened: someone in whose favour it spoke before and does not now; None if there is nobody.
        loosened: the other way round.
        wording: what reads otherwise, as `(what, old, new)`; what is `text`, `place`, `citations` or `id`.
        words_kept: whether the source's own words are the same in both editions; None if their anchors do not tell.
    """

    change: Change
    old: tuple[str, ...]
    new: tuple[str, ...]
    topics: tuple[str, ...]
    tightened: Parting | None = None
    loosened: Parting | None = None
    wording: tuple[tuple[str, str, str], ...] = ()
    words_kept: bool | None = None

    @property
    def only_words(self) -> bool:
        """The source's words have changed, and the rule has not: somebody has to read them."""
        return self.words_kept is False and self.change in (Change.SAME, Change.REWORDED)

    @property
    def only_rule(self) -> bool:
        """The rule has changed, and the source's words have not: a mended encoding, or a slip."""
        return self.words_kept is True and self.change in (Change.TIGHTENED, Change.LOOSENED, Change.CHANGED)


@dataclass(frozen=True)
class Under:
    """How new stands to old if one passage is read in another way.

    Attributes:
        policy: whose reading; both editions' if they are of one policy.
    """

    policy: str
    reading: str
    option: str
    relation: Relation


@dataclass(frozen=True)
class Diff:
    """What changed from one text to another.

    Attributes:
        relation: of new to old: new is stricter, looser, neither or equivalent.
        by: `outline` if entries were aligned by their ids, `topics` if by what they are about.
        rows: in the order of the new outline, what is gone last; those that are the same included.
        stricter, looser: a smallest patient whom only old approves, and one whom only new approves.
        silence: one of them addresses somebody whom the other does not.
        base: the patient from whom the witnesses depart.
        readings: for old and new, reading id to the option in force.
        under: the readings under which the relation is another, if they were looked at.
        under_all: the relation over all combinations of readings, if they were looked at.
    """

    old: Revision
    new: Revision
    relation: Relation
    by: str
    rows: tuple[Row, ...]
    stricter: Parting | None
    looser: Parting | None
    silence: bool
    base: Base | None
    extent: Extent
    readings: tuple[dict[str, str], dict[str, str]]
    under: tuple[Under, ...] | None = None
    under_all: Relation | None = None

    @property
    def equivalent(self) -> bool:
        """Whether no patient gets another verdict."""
        return self.relation is Relation.EQUIVALENT and not self.silence

    @property
    def changed(self) -> tuple[Row, ...]:
        """The rows that are not the same."""
        return tuple(row for row in self.rows if row.change is not Change.SAME or row.only_words)


@dataclass(frozen=True)
class Announced:
    """What was announced, held against what changed.

    Attributes:
        others: the rows that changed and were not announced, in their order.
        unneeded: the ids that were announced and did not change.
        unexplained: verdicts change, and no row says why: whom the texts address, or how the outline is joined.
    """

    others: tuple[Row, ...]
    unneeded: tuple[str, ...]
    unexplained: bool

    @property
    def passes(self) -> bool:
        """Whether nothing changed but what was announced."""
        return not self.others and not self.unexplained


SILENCE = "silent"
"""What stands, among announced ids, for whom the texts address."""


def announced(answer: Diff, ids: Sequence[str]) -> Announced:
    """Which changes were announced, by the id of an entry before or after; rewording is a change.

    Raises: InputError: an id that neither text has.
    """
    known = {*answer.old.entries, *answer.new.entries, SILENCE}
    wrong = [each for each in dict.fromkeys(ids) if each not in known]
    if wrong:
        hint = did_you_mean(wrong[0], known, f"`{SILENCE}` announces that other requests are addressed")
        raise fault(f"neither text has an entry `{wrong[0]}`", hint)
    expected = set(ids)
    others = tuple(row for row in answer.changed if not expected.intersection((*row.old, *row.new)))
    met = {each for row in answer.changed for each in (*row.old, *row.new)}
    besides = answer.silence or (not answer.equivalent and not answer.changed)
    unneeded = (each for each in dict.fromkeys(ids) if each not in met and not (each == SILENCE and besides))
    return Announced(others, tuple(unneeded), besides and SILENCE not in expected)


def diff(
    library: Library, old: Revision, new: Revision, readings: Readings | None = None, under_readings: bool = False
) -> Diff:
    """What changed from one text to another, row by row and in all, each difference with a smallest patient.

    Args:
        readings: policy id to reading id to option, where it is not to be the default.
        under_readings: also compare under every reading.

    Raises: InputError: unknown reading or option.
    """
    together = Together(library, (old, new), readings)
    comparer = _Comparer(together)
    approve = [together.verdict(seat, "approve") for seat in (OLD, NEW)]
    silent = [together.verdict(seat, "silent") for seat in (OLD, NEW)]
    by, pairs = align(old, new, (together.units[OLD], together.units[NEW]))
    kept = words_kept(old, new) if by == "outline" else {}
    return Diff(
        old=old,
        new=new,
        relation=relation(together, NEW, OLD),
        by=by,
        rows=tuple(_with_words(comparer.row(pair), kept) for pair in pairs),
        stricter=comparer.smallest([approve[OLD], -approve[NEW]], Reach.ALONE),
        looser=comparer.smallest([-approve[OLD], approve[NEW]], Reach.ALONE),
        silence=any(together.possible([silent[i], -silent[1 - i]]) for i in (OLD, NEW)),
        base=comparer.base,
        extent=together.extent(),
        readings=(together.chosen[OLD], together.chosen[NEW]),
        under=tuple(_under(together)) if under_readings else None,
        under_all=relation(together, NEW, OLD, [_tied(together)]) if under_readings else None,
    )


def _with_words(row: Row, kept: Mapping[str, bool]) -> Row:
    """A row, with whether the source's words are the same."""
    told = {kept[entry] for entry in {*row.old} & {*row.new} if entry in kept}
    return replace(row, words_kept=all(told)) if told else row


class _Comparer:
    """Compares entries of two seats, and looks for the smallest patients on whom they part."""

    def __init__(self, together: Together) -> None:
        self.together = together
        bases = (together.base(seats) for seats in ((OLD, NEW), (OLD,), (NEW,), ()))
        self.base = next(filter(None, bases), None)

    def row(self, pair: Pair) -> Row:
        old, new = (self.favour(seat, pair) for seat in (OLD, NEW))
        tighter = self.parting(pair, OLD, [old, -new])
        looser = self.parting(pair, NEW, [-old, new])
        if self.moved(pair):
            change = Change.MOVED
        elif not pair.old or not pair.new:
            change = Change.ADDED if pair.new else Change.REMOVED
        elif tighter and looser:
            change = Change.CHANGED
        elif tighter or looser:
            change = Change.TIGHTENED if tighter else Change.LOOSENED
        else:
            change = Change.REWORDED if pair.wording else Change.SAME
        return Row(change, pair.old, pair.new, pair.topics, tighter, looser, pair.wording)

    def moved(self, pair: Pair) -> bool:
        """Whether an entry is met by the same patients as before, but stands where it counts otherwise."""
        if pair.units or not pair.old or not pair.new:
            return False
        if pair.excludes[OLD] is pair.excludes[NEW] and pair.advises[OLD] is pair.advises[NEW]:
            return False
        program = self.together.program
        old, new = (program.literal("met", seat, entries[0]) for seat, entries in enumerate((pair.old, pair.new)))
        return not self.together.possible([old, -new]) and not self.together.possible([-old, new])

    def favour(self, seat: int, pair: Pair) -> int:
        """A literal that is true where everything the pair names on one side speaks for approval."""
        program = self.together.program
        if _speaks_for_all(pair, seat):
            return program.all_of([])
        if pair.units:
            return program.all_of([-program.literal("fails", seat, each) for each in (pair.old, pair.new)[seat]])
        return program.all_of(
            [(-1 if pair.excludes[seat] else 1) * program.literal("met", seat, e) for e in (pair.old, pair.new)[seat]]
        )

    def parting(self, pair: Pair, approves: int, apart: Sequence[int]) -> Parting | None:
        """The smallest patient on whom a pair parts: if possible, one whose verdict turns on this pair alone."""
        together, refuses = self.together, 1 - approves
        if not together.possible(apart):
            return None
        verdicts = [together.verdict(approves, "approve"), -together.verdict(refuses, "approve")]
        own = pair.involved[refuses]
        alone = [literal for unit, literal in together.unit_wishes(refuses).items() if unit not in own]
        for reach, goal in (
            (Reach.ALONE, [*verdicts, *apart, *alone]),
            (Reach.TOGETHER, [*verdicts, *apart]),
            (Reach.NEVER, list(apart)),
        ):
            found = self.smallest(goal, reach)
            if found is not None:
                self.replayed(pair, found.witness, approves)
                return found
        return None

    def replayed(self, pair: Pair, witness: Witness, favours: int) -> None:
        """Raise SolverError unless the evaluations of a witness part on the pair's entries as the solver says."""
        for seat, entries in enumerate((pair.old, pair.new)):
            evaluation = witness.evaluations[seat]
            excludes = {entry: is_exclusion(evaluation.revision, entry) for entry in entries}
            speaks = {evaluation.statuses[entry].speaks(excludes[entry]) for entry in entries}
            if _speaks_for_all(pair, seat):
                speaks = {True}
            got = False if False in speaks else None if None in speaks else True
            if got is not (seat == favours):
                raise SolverError(f"a witness does not part on {', '.join(entries)} of {evaluation.revision.name}")

    def smallest(self, goal: Sequence[int], reach: Reach) -> Parting | None:
        """The patient who departs from the base in the fewest slots so as to reach a goal."""
        if self.base is None:
            return None
        moved = smallest_set(self.together.program, [*self.together.spoken, *goal], self.base.kept)
        if moved is None:
            return None
        return Parting(reach, self.together.witness(self.base, goal, {slot.fact for slot in moved}))


def _speaks_for_all(pair: Pair, seat: int) -> bool:
    """Whether an entry is advice on one side only: there it stands in nobody's way."""
    return bool(pair.old and pair.new) and pair.advises[seat] and not pair.advises[1 - seat]


def _under(together: Together) -> Iterator[Under]:
    """The readings that, put in the place of one other, change the relation."""
    usual = relation(together, NEW, OLD)
    old, new = together.revisions
    same = old.policy.id == new.policy.id
    seats = ((OLD, NEW),) if same else ((OLD,), (NEW,))
    for touched in seats:
        asked = [r for seat in touched for r in together.revisions[seat].readings]
        for reading, option in dict.fromkeys((each.id, option.name) for each in asked for option in each.options):
            chosen = [dict(each) for each in together.chosen]
            for seat in touched:
                if _has(together.revisions[seat], reading, option):
                    chosen[seat][reading] = option
            if chosen == together.chosen:
                continue
            spoken = [literal for seat, each in enumerate(chosen) for literal in together.program.read(seat, each)]
            got = relation(together, NEW, OLD, spoken)
            if got is not usual:
                yield Under(together.revisions[touched[0]].policy.id, reading, option, got)


def _has(revision: Revision, reading: str, option: str) -> bool:
    """Whether a text asks for a reading that has an option."""
    return any(each.id == reading and each.option(option) is not None for each in revision.readings)


def _tied(together: Together) -> int:
    """A literal under which readings are free, but two editions of one policy read alike what both ask."""
    program = together.program
    guard = program.switch()
    old, new = together.revisions
    if old.policy.id == new.policy.id:
        theirs = {each.id: {term(option.name) for option in each.options} for each in new.readings}
        for reading in old.readings:
            if theirs.get(reading.id) == {term(option.name) for option in reading.options}:
                for option in reading.options:
                    here, there = (program.reading(seat, reading.id, option.name) for seat in (OLD, NEW))
                    program.forbid([guard, here, -there])
    return guard
