"""Which of the requested bodies does a policy approve, and what do the others lack?

Every largest subset of the requested bodies that the policy approves is found, each with the procedure lines for it,
and for each body left out, what would have to be documented or changed for it to come along.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bvn_asp.cases.evaluate import Evaluation, Evaluator, Readings, Verdict
from bvn_asp.engine.sets import Guesses
from bvn_asp.errors import fault
from bvn_asp.model.case import Case, Named, Value
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.model.quantity import Quantity, exactly
from bvn_asp.model.vocabulary import Slot
from bvn_asp.repairs.repair import Repairer, Repairs

REQUESTED, BILLED = "requested", "billed"
FIRST, FURTHER, TOGETHER = "64628", "64629", 2


@dataclass(frozen=True)
class Left:
    """A requested body that is left out.

    Attributes:
        repairs: what would have to be documented or changed for it to come along with the others, none of them dropped.
    """

    body: str
    repairs: Repairs


@dataclass(frozen=True)
class Subset:
    """A largest subset of the requested bodies that a policy approves.

    Attributes:
        units: procedure code to units, for these bodies.
        case: the case as it would read, with the request so changed.
    """

    bodies: tuple[str, ...]
    units: tuple[tuple[str, int], ...]
    left: tuple[Left, ...]
    case: Case


@dataclass(frozen=True)
class Partial:
    """What one policy approves of a request.

    Attributes:
        evaluation: what it makes of the whole request.
        subsets: every largest approved subset, in the order of the bodies; the whole request if that is approved.
    """

    case: Case
    evaluation: Evaluation
    bodies: tuple[str, ...]
    subsets: tuple[Subset, ...]
    strict: bool = False


def partial(
    library: Library,
    case: Case,
    policy: str,
    readings: Readings | None = None,
    strict: bool = False,
    limit: int = 3,
) -> Partial:
    """Every largest subset of the requested bodies that a policy approves.

    Args:
        limit: list so many repairs for each body left out.

    Returns: no subset if the policy approves none, not even one body.
    Raises: InputError: as `evaluate`; or the case names no requested body.
    """
    revision = library.revisions([policy], case.date)[0]
    bodies = case.bodies
    if not bodies:
        raise fault("the case names no requested body", "record `request: bodies:`")
    evaluator = Evaluator(library, [revision])
    subsets = [
        _described(library, revision, case, kept, bodies, readings, strict, limit)
        for kept in _largest(library, evaluator, case, bodies, readings, strict)
    ]
    evaluation = evaluator.evaluate(case, readings, strict, under_readings=False, with_open=False)[0]
    return Partial(case, evaluation, bodies, tuple(subsets), strict)


def units(count: int) -> tuple[tuple[str, int], ...]:
    """The procedure lines for a number of bodies: the first two together, each further one by itself.

    Source: CPT 64628 and 64629, as the billing article of L39642 counts them.
    """
    lines = [(FIRST, 1)] if count else []
    return tuple(lines + ([(FURTHER, count - TOGETHER)] if count > TOGETHER else []))


def narrowed(library: Library, case: Case, bodies: Sequence[str]) -> Case:
    """The case with these bodies alone requested, and its procedure lines brought in line if it has any."""
    vocabulary = library.vocabulary
    values: dict[Slot, Value | None] = {
        slot: Named(("yes" if slot.member in bodies else "no",)) for slot in vocabulary.slots_of(REQUESTED)
    }
    if BILLED in vocabulary.facts:
        wanted = dict(units(len(bodies)))
        for slot in vocabulary.slots_of(BILLED):
            if case.get(slot) is not None:
                amount = Quantity(Decimal(wanted.get(slot.member, 0)), vocabulary.facts[BILLED].unit)
                values[slot] = exactly(amount)
    return case.with_values(vocabulary, values)


def _largest(
    library: Library,
    evaluator: Evaluator,
    case: Case,
    bodies: Sequence[str],
    readings: Readings | None,
    strict: bool,
) -> list[tuple[str, ...]]:
    """The approved subsets that no approved subset contains."""
    guesses = Guesses([(body, ("keep", "drop"), "keep") for body in bodies])
    guesses.forbid([(body, "drop") for body in bodies])
    found = []
    while (guess := guesses.next()) is not None:
        kept = tuple(body for body in bodies if guess[body] == "keep")
        asked = case if len(kept) == len(bodies) else narrowed(library, case, kept)
        verdict = evaluator.evaluate(asked, readings, strict, under_readings=False, with_open=False)[0].verdict
        if verdict is Verdict.APPROVE:
            found.append(kept)
            dropped = [(body, "drop") for body in bodies if body not in kept]
            if not dropped:
                break
            guesses.forbid(dropped)
        else:
            guesses.forbid(list(guess.items()))
    return sorted(found, key=lambda each: (-len(each), [bodies.index(body) for body in each]))


def _described(
    library: Library,
    revision: Revision,
    case: Case,
    kept: tuple[str, ...],
    bodies: Sequence[str],
    readings: Readings | None,
    strict: bool,
    limit: int,
) -> Subset:
    repairer = Repairer(library, [revision])
    left = []
    for body in bodies:
        if body not in kept:
            wider = narrowed(library, case, [each for each in bodies if each in kept or each == body])
            answer = repairer.repair(wider, readings, strict, limit=limit, frozen=frozenset({REQUESTED}))
            left.append(Left(body, repairer.placed(answer, readings)))
    return Subset(kept, units(len(kept)), tuple(left), narrowed(library, case, kept))
