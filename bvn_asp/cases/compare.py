"""Which policies approve this case, side by side, and where do they part?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from bvn_asp.cases.evaluate import Evaluation, Evaluator, Readings, Status, Verdict
from bvn_asp.cases.standing import rests_on_presumption
from bvn_asp.classes import dataclass
from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.model.outline import ancestors, is_exclusion
from bvn_asp.model.policy import Revision
from bvn_asp.model.quantity import SIGNS
from bvn_asp.routing.codes import Advice, codes
from bvn_asp.routing.governs import Governance, governs


@dataclass(frozen=True)
class Cell:
    """What one policy asks on a topic, and how the case stands to it.

    Attributes:
        name: the policy's name among those compared: its id, or `id@revision` where two editions are.
        asks: the limits and values it holds the record against, short.
        excludes: the entry is an exclusion: met means present.
    """

    name: str
    policy: str
    entry: str
    status: Status
    excludes: bool
    asks: str

    @property
    def favourable(self) -> bool | None:
        """Whether the entry speaks for approval; None while it is open."""
        return self.status.speaks(self.excludes)


@dataclass(frozen=True)
class Row:
    """One topic, as every policy that has something to say on it sees the case."""

    topic: str
    label: str
    cells: tuple[Cell, ...]

    @property
    def parts(self) -> bool:
        """Whether the policies part here: for one all its entries speak for approval, for another they do not."""
        return len({self.stands(name) for name in {cell.name for cell in self.cells}}) > 1

    def parts_among(self, names: Iterable[str]) -> bool:
        """Whether some policies part here, one that asks nothing having nothing against the case."""
        asked = {cell.name for cell in self.cells}
        return len({self.stands(name) if name in asked else True for name in names}) > 1

    def stands(self, name: str) -> bool | None:
        """How a policy's entries stand together: against if one is against, open if one is open, else for."""
        found = {cell.favourable for cell in self.cells if cell.name == name}
        return False if False in found else None if None in found else True


@dataclass(frozen=True)
class Comparison:
    """One case under several policies.

    Attributes:
        evaluations: one a policy, in the order asked for.
        rows: topics in the order of the vocabulary, those that some policy asks about.
        governance: which policies bind the request; None if the folder of policies does not say.
        coding: what is to be said of the codes, apart from any verdict.
    """

    case: Case
    evaluations: tuple[Evaluation, ...]
    rows: tuple[Row, ...]
    strict: bool
    governance: Governance | None = None
    coding: tuple[Advice, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The evaluations' names: the policy's id, or `id@revision` where two editions of one policy are compared."""
        return names(self.evaluations)

    @property
    def all_approve(self) -> bool:
        """Whether every policy approves; one that is silent stands in nobody's way, but does not approve."""
        return all(each.verdict is Verdict.APPROVE for each in self.evaluations)


def presumes(answer: Comparison, cell: Cell) -> bool:
    """Whether a cell speaks for approval only because nobody mentions what it reads."""
    each = answer.evaluations[answer.names.index(cell.name)]
    vocabulary = each.revision.policy.vocabulary
    return cell.favourable is True and rests_on_presumption(vocabulary, answer.case, each, cell.entry)


def compare(
    library: Library,
    case: Case,
    policies: Iterable[str] = (),
    readings: Readings | None = None,
    strict: bool = False,
    under_readings: bool = True,
    stop: Callable[[], bool] = lambda: False,
) -> Comparison:
    """What several policies make of a case, and their criteria aligned by what they are about.

    Args:
        stop: asked before each policy whether to end with those that are done; of the others nothing is said.

    Other args, and raises: as `evaluate`.
    """
    evaluator = Evaluator(library, library.revisions(policies, case.date))
    return compared(evaluator, case, evaluator.evaluate(case, readings, strict, under_readings, stop=stop), strict)


def compared(evaluator: Evaluator, case: Case, evaluations: tuple[Evaluation, ...], strict: bool) -> Comparison:
    """Evaluations that are there already, side by side."""
    library = evaluator.library
    rows = aligned(library, evaluations)
    return Comparison(case, evaluations, rows, strict, governs(library, case), codes(library, case))


def _whole(revision: Revision, entry: str) -> str:
    """An entry, or the highest group around it in which it is only one of several that would do."""
    found = entry
    for group in ancestors(revision, entry):
        if group.kind == "at_least" or (group.kind == "any_of" and not is_exclusion(revision, group.id)):
            found = group.id
    return found


def names(evaluations: Sequence[Evaluation]) -> tuple[str, ...]:
    """A name for each evaluation, unlike the others."""
    ids = [each.policy for each in evaluations]
    return tuple(each.revision.name if ids.count(each.policy) > 1 else each.policy for each in evaluations)


def aligned(library: Library, evaluations: Sequence[Evaluation]) -> tuple[Row, ...]:
    """The entries of some evaluations, topic by topic."""
    cells: dict[str, list[Cell]] = {}
    for name, evaluation in zip(names(evaluations), evaluations, strict=True):
        if evaluation.verdict is Verdict.SILENT:
            continue
        for entry in evaluation.revision.rules.entries:
            if entry.parent == "advice":
                continue
            for topic in entry.topics:
                if any(topic in each.topics for each in ancestors(evaluation.revision, entry.id)):
                    continue
                whole = _whole(evaluation.revision, entry.id)
                cell = Cell(
                    name=name,
                    policy=evaluation.policy,
                    entry=whole,
                    status=evaluation.statuses[whole],
                    excludes=is_exclusion(evaluation.revision, whole),
                    asks=asks(library, evaluation, whole),
                )
                if cell not in cells.setdefault(topic, []):
                    cells[topic].append(cell)
    return tuple(Row(t, label, tuple(cells[t])) for t, label in library.vocabulary.topics.items() if t in cells)


def asks(library: Library, evaluation: Evaluation, entry: str) -> str:
    """The limits that an entry holds the record against, short: `>= 6 months`."""
    revision = evaluation.revision
    if revision.entries[entry].kind == "at_least":
        return f"{revision.entries[entry].need} of {len(revision.parts.get(entry, ()))}"
    tests = [
        f"{SIGNS[operator]} {text}"
        for read in evaluation.reads(entry)
        for operator, text in read.tests
        if operator in SIGNS
    ]
    return ", ".join(dict.fromkeys(tests))
