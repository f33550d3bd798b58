"""FHIRPath on R4 resources, by fhirpathpy; each path is parsed once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

Path = Callable[[Mapping[str, Any]], list[Any]]


class PathError(Exception):
    """A path is not FHIRPath, or cannot be followed on a resource that is broken."""


@cache
def path(expression: str) -> Path:
    """A FHIRPath ready to be followed.

    Raises: PathError: it does not parse.
    """
    from fhirpathpy import compile as parse
    from fhirpathpy.models import models

    try:
        follow = parse(expression, model=models["r4"])
    except Exception as error:  # the library raises whatever its parser does
        raise PathError(str(error)) from None

    def found(resource: Mapping[str, Any]) -> list[Any]:
        try:
            return list(follow(resource, {}))
        except Exception as error:
            raise PathError(str(error)) from None

    return found


def check(expression: str) -> None:
    """Raise PathError unless a text is FHIRPath to its last sign, with functions that are known.

    The library's own parser passes over what it does not understand; its grammar is asked here without mercy.
    """
    from antlr4 import CommonTokenStream, InputStream
    from antlr4.error.ErrorListener import ErrorListener
    from fhirpathpy.parser.generated.FHIRPathLexer import FHIRPathLexer
    from fhirpathpy.parser.generated.FHIRPathParser import FHIRPathParser

    class Strict(ErrorListener):  # type: ignore[misc]
        def syntaxError(self, *args: Any) -> None:
            raise PathError(str(args[4]))

    lexer = FHIRPathLexer(InputStream(expression))
    parser = FHIRPathParser(CommonTokenStream(lexer))
    for each in (lexer, parser):
        each.removeErrorListeners()
        each.addErrorListener(Strict())
    parser.entireExpression()  # type: ignore[no-untyped-call]
    path(expression)({})


def holds(expression: str, resource: Mapping[str, Any]) -> bool:
    """Whether a path comes to true; empty is not true.

    Raises: PathError.
    """
    return path(expression)(resource) == [True]
