"""Findings of `lint` for people, for programs, and for the machines that put them beside the lines of a change."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bvn_asp.classes import replace
from bvn_asp.render.blocks import Block, Bullets, Heading, Paragraph, Styled, Table, Text
from bvn_asp.render.words import count
from bvn_asp.upkeep.lint import LEVELS, RULES, Finding, Report, Rule, level

_STYLE = {"error": "bad", "warning": "open", "note": "dim"}
_SARIF = {"error": "error", "warning": "warning", "note": "note"}


def shown_path(path: str) -> str:
    """A path as a person in this folder would write it."""
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else Path(relative).as_posix()


def findings(report: Report, every: bool = False) -> Iterator[Block]:
    """The open findings in the order of files and lines, then how many there are.

    Args:
        every: also those that a comment allows or the baseline knows.
    """
    listed = report.findings if every else report.open
    if listed:
        yield Table((), [[[_heading(each), each.message, *_remarks(each)]] for each in listed])
    yield Paragraph(_total(report))


def table(report: Report, every: bool = False) -> Iterator[Block]:
    """As `findings`, in columns."""
    listed = report.findings if every else report.open
    if listed:
        rows: list[list[Text | list[Text]]] = [
            [_where(each), f"{level(each)}, {each.rule}", [each.message, *_remarks(each)]] for each in listed
        ]
        yield Table(("place", "rule", "finding"), rows)
    yield Paragraph(_total(report))


def _where(each: Finding) -> str:
    return str(replace(each.place, path=shown_path(each.place.path)))


def _heading(each: Finding) -> Styled:
    muted = each.allowed or each.known
    return Styled(f"{_where(each)}: {level(each)} {each.rule}", "dim" if muted else _STYLE[level(each)])


def _remarks(each: Finding) -> list[Styled]:
    found = [Styled(f"hint: {each.hint}", "dim")] if each.hint and not each.mild else []
    found += [Styled(each.hint, "dim")] if each.hint and each.mild else []
    found += [Styled(f"allowed: {each.allowed}", "dim")] if each.allowed else []
    return found + ([Styled("in the baseline", "dim")] if each.known else [])


def _total(report: Report) -> str:
    parts = [count(sum(level(e) == name for e in report.open), name) for name in LEVELS]
    words = ", ".join(part for part in parts if not part.startswith("0 ")) or "nothing found"
    allowed, known = sum(bool(e.allowed) for e in report.findings), sum(e.known for e in report.findings)
    words += "".join(f", {number} {name}" for number, name in ((allowed, "allowed"), (known, "known")) if number)
    return f"{words} in {count(len(report.files), 'file')} of {count(len(report.policies), 'policy', 'policies')}"


def sarif(report: Report) -> dict[str, Any]:
    """SARIF 2.1.0, as code scanning services read it; what is allowed or known is suppressed there as well."""
    used = {each.rule for each in report.findings}
    rules = [each for each in RULES.values() if each.id in used]
    index = {each.id: i for i, each in enumerate(rules)}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "bvn lint", "rules": [_descriptor(each) for each in rules]}},
                "results": [_result(each, index[each.rule]) for each in report.findings],
            }
        ],
    }


def _descriptor(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": f"Avoid: {rule.avoid}\nPrefer: {rule.prefer}"},
        "defaultConfiguration": {"level": _SARIF[rule.level]},
    }


def _result(each: Finding, index: int) -> dict[str, Any]:
    region = {"startLine": each.place.line, "startColumn": each.place.column} if each.place.line else {"startLine": 1}
    place = {"artifactLocation": {"uri": shown_path(each.place.path)}, "region": region}
    found: dict[str, Any] = {
        "ruleId": each.rule,
        "ruleIndex": index,
        "level": _SARIF[level(each)],
        "message": {"text": each.message + (f" ({each.hint})" if each.hint else "")},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"subject/v1": f"{each.rule} {each.subject}"},
    }
    if each.allowed:
        found["suppressions"] = [{"kind": "inSource", "justification": each.allowed}]
    elif each.known:
        found["suppressions"] = [{"kind": "external"}]
    return found


def github(report: Report) -> str:
    """Workflow commands that put each open finding beside its line in a pull request."""
    lines = []
    for each in report.open:
        kind = {"error": "error", "warning": "warning", "note": "notice"}[level(each)]
        place = replace(each.place, line=each.place.line or 1, column=each.place.column or 1)
        where = f"file={_property(shown_path(place.path))},line={place.line},col={place.column}"
        text = each.message + (f" ({each.hint})" if each.hint else "")
        lines.append(f"::{kind} {where},title={_property(each.rule)}::{_escape(text)}")
    return "".join(f"{line}\n" for line in lines)


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")


def catalogue() -> Iterator[Block]:
    """Every rule, with what it avoids and what it prefers."""
    for asks, title in (("text", "Found in the text"), ("meaning", "Found by the solver")):
        yield Heading(title)
        for rule in (each for each in RULES.values() if each.asks == asks):
            mended = "; `--fix` mends it" if rule.fixable else ""
            yield Paragraph(Styled(f"{rule.id} ({rule.level}{mended}): {rule.title}", "strong"))
            yield Paragraph(rule.why)
            yield Bullets([f"avoid: {rule.avoid}", f"prefer: {rule.prefer}"])


def catalogue_markdown() -> str:
    """The catalogue as `docs/lint.md` holds it."""
    parts = []
    for asks, title in (("text", "Found in the text"), ("meaning", "Found by the solver")):
        parts.append(f"## {title}\n")
        for rule in (each for each in RULES.values() if each.asks == asks):
            mended = ", mended by `--fix`" if rule.fixable else ""
            parts.append(f"### {rule.id}\n\n*{rule.level}{mended}* · {rule.title}. {rule.why}\n")
            parts.append(f"```prolog\n% avoid\n{_visible(rule.avoid)}\n% prefer\n{rule.prefer}\n```\n")
    return "\n".join(parts)


def _visible(text: str) -> str:
    return text.replace("\N{ZERO WIDTH SPACE}", "<U+200B>")
