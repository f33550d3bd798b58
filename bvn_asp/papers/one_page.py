"""What must somebody with six minutes know of a case before a call, under one policy?"""

from __future__ import annotations

from bvn_asp.cases.evaluate import Readings, Status
from bvn_asp.cases.explain import Line
from bvn_asp.classes import dataclass
from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.papers.letter import Letter, Purpose, letter
from bvn_asp.repairs.repair import LOOKS


@dataclass(frozen=True)
class OnePage:
    """One case under one policy, what stands in the way or is open first.

    Attributes:
        draft: the reasons, each with its five slots.
        met: the criteria that are as they should be by what is on record.
        presumed: the exclusions that are clear because nobody mentions them.
    """

    draft: Letter
    met: tuple[Line, ...]
    presumed: tuple[Line, ...]


def one_page(
    library: Library,
    case: Case,
    policy: str,
    readings: Readings | None = None,
    strict: bool = False,
    looks: int = LOOKS,
) -> OnePage:
    """One policy's verdict, what bears on it, and what would change it.

    Args and raises: as `letter`.
    """
    draft = letter(library, case, policy, Purpose.ADVERSE, readings, strict, looks)
    good = [
        line
        for line in draft.explanation.lines
        if not line.entry.is_group
        and line.entry.parent != "advice"
        and line.status is not Status.UNDETERMINED
        and line.status.speaks(line.excludes) is True
    ]
    met = tuple(line for line in good if any(each.record is not None for each in line.facts))
    return OnePage(draft, met, tuple(line for line in good if line not in met))
