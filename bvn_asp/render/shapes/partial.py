"""`bvn partial`."""

from __future__ import annotations

from typing import Literal, TypedDict

from bvn_asp.render.shapes.chart import CaseAsRead
from bvn_asp.render.shapes.repair import RepairQuestion
from bvn_asp.render.shapes.words import VerdictWord


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
