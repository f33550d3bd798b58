"""Blocks that a page draws, as the plainer ones that a text and Markdown print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bvn_asp.render.blocks import (
    Block,
    Cards,
    Dates,
    Fold,
    Heading,
    Matrix,
    Met,
    NumberLine,
    Pairs,
    Paragraph,
    Passage,
    Section,
    Sides,
    Styled,
    Table,
    Text,
)

MOST_COLUMNS = 3
_FIRST = ("bad", "open", "dim", "taken", "good")


def unfolded(blocks: Iterable[Block]) -> Iterator[Block]:
    """Sections and folds taken apart into a heading and what stands below it; without content there is no heading."""
    for block in blocks:
        if isinstance(block, Section | Fold):
            inner = list(unfolded(block.blocks))
            if any(_says(each) for each in inner):
                if isinstance(block, Section):
                    yield Heading(block.title)
                else:
                    yield Paragraph(Styled(str(block.title), "strong"))
                yield from inner
        elif _says(block):
            yield block


def _says(block: Block) -> bool:
    """Whether there is anything to print of a block."""
    if isinstance(block, Table | Pairs | Matrix):
        return bool(block.rows)
    if isinstance(block, Sides):
        return any(not row.same for row in block.rows)
    return bool(block.cards) if isinstance(block, Cards) else True


def cards(block: Cards) -> Table:
    """Cards as a table: where each stands, and what there is to say of it."""
    return Table([], [[card.place, [*card.title, *card.lines]] for card in block.cards])


def sides(block: Sides) -> Table:
    """Two texts as a table of what changed; what both say is said once."""
    rows = [row for row in block.rows if not row.same]
    return Table(["change", block.about], [[row.change, list(_passage(block.names, row))] for row in rows])


def _passage(names: tuple[str, str], row: Passage) -> Iterator[Text]:
    if row.topics:
        yield Styled(", ".join(row.topics), "strong")
    old, new = ([str(line) for line in side] for side in row.sides)
    yield from (f"{names[0]}: {line}" for line in old if line not in new)
    yield from (line if line in old else f"{names[1]}: {line}" for line in new)
    yield from row.notes


def standings(block: Matrix) -> Table:
    """A matrix as a table: a column each if they are few, else who stands how, line by line."""
    if len(block.columns) <= MOST_COLUMNS:
        return matrix(block)
    return Table([], [[row.label, _standing(block, row.cells)] for row in block.rows], hang=False)


def _standing(block: Matrix, cells: Sequence[Met | None]) -> list[Text]:
    found: dict[tuple[int, str, str], list[str]] = {}
    for column, cell in zip(block.columns, cells, strict=True):
        if cell is not None:
            style = cell.status.style
            rank = _FIRST.index(style) if style in _FIRST else len(_FIRST)
            name = f"{column.name} ({cell.note})" if cell.note else str(column.name)
            found.setdefault((rank, cell.status.text, style), []).append(name)
    return [Styled(f"{word}: {'; '.join(names)}", style) for (_, word, style), names in sorted(found.items())]


def matrix(block: Matrix) -> Table:
    """A matrix as a table with a column each."""
    head = [f"{column.name}{f', {column.status}' if column.status else ''}" for column in block.columns]
    rows: list[list[Text | Sequence[Text]]] = []
    for row in block.rows:
        cells: list[Text] = [
            "" if each is None else Styled(f"{each.status} {each.note}".strip(), each.status.style)
            for each in row.cells
        ]
        rows.append([[row.label, *([Styled(row.note, "dim")] if row.note else [])], *cells])
    return Table([block.corner, *head], rows)


def bars(block: NumberLine) -> Table:
    """A number line as a table: what is left open, and by whom."""
    rows = [[each.says, ", ".join(each.names)] for each in block.bars]
    return Table(["has to be", "asked by"], [*rows, *([note, ""] for note in block.notes)])


def dates(block: Dates) -> Table:
    """Dates as a table."""
    return Table([], [[date, list(lines)] for date, lines in block.dates], hang=False)
