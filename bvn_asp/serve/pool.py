"""Threads that answer: few at work, few waiting, none for ever.

Each thread has programs of its own (`engine/session.py`), so a question is asked in one thread from beginning to end.
A question that runs too long is told to stop and answered with what it found; one that does not listen is given up:
its answer is thrown away, and it keeps its seat until it ends, so that there are never more at work than threads.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bvn_asp.serve.problems import Refused

T = TypeVar("T")
GRACE = 2.0


class TooLate(Exception):
    """A question was given up: nothing is known of its answer."""


class Pool:
    """Some threads.

    Args:
        threads: how many questions are answered at once.
        waiting: how many may wait for that.
        seconds: how long a question may take, its waiting left out.
    """

    def __init__(self, threads: int, waiting: int, seconds: float) -> None:
        self.threads, self.waiting, self.seconds = threads, waiting, seconds
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="bvn")
        self._lock = threading.Lock()
        self._busy = 0

    async def run(self, work: Callable[[], T], seconds: float | None = None) -> T:
        """What some work gives.

        Raises: Refused: too many are waiting. TooLate: it was given up.
        """
        with self._lock:
            if self._busy >= self.threads + self.waiting:
                raise Refused(503, "too many questions are waiting", "ask again in a moment")
            self._busy += 1
        begun = asyncio.Event()
        loop = asyncio.get_running_loop()

        def seated() -> T:
            loop.call_soon_threadsafe(begun.set)
            try:
                return work()
            finally:
                with self._lock:
                    self._busy -= 1

        try:
            future = loop.run_in_executor(self._executor, seated)
        except RuntimeError:
            with self._lock:
                self._busy -= 1
            raise
        await begun.wait()
        done, _ = await asyncio.wait({future}, timeout=(self.seconds if seconds is None else seconds) + GRACE)
        if not done:
            future.add_done_callback(lambda each: each.exception())  # nobody waits for it: it is not told either
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
