"""`bvn lint`."""

from __future__ import annotations

from typing import Literal, TypedDict


class Finding(TypedDict):
    """One flaw.

    Attributes:
        allowed: why it is allowed here
        known: it stands in the baseline
    """

    rule: str
    level: str
    file: str
    line: int | None
    column: int | None
    subject: str
    message: str
    hint: str
    fixable: bool
    allowed: str | None
    known: bool


class LintAnswer(TypedDict):
    """Flaws of policies, in their text and in their meaning (`bvn lint`)."""

    schema: Literal["lint/1"]
    policies: list[str]
    files: list[str]
    findings: list[Finding]


class LintRule(TypedDict):
    """One rule of lint: what to avoid, and what to prefer."""

    id: str
    level: str
    asks: str
    title: str
    why: str
    avoid: str
    prefer: str
    fixable: bool


class LintRulesAnswer(TypedDict):
    """The rules of lint (`bvn lint --rules`)."""

    schema: Literal["lint-rules/1"]
    rules: list[LintRule]
