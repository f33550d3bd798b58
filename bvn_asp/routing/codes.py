"""What is wrong with the codes of this request, whoever the patient is?

Advice stands apart from verdicts: an edit of a claim, never a clinical exclusion. The rules are `policies/codes.lp`.
"""

from __future__ import annotations

from bvn_asp.classes import dataclass
from bvn_asp.engine.atoms import Atom
from bvn_asp.engine.days import Days, dates_in
from bvn_asp.engine.session import session
from bvn_asp.engine.side_rules import side_rules
from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.model.reader import read_side_rules

_HEADS = {"advice": 3, "seen_as": 2}
_GIVEN = {"served_since": 1}


@dataclass(frozen=True)
class Advice:
    """One thing about the codes of a request.

    Attributes:
        place: where the rule stands that asks for it.
        evidence: how that place was seen: primary, header, secondary or claimed.
        sure: whether it holds on every date of service that the case leaves open; so it does if the date is recorded.
    """

    id: str
    text: str
    place: str
    evidence: str
    sure: bool


def codes(library: Library, case: Case) -> tuple[Advice, ...]:
    """What is to be said of a request's codes, in the order of the rules' names.

    What is not recorded of codes and counts gives no advice: only what holds however they are completed. Without a date
    of service the latest rules are asked, and what they did not always say is not sure.

    Returns: nothing if the folder of policies has no `codes.lp`.
    Raises: InputError: `codes.lp` is at fault.
    """
    path = library.folder / "codes.lp"
    if not path.is_file():
        return ()
    rules = library.once("codes.lp", lambda: read_side_rules(path, library.vocabulary, _HEADS, _GIVEN))
    days = Days(library.once("dates in codes.lp", lambda: dates_in(rules)))
    encodings = ("days", "codes")
    line = library.once(
        "line of codes.lp",
        lambda: side_rules(library.vocabulary, rules, encodings, days.rules, shown=("advice", "seen_as")),
    )

    def in_all(era: int) -> frozenset[Atom]:
        told = line.told(case.recorded, era) if line else None
        if told is not None:
            return told[0]
        program = session(library).program(encodings=encodings, rules=days.rules, beside=rules)
        return program.in_all([*program.assume(case.recorded), days.literal(program, era)])

    found = in_all(days.era(case.date))
    if not any(atom.name == "advice" for atom in found):
        return ()
    always = found.intersection(*map(in_all, days.eras if case.date is None else ()))
    marks: dict[str, str] = {}
    advice: dict[tuple[str, str, str], bool] = {}
    for atom in sorted(found):
        _, name, *rest = map(str, atom.arguments)
        if atom.name == "seen_as":
            marks[name] = rest[0]
        else:
            advice[name, rest[0], rest[1]] = atom in always
    return tuple(
        Advice(name, text, place, marks.get(name, "primary"), sure) for (name, text, place), sure in advice.items()
    )
