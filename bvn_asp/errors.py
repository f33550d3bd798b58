"""What can go wrong, in the user's words: place, fault, hint."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bvn_asp.classes import dataclass


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


def visible(text: str) -> str:
    """A text as it may be shown on a terminal: what would steer it (bells, colours, turned writing) is spelled out."""
    if text.isprintable():
        return text
    return "".join(f"\\x{ord(c):02x}" if c in _STEERING else c for c in text)


_RANGES = ((0, 9), (11, 13), (14, 32), (127, 160), (0x202A, 0x202F), (0x2066, 0x206A))
_STEERING = frozenset(chr(code) for low, high in _RANGES for code in range(low, high))


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


class Misread(BvnError):
    """A text that cannot be read as what it should be; whoever knows its place makes a fault of it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


def shown(text: str, most: int = 60) -> str:
    """A text as a message may repeat it: one line, nothing that a terminal would obey, no longer than a line takes."""
    plain = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text[: most + 1])
    return plain if len(text) <= most else plain[: most - 1] + "…"


def did_you_mean(
    word: str, known: Iterable[str], otherwise: str = "", same_digits: bool = False, same_start: bool = False
) -> str:
    """A hint that names the nearest known word, or what to do when nothing is near.

    Near is a whole part of a longer name, or few letters added, left out, changed or swapped (rapidfuzz); of several as
    near, the one that begins alike.

    >>> did_you_mean("modik", ["age", "modic"]), did_you_mean("zzz", ["age"], "`bvn facts` lists them")
    ('did you mean `modic`?', '`bvn facts` lists them')

    Args:
        same_digits: a name with other digits is another thing, however near (`type_3` for `type_2`).
        same_start: so is a word that begins with another letter (`none` for `done`).
    """
    wanted = _folded(word)
    if not wanted or len(word) > 100:
        return otherwise
    named = sorted(set(known))
    whole = [name for name in named if wanted in _folded(name).split("_") or _folded(name).startswith(f"{wanted}_")]
    if whole and len(wanted) > 2 and wanted not in map(_folded, named):
        listed = ", ".join(f"`{name}`" for name in whole[:3])
        return f"did you mean {listed}?" if len(whole) == 1 else f"which of {listed}{', …' if whole[3:] else ''}?"
    near = nearest(word, named, same_digits, same_start)
    return f"did you mean `{near}`?" if near else otherwise


def nearest(word: str, known: Iterable[str], same_digits: bool = False, same_start: bool = False) -> str:
    """The known word that differs in few letters, as `did_you_mean` counts them; nothing if none is near."""
    from rapidfuzz.distance import OSA

    wanted = _folded(word)
    if not wanted or len(word) > 100:
        return ""
    best: tuple[int, int, str] | None = None
    for name in sorted(set(known)):
        other = _folded(name)
        if same_digits and re.sub(r"\D", "", wanted) != re.sub(r"\D", "", other):
            continue
        if same_start and wanted[0] != other[:1]:
            continue
        far = OSA.distance(wanted, other)
        if far * 3 > min(len(wanted), len(other)) and far * 3 > max(len(wanted), len(other)) - 1:
            continue
        key = (far, -_alike(wanted, other), name)
        best = key if best is None or key < best else best
    return best[2] if best else ""


def _alike(first: str, second: str) -> int:
    """How many letters two words have in common before they part."""
    shorter = min(len(first), len(second))
    return next((i for i in range(shorter) if first[i] != second[i]), shorter)


def _folded(word: str) -> str:
    return re.sub(r"[\s-]+", "_", word.strip().lower())
