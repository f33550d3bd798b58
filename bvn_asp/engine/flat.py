"""Nodes of a table as plain lists, to be kept between runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bvn_asp.engine.lines import All, Enough, Leaf, Node, Not, Some, Table
from bvn_asp.model.vocabulary import Slot


def written_table(table: Table, order: Sequence[int], slots: Sequence[Slot]) -> tuple[dict[int, int], list[Any]]:
    """Some nodes of a table as JSON, and the numbers that they have when it is read again.

    Args:
        order: the nodes, parts first.
        slots: those of the leaves.
    """
    places = {slot: i for i, slot in enumerate(slots)}
    numbers = {0: 0, 1: 1} | {number: i for i, number in enumerate(order, 2)}

    def said(node: Node) -> list[Any]:
        if isinstance(node, Leaf):
            return [0, places[node.slot], node.mask]
        if isinstance(node, Not):
            return [1, numbers[node.part]]
        if isinstance(node, Enough):
            return [4, node.need, *(each for part, weight in node.parts for each in (numbers[part], weight))]
        return [2 if isinstance(node, All) else 3, *(numbers[part] for part in node.parts)]

    nodes = [said(node) for number in order if (node := table.nodes[number]) is not None]
    return numbers, [[[slot.fact, slot.member, table.full[slot]] for slot in slots], nodes]


def read_table(data: list[Any]) -> tuple[Table, list[Slot]]:
    """The table that `written_table` wrote, and its slots."""
    listed, nodes = data
    slots = [Slot(fact, member) for fact, member, _ in listed]
    table = Table({slot: int(full).bit_length() for slot, (_, _, full) in zip(slots, listed, strict=True)})
    for kind, *given in nodes:
        node: Node
        if kind == 2:
            node = All(tuple(given))
        elif kind == 3:
            node = Some(tuple(given))
        elif kind == 0:
            node = Leaf(slots[given[0]], given[1])
        elif kind == 1:
            node = Not(given[0])
        else:
            node = Enough(given[0], tuple(zip(given[1::2], given[2::2], strict=True)))
        table.nodes.append(node)
    return table, slots
