"""Where policies disagree: for people, and as data."""

from __future__ import annotations

from collections.abc import Sequence

from bvn_asp.model.library import Library
from bvn_asp.render import witness as shown
from bvn_asp.render import words
from bvn_asp.render.blocks import Block, Heading, Pairs, Paragraph, Styled, Table, Text
from bvn_asp.render.stricter import names
from bvn_asp.texts.split import PairSplit, Split
from bvn_asp.texts.stricter import Relation
from bvn_asp.texts.witness import Witness


def page(library: Library, answer: Split) -> list[Block]:
    """The smallest patient on whom some policies disagree, what each makes of her, and the base patient."""
    listed = [each.name for each in answer.revisions]
    if answer.witness is None:
        claim = "They agree on everybody."
        blocks: list[Block] = [Pairs([("Policies", ", ".join(listed))]), Heading(f"RESULT  {claim[:-1].lower()}")]
        return [*blocks, *shown.proof(answer.extent, answer.revisions, claim)]
    witness = answer.witness
    said = shown.said(library, witness) or "the patient below as she is"
    rows: list[list[Text | Sequence[Text]]] = []
    for each in witness.evaluations:
        entries = each.revision.entries
        why: list[Text] = [f"{entries[blamed].place}: {entries[blamed].text}" for blamed in each.blamed]
        rows.append([each.revision.name, words.verdict(each.verdict), why or [""]])
    also = shown.besides(library, witness)
    blocks = [Heading(f"They part on: {said}")]
    if also:
        blocks.append(Paragraph(Styled(f"with this on record too: {also}", "dim")))
    blocks.append(Table(["policy", "verdict", "why"], rows))
    base = answer.base
    some = f"{len(base.approved_by)} of the {len(listed)} would approve" if base else ""
    blocks += shown.base(library, base, "all approve" if base and len(base.approved_by) == len(listed) else some)
    blocks.append(Paragraph(Styled(f"{len(listed)} policies, and no smaller change parts them", "strong")))
    return blocks


def table(library: Library, pairs: Sequence[PairSplit]) -> list[Block]:
    """All pairs: how the first stands to the second, and on whom they part."""
    rows: list[list[Text | Sequence[Text]]] = []
    for each in pairs:
        lines: list[Text] = []
        named = dict(zip((each.first, each.second), names(each.first, each.second), strict=True))
        for one, witness in ((each.first, each.first_only), (each.second, each.second_only)):
            if witness is not None:
                lines.append(f"only {named[one]}: {_said(library, each, witness)}")
        if each.relation is Relation.EQUIVALENT:
            lines.append(Styled("no difference" if each.agreed else "neither approves anybody", "dim"))
        elif not each.agreed:
            lines.append(Styled("nobody is approved by both", "dim"))
        rows.append([[named[each.first], named[each.second]], each.relation.value, lines])
    equal = sum(each.relation is Relation.EQUIVALENT for each in pairs)
    return [
        Table(["pair", "first is", "approved by one alone"], rows),
        Paragraph(Styled(f"{words.count(len(pairs), 'pair')}, {equal} of them equivalent", "strong")),
    ]


def _said(library: Library, pair: PairSplit, witness: Witness) -> str:
    return shown.said(library, witness) or "the plainest patient"
