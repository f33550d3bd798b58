"""What is left to ask of a case, for people and as data."""

from __future__ import annotations

from collections.abc import Sequence

from bvn_asp.cases.ask import Question, Questions
from bvn_asp.cases.standing import standing_of_open
from bvn_asp.model.library import Library
from bvn_asp.model.vocabulary import Slot
from bvn_asp.render import words
from bvn_asp.render.blocks import Block, Bullets, Heading, Pairs, Paragraph, Styled, Table, Text


def wording(library: Library, slot: Slot, answer: Questions | None = None) -> str:
    """The question for a person, with the member it is about, and with what on record raised it."""
    known = library.vocabulary.facts[slot.fact]
    text = known.ask or known.about
    if answer is not None:
        text = words.question(library.vocabulary, answer.case, slot, answer.raised.get(slot, ()))
    if not slot.member:
        return text
    about = library.vocabulary.indexes[known.per].members.get(slot.member) or slot.member
    label = slot.member if known.per == library.vocabulary.asked.name else f"{slot.member.replace('_', ' ')}: {about}"
    also = answer.case.tied_to(slot)[1:] if answer is not None else ()
    return f"{text} [{' and '.join([label, *(each.member for each in also)])}]{words.as_one(also)}"


def page(library: Library, answer: Questions) -> list[Block]:
    """The questions that are left, the best one first, and what no longer matters."""
    said = [f"{name}: {each.verdict.value}" for name, each in zip(answer.policies, answer.evaluations, strict=True)]
    blocks: list[Block] = [
        Pairs(
            [
                ("Case", answer.case.title),
                ("Request", words.request(answer.case, library.vocabulary)),
                ("Now", ", ".join(said)),
            ]
        ),
        Heading(result(answer)),
    ]
    if answer.next:
        blocks.append(Paragraph(Styled(best(library, answer, answer.next), "strong")))
    for kind, title in words.OPEN_TITLES.items():
        listed = [each for each in answer.open if standing_of_open(answer.case, each.slot) is kind]
        if listed:
            blocks.append(Heading(f"{title}, and it can still change a verdict"))
            for document, pile in _piles(library, answer, listed).items():
                blocks += [Paragraph(Styled(document, "strong")), Table([], _rows(library, answer, pile))]
    if answer.settled:
        blocks += [Heading("Not on record, and it no longer matters"), Bullets(_settled(answer))]
    blocks.append(Paragraph(Styled(words.NOTICE, "dim")))
    return blocks


def best(library: Library, answer: Questions, each: Question) -> str:
    """The best question with its document, and what is left to ask after it."""
    request = library.vocabulary.request
    if each.slot.fact == request.members and answer.case.unnamed(library.vocabulary):
        return f"Best asked first. {words.question(library.vocabulary, answer.case, each.slot)}"
    others = len(each.together) - 1
    also = f", which may answer {words.count(others, 'more question', 'more questions')}" if others > 0 else ""
    left = ""
    if each.leaves is not None and each.likely is not None:
        usual = round(float(each.likely))
        left = f" As charts usually read, {words.count(usual, 'question')} will be left"
        left += f", {each.leaves} at most." if each.leaves > usual else "."
    return f"Best asked next, from {each.document}{also}. {wording(library, each.slot, answer)}{left}"


def result(answer: Questions) -> str:
    """The answer on one line."""
    if answer.decided:
        return "RESULT  nothing is left to ask: every verdict is decided"
    facts = words.count(len(answer.open), "open fact")
    if answer.jointly:
        return f"RESULT  {facts} can change the verdict only together"
    return f"RESULT  {facts} can still change {'the verdict' if len(answer.policies) == 1 else 'a verdict'}"


def _piles(library: Library, answer: Questions, listed: Sequence[Question]) -> dict[str, list[Question]]:
    """Questions by document, that of the best question first, then in the order in which an office keeps them."""
    papers = library.vocabulary.papers
    first = answer.next.document if answer.next else ""
    found: dict[str, list[Question]] = {}
    for each in sorted(listed, key=lambda each: (each.document != first, papers.place(each.document))):
        found.setdefault(each.document, []).append(each)
    return found


def _rows(library: Library, answer: Questions, listed: Sequence[Question]) -> list[list[Text | Sequence[Text]]]:
    """One row for each fact; members of an index with the same answers share it."""
    found: dict[tuple[str, tuple[str, ...], str, tuple[Slot, ...]], list[Question]] = {}
    for each in listed:
        said = words.on_record(answer.case, each.slot)
        found.setdefault((each.slot.fact, tuple(map(str, each.answers)), said, each.also), []).append(each)
    rows: list[list[Text | Sequence[Text]]] = []
    for (_, answers, said, also), alike in found.items():
        policies = list(dict.fromkeys(policy for each in alike for policy in each.policies))
        raising = tuple(dict.fromkeys(by for each in alike for by in answer.raised.get(each.slot, ())))
        asked = words.question(library.vocabulary, answer.case, alike[0].slot, raising)
        asked += words.as_one(also)
        lines: list[Text] = [Styled(said, "open")] if said else []
        lines += [asked, Styled(" / ".join(answers), "dim")]
        if len(answer.policies) > 1:
            lines.append(Styled("for " + ", ".join(policies), "dim"))
        rows.append([words.slots([*(each.slot for each in alike), *also]), lines])
    return rows


def _settled(answer: Questions) -> list[Text]:
    found: dict[tuple[Slot, ...], list[Slot]] = {}
    for each in answer.settled:
        found.setdefault(each.by, []).append(each.slot)
    presumed = {slot for each in answer.evaluations for slot in each.presumed}
    items: list[Text] = []
    with_presumed: list[str] = []
    for by, slots in found.items():
        if by and set(by) <= presumed:
            with_presumed += [slot.fact.replace("_", " ") for slot in slots]
        elif by:
            reasons = ", ".join(words.recorded(answer.case, slot) for slot in by)
            items.append(f"{words.slots(slots)}: settled by {reasons}")
    if with_presumed:
        listed = ", ".join(dict.fromkeys(with_presumed))
        why = "no verdict can turn on it while the exclusions that nobody mentions are taken as absent"
        items.append(Styled(f"{listed}: {why}", "dim"))
    mattering = {slot.fact for by, slots in found.items() if by for slot in slots} | {q.slot.fact for q in answer.open}
    never = dict.fromkeys(slot.fact.replace("_", " ") for slot in found.get((), ()) if slot.fact not in mattering)
    if never:
        items.append(Styled(f"{', '.join(never)}: nothing hangs on it as the texts are read", "dim"))
    return items
