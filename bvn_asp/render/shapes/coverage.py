"""`bvn coverage` and `bvn mutate`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

from bvn_asp.render.shape import At, Shape

if TYPE_CHECKING:
    from bvn_asp.upkeep.coverage import Coverage, Item
    from bvn_asp.upkeep.mutate import Mutation, Outcome


class CoverageItem(Shape):
    """One thing that a case can show.

    Attributes:
        checks: the checks that show it
        possible: false: proved that no case can
    """

    of: tuple[Item, tuple[str, ...]]
    up: CoveragePolicy

    kind: str
    of_: str
    aspect: str
    checks: list[str]
    possible: bool

    def _kind(self) -> str:
        return self.of[0].kind

    def _of(self) -> str:
        return self.of[0].of

    def _aspect(self) -> str:
        return self.of[0].aspect

    def _checks(self) -> tuple[str, ...]:
        return self.of[1]

    def _possible(self) -> bool:
        return self.of[0] not in self.up.of.never


class CoveragePolicy(Shape):
    """What the cases show of one policy.

    Attributes:
        checks: how many checks passed
        failing: the checks that fail, and so show nothing
    """

    of: Coverage

    policy: Annotated[str, At("revision.policy.id")]
    revision: Annotated[str, At("revision.id")]
    checks: Annotated[int, At("runs")]
    failing: list[str]
    share: float
    items: list[CoverageItem]

    def _share(self) -> float:
        return round(self.of.share / 100, 4)

    def _items(self) -> object:
        return self.of.shown.items()


class CoverageAnswer(Shape):
    """What of a policy the cases show (`bvn coverage`)."""

    of: Sequence[Coverage]

    schema: Literal["coverage/1"]
    policies: list[CoveragePolicy]

    def _policies(self) -> Sequence[Coverage]:
        return self.of


class Mutant(Shape):
    """One slip.

    Attributes:
        noticed_by: the checks that fail under it
        equivalent: proved to change no verdict
    """

    of: Outcome

    id: Annotated[str, At("mutant.id")]
    kind: Annotated[str, At("mutant.kind")]
    line: Annotated[int, At("mutant.place.line")]
    entry: Annotated[str, At("mutant.entry")]
    was: Annotated[str, At("mutant.was")]
    becomes: Annotated[str, At("mutant.becomes")]
    noticed_by: str | list[Any] | None
    equivalent: bool | None

    def _noticed_by(self) -> str | None:
        return self.of.noticed_by or None


class MutatePolicy(Shape):
    """The slips of one policy.

    Attributes:
        failing: the checks that fail as it is, and so notice nothing
    """

    of: Mutation

    policy: Annotated[str, At("revision.policy.id")]
    revision: Annotated[str, At("revision.id")]
    checks: int
    failing: list[str]
    survive: int
    mutants: Annotated[list[Mutant], At("outcomes")]

    def _survive(self) -> int:
        return len(self.of.survivors)


class MutateAnswer(Shape):
    """Which slips in a policy no case would notice (`bvn mutate`)."""

    of: Sequence[Mutation]

    schema: Literal["mutate/1"]
    policies: list[MutatePolicy]

    def _policies(self) -> Sequence[Mutation]:
        return self.of
