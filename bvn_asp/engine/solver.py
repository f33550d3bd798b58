"""clingo, loaded when something of it is first used.

Loading it takes longer than many a question does, and what is asked along lines kept from an earlier run needs none of
it. So the modules that such a question passes through say `solver.Control` and import nothing of clingo themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clingo import BackendType, Control, Function, Number, SymbolType, parse_term

__all__ = ["BackendType", "Control", "Function", "Number", "SymbolType", "parse_term"]


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        import clingo

        found = globals()[name] = getattr(clingo, name)
        return found
