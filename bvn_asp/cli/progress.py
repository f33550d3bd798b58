"""A line that says how far a long command has come: on stderr, and only on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
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


class Bar:
    """A bar for work that counts by itself: `with Bar("checks") as bar: work(bar.named("plan"))`."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._shown = 0.0
        self._wanted = sys.stderr.isatty()

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._wanted:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def named(self, name: str) -> Callable[[int, int], None]:
        """What to call after each step, with how many are done, of how many."""

        def step(done: int, total: int) -> None:
            if self._wanted and time.monotonic() - self._shown > EVERY:
                self._shown = time.monotonic()
                filled = WIDTH * done // max(total, 1)
                line = f"[{'#' * filled}{'.' * (WIDTH - filled)}] {name}: {done}/{total} {self.what}"
                sys.stderr.write(f"\r\x1b[K{line}")
                sys.stderr.flush()

        return step
