"""Atoms as plain tuples: what clingo says of symbols goes no further than this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bvn_asp.engine import solver

if TYPE_CHECKING:
    from clingo import Symbol


class Atom(NamedTuple):
    """An atom: its name, and its arguments: numbers as int, all else as text, strings without their quotes."""

    name: str
    arguments: tuple[int | str, ...]


class Taken:
    """Takes symbols apart, each once: that costs more than a solve does."""

    def __init__(self) -> None:
        self._known: dict[Symbol, Atom] = {}

    def __call__(self, symbol: Symbol) -> Atom:
        found = self._known.get(symbol)
        if found is None:
            found = self._known[symbol] = Atom(symbol.name, tuple(_plain(each) for each in symbol.arguments))
        return found


def _plain(each: Symbol) -> int | str:
    if each.type == solver.SymbolType.Number:
        return each.number
    return each.string if each.type == solver.SymbolType.String else str(each)


def is_safe(rule: str) -> bool:
    """Whether a rule stands by itself: every variable of it is bound, and it can be parsed."""
    control = solver.Control(logger=lambda code, message: None)
    try:
        control.add("base", [], rule)
        control.ground([("base", [])])
    except RuntimeError:
        return False
    return True
