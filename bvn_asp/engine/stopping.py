"""A question that is given up ends: it is asked before every solve, and a solve that is under way is interrupted.

A search that was interrupted knows nothing, and clingo says of it what it says where there is nothing. So it raises
here, and is never read as "none".
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clingo import Control, SolveHandle


class Stopped(Exception):
    """A question was given up: nothing is known of its answer."""


class Stop:
    """What tells a question in another thread to end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._controls: list[Control] = []
        self.asked = False

    def now(self) -> None:
        """End it: no further solve begins, and the one under way is interrupted."""
        with self._lock:
            self.asked = True
            for each in self._controls:
                each.interrupt()

    def begin(self, control: Control) -> None:
        """Raises: Stopped: it is to end."""
        with self._lock:
            if self.asked:
                raise Stopped("the question was given up")
            self._controls.append(control)

    def end(self, control: Control) -> None:
        """No solve of a control is under way any more."""
        with self._lock:
            self._controls.remove(control)


class _Own(threading.local):
    """What may end the question that this thread is asked; nothing does on the command line."""

    stop: Stop | None = None


_OWN = _Own()


@contextmanager
def stoppable(stop: Stop) -> Iterator[None]:
    """While this lasts, `stop` ends what this thread is asked.

    Whoever catches `Stopped` lets go of the programs of this thread (`session.forget`): one may hold an interrupt that
    came after its last solve, and would end the next.
    """
    _OWN.stop = stop
    try:
        yield
    finally:
        _OWN.stop = None


@contextmanager
def solving(control: Control, assumptions: Sequence[int] = ()) -> Iterator[SolveHandle]:
    """A solve whose models are asked for one by one.

    Raises: Stopped: the question was given up before or meanwhile.
    """
    stop = _OWN.stop
    if stop is None:
        with control.solve(assumptions=assumptions, yield_=True) as handle:
            yield handle
        return
    stop.begin(control)
    left = False
    try:
        with control.solve(assumptions=assumptions, yield_=True) as handle:
            yield handle
    except GeneratorExit:
        left = True  # nobody asks for more models
        raise
    finally:
        stop.end(control)
        if stop.asked and not left:
            raise Stopped("the question was given up")  # what the solver said counts for nothing


def check() -> None:
    """Raises: Stopped: the question of this thread was given up."""
    if _OWN.stop is not None and _OWN.stop.asked:
        raise Stopped("the question was given up")
