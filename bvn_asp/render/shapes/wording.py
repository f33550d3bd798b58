"""`bvn text`."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from bvn_asp.render.schema_of import OneOf


class TextPassage(TypedDict):
    """A passage of a source, in a user's copy.

    Attributes:
        entries: whose words they are; empty if they are left out or nobody's.
        left_out: why they are left out.
        now: the words that stand there now, as the copy prints them; empty if gone.
        difference: `same`, `old` or `new` with the words, in order; only with the old text at hand.
        citation: the citations before and now, if they are others.
        in_criteria: whether it stands among the criteria.
    """

    entries: list[str]
    left_out: str
    status: Annotated[str, OneOf("exact", "moved", "changed", "moved and changed", "gone")]
    now: str
    difference: list[list[str]]
    citation: list[str] | None
    in_criteria: bool


class TextNew(TypedDict):
    """Words that no passage held before.

    Attributes:
        beside: the entries into whose sentence they have come.
    """

    words: str
    beside: list[str]
    in_criteria: bool


class TextAnswer(TypedDict):
    """What became of each entry's words in a user's copy of its source.

    Attributes:
        anchors: which copy the anchors were made from.
        other_text: too little of it is known; nothing else is to be believed then.
        same_text: word for word that copy.
        entries: entry to what became of its words.
        criteria_words: the words among the criteria by who accounts for them.
    """

    schema: Literal["text/1"]
    policy: str
    revision: str
    anchors: str
    copy: str
    digest: str
    same_text: bool
    other_text: bool
    entries: dict[str, str]
    passages: list[TextPassage]
    new: list[TextNew]
    criteria_words: dict[str, int]
