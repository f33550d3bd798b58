"""YAML with places: every scalar is text, every node knows its line, duplicate keys are faults.

PyYAML's C parser does the reading; what is ours is only that nothing is guessed (`no`, `1.10` and `2026-01-05` stay
text until the vocabulary says what they are) and that every fault can name its line and column.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

from bvn_asp import store
from bvn_asp.classes import late
from bvn_asp.errors import Fault, InputError, Place, fault, shown
from bvn_asp.model.source import data_of

_CONTROL = late(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_PAIR = late(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


Tree = list[Any]
"""A node as plain data: what it is, its line and column, then of a scalar its text and whether it stands without
quotes, of a list its nodes, of a mapping each key's text with the key's node and the value's."""
_SCALAR, _LIST, _MAPPING = range(3)


class Node:
    """One node of a YAML file: a scalar, a list or a mapping, with its place."""

    __slots__ = ("_tree", "path")

    def __init__(self, path: str, tree: Tree) -> None:
        self.path = path
        self._tree = tree

    @property
    def place(self) -> Place:
        return Place(self.path, self._tree[1], self._tree[2])

    @property
    def is_scalar(self) -> bool:
        return bool(self._tree[0] == _SCALAR)

    @property
    def is_list(self) -> bool:
        return bool(self._tree[0] == _LIST)

    @property
    def is_mapping(self) -> bool:
        return bool(self._tree[0] == _MAPPING)

    @property
    def is_null(self) -> bool:
        return self.is_unquoted and self._tree[3] in ("", "~", "null")

    @property
    def is_unquoted(self) -> bool:
        """Whether it is a scalar that stands without quotes."""
        return self.is_scalar and bool(self._tree[4])

    @property
    def text(self) -> str:
        """A scalar's text; raises InputError for a list or a mapping."""
        if not self.is_scalar:
            raise fault(f"expected a value, found {self.kind}", place=self.place)
        return str(self._tree[3])

    @property
    def kind(self) -> str:
        return ("a value", "a list", "a mapping")[self._tree[0]]

    def items(self) -> Iterator[Node]:
        """The items of a list; a scalar counts as a list of one."""
        if self.is_mapping:
            raise fault("expected a list, found a mapping", place=self.place)
        if self.is_scalar:
            yield self
            return
        for each in self._tree[3]:
            yield Node(self.path, each)

    def entries(self) -> Iterator[tuple[Node, Node]]:
        """The keys and values of a mapping, in the order of the file."""
        if not self.is_mapping:
            raise fault(f"expected `name: value` lines, found {self.kind}", place=self.place)
        for key, value in self._tree[3].values():
            yield Node(self.path, key), Node(self.path, value)

    def mapping(self) -> dict[str, Node]:
        """A mapping by its keys' text; duplicates were refused when the file was read."""
        return {key.text: value for key, value in self.entries()}

    def get(self, key: str) -> Node | None:
        """The value under a key, or None if it is not there or left empty."""
        if self.is_mapping and key in self._tree[3]:
            node = Node(self.path, self._tree[3][key][1])
            return None if node.is_null else node
        return None

    def plain(self) -> object:
        """The same as plain strings, lists and dicts."""
        if self.is_scalar:
            return None if self.is_null else self.text
        if self.is_list:
            return [each.plain() for each in self.items()]
        return {key.text: value.plain() for key, value in self.entries()}


def typed(text: str) -> Node:
    """What somebody typed as one value, in a cell, an option or at a prompt: as in a file within brackets, else text.

    So `> 6 months`, `- 2.5`, `?` and `no: see the note` are the texts they look like.

    Raises: InputError: brackets that are not YAML.
    """
    plain = text.strip()
    if plain[:1] in ("{", "["):
        return parse_yaml(plain.encode("utf-8", "replace"), "")
    if len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "'\"":
        with suppress(InputError):
            return parse_yaml(plain.encode("utf-8", "replace"), "")
    return Node("", [_SCALAR, 1, 1, plain, 1])


def written(data: object) -> Node:
    """Plain data as a node."""
    return parse_yaml(yaml.safe_dump(data).encode("utf-8", "replace"), "")


def read_yaml(path: Path, keep: bool = False) -> Node:
    """The root of a YAML file.

    Args:
        keep: the file belongs to a library, and may be kept as it was read; what is said of a person never is.

    Raises: InputError, with every duplicate key at once: missing, too large, not text, not YAML, or empty.
    """
    data = data_of(path)
    return kept_yaml(data, str(path)) if keep else parse_yaml(data, str(path))


def kept_yaml(data: bytes, name: str) -> Node:
    """As `parse_yaml`, out of the store if the same text was read before."""
    entry = store.named("yaml", data)
    content = store.taken(entry)
    if content is not None:
        with suppress(ValueError):  # not written by this code: read anew
            return Node(name, json.loads(content))
    node = parse_yaml(data, name)
    store.keep(entry, json.dumps(node._tree, ensure_ascii=False, separators=(",", ":")).encode())
    return node


def parse_yaml(data: bytes, name: str) -> Node:
    """The root of YAML text; `name` stands for it in faults."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        raise fault("not a text file (UTF-8)", "save it as plain UTF-8 text", Place(name, line, column)) from None
    if "\0" in text:
        raise fault("not a text file", "save it as plain UTF-8 text", Place(name))
    _check_depth(text, name)
    try:
        root = _composed(_PAIR.sub(_joined, text) if "\\u" in text else text)
    except (yaml.YAMLError, RecursionError) as error:
        raise _not_yaml(error, name, text) from None
    if root is None:
        raise fault("the file is empty", place=Place(name))
    faults = list(_structure_faults(root, name))
    if faults:
        raise InputError(faults)
    return Node(name, _tree(root))


def _tree(node: yaml.Node) -> Tree:
    at = [node.start_mark.line + 1, node.start_mark.column + 1]
    if isinstance(node, yaml.ScalarNode):
        return [_SCALAR, *at, node.value, int(not node.style)]
    if isinstance(node, yaml.MappingNode):
        return [_MAPPING, *at, {key.value: [_tree(key), _tree(value)] for key, value in node.value}]
    return [_LIST, *at, [_tree(each) for each in node.value]]


MOST_LEVELS = 100
_BLOCKS = late(r"^(?: {400}|(?:[-?:] +){100})", re.MULTILINE)


def _check_depth(text: str, name: str) -> None:
    """Refuse what is nested in too many levels: composing it recurses in C, and scanning it takes the square of it.

    Brackets are counted also within texts and comments, where nobody opens a hundred.
    """
    block = _BLOCKS.search(text)
    at = block.start() if block else -1
    if text.count("[") + text.count("{") > MOST_LEVELS:
        depth = 0
        for match in re.finditer(r"[\[\]{}]", text):
            depth += 1 if match[0] in "[{" else -1
            if depth > MOST_LEVELS:
                at = match.start()
                break
    if at >= 0:
        place = Place(name, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
        raise fault(f"not YAML that is read here: nested in over {MOST_LEVELS} levels", place=place)


def _composed(text: str) -> yaml.Node | None:
    loader = _Loader(text)
    try:
        root: yaml.Node | None = loader.get_single_node()
        return root
    finally:
        loader.dispose()


def _joined(match: re.Match[str]) -> str:
    """One character that JSON writes as two halves (`\\ud83d\\ude00`), which YAML does not know."""
    high, low = int(match[2], 16), int(match[3], 16)
    return match[1] + chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


_SIGNED = late(r"(?:[:,{\[] |^ *)(?P<text>(?:[>|@%&*!`]|[-?] )[^,}\]#\n]*[^,}\]#\n ])(?= *[,}\]#]| *$)")


def _signed(text: str, line: int) -> str:
    """The value of a line that begins with a sign of YAML, as it is to be written; nothing if there is none."""
    lines = text.splitlines()
    match = _SIGNED.search(lines[line]) if 0 <= line < len(lines) else None
    if match is None or '"' in match["text"]:
        return ""
    return f'with quotes it is a text: `"{shown(match["text"])}"`'


def _not_yaml(error: Exception, name: str, text: str) -> InputError:
    if isinstance(error, yaml.reader.ReaderError):
        return fault("it holds a character that no text has", "save it as plain UTF-8 text", Place(name))
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or "nested too deeply"
    if "\t" in str(problem) or "'\\t'" in str(problem) or "tab character" in str(problem):
        hint = "indent with spaces, not tabs"
    elif "mapping values" in str(problem):
        hint = "put text that contains a colon in quotes"
    else:
        hint = _signed(text, mark.line) if mark else ""
    place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name)
    return fault(f"not YAML: {problem}", hint, place)


def _place(node: yaml.Node, name: str) -> Place:
    return Place(name, node.start_mark.line + 1, node.start_mark.column + 1)


def _structure_faults(root: yaml.Node, name: str) -> Iterator[Fault]:
    stack, seen = [root], set()
    while stack:
        node = stack.pop()
        if id(node) in seen:
            place = _place(node, name)
            yield Fault(place, "anchors and aliases are not used here", "write the value out a second time")
            continue
        if not isinstance(node, yaml.ScalarNode):
            seen.add(id(node))
        elif (node.tag or "").startswith("!"):
            hint = f'with quotes it is a text: `"{shown(node.tag)}"`'
            yield Fault(_place(node, name), "a tag says nothing here", hint)
        elif not node.value.isprintable() and _CONTROL.search(node.value):
            yield Fault(_place(node, name), "it holds a character that no text has")
        if isinstance(node, yaml.MappingNode):
            keys: dict[str, int] = {}
            for key, value in node.value:
                place = _place(key, name)
                if not isinstance(key, yaml.ScalarNode):
                    yield Fault(place, "a name must be plain text")
                elif key.value in keys:
                    hint = f"it stands already in line {keys[key.value]}"
                    yield Fault(place, f"`{shown(key.value)}` is given twice", hint)
                else:
                    keys[key.value] = place.line
                stack.append(value)
        elif isinstance(node, yaml.SequenceNode):
            stack.extend(node.value)
