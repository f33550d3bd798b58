"""`bvn split`."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from bvn_asp.render.shapes.witness import Extent, Patient, PlainEdition, Witness
from bvn_asp.render.shapes.words import RelationWord


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
