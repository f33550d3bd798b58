"""What a request is made of, and how an office keeps the documents that go with it."""

from __future__ import annotations

from bvn_asp.classes import dataclass, field


@dataclass(frozen=True)
class Request:
    """What a request is made of; an attribute is empty where a request says nothing of the kind.

    Attributes:
        procedure: what is asked for, in words.
        members: the yes/no fact, per an index, that says for which members it is asked.
        one, many: the words for one of them and for several; `many` is the key of their list in a case.
        diagnoses: the yes/no fact per diagnosis code.
        procedures: the number of units, a fact per procedure code.
        first, further, together: the code of the first `together` members, and of each one beyond.
    """

    procedure: str = ""
    members: str = ""
    one: str = ""
    many: str = ""
    diagnoses: str = ""
    procedures: str = ""
    first: str = ""
    further: str = ""
    together: int = 1

    @property
    def lists(self) -> dict[str, str]:
        """The yes/no facts that a case gives as one whole list, by the key of that list."""
        keys = {self.many: self.members, "diagnoses": self.diagnoses}
        return {key: fact for key, fact in keys.items() if fact}

    @property
    def keys(self) -> dict[str, str]:
        """What a request lists whole, so that what is not named is no or nought: key to fact."""
        return self.lists | ({"procedures": self.procedures} if self.procedures else {})

    @property
    def whole(self) -> tuple[str, ...]:
        """The facts that a request lists whole."""
        return tuple(self.keys.values())

    def units(self, count: int) -> tuple[tuple[str, int], ...]:
        """The procedure lines for a number of members: the first ones together, each further one by itself.

        >>> asks = Request(first="A", further="B", together=2)
        >>> asks.units(0), asks.units(2), asks.units(4)
        ((), (('A', 1),), (('A', 1), ('B', 2)))
        """
        lines = [(self.first, 1)] if self.first and count else []
        rest = [(self.further, count - self.together)] if self.further and count > self.together else []
        return tuple(lines + rest)


@dataclass(frozen=True)
class Papers:
    """How an office keeps its documents, and which facts are asked last.

    Attributes:
        documents: what a pile is called, in the order in which they are kept, to the words in `document:` that name it.
        sensitive: facts that are asked only where they still matter, and after all others.
        meanings: hard words with what they mean, for letters in plain language.
    """

    documents: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sensitive: tuple[str, ...] = ()
    meanings: dict[str, str] = field(default_factory=dict)

    def pile(self, document: str) -> str:
        """The pile in which a document lies: the one named first; itself if none is named.

        >>> Papers({"notes": ("clinic note",), "MRI": ("MRI",)}).pile("MRI report, or clinic note")
        'MRI'
        """
        found = [
            (document.find(word), pile)
            for pile, named in self.documents.items()
            for word in (pile, *named)
            if word in document
        ]
        return min(found, key=lambda pair: pair[0])[1] if found else document or "any document"

    def place(self, pile: str) -> int:
        """Where a pile stands in the order; those that are not listed come last."""
        return list(self.documents).index(pile) if pile in self.documents else len(self.documents)
