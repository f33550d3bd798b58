"""A letter in plain language, for the person it is about: short sentences, filled from the same data as the draft."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bvn_asp.cases.evaluate import Status, Verdict
from bvn_asp.cases.explain import FactLine, Line
from bvn_asp.cases.standing import Standing
from bvn_asp.model.library import Library
from bvn_asp.papers.letter import Letter, Purpose, Reason, deciding
from bvn_asp.papers.request import Need
from bvn_asp.render import quoted, words
from bvn_asp.render import repair as repairs
from bvn_asp.render.blocks import Block, Bullets, Heading, Page, Pairs, Paragraph, Styled, Text
from bvn_asp.render.letter import blank
from bvn_asp.repairs.moves import Move

TITLES = {
    Purpose.REQUEST: "We need to know more about your request",
    Purpose.ADVERSE: "About your request",
    Purpose.APPEAL: "Please look at this request again",
}
DRAFT = (
    "This is a DRAFT. It is not a decision. A program filled it in from the facts on record. Only a clinician may say"
    " no to a request, and must look at this person's own record first. Do not send it as it is."
)
NOTICE = "These are what the rules say of the facts on record. This is not a coverage decision."
_RESULTS = {
    Verdict.APPROVE: "With the facts on record, every rule is met.",
    Verdict.DENY: "With the facts on record, the rules do not allow it.",
    Verdict.PEND: "The facts on record do not tell yet if the rules allow it.",
    Verdict.SILENT: "The rules say nothing about this request.",
}
_WHY = {
    Purpose.REQUEST: "This letter lists what is missing, and who may have it.",
    Purpose.ADVERSE: "This letter tells you which rules stand in the way, and why.",
    Purpose.APPEAL: "This letter says why we do not agree.",
}
_MOST = 12


def page(library: Library, answer: Letter) -> Page:
    """The letter, from its address to its signature, with the hard words explained at its end."""
    blocks: list[Block] = [
        Paragraph(Styled(DRAFT, "strong")),
        Pairs(_address(library, answer)),
        Heading("In short"),
        *(Paragraph(each) for each in _short(library, answer)),
    ]
    for number, each in enumerate(answer.reasons, 1):
        blocks += [Heading(f"{number}. {_sentence(each.line.entry.text, '')}"), *_reason(library, answer, each)]
    if answer.others:
        listed: list[Text] = [_sentence(each.entry.text) for each in answer.others[:_MOST]]
        more = len(answer.others) - len(listed)
        listed += [f"And {more} more."] if more else []
        blocks += [Heading("What is also not known yet"), Paragraph("These are no reason to say no."), Bullets(listed)]
    if answer.purpose is Purpose.APPEAL:
        blocks += _appeal(library, answer)
    blocks += _close(answer)
    blocks += _meanings(library, blocks)
    return Page(
        kicker="A draft in plain language",
        title=f"DRAFT: {TITLES[answer.purpose]}",
        tab=f"draft: {TITLES[answer.purpose].lower()}",
        head=[],
        blocks=blocks,
        notice=NOTICE,
    )


def _address(library: Library, answer: Letter) -> list[tuple[str, Text]]:
    request, revision = library.vocabulary.request, answer.request.evaluation.revision
    rows: list[tuple[str, Text]] = [
        ("To", blank("name and address")),
        ("From", blank("who writes this")),
        ("Date", blank("date")),
        ("About", blank("name, member number, number of the request")),
        ("Asked for", request.procedure or "what was asked for"),
        ("Details", words.request(answer.case, library.vocabulary)),
        ("Rules used", f"{revision.policy.title}, by {revision.policy.publisher}, {_edition(answer)}"),
    ]
    return rows + quoted.note(library, revision)


def _edition(answer: Letter) -> str:
    revision = answer.request.evaluation.revision
    return f"version {revision.version}" if revision.version else f"edition {revision.id}"


def _short(library: Library, answer: Letter) -> Iterator[Text]:
    evaluation, asked = answer.request.evaluation, answer.request
    yield f"{_RESULTS[evaluation.verdict]} {_WHY[answer.purpose]}"
    against = sum(each.line.status is not Status.UNDETERMINED for each in answer.reasons)
    undecided = len(answer.reasons) - against
    if against:
        yield f"{words.count(against, 'rule is', 'rules are')} not met. You find {_them(against)} below."
    if undecided:
        rules = words.count(undecided, "rule")
        yield f"For {rules} something is missing or not clear. You find {_them(undecided)} below."
    if answer.purpose is Purpose.ADVERSE and evaluation.verdict is not Verdict.DENY:
        yield Styled("The rules give no reason to say no.", "open")
    if asked.ready and asked.then is not None:
        then = _RESULTS[asked.then.verdict]
        yield f"Some of it only needs time. From {asked.ready.isoformat()} on nothing has to wait. Then: {then}"


def _them(number: int) -> str:
    return "it" if number == 1 else "them"


def _reason(library: Library, answer: Letter, each: Reason) -> Iterator[Block]:
    line, revision = each.line, answer.request.evaluation.revision
    rows: list[tuple[str, Text]] = [("The rule", _rule(each))]
    source = quoted.lines(library, revision, line.entry.id)
    if source:
        rows.append(("Its own words", "; ".join(map(str, source))))
    rows += _rows("On record", _record(library, answer, line))
    rows += _rows("What can help", _help(library, answer, each))
    rows.append(("Where it stands", ", ".join([line.entry.place, *line.entry.also]) + "."))
    yield Pairs(rows)


def _rows(label: str, said: Iterable[str]) -> list[tuple[str, Text]]:
    return [(label if number == 0 else "", text) for number, text in enumerate(dict.fromkeys(said))]


def _rule(each: Reason) -> str:
    if each.line.excludes:
        said = "The rules do not allow the treatment if this is so."
    else:
        said = "The rules ask for this."
    if each.within is not None:
        within = each.within
        need = within.entry.need or 1
        said += f" It is one of {within.parts} points. At least {need} must be met."
        said += f" So far {within.have} {_is(within.have)}."
    return said


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _record(library: Library, answer: Letter, line: Line) -> Iterator[str]:
    """Question and answer for every fact that decides, or is open; and why that is not enough."""
    if line.entry.is_group:
        yield f"{line.have} of {line.parts} points are met."
        return
    told = deciding(library, line) if line.status is not Status.UNDETERMINED else ()
    pairs: list[tuple[FactLine, str]] = []
    for fact in told or line.facts:
        if fact.presumed is None or fact.raised_by:
            pairs.append((fact, _answered(library, line, fact)))
    said: dict[tuple[str, str], list[FactLine]] = {}
    for fact, text in pairs:
        said.setdefault((_question(library, answer, fact), text), []).append(fact)
    for (question, text), facts in said.items():
        members = [fact.slot.member.replace("_", " ") for fact in facts if fact.slot.member]
        where = f" ({', '.join(members)})" if members else ""
        yield f"{question}{where} {text}"
    if not said:
        yield "It follows from the request."


def _question(library: Library, answer: Letter, fact: FactLine) -> str:
    asked = words.question(library.vocabulary, answer.case, fact.slot, fact.raised_by)
    return asked if library.vocabulary.facts[fact.slot.fact].ask else _sentence(asked, ":")


def _answered(library: Library, line: Line, fact: FactLine) -> str:
    asked = words.asked_of(fact, library.vocabulary, limits_only=line.excludes)
    wanted = f" The rules {'say no at' if line.excludes else 'ask for'}: {asked}." if asked else ""
    if fact.standing is Standing.CONFLICT and fact.record is not None:
        return f"The record says two things: {words.conflict(fact.record)}.{wanted}"
    if fact.record is not None:
        source = words.evidence(fact.record)
        found = f"The record says: {fact.record}{f' ({source})' if source else ''}."
        return found + (" That does not say enough." if fact.standing is Standing.SHORT else "") + wanted
    if fact.counted is not None:
        return f"The request makes it {len(fact.counted)}.{wanted}"
    if words.follows(line.facts, line.status is not Status.UNDETERMINED):
        found = words.some_slots(fact.raised_by)
        return f"The answer follows from the rest of the record{f': {found}' if found else ''}.{wanted}"
    return f"Nothing on record says so.{wanted}"


def _help(library: Library, answer: Letter, each: Reason) -> Iterator[str]:
    read = {fact.slot for fact in each.line.facts}
    found = False
    for need in each.needs:
        found = True
        yield _send(need, [slot for slot in need.slots if slot in read] or list(need.slots))
    for wait in each.waits:
        found = True
        yield f"Time. From {wait.since.isoformat()} on it is long enough."
    waited = {wait.read.slot for wait in each.waits}
    moves = [] if found else [move for move in each.moves if move.slot not in waited]
    if moves:
        found = True
        yield from _moves(library, moves)
    if each.judgements and not found:
        yield "Another doctor may see this in another way. You can ask for a second look."
    if each.records and not found:
        yield "If the record is wrong, ask for it to be put right."
    derived = words.follows(each.line.facts, each.line.status is not Status.UNDETERMINED)
    if not found and derived:
        yield "It follows from another point. If that one changes, this one may change too."
    elif not found and not each.judgements and not each.records:
        yield "We know of no paper, care or time that would change this."


_MOVES = {
    "document": "It would help if a record says so: {}.",
    "addendum": "It would help if a doctor added to the report, so that it says: {}.",
    "precaution": "It would help if this was taken care of: {}.",
    "request": "It would help if the request was changed: {}.",
    "treat": "It would help if care led to this: {}.",
    "wait": "It would help to wait for this: {}.",
}


def _moves(library: Library, moves: Sequence[Move]) -> Iterator[str]:
    """What could be done, members of one fact together."""
    alike: dict[tuple[str, str, str], list[Move]] = {}
    for move in moves:
        about = move.slot.fact if not move.asks else repairs.target(move)
        alike.setdefault((repairs.kind_of(move), about, str(move.new)), []).append(move)
    for (kind, about, new), found in alike.items():
        members = [each.slot.member.replace("_", " ") for each in found if each.slot.member]
        said = about
        if not found[0].asks:
            where = f" ({', '.join(members)})" if members else ""
            said = f"{library.vocabulary.facts[about].about}{where}: {new}"
        yield _MOVES.get(kind, "It would help: {}.").format(said)


def _send(need: Need, slots: Sequence[object]) -> str:
    if need.standing is Standing.CONFLICT:
        return "Ask the doctor to write which of the two is right."
    more = " This is needed." if need.required else ""
    return f"Send this if you have it: {need.document}. It should answer the question above.{more}"


def _appeal(library: Library, answer: Letter) -> list[Block]:
    revision = answer.request.evaluation.revision
    blocks: list[Block] = []
    if answer.governing is not None and answer.ways:
        own: list[str] = []
        for way in answer.ways:
            own += [_sentence(revision.entries[unit].text) for unit in way.units if unit in revision.entries]
        listed: list[Text] = []
        listed += list(dict.fromkeys(own))[:_MOST]
        said = (
            f"Medicare has rules of its own here: {answer.governing.policy.title}. They allow some people whom this"
            " plan's rules do not. These points of the plan's rules are stricter:"
        )
        blocks += [Heading("Where these rules ask for more than Medicare does"), Paragraph(said), Bullets(listed)]
    return blocks


def _close(answer: Letter) -> list[Block]:
    rows: list[Text]
    if answer.purpose is Purpose.REQUEST:
        rows = [blank("by which day, and where to send it"), blank("whom to call with a question")]
    elif answer.purpose is Purpose.ADVERSE:
        rows = [
            blank("what the clinician decided, and why for this person"),
            blank("how to ask for a new look, and by which day"),
            blank("how to get the rules and the record for free"),
            blank("whom to call with a question"),
        ]
    else:
        rows = [
            blank("which decision this is about, and its date"),
            blank("what the treating doctor says"),
            blank("what comes with this letter"),
        ]
    who = "clinician who decides" if answer.purpose is Purpose.ADVERSE else "person who signs"
    return [
        Heading("What a person must still fill in"),
        Bullets(rows),
        Pairs([("Signed", blank(f"the {who}")), ("Date", blank("date"))]),
    ]


def _meanings(library: Library, blocks: Sequence[Block]) -> list[Block]:
    """The hard words of the letter, as the vocabulary explains them."""
    from bvn_asp.render.text import to_text

    text = to_text(blocks, 10_000).casefold()
    found: list[Text] = [
        _sentence(f"{word}: {meaning}")
        for word, meaning in library.vocabulary.papers.meanings.items()
        if re.search(rf"\b{re.escape(word.casefold())}s?\b", text)
    ]
    return [Heading("What some words mean"), Bullets(found)] if found else []


def _sentence(text: str, end: str = ".") -> str:
    """A phrase as a sentence."""
    return f"{text[:1].upper()}{text[1:]}".rstrip(".") + end
