"""The atlas as a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bvn_asp.cases.compare import Cell, Row
from bvn_asp.cases.evaluate import Evaluation, Verdict
from bvn_asp.cases.record import engine, rules_hash
from bvn_asp.model.library import Library
from bvn_asp.render import order, words
from bvn_asp.render.html import to_html
from bvn_asp.render.lines import Left, asked, counts, held, left, members, number_line
from bvn_asp.texts.atlas import Atlas, Limits


def page(library: Library, answer: Atlas) -> str:
    """The atlas, one HTML page that needs nothing else."""
    names = answer.names
    refusing = [
        name
        for name, each in zip(names, answer.evaluations, strict=True)
        if name not in answer.approving and each.verdict is not Verdict.SILENT
    ]
    silent = [n for n, each in zip(names, answer.evaluations, strict=True) if each.verdict is Verdict.SILENT]
    return to_html(
        "atlas.html.j2",
        wanted=library.vocabulary.request,
        kinds=_kinds(answer),
        matrix=_matrix(library, answer),
        lines=[number_line(library, each) for each in answer.limits if each.cells],
        together=[
            {"label": each.slots[0].fact.replace("_", " "), "held": held(each.held)}
            for each in answer.limits
            if not each.cells and each.held
        ],
        named=_named(library, answer),
        order=order.drawing(answer.approving, answer.pairs),
        table=order.table(answer.approving, answer.pairs),
        refusing=refusing,
        silent=silent,
        contested=_contested(answer),
        claims=_claims(answer),
        engine=engine(),
    )


def _kinds(answer: Atlas) -> list[dict[str, Any]]:
    found = []
    for kind, title in words.KIND_TITLES.items():
        rows = [
            {
                "name": name,
                "title": f"{each.revision.policy.publisher}: {each.revision.policy.title}",
                "about": each.revision.policy.about,
                "revision": each.revision.id,
                "in_force": words.in_force(each.revision),
                "source": each.revision.source,
                "url": each.revision.url,
                "hash": rules_hash(each.revision)[:12],
            }
            for name, each in zip(answer.names, answer.evaluations, strict=True)
            if each.revision.policy.kind == kind
        ]
        if rows:
            found.append({"title": title, "rows": rows})
    return found


def _matrix(library: Library, answer: Atlas) -> dict[str, Any]:
    speaking = [
        (name, each)
        for name, each in zip(answer.names, answer.evaluations, strict=True)
        if each.verdict is not Verdict.SILENT
    ]
    columns: list[dict[str, Any]] = []
    for name, each in speaking:
        kind = each.revision.policy.kind
        columns.append({"name": name, "kind": kind, "first": not columns or columns[-1]["kind"] != kind})
    groups = [{"title": t, "span": sum(c["kind"] == kind for c in columns)} for kind, t in words.KIND_TITLES.items()]
    known = left(library, answer.limits)
    rows = [
        {"label": row.label, "cells": [_cell(row, name, each, known) for name, each in speaking]} for row in answer.rows
    ]
    return {"columns": columns, "groups": [group for group in groups if group["span"]], "rows": rows}


def _cell(row: Row, name: str, evaluation: Evaluation, known: Left) -> dict[str, Any] | None:
    cells = [each for each in row.cells if each.name == name]
    if not cells:
        return None
    said = dict.fromkeys(filter(None, (_said(each, evaluation, known) for each in cells)))
    return {"excludes": all(each.excludes for each in cells), "said": "; ".join(said)}


def _said(cell: Cell, evaluation: Evaluation, known: Left) -> str:
    """As `asked`; what an exclusion leaves is not to be read as what it excludes."""
    text = asked(cell, evaluation, known)
    return f"only {text}" if cell.excludes and text and not text.startswith("not ") else text


def _named(library: Library, answer: Atlas) -> list[dict[str, Any]]:
    """Facts with named values: which values are left, and by whom."""
    found = []
    for each in answer.limits:
        if each.cells or not each.bounds:
            continue
        fact = library.vocabulary.facts[each.slots[0].fact]
        alike: dict[tuple[str, ...], list[str]] = {}
        for bound in each.bounds:
            alike.setdefault(bound.values, []).append(bound.name)
        found.append(
            {
                "label": fact.name.replace("_", " "),
                "of": members(library, each),
                "section": fact.section,
                "must": [
                    {"says": _values(each, values), "names": names} for values, names in alike.items()
                ],
            }
        )
    return found


def _values(each: Limits, values: Sequence[str]) -> str:
    """The values left, or those ruled out where these are fewer."""
    if not each.values:
        return counts(values)
    out = [value for value in each.values if value not in values]
    if len(out) < len(values):
        return "not " + " or ".join(out).replace("_", " ")
    return " or ".join(values).replace("_", " ")


def _contested(answer: Atlas) -> list[dict[str, Any]]:
    return [
        {
            "name": each.name,
            "place": each.reading.place,
            "question": each.reading.question,
            "here": next(o.says for o in each.reading.options if o.name == each.reading.default),
            "why": each.reading.why,
            "claims": [
                {"who": option.claimed_by, "says": option.says, "support": option.support or "not checked"}
                for option in each.claims
            ],
        }
        for each in answer.contested
    ]


def _claims(answer: Atlas) -> list[dict[str, Any]]:
    found: dict[str, list[dict[str, str]]] = {}
    for each in answer.claims:
        row = {"says": each.says, "place": each.place, "about": each.about, "verdict": each.verdict, "why": each.why}
        found.setdefault(each.document, []).append({**row, "mark": _BEARS.get(each.verdict, "dim")})
    return [{"document": document, "rows": rows} for document, rows in found.items()]


_BEARS = {
    **{"supported": "good", "contradicted": "bad", "misapplied": "bad"},
    **{"partly": "open", "cannot be checked": "open"},
}
