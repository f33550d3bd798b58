"""The checklist before a submission, and a policy's blank form; and as data."""

from __future__ import annotations

from bvn_asp.model.library import Library
from bvn_asp.model.quantity import SPELT
from bvn_asp.model.vocabulary import Slot
from bvn_asp.papers.checklist import Asked, Checklist, Form
from bvn_asp.papers.request import Need
from bvn_asp.render import request as requests
from bvn_asp.render import words
from bvn_asp.render.blocks import Block, Bullets, Heading, Page, Styled, Text

HAVE, MISSING = "☑", "☐"


def page(library: Library, answer: Checklist) -> Page:
    """Have, missing, not yet; and what speaks against it, if anything does."""
    evaluation, missing = answer.missing.evaluation, answer.missing
    blocks: list[Block] = []
    if answer.against:
        rows: list[Text] = []
        for each in answer.against:
            entry = evaluation.revision.entries[each.entry]
            facts = [words.fact(f, library.vocabulary, excludes=each.excludes) for f in each.reads if f.record]
            said = "; ".join(map(str, facts))
            rows.append(Styled(f"{entry.place}: {entry.text}{f': {said}' if said else ''}", "bad"))
        blocks += [Heading("Speaks against it"), Bullets(rows)]
    if missing.needs:
        blocks += [Heading("Missing"), Bullets([_missing(library, answer, each) for each in missing.needs])]
    if missing.waits:
        waits = [requests.waits(library, evaluation, each) for each in missing.waits]
        blocks += [Heading("Not yet"), Bullets(waits)]
    if answer.have:
        blocks += [Heading("Have"), Bullets(_have(library, answer))]
    return requests.sheet(library, missing, "checklist", blocks)


def _missing(library: Library, answer: Checklist, each: Need) -> Text:
    asks = requests.limits(library, each)
    said = words.on_record(answer.case, each.slots[0])
    question = said or words.question(library.vocabulary, answer.case, each.slots[0], each.raised_by)
    extra = f" ({asks})" if asks else ""
    return Styled(f"{MISSING} {each.document}: {requests.named(each.slots)}: {question}{extra}", "open")


def _have(library: Library, answer: Checklist) -> list[Text]:
    grouped: dict[tuple[str, str, str], list[Slot]] = {}
    for each in answer.have:
        source = words.evidence(each.read.record)
        grouped.setdefault((each.read.slot.fact, str(each.read.record), source), []).append(each.read.slot)
    return [
        f"{HAVE} {requests.named(slots)}: {said} ({source or 'document not named'})"
        for (_, said, source), slots in grouped.items()
    ]


def blank(library: Library, answer: Form) -> Page:
    """The blank form: document by document, what the policy reads."""
    blocks: list[Block] = []
    for pile, listed in answer.piles:
        last = " (sensitive)" if listed[0].sensitive else ""
        title = pile[:1].upper() + pile[1:]
        blocks += [Heading(f"{title}{last}"), Bullets([_line(library, answer, each) for each in listed])]
    return Page(
        kicker="A blank form",
        title=f"What {answer.revision.policy.id} reads: {words.count(len(answer.asked), 'fact')}",
        head=[("Policy", words.revision(answer.revision)), ("Source", answer.revision.source)],
        blocks=blocks,
        notice=words.NOTICE,
    )


def asks(each: Asked) -> str:
    """The limits and values of a form's line, in words."""
    found: dict[str, None] = {}
    for operator, text, excludes in each.tests:
        if operator in SPELT:
            found[f"{'excluded: ' if excludes else ''}{SPELT[operator]} {text}"] = None
    return "; ".join(found)


def _line(library: Library, answer: Form, each: Asked) -> Text:
    fact = library.vocabulary.facts[each.fact]
    of = f" For each {library.vocabulary.indexes[fact.per].about}." if each.placed else ""
    if not each.placed and len(each.slots) > 1:
        listed = [slot.member.replace("_", " ") for slot in each.slots]
        of = f" ({', '.join(listed[:12])}{', …' if len(listed) > 12 else ''})"
    places = ", ".join(dict.fromkeys(answer.revision.entries[entry].place for entry in each.entries))
    limits = asks(each)
    return f"{MISSING} {fact.ask or fact.about}{of}{f' [{limits}]' if limits else ''} ({places})"
