"""What the tests share: the toy library, and the shipped one."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from places import HERE, ROOT, TOY
from shared import LIBRARY

from bvn_asp import Library

# What an earlier run kept decides no test: the store is new, and the workers and commands of one run share it.
if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["BVN_CACHE"] = tempfile.mkdtemp(prefix="bvn-tests-")
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")  # how fast a test runs on a busy machine says nothing of what it tests


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    config.addinivalue_line("markers", "cold: reads its libraries anew, for it is about what a first question does")
    if config.getoption("dist", "no") == "load":
        config.option.dist = "loadgroup"
        config.option.loadscopereorder = False  # the order below holds


SPREAD = {"test_agreement", "test_docs", "test_fuzz", "test_repair_brute", "test_page", "test_answers"}
TOGETHER = {  # what `shared` makes
    **dict.fromkeys(("test_certify", "test_stricter", "test_diff_pages", "test_letter", "test_letter_plain"), "cohere"),
    **dict.fromkeys(("test_atlas", "test_sources", "test_browser"), "cohere"),
    **dict.fromkeys(("test_synth", "test_testing"), "cases"),
}
FIRST = ("cohere", "cases", "test_repair", "test_batch", "test_schema", "test_oracles", "test_find")
"""The longest groups begin; what is spread over the workers ends, piece by piece, so that none waits for another."""


def pytest_collection_modifyitems(items):
    """A module stays with one worker, which makes what it shares once; not so those that share little and take long."""

    def turn(item):
        group = TOGETHER.get(item.path.stem, item.path.stem)
        return FIRST.index(group) if group in FIRST else len(FIRST) + (item.path.stem in SPREAD)

    for item in items:
        if item.path.stem not in SPREAD:
            item.add_marker(pytest.mark.xdist_group(TOGETHER.get(item.path.stem, item.path.stem)))
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=turn)


def pytest_unconfigure(config):
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ["BVN_CACHE"], ignore_errors=True)


# -- libraries ---------------------------------------------------------------------------------

_READ = (ROOT / "policies", TOY, HERE / "rfa")  # nothing writes there while tests run
_shared: dict[tuple[object, ...], Library] = {(str(LIBRARY.folder), ""): LIBRARY}
_new = True


def _library(cls, folder=None, texts=None):
    """A library of this checkout that was read before, with its programs: a command finds it as the server does."""
    if _new or texts is not None:
        return object.__new__(cls)
    made = object.__new__(Library)  # with its verbs, for a command too: both ask the same programs
    made.__init__(folder)
    if not any(made.folder.resolve().is_relative_to(each) for each in _READ):
        return made
    here = "" if made.folder.is_absolute() else Path.cwd()
    return _shared.setdefault((str(made.folder), here), made)


def _begin(self, *arguments, begin=Library.__init__, **named):
    if not hasattr(self, "_made"):
        begin(self, *arguments, **named)


Library.__mro__[-2].__new__, Library.__mro__[-2].__init__ = _library, _begin


@pytest.fixture(autouse=True)
def _warm(request):
    """Libraries are shared, unless a test says that it is about cold ones."""
    global _new
    _new = request.node.get_closest_marker("cold") is not None
    yield
    _new = True


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
