"""Answers as data for programs: plain dicts and lists, ready to be written as JSON; each says which schema it keeps."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bvn_asp.cases.compare import Cell, Comparison
from bvn_asp.cases.evaluate import Evaluation
from bvn_asp.cases.explain import Explanation, FactLine
from bvn_asp.cases.record import Verification, anonymous
from bvn_asp.cases.standing import rests_on_presumption, standing_of_open
from bvn_asp.errors import Fault
from bvn_asp.model.case import Case, Evidence, Record, value_data
from bvn_asp.model.clauses import written
from bvn_asp.model.library import Library
from bvn_asp.model.outline import is_exclusion
from bvn_asp.model.policy import Policy, Revision
from bvn_asp.model.vocabulary import Fact, Slot, Vocabulary
from bvn_asp.render import codes, governs
from bvn_asp.render.library import doubted_by
from bvn_asp.render.words import NOTICE

if TYPE_CHECKING:
    from bvn_asp.render import shapes


def to_json(data: Any) -> str:
    """Data as JSON text, the same bytes for the same data."""
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def comparison(library: Library, answer: Comparison) -> shapes.CompareAnswer:
    """Schema compare/2."""
    return {
        "schema": "compare/2",
        "notice": NOTICE,
        "case": case(library, answer.case),
        "strict": answer.strict,
        "governance": governs.data(library, answer.governance) if answer.governance else None,
        "verdicts": [
            {
                **evaluation(each),
                "governs": bool(answer.governance and each.policy in answer.governance.governing()),
                "standings": {str(slot): standing_of_open(answer.case, slot).value for slot in each.open},
            }
            for each in answer.evaluations
        ],
        "aligned": [
            {
                "topic": row.topic,
                "label": row.label,
                "parts": row.parts,
                "cells": [
                    {
                        "policy": cell.policy,
                        "name": cell.name,
                        "criterion": cell.entry,
                        "status": cell.status.value,
                        "excludes": cell.excludes,
                        "asks": cell.asks,
                        "presumed": presumes(answer, cell),
                    }
                    for cell in row.cells
                ],
            }
            for row in answer.rows
        ],
        "coding": codes.data(answer.coding),
    }


def presumes(answer: Comparison, cell: Cell) -> bool:
    """Whether a cell speaks for approval only because nobody mentions what it reads."""
    each = answer.evaluations[answer.names.index(cell.name)]
    vocabulary = each.revision.policy.vocabulary
    return cell.favourable is True and rests_on_presumption(vocabulary, answer.case, each, cell.entry)


def case(library: Library, each: Case) -> shapes.CaseAsRead:
    """A case as it was read: title, request and facts."""
    found = anonymous(library, each)
    return {
        "title": each.title,
        "hypothetical": each.hypothetical or None,
        "request": found["request"],
        "facts": found["facts"],
    }


def evaluation(each: Evaluation) -> shapes.PolicyEvaluation:
    """One policy's verdict, with its criteria in the order of the document."""
    revision = each.revision
    return {
        "policy": each.policy,
        "revision": revision.id,
        "version": revision.version,
        "kind": revision.policy.kind,
        "verdict": each.verdict.value,
        "criteria": [
            {
                "id": entry.id,
                "parent": entry.parent,
                "kind": entry.kind,
                "section": entry.place,
                "also": list(entry.also),
                "text": entry.text,
                "cites": entry.citations,
                "evidence": revision.mark(entry),
                "excludes": is_exclusion(revision, entry.id),
                "status": each.statuses[entry.id].value,
            }
            for entry in revision.rules.entries
        ],
        "blamed": list(each.blamed),
        "presumed": [str(slot) for slot in each.presumed],
        "not_presumed": _not_presumed(each.not_presumed),
        "open": [str(slot) for slot in each.open],
        "readings": each.readings,
        "reading_dependent": each.reading_dependent,
        "hangs_on": [{"readings": dict(h.readings), "verdict": h.verdict} for h in each.hinges],
        "all_hinges": each.all_hinges,
        "silence": list(each.silence),
        "before_effective": each.before_effective,
        "perhaps_early": each.perhaps_early,
        "after_until": each.after_until,
    }


def explanation(library: Library, answer: Explanation, the_case: Case) -> shapes.ExplainAnswer:
    """Schema explain/2."""
    return {
        "schema": "explain/2",
        "notice": NOTICE,
        "case": case(library, the_case),
        **evaluation(answer.evaluation),
        "worksheet": [
            {
                "criterion": line.entry.id,
                "depth": line.depth,
                "excludes": line.excludes,
                "status": line.status.value,
                "blamed": line.blamed,
                "met_parts": line.have,
                "open_parts": line.may,
                "parts": line.parts,
                "needed": line.entry.need or None,
                "facts": [fact_line(each) for each in line.facts],
            }
            for line in answer.lines
        ],
        "reason": [str(slot) for slot in answer.reason],
        "needed": [{"fact": str(each.slot), "against": each.against} for each in answer.needed],
        "standings": {str(slot): standing_of_open(the_case, slot).value for slot in answer.evaluation.open},
        "coding": codes.data(answer.coding),
    }


def _not_presumed(found: Mapping[Slot, Sequence[Slot]]) -> list[shapes.NotPresumed]:
    return [{"fact": str(slot), "on_record": [str(each) for each in raising]} for slot, raising in found.items()]


def fact_line(each: FactLine) -> shapes.FactRead:
    """One fact that a criterion reads."""
    return {
        "fact": each.slot.fact,
        "member": each.slot.member or None,
        "asks": [{"operator": operator, "value": text} for operator, text in each.tests],
        "recorded": record(each.record) if each.record else None,
        "presumed": value_data(each.presumed) if each.presumed else None,
        "raised_by": [str(slot) for slot in each.raised_by],
        "counted": list(each.counted) if each.counted is not None else None,
        "holds_from": each.holds_from.isoformat() if each.holds_from else None,
        "standing": each.standing.value,
    }


def record(each: Record) -> shapes.ChartRecord:
    """What a case records of one fact, with where it comes from."""
    return {
        "value": value_data(each.value) if each.value else None,
        "conflicting": [value_data(value) for value, _ in each.conflicting],
        "conflicts": [
            {"value": value_data(value), "evidence": [evidence(e) for e in found]} for value, found in each.conflicting
        ],
        "evidence": [evidence(e) for e in each.evidence],
    }


def evidence(each: Evidence) -> shapes.EvidenceEntry:
    """Where a value was found; what is not said has no key."""
    found: shapes.EvidenceEntry = {}
    if each.document:
        found["document"] = each.document
    if each.date:
        found["date"] = each.date.isoformat()
    if each.note:
        found["note"] = each.note
    return found


def policies(library: Library) -> shapes.PoliciesAnswer:
    """Schema policies/1."""
    return {"schema": "policies/1", "policies": [policy(each) for each in library.policies.values()]}


def policy_data(each: Policy) -> shapes.PolicyFacts:
    """A policy's metadata."""
    return {
        "policy": each.id,
        "title": each.title,
        "publisher": each.publisher,
        "kind": each.kind,
        "evidence": each.evidence,
        "about": each.about,
        "documents": list(each.documents),
    }


def policy(each: Policy) -> shapes.PolicyEntry:
    """A policy's metadata, with its editions."""
    return {
        **policy_data(each),
        "revisions": [
            {
                "revision": r.id,
                "version": r.version,
                "encoded": r.path is not None,
                **r.dates,
                "source": r.source,
                "not_encoded": r.not_encoded,
            }
            for r in each.revisions
        ],
    }


def outline(revision: Revision) -> shapes.ShowAnswer:
    """Schema show/2."""
    return {
        "schema": "show/2",
        **policy_data(revision.policy),
        "revision": revision.id,
        "criteria": [
            {
                "id": entry.id,
                "parent": entry.parent,
                "kind": entry.kind,
                "needed": entry.need or None,
                "section": entry.place,
                "also": list(entry.also),
                "text": entry.text,
                "cites": entry.citations,
                "evidence": revision.mark(entry),
                "excludes": is_exclusion(revision, entry.id),
                "topics": list(entry.topics),
                "reads": [
                    {
                        "fact": read.fact,
                        "member": read.member or None,
                        "asks": [{"operator": operator, "value": text} for operator, text in read.tests],
                    }
                    for read in revision.rules.reads.get(entry.id, ())
                ],
                "rules": [written(each) for each in revision.rules.about(entry.id)],
            }
            for entry in revision.rules.entries
        ],
        "readings": [
            {
                "id": r.id,
                "name": r.name,
                "place": r.place,
                "question": r.question,
                "default": r.default,
                "why": r.why,
                "options": [
                    {"option": o.name, "says": o.says, "claimed_by": o.claimed_by, "support": o.support}
                    for o in r.options
                ],
            }
            for r in revision.readings
        ],
        "notes": revision.policy.notes,
        "not_encoded": [{"place": p, "what": w, "why": y} for p, w, y in revision.policy.not_encoded],
    }


def facts(library: Library, found: Iterable[str]) -> shapes.FactsAnswer:
    """Schema facts/2."""
    vocabulary = library.vocabulary
    return {"schema": "facts/2", "facts": [fact(vocabulary, vocabulary.facts[name]) for name in found]}


def fact(vocabulary: Vocabulary, each: Fact) -> shapes.VocabularyFact:
    """One entry of the vocabulary."""
    return {
        "fact": each.name,
        "section": each.section,
        "about": each.about,
        "type": each.type,
        "per": each.per or None,
        "values": each.values or None,
        "unit": each.unit or None,
        "from": str(each.low.amount) if each.low else None,
        "to": str(each.high.amount) if each.high else None,
        "step": str(each.step) if each.step else None,
        "judgement": each.judgement,
        "presumed": each.absent if each.presumed else None,
        "doubted_by": [
            {"signs": signs, "why": why, "place": place or None}
            for (why, place), signs in doubted_by(vocabulary, each.name).items()
        ],
        "change": each.change,
        "ask": each.ask,
        "document": each.document,
    }


def verification(answer: Verification) -> shapes.VerifyAnswer:
    """Schema verify/1."""
    return {"schema": "verify/1", "record": answer.id, "same": answer.same, "moved": list(answer.moved)}


def errors(faults: Iterable[Fault]) -> shapes.ErrorAnswer:
    """Schema error/1."""
    return {"schema": "error/1", "faults": [input_fault(each) for each in faults]}


def input_fault(each: Fault) -> shapes.InputFault:
    """One thing wrong with an input."""
    return {
        "path": each.place.path,
        "line": each.place.line,
        "column": each.place.column,
        "message": each.message,
        "hint": each.hint,
    }
