"""What stands behind this library, and what does every source ask for?

Two tables across the sources, both from the encodings: what each entry asks for, topic by topic; and the values of each
fact under which a policy can approve anybody at all, which the solver is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bvn_asp.cases.compare import Cell, Row, aligned
from bvn_asp.cases.evaluate import Evaluation, Evaluator
from bvn_asp.classes import dataclass
from bvn_asp.engine.program import Choice, Program, Seat
from bvn_asp.errors import fault
from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.model.quantity import describe
from bvn_asp.model.vocabulary import Slot, Vocabulary, term
from bvn_asp.model.yaml_text import read_yaml
from bvn_asp.texts.atlas import Limits, limits


@dataclass(frozen=True)
class Column:
    """Policies that share one file of rules, and stand in one column.

    Attributes:
        evaluation: the newest revision under its default readings, put to a chart that says nothing.
    """

    policies: tuple[str, ...]
    kind: str
    evaluation: Evaluation

    @property
    def revision(self) -> Revision:
        return self.evaluation.revision

    @property
    def name(self) -> str:
        return self.revision.policy.id


@dataclass(frozen=True)
class Sought:
    """What was looked for and not found.

    Attributes:
        when: the month of the search, as people write it.
    """

    when: str = ""
    not_found: tuple[str, ...] = ()


def sought(library: Library) -> Sought:
    """What `sought.yaml` of a folder of policies says; nothing if there is no such file.

    Raises: InputError: a line of it says no `what`.
    """
    path = library.folder / "sought.yaml"
    if not path.is_file():
        return Sought()
    root = read_yaml(path, keep=True)
    when, listed = root.get("when"), root.get("not_found")
    found = []
    for each in listed.items() if listed is not None else ():
        what = each.get("what")
        if what is None:
            raise fault("what was looked for is not said", "write `- what: …`", each.place)
        found.append(what.text)
    return Sought(when.text if when is not None else "", tuple(found))


@dataclass(frozen=True)
class Bound:
    """The values of one slot under which policies can approve anybody.

    Attributes:
        slot: a fact; one of a member that a request can ask for, while that is asked for.
        allowed: column name to what it allows, in words; no entry where it allows every value.
    """

    slot: Slot
    allowed: Mapping[str, str]


@dataclass(frozen=True)
class Demand:
    """What one entry asks of the facts that it reads, as the solver has it.

    Attributes:
        needs: fact to the values without which the entry cannot stand for approval, in words; facts where every value
            will do are left out.
        refuses: fact to the values without which it cannot stand against approval, where `needs` says nothing: they
            count only together, or with what else the entry reads.
        alone: whether the entry denies by itself when it stands the wrong way.
    """

    needs: Mapping[str, str]
    refuses: Mapping[str, str]
    alone: bool


@dataclass(frozen=True)
class Sources:
    """Every source side by side.

    Attributes:
        columns: policies by kind; those with the same rules together.
        rows: topics in the order of the vocabulary, with every entry on them.
        demands: `(column, entry)` to what the entry asks.
        bounds: in the order of the vocabulary, where at least one policy refuses some value outright; as in the atlas.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    demands: Mapping[tuple[str, str], Demand]
    bounds: tuple[Bound, ...]

    def cells(self, row: Row, column: Column) -> tuple[Cell, ...]:
        """What a column asks on a topic."""
        return tuple(cell for cell in row.cells if cell.policy == column.name)


def sources(library: Library) -> Sources:
    """Every source of a library under the default readings of its newest revision."""
    columns = _columns(library)
    program = Program(library.vocabulary, library.background, [Seat(each.revision) for each in columns])
    spoken = {each.name: program.read(i, each.evaluation.readings) for i, each in enumerate(columns)}
    seats = {each.name: i for i, each in enumerate(columns)}
    rows = aligned(library, [each.evaluation for each in columns])
    asked = {(cell.policy, cell.entry): cell.excludes for row in rows for cell in row.cells}
    by_name = {each.name: each for each in columns}
    demands = {
        (name, entry): _demand(program, by_name[name], seats[name], entry, excludes, spoken[name])
        for (name, entry), excludes in asked.items()
    }
    found = limits(library, [each.evaluation for each in columns], named=True)
    return Sources(columns, rows, demands, tuple(_bounds(found, library.vocabulary)))


def _columns(library: Library) -> tuple[Column, ...]:
    """One column for each file of rules, put to a chart that says nothing."""
    evaluator = Evaluator(library, library.revisions())
    nobody = Case("", ())
    together: dict[object, list[Evaluation]] = {}
    for each in evaluator.evaluate(nobody, strict=True, under_readings=False):
        together.setdefault(each.revision.path, []).append(each)
    return tuple(
        Column(tuple(each.policy for each in found), found[0].revision.policy.kind, found[0])
        for found in together.values()
    )


def _demand(
    program: Program, column: Column, seat: int, entry: str, excludes: bool, spoken: Sequence[int]
) -> Demand:
    """What an entry asks. A fact per index has the same value at each of its members here, for the sake of brevity."""
    met = program.literal("met", seat, entry)
    good = -met if excludes else met
    needs: dict[str, str] = {}
    refuses: dict[str, str] = {}
    for read in column.evaluation.reads(entry):
        slots = [each for each in program.slots if each.fact == read.fact and read.member in ("", term(each.member))]
        if not slots or read.fact == program.vocabulary.request.members:
            continue
        values = program.values(slots[0])
        fixed = {v: [program.choices[Choice(each, v)] for each in slots] for v in values}
        runs = dict.fromkeys(program.alike(slots[0], v, seat) for v in values)
        name = str(slots[0]) if read.member else read.fact
        kept = [run for run in runs if any(program.allows(spoken, [good, *fixed[v]]) for v in run)]
        if 0 < len(kept) < len(runs):
            needs[name] = _words(program, slots[0], [v for run in kept for v in run])
            continue
        bad = [run for run in runs if any(program.allows(spoken, [-good, *fixed[v]]) for v in run)]
        if 0 < len(bad) < len(runs):
            refuses[name] = _words(program, slots[0], [v for run in bad for v in run])
    approved = program.literal("verdict", seat, "approve")
    return Demand(needs, refuses, not program.allows(spoken, [-good, approved]))


def _bounds(found: Iterable[Limits], vocabulary: Vocabulary) -> Iterator[Bound]:
    """The limits that the atlas finds, slot by slot, in words."""
    for each in found:
        fact = vocabulary.facts[each.slots[0].fact]
        allowed = {}
        for bound in each.bounds:
            if fact.type == "count":
                allowed[bound.name] = _counted([int(value) for value in bound.values], each)
            elif fact.is_named:
                allowed[bound.name] = " or ".join(value.replace("_", " ") for value in bound.values)
            else:
                allowed[bound.name] = describe([each.cells[int(value)] for value in bound.values], fact.low, fact.high)
        if allowed:
            yield from (Bound(slot, allowed) for slot in each.slots)


def _counted(values: Sequence[int], limits: Limits) -> str:
    """Some numbers of members in words; what nobody can have more of, needs no upper limit."""
    low, high = min(values), max(values)
    if limits.most is not None and high == limits.most:
        return f"at least {low}"
    return f"at most {high}" if low <= limits.least else f"{low} to {high}"


def _words(program: Program, slot: Slot, values: Sequence[str]) -> str:
    fact = program.vocabulary.facts[slot.fact]
    if fact.is_named:
        return " or ".join(each.replace("_", " ") for each in values)
    return describe([program.cell(slot, each) for each in values], fact.low, fact.high)
