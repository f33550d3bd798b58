"""A user's copy of a source, read: plain text, Markdown, HTML or PDF."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from bvn_asp.anchors.words import Text, parse
from bvn_asp.errors import Place, fault

KINDS = (".txt", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf")
MOST_BYTES = 64 * 1024 * 1024
MOST_CHARACTERS = 8_000_000


def read_copy(path: str | Path) -> Text:
    """The words of a file.

    Raises: InputError: no such file, of another kind, damaged, without any words (a scan), or far too large.
    """
    path = Path(path)
    place = Place(str(path))
    kind = path.suffix.lower()
    if kind not in KINDS:
        hint = "save it as .txt, .md, .html or .pdf"
        raise fault(f"a text of the kind `{kind or path.name}` cannot be read", hint, place)
    try:
        if path.is_dir():
            raise fault("this is a folder, not a file", place=place)
        if path.stat().st_size > MOST_BYTES:
            raise fault(f"the file is over {MOST_BYTES // 2**20} MB", "is it the right file?", place)
        data = path.read_bytes()
    except OSError as error:
        raise fault(f"cannot read the file: {(error.strerror or str(error)).lower()}", place=place) from None
    raw = _from_pdf(data, place) if kind == ".pdf" else _from_bytes(data, kind, place)
    if len(raw) > MOST_CHARACTERS:
        raise fault(f"the text has {len(raw):,} characters", "is it the right file?", place)
    text = parse(raw, path.name)
    if not text.words:
        raise fault("no words are in this file", "a scan has to be made readable (OCR) first", place)
    return text


def _from_bytes(data: bytes, kind: str, place: Place) -> str:
    for encoding in ("utf-8-sig", "cp1252"):  # an old export from an office is seldom anything else
        try:
            raw = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise fault("not a text file", "save it as plain UTF-8 text", place)
    if "\0" in raw:
        raise fault("not a text file", "save it as plain UTF-8 text", place)
    raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    if kind in (".html", ".htm", ".xhtml"):
        return from_html(raw)
    if "\f" in raw:  # pages, as pdftotext prints them
        return _joined([each.splitlines() for each in raw.split("\f") if each.strip()])
    return raw


_BLOCKS = {
    *("p", "div", "br", "ul", "ol", "table", "tr", "section", "article", "header", "footer", "blockquote", "dl", "dt"),
    *("dd", "h1", "h2", "h3", "h4", "h5", "h6"),
}


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.skip = 0
        self.under: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        style = dict(attrs).get("style") or ""
        if tag in ("script", "style", "head"):
            self.skip += 1
        elif tag == "sup":
            self.out.append("^{")
        elif tag == "li":
            self.out.append("\n\n- ")
        elif tag in ("td", "th"):
            self.out.append("\t")
        elif tag in _BLOCKS:
            self.out.append("\n\n")
        if tag in ("u", "span", "ins"):
            self.under.append(tag in ("u", "ins") or "underline" in style)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "head"):
            self.skip = max(0, self.skip - 1)
        elif tag == "sup":
            self.out.append("}")
        elif tag in _BLOCKS or tag == "li":
            self.out.append("\n\n")
        if tag in ("u", "span", "ins") and self.under:
            self.under.pop()

    def handle_data(self, data: str) -> None:
        if self.skip:
            return
        if any(self.under) and data.strip() in (">", "<"):
            data = data.replace(">", "≥").replace("<", "≤")
        self.out.append(re.sub(r"\s*\n\s*", " ", data))


def from_html(html: str) -> str:
    """A page's text; `<sup>` as `^{…}`, an underlined `>` as `≥`."""
    parser = _Html()
    parser.feed(html)
    parser.close()
    return re.sub(r"\^\{\s*\}", "", "".join(parser.out))


def without_furniture(pages: list[list[str]]) -> list[list[str]]:
    """Pages without the lines that return at the head or foot of most of them, numbers aside."""
    if len(pages) < 2:
        return pages

    def key(line: str) -> str:
        return re.sub(r"\d+", "#", re.sub(r"\s+", " ", line.strip()))

    counts: Counter[str] = Counter()
    for lines in pages:
        filled = [each for each in lines if each.strip()]
        counts.update({key(each) for each in filled[:3] + filled[-3:]})
    kept = []
    for lines in pages:
        filled_at = [i for i, each in enumerate(lines) if each.strip()]
        drop = {i for i in filled_at[:3] + filled_at[-3:] if counts[key(lines[i])] * 2 > len(pages)}
        kept.append([each for i, each in enumerate(lines) if i not in drop])
    return kept


def _joined(pages: list[list[str]]) -> str:
    return "\n".join("\n".join(lines) for lines in without_furniture(pages))


def _from_pdf(data: bytes, place: Place) -> str:
    """A PDF's text; raised characters as `^{…}`, a `>` over a drawn line as `≥`.

    Character by character, since only size and height tell `40¹` from 401, and only the line tells `>` from `≥`.
    """
    try:
        import pypdfium2
    except ImportError:
        raise fault("a PDF needs the package pypdfium2", "pip install 'bvn-asp[text]', or save it as text") from None
    try:
        document = pypdfium2.PdfDocument(data)
        try:
            return _joined([_page(page).splitlines() for page in document])
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise fault(f"the PDF cannot be read: {str(error).lower()}", "does it open in a viewer?", place) from None


def _page(page: Any) -> str:
    import pypdfium2.raw as c

    bars = [each.get_bounds() for each in page.get_objects(filter=[c.FPDF_PAGEOBJ_PATH], max_depth=4)]
    flat = [(left, low, right) for left, low, right, top in bars if top - low < 2.5 and right - left < 25]
    text = page.get_textpage()
    x, y, box = ctypes.c_double(), ctypes.c_double(), c.FS_RECTF()
    out: list[str] = []
    base = main = edge = None
    raised = False
    for i in range(text.count_chars()):
        if c.FPDFText_IsGenerated(text.raw, i) == 1:
            continue
        code = c.FPDFText_GetUnicode(text.raw, i)
        char = "-" if code in (2, 0xFFFE) else chr(code)
        c.FPDFText_GetCharOrigin(text.raw, i, x, y)
        c.FPDFText_GetLooseCharBox(text.raw, i, box)
        size = (c.FPDFText_GetFontSize(text.raw, i) * _scale(text, i)) or 1.0
        if base is None or main is None or edge is None:
            base, main, edge = y.value, size, box.left
        up, gap = (y.value - base) / main, (box.left - edge) / main
        if 0.12 < up < 0.9 and size < 0.93 * main and -1 < gap < 1:
            if not raised:
                out.append("^{")
            raised = True
        else:
            if raised:
                out.append("}")
                raised = False
            if abs(up) > 0.12 or gap > 2.5 or gap < -1:
                out.append("\n\n" if up < -1.9 else "\n")
            elif gap > 0.12 and char.strip():
                out.append(" ")
            base, main = y.value, size
        if char in "<>" and any(
            low - 2 < box.left and box.right < high + 2 and -0.3 < (y.value - at) / size < 0.6 for low, at, high in flat
        ):
            char = "≥" if char == ">" else "≤"
        out.append(char)
        edge = box.right
    if raised:
        out.append("}")
    return "".join(out)


def _scale(text: Any, i: int) -> float:
    import pypdfium2.raw as c

    matrix = c.FS_MATRIX()
    return abs(matrix.d) or 1.0 if c.FPDFText_GetMatrix(text.raw, i, matrix) else 1.0
