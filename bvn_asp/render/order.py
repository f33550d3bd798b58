"""Which policy is stricter than which, as a drawing: what the solver found of each two, put in layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bvn_asp.texts.atlas import Pair
from bvn_asp.texts.stricter import Relation

COLUMN, ROW, BOX = 250, 40, 26
CHARACTER = 7.0
WORDS = {
    Relation.STRICTER: ("⊂", "stricter"),
    Relation.LOOSER: ("⊃", "looser"),
    Relation.EQUIVALENT: ("=", "the same"),
    Relation.NEITHER: ("·", "neither"),
}


def drawing(names: Sequence[str], pairs: Sequence[Pair]) -> dict[str, Any]:
    """The policies that stand above or below another, strictest at the left; and those that stand alone."""
    classes = _classes(names, pairs)
    home = {name: i for i, each in enumerate(classes) for name in each}
    below = set()
    for each in pairs:
        ends = home[each.first], home[each.second]
        if each.relation in (Relation.STRICTER, Relation.LOOSER):
            below.add(ends if each.relation is Relation.STRICTER else ends[::-1])
    between = {(a, b) for a, c in below for d, b in below if c == d}
    direct = sorted(below - between)
    linked = sorted({i for pair in below for i in pair})
    layer: dict[int, int] = {}

    def depth(i: int) -> int:
        if i not in layer:
            layer[i] = 1 + max((depth(a) for a, b in direct if b == i), default=-1)
        return layer[i]

    columns: dict[int, list[int]] = {}
    for i in linked:
        columns.setdefault(depth(i), []).append(i)
    tallest = max(map(len, columns.values()), default=0)
    spots: dict[int, tuple[float, float]] = {}
    for column, listed in sorted(columns.items()):
        listed.sort(key=lambda i: sum(spots[a][1] for a, b in direct if b == i and a in spots))
        gap = tallest * ROW / len(listed)
        for position, i in enumerate(listed):
            spots[i] = (column * COLUMN, round(gap * (position + 0.5), 1))
    nodes: list[dict[str, Any]] = []
    for i in linked:
        text = " = ".join(classes[i])
        x, y = spots[i]
        nodes.append({"x": x + 1, "y": round(y - BOX / 2, 1), "width": round(len(text) * CHARACTER + 16), "text": text})
    wide = dict(zip(linked, nodes, strict=True))
    edges = [
        {"x1": wide[a]["x"] + wide[a]["width"], "y1": spots[a][1], "x2": wide[b]["x"], "y2": spots[b][1]}
        for a, b in direct
    ]
    return {
        "nodes": nodes,
        "edges": edges,
        "said": [f"{' = '.join(classes[a])} is stricter than {' = '.join(classes[b])}" for a, b in direct],
        "width": round(max((node["x"] + node["width"] for node in nodes), default=0) + 2),
        "height": tallest * ROW,
        "alone": [" = ".join(each) for i, each in enumerate(classes) if i not in linked],
        "box": BOX,
    }


def table(names: Sequence[str], pairs: Sequence[Pair]) -> list[dict[str, Any]]:
    """Each policy against each: sign and word, said of the row's policy."""
    turned = {Relation.STRICTER: Relation.LOOSER, Relation.LOOSER: Relation.STRICTER}
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for each in pairs:
        for first, second, relation in (
            (each.first, each.second, each.relation),
            (each.second, each.first, turned.get(each.relation, each.relation)),
        ):
            found[first, second] = ("∅", "never both") if each.apart else WORDS[relation]
    return [{"name": name, "cells": [found.get((name, other)) for other in names]} for name in names]


def _classes(names: Sequence[str], pairs: Sequence[Pair]) -> list[list[str]]:
    """Policies that approve the same patients together."""
    classes: list[list[str]] = []
    same = {frozenset((each.first, each.second)) for each in pairs if each.relation is Relation.EQUIVALENT}
    for name in names:
        home = next((each for each in classes if frozenset((each[0], name)) in same), None)
        if home is None:
            classes.append([name])
        else:
            home.append(name)
    return classes
