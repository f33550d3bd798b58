"""Witnesses, base patients and the extent of a proof: for people, and as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.model.outline import is_exclusion
from bvn_asp.model.policy import Revision
from bvn_asp.model.quantity import SIGNS, describe
from bvn_asp.model.vocabulary import Slot, term
from bvn_asp.render.blocks import Block, Bullets, Heading, Paragraph, Styled
from bvn_asp.texts.witness import Base, Departure, Extent, Witness

_IS = {"is": "", "is not": "not "}


def said(library: Library, witness: Witness) -> str:
    """Where a witness departs from the base patient, as a phrase: `age: 18 years`."""
    phrases: dict[tuple[str, str], list[Slot]] = {}
    members = library.vocabulary.request.members
    for each in witness.departures:
        if each.slot.fact == members:
            continue
        phrases.setdefault((each.slot.fact, turns(library, each)), []).append(each.slot)
    moved = any(each.slot.fact == members for each in witness.departures)
    asked = _asked(library, witness.case) if moved else []
    return "; ".join([*asked, *(f"{named(slots)}: {value}" for (_, value), slots in phrases.items())])


def named(slots: Sequence[Slot]) -> str:
    """Slots of one fact as words: `slip (A, B)`."""
    members = [each.member.replace("_", " ") for each in slots if each.member]
    fact = slots[0].fact.replace("_", " ")
    return f"{fact} ({', '.join(members)})" if members else fact


def _asked(library: Library, case: Case) -> list[str]:
    """The members that a case asks for, as a phrase."""
    return [f"{library.vocabulary.request.many} requested: {' '.join(case.requested(library.vocabulary))}"]


def turns(library: Library, each: Departure) -> str:
    """The values of a departure on which policies part so, as words."""
    fact = library.vocabulary.facts[each.slot.fact]
    if each.cells:
        return describe(each.cells, fact.low, fact.high)
    listed = [value.replace("_", " ") for value in each.values]
    return " or ".join(listed) if len(listed) <= 3 else f"{each.value}, or {len(listed) - 1} other values"


def besides(library: Library, witness: Witness) -> str:
    """What has to be on record besides for the verdicts to be decided."""
    return _recorded(witness.case, witness.besides)


def _recorded(case: Case, slots: Iterable[Slot]) -> str:
    phrases: dict[tuple[str, str], list[Slot]] = {}
    for slot in slots:
        phrases.setdefault((slot.fact, str(case.by_slot[slot])), []).append(slot)
    return "; ".join(f"{named(listed)}: {value}" for (_, value), listed in phrases.items())


def base(library: Library, each: Base | None, who: str = "") -> list[Block]:
    """The patient from whom witnesses depart; of two texts it need not be said who approves her."""
    if each is None:
        return []
    of_two = "both approve" if len(each.approved_by) == 2 else "one of them approves (none is approved by both)"
    who = who or of_two
    vocabulary = library.vocabulary
    asked = _asked(library, each.case) if each.case.requested(vocabulary) else []
    rest = _recorded(each.case, [r.slot for r in each.case.records if r.slot.fact != vocabulary.request.members])
    return [
        Heading(f"The patient from whom they depart: the plainest one whom {who}"),
        Paragraph(Styled("; ".join([*asked, rest]) + "; nothing else mentioned.", "dim")),
    ]


def proof(extent: Extent, revisions: Sequence[Revision], claim: str) -> list[Block]:
    """Over what a claim is proved."""
    patients = f"{extent.patients:.0e}".replace("e+", "e") if extent.patients > 10**6 else str(extent.patients)
    text = (
        f"{claim} Searched to the end over every complete case of the vocabulary: the {extent.facts} facts that either"
        f" text reads, in {extent.slots} places, {patients} combinations of values, numbers cut at the limits of both."
    )
    blocks: list[Block] = [Paragraph(Styled(text, "dim"))]
    if extent.impossible:
        blocks += [
            Paragraph(Styled("Left out, since no patient can be so:", "dim")),
            Bullets([Styled(each, "dim") for each in extent.impossible]),
        ]
    for seat in extent.vacuous:
        name = revisions[seat].name
        said = f"{name} approves nobody, or everybody: little is said by comparing it."
        blocks.append(Paragraph(Styled(said, "open")))
    return blocks


def limits(revision: Revision, entries: Iterable[str]) -> str:
    """The limits that some entries, and those below them, hold the record against as the text is read by default."""
    found: dict[str, None] = {}

    def walk(entry: str) -> None:
        kind = revision.entries[entry]
        if kind.kind == "at_least":
            found[f"{kind.need} of {len(revision.parts.get(entry, ()))}"] = None
        for read in revision.reads_by_default(entry):
            found.update({f"{SIGNS[operator]} {text}": None for operator, text in read.tests if operator in SIGNS})
        for part in revision.parts.get(entry, ()):
            walk(part.id)

    for each in entries:
        walk(each)
    return ", ".join(sorted(found))


def kinds(revision: Revision, entries: Iterable[str], chosen: Mapping[str, str]) -> list[str]:
    """For each group below some entries that asks for a number of its parts: the parts, by what meets them."""
    readings = frozenset((term(name), term(option)) for name, option in chosen.items())
    found: dict[tuple[str, str], list[str]] = {}

    def met_by(entry: str) -> str:
        reads = (read.under(readings) for read in revision.rules.reads.get(entry, ()))
        tests = [f"{_IS[op]}{text}" for read in reads if read for op, text in read.tests if op in _IS]
        return " or ".join(dict.fromkeys(tests)).replace("_", " ")

    def walk(entry: str) -> None:
        parts = revision.parts.get(entry, ())
        if revision.entries[entry].kind == "at_least":
            for part in parts:
                listed = found.setdefault((entry, met_by(part.id)), [])
                listed += [part.text] if part.text not in listed else []
        for part in parts:
            walk(part.id)

    for each in entries:
        walk(each)
    return [(f", if {how}: " if how else ": ") + "; ".join(texts) for (_, how), texts in found.items()]


def excluded(revision: Revision, entry: str) -> bool:
    """Whether an entry is an exclusion."""
    return is_exclusion(revision, entry)


def topics(revision: Revision, entries: Iterable[str]) -> set[str]:
    """What some entries, and the entries below them, are about."""
    found: set[str] = set()
    for entry in entries:
        if entry in revision.entries:
            found |= set(revision.entries[entry].topics)
            found |= topics(revision, [part.id for part in revision.parts.get(entry, ())])
    return found
