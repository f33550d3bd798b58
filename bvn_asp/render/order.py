"""Which policy is stricter than which: what the solver found of each two, in layers and as a matrix."""

from __future__ import annotations

from collections.abc import Sequence

from bvn_asp.render.blocks import Column, Matrix, MatrixRow, Met, Order, Styled
from bvn_asp.texts.atlas import Pair
from bvn_asp.texts.stricter import Relation

WORDS = {
    Relation.STRICTER: "stricter",
    Relation.LOOSER: "looser",
    Relation.EQUIVALENT: "the same",
    Relation.NEITHER: "neither",
}


def drawing(names: Sequence[str], pairs: Sequence[Pair]) -> tuple[Order, list[str]]:
    """The policies that stand above or below another, strictest first; and those that stand alone."""
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
    rows: dict[int, float] = {}
    for _, listed in sorted(columns.items()):
        listed.sort(key=lambda i: sum(rows[a] for a, b in direct if b == i and a in rows))
        for position, i in enumerate(listed):
            rows[i] = tallest / len(listed) * (position + 0.5)
    named = {i: " = ".join(each) for i, each in enumerate(classes)}
    numbers = {i: number for number, i in enumerate(linked)}
    found = Order(
        nodes=[(named[i], depth(i), rows[i]) for i in linked],
        arrows=[(numbers[a], numbers[b]) for a, b in direct],
        said=[f"{named[a]} is stricter than {named[b]}" for a, b in direct],
    )
    return found, [name for i, name in named.items() if i not in linked]


def table(names: Sequence[str], pairs: Sequence[Pair]) -> Matrix:
    """Each policy against each: said of the row's policy."""
    turned = {Relation.STRICTER: Relation.LOOSER, Relation.LOOSER: Relation.STRICTER}
    found: dict[tuple[str, str], Met] = {}
    for each in pairs:
        for first, second, relation in (
            (each.first, each.second, each.relation),
            (each.second, each.first, turned.get(each.relation, each.relation)),
        ):
            word = "never both" if each.apart else WORDS[relation]
            found[first, second] = Met(Styled(word, word.replace(" ", "-")))
    rows = [MatrixRow(name, "", [found.get((name, other)) for other in names]) for name in names]
    return Matrix("policy", "each against each", [Column(Styled(name), "") for name in names], rows, kind="each")


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
