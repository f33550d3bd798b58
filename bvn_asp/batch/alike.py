"""Rows that ask the same question: what their records allow of all that a line reads is the same.

Each distinct question is decided once, where that pays: a few rows are looked at first, and rows that all differ cost
no more than that look. Rows are told apart by all their bits, hashed to find them and compared to be sure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from bvn_asp.batch.bits import Bits, Rows, count, first, numbers, packed, unpacked
from bvn_asp.batch.opens import several
from bvn_asp.batch.rails import Bounds, Frame
from bvn_asp.classes import dataclass, field
from bvn_asp.model.vocabulary import Slot

LOOKS, WORDS = 4, 16  # so many stretches of so many words are looked at
SHARE = 0.5
LEAST = 8_192
Keys = NDArray[np.uint64]


@dataclass(frozen=True)
class Alike:
    """The distinct questions of some rows.

    Attributes:
        frame: a row each.
        which: for each row of the whole its question; 0 for rows that do not matter.
    """

    frame: Frame
    which: Rows
    _spread: dict[int, tuple[Bits, Bits]] = field(default_factory=dict)

    def valid(self) -> Bits:
        """Every question."""
        return first(self.frame.rows)

    def spread(self, bits: Bits) -> Bits:
        """What is so of the questions, for all rows."""
        known = self._spread.get(id(bits))
        if known is None:  # held with its own, or another might come to stand where it stood
            each = unpacked(np.ascontiguousarray(bits), self.frame.rows)
            known = self._spread[id(bits)] = bits, packed(each[self.which])
        return known[1]

    def bounds(self, of: Bounds, mask: Bits) -> Bounds:
        """The bounds of the questions, for all rows."""
        return Bounds(
            {node: self.spread(bits) for node, bits in of.every.items()},
            {node: self.spread(bits) for node, bits in of.some.items()},
            self.spread(of.impossible) & mask,
            self.spread(of.unsettled) & mask,
        )

    def of(self, mask: Bits, rows: int) -> Bits:
        """The questions that some rows ask."""
        flags = np.zeros(self.frame.rows, np.bool_)
        flags[self.which[numbers(mask, rows)]] = True
        return packed(flags)


def alike(
    frame: Frame, slots: Iterable[Slot], mask: Bits, share: float = SHARE, unknown: int = 0
) -> Alike | None:
    """The distinct questions of some rows; None if they are too many, or too few rows, or soon decided one by one.

    Args:
        slots: what is asked about.
        share: of the rows, up to which distinct questions are worth deciding apart.
        unknown: so many slots a row are to be unknown for it to be worth while.
    """
    listed = list(slots)
    if unknown and sum(count(several(frame.allowed[slot])) for slot in listed) < unknown * frame.rows:
        return None
    columns = [bits for slot in listed for bits in frame.allowed[slot]]
    rows = numbers(mask, frame.rows)
    if len(rows) < LEAST or not _seldom(columns, frame.words, share):
        return None
    keys = _keys(columns, frame.rows)[rows]
    hashed = _hashed(keys)
    _, firsts, which = np.unique(hashed, return_index=True, return_inverse=True)
    which = which.reshape(-1)
    if len(firsts) > share * len(rows) or (keys[firsts[which]] != keys).any():  # two questions may have one hash
        return None
    found = np.zeros(frame.rows, np.intp)
    found[rows] = which
    return Alike(frame.take(rows[firsts], listed), found)


def _seldom(columns: Sequence[Bits], words: int, share: float) -> bool:
    """Whether a look at some stretches finds questions again, as often as it would if they were a share of the rows."""
    wide = min(WORDS, words // LOOKS)
    starts = [i * (words - wide) // (LOOKS - 1) for i in range(LOOKS)]
    part = [np.concatenate([column[start : start + wide] for start in starts]) for column in columns]
    seen = LOOKS * wide * 64
    distinct = len(np.unique(_hashed(_keys(part, seen))))
    worth = share * words * 64
    return bool(distinct <= worth * -np.expm1(-seen / worth))


def _keys(columns: Sequence[Bits], rows: int) -> Keys:
    """The bits of each row side by side, as words."""
    found = np.zeros((rows, -(-len(columns) // 64) * 8), np.uint8)
    for place in range(0, len(columns), 8):
        byte = unpacked(columns[place], rows)
        for i, column in enumerate(columns[place + 1 : place + 8], 1):
            byte |= unpacked(column, rows) << i
        found[:, place // 8] = byte
    return found.view(np.uint64)


def _hashed(keys: Keys) -> NDArray[np.uint64]:
    rng = np.random.default_rng(keys.shape[1])
    odd = rng.integers(1 << 62, 1 << 63, (2, keys.shape[1]), np.uint64) | np.uint64(1)
    mixed = (keys ^ keys >> np.uint64(29)) * odd[0]
    mixed ^= mixed >> np.uint64(32)
    found: NDArray[np.uint64] = np.bitwise_xor.reduce(mixed * odd[1], axis=1)
    return found
