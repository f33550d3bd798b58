"""What an answer is made of, before anyone knows whether it becomes text, Markdown or a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bvn_asp.classes import dataclass


@dataclass(frozen=True)
class Styled:
    """A text that carries a meaning, which a terminal and a page may show by a colour.

    Attributes:
        style: good, bad, open, dim or strong; taken, what is presumed; small, what stands beside; tag; code.
        sign: it is a status, which a page shows by a sign as well.
        to: where a page leads from here: the id of a place in it, or an address in the web.
    """

    text: str
    style: str = ""
    sign: bool = False
    to: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Line:
    """Texts on one line."""

    parts: Sequence[str | Styled]

    def __str__(self) -> str:
        return "".join(map(str, self.parts))


Text = str | Styled | Line


@dataclass(frozen=True)
class Heading:
    """A heading."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """Running text; `indent` sets it in."""

    text: Text
    indent: int = 0


@dataclass(frozen=True)
class Pairs:
    """Labels with what stands behind them, one line each."""

    rows: Sequence[tuple[str, Text]]


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: Sequence[Text]


@dataclass(frozen=True)
class Table:
    """Rows of cells; a cell is one text or several, which stand below each other.

    Attributes:
        head: the columns' names; none are printed if empty.
        indents: for each row, how far its last column is set in.
        hang: whether the further texts of a cell are set in below its first.
        kind: what the table is, for a page's style: a worksheet (`sheet`), `verdicts`, a `ledger`.
        ids: the rows' ids on a page.
        marked: the numbers of the rows that stand out.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[Text | Sequence[Text]]]
    indents: Sequence[int] = ()
    hang: bool = True
    kind: str = ""
    ids: Sequence[str] = ()
    marked: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Card:
    """One of several things that are alike: where it stands, what it is, and what there is to say of it."""

    place: Sequence[Text]
    title: Sequence[Text]
    lines: Sequence[Text]


@dataclass(frozen=True)
class Cards:
    """Things that are alike: beside each other on a page, below each other in a text."""

    cards: Sequence[Card]


@dataclass(frozen=True)
class Sides:
    """Two texts, passage by passage: side by side on a page; in a text what both say is said once.

    Attributes:
        names: what the two are called.
        about: what the notes are about, for the head of the table in a text.
    """

    names: tuple[str, str]
    about: str
    rows: Sequence[Passage]


@dataclass(frozen=True)
class Passage:
    """One row of two texts.

    Attributes:
        change: what became of it.
        topics: what it is about, where the two were not aligned by their own order.
        sides: the lines of each.
        notes: what is to be said of both together.
        same: nothing of it changed; a text leaves such rows out, a page can hide them.
    """

    change: Styled
    topics: Sequence[str]
    sides: tuple[Sequence[Text], Sequence[Text]]
    notes: Sequence[Text]
    same: bool


@dataclass(frozen=True)
class Column:
    """A column of a matrix.

    Attributes:
        name: what it is called, and where a page leads from there.
        group: the title of the columns with which it stands together.
        status: what came out as a whole; empty if nothing did.
        marked: it stands out, and as what.
    """

    name: Styled
    group: str
    status: Styled | None = None
    marked: str = ""


@dataclass(frozen=True)
class Met:
    """One cell of a matrix: a status, and a few words on what is asked."""

    status: Styled
    note: str = ""


@dataclass(frozen=True)
class MatrixRow:
    """A row of a matrix: a cell for each column, None where there is nothing to say.

    Attributes:
        note: a few words below the label.
        same: the columns do not part here; a page can hide such rows.
    """

    label: str
    note: str
    cells: Sequence[Met | None]
    same: bool = False


@dataclass(frozen=True)
class Matrix:
    """Who asks what: columns across, what is asked down.

    Attributes:
        corner: what the rows are.
        caption: what the whole is, for those who do not see it.
        kind: how a page shows a cell: by its `status`, or by whether it is `asked`.
    """

    corner: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[MatrixRow]
    kind: str = "status"


@dataclass(frozen=True)
class Stretch:
    """A part of a number line between two limits, or one number by itself; with what is written where it begins."""

    point: bool
    tick: str


@dataclass(frozen=True)
class Run:
    """Stretches that follow each other: the first and the last, and what its ends are.

    Attributes:
        left, right: `closed` if the end belongs to it, `open` if not, empty where the line itself ends.
    """

    first: int
    last: int
    left: str
    right: str


@dataclass(frozen=True)
class Bar:
    """The amounts that somebody leaves open: in words, who, and which stretches of the line."""

    says: str
    names: Sequence[str]
    runs: Sequence[Run]


@dataclass(frozen=True)
class NumberLine:
    """A number with what is left open of it by whom. Not to scale: two limits may stand beside each other.

    Attributes:
        of: of which members it is told; empty if of all, or if it has none.
        notes: limits that are no bars.
    """

    label: str
    of: str
    about: str
    stretches: Sequence[Stretch]
    bars: Sequence[Bar]
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Order:
    """What stands above what, as a drawing: layers of names, and arrows by the numbers of their ends.

    Attributes:
        nodes: the names with their layer, and where in it, from above, in rows.
        said: the same in words.
    """

    nodes: Sequence[tuple[str, int, float]]
    arrows: Sequence[tuple[int, int]]
    said: Sequence[str]


@dataclass(frozen=True)
class Dates:
    """Dates on one line.

    Attributes:
        dates: as `YYYY-MM-DD`, with what is so from then on; the first one is the day that is asked about.
    """

    title: str
    dates: Sequence[tuple[str, Sequence[Text]]]


@dataclass(frozen=True)
class Fold:
    """What is shown on demand on a page; in a text it stands below its title.

    Attributes:
        unfolded: it is open from the start.
    """

    title: Text
    blocks: Sequence[Block]
    id: str = ""
    unfolded: bool = False


@dataclass(frozen=True)
class Switch:
    """A box to tick on a page, which leaves away rows that are of less interest; its style sheet knows it by its id."""

    id: str
    text: str
    on: bool = False


@dataclass(frozen=True)
class Section:
    """A part of an answer with a heading; where its blocks print nothing, a text leaves it out.

    Attributes:
        id: its id on a page, by which links lead to it.
        nav: what it is called where a page lists its parts; empty if it is not listed.
        wide: it is printed on paper turned sideways.
        about: how it is to be read, where a page shows what a text does not.
        folding: buttons to unfold and fold all that is folded.
    """

    title: str
    id: str
    blocks: Sequence[Block]
    nav: str = ""
    wide: bool = False
    about: Text = ""
    switches: Sequence[Switch] = ()
    folding: bool = False


Block = (
    Heading | Paragraph | Pairs | Bullets | Table | Cards | Sides | Matrix | NumberLine | Order | Dates | Fold | Section
)


@dataclass(frozen=True)
class Page:
    """A whole answer. As blocks it is what a text prints of it, from the head to the summary.

    Attributes:
        kicker: what kind of page it is.
        title: the heading.
        is_result: the title is the answer itself; a text says so.
        head: what was asked.
        tally: numbers with the words for what they count.
        foot: how sure the whole is.
        notice: what is to be known of it besides; a page says by itself that it is no coverage decision.
        summary: the last line of a text.
        tab: the title of the page for a browser; the heading if empty.
    """

    kicker: str
    title: str
    head: Sequence[tuple[str, Text]]
    blocks: Sequence[Block]
    tally: Sequence[tuple[int, Styled]] = ()
    foot: Sequence[Block] = ()
    notice: str = ""
    summary: str = ""
    is_result: bool = False
    tab: str = ""

    def __iter__(self) -> Iterator[Block]:
        if self.head:
            yield Pairs(self.head)
        yield Heading(f"RESULT  {self.title}" if self.is_result else self.title)
        yield from self.blocks
        yield from self.foot
        if self.notice:
            yield Paragraph(Styled(self.notice, "dim"))
        if self.summary:
            yield Paragraph(Styled(self.summary, "strong"))


def lines_of(cell: Text | Sequence[Text]) -> list[Text]:
    """The texts of a cell, one below the other."""
    return [cell] if isinstance(cell, str | Styled | Line) else list(cell)
