"""A question that is given up ends at once, and is never read as "there is none"."""

from __future__ import annotations

import threading
import time

import pytest
from clingo import Control

from bvn_asp.engine.program import Program, Seat
from bvn_asp.engine.sets import Minimal
from bvn_asp.engine.stopping import Stop, Stopped, solving, stoppable

PIGEONS = """
{ hard }.
1 { sits(P,H) : H = 1..11 } 1 :- P = 1..12, hard.
:- sits(P,H), sits(Q,H), P < Q.
"""  # nobody can place them, and clingo would take minutes to find out


def pigeons():
    control = Control(["1"])
    control.add("base", [], PIGEONS)
    control.ground([("base", [])])
    return control, next(a.literal for a in control.symbolic_atoms if a.symbol.name == "hard")


def test_a_solve_that_is_under_way_ends_and_says_nothing():
    control, hard = pigeons()
    stop, begun = Stop(), time.monotonic()
    threading.Timer(0.3, stop.now).start()

    def asked():
        with solving(control, [hard]) as handle:
            return handle.model() is not None

    with stoppable(stop), pytest.raises(Stopped):
        asked()
    assert time.monotonic() - begun < 5


def test_a_core_of_an_interrupted_solve_is_no_core():
    control, hard = pigeons()
    stop = Stop()
    threading.Timer(0.3, stop.now).start()

    def asked():
        with solving(control, [hard]) as handle:
            return handle.core() if handle.model() is None else None

    with stoppable(stop), pytest.raises(Stopped):
        asked()


ASKED = {
    "possible": lambda program: program.possible([]),
    "allows": lambda program: program.allows([], []),
    "show": lambda program: program.show([]),
    "world": lambda program: program.world([]),
    "core": lambda program: program.core([]),
    "truth": lambda program: program.truth([], []),
    "impossible": lambda program: program.impossible([]),
    "in_all": lambda program: program.in_all([]),
    "in_some": lambda program: program.in_some([]),
}


@pytest.mark.parametrize("name", ASKED)
def test_no_question_begins_after_that_and_the_program_answers_when_nobody_stops_it(toy, name):
    program = Program(toy.library.vocabulary, toy.library.background, [Seat(toy.library.revision("plan"))],
                      ["blame", "show_statuses"])
    before, stop = ASKED[name](program), Stop()
    program.forget()
    stop.now()

    with stoppable(stop), pytest.raises(Stopped):
        ASKED[name](program)
    assert ASKED[name](program) == before


def test_nothing_is_grounded_after_that(toy):
    stop = Stop()
    stop.now()

    with stoppable(stop), pytest.raises(Stopped):
        Program(toy.library.vocabulary, toy.library.background, [Seat(toy.library.revision("plan"))])


def test_an_enumeration_that_is_left_is_no_fault_and_one_that_is_stopped_is_not_its_end():
    stop = Stop()
    found = []
    with stoppable(stop):
        for each in Minimal([], "1 { a(1..3) }. #show a/1. #heuristic a(X) : X = 1..3. [1,false]"):
            found.append(each)
            break
        with pytest.raises(Stopped):
            found.extend(stopping(stop))

    assert len(found) == 2


def stopping(stop):
    """Sets, and a stop after the first of them."""
    for each in Minimal([], "1 { a(1..3) }. #show a/1. #heuristic a(X) : X = 1..3. [1,false]"):
        stop.now()
        yield each


def test_premises_that_are_remembered_are_bounded(toy, monkeypatch):
    monkeypatch.setattr("bvn_asp.engine.program.SHOWN", 3)
    program = Program(toy.library.vocabulary, toy.library.background, [Seat(toy.library.revision("plan"))])
    for literal in sorted(program.choices.values())[:12]:
        program.show([literal])

    assert len(program._shown) <= 3
    program.forget()
    assert not program._shown
