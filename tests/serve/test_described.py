"""schemathesis asks what the description allows, and what it does not: no fault of the server, no undescribed answer.

`BVN_EXAMPLES=2000` for all of it; the number is shared by the operations.
"""

from __future__ import annotations

import json
import os
import threading

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed: pip install bvn-asp[dev]")
uvicorn = pytest.importorskip("uvicorn")

from schemathesis.specs.openapi.checks import (  # noqa: E402
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bvn_asp.serve.app import application  # noqa: E402
from bvn_asp.serve.guard import Door  # noqa: E402
from bvn_asp.serve.openapi import openapi  # noqa: E402
from bvn_asp.serve.run import _bound  # noqa: E402

OPERATIONS = 15


@schemathesis.serializer("application/x-ndjson")
def _as_it_is(ctx, value):
    return value.encode("utf-8", "replace") if isinstance(value, str) else value


NAMES = st.sampled_from(["id", "age", "bmi", "modic.L4", "date", "nonsense"])
VALUES = st.one_of(st.none(), st.integers(-5, 200), st.text(max_size=6))
ROWS = st.lists(st.dictionaries(NAMES, VALUES, max_size=4), max_size=5)
schemathesis.openapi.media_type(
    "application/x-ndjson",
    st.one_of(ROWS.map(lambda rows: "".join(json.dumps(row) + "\n" for row in rows)), st.text(max_size=40)),
)
SECONDS = 4.0  # a question about every policy may take longer on a slow machine: 503, as described
NUMBER = max(1, int(os.environ.get("BVN_EXAMPLES", "60")) // OPERATIONS)
CHECKS = [content_type_conformance, response_schema_conformance, status_code_conformance]


@pytest.fixture(scope="module")
def described(shipped):
    """The description of a server that listens."""
    bound = _bound("127.0.0.1", 0)
    port = bound.getsockname()[1]
    made = application(shipped, Door(port=port), threads=2, seconds=SECONDS)
    server = uvicorn.Server(uvicorn.Config(made, log_config=None, access_log=False, ws="none", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    found = schemathesis.openapi.from_dict(openapi(shipped))
    found.config.update(base_url=f"http://127.0.0.1:{port}", request_timeout=120)
    yield found
    server.should_exit = True
    thread.join(10)


@pytest.mark.parametrize("number", range(OPERATIONS))
def test_what_is_asked_by_the_description_is_answered_as_it_says(described, number):
    operation = [each.ok() for each in described.get_all_operations()][number]

    @settings(max_examples=NUMBER, deadline=None, database=None, phases=[Phase.explicit, Phase.generate],
              suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def holds(case):
        answer = case.call_and_validate(checks=CHECKS)
        assert answer.status_code < 500 or answer.status_code == 503, answer.text

    holds()


def test_so_many_operations_share_the_number(shipped):
    assert sum(len(each) for each in openapi(shipped)["paths"].values()) == OPERATIONS
