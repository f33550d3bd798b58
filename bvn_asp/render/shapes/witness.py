"""A patient on whom two texts part, and the editions compared."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

from bvn_asp.model.quantity import Interval
from bvn_asp.render.shape import At, Shape
from bvn_asp.render.shapes.chart import Patient
from bvn_asp.render.shapes.words import Readings, VerdictWord
from bvn_asp.render.witness import turns

if TYPE_CHECKING:
    from bvn_asp.cases.evaluate import Evaluation
    from bvn_asp.model.case import Value
    from bvn_asp.model.policy import Revision
    from bvn_asp.texts.witness import Departure as FoundDeparture
    from bvn_asp.texts.witness import Extent as FoundExtent
    from bvn_asp.texts.witness import Witness as FoundWitness


class PlainEdition(Shape):
    """Which text is meant."""

    policy: Annotated[str, At("policy.id")]
    revision: Annotated[str, At("id")]
    source: str


class ReadEdition(PlainEdition):
    """Which text is meant, and how it is read."""

    of: tuple[Revision, dict[str, str]]

    readings: Readings

    @cached_property
    def sources(self) -> tuple[object, ...]:
        return (self.of[0],)

    def _readings(self) -> dict[str, str]:
        return self.of[1]


class Departure(Shape):
    """One slot in which the patient is not as the base patient.

    Attributes:
        base: what the base patient has; null is any value
        turns_on: every value with which they part so, all else being the same: a phrase for a number, a list of
            named values
    """

    of: FoundDeparture

    fact: Annotated[str, At("slot.fact")]
    member: Annotated[str | None, At("slot.member")]
    base: str | dict[str, Any] | None
    value: str | dict[str, Any] | None
    turns_on: str | list[str]

    def _base(self) -> Value | None:
        return _bounded(self.of.base)

    def _value(self) -> Value | None:
        return _bounded(self.of.value)

    def _turns_on(self) -> str | list[str]:
        return list(self.of.values) or turns(self.library, self.of)


class WitnessVerdict(Shape):
    """What a policy says of the patient."""

    of: Evaluation

    policy: str
    revision: Annotated[str, At("revision.id")]
    verdict: VerdictWord
    blamed: list[str]


class Witness(Shape):
    """A patient on whom they part, replayed through evaluate.

    Attributes:
        besides: slots that are as with the base patient, but have to be on record here
        verdicts: in the order in which the policies were named
    """

    of: FoundWitness

    departures: list[Departure]
    besides: list[str]
    verdicts: Annotated[list[WitnessVerdict], At("evaluations")]
    case: Patient


class Extent(Shape):
    """Over what the answer is proved.

    Attributes:
        combinations: how many combinations of values, a number as text; numbers are cut at the limits of the
            rules
        impossible: what no patient can be
        vacuous: numbers of the policies that approve nobody, or everybody
    """

    of: FoundExtent

    facts: int
    slots: int
    combinations: Annotated[str, At("patients")]
    impossible: list[str]
    vacuous: list[int]


def _bounded(value: Value) -> Value | None:
    """A value; None if it is any value."""
    return value if not isinstance(value, Interval) or value.low is not None or value.high is not None else None
