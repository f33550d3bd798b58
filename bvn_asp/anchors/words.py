"""The words of a text, brought to one form, with their places.

Two copies of one text give the same words whatever their case, spacing, line ends, hyphenation, ligatures, bullets,
signs (`>=`, `&ge;`, an underlined `>`) or emphasis. Citations in superscript are kept apart.
"""

from __future__ import annotations

import re
import unicodedata

from bvn_asp.classes import dataclass, field, replace


@dataclass(frozen=True)
class Word:
    """One word: its one form, and where it stands in `Text.raw`.

    Attributes:
        cites: the citation that follows it in superscript, as printed; empty if none does.
        begins: whether a paragraph, an item or a sentence begins here.
        label: whether it only numbers an item: `3.`, `b)`.
    """

    form: str
    start: int
    end: int
    cites: str = ""
    begins: bool = False
    label: bool = False


@dataclass(frozen=True)
class Text:
    """A user's copy of a source.

    Attributes:
        raw: its text, with `^{…}` around what stood in superscript.
        name: the name of its file.
        forms: the words' forms alone.
    """

    raw: str = field(repr=False)
    words: tuple[Word, ...] = field(repr=False)
    name: str = ""
    forms: tuple[str, ...] = field(default=(), repr=False)

    def shown(self, start: int, end: int) -> str:
        """The source's own words from one word up to another, as printed, on one line."""
        if start >= end:
            return ""
        raw = self.raw[self.words[start].start : self.words[end - 1].end]
        raw = re.sub(r"\^\{[^}]*\}|[⁰¹²³⁴-⁹⁻]+", "", raw)
        raw = re.sub(r"\s*\n\s*(?:[-*•▪◦o]\s+)?", " ", raw)
        return re.sub(r"\s+", " ", re.sub(r"\*\*|\\(?=\W)", "", raw)).strip()


_SUPER = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_L = rf"[^\W\d_{_SUPER}]"
_NUMBERS = r"\d{1,3}(?:\s?[,\-–]\s?\d{1,3}){0,20}"
_TOKEN = re.compile(
    rf"""
      (?P<cite> \^\{{[^}}]{{0,200}}\}} | [{_SUPER}]+(?:[⁻,\-–][{_SUPER}]+)*
              | (?<={_L}{_L}{_L}) [)\].:;,*]{{0,2}} (?P<glued>{_NUMBERS}) (?![\w%]|[.,]\d) )
    | (?P<ge> >\s?= | [≥⩾≧] | &(?:ge|\#8805|\#x2265); | \\geq?(?:slant)?\b )
    | (?P<le> <\s?= | [≤⩽≦] | &(?:le|\#8804|\#x2264); | \\leq?(?:slant)?\b )
    | (?P<gt> > | &gt; ) | (?P<lt> < | &lt; )
    | (?P<code> {_L}{{1,2}}\d+(?:\.\d+)* )
    | (?P<word> {_L}+ (?: (?: ['’ʼ] | \u00ad\s{{0,20}} | [-‐‑–]\s{{0,20}} ) {_L}+ )* )
    | (?P<number> (?<![\w.)\]]) [-−](?=\d) \d+(?:,\d{{3}})*(?:\.\d+)* | \d+(?:,\d{{3}})*(?:\.\d+)* )
    | (?P<percent> % )
    """,
    re.VERBOSE,
)
_NUMBERED = ("type", "grade", "level", "modic", "stage", "class", "phase", "part", "version", "item")
_BREAK = re.compile(r"\n[ \t]*\n|\n[ \t]*(?:[-*•▪◦·\uf0b7]|\(?(?:\d{1,2}|[a-z])[.)])\s|[.;:?!]['\")\]]*\s|\t|\|")
_LABEL = re.compile(r"[ \t]{0,80}o[ \t]{1,2}\Z|[ \t]{0,80}\(?(?:\d{1,2}|[A-Za-z]|[ivx]{1,4})[.)]\s\Z")
_SIGNS = {"ge": "≥", "le": "≤", "gt": ">", "lt": "<"}


def parse(raw: str, name: str = "") -> Text:
    """The words of a plain text in which `^{…}` marks what stood in superscript."""
    raw = re.sub(r"\^\{\[([\d\s,–-]{0,80})\]\([^)]{0,400}\)\}", lambda m: ("^{" + m[1] + "}").ljust(len(m[0])), raw)
    raw = re.sub(r"\]\([^)\s]{0,2000}\)", lambda m: " " * len(m[0]), raw)  # a link's address is no word
    found: list[Word] = []
    last = 0
    line = 0  # where the line of the last match begins
    for match in _TOKEN.finditer(raw):
        kind = match.lastgroup or ""
        if match["cite"] is not None:
            last = _cited(match, found, last)
            continue
        line = max(line, raw.rfind("\n", last, match.start()) + 1)
        begins = not found or bool(_BREAK.search(raw, last, match.end()))
        label = match.start() - line <= 80 and bool(_LABEL.match(raw, line, match.end() + 2))
        for form in _forms(kind, match[0]):
            found.append(Word(form, match.start(), match.end(), "", begins, label))
            begins = False
        last = match.end()
    words = tuple(found)
    return Text(raw, words, name, tuple(each.form for each in words))


def _cited(match: re.Match[str], found: list[Word], last: int) -> int:
    """Put a citation behind the word before it; `type 1` is no citation. Gives how far the text has been read."""
    glued = match["glued"]
    if glued and found and found[-1].form in _NUMBERED and found[-1].end == match.start("glued"):
        found.append(Word(glued, match.start("glued"), match.end("glued")))
        return match.end()
    if found:
        printed = unicodedata.normalize("NFKC", glued or match["cite"]).strip("^{} \n")
        numbers = printed.replace("–", "-").replace("⁻", "-")
        if re.fullmatch(r"[\d\s,;-]+", numbers):
            found[-1] = replace(found[-1], cites=re.sub(r"\s", "", numbers))
    return last


def _forms(kind: str, text: str) -> tuple[str, ...]:
    if kind in _SIGNS:
        return (_SIGNS[kind],)
    text = unicodedata.normalize("NFKC", text).casefold().replace("−", "-")
    if kind == "word":
        return (re.sub(r"[^\w]", "", text),)
    if kind == "number":
        return (text.replace(",", ""),)
    return (text,)
