"""The worksheet in a browser, and the answers of the command line over HTTP: `bvn serve`.

An edge, like the command line: it may import everything below. Nothing is kept on disk, nothing of a chart is logged;
what a request holds is forgotten when it is answered, and only grounded policies stay.
"""

from __future__ import annotations

from bvn_asp.errors import fault


def need_libraries() -> None:
    """Raise InputError if the libraries of the extra `serve` are not installed."""
    try:
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError:
        raise fault("the server is not installed here", "pip install 'bvn-asp[serve]'") from None
