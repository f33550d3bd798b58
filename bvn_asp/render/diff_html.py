"""`bvn diff` and `bvn stricter` as pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from bvn_asp.cases.evaluate import Evaluator
from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.render import diff as text
from bvn_asp.render import stricter as ways
from bvn_asp.render import witness as shown
from bvn_asp.render import words
from bvn_asp.render.blocks import Block, Bullets, Heading, Paragraph
from bvn_asp.render.html import VERDICT_MARKS, to_html
from bvn_asp.render.lines import number_line
from bvn_asp.texts.atlas import Limits, limits
from bvn_asp.texts.diff import Change, Diff, Parting, Reach, Row
from bvn_asp.texts.stricter import SILENT, Strictness, Way, Ways
from bvn_asp.texts.witness import Witness
from bvn_asp.upkeep.flips import Flips

_MARKS = {
    **{Change.TIGHTENED: "bad", Change.ADDED: "bad", Change.LOOSENED: "good", Change.REMOVED: "good"},
    **{Change.CHANGED: "open", Change.REWORDED: "dim", Change.SAME: "dim"},
}
_REACH = {
    Reach.ALONE: "",
    Reach.TOGETHER: "only together with other criteria",
    Reach.NEVER: "no verdict turns on it, but the two read this patient otherwise",
}


# -- diff --------------------------------------------------------------------------------------


def diff_page(library: Library, answer: Diff, cases: Flips | None = None) -> str:
    """What changed: two outlines side by side, the patients on whom they part, and the number lines of both."""
    counts = Counter(row.change for row in answer.rows)
    both = answer.base is not None and len(answer.base.approved_by) == 2
    return to_html(
        "diff.html.j2",
        old=text.edition(answer.old),
        new=text.edition(answer.new),
        readings=ways.readings((answer.old, answer.new), answer.readings),
        aligned=answer.by,
        result=text.result(answer),
        counts=[{"number": counts[kind], "word": kind.value, "mark": _MARKS[kind]} for kind in Change if counts[kind]],
        rows=[_row(library, answer, number, row) for number, row in enumerate(answer.rows)],
        lines=_lines(library, (answer.old, answer.new), answer.readings),
        under=None
        if answer.under is None
        else [{"at": f"{u.policy}:{u.reading}", "read": u.option, "then": u.relation.value} for u in answer.under],
        under_all=answer.under_all.value if answer.under_all else "",
        cases=None if cases is None else _cases(cases),
        base=_plain(shown.base(library, answer.base, "both approve" if both else "one of them approves")),
        proof=_plain(shown.proof(answer.extent, (answer.old, answer.new), _claim(answer))),
    )


def _claim(answer: Diff) -> str:
    return "No patient gets another verdict." if answer.equivalent else "Where no patient is shown, there is none."


def _row(library: Library, answer: Diff, number: int, row: Row) -> dict[str, Any]:
    partings = [
        _parting(library, parting, approves)
        for parting, approves in ((row.tightened, "old"), (row.loosened, "new"))
        if parting is not None
    ]
    return {
        "id": number,
        "change": row.change.value,
        "mark": _MARKS[row.change],
        "same": row.change is Change.SAME,
        "topics": [library.vocabulary.topics[topic] for topic in row.topics] if answer.by == "topics" else [],
        "old": _side(answer.old, row.old),
        "new": _side(answer.new, row.new),
        "wording": [what for what, _, _ in row.wording],
        "partings": partings,
    }


def _side(revision: Revision, entries: Sequence[str]) -> dict[str, Any]:
    found = [revision.entries[each] for each in entries]
    return {
        "entries": [{"place": ", ".join([each.place, *each.also]), "text": each.text} for each in found],
        "limits": shown.limits(revision, entries),
    }


def _parting(library: Library, parting: Parting, approves: str) -> dict[str, Any]:
    refuses = "new" if approves == "old" else "old"
    title = f"{approves} approves, {refuses} refuses" if parting.reach is not Reach.NEVER else "read otherwise"
    mark = "open" if parting.reach is Reach.NEVER else "bad" if approves == "old" else "good"
    return {"title": title, "mark": mark, "reach": _REACH[parting.reach], **_witness(library, parting.witness)}


def _witness(library: Library, witness: Witness) -> dict[str, Any]:
    return {
        "said": shown.said(library, witness) or "the patient below as she is",
        "besides": shown.besides(library, witness),
        "verdicts": [
            {"name": each.revision.name, "word": each.verdict.value, "mark": VERDICT_MARKS[each.verdict]}
            for each in witness.evaluations
        ],
    }


def _cases(cases: Flips) -> dict[str, Any]:
    return {
        "read": cases.read,
        "rows": [
            {
                "title": each.case.title,
                "path": each.case.path,
                "old": {"word": each.old.verdict.value, "mark": VERDICT_MARKS[each.old.verdict]},
                "new": {"word": each.new.verdict.value, "mark": VERDICT_MARKS[each.new.verdict]},
                "blamed": [each.new.revision.entries[entry].text for entry in each.new.blamed],
            }
            for each in cases.flips
        ],
    }


# -- stricter ----------------------------------------------------------------------------------


def stricter_page(library: Library, answer: Strictness) -> str:
    """Both directions, each way as a card with its patient, and the number lines of both policies."""
    base = answer.stricter.base or answer.looser.base
    both = base is not None and len(base.approved_by) == 2
    complete = answer.stricter.complete and answer.looser.complete
    claim = "These are all the smallest ways." if complete else "Truncated: there are more ways than are listed."
    plan, governing = answer.plan, answer.governing
    return to_html(
        "stricter.html.j2",
        plan={"name": plan.policy.id, "heading": words.revision(plan)},
        governing={"name": governing.policy.id, "heading": words.revision(governing)},
        readings=ways.readings((plan, governing), answer.readings),
        result=ways.result(answer),
        directions=[
            {"id": "stricter", "word": "stricter", "mark": "bad", **_direction(library, answer.stricter)},
            {"id": "looser", "word": "looser", "mark": "good", **_direction(library, answer.looser)},
        ],
        lines=_lines(library, (plan, governing), answer.readings),
        base=_plain(shown.base(library, base, "both approve" if both else "one of them approves")),
        proof=_plain(shown.proof(answer.extent, (plan, governing), claim)),
        counsel=ways.NOTICE,
    )


def _direction(library: Library, found: Ways) -> dict[str, Any]:
    cards = [_card(library, found, units, list(listed)) for units, listed in groupby(found.ways, key=lambda w: w.units)]
    return {
        "cards": cards,
        "number": len(found.ways),
        "complete": found.complete,
        "refuses": found.refuses.policy.id,
        "approves": found.approves.policy.id,
    }


def _card(library: Library, found: Ways, units: Sequence[str], listed: Sequence[Way]) -> dict[str, Any]:
    revision = found.refuses
    entries = [revision.entries[unit] for unit in units if unit in revision.entries]
    topics = shown.topics(revision, units)
    across = [each for each in found.approves.rules.entries if set(each.topics) & topics]
    return {
        "entries": [
            {"place": each.place, "text": each.text, "excludes": shown.excluded(revision, each.id)} for each in entries
        ],
        "silent": SILENT in units,
        "limits": [
            {"name": revision.policy.id, "says": shown.limits(revision, [each.id for each in entries])},
            {"name": found.approves.policy.id, "says": shown.limits(found.approves, [each.id for each in across])},
        ],
        "witnesses": [_witness(library, way.witness) for way in listed],
    }


# -- both --------------------------------------------------------------------------------------


def _lines(
    library: Library, revisions: tuple[Revision, Revision], readings: tuple[dict[str, str], dict[str, str]]
) -> list[dict[str, Any]]:
    """The number lines on which two texts differ."""
    chosen: dict[str, dict[str, str]] = {}
    for revision, options in zip(revisions, readings, strict=True):
        chosen.setdefault(revision.policy.id, {}).update(options)
    evaluations = Evaluator(library, revisions).evaluate(Case("", ()), chosen, under_readings=False, with_open=False)
    return [number_line(library, each) for each in limits(library, evaluations) if each.cells and _differ(each)]


def _differ(each: Limits) -> bool:
    values = {bound.values for bound in each.bounds}
    return len(each.bounds) != 2 or len(values) > 1


def _plain(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """Headings, paragraphs and lists for the template."""
    found: list[dict[str, Any]] = []
    for block in blocks:
        if isinstance(block, Heading):
            found.append({"kind": "heading", "lines": [block.text]})
        elif isinstance(block, Paragraph):
            found.append({"kind": "paragraph", "lines": [str(block.text)]})
        elif isinstance(block, Bullets):
            found.append({"kind": "list", "lines": [str(each) for each in block.items]})
    return found
