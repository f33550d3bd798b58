"""An anchor: where some words stand in a source, and how many; one digest a clause, nothing smaller, and no words.

A digest confirms words that one has already; it does not give them back. A passage of a word or two can be guessed, as
it can be from what our own entry says.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from bvn_asp.anchors.words import Text
from bvn_asp.classes import dataclass
from bvn_asp.errors import Fault, InputError
from bvn_asp.model.yaml_text import Node, read_yaml

FORM = 1
JOINTS = ("and", "or")
_PERSON = b"bvn-text/1"
_KEYS = ("form", "copy", "text", "criteria", "passages", "left_out", "open")
_PASSAGE = re.compile(r"(\d{1,7})\+(\d{1,5}) ([a-z2-7]{8})( whole)?(?: \^([\d,-]+))?")


@dataclass(frozen=True)
class Passage:
    """Consecutive words that some entries claim, that are left out for a reason, or that nobody accounts for.

    Attributes:
        entries: whose words they are.
        left: why they are left out: a place of `not_encoded`, the id of a note, or a word for what is no criterion.
        start, length: in words of the text.
        whole: whether it is an item or a sentence by itself.
        cites: the numbers of the citation that follows it.
    """

    entries: tuple[str, ...]
    left: str
    start: int
    length: int
    digest: str
    whole: bool = False
    cites: str = ""

    @property
    def end(self) -> int:
        return self.start + self.length


@dataclass(frozen=True)
class Anchors:
    """The anchors of one edition, made from one copy of its text.

    Attributes:
        words, digest: how long that copy is, and the digest by which it is known again.
        criteria: from which word up to which everything is to be claimed or left out.
        passages: in the order of the text.
        copy: which copy it was, in words.
        path: the file; empty if they were not read from one.
    """

    words: int
    digest: str
    criteria: tuple[int, int]
    passages: tuple[Passage, ...]
    copy: str = ""
    path: str = ""

    @property
    def claimed(self) -> frozenset[str]:
        return frozenset(entry for each in self.passages for entry in each.entries)

    def within(self, passage: Passage) -> bool:
        """Whether a passage stands in the stretch that holds the criteria."""
        return self.criteria[0] <= passage.start < self.criteria[1]


def digest(forms: Iterable[str], size: int = 5) -> str:
    """40 bits of the words' BLAKE2b, in base 32; `size` is in bytes."""
    return encoded(raw_digest(" ".join(forms).encode(), size))


def raw_digest(data: bytes, size: int = 5) -> bytes:
    """The digest of joined words, as bytes."""
    return hashlib.blake2b(data, digest_size=size, person=_PERSON).digest()


def encoded(raw: bytes) -> str:
    """Bytes in base 32."""
    return base64.b32encode(raw).decode().lower()


def passage_at(text: Text, entries: tuple[str, ...], left: str, start: int, length: int) -> Passage:
    """The anchor of a stretch of words."""
    words, end = text.words, start + length
    after = end
    while after < len(words) and words[after].form in JOINTS:
        after += 1
    whole = words[start].begins and (after == len(words) or words[after].begins)
    return Passage(entries, left, start, length, digest(text.forms[start:end]), whole, words[end - 1].cites)


def solid(text: Text, start: int, end: int) -> list[int]:
    """The words from one up to another that are more than a joint between items or an item's number."""
    return [k for k in range(start, end) if text.words[k].form not in JOINTS and not text.words[k].label]


def runs(numbers: Iterable[int]) -> list[list[int]]:
    """Numbers in order, grouped into runs without a gap."""
    out: list[list[int]] = []
    for i in numbers:
        if out and out[-1][-1] == i - 1:
            out[-1].append(i)
        else:
            out.append([i])
    return out


def made_of(text: Text, found: list[Passage], criteria: tuple[int, int], copy: str) -> Anchors:
    """Anchors of a whole text: the passages found, and what nobody accounts for as open ones."""
    covered = {k for each in found for k in range(each.start, each.end)}
    every = list(found)
    for run in runs(k for k in range(len(text.words)) if k not in covered):
        left = solid(text, run[0], run[-1] + 1)
        if left:
            every.append(passage_at(text, (), "", left[0], left[-1] + 1 - left[0]))
    every.sort(key=lambda each: (each.start, -each.length))
    return Anchors(len(text.words), digest(text.forms, 10), criteria, tuple(every), copy)


def same_words(old: Anchors, new: Anchors) -> dict[str, bool]:
    """For each entry that both claim words for, whether they are the same: told from the anchors, without any text."""

    def words(anchors: Anchors) -> dict[str, list[str]]:
        by: dict[str, list[str]] = defaultdict(list)
        for each in anchors.passages:
            for entry in each.entries:
                by[entry].append(each.digest)
        return by

    before, after = words(old), words(new)
    return {entry: sorted(before[entry]) == sorted(after[entry]) for entry in before if entry in after}


# --- the file ---------------------------------------------------------------------------------------------------

_HEAD = """\
# Where the words of each entry stand in its source. There is no wording here: a passage is START+LENGTH in words, a
# digest of 40 bits, `whole` for an item by itself, and ^ the citation printed behind it. `bvn text` writes this file.
"""


def dumped(anchors: Anchors) -> str:
    """The anchors as YAML, an entry a line, in the order of the text."""
    lines = [f"form: {FORM}", f"copy: {_quoted(anchors.copy)}"] if anchors.copy else [f"form: {FORM}"]
    lines += [f"text: {{words: {anchors.words}, digest: {anchors.digest}}}"]
    lines += [f"criteria: {anchors.criteria[0]}+{anchors.criteria[1] - anchors.criteria[0]}"]
    for title in ("passages", "left_out"):
        by: dict[str, list[str]] = defaultdict(list)
        for each in anchors.passages:
            key = each.left if title == "left_out" else ", ".join(each.entries)
            if key:
                by[key].append(_line(each))
        lines.append(f"{title}:" if by else f"{title}: {{}}")
        for key, values in by.items():
            if len(values) == 1:
                lines.append(f'  {_quoted(key)}: "{values[0]}"')
            else:
                lines.append(f"  {_quoted(key)}:")
                lines += [f'    - "{each}"' for each in values]
    left = [f'  - "{_line(each)}"' for each in anchors.passages if not each.entries and not each.left]
    lines += ["open:", *left] if left else ["open: []"]
    return _HEAD + "\n".join(lines) + "\n"


def _line(each: Passage) -> str:
    cites = f" ^{each.cites}" if each.cites else ""
    return f"{each.start}+{each.length} {each.digest}{' whole' if each.whole else ''}{cites}"


def _quoted(key: str) -> str:
    if re.fullmatch(r"[A-Za-z][\w ]*", key):
        return key
    return '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'


def read_anchors(path: Path) -> Anchors:
    """The anchors in a file.

    Raises: InputError, with every line that is no passage: not such a file, or made for another form of words.
    """
    root = read_yaml(path)
    faults: list[Fault] = []
    for key, _ in root.entries():
        if key.text not in _KEYS:
            faults.append(Fault(key.place, f"unknown key `{key.text}`", "one of " + ", ".join(_KEYS)))
    form = root.get("form")
    if form is None or form.text != str(FORM):
        said = "the anchors were made for another form of words"
        raise InputError([*faults, Fault(root.place, said, "make them again: `bvn text POLICY FILE --write MARKS`")])
    found: list[Passage] = []
    for title in ("passages", "left_out", "open"):
        for key_text, node in _groups(root.get(title), title):
            for each in node.items():
                passage = _parsed(each, key_text, title)
                if isinstance(passage, Fault):
                    faults.append(passage)
                else:
                    found.append(passage)
    text, criteria, copy = root.get("text"), root.get("criteria"), root.get("copy")
    words = text.get("words") if text is not None else None
    known = text.get("digest") if text is not None else None
    bounds = re.fullmatch(r"(\d{1,7})\+(\d{1,7})", criteria.text) if criteria is not None else None
    if words is None or known is None or not re.fullmatch(r"\d{1,7}", words.text):
        faults.append(Fault(root.place, "no `text: {words: N, digest: …}`", "`bvn text` writes it"))
    if bounds is None:
        faults.append(Fault(root.place, "no `criteria: START+LENGTH`", "`bvn text` writes it"))
    if faults or words is None or known is None or bounds is None:
        raise InputError(faults)
    low = int(bounds[1])
    found.sort(key=lambda each: (each.start, -each.length))
    stretch = (low, low + int(bounds[2]))
    return Anchors(int(words.text), known.text, stretch, tuple(found), copy.text if copy else "", str(path))


def _groups(node: Node | None, title: str) -> list[tuple[str, Node]]:
    if node is None or (node.is_mapping and not node.mapping()):
        return []
    if title == "open":
        return [("", node)]
    return [(key.text, value) for key, value in node.entries()]


def _parsed(node: Node, key: str, title: str) -> Passage | Fault:
    match = _PASSAGE.fullmatch(node.text)
    if match is None or int(match[2]) == 0:
        return Fault(node.place, f"`{node.text}` is no passage", "START+LENGTH DIGEST, as `bvn text` writes it")
    entries = tuple(each.strip() for each in key.split(",")) if title == "passages" else ()
    left = key if title == "left_out" else ""
    return Passage(entries, left, int(match[1]), int(match[2]), match[3], bool(match[4]), match[5] or "")
