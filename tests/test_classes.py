"""Our dataclasses are dataclasses: what `dataclasses` makes of the same class does the same."""

from __future__ import annotations

import copy
import dataclasses
import importlib
import pickle
import pkgutil
import re
from itertools import product

import pytest

import bvn_asp
from bvn_asp import classes


def pair(frozen=True, order=False, slots=False):
    """One class made by both: two needed fields, three with defaults."""

    def made(module):
        class Thing:
            """A thing."""

            a: int
            b: str
            c: tuple[int, ...] = (1,)
            d: dict[str, int] = module.field(default_factory=dict, compare=False)
            e: str = module.field(default="", repr=False)

            @property
            def twice(self):
                return self.a * 2

        return module.dataclass(frozen=frozen, order=order, slots=slots)(Thing)

    return made(classes), made(dataclasses)


def said(call, *given, **named):
    """What a call gives, or which error it raises."""
    try:
        return call(*given, **named)
    except Exception as error:
        return type(error).__name__, str(error)


KINDS = [{"frozen": f, "order": o, "slots": s} for f in (True, False) for o in (True, False) for s in (True, False)]
GIVEN = [((1, "x"), {}), ((1, "x", (2,)), {}), ((1,), {"b": "x", "d": {1: 1}}), ((2, ""), {"e": "y"}), ((0, "z"), {})]
WRONG = [((), {}), ((1, 2, 3, 4, 5, 6), {}), ((1, 2), {"f": 3}), ((1, 2), {"a": 3})]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_ours_do_what_theirs_do(kind):
    ours, theirs = pair(**kind)
    for given, named in WRONG:
        assert said(ours, *given, **named) == said(theirs, *given, **named)

    for given, named in GIVEN:
        one, two = ours(*given, **named), theirs(*given, **named)
        assert repr(one) == repr(two)
        assert one.twice == two.twice
        assert hasattr(one, "__dict__") == hasattr(two, "__dict__")
        assert dataclasses.asdict(one) == dataclasses.asdict(two)
        assert repr(classes.replace(one, b="q")) == repr(dataclasses.replace(two, b="q"))
        assert repr(dataclasses.replace(one, b="q")) == repr(dataclasses.replace(two, b="q"))
        assert isinstance(said(hash, one), tuple) == isinstance(said(hash, two), tuple)
        assert said(classes.replace, one, f=1) == said(dataclasses.replace, two, f=1)
        assert said(setattr, one, "a", 9) == said(setattr, two, "a", 9)
        assert said(delattr, one, "e") == said(delattr, two, "e")
    assert list(map(repr, dataclasses.fields(ours))) == list(map(repr, dataclasses.fields(theirs)))
    assert ours.__match_args__ == theirs.__match_args__


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_they_compare_alike(kind):
    mine, others = ([made(*given, **named) for given, named in GIVEN] for made in pair(**kind))
    for one, two in product(range(len(GIVEN)), repeat=2):
        for name in ("__eq__", "__lt__", "__le__", "__gt__", "__ge__"):
            found = said(getattr(mine[one], name), mine[two]), said(getattr(mine[one], name), 3)
            assert found == (said(getattr(others[one], name), others[two]), said(getattr(others[one], name), 3))
    if kind["frozen"]:
        assert len(set(mine)) == len(set(others)) == 4


def test_a_class_that_nobody_makes_has_nothing_written_for_it():
    ours, _ = pair()
    put_off = ours.__init__

    ours(1, "x")
    assert ours.__init__ is not put_off
    assert ours.__init__.__qualname__.endswith("Thing.__init__")


@pytest.mark.parametrize("slots", [True, False])
def test_a_copy_is_equal(slots):
    global Thing
    Thing, _ = pair(slots=slots)
    Thing.__module__, Thing.__qualname__ = __name__, "Thing"
    one = Thing(1, "x", d={"k": 2})

    for other in (copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one))):
        assert other == one
        assert other.d == {"k": 2}


def test_what_is_not_used_here_is_refused():
    ours, _ = pair()

    class Child(ours):
        f: int = 1

    class Late:
        a: int = 1
        b: int

    class Shared:
        a: list[int] = []  # noqa: RUF012 - that is the fault

    for each, words in (
        (Child, "Child: a dataclass that inherits from another"),
        (Late, "Late.b: it is needed, and follows `a`"),
        (Shared, "Shared.a: a default that can change"),
    ):
        with pytest.raises(TypeError, match=words):
            classes.dataclass(frozen=True)(each)


def test_a_class_can_see_to_itself_after_it_was_filled():
    @classes.dataclass
    class Sum:
        a: int
        b: int = 0

        def __post_init__(self):
            self.b += self.a

    assert Sum(2, 3) == Sum(2, b=3)
    assert Sum(2, 3).b == 5


def test_every_dataclass_of_the_package_can_be_asked_for_its_fields():
    found = 0
    for module in pkgutil.walk_packages(bvn_asp.__path__, "bvn_asp."):
        if module.name.endswith("__main__"):
            continue
        try:
            loaded = importlib.import_module(module.name)
        except ImportError:  # an extra that is not installed
            continue
        for each in vars(loaded).values():
            if isinstance(each, type) and each.__module__ == module.name and dataclasses.is_dataclass(each):
                found += 1
                assert [name.name for name in dataclasses.fields(each) if name.init] == list(each.__match_args__)
    assert found > 200


def test_a_late_pattern_is_compiled_when_it_is_used(monkeypatch):
    made = []
    compiled = re.compile
    monkeypatch.setattr(re, "compile", lambda *given: made.append(given) or compiled(*given))
    pattern = classes.late("a+", re.IGNORECASE)
    assert not made

    assert pattern.fullmatch("AA")
    assert pattern.sub("b", "xA") == "xb"
    assert made == [("a+", re.IGNORECASE)]
