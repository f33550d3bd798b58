"""The pages that people read, as blocks: the comparison, the worksheet, the policies, the vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bvn_asp.cases.compare import Cell, Comparison, Row
from bvn_asp.cases.evaluate import Evaluation, Status, Verdict
from bvn_asp.cases.explain import Explanation, Line
from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.render import codes, governs, words
from bvn_asp.render.blocks import Block, Bullets, Heading, Pairs, Paragraph, Styled, Table, Text

MATRIX_MOST = 3


# -- compare -----------------------------------------------------------------------------------


def comparison(library: Library, answer: Comparison) -> list[Block]:
    """The comparison: verdicts with what holds each back, where policies part, what is presumed and open."""
    case, evaluations = answer.case, answer.evaluations
    blocks: list[Block] = [
        Pairs(
            [
                ("Case", case.title),
                *([("Note", f"hypothetical: {case.hypothetical}")] if case.hypothetical else []),
                ("Request", words.request(case, library.vocabulary)),
                ("Chart", _chart(library, answer)),
                *governs.line(answer.governance),
            ]
        )
    ]
    for kind, title in words.KIND_TITLES.items():
        listed = [pair for pair in zip(answer.names, evaluations, strict=True) if pair[1].revision.policy.kind == kind]
        if listed:
            rows = [[name, *_verdict_row(each, governs.mark(answer.governance, each.policy))] for name, each in listed]
            blocks += [Heading(title), Table(["policy", "verdict", "why"], rows)]
    if len(evaluations) > 1:
        blocks += _where_they_part(answer)
    blocks += _presumed_and_open(library, evaluations)
    blocks += codes.coding(answer.coding)
    blocks += [Paragraph(Styled(words.NOTICE, "dim")), Paragraph(_summary(evaluations))]
    return blocks


def _chart(library: Library, answer: Comparison) -> str:
    recorded = [r for r in answer.case.records if r.slot.fact not in library.vocabulary.request.whole]
    conflicting = [r for r in recorded if r.value is None]
    text = f"{words.count(len(recorded), 'fact')} recorded"
    if conflicting:
        text += f", of which {len(conflicting)} conflicting ({words.slots(r.slot for r in conflicting)})"
    return text + ("; nothing presumed (--strict)" if answer.strict else "")


def _verdict_row(evaluation: Evaluation, mark: Sequence[Text] = ()) -> list[Text | Sequence[Text]]:
    revision = evaluation.revision
    why: list[Text] = [*mark]
    if evaluation.verdict is Verdict.DENY:
        for entry in evaluation.blamed:
            found = revision.entries[entry]
            why.append(f"{found.place}: {found.text}")
    elif evaluation.verdict is Verdict.PEND:
        why.append(f"open: {words.some_slots(evaluation.open) or 'several facts together'}")
    elif evaluation.verdict is Verdict.SILENT:
        why.append(silence(evaluation))
    else:
        presumed = len(words.presumed_facts(evaluation.presumed, evaluation.revision.policy.vocabulary))
        why.append(f"every criterion holds{f'; {presumed} exclusions presumed absent' if presumed else ''}")
    if in_force := words.not_in_force(evaluation):
        why.append(Styled(in_force, "open"))
    for hinge in words.hinges(evaluation):
        why.append(Styled(f"reading: {hinge}", "open"))
    return [words.verdict(evaluation.verdict), why]


def silence(evaluation: Evaluation) -> str:
    """Why a silent source says nothing of this request."""
    return "does not address this request: " + "; ".join(evaluation.silence)


def _where_they_part(answer: Comparison) -> list[Block]:
    """Topic by topic: a matrix for few policies, who is for and who against for many."""
    speaking = zip(answer.names, answer.evaluations, strict=True)
    names = [name for name, each in speaking if each.verdict is not Verdict.SILENT]
    few = len(names) <= MATRIX_MOST
    rows = [row for row in answer.rows if (row.parts_among(names) if few else row.parts)]
    return [Heading("Where they part"), _matrix(rows, names) if few else _parting(rows)] if rows else []


def _matrix(rows: Sequence[Row], names: Sequence[str]) -> Table:
    matrix: list[list[Text | Sequence[Text]]] = []
    for row in rows:
        columns: list[Sequence[Text]] = [[_cell(c) for c in _of(row, name)] or ["not asked"] for name in names]
        matrix.append([row.label, *columns])
    return Table(["", *names], matrix)


def _parting(rows: Sequence[Row]) -> Table:
    table = []
    for row in rows:
        lines: list[Text] = []
        for favourable, label, style in ((False, "against", "bad"), (None, "open", "open"), (True, "for", "good")):
            found: dict[str, list[str]] = {}
            for cell in row.cells:
                if cell.favourable is favourable:
                    found.setdefault(cell.name, []).append(cell.asks)
            listed = []
            for policy, asked in found.items():
                limits = ", ".join(dict.fromkeys(filter(None, asked)))
                listed.append(f"{policy} ({limits})" if limits else policy)
            if listed:
                lines.append(Styled(f"{label}: " + "; ".join(listed), style))
        table.append([row.label, lines])
    return Table([], table, hang=False)


def _of(row: Row, name: str) -> list[Cell]:
    return [cell for cell in row.cells if cell.name == name]


def _cell(cell: Cell) -> Styled:
    shown = {True: "ok", False: "PRESENT" if cell.excludes else "NOT MET", None: "open"}[cell.favourable]
    style = {True: "good", False: "bad", None: "open"}[cell.favourable]
    return Styled(f"{shown} {cell.asks}".strip(), style)


def _presumed_and_open(library: Library, evaluations: Sequence[Evaluation]) -> list[Block]:
    vocabulary = library.vocabulary
    undecided = [each for each in evaluations if each.verdict is Verdict.PEND]
    blocks: list[Block] = []
    open_slots = vocabulary.in_order(slot for each in undecided for slot in each.open)
    if open_slots:
        rows: list[list[Text | Sequence[Text]]] = []
        for fact in dict.fromkeys(slot.fact for slot in open_slots):
            listed = [slot for slot in open_slots if slot.fact == fact]
            wanting = [each.policy for each in undecided if set(listed) & set(each.open)]
            known = vocabulary.facts[fact]
            rows.append([words.some_slots(listed, 24), f"{known.ask or known.about} ({_few(wanting)})"])
        blocks += [Heading("Not documented, and it can still change a verdict"), Table([], rows)]
    presumed = vocabulary.in_order(slot for each in evaluations for slot in each.presumed)
    if presumed:
        blocks += [
            Heading("Presumed absent, nobody mentioning it (--strict presumes nothing)"),
            Paragraph(Styled(words.presumed(presumed, vocabulary), "dim")),
        ]
    return blocks


def _few(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) < 3 else f"{len(names)} policies"


def _summary(evaluations: Sequence[Evaluation]) -> Styled:
    counts = {kind: [e.policy for e in evaluations if e.verdict is kind] for kind in Verdict}
    parts = [f"{len(found)} {kind.value}" for kind, found in counts.items() if found]
    if len(evaluations) == 1:
        only = evaluations[0]
        return Styled(f"{only.policy}: {only.verdict.value}", "strong")
    return Styled(f"{words.count(len(evaluations), 'policy', 'policies')}: {', '.join(parts)}", "strong")


# -- explain -----------------------------------------------------------------------------------


def explanation(library: Library, answer: Explanation, case: Case, unmet_first: bool = False) -> list[Block]:
    """The worksheet: the outline with statuses, the chart's values against the limits, and the shortest reason."""
    evaluation, vocabulary = answer.evaluation, library.vocabulary
    revision = evaluation.revision
    blocks: list[Block] = [
        Pairs(
            [
                ("Policy", words.revision(revision)),
                ("Source", f"{revision.source}; {words.mark(revision)}"),
                ("Case", case.title),
                ("Request", words.request(case, vocabulary)),
                ("Readings", words.readings(evaluation)),
            ]
        ),
        Heading(_result(evaluation)),
    ]
    if in_force := words.not_in_force(evaluation):
        blocks.append(Paragraph(Styled(f"This revision is {in_force}.", "open")))
    lines = [line for line in answer.lines if line.entry.parent != "advice"]
    if unmet_first:
        lines = sorted((line for line in lines if not line.entry.is_group), key=_urgency)
    blocks.append(_worksheet(library, evaluation, lines, flat=unmet_first))
    advice = [line for line in answer.lines if line.entry.parent == "advice"]
    if advice:
        blocks += [
            Heading("Stated in the source, and nothing hangs on it"),
            _worksheet(library, evaluation, advice, True),
        ]
    if answer.reason:
        reason = ", ".join(f"{words.slot(slot)}: {case.by_slot[slot]}" for slot in answer.reason)
        alone = "This alone forces" if len(answer.reason) == 1 else "These together force"
        blocks.append(Paragraph(f"Shortest reason. {alone} the denial, whatever else is documented: {reason}."))
    if evaluation.open:
        asked = [f"{words.slot(slot)}: {vocabulary.facts[slot.fact].ask}" for slot in evaluation.open]
        blocks += [Heading("To decide, document any of these"), Bullets(asked)]
    if evaluation.hinges:
        by_id = {each.id: each for each in revision.readings}
        rows: list[Text] = []
        for hinge in evaluation.hinges:
            for name, option in hinge.readings:
                reading = by_id[name]
                found = reading.option(option)
                rows.append(
                    f"{name} ({reading.place}): {reading.question} Read {option} ({found.says if found else ''})"
                )
            rows[-1] = f"{rows[-1]}: {hinge.verdict}"
        if not evaluation.all_hinges:
            rows.append(f"and other changes: the search stopped at {len(evaluation.hinges)}")
        blocks += [Heading("The verdict hangs on how the text is read"), Bullets(rows)]
    blocks += codes.coding(answer.coding)
    blocks += [Paragraph(Styled(words.NOTICE, "dim")), Paragraph(_summary([evaluation]))]
    return blocks


def _result(evaluation: Evaluation) -> str:
    kind = evaluation.verdict
    if kind is Verdict.DENY:
        return f"RESULT  deny: {words.count(len(evaluation.blamed), 'criterion stands', 'criteria stand')} in the way"
    if kind is Verdict.PEND:
        open_facts = len(evaluation.open)
        return f"RESULT  pend: undetermined; {words.count(open_facts, 'undocumented fact')} can still change this"
    if kind is Verdict.SILENT:
        return "RESULT  silent: the source does not address this request"
    presumed = len(words.presumed_facts(evaluation.presumed, evaluation.revision.policy.vocabulary))
    return "RESULT  approve: every criterion holds" + (f" ({presumed} facts presumed absent)" if presumed else "")


def _urgency(line: Line) -> int:
    if line.status is Status.UNDETERMINED:
        return 3 if line.needless else 1
    return 2 if line.status.speaks(line.excludes) else 0


def _worksheet(library: Library, evaluation: Evaluation, lines: Iterable[Line], flat: bool) -> Table:
    rows: list[list[Text | Sequence[Text]]] = []
    indents = []
    for line in lines:
        entry = line.entry
        judgement = any(library.vocabulary.facts[f.slot.fact].judgement for f in line.facts if f.is_open)
        shown = words.status(line, judgement)
        text: list[Text] = [Styled(_entry_text(evaluation.revision, line), "strong" if entry.is_group else "")]
        settled = line.needless or line.status.speaks(line.excludes) is True
        text += words.facts(line.facts, library.vocabulary, settled)
        if not settled:
            text += [Styled(each, "dim") for each in words.otherwise(evaluation.revision, entry)]
        rows.append([shown, [entry.place, *entry.also], text])
        indents.append(0 if flat else 2 * line.depth)
    return Table(["status", "place", "what is asked, and what the chart says"], rows, indents)


def _entry_text(revision: Revision, line: Line) -> str:
    entry = line.entry
    text = entry.text
    if entry.kind == "at_least":
        text += f": {line.have} of {line.parts} met, {entry.need} needed"
        if line.may:
            text += f", {line.may} open"
    if entry.citations:
        text += f" [cites {entry.citations}]"
    mark = revision.mark(entry)
    if mark != revision.policy.evidence:
        text += f" [{mark}]"
    return text
