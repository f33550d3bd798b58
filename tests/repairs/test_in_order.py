"""Sets that another makes needless by time: against the definition, over every way to take one of each part."""

from __future__ import annotations

import datetime
import itertools
import random
from types import SimpleNamespace

import pytest

from bvn_asp.model.vocabulary import Slot
from bvn_asp.repairs import in_order
from bvn_asp.repairs.in_order import not_overtaken

DAYS = (None, datetime.date(2026, 10, 1), datetime.date(2026, 10, 2))


def drawn(seed):
    """Parts of alternatives, with the moves and the states that go with them."""
    draw, made, states, parts = random.Random(seed), {}, {}, []
    for number in range(draw.randint(1, 3)):
        slots = [Slot(f"f{number}"), Slot(f"g{number}")]
        states |= {slot: SimpleNamespace(offers={"wait": "abc", "treat": "abc"}) for slot in slots}
        part = []
        for _ in range(draw.randint(1, 3)):
            some = draw.sample(slots, draw.randint(1, 2))
            each = tuple(
                (slot, draw.choice(["wait", "treat"]), tuple(sorted(draw.sample("abc", draw.randint(1, 2)))))
                for slot in sorted(some, key=str)
            )
            if each not in made:
                days = [draw.choice(DAYS) if kind == "wait" else None for _, kind, _ in each]
                made[each] = [SimpleNamespace(slot=e[0], holds_from=day) for e, day in zip(each, days, strict=True)]
                part.append(each)
        parts.append(part)
    return parts, made, states


def asks(way, made):
    """What a set asks for besides waiting until a day, and that day."""
    days = {move.slot: move.holds_from for each in way for move in made[each] if move.holds_from}
    rest = [each for part in way for each in part if each[0] not in days]
    atoms = {(slot, kind) for slot, kind, _ in rest}
    atoms |= {(slot, kind, value) for slot, kind, left in rest for value in set("abc") - set(left)}
    return atoms, max(days.values(), default=datetime.date.min)


def kept(ways, made):
    told = {way: asks(way, made) for way in ways}
    return {
        frozenset(move for each in way for move in each)
        for way, (own, day) in told.items()
        if not any(less <= own and then <= day and (less, then) != (own, day) for less, then in told.values())
    }


def is_smallest(part, made):
    """Whether no alternative without a date asks for more than another, as search gives them."""
    plain = [asks((each,), made)[0] for each in part if not any(move.holds_from for move in made[each])]
    return not any(one < other for one in plain for other in plain)


@pytest.mark.parametrize("lot", range(4))
def test_what_is_left_is_what_nothing_else_makes_needless(lot):
    tried = 0
    for seed in range(lot * 100, lot * 100 + 100):
        parts, made, states = drawn(seed)
        if not all(is_smallest(part, made) for part in parts):
            continue
        tried += 1

        found = not_overtaken(parts, made, states)

        ways = [frozenset(move for each in way for move in each) for way in itertools.product(*found)]
        assert len(ways) == len(set(ways))
        assert set(ways) == kept(list(itertools.product(*parts)), made), seed
    assert tried > 40


def test_beyond_so_many_sets_the_parts_are_compared_each_by_itself(monkeypatch):
    slots = [Slot(name) for name in "fg"]
    states = {slot: SimpleNamespace(offers={"wait": "ab"}) for slot in slots}
    parts = [[((slot, "wait", (value,)),) for value in "ab"] for slot in slots]
    made = {
        each: [SimpleNamespace(slot=slot, holds_from=day)]
        for slot, part in zip(slots, parts, strict=True)
        for each, day in zip(part, DAYS[1:], strict=True)
    }

    monkeypatch.setattr(in_order, "MOST", 4)
    assert not_overtaken(parts, made, states) == [[(parts[0][0][0], parts[1][0][0])]]
    monkeypatch.setattr(in_order, "MOST", 3)
    assert not_overtaken(parts, made, states) == [[parts[0][0]], [parts[1][0]]]
