"""One column of a batch: which of its texts each row bears, kept so that bits come out of it fast.

A column is codes in order. Where a row's code lies in some ranges is one comparison a cut between the ranges: the bits
*this code or a later one* of two cuts differ exactly between them. So a threshold costs one comparison, and the column
is never gathered through a table unless its ranges are many.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped,import-not-found]
from numpy.typing import NDArray

from bvn_asp.batch.bits import ONES, Bits, packed, unpacked, words_for
from bvn_asp.classes import dataclass

FEW = 8
MOST_CUTS = 16
PIECE = 8_192
FAR = 1e6


@dataclass(frozen=True)
class Pick:
    """Some of the codes of a column.

    Attributes:
        flags: code to whether it is picked.
        first: whether the lowest is.
        cuts: the codes at which it changes.
        null: whether rows without a value are.
    """

    flags: NDArray[np.bool_]
    first: bool
    cuts: tuple[int, ...]
    null: bool


class Meaning:
    """What the codes of a column stand for.

    Args:
        numbers: code to the number of a text; nulls have no code, their number is 0.
    """

    def __init__(self, numbers: NDArray[np.int32]) -> None:
        self.numbers = numbers
        self._picks: dict[str, Pick] = {}
        self._classes: tuple[tuple[Pick, ...], NDArray[np.uint8] | None, bool] | None = None

    def pick(self, name: str, flags: NDArray[np.bool_]) -> Pick:
        """The codes whose text is flagged; remembered by name, for a text's flag never changes.

        Args:
            flags: number of a text to whether it is.
        """
        found = self._picks.get(name)
        if found is None:
            mine = flags[self.numbers]
            cuts = tuple((np.flatnonzero(mine[1:] != mine[:-1]) + 1).tolist())
            found = self._picks[name] = Pick(mine, bool(mine[0]), cuts, bool(flags[0]))
        return found

    def classes(self, masks: list[int], size: int) -> tuple[tuple[Pick, ...], NDArray[np.uint8] | None, bool]:
        """For each of so many classes the codes that allow it; a table of them, if they are better looked up; and
        whether each code allows one class alone.

        Args:
            masks: number of a text to the classes it allows.
        """
        if self._classes is None:
            picks = tuple(self.pick(f"class {i}", np.array([m >> i & 1 for m in masks], np.bool_)) for i in range(size))
            many = len({cut for each in picks for cut in each.cuts}) > MOST_CUTS
            table = np.array(masks, np.uint8)[self.numbers] if many and size <= FEW else None
            sharp = all(masks[number].bit_count() == 1 for number in set(self.numbers.tolist()))
            self._classes = picks, table, sharp
        return self._classes


class Cells:
    """A column as codes, and what each code stands for.

    Args:
        rows: how many rows.
        codes: each row's code, counted from `base`; None if `cuts` says it all. Without a value it is anything.
        cuts: code to where a row has it or a later one, as far as known.
        valid: where there is a value; None if everywhere.
    """

    def __init__(
        self,
        rows: int,
        meaning: Meaning,
        codes: NDArray[np.number] | None,
        valid: Bits | None,
        base: int = 0,
        cuts: dict[int, Bits] | None = None,
    ) -> None:
        self.rows, self.meaning, self.codes, self.valid, self.base = rows, meaning, codes, valid, base
        self.cuts = cuts or {}

    def number(self, row: int) -> int:
        """The number of a row's text."""
        if self.valid is not None and not _bit(self.valid, row):
            return 0
        if self.codes is not None:
            return int(self.meaning.numbers[int(self.codes[row]) - self.base])
        return int(self.meaning.numbers[sum(_bit(bits, row) for bits in self.cuts.values())])

    def numbers_of(self, rows: NDArray[np.intp]) -> NDArray[np.int32]:
        """The numbers of some rows' texts."""
        if self.codes is not None:
            places = self.codes[rows].astype(np.intp) - self.base
        else:
            places = np.zeros(len(rows), np.intp)
            for bits in self.cuts.values():
                places += _bits(bits, rows)
        if self.valid is None:
            return self.meaning.numbers[places.astype(np.intp)]
        valid = _bits(self.valid, rows).astype(np.bool_)
        return np.where(valid, self.meaning.numbers[np.where(valid, places, 0).astype(np.intp)], 0).astype(np.int32)

    def where(self, name: str, flags: NDArray[np.bool_]) -> Bits:
        """Where the number of the row's text is flagged; see `Meaning.pick`."""
        return self._picked(self.meaning.pick(name, flags))

    def allowed(self, masks: list[int], size: int) -> tuple[list[Bits], bool]:
        """For each of so many classes, where the row's text allows it; and whether every row allows one alone."""
        picks, table, sharp = self.meaning.classes(masks, size)
        sharp = sharp and self.valid is None
        if table is None:
            return [self._picked(each) for each in picks], sharp
        mine = table[self._places()]
        return [self._with_nulls(packed(mine & np.uint8(1 << i)), True) for i in range(size)], sharp

    def _picked(self, pick: Pick) -> Bits:
        if len(pick.cuts) > MOST_CUTS:
            return self._with_nulls(packed(pick.flags[self._places()]), pick.null)
        found: Bits | None = None
        for cut in pick.cuts:
            here = self.cuts.get(cut)
            if here is None:
                assert self.codes is not None
                here = self.cuts[cut] = packed(self.codes >= self.base + cut)
            found = here if found is None else found ^ here
        if found is None:
            return self._with_nulls(np.full(words_for(self.rows), ONES if pick.first else 0, np.uint64), pick.null)
        return self._with_nulls(~found if pick.first else found, pick.null)

    def _places(self) -> NDArray[np.integer]:
        assert self.codes is not None
        found: NDArray[np.integer] = self.codes  # type: ignore[assignment]
        if self.base or found.dtype.kind == "f":
            found = (found - self.base).astype(np.intp)
        return found if self.valid is None else np.where(unpacked(self.valid, self.rows), found, 0)

    def _with_nulls(self, bits: Bits, null: bool) -> Bits:
        if self.valid is None:
            return bits
        return bits & self.valid if not null else bits | ~self.valid


def bitmap(column: pa.Array, which: int) -> Bits | None:
    """One of a column's bitmaps (0 validity, 1 values of a boolean column) as words; None if it has none.

    Not copied where the words lie in it as they are.
    """
    buffer = column.buffers()[which]
    if buffer is None:
        return None
    rows, start = len(column), column.offset
    if start % 64 == 0 and start // 8 + words_for(rows) * 8 <= buffer.size:
        return np.frombuffer(buffer, np.uint64, words_for(rows), start // 8)
    data = np.frombuffer(buffer, np.uint8)
    if start % 8:
        flags = np.unpackbits(data[start // 8 : (start + rows + 7) // 8], bitorder="little")
        return packed(flags[start % 8 : start % 8 + rows])
    found = np.zeros(words_for(rows) * 8, np.uint8)
    part = data[start // 8 : start // 8 + (rows + 7) // 8]
    found[: len(part)] = part
    return found.view(np.uint64)


def of_booleans(column: pa.Array, meaning: Meaning) -> Cells:
    """A boolean column; `meaning` has the texts for no and yes."""
    values = bitmap(column, 1)
    if values is None:
        values = np.zeros(words_for(len(column)), np.uint64)
    return Cells(len(column), meaning, None, validity(column), cuts={1: values})


def on_grid(values: NDArray[np.number], per: int, there: NDArray[np.bool_] | None = None) -> NDArray[np.int32] | None:
    """Numbers as whole steps, `per` of them a unit; None if any lies between two steps or far out.

    A piece at a time, so that what is worked on stays near the processor.

    Args:
        there: the rows that count, one of them at least; the others become as the first of these. All if None.
    """
    found = np.empty(len(values), np.int32)
    steps, back = np.empty(PIECE), np.empty(PIECE)
    instead = values[0 if there is None else np.argmax(there)]
    for start in range(0, len(values), PIECE):
        piece = values[start : start + PIECE]
        if there is not None:
            piece = np.where(there[start : start + PIECE], piece, instead)
        whole, again = steps[: len(piece)], back[: len(piece)]
        np.multiply(piece, per, out=whole)
        np.rint(whole, out=whole)
        np.divide(whole, per, out=again)
        if not (again == piece).all() or not -FAR < whole.min() <= whole.max() < FAR:
            return None
        found[start : start + PIECE] = whole
    return found


def stored(column: pa.Array) -> NDArray[np.number]:
    """Numbers as they lie in memory, whatever lies there where a column has no value."""
    known = column.type  # without `to_pandas_dtype`, for which older Arrow wants pandas
    sign = "f" if pa.types.is_floating(known) else "u" if pa.types.is_unsigned_integer(known) else "i"
    kind = np.dtype(f"{sign}{known.bit_width // 8}")
    return np.frombuffer(column.buffers()[1], kind, len(column), column.offset * kind.itemsize)


def validity(column: pa.Array) -> Bits | None:
    """Where a column has a value; None if everywhere."""
    if not column.null_count:
        return None
    if pa.types.is_null(column.type):
        return np.zeros(words_for(len(column)), np.uint64)
    return bitmap(column, 0)


def _bit(bits: Bits, row: int) -> bool:
    return bool(int(bits[row // 64]) >> (row % 64) & 1)


def _bits(bits: Bits, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    return (bits[rows // 64] >> (rows % 64).astype(np.uint64) & np.uint64(1)).astype(np.intp)
