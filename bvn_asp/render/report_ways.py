"""The report's part on ways to approval: the moves by kind, the choices, and from when what takes time holds."""

from __future__ import annotations

import datetime
from typing import Any

from bvn_asp.cases.evaluate import Verdict
from bvn_asp.model.library import Library
from bvn_asp.papers.report import Report
from bvn_asp.render import repair as words
from bvn_asp.render.factored import Factored, factored
from bvn_asp.render.old_html import VERDICT_MARKS
from bvn_asp.repairs.moves import Move
from bvn_asp.repairs.repair import Repairs

FEW, MANY = 4, 12
TITLES = {
    "document": "document, if the chart supports it",
    "precaution": "document the precaution taken",
    "request": "correct the request",
    "treat": "treatment still to come",
    "wait": "time",
}


def ways(library: Library, answer: Report) -> list[dict[str, Any]]:
    """What would make the case approvable, policy by policy, the governing ones first, then the nearest."""
    found = []
    for name, each in zip(answer.comparison.names, answer.repairs, strict=True):
        verdict = each.evaluations[0].verdict
        if verdict is Verdict.APPROVE or (verdict is Verdict.SILENT and not each.repairs):
            continue
        moves = each.repairs[0].moves if each.repairs else ()
        kinds = [move.kind for move in moves]
        short = [factored(choice) for choice in each.choices] if moves else []
        shared = [move for one in short for move in one.shared]
        found.append(
            {
                "name": name,
                "mark": VERDICT_MARKS[verdict],
                "verdict": verdict.value,
                "governs": name in answer.governing,
                "result": words.result(each).removeprefix("RESULT  "),
                "can": bool(moves),
                "size": len(moves),
                "counted": ", ".join(f"{kinds.count(kind)} {kind}" for kind in TITLES if kind in kinds),
                "since": each.repairs[0].holds_from if moves else None,
                "kinds": [
                    {"title": verb, "moves": [_move(library, each, move) for move in shared if move.kind == kind]}
                    for kind, verb in TITLES.items()
                    if any(move.kind == kind for move in shared)
                ],
                "choices": [_choice(each, one) for one in short if one.take or one.listed],
                "blocks": [words.obstruction(each, block) for block in each.blocks[:FEW]],
                "more": max(0, len(each.blocks) - FEW),
            }
        )
    found.sort(key=lambda each: (not each["governs"], not each["can"], each["size"]))
    return found


def _move(library: Library, answer: Repairs, move: Move) -> dict[str, str]:
    return {
        "text": words.target(move),
        "detail": "; ".join(part for part in (words.detail(move), _found(library, move)) if part),
        "where": words.places(answer, [move]),
    }


def _found(library: Library, move: Move) -> str:
    """Where what is to be documented is usually found."""
    known = library.vocabulary.facts[move.slot.fact]
    if move.kind not in ("document", "precaution"):
        return ""
    return "; ".join(filter(None, ("a clinician's judgement" if known.judgement else "", known.document)))


def _said(move: Move) -> str:
    return f"{move.kind} {words.target(move)}" + (f" (from {move.holds_from})" if move.holds_from else "")


def _choice(answer: Repairs, one: Factored) -> dict[str, Any]:
    moves = [move for group in one.groups for move in group] or [move for each in one.listed for move in each]
    if one.take:
        alone = one.take == 1 and len(one.groups) == 1
        groups = [(move,) for move in one.groups[0]] if alone else one.groups
        items = [f"{group[0].kind} {words.grouped(group)}" for group in groups]
        if alone and len({(move.slot.fact, move.kind) for move in moves}) == 1:
            items = [f"{moves[0].kind} {words.grouped(moves)}"]
    else:
        items = [" and ".join(map(_said, each)) for each in one.listed[:MANY]]
        if len(one.listed) > MANY:
            items.append(f"and {len(one.listed) - MANY} more")
    return {"take": one.take or 1, "where": words.places(answer, moves), "items": items}


def times(answer: Report) -> dict[str, Any] | None:
    """Dates on one line: the date of service, and from when what falls short will hold."""
    dated: dict[datetime.date, dict[str, list[str]]] = {}
    for name, each in zip(answer.comparison.names, answer.repairs, strict=True):
        for move in dict.fromkeys(move for choice in each.choices for mend in choice for move in mend):
            if move.holds_from:
                dated.setdefault(move.holds_from, {}).setdefault(words.target(move), []).append(name)
    if not dated or answer.case.date is None:
        return None
    first = answer.case.date
    start, last = min(first, *dated), max(first, *dated)
    whole = max((last - start).days, 1)

    def at(date: datetime.date) -> float:
        return round(20 + 600 * (date - start).days / whole, 1)

    marks: list[dict[str, Any]] = [{"date": first, "lines": [("date of service asked for", [])]}]
    marks += [{"date": date, "lines": list(lines.items())} for date, lines in sorted(dated.items())]
    for number, mark in enumerate(marks):
        mark |= {"number": number, "at": at(mark["date"])}
    months = [{"at": at(each), "text": each.strftime("%Y-%m")} for each in _months(start, last)]
    return {"marks": marks, "months": months}


def _months(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """The first days of months for the scale, few enough to be read."""
    found = []
    month = first.year * 12 + first.month
    while (date := datetime.date(month // 12, month % 12 + 1, 1)) <= last:
        found.append(date)
        month += 1
    return found[:: max(1, -(-len(found) // 8))]
