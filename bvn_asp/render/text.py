"""Blocks as plain text, wrapped to a width, coloured on a terminal only."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator

import click

from bvn_asp.render.blocks import Block, Bullets, Heading, Pairs, Paragraph, Styled, Table, Text, lines_of

STYLES: dict[str, dict[str, object]] = {
    "good": {"fg": "green"},
    "bad": {"fg": "red", "bold": True},
    "open": {"fg": "yellow"},
    "dim": {"dim": True},
    "strong": {"bold": True},
}
NARROW, WIDE = 60, 110


def to_text(blocks: Iterable[Block], width: int = 80, colour: bool = False) -> str:
    """Blocks as text, no line longer than the width where words allow it."""
    lines: list[str] = []
    for block in blocks:
        made = list(_block(block, width, colour))
        if lines and made and not (isinstance(block, Paragraph) and block.indent):
            lines.append("")
        lines += made
    return "\n".join(line.rstrip() for line in lines) + "\n"


def terminal_width() -> int:
    """The width to write to: the terminal's within reason, 80 in a pipe, `COLUMNS` wherever it is set."""
    if "COLUMNS" not in os.environ and not sys.stdout.isatty():
        return 80
    return max(NARROW, min(WIDE, shutil.get_terminal_size((80, 24)).columns))


def wants_colour() -> bool:
    """Whether to colour: on a terminal, unless `NO_COLOR` is set or the terminal is dumb."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _paint(text: str, style: str, colour: bool) -> str:
    return click.style(text, **STYLES[style]) if colour and style and text else text  # type: ignore[arg-type]


def _wrap(text: Text, width: int, indent: int = 0, hang: int = 0) -> list[tuple[str, str]]:
    """The lines of a text with their style."""
    style = text.style if isinstance(text, Styled) else ""
    pieces = textwrap.wrap(
        str(text),
        max(width, 16),
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + hang),
        break_on_hyphens=False,
        break_long_words=False,
    )
    return [(piece, style) for piece in pieces or [""]]


def _block(block: Block, width: int, colour: bool) -> Iterator[str]:
    if isinstance(block, Heading):
        for piece, _ in _wrap(block.text, width):
            yield _paint(piece, "strong", colour)
    elif isinstance(block, Paragraph):
        for piece, style in _wrap(block.text, width, block.indent):
            yield _paint(piece, style, colour)
    elif isinstance(block, Bullets):
        for item in block.items:
            for i, (piece, style) in enumerate(_wrap(item, width - 4)):
                yield ("  - " if i == 0 else "    ") + _paint(piece, style, colour)
    elif isinstance(block, Pairs):
        label_width = max((len(label) for label, _ in block.rows), default=0) + 2
        for label, text in block.rows:
            for i, (piece, style) in enumerate(_wrap(text, width - label_width)):
                shown = (label if i == 0 else "").ljust(label_width)
                yield _paint(shown, "dim", colour) + _paint(piece, style, colour)
    else:
        yield from _table(block, width, colour)


def _table(table: Table, width: int, colour: bool) -> Iterator[str]:
    columns = max((len(row) for row in table.rows), default=len(table.head))
    natural, longest = [0] * columns, [0] * columns
    for row in [list(table.head), *table.rows]:
        for i, cell in enumerate(row):
            for text in lines_of(cell):
                natural[i] = max(natural[i], len(str(text)))
                longest[i] = max([longest[i], *(len(word) for word in str(text).split())])
    room = width - sum(natural[:-1]) - 2 * (columns - 1)
    while room < 30:
        wide = [i for i in range(columns - 1) if natural[i] > max(14, longest[i])]
        if not wide:
            break
        natural[max(wide, key=natural.__getitem__)] -= 1
        room += 1
    widths = [*natural[:-1], max(16, min(natural[-1], room))] if columns else []
    if table.head:
        names = [_wrap(name, w) for name, w in zip(table.head, widths, strict=False)]
        for level in range(max(map(len, names))):
            pieces = [name[level][0] if level < len(name) else "" for name in names]
            line = "  ".join(piece.ljust(w) for piece, w in zip(pieces, widths, strict=False))
            yield _paint(line.rstrip(), "dim", colour)
    set_in = 2 if table.hang else 0
    for number, row in enumerate(table.rows):
        indent = table.indents[number] if number < len(table.indents) else 0
        stacks = []
        for i, cell in enumerate(row):
            shift = indent if i == columns - 1 else 0
            stacks.append(
                [
                    (" " * shift + piece, style)
                    for k, text in enumerate(lines_of(cell))
                    for piece, style in _wrap(text, widths[i] - shift, set_in * (k > 0 and i == columns - 1), 2)
                ]
            )
        for level in range(max(len(stack) for stack in stacks)):
            parts = []
            for stack, w in zip(stacks, widths, strict=False):
                piece, style = stack[level] if level < len(stack) else ("", "")
                parts.append(_paint(piece, style, colour) + " " * (w - len(piece)))
            yield "  ".join(parts).rstrip()
