"""What can go wrong, in the user's words: place, fault, hint."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Place:
    """Where in a file something stands; line and column count from 1, 0 means the whole file."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong with an input: where, what, and what to do about it.

    Attributes:
        code: the kind of fault, as `bvn lint` names it; empty where it has no name.
        about: the word that is at fault, as it stands in the input.
    """

    place: Place
    message: str
    hint: str = ""
    code: str = ""
    about: str = ""

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}" if self.place.path else self.message
        return f"{text}\n  hint: {self.hint}" if self.hint else text


class BvnError(Exception):
    """The question could not be asked; every error this package raises on purpose is one of these."""


class InputError(BvnError):
    """An input is at fault.

    Attributes:
        faults: every fault found, in the order of the files' lines.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(map(str, self.faults)))


class SolverError(BvnError):
    """clingo rejected a program made of valid files, or stopped short: a fault of ours, or of a policy's rules."""


def fault(message: str, hint: str = "", place: Place | None = None) -> InputError:
    """One fault as an error ready to raise; without a place when it concerns the command line."""
    return InputError([Fault(place or Place(""), message, hint)])


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """A hint that names the nearest known word, or what to do when nothing is near.

    >>> did_you_mean("modik", ["age", "modic"]), did_you_mean("zzz", ["age"], "`bvn facts` lists them")
    ('did you mean `modic`?', '`bvn facts` lists them')
    """
    names = sorted(set(known))
    near = difflib.get_close_matches(word.lower(), names, n=1, cutoff=0.6) or difflib.get_close_matches(
        word, names, n=1, cutoff=0.6
    )
    return f"did you mean `{near[0]}`?" if near else otherwise
