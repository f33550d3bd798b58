"""What of a policy do the cases exercise?

Every check of the policy that passes is one run. A run shows an entry met, unmet or undetermined; it shows a criterion
to be *decisive* if the policy denies and would approve were this criterion alone the other way; it tries a limit just
short of it, just on it, or just past it; it reads the text in one way; it meets so many parts of a group. What no run
shows is put to the solver: either some case could show it, or it is proved that none can.

Source: decisive criteria are the modified condition/decision coverage of Chilenski and Miller, 1994, for denials.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import cached_property

from bvn_asp.cases.evaluate import Evaluation, Evaluator, Status, Verdict
from bvn_asp.cases.presumptions import presumptions
from bvn_asp.classes import dataclass, field
from bvn_asp.engine.program import Program, Seat
from bvn_asp.model.case import Case, Named, Value
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.model.quantity import Cut, Interval, Line, Quantity, cuts_of, exactly
from bvn_asp.model.rules import Limit
from bvn_asp.upkeep.testing import Brief, Check, Runner

SHORT, ON, PAST = "just short of", "just on", "just past"
SIDES = {"at_least": (SHORT, ON), "less_than": (SHORT, ON), "more_than": (ON, PAST), "at_most": (ON, PAST)}
ASPECTS = ("met", "unmet", "undetermined", "decisive")


@dataclass(frozen=True, order=True)
class Item:
    """One thing that a case can show.

    Attributes:
        kind: `entry`, `limit`, `reading` or `group`.
        of: the entry, the limit as the policy writes it, or the reading.
        aspect: met, unmet, undetermined or decisive; a side of the limit; an option; a number of parts met.
    """

    kind: str
    of: str
    aspect: str

    def __str__(self) -> str:
        return f"{self.of}: {self.aspect}"


@dataclass(frozen=True)
class Coverage:
    """What the checks of one revision show.

    Attributes:
        runs: how many checks passed.
        shown: item to the ids of the checks that show it, those that none shows included.
        never: items that no case can show: proved.
        failing: the ids of the checks that fail, and so show nothing.
    """

    revision: Revision
    runs: int
    shown: dict[Item, tuple[str, ...]]
    never: frozenset[Item] = field(default=frozenset())
    failing: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[Item, ...]:
        """What no check shows, though a case could."""
        return tuple(item for item, by in self.shown.items() if not by and item not in self.never)

    @property
    def share(self) -> float:
        """The covered part of what can be covered, from 0 to 100."""
        wanted = [item for item in self.shown if item not in self.never]
        return 100.0 * (len(wanted) - len(self.missing)) / len(wanted) if wanted else 100.0


def coverage(
    library: Library,
    revision: Revision,
    checks: Iterable[Check],
    step: Callable[[int, int], None] = lambda done, total: None,
) -> Coverage:
    """What the checks of a revision that pass show of it, and which fail; checks of others are passed over."""
    own = [each for each in checks if each.revision.key == revision.key]
    watch = Watch(library, revision)
    shown: dict[Item, list[str]] = {item: [] for item in watch.items}
    runner, failing = Runner(library), list[str]()
    for done, check in enumerate(own, 1):
        result = runner.run(check)
        if not result.passed:
            failing.append(check.id)
        for item in watch.shows(check, result.evaluation) if result.passed else ():
            if item in shown:
                shown[item].append(check.id)
        step(done, len(own))
    missing = [item for item, by in shown.items() if not by]
    never = frozenset(item for item in missing if not watch.can_be_shown(item))
    found = {item: tuple(by) for item, by in shown.items()}
    return Coverage(revision, len(own) - len(failing), found, never, tuple(failing))


class Watch:
    """Sees what a case shows of a revision."""

    def __init__(self, library: Library, revision: Revision) -> None:
        self.library = library
        self.revision = revision
        self.vocabulary = library.vocabulary
        self.program = Program(self.vocabulary, library.background, [Seat(revision)], ["coverage"])
        self.evaluator: Evaluator = Brief(library, [revision])
        self.criteria = tuple(e.id for e in revision.rules.entries if not e.is_group)
        self._flips = {each: self.program.literal("flip", each) for each in self.criteria}

    @cached_property
    def limits(self) -> dict[str, Limit]:
        """Every limit of the revision by its name: `more_than(care_duration,weeks(6))`."""
        return {f"{x.operator}({x.fact},{x.term})": x for x in self.revision.rules.limits}

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Everything that there is to show, in the order of the document."""
        found = []
        for entry in self.revision.rules.entries:
            gates = entry.parent != "advice" and not entry.is_group
            found += [Item("entry", entry.id, each) for each in ASPECTS if each != "decisive" or gates]
            if entry.kind == "at_least":
                found += [Item("group", entry.id, f"{n} met") for n in (entry.need - 1, entry.need)]
        for name, limit in self.limits.items():
            found += [Item("limit", name, side) for side in SIDES[limit.operator]]
        for reading in self.revision.readings:
            found += [Item("reading", reading.id, option.name) for option in reading.options]
        return tuple(found)

    # -- what a check shows --------------------------------------------------------------------

    def shows(self, check: Check, evaluation: Evaluation | None = None) -> set[Item]:
        """What one check shows; where its evaluation is at hand, it is not asked for again."""
        case, strict = check.case, check.expectation.strict
        got = evaluation or self.evaluator.evaluate(case, check.readings, strict, False)[0]
        found = {Item("entry", entry, status.value) for entry, status in got.statuses.items()}
        found |= {Item("reading", name, option) for name, option in got.readings.items()}
        known = case.recorded | presumptions(self.vocabulary, case, strict, self.program.never_presumed)
        given = self.program.assume(known) + self.program.read(0, got.readings)
        if got.verdict is Verdict.DENY:
            found |= {Item("entry", each, "decisive") for each in self._decisive(given)}
        for entry in self.revision.rules.entries:
            statuses = [got.statuses[each.id] for each in self.revision.parts.get(entry.id, ())]
            if entry.kind == "at_least" and Status.UNDETERMINED not in statuses:
                found.add(Item("group", entry.id, f"{statuses.count(Status.MET)} met"))
        for name, limit in self.limits.items():
            found |= {Item("limit", name, side) for side in self._sides(limit, case)}
        return found

    def _decisive(self, given: Sequence[int]) -> set[str]:
        """The criteria each of which alone turns a denial into an approval, in every world."""
        decisive, possible = self.program.literal("decisive"), self.program.possible
        flips = [each for each in self.criteria if possible([*given, self._flips[each], decisive])]
        return {each for each in flips if not possible([*given, self._flips[each], -decisive])}

    def _sides(self, limit: Limit, case: Case) -> set[str]:
        fact = self.vocabulary.facts[limit.fact]
        if fact.type == "count":
            number = self._count(limit, case)
            return set() if number is None else self._side_of(limit, exactly(number))
        slots = [slot for slot in self.vocabulary.slots_of(limit.fact) if case.knows(slot)]
        return {side for slot in slots for side in self._side_of(limit, case.by_slot[slot].value)}

    def _side_of(self, limit: Limit, value: Value | None) -> set[str]:
        if not isinstance(value, Interval):
            return set()
        line, cells = near(self.library, limit)
        return {side for side, cell in cells.items() if cell is not None and line.allowed(value) == (cell,)}

    def _count(self, limit: Limit, case: Case) -> Quantity | None:
        members: dict[str, set[bool]] = {}
        for fact, value in self.vocabulary.facts[limit.fact].counts:
            for slot in self.vocabulary.slots_of(fact):
                if not case.knows(slot):
                    return None
                members.setdefault(slot.member, set()).add(case.by_slot[slot].value == Named((value,)))
        return Quantity(Decimal(sum(True in each for each in members.values())))

    # -- what any case could show --------------------------------------------------------------

    def goal(self, item: Item) -> list[int] | None:
        """Literals that hold in a world where an item shows itself; None if no world can say."""
        literal = self.program.literal
        if item.kind == "entry":
            met = literal("met", 0, item.of)
            if item.aspect == "decisive":
                return [literal("decisive"), self._flips[item.of]]
            return [met] if item.aspect == "met" else [-met]
        if item.kind == "group":
            return [literal("counted", item.of, int(item.aspect.split()[0]))]
        return []

    def can_be_shown(self, item: Item) -> bool:
        """Whether some case could show an item, under some reading; if not, that is proved."""
        if item.kind == "limit":
            limit = self.limits[item.of]
            return near(self.library, limit)[1][item.aspect] is not None and self._countable(limit, item.aspect)
        goal = self.goal(item)
        assert goal is not None
        if item.kind == "entry" and item.aspect == "undetermined":
            return self.program.allows([], goal) and self.program.allows([], [-goal[0]])
        return self.program.allows([], goal)


    def _countable(self, limit: Limit, side: str) -> bool:
        """Whether a count can be so high, or so low, in some possible patient."""
        fact = self.vocabulary.facts[limit.fact]
        if fact.type != "count":
            return True
        number = int(limit.quantity.amount) + {SHORT: -1, ON: 0, PAST: 1}[side]
        sets: dict[str, list[int]] = {}
        for name, value in fact.counts:
            for slot in self.vocabulary.slots_of(name):
                sets.setdefault(slot.member, []).extend(self.program.assume({slot: Named((value,))}))
        nothing = [-literal for literals in sets.values() for literal in literals]
        return 0 <= number <= len(sets) and (number > 0 or self.program.possible(nothing))


def near(library: Library, limit: Limit) -> tuple[Line, dict[str, int | None]]:
    """The line of a limit's fact cut close to it, and the cell of each side: within one step, or one unit of time."""
    fact = library.vocabulary.facts[limit.fact]
    quantity = limit.quantity
    width = Decimal(1) if fact.type != "number" else fact.step or Decimal(1)
    below, above = (Quantity(quantity.amount + sign * width, quantity.unit) for sign in (-1, 1))
    low, high = fact.low or Quantity(Decimal(0)), fact.high or Quantity(Decimal(1000))
    cuts = [cuts_of("at_least", below), cuts_of("at_least", quantity), cuts_of("more_than", quantity)]
    line = Line(low, high, fact.step or Decimal(fact.type == "count"), [*cuts, cuts_of("more_than", above)])

    def cell(each: Quantity, after: bool) -> int | None:
        probe = Interval(each, after, each, False) if not after else Interval(quantity, True, above, False)
        found = line.allowed(probe)
        return found[0] if len(found) == 1 else None

    inside = Cut(low, False).order() <= Cut(quantity, False).order() <= Cut(high, True).order()
    sides: dict[str, int | None] = {ON: cell(quantity, False) if inside else None}
    found = line.allowed(Interval(below, False, quantity, True))
    sides[SHORT] = found[0] if len(found) == 1 and found[0] != sides[ON] else None
    sides[PAST] = cell(quantity, True)
    if sides[PAST] == sides[ON]:
        sides[PAST] = None
    return line, sides


