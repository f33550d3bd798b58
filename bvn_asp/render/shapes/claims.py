"""`bvn claims` and `bvn compare --as-claimed-by`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from bvn_asp.render.shape import At, Shape
from bvn_asp.render.shapes.answer import Noticed
from bvn_asp.render.shapes.words import VerdictWord

if TYPE_CHECKING:
    from bvn_asp.cases.claimed import Claimed, Side
    from bvn_asp.cases.evaluate import Evaluation
    from bvn_asp.routing.claims import Claim as Ledgered


class PolicyVerdict(Shape):
    """A policy and its verdict."""

    of: Evaluation

    policy: str
    verdict: VerdictWord


class ClaimedVerdict(Shape):
    """A verdict, read as the document claims."""

    of: Evaluation

    policy: str
    verdict: VerdictWord
    blamed: list[str]


class ClaimedSide(Shape):
    """One way in which the document has it.

    Attributes:
        moved: policies whose verdict is another
        movers: policy to the readings each of which moves its verdict alone; none if only all together do
    """

    of: Side
    up: ClaimedAnswer

    side: Annotated[str, At("name")]
    readings: Annotated[list[str], At("stances")]
    verdicts: Annotated[list[ClaimedVerdict], At("evaluations")]
    moved: list[str]
    movers: dict[str, list[str]]

    def _moved(self) -> list[str]:
        return [old.policy for old, _ in self.up.of.moved(self.of)]


class ClaimedAnswer(Noticed):
    """A case as a document claims the sources to read (`bvn compare --as-claimed-by`).

    Attributes:
        notice: what this is, and what it is not
    """

    of: Claimed

    schema: Literal["claimed/1"]
    document: str
    verdicts: Annotated[list[PolicyVerdict], At("evaluations")]
    sides: list[ClaimedSide]


class Claim(Shape):
    """One claim of the ledger.

    Attributes:
        reading: the reading's option that stands for the claim
    """

    of: Ledgered

    claim: Annotated[str, At("id")]
    document: str
    place: str
    says: str
    about: str | None
    verdict: str
    why: str
    reading: Annotated[str | None, At("stance")]


class ClaimsAnswer(Shape):
    """What documents claim of a source, and whether its text bears them out (`bvn claims`)."""

    of: Sequence[Ledgered]

    schema: Literal["claims/1"]
    claims: list[Claim]

    def _claims(self) -> Sequence[Ledgered]:
        return self.of
