"""Why a question could not be asked."""

from __future__ import annotations

from typing import Literal, TypedDict


class InputFault(TypedDict):
    """One thing wrong with an input: where, what, and what to do about it."""

    path: str
    line: int
    column: int
    message: str
    hint: str


class ErrorAnswer(TypedDict):
    """Why a question could not be asked: on standard error, with exit status 2, wherever JSON was asked for.

    Attributes:
        faults: in the order of the files' lines; an empty path stands for the command line, line 0 for a whole file
    """

    schema: Literal["error/1"]
    faults: list[InputFault]
