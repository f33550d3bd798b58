"""The ledger of claims, and a case as a document claims the world to be: pages and data."""

from __future__ import annotations

from collections.abc import Sequence

from bvn_asp.cases.claimed import Claimed, Side
from bvn_asp.cases.evaluate import Evaluation
from bvn_asp.model.library import Library
from bvn_asp.model.outline import is_exclusion
from bvn_asp.render import words
from bvn_asp.render.blocks import Block, Bullets, Heading, Pairs, Paragraph, Styled, Table, Text
from bvn_asp.routing.claims import VERDICTS, Claim, known_as

_STYLES = {
    "supported": "good",
    "contradicted": "bad",
    "misapplied": "bad",
    "partly": "open",
    "cannot be checked": "open",
}


def ledger(library: Library, found: Sequence[Claim], source: str | None) -> list[Block]:
    """The claims, document by document."""
    blocks: list[Block] = []
    for document in dict.fromkeys(each.document for each in found):
        rows: list[list[Text | Sequence[Text]]] = []
        for each in found:
            if each.document == document:
                rows.append([Styled(each.verdict, _STYLES.get(each.verdict, "dim")), _claim(library, each)])
        policy = next((each for each in library.policies.values() if each.document == document), None)
        name = known_as(library, document)
        title = f"{name[:1].upper()}{name[1:]}" + (f" (document {document}): {policy.title}" if policy else "")
        blocks += [Heading(title), Table(["text says", "claim"], rows)]
    counts = [f"{sum(each.verdict == kind for each in found)} {kind}" for kind in VERDICTS]
    counted = ", ".join(each for each in counts if not each.startswith("0 "))
    what = f" by or about {source}" if source else ""
    text = f"{words.count(len(found), 'claim')}{what}{': ' if counted else ''}{counted}"
    blocks.append(Paragraph(Styled(text, "strong")))
    return blocks


def _claim(library: Library, each: Claim) -> list[Text]:
    about = f" [about {each.about}]" if each.about else ""
    lines: list[Text] = [f"{each.says}{about}", Styled(f"{each.id}: {each.place}", "dim"), each.why]
    if each.stance is not None:
        reading = library.policies[each.stance.policy].readings[each.stance.reading]
        told = f"what hangs on it: {each.stance}"
        if reading.default != each.stance.option:
            told += f"; by default {reading.default}"
        lines.append(Styled(told, "open"))
    return lines


# -- a case as claimed --------------------------------------------------------------------------


def claimed(library: Library, answer: Claimed) -> list[Block]:
    """The verdicts as the texts have them beside those as a document claims; then which moved, and by what reading."""
    blocks: list[Block] = [
        Pairs([("Case", answer.case.title), ("Request", words.request(answer.case, library.vocabulary))])
    ]
    rows: list[list[Text | Sequence[Text]]] = []
    for i, each in enumerate(answer.evaluations):
        columns = [_moving(each, side.evaluations[i]) for side in answer.sides]
        rows.append([each.policy, words.verdict(each.verdict), *columns])
    heads = ["as claimed" if len(answer.sides) == 1 else _where(side) for side in answer.sides]
    blocks.append(Table(["policy", "default", *heads], rows))
    for side in answer.sides:
        blocks += _side(library, answer, side)
    moved = {old.policy for side in answer.sides for old, _ in answer.moved(side)}
    name = known_as(library, answer.document)
    summary = f"as {name} claims: {words.count(len(moved), 'verdict moves', 'verdicts move')}"
    if moved:
        summary += f" ({', '.join(e.policy for e in answer.evaluations if e.policy in moved)})"
    return [*blocks, Paragraph(Styled(words.NOTICE, "dim")), Paragraph(Styled(summary, "strong"))]


def _moving(old: Evaluation, new: Evaluation) -> Text:
    shown = words.verdict(new.verdict)
    return shown if new.verdict is old.verdict else Styled(f"{shown.text}, moves", shown.style)


def _named(library: Library, side: Side) -> str:
    """A side as a reader outside of this project knows the document, and where in it."""
    number, _, where = side.name.partition(", ")
    return known_as(library, number) + (f", {where}" if where else "")


def _where(side: Side) -> str:
    """Where in itself a document that contradicts itself claims one side."""
    return side.name.partition(", ")[2]


def _side(library: Library, answer: Claimed, side: Side) -> list[Block]:
    blocks: list[Block] = []
    moves: list[Text] = [
        f"{old.policy}: {old.verdict.value} becomes {new.verdict.value}{_because(new)}{_by(side, old)}"
        for old, new in answer.moved(side)
    ]
    if moves:
        blocks += [Heading(f"What moves, as {_named(library, side)} claims"), Bullets(moves)]
    items: list[Text] = []
    for each in side.stances:
        reading = library.policies[each.policy].readings[each.reading]
        option, default = reading.option(each.option), reading.option(reading.default)
        support = f" [{option.support}]" if option and option.support else ""
        items.append(
            f"{each}: {option.says if option else ''}{support}; by default {reading.default}:"
            f" {default.says if default else ''}"
        )
    if items:
        blocks += [Heading(f"What {_named(library, side)} claims, where the default is another"), Bullets(items)]
    else:
        blocks.append(Paragraph(f"Nothing that {side.name} claims is read otherwise here by default."))
    return blocks


def _by(side: Side, old: Evaluation) -> str:
    movers = [f"{each.reading}={each.option}" for each in side.movers[old.policy]]
    return "; moved by " + (" or by ".join(movers) if movers else "its readings together")


def _because(new: Evaluation) -> str:
    told = []
    for each in new.blamed:
        entry = new.revision.entries[each]
        lack = "present" if is_exclusion(new.revision, each) else "lacking"
        told.append(f"{lack}: {entry.text} [{entry.place}]")
    if told:
        return "; " + "; ".join(told)
    return f"; open: {words.some_slots(new.open)}" if new.open else ""
