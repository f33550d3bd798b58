"""Is this a patient who can be? Cases are read here, so that none goes on that records what nobody can be."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bvn_asp.engine.cores import minimal_core
from bvn_asp.engine.session import session
from bvn_asp.errors import Fault, InputError, Place
from bvn_asp.model import case_reader
from bvn_asp.model.case import Case
from bvn_asp.model.library import Library


def load_case(library: Library, path: Path | str) -> Case:
    """The case in a file, checked to be possible.

    Raises: InputError: faults of the file, or records that contradict what a patient can be.
    """
    return _checked(library, case_reader.load_case(path, library.vocabulary))


def parse_case(library: Library, text: str | bytes, name: str = "<case>") -> Case:
    """The case in YAML or JSON text, checked to be possible."""
    return _checked(library, case_reader.parse_case(text, library.vocabulary, name))


def make_case(library: Library, data: Mapping[str, Any]) -> Case:
    """The case of a mapping in the shape of a case file, checked to be possible."""
    return _checked(library, case_reader.make_case(library.vocabulary, data))


def _checked(library: Library, case: Case) -> Case:
    check_possible(library, case)
    return case


def check_possible(library: Library, case: Case) -> None:
    """Raise InputError if a case records what no patient can be, naming the fewest records that say so."""
    if library.background is None:
        return
    program = session(library).program(rules="#show impossible/2.")
    groups = {slot: program.assume({slot: value}) for slot, value in case.recorded.items()}
    needed = minimal_core(program, (), {slot: literals for slot, literals in groups.items() if literals})
    if needed is None:
        return
    reasons = program.impossible([literal for slot in needed for literal in groups[slot]])
    named = [str(each) for each in needed]
    listed = ", ".join(named[:3]) + (f" and {len(named) - 3} more" if len(named) > 3 else "")
    place = case.by_slot[needed[0]].place if needed else Place(case.path)
    raise InputError([Fault(place, f"no patient can be so: {reason}", f"look at {listed}") for reason in reasons])
