"""Flaws between a policy's metadata and its rules: readings nobody asks for, and what the source says twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bvn_asp.errors import InputError, Place
from bvn_asp.model.decisions import Decisions
from bvn_asp.model.policy import Policy, Revision
from bvn_asp.model.rules import Entry
from bvn_asp.model.vocabulary import Vocabulary, term
from bvn_asp.model.yaml_text import read_yaml
from bvn_asp.upkeep.lint.finding import Finding
from bvn_asp.upkeep.lint.text_rules import Outline


def reading_places(policy: Policy) -> dict[tuple[str, str], Place]:
    """Where `policy.yaml` declares its readings and options: `(reading, option)`, the option empty for itself."""
    found = {}
    try:
        listed = read_yaml(Path(policy.path)).get("readings")
    except InputError:
        return {}
    for key, node in listed.entries() if listed is not None else ():
        found[key.text, ""] = key.place
        options = node.get("options")
        for name, _ in options.entries() if options is not None else ():
            found[key.text, name.text] = name.place
    return found


def readings(
    policy: Policy, revisions: tuple[Revision, ...], places: dict[tuple[str, str], Place]
) -> Iterator[Finding]:
    """Readings and options that no rule of any revision asks for."""
    asked = {each for revision in revisions for each in revision.rules.readings}
    names = {identifier for identifier, _ in asked}
    for reading in policy.readings.values():
        place = places.get((reading.id, ""), Place(policy.path))
        if reading.term not in names:
            yield Finding(place, "unused-reading", reading.id, f"no rule asks for the reading {reading.id}")
            continue
        unnamed = [each for each in reading.options if (reading.term, term(each.name)) not in asked]
        if len(unnamed) > 1:
            listed = ", ".join(f"`{each.name}`" for each in unnamed)
            said = f"no rule tells the options {listed} of {reading.id} apart"
            place = places.get((reading.id, unnamed[1].name), place)
            claims = all(each.claimed_by for each in unnamed)
            hint = "claims, which lead to the same" if claims else ""
            yield Finding(place, "unused-option", reading.id, said, hint, mild=claims)


def undoubted(vocabulary: Vocabulary) -> Iterator[Finding]:
    """Judgements that are presumed whatever the chart says."""
    places = _fact_places(vocabulary)
    for name, fact in vocabulary.facts.items():
        if fact.presumed and fact.judgement and not vocabulary.signs_against(name):
            said = f"the judgement `{name}` is presumed {fact.absent}, and nothing on record puts it in doubt"
            yield Finding(places.get(name, Place(vocabulary.path)), "undoubted-judgement", name, said)


def pairs_decided(vocabulary: Vocabulary) -> Iterator[Finding]:
    """Pairs of a presumed fact and something on record that nobody decided, or that were decided twice.

    A vocabulary that says nothing of what raises no doubt is not asked to decide every pair.
    """
    if not (vocabulary.no_doubt or vocabulary.otherwise):
        return
    places = _fact_places(vocabulary)
    undecided: dict[str, list[str]] = {}
    for flaw in Decisions(vocabulary).flaws():
        if not flaw.grounds:
            undecided.setdefault(flaw.of, []).append(flaw.by)
            continue
        grounds = " and by ".join(f"`{each}`" for each in flaw.grounds)
        said = f"`{flaw.by}` ({', '.join(flaw.said)}) against the presumption of `{flaw.of}` is decided by {grounds}"
        place = places.get(flaw.of.partition(".")[0], Place(vocabulary.path))
        yield Finding(place, "pair-decided-twice", flaw.of, said)
    for of, listed in undecided.items():
        more = f" and {len(listed) - 4} more" if len(listed) > 4 else ""
        named = ", ".join(f"`{each}`" for each in listed[:4])
        said = f"no entry says whether {named}{more} on record puts the presumption of `{of}` in doubt"
        yield Finding(places.get(of.partition(".")[0], Place(vocabulary.path)), "pair-undecided", of, said)


def _fact_places(vocabulary: Vocabulary) -> dict[str, Place]:
    sections = read_yaml(Path(vocabulary.path)).mapping().get("facts")
    return {
        key.text: key.place
        for _, section in (sections.entries() if sections is not None else ())
        for key, _ in section.entries()
    }


def repeated(outline: Outline) -> Iterator[Finding]:
    """What the source says in several places, by `also`; the items of a place that is named already are not named."""
    revision = outline.revision
    told: set[tuple[str, str]] = set()
    for entry in revision.rules.entries:
        parent = revision.entries.get(entry.parent)
        parts = revision.parts.get(entry.id, ())
        elsewhere = [
            place
            for place in entry.also
            if not _item_of(place, entry.place)
            and not (parent and any(place != each and _item_of(place, each) for each in parent.also))
            and not any(place in part.also for part in parts)
        ]
        if elsewhere and (entry.place, elsewhere[0]) not in told:
            told.update((entry.place, place) for place in elsewhere)
            same = _same_place(revision, entry, elsewhere)
            named = " and ".join(f"`{each.id}`" for each in same)
            said = f"{named}: {entry.place} is said again in {' and '.join(elsewhere)}"
            yield Finding(outline.place(entry), "repeated-by-source", entry.id, said)


def _same_place(revision: Revision, entry: Entry, elsewhere: list[str]) -> list[Entry]:
    return [each for each in revision.rules.entries if each.place == entry.place and set(elsewhere) <= set(each.also)]


def _item_of(place: str, whole: str) -> bool:
    return place == whole or bool(re.fullmatch(re.escape(whole) + r"[\s.]*[a-z(].*", place))
