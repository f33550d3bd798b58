"""Frozen dataclasses as plain lists, to be kept as JSON, and made again of them.

What is no text, number or mapping by texts is a list that begins with what it is: the number of a class, with its
fields in their order, or one of the signs below. No field is left out, so what is made again equals what was written.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

_TEXTS, _TUPLE, _DECIMAL, _DATE, _PATH = "", "tuple", "decimal", "date", "path"


def written(value: Any, classes: Sequence[type]) -> Any:
    """A value as plain data.

    Raises: TypeError: it holds something of which no sign and no class here speaks.
    """
    numbers = {each: i for i, each in enumerate(classes)}

    def plain(one: Any) -> Any:
        kind = type(one)
        if one is None or kind in (str, int, bool):
            return one
        if kind is tuple:
            return [_TEXTS, *one] if all(type(each) is str for each in one) else [_TUPLE, *map(plain, one)]
        if kind is dict and all(type(key) is str for key in one):
            return {key: plain(each) for key, each in one.items()}
        if kind is Decimal:
            return [_DECIMAL, str(one)]
        if kind is datetime.date:
            return [_DATE, one.isoformat()]
        if isinstance(one, Path):
            return [_PATH, str(one)]
        if kind not in numbers:
            raise TypeError(f"{kind.__name__} is not written here")
        return [numbers[kind], *(plain(getattr(one, name)) for name in kind.__match_args__)]

    return plain(value)


def remade(data: Any, classes: Sequence[type]) -> Any:
    """The value that `written` wrote, with the same classes.

    Raises: ValueError, TypeError, IndexError, ArithmeticError: the data are nothing that it writes.
    """
    known = [(each, each.__match_args__) for each in classes]  # type: ignore[attr-defined]
    others: dict[str, Callable[[str], Any]] = {_DECIMAL: Decimal, _DATE: datetime.date.fromisoformat, _PATH: Path}

    def made(one: Any) -> Any:
        kind = one.__class__
        if kind is dict:
            return {key: each if each.__class__ is str else made(each) for key, each in one.items()}
        if kind is not list:
            return one
        sign = one[0]
        if sign.__class__ is int:
            cls, names = known[sign]
            values = [each if each.__class__ is str else made(each) for each in one[1:]]
            found: Any = object.__new__(cls)
            found.__dict__.update(zip(names, values, strict=True))  # as its `__init__` does, in a third of the time
            return found
        if sign == _TEXTS:
            return tuple(one[1:])
        if sign == _TUPLE:
            return tuple(map(made, one[1:]))
        return others[sign](one[1])

    return made(data)
