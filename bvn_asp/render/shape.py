"""What a result looks like from outside, and the one function that turns it into data.

A shape is a class whose annotations are the keys of the JSON, in their order. A key's value is the attribute of that
name of the result; another one where the annotation says `At("entry.id")`; or what the method `_key` of the shape
makes; the members of a plain tuple are the values of the keys in their order. The annotation says what becomes of the
value: a text, a list, a shape of its own. So a key stands in one place, its shape, from which the JSON Schema is made
as well (`schema_of.py`).

Shapes are plain classes, imported by the verb that is asked: a hundred dataclasses would cost every command 30
milliseconds at its start.
"""

from __future__ import annotations

import inspect
import sys
import types
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from bvn_asp.model.library import Library

LEFT_OUT = object()
"""What the method of a key returns if the key is to be left out."""


class MayLack:
    """Marks a key that may be left out."""


class At:
    """Where in a result a key's value stands, if not under the key's own name: attributes, or keys of a mapping."""

    def __init__(self, path: str) -> None:
        self.steps = path.split(".")


class Shape:
    """A result, seen as its public shape.

    Attributes:
        of: the result; a shape says of which type.
        up: the shape that holds this one; a shape says so where it asks it.
        given: what the command knows beside the result.
    """

    of: Any
    up: Any

    def __init__(self, of: Any, library: Any, up: Any = None, given: Mapping[str, Any] | None = None) -> None:
        self.of, self.up = of, up
        self.library: Library = library
        self.given = given if given is not None else {}

    @cached_property
    def sources(self) -> tuple[object, ...]:
        """Where attributes are looked for, the first that has one wins."""
        return (self.of,)

    def data(self) -> dict[str, Any]:
        """The result as dicts and lists.

        Raises: AttributeError: neither the result nor the shape has what a key is called.
        """
        made = {}
        for key, read, into in _plan(type(self)):
            value = read(self)
            if value is not LEFT_OUT:
                made[key] = into(value, self)
        return made


Read = Callable[[Shape], Any]
Into = Callable[[Any, Shape], Any]
Plan = tuple[tuple[str, Read, Into], ...]
_PLANS: dict[type, Plan] = {}


def key_of(name: str) -> str:
    """The key that an annotation stands for: `from_` for `from`, which Python reserves."""
    return name.removesuffix("_")


def keys_of(shape: type[Shape]) -> dict[str, Any]:
    """The annotations of a shape and its bases that stand for keys, the bases' first."""
    found: dict[str, Any] = {}
    for base in reversed(shape.__mro__):
        own = {name: hint for name, hint in inspect.get_annotations(base).items() if name not in ("of", "up")}
        found |= get_type_hints(types.SimpleNamespace(__annotations__=own), _globals(base), include_extras=True)
    return found


def _globals(shape: type) -> dict[str, Any]:
    return vars(sys.modules[shape.__module__])


def _plan(shape: type[Shape]) -> Plan:
    """For every key how its value is read, and what is made of it; made once for a shape."""
    found = _PLANS.get(shape)
    if found is None:
        keys = enumerate(keys_of(shape).items())
        found = tuple((key_of(name), _reader(shape, name, hint, place), _into(hint)) for place, (name, hint) in keys)
        _PLANS[shape] = found
    return found


def _reader(shape: type[Shape], name: str, hint: Any, place: int) -> Read:
    method = getattr(shape, f"_{key_of(name)}", None)
    if method is not None:
        return method  # type: ignore[no-any-return]
    if get_origin(hint) is Literal:
        return lambda self: get_args(hint)[0]
    steps = next((each.steps for each in get_args(hint) if isinstance(each, At)), [name])
    return lambda self: _found(self, steps, place)


def _found(shape: Shape, steps: list[str], place: int) -> Any:
    for value in shape.sources:
        if type(value) is tuple:
            return value[place]
        if hasattr(value, steps[0]):
            for step in steps:
                value = value[step] if isinstance(value, Mapping) else getattr(value, step)
            return value
    raise AttributeError(f"{type(shape).__name__}: {type(shape.of).__name__} has no {steps[0]}")


def _into(hint: Any) -> Into:
    """What is made of a value, by its annotation."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _into(arguments[0])
    if hint is str:
        return _text
    if isinstance(hint, type) and issubclass(hint, Shape):
        return lambda value, up: hint(value, up.library, up, up.given).data()
    if origin is list:
        each = _into(arguments[0])
        return lambda value, up: [each(item, up) for item in value]
    if origin is dict:
        each = _into(arguments[1])
        return lambda value, up: {str(name): each(item, up) for name, item in value.items()}
    if origin in (Union, types.UnionType) and type(None) in arguments:
        left = [each for each in arguments if each is not type(None)]
        some = _into(left[0]) if len(left) == 1 else _plain
        return lambda value, up: None if value in (None, "") else some(value, up)
    return _plain


def _text(value: Any, up: Shape) -> str:
    return str(value.value if isinstance(value, Enum) else value)


def _plain(value: Any, up: Shape) -> Any:
    if value is None or isinstance(value, (bool, int, float, dict)) or type(value) is str:
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(each, up) for each in value]
    if isinstance(value, Enum):
        return value.value
    from bvn_asp.model.case import value_data

    return value_data(value)
