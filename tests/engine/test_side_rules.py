"""What a line tells of the rules beside the policies, the solver tells too, and most of it is plain."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from bvn_asp import store
from bvn_asp.cases.possible import load_case, make_case
from bvn_asp.engine.session import Session
from bvn_asp.errors import InputError
from bvn_asp.model.case import Case, Named, Record
from bvn_asp.model.library import Library
from bvn_asp.routing.codes import codes
from bvn_asp.routing.governs import governs

pytestmark = pytest.mark.cold


@pytest.fixture
def open_library(shipped, tmp_path, monkeypatch):
    """The shipped library, before anything was asked of it, with a store of one's own."""
    monkeypatch.setenv("BVN_CACHE", str(tmp_path / "store"))
    with store.closed():
        store.allow(True)
        yield Library(shipped.folder)


def some_requests(library, count):
    """Records of place, codes and units, some of them between values or contradicted, with and without a date.

    The first of them say nothing but a date, on both sides of days from which other rules hold.
    """
    yield from (Case("", (), date=each) for each in (None, date(2020, 1, 1), date(2025, 9, 1), date(2026, 11, 1)))
    rng, facts = random.Random(3), library.vocabulary.facts
    told = [slot for slot in library.vocabulary.slots if slot.fact in ("line_of_business", "state", "insurer")]
    coded = [slot for slot in library.vocabulary.slots if slot.fact in ("billed", "diagnosed", "procedure")]
    for _ in range(count):
        some = [each for each in told if rng.random() < 0.6] + rng.sample(coded, rng.randint(0, min(6, len(coded))))
        records = []
        for slot in some:
            fact = facts[slot.fact]
            if not fact.is_named:
                continue
            values = rng.sample(list(fact.values), rng.choice([1, 1, 1, 2]))
            said = Named(tuple(each for each in fact.values if each in values))
            records.append(Record(slot, None if rng.random() < 0.1 else said))
        day = date(2020, 1, 1) + timedelta(days=rng.randint(0, 2500))
        yield Case("", tuple(records), date=rng.choice([None, day]))


def test_what_a_line_tells_of_a_request_the_solver_tells_too(open_library, monkeypatch):
    """Every answer of both is the same; and few requests are left to the solver."""
    asked = []
    program = Session.program
    monkeypatch.setattr(Session, "program", lambda *given, **named: asked.append(1) or program(*given, **named))
    requests = list(some_requests(open_library, 40))

    def answers(library):
        return [(repr(governs(library, each)), repr(codes(library, each))) for each in requests]

    along = answers(open_library)
    left = len(asked)
    store.allow(False)

    assert along == answers(Library(open_library.folder))
    assert len(set(along)) > 20
    assert left < 0.1 * len(asked)


def test_who_can_be_is_seen_along_the_line_and_who_cannot_is_told_in_the_solvers_words(open_library, monkeypatch):
    asked = []
    program = Session.program
    monkeypatch.setattr(Session, "program", lambda *given, **named: asked.append(1) or program(*given, **named))

    load_case(open_library, open_library.folder.parent / "cases" / "baseline.yaml")
    assert not asked
    with pytest.raises(InputError, match="a man at birth is pregnant"):
        make_case(open_library, {"title": "x", "facts": {"sex": "male", "pregnant": "yes"}})
