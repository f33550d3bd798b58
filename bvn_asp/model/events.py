"""What is done once to several members at once: one operation on two bodies has one date and one value for both.

A case says it in one entry (`operations: [{at: L4-L5, prior_surgery: fusion, date: 2023-11}]`). Each member then has
its record, and the facts of the entry, with those that speak of the same thing (what was done, and when), are tied:
in every completion of the record they have one value, whatever is not known of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations

from bvn_asp.classes import dataclass, replace
from bvn_asp.errors import Misread, did_you_mean, shown
from bvn_asp.model.case import Case, Record, anything, joined, share, something, tied_up
from bvn_asp.model.members import apart, labels_of, member_hint, span_of
from bvn_asp.model.values import ValueReader
from bvn_asp.model.vocabulary import Event, Slot, Tied, Vocabulary
from bvn_asp.model.yaml_text import Node


@dataclass(frozen=True)
class Done:
    """One entry: the records of its members, and what they have in common."""

    records: tuple[Record, ...]
    ties: tuple[Tied, ...]


def read_events(reader: ValueReader, event: Event, node: Node) -> list[Done]:
    """The entries under an event's name: one mapping, or a list of them; faults are written down."""
    found: list[Done] = []
    seen: dict[Slot, Node] = {}
    for each in [node] if node.is_mapping else node.items():
        if not each.is_mapping:
            reader.wrong(each, f"an entry of `{event.name}` is `name: value` lines, found {each.kind}", _form(event))
            continue
        done = _entry(reader, event, each)
        if done is None:
            continue
        twice = next((slot for tie in done.ties for slot in tie.parts if slot in seen), None)
        twice = twice or next((record.slot for record in done.records if record.slot in seen), None)
        if twice is not None:
            by = reader.vocabulary.indexes[event.per].about
            hint = f"of two at one place the facts mean the largest and the last: record them by the {by}"
            reader.wrong(each, f"`{twice}` stands in two entries of `{event.name}`", hint)
            continue
        seen |= {slot: each for tie in done.ties for slot in tie.parts} | {r.slot: each for r in done.records}
        found.append(done)
    return found


def _form(event: Event) -> str:
    return f"write `{event.name}: [{{at: …, {event.kinds[0][0]}: …}}]`"


def _entry(reader: ValueReader, event: Event, node: Node) -> Done | None:
    facts, keys = reader.vocabulary.facts, node.mapping()
    of = _members(reader, event, node)
    for key, _ in node.entries():
        if key.text not in ("at", "date", "evidence", *event.facts):
            known = ("at", "date", *event.facts)
            hint = did_you_mean(key.text, known, f"an entry has {', '.join(known)} and evidence")
            reader.wrong(key, f"unknown key `{shown(key.text)}` of `{event.name}`", hint)
            return None
    said = {name: keys[name] for name in event.facts if name in keys and not keys[name].is_null}
    if not of or not said:
        if of:
            reader.wrong(node, f"an entry of `{event.name}` says what was done", _form(event))
        return None
    meant = [kind for kind in event.kinds if said.keys() & set(kind)]
    values: dict[str, Record] = {}
    for name, value in said.items():
        record = reader.record(Slot(name, of[0]), facts[name], value)
        if record is None:
            return None
        values[name] = record
    date = node.get("date")
    if date is not None and not _date(reader, event, meant, values, of[0], date):
        return None
    evidence = reader.evidence(node.get("evidence"))
    for kind in meant:
        told = [name for name in kind if name in values and not values[name].silent]
        for name in kind:
            left = something(facts[name])
            if name in told or left is None:
                continue
            if name in values and not told:  # a document that does not say whether it was done says not that it was
                left = anything(facts[name])
            values[name] = Record(Slot(name, of[0]), left, values[name].evidence if name in values else ())
    records = [
        replace(record, slot=Slot(name, each), evidence=record.evidence or evidence, place=node.place)
        for name, record in values.items()
        for each in of
    ]
    ties = tuple(Tied(name, of, event.name) for kind in meant for name in kind) if len(of) > 1 else ()
    return Done(tuple(records), ties)


def _members(reader: ValueReader, event: Event, node: Node) -> tuple[str, ...]:
    """The members that an entry is about, in their order; none after writing down a fault."""
    index, at = reader.vocabulary.indexes[event.per], node.get("at")
    if at is None or at.is_mapping:
        reader.wrong(node, f"`at` says at which {index.many} it was", _form(event))
        return ()
    found: set[str] = set()
    for item in at.items():
        for word in apart(item.text) if item.is_scalar else [item.kind]:
            labels = labels_of(index, word) or span_of(index, word)
            if not labels or word == "all":
                reader.wrong(item, f"unknown {index.about} `{shown(word)}`", member_hint(index, word))
                return ()
            found.update(labels)
    return tuple(label for label in index.members if label in found)


def _date(
    reader: ValueReader,
    event: Event,
    meant: Iterable[tuple[str, ...]],
    values: dict[str, Record],
    member: str,
    date: Node,
) -> bool:
    """Take the day on which it was done for the beginning of the time since; whether that could be read."""
    name = next((each for kind in meant for each in kind if each in event.dated), None)
    if name is None or name in values:
        hint = f"`date` is the beginning of {' or '.join(event.dated)}" if event.dated else ""
        reader.wrong(date, "`date` says nothing here" if name is None else f"`date` and `{name}` say the same", hint)
        return False
    value = reader.since(reader.vocabulary.facts[name], date)
    if value is None:
        return False
    values[name] = Record(Slot(name, member), value, place=date.place)
    return True


def entered(
    vocabulary: Vocabulary,
    records: Mapping[Slot, Record],
    done: Iterable[Done],
    by_itself: Callable[[Slot], bool],
) -> dict[Slot, Record]:
    """The records of a case with those of some entries.

    Args:
        by_itself: whether something is recorded of a slot by itself; what was said of `all` is not said of these.

    Raises: Misread: a slot is something else by itself than by an entry.
    """
    found = dict(records)
    ties = [tie for each in done for tie in each.ties]
    for slot in {slot for tie in ties for slot in tie.parts} | {r.slot for each in done for r in each.records}:
        if slot in found and not by_itself(slot):
            del found[slot]
    for record in (record for each in done for record in each.records):
        own = found.get(record.slot)
        if own is not None and own.value is not None and record.value is not None:
            value = joined(own.value, record.value)
            if value is None:
                message = f"`{record.slot}` is {own} by itself, and {record} as one of several members"
                raise Misread(message, "one of the two goes out")
            found[record.slot] = replace(own, value=value)
        elif own is None or own.silent:
            found[record.slot] = record
    return tied_up(vocabulary, found, ties)


def told_apart(case: Case) -> tuple[Record, Record] | None:
    """Two records of one tie that cannot both be so; None if there are none."""
    for tie in case.tied:
        told = [each for part in tie.parts if (each := case.get(part)) is not None and each.value is not None]
        for first, second in combinations(told, 2):
            assert first.value is not None
            assert second.value is not None
            if not share(first.value, second.value):
                return first, second
    return None
