"""`bvn text`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from bvn_asp.anchors.passages import digest
from bvn_asp.render.schema_of import OneOf
from bvn_asp.render.shape import At, Shape

if TYPE_CHECKING:
    from bvn_asp.anchors.find import Findings, Found, New
    from bvn_asp.model.policy import Revision


class TextPassage(Shape):
    """A passage of a source, in a user's copy.

    Attributes:
        entries: whose words they are; empty if they are left out or nobody's.
        left_out: why they are left out.
        now: the words that stand there now, as the copy prints them; empty if gone.
        difference: `same`, `old` or `new` with the words, in order; only with the old text at hand.
        citation: the citations before and now, if they are others.
        in_criteria: whether it stands among the criteria.
    """

    of: Found
    up: TextAnswer

    entries: Annotated[list[str], At("passage.entries")]
    left_out: Annotated[str, At("passage.left")]
    status: Annotated[str, OneOf("exact", "moved", "changed", "moved and changed", "gone")]
    now: str
    difference: Annotated[list[list[str]], At("parts")]
    citation: list[str] | None
    in_criteria: bool

    def _now(self) -> str:
        return self.up.of.text.shown(*self.of.at)

    def _citation(self) -> list[str] | None:
        return None if self.of.cites is None else [self.of.passage.cites, self.of.cites]

    def _in_criteria(self) -> bool:
        return self.up.of.anchors.within(self.of.passage)


class TextNew(Shape):
    """Words that no passage held before.

    Attributes:
        beside: the entries into whose sentence they have come.
    """

    of: New
    up: TextAnswer

    words: str
    beside: list[str]
    in_criteria: bool

    def _words(self) -> str:
        return self.up.of.text.shown(*self.of.at)

    def _in_criteria(self) -> bool:
        return self.up.of.in_criteria(self.of.at)


class TextAnswer(Shape):
    """What became of each entry's words in a user's copy of its source.

    Attributes:
        anchors: which copy the anchors were made from.
        other_text: too little of it is known; nothing else is to be believed then.
        same_text: word for word that copy.
        entries: entry to what became of its words.
        criteria_words: the words among the criteria by who accounts for them.
    """

    of: Findings

    schema: Literal["text/1"]
    policy: str
    revision: str
    anchors: str
    copy: Annotated[str, At("text.name")]
    digest: str
    same_text: bool
    other_text: bool
    entries: dict[str, str]
    passages: Annotated[list[TextPassage], At("found")]
    new: list[TextNew]
    criteria_words: dict[str, int]

    @property
    def text(self) -> Revision:
        """The edition whose words these are."""
        found: Revision = self.given["revision"]
        return found

    def _policy(self) -> str:
        return self.text.policy.id

    def _revision(self) -> str:
        return self.text.id

    def _anchors(self) -> str:
        return self.of.anchors.copy or self.of.anchors.path

    def _digest(self) -> str:
        return digest(self.of.text.forms, 10)

    def _entries(self) -> dict[str, str]:
        return self.of.entries()

    def _criteria_words(self) -> dict[str, int]:
        return self.of.counted()
