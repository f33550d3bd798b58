"""Answers of the shipped policies that take long and that several modules look at: each made once a worker."""

from __future__ import annotations

from functools import cache

from places import ROOT

from bvn_asp import Library
from bvn_asp.texts.stricter import Strictness, stricter

LIBRARY = Library(ROOT / "policies")


@cache
def cohere_against(governing: str) -> Strictness:
    """Where Cohere's policy is stricter and looser than a determination."""
    return stricter(LIBRARY, LIBRARY.revision("cohere-ma"), LIBRARY.revision(governing))
