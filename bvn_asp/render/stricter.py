"""Where a plan is stricter and where looser: as blocks, and as data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.render import witness as shown
from bvn_asp.render import words
from bvn_asp.render.blocks import Block, Card, Cards, Page, Paragraph, Section, Styled, Text
from bvn_asp.render.lines import number_line
from bvn_asp.texts.atlas import differing
from bvn_asp.texts.stricter import SILENT, Relation, Strictness, Way, Ways

Chosen = dict[str, str]  # reading id to option
NOTICE = (
    "What the encoded criteria say of facts on record. Whether a difference is allowed is a question for counsel"
    " (42 CFR 422.101(b)(6)), not for this page."
)


def page(library: Library, answer: Strictness) -> Page:
    """Both directions, each way with its witness, the base patient, the number lines and the proof."""
    plan, governing = answer.plan, answer.governing
    one, other = names(plan, governing)
    complete = all(each.complete and each.covered for each in (answer.stricter, answer.looser))
    claim = "These are all the smallest ways." if complete else "Truncated: there are more ways than are listed."
    return Page(
        kicker="A plan against the policy that governs",
        title=result(answer),
        is_result=True,
        tab=f"{one} against {other}",
        head=[
            ("Plan", words.revision(plan)),
            ("Governs", words.revision(governing)),
            ("Readings", readings((plan, governing), answer.readings)),
        ],
        tally=[
            (len(answer.stricter.ways), Styled("stricter", "bad")),
            (len(answer.looser.ways), Styled("looser", "good")),
        ],
        blocks=[
            _direction(library, "stricter", answer.stricter, (one, other), answer.readings),
            _direction(library, "looser", answer.looser, (one, other), answer.readings[::-1]),
            *_gates(answer),
            *shown.base(library, answer.stricter.base or answer.looser.base),
            *number_lines(library, (plan, governing), answer.readings),
        ],
        foot=shown.proof(answer.extent, (plan, governing), claim),
        notice=NOTICE,
        summary=_summary(answer),
    )


def names(one: Revision, other: Revision) -> tuple[str, str]:
    """What to call two texts: their policies, or their editions if they are of one policy."""
    same = one.policy.id == other.policy.id
    return (one.name, other.name) if same else (one.policy.id, other.policy.id)


def result(answer: Strictness) -> str:
    """The relation in words."""
    return {
        Relation.EQUIVALENT: "equivalent: the same patients are approved",
        Relation.STRICTER: "stricter: the plan refuses patients whom the governing policy approves, and adds none",
        Relation.LOOSER: "looser: the plan refuses nobody whom the governing policy approves, and approves more",
        Relation.NEITHER: "stricter in some places, looser in others",
    }[answer.relation]


def _direction(library: Library, word: str, ways: Ways, named: tuple[str, str], chosen: Sequence[Chosen]) -> Section:
    number = f"{words.count(len(ways.ways), 'way')}{'' if ways.complete else ', truncated'}" if ways.ways else "nowhere"
    title = f"Where {named[0]} is {word} than {named[1]}: {number}"
    refuses, approves = names(ways.refuses, ways.approves)
    blocks: list[Block] = [Paragraph(Styled("Nobody whom one approves is refused by the other.", "good"))]
    if ways.ways:
        listed: dict[tuple[str, ...], list[Way]] = {}
        for way in (*ways.ways, *ways.others):
            listed.setdefault(way.units, []).append(way)
        blocks = [
            Paragraph(Styled(f"{refuses} refuses these patients, {approves} approves them.", "dim")),
            Cards([_card(library, ways, units, each, chosen) for units, each in listed.items()]),
        ]
        if not ways.covered:
            blocks.append(Paragraph(Styled("Truncated: other patients than these are refused, too.", "open")))
    return Section(title, word, blocks, nav=word.capitalize())


def _card(
    library: Library, ways: Ways, units: Sequence[str], listed: Iterable[Way], chosen: Sequence[Chosen]
) -> Card:
    lines = [*_limits(ways, units), *_kinds(ways, units, chosen)]
    lines += [line for way in listed for line in _said(library, way)]
    return Card(places(ways.refuses, units), _asked(ways.refuses, units), lines)


def _gates(answer: Strictness) -> list[Block]:
    """What a reading that is not in force would have either text ask besides."""
    if not answer.gates:
        return []
    cards = []
    for gate in answer.gates:
        entry, revision = gate.revision.entries[gate.unit], gate.revision
        name = names(answer.plan, answer.governing)[gate.of_governing]
        excludes = "excluded: " if shown.excluded(revision, gate.unit) else ""
        lines: list[Text] = [Styled(f"asked by {name} only under another reading:", "dim")]
        lines += [
            Styled(f"{revision.policy.id}:{reading.id}={option.name}: {option.says}", "open")
            for reading, option in gate.unless
        ]
        cards.append(Card([entry.place], [f"{excludes}{entry.text}"], lines))
    about = "Under each of these readings it refuses somebody whom the other text approves."
    return [Section("Not asked as read now", "gates", [Paragraph(Styled(about, "dim")), Cards(cards)], nav="Readings")]


def places(revision: Revision, units: Iterable[str]) -> list[Text]:
    """Where the criteria of a way stand."""
    return [revision.entries[unit].place if unit in revision.entries else "not addressed" for unit in units]


def _asked(revision: Revision, units: Iterable[str]) -> list[Text]:
    found: list[Text] = []
    for unit in units:
        if unit == SILENT:
            found.append("the policy does not address the request")
            continue
        entry = revision.entries[unit]
        excludes = "excluded: " if shown.excluded(revision, unit) else ""
        found.append(f"{excludes}{entry.text}")
    return found


def _limits(ways: Ways, units: Sequence[str]) -> list[Text]:
    """The limits and counts that both sides ask for, where they ask for different ones."""
    topics = shown.topics(ways.refuses, units)
    across = [each.id for each in ways.approves.rules.entries if set(each.topics) & topics]
    own = [unit for unit in units if unit in ways.refuses.entries]
    sides = [shown.limits(ways.refuses, own), shown.limits(ways.approves, across)]
    if sides[0] == sides[1]:
        return []
    named = zip(names(ways.refuses, ways.approves), sides, strict=True)
    return [Styled("; ".join(f"{name}: {text or 'no limit'}" for name, text in named), "dim")]


def _kinds(ways: Ways, units: Sequence[str], chosen: Sequence[Chosen]) -> list[Text]:
    """Which kinds each side counts, and with what on record, where one of them asks for some number of kinds."""
    topics = shown.topics(ways.refuses, units)
    across = [each.id for each in ways.approves.rules.entries if set(each.topics) & topics]
    own = [unit for unit in units if unit in ways.refuses.entries]
    sides = [shown.kinds(ways.refuses, own, chosen[0]), shown.kinds(ways.approves, across, chosen[1])]
    if not sides[0]:
        return []
    named = zip(names(ways.refuses, ways.approves), sides, strict=True)
    return [Styled(f"{name} counts{text}", "dim") for name, side in named for text in side]


def _said(library: Library, way: Way) -> list[Text]:
    also = shown.besides(library, way.witness)
    more = [Styled(f"with this on record too: {also}", "dim")] if also else []
    return [Styled(f"refused: {shown.said(library, way.witness)}", "bad"), *more]


def number_lines(
    library: Library, revisions: tuple[Revision, Revision], chosen: tuple[dict[str, str], dict[str, str]]
) -> list[Block]:
    """The number lines on which two texts differ."""
    lines = [number_line(library, each) for each in differing(library, revisions, chosen)]
    about = (
        "The bar is what a patient can have whom the text approves; a full end belongs to it, a hollow one does not."
        " Not to scale."
    )
    title = "Number lines on which they differ"
    return [Section(title, "lines", lines, nav="Number lines", about=about)] if lines else []


def readings(revisions: Sequence[Revision], chosen: Sequence[dict[str, str]]) -> str:
    """Which readings are not the default ones."""
    found = []
    for revision, options in zip(revisions, chosen, strict=True):
        default = {each.id: each.default for each in revision.readings}
        found += [f"{revision.policy.id}:{i}={o}" for i, o in options.items() if o != default[i]]
    return ", ".join(dict.fromkeys(found)) or "default"


def _summary(answer: Strictness) -> str:
    stricter, looser = len(answer.stricter.ways), len(answer.looser.ways)
    one, other = names(answer.plan, answer.governing)
    return (
        f"{one} against {other}:"
        f" stricter in {words.count(stricter, 'way')}, looser in {words.count(looser, 'way')}"
    )
