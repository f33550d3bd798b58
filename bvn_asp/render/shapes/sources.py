"""`bvn sources`."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from bvn_asp.render.shapes.policies import Dates
from bvn_asp.render.shapes.show import NotEncoded
from bvn_asp.render.shapes.words import Mark, SourceKind


class SourceEdition(Dates):
    """One edition of a source.

    Attributes:
        not_encoded: why it is not
    """

    revision: str
    encoded: bool
    not_encoded: str | None
    source: str
    url: str | None


class SourcePolicy(TypedDict):
    """What stands behind one policy.

    Attributes:
        evidence: how its text was seen
    """

    policy: str
    kind: SourceKind
    evidence: Mark
    publisher: str
    title: str
    editions: list[SourceEdition]
    not_encoded: list[NotEncoded]


class SourceCell(TypedDict):
    """What some policies ask on a topic.

    Attributes:
        policies: policies that share these rules
        excludes: met means present, and speaks against approval
        alone: denies by itself when it stands the wrong way
        needs: fact to the values without which the entry cannot stand for approval
        refuses: fact to the values without which it cannot stand against approval, where `needs` says nothing
    """

    policies: list[str]
    criterion: str
    excludes: bool
    alone: bool
    needs: dict[str, str]
    refuses: dict[str, str]
    asks: str


class SourceTopic(TypedDict):
    """A topic, and what each source asks on it."""

    topic: str
    cells: list[SourceCell]


class FactLimits(TypedDict):
    """What policies leave of one fact.

    Attributes:
        allowed: policy to the values under which it can approve anybody; no entry where it allows every value
    """

    fact: str
    allowed: dict[str, str]


class SourcesAnswer(TypedDict):
    """What stands behind the policies, and with `--all` what every source asks for side by side (`bvn sources`).

    Attributes:
        limits: asked of the solver, value by value
    """

    schema: Literal["sources/1"]
    sources: list[SourcePolicy]
    topics: NotRequired[list[SourceTopic]]
    limits: NotRequired[list[FactLimits]]
