"""`bvn diff`."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from bvn_asp.render.schema_of import OneOf
from bvn_asp.render.shapes.witness import Extent, Patient, ReadEdition, Witness
from bvn_asp.render.shapes.words import RelationWord, VerdictWord


class Wording(TypedDict):
    """Words that changed."""

    what: str
    old: str
    new: str


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
