"""`bvn whatif`."""

from __future__ import annotations

from typing import Literal, TypedDict

from bvn_asp.render.shapes.chart import CaseAsRead
from bvn_asp.render.shapes.words import SlotName, StatusWord, VerdictWord, Written


class StatusChange(TypedDict):
    """A criterion whose status is another."""

    criterion: str
    old: StatusWord
    new: StatusWord


class SupposedPolicy(TypedDict):
    """A verdict before, and as supposed.

    Attributes:
        unpresumed: no longer presumed absent
    """

    policy: str
    revision: str
    old: VerdictWord
    new: VerdictWord
    statuses: list[StatusChange]
    unpresumed: list[SlotName]


class WhatifAnswer(TypedDict):
    """What policies would say if some facts were otherwise (`bvn whatif`).

    Attributes:
        notice: what this is, and what it is not
        suppose: slot to supposed value; null takes the record away
    """

    schema: Literal["whatif/1"]
    notice: str
    case: CaseAsRead
    strict: bool
    suppose: dict[str, Written | None]
    policies: list[SupposedPolicy]
