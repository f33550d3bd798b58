"""Ctrl-C ends a command within a second, also while the solver is at work, and leaves no half-written file.

A signal's handler in Python runs between two steps of Python; grounding is one step, however long. So a thread listens
for the signal beside it, gives the command a moment to end by itself, and then ends the process.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from bvn_asp.files import forget_unfinished

STATUS = 130
GRACE = 0.7
_patient: list[bool] = []


@contextmanager
def interruptible() -> Iterator[None]:
    """While this lasts, SIGINT ends the process after at most `GRACE` seconds, with status 130.

    Only in the main thread, where signals are; elsewhere it does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    read, forget, theirs, close = _ends()
    try:
        before = signal.set_wakeup_fd(theirs, warn_on_full_buffer=False)
    except (ValueError, OSError):
        forget()
        close()
        yield
        return
    done = threading.Event()
    threading.Thread(target=_watch, args=(read, forget, done), daemon=True).start()
    try:
        yield
    finally:
        done.set()
        signal.set_wakeup_fd(before)
        close()


@contextmanager
def asked_to_stop() -> Iterator[None]:
    """While this lasts, a first Ctrl-C only asks a search to stop with what it has; a second one ends it."""
    _patient.append(True)
    try:
        yield
    finally:
        _patient.clear()


def _ends() -> tuple[Callable[[int], bytes], Callable[[], None], int, Callable[[], None]]:
    """How to read and to close the end that listens; the end that signals write to, and how to close that."""
    if os.name == "nt":  # where signals write to sockets only; elsewhere their loading would be a tenth of a start
        import socket

        ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        return ours.recv, ours.close, theirs.fileno(), theirs.close
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    return partial(os.read, reader), partial(os.close, reader), writer, partial(os.close, writer)


def _watch(read: Callable[[int], bytes], forget: Callable[[], None], done: threading.Event) -> None:
    try:
        while True:
            try:
                received = read(1)
            except OSError:
                return
            if not received:
                return
            if received[0] != signal.SIGINT:
                continue
            if _patient:
                _patient.clear()  # the search was asked to stop; the next signal counts
                continue
            if not done.wait(GRACE):
                forget_unfinished()
                sys.stderr.write("\ninterrupted\n")
                sys.stderr.flush()
                os._exit(STATUS)
    finally:
        forget()
