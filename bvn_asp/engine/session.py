"""Grounded programs, kept for as long as they are asked: grounding costs far more than a question."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from weakref import WeakKeyDictionary

from bvn_asp.engine import presume
from bvn_asp.engine.program import Program, Seat
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.model.rules import Rules

MOST = 64


class Session:
    """The programs of one library in one thread, by their content.

    What is kept here is only asked: whoever adds rules that outlast a question makes a program of their own.

    Args:
        most: how many programs are kept; the one asked longest ago goes first.
    """

    def __init__(self, library: Library, most: int = MOST) -> None:
        self._vocabulary, self._background, self._most = library.vocabulary, library.background, most
        self._kept: OrderedDict[tuple[object, ...], Program] = OrderedDict()
        self._seated: dict[tuple[str, int, tuple[str, ...]], tuple[Program, int]] = {}

    def program(
        self,
        seats: Sequence[Seat] = (),
        encodings: Sequence[str] = (),
        rules: str = "",
        facts: Iterable[str] = (),
        beside: Rules | None = None,
    ) -> Program:
        """The program of these seats; as `Program`, whose arguments these are.

        Args:
            beside: rules that stand beside the policies, in place of the library's background.
        """
        wanted = tuple(facts)
        text = beside.text if beside else ""
        key = (tuple((s.revision.key, s.world, s.space) for s in seats), tuple(encodings), rules, wanted, text)
        if key not in self._kept:
            background = beside or self._background
            self._kept[key] = Program(self._vocabulary, background, seats, encodings, rules, wanted)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def seated(
        self, revisions: Iterable[Revision], worlds: int, encodings: Sequence[str] = ()
    ) -> list[tuple[Program, int]]:
        """For each revision a program that holds it in so many worlds, and the number of its first seat there.

        Those that are not ready yet are grounded together: one large program costs less than many small ones.
        """
        wanted = {(each.key, worlds, tuple(encodings)): each for each in revisions}
        missing = {key: each for key, each in wanted.items() if key not in self._seated}
        if missing:
            if len(self._seated) > 8 * self._most:
                self._seated.clear()
                missing = wanted
            seats = [Seat(each, world) for each in missing.values() for world in range(1, worlds + 1)]
            program = Program(self._vocabulary, self._background, seats, encodings)
            self._seated |= {key: (program, worlds * i) for i, key in enumerate(missing)}
        return [self._seated[key] for key in wanted]

    def forget(self) -> None:
        """Let go of what its programs remember of single cases."""
        for program in [*self._kept.values(), *{id(each): each for each, _ in self._seated.values()}.values()]:
            program.forget()


class _Own(threading.local):
    """What one thread keeps: clingo's programs are for one thread at a time, and two would end the process."""

    def __init__(self) -> None:
        self.sessions: WeakKeyDictionary[Library, Session] = WeakKeyDictionary()


_OWN = _Own()


def forget(programs: bool = False) -> None:
    """As `presume.forget`, which it calls, of every session of this thread too."""
    presume.forget(programs)
    for each in _OWN.sessions.values():
        each.forget()
    if programs:
        _OWN.sessions.clear()


def session(library: Library) -> Session:
    """The session of a library in this thread: one for as long as both are in use."""
    found = _OWN.sessions.get(library)
    if found is None:
        found = _OWN.sessions[library] = Session(library)
    return found
