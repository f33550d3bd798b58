"""The report as a page: what each part of the template shows, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bvn_asp.cases.compare import Row
from bvn_asp.cases.evaluate import Evaluation, Verdict
from bvn_asp.cases.explain import Explanation, FactLine, Line
from bvn_asp.cases.standing import rests_on_presumption, standing_of_open
from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.papers.report import Report
from bvn_asp.render import codes, words
from bvn_asp.render.lines import Left, asked, left
from bvn_asp.render.old_html import VERDICT_MARKS, to_html
from bvn_asp.render.pages import by_record, lacking, silence
from bvn_asp.render.report_ways import times, ways
from bvn_asp.render.words import KIND_TITLES
from bvn_asp.render.words import mark as marks

UNFOLDED = 3
MARKS = {True: "good", False: "bad", None: "open"}
FEW = 4


def page(library: Library, answer: Report) -> str:
    """The report, one HTML page that needs nothing else."""
    case, comparison = answer.case, answer.comparison
    numbered = list(zip(comparison.names, comparison.evaluations, answer.explanations, strict=True))
    unfold = len(numbered) <= UNFOLDED
    return to_html(
        "report.html.j2",
        wanted=library.vocabulary.request,
        title=case.title,
        hypothetical=case.hypothetical,
        about=case.about,
        request=words.request(case, library.vocabulary),
        strict=comparison.strict,
        counts=_counts(comparison.evaluations),
        rules=_rules(answer),
        kinds=_kinds(answer),
        matrix=_matrix(library, answer),
        hinges=_hinges(answer),
        ways=ways(library, answer),
        times=times(answer),
        open=_open(library, case, comparison.evaluations),
        presumed=_presumed(library, case, comparison.evaluations),
        coding=[codes.line(each) for each in comparison.coding],
        facts=_facts(library, answer),
        worksheets=[
            {
                **_worksheet(library, answer, i, name, explanation),
                "unfolded": unfold or name in answer.governing,
            }
            for i, (name, _, explanation) in enumerate(numbered)
        ],
        sources=[_source(name, each) for name, each, _ in numbered],
        record=answer.record,
    )


def _counts(evaluations: Sequence[Evaluation]) -> list[dict[str, Any]]:
    found = []
    for kind in Verdict:
        number = sum(each.verdict is kind for each in evaluations)
        if number:
            found.append({"number": number, "word": kind.value, "mark": VERDICT_MARKS[kind]})
    return found


def _rules(answer: Report) -> list[str]:
    """Which policy governs and why, or what is not known that would tell."""
    found = answer.comparison.governance
    if found is None:
        return []
    said: dict[tuple[str, str], list[str]] = {}
    for each in found.standings:
        if each.role == "governs" and each.sure:
            said.setdefault((each.rule.says, each.rule.place), []).append(each.policy)
    lines = [f"{', '.join(names)}: {says} [{place}]" for (says, place), names in said.items()]
    perhaps = [name for name in found.governing(sure=False) if name not in found.governing()]
    if perhaps:
        missing = " and ".join(name.replace("_", " ") for name in found.missing)
        unsaid = f"; the case does not say {missing}" if missing else ""
        lines.append(f"perhaps {', '.join(dict.fromkeys(perhaps))}{unsaid}")
    return lines or ["no policy here governs this request for certain"]


# -- verdicts ----------------------------------------------------------------------------------


def _kinds(answer: Report) -> list[dict[str, Any]]:
    comparison = answer.comparison
    found = []
    for kind, title in KIND_TITLES.items():
        rows = [
            {
                "id": i,
                "name": name,
                "publisher": each.revision.policy.publisher,
                "revision": each.revision.id,
                "verdict": each.verdict.value,
                "mark": VERDICT_MARKS[each.verdict],
                "governs": name in answer.governing,
                "why": _why(answer.case, each),
                "early": words.not_in_force(each),
                "hinges": words.hinges(each),
            }
            for i, (name, each) in enumerate(zip(comparison.names, comparison.evaluations, strict=True))
            if each.revision.policy.kind == kind
        ]
        if rows:
            rows.sort(key=lambda row: not row["governs"])
            found.append({"title": title, "rows": rows})
    return found


def _why(case: Case, evaluation: Evaluation) -> list[dict[str, str]]:
    revision = evaluation.revision
    if evaluation.verdict is Verdict.DENY:
        entries = [revision.entries[each] for each in evaluation.blamed]
        said = [{"place": each.place, "text": each.text} for each in entries[:FEW]]
        if len(entries) > FEW:
            said.append({"place": "", "text": f"and {len(entries) - FEW} more"})
        return said
    if evaluation.verdict is Verdict.PEND:
        said = [{"place": "", "text": str(each)} for each in lacking(case, evaluation.open)]
        return said or [{"place": "open", "text": "several facts together"}]
    if evaluation.verdict is Verdict.SILENT:
        return [{"place": "", "text": silence(evaluation)}]
    presumed = len(words.presumed_facts(evaluation.presumed, revision.policy.vocabulary))
    text = "every criterion holds"
    return [{"place": "", "text": text + (f"; {presumed} exclusions presumed absent" if presumed else "")}]


# -- the matrix --------------------------------------------------------------------------------


def _matrix(library: Library, answer: Report) -> dict[str, Any]:
    comparison = answer.comparison
    known = left(library, answer.limits)
    columns: list[dict[str, Any]] = [
        {
            "id": i,
            "name": name,
            "kind": each.revision.policy.kind,
            "mark": VERDICT_MARKS[each.verdict],
            "verdict": each.verdict.value,
            "governs": name in answer.governing,
        }
        for i, (name, each) in enumerate(zip(comparison.names, comparison.evaluations, strict=True))
        if each.verdict is not Verdict.SILENT
    ]
    kinds = list(KIND_TITLES)
    columns.sort(key=lambda column: (kinds.index(column["kind"]), not column["governs"]))
    groups = [{"title": t, "span": sum(c["kind"] == kind for c in columns)} for kind, t in KIND_TITLES.items()]
    firsts = {next((c["id"] for c in columns if c["kind"] == kind), -1) for kind in KIND_TITLES}
    for column in columns:
        column["first"] = column["id"] in firsts
    rows = [
        {
            "label": row.label,
            "chart": _chart(library, answer, row),
            "parts": row.parts,
            "cells": [_cell(row, answer, column["id"], known) for column in columns],
        }
        for row in comparison.rows
    ]
    silent = [
        name
        for name, each in zip(comparison.names, comparison.evaluations, strict=True)
        if each.verdict is Verdict.SILENT
    ]
    return {"columns": columns, "groups": [g for g in groups if g["span"]], "rows": rows, "silent": silent}


def _cell(row: Row, answer: Report, seat: int, known: Left) -> dict[str, Any] | None:
    name = answer.comparison.names[seat]
    cells = [each for each in row.cells if each.name == name]
    if not cells:
        return None
    stands = row.stands(name)
    first = next(each for each in cells if each.favourable is stands)
    word = {True: "met", False: "not met", None: "open"}[stands]
    if first.excludes:
        word = {True: "clear", False: "present", None: "open"}[stands]
    evaluation = answer.comparison.evaluations[seat]
    said = (asked(each, evaluation, known) for each in cells if each.favourable is stands)
    number = list(evaluation.statuses).index(first.entry)
    mark = MARKS[stands]
    vocabulary = evaluation.revision.policy.vocabulary
    favourable = [each for each in cells if each.favourable is stands]
    if stands and all(rests_on_presumption(vocabulary, answer.case, evaluation, each.entry) for each in favourable):
        mark, word = "taken", "presumed"
    return {
        "mark": mark,
        "word": word,
        "asks": "; ".join(dict.fromkeys(filter(None, said))),
        "id": number,
    }


def _chart(library: Library, answer: Report, row: Row) -> str:
    """What the chart says of the facts that a row's criteria read, a few words."""
    found: dict[str, list[FactLine]] = {}
    entries = {(cell.name, cell.entry) for cell in row.cells}
    for name, explanation in zip(answer.comparison.names, answer.explanations, strict=True):
        above: list[tuple[int, str]] = []
        for line in explanation.lines:
            above = [each for each in above if each[0] < line.depth]
            above.append((line.depth, line.entry.id))
            if any((name, entry) in entries for _, entry in above):
                for each in line.facts:
                    if each.record is not None or each.counted is not None:
                        found.setdefault(each.slot.fact, []).append(each)
    said = list(dict.fromkeys(_recorded(library, name, lines, len(found) == 1) for name, lines in found.items()))
    return "; ".join(said[:2]) + (f" and {len(said) - 2} more" if len(said) > 2 else "")


def _recorded(library: Library, name: str, lines: Sequence[FactLine], alone: bool) -> str:
    """What the chart says of one fact: its value, or the members that have it."""
    if lines[0].counted is not None:
        return str(len(lines[0].counted))
    by_member = {each.slot.member: str(each.record) for each in lines}
    values = dict.fromkeys(by_member.values())
    label = name.replace("_", " ")
    absent = library.vocabulary.facts[name].absent or "no"
    there = {member: value for member, value in by_member.items() if value != absent.replace("_", " ")}
    if "" not in by_member and len(values) == 1 and not set(values) & {"yes", "no"}:
        named = ", ".join(by_member).replace("_", " ") if len(by_member) <= FEW else str(len(by_member))
        return f"{named} {lines[0].record}"
    if "" in by_member or len(values) == 1:
        value = " / ".join(values)
        return value if alone or library.vocabulary.facts[name].is_numeric else f"{label} {value}"
    if set(values) <= {"yes", "no"}:
        return " ".join(there)
    return ", ".join(f"{member.replace('_', ' ')} {value}" for member, value in list(there.items())[:FEW])


# -- readings, what is open, what is presumed --------------------------------------------------


def _hinges(answer: Report) -> list[dict[str, Any]]:
    found = []
    for name, each in zip(answer.comparison.names, answer.comparison.evaluations, strict=True):
        by_id = {reading.id: reading for reading in each.revision.readings}
        for hinge in each.hinges:
            parts = []
            for identifier, wanted in hinge.readings:
                reading = by_id[identifier]
                option, stands = reading.option(wanted), reading.option(each.readings[identifier])
                parts.append(
                    {
                        "id": identifier,
                        "place": reading.place,
                        "question": reading.question,
                        "now": stands.says if stands else "",
                        "then": option.says if option else wanted,
                        "claimed": option.claimed_by if option else "",
                        "support": option.support if option else "",
                    }
                )
            verdict = Verdict(hinge.verdict)
            found.append(
                {
                    "name": name,
                    "now": {"word": each.verdict.value, "mark": VERDICT_MARKS[each.verdict]},
                    "then": {"word": verdict.value, "mark": VERDICT_MARKS[verdict]},
                    "parts": parts,
                }
            )
    return found


def _open(library: Library, case: Case, evaluations: Sequence[Evaluation]) -> list[dict[str, Any]]:
    vocabulary = library.vocabulary
    undecided = [each for each in evaluations if each.verdict is Verdict.PEND]
    slots = vocabulary.in_order(slot for each in undecided for slot in each.open)
    found = []
    for kind, title in words.OPEN_TITLES.items():
        rows = []
        alike = [slot for slot in slots if standing_of_open(case, slot) is kind]
        for (fact, said), listed in by_record(case, alike).items():
            known = vocabulary.facts[fact]
            rows.append(
                {
                    "slots": words.some_slots(listed, 40),
                    "said": said,
                    "ask": known.ask or known.about,
                    "document": known.document,
                    "judgement": known.judgement,
                    "names": [each.policy for each in undecided if set(listed) & set(each.open)],
                }
            )
        if rows:
            found.append({"title": f"{title}, and it can still change a verdict", "rows": rows})
    return found


def _presumed(library: Library, case: Case, evaluations: Sequence[Evaluation]) -> str:
    slots = library.vocabulary.in_order(slot for each in evaluations for slot in each.presumed)
    return words.presumed(slots, library.vocabulary, case)


# -- the chart ---------------------------------------------------------------------------------


def _facts(library: Library, answer: Report) -> list[dict[str, Any]]:
    sections: dict[str, dict[tuple[str, str, str], list[Any]]] = {}
    request = library.vocabulary.request
    for record in answer.case.records:
        fact = library.vocabulary.facts[record.slot.fact]
        if fact.name in request.whole and not record.evidence:
            continue
        if fact.name in request.lists.values() and str(record) == "no":
            continue
        said = [each for _, found in record.conflicting for each in found]
        source = "; ".join(map(str, [*record.evidence, *said]))
        sections.setdefault(fact.section, {}).setdefault((fact.name, str(record), source), []).append(record)
    return [
        {
            "title": section,
            "rows": [
                {
                    "slots": words.slots(each.slot for each in records),
                    "value": value,
                    "source": source,
                    "conflicting": records[0].value is None,
                }
                for (_, value, source), records in found.items()
            ],
        }
        for section, found in sections.items()
    ]


# -- worksheets --------------------------------------------------------------------------------


def _worksheet(library: Library, answer: Report, seat: int, name: str, explanation: Explanation) -> dict[str, Any]:
    evaluation = explanation.evaluation
    lines = [(number, line) for number, line in enumerate(explanation.lines)]
    ids = {entry: number for number, entry in enumerate(evaluation.statuses)}
    reason = [f"{words.slot(slot)}: {answer.case.by_slot[slot]}" for slot in explanation.reason]
    return {
        "id": seat,
        "name": name,
        "heading": words.revision(evaluation.revision),
        "verdict": evaluation.verdict.value,
        "mark": VERDICT_MARKS[evaluation.verdict],
        "readings": words.readings(evaluation),
        "source": f"{evaluation.revision.source}; {marks(evaluation.revision)}",
        "reason": ", ".join(reason),
        "lines": [_line(library, evaluation, line, ids) for _, line in lines if line.entry.parent != "advice"],
        "advice": [_line(library, evaluation, line, ids) for _, line in lines if line.entry.parent == "advice"],
    }


def _line(library: Library, evaluation: Evaluation, line: Line, ids: dict[str, int]) -> dict[str, Any]:
    entry = line.entry
    judged = any(library.vocabulary.facts[each.slot.fact].judgement for each in line.facts if each.is_open)
    status = words.status(line, judged)
    settled = line.status.speaks(line.excludes) is True
    mark = evaluation.revision.mark(entry)
    group = ""
    if entry.kind == "at_least":
        group = f"{line.have} of {line.parts} met, {entry.need} needed" + (f", {line.may} open" if line.may else "")
    return {
        "id": ids[entry.id],
        "depth": min(line.depth, 5),
        "group": entry.is_group,
        "word": status.text.lower(),
        "mark": status.style,
        "place": ", ".join([entry.place, *entry.also]),
        "text": entry.text,
        "counted": group,
        "cites": entry.citations,
        "seen": mark if mark != evaluation.revision.policy.evidence else "",
        "facts": [
            {"text": each.text, "mark": each.style}
            for each in words.facts(line.facts, library.vocabulary, settled, line.excludes)
        ],
    }


def _source(name: str, evaluation: Evaluation) -> dict[str, Any]:
    revision = evaluation.revision
    return {
        "name": name,
        "publisher": revision.policy.publisher,
        "title": revision.policy.title,
        "revision": revision.id,
        "version": revision.version,
        "in_force": words.in_force(revision),
        "source": revision.source,
        "url": revision.url,
        "seen": marks(revision),
    }
