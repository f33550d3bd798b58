"""Where a plan is stricter and where looser: for people, and as data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.render import witness as shown
from bvn_asp.render import words
from bvn_asp.render.blocks import Block, Heading, Pairs, Paragraph, Styled, Table, Text
from bvn_asp.texts.stricter import SILENT, Relation, Strictness, Way, Ways

if TYPE_CHECKING:
    from bvn_asp.render import shapes

NOTICE = (
    "What the encoded criteria say of facts on record. Whether a difference is allowed is a question for counsel"
    " (42 CFR 422.101(b)(6)), not for this page."
)


def page(library: Library, answer: Strictness) -> list[Block]:
    """Both directions, each way with its witness, the base patient and the proof."""
    plan, governing = answer.plan, answer.governing
    named = names(plan, governing)
    blocks: list[Block] = [
        Pairs(
            [
                ("Plan", words.revision(plan)),
                ("Governs", words.revision(governing)),
                ("Readings", readings((plan, governing), answer.readings)),
            ]
        ),
        Heading(f"RESULT  {result(answer)}"),
    ]
    for title, each in (
        (f"Where {named[0]} is stricter than {named[1]}", answer.stricter),
        (f"Where {named[0]} is looser than {named[1]}", answer.looser),
    ):
        blocks += _direction(library, title, each)
    base = answer.stricter.base or answer.looser.base
    who = "both approve" if base and len(base.approved_by) == 2 else "one of them approves (none is approved by both)"
    blocks += shown.base(library, base, who)
    complete = answer.stricter.complete and answer.looser.complete
    claim = "These are all the smallest ways." if complete else "Truncated: there are more ways than are listed."
    blocks += shown.proof(answer.extent, (plan, governing), claim)
    blocks += [Paragraph(Styled(NOTICE, "dim")), Paragraph(Styled(_summary(answer), "strong"))]
    return blocks


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


def _direction(library: Library, title: str, ways: Ways) -> list[Block]:
    if not ways.ways:
        return [Heading(title), Paragraph(Styled("Nowhere.", "good"))]
    rows: list[list[Text | Sequence[Text]]] = []
    for units, listed in groupby(ways.ways, key=lambda way: way.units):
        asked = [*_asked(ways.refuses, units), *_counts(ways, units)]
        rows.append([_places(ways.refuses, units), [*asked, *_said(library, listed)]])
    count = f"{words.count(len(ways.ways), 'way')}{'' if ways.complete else ', truncated'}"
    return [Heading(f"{title}: {count}"), Table([], rows)]


def _places(revision: Revision, units: Iterable[str]) -> list[Text]:
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


def _counts(ways: Ways, units: Sequence[str]) -> list[Text]:
    """How many of a group's parts both sides ask for, where they ask for different numbers."""
    topics = shown.topics(ways.refuses, units)
    sides = []
    for name, revision in zip(names(ways.refuses, ways.approves), (ways.refuses, ways.approves), strict=True):
        own = units if revision is ways.refuses else [e.id for e in revision.rules.entries if set(e.topics) & topics]
        sides.append((name, shown.counts(revision, own)))
    if sides[0][1] == sides[1][1]:
        return []
    return [Styled("; ".join(f"{name}: {text or 'no such count'}" for name, text in sides), "dim")]


def _said(library: Library, ways: Iterable[Way]) -> list[Text]:
    lines: list[Text] = []
    for way in ways:
        lines.append(Styled(f"refused: {shown.said(library, way.witness)}", "bad"))
        also = shown.besides(library, way.witness)
        if also:
            lines.append(Styled(f"with this on record too: {also}", "dim"))
    return lines


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


def data(library: Library, answer: Strictness) -> shapes.StricterAnswer:
    """Schema stricter/1."""
    return {
        "schema": "stricter/1",
        "notice": NOTICE,
        "plan": shown.edition_data(answer.plan, answer.readings[0]),
        "governing": shown.edition_data(answer.governing, answer.readings[1]),
        "relation": answer.relation.value,
        "stricter": _ways_data(library, answer.stricter),
        "looser": _ways_data(library, answer.looser),
        "base": shown.base_data(library, answer.stricter.base or answer.looser.base),
        "extent": shown.extent_data(answer.extent),
    }


def _ways_data(library: Library, ways: Ways) -> shapes.StricterWays:
    return {
        "complete": ways.complete,
        "ways": [
            {
                "criteria": list(way.units),
                "places": [str(each) for each in _places(ways.refuses, way.units)],
                "facts": list(way.facts),
                "witness": shown.witness_data(library, way.witness),
            }
            for way in ways.ways
        ],
    }
