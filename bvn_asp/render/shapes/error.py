"""Why a question could not be asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from bvn_asp.render.shape import At, Shape

if TYPE_CHECKING:
    from bvn_asp.errors import Fault


class InputFault(Shape):
    """One thing wrong with an input: where, what, and what to do about it."""

    of: Fault

    path: Annotated[str, At("place.path")]
    line: Annotated[int, At("place.line")]
    column: Annotated[int, At("place.column")]
    message: str
    hint: str


class ErrorAnswer(Shape):
    """Why a question could not be asked: on standard error, with exit status 2, wherever JSON was asked for.

    Attributes:
        faults: in the order of the files' lines; an empty path stands for the command line, line 0 for a whole file
    """

    of: Sequence[Fault]

    schema: Literal["error/1"]
    faults: list[InputFault]

    def _faults(self) -> Sequence[Fault]:
        return self.of
