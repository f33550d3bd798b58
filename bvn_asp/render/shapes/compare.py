"""`bvn compare`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from bvn_asp.cases.compare import presumes
from bvn_asp.cases.standing import standings_of_open
from bvn_asp.render.shape import At, Shape
from bvn_asp.render.shapes.answer import CaseAnswer
from bvn_asp.render.shapes.evaluation import CodingAdvice, PolicyEvaluation
from bvn_asp.render.shapes.governs import Governance
from bvn_asp.render.shapes.words import OpenWord, StatusWord

if TYPE_CHECKING:
    from bvn_asp.cases.compare import Cell, Comparison, Row
    from bvn_asp.cases.evaluate import Evaluation


class ComparedPolicy(PolicyEvaluation):
    """A policy that is compared.

    Attributes:
        governs: whether this policy binds the request
        standings: for each open slot why it is not known
    """

    of: Evaluation
    up: CompareAnswer

    governs: bool
    standings: dict[str, OpenWord]

    def _governs(self) -> bool:
        governance = self.up.of.governance
        return bool(governance and self.of.policy in governance.governing())

    def _standings(self) -> object:
        return standings_of_open(self.up.of.case, self.of.open)


class AlignedCell(Shape):
    """What one policy asks on a topic.

    Attributes:
        name: the policy, with @revision where two editions are compared
        asks: the limits, short
        presumed: it speaks for approval only because nobody mentions what it reads
    """

    of: Cell
    up: AlignedTopic

    policy: str
    name: str
    criterion: Annotated[str, At("entry")]
    status: StatusWord
    excludes: bool
    asks: str
    presumed: bool

    def _presumed(self) -> bool:
        return presumes(self.up.up.of, self.of)


class AlignedTopic(Shape):
    """One topic, as every policy that speaks to it sees the case.

    Attributes:
        parts: whether the policies part here
    """

    of: Row
    up: CompareAnswer

    topic: str
    label: str
    parts: bool
    cells: list[AlignedCell]


class CompareAnswer(CaseAnswer):
    """What some policies make of one case, side by side (`bvn compare`).

    Attributes:
        notice: what this is, and what it is not
        strict: nothing was presumed
        coding: what is to be said of the codes, apart from any verdict
        aligned: criteria by what they are about
    """

    of: Comparison

    schema: Literal["compare/2"]
    strict: bool
    governance: Governance | None
    verdicts: Annotated[list[ComparedPolicy], At("evaluations")]
    aligned: Annotated[list[AlignedTopic], At("rows")]
    coding: list[CodingAdvice]
