"""The verbs that are asked over HTTP: their options, and the answer whose JSON the command of the same name prints."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from bvn_asp.classes import dataclass
from bvn_asp.errors import fault
from bvn_asp.papers.letter import Purpose
from bvn_asp.repairs.moves import KINDS
from bvn_asp.serve.bodies import READINGS, TEXTS, YES_NO, Option, Question
from bvn_asp.verbs import Answer, Library

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
        ask: its answer, of which the command of the same name prints the same `json()`.
    """

    about: str
    schema: str
    options: Mapping[str, Option]
    ask: Callable[[Library, Question, Clock], Answer[Any]]

    def answer(self, library: Library, asked: Question, clock: Clock) -> str:
        """The JSON text."""
        return self.ask(library, asked, clock).json()


def _compare(library: Library, asked: Question, clock: Clock) -> Answer[Any]:
    o = asked.options
    if o["as_claimed_by"]:
        if o["readings"]:
            raise fault("`as_claimed_by` sets the readings by itself")
        return library.compare_as_claimed(asked.case, o["as_claimed_by"], o["policies"], strict=o["strict"])
    look = o["readings_mode"] == "all"
    return library.compare(asked.case, o["policies"], under_readings=look, stop=clock, **_common(o))


def _explain(library: Library, asked: Question, clock: Clock) -> Answer[Any]:
    return library.explain(asked.case, asked.options["policy"], **_common(asked.options))


def _repair(library: Library, asked: Question, clock: Clock) -> Answer[Any]:
    o = asked.options
    if o["at_least"] is not None and (o["mode"] is not None or not o["policies"]):
        raise fault("`at_least` asks for so many of the named policies", "name them in `policies`, without a `mode`")
    return library.repairs(
        asked.case, o["policies"], mode=o["mode"], need=o["at_least"], prefer=o["prefer"], limit=o["limit"],
        seconds=o["seconds"], stop=clock, others=o["other_bodies"], contest=o["contest"], **_common(o),
    )


def _ask(library: Library, asked: Question, clock: Clock) -> Answer[Any]:
    o = asked.options
    return library.ask(asked.case, o["policies"], settled=o["settled"], stop=clock, **_common(o))


def _whatif(library: Library, asked: Question, clock: Clock) -> Answer[Any]:
    o = asked.options
    return library.whatif(asked.case, o["suppose"], o["policies"], **_common(o))


def _partial(library: Library, asked: Question, clock: Clock) -> Answer[Any]:
    o = asked.options
    return library.partial(asked.case, o["policy"], limit=o["limit"], **_common(o))


def _request(library: Library, asked: Question, clock: Clock) -> Answer[Any]:
    return library.request(asked.case, asked.options["policy"], **_common(asked.options))


def _checklist(library: Library, asked: Question, clock: Clock) -> Answer[Any]:
    return library.checklist(asked.case, asked.options["policy"], **_common(asked.options))


def _letter(library: Library, asked: Question, clock: Clock) -> Answer[Any]:
    o = asked.options
    return library.letter(asked.case, o["purpose"], o["policy"], **_common(o))


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
            "other_bodies": Option("also propose evidence about bodies nobody asked for", {"type": "boolean"}, False),
            "contest": Option(
                "say what can be contested even where there is another way", {"type": "boolean"}, False
            ),
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
            "suppose": Option(
                "suppositions: bmi=39, pregnant=unknown, date=2027-01-04, bodies=L4 L5", TEXTS, (), required=True
            ),
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
    "request": Verb(
        "What is still needed before a policy can decide, document by document?",
        "request",
        {"policy": POLICY, **COMMON},
        _request,
    ),
    "checklist": Verb(
        "What does a policy ask for, what of it is on file, what is missing, and what is it too early for?",
        "checklist",
        {"policy": POLICY, **COMMON},
        _checklist,
    ),
    "letter": Verb(
        "What does a letter about a request have to say, criterion by criterion?",
        "letter",
        {
            "purpose": Option(
                "what the letter is for: more information, an adverse decision, or an appeal against one",
                {"type": "string", "enum": [each.value for each in Purpose]},
                required=True,
            ),
            "policy": POLICY,
            **COMMON,
        },
        _letter,
    ),
}
