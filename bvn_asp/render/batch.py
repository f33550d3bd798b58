"""What a batch comes to: counts for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bvn_asp.batch.answers import Tally
from bvn_asp.render import words
from bvn_asp.render.blocks import Block, Heading, Pairs, Paragraph, Styled, Table, Text

VERDICTS = ("approve", "deny", "pend", "silent")
MOST = 8
ACROSS = 4


def rows(tally: Tally, rejects: str) -> Paragraph:
    """How many rows there were, and what became of them."""
    text = f"{tally.rows:,} cases: {tally.answered:,} answered, {tally.rejected:,} rejected"
    return Paragraph(text + (f" ({rejects} says why)" if tally.rejected and rejects else ""))


def table(tally: Tally, answers: Sequence[Mapping[str, Any]]) -> Table:
    """What each policy says of each case: a column a policy, or for many policies a row for each verdict."""
    names = [*tally.verdicts]
    listed: list[Sequence[Text]] = []
    for row in answers:
        case = str(row.get("id") or row["row"])
        said = {name: row[f"{name}.verdict"] for name in names}
        if len(names) <= ACROSS:
            listed.append([case, *(said[name] for name in names)])
            continue
        by = {v: ", ".join(name for name in names if said[name] == v) for v in VERDICTS}
        rest = [[v, policies] for v, policies in by.items() if policies]
        listed += [[case if i == 0 else "", *each] for i, each in enumerate(rest)]
    head = ["case", *names] if len(names) <= ACROSS else ["case", "verdict", "policies"]
    return Table(head, listed)


def summary(tally: Tally, against: str | None, rejects: str) -> list[Block]:
    """Verdicts per policy, what stands in the way most, what is open most, and which verdicts flip."""
    blocks: list[Block] = [rows(tally, rejects)]
    table = [
        [name, *(f"{counts[verdict]:,}" for verdict in VERDICTS)] for name, counts in tally.verdicts.items()
    ]
    blocks += [Heading("Verdicts"), Table(["policy", *VERDICTS], table)]
    for title, counted in (("What stands in the way", tally.blamed), ("What is open", tally.open)):
        listed = [
            [name if i == 0 else "", f"{number:,}", what]
            for name, counts in counted.items()
            for i, (what, number) in enumerate(_most(counts))
        ]
        if listed:
            what = "criterion" if counted is tally.blamed else "fact"
            blocks += [Heading(title), Table(["policy", "cases", what], listed)]
    for name, flips in tally.flips.items():
        ranked = sorted(flips.items())
        moved = [[here, there, f"{number:,}"] for (here, there), number in ranked if number and here != there]
        same = sum(number for (here, there), number in flips.items() if here == there)
        blocks.append(Heading(f"{name} against {against}"))
        if moved:
            blocks.append(Table([name, str(against), "cases"], moved))
        blocks.append(Paragraph(f"the same verdict for {same:,} of {tally.answered:,} cases"))
    blocks.append(Pairs([("Solver", f"asked {tally.solved:,} times, where bounds alone do not decide")]))
    blocks.append(Paragraph(Styled(words.NOTICE, "dim")))
    return blocks


def _most(counts: dict[str, int]) -> list[tuple[str, int]]:
    ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    rest = len(ranked) - MOST
    return ranked if rest <= 1 else [*ranked[:MOST], (f"and {rest} more", sum(n for _, n in ranked[MOST:]))]
