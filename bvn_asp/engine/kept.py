"""Ground programs kept between runs: loading one takes a seventh of grounding it.

A ground program is a function of its text and of clingo, so it is named by both; what is kept is clingo's own
intermediate form (aspif) with a table of the atoms' names.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from bvn_asp import store
from bvn_asp.engine import solver
from bvn_asp.engine.stopping import check
from bvn_asp.errors import SolverError

if TYPE_CHECKING:
    from clingo import Control, MessageCode

    Logger = Callable[[MessageCode, str], None]


def grounded(text: str, options: Sequence[str], messages: list[str]) -> tuple[Control, Mapping[str, int] | None]:
    """A control that holds a program after grounding, and its atoms by their names; no names if they are to be asked.

    Args:
        messages: what clingo has to say is added here; every message is an error.

    Raises: SolverError: clingo has something to say of the program.
    """

    def logger(_: MessageCode, message: str) -> None:
        messages.append(message)

    check()
    name = store.named("ground", text) if store.is_open() else ""
    found = _read(store.taken(name)) if name else None
    if name and found is None:
        found = _written(text, logger, messages)
        if found is not None:
            store.keep(name, json.dumps(found[0], separators=(",", ":")).encode() + b"\n" + found[1])
    control = solver.Control(list(options), logger=logger)
    control.enable_cleanup = False  # or atoms that a solve finds false, such as `never`, would be forgotten
    if found is not None and _load(control, found[1]):
        return control, found[0]
    _ground(control, text, messages)
    return control, None


def _ground(control: Control, text: str, messages: list[str]) -> None:
    try:
        control.add("base", [], text)
        control.ground([("base", [])])
    except RuntimeError as error:
        raise SolverError("; ".join(messages) or str(error)) from None
    if messages:
        raise SolverError("; ".join(messages))


def _read(content: bytes | None) -> tuple[dict[str, int], bytes] | None:
    if content is None:
        return None
    table, _, program = content.partition(b"\n")
    try:
        names = json.loads(table)
    except ValueError:
        return None
    return (names, program) if isinstance(names, dict) and program.startswith(b"asp 1 0 0") else None


def _written(text: str, logger: Logger, messages: list[str]) -> tuple[dict[str, int], bytes] | None:
    """The names and the aspif of a program; None if there is no place to have it written to."""
    path = store.scratch()
    if path is None:
        return None
    try:
        control = solver.Control(["1"], logger=logger)
        control.register_backend(solver.BackendType.Aspif, path, replace=True)
        _ground(control, text, messages)
        names = {str(each.symbol): each.literal for each in control.symbolic_atoms}
        del control  # only then the file is whole
        with open(path, "rb") as file:
            program = file.read()
        return names, program if program.endswith(b"\n0\n") else program + b"0\n"
    except OSError:
        return None
    finally:
        if os.path.exists(path):
            os.unlink(path)


def _load(control: Control, program: bytes) -> bool:
    """Whether clingo took a program in: it reads aspif from files only."""
    path = store.scratch()
    if path is None:
        return False
    try:
        with open(path, "xb") as file:
            file.write(program)
        control.load_aspif([path])
    except (OSError, RuntimeError):
        return False
    finally:
        if os.path.exists(path):
            os.unlink(path)
    return True
