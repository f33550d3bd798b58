"""Coverage policies for basivertebral nerve ablation, asked with a solver.

The verbs are the commands: what `bvn compare` prints, `compare` returns.

>>> from bvn_asp import Library, compare
>>> library = Library()
>>> case = library.parse("title: A woman of 17\\nfacts: {age: 17}")
>>> answer = compare(library, case, ["cohere-ma"])
>>> answer.evaluations[0].verdict.value, answer.evaluations[0].blamed
('deny', ('age_18', 'immature'))

Everything is imported when it is first asked for, so that `import bvn_asp` costs nothing.
"""

from __future__ import annotations

import importlib
import sys
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bvn_asp.ask import ask
    from bvn_asp.atlas import atlas
    from bvn_asp.case import Case
    from bvn_asp.case_reader import load_case, make_case, parse_case
    from bvn_asp.claims import claims
    from bvn_asp.codes import codes
    from bvn_asp.compare import Comparison, compare
    from bvn_asp.coverage import coverage
    from bvn_asp.diff import diff
    from bvn_asp.errors import BvnError, Fault, InputError, SolverError
    from bvn_asp.evaluate import Evaluation, Evaluator, Status, Verdict, evaluate
    from bvn_asp.explain import Explanation, explain
    from bvn_asp.governs import governs
    from bvn_asp.library import Library
    from bvn_asp.lint import lint
    from bvn_asp.mutate import mutate
    from bvn_asp.nearest import nearest
    from bvn_asp.partial import partial
    from bvn_asp.record import Verification, make_record, verify
    from bvn_asp.repair import repair
    from bvn_asp.report import report
    from bvn_asp.split import split
    from bvn_asp.stricter import stricter
    from bvn_asp.synth import synth
    from bvn_asp.testing import run_checks
    from bvn_asp.vocabulary import Slot, Vocabulary, load_vocabulary
    from bvn_asp.whatif import whatif

_HOMES = {
    "case": ("Case",),
    "case_reader": ("load_case", "make_case", "parse_case"),
    "compare": ("Comparison", "compare"),
    "errors": ("BvnError", "Fault", "InputError", "SolverError"),
    "evaluate": ("Evaluation", "Evaluator", "Status", "Verdict", "evaluate"),
    "explain": ("Explanation", "explain"),
    "library": ("Library",),
    "record": ("Verification", "make_record", "verify"),
    "testing": ("run_checks",),
    "vocabulary": ("Slot", "Vocabulary", "load_vocabulary"),
    **{
        verb: (verb,)
        for verb in (
            *("ask", "atlas", "claims", "codes", "coverage", "diff", "governs", "lint", "mutate", "nearest"),
            *("partial", "repair", "report", "split", "stricter", "synth", "whatif"),
        )
    },
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    *("BvnError", "Case", "Comparison", "Evaluation", "Evaluator", "Explanation", "Fault", "InputError", "Library"),
    *("Slot", "SolverError", "Status", "Verdict", "Verification", "Vocabulary"),
    *("ask", "atlas", "claims", "codes", "compare", "coverage", "diff", "evaluate", "explain", "governs", "lint"),
    *("load_case", "load_vocabulary", "make_case", "make_record", "mutate", "nearest", "parse_case", "partial"),
    *("repair", "report", "run_checks", "split", "stricter", "synth", "verify", "whatif"),
]


class _Package(types.ModuleType):
    """The package: a verb's name is its function, although its module bears the same name."""

    def __getattr__(self, name: str) -> Any:
        home = _HOME_OF.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(importlib.import_module(f"{__name__}.{home}"), name)
        super().__setattr__(name, found)
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        """Importing `bvn_asp.compare` would put the module where the verb belongs; it is found all the same."""
        if not (name in _HOME_OF and isinstance(value, types.ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
