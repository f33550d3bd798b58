"""Dataclasses that cost next to nothing until one is made.

`dataclasses` writes and compiles half a dozen methods a class, 0.6 ms each time a command starts, and a command imports
some ninety classes. Here `__init__`, `__hash__` and comparisons are written when they are first called; nothing else.
To others (type checkers, `dataclasses.fields`, `asdict`, `replace`, `match`) it is a dataclass. What is not
used in this project is refused: a dataclass that inherits from another, and arguments other than those below.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

__all__ = ["dataclass", "field", "late", "replace"]
_NONE: Any = dataclasses.MISSING
_NAMES = "__match_args__"
_ORDER = {"__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">="}


class _Field:
    """What is said of a field, as by `dataclasses.field`."""

    __slots__ = ("compare", "default", "factory", "repr")

    def __init__(self, *, default: Any = _NONE, default_factory: Any = _NONE, repr: bool = True, compare: bool = True):
        self.default, self.factory, self.repr, self.compare = default, default_factory, repr, compare

    @property
    def is_needed(self) -> bool:
        """Whether an instance cannot be made without it."""
        return self.default is _NONE and self.factory is _NONE


if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace
else:
    field = _Field

    def dataclass(cls=None, /, *, frozen=False, order=False, slots=False):
        """As `dataclasses.dataclass`, for the arguments that are used here."""
        return _made(cls, frozen, order, slots) if cls is not None else lambda own: _made(own, frozen, order, slots)

    def replace(instance, /, **changes):
        """As `dataclasses.replace`."""
        given = {name: getattr(instance, name) for name in instance.__match_args__}
        return instance.__class__(**(given | changes))


def _made(cls: Any, frozen: bool, order: bool, slots: bool) -> Any:
    fields = _fields(cls, slots)
    if slots:
        own = {name: each for name, each in vars(cls).items() if name not in ("__dict__", "__weakref__")}
        own |= {"__slots__": tuple(fields), "__qualname__": cls.__qualname__}
        cls = type(cls)(cls.__name__, cls.__bases__, own)
    own = dict(vars(cls))
    _put_off(cls, "__init__", _init, fields, frozen)
    for name, sign in {"__eq__": "==", **(_ORDER if order else {})}.items():
        if name not in own:
            _put_off(cls, name, _comparison, name, sign, fields)
    if frozen and own.get("__hash__") is None:
        _put_off(cls, "__hash__", _hash, fields)
    elif "__hash__" not in own:
        cls.__hash__ = None
    for name, method in _shared(fields, frozen, slots).items():
        if name not in own:
            setattr(cls, name, method)
    for name in ("__dataclass_fields__", "__dataclass_params__"):
        setattr(cls, name, _Described(name, cls, fields, frozen))
    setattr(cls, _NAMES, tuple(fields))
    return cls


def _fields(cls: Any, slots: bool) -> dict[str, _Field]:
    """The fields of a class, whose attributes become their defaults."""
    if any(_NAMES in vars(base) for base in cls.__mro__[1:]):
        raise TypeError(f"{cls.__name__}: a dataclass that inherits from another is not made here")
    found: dict[str, _Field] = {}
    optional = ""
    for name in vars(cls).get("__annotations__", {}):
        given = vars(cls).get(name, _NONE)
        each = found[name] = given if isinstance(given, _Field) else _Field(default=given)
        if each.default.__class__.__hash__ is None:
            raise TypeError(f"{cls.__name__}.{name}: a default that can change is made by `default_factory`")
        if each.is_needed and optional:
            raise TypeError(f"{cls.__name__}.{name}: it is needed, and follows `{optional}`, which is not")
        optional = optional if each.is_needed else name
        if slots or each.default is _NONE:
            if given is not _NONE:
                delattr(cls, name)
        else:
            setattr(cls, name, each.default)
    return found


def _shared(fields: Mapping[str, _Field], frozen: bool, slots: bool) -> dict[str, Any]:
    """The methods for which nothing is written."""
    shown = [name for name, each in fields.items() if each.repr]

    def written(one: Any) -> str:
        return f"{one.__class__.__qualname__}({', '.join(f'{name}={getattr(one, name)!r}' for name in shown)})"

    found: dict[str, Any] = {"__repr__": written}
    if frozen:
        found |= {"__setattr__": _not_set, "__delattr__": _not_deleted}
        if slots:
            found |= {"__getstate__": _state, "__setstate__": _set_state}
    return found


def _not_set(one: Any, name: str, _: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _not_deleted(one: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(one: Any) -> list[Any]:
    return [getattr(one, name) for name in one.__match_args__]


def _set_state(one: Any, state: list[Any]) -> None:
    for name, value in zip(one.__match_args__, state, strict=True):
        object.__setattr__(one, name, value)


_Source = tuple[str, dict[str, Any]]


def _put_off(cls: Any, name: str, source: Callable[..., _Source], *of: Any) -> None:
    """Have a method written when it is first called."""

    def method(one: Any, /, *arguments: Any, **named: Any) -> Any:
        text, known = source(cls, *of)
        exec(text, known)
        made = known[name]
        made.__qualname__, made.__module__ = f"{cls.__qualname__}.{name}", cls.__module__
        setattr(cls, name, made)
        return made(one, *arguments, **named)

    setattr(cls, name, method)


def _init(cls: Any, fields: Mapping[str, _Field], frozen: bool) -> _Source:
    known: dict[str, Any] = {"_set": object.__setattr__, "_none": _NONE}
    given, body = ["self"], []
    for i, (name, each) in enumerate(fields.items()):
        known[f"_{i}"] = each.default if each.factory is _NONE else each.factory
        given.append(name if each.is_needed else f"{name}=_{i}" if each.factory is _NONE else f"{name}=_none")
        value = name if each.factory is _NONE else f"_{i}() if {name} is _none else {name}"
        body.append(f"_set(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    return f"def __init__({', '.join(given)}):\n " + "\n ".join(body or ["pass"]), known


def _comparison(_: Any, name: str, sign: str, fields: Mapping[str, _Field]) -> _Source:
    test = f"{_values('self', fields)} {sign} {_values('other', fields)}"
    return f"def {name}(self, other):\n return {test} if other.__class__ is self.__class__ else NotImplemented", {}


def _hash(_: Any, fields: Mapping[str, _Field]) -> _Source:
    return f"def __hash__(self):\n return hash({_values('self', fields)})", {}


def _values(who: str, fields: Mapping[str, _Field]) -> str:
    return f"({''.join(f'{who}.{name}, ' for name, each in fields.items() if each.compare)})"


class _Described:
    """What `dataclasses` keeps of a class, made when somebody asks."""

    def __init__(self, name: str, cls: Any, fields: Mapping[str, _Field], frozen: bool) -> None:
        self.name, self.cls, self.fields, self.frozen = name, cls, fields, frozen

    def __get__(self, _: object, __: type | None = None) -> Any:
        own: dict[str, Any] = {
            name: dataclasses.field(repr=each.repr, compare=each.compare, **_default(each))
            for name, each in self.fields.items()
        }
        own |= {"__annotations__": self.cls.__annotations__, "__module__": self.cls.__module__}
        made = dataclasses.dataclass(init=False, repr=False, eq=False, frozen=self.frozen)
        found = getattr(made(type("Described", (), own)), self.name)
        setattr(self.cls, self.name, found)
        return found


def _default(each: _Field) -> dict[str, Any]:
    return {"default": each.default} if each.factory is _NONE else {"default_factory": each.factory}


class _Late:
    """A regular expression that is compiled when it is first used."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._given = pattern, flags

    def __getattr__(self, name: str) -> Any:
        made = re.compile(*self._given)
        for each in ("fullmatch", "match", "search", "sub", "subn", "finditer", "findall", "split", "pattern"):
            self.__dict__[each] = getattr(made, each)
        return getattr(made, name)


def late(pattern: str, flags: int | re.RegexFlag = 0) -> re.Pattern[str]:
    """As `re.compile`, put off until somebody uses it: most of those that read what charts say are not needed."""
    return cast("re.Pattern[str]", _Late(pattern, int(flags)))
