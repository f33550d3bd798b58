"""`bvn test`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from bvn_asp.render.shape import At, Shape
from bvn_asp.render.shapes.error import InputFault
from bvn_asp.render.shapes.words import VerdictWord

if TYPE_CHECKING:
    from bvn_asp.errors import Fault
    from bvn_asp.upkeep.testing import Mismatch, Result


class TestSummary(Shape):
    """How many checks passed."""

    of: Sequence[Result]

    files: int
    passed: int
    failed: int
    faults: int

    def _files(self) -> int:
        return int(self.given["files"])

    def _passed(self) -> int:
        return sum(each.passed for each in self.of)

    def _failed(self) -> int:
        return sum(not each.passed for each in self.of)

    def _faults(self) -> int:
        return len(self.given["faults"])


class MismatchShape(Shape):
    """One expectation that was not met."""

    of: Mismatch

    key: str
    expected: list[str]
    got: list[str]


class CheckResult(Shape):
    """One check of a case under a policy."""

    of: Result

    id: Annotated[str, At("check.id")]
    case: Annotated[str, At("check.case.path")]
    title: Annotated[str, At("check.case.title")]
    policy: Annotated[str, At("check.revision.policy.id")]
    revision: Annotated[str, At("check.revision.id")]
    passed: bool
    verdict: Annotated[VerdictWord, At("evaluation.verdict")]
    mismatches: list[MismatchShape]
    astray: list[str]


class TestAnswer(Shape):
    """Whether the policies say what cases expect (`bvn test`)."""

    of: Sequence[Result]

    schema: Literal["test/1"]
    summary: TestSummary
    checks: list[CheckResult]
    faults: list[InputFault]

    def _summary(self) -> Sequence[Result]:
        return list(self.of)

    def _checks(self) -> Sequence[Result]:
        return self.of

    def _faults(self) -> Sequence[Fault]:
        faults: Sequence[Fault] = self.given["faults"]
        return faults
