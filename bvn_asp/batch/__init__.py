"""How does each policy decide a whole file of cases? The ground rules over columns of bits, the solver for the rest."""

from bvn_asp.batch.run import batch

__all__ = ["batch"]
