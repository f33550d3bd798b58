"""One column of a batch: which of its texts each row bears, kept so that bits come out of it fast."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped,import-not-found]
from numpy.typing import NDArray

from bvn_asp.batch.bits import ONES, Bits, packed, words_for

FEW = 8


class Cells:
    """A column as codes, and what each code stands for.

    Args:
        rows: how many rows.
        means: code to the number of a text; nulls have no code, their number is 0.
        codes: each row's code; None if `parts` says it all.
        parts: for each code, where it stands; made from the codes where there are few.
        valid: where there is a value; None if everywhere.
    """

    def __init__(
        self,
        rows: int,
        means: NDArray[np.int32],
        codes: NDArray[np.integer] | None,
        parts: Sequence[Bits] | None,
        valid: Bits | None,
    ) -> None:
        self.rows, self.means, self.codes, self.valid = rows, means, codes, valid
        if parts is None and codes is not None and len(means) <= FEW:
            parts = [packed(codes == code) for code in range(len(means))]
        self.parts = parts

    def number(self, row: int) -> int:
        """The number of a row's text."""
        if self.valid is not None and not _bit(self.valid, row):
            return 0
        if self.codes is not None:
            return int(self.means[self.codes[row]])
        assert self.parts is not None
        return next(int(self.means[code]) for code, bits in enumerate(self.parts) if _bit(bits, row))

    def where(self, flags: NDArray[np.bool_]) -> Bits:
        """Where the number of the row's text is flagged.

        Args:
            flags: number of a text to whether it is.
        """
        mine = flags[self.means]
        if self.parts is not None:
            found = np.zeros(words_for(self.rows), np.uint64)
            for code, bits in enumerate(self.parts):
                if mine[code]:
                    found |= bits
        else:
            assert self.codes is not None
            found = packed(mine[self.codes])
        return self._with_nulls(found, bool(flags[0]))

    def allowed(self, masks: Sequence[int], size: int) -> list[Bits]:
        """For each of so many classes, where the row's text allows it.

        Args:
            masks: number of a text to the classes it allows.
        """
        if self.parts is not None or size > FEW:
            return [self.where(np.array([mask >> i & 1 for mask in masks], np.bool_)) for i in range(size)]
        assert self.codes is not None
        mine = np.array(masks, np.uint8)[self.means][self.codes]
        return [self._with_nulls(packed(mine & np.uint8(1 << i)), True) for i in range(size)]

    def _with_nulls(self, bits: Bits, null: bool) -> Bits:
        if self.valid is None:
            return bits
        return bits & self.valid if not null else bits | ~self.valid


def bitmap(column: pa.Array, which: int) -> Bits | None:
    """One of a column's bitmaps (0 validity, 1 values of a boolean column) as words; None if it has none."""
    buffer = column.buffers()[which]
    if buffer is None:
        return None
    rows, start = len(column), column.offset
    data = np.frombuffer(buffer, np.uint8)
    if start % 8:
        flags = np.unpackbits(data[start // 8 : (start + rows + 7) // 8], bitorder="little")
        return packed(flags[start % 8 : start % 8 + rows])
    found = np.zeros(words_for(rows) * 8, np.uint8)
    part = data[start // 8 : start // 8 + (rows + 7) // 8]
    found[: len(part)] = part
    return found.view(np.uint64)


def of_booleans(column: pa.Array, means: NDArray[np.int32]) -> Cells:
    """A boolean column; `means` are the numbers of the texts for no and yes."""
    values = bitmap(column, 1)
    if values is None:
        values = np.zeros(words_for(len(column)), np.uint64)
    return Cells(len(column), means, None, [values ^ ONES, values], validity(column))


def validity(column: pa.Array) -> Bits | None:
    """Where a column has a value; None if everywhere."""
    if not column.null_count:
        return None
    if pa.types.is_null(column.type):
        return np.zeros(words_for(len(column)), np.uint64)
    return bitmap(column, 0)


def _bit(bits: Bits, row: int) -> bool:
    return bool(int(bits[row // 64]) >> (row % 64) & 1)
