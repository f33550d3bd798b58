"""What a chart says of several members without saying of which: *Modic type 1 somewhere from L3 to S1*, *two bodies*.

Each member of which nothing else is said stays open, is on record, and so is not presumed to be anything; that some of
them have the value is one more thing that is known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bvn_asp.classes import replace
from bvn_asp.errors import shown
from bvn_asp.model.case import SILENT, Record, absent_value, anything
from bvn_asp.model.members import labels_of, span_of
from bvn_asp.model.values import ValueReader
from bvn_asp.model.vocabulary import Fact, Index, Several, Slot, Vocabulary
from bvn_asp.model.wording import is_silent
from bvn_asp.model.yaml_text import Node

KEY = "somewhere"
NUMBERS = ("no", "one", "two", "three", "four", "five", "six")


def read_somewhere(reader: ValueReader, known: Fact, index: Index, span: str, node: Node) -> Record | None:
    """What `{somewhere: VALUE}` says; None after writing down a fault.

    Args:
        span: the members that are meant, by the ends of a stretch or the names of two neighbours; all that a person
            has if empty.
        node: the value, with `count:` beside it if more than one have it, or `exactly:` so many and no more.
    """
    of = labels_of(index, span) or span_of(index, span) if span else tuple(index.members)
    if span and len(of) < 2:
        reader.wrong(node, f"`{shown(span)}` names no several {index.many}", "write `{somewhere: …}`, or a stretch")
        return None
    keys = node.mapping() if node.is_mapping else {}
    count = keys.get("exactly", keys.get("count"))
    least = 1
    if "exactly" in keys and "count" in keys:
        reader.wrong(keys["exactly"], "`exactly` and `count` say two things", "`count` is how many at least")
        return None
    if count is not None:
        if not count.is_scalar or not count.text.isdecimal() or not 0 < int(count.text[:4]) <= len(of):
            reader.wrong(count, "`count` is how many of them there are at least", f"a number from 1 to {len(of)}")
            return None
        least = int(count.text)
    if node.get("conflicting") is not None:
        reader.wrong(node, "a contradiction has a place", f"record it of the {index.many} that are meant")
        return None
    if node.is_scalar and is_silent(node.text):
        reader.wrong(node, "a silent report says nothing of any place", f"write `{known.name}: {SILENT}`")
        return None
    record = reader.record(Slot(known.name, of[0]), known, node, beside=("count", "exactly"))
    if record is None:
        return None
    return replace(record, slot=Several(known.name, _called(span), of, least, least if "exactly" in keys else None))


def _called(span: str) -> str:
    return f"{KEY} in {span}" if span else KEY


def part_of_name(name: str) -> tuple[str, bool]:
    """The stretch of members that a name means, and whether it means several: `somewhere in A3-B1`.

    >>> part_of_name("somewhere"), part_of_name("somewhere in A3-B1"), part_of_name("A4")
    (('', True), ('A3-B1', True), ('', False))
    """
    match = re.fullmatch(rf"{KEY}(?: in (.+))?", name)
    return ((match[1] or "").strip(), True) if match else ("", False)


def settle(vocabulary: Vocabulary, said: Sequence[Record], records: dict[Slot, Record]) -> list[Record]:
    """What is said of several members, of those that this person has; a record is added for each of them without one.

    Named stretches come first: whom they name is there for the others too, in whatever order they are said.
    """
    found: dict[int, Record] = {}
    for i in sorted(range(len(said)), key=lambda each: said[each].slot.member == KEY):
        found[i], open_ones = _settled(vocabulary, said[i], records)
        records |= {one.slot: one for one in open_ones}
    return [found[i] for i in range(len(said))]


def _settled(
    vocabulary: Vocabulary, record: Record, records: Mapping[Slot, Record]
) -> tuple[Record, list[Record]]:
    slot = record.slot
    assert isinstance(slot, Several)
    known = vocabulary.facts[slot.fact]
    index = vocabulary.indexes[known.per]
    there = {
        each.member for each, said in records.items() if said.value != (absent_value(vocabulary.facts[each.fact]) or "")
    }
    named = slot.member != KEY
    of = tuple(each for each in slot.of if named or each not in index.optional or each in there)
    slot = Several(slot.fact, slot.member, of, slot.least, slot.most)
    said = "" if record.value == anything(known) else f"{record.value} {_spelled(slot)}"
    open_ones = [
        Record(each, anything(known), record.evidence, place=record.place, somewhere=said)
        for each in slot.parts
        if each not in records
    ]
    return replace(record, slot=slot, somewhere=said), open_ones


def _spelled(slot: Several) -> str:
    """`somewhere`, `somewhere in A3-B1`, `of at least two in L3-S1`, `of exactly two`."""
    if slot.least == 1 and slot.most is None:
        return slot.member
    number = NUMBERS[slot.least] if slot.least < len(NUMBERS) else str(slot.least)
    how = "exactly" if slot.most is not None else "at least"
    return f"of {how} {number}{slot.member.removeprefix(KEY)}"
