"""The draft of a letter, its five slots filled from data, what a person must decide left as marked blanks."""

from __future__ import annotations

from collections.abc import Sequence

from bvn_asp.cases.evaluate import Status, Verdict
from bvn_asp.cases.explain import FactLine, Line
from bvn_asp.cases.standing import Standing
from bvn_asp.model.library import Library
from bvn_asp.model.vocabulary import Slot
from bvn_asp.papers.letter import Letter, Purpose, Reason, deciding, touches
from bvn_asp.render import governs as governing
from bvn_asp.render import quoted, words
from bvn_asp.render import repair as repairs
from bvn_asp.render import request as requests
from bvn_asp.render import stricter as strictness
from bvn_asp.render import witness as shown
from bvn_asp.render.blocks import Block, Bullets, Heading, Page, Pairs, Paragraph, Styled, Text
from bvn_asp.repairs.moves import Move
from bvn_asp.routing.claims import known_as
from bvn_asp.texts.stricter import Way

TITLES = {
    Purpose.REQUEST: "Request for additional information",
    Purpose.ADVERSE: "Notice of an adverse determination",
    Purpose.APPEAL: "Appeal of an adverse determination",
}
DRAFT = (
    "DRAFT, not a decision. It says what the encoded criteria say of the facts recorded. An adverse decision is a"
    " clinician's, who has looked at this person's own record; nobody may send this draft as one."
)
MOST_WAYS = 12
CONTESTS = {
    "second_judgement": "a second judgement on",
    "addendum": "an addendum on",
    "work_up": "a work-up of",
}


def blank(what: str) -> str:
    """Something that a person must fill in."""
    return f"[________ {what}]"


def page(library: Library, answer: Letter) -> Page:
    """The draft, from its address to its signature."""
    evaluation, purpose = answer.request.evaluation, answer.purpose
    blocks: list[Block] = [
        Paragraph(Styled(DRAFT, "strong")),
        Pairs(_address(library, answer)),
        Heading("What the criteria say"),
        *(Paragraph(each) for each in _result(answer)),
    ]
    for number, each in enumerate(answer.reasons, 1):
        entry = each.line.entry
        blocks += [Heading(f"{number}. {entry.place}: {entry.text}"), Pairs(_slots(library, answer, each))]
    if answer.others:
        items: list[Text] = [f"{each.entry.place}: {each.entry.text}" for each in answer.others]
        blocks += [Heading("Open as well, and no reason for a denial"), Bullets(items)]
    if purpose is Purpose.APPEAL:
        blocks += _appeal(library, answer)
    blocks += _close(answer)
    return Page(
        kicker="A draft",
        title=f"DRAFT: {TITLES[purpose]}",
        tab=f"draft: {TITLES[purpose].lower()}",
        head=[],
        blocks=blocks,
        notice=f"{words.NOTICE} Prepared by a rules engine: {evaluation.revision.name}.",
    )


def _address(library: Library, answer: Letter) -> list[tuple[str, Text]]:
    evaluation = answer.request.evaluation
    revision = evaluation.revision
    rows: list[tuple[str, Text]] = [
        ("To", blank("name and address")),
        ("From", blank("plan, office or provider")),
        ("Date", blank("date of this letter")),
        ("Person", blank("name, member number, date of birth")),
        ("Reference", blank("number of the request or decision")),
        ("Case", answer.case.title),
        ("Requested", words.request(answer.case, library.vocabulary)),
        ("Policy", words.revision(evaluation.revision)),
        ("Its source", "; ".join([revision.source, words.mark(revision), words.in_force(revision)])),
        ("Determination", determination(answer)),
    ]
    rows += quoted.note(library, revision)
    if (read := words.readings(evaluation)) != "default":
        rows.append(("Readings", read))
    return rows


def _governs_itself(answer: Letter) -> bool:
    found = answer.governance.governing() if answer.governance else ()
    return set(found) == {answer.request.evaluation.policy}


def determination(answer: Letter) -> str:
    """Which determination governs, and by what rule; a blank where that is not known."""
    evaluation, governance = answer.request.evaluation, answer.governance
    names = list(dict.fromkeys(governance.governing())) if governance else []
    if answer.governing is not None:
        rule = next(each.rule for each in governance.standings if each.policy == names[0]) if governance else None
        return f"{words.revision(answer.governing)} governs, by {rule.place if rule else ''}"
    if names == [evaluation.policy] and governance is not None:
        rule = next(each.rule for each in governance.standings if each.policy == names[0])
        return f"this policy governs, by {rule.place}"
    found = f" ({governing.summary(governance)})" if governance is not None else ""
    return f"{blank('which determination governs')}{found}"


def _result(answer: Letter) -> list[Text]:
    evaluation = answer.request.evaluation
    kind, purpose = evaluation.verdict, answer.purpose
    said: list[Text] = []
    against = sum(each.line.status is not Status.UNDETERMINED for each in answer.reasons)
    undecided = len(answer.reasons) - against
    told = {
        Verdict.APPROVE: "On the facts recorded every criterion of the policy is met.",
        Verdict.DENY: "On the facts recorded the policy does not approve, whatever else is documented.",
        Verdict.PEND: "On the facts recorded the policy neither approves nor denies: it is undetermined.",
        Verdict.SILENT: "The policy does not address this request.",
    }
    said.append(told[kind])
    if answer.reasons:
        parts = [f"{words.count(against, 'criterion speaks', 'criteria speak')} against"] if against else []
        parts += [f"{words.count(undecided, 'criterion is', 'criteria are')} open"] if undecided else []
        said.append(f"{' and '.join(parts)}, told below one by one.")
    if purpose is Purpose.ADVERSE and kind is not Verdict.DENY:
        said.append(Styled("These criteria give no ground for an adverse decision on this record.", "open"))
    if purpose is Purpose.REQUEST and kind is Verdict.DENY:
        said.append(Styled(requests.result(answer.request).capitalize() + ".", "open"))
    if answer.request.ready and answer.request.then is not None:
        then = answer.request.then.verdict.value
        said.append(f"From {answer.request.ready.isoformat()}, when nothing waits any more: {then}.")
    if purpose is not Purpose.APPEAL:
        said += [f"Read otherwise: {each}" for each in words.hinges(evaluation)]
    return said


def _slots(library: Library, answer: Letter, each: Reason) -> list[tuple[str, Text]]:
    """The five things, and behind the first the source's own words where the user has them."""
    (name, criterion), *others = slots(library, answer, each).items()
    source = quoted.lines(library, answer.request.evaluation.revision, each.line.entry.id)
    words_of = [("Its words", "; ".join(map(str, source)))] if source else []
    return [(name, criterion), *words_of, *others]


def slots(library: Library, answer: Letter, each: Reason) -> dict[str, str]:
    """The five things that are said of a criterion, each a text that is never empty."""
    line, revision = each.line, answer.request.evaluation.revision
    kind = "Excludes" if line.excludes else "Asks"
    group = ""
    if each.within is not None:
        within = each.within
        need = within.entry.need or 1
        group = f"; one of {within.parts} of {within.entry.place}, {need} needed, {within.have} met"
    return {
        "Criterion": f"{kind}: {line.entry.text} ({', '.join([line.entry.place, *line.entry.also])}){group}",
        "The record": _record(library, line),
        "Falls short": _short(library, line),
        "Would change it": _change(library, answer, each),
        "Comes from": _source(answer, each, revision.source),
    }


def _grouped(pairs: Sequence[tuple[FactLine, str]]) -> str:
    """Facts with what is said of each, slots of one fact with the same words together."""
    said: dict[tuple[str, str], list[Slot]] = {}
    for each, text in pairs:
        said.setdefault((each.slot.fact, text), []).append(each.slot)
    return "; ".join(f"{requests.named(listed)}: {text}" for (_, text), listed in said.items())


def _record(library: Library, line: Line) -> str:
    if line.entry.is_group:
        return f"{line.have} of {line.parts} parts are met, {line.may} are open"
    told = deciding(library, line) if line.status is not Status.UNDETERMINED else line.facts
    pairs = []
    for each in told or line.facts:
        if each.record is not None and each.record.value is None:
            text = f"contradicts itself: {words.conflict(each.record)}"
        elif each.record is not None:
            text = f"{each.record} ({words.evidence(each.record) or 'no document named'})"
        elif each.counted is not None:
            text = f"{len(each.counted)}{f' ({chr(32).join(each.counted)})' if each.counted else ''}"
        elif each.presumed is not None:
            continue
        elif words.follows(line.facts, line.status is not Status.UNDETERMINED):
            text = words.following(each.raised_by)
        else:
            text = "nothing on record"
            text += f"; raised by {words.raised_by(each.raised_by)}" if each.raised_by else ""
        pairs.append((each, text))
    return _grouped(pairs) or "the request itself"


def _short(library: Library, line: Line) -> str:
    """The value against the limit."""
    stands = "open" if line.status is Status.UNDETERMINED else "present" if line.excludes else "not met"
    if line.entry.is_group:
        return f"{line.have} met, {line.entry.need or line.parts} needed ({stands})"
    verb = "excluded" if line.excludes else "asked"
    told = deciding(library, line) if line.status is not Status.UNDETERMINED else ()
    pairs = []
    for fact in told or line.facts:
        asked = words.asked_of(fact, library.vocabulary, limits_only=line.excludes)
        wanted = f"; {verb}: {asked}" if asked else ""
        if fact.standing is Standing.CONFLICT:
            pairs.append((fact, f"the values do not agree{wanted}"))
        elif fact.standing is Standing.SHORT:
            pairs.append((fact, f"{fact.record} does not settle it{wanted}"))
        elif fact.standing is Standing.SILENT:
            pairs.append((fact, f"the report on file does not say{wanted}"))
        elif words.follows(line.facts, line.status is not Status.UNDETERMINED):
            pairs.append((fact, f"it follows{wanted}"))
        elif fact.standing is Standing.MISSING:
            pairs.append((fact, f"not on record{wanted}"))
        elif fact.standing is Standing.KNOWN:
            pairs.append((fact, f"{fact.record}{wanted}"))
        elif fact.counted is not None:
            pairs.append((fact, f"{len(fact.counted)}{wanted}"))
    return f"{_grouped(pairs) or 'as requested'} ({stands})"


def _change(library: Library, answer: Letter, each: Reason) -> str:
    said = []
    for need in each.needs:
        wrong = f" (against approval: {need.against})" if need.against else ""
        asks = requests.limits(library, need)
        read = {fact.slot for fact in each.line.facts}
        own = [slot for slot in need.slots if slot in read] or need.slots
        if need.standing is Standing.CONFLICT:
            said.append(f"{words.ADDENDA[need.standing]} {requests.named(own)} is right{wrong}")
            continue
        silent = need.standing is Standing.SILENT
        pile = f"{words.ADDENDA[need.standing]} to the {need.document}" if silent else need.document
        said.append(f"{pile}: {requests.named(own)}{f', {asks}' if asks else ''}{wrong}")
    for wait in each.waits:
        said.append(f"time: {words.slot(wait.read.slot)} holds from {wait.since.isoformat()}")
    waited = {wait.read.slot for wait in each.waits}
    if not said:
        said += [_move(move) for move in each.moves if move.slot not in waited]
    if said:
        return "; or ".join(dict.fromkeys(said)) if each.line.status is not Status.UNDETERMINED else "; ".join(said)
    ground = []
    by_way: dict[tuple[str, str], list[Slot]] = {}
    for slot in (*each.judgements, *each.records):
        contest = library.vocabulary.facts[slot.fact].contest
        if contest is not None:
            by_way.setdefault((contest.kind, contest.whom), []).append(slot)
        elif slot in each.judgements:
            by_way.setdefault(("second_judgement", blank("whose")), []).append(slot)
    for (kind, whom), contested in by_way.items():
        ground.append(f"{CONTESTS[kind]} {words.some_slots(contested)}, by {whom}")
    mistaken = [slot for slot in each.records if library.vocabulary.facts[slot.fact].contest is None]
    if mistaken:
        ground.append(f"a corrected record of {words.some_slots(mistaken)}, if it is wrong")
    raised = [slot for fact in each.line.facts for slot in fact.raised_by]
    if raised and not ground and words.follows(each.line.facts, each.line.status is not Status.UNDETERMINED):
        return f"what it follows from: {words.some_slots(list(dict.fromkeys(raised)))}"
    none = "no document, treatment or time that is known here"
    return f"{none}; it can be contested by {' or '.join(ground)}" if ground else none


def _move(move: Move) -> str:
    detail = repairs.detail(move)
    return repairs.named(move) + (f" ({detail})" if detail else "")


def _source(answer: Letter, each: Reason, source: str) -> str:
    revision, entry = answer.request.evaluation.revision, each.line.entry
    parts = [f"{words.revision(revision)}, {entry.place} ({source})"]
    parts += [f"it cites {entry.citations}"] if entry.citations else []
    mark = revision.mark(entry)
    parts += [f"its text was not read: {words.MARKS[mark]}"] if mark != "primary" else []
    if answer.governing is not None:
        name = answer.governing.policy.id
        found = [f"{under.place}: {under.text}" for under in each.under]
        parts.append(f"{name} says on this: {'; '.join(found)}" if found else f"{name} has no criterion on this")
    else:
        parts.append("it governs itself" if _governs_itself(answer) else blank("its determination"))
    return "; ".join(parts)


def _appeal(library: Library, answer: Letter) -> list[Block]:
    revision = answer.request.evaluation.revision
    blocks: list[Block] = []
    if answer.strictness is not None and answer.governing is not None:
        proved = answer.strictness.stricter
        name = answer.governing.policy.id
        blocks.append(Heading(f"Where {revision.policy.id} is stricter than {name}, which governs"))
        if not proved.ways:
            sure = "proved" if proved.complete else "as far as was searched"
            blocks.append(Paragraph(f"Nowhere: whom {name} approves, this policy does not refuse ({sure})."))
        else:
            near = [way for way in answer.ways if touches(revision, answer.reasons, way)]
            far = [way for way in answer.ways if way not in near]
            rows: list[Text] = [f"on a criterion above: {_way(library, answer, way)}" for way in near[:MOST_WAYS]]
            rows += [_way(library, answer, way) for way in far[: max(0, MOST_WAYS - len(rows))]]
            left = len(answer.ways) - len(rows)
            rows += [f"and {left} more: `bvn stricter {revision.policy.id} {name}`"] if left else []
            sure = "these are all" if proved.complete else "truncated: there are more"
            note = f"Proved, by a patient for each; {sure}. {strictness.NOTICE}"
            blocks += [Bullets(rows), Paragraph(Styled(note, "dim"))]
    if answer.claims:
        claimed: list[Text] = [
            f"{known_as(library, each.document)}, {each.place}, says: {each.says} {each.verdict}: {each.why}"
            for each in answer.claims
        ]
        blocks += [Heading("Claims about this source that its text does not bear out"), Bullets(claimed)]
    contested = may_be_contested(library, answer)
    if contested:
        blocks += [Heading("What may be contested"), Bullets(contested)]
    return blocks


def _way(library: Library, answer: Letter, way: Way) -> str:
    revision = answer.request.evaluation.revision
    where = "; ".join(
        f"{revision.entries[unit].place}: {revision.entries[unit].text}"
        if unit in revision.entries
        else "does not address the request"
        for unit in way.units
    )
    return f"{where}. Refused although the determination approves: {shown.said(library, way.witness)}"


def may_be_contested(library: Library, answer: Letter) -> list[Text]:
    """What another person, another record or another reading could change."""
    said = repairs.contest_line(answer.repairs)
    rows: list[Text] = [said] if said else []
    for each in answer.reasons:
        place = each.line.entry.place
        for slot in each.judgements:
            record = answer.case.get(slot)
            source = words.evidence(record) or "whose is not on record"
            rows.append(f"{place}: {words.slot(slot)}, {record}, is a judgement ({source})")
        for slot in each.records:
            record = answer.case.get(slot)
            document = library.vocabulary.facts[slot.fact].document
            source = words.evidence(record) or "no document named"
            rows.append(f"{place}: {words.slot(slot)}, {record}, if the {document or 'record'} is wrong ({source})")
        for fact in each.line.facts:
            if fact.standing is Standing.CONFLICT and fact.record is not None:
                both = words.conflict(fact.record)
                rows.append(f"{place}: {words.slot(fact.slot)}: {both}; an addendum can say which")
    rows += [f"how the text is read: {each}" for each in words.hinges(answer.request.evaluation)]
    return list(dict.fromkeys(rows))


def _close(answer: Letter) -> list[Block]:
    rows: list[Text] = []
    if answer.purpose is Purpose.REQUEST:
        rows = [blank("by when, and where to send it"), blank("whom to call")]
    elif answer.purpose is Purpose.ADVERSE:
        rows = [
            blank("the clinician's decision, and how this person's own circumstances were weighed"),
            blank("rights of appeal, with both procedures and their days"),
            blank("how to get the criteria and the record free of charge"),
            blank("whom to call for a talk between physicians"),
        ]
    else:
        rows = [
            blank("the decision that is appealed, its date and the reason it gave"),
            blank("what the treating clinician says of this person"),
            blank("what is attached"),
        ]
    who = "clinician who decides" if answer.purpose is Purpose.ADVERSE else "person who signs"
    return [
        Heading("To be decided and filled in by a person"),
        Bullets(rows),
        Pairs([("Signature", blank(f"the {who}: name, licence, specialty")), ("Date", blank("date"))]),
    ]
