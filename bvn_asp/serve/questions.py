"""The verbs that are asked over HTTP: their options, and the very JSON that the command of the same name prints."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bvn_asp.cases.ask import SEVERAL
from bvn_asp.errors import fault
from bvn_asp.render.data import to_json
from bvn_asp.repairs.moves import KINDS
from bvn_asp.routing.governs import the_one
from bvn_asp.serve.bodies import READINGS, TEXTS, YES_NO, Option, Question
from bvn_asp.verbs import Library

POLICIES = Option("ask these policies only, by name or POLICY@REVISION", TEXTS, ())
POLICY = Option("the policy; the one that governs the request if none is named", {"type": "string"})
COMMON = {
    "readings": Option("policy to reading to option, where a passage is to be read in another way", READINGS, {}),
    "strict": Option("presume nothing absent that nobody documents", YES_NO, False),
}


class Clock:
    """When a search is to stop: `late` says that it was asked to.

    Args:
        seconds: from now.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.restart()

    def restart(self) -> None:
        """Count from now."""
        self.end = time.monotonic() + self.seconds
        self.late = False

    def __call__(self) -> bool:
        self.late = self.late or time.monotonic() > self.end
        return self.late


@dataclass(frozen=True)
class Verb:
    """One question.

    Attributes:
        about: the question, in words.
        schema: the name of its answer's schema.
        answer: its JSON text, as the command of the same name prints it.
    """

    about: str
    schema: str
    options: Mapping[str, Option]
    answer: Callable[[Library, Question, Clock], str]


def _compare(library: Library, asked: Question, clock: Clock) -> str:
    o = asked.options
    if o["as_claimed_by"]:
        if o["readings"]:
            raise fault("`as_claimed_by` sets the readings by itself")
        return _json(library.compare_as_claimed(asked.case, o["as_claimed_by"], o["policies"], strict=o["strict"]))
    look = o["readings_mode"] == "all"
    return _json(library.compare(asked.case, o["policies"], under_readings=look, **_common(o)))


def _explain(library: Library, asked: Question, clock: Clock) -> str:
    policy = asked.options["policy"] or the_one(library, asked.case)
    return _json(library.explain(asked.case, policy, **_common(asked.options)))


def _repair(library: Library, asked: Question, clock: Clock) -> str:
    o = asked.options
    if o["at_least"] is not None and (o["mode"] is not None or not o["policies"]):
        raise fault("`at_least` asks for so many of the named policies", "name them in `policies`, without a `mode`")
    given = {"prefer": o["prefer"], "seconds": o["seconds"], "stop": clock, **_common(o)}
    if len(o["policies"]) == 1 or o["mode"] == "all" or o["at_least"] is not None:
        return _json(library.repair(asked.case, o["policies"], need=o["at_least"], limit=o["limit"], **given))
    return _json(library.nearest(asked.case, o["policies"], **given))


def _ask(library: Library, asked: Question, clock: Clock) -> str:
    o = asked.options
    settled = o["settled"] or len(library.revisions(o["policies"], asked.case.date)) <= SEVERAL
    return _json(library.ask(asked.case, o["policies"], settled=settled, stop=clock, **_common(o)))


def _whatif(library: Library, asked: Question, clock: Clock) -> str:
    o = asked.options
    return _json(library.whatif(asked.case, o["suppose"], o["policies"], **_common(o)))


def _partial(library: Library, asked: Question, clock: Clock) -> str:
    o = asked.options
    policy = o["policy"] or the_one(library, asked.case)
    return _json(library.partial(asked.case, policy, limit=o["limit"], **_common(o)))


def _json(answer: Any) -> str:
    return to_json(answer.data())


def _common(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: options[name] for name in COMMON}


VERBS = {
    "compare": Verb(
        "Which policies approve this case, side by side, and why?",
        "compare",
        {
            "policies": POLICIES,
            **COMMON,
            "readings_mode": Option(
                "all: also say on which readings each verdict hangs; chosen: do not look",
                {"type": "string", "enum": ["all", "chosen"]},
                "all",
            ),
            "as_claimed_by": Option("read every source as this document claims", {"type": "string"}),
        },
        _compare,
    ),
    "explain": Verb(
        "Why does one policy say this of a case, criterion by criterion?",
        "explain",
        {"policy": POLICY, **COMMON},
        _explain,
    ),
    "repair": Verb(
        "What would make this approvable: which smallest sets of facts, documented or changed?",
        "repair",
        {
            "policies": POLICIES,
            **COMMON,
            "mode": Option(
                "all: under the policies together; any: under each by itself, the nearest first",
                {"type": "string", "enum": ["all", "any"]},
            ),
            "at_least": Option("under so many of the named policies together", {"type": "integer", "minimum": 1}),
            "prefer": Option("kinds of move to prefer: " + ", ".join(KINDS), TEXTS, ()),
            "limit": Option("list so many sets", {"type": "integer", "minimum": 1, "maximum": 1000}, 5),
            "seconds": Option("stop searching after so long, with what there is", {"type": "number", "minimum": 0}),
        },
        _repair,
    ),
    "ask": Verb(
        "Which undocumented facts can still change the verdict, and what is best asked next?",
        "ask",
        {
            "policies": POLICIES,
            **COMMON,
            "settled": Option("also of many policies: say what settles the facts that do not matter", YES_NO, False),
        },
        _ask,
    ),
    "whatif": Verb(
        "What would these policies say if some facts were otherwise?",
        "whatif",
        {
            "suppose": Option("suppositions: bmi=39, pregnant=unknown", TEXTS, (), required=True),
            "policies": POLICIES,
            **COMMON,
        },
        _whatif,
    ),
    "partial": Verb(
        "Which part of a request does a policy approve, and what does the rest lack?",
        "partial",
        {
            "policy": POLICY,
            **COMMON,
            "limit": Option("so many ways for each body", {"type": "integer", "minimum": 1, "maximum": 1000}, 3),
        },
        _partial,
    ),
}
