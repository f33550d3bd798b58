"""What does a letter about a request have to say, criterion by criterion?

For each criterion five things, all from data: the criterion and its place; what the record shows; why that falls
short; what would change it; where the criterion comes from, and the determination it stands under (29 CFR
2560.503-1(g), 42 CFR 422.568(e)). What a person has to decide is left open.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from bvn_asp.cases.evaluate import Evaluator, Readings, Status, Verdict
from bvn_asp.cases.explain import Explanation, FactLine, Line
from bvn_asp.cases.standing import Standing
from bvn_asp.classes import dataclass
from bvn_asp.model.case import Case, absent_value
from bvn_asp.model.library import Library
from bvn_asp.model.outline import ancestors
from bvn_asp.model.policy import Revision
from bvn_asp.model.rules import Entry
from bvn_asp.model.vocabulary import Slot
from bvn_asp.papers.request import InformationRequest, Need, Wait, requested
from bvn_asp.repairs.answer import Repairs
from bvn_asp.repairs.moves import Move
from bvn_asp.repairs.repair import LOOKS, Repairer
from bvn_asp.routing.claims import Claim, claims
from bvn_asp.routing.governs import Governance, governs
from bvn_asp.texts.stricter import Strictness, Way, stricter

DISPUTED = ("contradicted", "partly", "misapplied", "cannot be checked")


class Purpose(StrEnum):
    """What a letter is for."""

    REQUEST = "request"
    ADVERSE = "adverse"
    APPEAL = "appeal"


@dataclass(frozen=True)
class Reason:
    """One criterion that is not as it should be.

    Attributes:
        line: the criterion, how it stands, and what it reads.
        within: the group of several of which enough will do; None if it must be met by itself.
        moves: what would bring it nearer, as `repair` says.
        needs, waits: what is still to be sent for it, and what only needs time.
        under: what the governing determination says on the same topics.
        judgements: recorded facts that are somebody's judgement.
        records: other recorded facts on which it rests, that nothing but a corrected record can change.
    """

    line: Line
    within: Line | None
    moves: tuple[Move, ...]
    needs: tuple[Need, ...]
    waits: tuple[Wait, ...]
    under: tuple[Entry, ...]
    judgements: tuple[Slot, ...]
    records: tuple[Slot, ...]


@dataclass(frozen=True)
class Letter:
    """A draft about one case under one policy.

    Attributes:
        reasons: the criteria that the letter is about, in the order of the document: of a denial those in the way in
            every world, else those that are open.
        others: of a denial, the criteria that are open besides, and are no reason for it.
        governing: the determination that governs, if it is another policy and known; None if not.
        ways: for an appeal, where the policy is stricter than that determination, those on a reason's criterion first.
        compared: those ways are all there are.
        claims: for an appeal, what is said of the policy and not borne out by a text.
    """

    purpose: Purpose
    request: InformationRequest
    reasons: tuple[Reason, ...]
    others: tuple[Line, ...]
    repairs: Repairs
    governance: Governance | None
    governing: Revision | None
    ways: tuple[Way, ...] = ()
    strictness: Strictness | None = None
    claims: tuple[Claim, ...] = ()

    @property
    def case(self) -> Case:
        return self.request.case

    @property
    def explanation(self) -> Explanation:
        return self.request.explanation


def letter(
    library: Library,
    case: Case,
    policy: str,
    purpose: Purpose,
    readings: Readings | None = None,
    strict: bool = False,
    looks: int = LOOKS,
) -> Letter:
    """The draft of a letter: the criteria that it is about, each with what a reason must say.

    Args:
        looks: stop after so many sets that stand in the way of approval.

    Other args, and raises: as `evaluate`.
    """
    revisions = library.revisions([policy], case.date)
    asked = requested(Evaluator(library, revisions), case, readings, strict, under_readings=True)
    repairer = Repairer(library, revisions)
    repairs = repairer.placed(repairer.repair(case, readings, strict, limit=1, looks=looks), readings)
    governance = governs(library, case)
    determination = _determination(library, case, governance, revisions[0])
    unsettled = _unsettled(asked.explanation.lines)
    denied = asked.evaluation.verdict is Verdict.DENY and purpose is not Purpose.REQUEST
    wanted = [line for line in asked.explanation.lines if line.blamed] if denied else unsettled
    others = tuple(line for line in unsettled if line.entry.id not in asked.evaluation.blamed) if denied else ()
    reasons = tuple(_reason(library, asked, repairs, each, determination) for each in wanted)
    compared, ways, disputed = None, tuple[Way, ...](), tuple[Claim, ...]()
    if purpose is Purpose.APPEAL:
        disputed = tuple(each for each in claims(library) if _disputes(each, revisions[0].policy.id))
        if determination is not None:
            compared = stricter(library, revisions[0], determination, readings)
            mine = {entry for each in reasons for entry in _family(revisions[0], each.line.entry.id)}
            ways = tuple(sorted(compared.stricter.ways, key=lambda way: not mine & set(way.units)))
    return Letter(purpose, asked, reasons, others, repairs, governance, determination, ways, compared, disputed)


def _family(revision: Revision, entry: str) -> tuple[str, ...]:
    return (entry, *(each.id for each in ancestors(revision, entry)))


def touches(revision: Revision, reasons: Sequence[Reason], way: Way) -> bool:
    """Whether a way in which a plan is stricter is about a criterion that a letter is about."""
    return any(set(_family(revision, each.line.entry.id)) & set(way.units) for each in reasons)


def _disputes(claim: Claim, policy: str) -> bool:
    about = {claim.about, claim.stance.policy if claim.stance else ""}
    return policy in about and claim.verdict in DISPUTED


def _determination(
    library: Library, case: Case, governance: Governance | None, revision: Revision
) -> Revision | None:
    """The governing policy's revision, if it is one other than the letter's."""
    names = list(dict.fromkeys(governance.governing())) if governance else []
    if len(names) != 1 or names[0] == revision.policy.id:
        return None
    return library.revision(names[0], case.date)


def _unsettled(lines: Sequence[Line]) -> list[Line]:
    """The criteria that are open, those left out that nothing hangs on."""
    found: list[Line] = []
    above: list[tuple[int, bool]] = []
    for line in lines:
        above = [each for each in above if each[0] < line.depth]
        settled = any(done for _, done in above)
        above.append((line.depth, line.status.speaks(line.excludes) is True))
        if line.status is Status.UNDETERMINED and not (line.entry.is_group or settled or line.needless):
            found.append(line)
    return [line for line in found if line.entry.parent != "advice"]


def deciding(library: Library, line: Line) -> tuple[FactLine, ...]:
    """The recorded facts by which a criterion is decided: of an exclusion those that say that something is there."""
    known = [each for each in line.facts if each.standing is Standing.KNOWN and each.record is not None]
    facts = library.vocabulary.facts
    there = [each for each in known if each.record and each.record.value != absent_value(facts[each.slot.fact])]
    return tuple(there if line.excludes and there else known)


def _reason(
    library: Library, asked: InformationRequest, repairs: Repairs, line: Line, determination: Revision | None
) -> Reason:
    evaluation, vocabulary = asked.evaluation, library.vocabulary
    entry = line.entry
    by_id = {each.entry.id: each for each in asked.explanation.lines}
    groups = (by_id[each.id] for each in ancestors(evaluation.revision, entry.id) if each.id in by_id)
    within = next((each for each in groups if each.entry.kind in ("at_least", "any_of") and not each.excludes), None)
    names = {(name, each) for name in repairs.policies for each in _family(evaluation.revision, entry.id)}
    moves = dict.fromkeys(
        move for part in repairs.choices for mend in part for move in mend if names & set(move.serves)
    )
    read = {each.slot.fact for each in line.facts}
    fixed = deciding(library, line) if line.status is not Status.UNDETERMINED else ()
    return Reason(
        line=line,
        within=within,
        moves=tuple(move for move in moves if move.slot.fact in read) or tuple(moves),
        needs=tuple(each for each in asked.needs if entry.id in each.entries),
        waits=tuple(each for each in asked.waits if each.entry == entry.id),
        under=_under(evaluation.revision, entry, determination),
        judgements=tuple(each.slot for each in fixed if vocabulary.facts[each.slot.fact].judgement),
        records=tuple(
            each.slot
            for each in fixed
            if not vocabulary.facts[each.slot.fact].judgement and vocabulary.facts[each.slot.fact].change == "never"
        ),
    )


def _under(revision: Revision, entry: Entry, determination: Revision | None) -> tuple[Entry, ...]:
    """The criteria of a determination that are about what an entry is about."""
    if determination is None:
        return ()
    topics = set(entry.topics) or {t for each in ancestors(revision, entry.id) for t in each.topics}
    return tuple(
        each
        for each in determination.rules.entries
        if topics & set(each.topics) and each.parent != "advice" and each.id in determination.entries
    )
