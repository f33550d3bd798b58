"""`bvn batch`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from bvn_asp.model.case import VERDICTS
from bvn_asp.render.shape import Shape
from bvn_asp.render.shapes.answer import Noticed
from bvn_asp.render.shapes.words import VerdictWord

if TYPE_CHECKING:
    from bvn_asp.batch.answers import Tally


class BatchFlip(Shape):
    """How many cases have one verdict here and another there."""

    of: tuple[str, str, int]

    verdict: VerdictWord
    other: VerdictWord
    cases: int


class BatchAgainst(Shape):
    """How verdicts differ from those of another policy."""

    of: Mapping[tuple[str, str], int]

    policy: str
    flips: list[BatchFlip]

    def _policy(self) -> str:
        return self.given["against"] or ""

    def _flips(self) -> list[tuple[str, str, int]]:
        return [(here, there, number) for (here, there), number in sorted(self.of.items()) if number]


class BatchPolicy(Shape):
    """One policy's verdicts over a file, counted."""

    of: str
    up: BatchAnswer

    policy: str
    verdicts: dict[str, int]
    blamed: dict[str, int]
    open: dict[str, int]
    against: BatchAgainst | None

    def _policy(self) -> str:
        return self.of

    def _verdicts(self) -> dict[str, int]:
        return {verdict: self.up.of.verdicts[self.of][verdict] for verdict in VERDICTS}

    def _blamed(self) -> dict[str, int]:
        return dict(sorted(self.up.of.blamed.get(self.of, {}).items()))

    def _open(self) -> dict[str, int]:
        return dict(sorted(self.up.of.open.get(self.of, {}).items()))

    def _against(self) -> Mapping[tuple[str, str], int] | None:
        return self.up.of.flips.get(self.of)


class BatchAnswer(Noticed):
    """How policies decide a file of cases (`bvn batch --summary`).

    Attributes:
        notice: what this is, and what it is not
    """

    of: Tally

    schema: Literal["batch/1"]
    rows: int
    answered: int
    rejected: int
    solved: int
    policies: list[BatchPolicy]

    def _policies(self) -> list[str]:
        return list(self.of.verdicts)
