"""The text of a file of rules, before anybody parses it."""

from __future__ import annotations

from pathlib import Path

from bvn_asp.errors import Fault, InputError, Place


def source_of(path: Path) -> str:
    """The text of a file of rules.

    Raises: InputError: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError([unread(path, f"cannot read the file: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise InputError([unread(path, "not a text file (UTF-8)")]) from None


def unread(path: Path, message: str) -> Fault:
    """The fault that a whole file is no file of rules."""
    return Fault(Place(str(path)), message, code="not-a-rule")
