"""Every policy of a folder, made again of what was kept of them if the same files were read before."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from bvn_asp import store
from bvn_asp.classes import replace
from bvn_asp.errors import InputError, Place
from bvn_asp.model.policy import Applies, Option, Policy, Reading, Revision
from bvn_asp.model.remade import remade, written
from bvn_asp.model.source import data_of
from bvn_asp.model.vocabulary import Vocabulary

_CLASSES = (Applies, Option, Place, Policy, Reading, Revision)


def load_policies(paths: Sequence[Path], vocabulary: Vocabulary) -> list[Policy]:
    """The policies in some files `policy.yaml`; their rules are read when they are first asked for.

    Raises: InputError, with every fault of the first file that has any; nothing is kept then.
    """
    try:
        data = [data_of(path) for path in paths] if store.is_open() else []
    except InputError:
        data = []  # what is wrong with the files before it is told first
    if not data:
        from bvn_asp.model.policy_reader import load_policy

        return [load_policy(path.parent, vocabulary) for path in paths]
    name = store.named("policies", *map(str, paths), *data)
    content = store.taken(name)
    if content is not None:
        with suppress(ValueError, TypeError, LookupError):  # not written by this code: read anew
            found = [_remade(path, each, vocabulary) for path, each in zip(paths, json.loads(content), strict=True)]
            if None not in found:
                return [each for each in found if each is not None]
    from bvn_asp.model.policy_reader import PolicyReader  # with YAML, which few commands need besides

    made, kept = [], []
    for path, each in zip(paths, data, strict=True):
        reader = PolicyReader(path, vocabulary)
        made.append(reader.read(each))
        kept.append(_written(made[-1], reader.files))
    store.keep(name, json.dumps(kept, separators=(",", ":")).encode())
    return made


def _written(policy: Policy, files: dict[str, str]) -> list[Any]:
    """A policy without the vocabulary, then its revisions without it, each with its file as it is named."""
    alone = replace(policy, vocabulary=None, revisions=())  # type: ignore[arg-type]
    listed = [(each, replace(each, policy=None)) for each in policy.revisions]  # type: ignore[arg-type]
    return [
        written(alone, _CLASSES),
        [[files.get(each.id, "") if each.path else None, written(one, _CLASSES)] for each, one in listed],
    ]


def _remade(path: Path, data: list[Any], vocabulary: Vocabulary) -> Policy | None:
    """The policy that `_written` wrote; None if one of its files of rules is not where it was."""
    alone, listed = data
    policy = remade(alone, _CLASSES)
    revisions = []
    for file, each in listed:
        revision = remade(each, _CLASSES)
        if not isinstance(revision, Revision) or not _is_there(revision.path, path.parent, file):
            return None
        object.__setattr__(revision, "policy", policy)
        revisions.append(revision)
    object.__setattr__(policy, "vocabulary", vocabulary)
    object.__setattr__(policy, "revisions", tuple(revisions))
    return policy if isinstance(policy, Policy) else None


def _is_there(path: Path | None, folder: Path, file: str | None) -> bool:
    """Whether a file of rules, named so in a folder, is still the one it was, whatever links lead to it."""
    if path is None or file is None:
        return path is None and file is None
    return os.path.realpath(folder / file) == str(path) and path.is_file()
