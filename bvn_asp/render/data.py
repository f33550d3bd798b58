"""Answers as data for programs: plain dicts and lists, ready to be written as JSON; each says which schema it keeps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bvn_asp.render.shapes import shape_of

if TYPE_CHECKING:
    from bvn_asp.model.library import Library


def to_json(data: Any) -> str:
    """Data as JSON text, the same bytes for the same data."""
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def data(library: Library | None, word: str, answer: object, **given: Any) -> dict[str, Any]:
    """An answer as dicts and lists, in the shape that stands under its word in `shapes.ANSWERS`.

    Args:
        library: that was asked; none is needed for faults.
        given: what the command knows beside the answer; the shape says which.
    """
    return shape_of(word)(answer, library, None, given).data()
