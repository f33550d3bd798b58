"""A policy: a source's criteria, its dated revisions, and the ways its text can be read."""

from __future__ import annotations

import datetime
import hashlib
from functools import cached_property
from pathlib import Path
from typing import TypedDict

from bvn_asp.classes import dataclass, field
from bvn_asp.errors import Fault, InputError, Place, did_you_mean
from bvn_asp.model.reader import read_rules
from bvn_asp.model.rules import Entry, Read, Rules
from bvn_asp.model.vocabulary import Vocabulary, term

KINDS = ("coverage", "guideline", "evidence", "opinion")
SUPPORT = ("supported", "contradicted", "cannot be checked", "misapplied")
DATED = ("printed", "snapshot", "seen", "assumed")


@dataclass(frozen=True)
class Option:
    """One way to read a passage.

    Attributes:
        claimed_by: who reads it so, where that is contested.
        support: whether primary text bears the claim out.
        aside: why the option is not considered when asking what a verdict hangs on; empty if it is.
    """

    name: str
    says: str
    claimed_by: str = ""
    support: str = ""
    aside: str = ""


@dataclass(frozen=True)
class Reading:
    """A passage that can be read in several ways, or a contested claim about the source.

    Attributes:
        default: the name of the option that stands unless another is chosen.
        name: what rules and people may call it besides its id; empty if it has no other name.
        why: why the default is the one closest to the words.
    """

    id: str
    place: str
    question: str
    default: str
    options: tuple[Option, ...]
    why: str = ""
    contested: bool = False
    name: str = ""

    @property
    def term(self) -> str:
        return term(self.id)

    def called(self, name: str) -> bool:
        """Whether a word names this reading: its id or its name, in capitals or not, with `-` or `_`."""
        return term(name) in {self.term, term(self.name or self.id)}

    def option(self, name: str) -> Option | None:
        """The option of that name, written with `-` or `_`; None if there is none."""
        return next((each for each in self.options if term(each.name) == term(name)), None)


@dataclass(frozen=True)
class Applies:
    """Whom a policy binds: lines of business, states, and whom it insures; empty means any."""

    lines: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    insurers: tuple[str, ...] = ()


class Dates(TypedDict):
    """What is known of an edition's first day; days as ISO dates."""

    effective: str | None
    dated: str
    seen: str | None
    after: str | None


@dataclass(frozen=True)
class Revision:
    """One dated edition of a policy.

    Attributes:
        id: its date or version, as the key in `policy.yaml`.
        path: its file of rules; None if the text is known of but not encoded.
        effective: its first day; None if nobody here knows it.
        until: its last day.
        dated: how its first day is known, or what is known instead: printed in it, in a dated snapshot of where it is
            published, only seen in force on a day, or assumed; empty if nothing is said.
        seen: a day on which it was in force, where its first day is not known.
        after: a day on which it was not yet in force, where its first day is not known.
        not_encoded: why there is no file.
    """

    policy: Policy = field(repr=False, compare=False)
    id: str
    version: str = ""
    path: Path | None = None
    effective: datetime.date | None = None
    until: datetime.date | None = None
    dated: str = ""
    seen: datetime.date | None = None
    after: datetime.date | None = None
    source: str = ""
    url: str = ""
    not_encoded: str = ""
    note: str = ""

    @cached_property
    def rules(self) -> Rules:
        """The rules; reading them is put off until they are asked for."""
        assert self.path is not None
        names = {term(each.name): each.term for each in self.policy.readings.values() if each.name}
        rules = read_rules(self.path, self.policy.vocabulary, names=names)
        self._check_readings(rules)
        self._check_presume(rules)
        return rules

    @cached_property
    def never_presumed(self) -> frozenset[str]:
        """The facts that the policy has documented: all that the entries marked `presume: never` read."""
        reads = self.rules.reads
        return frozenset(read.fact for entry in self.policy.never for read in reads.get(entry, ()))

    @property
    def name(self) -> str:
        return f"{self.policy.id}@{self.id}"

    @property
    def dates(self) -> Dates:
        """What is known of its first day, as records and JSON have it."""
        effective, seen, after = (
            day.isoformat() if day else None for day in (self.effective, self.seen, self.after)
        )
        return {"effective": effective, "dated": self.dated, "seen": seen, "after": after}

    @property
    def earliest(self) -> datetime.date | None:
        """The first day on which it can have taken effect; None if nothing is known that would bar a day."""
        if self.effective is None and self.after is not None:
            return self.after + datetime.timedelta(days=1)
        return self.effective

    @property
    def at_latest(self) -> datetime.date | None:
        """The day on which it had taken effect for certain; None if no such day is known."""
        return self.effective or self.seen

    def begun(self, date: datetime.date, surely: bool = False) -> bool:
        """Whether it can have taken effect by a date; with `surely`, whether it had for certain."""
        if surely:
            return self.at_latest is not None and self.at_latest <= date
        return self.earliest is None or self.earliest <= date

    def in_doubt(self, date: datetime.date) -> bool:
        """Whether it is open if it had taken effect by a date, of which days around its first one tell."""
        told = self.after is not None or self.seen is not None
        return told and self.begun(date) and not self.begun(date, surely=True)

    def ended(self, date: datetime.date) -> bool:
        """Whether it was no longer in force on a date: `until` is its last day."""
        return self.until is not None and self.until < date

    @cached_property
    def key(self) -> str:
        """The hash of whose it is, where it stands, its rules and its readings: what programs are kept by.

        Its name is not: a working copy in another folder keeps it, and may say something else.
        """
        rules = self.rules
        said = (
            *(self.policy.id, str(self.path), rules.text, sorted(rules.facts), rules.limits, self.readings),
            sorted(self.policy.never),
        )
        return hashlib.sha256(repr(said).encode()).hexdigest()

    @cached_property
    def entries(self) -> dict[str, Entry]:
        return {entry.id: entry for entry in self.rules.entries}

    @cached_property
    def parts(self) -> dict[str, tuple[Entry, ...]]:
        """The entries below each group, in the order of the document; the outline's top is `root`."""
        found: dict[str, list[Entry]] = {}
        for entry in self.rules.entries:
            found.setdefault(entry.parent, []).append(entry)
        return {parent: tuple(entries) for parent, entries in found.items()}

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """The policy's readings that this revision's rules ask for."""
        asked = {identifier for identifier, _ in self.rules.readings}
        return tuple(each for each in self.policy.readings.values() if each.term in asked)

    def read_otherwise(self, entry: str) -> tuple[tuple[Reading, Option], ...]:
        """The options of other readings that change when an entry is met, in the order of its rules."""
        found: dict[tuple[str, str], tuple[Reading, Option]] = {}
        for named, chosen in self.rules.exceptions(entry):
            reading = self.policy.reading(named)
            option = reading.option(chosen) if reading else None
            if reading and option:
                found.setdefault((reading.id, option.name), (reading, option))
        return tuple(found.values())

    def reads_by_default(self, entry: str) -> tuple[Read, ...]:
        """What an entry reads of the record, as the text is read by default."""
        defaults = frozenset((each.term, term(each.default)) for each in self.readings)
        found = (read.under(defaults) for read in self.rules.reads.get(entry, ()))
        return tuple(read for read in found if read is not None)

    def mark(self, entry: Entry) -> str:
        """How the text behind an entry was seen: primary, header, secondary or claimed."""
        return entry.mark or self.policy.evidence

    def _check_presume(self, rules: Rules) -> None:
        """An entry of which nothing is presumed stands in the latest text, and reads something."""
        if self is not self.policy.latest:
            return
        known = {entry.id for entry in rules.entries}
        faults = [
            Fault(place, f"unknown entry `{entry}` under `presume:`", did_you_mean(entry, known))
            for entry, place in self.policy.never.items()
            if entry not in known
        ]
        faults += [
            Fault(place, f"`{entry}` reads nothing itself", "name the criterion, not the group around it")
            for entry, place in self.policy.never.items()
            if entry in known and not rules.reads.get(entry)
        ]
        if faults:
            raise InputError(faults)

    def _check_readings(self, rules: Rules) -> None:
        faults = []
        known = {each.term: each for each in self.policy.readings.values()}
        for (identifier, option), place in sorted(rules.asked.items()):
            reading = known.get(identifier)
            if reading is None:
                hint = did_you_mean(identifier, known, f"declare it in {self.policy.path}")
                faults.append(Fault(place, f"unknown reading `{identifier}`", hint, "unknown-reading", identifier))
            elif reading.option(option) is None:
                names = [term(each.name) for each in reading.options]
                hint = did_you_mean(option, names) or "one of " + ", ".join(names)
                said = f"`{option}` is not an option of the reading `{identifier}`"
                faults.append(Fault(place, said, hint, "unknown-reading", option))
        if faults:
            raise InputError(faults)


@dataclass(frozen=True)
class Policy:
    """A source's criteria.

    Attributes:
        evidence: how its text was seen, where an entry does not say otherwise.
        revisions: oldest first, those without a text included.
        notes: oddities that no verdict can hang on, by id.
        not_encoded: passages left out, as `(place, what, why)`.
        document: the number under which the ledger of claims knows its text as a document; or empty.
        never: the entries of which nothing is presumed, by `presume: {ENTRY: never}`, each with its place.
    """

    id: str
    title: str
    publisher: str
    kind: str
    evidence: str
    about: str
    path: str
    vocabulary: Vocabulary = field(repr=False, compare=False)
    applies: Applies | None = None
    revisions: tuple[Revision, ...] = field(default=(), repr=False)
    readings: dict[str, Reading] = field(default_factory=dict, repr=False)
    notes: dict[str, str] = field(default_factory=dict, repr=False)
    not_encoded: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)
    documents: tuple[str, ...] = ()
    document: str = ""
    never: dict[str, Place] = field(default_factory=dict, repr=False, compare=False)

    @property
    def encoded(self) -> tuple[Revision, ...]:
        return tuple(each for each in self.revisions if each.path is not None)

    def reading(self, name: str) -> Reading | None:
        """The reading of that number or name, however it is spelt; None if there is none."""
        return next((each for each in self.readings.values() if each.called(name)), None)

    @property
    def latest(self) -> Revision:
        """The newest revision that is encoded."""
        return self.encoded[-1]

    def in_force(self, date: datetime.date | None) -> Revision:
        """The encoded revision to ask on a date of service: the latest that had begun, else the oldest.

        The latest that had begun stands in for what followed even where it had `ended`, as `governs.lp` has it: an
        older one does not come back.
        """
        if date is None:
            return self.latest
        begun = [each for each in self.encoded if each.begun(date)]
        return begun[-1] if begun else self.encoded[0]
