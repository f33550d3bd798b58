"""The report's part on ways to approval: policy by policy, and from when what takes time holds."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from bvn_asp.cases.evaluate import Verdict
from bvn_asp.model.library import Library
from bvn_asp.papers.report import Report
from bvn_asp.render import repair as shown
from bvn_asp.render import words
from bvn_asp.render.blocks import Block, Dates, Fold, Line, Paragraph, Section, Styled, Text
from bvn_asp.repairs.answer import Repairs

FEW = 3


def ways(library: Library, answer: Report) -> Section:
    """What would make the case approvable, the policies that govern first, then the nearest."""
    listed = []
    for name, each in zip(answer.comparison.names, answer.repairs, strict=True):
        verdict = each.evaluations[0].verdict
        if verdict is not Verdict.APPROVE and (verdict is not Verdict.SILENT or each.repairs):
            listed.append((name, each))
    listed.sort(key=lambda pair: (pair[0] not in answer.governing, not _moves(pair[1]), _moves(pair[1])))
    about = (
        "Every smallest set of facts under which the policy approves, whatever else is left open. A fact is to be"
        " documented only if the chart supports it."
    )
    blocks: list[Block] = [*_times(answer)]
    for name, each in listed:
        governs = name in answer.governing
        blocks.append(Fold(_title(name, each, governs), _way(library, each), unfolded=governs or len(listed) <= FEW))
    if not listed:
        blocks.append(Paragraph("Every policy that addresses this request approves it as it stands."))
    return Section("What would make it approvable", "ways", blocks, nav="Ways to approval", about=about)


def _moves(each: Repairs) -> int:
    return len(each.repairs[0].moves) if each.repairs else 0


def _title(name: str, each: Repairs, governs: bool) -> Line:
    tag: list[str | Styled] = [Styled("governs", "tag"), " "] if governs else []
    said = _result(each)
    if _moves(each):
        since = each.repairs[0].holds_from
        said = shown.counted(each) + (f"; from {since}" if since else "")
    verdict = words.verdict(each.evaluations[0].verdict)
    return Line([verdict, " ", Styled(name, "strong"), " ", *tag, Styled(said, "dim")])


def _result(each: Repairs) -> str:
    return shown.result(each).removeprefix("RESULT  ")


def _way(library: Library, each: Repairs) -> list[Block]:
    said: list[Block] = [Paragraph(f"{_result(each)}.")] if _moves(each) else []
    return [*said, *shown.moves(library, each)]


def _times(answer: Report) -> list[Block]:
    """Dates on one line: the date of service, and from when what falls short will hold."""
    dated: dict[datetime.date, dict[str, list[str]]] = {}
    for name, each in zip(answer.comparison.names, answer.repairs, strict=True):
        for move in dict.fromkeys(move for choice in each.choices for mend in choice for move in mend):
            if move.holds_from:
                dated.setdefault(move.holds_from, {}).setdefault(shown.target(move), []).append(name)
    if not dated or answer.case.date is None:
        return []
    dates: list[tuple[str, Sequence[Text]]] = [(str(answer.case.date), ["date of service asked for"])]
    for date, lines in sorted(dated.items()):
        said = [Line([text, Styled(f" {', '.join(names)}", "small")]) for text, names in lines.items()]
        dates.append((str(date), said))
    return [Dates("From when what takes time would hold", dates)]
