"""Long searches: a line that says that one is under way, and a Ctrl-C that stops it with what there is."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bvn_asp.cli.interrupt import asked_to_stop

AFTER = 1.0
EVERY = 0.5


@contextmanager
def patience(what: str) -> Iterator[Callable[[], bool]]:
    """Gives a function that a search asks whether to stop: after a first Ctrl-C it says yes; a second one ends.

    While it is asked, and only on a terminal, a line on stderr says for how long the search has run.
    """
    pressed: list[int] = []
    before = signal.getsignal(signal.SIGINT)
    start = shown = time.monotonic()
    visible = sys.stderr.isatty()
    written = False

    def press(*_: object) -> None:
        pressed.append(1)
        signal.signal(signal.SIGINT, before)

    def stop() -> bool:
        nonlocal shown, written
        now = time.monotonic()
        if visible and now - start > AFTER and now - shown > EVERY:
            shown, written = now, True
            sys.stderr.write(f"\r{what}: {now - start:.0f} s (Ctrl-C stops with what there is) ")
            sys.stderr.flush()
        return bool(pressed)

    signal.signal(signal.SIGINT, press)
    try:
        with asked_to_stop():
            yield stop
    finally:
        signal.signal(signal.SIGINT, before)
        if written:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
