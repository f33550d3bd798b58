"""What is there to say of a case, all of it, for one page: verdicts, worksheets, ways to approval, the record?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bvn_asp.cases.beside import Beside
from bvn_asp.cases.compare import Comparison, compared
from bvn_asp.cases.evaluate import Evaluator, Readings
from bvn_asp.cases.explain import Explanation, explained
from bvn_asp.cases.needed import needed
from bvn_asp.cases.record import make_record
from bvn_asp.classes import dataclass, replace
from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.repairs.answer import Repairs
from bvn_asp.repairs.repair import LOOKS, Repairer
from bvn_asp.texts.atlas import Limits, limits


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
    looks: int = LOOKS,
    watch: Callable[[Sequence[Revision]], Iterable[Revision]] = iter,
) -> Report:
    """What policies make of a case, criterion by criterion, and what would make it approvable.

    Args:
        looks: of each policy, stop after so many sets that stand in the way of approval, and say so.
        watch: is handed the policies and hands them on one by one, so that a caller can show how far the work is.

    Other args, and raises: as `evaluate`.
    """
    revisions = library.revisions(policies, case.date)
    evaluator = Evaluator(library, revisions)
    evaluations = evaluator.evaluate(case, readings, strict)
    comparison = compared(evaluator, case, evaluations, strict)
    beside = Beside(evaluator, case, evaluations, strict)
    explanations, repairs = [], []
    alike: dict[object, Repairs] = {}
    for seat, (revision, each) in enumerate(zip(watch(revisions), evaluations, strict=True)):
        found = explained(evaluator, seat, case, each, comparison.coding, beside.of(each))
        if each.open:
            alone = Evaluator(library, [revision])
            found = replace(found, needed=needed(alone, case, each, readings, beside.of(each)))
        explanations.append(found)
        key = (revision.rules.text, revision.readings, revision.never_presumed, tuple(sorted(each.readings.items())))
        if key not in alike:
            repairer = Repairer(library, [revision], beside)
            made = repairer.repair(case, readings, strict, limit=1, looks=looks, evaluations=[each])
            alike[key] = repairer.placed(made, readings)
        repairs.append(alike[key].of_a_twin(each))
    return Report(
        comparison=comparison,
        explanations=tuple(explanations),
        repairs=tuple(repairs),
        limits=limits(library, evaluations),
        record=make_record(library, comparison),
    )
