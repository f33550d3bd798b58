"""`bvn stricter`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from bvn_asp.render.shape import At, Shape
from bvn_asp.render.shapes.chart import Patient
from bvn_asp.render.shapes.witness import Extent, ReadEdition, Witness
from bvn_asp.render.shapes.words import RelationWord
from bvn_asp.render.stricter import NOTICE, places

if TYPE_CHECKING:
    from bvn_asp.model.policy import Revision
    from bvn_asp.texts.stricter import Strictness, Way, Ways


class StricterWay(Shape):
    """One smallest way to be stricter.

    Attributes:
        criteria: the entries that fail; `silent` for not addressing the request
    """

    of: Way
    up: StricterWays

    criteria: Annotated[list[str], At("units")]
    places: list[str]
    facts: list[str]
    witness: Witness | None

    def _places(self) -> list[str]:
        return [str(each) for each in places(self.up.of.refuses, self.of.units)]


class StricterWays(Shape):
    """The ways in one direction.

    Attributes:
        complete: these are all
    """

    of: Ways

    complete: bool
    ways: list[StricterWay]


class StricterAnswer(Shape):
    """Every smallest way in which a plan is stricter or looser than a policy that governs (`bvn stricter`).

    Attributes:
        relation: of the plan to the governing policy
    """

    of: Strictness

    schema: Literal["stricter/1"]
    notice: str
    plan: ReadEdition
    governing: ReadEdition
    relation: RelationWord
    stricter: StricterWays
    looser: StricterWays
    base: Patient | None
    extent: Extent

    def _notice(self) -> str:
        return NOTICE

    def _plan(self) -> tuple[Revision, dict[str, str]]:
        return self.of.plan, self.of.readings[0]

    def _governing(self) -> tuple[Revision, dict[str, str]]:
        return self.of.governing, self.of.readings[1]

    def _base(self) -> object:
        base = self.of.stricter.base or self.of.looser.base
        return base.case if base is not None else None
