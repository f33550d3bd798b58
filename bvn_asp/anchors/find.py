"""What became of each passage in a user's text: exact, moved, changed or gone; and what no entry claims there."""

from __future__ import annotations

import base64
import difflib
from collections import defaultdict

from bvn_asp.anchors.passages import Anchors, Passage, digest, passage_at, raw_digest, runs, solid
from bvn_asp.anchors.words import Text
from bvn_asp.classes import dataclass
from bvn_asp.errors import fault

ENOUGH = 1 / 3  # of the claimed words must be found, or it is taken for another document
MOST_HITS = 40  # places of one passage that are weighed; of more, those nearest to where it was
_GRAVE = ("changed", "moved and changed", "gone", "added to", "moved", "exact")


@dataclass(frozen=True)
class Found:
    """What became of a passage.

    Attributes:
        status: `exact`, `moved`, `changed`, `moved and changed`, `gone`.
        at: from which word up to which of the text; for `changed`, what stands in its place.
        parts: the old words and the new ones, as `(kind, words)` in order, kind being `same`, `old` or `new`; known
            only with the old text at hand.
        cites: the citation there, where it is another than before.
    """

    passage: Passage
    status: str
    at: tuple[int, int] = (0, 0)
    parts: tuple[tuple[str, str], ...] = ()
    cites: str | None = None


@dataclass(frozen=True)
class New:
    """Words that stood in no passage before.

    Attributes:
        at: from which word up to which of the text.
        beside: the entries whose sentence they stand in.
    """

    at: tuple[int, int]
    beside: tuple[str, ...]


@dataclass(frozen=True)
class Findings:
    """Every passage of some anchors in a text.

    Attributes:
        found: one for each passage, in their order.
        new: words of the text that no passage holds.
        criteria: the stretch of the text that holds the criteria.
        same_text: whether it is word for word the text that the anchors were made from.
    """

    anchors: Anchors
    text: Text
    found: tuple[Found, ...]
    new: tuple[New, ...]
    criteria: tuple[int, int]
    same_text: bool = False

    @property
    def kept(self) -> tuple[int, int]:
        """How many of the claimed words stand there as they were, and how many are claimed.

        Of a changed passage the words that are the same count where the old text tells which.
        """
        claimed = [each for each in self.found if each.passage.entries]
        there = (each.passage.length for each in claimed if each.status in ("exact", "moved"))
        same = (len(said.split()) for each in claimed for kind, said in each.parts if kind == "same")
        return sum(there) + sum(same), sum(each.passage.length for each in claimed)

    @property
    def other_text(self) -> bool:
        """Whether too little is known of it to be an edition of that text."""
        there, claimed = self.kept
        return there < ENOUGH * claimed

    def entries(self) -> dict[str, str]:
        """Each entry's status: the gravest of its passages'; gone only if all of them are.

        An entry whose words are exact, but into whose sentence new words have come, is `added to`: a `not` changes all.
        """
        by: dict[str, list[str]] = defaultdict(list)
        for each in self.found:
            for entry in each.passage.entries:
                by[entry].append(each.status)
        for new in self.new:
            for entry in new.beside:
                by[entry].append("added to")
        out = {}
        for entry, statuses in by.items():
            worst = min(statuses, key=_GRAVE.index)
            out[entry] = "changed" if worst == "gone" and set(statuses) != {"gone"} else worst
        return out

    def in_criteria(self, at: tuple[int, int]) -> bool:
        """Whether a stretch of the text stands among the criteria."""
        return self.criteria[0] <= at[0] < self.criteria[1]

    def counted(self) -> dict[str, int]:
        """The words of the criteria by who accounts for them: claimed, left out, unclaimed (open or new)."""
        counts = {"claimed": 0, "left out": 0, "unclaimed": 0}
        for each in self.found:
            if self.in_criteria(each.at) and each.status != "gone":
                kind = "claimed" if each.passage.entries else "left out" if each.passage.left else "unclaimed"
                counts[kind] += each.at[1] - each.at[0]
        counts["unclaimed"] += sum(each.at[1] - each.at[0] for each in self.new if self.in_criteria(each.at))
        return counts


def find(anchors: Anchors, text: Text) -> Findings:
    """Every passage in a text of which only the anchors are known.

    Exact ones by their digest; of those the heaviest choice that keeps the order is in place, the rest has moved. What
    is not found is looked for where its neighbours leave words over: if there are any, they stand in its place.
    """
    passages, forms = anchors.passages, text.forms
    hits = places(passages, forms)
    place = _in_order(passages, hits)
    status = dict.fromkeys(place, "exact")
    taken = [False] * len(forms)

    def take(i: int, start: int) -> None:
        place[i] = start
        taken[start : start + passages[i].length] = [True] * passages[i].length

    for i, start in list(place.items()):
        take(i, start)
    waiting = [i for i in range(len(passages)) if i not in place]
    for i in sorted(waiting, key=lambda i: -passages[i].length):
        elsewhere = _elsewhere(passages, i, hits[i], place, taken, text)
        if elsewhere is not None:
            take(i, elsewhere)
            status[i] = "moved"
    found: dict[int, Found] = {}
    for i, start in place.items():
        end = start + passages[i].length
        cites = text.words[end - 1].cites
        other = cites if cites != passages[i].cites else None
        found[i] = Found(passages[i], status[i], (start, end), (), other)
    for run in runs(i for i in range(len(passages)) if i not in place):
        for i, at, moved in _left_over(passages, run, place, status, taken, text):
            if at is None:
                found[i] = Found(passages[i], "gone")
            else:
                found[i] = Found(passages[i], "moved and changed" if moved else "changed", at)
    return _findings(anchors, text, found)


def compare(anchors: Anchors, old: Text, new: Text) -> Findings:
    """Every passage in a new text, with the text that the anchors were made from at hand.

    The two are aligned word by word, and each passage is carried over: what differs is known to the word.

    Raises: InputError: the old text is another one.
    """
    if digest(old.forms, 10) != anchors.digest:
        hint = "name the very text that they were made from"
        raise fault(f"{old.name} is not the text that the anchors were made from", hint)
    matcher = difflib.SequenceMatcher(None, old.forms, new.forms, autojunk=False)
    to = {a + k: b + k for a, b, size in matcher.get_matching_blocks() for k in range(size)}
    found: dict[int, Found] = {}
    for i, guess in enumerate(find(anchors, new).found):
        each, at = guess.passage, guess.at
        if guess.status in ("exact", "moved"):
            found[i] = guess
            continue
        kept = [to[k] for k in range(each.start, each.end) if k in to]
        status = guess.status
        if len(kept) * 3 >= each.length:
            start = kept[0] if each.start in to else next((to[k] + 1 for k in range(each.start, -1, -1) if k in to), 0)
            after = next((to[k] for k in range(each.end, len(old.forms)) if k in to), len(new.forms))
            at, status = (start, kept[-1] + 1 if each.end - 1 in to else after), "changed"
        if status == "gone":
            found[i] = Found(each, "gone", parts=(("old", old.shown(each.start, each.end)),))
        else:
            found[i] = Found(each, status, at, difference(old, (each.start, each.end), new, at))
    return _findings(anchors, new, found)


def difference(old: Text, a: tuple[int, int], new: Text, b: tuple[int, int]) -> tuple[tuple[str, str], ...]:
    """Two stretches word by word, as both are printed: what is the same, what stood there, what stands there now."""
    matcher = difflib.SequenceMatcher(None, old.forms[slice(*a)], new.forms[slice(*b)], autojunk=False)
    parts: list[tuple[str, str]] = []
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        if tag == "equal":
            parts.append(("same", new.shown(b[0] + b1, b[0] + b2)))
            continue
        if a2 > a1:
            parts.append(("old", old.shown(a[0] + a1, a[0] + a2)))
        if b2 > b1:
            parts.append(("new", new.shown(b[0] + b1, b[0] + b2)))
    return tuple(parts)


def places(passages: tuple[Passage, ...], forms: tuple[str, ...]) -> list[list[int]]:
    """For each passage, the places in the text where exactly its words stand, in order."""
    data = " ".join(forms).encode()
    starts, at = [], 0
    for form in forms:
        starts.append(at)
        at += len(form.encode()) + 1
    starts.append(at)
    wanted: dict[int, dict[bytes, list[int]]] = defaultdict(dict)
    for each in passages:
        wanted[each.length][_key(each)] = []
    for size, table in wanted.items():
        for i in range(len(forms) - size + 1):
            key = raw_digest(data[starts[i] : starts[i + size] - 1])
            if key in table:
                table[key].append(i)
    out = []
    for each in passages:
        there = wanted[each.length][_key(each)]
        if len(there) > MOST_HITS:
            there = sorted(sorted(there, key=lambda i: (abs(i - each.start), i))[:MOST_HITS])
        out.append(there)
    return out


def _key(passage: Passage) -> bytes:
    return base64.b32decode(passage.digest.upper())


def _in_order(passages: tuple[Passage, ...], hits: list[list[int]]) -> dict[int, int]:
    """The heaviest choice of hits, in words, in which passages keep their order; among equals the least shifted."""
    options = sorted((start, i) for i, starts in enumerate(hits) for start in starts)
    best: list[float] = []
    before: list[int] = []
    for start, i in options:
        weight, link = 0.0, -1
        for j, (other_start, other) in enumerate(options[: len(best)]):
            if other < i and other_start + passages[other].length <= start:
                shift = abs((start - other_start) - (passages[i].start - passages[other].start))
                value = best[j] - min(shift, 400) / 1000
                if value > weight:
                    weight, link = value, j
        best.append(weight + passages[i].length + 0.5)
        before.append(link)
    place: dict[int, int] = {}
    k = max(range(len(best)), key=best.__getitem__, default=-1)
    while k >= 0:
        start, i = options[k]
        place[i] = start
        k = before[k]
    return place


def _elsewhere(
    passages: tuple[Passage, ...], i: int, hits: list[int], place: dict[int, int], taken: list[bool], text: Text
) -> int | None:
    """Where a passage has moved to; a short one only beside its neighbour or as an item by itself."""
    each = passages[i]
    free = [start for start in hits if not any(taken[start : start + each.length])]
    if not free:
        return None
    expected = [place[j] + each.start - passages[j].start for j in (i - 1, i + 1, i - 2, i + 2) if j in place]
    close = [start for start in free if any(abs(start - at) <= 3 for at in expected)]
    if close:
        return close[0]
    if each.length < 4:
        alone = [start for start in free if each.whole and passage_at(text, (), "", start, each.length).whole]
        return alone[0] if len(alone) == 1 else None
    return min(free, key=lambda start: min((abs(start - at) for at in expected), default=abs(start - each.start)))


def _left_over(
    passages: tuple[Passage, ...],
    run: list[int],
    place: dict[int, int],
    status: dict[int, str],
    taken: list[bool],
    text: Text,
) -> list[tuple[int, tuple[int, int] | None, bool]]:
    """What stands where a run of missing passages ought to be: the words that their neighbours leave over."""
    words = text.words

    def free(k: int) -> bool:
        return 0 <= k < len(words) and not taken[k]

    spans: list[tuple[int, int, bool]] = []
    left, right = run[0] - 1, run[-1] + 1
    if left in place:
        start = end = place[left] + passages[left].length
        while free(end):
            end += 1
        spans.append((start, end, status[left] == "moved"))
    if right in place:
        start = end = place[right]
        while free(start - 1):
            start -= 1
        spans.append((start, end, status[right] == "moved"))
    usual = sum(passages[i].length for i in run)
    for start, end, moved in sorted(spans, key=lambda span: (span[2], -(span[1] - span[0]))):
        there = solid(text, start, end)
        if there and len(there) * 4 >= min(usual, 12):
            return [(i, at, moved) for i, at in _shared(passages, run, there)]
    return [(i, None, False) for i in run]


def _shared(
    passages: tuple[Passage, ...], run: list[int], there: list[int]
) -> list[tuple[int, tuple[int, int] | None]]:
    """The left-over words dealt out to the missing passages, by length; to some of them if they are too few."""
    if len(run) == 1:
        return [(run[0], (there[0], there[-1] + 1))]
    total = sum(passages[i].length for i in run)
    out: list[tuple[int, tuple[int, int] | None]] = []
    done = 0
    for number, i in enumerate(run):
        done += passages[i].length
        a = round(len(there) * (done - passages[i].length) / total)
        b = len(there) if number == len(run) - 1 else round(len(there) * done / total)
        out.append((i, (there[a], there[b - 1] + 1) if b > a else None))
    return out


def _findings(anchors: Anchors, text: Text, found: dict[int, Found]) -> Findings:
    passages, words = anchors.passages, text.words
    owner = [-1] * len(words)
    for i, each in found.items():
        for k in range(*each.at):
            owner[k] = i
    inside = [k for k in range(len(words)) if owner[k] >= 0 and anchors.within(passages[owner[k]])]
    criteria = (min(inside), max(inside) + 1) if inside else (0, 0)
    new: list[New] = []
    for run in runs(k for k in range(len(words)) if owner[k] < 0):
        there = solid(text, run[0], run[-1] + 1)
        if there:
            entries: list[str] = []
            before, after = run[0] - 1, run[-1] + 1
            if before >= 0 and not any(words[k].begins for k in range(run[0], there[0] + 1)):
                entries += passages[owner[before]].entries
            if after < len(words) and not any(words[k].begins for k in range(there[-1] + 1, after + 1)):
                entries += passages[owner[after]].entries
            new.append(New((there[0], there[-1] + 1), tuple(dict.fromkeys(entries))))
    ordered = tuple(found[i] for i in range(len(passages)))
    return Findings(anchors, text, ordered, tuple(new), criteria, digest(text.forms, 10) == anchors.digest)
