"""Columns of bits, 64 cases a word: making them, taking rows of them, and computing nodes over them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bvn_asp.engine.lines import NO, YES, All, Enough, Leaf, Node, Not, Some, Table, parts_of

Bits = NDArray[np.uint64]
Rows = NDArray[np.intp]
ONES = np.uint64(0xFFFFFFFFFFFFFFFF)
SPARSE = 8  # fewer rows than one in so many are picked bit by bit


def words_for(rows: int) -> int:
    """How many words hold so many rows."""
    return -(-rows // 64)


def packed(flags: NDArray[np.bool_] | NDArray[np.uint8]) -> Bits:
    """One flag a row as bits; rows beyond the last are 0."""
    found = np.packbits(flags, bitorder="little")
    missing = -len(found) % 8
    return np.concatenate([found, np.zeros(missing, np.uint8)]).view(np.uint64) if missing else found.view(np.uint64)


def unpacked(bits: Bits, rows: int) -> NDArray[np.uint8]:
    """Bits as one 0 or 1 a row."""
    return np.unpackbits(bits.view(np.uint8), count=rows, bitorder="little")


def first(rows: int) -> Bits:
    """Bits that are 1 for the first so many rows."""
    found = np.full(words_for(rows), ONES, np.uint64)
    if rows % 64:
        found[-1] = np.uint64((1 << rows % 64) - 1)
    return found


def count(bits: Bits) -> int:
    """How many rows are 1."""
    return int(np.bitwise_count(bits).sum())


def numbers(bits: Bits, rows: int) -> NDArray[np.intp]:
    """The numbers of the rows that are 1."""
    return np.flatnonzero(unpacked(bits, rows))


def any_of(columns: Sequence[Bits]) -> Bits:
    """Where any of some columns is 1; the one itself if it is one."""
    found = columns[0]
    if len(columns) > 1:
        found = found | columns[1]
        for each in columns[2:]:
            np.bitwise_or(found, each, out=found)
    return found


def picked(columns: Sequence[Bits], wanted: Rows) -> NDArray[np.uint8]:
    """The bits of some rows as one 0 or 1 each, a line for each column."""
    words, shifts = wanted // 64, (wanted % 64).astype(np.uint64)
    found = np.empty((len(columns), len(wanted)), np.uint8)
    for line, column in zip(found, columns, strict=True):
        line[:] = column[words] >> shifts & np.uint64(1)
    return found


def taken(columns: Sequence[Bits], rows: int, wanted: Rows) -> list[Bits]:
    """Columns with the bits of some rows only, close together."""
    if SPARSE * len(wanted) > rows:
        return [packed(unpacked(column, rows)[wanted]) for column in columns]
    flags = np.packbits(picked(columns, wanted), axis=1, bitorder="little")
    found = np.zeros((len(columns), 8 * words_for(len(wanted))), np.uint8)
    found[:, : flags.shape[1]] = flags
    return list(found.view(np.uint64))


def put(bits: Bits, wanted: Rows, flags: NDArray[np.uint8] | NDArray[np.bool_]) -> Bits:
    """The bits with those of some rows written anew."""
    before = picked([bits], wanted)[0]
    if (before == flags).all():
        return bits
    found = bits.copy()
    for change, write in ((flags > before, np.bitwise_or), (flags < before, np.bitwise_and)):
        where = wanted[change]
        each = np.uint64(1) << (where % 64).astype(np.uint64)
        write.at(found, where // 64, each if write is np.bitwise_or else ~each)
    return found


def compute(
    table: Table,
    order: Iterable[int],
    leaf: Callable[[int], Bits],
    flip: Callable[[Bits], Bits],
    keep: Iterable[int],
    given: Mapping[int, Bits] | None = None,
) -> dict[int, Bits]:
    """The nodes to keep, computed along a line; everything else is forgotten as soon as nothing needs it.

    Args:
        leaf: the bits of a leaf node, shaped (depth, words); a depth of 1 stands for any.
        flip: what negation does to bits.
        given: nodes that are known already, for those of the line that are not in `order`.
    """
    found: dict[int, Bits] = dict(given or {})
    for number, node, spent in _plan(table, tuple(order), frozenset(keep)):
        if isinstance(node, Leaf):
            found[number] = leaf(number)
            continue
        if isinstance(node, Not):
            found[number] = flip(found[node.part])
        elif isinstance(node, All):
            found[number] = _fold(np.bitwise_and, [found[part] for part in node.parts])
        elif isinstance(node, Some):
            found[number] = _fold(np.bitwise_or, [found[part] for part in node.parts])
        elif isinstance(node, Enough):
            found[number] = enough(node.need, [(found[part], weight) for part, weight in node.parts])
        if given is None:
            for part in spent:
                del found[part]
    return found


def _plan(table: Table, order: tuple[int, ...], keep: frozenset[int]) -> Sequence[tuple[int, Node, tuple[int, ...]]]:
    """The nodes of a line, each with those that nothing needs after it; worked out once."""
    known = table.plans.get((order, keep))
    if known is not None:
        return known
    nodes = [(number, node) for number in order if (node := table.nodes[number]) is not None]
    last = {part: number for number, node in nodes for part in parts_of(node)}
    found = table.plans[order, keep] = tuple(
        (number, node, tuple({part for part in parts_of(node) if last[part] == number and part not in keep}))
        for number, node in nodes
    )
    return found


def _fold(operation: np.ufunc, columns: Sequence[Bits]) -> Bits:
    found: Bits = operation(columns[0], columns[1])
    for each in columns[2:]:
        if each.shape == found.shape:
            operation(found, each, out=found)
        else:
            found = operation(found, each)
    return found


def enough(need: int, columns: Sequence[tuple[Bits, int]]) -> Bits:
    """Where columns together weigh enough: `reached[j]` holds where those so far weigh at least j."""
    reached: list[Bits | None] = [None] * (need + 1)
    for column, weight in columns:
        for j in range(need, 0, -1):
            below = reached[j - weight] if j > weight else None
            if j > weight and below is None:
                continue
            gained = column if below is None else column & below
            before = reached[j]
            reached[j] = gained if before is None else before | gained
    found = reached[need]
    assert found is not None
    return found


def constant(number: int, words: int) -> Bits:
    """The bits of the constant nodes NO and YES."""
    assert number in (NO, YES)
    return np.full((1, words), ONES if number == YES else np.uint64(0), np.uint64)
