"""What a revision changed: for people, and as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.render import witness as shown
from bvn_asp.render import words
from bvn_asp.render.blocks import Block, Heading, Pairs, Paragraph, Styled, Table, Text
from bvn_asp.render.stricter import readings
from bvn_asp.texts.diff import Change, Diff, Parting, Reach, Row
from bvn_asp.texts.stricter import Relation
from bvn_asp.upkeep.flips import Flip, Flips

if TYPE_CHECKING:
    from bvn_asp.render import shapes

_STYLES = {Change.TIGHTENED: "bad", Change.ADDED: "bad", Change.LOOSENED: "good", Change.REMOVED: "good"}
_RESULTS = {
    Relation.STRICTER: "stricter: new refuses patients whom old approves, and approves nobody besides",
    Relation.LOOSER: "looser: new approves everybody whom old approves, and more",
    Relation.NEITHER: "neither: each approves patients whom the other refuses",
}


def page(library: Library, answer: Diff, cases: Flips | None = None) -> list[Block]:
    """The result, row by row with witnesses, the readings, the cases, the base patient and the proof."""
    old, new = answer.old, answer.new
    by = "the ids of their entries" if answer.by == "outline" else "what they are about"
    blocks: list[Block] = [
        Pairs(
            [
                ("Old", edition(old)),
                ("New", edition(new)),
                ("Readings", readings((old, new), answer.readings)),
                ("Aligned", f"by {by}"),
            ]
        ),
        Heading(f"RESULT  {result(answer)}"),
    ]
    if answer.changed:
        rows: list[list[Text | Sequence[Text]]] = []
        for row in answer.changed:
            change = Styled(row.change.value, _STYLES.get(row.change, ""))
            rows.append([change, _places(answer, row), _lines(library, answer, row)])
        blocks.append(Table(["change", "place", "what is asked, and on whom it turns"], rows))
    blocks += _readings(answer)
    if cases is not None:
        blocks += _cases(cases)
    if any(row.tightened or row.loosened for row in answer.rows):
        base = answer.base
        both = base is not None and len(base.approved_by) == 2
        who = "both approve" if both else "one of them approves (none is approved by both)"
        blocks += shown.base(library, base, who)
    claim = "No patient gets another verdict." if answer.equivalent else "Where no witness is given, there is none."
    blocks += shown.proof(answer.extent, (old, new), claim)
    blocks.append(Paragraph(Styled(_summary(answer), "strong")))
    return blocks


def edition(each: Revision) -> str:
    """A text's name with where it comes from."""
    return f"{words.revision(each)}" + (f", {each.source}" if each.source.startswith(("git,", "the file")) else "")


def result(answer: Diff) -> str:
    """The relation of new to old in words."""
    if answer.relation is Relation.EQUIVALENT:
        if answer.silence:
            return "equivalent in whom they approve; but one addresses requests that the other does not"
        return "no difference: no patient gets another verdict"
    return _RESULTS[answer.relation] + ("; and they do not address the same requests" if answer.silence else "")


def _places(answer: Diff, row: Row) -> list[Text]:
    revision, entries = (answer.new, row.new) if row.new else (answer.old, row.old)
    return list(dict.fromkeys(revision.entries[each].place for each in entries))


def _lines(library: Library, answer: Diff, row: Row) -> list[Text]:
    lines: list[Text] = []
    if answer.by == "topics":
        labels = [library.vocabulary.topics[topic] for topic in row.topics]
        lines.append(Styled(", ".join(labels) or "no topic", "strong"))
        for name, revision, entries in (("old", answer.old, row.old), ("new", answer.new, row.new)):
            lines += [f"{name}, {revision.entries[e].place}: {revision.entries[e].text}" for e in entries]
    else:
        entry = answer.new.entries[row.new[0]] if row.new else answer.old.entries[row.old[0]]
        lines.append(Styled(entry.text, "strong"))
        lines += [f"{what}: `{old or '-'}` is now `{new or '-'}`" for what, old, new in row.wording]
    before, after = shown.limits(answer.old, row.old), shown.limits(answer.new, row.new)
    if before != after:
        lines.append(f"limit: {before or 'none'} is now {after or 'none'}")
    otherwise = [
        list(dict.fromkeys(f"{r.id}={o.name}" for e in entries for r, o in revision.read_otherwise(e)))
        for revision, entries in ((answer.old, row.old), (answer.new, row.new))
    ]
    if otherwise[0] != otherwise[1]:
        old_options, new_options = (", ".join(each) or "no option" for each in otherwise)
        lines.append(f"otherwise under {old_options}; now under {new_options}")
    for parting, label in ((row.tightened, "old approves, new refuses"), (row.loosened, "new approves, old refuses")):
        if parting is not None:
            lines += _parting(library, parting, label)
    return lines


def _parting(library: Library, parting: Parting, label: str) -> list[Text]:
    said = shown.said(library, parting.witness) or "the patient below as she is"
    style = "bad" if label.startswith("old") else "good"
    if parting.reach is Reach.NEVER:
        verdicts = " and ".join(each.value for each in parting.witness.verdicts)
        return [Styled(f"no verdict turns on it; old and new read it otherwise ({verdicts}) of: {said}", "open")]
    lines: list[Text] = [Styled(f"{label}: {said}", style)]
    if parting.reach is Reach.TOGETHER:
        lines.append(Styled("only together with other criteria", "dim"))
    also = shown.besides(library, parting.witness)
    if also:
        lines.append(Styled(f"with this on record too: {also}", "dim"))
    return lines


def _readings(answer: Diff) -> list[Block]:
    if answer.under is None:
        return []
    if not answer.under:
        text = "The result is the same whichever one passage is read in another way."
        blocks: list[Block] = [Heading("Under other readings"), Paragraph(text)]
    else:
        rows = [[f"{u.policy}:{u.reading}", u.option, f"new is {u.relation.value}"] for u in answer.under]
        blocks = [Heading("Under other readings, one at a time"), Table(["reading", "read", "then"], rows)]
    if answer.under_all is not None:
        over = f"Over all combinations of readings at once: {answer.under_all.value}."
        blocks.append(Paragraph(over))
    return blocks


def _cases(cases: Flips) -> list[Block]:
    rows: list[list[Text | Sequence[Text]]] = []
    for each in cases.flips:
        rows.append([words.verdict(each.old.verdict), words.verdict(each.new.verdict), _flip(each)])
    blocks: list[Block] = [Heading(f"Cases: {len(cases.flips)} of {cases.read} get another verdict")]
    return [*blocks, Table(["old", "new", "case"], rows)] if rows else blocks


def _flip(each: Flip) -> list[Text]:
    lines: list[Text] = [each.case.title, Styled(each.case.path, "dim")]
    entries = each.new.revision.entries
    lines += [f"{entries[blamed].place}: {entries[blamed].text}" for blamed in each.new.blamed]
    if each.needs is not None:
        if each.needs.repairs:
            moves = ", ".join(f"{words.slot(move.slot)}: {move.new}" for move in each.needs.repairs[0].moves)
            others = each.needs.count - 1
            least = "" if each.needs.complete else "at least "
            more = f" (or {least}{words.count(others, 'other way')})" if others else ""
            lines.append(f"would now need {moves}{more}")
        else:
            lines.append("nothing that may change would make it approvable")
    return lines


def _summary(answer: Diff) -> str:
    counts = Counter(row.change for row in answer.rows)
    parts = [f"{counts[kind]} {kind.value}" for kind in Change if counts[kind]]
    return f"{answer.old.name} to {answer.new.name}: {', '.join(parts) or 'nothing to compare'}"


# -- data --------------------------------------------------------------------------------------


def data(library: Library, answer: Diff, cases: Flips | None = None) -> shapes.DiffAnswer:
    """Schema diff/1."""
    return {
        "schema": "diff/1",
        "old": shown.edition_data(answer.old, answer.readings[0]),
        "new": shown.edition_data(answer.new, answer.readings[1]),
        "relation": answer.relation.value,
        "equivalent": answer.equivalent,
        "silence": answer.silence,
        "aligned_by": answer.by,
        "criteria": [_row_data(library, answer, row) for row in answer.rows],
        "stricter": _parting_data(library, answer.stricter),
        "looser": _parting_data(library, answer.looser),
        "base": shown.base_data(library, answer.base),
        "under_readings": None
        if answer.under is None
        else [
            {"policy": u.policy, "reading": u.reading, "option": u.option, "relation": u.relation.value}
            for u in answer.under
        ],
        "under_all_readings": answer.under_all.value if answer.under_all else None,
        "cases": None if cases is None else {"read": cases.read, "flips": [_flip_data(each) for each in cases.flips]},
        "extent": shown.extent_data(answer.extent),
    }


def _row_data(library: Library, answer: Diff, row: Row) -> shapes.DiffRow:
    return {
        "change": row.change.value,
        "old": list(row.old),
        "new": list(row.new),
        "topics": list(row.topics),
        "old_limits": shown.limits(answer.old, row.old),
        "new_limits": shown.limits(answer.new, row.new),
        "wording": [{"what": what, "old": old, "new": new} for what, old, new in row.wording],
        "tightened": _parting_data(library, row.tightened),
        "loosened": _parting_data(library, row.loosened),
    }


def _parting_data(library: Library, parting: Parting | None) -> shapes.PartingShape | None:
    if parting is None:
        return None
    return {"reach": parting.reach.value, "witness": shown.witness_data(library, parting.witness)}


def _flip_data(each: Flip) -> shapes.CaseFlip:
    case: Case = each.case
    needs: list[list[shapes.NeededFact]] | None = None
    if each.needs is not None:
        needs = [[{"fact": str(m.slot), "to": str(m.new)} for m in found.moves] for found in each.needs.repairs]
    return {
        "case": case.path,
        "title": case.title,
        "old": each.old.verdict.value,
        "new": each.new.verdict.value,
        "blamed": list(each.new.blamed),
        "needs": needs,
    }
