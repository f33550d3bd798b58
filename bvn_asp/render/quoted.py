"""The source's own words beside ours, from the user's own copy; nothing where the library was given no texts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.render.blocks import Styled, Text

if TYPE_CHECKING:
    from bvn_asp.anchors.editions import Quotes


def lines(library: Library, revision: Revision, entry: str) -> list[Text]:
    """The words of an entry on one line, and on another what are not the encoded words any more."""
    quotes = _quotes(library, revision)
    found = quotes.by.get(entry, ()) if quotes is not None else ()
    same = [each.words for each in found if each.status in ("exact", "moved")]
    other = [each.words for each in found if each.status not in ("exact", "moved")]
    said: list[Text] = [Styled(f"“{' … '.join(same)}”", "small")] if same else []
    return said + ([Styled(f"other words than those encoded: “{' … '.join(other)}”", "open")] if other else [])


def note(library: Library, revision: Revision) -> list[tuple[str, Text]]:
    """From which copy the words are, as a row of a head."""
    quotes = _quotes(library, revision)
    if quotes is None:
        return []
    if not quotes.file:
        return [("Words", f"no copy of {revision.name} in {library.texts}")]
    if quotes.other:
        return [("Words", Styled(f"{quotes.file} is another text, and is not quoted", "open"))]
    if not quotes.by:
        return [("Words", f"{quotes.file} is not quoted: no anchors are kept for {revision.name}")]
    return [("Words", f"in quotation marks, from your own copy {quotes.file} ({quotes.digest})")]


def _quotes(library: Library, revision: Revision) -> Quotes | None:
    if library.texts is None:
        return None
    from bvn_asp.anchors.copies import read_copy
    from bvn_asp.anchors.editions import quotes
    from bvn_asp.anchors.words import Text as Copy

    texts = library.texts

    def read(path: Path) -> Copy:
        return library.once(f"copy {path}", lambda: read_copy(path))

    return library.once(f"words of {revision.name}", lambda: quotes(revision, texts, read))
