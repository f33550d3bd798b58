"""What became of the checks: for people, as JSON, as TAP and as JUnit's XML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from bvn_asp.cases.explain import worksheet
from bvn_asp.errors import Fault
from bvn_asp.model.library import Library
from bvn_asp.render import words
from bvn_asp.render.blocks import Block, Heading, Paragraph, Styled, Table, Text
from bvn_asp.render.text import to_text
from bvn_asp.upkeep.testing import Mismatch, Result

MOST_LINES = 6


def summary(passed: int, failed: int, faults: int, files: int, seconds: float | None = None) -> Styled:
    """One line: how many checks passed and failed, in how many files."""
    if not passed and not failed and not faults:
        return Styled(f"no check ran ({words.count(files, 'file')} read)", "bad")
    parts = [f"{failed} failed"] * bool(failed) + [f"{passed} passed"] + [f"{faults} could not be run"] * bool(faults)
    took = "" if seconds is None else f" in {seconds:.1f} s"
    return Styled(f"{', '.join(parts)}; {words.count(files, 'file')}{took}", "bad" if failed or faults else "good")


def failure(library: Library, result: Result) -> list[Block]:
    """A failed check: expected and got side by side, and the criteria that went the other way."""
    check, case = result.check, result.check.case
    rows = [[_label(result, each), _said(each.expected), _said(each.got)] for each in result.mismatches]
    blocks: list[Block] = [
        Heading(f"FAILED {check.id}"),
        Paragraph(f"{case.title}  ({check.expectation.place})", 2),
        Table(["", "expected", "got"], rows),
    ]
    lines = [line for line in worksheet(library, case, result.evaluation) if line.entry.id in result.astray]
    table: list[list[Text | Sequence[Text]]] = []
    told: set[str] = set()
    for line in lines[:MOST_LINES]:
        shown: list[Text] = [f"{line.entry.place}: {line.entry.text}"]
        if line.entry.is_group:
            shown.append(Styled(f"{line.have} of {line.parts} parts met, {line.may} open", "dim"))
        facts = [words.fact(each, library.vocabulary) for each in line.facts]
        shown += [each for each in facts if str(each) not in told][:MOST_LINES]
        told.update(map(str, facts))
        table.append([line.entry.id, words.status(line, True), shown])
    if table:
        blocks.append(Table(["criterion", "", "what went the other way"], table))
    if not lines and any(each.key == "verdict" for each in result.mismatches):
        blocks.append(Paragraph(Styled("nothing stands in the way", "dim"), 2))
    if len(lines) > MOST_LINES:
        blocks.append(Paragraph(Styled(f"and {len(lines) - MOST_LINES} more; `bvn explain` shows them all", "dim"), 2))
    return blocks


def _label(result: Result, each: Mismatch) -> str:
    return f"status of {each.key}" if each.key in result.check.statuses else each.key.replace("_", " ")


def _said(values: Sequence[str]) -> Text:
    return ", ".join(values) or Styled("nothing", "dim")


def tap(results: Sequence[Result], faults: Sequence[Fault]) -> Iterator[str]:
    """Lines of the Test Anything Protocol, version 14."""
    yield "TAP version 14"
    yield f"1..{len(results) + len(faults)}"
    for number, each in enumerate(results, 1):
        name = each.check.id.replace("\\", "\\\\").replace("#", "\\#")
        yield f"{'ok' if each.passed else 'not ok'} {number} - {name}"
        if not each.passed:
            yield "  ---"
            for m in each.mismatches:
                yield f"  {m.key}: {{expected: {_flow(m.expected)}, got: {_flow(m.got)}}}"
            yield "  ..."
    for number, wrong in enumerate(faults, len(results) + 1):
        yield f"not ok {number} - " + str(wrong.place).replace("#", "\\#")
        yield f"  ---\n  message: {_quoted(wrong.message)}\n  ..."


def _flow(values: Sequence[str]) -> str:
    return "[" + ", ".join(map(_quoted, values)) + "]"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def junit(library: Library, results: Sequence[Result], faults: Sequence[Fault]) -> str:
    """The XML that continuous integration reads, one test case a check."""
    failed = sum(not each.passed for each in results)
    heads = f'tests="{len(results) + len(faults)}" failures="{failed}" errors="{len(faults)}"'
    lines = ['<?xml version="1.0" encoding="utf-8"?>', f'<testsuites {heads}><testsuite name="bvn test" {heads}>']
    for each in results:
        name, place = each.check.id.rsplit("::", 1)[-1], each.check.expectation.place
        head = f"<testcase classname={quoteattr(each.check.case.path)} name={quoteattr(name)}"
        head += f" file={quoteattr(place.path)} line=\"{place.line}\""
        if each.passed:
            lines.append(f"{head}/>")
            continue
        said = [(m.key, ", ".join(m.expected), ", ".join(m.got)) for m in each.mismatches]
        message = "; ".join(f"{key}: expected {expected}, got {got}" for key, expected, got in said)
        text = "".join(c for c in to_text(failure(library, each)) if c >= " " or c in "\n\t")
        lines.append(f"{head}><failure message={quoteattr(message)}>{escape(text)}</failure></testcase>")
    for wrong in faults:
        head = f"<testcase classname={quoteattr(wrong.place.path)} name={quoteattr(str(wrong.place))}"
        lines.append(f"{head}><error message={quoteattr(wrong.message)}>{escape(str(wrong))}</error></testcase>")
    return "\n".join([*lines, "</testsuite></testsuites>", ""])
