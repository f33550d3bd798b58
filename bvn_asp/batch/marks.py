"""Statuses of many cases, kept as bits and written out as codes when they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped,import-not-found]
from numpy.typing import NDArray

from bvn_asp.batch.bits import Bits, unpacked

NOT_THERE = 255


class Marks(Mapping[str, NDArray[np.uint8]]):
    """Entry to one code a row: how many of the two rails hold, 255 where the row's revision has no such entry.

    `arrow` gives the rails themselves, as Arrow columns that nothing is copied into.
    """

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self._rails: dict[str, tuple[Bits, Bits]] = {}
        self._known: dict[str, Bits] = {}
        self._codes: dict[str, NDArray[np.uint8]] = {}

    def put(self, entry: str, every: Bits, some: Bits, where: Bits | None) -> None:
        """Take the rails of an entry for some rows, or for all of them.

        Args:
            every, some: where it holds in every completion, and in some.
        """
        self._codes.pop(entry, None)
        if where is None:
            self._rails[entry] = every, some
            self._known.pop(entry, None)
            return
        if entry in self._rails:
            before, after = self._rails[entry]
            every, some = (before & ~where) | (every & where), (after & ~where) | (some & where)
            if entry in self._known:
                self._known[entry] = self._known[entry] | where
        else:
            self._known[entry] = where
        self._rails[entry] = every, some

    def mark(self, entry: str, row: int, code: int) -> None:
        """Write the code of one row, by which both rails are as the solver has them."""
        self._codes.pop(entry, None)
        bit = np.uint64(1 << row % 64)
        rails = []
        for bits, on in zip(self._rails[entry], (code == 2, code > 0), strict=True):
            copy = bits.copy()
            copy[row // 64] = copy[row // 64] | bit if on else copy[row // 64] & ~bit
            rails.append(copy)
        self._rails[entry] = rails[0], rails[1]

    def arrow(self, entry: str) -> tuple[pa.BooleanArray, pa.BooleanArray]:
        """Where an entry is met, and where it may be met, as Boolean columns; null where it is in no revision asked."""
        known = pa.py_buffer(self._known[entry]) if entry in self._known else None
        found = [
            pa.Array.from_buffers(pa.bool_(), self.rows, [known, pa.py_buffer(np.ascontiguousarray(bits))])
            for bits in self._rails[entry]
        ]
        return found[0], found[1]

    def __getitem__(self, entry: str) -> NDArray[np.uint8]:
        found = self._codes.get(entry)
        if found is None:
            every, some = self._rails[entry]
            found = unpacked(np.ascontiguousarray(every), self.rows)
            found += found if every is some else unpacked(np.ascontiguousarray(some), self.rows)
            if entry in self._known:
                found[unpacked(self._known[entry], self.rows) == 0] = NOT_THERE
            self._codes[entry] = found
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._rails)

    def __len__(self) -> int:
        return len(self._rails)
