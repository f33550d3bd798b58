"""A worksheet and the matrix as plain data for templates; every word of them is of `render/words`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bvn_asp.cases.compare import Row
from bvn_asp.cases.evaluate import Evaluation, Status, Verdict
from bvn_asp.cases.explain import Explanation, Line
from bvn_asp.cases.standing import rests_on_presumption
from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.render import words

DEEPEST = 5
_STANDS = {True: ("good", "met", "clear"), False: ("bad", "not met", "present"), None: ("open", "open", "open")}


def mark(verdict: Verdict) -> str:
    """The sign and colour of a verdict."""
    return words.verdict(verdict).style


def worksheet(library: Library, case: Case, name: str, explanation: Explanation) -> dict[str, Any]:
    """One policy, criterion by criterion."""
    each = explanation.evaluation
    return {
        "name": name,
        "heading": words.revision(each.revision),
        "reason": ", ".join(f"{words.slot(slot)}: {case.by_slot[slot]}" for slot in explanation.reason),
        "source": f"{each.revision.source}; {words.mark(each.revision)}",
        "lines": [_line(library, each, line) for line in explanation.lines if line.entry.parent != "advice"],
        "advice": [_line(library, each, line) for line in explanation.lines if line.entry.parent == "advice"],
    }


def _line(library: Library, evaluation: Evaluation, line: Line) -> dict[str, Any]:
    entry = line.entry
    judged = any(library.vocabulary.facts[each.slot.fact].judgement for each in line.facts if each.is_open)
    status = words.status(line, judged)
    settled = line.status.speaks(line.excludes) is True
    counted = ""
    if entry.kind == "at_least":
        counted = f"{line.have} of {line.parts} met, {entry.need} needed" + (f", {line.may} open" if line.may else "")
    decided = line.status is not Status.UNDETERMINED
    return {
        "id": entry.id,
        "depth": min(line.depth, DEEPEST),
        "group": entry.is_group,
        "word": status.text.lower(),
        "mark": status.style,
        "place": ", ".join([entry.place, *entry.also]),
        "text": entry.text,
        "counted": counted,
        "facts": [
            {"text": each.text, "mark": each.style}
            for each in words.facts(line.facts, library.vocabulary, settled, line.excludes, decided)
        ],
    }


def matrix(case: Case, listed: Mapping[str, Evaluation], rows: Sequence[Row], binding: Sequence[str]) -> dict[str, Any]:
    """Policies across, what is asked down; those that are silent are named below it."""
    kinds = list(words.KIND_TITLES)
    columns = [
        {
            "name": name,
            "kind": each.revision.policy.kind,
            "mark": mark(each.verdict),
            "verdict": each.verdict.value,
            "governs": each.policy in binding,
        }
        for name, each in listed.items()
        if each.verdict is not Verdict.SILENT
    ]
    columns.sort(key=lambda column: (kinds.index(str(column["kind"])), not column["governs"]))
    before = None
    for column in columns:
        column["first"] = column["kind"] != before
        before = column["kind"]
    groups = [{"title": t, "span": sum(c["kind"] == kind for c in columns)} for kind, t in words.KIND_TITLES.items()]
    return {
        "columns": columns,
        "groups": [each for each in groups if each["span"]],
        "rows": [
            {
                "label": row.label,
                "parts": row.parts,
                "cells": [_cell(case, row, listed[str(column["name"])], str(column["name"])) for column in columns],
            }
            for row in rows
        ],
        "silent": [name for name, each in listed.items() if each.verdict is Verdict.SILENT],
    }


def _cell(case: Case, row: Row, evaluation: Evaluation, name: str) -> dict[str, str] | None:
    """How one policy's entries on a topic stand together; None if it asks nothing."""
    cells = [each for each in row.cells if each.name == name]
    if not cells:
        return None
    stands = row.stands(name)
    those = [each for each in cells if each.favourable is stands]
    sign, word, excluded = _STANDS[stands]
    vocabulary = evaluation.revision.policy.vocabulary
    if stands and all(rests_on_presumption(vocabulary, case, evaluation, each.entry) for each in those):
        return {"mark": "taken", "word": "presumed", "asks": _asks(those)}
    return {"mark": sign, "word": excluded if those[0].excludes else word, "asks": _asks(those)}


def _asks(cells: Sequence[Any]) -> str:
    said = "; ".join(dict.fromkeys(each.asks for each in cells if each.asks))
    for long, short in (("months", "mo"), ("month", "mo"), ("weeks", "wk"), ("years", "y"), (" kg/m2", "")):
        said = said.replace(long, short)
    return said
