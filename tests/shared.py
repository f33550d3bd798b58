"""Answers of the shipped policies that take long and that several modules look at: each made once a worker.

`stricter` and `sources` of the shipped library are so for whoever asks, an appeal or a page too: what `once` puts in
their place is put there before anybody else imports them.
"""

from __future__ import annotations

from functools import cache, wraps

from places import ROOT

from bvn_asp import Library
from bvn_asp.texts import sources, stricter
from bvn_asp.texts.atlas import Atlas, atlas
from bvn_asp.upkeep.testing import Collection, collect

LIBRARY = Library(ROOT / "policies")


def once(module, name):
    """Let a function of a module remember what it made of the shipped library and of each choice of arguments."""
    made, kept = getattr(module, name), {}

    @wraps(made)
    def remembered(library, *given, **named):
        if library is not LIBRARY:
            return made(library, *given, **named)
        key = tuple(getattr(each, "key", repr(each)) for each in (*given, sorted(named.items())))
        if key not in kept:
            kept[key] = made(library, *given, **named)
        return kept[key]

    setattr(module, name, remembered)


once(stricter, "stricter")
once(sources, "sources")


def cohere_against(governing: str) -> stricter.Strictness:
    """Where Cohere's policy is stricter and looser than a determination."""
    return stricter.stricter(LIBRARY, LIBRARY.revision("cohere-ma"), LIBRARY.revision(governing))


@cache
def shipped_atlas() -> Atlas:
    """All shipped policies side by side."""
    return atlas(LIBRARY)


@cache
def shipped_checks() -> Collection:
    """What all shipped cases expect."""
    return collect(LIBRARY, [ROOT / "cases"])
