"""`bvn stricter`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from bvn_asp.render.shape import At, Shape
from bvn_asp.render.shapes.chart import Patient
from bvn_asp.render.shapes.witness import Extent, ReadEdition, Witness
from bvn_asp.render.shapes.words import RelationWord
from bvn_asp.render.stricter import NOTICE, places

if TYPE_CHECKING:
    from bvn_asp.model.policy import Option, Reading, Revision
    from bvn_asp.texts.stricter import Gate, Strictness, Way, Ways


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
        others: further patients, who have none of the values that the smallest ways show
        covered: every patient on whom the two part has the values that one of the ways or others shows
    """

    of: Ways

    complete: bool
    ways: list[StricterWay]
    others: list[StricterWay]
    covered: bool


class UnlessRead(Shape):
    """A reading that is not in force."""

    of: tuple[Reading, Option]

    reading: str
    option: str

    def _reading(self) -> str:
        return self.of[0].id

    def _option(self) -> str:
        return self.of[1].name


class StricterGate(Shape):
    """A condition that nobody fails as the text is read now, and somebody whom the other policy approves otherwise.

    Attributes:
        criterion: the entry
        unless: the readings that have it asked, each by itself
    """

    of: Gate

    policy: Annotated[str, At("revision.policy.id")]
    revision: Annotated[str, At("revision.id")]
    criterion: Annotated[str, At("unit")]
    place: str
    unless: list[UnlessRead]

    def _place(self) -> str:
        return str(self.of.revision.entries[self.of.unit].place)


class StricterAnswer(Shape):
    """Every smallest way in which a plan is stricter or looser than a policy that governs (`bvn stricter`).

    Attributes:
        relation: of the plan to the governing policy
        gates: what either policy would ask besides if one of its passages were read otherwise
    """

    of: Strictness

    schema: Literal["stricter/2"]
    notice: str
    plan: ReadEdition
    governing: ReadEdition
    relation: RelationWord
    stricter: StricterWays
    looser: StricterWays
    base: Patient | None
    extent: Extent
    gates: list[StricterGate]

    def _notice(self) -> str:
        return NOTICE

    def _plan(self) -> tuple[Revision, dict[str, str]]:
        return self.of.plan, self.of.readings[0]

    def _governing(self) -> tuple[Revision, dict[str, str]]:
        return self.of.governing, self.of.readings[1]

    def _base(self) -> object:
        base = self.of.stricter.base or self.of.looser.base
        return base.case if base is not None else None
