"""What a policy approves of a request, for people and as data."""

from __future__ import annotations

from bvn_asp.model.library import Library
from bvn_asp.render import repair as repairs
from bvn_asp.render import words
from bvn_asp.render.blocks import Block, Bullets, Heading, Pairs, Paragraph, Styled, Text
from bvn_asp.repairs.partial import Left, Partial


def page(library: Library, answer: Partial) -> list[Block]:
    """The largest approved subsets with their procedure lines, and what the rest lacks."""
    name = answer.evaluation.policy
    blocks: list[Block] = [
        Pairs(
            [
                ("Case", answer.case.title),
                ("Request", words.request(answer.case, library.vocabulary)),
                ("Now", f"{name}: {answer.evaluation.verdict.value}"),
            ]
        ),
        Heading(result(library, answer)),
    ]
    for each in answer.subsets:
        lines = ", ".join(f"{code} x{count}" for code, count in each.units)
        items: list[Text] = [" ".join(each.members) + (f" on {lines}" if lines else "")]
        items += [f"{left.member} is left out: {_lacks(left)}" for left in each.left]
        blocks.append(Bullets(items))
    if answer.alone and (len(answer.alone) > 1 or not answer.subsets):
        alone: list[Text] = [f"{each.member}: {_by_itself(each)}" for each in answer.alone]
        blocks += [Heading("By itself"), Bullets(alone)]
    blocks.append(Paragraph(Styled(words.NOTICE, "dim")))
    return blocks


def result(library: Library, answer: Partial) -> str:
    """The answer on one line."""
    name, subsets = answer.evaluation.policy, answer.subsets
    if not subsets:
        return f"RESULT  {name} approves none of the requested {library.vocabulary.request.many}"
    if subsets[0].members == answer.requested:
        return f"RESULT  {name} approves the whole request"
    shown = " or ".join(" ".join(each.members) for each in subsets)
    return f"RESULT  {name} approves {shown} of {' '.join(answer.requested)}"


def _by_itself(left: Left) -> str:
    first = left.repairs.repairs[:1]
    if first and not first[0].moves:
        number = len(first[0].ruled_out)
        exclusions = words.count(number, "exclusion is", "exclusions are")
        return f"approved once {exclusions} ruled out" if number else "approved"
    return f"lacks {_lacks(left)}" if first else _lacks(left)


def _lacks(left: Left) -> str:
    answer = left.repairs
    if not answer.repairs:
        said = ["nothing brings it along"]
        said += [repairs.obstruction(answer, answer.blocks[0])] if answer.blocks else []
        said += [repairs.contest_line(answer, shortly=True)] if answer.contests is not None else []
        return "; ".join(said)
    ways = []
    for each in answer.repairs:
        said = []
        for move in each.moves:
            where = repairs.places(answer, [move])
            said.append(repairs.named(move) + (f" ({where})" if where else ""))
        ways.append(" and ".join(said) + repairs.since(each))
    more = answer.count - len(ways)
    return "; or ".join(ways) + (f"; or {more} more" if more else "")
