"""The content of a file, before anybody parses it."""

from __future__ import annotations

from pathlib import Path

from bvn_asp.errors import Fault, InputError, Place, fault

MOST_BYTES = 4 * 1024 * 1024


def data_of(path: Path) -> bytes:
    """The bytes of a YAML file.

    Raises: InputError: it is missing, a folder, or too large.
    """
    name = str(path)
    try:
        if path.is_dir():
            raise fault("this is a folder, not a file", place=Place(name))
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise fault(
                f"the file is {size // (1024 * 1024)} MB; nothing read here is over {MOST_BYTES // (1024 * 1024)} MB",
                "is it the right file?",
                Place(name),
            )
        return path.read_bytes()
    except OSError as error:
        raise fault(f"cannot read the file: {(error.strerror or str(error)).lower()}", place=Place(name)) from None


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
