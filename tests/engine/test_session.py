"""Programs are kept by what they are made of."""

from __future__ import annotations

import gc
import shutil
import weakref

import pytest
from places import TOY

from bvn_asp import Library
from bvn_asp.engine.program import Seat
from bvn_asp.engine.session import Session, session
from bvn_asp.model.edition import edition


def test_the_same_texts_are_grounded_once(toy):
    revision = toy.library.revision("plan@2024")
    kept = Session(toy.library)

    assert kept.program([Seat(revision)]) is kept.program([Seat(revision)])
    assert kept.program([Seat(revision)]) is not kept.program([Seat(revision)], ["blame"])
    assert kept.program([Seat(revision)]) is not kept.program([Seat(toy.library.revision("plan@2025"))])


def test_a_text_that_keeps_its_name_is_grounded_anew(toy, tmp_path):
    shutil.copytree(TOY / "plan", tmp_path / "plan")
    text = (tmp_path / "plan" / "2024.lp").read_text(encoding="utf-8")
    (tmp_path / "plan" / "2024.lp").write_text(text.replace("months(6)", "months(12)"), encoding="utf-8")
    mine, theirs = toy.library.revision("plan@2024"), edition(toy.library, str(tmp_path / "plan" / "2024.lp"))
    assert mine.name == theirs.name
    kept = Session(toy.library)

    assert kept.program([Seat(mine)]) is not kept.program([Seat(theirs)])
    (one, _), (other, _) = kept.seated([mine, theirs], 2, ["differ"])
    assert one is other
    assert [seat.revision for seat in one.seats] == [mine, mine, theirs, theirs]


def test_what_was_asked_longest_ago_goes_first(toy):
    one, two, three = (Seat(toy.library.revision("plan@2024"), world) for world in (1, 2, 3))
    kept = Session(toy.library, most=2)
    first, second = kept.program([one]), kept.program([two])

    assert kept.program([one]) is first
    kept.program([three])

    assert kept.program([one]) is first
    assert kept.program([two]) is not second


def test_what_is_ready_is_not_grounded_again(toy):
    old, new = toy.library.revision("plan@2024"), toy.library.revision("plan@2025")
    kept = Session(toy.library)
    ((program, seat),) = kept.seated([old], 2)

    both = kept.seated([new, old], 2)

    assert both[1] == (program, seat)
    assert both[0][0] is not program


@pytest.mark.cold
def test_a_session_lasts_as_long_as_its_library():
    library = Library(TOY)
    kept = weakref.ref(session(library))
    assert session(library) is kept()

    del library
    gc.collect()

    assert kept() is None
