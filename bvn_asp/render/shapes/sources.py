"""`bvn sources`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal

from bvn_asp.render.shape import LEFT_OUT, At, MayLack, Shape
from bvn_asp.render.shapes.policies import Dates, Named
from bvn_asp.render.shapes.show import NotEncoded
from bvn_asp.render.shapes.words import Mark, SourceKind
from bvn_asp.render.sources import asked

if TYPE_CHECKING:
    from bvn_asp.cases.compare import Cell, Row
    from bvn_asp.model.policy import Policy, Revision
    from bvn_asp.texts.sources import Bound, Column, Demand, Sources


class SourceEdition(Dates, Named):
    """One edition of a source.

    Attributes:
        not_encoded: why it is not
    """

    of: Revision

    encoded: bool
    not_encoded: str | None
    source: str
    url: str | None

    def _encoded(self) -> bool:
        return self.of.path is not None


class SourcePolicy(Shape):
    """What stands behind one policy.

    Attributes:
        evidence: how its text was seen
    """

    of: Policy

    policy: Annotated[str, At("id")]
    kind: SourceKind
    evidence: Mark
    publisher: str
    title: str
    editions: Annotated[list[SourceEdition], At("revisions")]
    not_encoded: list[NotEncoded]


class SourceCell(Shape):
    """What some policies ask on a topic.

    Attributes:
        policies: policies that share these rules
        excludes: met means present, and speaks against approval
        alone: denies by itself when it stands the wrong way
        needs: fact to the values without which the entry cannot stand for approval
        refuses: fact to the values without which it cannot stand against approval, where `needs` says nothing
    """

    of: tuple[Column, Cell]

    policies: list[str]
    criterion: str
    excludes: bool
    alone: bool
    needs: dict[str, str]
    refuses: dict[str, str]
    asks: str

    @cached_property
    def sources(self) -> tuple[object, ...]:
        return (self.demand,)

    @property
    def demand(self) -> Demand:
        """What the entry asks for, whatever else there is."""
        column, cell = self.of
        found: Demand = self.up.up.of.demands[column.name, cell.entry]
        return found

    def _policies(self) -> tuple[str, ...]:
        return self.of[0].policies

    def _criterion(self) -> str:
        return self.of[1].entry

    def _excludes(self) -> bool:
        return self.of[1].excludes

    def _alone(self) -> bool:
        return self.demand.alone

    def _needs(self) -> object:
        return self.demand.needs

    def _refuses(self) -> object:
        return self.demand.refuses

    def _asks(self) -> str:
        return asked(self.library, self.up.up.of, *self.of)


class SourceTopic(Shape):
    """A topic, and what each source asks on it."""

    of: Row
    up: SourcesAnswer

    topic: str
    cells: list[SourceCell]

    def _cells(self) -> list[tuple[Column, Cell]]:
        found = self.up.of
        assert found is not None
        return [(column, cell) for column in found.columns for cell in found.cells(self.of, column)]


class FactLimits(Shape):
    """What policies leave of one fact.

    Attributes:
        allowed: policy to the values under which it can approve anybody; no entry where it allows every value
    """

    of: Bound

    fact: Annotated[str, At("slot")]
    allowed: dict[str, str]


class SourcesAnswer(Shape):
    """What stands behind the policies, and with `--all` what every source asks for side by side (`bvn sources`).

    Attributes:
        limits: asked of the solver, value by value
    """

    of: Sources | None

    schema: Literal["sources/1"]
    sources_: list[SourcePolicy]
    topics: Annotated[list[SourceTopic], MayLack()]
    limits: Annotated[list[FactLimits], MayLack()]

    def _sources(self) -> list[Policy]:
        return list(self.library.policies.values())

    def _topics(self) -> object:
        return LEFT_OUT if self.of is None else self.of.rows

    def _limits(self) -> object:
        return LEFT_OUT if self.of is None else self.of.bounds
