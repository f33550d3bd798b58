"""Ctrl-C ends a command within a second, also while the solver is at work, and leaves no half-written file.

A signal's handler in Python runs between two steps of Python; grounding is one step, however long. So a thread listens
for the signal beside it, gives the command a moment to end by itself, and then ends the process.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

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
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    try:
        before = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    except (ValueError, OSError):
        ours.close()
        theirs.close()
        yield
        return
    done = threading.Event()
    threading.Thread(target=_watch, args=(ours, done), daemon=True).start()
    try:
        yield
    finally:
        done.set()
        signal.set_wakeup_fd(before)
        theirs.close()


@contextmanager
def asked_to_stop() -> Iterator[None]:
    """While this lasts, a first Ctrl-C only asks a search to stop with what it has; a second one ends it."""
    _patient.append(True)
    try:
        yield
    finally:
        _patient.clear()


def _watch(signals: socket.socket, done: threading.Event) -> None:
    with signals:
        while True:
            try:
                received = signals.recv(1)
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
