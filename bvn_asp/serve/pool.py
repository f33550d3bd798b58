"""Threads that answer: few at work, few waiting, none for ever.

Each thread has programs of its own (`engine/session.py`), so a question is asked in one thread from beginning to end.
A question that runs too long is told to stop and answered with what it found. One that does not listen, and one whose
asker has gone, is interrupted in the solver (`engine/stopping.py`): its seat is free within a moment, and what its
thread had grounded is let go of. When a question ends, however it does, its thread forgets the chart.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bvn_asp.engine import session
from bvn_asp.engine.stopping import Stop, Stopped, stoppable
from bvn_asp.serve.problems import Refused

T = TypeVar("T")
GRACE = 2.0
LOOK = 1.0  # so many seconds a question runs before anybody looks whether its asker is still there


class TooLate(Exception):
    """A question was given up: nothing is known of its answer."""


class Pool:
    """Some threads.

    Args:
        threads: how many questions are answered at once.
        waiting: how many may wait for that.
        seconds: how long a question may take, its waiting left out.

    Attributes:
        forgets: asked in its thread at the end of each question to forget the chart; with True, what is grounded too.
    """

    def __init__(self, threads: int, waiting: int, seconds: float) -> None:
        self.threads, self.waiting, self.seconds = threads, waiting, seconds
        self.forgets: list[Callable[[bool], None]] = [session.forget]
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="bvn")
        self._lock = threading.Lock()
        self._busy = 0

    async def run(
        self,
        work: Callable[[], T],
        seconds: float | None = None,
        gone: Callable[[], Awaitable[bool]] | None = None,
        stop: Stop | None = None,
    ) -> T:
        """What some work gives.

        Args:
            gone: asked of long work whether nobody waits for it any more.
            stop: what it is to be stopped by.

        Raises: Refused: too many are waiting. TooLate: it was given up.
        """
        stop = stop or Stop()
        with self._lock:
            if self._busy >= self.threads + self.waiting:
                raise Refused(503, "too many questions are waiting", "ask again in a moment")
            self._busy += 1
        begun = asyncio.Event()
        loop = asyncio.get_running_loop()

        def seated() -> T:
            loop.call_soon_threadsafe(begun.set)
            try:
                with stoppable(stop):
                    return work()
            except Stopped:
                raise TooLate from None
            finally:
                for forget in self.forgets:
                    forget(stop.asked)
                with self._lock:
                    self._busy -= 1

        try:
            future = loop.run_in_executor(self._executor, seated)
        except RuntimeError:
            with self._lock:
                self._busy -= 1
            raise
        await begun.wait()
        limit = loop.time() + (self.seconds if seconds is None else seconds) + GRACE
        while not future.done():
            await asyncio.wait({future}, timeout=min(LOOK, max(0.0, limit - loop.time())))
            if not future.done() and (loop.time() >= limit or (gone is not None and await gone())):
                stop.now()
                await asyncio.wait({future}, timeout=GRACE)
                break
        if not future.done():  # it is at something that is no solve: it ends by itself, and nobody is told
            future.add_done_callback(lambda each: each.exception())
            raise TooLate
        return future.result()

    def warm(self, work: Callable[[], object]) -> None:
        """Do some work in every thread, all at once: what it grounds is there when the first question comes."""
        together = threading.Barrier(self.threads)

        def each() -> None:
            together.wait()
            work()

        for _ in range(self.threads):
            self._executor.submit(each)

    def close(self) -> None:
        """Take nothing more, and wait for nobody."""
        self._executor.shutdown(wait=False, cancel_futures=True)
