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
    from bvn_asp.case import Case
    from bvn_asp.case_reader import load_case, make_case, parse_case
    from bvn_asp.compare import Comparison, compare
    from bvn_asp.errors import BvnError, Fault, InputError, SolverError
    from bvn_asp.evaluate import Evaluation, Evaluator, Status, Verdict, evaluate
    from bvn_asp.explain import Explanation, explain
    from bvn_asp.library import Library
    from bvn_asp.record import Verification, make_record, verify
    from bvn_asp.vocabulary import Slot, Vocabulary, load_vocabulary

_HOMES = {
    "case": ("Case",),
    "case_reader": ("load_case", "make_case", "parse_case"),
    "compare": ("Comparison", "compare"),
    "errors": ("BvnError", "Fault", "InputError", "SolverError"),
    "evaluate": ("Evaluation", "Evaluator", "Status", "Verdict", "evaluate"),
    "explain": ("Explanation", "explain"),
    "library": ("Library",),
    "record": ("Verification", "make_record", "verify"),
    "vocabulary": ("Slot", "Vocabulary", "load_vocabulary"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [  # noqa: RUF022 - nouns, then verbs
    *("BvnError", "Case", "Comparison", "Evaluation", "Evaluator", "Explanation", "Fault", "InputError", "Library"),
    *("Slot", "SolverError", "Status", "Verdict", "Verification", "Vocabulary"),
    *("compare", "evaluate", "explain", "load_case", "load_vocabulary", "make_case", "make_record", "parse_case"),
    "verify",
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
