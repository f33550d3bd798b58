"""Flaws that only the solver can see: over every case of the vocabulary, and every reading.

Each statement is a solve on the policy's grounded rules, so it is a proof, relative to the vocabulary and to what
`background.lp` says no patient can be. What hangs on the readings is asked under the default ones; that something is
never or always so is asked with the readings left open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from bvn_asp.classes import dataclass, replace
from bvn_asp.engine.cores import minimal_core
from bvn_asp.engine.program import Program, Seat
from bvn_asp.errors import Place, SolverError
from bvn_asp.model.clauses import Atom, Clause, Literal
from bvn_asp.model.notation import LIFTED, Pattern, pattern
from bvn_asp.model.policy import Option, Reading
from bvn_asp.model.quantity import ambiguous_order
from bvn_asp.model.rules import Entry, Rules, placed
from bvn_asp.model.vocabulary import Vocabulary
from bvn_asp.upkeep.lint.finding import Finding
from bvn_asp.upkeep.lint.text_rules import Outline, named


def meaning(
    outline: Outline, vocabulary: Vocabulary, background: Rules | None, places: Mapping[tuple[str, str], Place]
) -> Iterator[Finding]:
    """What the solver finds wrong with one revision.

    Args:
        places: where `policy.yaml` declares the readings and their options.
    """
    if outline.is_stance:
        return
    unclear = list(_unclear(outline, background))
    if unclear:
        yield from unclear
        return
    try:
        asked = _Asked(outline, vocabulary, background, places)
        yield from asked.constants()
        yield from asked.limits()
        yield from asked.rules()
        yield from asked.approval()
        yield from asked.redundancy()
        yield from asked.options()
    except SolverError as error:
        yield Finding(Place(outline.path), "not-asked", "", str(error))


def _unclear(outline: Outline, background: Rules | None) -> Iterator[Finding]:
    """Facts with two limits whose order only a calendar could tell: the solver cannot be asked at all."""
    own = outline.revision.rules.limits
    given = background.limits if background else ()
    for fact in dict.fromkeys(each.fact for each in own):
        pair = ambiguous_order(each.quantity for each in (*own, *given) if each.fact == fact)
        if pair:
            place = [each.place for each in own if each.fact == fact][-1]
            said = f"the limits {pair[0]} and {pair[1]} of `{fact}` differ only by the calendar"
            yield Finding(place, "not-asked", fact, said)


@dataclass(frozen=True)
class _Unit:
    """A condition that the verdict is made of, with the literal of its failing."""

    entry: Entry
    excludes: bool
    fails: int


class _Asked:
    def __init__(
        self,
        outline: Outline,
        vocabulary: Vocabulary,
        background: Rules | None,
        places: Mapping[tuple[str, str], Place],
    ) -> None:
        self.outline, self.revision, self.places = outline, outline.revision, places
        self.vocabulary, self.background = vocabulary, background
        self.clauses = [each for each in self.revision.rules.clauses if each.body]
        self.exceptions = [exceptions(each) for each in self.clauses]
        self.program = Program(
            vocabulary, background, [Seat(self.revision, 1, 0)], ["units", "lint"], "\n".join(self.instruments())
        )
        self.default = self.program.read(0, {each.id: each.default for each in self.revision.readings})

    def instruments(self) -> Iterator[str]:
        """For each rule an atom that says it applies, and for each of its exceptions one that says that it spares."""
        rules = self.revision.rules
        for number, clause in enumerate(self.clauses):
            parts = [placed(rules.part(each), 0, 1, 0) for each in clause.body]
            yield f"applies({number}) :- {'; '.join(parts)}."
            for place, _ in self.exceptions[number]:
                rest = [each for i, each in enumerate(parts) if i != place]
                head = placed(rules.head(clause), 0, 1, 0)
                body = "; ".join([*rest, parts[place].removeprefix("not "), f"not {head}"])
                yield f"spared({number},{place}) :- {body}."

    def met(self, entry: Entry) -> int:
        return self.program.literal("met", 0, entry.id)

    def place(self, entry: Entry) -> Place:
        return self.outline.place(entry)

    # -- what never changes --------------------------------------------------------------------

    def possible_either_way(self, literal: int, under: Sequence[int] = ()) -> tuple[bool, bool]:
        return self.program.allows(under, [literal]), self.program.allows(under, [-literal])

    @cached_property
    def constant(self) -> set[str]:
        """Entries that are the same for everybody under the default readings."""
        literals = {entry.id: self.met(entry) for entry in self.revision.rules.entries}
        wanted = [each for literal in literals.values() for each in (literal, -literal)]
        seen: set[int] = set()
        for each in wanted:
            if each not in seen:
                seen |= self.program.truth(wanted, [each, *self.default]) or set()
        return {identifier for identifier, literal in literals.items() if not {literal, -literal} <= seen}

    def constants(self) -> Iterator[Finding]:
        """Entries that are met by nobody, or by everybody, however the text is read."""
        ruled = self.outline.ruled
        told: set[str] = set()
        for entry in reversed(self.revision.rules.entries):
            if entry.id not in self.constant or (not entry.is_group and entry.id not in ruled):
                continue
            if told & {each.id for each in self.revision.parts.get(entry.id, ())} or not self.revision.parts.get(
                entry.id, not entry.is_group
            ):
                told.add(entry.id)
                continue  # the fault is a part's, or that there is none
            can, can_not = self.possible_either_way(self.met(entry))
            if can and can_not:
                continue
            told.add(entry.id)
            rule = "always-met" if can else "never-met"
            who = "every patient meets" if can else "no patient meets"
            then = self.consequence(entry, can)
            hint = self.excuse(None, [entry])
            said = f"{who} `{entry.id}` ({entry.place}){then}"
            yield Finding(self.place(entry), rule, entry.id, said, hint, mild=bool(hint))

    def consequence(self, entry: Entry, always: bool) -> str:
        unit = next((each for each in self.units if each.entry.id == entry.id), None)
        if unit is None:
            return ""
        return ", so it denies everybody" if unit.excludes == always else ", so it asks for nothing"

    def limits(self) -> Iterator[Finding]:
        """Comparisons that have one answer for everybody."""
        for limit in self.revision.rules.limits:
            slot = self.vocabulary.slots_of(limit.fact)[0]
            literal = self.program.literal(limit.operator, 1, slot.term, limit.term)
            can, can_not = self.possible_either_way(literal)
            if not (can and can_not):
                said = f"`{limit.operator}({limit.fact}, {limit.term})` holds for {'everybody' if can else 'nobody'}"
                yield Finding(limit.place, "idle-limit", f"{limit.operator} {limit.fact} {limit.term}", said)

    # -- rules and exceptions ------------------------------------------------------------------

    def seek(self, what: str, under: Sequence[int]) -> dict[str, set[tuple[int, ...]]]:
        """The shown atoms of one kind that hold in some world."""
        other = {"rules": "exceptions", "exceptions": "rules"}[what]
        asked = [self.program.literal("seek", what), -self.program.literal("seek", other)]
        found: dict[str, set[tuple[int, ...]]] = {}
        if self.program.allows(under, asked):
            for atom in self.program.in_some([*under, *asked]):
                found.setdefault(atom.name, set()).add(tuple(int(each) for each in atom.arguments))
        return found

    def rules(self) -> Iterator[Finding]:
        """Rules that apply to nobody, and exceptions that spare nobody."""
        seen = self.seek("rules", [])
        applied = {number for (number,) in seen.get("seen_rule", ())}
        for number, clause in enumerate(self.clauses):
            name = named(clause).removeprefix(LIFTED)
            if number not in applied:
                constant = clause.head.name == "met" and not self.program.allows([], [self.met(self.entry(clause))])
                if not constant:
                    said = f"this rule for `{name}` applies to no patient"
                    yield Finding(self.at(clause), "dead-rule", name, said)
                continue
            for place, denied in self.exceptions[number]:
                if not _is_lifted(denied) and (number, place) not in seen.get("seen_spared", ()):
                    said = f"`not {plain(denied)}` changes nothing in this rule for `{name}`"
                    yield Finding(self.at(clause), "idle-exception", f"{name} {plain(denied)}", said)
        yield from self.idle_unless(seen.get("seen_spared", set()))

    def idle_unless(self, seen: set[tuple[int, ...]]) -> Iterator[Finding]:
        """Heads that no `unless` ever keeps from holding."""
        spared: dict[Pattern, bool] = {}
        for number, listed in enumerate(self.exceptions):
            for place, denied in listed:
                if _is_lifted(denied):
                    key = pattern(denied)
                    spared[key] = spared.get(key, False) or (number, place) in seen
        for clause in self.clauses:
            if not spared.get(pattern(clause.head), True):
                about = plain(clause.head)
                said = f"what `unless` says of `{about}` changes nothing"
                yield Finding(self.at(clause), "idle-exception", f"{about} unless", said)

    def at(self, clause: Clause) -> Place:
        return self.outline.at(clause.at)

    def entry(self, clause: Clause) -> Entry:
        return self.revision.entries[str(clause.head.arguments[0])]

    def excuses(self, reading: Reading | None, option: Option | None, under: Sequence[int]) -> Iterator[Finding]:
        """Exceptions of exclusions that keep somebody from being excluded, and yet approve nobody."""
        excluded = {each.entry.id for each in self.units if each.excludes}
        for number, clause in enumerate(self.clauses):
            if clause.head.name != "met" or self.entry(clause).id not in excluded:
                continue
            for place, denied in self.exceptions[number]:
                spared = self.program.literal("spared", str(number), str(place))
                excused = self.program.literal("excused", str(number), str(place))
                if self.program.possible([excused, *under]) or not self.program.possible([spared, *under]):
                    continue
                entry = self.entry(clause)
                by = "an `unless`" if _is_lifted(denied) else f"`{plain(denied)}`"
                said = f"whoever `{entry.id}` ({entry.place}) spares by {by} is denied all the same"
                subject = f"{entry.id} {plain(denied)}"
                if reading and option:
                    said += f" if {reading.id} is read {option.name}"
                    subject += f" {reading.id}={option.name}"
                yield Finding(self.at(clause), "idle-exception", subject, said)

    # -- verdicts ------------------------------------------------------------------------------

    @cached_property
    def units(self) -> tuple[_Unit, ...]:
        """The conditions that the verdict is made of, in the order of the document."""
        found = []
        for entry in self.revision.rules.entries:
            if self.program.possible([self.program.literal("unit", 0, entry.id)]):
                wanted = self.program.possible([self.program.literal("wanted", 0, entry.id)])
                found.append(_Unit(entry, not wanted, self.program.literal("fails", 0, entry.id)))
        return tuple(found)

    @cached_property
    def fulfilled(self) -> int:
        return self.program.literal("fulfilled", 0)

    def approval(self) -> Iterator[Finding]:
        """Whether anybody can be approved: as the text is read by default, and under each option by itself."""
        if not self.program.allows(self.default, [self.fulfilled]):
            yield from self.nobody(self.default, None, None)
            return
        yield from self.excuses(None, None, self.default)
        for reading in self.revision.readings:
            others = {each.id: each.default for each in self.revision.readings if each.id != reading.id}
            for option in reading.options:
                if option.name == reading.default:
                    continue
                under = self.program.read(0, {**others, reading.id: option.name})
                if not self.program.allows(under, [self.fulfilled]):
                    yield from self.nobody(under, reading, option)
                elif self.hinders(under):
                    yield from self.excuses(reading, option, under)

    @cached_property
    def helped(self) -> tuple[int, ...]:
        """The literals of the exceptions that excuse somebody by default."""
        excluded = {each.entry.id for each in self.units if each.excludes}
        literals = [
            self.program.literal("excused", str(number), str(place))
            for number, clause in enumerate(self.clauses)
            if clause.head.name == "met" and self.entry(clause).id in excluded
            for place, _ in self.exceptions[number]
        ]
        return tuple(each for each in literals if self.program.possible([each, *self.default]))

    def hinders(self, under: Sequence[int]) -> bool:
        """Whether an exception that excuses somebody by default excuses nobody."""
        true = self.program.truth(self.helped, [self.fulfilled, *under]) or frozenset()
        return any(each not in true and not self.program.possible([each, *under]) for each in self.helped)

    def nobody(self, under: Sequence[int], reading: Reading | None, option: Option | None) -> Iterator[Finding]:
        """The fewest conditions that leave no room, as one finding."""
        passes = {-each.fails: each for each in self.units}
        needed = self.smallest(list(passes), under)
        entries = [passes[each] for each in needed]
        if not entries:
            return
        named = " and ".join(f"`{each.entry.id}` ({each.entry.place})" for each in entries)
        verb = "leave" if len(entries) > 1 else "leaves"
        said = f"{named} {verb} nobody to approve"
        rule = "approves-nobody"
        if reading and option:
            place = self.places.get((reading.id, option.name), self.place(entries[-1].entry))
            said = f"if {reading.id} is read {option.name}, {said}"
            hint = self.excuse(option, [each.entry for each in entries])
            yield Finding(place, rule, f"{reading.id}={option.name}", said, hint, mild=bool(hint))
            return
        if len(entries) == 2:
            rule = "contradiction" if entries[0].excludes == entries[1].excludes else "swallowed"
        subject = " ".join(each.entry.id for each in entries)
        hint = self.excuse(None, [each.entry for each in entries])
        yield Finding(self.place(entries[-1].entry), rule, subject, said, hint, mild=bool(hint))

    def excuse(self, option: Option | None, entries: Sequence[Entry]) -> str:
        """Why it is no slip that nobody is approved: the author says so, or the source takes a position."""
        if option and option.aside:
            return f"put aside in policy.yaml: {option.aside}"
        if option and option.claimed_by:
            return f"a claim, by {option.claimed_by}"
        if all(self.takes_position(each) for each in entries):
            return "a position: it asks nothing of the record"
        return ""

    def takes_position(self, entry: Entry) -> bool:
        return not entry.is_group and not self.revision.rules.reads.get(entry.id)

    def smallest(self, wanted: list[int], under: Sequence[int]) -> list[int]:
        """A part of some literals that cannot hold together, from which nothing can be left out; empty if they can."""
        found = minimal_core(self.program, under, {each: (each,) for each in reversed(wanted)})
        if found is None:
            return []
        self.program.show(under)
        return [each for each in wanted if each in found]

    # -- what could be left out ----------------------------------------------------------------

    def redundancy(self) -> Iterator[Finding]:
        """Entries that the rest implies, the last ones first, so that all that are named could go together."""
        kept = [each for each in self.units if each.entry.id not in self.constant]
        if self.program.possible([self.fulfilled, *self.default]):
            for unit in reversed(tuple(kept)):
                rest = [each for each in kept if each is not unit]
                under = [unit.fails, *self.default]
                needed = self.smallest([-each.fails for each in rest], under)
                if needed:
                    kept = rest
                    yield self.implied(unit, [each for each in rest if -each.fails in needed])
        yield from self.siblings()

    def implied(self, unit: _Unit, by: Sequence[_Unit]) -> Finding:
        entry = unit.entry
        if len(by) == 1 and not self.program.allows(self.default, [by[0].fails, -unit.fails]):
            other = by[0].entry
            way = "the same" if unit.excludes == by[0].excludes else "the same the other way round"
            said = f"`{entry.id}` ({entry.place}) says {way} as `{other.id}` ({other.place})"
            return Finding(self.place(entry), "duplicate", f"{entry.id} {other.id}", said)
        named = " or ".join(f"`{each.entry.id}` ({each.entry.place})" for each in by)
        said = f"nothing hangs on `{entry.id}` ({entry.place}): whoever fails it fails {named} as well"
        return Finding(self.place(entry), "redundant", entry.id, said)

    def siblings(self) -> Iterator[Finding]:
        """Parts of one group, other than conditions of the verdict, of which one implies the other."""
        units = {each.entry.id for each in self.units}
        for parts in self.revision.parts.values():
            mine = [each for each in parts if each.id not in units and each.id not in self.constant]
            parent = self.revision.entries.get(parts[0].parent)
            if parent is None or parent.kind not in ("any_of", "at_least"):
                continue
            for i, second in enumerate(mine):
                for first in mine[:i]:
                    forth = not self.program.allows(self.default, [self.met(second), -self.met(first)])
                    back = not self.program.allows(self.default, [self.met(first), -self.met(second)])
                    if forth and back:
                        said = f"`{second.id}` ({second.place}) says the same as `{first.id}` ({first.place})"
                        yield Finding(self.place(second), "duplicate", f"{second.id} {first.id}", said)
                    elif (forth or back) and parent.kind == "any_of":
                        less, more = (second, first) if forth else (first, second)
                        why = f"whoever meets it meets `{more.id}` ({more.place}) as well"
                        said = f"nothing hangs on `{less.id}` ({less.place}): {why}"
                        yield Finding(self.place(less), "redundant", less.id, said)

    # -- readings ------------------------------------------------------------------------------

    def options(self) -> Iterator[Finding]:
        """Options that change no entry, whatever else is chosen."""
        if not self.revision.readings:
            return
        program = Program(
            self.vocabulary, self.background, [Seat(self.revision, 1, 0), Seat(self.revision, 1, 1)], ["read_otherwise"]
        )
        differ = program.literal("differ")
        apart = {each.id: program.literal("apart", each.term) for each in self.revision.readings}
        for reading in self.revision.readings:
            same = [-literal for identifier, literal in apart.items() if identifier != reading.id]
            here = program.reading(0, reading.id, reading.default)
            for option in reading.options:
                if option.name == reading.default:
                    continue
                there = program.reading(1, reading.id, option.name)
                if not program.allows([here, there, *same], [differ]):
                    place = self.places.get((reading.id, option.name), Place(self.outline.path))
                    said = f"{reading.id} read {option.name} changes no entry of {self.revision.name}"
                    yield Finding(place, "idle-option", f"{reading.id}={option.name}", said)


def exceptions(clause: Clause) -> list[tuple[int, Atom]]:
    """The parts of a body that are a plain `not`, with what they deny; readings are no exceptions."""
    return [
        (i, part.atom)
        for i, part in enumerate(clause.body)
        if isinstance(part, Literal) and part.sign == 1 and isinstance(part.atom, Atom) and part.atom.name != "reading"
    ]


def _is_lifted(atom: Atom) -> bool:
    return atom.name.startswith(LIFTED)


def plain(atom: Atom) -> str:
    """An atom as the policy's author wrote it."""
    return str(replace(atom, name=atom.name.removeprefix(LIFTED))).replace(",", ", ")
