"""`bvn partial`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal

from bvn_asp.render.shape import At, Shape
from bvn_asp.render.shapes.answer import CaseAnswer
from bvn_asp.render.shapes.repair import RepairQuestion
from bvn_asp.render.shapes.words import VerdictWord

if TYPE_CHECKING:
    from bvn_asp.repairs.answer import Repairs
    from bvn_asp.repairs.partial import Left, Partial, Subset


class Member(Shape):
    """A member of an index."""

    of: Left

    member: str


class MemberLeft(RepairQuestion, Member):
    """What a requested member left out lacks."""

    of: Left

    @property
    def answer(self) -> Repairs:
        return self.of.repairs

    @cached_property
    def sources(self) -> tuple[object, ...]:
        return (self.of.repairs,)

    def _member(self) -> str:
        return self.of.member


class ApprovedSubset(Shape):
    """A largest part of the request that is approved."""

    of: Subset

    members: list[str]
    units: dict[str, int]
    left: list[MemberLeft]

    def _units(self) -> dict[str, int]:
        return dict(self.of.units)


class PartialAnswer(CaseAnswer):
    """Which part of a request a policy approves (`bvn partial`).

    Attributes:
        notice: what this is, and what it is not
        alone: what each requested member lacks to be approved by itself; nothing if the whole request is approved
    """

    of: Partial

    schema: Literal["partial/4"]
    strict: bool
    policy: Annotated[str, At("evaluation.policy")]
    revision: Annotated[str, At("evaluation.revision.id")]
    verdict: Annotated[VerdictWord, At("evaluation.verdict")]
    requested: list[str]
    subsets: list[ApprovedSubset]
    alone: list[MemberLeft]
