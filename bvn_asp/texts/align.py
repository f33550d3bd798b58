"""Which entries of two outlines ask about the same thing?

Two editions of one policy are aligned by the ids of their entries, and what has another id by the facts it reads. Two
policies whose outlines differ are aligned by topic: conditions that share a topic, on either side, make one row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bvn_asp.classes import dataclass
from bvn_asp.model.outline import ancestors, below, is_advice, is_exclusion
from bvn_asp.model.policy import Revision
from bvn_asp.model.rules import Entry


@dataclass(frozen=True)
class Pair:
    """Entries of an old and a new outline that belong together.

    Attributes:
        units: the entries are conditions of the verdict; otherwise they are one entry on each side.
        excludes: for old and new, whether being met speaks against approval; only where not `units`.
        advises: for old and new, whether it is advice, which decides nothing; only where not `units`.
        involved: for old and new, the conditions of the verdict that the entries are part of, or made of.
        wording: what reads otherwise, as `(what, old, new)`.
    """

    old: tuple[str, ...]
    new: tuple[str, ...]
    topics: tuple[str, ...]
    involved: tuple[frozenset[str], frozenset[str]]
    units: bool = False
    excludes: tuple[bool, bool] = (False, False)
    advises: tuple[bool, bool] = (False, False)
    wording: tuple[tuple[str, str, str], ...] = ()


def align(old: Revision, new: Revision, units: tuple[Sequence[str], Sequence[str]]) -> tuple[str, tuple[Pair, ...]]:
    """How two outlines are aligned, `outline` or `topics`, and their entries side by side.

    Args:
        units: for old and new, the conditions that the verdict is made of.
    """
    shared = set(old.entries) & set(new.entries)
    if old.policy.id == new.policy.id or 2 * len(shared) > len(set(old.entries) | set(new.entries)):
        return "outline", tuple(_by_outline(old, new, units))
    return "topics", tuple(_by_topics(old, new, units))


# -- two editions of one outline ---------------------------------------------------------------


def _by_outline(old: Revision, new: Revision, units: tuple[Sequence[str], Sequence[str]]) -> Iterator[Pair]:
    moved = dict(_moved(old, new))
    for entry in new.rules.entries:
        before = old.entries.get(moved.get(entry.id, entry.id))
        if before is None or _comparable(old, before, new, entry):
            yield _pair(old, before, new, entry, units)
    kept = set(new.entries) | set(moved.values())
    for entry in old.rules.entries:
        if entry.id not in kept:
            yield _pair(old, entry, new, None, units)


def _comparable(old: Revision, before: Entry, new: Revision, after: Entry) -> bool:
    """Leaves always; a group only where it is not merely the sum of its parts' changes."""
    if not after.is_group and not before.is_group:
        return True
    parts = [[each.id for each in r.parts.get(e.id, ())] for r, e in ((old, before), (new, after))]
    joins = {"all_of", "none_of"}
    if before.kind == after.kind and before.need == after.need and (parts[0] == parts[1] or before.kind in joins):
        return bool(_wording(before, after))
    return True


def _moved(old: Revision, new: Revision) -> Iterator[tuple[str, str]]:
    """New entries with an old one of another id that reads the same facts, in the same direction."""
    taken = set()
    for entry in new.rules.entries:
        if entry.id in old.entries or entry.is_group:
            continue
        for other in old.rules.entries:
            if other.id in new.entries or other.is_group or other.id in taken:
                continue
            same = _facts(old, other.id) == _facts(new, entry.id) != frozenset()
            if same and is_exclusion(old, other.id) == is_exclusion(new, entry.id):
                taken.add(other.id)
                yield entry.id, other.id
                break


def _pair(
    old: Revision, before: Entry | None, new: Revision, after: Entry | None, units: tuple[Sequence[str], Sequence[str]]
) -> Pair:
    sides = ((old, before), (new, after))
    return Pair(
        old=(before.id,) if before else (),
        new=(after.id,) if after else (),
        topics=tuple(dict.fromkeys(topic for _, each in sides if each for topic in each.topics)),
        involved=(_involved(old, before, units[0]), _involved(new, after, units[1])),
        excludes=(
            before is not None and is_exclusion(old, before.id),
            after is not None and is_exclusion(new, after.id),
        ),
        advises=(
            before is not None and is_advice(old, before.id),
            after is not None and is_advice(new, after.id),
        ),
        wording=_wording(before, after) if before and after else (),
    )


def _involved(revision: Revision, entry: Entry | None, units: Iterable[str]) -> frozenset[str]:
    """The conditions that an entry is part of, or that are part of it."""
    if entry is None:
        return frozenset()
    near = {entry.id, *(each.id for each in ancestors(revision, entry.id)), *below(revision, entry.id)}
    return frozenset(near.intersection(units))


def _wording(before: Entry, after: Entry) -> tuple[tuple[str, str, str], ...]:
    def kind(each: Entry) -> str:
        return f"at least {each.need}" if each.need else each.kind.replace("_", " ")

    rows = [
        ("id", before.id, after.id),
        ("part of", before.parent, after.parent),
        ("kind", kind(before), kind(after)),
        ("place", ", ".join([before.place, *before.also]), ", ".join([after.place, *after.also])),
        ("text", before.text, after.text),
        ("citations", before.citations, after.citations),
    ]
    return tuple(row for row in rows if row[1] != row[2])


# -- two policies ------------------------------------------------------------------------------


def _by_topics(old: Revision, new: Revision, units: tuple[Sequence[str], Sequence[str]]) -> Iterator[Pair]:
    keys: dict[tuple[int, str], frozenset[str]] = {}
    for side, revision in enumerate((old, new)):
        for unit in units[side]:
            topics = _topics(revision, unit)
            keys[side, unit] = topics or frozenset(f"fact {name}" for name in _facts(revision, unit))
    for members in _joined(keys):
        sides = tuple(tuple(unit for side, unit in members if side == wanted) for wanted in (0, 1))
        named = {topic for key in members for topic in keys[key]}
        listed = [topic for topic in old.policy.vocabulary.topics if topic in named]
        yield Pair(sides[0], sides[1], tuple(listed), (frozenset(sides[0]), frozenset(sides[1])), units=True)


def _topics(revision: Revision, unit: str) -> frozenset[str]:
    return frozenset(topic for entry in below(revision, unit) for topic in revision.entries[entry].topics)


def _facts(revision: Revision, entry: str) -> frozenset[str]:
    return frozenset(read.fact for each in below(revision, entry) for read in revision.rules.reads.get(each, ()))


def _joined(keys: Mapping[tuple[int, str], frozenset[str]]) -> list[list[tuple[int, str]]]:
    """Members joined wherever they share a key, in the order of their first members."""
    groups: list[tuple[set[str], list[tuple[int, str]]]] = []
    for member, own in keys.items():
        touching = [group for group in groups if group[0] & own]
        first = touching[0] if touching else (set(), [])
        if not touching:
            groups.append(first)
        first[0].update(own)
        first[1].append(member)
        for other in touching[1:]:
            first[0].update(other[0])
            first[1].extend(other[1])
            groups.remove(other)
    return [members for _, members in groups]
