"""The request for information, for the one who sends it and for the one who answers it; and as data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bvn_asp.cases.evaluate import Evaluation, Verdict
from bvn_asp.model.library import Library
from bvn_asp.model.vocabulary import Slot
from bvn_asp.papers.request import InformationRequest, Need, Wait
from bvn_asp.render import words
from bvn_asp.render.blocks import Block, Bullets, Heading, Page, Paragraph, Styled, Text


def page(library: Library, answer: InformationRequest) -> Page:
    """What to send, document by document; what is on file and not enough; what waits."""
    evaluation = answer.evaluation
    blocks: list[Block] = [Paragraph(each) for each in _why(answer)]
    short, piles = answer.short, answer.piles
    if short:
        blocks += [Heading("On file, and not enough"), Bullets([_short(library, answer, each) for each in short])]
    for pile, listed in piles:
        title = pile[:1].upper() + pile[1:]
        last = " (sensitive: only if it still matters)" if listed[0].sensitive else ""
        blocks += [Heading(f"{title}{last}"), Bullets([_asked(library, answer, each) for each in listed])]
    if answer.waits:
        blocks += [Heading("Waits"), Bullets([waits(library, evaluation, each) for each in answer.waits])]
    return sheet(library, answer, "request for information", blocks)


def sheet(library: Library, answer: InformationRequest, name: str, blocks: list[Block]) -> Page:
    """The page of what is still needed, by the name of the paper: how much it is, of whom, under which policy."""
    return Page(
        kicker=f"A {name}",
        title=result(answer),
        is_result=True,
        tab=f"{name}: {answer.case.title}",
        head=[
            ("Case", answer.case.title),
            ("Request", words.request(answer.case, library.vocabulary)),
            ("Policy", words.revision(answer.evaluation.revision)),
        ],
        blocks=blocks,
        notice=words.NOTICE,
    )


def result(answer: InformationRequest) -> str:
    """How much is needed, on one line."""
    evaluation, count = answer.evaluation, len(answer.needs)
    kind = evaluation.verdict.value
    wait = f"{kind} until {answer.ready.isoformat()}" if answer.ready and evaluation.verdict is Verdict.DENY else ""
    if count:
        asked = f"{words.count(count, 'thing is', 'things are')} asked for"
        return f"{wait or kind}: {asked}" + (" by then" if wait else "")
    if wait and answer.then is not None:
        return f"{wait}, and {answer.then.verdict.value} from that day; nothing is to be sent"
    if evaluation.verdict is Verdict.DENY:
        return "deny: nothing that could be sent changes this"
    return f"{kind}: nothing is to be sent"


def _why(answer: InformationRequest) -> Iterable[Text]:
    evaluation = answer.evaluation
    if not answer.needs and evaluation.verdict is Verdict.DENY and answer.then is None:
        for name in evaluation.blamed:
            entry = evaluation.revision.entries[name]
            yield f"In the way: {entry.place}: {entry.text}."
        yield "What else could be done, `bvn repair` says; what may be contested, `bvn letter --for appeal`."
    if answer.jointly:
        yield "No one of these decides alone; several together do."
    elif answer.needs and any(not each.required for each in answer.needs):
        yield "What is marked “required” must be answered; of the rest, enough to meet the criteria named beside it."


def places(evaluation: Evaluation, entries: Iterable[str]) -> str:
    """Where some criteria stand: `Indications 3, 4a`."""
    return ", ".join(dict.fromkeys(evaluation.revision.entries[each].place for each in entries))


def _tail(answer: InformationRequest, each: Need) -> str:
    where = places(answer.evaluation, each.entries)
    parts = [where] if where else []
    parts += _of_several(answer, each.entries)
    parts += ["required"] if each.required else []
    return f" [{'; '.join(parts)}]" if parts else ""


def limits(library: Library, each: Need) -> str:
    """What the criteria ask of a fact, where its name alone does not say so."""
    pairs = [(words.asked_of(read, library.vocabulary), excludes) for read, excludes in each.reads]
    found = [f"{'excluded' if excludes else 'asked'}: {said}" for said, excludes in pairs if said]
    return "; ".join(dict.fromkeys(found))


def named(slots: Sequence[Slot]) -> str:
    """Slots of one fact: `modic L4 L5`, `care (physical therapy, chiropractic)`."""
    members = [each.member.replace("_", " ") for each in slots]
    if any(" " in each or len(each) > 5 for each in members):
        return f"{slots[0].fact.replace('_', ' ')} ({', '.join(members)})"
    return words.slots(slots)


def _of_several(answer: InformationRequest, entries: Iterable[str]) -> list[str]:
    """Of groups in which enough will do, how many are met and how many are needed."""
    lines = {line.entry.id: line for line in answer.explanation.lines}
    parents = dict.fromkeys(lines[each].entry.parent for each in entries)
    return [
        f"{lines[each].entry.need} of {lines[each].parts} needed, {lines[each].have} met"
        for each in parents
        if each in lines and lines[each].entry.kind == "at_least"
    ]


def _asked(library: Library, answer: InformationRequest, each: Need) -> Text:
    question = words.question(library.vocabulary, answer.case, each.slots[0], each.raised_by)
    asks = limits(library, each)
    asks = f" {asks[:1].upper()}{asks[1:]}." if asks else ""
    request = library.vocabulary.request
    which = each.slots[0].fact == request.members and answer.case.unnamed(library.vocabulary)
    return f"{request.many if which else named(each.slots)}: {question}{asks}{_tail(answer, each)}"


def _short(library: Library, answer: InformationRequest, each: Need) -> Text:
    said = words.on_record(answer.case, each.slots[0]) or "recorded"
    asks = limits(library, each)
    text = f"{named(each.slots)}: {said}{f'; {asks}' if asks else ''}{_tail(answer, each)}"
    return Styled(text, "open")


def waits(library: Library, evaluation: Evaluation, each: Wait) -> Text:
    """One thing that only needs time, with the day from which it will do."""
    said = words.evidence(each.read.record)
    asks = words.asked_of(each.read, library.vocabulary, limits_only=True)
    source = f" ({said})" if said else ""
    where = evaluation.revision.entries[each.entry].place
    name = words.slot(each.read.slot)
    return f"{name}: {each.read.record}{source}; asked: {asks}; from {each.since.isoformat()} [{where}]"
