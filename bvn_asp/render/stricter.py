"""Where a plan is stricter and where looser: as blocks, and as data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.render import witness as shown
from bvn_asp.render import words
from bvn_asp.render.blocks import Block, Card, Cards, Page, Paragraph, Section, Styled, Text
from bvn_asp.render.lines import number_line
from bvn_asp.texts.atlas import differing
from bvn_asp.texts.stricter import SILENT, Relation, Strictness, Way, Ways

NOTICE = (
    "What the encoded criteria say of facts on record. Whether a difference is allowed is a question for counsel"
    " (42 CFR 422.101(b)(6)), not for this page."
)


def page(library: Library, answer: Strictness) -> Page:
    """Both directions, each way with its witness, the base patient, the number lines and the proof."""
    plan, governing = answer.plan, answer.governing
    one, other = names(plan, governing)
    complete = answer.stricter.complete and answer.looser.complete
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
            _direction(library, "stricter", answer.stricter, (one, other)),
            _direction(library, "looser", answer.looser, (one, other)),
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


def _direction(library: Library, word: str, ways: Ways, named: tuple[str, str]) -> Section:
    number = f"{words.count(len(ways.ways), 'way')}{'' if ways.complete else ', truncated'}" if ways.ways else "nowhere"
    title = f"Where {named[0]} is {word} than {named[1]}: {number}"
    refuses, approves = names(ways.refuses, ways.approves)
    blocks: list[Block] = [Paragraph(Styled("Nobody whom one approves is refused by the other.", "good"))]
    if ways.ways:
        grouped = groupby(ways.ways, key=lambda way: way.units)
        blocks = [
            Paragraph(Styled(f"{refuses} refuses these patients, {approves} approves them.", "dim")),
            Cards([_card(library, ways, units, listed) for units, listed in grouped]),
        ]
    return Section(title, word, blocks, nav=word.capitalize())


def _card(library: Library, ways: Ways, units: Sequence[str], listed: Iterable[Way]) -> Card:
    lines = [*_limits(ways, units), *(line for way in listed for line in _said(library, way))]
    return Card(places(ways.refuses, units), _asked(ways.refuses, units), lines)


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
