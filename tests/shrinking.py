"""A smaller trial that is wrong in the same way: for the random libraries of `brute` and `agree`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from functools import reduce
from typing import Any

Trial = dict[str, Any]


def shrunk(
    trial: Trial,
    smaller: Callable[[Trial], Iterable[Trial]],
    wrong: Callable[[Trial], str | None],
    kind: Callable[[str], str],
) -> Trial:
    """The first smaller trial that is wrong in the same way, again and again until there is none.

    It ends: each step takes something away. A trial that cannot be asked at all is passed over.
    """
    found = kind(wrong(trial) or "")
    again = True
    while again:
        again = False
        for each in smaller(trial):
            try:
                said = wrong(each)
            except Exception:
                continue
            if said and kind(said) == found:
                trial, again = each, True
                break
    return trial


def without(trial: Trial, path: Sequence[Any], key: Any) -> Trial:
    """A copy of a trial that lacks one key, or one place, of what stands at a path."""
    copy = deepcopy(trial)
    inner = reduce(lambda node, step: node[step], path, copy)
    del inner[key]
    return copy
