"""Blocks as a document for a word processor, by python-docx; the same bytes from run to run."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from bvn_asp.errors import fault, visible
from bvn_asp.files import written
from bvn_asp.render.blocks import Block, Bullets, Heading, Page, Pairs, Paragraph, Styled, Table, Text, lines_of
from bvn_asp.render.plain import unfolded

_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_docx(page: Page, path: str | Path) -> None:
    """Write a page as DOCX.

    Raises: InputError: python-docx is not there, or nothing can be written.
    """
    made = to_docx(page)
    with written(Path(path)) as file:
        file.write(made)


def to_docx(page: Page) -> bytes:
    """A page as DOCX, without the day on which it was made."""
    try:
        import docx
    except ImportError:
        raise fault("a letter as DOCX needs python-docx", "pip install 'bvn-asp[letters]'") from None
    document = docx.Document()
    document.core_properties.title = visible(page.tab or page.title)
    document.core_properties.author = ""
    document.add_heading(visible(page.title), 0)
    if page.head:
        _block(document, Pairs(page.head))
    for block in unfolded([*page.blocks, *page.foot]):
        _block(document, block)
    _text(document.add_paragraph(), Styled(page.notice, "dim"))
    raw = io.BytesIO()
    document.save(raw)
    return _undated(raw)


def _undated(raw: io.BytesIO) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda each: (each != "[Content_Types].xml", each)):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return made.getvalue()


def _text(paragraph: Any, text: Text) -> None:
    run = paragraph.add_run(visible(str(text)))
    if isinstance(text, Styled):
        run.bold = text.style in ("strong", "bad")
        run.italic = text.style in ("dim", "open")


def _block(document: Any, block: Block) -> None:
    if isinstance(block, Heading):
        document.add_heading(visible(block.text), 2)
    elif isinstance(block, Paragraph):
        _text(document.add_paragraph(), block.text)
    elif isinstance(block, Bullets):
        for item in block.items:
            _text(document.add_paragraph(style="List Bullet"), item)
    elif isinstance(block, Pairs):
        _rows(document, [(Styled(label, "strong"), text) for label, text in block.rows])
    elif isinstance(block, Table):
        head = [tuple(Styled(name, "strong") for name in block.head)] if block.head else []
        _rows(document, [*head, *(tuple(row) for row in block.rows)])
    else:
        raise TypeError(f"a letter has no {type(block).__name__}")


def _rows(document: Any, rows: Any) -> None:
    columns = max((len(row) for row in rows), default=0)
    if not columns:
        return
    from docx.oxml import OxmlElement

    table = document.add_table(rows=0, cols=columns, style="Table Grid")
    for row in rows:
        added = table.add_row()
        added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # a row stays on one page
        cells = added.cells
        for cell, content in zip(cells, row, strict=False):
            for number, text in enumerate(lines_of(content)):
                _text(cell.paragraphs[0] if number == 0 else cell.add_paragraph(), text)
    if columns == 2:
        from docx.shared import Cm

        table.autofit = False
        for column, width in zip(table.columns, (Cm(4), Cm(11.2)), strict=True):
            column.width = width
            for cell in column.cells:
                cell.width = width
