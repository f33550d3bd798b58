"""One function turns any result into data, by the annotations of its shape."""

from __future__ import annotations

import datetime
import importlib
import inspect
import pkgutil
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Literal

import pytest

from bvn_asp.model.case import Named
from bvn_asp.model.vocabulary import Slot
from bvn_asp.render import shapes
from bvn_asp.render.data import data
from bvn_asp.render.shape import LEFT_OUT, At, MayLack, Shape, keys_of


class Word(Enum):
    YES = "yes indeed"


@dataclass(frozen=True)
class Inside:
    id: str
    pair: tuple[str, int] = ("a", 1)


@dataclass(frozen=True)
class Result:
    word: Word
    inside: Inside
    listed: tuple[Inside, ...]
    slot: Slot
    day: datetime.date | None
    text: str
    number: int
    value: Named
    counts: dict[Slot, int]


class Pair(Shape):
    name: str
    size: int


class Part(Shape):
    of: Inside

    name: Annotated[str, At("id")]
    pair: Pair
    holder: str

    def _holder(self) -> str:
        return self.up.of.text or "nobody"


class Whole(Shape):
    of: Result

    schema: Literal["whole/1"]
    word: str
    first: Annotated[str, At("inside.id")]
    parts: Annotated[list[Part], At("listed")]
    slot: str
    day: str | None
    text: str | None
    number: int | None
    value: str | dict[str, Any]
    counts: dict[str, int]
    from_: str
    extra: Annotated[str, MayLack()]

    def _from(self) -> str:
        return str(self.given["start"])

    def _extra(self) -> object:
        return LEFT_OUT


def result(**changed):
    made = {
        "word": Word.YES, "inside": Inside("i"), "listed": (Inside("x", ("b", 2)),), "slot": Slot("modic", "L4"),
        "day": None, "text": "", "number": 0, "value": Named(("type_1", "type_2")), "counts": {Slot("age"): 3},
    }  # fmt: skip
    return Result(**(made | changed))


def test_every_key_says_where_its_value_comes_from_and_what_becomes_of_it():
    made = Whole(result(), None, None, {"start": "here"}).data()

    assert made == {
        "schema": "whole/1",
        "word": "yes indeed",
        "first": "i",
        "parts": [{"name": "x", "pair": {"name": "b", "size": 2}, "holder": "nobody"}],
        "slot": "modic.L4",
        "day": None,
        "text": None,
        "number": 0,
        "value": {"one_of": ["type_1", "type_2"]},
        "counts": {"age": 3},
        "from": "here",
    }
    assert list(made) == [key.removesuffix("_") for key in keys_of(Whole) if key != "extra"]


def test_a_day_is_written_as_iso_has_it_and_a_text_that_is_there_stays():
    made = Whole(result(day=datetime.date(2026, 3, 1), text="said"), None, None, {"start": ""}).data()

    assert made["day"] == "2026-03-01"
    assert made["text"] == "said"
    assert made["parts"][0]["holder"] == "said"


def test_a_key_that_the_result_does_not_have_is_an_error_and_never_left_out():
    class Wrong(Shape):
        missing: str

    with pytest.raises(AttributeError, match="Wrong: Inside has no missing"):
        Wrong(Inside("i"), None).data()


def test_the_keys_of_the_last_base_come_first():
    class Head(Shape):
        schema: str

    class Body(Shape):
        body: int

    class Both(Body, Head):
        tail: int

    assert list(keys_of(Both)) == ["schema", "body", "tail"]


def every_shape():
    for module in pkgutil.iter_modules(shapes.__path__):
        found = importlib.import_module(f"bvn_asp.render.shapes.{module.name}")
        for each in vars(found).values():
            if inspect.isclass(each) and issubclass(each, Shape) and each.__module__ == found.__name__:
                yield each


def test_no_method_of_a_shape_stands_for_a_key_that_is_not_there():
    """A misspelt `_key` would be passed over in silence, and the attribute taken."""
    helpers = {"_read", "_text"}
    wrong = [
        f"{shape.__name__}.{name}"
        for shape in every_shape()
        for name, value in vars(shape).items()
        if name.startswith("_") and not name.startswith("__") and callable(value)
        and name[1:] not in {key.removesuffix("_") for key in keys_of(shape)} and name not in helpers
    ]  # fmt: skip

    assert not wrong


def test_every_word_has_a_shape_that_says_which_schema_it_keeps():
    for word in shapes.ANSWERS:
        assert keys_of(shapes.shape_of(word))["schema"].__args__[0].partition("/")[0] == word


def test_an_error_needs_no_library():
    assert data(None, "error", []) == {"schema": "error/1", "faults": []}
