"""What is there to say of a case, all of it, for one page: verdicts, worksheets, ways to approval, the record?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bvn_asp.cases.compare import Comparison, compare
from bvn_asp.cases.evaluate import Evaluation, Evaluator, Readings
from bvn_asp.cases.explain import Explanation, explained
from bvn_asp.cases.record import make_record
from bvn_asp.cases.standing import needed
from bvn_asp.classes import dataclass, replace
from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.repairs.repair import Repairer, Repairs
from bvn_asp.texts.atlas import Limits, limits

SECONDS = 10.0


@dataclass(frozen=True)
class Report:
    """One case under some policies, with everything that the other commands say of it.

    Attributes:
        explanations: the worksheets, in the order of the comparison's evaluations.
        repairs: what would make the case approvable under each policy by itself, in the same order.
        limits: what the policies leave of numbers, whatever the case.
        record: as `bvn compare --record` writes it.
    """

    comparison: Comparison
    explanations: tuple[Explanation, ...]
    repairs: tuple[Repairs, ...]
    limits: tuple[Limits, ...]
    record: Mapping[str, Any]

    @property
    def case(self) -> Case:
        return self.comparison.case

    @property
    def governing(self) -> tuple[str, ...]:
        """The names of the policies compared that govern for sure."""
        governance = self.comparison.governance
        found = governance.governing() if governance else ()
        pairs = zip(self.comparison.names, self.comparison.evaluations, strict=True)
        return tuple(name for name, each in pairs if each.policy in found)


def report(
    library: Library,
    case: Case,
    policies: Iterable[str] = (),
    readings: Readings | None = None,
    strict: bool = False,
    seconds: float = SECONDS,
    watch: Callable[[Sequence[Revision]], Iterable[Revision]] = iter,
) -> Report:
    """What policies make of a case, criterion by criterion, and what would make it approvable.

    Args:
        seconds: stop looking for ways to approval after so long for each policy, and say so.
        watch: is handed the policies and hands them on one by one, so that a caller can show how far the work is.

    Other args, and raises: as `evaluate`.
    """
    revisions = library.revisions(policies, case.date)
    comparison = compare(library, case, policies, readings, strict)
    evaluator = Evaluator(library, revisions)
    explanations = tuple(
        _with_needed(library, case, explained(evaluator, seat, case, each, comparison.coding), readings)
        for seat, each in enumerate(comparison.evaluations)
    )
    return Report(
        comparison=comparison,
        explanations=explanations,
        repairs=tuple(
            _repairs(library, case, each, evaluation, readings, strict, seconds)
            for each, evaluation in zip(watch(revisions), comparison.evaluations, strict=True)
        ),
        limits=limits(library, comparison.evaluations),
        record=make_record(library, comparison),
    )


def _with_needed(library: Library, case: Case, found: Explanation, readings: Readings | None) -> Explanation:
    """An explanation with what is needed to decide, asked of its policy alone: the others need not be evaluated."""
    evaluation = found.evaluation
    if not evaluation.open:
        return found
    return replace(found, needed=needed(Evaluator(library, [evaluation.revision]), case, evaluation, readings))


def _repairs(
    library: Library,
    case: Case,
    revision: Revision,
    evaluation: Evaluation,
    readings: Readings | None,
    strict: bool,
    seconds: float,
) -> Repairs:
    repairer = Repairer(library, [revision])
    found = repairer.repair(case, readings, strict, limit=1, seconds=seconds, evaluations=[evaluation])
    return repairer.placed(found, readings)

