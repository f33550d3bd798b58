"""Tests of FHIR need the extra `fhir`."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _extra():
    pytest.importorskip("fhirkit")
    pytest.importorskip("fhirpathpy")
