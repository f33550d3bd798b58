"""What went wrong, as problem details (RFC 9457): our faults with place and hint are members of their own.

The members `schema` and `faults` are what the command line prints as JSON for the same fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from starlette.responses import Response

from bvn_asp.errors import Fault, Place
from bvn_asp.render.data import data as answer_data
from bvn_asp.render.data import to_json

MEDIA = "application/problem+json"
TITLES = {
    400: "This is no request that can be read",
    401: "A token is asked for",
    403: "Asked from another place than this page",
    404: "Nothing is served here",
    405: "Asked in another way",
    413: "Too large",
    415: "Not a media type that is read here",
    421: "Another host was asked",
    422: "The question could not be asked",
    500: "A fault of the server",
    503: "Not answered in time",
}


class Refused(Exception):
    """A request that is refused before anything is asked."""

    def __init__(self, status: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.hint = status, message, hint


def problem(
    status: int, faults: Iterable[Fault], headers: Mapping[str, str] | None = None, **members: Any
) -> Response:
    """A refusal, with every fault."""
    listed = list(faults)
    data = {
        "type": "about:blank",
        "title": TITLES[status],
        "status": status,
        "detail": "; ".join(str(each).replace("\n  hint: ", " (") + (")" if each.hint else "") for each in listed),
        **answer_data(None, "error", listed),
        **members,
    }
    return Response(to_json(data), status, headers, MEDIA)


def refused(error: Refused, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to a request that is refused."""
    return problem(error.status, [Fault(Place(""), error.message, error.hint)], headers)


def broken() -> Response:
    """The answer where the server is at fault: nothing of what was asked."""
    return problem(500, [Fault(Place(""), "the server could not answer; this is a fault here")])
