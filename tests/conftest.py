"""What the tests share: the toy library, and the shipped one."""

from __future__ import annotations

import os
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, settings
from places import TOY

from bvn_asp import Library

os.environ["BVN_CACHE"] = "off"  # what an earlier run kept decides no test
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")  # how fast a test runs on a busy machine says nothing of what it tests


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    if config.getoption("dist", "no") == "load":
        config.option.dist = "loadgroup"


SPREAD = {"test_agreement", "test_docs", "test_fuzz", "test_repair_brute", "test_page", "test_answers"}
TOGETHER = {"test_certify": "cohere", "test_stricter": "cohere"}  # what `shared` makes


def pytest_collection_modifyitems(items):
    """A module stays with one worker, which makes what it shares once; not so those that share little and take long."""
    for item in items:
        if item.path.stem not in SPREAD:
            item.add_marker(pytest.mark.xdist_group(TOGETHER.get(item.path.stem, item.path.stem)))


@dataclass(frozen=True)
class Toy:
    """The toy library, with short ways to make its cases."""

    library: Library

    def case(self, request=None, **facts):
        """A case of the toy vocabulary; L4 and L5 are asked for unless the request says otherwise."""
        import json

        request = {"date": "2026-12-01", "bodies": ["L4", "L5"]} if request is None else request
        return self.library.parse(json.dumps({"title": "a toy patient", "request": request, "facts": facts}))


@pytest.fixture(scope="session")
def toy():
    return Toy(Library(TOY))


@pytest.fixture(scope="session")
def shipped():
    from shared import LIBRARY

    return LIBRARY


@pytest.fixture(scope="session")
def forked():
    """Commands in processes of their own."""
    from forked import Bvn

    made = Bvn()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    """Nothing here may reach out: a socket that connects anywhere but to this machine is an error."""
    import socket

    connect = socket.socket.connect

    def guarded(self, address):
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"the network was asked for {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
