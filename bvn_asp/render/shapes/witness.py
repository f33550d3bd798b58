"""A patient on whom two texts part, and the editions compared."""

from __future__ import annotations

from typing import Any, TypedDict

from bvn_asp.render.shapes.words import Readings, VerdictWord


class PlainEdition(TypedDict):
    """Which text is meant."""

    policy: str
    revision: str
    source: str


class ReadEdition(PlainEdition):
    """Which text is meant, and how it is read."""

    readings: Readings


class Departure(TypedDict):
    """One slot in which the patient is not as the base patient.

    Attributes:
        base: what the base patient has; null is any value
        turns_on: every value with which they part so, all else being the same: a phrase for a number, a list of
            named values
    """

    fact: str
    member: str | None
    base: str | dict[str, Any] | None
    value: str | dict[str, Any] | None
    turns_on: str | list[str]


class WitnessVerdict(TypedDict):
    """What a policy says of the patient."""

    policy: str
    revision: str
    verdict: VerdictWord
    blamed: list[str]


class Patient(TypedDict):
    """A case without its texts: what is not named is not recorded, and may be presumed."""

    request: dict[str, Any]
    facts: dict[str, Any]


class Witness(TypedDict):
    """A patient on whom they part, replayed through evaluate.

    Attributes:
        besides: slots that are as with the base patient, but have to be on record here
        verdicts: in the order in which the policies were named
    """

    departures: list[Departure]
    besides: list[str]
    verdicts: list[WitnessVerdict]
    case: Patient


class Extent(TypedDict):
    """Over what the answer is proved.

    Attributes:
        combinations: how many combinations of values, a number as text; numbers are cut at the limits of the
            rules
        impossible: what no patient can be
        vacuous: numbers of the policies that approve nobody, or everybody
    """

    facts: int
    slots: int
    combinations: str
    impossible: list[str]
    vacuous: list[int]
