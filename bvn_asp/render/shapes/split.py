"""`bvn split`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

from bvn_asp.render.shape import LEFT_OUT, At, MayLack, Shape
from bvn_asp.render.shapes.chart import Patient
from bvn_asp.render.shapes.witness import Extent, PlainEdition, Witness
from bvn_asp.render.shapes.words import RelationWord

if TYPE_CHECKING:
    from bvn_asp.model.policy import Revision
    from bvn_asp.texts.split import PairSplit, Split


class PolicyPair(Shape):
    """Two policies, and where they part.

    Attributes:
        relation: of the first to the second
    """

    of: PairSplit

    first: Annotated[str, At("first.name")]
    second: Annotated[str, At("second.name")]
    relation: RelationWord
    both_approve_someone: Annotated[bool, At("agreed")]
    first_only: Witness | None
    second_only: Witness | None


class SplitAnswer(Shape):
    """The smallest patient on whom policies disagree (`bvn split`), or all pairs of them (`bvn split --all`).

    Attributes:
        pairs: all pairs, with `--all`
    """

    of: Split | Sequence[PairSplit]

    schema: Literal["split/1"]
    policies: list[PlainEdition]
    disagree: Annotated[bool, MayLack()]
    witness: Annotated[Witness | None, MayLack()]
    base: Annotated[Patient | None, MayLack()]
    extent: Annotated[Extent, MayLack()]
    pairs: Annotated[list[PolicyPair] | None, MayLack()]

    @property
    def one(self) -> Split | None:
        """The policies together; None if they were asked pair by pair."""
        return None if isinstance(self.of, Sequence) else self.of

    def _policies(self) -> list[Revision]:
        if self.one is not None:
            return list(self.one.revisions)
        return list(dict.fromkeys(revision for each in self._pairs() for revision in (each.first, each.second)))

    def _disagree(self) -> object:
        return self.one.witness is not None if self.one else LEFT_OUT

    def _witness(self) -> object:
        return self.one.witness if self.one else LEFT_OUT

    def _base(self) -> object:
        if self.one is None:
            return LEFT_OUT
        return self.one.base.case if self.one.base is not None else None

    def _extent(self) -> object:
        return self.one.extent if self.one else LEFT_OUT

    def _pairs(self) -> Any:
        return LEFT_OUT if self.one else self.of
