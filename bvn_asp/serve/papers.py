"""What goes out of the house about one chart: each paper on the page, as a file, and ready to be printed."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bvn_asp.errors import fault
from bvn_asp.model.case import Case
from bvn_asp.render.blocks import Page
from bvn_asp.render.html import to_article
from bvn_asp.serve.live import Chart, supposed
from bvn_asp.verbs import Answer, Library


@dataclass(frozen=True)
class Paper:
    """One kind of paper.

    Attributes:
        about: whom it is for, in a few words.
        ask: a case, a policy, and how they are read, to what the paper is made of.
        of_record: it goes out in somebody's name, so nothing that is only supposed is in it.
    """

    title: str
    about: str
    ask: Callable[..., Answer[Any]]
    of_record: bool = True


def _letter(purpose: str, plain: bool = False) -> Callable[..., Answer[Any]]:
    return lambda library, case, policy, **read: library.letter(case, purpose, policy, plain=plain, **read)


PAPERS = {
    "request": Paper("Request for information", "what is still needed, once, by document", Library.request),
    "one-page": Paper("One page", "before a decision or a call: what stands in the way first", Library.one_page, False),
    "checklist": Paper("Checklist", "before a submission: on file, missing, too early", Library.checklist),
    "letter-request": Paper("Letter: more information", "a draft to be signed", _letter("request")),
    "letter-adverse": Paper("Letter: adverse decision", "a draft for the clinician who decides", _letter("adverse")),
    "letter-adverse-plain": Paper(
        "Letter: adverse decision, plain", "in plain language, for the person it is about", _letter("adverse", True)
    ),
    "letter-appeal": Paper("Letter: appeal", "a draft against an adverse decision", _letter("appeal")),
}
FORMS = ("article", "html", "markdown", "docx")
DOCX = importlib.util.find_spec("docx") is not None


class Papers:
    """The papers of one library."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def made(self, chart: Chart, policy: str, name: str, form: str) -> str | bytes | dict[str, Any]:
        """One paper about a chart under one policy: a piece of the page, or the content of a file.

        Raises: InputError: no such paper or form; as the verb that makes it.
        """
        paper = PAPERS.get(name)
        if paper is None or form not in FORMS:
            raise fault("there is no such paper", "the papers are " + ", ".join(PAPERS))
        case = chart.recorded if paper.of_record else marked(chart)
        found = paper.ask(self.library, case, policy, readings=chart.readings, strict=chart.strict)
        if form == "html":
            return found.html()
        if form == "markdown":
            return found.markdown()
        page = found.blocks()
        assert isinstance(page, Page), "a paper is a page"
        if form == "docx":
            from bvn_asp.render.docx import to_docx

            return to_docx(page)
        left_out = bool(chart.supposed) and paper.of_record
        return {"paper": name, "policy": policy, "left_out": left_out, "html": {"paper": to_article(page)}}


def marked(chart: Chart) -> Case:
    """The case as it is looked at; what is only supposed in it is told in its head."""
    if not chart.supposed:
        return chart.case
    return replace(chart.case, hypothetical="; ".join(supposed(chart)) + ": supposed, not on record")
