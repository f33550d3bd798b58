"""`bvn synth`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from bvn_asp.render.shape import At, Shape
from bvn_asp.render.synth import file_name, to_yaml
from bvn_asp.upkeep.mutants import Mutant

if TYPE_CHECKING:
    from bvn_asp.upkeep.synth import Synthesis, Written


class SynthCase(Shape):
    """One case that was written."""

    of: tuple[int, Written]
    up: SynthAnswer

    file: str
    aims: str
    notices: list[str]
    yaml: str

    def _file(self) -> str:
        return file_name(*self.of)

    def _aims(self) -> str:
        aims = self.of[1].aims
        return aims.id if isinstance(aims, Mutant) else str(aims)

    def _notices(self) -> list[str]:
        return [mutant.id for mutant in self.of[1].notices]

    def _yaml(self) -> str:
        return to_yaml(self.library, self.of[1], self.up.of.revision.policy.id)


class SynthAnswer(Shape):
    """Cases written to show what no case shows yet (`bvn synth`)."""

    of: Synthesis

    schema: Literal["synth/1"]
    policy: Annotated[str, At("revision.policy.id")]
    revision: Annotated[str, At("revision.id")]
    cases: list[SynthCase]
    equivalent: list[str]
    impossible: Annotated[list[str], At("never")]
    left: list[str]

    def _cases(self) -> list[tuple[int, Written]]:
        return list(enumerate(self.of.written, 1))

    def _equivalent(self) -> list[str]:
        return [each.id for each in self.of.equivalent]

    def _left(self) -> list[str]:
        return [*(each.id for each in self.of.unnoticed), *map(str, self.of.unshown)]
