"""Coverage policies as logic programs, asked with a solver.

The verbs are the commands: what `bvn compare` prints, `Library().compare` returns, to be read, printed or passed on.

>>> from bvn_asp import Library
>>> lib = Library()
>>> answer = lib.compare({"title": "A woman of 17", "facts": {"age": 17}}, "cohere-ma")
>>> answer.evaluations[0].verdict.value, answer.evaluations[0].blamed
('deny', ('age_18', 'immature'))

`answer.text()` is what the command prints, `answer.data()` its JSON; `docs/python.md` shows more. The functions of the
same names, `compare(library, case)`, return the plain dataclasses.

Everything is imported when it is first asked for, so that `import bvn_asp` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bvn_asp.cases.ask import ask
    from bvn_asp.cases.compare import Comparison, compare
    from bvn_asp.cases.evaluate import Evaluation, Evaluator, Status, Verdict, evaluate
    from bvn_asp.cases.explain import Explanation, explain
    from bvn_asp.cases.record import Verification, make_record, verify
    from bvn_asp.cases.whatif import whatif
    from bvn_asp.errors import BvnError, Fault, InputError, SolverError
    from bvn_asp.model.case import Case
    from bvn_asp.model.case_reader import load_case, make_case, parse_case
    from bvn_asp.model.vocabulary import Slot, Vocabulary, load_vocabulary
    from bvn_asp.papers.report import report
    from bvn_asp.repairs.nearest import nearest
    from bvn_asp.repairs.partial import partial
    from bvn_asp.repairs.repair import repair
    from bvn_asp.routing.claims import claims
    from bvn_asp.routing.codes import codes
    from bvn_asp.routing.governs import governs
    from bvn_asp.texts.atlas import atlas
    from bvn_asp.texts.diff import diff
    from bvn_asp.texts.sources import sources
    from bvn_asp.texts.split import split
    from bvn_asp.texts.stricter import stricter
    from bvn_asp.upkeep.coverage import coverage
    from bvn_asp.upkeep.lint import lint
    from bvn_asp.upkeep.mutate import mutate
    from bvn_asp.upkeep.synth import synth
    from bvn_asp.upkeep.testing import run_checks
    from bvn_asp.verbs import Answer, Library

_HOMES = {
    "errors": ("BvnError", "Fault", "InputError", "SolverError"),
    "model.case": ("Case",),
    "model.case_reader": ("load_case", "make_case", "parse_case"),
    "model.vocabulary": ("Slot", "Vocabulary", "load_vocabulary"),
    "routing.claims": ("claims",),
    "routing.codes": ("codes",),
    "routing.governs": ("governs",),
    "cases.ask": ("ask",),
    "cases.compare": ("Comparison", "compare"),
    "cases.evaluate": ("Evaluation", "Evaluator", "Status", "Verdict", "evaluate"),
    "cases.explain": ("Explanation", "explain"),
    "cases.record": ("Verification", "make_record", "verify"),
    "cases.whatif": ("whatif",),
    "repairs.nearest": ("nearest",),
    "repairs.partial": ("partial",),
    "repairs.repair": ("repair",),
    "texts.atlas": ("atlas",),
    "texts.diff": ("diff",),
    "texts.sources": ("sources",),
    "texts.split": ("split",),
    "texts.stricter": ("stricter",),
    "upkeep.coverage": ("coverage",),
    "upkeep.lint": ("lint",),
    "upkeep.mutate": ("mutate",),
    "upkeep.synth": ("synth",),
    "upkeep.testing": ("run_checks",),
    "papers.report": ("report",),
    "verbs": ("Answer", "Library"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    *("Answer", "BvnError", "Case", "Comparison", "Evaluation", "Evaluator", "Explanation", "Fault"),
    *("InputError", "Library"),
    *("Slot", "SolverError", "Status", "Verdict", "Verification", "Vocabulary"),
    *("ask", "atlas", "claims", "codes", "compare", "coverage", "diff", "evaluate", "explain", "governs", "lint"),
    *("load_case", "load_vocabulary", "make_case", "make_record", "mutate", "nearest", "parse_case", "partial"),
    *("repair", "report", "run_checks", "sources", "split", "stricter", "synth", "verify", "whatif"),
]


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*__all__, "__doc__", "__name__", "__path__"]
