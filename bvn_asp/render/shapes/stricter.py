"""`bvn stricter`."""

from __future__ import annotations

from typing import Literal, TypedDict

from bvn_asp.render.shapes.witness import Extent, Patient, ReadEdition, Witness
from bvn_asp.render.shapes.words import RelationWord


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
