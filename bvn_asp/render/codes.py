"""Advice on the codes of a request: the block in a comparison and a worksheet, and the data."""

from __future__ import annotations

from collections.abc import Sequence

from bvn_asp.render.blocks import Block, Bullets, Heading
from bvn_asp.routing.codes import Advice


def coding(advice: Sequence[Advice]) -> list[Block]:
    """The advice under a heading of its own; nothing if there is none."""
    if not advice:
        return []
    return [Heading("Coding, apart from any verdict"), Bullets([line(each) for each in advice])]


def line(each: Advice) -> str:
    """One piece of advice, with its place and how that was seen."""
    open_date = "" if each.sure else "; it hangs on the date of service"
    mark = "" if each.evidence == "primary" else f"; {each.evidence}"
    return f"{each.text} [{each.place}{mark}]{open_date}"
