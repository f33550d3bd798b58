from __future__ import annotations

import pytest

pytest.importorskip("starlette", reason="the server is not installed: pip install bvn-asp[serve]")
pytest.importorskip("httpx2", reason="its test client needs httpx2")

from starlette.testclient import TestClient

from bvn_asp.serve.app import application

BASE = "http://127.0.0.1:8765"


@pytest.fixture(scope="session")
def app(shipped):
    return application(shipped)


@pytest.fixture(scope="session")
def client(app):
    with TestClient(app, base_url=BASE) as made:
        yield made
