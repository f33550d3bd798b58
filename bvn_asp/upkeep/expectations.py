"""Which lines of a case file state an expectation, and how would they read if the policies were right?

Only the words that are wrong are replaced, at their place in the file; comments and all else stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import yaml

from bvn_asp.classes import dataclass
from bvn_asp.model.case import Expectation
from bvn_asp.upkeep.testing import Mismatch, Result


@dataclass(frozen=True)
class Change:
    """What would be written to a file.

    Attributes:
        text: the whole file.
        shown: its lines that change, `- old` above `+ new`.
    """

    text: str
    shown: tuple[str, ...]


def edits(results: Iterable[Result]) -> dict[str, Change]:
    """Path to what its file would say, for some failed checks."""
    by_path: dict[str, list[Result]] = {}
    for each in results:
        by_path.setdefault(each.check.case.path, []).append(each)
    found = {}
    for path, listed in by_path.items():
        old = Path(path).read_text(encoding="utf-8-sig")
        pieces = sorted({piece for each in listed for piece in _pieces(old, each)}, reverse=True)
        new = old
        for start, end, text in pieces:
            new = new[:start] + text + new[end:]
        if new != old:
            found[path] = Change(new, tuple(_difference(old.splitlines(), new.splitlines())))
    return found


def _pieces(text: str, result: Result) -> Iterator[tuple[int, int, str]]:
    """The spans of a file to replace, each with its new text."""
    root = yaml.compose(text)
    assert root is not None
    node = _find(root, result.check.expectation)
    for each in result.mismatches:
        yield from _piece(text, node, each, result)


def _piece(text: str, node: yaml.Node, each: Mismatch, result: Result) -> Iterator[tuple[int, int, str]]:
    if isinstance(node, yaml.ScalarNode):
        yield node.start_mark.index, node.end_mark.index, each.got[0]
        return
    assert isinstance(node, yaml.MappingNode)
    parts = {key.value: (key, value) for key, value in node.value}
    if each.key in result.check.statuses:
        parts = {key.value: (key, value) for key, value in parts["statuses"][1].value}
    if each.key not in parts:
        return
    key, value = parts[each.key]
    if isinstance(value, yaml.ScalarNode) and each.key not in ("blamed", "open", "hangs_on"):
        yield value.start_mark.index, value.end_mark.index, each.got[0]
    else:
        yield key.end_mark.index, _end(value), f": [{', '.join(each.got)}]"


def _end(node: yaml.Node) -> int:
    """Where a node's own text ends; a block list's mark lies after the lines that follow it."""
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return _end(node.value[-1])
    return int(node.end_mark.index)


def _find(root: yaml.Node, expectation: Expectation) -> yaml.Node:
    """The node that an expectation was read from."""
    assert isinstance(root, yaml.MappingNode)
    expected = next(value for key, value in root.value if key.value == "expect")
    nodes = [item for _, value in expected.value for item in _items(value)]
    at = (expectation.place.line - 1, expectation.place.column - 1)
    return next(each for each in nodes if (each.start_mark.line, each.start_mark.column) == at)


def _items(node: yaml.Node) -> Sequence[yaml.Node]:
    return node.value if isinstance(node, yaml.SequenceNode) else [node]


def _difference(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    from difflib import unified_diff

    for line in unified_diff(old, new, n=0, lineterm=""):
        if not line.startswith(("---", "+++", "@@")):
            yield f"{line[0]} {line[1:].strip()}"
