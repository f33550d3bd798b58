"""Straight lines under chosen readings, kept: in this thread for as long as they are asked, in the store between runs.

A line is a function of the ground program's text and of the readings, so it is named by both.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from clingo import __version__

from bvn_asp import store
from bvn_asp.engine.flat import read_table, written_table
from bvn_asp.engine.lines import Compiled, Leaf, compiled, laid_out, order_of
from bvn_asp.engine.program import Program

MOST = 8
_NODES = ("met", "blamed", "verdicts", "forbidden", "silences")


class _Own(threading.local):
    """What one thread keeps, the last asked first: what is found out about a line is written down in its table."""

    def __init__(self) -> None:
        self.kept: list[tuple[tuple[str, str], Compiled]] = []


_OWN = _Own()


def kept_lines(program: Program, chosen: Sequence[Mapping[str, str]]) -> Compiled:
    """As `compiled`, made once.

    Args:
        program: need not be grounded.

    Raises: SolverError: as `compiled`.
    """
    key = program.text, json.dumps([sorted(each.items()) for each in chosen])
    found = next((made for known, made in _OWN.kept if known == key), None)
    if found is None:
        found = _stored(key, program, chosen)
    _OWN.kept = [(key, found), *(each for each in _OWN.kept if each[0] != key)][:MOST]
    return found


def _stored(key: tuple[str, str], program: Program, chosen: Sequence[Mapping[str, str]]) -> Compiled:
    name = store.named("lines", __version__, *key) if store.is_open() else ""
    content = store.taken(name) if name else None
    if content is not None:
        with suppress(ValueError, TypeError, KeyError, IndexError):  # not written by this code: made anew
            return _decoded(json.loads(content))
    made = compiled(program, chosen)
    if name:
        store.keep(name, json.dumps(_encoded(made), separators=(",", ":")).encode())
    return made


def _encoded(made: Compiled) -> list[Any]:
    """Lines as JSON: the nodes that are needed, and where each name stands."""
    table = made.table
    named = [{key: getattr(line, key) for key in _NODES} for line in made.lines]
    order = order_of(table, [node for line in named for nodes in line.values() for node in nodes.values()])
    slots = dict.fromkeys(node.slot for n in order if isinstance(node := table.nodes[n], Leaf))
    numbers, written = written_table(table, order, list(slots))
    return [
        written,
        [{key: {each: numbers[n] for each, n in nodes.items()} for key, nodes in line.items()} for line in named],
    ]


def _decoded(data: list[Any]) -> Compiled:
    written, named = data
    table, _ = read_table(written)
    table.index()
    return laid_out(table, [{key: line[key] for key in _NODES} for line in named])
