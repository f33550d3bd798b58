"""`bvn test`."""

from __future__ import annotations

from typing import Literal, TypedDict

from bvn_asp.render.shapes.error import InputFault
from bvn_asp.render.shapes.words import VerdictWord


class TestSummary(TypedDict):
    """How many checks passed."""

    files: int
    passed: int
    failed: int
    faults: int


class MismatchShape(TypedDict):
    """One expectation that was not met."""

    key: str
    expected: list[str]
    got: list[str]


class CheckResult(TypedDict):
    """One check of a case under a policy."""

    id: str
    case: str
    title: str
    policy: str
    revision: str
    passed: bool
    verdict: VerdictWord
    mismatches: list[MismatchShape]
    astray: list[str]


class TestAnswer(TypedDict):
    """Whether the policies say what cases expect (`bvn test`)."""

    schema: Literal["test/1"]
    summary: TestSummary
    checks: list[CheckResult]
    faults: list[InputFault]
