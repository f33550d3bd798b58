"""A line that says how far a long command has come: on stderr, and only on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
WIDTH = 30
EVERY = 0.1


def progress(items: Iterable[T], total: int, what: str) -> Iterator[T]:
    """The items as they come, with a bar for a person who waits."""
    if not sys.stderr.isatty() or not total:
        yield from items
        return
    shown = 0.0
    try:
        for done, item in enumerate(items, 1):
            yield item
            if time.monotonic() - shown > EVERY:
                shown = time.monotonic()
                filled = WIDTH * done // total
                sys.stderr.write(f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {done}/{total} {what} ")
                sys.stderr.flush()
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
