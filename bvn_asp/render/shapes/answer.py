"""What answers have in common."""

from __future__ import annotations

from bvn_asp.render.shape import Shape
from bvn_asp.render.shapes.chart import CaseAsRead
from bvn_asp.render.words import NOTICE


class Answer(Shape):
    """An answer, which says which schema it keeps."""

    schema: str


class Noticed(Answer):
    """An answer that says what it is, and what it is not."""

    notice: str

    def _notice(self) -> str:
        return NOTICE


class CaseAnswer(Noticed):
    """An answer about a case."""

    case: CaseAsRead
