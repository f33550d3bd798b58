"""What a revision changed: as blocks, and as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.render import witness as shown
from bvn_asp.render import words
from bvn_asp.render.blocks import (
    Block,
    Bullets,
    Line,
    Page,
    Paragraph,
    Passage,
    Section,
    Sides,
    Styled,
    Switch,
    Table,
    Text,
)
from bvn_asp.render.stricter import number_lines, readings
from bvn_asp.texts.diff import Announced, Change, Diff, Parting, Reach, Row
from bvn_asp.texts.stricter import Relation
from bvn_asp.upkeep.flips import Flip, Flips

_STYLES = {
    **{Change.TIGHTENED: "bad", Change.ADDED: "bad", Change.LOOSENED: "good", Change.REMOVED: "good"},
    **{Change.CHANGED: "open", Change.MOVED: "open", Change.REWORDED: "dim", Change.SAME: "dim"},
}
LONG = 8
_RESULTS = {
    Relation.STRICTER: "stricter: new refuses patients whom old approves, and approves nobody besides",
    Relation.LOOSER: "looser: new approves everybody whom old approves, and more",
    Relation.NEITHER: "neither: each approves patients whom the other refuses",
}


def page(
    library: Library, answer: Diff, cases: Flips | None = None, held: Announced | None = None, rules: bool = False
) -> Page:
    """The result, row by row with witnesses, the base patient, the number lines, the readings, the cases, the proof.

    Args:
        rules: in each row the rules of both sides as they are written, in place of what other readings change.
    """
    old, new = answer.old, answer.new
    by = "the ids of their entries" if answer.by == "outline" else "what they are about"
    counts = Counter(row.change for row in answer.rows)
    rows = [_row(library, answer, row, rules) for row in answer.rows]
    asked = [Sides(("old", "new"), "what is asked, and on whom it turns", rows)]
    title = "What is asked, old and new"
    switch = Switch("changed", "only what changed", on=len(rows) > LONG)
    claim = "No patient gets another verdict." if answer.equivalent else "Where no patient is shown, there is none."
    return Page(
        kicker="What a revision changed",
        title=result(answer),
        is_result=True,
        head=[
            ("Old", edition(old)),
            ("New", edition(new)),
            ("Readings", readings((old, new), answer.readings)),
            ("Aligned", f"by {by}"),
        ],
        tally=[(counts[kind], Styled(kind.value, _STYLES[kind])) for kind in Change if counts[kind]],
        blocks=[
            Section(title, "outlines", asked, nav="Side by side", switches=[switch]),
            *_base(library, answer),
            *number_lines(library, (old, new), answer.readings),
            *_readings(answer),
            *(_held(held) if held is not None else []),
            *(_cases(cases) if cases is not None else []),
        ],
        foot=shown.proof(answer.extent, (old, new), claim),
        summary=_summary(answer),
    )


def _base(library: Library, answer: Diff) -> list[Block]:
    if not any(row.tightened or row.loosened for row in answer.rows):
        return []
    return shown.base(library, answer.base)


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


def _row(library: Library, answer: Diff, row: Row, rules: bool) -> Passage:
    partings = ((row.tightened, "old approves, new refuses"), (row.loosened, "new approves, old refuses"))
    notes = [f"{what}: `{old or '-'}` is now `{new or '-'}`" for what, old, new in row.wording if what not in _SHOWN]
    read = (_otherwise(answer.old, row.old, rules), _otherwise(answer.new, row.new, rules))
    own = read if read[0] != read[1] else ([], [])
    sides = ([*_side(answer.old, row.old), *own[0]], [*_side(answer.new, row.new), *own[1]])
    return Passage(
        change=Styled(row.change.value, _STYLES[row.change]),
        topics=[library.vocabulary.topics[topic] for topic in row.topics] if answer.by == "topics" else [],
        sides=sides,
        notes=[
            *notes,
            *([Styled("the source's words changed, the rule did not: read them", "open")] if row.only_words else []),
            *([Styled("the rule changed, the source's words did not: mended, or a slip", "open")] * row.only_rule),
            *(line for found, label in partings if found for line in _parting(library, found, label)),
        ],
        same=row.change is Change.SAME and not row.only_words,
    )


_SHOWN = ("text", "place")


def _side(revision: Revision, entries: Sequence[str]) -> list[Text]:
    """What one text asks here: each entry with its place, and the limits."""
    lines: list[Text] = []
    for entry in (revision.entries[each] for each in entries):
        lines.append(Line([Styled(f"{', '.join([entry.place, *entry.also])}:", "small"), f" {entry.text}"]))
    if limits := shown.limits(revision, entries):
        lines.append(Styled(f"limit {limits}", "strong"))
    return lines


def _otherwise(revision: Revision, entries: Sequence[str], rules: bool) -> list[Text]:
    """Under which options of other readings entries are met otherwise; or their rules as they are written."""
    if rules:
        listed = [line for each in entries for line in words.otherwise(revision, revision.entries[each], rules=True)]
        return [Styled(each, "dim") for each in dict.fromkeys(listed)]
    found = dict.fromkeys(f"{r.id}={o.name}" for each in entries for r, o in revision.read_otherwise(each))
    return [Styled(f"otherwise under {', '.join(found)}", "dim")] if found else []


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
    blocks: list[Block] = [Paragraph("The result is the same whichever one passage is read in another way.")]
    if answer.under:
        rows = [[f"{u.policy}:{u.reading}", u.option, f"new is {u.relation.value}"] for u in answer.under]
        blocks = [Table(["reading", "read", "then"], rows)]
    if answer.under_all is not None:
        blocks.append(Paragraph(f"Over all combinations of readings at once: {answer.under_all.value}."))
    title = "Under other readings" + (", one at a time" if answer.under else "")
    return [Section(title, "readings", blocks, nav="Readings")]


def _held(held: Announced) -> list[Block]:
    """What changed without having been announced, and what was announced and did not change."""
    listed: list[Text] = []
    for row in held.others:
        entries = ", ".join(dict.fromkeys([*row.old, *row.new]))
        listed.append(Styled(f"not announced: {entries} ({row.change.value})", "bad"))
    if held.unexplained:
        said = "not announced: whom the texts address, or how their entries are joined (`--expect silent`)"
        listed.append(Styled(said, "bad"))
    listed += [Styled(f"announced, and not changed: {each}", "open") for each in held.unneeded]
    good = Styled("Nothing changed but what was announced.", "good")
    blocks: list[Block] = [Paragraph(good)] if held.passes else []
    return [Section("Announced", "announced", [*blocks, *([Bullets(listed)] if listed else [])], nav="Announced")]


def _cases(cases: Flips) -> list[Block]:
    rows: list[list[Text | Sequence[Text]]] = []
    for each in cases.flips:
        rows.append([words.verdict(each.old.verdict), words.verdict(each.new.verdict), _flip(each)])
    title = f"Cases: {len(cases.flips)} of {cases.read} get another verdict"
    none = Paragraph(Styled("No case gets another verdict.", "good"))
    said = Table(["old", "new", "case"], rows, kind="flips") if rows else none
    return [Section(title, "cases", [said], nav="Cases")]


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
    words_only = sum(row.only_words for row in answer.rows)
    rule_only = sum(row.only_rule for row in answer.rows)
    parts += [f"{words_only} with other words and the same rule"] if words_only else []
    parts += [f"{rule_only} with the same words and another rule"] if rule_only else []
    return f"{answer.old.name} to {answer.new.name}: {', '.join(parts) or 'nothing to compare'}"
