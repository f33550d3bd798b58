"""The vocabulary in a file, made again of what was kept of it if the same file was read before."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from bvn_asp import store
from bvn_asp.model.quantity import Quantity
from bvn_asp.model.remade import remade, written
from bvn_asp.model.source import data_of
from bvn_asp.model.vocabulary.parts import Between, Contest, Decision, Event, Fact, Index, Relation, Shorthand, Sign
from bvn_asp.model.vocabulary.request import Papers, Request
from bvn_asp.model.vocabulary.vocabulary import Vocabulary

_CLASSES = (
    *(Between, Contest, Decision, Event, Fact, Index, Papers, Quantity, Relation, Request, Shorthand, Sign, Vocabulary),
)


def load_vocabulary(path: Path) -> Vocabulary:
    """The vocabulary in a file.

    Raises: InputError, with every fault of the file at once; nothing is kept then.
    """
    data = data_of(path)
    name = store.named("vocabulary", str(path), data) if store.is_open() else ""
    content = store.taken(name) if name else None
    if content is not None:
        with suppress(ValueError, TypeError, LookupError, ArithmeticError):  # not written by this code: read anew
            found = remade(json.loads(content), _CLASSES)
            if isinstance(found, Vocabulary):
                return found
    from bvn_asp.model.vocabulary.reader import read_vocabulary  # with YAML, which few commands need besides

    made = read_vocabulary(path, data)
    if name:
        store.keep(name, json.dumps(written(made, _CLASSES), separators=(",", ":")).encode())
    return made
