"""What a page is made of, before anyone knows whether it becomes text or Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Styled:
    """A text that carries a meaning a terminal may colour: good, bad, open, dim or strong."""

    text: str
    style: str = ""

    def __str__(self) -> str:
        return self.text


Text = str | Styled


@dataclass(frozen=True)
class Heading:
    """A heading."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """Running text; `indent` sets it in."""

    text: Text
    indent: int = 0


@dataclass(frozen=True)
class Pairs:
    """Labels with what stands behind them, one line each."""

    rows: Sequence[tuple[str, Text]]


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: Sequence[Text]


@dataclass(frozen=True)
class Table:
    """Rows of cells; a cell is one text or several, which stand below each other.

    Attributes:
        head: the columns' names; none are printed if empty.
        indents: for each row, how far its last column is set in.
        hang: whether the further texts of a cell are set in below its first.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[Text | Sequence[Text]]]
    indents: Sequence[int] = ()
    hang: bool = True


Block = Heading | Paragraph | Pairs | Bullets | Table


def lines_of(cell: Text | Sequence[Text]) -> list[Text]:
    """The texts of a cell, one below the other."""
    return [cell] if isinstance(cell, str | Styled) else list(cell)
