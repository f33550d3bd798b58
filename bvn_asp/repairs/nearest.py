"""Which policy is nearest to approving this case, and what does it lack?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bvn_asp.cases.evaluate import Readings, Verdict
from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.repairs.answer import Repairs
from bvn_asp.repairs.repair import Repairer, preference


def nearest(
    library: Library,
    case: Case,
    policies: Iterable[str] = (),
    readings: Readings | None = None,
    strict: bool = False,
    prefer: Sequence[str] = (),
    limit: int = 1,
    seconds: float | None = None,
    stop: Callable[[], bool] = lambda: False,
    others: bool = False,
    contest: bool = False,
) -> tuple[Repairs, ...]:
    """The repairs of a case under each policy by itself, the nearest policy first, those without a repair last.

    Args and raises: as `repair`; `seconds` are for each policy.
    """
    order = preference(prefer)
    found = [
        Repairer(library, [revision]).repair(
            case, readings, strict, None, prefer, limit, seconds, stop=stop, others=others, contest=contest
        )
        for revision in library.revisions(policies, case.date)
    ]

    def distance(each: Repairs) -> tuple[bool, tuple[int, ...]]:
        if not each.repairs:
            return True, (each.evaluations[0].verdict is Verdict.SILENT, each.contests is None)
        kinds = [move.kind for move in each.repairs[0].moves]
        return False, tuple(kinds.count(kind) for kind in reversed(order))

    return tuple(sorted(found, key=distance))
