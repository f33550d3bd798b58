"""The rules of a file, made again of what was kept of them if the same text was read before."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bvn_asp import store
from bvn_asp.model.kept_rules import kept_rules
from bvn_asp.model.rules import Rules
from bvn_asp.model.source import source_of
from bvn_asp.model.vocabulary import Vocabulary

if TYPE_CHECKING:
    from bvn_asp.model.rules_reader import RulesReader


def read_rules(
    path: Path, vocabulary: Vocabulary, source: str | None = None, names: Mapping[str, str] | None = None
) -> Rules:
    """The rules of one revision.

    Args:
        source: the text, if it is not to be read from `path` (an edited or older text of the same file).
        names: readings as rules may write them, to the terms by which the engine knows them.

    Raises: InputError, with every fault of the file at once.
    """
    text = source_of(path) if source is None else source
    name = store.named("policy", str(path), vocabulary.digest, repr(sorted((names or {}).items())), text)
    return kept_rules(str(path), name, lambda: _reader(path, vocabulary, names).policy(text))


def read_background(path: Path, vocabulary: Vocabulary) -> Rules:
    """The rules that say what no patient can be: heads `impossible("reason")` and helper predicates."""
    return read_side_rules(path, vocabulary, {"impossible": 1}, {})


def read_side_rules(path: Path, vocabulary: Vocabulary, heads: Mapping[str, int], given: Mapping[str, int]) -> Rules:
    """Rules that stand beside the policies, as which of them governs: read from the record, without an outline.

    Args:
        heads: what such a file is there to conclude, with the number of arguments; all else it defines is its own.
        given: what the engine adds to what a rule may ask, with the number of arguments.
    """
    text = source_of(path)
    said = repr((sorted(heads.items()), sorted(given.items())))
    name = store.named("beside", str(path), vocabulary.digest, said, text)
    return kept_rules(str(path), name, lambda: _reader(path, vocabulary).beside(text, heads, given))


def _reader(path: Path, vocabulary: Vocabulary, names: Mapping[str, str] | None = None) -> RulesReader:
    from bvn_asp.model.rules_reader import RulesReader  # it needs clingo, and rules that were kept need none of it

    return RulesReader(path, vocabulary, names)
