"""Blocks as a page: one file that carries its style and script, asks the network for nothing and escapes every text."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, assert_never

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bvn_asp.render.blocks import (
    Block,
    Bullets,
    Card,
    Cards,
    Dates,
    Fold,
    Heading,
    Line,
    Matrix,
    MatrixRow,
    NumberLine,
    Order,
    Page,
    Pairs,
    Paragraph,
    Passage,
    Section,
    Sides,
    Styled,
    Table,
    Text,
    lines_of,
)
from bvn_asp.render.drawings import dates, number_line, order
from bvn_asp.render.words import NOTICE

TEMPLATES = Path(__file__).parent / "templates"
_TAGS = {"strong": "b", "small": "small", "code": "code"}
_CLASSES = {"dim": "soft"}
DEEPEST = 5
_ON = {True: Markup(" checked"), False: ""}


def to_html(page: Page) -> str:
    """A page with everything that its answer holds."""
    writer = _Writer()
    sections = [each for each in (*page.blocks, *page.foot) if isinstance(each, Section)]
    made: str = _shell().render(
        tab=page.tab or _capital(page.title),
        kicker=page.kicker,
        title=_capital(page.title),
        head=_pairs(page.head),
        tally=_tally(page.tally),
        notice=page.notice or NOTICE,
        nav=[each for each in sections if each.nav],
        main=writer.blocks(page.blocks, 2),
        foot=writer.blocks(page.foot, 2),
        last=NOTICE,
    )
    return made


def to_article(page: Page) -> str:
    """What a page says, without style and script, to stand within another one."""
    writer = _Writer()
    made: str = (
        _environment()
        .get_template("article.html.j2")
        .render(
            kicker=page.kicker,
            title=_capital(page.title),
            head=_pairs(page.head),
            notice=page.notice or NOTICE,
            main=writer.blocks(page.blocks, 3),
            foot=writer.blocks(page.foot, 3),
        )
    )
    return made


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _shell() -> Any:
    made = _environment()
    script = (TEMPLATES / "page.js").read_text(encoding="utf-8").strip()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    made.globals |= {
        "style": Markup((TEMPLATES / "page.css").read_text(encoding="utf-8").strip()),
        "script": Markup(script),
        # Nothing may be fetched, and no script runs but ours: a second wall behind the escaping.
        "wall": f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; form-action 'none'",
    }
    return made.get_template("page.html.j2")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _tag(name: str, *inner: object, **attributes: str | bool | None) -> Markup:
    """An element; attributes that are empty are left out, and `cls` is its class.

    Put together as plain text, each part escaped: a page has thousands, and a format of Markup costs far more.
    """
    written = ""
    for key, value in attributes.items():
        if value:
            called = "class" if key == "cls" else key.replace("_", "-")
            written += f" {called}" if value is True else f' {called}="{escape(value)}"'
    said = "".join([each if type(each) is Markup else escape(each) for each in inner])
    return Markup(f"<{name}{written}>{said}</{name}>")


def inline(text: Text) -> Markup:
    """A text inside a line."""
    if isinstance(text, Line):
        return Markup("").join(map(inline, text.parts))
    if not isinstance(text, Styled):
        return escape(text)
    made = escape(text.text)
    if text.to:
        if text.to.startswith(("https://", "http://")):
            made = _tag("a", made, href=text.to, rel="noreferrer")
        elif not re.match(r"[a-z]+:", text.to):  # an address that is none of the web's is no link
            made = _tag("a", made, href=f"#{text.to}")
    style = _CLASSES.get(text.style, text.style)
    if text.sign:
        return _tag("span", made, cls=f"sign {text.style}")
    return _tag(_TAGS.get(style, "span"), made, cls="" if style in _TAGS else style) if style else made


def _paragraph(text: Text, name: str = "p") -> Markup:
    """A text as an element of its own; its style becomes the element's."""
    if isinstance(text, Styled) and text.style and text.style not in _TAGS and not text.sign and not text.to:
        return _tag(name, text.text, cls=_CLASSES.get(text.style, text.style))
    return _tag(name, inline(text))


def _stack(cell: Text | Sequence[Text]) -> Markup:
    """The texts of a cell: the first as it is, the others as paragraphs below it."""
    lines = lines_of(cell)
    if not lines:
        return Markup("")
    return Markup("").join([inline(lines[0]), *map(_paragraph, lines[1:])])


def _pairs(rows: Sequence[tuple[str, Text]]) -> Markup:
    inner = [_tag("dt", label) + _paragraph(text, "dd") for label, text in rows]
    return _tag("dl", *inner, cls="head") if rows else Markup("")


def _tally(tally: Sequence[tuple[int, Styled]]) -> Markup:
    items = [_tag("li", _tag("b", number), inline(word), cls=word.style) for number, word in tally]
    return _tag("ul", *items, cls="tally", aria_label="how many") if items else Markup("")


class _Writer:
    """Blocks as markup; headings get ids, so that a table is called what stands above it."""

    def __init__(self) -> None:
        self.headings = 0
        self.above = ""

    def blocks(self, blocks: Iterable[Block], level: int) -> Markup:
        """Blocks one after the other, folds that follow each other together."""
        made = []
        for folds, listed in groupby(blocks, key=lambda each: isinstance(each, Fold)):
            inner = Markup("\n").join(self.block(each, level) for each in listed)
            made.append(_tag("div", inner, cls="folds") if folds else inner)
        return Markup("\n").join(made)

    def block(self, block: Block, level: int) -> Markup:
        """One block; a heading in it is of the level."""
        if isinstance(block, Heading):
            self.headings += 1
            self.above = f"h-{self.headings}"
            return _tag(f"h{level}", block.text, id=self.above)
        if isinstance(block, Paragraph):
            return _paragraph(block.text)
        if isinstance(block, Pairs):
            return _pairs(block.rows)
        if isinstance(block, Bullets):
            return _tag("ul", *(_paragraph(item, "li") for item in block.items))
        if isinstance(block, Table):
            return self.table(block)
        if isinstance(block, Cards):
            return _tag("div", *(self.card(each) for each in block.cards), cls="cards")
        if isinstance(block, Sides):
            return _sides(block)
        if isinstance(block, Matrix):
            return _matrix(block)
        if isinstance(block, NumberLine):
            return number_line(block)
        if isinstance(block, Order):
            return order(block)
        if isinstance(block, Dates):
            return _dates(block)
        if isinstance(block, Fold):
            return self.fold(block, level)
        if isinstance(block, Section):
            return self.section(block)
        assert_never(block)

    def section(self, block: Section) -> Markup:
        """A part of the page with its heading and its switches."""
        self.above = block.id
        switches = [
            _tag("label", Markup('<input type="checkbox" id="{}"{}> ').format(each.id, _ON[each.on]), each.text)
            for each in block.switches
        ]
        if block.folding:
            switches = [_tag("span", id="folding", cls="controls"), *switches]
        return _tag(
            "section",
            _tag("h2", block.title, id=block.id),
            _tag("p", inline(block.about), cls="soft") if block.about else "",
            _tag("div", *switches, cls="controls") if switches else "",
            self.blocks(block.blocks, 3),
            aria_labelledby=block.id,
            cls="sideways" if block.wide else "",
        )

    def fold(self, block: Fold, level: int) -> Markup:
        """What is shown on demand."""
        inner = _tag("div", self.blocks(block.blocks, level), cls="fold")
        return _tag("details", _tag("summary", inline(block.title)), inner, id=block.id, open=block.unfolded)

    def card(self, card: Card) -> Markup:
        """A card with its heading."""
        places = [_tag("small", each) if card.title else escape(each) for each in map(str, card.place)]
        title = [*zip([*places, *[Markup("")] * len(card.title)], card.title, strict=False)]
        shown = Markup("<br>").join(Markup("{} {}").format(place, inline(text)) for place, text in title)
        return _tag("div", _tag("h3", shown or Markup(", ").join(places)), *map(_paragraph, card.lines), cls="card")

    def table(self, block: Table) -> Markup:
        """A table; a worksheet's rows carry their status, how deep they stand, and whether they are a group."""
        head = _tag("thead", _tag("tr", *(_tag("th", name, scope="col") for name in block.head))) if block.head else ""
        rows = Markup("\n").join(self.row(block, number, row) for number, row in enumerate(block.rows))
        return _tag("table", head, _tag("tbody", rows), cls=block.kind, aria_labelledby=self.above)

    def row(self, block: Table, number: int, row: Sequence[Text | Sequence[Text]]) -> Markup:
        """One row of a table."""
        kept = block.ids[number] if block.ids else ""
        if block.kind == "sheet":
            status, what = lines_of(row[0])[0], lines_of(row[-1])[0]
            indent = block.indents[number] // 2 if block.indents else 0
            group = isinstance(what, Styled) and what.style == "strong"
            mark = status.style if isinstance(status, Styled) else ""
            cells = [_tag("td", str(status).lower()), _tag("td", ", ".join(map(str, lines_of(row[1]))))]
            last = [str(what) if group else inline(what), *map(_paragraph, lines_of(row[-1])[1:])]
            kind = f"d{min(indent, DEEPEST)}{' g' if group else ''} {mark}".rstrip()
            return _tag("tr", *cells, _tag("td", *last), id=kept, cls=kind)
        named = block.kind != "ledger" and any(map(str, lines_of(row[0])))
        first = _tag("th", _stack(row[0]), scope="row") if named else _tag("td", _stack(row[0]))
        cls = "governs" if number in block.marked else ""
        return _tag("tr", first, *(_tag("td", _stack(cell)) for cell in row[1:]), id=kept, cls=cls)


def _sides(block: Sides) -> Markup:
    head = [_tag("th", name, scope="col") for name in ("change", *block.names)]
    return _tag(
        "table",
        _tag("caption", f"{block.names[0]} and {block.names[1]}, side by side", cls="hid"),
        _tag("thead", _tag("tr", *head)),
        *(_tag("tbody", *_passage(row), cls="same" if row.same else "") for row in block.rows),
        cls="sides",
    )


def _passage(row: Passage) -> Iterator[Markup]:
    said = [_tag("p", ", ".join(row.topics), cls="soft")] if row.topics else []
    span = "2" if row.notes else ""
    first = _tag("td", _tag("span", row.change.text, cls=f"change {row.change.style}"), *said, rowspan=span)
    nothing = _tag("p", "nothing", cls="soft")
    sides = (_tag("td", *(map(_paragraph, side) if side else [nothing])) for side in row.sides)
    yield _tag("tr", first, *sides)
    if row.notes:
        yield _tag("tr", _tag("td", *map(_paragraph, row.notes), colspan="2"), cls="notes")


def _scrolled(inner: Markup, label: str) -> Markup:
    return _tag("div", inner, cls="wide", tabindex="0", role="region", aria_label=label)


def _matrix(block: Matrix) -> Markup:
    if not block.columns or not block.rows:
        return Markup("")
    groups = [(title, len(list(listed))) for title, listed in groupby(block.columns, key=lambda each: each.group)]
    spans = [_tag("colgroup", span=str(wide)) for _, wide in groups]
    above = [_tag("th", title, scope="colgroup", colspan=str(wide), cls="group first") for title, wide in groups]
    firsts = {sum(wide for _, wide in groups[:number]) for number in range(len(groups))}
    names = []
    for number, column in enumerate(block.columns):
        marked = f" ({column.marked})" if column.marked else ""
        shown = Styled(f"{column.name}{marked}", to=column.name.to)
        cls = f"{'first ' * (number in firsts)}{'governs' * bool(column.marked)}".strip()
        status = inline(column.status) if column.status else ""
        names.append(_tag("th", _tag("div", inline(shown), cls="name"), status, scope="col", cls=cls))
    head = _tag(
        "thead",
        _tag("tr", _tag("td"), *above) if any(title for title, _ in groups) else "",
        _tag("tr", _tag("th", block.corner, scope="col"), *names, cls="names"),
    )
    rows = Markup("\n").join(_matrix_row(row, firsts) for row in block.rows)
    label = Markup('<colgroup><col class="label"></colgroup>')
    caption = _tag("caption", block.caption, cls="hid")
    return _scrolled(
        _tag(
            "table",
            *(caption, label, *spans, head, _tag("tbody", rows)),
            cls=f"matrix {block.kind}",
            style=f"--columns: {len(block.columns)}",
        ),
        block.caption,
    )


def _matrix_row(row: MatrixRow, firsts: set[int]) -> Markup:
    note = Markup(" {}").format(_tag("small", row.note)) if row.note else ""
    made = [_tag("th", row.label, note, scope="row")]
    for number, cell in enumerate(row.cells):
        first = "first" if number in firsts else ""
        if cell is None:
            made.append(_tag("td", cls=first))
            continue
        asks = _tag("small", cell.note) if cell.note else ""
        word = _tag("i", cell.status.text)
        inner = _tag("a", word, asks, href=f"#{cell.status.to}") if cell.status.to else word + asks
        made.append(_tag("td", inner, cls=f"{cell.status.style} {first}".strip()))
    return _tag("tr", *made, cls="same" if row.same else "")


def _dates(block: Dates) -> Markup:
    items = []
    for date, lines in block.dates:
        said = Markup("; ").join(map(inline, lines))
        items.append(_tag("li", _tag("b", date), Markup(" "), said))
    drawn = _tag("div", dates(block), cls="wide")
    title = _tag("figcaption", block.title, cls="soft")
    return _tag("figure", title, drawn, _tag("ol", *items, start="0"))
