"""`--record` and `bvn verify`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from bvn_asp.render.shape import At, MayLack, Shape
from bvn_asp.render.shapes.chart import Patient
from bvn_asp.render.shapes.evaluation import Hinge
from bvn_asp.render.shapes.policies import Dates
from bvn_asp.render.shapes.words import Hash, Readings, SlotName, StatusWord, VerdictWord

if TYPE_CHECKING:
    from bvn_asp.cases.record import Verification


class RecordPolicy(Dates):
    """A policy that was asked: which text, read how."""

    policy: str
    revision: str
    rules: Hash
    metadata: Hash
    readings: Readings


class RecordedResult(Shape):
    """What came out for one policy."""

    policy: str
    revision: str
    verdict: VerdictWord
    statuses: dict[str, StatusWord]
    blamed: list[str]
    presumed: list[SlotName]
    open: list[SlotName]
    hangs_on: list[Hinge]


class RecordAnswer(Shape):
    """A decision that can be made again (`bvn compare --record`).

    Attributes:
        id: the SHA-256 of everything here but `id`, `human` and `seal`, as canonical JSON
        engine: name to version, and the hash of the code that decides
        case: what was recorded; no free text
        unknown: read by some policy, and not recorded
        notice: what this is, and what it is not
        human: left for the person who decides
        seal: an Ed25519 signature over everything but itself, base64
    """

    schema: Literal["record/2"]
    id: Hash
    engine: dict[str, str]
    vocabulary: Hash
    background: Hash
    policies: list[RecordPolicy]
    case: Patient
    strict: bool
    unknown: list[SlotName]
    results: list[RecordedResult]
    notice: str
    human: dict[str, Any] | str | None
    seal: Annotated[str, MayLack()]


class VerifyAnswer(Shape):
    """Whether a recorded decision comes out again (`bvn verify`).

    Attributes:
        record: the record's id
        moved: what is different now, in words
    """

    of: Verification

    schema: Literal["verify/1"]
    record: Annotated[str, At("id")]
    same: bool
    moved: list[str]
