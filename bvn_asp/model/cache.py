"""What was read from a policy's rules, kept between runs, because reading them takes longer than deciding.

An entry is named by the hash of all it depends on: the rules, the vocabulary, and the code that reads them. It is
plain JSON in the user's cache folder, written beside and renamed; whatever is wrong with it, the rules are read anew.
`BVN_CACHE=off` keeps nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from bvn_asp.errors import Place
from bvn_asp.model.quantity import Quantity
from bvn_asp.model.rules import Entry, Limit, Read, Rules

MOST_ENTRIES = 2000


def cached(path: Path, vocabulary_digest: str, read: Callable[[], Rules]) -> Rules:
    """The rules in a file, from the cache if they stand there, else as `read` reads them."""
    folder = _folder()
    if folder is None:
        return read()
    try:
        rules = path.read_bytes()
    except OSError:
        return read()
    name = hashlib.sha256(b"\0".join([_code(), vocabulary_digest.encode(), rules])).hexdigest()
    kept = folder / f"{name}.json"
    try:
        return _decode(json.loads(kept.read_bytes()), str(path))
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        found = read()
        _keep(kept, _encode(found))
        return found


def _folder() -> Path | None:
    """The user's cache folder; None if there is to be no cache."""
    chosen = os.environ.get("BVN_CACHE", "")
    if chosen == "off":
        return None
    if chosen:
        return Path(chosen)
    home = Path.home() if "HOME" in os.environ or sys.platform == "win32" else None
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        base = str(home / "Library" / "Caches") if home else None
    else:
        base = os.environ.get("XDG_CACHE_HOME") or (str(home / ".cache") if home else None)
    return Path(base) / "bvn-asp" if base else None


@cache
def _code() -> bytes:
    """The hash of the code that reads rules."""
    here = Path(__file__).parent
    text = b"".join((here / f"{name}.py").read_bytes() for name in ("syntax", "rules", "quantity", "cache"))
    return hashlib.sha256(text).digest()


def _keep(target: Path, data: Any) -> None:
    """Write an entry whole or not at all; a cache that cannot be written is no fault."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        kept = list(target.parent.glob("*.json"))
        if len(kept) >= MOST_ENTRIES:
            for old in sorted(kept, key=lambda each: each.stat().st_mtime)[: MOST_ENTRIES // 2]:
                old.unlink(missing_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(data, file, separators=(",", ":"), ensure_ascii=False)
        os.replace(temporary, target)
    except OSError:
        return


def _encode(rules: Rules) -> dict[str, Any]:
    return {
        "entries": [list(vars(entry).values()) for entry in rules.entries],
        "limits": [
            [x.fact, x.operator, str(x.quantity.amount), x.quantity.unit, x.term, x.place.line, x.place.column]
            for x in rules.limits
        ],
        "facts": sorted(rules.facts),
        "readings": sorted(rules.readings),
        "reads": {
            entry: [
                [read.fact, read.member, read.tests, [[sorted(each) for each in when] for when in read.when]]
                for read in reads
            ]
            for entry, reads in rules.reads.items()
        },
        "text": rules.text,
        "places": [[place.line, place.column] for place in rules.places],
    }


def _decode(data: dict[str, Any], path: str) -> Rules:
    entries = [
        Entry(i, parent, kind, need, place, text, cites, tuple(also), tuple(topics), mark, line)
        for i, parent, kind, need, place, text, cites, also, topics, mark, line in data["entries"]
    ]
    limits = [
        Limit(fact, operator, Quantity(Decimal(amount), unit), term, Place(path, line, column))
        for fact, operator, amount, unit, term, line, column in data["limits"]
    ]
    reads = {
        entry: tuple(
            Read(
                fact,
                member,
                tuple((operator, text) for operator, text in tests),
                tuple(tuple(frozenset((i, o) for i, o in each) for each in combos) for combos in when),
            )
            for fact, member, tests, when in listed
        )
        for entry, listed in data["reads"].items()
    }
    return Rules(
        path,
        tuple(entries),
        tuple(limits),
        frozenset(data["facts"]),
        frozenset((i, o) for i, o in data["readings"]),
        reads,
        data["text"],
        tuple(Place(path, line, column) for line, column in data["places"]),
    )
