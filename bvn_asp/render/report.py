"""The report: everything there is to say of a case, as blocks."""

from __future__ import annotations

from collections.abc import Sequence

from bvn_asp.cases.compare import Row
from bvn_asp.cases.evaluate import Verdict
from bvn_asp.cases.explain import Explanation, FactLine
from bvn_asp.cases.standing import rests_on_presumption
from bvn_asp.model.case import Record
from bvn_asp.model.library import Library
from bvn_asp.papers.report import Report
from bvn_asp.render import codes, pages, quoted, words
from bvn_asp.render.blocks import (
    Block,
    Bullets,
    Card,
    Cards,
    Column,
    Fold,
    Heading,
    Line,
    Matrix,
    MatrixRow,
    Met,
    Page,
    Pairs,
    Paragraph,
    Section,
    Styled,
    Switch,
    Table,
    Text,
)
from bvn_asp.render.lines import Left, asked, left
from bvn_asp.render.report_ways import ways
from bvn_asp.routing.claims import in_words

UNFOLDED = 3
MARKS = {True: "good", False: "bad", None: "open"}
FEW = 4


def page(library: Library, answer: Report) -> Page:
    """Verdicts, the matrix, ways to approval, readings, what is open, the chart, worksheets, sources, the record."""
    case, comparison = answer.case, answer.comparison
    wanted = library.vocabulary.request
    counts = [(sum(each.verdict is kind for each in comparison.evaluations), kind) for kind in Verdict]
    rules = _rules(answer)
    head: list[tuple[str, Text]] = [
        *([("Hypothetical", Styled(case.hypothetical, "open"))] if case.hypothetical else []),
        ("Request", words.request(case, library.vocabulary)),
        *([("About", case.about)] if case.about else []),
        *[("Governing" if number == 0 else "", rule) for number, rule in enumerate(rules)],
        *([("Strict", "nothing is presumed absent that nobody documents")] if comparison.strict else []),
    ]
    coding = [Bullets([codes.line(each) for each in comparison.coding])] if comparison.coding else []
    return Page(
        kicker="Criteria worksheet" + (f": {wanted.procedure}" if wanted.procedure else ""),
        title=case.title,
        head=head,
        tally=[(number, words.verdict(kind)) for number, kind in counts if number],
        blocks=[
            Section("Verdicts, and what each rests on", "verdicts", pages.verdicts(comparison, True), nav="Verdicts"),
            _side_by_side(library, answer),
            ways(library, answer),
            *_hinges(library, answer),
            _open(library, answer),
            *([Section("Coding, apart from any verdict", "coding", coding)] if coding else []),
            _facts(library, answer),
            _worksheets(library, answer),
            _sources(answer),
        ],
        foot=_record(answer),
        notice=words.NOTICE,
    )


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


# -- the matrix --------------------------------------------------------------------------------


def _side_by_side(library: Library, answer: Report) -> Section:
    comparison, said = answer.comparison, _said(answer)
    known = left(library, answer.limits)
    both = list(enumerate(zip(comparison.names, comparison.evaluations, strict=True)))
    speaking = [(i, name, each) for i, (name, each) in both if each.verdict is not Verdict.SILENT]
    silent = [name for _, (name, each) in both if each.verdict is Verdict.SILENT]
    kinds = list(words.KIND_TITLES)
    speaking.sort(key=lambda each: (kinds.index(each[2].revision.policy.kind), each[1] not in answer.governing))
    columns = [
        Column(
            name=Styled(name, to=f"w{i}"),
            group=words.KIND_TITLES[each.revision.policy.kind],
            status=words.verdict(each.verdict),
            marked="governs" if name in answer.governing else "",
        )
        for i, name, each in speaking
    ]
    rows = [
        MatrixRow(
            label=row.label,
            note=_chart(library, row, said),
            cells=[_cell(row, answer, i, known) for i, _, _ in speaking],
            same=not row.parts,
        )
        for row in comparison.rows
    ]
    blocks: list[Block] = [Matrix("what is asked; chart", "criteria by policy", columns, rows)]
    if silent:
        blocks.append(Paragraph(Styled(f"Silent on this request: {', '.join(silent)}.", "dim")))
    about = Line(
        [
            "Each row is one thing that sources ask for, with what the chart says of it. A cell gives the status and"
            " the source’s own limit, and leads to the place in its worksheet. ",
            Styled("speaks for approval", "good", sign=True),
            " ",
            Styled("presumed: nobody mentions it, taken as absent", "taken", sign=True),
            " ",
            Styled("stands in the way", "bad", sign=True),
            " ",
            Styled("not on record, not enough, or contradictory", "open", sign=True),
        ]
    )
    switch = Switch("parting", "only where they part")
    return Section("Side by side", "matrix", blocks, nav="Side by side", wide=True, about=about, switches=[switch])


def _cell(row: Row, answer: Report, seat: int, known: Left) -> Met | None:
    name = answer.comparison.names[seat]
    cells = [each for each in row.cells if each.name == name]
    if not cells:
        return None
    stands = row.stands(name)
    favourable = [each for each in cells if each.favourable is stands]
    first, mark = favourable[0], MARKS[stands]
    word = {True: "met", False: "not met", None: "open"}[stands]
    if first.excludes:
        word = {True: "clear", False: "present", None: "open"}[stands]
    evaluation = answer.comparison.evaluations[seat]
    vocabulary = evaluation.revision.policy.vocabulary
    if stands and all(rests_on_presumption(vocabulary, answer.case, evaluation, each.entry) for each in favourable):
        mark, word = "taken", "presumed"
    said = dict.fromkeys(filter(None, (asked(each, evaluation, known) for each in favourable)))
    number = list(evaluation.statuses).index(first.entry)
    return Met(Styled(word, mark, to=f"c{seat}-{number}"), "; ".join(said))


def _said(answer: Report) -> list[tuple[frozenset[tuple[str, str]], list[FactLine]]]:
    """What the chart says of the facts of each line, with the line's entry and those above it, by policy."""
    found = []
    for name, explanation in zip(answer.comparison.names, answer.explanations, strict=True):
        above: list[tuple[int, str]] = []
        for line in explanation.lines:
            above = [each for each in above if each[0] < line.depth]
            above.append((line.depth, line.entry.id))
            facts = [each for each in line.facts if each.record is not None or each.counted is not None]
            if facts:
                found.append((frozenset((name, entry) for _, entry in above), facts))
    return found


def _chart(library: Library, row: Row, said: Sequence[tuple[frozenset[tuple[str, str]], list[FactLine]]]) -> str:
    """What the chart says of the facts that a row's criteria read, a few words."""
    entries = {(cell.name, cell.entry) for cell in row.cells}
    found: dict[str, list[FactLine]] = {}
    for above, facts in said:
        for each in facts if not entries.isdisjoint(above) else ():
            found.setdefault(each.slot.fact, []).append(each)
    told = list(dict.fromkeys(_recorded(library, name, lines, len(found) == 1) for name, lines in found.items()))
    return "; ".join(told[:2]) + (f" and {len(told) - 2} more" if len(told) > 2 else "")


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


def _hinges(library: Library, answer: Report) -> list[Block]:
    cards = []
    for name, each in zip(answer.comparison.names, answer.comparison.evaluations, strict=True):
        by_id = {reading.id: reading for reading in each.revision.readings}
        for hinge in each.hinges:
            here, there = words.verdict(each.verdict), words.verdict(hinge.verdict)
            lines: list[Text] = [Line([here, " as read here; ", there, " if read so:"])]
            for identifier, wanted in hinge.readings:
                reading = by_id[identifier]
                option, stands = reading.option(wanted), reading.option(each.readings[identifier])
                claimed = f" claimed by {in_words(library, option.claimed_by)}" if option and option.claimed_by else ""
                claimed += f"; {option.support}" if option and option.claimed_by and option.support else ""
                lines += [
                    Line([Styled(f"{reading.place} ({reading.id}):", "small"), f" {reading.question}"]),
                    f"here: {stands.says if stands else ''}",
                    Line([f"instead: {option.says if option else wanted}", Styled(claimed, "small")]),
                ]
            cards.append(Card([name], [], lines))
    title = "What hangs on how a text is read"
    return [Section(title, "hinges", [Cards(cards)], nav="Readings")] if cards else []


def _open(library: Library, answer: Report) -> Section:
    blocks = pages.presumed_and_open(library, answer.case, answer.comparison.evaluations)
    undecided = any(each.open for each in answer.comparison.evaluations if each.verdict is Verdict.PEND)
    none = [] if undecided else [Paragraph("Nothing that is open can change a verdict by itself.")]
    return Section("Open and presumed", "open", [*none, *blocks], nav="Open and presumed")


# -- the chart ---------------------------------------------------------------------------------


def _facts(library: Library, answer: Report) -> Section:
    sections: dict[str, dict[tuple[str, str, str], list[Record]]] = {}
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
    blocks: list[Block] = []
    for title, found in sections.items():
        rows = [
            [
                words.slots(each.slot for each in records),
                Styled(value, "open") if records[0].value is None else value,
                Styled(source or "no evidence named", "small"),
            ]
            for (_, value, source), records in found.items()
        ]
        blocks += [Heading(title), Table(["fact", "recorded", "evidence"], rows, kind="chart")]
    return Section("What the chart records", "chart", blocks or [Paragraph("Nothing but the request.")], nav="Chart")


# -- worksheets, sources, the record -----------------------------------------------------------


def _worksheets(library: Library, answer: Report) -> Section:
    few = len(answer.explanations) <= UNFOLDED
    numbered = enumerate(zip(answer.comparison.names, answer.explanations, strict=True))
    folds = [_worksheet(library, answer, i, name, each, few) for i, (name, each) in numbered]
    switch = Switch("standing", "only what stands in the way or is open")
    return Section("Worksheets", "worksheets", folds, nav="Worksheets", switches=[switch], folding=True)


def _worksheet(
    library: Library, answer: Report, seat: int, name: str, explanation: Explanation, unfolded: bool
) -> Fold:
    evaluation = explanation.evaluation
    revision = evaluation.revision
    heading = Styled(words.revision(revision), "dim")
    title = Line([words.verdict(evaluation.verdict), " ", Styled(name, "strong"), " ", heading])
    read = f"{revision.source}; {words.mark(revision)}. Readings: {words.readings(evaluation)}."
    blocks: list[Block] = [
        Paragraph(Styled(read, "dim")),
        *(Paragraph(said) for _, said in quoted.note(library, revision)),
        *pages.criteria(library, explanation, answer.case, ids=f"c{seat}-"),
    ]
    return Fold(title, blocks, id=f"w{seat}", unfolded=unfolded or name in answer.governing)


def _sources(answer: Report) -> Section:
    both = zip(answer.comparison.names, answer.comparison.evaluations, strict=True)
    rows = [pages.source(name, each.revision) for name, each in both]
    return Section("Sources", "sources", [Table(["source", "text"], rows)], nav="Sources")


def _record(answer: Report) -> list[Block]:
    record = answer.record
    policies = ", ".join(f"{each['policy']}@{each['revision']} {each['rules'][:12]}" for each in record["policies"])
    again = (
        "The same case, policies and engine give the same record: write it with `bvn compare CASE --record FILE`, try"
        " it again with `bvn verify FILE`."
    )
    rows: list[tuple[str, Text]] = [
        ("record", Styled(record["id"], "code")),
        ("engine", ", ".join(f"{name} {version}" for name, version in record["engine"].items())),
        ("vocabulary", Styled(record["vocabulary"][:16], "code")),
        ("policies", policies),
    ]
    return [Section("Record", "record", [Pairs(rows), Paragraph(Styled(again, "dim"))], nav="Record")]
