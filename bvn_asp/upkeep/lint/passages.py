"""Flaws between a policy and its anchors: whose words nobody claims, or two do; wording that is not ours."""

from __future__ import annotations

from collections.abc import Iterator

from bvn_asp.anchors.editions import anchors_paths
from bvn_asp.anchors.find import places
from bvn_asp.anchors.passages import Anchors, read_anchors
from bvn_asp.anchors.words import parse
from bvn_asp.errors import InputError, Place
from bvn_asp.model.policy import Revision
from bvn_asp.model.rules import Entry
from bvn_asp.upkeep.lint.finding import Finding

NO_CRITERION = ("title", "headings", "table of contents", "revision history", "notes of the copy")
"""Reasons to leave words out that need no explanation in policy.yaml."""

_PASTED = 5  # words in a row that are the source's own


def passages(revision: Revision) -> Iterator[Finding]:
    """What is wrong with the anchors of an edition; nothing if it has none."""
    every: list[Anchors] = []
    for path in anchors_paths(revision):
        try:
            every.append(read_anchors(path))
        except InputError as error:
            yield from (Finding(each.place, "anchors-file", "", each.message, each.hint) for each in error.faults)
    if not every:
        return
    yield from _unclaimed_entries(revision, every)
    for each in every:
        yield from _claims(revision, each)
        yield from _left_out(revision, each)
    yield from _pasted(revision, every)


def _unclaimed_entries(revision: Revision, every: list[Anchors]) -> Iterator[Finding]:
    claimed = {entry for each in every for entry in each.claimed}
    for entry in revision.rules.entries:
        if entry.id not in claimed and not entry.is_group and revision.mark(entry) == "primary":
            said = f"`{entry.id}` ({entry.place}) is said to be read in the text, and claims no words of it"
            yield Finding(_place(revision, entry), "no-passage", entry.id, said)


def _claims(revision: Revision, anchors: Anchors) -> Iterator[Finding]:
    place = Place(anchors.path, 1, 1)
    for name in sorted(anchors.claimed - set(revision.entries)):
        said = f"words are claimed for `{name}`, which is no entry of {revision.name}"
        yield Finding(place, "anchors-file", name, said, "name another entry in the marks, and write them anew")
    furthest = None
    for each in anchors.passages:
        if furthest is not None and each.start < furthest.end:
            both = [" and ".join(f"`{name}`" for name in one.entries) or one.left for one in (furthest, each)]
            said = f"words {each.start} to {min(each.end, furthest.end) - 1} are {both[0]}'s and {both[1]}'s"
            hint = "a passage of several entries is one line: `one, other: words`"
            yield Finding(place, "claimed-twice", ", ".join((*furthest.entries, *each.entries)), said, hint)
        if furthest is None or each.end > furthest.end:
            furthest = each


def _left_out(revision: Revision, anchors: Anchors) -> Iterator[Finding]:
    place = Place(anchors.path, 1, 1)
    reasons = {where for where, _, _ in revision.policy.not_encoded} | set(revision.policy.notes) | {*NO_CRITERION}
    inside = [each for each in anchors.passages if anchors.within(each)]
    for left in dict.fromkeys(each.left for each in inside if each.left):
        if left not in reasons:
            said = f"words are left out as `{left}`, which policy.yaml does not explain"
            yield Finding(place, "no-reason", left, said)
    nobodys = [each for each in inside if not each.entries and not each.left]
    if nobodys:
        words = sum(each.length for each in nobodys)
        where = ", ".join(str(each.start) for each in nobodys[:6]) + (", …" if nobodys[6:] else "")
        said = f"{words} words among the criteria, from word {where}, are claimed by no entry and not left out"
        yield Finding(place, "open-words", "", said, f"`bvn text {revision.name} FILE` shows them")


def _pasted(revision: Revision, every: list[Anchors]) -> Iterator[Finding]:
    """Our own wording that holds a passage of five words or more, word for word."""
    policy = revision.policy
    wanted = tuple(each for anchors in every for each in anchors.passages if each.length >= _PASTED)
    ours: list[tuple[str, Place, str]] = [
        (entry.id, _place(revision, entry), entry.text) for entry in revision.rules.entries
    ]
    whole = Place(policy.path, 1, 1)
    ours += [
        (each.id, whole, " ".join([each.question, each.why, *(option.says for option in each.options)]))
        for each in policy.readings.values()
    ]
    ours += [(name, whole, text) for name, text in policy.notes.items()]
    ours += [(where, whole, f"{what}. {why}") for where, what, why in policy.not_encoded]
    for subject, place, text in ours:
        hits = places(wanted, parse(text).forms)
        longest = max((each.length for each, at in zip(wanted, hits, strict=True) if at), default=0)
        if longest:
            said = f"what is said of `{subject}` holds {longest} words of the source, word for word"
            yield Finding(place, "pasted", subject, said)


def _place(revision: Revision, entry: Entry) -> Place:
    return Place(str(revision.path), entry.line, 1)
