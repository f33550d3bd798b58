"""Blocks as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import assert_never

from bvn_asp.render.blocks import (
    Block,
    Bullets,
    Cards,
    Dates,
    Fold,
    Heading,
    Matrix,
    NumberLine,
    Order,
    Pairs,
    Paragraph,
    Section,
    Sides,
    Styled,
    Table,
    Text,
    lines_of,
)
from bvn_asp.render.plain import bars, cards, dates, matrix, sides, unfolded


def to_markdown(blocks: Iterable[Block]) -> str:
    """Blocks as Markdown; texts are escaped, so that what a case says is never markup."""
    return "\n\n".join("\n".join(_block(block)) for block in unfolded(blocks)) + "\n"


def _escape(text: Text) -> str:
    plain = re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", " ".join(str(text).split()))
    strong = isinstance(text, Styled) and text.style in ("bad", "strong")
    return f"**{plain}**" if strong and plain else plain


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"## {_escape(block.text)}"
    elif isinstance(block, Paragraph):
        yield _escape(block.text)
    elif isinstance(block, Bullets):
        for item in block.items:
            yield f"- {_escape(item)}"
    elif isinstance(block, Pairs):
        for label, text in block.rows:
            yield f"- **{_escape(label)}**: {_escape(text)}" if label else f"  - {_escape(text)}"
    elif isinstance(block, Cards):
        yield from _block(cards(block))
    elif isinstance(block, Sides):
        yield from _block(sides(block))
    elif isinstance(block, Matrix):
        yield from _block(matrix(block))
    elif isinstance(block, NumberLine):
        yield f"**{_escape(block.label)}**{f' ({_escape(block.of)})' if block.of else ''}: {_escape(block.about)}"
        yield ""
        yield from _block(bars(block))
    elif isinstance(block, Order):
        yield from _block(Bullets(block.said))
    elif isinstance(block, Dates):
        yield from _block(dates(block))
    elif isinstance(block, Table):
        columns = max([len(block.head), *(len(row) for row in block.rows)])
        head = [*block.head, *[""] * (columns - len(block.head))]
        yield "| " + " | ".join(_escape(name) for name in head) + " |"
        yield "|" + " --- |" * columns
        for number, row in enumerate(block.rows):
            indent = block.indents[number] if number < len(block.indents) else 0
            cells = ["<br>".join(_escape(text) for text in lines_of(cell)) for cell in row]
            cells[-1] = "&emsp;" * (indent // 2) + cells[-1]
            yield "| " + " | ".join(cells) + " |"
    else:
        assert not isinstance(block, Fold | Section), "these were taken apart"
        assert_never(block)
