"""FHIR R4 in and out: a chart read as a case, what is open asked as a form, what a policy says put on an order.

An edge, like the command line: it may import everything below, and nothing imports it when a command starts. Every
verb is one function from plain JSON to plain JSON, so that any web framework can serve it. Structure is checked by
fhirkit-rs, paths are FHIRPath by fhirpathpy; which code says what of which fact stands in `policies/fhir.yaml`.
"""

from __future__ import annotations

from bvn_asp.errors import fault


def need_libraries() -> None:
    """Raise InputError if the libraries of the extra `fhir` are not installed."""
    try:
        import fhirkit  # noqa: F401
        import fhirpathpy  # noqa: F401
    except ImportError:
        raise fault("FHIR is not installed here", "pip install 'bvn-asp[fhir]'") from None
