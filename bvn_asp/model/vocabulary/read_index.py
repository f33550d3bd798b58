"""`indexes:` and `relations:` of a vocabulary."""

from __future__ import annotations

from bvn_asp.errors import did_you_mean
from bvn_asp.model.vocabulary.faults import Faults, entries, spellings
from bvn_asp.model.vocabulary.names import NAME, RESERVED
from bvn_asp.model.vocabulary.parts import RELATIONS, Index, Relation
from bvn_asp.model.yaml_text import Node

_KEYS = ("about", "members", "neighbours", "between", "otherwise", "optional", "spelled")


def read_index(faults: Faults, name: str, node: Node) -> Index:
    """An index and its members, in their own order."""
    about, members, neighbours = node.get("about"), node.get("members"), node.get("neighbours")
    between = node.get("between")
    listed = node.get("optional")
    optional = tuple(each.text for each in listed.items()) if listed is not None else ()
    labels = {key: "" if value.is_null else value.text for key, value in entries(members)}
    pairs = []
    for key, value in entries(node):
        if key not in _KEYS:
            faults.wrong(value, f"unknown key `{key}` of `{name}`", did_you_mean(key, _KEYS))
    for pair in neighbours.items() if neighbours else ():
        first, *rest = [each.text for each in pair.items()]
        if len(rest) != 1 or first not in labels or rest[0] not in labels:
            faults.wrong(pair, f"neighbours of `{name}` are two of its members")
        else:
            pairs.append((first, rest[0]))
    if not labels:
        faults.wrong(node, f"the index `{name}` has no members")
    if not NAME.fullmatch(name) or name in RESERVED:
        hint = "use lower case, digits and _, and none of the engine's own names"
        faults.wrong(node, f"`{name}` cannot be the name of an index", hint)
    for each in optional:
        if each not in labels:
            faults.wrong(node, f"`{each}` is no member of `{name}`", did_you_mean(each, labels))
    return Index(
        name,
        about.text if about else "",
        labels,
        tuple(pairs),
        optional,
        all_others(faults, node, labels),
        between.text if between is not None else "",
        spellings(faults, name, node.get("spelled"), labels),
        dot_of(faults, node),
    )


def dot_of(faults: Faults, node: Node) -> int:
    """After how many signs a code has a dot that claims leave out; 0 if that is not said."""
    rest = node.get("otherwise")
    dot = rest.get("dot") if rest is not None and rest.is_mapping else None
    if dot is None:
        return 0
    if not dot.text.isdecimal() or not int(dot.text[:9]):
        faults.wrong(dot, "`dot` is the number of signs before the dot that claims leave out", "write e.g. `dot: 3`")
        return 0
    return int(dot.text[:9])


def all_others(faults: Faults, node: Node, labels: dict[str, str]) -> tuple[str, str] | None:
    """`otherwise:`, the member that stands for labels of a pattern that no member bears."""
    rest = node.get("otherwise")
    if rest is None:
        return None
    member, pattern = rest.get("member"), rest.get("pattern")
    if member is None or pattern is None or member.text not in labels:
        faults.wrong(rest, "`otherwise` names one of the members, and the pattern of what it stands for")
        return None
    return member.text, pattern.text


def check_between(faults: Faults, node: Node, name: str, index: Index, indexes: dict[str, Index]) -> None:
    """The members of an index that lies between another's are written with both ends: `A-B`."""
    if not index.between:
        return
    base = indexes.get(index.between)
    if base is None:
        faults.wrong(node, f"unknown index `{index.between}`", did_you_mean(index.between, indexes))
        return
    for label in index.members:
        first, _, second = label.partition("-")
        if first not in base.members or second not in base.members:
            faults.wrong(
                node,
                f"`{label}` of `{name}` names no two members of `{index.between}`",
                "write both ends, as A-B",
            )


def read_relation(faults: Faults, name: str, node: Node, indexes: dict[str, Index]) -> Relation:
    """`within: {order: body}`: the predicate, what it says, and of which index."""
    said = dict(entries(node)) if node.is_mapping else {}
    kind, value = next(iter(said.items())) if len(said) == 1 else ("", node)
    index = value.text if value.is_scalar else ""
    if kind not in RELATIONS:
        hint = f"write `{{KIND: INDEX}}`, KIND being one of {', '.join(RELATIONS)}"
        faults.wrong(node, f"the relation `{name}` says one thing of one index", hint)
    elif index not in indexes:
        faults.wrong(value, f"unknown index `{index}`", did_you_mean(index, indexes))
    elif kind.startswith("ends") and not indexes[index].between:
        faults.wrong(value, f"the members of `{index}` have no ends", "say under the index what it lies `between:`")
    if not NAME.fullmatch(name) or name in indexes or name in RESERVED:
        hint = "lower case, digits and _; neither the name of an index nor one of the engine's own"
        faults.wrong(node, f"`{name}` cannot be the name of a relation", hint)
    return Relation(name, kind, index)
