"""`bvn synth`."""

from __future__ import annotations

from typing import Literal, TypedDict


class SynthCase(TypedDict):
    """One case that was written."""

    file: str
    aims: str
    notices: list[str]
    yaml: str


class SynthAnswer(TypedDict):
    """Cases written to show what no case shows yet (`bvn synth`)."""

    schema: Literal["synth/1"]
    policy: str
    revision: str
    cases: list[SynthCase]
    equivalent: list[str]
    impossible: list[str]
    left: list[str]
