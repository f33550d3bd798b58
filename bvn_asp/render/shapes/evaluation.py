"""One policy's verdict on a case."""

from __future__ import annotations

from typing import Annotated, TypedDict

from bvn_asp.render.schema_of import OneOf
from bvn_asp.render.shapes.words import EntryKind, Mark, Readings, SlotName, SourceKind, StatusWord, VerdictWord


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


class Limit(TypedDict):
    """One limit or value that a criterion holds a fact against."""

    operator: Annotated[str, OneOf("is", "is not", "at_least", "more_than", "at_most", "less_than")]
    value: str
