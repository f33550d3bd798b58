"""`bvn policies`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from bvn_asp.render.shape import At, Shape
from bvn_asp.render.shapes.words import Date, Mark, SourceKind

if TYPE_CHECKING:
    from bvn_asp.model.policy import Policy, Revision


class Named(Shape):
    """An edition by its id."""

    revision: Annotated[str, At("id")]


class Printed(Named):
    """An edition as it was printed, and whether it is encoded."""

    version: str
    encoded: bool

    def _encoded(self) -> bool:
        return self.of.path is not None


class Dates(Shape):
    """From when an edition is in force.

    Attributes:
        effective: its first day; null if it is not known
        dated: how the day is known, `printed`, `snapshot`, `seen` or `assumed`; empty if that is not said
        seen: a day on which it was in force, where the first is not known
        after: a day on which it was not yet in force, where the first is not known
    """

    effective: Annotated[Date | None, At("dates.effective")]
    dated: Annotated[str, At("dates.dated")]
    seen: Annotated[Date | None, At("dates.seen")]
    after: Annotated[Date | None, At("dates.after")]


class PolicyEdition(Dates, Printed):
    """One edition of a policy.

    Attributes:
        not_encoded: why there is no encoding; else empty
    """

    of: Revision

    source: str
    not_encoded: str


class PolicyFacts(Shape):
    """A policy's metadata."""

    policy: Annotated[str, At("id")]
    title: str
    publisher: str
    kind: SourceKind
    evidence: Mark
    about: str
    documents: list[str]


class PolicyEntry(PolicyFacts):
    """A policy's metadata, with its editions.

    Attributes:
        revisions: oldest first
    """

    of: Policy

    revisions: list[PolicyEdition]


class PoliciesAnswer(Shape):
    """The policies of the library (`bvn policies`)."""

    of: None

    schema: Literal["policies/1"]
    policies: list[PolicyEntry]

    def _policies(self) -> list[Policy]:
        return list(self.library.policies.values())
