"""What the tests of pages share: a page taken apart with the standard library's parser."""

from __future__ import annotations

import re
from html.parser import HTMLParser

VOID = {"meta", "br", "input", "col", "link", "img", "hr"}


class Page(HTMLParser):
    """A page's elements as `(tag, attributes, path of ids and classes above)`, and its texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.source = text
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.stack: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.rows: list[list[str]] = []
        self.feed(text)
        self.close()
        assert not self.stack, f"not closed: {self.stack}"

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
        elif tag in ("br", "small", "p") and {"td", "th"} & set(self.stack):
            self.rows[-1][-1] += " "
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag):
        assert self.stack, f"closed and never opened: {tag}"
        assert self.stack.pop() == tag, f"{tag} closed out of turn"

    def handle_data(self, data):
        self.texts.append((self.stack[-1] if self.stack else "", data))
        if self.rows and self.rows[-1] and {"td", "th"} & set(self.stack):
            self.rows[-1][-1] += data

    @property
    def text(self) -> str:
        """All that a reader sees, in one line."""
        return " ".join("".join(data for tag, data in self.texts if tag not in ("style", "script")).split())

    @property
    def ids(self) -> list[str]:
        return [attrs["id"] for _, attrs in self.elements if "id" in attrs]

    def with_tag(self, tag: str) -> list[dict[str, str]]:
        return [attrs for found, attrs in self.elements if found == tag]


def fetches(page: Page) -> list[str]:
    """What a browser would have to fetch to show the page; nothing, if all is well."""
    found = [f"{tag} {attrs}" for tag, attrs in page.elements if {"src", "srcset", "data", "poster"} & set(attrs)]
    found += [f"{tag} {attrs}" for tag, attrs in page.elements if tag in ("link", "iframe", "object", "base", "form")]
    styles = "".join(data for tag, data in page.texts if tag == "style")
    return found + re.findall(r"url\([^)]*\)|@import[^;]*", styles)


def dead_links(page: Page) -> list[str]:
    """Links into the page that lead nowhere."""
    return [a["href"] for a in page.with_tag("a") if a["href"].startswith("#") and a["href"][1:] not in page.ids]
