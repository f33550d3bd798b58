"""Which cases of a library does a revision decide otherwise, and what would each need now?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from bvn_asp.cases.evaluate import Evaluation, Evaluator, Readings, Verdict
from bvn_asp.cases.possible import load_case
from bvn_asp.classes import dataclass
from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.repairs.answer import Repairs
from bvn_asp.repairs.repair import LOOKS, Repairer
from bvn_asp.upkeep.testing import case_files


@dataclass(frozen=True)
class Flip:
    """A case that gets another verdict.

    Attributes:
        needs: the repairs under the new text, the least first; None if it approves or does not address the request.
    """

    case: Case
    old: Evaluation
    new: Evaluation
    needs: Repairs | None


@dataclass(frozen=True)
class Flips:
    """What becomes of the cases of a library.

    Attributes:
        read: how many cases there are.
        flips: those that get another verdict, in the order of their files.
    """

    read: int
    flips: tuple[Flip, ...]


def flips(
    library: Library, old: Revision, new: Revision, paths: Iterable[Path | str], readings: Readings | None = None
) -> Flips:
    """The cases of some files and folders that a new text decides otherwise than an old one.

    Raises: InputError: a path that is not there, or a case at fault.
    """
    files = case_files(paths)
    return Flips(len(files), tuple(_flips(library, old, new, files, readings)))


def _flips(
    library: Library, old: Revision, new: Revision, files: Iterable[Path], readings: Readings | None
) -> Iterator[Flip]:
    evaluator = Evaluator(library, [old, new])
    repairer: Repairer | None = None
    for path in files:
        case = load_case(library, path)
        before, after = evaluator.evaluate(case, readings, under_readings=False)
        if before.verdict is after.verdict:
            continue
        needs = None
        if after.verdict in (Verdict.DENY, Verdict.PEND):
            repairer = repairer or Repairer(library, [new])
            needs = repairer.repair(case, readings, limit=1, looks=LOOKS)
        yield Flip(case, before, after, needs)
