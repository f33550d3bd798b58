"""Which facts are meant by the words people use: names, meanings, values, members, and other words for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bvn_asp.classes import dataclass
from bvn_asp.errors import did_you_mean
from bvn_asp.model.members import labels_of
from bvn_asp.model.vocabulary import Fact, Vocabulary

CODE = re.compile(r"[a-z]\d\d[a-z0-9.]*|\d{5}")


@dataclass(frozen=True)
class Hit:
    """One fact that a search found.

    Attributes:
        places: what of it bears the words, besides its name and meaning: values, members and other words for it.
    """

    fact: str
    places: tuple[str, ...] = ()


def search_facts(vocabulary: Vocabulary, words: Sequence[str]) -> tuple[Hit, ...]:
    """The facts about some words, all of them, each as a whole word or the beginning of one of three letters or more.

    First stands the fact of that name; then those that are called so, or of whose members one is, by how early they say
    it; then by a word of the name, by the meaning, by a word of what else they are called; then all others.
    """
    wanted = [_folded(word) for word in words]
    ranked: list[tuple[tuple[int, int], int, Hit]] = []
    for name, fact in vocabulary.facts.items():
        own = f"{name} {name.replace('_', ' ')} {fact.about} {fact.section} {fact.ask}"
        texts = {own: "", **{text: place for place, text in _texts(vocabulary, fact)}}
        if not all(any(_has(text, word) for text in texts) for word in wanted):
            continue
        by_itself = all(_has(own, word) for word in wanted)
        places = [place for text, place in texts.items() if place and all(_has(text, word) for word in wanted)]
        if not by_itself and not places:  # each word stands somewhere, but nowhere all of them
            places = [place for text, place in texts.items() if place and any(_has(text, word) for word in wanted)]
        phrase = " ".join(wanted)
        member = phrase in map(_folded, vocabulary.indexes[fact.per].spelled if fact.per else ())
        called = [f" {_folded(word)} " for word in fact.known_as]
        rank = next(number for number, holds in enumerate((
            phrase == _folded(name),
            f" {phrase} " in called or member,
            all(_has(name, word) for word in wanted),
            by_itself,
            all(any(_has(word, each) for word in called) for each in wanted),
            True,
        )) if holds)
        place = called.index(f" {phrase} ") if rank == 1 and not member else -1
        ranked.append(((rank, place), len(ranked), Hit(name, tuple(dict.fromkeys(places)))))
    return tuple(hit for _, _, hit in sorted(ranked, key=lambda each: each[:2]))


def fact_hint(vocabulary: Vocabulary, name: str) -> str:
    """What to write for a name that is no fact: one spelled nearly so, a member of an index, or what a search finds."""
    names = [*vocabulary.facts, *vocabulary.by_side, *vocabulary.shorthands, *vocabulary.events]
    otherwise = "`bvn facts` lists every fact; `bvn facts WORD` searches"
    near = did_you_mean(name, names)
    if near or len(name) > 100:
        return near or otherwise
    forms = []
    for fact in vocabulary.facts.values():
        labels = labels_of(vocabulary.indexes[fact.per], name) if fact.per and fact.type != "count" else ()
        if len(labels) == 1 and name.lower() != "other":
            forms.append(f"`{fact.name}: {{{labels[0]}: …}}`")
    if not forms:
        words = [word for word in re.split(r"[\s_]+", name) if word]
        hits = search_facts(vocabulary, words) if words and len(words) < 8 else ()
        forms = [_form_of(vocabulary, each, words) for each in hits]
    return f"did you mean {', '.join(forms[:3])}{' or another' if forms[3:] else ''}?" if forms else otherwise


def _form_of(vocabulary: Vocabulary, hit: Hit, words: Sequence[str]) -> str:
    """A fact as it is written, of the member that some of the words name."""
    fact = vocabulary.facts[hit.fact]
    for first in range(len(words)):
        for last in range(len(words), first, -1):
            labels = labels_of(vocabulary.indexes[fact.per], "_".join(words[first:last])) if fact.per else ()
            if len(labels) == 1:
                return f"`{fact.name}: {{{labels[0]}: …}}`"
    return f"`{fact.name}`"


def _texts(vocabulary: Vocabulary, fact: Fact) -> Iterator[tuple[str, str]]:
    """What else a fact is found by: the place to name, and the text to search."""
    for word in fact.known_as:
        yield f"also called {word}", word
    if fact.type == "one_of":
        for value, meaning in fact.values.items():
            yield f"{value}: {meaning}", f"{value} {value.replace('_', ' ')} {meaning}"
    for word, value in fact.spelled.items():
        yield f"{word}: written for {value}", word
    for word, each in fact.between.items():
        yield f"{word}: {each.about}", f"{word} {word.replace('_', ' ')} {each.about} {' '.join(each.spelled)}"
    for short in vocabulary.shorthands.values():
        if any(fact.name in means for means in short.means.values()):
            about = f"{short.name} {short.name.replace('_', ' ')} {short.about} {' '.join(short.known_as)}"
            yield f"entered at once as {short.name}: {short.about}", about
    for event in vocabulary.events.values():
        if fact.name in event.facts:
            about = f"{event.name} {event.about} {' '.join(event.known_as)}"
            yield f"entered at once for several as {event.name}: {event.about}", about
    if fact.per:
        index = vocabulary.indexes[fact.per]
        for label, meaning in index.members.items():
            yield f"{label}: {meaning}", f"{label} {label.replace('_', ' ')} {meaning}"
        for word, label in index.spelled.items():
            yield f"{label}: {index.members[label]}", word


def _has(text: str, word: str) -> bool:
    """Whether a text bears a word: as a whole, or as the beginning of one if it has three letters or more."""
    folded = _folded(text)
    if word not in folded:
        return False
    end = "" if len(word) > 2 and not CODE.fullmatch(word) else r"(?![a-z0-9])"
    return re.search(rf"(?<![a-z0-9]){re.escape(word)}{end}", folded) is not None


@lru_cache(maxsize=20_000)
def _folded(text: str) -> str:
    """Small letters with single spaces; a hyphen between letters is one, `workers-comp`."""
    return re.sub(r"\s+|(?<=[a-z])-(?=[a-z])", " ", text.replace("_", " ").lower()).strip()
