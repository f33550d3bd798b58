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


def holds(expression: str, resource: Mapping[str, Any]) -> bool:
    """Whether a path comes to true; empty is not true.

    Raises: PathError.
    """
    return path(expression)(resource) == [True]
