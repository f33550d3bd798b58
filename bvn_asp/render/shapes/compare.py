"""`bvn compare`."""

from __future__ import annotations

from typing import Literal, TypedDict

from bvn_asp.render.shapes.chart import CaseAsRead
from bvn_asp.render.shapes.evaluation import CodingAdvice, PolicyEvaluation
from bvn_asp.render.shapes.governs import Governance
from bvn_asp.render.shapes.words import OpenWord, StatusWord


class ComparedPolicy(PolicyEvaluation):
    """A policy that is compared.

    Attributes:
        governs: whether this policy binds the request
        standings: for each open slot why it is not known
    """

    governs: bool
    standings: dict[str, OpenWord]


class AlignedCell(TypedDict):
    """What one policy asks on a topic.

    Attributes:
        name: the policy, with @revision where two editions are compared
        asks: the limits, short
        presumed: it speaks for approval only because nobody mentions what it reads
    """

    policy: str
    name: str
    criterion: str
    status: StatusWord
    excludes: bool
    asks: str
    presumed: bool


class AlignedTopic(TypedDict):
    """One topic, as every policy that speaks to it sees the case.

    Attributes:
        parts: whether the policies part here
    """

    topic: str
    label: str
    parts: bool
    cells: list[AlignedCell]


class CompareAnswer(TypedDict):
    """What some policies make of one case, side by side (`bvn compare`).

    Attributes:
        notice: what this is, and what it is not
        strict: nothing was presumed
        coding: what is to be said of the codes, apart from any verdict
        aligned: criteria by what they are about
    """

    schema: Literal["compare/2"]
    notice: str
    case: CaseAsRead
    strict: bool
    governance: Governance | None
    verdicts: list[ComparedPolicy]
    coding: list[CodingAdvice]
    aligned: list[AlignedTopic]
