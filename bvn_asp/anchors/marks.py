"""Anchors for an author: made from marks, which say whose words a passage is; given back as marks, to be edited."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from bvn_asp.anchors.find import Findings, find
from bvn_asp.anchors.passages import Anchors, Passage, made_of, passage_at, solid
from bvn_asp.anchors.words import Text, parse
from bvn_asp.errors import Fault, InputError, Place, did_you_mean, shown


def make(text: Text, marks: str, known: Iterable[str], name: str = "", copy: str = "") -> Anchors:
    """Anchors from marks, one a line, in the order of the text: `entry, entry: first words ... last words`.

    `left PLACE: …` leaves words out for the reason given there; `criteria from: …` and `criteria to: …` bound what has
    to be claimed (`criteria to: end`). `@558 ` before a mark says from which word on it is looked for. Lines that begin
    with `?` or `#` say nothing. The marks hold wording and stay with their author.

    Args:
        known: the entries of the policy.
        name: what the marks' file is called.
        copy: which copy of the source it is, in words.

    Raises: InputError, with every mark that names no entry, or whose words are not found behind those before it.
    """
    names = frozenset(known)
    forms, faults = text.forms, list[Fault]()
    found: list[Passage] = []
    at, criteria = 0, [0, len(text.forms)]
    for number, line in enumerate(marks.splitlines(), 1):
        if not line.strip() or line.startswith(("#", "?")):
            continue
        place = Place(name, number, 1)
        hint = re.match(r"@(\d{1,7}) ", line)
        key, colon, words = line[hint.end() if hint else 0 :].partition(": ")
        low = max(at, int(hint[1])) if hint else at
        if not colon:
            faults.append(Fault(place, f"`{shown(line)}` is no mark", "ENTRY: first words ... last words"))
            continue
        if key == "criteria to" and words.strip() == "end":
            criteria[1] = len(forms)
            continue
        left = key[5:] if key.startswith("left ") else ""
        bound = key in ("criteria from", "criteria to")
        entries = () if left or bound else tuple(each.strip() for each in key.split(","))
        for each in entries:
            if each not in names:
                faults.append(Fault(place, f"unknown entry `{shown(each)}`", did_you_mean(each, names)))
        span = _span(forms, words, low)
        if span is None:
            said = f"these words do not stand behind those of the mark before: {shown(words)}"
            faults.append(Fault(place, said, "marks stand in the order of the text; `@WORD ` says where to look"))
            continue
        start, end = span
        if bound:
            criteria[0 if key == "criteria from" else 1] = start
            continue
        parts = _sentences(text, start, end) if left else [(start, end)]
        found += [passage_at(text, entries, left, a, b - a) for a, b in parts]
        at = end
    if faults:
        raise InputError(faults)
    return made_of(text, found, (criteria[0], criteria[1]), copy)


def _span(forms: tuple[str, ...], words: str, low: int) -> tuple[int, int] | None:
    first, _, last = words.partition(" ... ")
    head, tail = parse(first).forms, parse(last).forms
    start = _seek(forms, head, low) if head else -1
    if start < 0:
        return None
    end = _seek(forms, tail, start + len(head)) if tail else start + len(head)
    return None if end < 0 else (start, end + len(tail))


def _seek(forms: tuple[str, ...], wanted: tuple[str, ...], start: int) -> int:
    size = len(wanted)
    return next((i for i in range(start, len(forms) - size + 1) if forms[i : i + size] == wanted), -1)


def _sentences(text: Text, start: int, end: int) -> list[tuple[int, int]]:
    """A long stretch cut where sentences and items begin, no part shorter than six words."""
    cuts = [start]
    for k in range(start + 1, end):
        if text.words[k].begins and k - cuts[-1] >= 6 and end - k >= 6:
            cuts.append(k)
    return list(zip(cuts, [*cuts[1:], end], strict=True))


def first_marks(text: Text) -> str:
    """The marks to begin with where there are no anchors: every sentence, claimed by nobody yet."""
    cuts = [*(k for k, word in enumerate(text.words) if word.begins), len(text.words)]
    parts = [solid(text, a, b) for a, b in pairwise(cuts)]
    lines = [f"? nobody's: {text.shown(each[0], each[-1] + 1)}" for each in parts if each]
    return "\n".join(lines) + "\n"


def marks_of(anchors: Anchors, text: Text, findings: Findings | None = None) -> str:
    """The marks back from the anchors, for who has the text and wants to edit them.

    Marks whose words have changed, and words that nobody accounts for, are headed by a line that says so.
    """
    findings = findings or find(anchors, text)
    rows: list[tuple[float, str]] = []
    for each in findings.found:
        passage, (start, end) = each.passage, each.at
        key = f"left {passage.left}" if passage.left else ", ".join(passage.entries)
        if each.status == "gone":
            if key:
                rows.append((passage.start, f"? gone: the words of {key}"))
            continue
        if not key:
            rows.append((start, f"? nobody's: {text.shown(start, end)}"))
            continue
        if each.status not in ("exact", "moved"):
            rows.append((start, f"? the next one has {each.status}"))
        rows.append((start, f"@{start} {key}: {_shortened(text, start, end)}"))
    rows += [(each.at[0], f"? new: {text.shown(*each.at)}") for each in findings.new]
    low, high = findings.criteria
    rows.append((low - 0.5, f"@{low} criteria from: {text.shown(low, low + 4)}"))
    ending = f"@{high} criteria to: {text.shown(high, high + 4)}" if high + 4 < len(text.words) else "criteria to: end"
    rows.append((high - 0.5, ending))
    return "\n".join(line for _, line in sorted(rows, key=lambda row: row[0])) + "\n"


def _shortened(text: Text, start: int, end: int) -> str:
    for head, tail in ((6, 4), (12, 8)):
        if end - start > head + tail:
            first, last = text.forms[start : start + head], text.forms[end - tail : end]
            if _seek(text.forms, last, start + head) == end - tail and _seek(text.forms, first, start) == start:
                return f"{text.shown(start, start + head)} ... {text.shown(end - tail, end)}"
    return text.shown(start, end)


def carry(findings: Findings, copy: str = "") -> Anchors:
    """The anchors of a new edition, carried over from the old one's: what is exact or moved stays with its entries.

    What stands in the place of a changed passage is proposed for the same entries, and is for its author to look at;
    new words are left open.
    """
    text = findings.text
    found = []
    for each in findings.found:
        if each.status != "gone" and (each.passage.entries or each.passage.left):
            size = each.at[1] - each.at[0]
            found.append(passage_at(text, each.passage.entries, each.passage.left, each.at[0], size))
    return made_of(text, found, findings.criteria, copy)
