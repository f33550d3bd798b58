"""The faults of a file, collected while it is read, so that all of them are named at once."""

from __future__ import annotations

from collections.abc import Container, Iterator

from bvn_asp.errors import Fault, Place
from bvn_asp.model.yaml_text import Node


class Faults(list[Fault]):
    """What was found wrong so far."""

    def wrong(self, node: Node | Place, message: str, hint: str = "") -> None:
        self.append(Fault(node.place if isinstance(node, Node) else node, message, hint))


def entries(node: Node | None) -> Iterator[tuple[str, Node]]:
    """The keys and values of a mapping that may be left out or left empty."""
    if node is not None and not node.is_null:
        yield from ((key.text, value) for key, value in node.entries())


def spellings(faults: Faults, name: str, node: Node | None, known: Container[str] | None) -> dict[str, str]:
    """Other words for what is known: `spelled: {PT: physical_therapy}`."""
    found = {key: value.text for key, value in entries(node)}
    for word, meant in found.items():
        if node is not None and known is not None and meant not in known:
            faults.wrong(node, f"`{word}` is spelled out as `{meant}`, which `{name}` does not have")
    return found
