"""The public shape of every answer: what `--format json` prints, key by key.

The JSON Schemas in `bvn_asp/schemas/` are made from these classes (`bvn_asp/render/schema_of.py`): types from the
annotations, descriptions from the docstrings. The type checker holds what the renderers build to them. They are typed
dicts and not dataclasses because a hundred dataclasses would cost every command 30 milliseconds at its start.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired, TypedDict

from bvn_asp.render.schema_of import OneOf, Pattern

SlotName = Annotated[str, "a fact, with its member if it is per one: age, modic.L4"]
VerdictWord = Annotated[str, OneOf("approve", "deny", "pend", "silent")]
StatusWord = Annotated[
    str, OneOf("met", "unmet", "undetermined"), "of a criterion; below an exclusion, met means present"
]
Written = Annotated[str | dict[str, Any], "a value as a case file would write it"]
Hash = Annotated[str, Pattern("^([0-9a-f]{64})?$")]
Date = Annotated[str, Pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
EntryKind = Annotated[str, OneOf("all_of", "any_of", "none_of", "at_least", "criterion")]
Mark = Annotated[str, OneOf("primary", "header", "secondary", "claimed"), "how the text behind it was seen"]
Readings = Annotated[dict[str, str], "reading to the option in force"]
RelationWord = Annotated[str, OneOf("equivalent", "stricter", "looser", "neither")]
OpenWord = Annotated[str, OneOf("not on record", "on record, not enough", "the record contradicts itself")]
StandingWord = Annotated[
    str,
    OneOf(
        "on record",
        "not on record",
        "on record, not enough",
        "the record contradicts itself",
        "presumed absent",
        "counted",
    ),
    "how the chart stands to what is asked of the fact",
]
SourceKind = Annotated[str, OneOf("coverage", "guideline", "evidence", "opinion")]


class EvidenceEntry(TypedDict):
    """Where a value was found."""

    document: NotRequired[str]
    date: NotRequired[Date]
    note: NotRequired[str]


class Conflict(TypedDict):
    """One of the values that contradict each other, with its own evidence."""

    value: Written
    evidence: list[EvidenceEntry]


class ChartRecord(TypedDict):
    """What a case records of one fact, with where it comes from."""

    value: Written | None
    conflicting: list[Written]
    conflicts: list[Conflict]
    evidence: list[EvidenceEntry]


class CaseAsRead(TypedDict):
    """The case as it was read; titles may name what a file said."""

    title: str
    hypothetical: str | None
    request: dict[str, Any]
    facts: dict[str, Any]


class OpenFact(TypedDict):
    """An open fact.

    Attributes:
        question: for a person
        raised_by: what is on record and keeps it from being presumed absent
        policies: those whose verdict it can change
        answers: values told apart by some policy
        leaves: how much stays open in the worst case
    """

    fact: SlotName
    question: str
    raised_by: list[SlotName]
    policies: list[str]
    standing: OpenWord
    recorded: ChartRecord | None
    answers: list[Written]
    leaves: int | float | dict[str, Any] | list[Any] | None


class SettledFact(TypedDict):
    """A fact that no longer matters, and what settles it."""

    fact: SlotName
    by: list[SlotName]


class AskAnswer(TypedDict):
    """What is best asked next (`bvn ask`).

    Attributes:
        notice: what this is, and what it is not
        jointly: no fact alone can change a verdict, several together can
    """

    schema: Literal["ask/2"]
    notice: str
    case: CaseAsRead
    strict: bool
    verdicts: dict[str, VerdictWord]
    decided: bool
    next: OpenFact | None
    open: list[OpenFact]
    jointly: bool | list[Any]
    settled: list[SettledFact]


class BatchFlip(TypedDict):
    """How many cases have one verdict here and another there."""

    verdict: VerdictWord
    other: VerdictWord
    cases: int


class BatchAgainst(TypedDict):
    """How verdicts differ from those of another policy."""

    policy: str
    flips: list[BatchFlip]


class BatchPolicy(TypedDict):
    """One policy's verdicts over a file, counted."""

    policy: str
    verdicts: dict[str, int]
    blamed: dict[str, int]
    open: dict[str, int]
    against: BatchAgainst | None


class BatchAnswer(TypedDict):
    """How policies decide a file of cases (`bvn batch --summary`).

    Attributes:
        notice: what this is, and what it is not
    """

    schema: Literal["batch/1"]
    notice: str
    rows: int
    answered: int
    rejected: int
    solved: int
    policies: list[BatchPolicy]


class PolicyVerdict(TypedDict):
    """A policy and its verdict."""

    policy: str
    verdict: VerdictWord


class ClaimedVerdict(TypedDict):
    """A verdict, read as the document claims."""

    policy: str
    verdict: VerdictWord
    blamed: list[str]


class ClaimedSide(TypedDict):
    """One way in which the document has it.

    Attributes:
        moved: policies whose verdict is another
        movers: policy to the readings each of which moves its verdict alone; none if only all together do
    """

    side: str
    readings: list[str]
    verdicts: list[ClaimedVerdict]
    moved: list[str]
    movers: dict[str, list[str]]


class ClaimedAnswer(TypedDict):
    """A case as a document claims the sources to read (`bvn compare --as-claimed-by`).

    Attributes:
        notice: what this is, and what it is not
    """

    schema: Literal["claimed/1"]
    notice: str
    document: str
    verdicts: list[PolicyVerdict]
    sides: list[ClaimedSide]


class Claim(TypedDict):
    """One claim of the ledger.

    Attributes:
        reading: the reading's option that stands for the claim
    """

    claim: str
    document: str
    place: str
    says: str
    about: str | None
    verdict: str
    why: str
    reading: str | None


class ClaimsAnswer(TypedDict):
    """What documents claim of a source, and whether its text bears them out (`bvn claims`)."""

    schema: Literal["claims/1"]
    claims: list[Claim]


class Contractor(TypedDict):
    """A Medicare contractor."""

    contractor: str
    name: str
    jurisdictions: list[Any] | str | dict[str, Any]


class Rule(TypedDict):
    """A rule of who governs, with its place."""

    rule: str
    says: str
    place: str
    evidence: str
    inference: str | None


class Dates(TypedDict):
    """From when an edition is in force.

    Attributes:
        effective: its first day; null if it is not known
        dated: how the day is known, `printed`, `snapshot`, `seen` or `assumed`; empty if that is not said
        seen: a day on which it was in force, where the first is not known
        after: a day on which it was not yet in force, where the first is not known
    """

    effective: Date | None
    dated: str
    seen: Date | None
    after: Date | None


class GoverningEdition(Dates):
    """An edition of a policy that governs."""

    revision: str
    encoded: bool


class GoverningPolicy(TypedDict):
    """Where a policy stands to the request."""

    policy: str
    role: str
    sure: bool
    rule: Rule
    editions: list[GoverningEdition]
    in_force: bool | str | None


class Said(Rule):
    """A rule that says something of the request, and whether for sure."""

    sure: bool


class Governance(TypedDict):
    """Which policy binds the request."""

    schema: Literal["governs/1"]
    line_of_business: str | None
    state: str | None
    insurer: str | None
    date: Date | None
    contractors: list[Contractor]
    governs: list[str]
    may_govern: list[str]
    policies: list[GoverningPolicy]
    says: list[Said]
    missing: list[str]
    notes: list[str]


class Criterion(TypedDict):
    """An entry of the outline, in the order of the document.

    Attributes:
        parent: the group it is part of; root, or advice
        section: where it stands in the source
        also: further places that say the same
        text: wording ours
        excludes: an exclusion: met means present
    """

    id: str
    parent: str
    kind: EntryKind
    section: str
    also: list[str]
    text: str
    cites: str
    evidence: Mark
    excludes: bool
    status: StatusWord


class Hinge(TypedDict):
    """A smallest change of readings under which the verdict is another."""

    readings: dict[str, str]
    verdict: VerdictWord


class NotPresumed(TypedDict):
    """Something that nobody mentions and that is not presumed absent, and the records that put it in doubt."""

    fact: SlotName
    on_record: list[SlotName]


class PolicyEvaluation(TypedDict):
    """One policy's verdict on the case, with its criteria.

    Attributes:
        blamed: the criteria that stand in the way in every completion, the lowest of each branch
        presumed: taken as absent, nobody mentioning them
        not_presumed: not taken so although nobody mentions them, and what is on record that puts them in doubt
        open: undocumented, and each alone can still change the verdict
        reading_dependent: whether another way to read the text changes the verdict
        all_hinges: whether all the smallest changes of readings that change the verdict are listed
        silence: why a silent source says nothing
        before_effective: the revision was not yet in force on the date of service
        perhaps_early: whether it was is not known, only days around its first one are
        after_until: it was no longer in force then
    """

    policy: str
    revision: str
    version: str
    kind: SourceKind
    verdict: VerdictWord
    criteria: list[Criterion]
    blamed: list[str]
    presumed: list[SlotName]
    not_presumed: list[NotPresumed]
    open: list[SlotName]
    readings: Readings
    reading_dependent: bool
    hangs_on: list[Hinge]
    all_hinges: bool
    silence: list[str]
    before_effective: bool
    perhaps_early: bool
    after_until: bool


class ComparedPolicy(PolicyEvaluation):
    """A policy that is compared.

    Attributes:
        governs: whether this policy binds the request
        standings: for each open slot why it is not known
    """

    governs: bool
    standings: dict[str, OpenWord]


class CodingAdvice(TypedDict):
    """What is to be said of the codes.

    Attributes:
        sure: false if it hangs on the date of service
    """

    advice: str
    text: str
    place: str
    evidence: str
    sure: bool


class AlignedCell(TypedDict):
    """What one policy asks on a topic.

    Attributes:
        name: the policy, with @revision where two editions are compared
        asks: the limits, short
        presumed: it speaks for approval only because nobody mentions what it reads
    """

    policy: str
    name: str
    criterion: str
    status: StatusWord
    excludes: bool
    asks: str
    presumed: bool


class AlignedTopic(TypedDict):
    """One topic, as every policy that speaks to it sees the case.

    Attributes:
        parts: whether the policies part here
    """

    topic: str
    label: str
    parts: bool
    cells: list[AlignedCell]


class CompareAnswer(TypedDict):
    """What some policies make of one case, side by side (`bvn compare`).

    Attributes:
        notice: what this is, and what it is not
        strict: nothing was presumed
        coding: what is to be said of the codes, apart from any verdict
        aligned: criteria by what they are about
    """

    schema: Literal["compare/2"]
    notice: str
    case: CaseAsRead
    strict: bool
    governance: Governance | None
    verdicts: list[ComparedPolicy]
    coding: list[CodingAdvice]
    aligned: list[AlignedTopic]


class CoverageItem(TypedDict):
    """One thing that a case can show.

    Attributes:
        checks: the checks that show it
        possible: false: proved that no case can
    """

    kind: str
    of: str
    aspect: str
    checks: list[str]
    possible: bool


class CoveragePolicy(TypedDict):
    """What the cases show of one policy."""

    policy: str
    revision: str
    checks: int
    share: float
    items: list[CoverageItem]


class CoverageAnswer(TypedDict):
    """What of a policy the cases show (`bvn coverage`)."""

    schema: Literal["coverage/1"]
    policies: list[CoveragePolicy]


class PlainEdition(TypedDict):
    """Which text is meant."""

    policy: str
    revision: str
    source: str


class ReadEdition(PlainEdition):
    """Which text is meant, and how it is read."""

    readings: Readings


class Wording(TypedDict):
    """Words that changed."""

    what: str
    old: str
    new: str


class Departure(TypedDict):
    """One slot in which the patient is not as the base patient.

    Attributes:
        base: what the base patient has; null is any value
        turns_on: every value with which they part so, all else being the same: a phrase for a number, a list of
            named values
    """

    fact: str
    member: str | None
    base: str | dict[str, Any] | None
    value: str | dict[str, Any] | None
    turns_on: str | list[str]


class WitnessVerdict(TypedDict):
    """What a policy says of the patient."""

    policy: str
    revision: str
    verdict: VerdictWord
    blamed: list[str]


class Patient(TypedDict):
    """A case without its texts: what is not named is not recorded, and may be presumed."""

    request: dict[str, Any]
    facts: dict[str, Any]


class Witness(TypedDict):
    """A patient on whom they part, replayed through evaluate.

    Attributes:
        besides: slots that are as with the base patient, but have to be on record here
        verdicts: in the order in which the policies were named
    """

    departures: list[Departure]
    besides: list[str]
    verdicts: list[WitnessVerdict]
    case: Patient


class PartingShape(TypedDict):
    """A patient on whom two texts part.

    Attributes:
        reach: whether a verdict turns on it alone, only together with others, or never
    """

    reach: Annotated[str, OneOf("alone", "together", "never")]
    witness: Witness | None


class DiffRow(TypedDict):
    """What became of one criterion.

    Attributes:
        tightened: a patient in whose favour it spoke before and does not now
    """

    change: Annotated[str, OneOf("same", "reworded", "tightened", "loosened", "changed", "added", "removed")]
    old: list[str]
    new: list[str]
    topics: list[str]
    old_limits: str
    new_limits: str
    wording: list[Wording]
    tightened: PartingShape | None
    loosened: PartingShape | None


class UnderReading(TypedDict):
    """A reading under which the relation is another."""

    policy: str
    reading: str
    option: str
    relation: RelationWord


class NeededFact(TypedDict):
    """A fact, and what it would have to be."""

    fact: str
    to: str


class CaseFlip(TypedDict):
    """A case that gets another verdict.

    Attributes:
        needs: what the case would now need; null if it needs nothing
    """

    case: str
    title: str
    old: VerdictWord
    new: VerdictWord
    blamed: list[str]
    needs: list[list[NeededFact]] | None


class CaseFlips(TypedDict):
    """The cases that were read, and those that get another verdict."""

    read: int
    flips: list[CaseFlip]


class Extent(TypedDict):
    """Over what the answer is proved.

    Attributes:
        combinations: how many combinations of values, a number as text; numbers are cut at the limits of the
            rules
        impossible: what no patient can be
        vacuous: numbers of the policies that approve nobody, or everybody
    """

    facts: int
    slots: int
    combinations: str
    impossible: list[str]
    vacuous: list[int]


class DiffAnswer(TypedDict):
    """What changed from one text of a policy to another, by meaning (`bvn diff`).

    Attributes:
        relation: of new to old, over all patients
        equivalent: no patient gets another verdict
        silence: one addresses somebody whom the other does not
        stricter: a smallest patient whom only old approves
        looser: a smallest patient whom only new approves
        base: the patient from whom all witnesses depart
        under_readings: the readings under which the relation is another; null if they were not looked at
    """

    schema: Literal["diff/1"]
    old: ReadEdition
    new: ReadEdition
    relation: RelationWord
    equivalent: bool
    silence: bool
    aligned_by: Annotated[str, OneOf("outline", "topics")]
    criteria: list[DiffRow]
    stricter: PartingShape | None
    looser: PartingShape | None
    base: Patient | None
    under_readings: list[UnderReading] | None
    under_all_readings: RelationWord | None
    cases: CaseFlips | None
    extent: Extent


class Limit(TypedDict):
    """One limit or value that a criterion holds a fact against."""

    operator: Annotated[str, OneOf("is", "is not", "at_least", "more_than", "at_most", "less_than")]
    value: str


class FactRead(TypedDict):
    """What the criterion reads, and what the chart says of it.

    Attributes:
        raised_by: what is on record and keeps it from being presumed absent
        counted: for a count, what the record makes it count
    """

    fact: str
    member: str | None
    asks: list[Limit]
    recorded: ChartRecord | None
    presumed: Written | None
    raised_by: list[SlotName]
    counted: list[str] | None
    holds_from: Date | None
    standing: StandingWord


class WorksheetLine(TypedDict):
    """A line of the outline, in the order of the document.

    Attributes:
        needed: how many parts an at-least group needs
    """

    criterion: str
    depth: int
    excludes: bool
    status: StatusWord
    blamed: bool
    met_parts: int
    open_parts: int
    parts: int
    needed: int | None
    facts: list[FactRead]


class NeededAnswer(TypedDict):
    """An open fact that must be answered.

    Attributes:
        against: the answers each of which settles it against approval, in words
    """

    fact: SlotName
    against: str


class ExplainAnswer(PolicyEvaluation):
    """One policy's worksheet for one case (`bvn explain`).

    Attributes:
        notice: what this is, and what it is not
        reason: a smallest set of recorded facts that forces the denial whatever else is documented
        needed: the open facts that must all be answered for the policy to approve
        standings: for each open slot why it is not known
        coding: what is to be said of the codes, apart from any verdict
    """

    schema: Literal["explain/2"]
    notice: str
    case: CaseAsRead
    worksheet: list[WorksheetLine]
    reason: list[SlotName]
    needed: list[NeededAnswer]
    standings: dict[str, OpenWord]
    coding: list[CodingAdvice]


class Doubt(TypedDict):
    """What on record keeps something from being presumed absent, why, and where that is said."""

    signs: list[str]
    why: str
    place: str | None


_VocabularyFact = TypedDict("_VocabularyFact", {"from": str | None})


class VocabularyFact(_VocabularyFact):
    """One entry of the vocabulary.

    Attributes:
        per: the index it is recorded per
        values: value to meaning
        judgement: a clinician's judgement
        presumed: the value taken where nobody mentions it
        doubted_by: what on record keeps it from being presumed
    """

    fact: str
    section: str
    about: str
    type: Annotated[str, OneOf("yes_no", "one_of", "number", "duration", "count")]
    per: str | None
    values: dict[str, str] | None
    unit: str | None
    to: str | None
    step: str | None
    judgement: bool
    presumed: str | None
    doubted_by: list[Doubt]
    change: Annotated[str, OneOf("never", "treat", "wait", "request", "precaution")]
    ask: str
    document: str


class FactsAnswer(TypedDict):
    """What a case can record (`bvn facts`)."""

    schema: Literal["facts/2"]
    facts: list[VocabularyFact]


class Finding(TypedDict):
    """One flaw.

    Attributes:
        allowed: why it is allowed here
        known: it stands in the baseline
    """

    rule: str
    level: str
    file: str
    line: int | None
    column: int | None
    subject: str
    message: str
    hint: str
    fixable: bool
    allowed: str | None
    known: bool


class LintAnswer(TypedDict):
    """Flaws of policies, in their text and in their meaning (`bvn lint`)."""

    schema: Literal["lint/1"]
    policies: list[str]
    files: list[str]
    findings: list[Finding]


class Mutant(TypedDict):
    """One slip.

    Attributes:
        noticed_by: the checks that fail under it
        equivalent: proved to change no verdict
    """

    id: str
    kind: str
    line: int
    entry: str | None
    was: str
    becomes: str
    noticed_by: str | list[Any] | None
    equivalent: bool | None


class MutatePolicy(TypedDict):
    """The slips of one policy."""

    policy: str
    revision: str
    checks: int
    survive: int
    mutants: list[Mutant]


class MutateAnswer(TypedDict):
    """Which slips in a policy no case would notice (`bvn mutate`)."""

    schema: Literal["mutate/1"]
    policies: list[MutatePolicy]


class AskedPolicy(TypedDict):
    """A policy that is asked, and its verdict now."""

    policy: str
    revision: str
    verdict: VerdictWord
    readings: Readings


class Serves(TypedDict):
    """A criterion that a move serves."""

    policy: str
    criterion: str


_Move = TypedDict("_Move", {"from": NotRequired[Any]})


class Move(_Move):
    """One thing to document or change.

    Attributes:
        from: as recorded; null if nothing is
        to: the values that would do
        otherwise: other values that would do as well
    """

    fact: str
    member: NotRequired[str | None]
    to: NotRequired[Any]
    otherwise: NotRequired[Any]
    kind: Annotated[str, OneOf("document", "precaution", "request", "treat", "wait")]
    serves: NotRequired[list[Serves]]
    holds_from: NotRequired[Date | None]


class Repair(TypedDict):
    """A smallest set; it approves in every completion of what it leaves open.

    Attributes:
        cost: what the vocabulary says its moves cost, together
    """

    moves: list[Move]
    holds_from: Date | None
    cost: float


class BlockingCriterion(TypedDict):
    """A criterion that stands in the way."""

    policy: str
    criterion: str
    section: str


class Obstacle(TypedDict):
    """Facts that stand in the way whatever else changes."""

    facts: list[SlotName]
    presumed: list[SlotName]
    criteria: list[BlockingCriterion]


class RepairQuestion(TypedDict):
    """One question, and every smallest answer to it.

    Attributes:
        need: how many of the policies must approve
        count: how many smallest sets there are
        complete: whether every smallest set is counted
        truncated: why the list stops short
    """

    policies: list[AskedPolicy]
    need: int
    repairs: list[Repair]
    count: int | None
    complete: bool
    truncated: str | bool | None
    choices: list[list[list[Move]]]
    blocks: list[Obstacle]
    all_blocks: bool
    presumed: list[SlotName]


class MemberLeft(RepairQuestion):
    """What a requested member left out lacks."""

    member: str


class ApprovedSubset(TypedDict):
    """A largest part of the request that is approved."""

    members: list[str]
    units: dict[str, int]
    left: list[MemberLeft]


class PartialAnswer(TypedDict):
    """Which part of a request a policy approves (`bvn partial`).

    Attributes:
        notice: what this is, and what it is not
    """

    schema: Literal["partial/2"]
    notice: str
    case: CaseAsRead
    strict: bool
    policy: str
    revision: str
    verdict: VerdictWord
    requested: list[str]
    subsets: list[ApprovedSubset]


class RequestedFact(TypedDict):
    """What is asked for once: slots of one fact of which the chart says the same.

    Attributes:
        document: in which document the answer is usually found
        question: for a person
        asks: the limits and values that the criteria ask for, in words
        required: without an answer the policy cannot approve
        against: the answers each of which settles it against approval, in words
        criteria: the open criteria that read it
        sensitive: it is asked after all else
        raised_by: what is on record and keeps it from being presumed absent
    """

    facts: list[SlotName]
    document: str
    question: str
    asks: str
    standing: OpenWord
    recorded: ChartRecord | None
    required: bool
    against: str
    criteria: list[str]
    sensitive: bool
    raised_by: list[SlotName]


class WaitingFact(TypedDict):
    """A duration on record that falls short and reaches its limit by time alone.

    Attributes:
        asks: the limit, in words
        holds_from: the first day on which it does
    """

    fact: SlotName
    criterion: str
    asks: str
    recorded: ChartRecord | None
    holds_from: Date


class RequestAnswer(TypedDict):
    """What is still needed for a policy to decide (`bvn request`).

    Attributes:
        notice: what this is, and what it is not
        needs: in the order in which an office keeps the documents, sensitive ones last
        jointly: no fact alone can change the verdict, several together can
        holds_from: the day from which nothing waits any more
        verdict_then: what the policy makes of the case on that day
    """

    schema: Literal["request/1"]
    notice: str
    case: CaseAsRead
    strict: bool
    policy: str
    revision: str
    verdict: VerdictWord
    needs: list[RequestedFact]
    jointly: bool
    waits: list[WaitingFact]
    holds_from: Date | None
    verdict_then: VerdictWord | None


class FactOnFile(TypedDict):
    """A fact on file that does for a criterion."""

    fact: SlotName
    criterion: str
    recorded: ChartRecord


class FormLine(TypedDict):
    """A line of a policy's blank form: one fact that it reads.

    Attributes:
        document: in which document the answer is usually found
        asks: the limits that it is held against, in words
        criteria: the criteria that read it
        sensitive: it is asked after all else
    """

    facts: list[SlotName]
    document: str
    question: str
    asks: str
    criteria: list[str]
    sensitive: bool


class ChecklistAnswer(TypedDict):
    """What is on file, missing and too early; of a policy alone, its blank form (`bvn checklist`).

    Attributes:
        notice: what this is, and what it is not
        against: the criteria in the way, those that only need time left out
        form: everything that the policy reads; empty if a case was given
    """

    schema: Literal["checklist/1"]
    notice: str
    case: CaseAsRead | None
    policy: str
    revision: str
    verdict: VerdictWord | None
    have: list[FactOnFile]
    missing: list[RequestedFact]
    not_yet: list[WaitingFact]
    against: list[str]
    form: list[FormLine]


class ReasonSlots(TypedDict):
    """The five things that a reason must say, each from data and none empty.

    Attributes:
        criterion_text: the criterion with its place
        record: what the record shows, with document and date
        falls_short: the value against the limit
        would_change_it: what would change it
        comes_from: the policy, its place, and the determination that it stands under
    """

    criterion_text: str
    record: str
    falls_short: str
    would_change_it: str
    comes_from: str


class LetterReason(TypedDict):
    """A criterion that a letter is about.

    Attributes:
        judgements: recorded facts that are somebody's judgement
    """

    criterion: str
    status: StatusWord
    excludes: bool
    slots: ReasonSlots
    judgements: list[SlotName]


class StricterThan(TypedDict):
    """A way in which the plan is stricter than the determination that governs."""

    criteria: list[str]
    facts: list[str]


class LetterAnswer(TypedDict):
    """The draft of a letter (`bvn letter`).

    Attributes:
        notice: what this is, and what it is not
        determination: the edition that governs, if it is another policy's and known
        stricter: for an appeal, those about a reason's criterion first
        stricter_complete: whether these are all; null where nothing was compared
        claims: ids in the ledger of what is said of the policy and not borne out by its text
    """

    schema: Literal["letter/1"]
    notice: str
    case: CaseAsRead
    purpose: Annotated[str, OneOf("request", "adverse", "appeal")]
    policy: str
    revision: str
    verdict: VerdictWord
    determination: str | None
    reasons: list[LetterReason]
    stricter: list[StricterThan]
    stricter_complete: bool | None
    claims: list[str]
    may_be_contested: list[str]


class PolicyEdition(Dates):
    """One edition of a policy.

    Attributes:
        not_encoded: why there is no encoding; else empty
    """

    revision: str
    version: str
    encoded: bool
    source: str
    not_encoded: str


class PolicyFacts(TypedDict):
    """A policy's metadata."""

    policy: str
    title: str
    publisher: str
    kind: SourceKind
    evidence: Mark
    about: str
    documents: list[str]


class PolicyEntry(PolicyFacts):
    """A policy's metadata, with its editions.

    Attributes:
        revisions: oldest first
    """

    revisions: list[PolicyEdition]


class PoliciesAnswer(TypedDict):
    """The policies of the library (`bvn policies`)."""

    schema: Literal["policies/1"]
    policies: list[PolicyEntry]


class RecordPolicy(Dates):
    """A policy that was asked: which text, read how."""

    policy: str
    revision: str
    rules: Hash
    metadata: Hash
    readings: Readings


class RecordedResult(TypedDict):
    """What came out for one policy."""

    policy: str
    revision: str
    verdict: VerdictWord
    statuses: dict[str, StatusWord]
    blamed: list[str]
    presumed: list[SlotName]
    open: list[SlotName]
    hangs_on: list[Hinge]


class RecordAnswer(TypedDict):
    """A decision that can be made again (`bvn compare --record`).

    Attributes:
        id: the SHA-256 of everything here but `id`, `human` and `seal`, as canonical JSON
        engine: name to version, and the hash of the code that decides
        case: what was recorded; no free text
        unknown: read by some policy, and not recorded
        notice: what this is, and what it is not
        human: left for the person who decides
        seal: an Ed25519 signature over everything but itself, base64
    """

    schema: Literal["record/2"]
    id: Hash
    engine: dict[str, str]
    vocabulary: Hash
    background: Hash
    policies: list[RecordPolicy]
    case: Patient
    strict: bool
    unknown: list[SlotName]
    results: list[RecordedResult]
    notice: str
    human: dict[str, Any] | str | None
    seal: NotRequired[str]


class RepairAnswer(TypedDict):
    """What would make a case approvable (`bvn repair`).

    Attributes:
        notice: what this is, and what it is not
    """

    schema: Literal["repair/2"]
    notice: str
    case: CaseAsRead
    strict: bool
    mode: Annotated[str, OneOf("any", "all", "at-least")]
    questions: list[RepairQuestion]


class FactAsked(TypedDict):
    """What a criterion reads."""

    fact: str
    member: str | None
    asks: list[Limit]


class OutlineEntry(TypedDict):
    """An entry of the outline, in the order of the document.

    Attributes:
        rules: what decides on it, as it is written: plain rules, then what other readings change; then helpers
    """

    id: str
    parent: str
    kind: EntryKind
    needed: int | None
    section: str
    also: list[str]
    text: str
    cites: str
    evidence: Mark
    excludes: bool
    topics: list[str]
    reads: list[FactAsked]
    rules: list[str]


class Option(TypedDict):
    """One way to read a passage."""

    option: str
    says: str
    claimed_by: str
    support: Annotated[str, OneOf("", "supported", "contradicted", "cannot be checked", "misapplied")]


class Reading(TypedDict):
    """A passage that can be read in several ways.

    Attributes:
        name: what rules call it, and people may; empty if it has no other name than its id
    """

    id: str
    name: str
    place: str
    question: str
    default: str
    why: str
    options: list[Option]


class NotEncoded(TypedDict):
    """A passage left out on purpose."""

    place: str
    what: str
    why: str


class ShowAnswer(PolicyFacts):
    """What a policy asks for, and how its text can be read (`bvn show`).

    Attributes:
        notes: oddities that no verdict can hang on
    """

    schema: Literal["show/2"]
    revision: str
    criteria: list[OutlineEntry]
    readings: list[Reading]
    notes: dict[str, str]
    not_encoded: list[NotEncoded]


class SourceEdition(Dates):
    """One edition of a source.

    Attributes:
        not_encoded: why it is not
    """

    revision: str
    encoded: bool
    not_encoded: str | None
    source: str
    url: str | None


class SourcePolicy(TypedDict):
    """What stands behind one policy.

    Attributes:
        evidence: how its text was seen
    """

    policy: str
    kind: SourceKind
    evidence: Mark
    publisher: str
    title: str
    editions: list[SourceEdition]
    not_encoded: list[NotEncoded]


class SourceCell(TypedDict):
    """What some policies ask on a topic.

    Attributes:
        policies: policies that share these rules
        excludes: met means present, and speaks against approval
        alone: denies by itself when it stands the wrong way
        needs: fact to the values without which the entry cannot stand for approval
        refuses: fact to the values without which it cannot stand against approval, where `needs` says nothing
    """

    policies: list[str]
    criterion: str
    excludes: bool
    alone: bool
    needs: dict[str, str]
    refuses: dict[str, str]
    asks: str


class SourceTopic(TypedDict):
    """A topic, and what each source asks on it."""

    topic: str
    cells: list[SourceCell]


class FactLimits(TypedDict):
    """What policies leave of one fact.

    Attributes:
        allowed: policy to the values under which it can approve anybody; no entry where it allows every value
    """

    fact: str
    allowed: dict[str, str]


class SourcesAnswer(TypedDict):
    """What stands behind the policies, and with `--all` what every source asks for side by side (`bvn sources`).

    Attributes:
        limits: asked of the solver, value by value
    """

    schema: Literal["sources/1"]
    sources: list[SourcePolicy]
    topics: NotRequired[list[SourceTopic]]
    limits: NotRequired[list[FactLimits]]


class PolicyPair(TypedDict):
    """Two policies, and where they part.

    Attributes:
        relation: of the first to the second
    """

    first: str
    second: str
    relation: RelationWord
    both_approve_someone: bool
    first_only: Witness | None
    second_only: Witness | None


class SplitAnswer(TypedDict):
    """The smallest patient on whom policies disagree (`bvn split`), or all pairs of them (`bvn split --all`).

    Attributes:
        pairs: all pairs, with `--all`
    """

    schema: Literal["split/1"]
    policies: list[PlainEdition]
    disagree: NotRequired[bool]
    witness: NotRequired[Witness | None]
    base: NotRequired[Patient | None]
    extent: NotRequired[Extent]
    pairs: NotRequired[list[PolicyPair] | None]


class StricterWay(TypedDict):
    """One smallest way to be stricter.

    Attributes:
        criteria: the entries that fail; `silent` for not addressing the request
    """

    criteria: list[str]
    places: list[str]
    facts: list[str]
    witness: Witness | None


class StricterWays(TypedDict):
    """The ways in one direction.

    Attributes:
        complete: these are all
    """

    complete: bool
    ways: list[StricterWay]


class StricterAnswer(TypedDict):
    """Every smallest way in which a plan is stricter or looser than a policy that governs (`bvn stricter`).

    Attributes:
        relation: of the plan to the governing policy
    """

    schema: Literal["stricter/1"]
    notice: str
    plan: ReadEdition
    governing: ReadEdition
    relation: RelationWord
    stricter: StricterWays
    looser: StricterWays
    base: Patient | None
    extent: Extent


class SynthCase(TypedDict):
    """One case that was written."""

    file: str
    aims: str
    notices: list[str]
    yaml: str


class SynthAnswer(TypedDict):
    """Cases written to show what no case shows yet (`bvn synth`)."""

    schema: Literal["synth/1"]
    policy: str
    revision: str
    cases: list[SynthCase]
    equivalent: list[str]
    impossible: list[str]
    left: list[str]


class TestSummary(TypedDict):
    """How many checks passed."""

    files: int
    passed: int
    failed: int
    faults: int


class MismatchShape(TypedDict):
    """One expectation that was not met."""

    key: str
    expected: list[str]
    got: list[str]


class CheckResult(TypedDict):
    """One check of a case under a policy."""

    id: str
    case: str
    title: str
    policy: str
    revision: str
    passed: bool
    verdict: VerdictWord
    mismatches: list[MismatchShape]
    astray: list[str]


class InputFault(TypedDict):
    """One thing wrong with an input: where, what, and what to do about it."""

    path: str
    line: int
    column: int
    message: str
    hint: str


class TestAnswer(TypedDict):
    """Whether the policies say what cases expect (`bvn test`)."""

    schema: Literal["test/1"]
    summary: TestSummary
    checks: list[CheckResult]
    faults: list[InputFault]


class VerifyAnswer(TypedDict):
    """Whether a recorded decision comes out again (`bvn verify`).

    Attributes:
        record: the record's id
        moved: what is different now, in words
    """

    schema: Literal["verify/1"]
    record: str
    same: bool
    moved: list[str]


class StatusChange(TypedDict):
    """A criterion whose status is another."""

    criterion: str
    old: StatusWord
    new: StatusWord


class SupposedPolicy(TypedDict):
    """A verdict before, and as supposed.

    Attributes:
        unpresumed: no longer presumed absent
    """

    policy: str
    revision: str
    old: VerdictWord
    new: VerdictWord
    statuses: list[StatusChange]
    unpresumed: list[SlotName]


class WhatifAnswer(TypedDict):
    """What policies would say if some facts were otherwise (`bvn whatif`).

    Attributes:
        notice: what this is, and what it is not
        suppose: slot to supposed value; null takes the record away
    """

    schema: Literal["whatif/1"]
    notice: str
    case: CaseAsRead
    strict: bool
    suppose: dict[str, Written | None]
    policies: list[SupposedPolicy]


class LintRule(TypedDict):
    """One rule of lint: what to avoid, and what to prefer."""

    id: str
    level: str
    asks: str
    title: str
    why: str
    avoid: str
    prefer: str
    fixable: bool


class LintRulesAnswer(TypedDict):
    """The rules of lint (`bvn lint --rules`)."""

    schema: Literal["lint-rules/1"]
    rules: list[LintRule]


class ErrorAnswer(TypedDict):
    """Why a question could not be asked: on standard error, with exit status 2, wherever JSON was asked for.

    Attributes:
        faults: in the order of the files' lines; an empty path stands for the command line, line 0 for a whole file
    """

    schema: Literal["error/1"]
    faults: list[InputFault]


class FhirNote(TypedDict):
    """What became of one part of a record.

    Attributes:
        where: resource and element
    """

    kind: Annotated[
        str,
        OneOf("used", "agrees", "conflicts", "open", "beside", "history", "does not count", "not read", "left out"),
    ]
    fact: SlotName | None
    where: str
    date: str | None
    text: str


class FhirReadAnswer(TypedDict):
    """What a record in FHIR came to (`bvn fhir read`).

    Attributes:
        notice: what this is, and what it is not
        orders: those that ask for the procedure
        other_orders: those for something else
        resources: how many were read
        digest: the SHA-256 of what was read
    """

    schema: Literal["fhir-read/1"]
    notice: str
    case: CaseAsRead
    orders: list[str]
    other_orders: list[str]
    resources: int
    digest: Hash
    notes: list[FhirNote]


class TextPassage(TypedDict):
    """A passage of a source, in a user's copy.

    Attributes:
        entries: whose words they are; empty if they are left out or nobody's.
        left_out: why they are left out.
        now: the words that stand there now, as the copy prints them; empty if gone.
        difference: `same`, `old` or `new` with the words, in order; only with the old text at hand.
        citation: the citations before and now, if they are others.
        in_criteria: whether it stands among the criteria.
    """

    entries: list[str]
    left_out: str
    status: Annotated[str, OneOf("exact", "moved", "changed", "moved and changed", "gone")]
    now: str
    difference: list[list[str]]
    citation: list[str] | None
    in_criteria: bool


class TextNew(TypedDict):
    """Words that no passage held before.

    Attributes:
        beside: the entries into whose sentence they have come.
    """

    words: str
    beside: list[str]
    in_criteria: bool


class TextAnswer(TypedDict):
    """What became of each entry's words in a user's copy of its source.

    Attributes:
        anchors: which copy the anchors were made from.
        other_text: too little of it is known; nothing else is to be believed then.
        same_text: word for word that copy.
        entries: entry to what became of its words.
        criteria_words: the words among the criteria by who accounts for them.
    """

    schema: Literal["text/1"]
    policy: str
    revision: str
    anchors: str
    copy: str
    digest: str
    same_text: bool
    other_text: bool
    entries: dict[str, str]
    passages: list[TextPassage]
    new: list[TextNew]
    criteria_words: dict[str, int]


ANSWERS: dict[str, type] = {
    "ask": AskAnswer,
    "batch": BatchAnswer,
    "checklist": ChecklistAnswer,
    "claimed": ClaimedAnswer,
    "claims": ClaimsAnswer,
    "compare": CompareAnswer,
    "coverage": CoverageAnswer,
    "diff": DiffAnswer,
    "error": ErrorAnswer,
    "explain": ExplainAnswer,
    "facts": FactsAnswer,
    "fhir-read": FhirReadAnswer,
    "governs": Governance,
    "letter": LetterAnswer,
    "lint": LintAnswer,
    "lint-rules": LintRulesAnswer,
    "mutate": MutateAnswer,
    "partial": PartialAnswer,
    "policies": PoliciesAnswer,
    "record": RecordAnswer,
    "repair": RepairAnswer,
    "request": RequestAnswer,
    "show": ShowAnswer,
    "sources": SourcesAnswer,
    "split": SplitAnswer,
    "stricter": StricterAnswer,
    "synth": SynthAnswer,
    "test": TestAnswer,
    "text": TextAnswer,
    "verify": VerifyAnswer,
    "whatif": WhatifAnswer,
}
