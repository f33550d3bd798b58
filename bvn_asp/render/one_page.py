"""One policy's answer on one sheet or two: the verdict, what is not as it should be, then what is."""

from __future__ import annotations

from bvn_asp.cases.evaluate import Status, Verdict
from bvn_asp.cases.explain import Line
from bvn_asp.model.library import Library
from bvn_asp.papers.letter import Reason
from bvn_asp.papers.one_page import OnePage
from bvn_asp.render import letter as letters
from bvn_asp.render import quoted, words
from bvn_asp.render.blocks import Block, Bullets, Heading, Page, Paragraph, Styled, Table, Text

MOST = 4500
"""So many characters of reasons fit on the sheets, and half as many of what is met; the rest is counted."""


def page(library: Library, answer: OnePage) -> Page:
    """The verdict as the headline; unmet first, each with evidence, value against limit and what would change it."""
    draft = answer.draft
    evaluation = draft.request.evaluation
    reasons = sorted(draft.reasons, key=lambda each: each.line.status is Status.UNDETERMINED)
    rows = [_row(library, answer, each) for each in reasons]
    shown = _fitting(rows, MOST)
    title = "In the way" if evaluation.verdict is Verdict.DENY else "Still open"
    blocks: list[Block] = []
    if shown:
        blocks += [Heading(title), Table(["status", "place", "what is asked"], shown, kind="sheet")]
    left = [each.line.entry.place for each in reasons[len(shown) :]]
    if left:
        blocks.append(Paragraph(f"{words.count(len(left), 'more')}: {', '.join(dict.fromkeys(left))}."))
    if draft.others:
        places = ", ".join(dict.fromkeys(each.entry.place for each in draft.others))
        blocks.append(Paragraph(f"Open as well, and no reason for a denial: {places}."))
    if hinges := words.hinges(evaluation):
        blocks += [Heading("Read otherwise"), Bullets(hinges[:4])]
    met: list[list[Text | list[Text]]] = [
        [words.status(each, False), each.entry.place, [each.entry.text, *_facts(library, each)]]
        for each in answer.met
    ]
    fitting = _fitting(met, MOST // 2)
    if fitting:
        blocks += [Heading("Met"), Table(["status", "place", "what is asked"], fitting, kind="sheet")]
    if len(fitting) < len(met):
        blocks.append(Paragraph(f"{len(met) - len(fitting)} more are met: `bvn explain`."))
    if answer.presumed:
        number = words.count(len(answer.presumed), "exclusion")
        blocks.append(Paragraph(Styled(f"{number} clear because nobody mentions them (presumed).", "dim")))
    return Page(
        kicker="One page before a decision",
        title=result(answer),
        is_result=True,
        tab=f"{evaluation.policy}: {draft.case.title}",
        head=[
            ("Case", draft.case.title),
            *([("Hypothetical", Styled(draft.case.hypothetical, "open"))] if draft.case.hypothetical else []),
            ("Request", words.request(draft.case, library.vocabulary)),
            ("Policy", words.revision(evaluation.revision)),
            ("Governs", letters.determination(draft)),
            ("Readings", words.readings(evaluation)),
            *quoted.note(library, evaluation.revision),
        ],
        blocks=blocks,
        notice=words.NOTICE,
    )


def result(answer: OnePage) -> str:
    """The verdict and how much bears on it, on one line."""
    asked = answer.draft.request
    evaluation, count = asked.evaluation, len(answer.draft.reasons)
    name = evaluation.policy
    if evaluation.verdict is Verdict.DENY:
        way = words.count(count, "criterion stands", "criteria stand")
        then = f"; {asked.then.verdict.value} from {asked.ready.isoformat()}" if asked.then and asked.ready else ""
        return f"deny under {name}: {way} in the way{then}"
    if evaluation.verdict is Verdict.PEND:
        return f"pend under {name}: {words.count(len(asked.needs), 'thing is', 'things are')} still needed"
    if evaluation.verdict is Verdict.SILENT:
        return f"silent under {name}: the source does not address this request"
    return f"approve under {name}: every criterion holds"


def _row(library: Library, answer: OnePage, each: Reason) -> list[Text | list[Text]]:
    told = letters.slots(library, answer.draft, each)
    line = each.line
    judgement = any(library.vocabulary.facts[f.slot.fact].judgement for f in line.facts if f.is_open)
    lines: list[Text] = [Styled(line.entry.text, "strong")]
    lines += quoted.lines(library, answer.draft.request.evaluation.revision, line.entry.id)
    lines += [f"{name}: {told[key]}" for name, key in _SLOTS.items()]
    return [words.status(line, judgement), line.entry.place, lines]


_SLOTS = {"on record": "The record", "falls short": "Falls short", "would change it": "Would change it"}


def _facts(library: Library, line: Line) -> list[Text]:
    return list(words.facts(line.facts, library.vocabulary, True, line.excludes))


def _fitting(rows: list[list[Text | list[Text]]], most: int) -> list[list[Text | list[Text]]]:
    """The first rows that fit; at least one."""
    used = 0
    found: list[list[Text | list[Text]]] = []
    for row in rows:
        used += sum(len(str(text)) + 40 for cell in row for text in (cell if isinstance(cell, list) else [cell]))
        if found and used > most:
            break
        found.append(row)
    return found
