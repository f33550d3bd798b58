"""`bvn whatif`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from bvn_asp.model.case import SILENT, Silence
from bvn_asp.model.vocabulary import Several
from bvn_asp.render.shape import At, Shape
from bvn_asp.render.shapes.answer import CaseAnswer
from bvn_asp.render.shapes.words import Date, SlotName, StatusWord, VerdictWord, Written

if TYPE_CHECKING:
    from bvn_asp.cases.evaluate import Status
    from bvn_asp.cases.whatif import Difference, WhatIf
    from bvn_asp.model.case import Supposed


class StatusChange(Shape):
    """A criterion whose status is another."""

    of: tuple[str, Status, Status]

    criterion: str
    old: StatusWord
    new: StatusWord


class SupposedPolicy(Shape):
    """A verdict before, and as supposed.

    Attributes:
        unpresumed: no longer presumed absent
    """

    of: Difference

    policy: Annotated[str, At("old.policy")]
    revision: Annotated[str, At("old.revision.id")]
    old: Annotated[VerdictWord, At("old.verdict")]
    new: Annotated[VerdictWord, At("new.verdict")]
    statuses: list[StatusChange]
    unpresumed: list[SlotName]


class WhatifAnswer(CaseAnswer):
    """What policies would say if some facts were otherwise (`bvn whatif`).

    Attributes:
        notice: what this is, and what it is not
        suppose: slot to supposed value; null takes the record away
        date: the date of service that is supposed; null if it stays
        counted: what goes on, and is counted to that day
    """

    of: WhatIf

    schema: Literal["whatif/2"]
    strict: bool
    suppose: Annotated[dict[str, Written | None], At("values")]
    date: Annotated[Date | None, At("day")]
    counted: list[SlotName]
    policies: Annotated[list[SupposedPolicy], At("differences")]

    def _suppose(self) -> dict[str, object]:
        found: dict[str, object] = {}
        for slot, value in self.of.values.items():
            if isinstance(slot, Several):
                found[self.library.vocabulary.request.many] = str(slot.least)
            else:
                found[str(slot)] = _written(value)
        return found


def _written(value: Supposed) -> object:
    return SILENT if isinstance(value, Silence) else value
