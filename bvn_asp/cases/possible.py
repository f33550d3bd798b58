"""Is this a patient who can be? Cases are read here, so that none goes on that records what nobody can be."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bvn_asp.engine.cores import minimal_core
from bvn_asp.engine.program import Program
from bvn_asp.engine.session import session
from bvn_asp.engine.side_rules import side_rules
from bvn_asp.errors import Fault, InputError, Place, fault
from bvn_asp.model.case import Case, Named, Value, share
from bvn_asp.model.events import told_apart
from bvn_asp.model.library import Library
from bvn_asp.model.quantity import Cut, Interval, Quantity, cuts_of
from bvn_asp.model.vocabulary import Several, Slot


def load_case(library: Library, path: Path | str) -> Case:
    """The case in a file, checked to be possible.

    Raises: InputError: faults of the file, or records that contradict what a patient can be.
    """
    from bvn_asp.model import case_reader  # with YAML, which no command needs that reads no case

    return _checked(library, case_reader.load_case(path, library.vocabulary))


def parse_case(library: Library, text: str | bytes, name: str = "<case>") -> Case:
    """The case in YAML or JSON text, checked to be possible."""
    from bvn_asp.model import case_reader

    return _checked(library, case_reader.parse_case(text, library.vocabulary, name))


def make_case(library: Library, data: Mapping[str, Any]) -> Case:
    """The case of a mapping in the shape of a case file, checked to be possible."""
    from bvn_asp.model import case_reader

    return _checked(library, case_reader.make_case(library.vocabulary, data))


def _checked(library: Library, case: Case) -> Case:
    check_possible(library, case)
    return case


def check_possible(library: Library, case: Case, presumed: Mapping[Slot, Value] | None = None) -> None:
    """Raise InputError if a case records what no patient can be, naming the fewest records that say so.

    Args:
        presumed: what is taken as absent besides.
    """
    apart = told_apart(case)
    if apart is not None:
        one, other = apart
        message = f"{one.slot} is {one}, and {other.slot} {other}: of one operation or session both have one value"
        raise fault(message, "two of them are recorded by the member, each by itself", other.place)
    background = library.background
    if background is None:
        return
    if not presumed:
        line = library.once("line of background.lp", lambda: side_rules(library.vocabulary, background))
        if line and line.told(case.recorded) is not None:
            return  # a completion was seen that is a patient
    presumed = presumed or {}
    program = _program(library, case)
    groups = program.groups({**case.recorded, **presumed})
    needed = minimal_core(program, (), {slot: literals for slot, literals in groups.items() if literals})
    if needed is None:
        return
    reasons = program.impossible([literal for slot in needed for literal in groups[slot]])
    reasons += tuple(
        f"{each.slot.fact} is {each.somewhere}, and all that is recorded of these is otherwise"
        for each in case.several
        if each.slot in needed and not reasons
    )
    named = [f"{each} (presumed absent)" if each in presumed else str(each) for each in needed]
    listed = ", ".join(named[:3]) + (f" and {len(named) - 3} more" if len(named) > 3 else "")
    recorded = [each.place for each in (*case.several, *case.records) if each.slot in needed]
    place = recorded[0] if recorded else Place(case.path)
    said = [f"no patient can be so: {reason}" for reason in reasons]
    said = said or ["no patient can be so: each way to complete the record is ruled out, for one reason or another"]
    raise InputError([Fault(place, each, f"look at {listed}") for each in said])


def surely_so(case: Case) -> bool:
    """Whether what is said of several slots goes together with each of their records, without asking the solver.

    It does not look at two such words on one fact, nor at a most of a number; of the rest nothing is missed: ranges any
    two of which meet have a place in common, so the cells of a program need no cuts where such a record ends.
    """
    if case.tied and (case.several or told_apart(case) is not None):
        return False
    for each in case.several:
        slot, value = each.slot, each.value
        assert isinstance(slot, Several)
        assert value is not None
        known = [case.recorded.get(part) for part in slot.parts]
        if sum(other.slot.fact == slot.fact for other in case.several) > 1:
            return False
        if sum(said is None or share(said, value) for said in known) < slot.least:
            return False
        if slot.most is not None:
            if not isinstance(value, Named):
                return False
            if sum(isinstance(said, Named) and set(said.values) <= set(value.values) for said in known) > slot.most:
                return False
    return True


def _program(library: Library, case: Case) -> Program:
    """The background, and what is said of several slots, with numbers cut where that asks."""
    rules = "#show impossible/2."
    if not case.several:
        return session(library).program(rules=rules)
    cuts = ends_of(case)
    return Program(library.vocabulary, library.background, rules=rules, facts=cuts, cuts=cuts)


def ends_of(case: Case) -> dict[str, list[Cut]]:
    """Where lines must be cut so that a cell has all of what is said of several slots, or nothing; by fact."""
    cuts: dict[str, list[Cut]] = {}
    for each in case.several:
        ends = cuts.setdefault(each.slot.fact, [])
        if isinstance(each.value, Interval):
            low, high = each.value.low, each.value.high
            if isinstance(low, Quantity):
                ends.append(cuts_of("more_than" if each.value.low_open else "at_least", low))
            if isinstance(high, Quantity):
                ends.append(cuts_of("less_than" if each.value.high_open else "at_most", high))
    return cuts


def parting_ends(program: Program, case: Case) -> dict[str, list[Cut]]:
    """Where lines must be cut so that cells alone tell who is meant; nothing if no member's own number hinders it."""
    ends = ends_of(case)
    for slot, value in case.said_of_several.items():
        if isinstance(value, Interval) and slot.fact in ends and slot.fact in program.lines:
            assert isinstance(slot, Several)
            if program.may_and_must(slot, value, case.recorded) != program.may_and_must(slot, value, {}):
                return {name: cuts for name, cuts in ends.items() if cuts}
    return {}
