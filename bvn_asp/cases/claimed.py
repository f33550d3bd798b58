"""Which verdicts move if every source is read as one document claims?

The readings come from the ledger and from the options that a policy attributes to the document. Where the document
claims two things that cannot both hold, each is a side of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bvn_asp.cases.evaluate import Evaluation, Evaluator
from bvn_asp.classes import dataclass
from bvn_asp.errors import did_you_mean, fault
from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.routing.claims import Stance, claimant, claims, document_of


@dataclass(frozen=True)
class Side:
    """The world as a document describes it.

    Attributes:
        name: the document, and where in it if it contradicts itself: `002, in its title`.
        stances: the readings that it sets, those of policies asked here that are read otherwise by default.
        evaluations: one a policy, in the order asked for.
        movers: policy to the readings each of which moves its verdict alone; none if only all together do.
    """

    name: str
    stances: tuple[Stance, ...]
    evaluations: tuple[Evaluation, ...]
    movers: Mapping[str, tuple[Stance, ...]]


@dataclass(frozen=True)
class Claimed:
    """One case, under the default readings and as a document claims.

    Attributes:
        evaluations: under the default readings, one a policy.
        sides: as the document claims; several if it contradicts itself.
    """

    case: Case
    document: str
    evaluations: tuple[Evaluation, ...]
    sides: tuple[Side, ...]

    def moved(self, side: Side) -> tuple[tuple[Evaluation, Evaluation], ...]:
        """The evaluations whose verdict is another on a side, each with that on the side."""
        pairs = zip(self.evaluations, side.evaluations, strict=True)
        return tuple((old, new) for old, new in pairs if old.verdict is not new.verdict)


def claimed(
    library: Library, case: Case, document: str, policies: Iterable[str] = (), strict: bool = False
) -> Claimed:
    """What each policy makes of a case, under the default readings and as a document claims.

    Args:
        document: `000`, or the id of its policy.
        policies, strict: as `evaluate`.

    Raises: InputError: the document claims nothing that a verdict could hang on.
    """
    evaluator = Evaluator(library, library.revisions(policies, case.date))
    default = evaluator.evaluate(case, None, strict, under_readings=False)
    asked = {each.policy.id: {r.id: r for r in each.readings} for each in evaluator.revisions}
    sides = []
    for name, stances in claimed_readings(library, document).items():
        chosen: dict[str, dict[str, str]] = {}
        for each in stances:
            chosen.setdefault(each.policy, {})[each.reading] = each.option
        shown = tuple(
            each
            for each in stances
            if each.reading in asked.get(each.policy, {}) and asked[each.policy][each.reading].default != each.option
        )
        found = evaluator.evaluate(case, chosen, strict, under_readings=False)
        moved = [i for i, (old, new) in enumerate(zip(default, found, strict=True)) if old.verdict is not new.verdict]
        movers: dict[str, list[Stance]] = {default[i].policy: [] for i in moved}
        for each in shown:
            alone = evaluator.evaluate(case, {each.policy: {each.reading: each.option}}, strict, under_readings=False)
            for i in moved:
                if default[i].policy == each.policy and alone[i].verdict is found[i].verdict:
                    movers[each.policy].append(each)
        sides.append(Side(name, shown, found, {policy: tuple(each) for policy, each in movers.items()}))
    return Claimed(case, document, default, tuple(sides))


def claimed_readings(library: Library, document: str) -> dict[str, tuple[Stance, ...]]:
    """The readings that a document claims, by the name of the side; two sides and more if it contradicts itself.

    What the ledger says of the document goes before what a policy attributes to it; what it says in one place of itself
    goes before both.
    """
    number = document_of(library, document)
    plain: dict[tuple[str, str], str] = {}
    placed: dict[str, dict[tuple[str, str], str]] = {}
    claimants: set[str] = set()
    for policy in library.policies.values():
        for reading in policy.readings.values():
            for option in reading.options:
                documents, where = claimant(option)
                claimants.update(documents)
                if number in documents:
                    (placed.setdefault(where, {}) if where else plain)[policy.id, reading.id] = option.name
    for claim in claims(library):
        if claim.stance is not None:
            claimants.add(claim.document)
            if claim.document == number:
                plain[claim.stance.policy, claim.stance.reading] = claim.stance.option
    if number not in claimants:
        hint = did_you_mean(number, claimants) or "those that do: " + ", ".join(sorted(claimants))
        raise fault(f"`{document}` claims nothing that a verdict could hang on", hint)
    sides = {f"{number}, {where}": plain | own for where, own in sorted(placed.items())} or {number: plain}
    return {
        name: tuple(Stance(policy, reading, option) for (policy, reading), option in sorted(found.items()))
        for name, found in sides.items()
    }
