"""The pages that people read, as blocks: the comparison, the worksheet, the policies, the vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from bvn_asp.cases.compare import Cell, Comparison, Row, presumes
from bvn_asp.cases.evaluate import Evaluation, Status, Verdict
from bvn_asp.cases.standing import standing_of_open
from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.model.vocabulary import Slot
from bvn_asp.render import codes, governs, quoted, words
from bvn_asp.render.blocks import Block, Bullets, Heading, Line, Pairs, Paragraph, Styled, Table, Text

if TYPE_CHECKING:
    from bvn_asp.cases.explain import Explanation
    from bvn_asp.cases.explain import Line as Criterion

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
    blocks.append(Heading(compared(answer)))
    blocks += verdicts(answer)
    if len(evaluations) > 1:
        blocks += _where_they_part(answer)
    blocks += presumed_and_open(library, case, evaluations)
    blocks += codes.coding(answer.coding)
    blocks += [Paragraph(Styled(words.NOTICE, "dim")), Paragraph(_summary(evaluations))]
    return blocks


def compared(answer: Comparison) -> str:
    """The answer on one line: the verdict of the policy that governs first, then how many say what."""
    binding = answer.governance.governing() if answer.governance else ()
    governs = [
        f"{each.verdict.value} under {each.policy}, which governs"
        for each in answer.evaluations
        if each.policy in binding
    ]
    if len(answer.evaluations) == 1:
        only = answer.evaluations[0]
        return f"RESULT  {governs[0] if governs else f'{only.verdict.value} under {only.policy}'}"
    return f"RESULT  {'; '.join([*governs, str(_summary(answer.evaluations))])}"


def verdicts(answer: Comparison, linked: bool = False) -> list[Block]:
    """Every verdict with what it rests on, by kind of source, the policies that govern first.

    Args:
        linked: each stands with its publisher, and leads to its worksheet, of the id `w` and its number.
    """
    binding = answer.governance.governing() if answer.governance else ()
    blocks: list[Block] = []
    for kind, title in words.KIND_TITLES.items():
        pairs = enumerate(zip(answer.names, answer.evaluations, strict=True))
        listed = [(i, name, each) for i, (name, each) in pairs if each.revision.policy.kind == kind]
        listed.sort(key=lambda found: found[2].policy not in binding)
        rows: list[list[Text | Sequence[Text]]] = []
        for number, name, each in listed:
            tag: list[str | Styled] = [" ", Styled("governs", "tag")] if each.policy in binding else []
            publisher = Styled(f"{each.revision.policy.publisher}, {each.revision.id}", "small")
            said: Text | Sequence[Text] = [Line([Styled(name, to=f"w{number}"), *tag]), publisher] if linked else name
            rows.append([said, *_verdict_row(answer.case, each, governs.mark(answer.governance, each.policy))])
        marked = frozenset(number for number, (_, _, each) in enumerate(listed) if each.policy in binding)
        if rows:
            blocks += [Heading(title), Table(["policy", "verdict", "why"], rows, kind="verdicts", marked=marked)]
    return blocks


def _chart(library: Library, answer: Comparison) -> str:
    recorded = [r for r in answer.case.records if r.slot.fact not in library.vocabulary.request.whole]
    conflicting = [r for r in recorded if r.value is None]
    text = f"{words.count(len(recorded), 'fact')} recorded"
    if conflicting:
        text += f", of which {len(conflicting)} conflicting ({words.slots(r.slot for r in conflicting)})"
    return text + ("; nothing presumed (--strict)" if answer.strict else "")


def _verdict_row(case: Case, evaluation: Evaluation, mark: Sequence[Text] = ()) -> list[Text | Sequence[Text]]:
    revision = evaluation.revision
    why: list[Text] = [*mark]
    if evaluation.verdict is Verdict.DENY:
        for entry in evaluation.blamed:
            found = revision.entries[entry]
            why.append(f"{found.place}: {found.text}")
    elif evaluation.verdict is Verdict.PEND:
        why += lacking(case, evaluation.open) or ["several facts together can change it"]
    elif evaluation.verdict is Verdict.SILENT:
        why.append(silence(evaluation))
    else:
        presumed = len(words.presumed_facts(evaluation.presumed, evaluation.revision.policy.vocabulary))
        why.append(f"every criterion holds{f'; {presumed} exclusions presumed absent' if presumed else ''}")
    if in_force := words.not_in_force(evaluation):
        why.append(Styled(in_force, "open"))
    for hinge in words.hinges(evaluation):
        why.append(Styled(f"if read otherwise: {hinge}", "open"))
    return [words.verdict(evaluation.verdict), why]


def lacking(case: Case, slots: Sequence[Slot]) -> list[Text]:
    """Open slots as words, by why they are open."""
    by = {each: [slot for slot in slots if standing_of_open(case, slot) is each] for each in words.OPEN_TITLES}
    return [f"{words.lower(words.OPEN_TITLES[each])}: {words.some_slots(found)}" for each, found in by.items() if found]


def silence(evaluation: Evaluation) -> str:
    """Why a silent source says nothing of this request."""
    return "does not address this request: " + "; ".join(evaluation.silence)


def _where_they_part(answer: Comparison) -> list[Block]:
    """Topic by topic: a matrix for few policies, who is for and who against for many."""
    speaking = zip(answer.names, answer.evaluations, strict=True)
    names = [name for name, each in speaking if each.verdict is not Verdict.SILENT]
    few = len(names) <= MATRIX_MOST
    rows = [row for row in answer.rows if (row.parts_among(names) if few else row.parts)]
    if not rows:
        return []
    shown = _matrix(answer, rows, names) if few else _parting(rows)
    about = "presumed: nobody mentions it, and it is taken as absent"
    said = [Paragraph(Styled(about, "dim"))] if few and _any_presumed(answer, rows, names) else []
    return [Heading("Where they part"), shown, *said]


def _any_presumed(answer: Comparison, rows: Sequence[Row], names: Sequence[str]) -> bool:
    return any(presumes(answer, cell) for row in rows for cell in row.cells if cell.name in names)


def _matrix(answer: Comparison, rows: Sequence[Row], names: Sequence[str]) -> Table:
    matrix: list[list[Text | Sequence[Text]]] = []
    for row in rows:
        columns: list[Sequence[Text]] = [
            [_cell(c, presumes(answer, c)) for c in _of(row, name)] or ["not asked"] for name in names
        ]
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


def _cell(cell: Cell, presumed: bool) -> Styled:
    if presumed:
        return Styled(f"presumed {cell.asks}".strip(), "dim")
    shown = {True: "ok", False: "PRESENT" if cell.excludes else "NOT MET", None: "open"}[cell.favourable]
    style = {True: "good", False: "bad", None: "open"}[cell.favourable]
    return Styled(f"{shown} {cell.asks}".strip(), style)


def presumed_and_open(library: Library, case: Case, evaluations: Sequence[Evaluation]) -> list[Block]:
    """What is open and can still change a verdict, what is presumed, and what is not."""
    vocabulary = library.vocabulary
    raised = {slot: by for each in evaluations for slot, by in each.not_presumed.items()}
    undecided = [each for each in evaluations if each.verdict is Verdict.PEND]
    blocks: list[Block] = []
    open_slots = vocabulary.in_order(slot for each in undecided for slot in each.open)
    for kind, title in words.OPEN_TITLES.items():
        rows: list[list[Text | Sequence[Text]]] = []
        alike = [slot for slot in open_slots if standing_of_open(case, slot) is kind]
        for (_, said), listed in by_record(case, alike).items():
            wanting = [each.policy for each in undecided if set(listed) & set(each.open)]
            raising = tuple(dict.fromkeys(by for slot in listed for by in raised.get(slot, ())))
            asked = words.question(vocabulary, case, listed[0], raising)
            lines: list[Text] = [Styled(said, "open")] if said else []
            rows.append([words.some_slots(listed, 24), [*lines, f"{asked} ({_few(wanting)})"]])
        if rows:
            blocks += [Heading(f"{title}, and it can still change a verdict"), Table([], rows)]
    presumed = vocabulary.in_order(slot for each in evaluations for slot in each.presumed)
    if presumed:
        blocks += [
            Heading("Presumed absent, nobody mentioning it (--strict presumes nothing)"),
            Paragraph(Styled(words.presumed(presumed, vocabulary, case), "dim")),
        ]
    if raised:
        by_slot = {slot: raised[slot] for slot in vocabulary.in_order(raised)}
        blocks += [
            Heading("Not presumed absent, since the chart puts it in doubt"),
            Bullets([Styled(each, "dim") for each in words.not_presumed(by_slot)]),
        ]
    return blocks


def by_record(case: Case, slots: Iterable[Slot]) -> dict[tuple[str, str], list[Slot]]:
    """Slots of one fact together, if the chart says the same of them."""
    found: dict[tuple[str, str], list[Slot]] = {}
    for slot in slots:
        found.setdefault((slot.fact, words.on_record(case, slot)), []).append(slot)
    return found


def _few(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) < 3 else f"{len(names)} policies"


def _summary(evaluations: Sequence[Evaluation]) -> Styled:
    counts = {kind: [e.policy for e in evaluations if e.verdict is kind] for kind in Verdict}
    parts = [f"{len(found)} {kind.value}" for kind, found in counts.items() if found]
    if len(evaluations) == 1:
        only = evaluations[0]
        return Styled(f"{only.policy}: {only.verdict.value}", "strong")
    return Styled(f"{words.count(len(evaluations), 'policy', 'policies')}: {', '.join(parts)}", "strong")


def source(name: str, revision: Revision, about: bool = False) -> list[Text | Sequence[Text]]:
    """A row on where a policy's text comes from, and how it was seen.

    Args:
        about: also say what kind of text it is.
    """
    said: list[Text] = [f"{words.revision(revision)}; in force: {words.in_force(revision)}."]
    said += [revision.policy.about] if about and revision.policy.about else []
    web = revision.url.startswith(("https://", "http://"))
    from bvn_asp.cases.record import rules_hash

    link = [Styled(f" {revision.url}", "small", to=revision.url)] if web else []
    seen = Styled(f"{revision.source}; {words.mark(revision)}.", "small")
    return [name, [*said, Line([seen, *link, Styled(f" {rules_hash(revision)[:12]}", "code")])]]


# -- explain -----------------------------------------------------------------------------------


def explanation(
    library: Library, answer: Explanation, case: Case, unmet_first: bool = False, rules: bool = False
) -> list[Block]:
    """The worksheet: the outline with statuses, the chart's values against the limits, and the shortest reason.

    Args:
        rules: below each criterion its rules as they are written, in place of what other readings change.
    """
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
                *quoted.note(library, revision),
            ]
        ),
        Heading(result(evaluation)),
    ]
    blocks += criteria(library, answer, case, unmet_first, rules=rules)
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


def criteria(
    library: Library, answer: Explanation, case: Case, unmet_first: bool = False, ids: str = "", rules: bool = False
) -> list[Block]:
    """What a verdict rests on, criterion by criterion, and what is needed to decide.

    Args:
        ids: with what the ids of the criteria on a page begin, before the number of the entry; none if empty.
    """
    evaluation = answer.evaluation
    blocks: list[Block] = []
    if in_force := words.not_in_force(evaluation):
        blocks.append(Paragraph(Styled(f"This revision is {in_force}.", "open")))
    blocks += _bearing(answer, case)
    lines = [line for line in answer.lines if line.entry.parent != "advice"]
    if unmet_first:
        urgency = _urgencies(answer)
        lines = sorted((line for line in lines if not line.entry.is_group), key=lambda line: urgency[line.entry.id])
    blocks += [Heading("Criterion by criterion"), _worksheet(library, evaluation, lines, unmet_first, ids, rules)]
    advice = [line for line in answer.lines if line.entry.parent == "advice"]
    if advice:
        title = "Stated in the source, and nothing hangs on it"
        blocks += [Heading(title), _worksheet(library, evaluation, advice, True, ids, rules)]
    return [*blocks, *_to_decide(library, answer, case)]


def _bearing(answer: Explanation, case: Case) -> list[Block]:
    """What the verdict rests on, or what it needs, in a few lines."""
    evaluation = answer.evaluation
    rows: list[tuple[str, Text]] = []
    if evaluation.verdict is Verdict.DENY:
        for number, name in enumerate(evaluation.blamed):
            entry = evaluation.revision.entries[name]
            rows.append(("In the way" if number == 0 else "", f"{entry.place}: {entry.text}"))
        if answer.reason:
            reason = ", ".join(words.recorded(case, slot) for slot in answer.reason)
            forces = "this alone forces" if len(answer.reason) == 1 else "these together force"
            rows.append(("Reason", f"{forces} the denial, whatever else is documented: {reason}"))
    needed = [each.slot for each in answer.needed]
    others = [slot for slot in evaluation.open if slot not in needed]
    if needed:
        rows.append(("Needed", f"all of {words.some_slots(needed, 300)}; each alone can settle it against approval"))
    if others:
        text = f"perhaps enough of {words.some_slots(others, 200)}; none of them by itself"
        rows.append(("And" if needed else "Needed", text))
    rows += [("" if i else "Hangs on", hinge) for i, hinge in enumerate(words.hinges(evaluation))]
    return [Pairs(rows)] if rows else []


def _to_decide(library: Library, answer: Explanation, case: Case) -> list[Block]:
    """The open facts: those that must be answered, with the answers against, then those of which enough will do."""
    needed = {each.slot: each.against for each in answer.needed}
    others = [slot for slot in answer.evaluation.open if slot not in needed]
    blocks: list[Block] = []
    if needed:
        title = "To approve, all of these are needed" if len(needed) > 1 else "To approve, this is needed"
        blocks += [Heading(title), Bullets(_questions(library, case, list(needed), needed))]
    if others:
        title = "Of these enough may be needed, none by itself"
        blocks += [Heading(title), Bullets(_questions(library, case, others, {}))]
    return blocks


def _questions(library: Library, case: Case, slots: Sequence[Slot], against: Mapping[Slot, str]) -> list[Text]:
    """One line a fact: why it is open, what to ask, which answer settles it against approval, where it usually is."""
    found: dict[tuple[str, str, str], list[Slot]] = {}
    for slot in slots:
        found.setdefault((slot.fact, words.on_record(case, slot), against.get(slot, "")), []).append(slot)
    lines: list[Text] = []
    for (name, said, wrong), listed in found.items():
        fact = library.vocabulary.facts[name]
        title = words.lower(words.OPEN_TITLES[standing_of_open(case, listed[0])])
        text = f"{words.slots(listed)}: {title}{f', {said}' if said else ''}. {fact.ask or fact.about}"
        text += f" Against approval: {wrong}." if wrong else ""
        lines.append(text + (f" ({fact.document})" if fact.document else ""))
    return lines


def result(evaluation: Evaluation) -> str:
    """The answer on one line."""
    kind = evaluation.verdict
    if kind is Verdict.DENY:
        return f"RESULT  deny: {words.count(len(evaluation.blamed), 'criterion stands', 'criteria stand')} in the way"
    if kind is Verdict.PEND:
        open_facts = len(evaluation.open)
        return f"RESULT  pend: undetermined; {words.count(open_facts, 'open fact')} can still change this"
    if kind is Verdict.SILENT:
        return "RESULT  silent: the source does not address this request"
    presumed = len(words.presumed_facts(evaluation.presumed, evaluation.revision.policy.vocabulary))
    return "RESULT  approve: every criterion holds" + (f" ({presumed} facts presumed absent)" if presumed else "")


def _urgencies(answer: Explanation) -> dict[str, int]:
    """For each entry how early it is shown: what bears on the verdict, what else is not as it should be, the rest."""
    bearing = set(answer.evaluation.open)
    settled: list[tuple[int, bool]] = []
    found = {}
    for line in answer.lines:
        settled = [each for each in settled if each[0] < line.depth]
        above = any(done for _, done in settled)
        good = line.status.speaks(line.excludes) is True
        settled.append((line.depth, good))
        if line.blamed:
            urgency = 0
        elif line.status is Status.UNDETERMINED and not line.needless:
            urgency = 1 if bearing & {each.slot for each in line.facts} else 2
        elif good or line.needless:
            urgency = 5 if good else 4
        else:
            urgency = 4 if above else 3
        found[line.entry.id] = urgency
    return found


def _worksheet(
    library: Library, evaluation: Evaluation, lines: Iterable[Criterion], flat: bool, ids: str, rules: bool
) -> Table:
    numbers = {entry: number for number, entry in enumerate(evaluation.statuses)}
    rows: list[list[Text | Sequence[Text]]] = []
    indents, kept = [], []
    for line in lines:
        entry = line.entry
        judgement = any(library.vocabulary.facts[f.slot.fact].judgement for f in line.facts if f.is_open)
        shown = words.status(line, judgement)
        text: list[Text] = [Styled(_entry_text(evaluation.revision, line), "strong" if entry.is_group else "")]
        text += quoted.lines(library, evaluation.revision, entry.id)
        settled = line.needless or line.status.speaks(line.excludes) is True
        text += words.facts(
            line.facts, library.vocabulary, settled, line.excludes, line.status is not Status.UNDETERMINED
        )
        if rules or not settled:
            text += [Styled(each, "dim") for each in words.otherwise(evaluation.revision, entry, rules)]
        rows.append([shown, [entry.place, *entry.also], text])
        indents.append(0 if flat else 2 * line.depth)
        kept.append(f"{ids}{numbers[entry.id]}" if ids else "")
    head = ["status", "place", "what is asked, and what the chart says"]
    return Table(head, rows, indents, kind="sheet", ids=kept)


def _entry_text(revision: Revision, line: Criterion) -> str:
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
