"""`bvn lint`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bvn_asp.render.lint import shown_path
from bvn_asp.render.shape import Shape
from bvn_asp.upkeep.lint import RULES, level

if TYPE_CHECKING:
    from bvn_asp.upkeep.lint import Finding as Found
    from bvn_asp.upkeep.lint import Report
    from bvn_asp.upkeep.lint import Rule as Known


class Finding(Shape):
    """One flaw.

    Attributes:
        allowed: why it is allowed here
        known: it stands in the baseline
    """

    of: Found

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

    def _level(self) -> str:
        return level(self.of)

    def _file(self) -> str:
        return shown_path(self.of.place.path)

    def _line(self) -> int | None:
        return self.of.place.line or None

    def _column(self) -> int | None:
        return self.of.place.column or None

    def _fixable(self) -> bool:
        return self.of.fix is not None


class LintAnswer(Shape):
    """Flaws of policies, in their text and in their meaning (`bvn lint`)."""

    of: Report

    schema: Literal["lint/1"]
    policies: list[str]
    files: list[str]
    findings: list[Finding]

    def _files(self) -> list[str]:
        return [shown_path(each) for each in self.of.files]


class LintRule(Shape):
    """One rule of lint: what to avoid, and what to prefer."""

    of: Known

    id: str
    level: str
    asks: str
    title: str
    why: str
    avoid: str
    prefer: str
    fixable: bool


class LintRulesAnswer(Shape):
    """The rules of lint (`bvn lint --rules`)."""

    of: None

    schema: Literal["lint-rules/1"]
    rules: list[LintRule]

    def _rules(self) -> object:
        return RULES.values()
