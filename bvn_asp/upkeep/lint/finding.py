"""What a rule of the catalogue has to say of one place."""

from __future__ import annotations

from bvn_asp.classes import dataclass, field
from bvn_asp.errors import Place


@dataclass(frozen=True)
class Fix:
    """A change of one line that keeps what the rules say.

    Attributes:
        line: counted from 1.
        start, end: the characters to replace, counted from 0, the end not included.
    """

    line: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, order=True)
class Finding:
    """One flaw.

    Attributes:
        place: file, line and column.
        rule: the rule's id in the catalogue.
        subject: what it is about, an entry's id or a reading's: it stays the same when lines move.
        message: the flaw, in a sentence.
        hint: what to do here, where that differs from what the rule prefers in general.
        mild: only a note, whatever the rule says in general: the author knows, and says so.
        allowed: why the flaw is to stay, if a comment says so; empty otherwise.
        known: it stands in the baseline.
    """

    place: Place
    rule: str
    subject: str
    message: str
    hint: str = ""
    fix: Fix | None = field(default=None, compare=False)
    mild: bool = False
    allowed: str = ""
    known: bool = False
