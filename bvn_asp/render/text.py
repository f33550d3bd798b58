"""Blocks as plain text, wrapped to a width, coloured on a terminal only."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never
from unicodedata import category, combining, east_asian_width

import click

from bvn_asp.errors import visible
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
from bvn_asp.render.plain import cards, dates, sides, standings, unfolded

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
    for block in unfolded(blocks):
        made = list(_block(block, width, colour))
        if lines and made and not (isinstance(block, Paragraph) and block.indent):
            lines.append("")
        lines += made
    return "\n".join(line.rstrip() for line in lines) + "\n"


def terminal_width() -> int:
    """The width to write to: the terminal's within reason, 80 in a pipe, `COLUMNS` wherever it is set."""
    if "COLUMNS" not in os.environ and not sys.stdout.isatty():
        return 80
    import shutil  # slow to import, and only a terminal needs it

    return max(NARROW, min(WIDE, shutil.get_terminal_size((80, 24)).columns))


def wants_colour() -> bool:
    """Whether to colour: on a terminal, unless `NO_COLOR` is set or the terminal is dumb."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _paint(text: str, style: str, colour: bool) -> str:
    return click.style(text, **STYLES[style]) if colour and style in STYLES and text else text  # type: ignore[arg-type]


def _wrap(text: Text, width: int, indent: int = 0, hang: int = 0) -> list[tuple[str, str]]:
    """The lines of a text with their style, none wider than the width; a word too long for a line is broken."""
    style = text.style if isinstance(text, Styled) else ""
    lines: list[str] = []
    line, used, begun = " " * indent, 0, False
    for gap, word in re.findall(r"(\s*)(\S+)", visible(str(text))):
        room = max(1, width - (indent + hang if lines else indent))
        if begun and used + len(gap) + columns_of(word) <= room:
            line, used = f"{line}{' ' * len(gap)}{word}", used + len(gap) + columns_of(word)
            continue
        if begun:
            lines.append(line)
        room = max(1, width - (indent + hang if lines else indent))
        *whole, rest = _broken(word, room, max(1, width - indent - hang))
        for piece in whole:
            lines.append(" " * (indent + hang if lines else indent) + piece)
        line, used = " " * (indent + hang if lines else indent) + rest, columns_of(rest)
        begun = True
    return [(each, style) for each in [*lines, line]]


def _broken(word: str, first: int, then: int) -> list[str]:
    """A word in pieces: one for the room that is left on its first line, the others for the lines after it."""
    pieces, piece, used, room = [], "", 0, first
    for character in word:
        wide = columns_of(character)
        if piece and used + wide > room:
            pieces.append(piece)
            piece, used, room = "", 0, then
        piece, used = piece + character, used + wide
    return [*pieces, piece]


def columns_of(text: str) -> int:
    """How many columns of a terminal a text takes: characters of East Asia two, accents that combine none."""
    if text.isascii():
        return len(text)
    marks = sum(bool(combining(each)) or category(each) in ("Mn", "Me", "Cf") for each in text)
    return len(text) - marks + sum(east_asian_width(each) in ("W", "F") for each in text)


def _filled(text: str, width: int) -> str:
    return text + " " * (width - columns_of(text))


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
        label_width = max((columns_of(label) for label, _ in block.rows), default=0) + 2
        for label, text in block.rows:
            for i, (piece, style) in enumerate(_wrap(text, width - label_width)):
                shown = _filled(label if i == 0 else "", label_width)
                yield _paint(shown, "dim", colour) + _paint(piece, style, colour)
    elif isinstance(block, Table):
        yield from _table(block, width, colour)
    elif isinstance(block, Cards):
        yield from _table(cards(block), width, colour)
    elif isinstance(block, Sides):
        yield from _table(sides(block), width, colour)
    elif isinstance(block, Matrix):
        yield from _table(standings(block), width, colour)
    elif isinstance(block, NumberLine):
        yield from _number_line(block, width, colour)
    elif isinstance(block, Order):
        yield from _block(Bullets(block.said), width, colour)
    elif isinstance(block, Dates):
        yield from _block(dates(block), width, colour)
    else:
        assert not isinstance(block, Fold | Section), "these were taken apart"
        assert_never(block)


RANGE, POINT = 8, 3
"""How many characters a stretch of a number line takes: between two limits, and a number by itself."""


def _number_line(block: NumberLine, width: int, colour: bool) -> Iterator[str]:
    """Bars of characters: `[==` where the end belongs to it, `(==` where it does not, `.` where nothing is left."""
    about = Styled(f"{f' ({block.of})' if block.of else ''}: {block.about}", "dim")
    label, rest = _wrap(f"{block.label}{about}", width), len(block.label)
    for number, (piece, _) in enumerate(label):
        shown = piece[:rest] if number == 0 else ""
        yield _paint(shown, "strong", colour) + _paint(piece[len(shown) :], "dim", colour)
    points = sum(each.point for each in block.stretches)
    ranges = len(block.stretches) - points
    each_range = max(4, min(RANGE, (width // 2 - POINT * points) // max(1, ranges)))
    starts = [0]
    for stretch in block.stretches:
        starts.append(starts[-1] + (POINT if stretch.point else each_range))
    if block.bars:
        scale = ""
        for stretch, start in zip(block.stretches, starts, strict=False):
            place = start + (1 if stretch.point else 0)
            if stretch.tick and len(scale) < place + (not scale):
                scale = f"{scale:{place}}{stretch.tick}"
        yield _paint(f"  {scale}", "dim", colour)
    for bar in block.bars:
        drawn = ["."] * starts[-1]
        for run in bar.runs:
            first, last = starts[run.first], starts[run.last + 1] - 1
            drawn[first : last + 1] = "=" * (last + 1 - first)
            if run.left:
                drawn[first] = "[" if run.left == "closed" else "("
            if run.right:
                drawn[last] = "]" if run.right == "closed" else ")"
        said = _wrap(f"{bar.says}: {', '.join(bar.names)}", max(20, width - starts[-1] - 4))
        for number, (piece, _) in enumerate(said):
            yield f"  {''.join(drawn) if number == 0 else ' ' * starts[-1]}  {piece}"
    for note in block.notes:
        for piece, _ in _wrap(note, width, 2, 2):
            yield _paint(piece, "dim", colour)


def _table(table: Table, width: int, colour: bool) -> Iterator[str]:
    widths = _widths(table, width)
    if table.head:
        names = [_wrap(name, w) for name, w in zip(table.head, widths, strict=False)]
        for level in range(max(map(len, names))):
            pieces = [name[level][0] if level < len(name) else "" for name in names]
            line = "  ".join(_filled(piece, w) for piece, w in zip(pieces, widths, strict=False))
            yield _paint(line.rstrip(), "dim", colour)
    set_in = 2 if table.hang else 0
    for number, row in enumerate(table.rows):
        indent = min(table.indents[number] if number < len(table.indents) else 0, widths[-1] // 2)
        stacks = []
        for i, cell in enumerate(row):
            last = i == len(widths) - 1
            shift = indent if last else 0
            stacks.append(
                [
                    (" " * shift + piece, style)
                    for k, text in enumerate(lines_of(cell))
                    for piece, style in _wrap(text, widths[i] - shift, set_in * (k > 0 and last), 2)
                ]
            )
        for level in range(max(len(stack) for stack in stacks)):
            parts = []
            for stack, w in zip(stacks, widths, strict=False):
                piece, style = stack[level] if level < len(stack) else ("", "")
                parts.append(_paint(piece, style, colour) + " " * (w - columns_of(piece)))
            yield "  ".join(parts).rstrip()


def _widths(table: Table, width: int) -> list[int]:
    """How wide each column is: together with the gaps never more than the width.

    The last column, which holds the running text, takes what the others leave, and the others give way, the widest
    first: down to their longest words while it has less than 30 columns, and below that only where the row would be
    wider than the page.
    """
    count = max((len(row) for row in table.rows), default=len(table.head))
    if not count:
        return []
    natural, longest = [1] * count, [1] * count
    for row in [list(table.head), *table.rows]:
        for i, cell in enumerate(row):
            for text in lines_of(cell):
                natural[i] = max(natural[i], columns_of(str(text)))
                longest[i] = max([longest[i], *(columns_of(word) for word in str(text).split())])
    room = width - 2 * (count - 1)
    others = natural[:-1]

    def narrow(least: Sequence[int], wanted: int) -> None:
        while room - sum(others) < wanted:
            wide = [i for i, each in enumerate(others) if each > least[i]]
            if not wide:
                return
            others[max(wide, key=others.__getitem__)] -= 1

    narrow([max(14, each) for each in longest], 30)
    narrow([4] * len(others), min(16, max(natural[-1], 1)))
    return [*others, max(1, min(max(natural[-1], 16), room - sum(others)))]
