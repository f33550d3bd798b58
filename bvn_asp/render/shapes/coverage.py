"""`bvn coverage` and `bvn mutate`."""

from __future__ import annotations

from typing import Any, Literal, TypedDict


class CoverageItem(TypedDict):
    """One thing that a case can show.

    Attributes:
        checks: the checks that show it
        possible: false: proved that no case can
    """

    kind: str
    of: str
    aspect: str
    checks: list[str]
    possible: bool


class CoveragePolicy(TypedDict):
    """What the cases show of one policy."""

    policy: str
    revision: str
    checks: int
    share: float
    items: list[CoverageItem]


class CoverageAnswer(TypedDict):
    """What of a policy the cases show (`bvn coverage`)."""

    schema: Literal["coverage/1"]
    policies: list[CoveragePolicy]


class Mutant(TypedDict):
    """One slip.

    Attributes:
        noticed_by: the checks that fail under it
        equivalent: proved to change no verdict
    """

    id: str
    kind: str
    line: int
    entry: str | None
    was: str
    becomes: str
    noticed_by: str | list[Any] | None
    equivalent: bool | None


class MutatePolicy(TypedDict):
    """The slips of one policy."""

    policy: str
    revision: str
    checks: int
    survive: int
    mutants: list[Mutant]


class MutateAnswer(TypedDict):
    """Which slips in a policy no case would notice (`bvn mutate`)."""

    schema: Literal["mutate/1"]
    policies: list[MutatePolicy]
