"""Which slots a name stands for: one member, two neighbours, all, or a code that no source asks about."""

from __future__ import annotations

import re

from bvn_asp.classes import late
from bvn_asp.errors import did_you_mean, fault
from bvn_asp.model.numerals import fold
from bvn_asp.model.vocabulary import Index, Slot, Vocabulary

_LEAVES = late(r"\b(?:no|not|non|or|vs|versus|except|without|but)\b|\?", re.I)  # denies, or leaves a choice


def parse_slots(vocabulary: Vocabulary, text: str) -> tuple[Slot, ...]:
    """The slots that `age`, `finding.MEMBER` or `finding.MEMBER-MEMBER` names.

    Raises: InputError: no such fact or member.
    """
    name, _, member = text.partition(".")
    known = vocabulary.facts.get(name)
    if known is None or known.type == "count":
        raise fault(f"unknown fact `{name}`", did_you_mean(name, vocabulary.facts, "`bvn facts` lists them"))
    if not known.per:
        if member:
            raise fault(f"`{name}` is one fact, not one per {member}", f"write `{name}` alone")
        return (Slot(name),)
    index = vocabulary.indexes[known.per]
    if not member:
        raise fault(f"`{name}` is recorded per {index.about}", f"write `{name}.{next(iter(index.members))}`")
    labels = labels_of(index, member)
    if not labels:
        raise fault(f"unknown {index.about} `{member}`", member_hint(index, member))
    return tuple(Slot(name, label) for label in labels)


def apart(text: str) -> list[str]:
    """The words of a list that stands on one line: `L5 and S1`, `L4; L5`."""
    return re.split(r"\s*(?:[,;+&]|\band\b)\s*", text.strip())


def labels_of(index: Index, text: str) -> tuple[str, ...]:
    """The members that a label names: itself, two neighbours, or all."""
    wanted = index.dotted(text.strip())
    if wanted == "all":
        return tuple(index.members)
    low = wanted.lower()
    if low not in index.by_case and (other := index.standing_for(wanted)):
        return (other,)
    if low in index.by_pair:
        return index.by_pair[low]
    found = index.by_spelling.get(low) or index.by_spelling.get(fold(wanted))
    return (found,) if found else ()


def member_hint(index: Index, text: str) -> str:
    """What to write where no member is named: those between two ends or named in it, or one spelled nearly so."""
    between = span_of(index, text.strip())
    if between:
        return "write " + ", ".join(f"`{each}`" for each in between)
    within = [label for word in re.split(r"[^\w.-]+", text) if word for label in labels_of(index, word)[:1]]
    if within and not _LEAVES.search(text):
        return "write " + ", ".join(f"`{each}`" for each in dict.fromkeys(within))
    few = len(index.members) <= 15
    return did_you_mean(text, index.members, f"one of {', '.join(index.members)}" if few else "", same_digits=True)


def span_of(index: Index, text: str) -> tuple[str, ...]:
    """The members from one end of a span to the other, optional ones left out."""
    ends = [each.strip().upper() for each in re.split(r"\s*(?:-|/|–|\bto\b)\s*", text) if each.strip()]
    if len(ends) != 2:
        return ()
    listed = [label for label in index.members if label not in index.optional]
    firsts = [label.partition("-")[0].upper() for label in listed]
    lasts = [(label.partition("-")[2] or label).upper() for label in listed]
    if ends[0] not in firsts or ends[1] not in lasts:
        return ()
    first, last = firsts.index(ends[0]), lasts.index(ends[1])
    return tuple(listed[first : last + 1])
