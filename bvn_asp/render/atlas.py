"""The atlas: what every source asks for, as blocks."""

from __future__ import annotations

from collections.abc import Sequence

from bvn_asp.cases.compare import Cell, Row
from bvn_asp.cases.evaluate import Evaluation, Verdict
from bvn_asp.cases.record import engine
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Option
from bvn_asp.render import order, pages, words
from bvn_asp.render.blocks import (
    Block,
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
    Paragraph,
    Section,
    Styled,
    Table,
    Text,
)
from bvn_asp.render.lines import Left, asked, counts, held, left, members, number_line
from bvn_asp.render.words import KIND_TITLES, NOTICE
from bvn_asp.routing.claims import in_words, known_as
from bvn_asp.texts.atlas import Atlas, Limits


def page(library: Library, answer: Atlas) -> Page:
    """What is asked side by side and on number lines, what decides alone, who is stricter, what is contested."""
    wanted = library.vocabulary.request
    return Page(
        kicker="Atlas of coverage criteria" + (f": {wanted.procedure}" if wanted.procedure else ""),
        title="What every source asks for",
        tab="Atlas of coverage criteria",
        head=[
            (
                "Asked",
                "of the encoded rules, over every patient that they can describe, each text in its default reading;"
                " nothing here was put together by hand",
            )
        ],
        blocks=[
            _side_by_side(library, answer),
            _lines(library, answer),
            _facts(library, answer),
            _order(answer),
            *_contested(library, answer),
            _sources(answer),
        ],
        foot=[Paragraph(Styled(f"Made by {', '.join(f'{name} {v}' for name, v in engine().items())}.", "dim"))],
        notice=NOTICE,
    )


# -- side by side ------------------------------------------------------------------------------


def _side_by_side(library: Library, answer: Atlas) -> Section:
    both = zip(answer.names, answer.evaluations, strict=True)
    speaking = [(name, each) for name, each in both if each.verdict is not Verdict.SILENT]
    silent = [name for name in answer.names if name not in dict(speaking)]
    known = left(library, answer.limits)
    columns = [Column(Styled(n, to=f"s-{n}"), KIND_TITLES[each.revision.policy.kind]) for n, each in speaking]
    rows = [
        MatrixRow(row.label, "", [_cell(row, name, each, known) for name, each in speaking]) for row in answer.rows
    ]
    blocks: list[Block] = [Matrix("what is asked", "criteria by policy", columns, rows, kind="asked")]
    if silent:
        blocks.append(Paragraph(Styled(f"Silent, whatever is asked for: {', '.join(silent)}.", "dim")))
    about = (
        "● asked for, ⊘ excludes. Below it what an approved patient has; where that hangs on other facts too, the"
        " limit in the text."
    )
    return Section("Side by side", "matrix", blocks, nav="Side by side", wide=True, about=about)


def _cell(row: Row, name: str, evaluation: Evaluation, known: Left) -> Met | None:
    cells = [each for each in row.cells if each.name == name]
    if not cells:
        return None
    said = dict.fromkeys(filter(None, (_said(each, evaluation, known) for each in cells)))
    excludes = all(each.excludes for each in cells)
    return Met(Styled("excludes", "not") if excludes else Styled("asked", "yes"), "; ".join(said))


def _said(cell: Cell, evaluation: Evaluation, known: Left) -> str:
    """As `asked`; what an exclusion leaves is not to be read as what it excludes."""
    text = asked(cell, evaluation, known)
    return f"only {text}" if cell.excludes and text and not text.startswith("not ") else text


# -- numbers and facts -------------------------------------------------------------------------


def _lines(library: Library, answer: Atlas) -> Section:
    blocks: list[Block] = [number_line(library, each) for each in answer.limits if each.cells]
    rows: list[list[Text | Sequence[Text]]] = []
    for each in answer.limits:
        if not each.cells and (together := held(each.held)):
            said = [f"{limit}: {', '.join(names)}" for limit, names in together.items()]
            rows.append([each.slots[0].fact.replace("_", " "), said])
    if rows:
        blocks += [Heading("Limits that bind together with other facts only"), Table(["number", "limits"], rows)]
    about = (
        "The bar is what a patient can have whom the source approves, everything else being as it may; a full end"
        " belongs to it, a hollow one does not. Not to scale."
    )
    return Section("Number lines", "lines", blocks, nav="Number lines", about=about)


def _facts(library: Library, answer: Atlas) -> Section:
    """Facts with named values: which values are left, and by whom."""
    wanted = library.vocabulary.request
    rows: list[list[Text | Sequence[Text]]] = []
    for each in answer.limits:
        if each.cells or not each.bounds:
            continue
        alike: dict[tuple[str, ...], list[str]] = {}
        for bound in each.bounds:
            alike.setdefault(bound.values, []).append(bound.name)
        of = members(library, each)
        label = Line([each.slots[0].fact.replace("_", " "), *([Styled(f" {of}", "small")] if of else [])])
        must: list[Text] = [
            Line([Styled(f"{_values(each, values)}:", "strong"), f" {', '.join(names)}"])
            for values, names in alike.items()
        ]
        rows.append([label, must])
    per = f" Of facts per {wanted.one}, for one that is asked for." if wanted.members else ""
    said = (
        "What every approved patient has in common, by source: with any other value of this one fact, nothing else"
        f" helps.{per}"
    )
    folded = Fold(Styled(words.count(len(rows), "fact"), "strong"), [Table(["fact", "has to be"], rows)])
    blocks: list[Block] = [Paragraph(Styled(said, "dim")), folded] if rows else []
    return Section("Facts that decide alone", "facts", blocks, nav="Facts that decide alone")


def _values(each: Limits, values: Sequence[str]) -> str:
    """The values left, or those ruled out where these are fewer."""
    if not each.values:
        return counts(values)
    out = [value for value in each.values if value not in values]
    if len(out) < len(values):
        return "not " + " or ".join(out).replace("_", " ")
    return " or ".join(values).replace("_", " ")


# -- who is stricter ---------------------------------------------------------------------------


def _order(answer: Atlas) -> Section:
    drawn, alone = order.drawing(answer.approving, answer.pairs)
    silent = {n for n, each in zip(answer.names, answer.evaluations, strict=True) if each.verdict is Verdict.SILENT}
    refusing = [name for name in answer.names if name not in answer.approving and name not in silent]
    said = (
        "One source is stricter than another if it approves nobody whom the other turns down, and turns down somebody"
        " whom the other approves."
    )
    blocks: list[Block] = [Paragraph(Styled(said, "dim"))]
    if drawn.nodes:
        blocks.append(drawn)
    if alone:
        text = "Comparable to no other, each approving somebody whom the others turn down"
        blocks.append(Paragraph(f"{text}: {', '.join(alone)}."))
    if refusing:
        blocks.append(Paragraph(f"Approve nobody: {', '.join(refusing)}."))
    if len(answer.approving) > 1:
        legend = "Said of the policy of the row: ⊂ stricter, ⊃ looser, = the same, · neither, ∅ never both approve."
        inner: list[Block] = [Paragraph(Styled(legend, "dim")), order.table(answer.approving, answer.pairs)]
        blocks.append(Fold(Styled("Each against each", "strong"), inner))
    hint = "`bvn stricter PLAN GOVERNING` gives every way in which two of them part, each with a patient."
    blocks.append(Paragraph(Styled(hint, "dim")))
    return Section("Who is stricter than whom", "order", blocks, nav="Who is stricter")


# -- claims and sources ------------------------------------------------------------------------


def _contested(library: Library, answer: Atlas) -> list[Block]:
    cards = []
    for each in answer.contested:
        here = next(o.says for o in each.reading.options if o.name == each.reading.default)
        why = [Styled(f" {each.reading.why}", "small")] if each.reading.why else []
        claims = [
            Line([Styled(who, "strong"), f" claims: {option.says} ", Styled(_support(option), "tag")])
            for option in each.claims
            for who in [in_words(library, option.claimed_by)]
        ]
        place = Line([Styled(f"{each.reading.place}:", "small"), f" {each.reading.question}"])
        cards.append(Card([each.name], [], [place, Line([Styled("Read here:", "strong"), f" {here}", *why]), *claims]))
    blocks: list[Block] = [Cards(cards)] if cards else []
    if answer.claims:
        blocks.append(Heading("Who claims what, and whether a text bears it out"))
    for document in dict.fromkeys(each.document for each in answer.claims):
        rows: list[list[Text | Sequence[Text]]] = [
            [
                Styled(each.verdict, _BEARS.get(each.verdict, "dim"), sign=True),
                [Line([each.says, Styled(f" {each.place}", "small")]), Styled(each.why, "dim")],
                each.about,
            ]
            for each in answer.claims
            if each.document == document
        ]
        name = known_as(library, document)
        title = Line([Styled(name, "strong"), Styled(f" {words.count(len(rows), 'claim')}", "dim")])
        blocks.append(Fold(title, [Table(["borne out?", "claim", "about"], rows, kind="ledger")]))
    return [Section("Contested claims", "contested", blocks, nav="Contested claims")] if blocks else []


def _support(option: Option) -> str:
    return option.support or "not checked"


_BEARS = {
    **{"supported": "good", "contradicted": "bad", "misapplied": "bad"},
    **{"partly": "open", "cannot be checked": "open"},
}


def _sources(answer: Atlas) -> Section:
    both = list(zip(answer.names, answer.evaluations, strict=True))
    blocks: list[Block] = []
    for kind, title in KIND_TITLES.items():
        alike = [(name, each.revision) for name, each in both if each.revision.policy.kind == kind]
        rows = [pages.source(name, revision, about=True) for name, revision in alike]
        if rows:
            blocks += [Heading(title), Table(["source", "text"], rows, ids=[f"s-{row[0]}" for row in rows])]
    return Section("Sources", "sources", blocks, nav="Sources")
