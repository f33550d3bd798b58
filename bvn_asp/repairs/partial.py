"""Which part of a request does a policy approve, and what does the rest lack?

A request asks for members of an index, as the vocabulary's `request:` says. Every largest subset of them that the
policy approves is found, each with the procedure lines for it, and for each one left out, what would have to be
documented or changed for it to come along.
"""

from __future__ import annotations

from collections.abc import Sequence

from bvn_asp.cases.asked import narrowed
from bvn_asp.cases.evaluate import Evaluation, Evaluator, Readings, Verdict
from bvn_asp.classes import dataclass
from bvn_asp.engine.sets import Guesses
from bvn_asp.errors import fault
from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.repairs.answer import Repairs
from bvn_asp.repairs.repair import Repairer


@dataclass(frozen=True)
class Left:
    """A requested member that is left out.

    Attributes:
        repairs: what would have to be documented or changed for it to come along with the others, none of them dropped.
    """

    member: str
    repairs: Repairs


@dataclass(frozen=True)
class Subset:
    """A largest subset of the requested members that a policy approves.

    Attributes:
        units: procedure code to units, for these members.
        case: the case as it would read, with the request so changed.
    """

    members: tuple[str, ...]
    units: tuple[tuple[str, int], ...]
    left: tuple[Left, ...]
    case: Case


@dataclass(frozen=True)
class Partial:
    """What one policy approves of a request.

    Attributes:
        evaluation: what it makes of the whole request.
        subsets: every largest approved subset, in the order of the request; the whole request if that is approved.
        alone: for each requested member what it lacks by itself; empty if the whole request is approved.
    """

    case: Case
    evaluation: Evaluation
    requested: tuple[str, ...]
    subsets: tuple[Subset, ...]
    alone: tuple[Left, ...] = ()
    strict: bool = False


def partial(
    library: Library,
    case: Case,
    policy: str,
    readings: Readings | None = None,
    strict: bool = False,
    limit: int = 3,
) -> Partial:
    """Every largest subset of the requested members that a policy approves.

    Args:
        limit: list so many repairs for each member left out.

    Returns: no subset if the policy approves none, not even one member.
    Raises: InputError: as `evaluate`; or the case asks for no member.
    """
    revision = library.revisions([policy], case.date)[0]
    wanted, requested = library.vocabulary.request, case.requested(library.vocabulary)
    if not wanted.members:
        hint = "say in vocabulary.yaml, under `request:`, which fact says for which `members:` it asks"
        raise fault("a request has no parts here", hint)
    if not requested:
        raise fault(f"the case names no requested {wanted.one}", f"record `request: {wanted.many}:`")
    evaluator = Evaluator(library, [revision])
    subsets = [
        _described(library, revision, case, kept, requested, readings, strict, limit)
        for kept in _largest(library, evaluator, case, requested, readings, strict)
    ]
    evaluation = evaluator.evaluate(case, readings, strict, under_readings=False, with_open=False)[0]
    alone: list[Left] = []
    if not subsets or subsets[0].members != requested:
        repairer = Repairer(library, [revision])
        alone = [_left(library, repairer, case, (each,), each, readings, strict, limit) for each in requested]
    return Partial(case, evaluation, requested, tuple(subsets), tuple(alone), strict)


def _largest(
    library: Library,
    evaluator: Evaluator,
    case: Case,
    requested: Sequence[str],
    readings: Readings | None,
    strict: bool,
) -> list[tuple[str, ...]]:
    """The approved subsets that no approved subset contains."""
    guesses = Guesses([(member, ("keep", "drop"), "keep") for member in requested])
    guesses.forbid([(member, "drop") for member in requested])
    found = []
    while (guess := guesses.next()) is not None:
        kept = tuple(member for member in requested if guess[member] == "keep")
        asked = case if len(kept) == len(requested) else narrowed(library, case, kept)
        verdict = evaluator.evaluate(asked, readings, strict, under_readings=False, with_open=False)[0].verdict
        if verdict is Verdict.APPROVE:
            found.append(kept)
            dropped = [(member, "drop") for member in requested if member not in kept]
            if not dropped:
                break
            guesses.forbid(dropped)
        else:
            guesses.forbid(list(guess.items()))
    return sorted(found, key=lambda each: (-len(each), [requested.index(member) for member in each]))


def _described(
    library: Library,
    revision: Revision,
    case: Case,
    kept: tuple[str, ...],
    requested: Sequence[str],
    readings: Readings | None,
    strict: bool,
    limit: int,
) -> Subset:
    repairer = Repairer(library, [revision])
    left = []
    for member in requested:
        if member not in kept:
            wider = [each for each in requested if each in kept or each == member]
            left.append(_left(library, repairer, case, wider, member, readings, strict, limit))
    units = library.vocabulary.request.units(len(kept))
    return Subset(kept, units, tuple(left), narrowed(library, case, kept))


def _left(
    library: Library,
    repairer: Repairer,
    case: Case,
    members: Sequence[str],
    member: str,
    readings: Readings | None,
    strict: bool,
    limit: int,
) -> Left:
    """What a request for these members lacks, none of them dropped, for one of them to come along."""
    frozen = frozenset({library.vocabulary.request.members})
    answer = repairer.repair(narrowed(library, case, members), readings, strict, limit=limit, frozen=frozen)
    return Left(member, repairer.placed(answer, readings))
