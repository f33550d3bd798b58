"""`bvn batch`."""

from __future__ import annotations

from typing import Literal, TypedDict

from bvn_asp.render.shapes.words import VerdictWord


class BatchFlip(TypedDict):
    """How many cases have one verdict here and another there."""

    verdict: VerdictWord
    other: VerdictWord
    cases: int


class BatchAgainst(TypedDict):
    """How verdicts differ from those of another policy."""

    policy: str
    flips: list[BatchFlip]


class BatchPolicy(TypedDict):
    """One policy's verdicts over a file, counted."""

    policy: str
    verdicts: dict[str, int]
    blamed: dict[str, int]
    open: dict[str, int]
    against: BatchAgainst | None


class BatchAnswer(TypedDict):
    """How policies decide a file of cases (`bvn batch --summary`).

    Attributes:
        notice: what this is, and what it is not
    """

    schema: Literal["batch/1"]
    notice: str
    rows: int
    answered: int
    rejected: int
    solved: int
    policies: list[BatchPolicy]
