"""A question that takes too long ends: 503 with what was found, never a "none"; its thread is free, and answers on."""

from __future__ import annotations

import asyncio
import json
import time

import pytest
from click.testing import CliRunner
from places import ROOT
from starlette.testclient import TestClient

from bvn_asp.cli import main
from bvn_asp.engine.presume import presume
from bvn_asp.engine.session import _OWN
from bvn_asp.serve import api, pool
from bvn_asp.serve.app import application
from bvn_asp.serve.pool import Pool, TooLate

PENDS = b"title: x\nrequest: {date: 2026-12-03, bodies: [L4], line_of_business: medicare_advantage, state: ga}\n"
OPEN = ROOT / "cases" / "founding" / "document-004.yaml"
YAML = {"content-type": "application/yaml"}
VERBS = {
    "compare": {}, "explain": {"policy": "cohere-ma"}, "repair": {"policies": "lcd-l39642"},
    "ask": {"policies": "lcd-l39642"}, "whatif": {"suppose": "bmi=41"}, "partial": {"policy": "lcd-l39642"},
    "request": {"policy": "lcd-l39642"}, "checklist": {"policy": "lcd-l39642"},
    "letter": {"policy": "cohere-ma", "purpose": "adverse"},
}


@pytest.fixture
def hasty(shipped, monkeypatch):
    """A server of one thread, and its threads; whatever it is asked is given up at once."""
    monkeypatch.setattr(pool, "GRACE", 0.0)
    made = application(shipped, threads=1, seconds=0.0)
    with TestClient(made, base_url="http://127.0.0.1:1") as client:
        yield client, made.app.state.pool


def idle(threads):
    """Waits until nobody is at work."""
    end = time.monotonic() + 20
    while threads._busy:
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize("verb", VERBS)
def test_a_question_that_is_given_up_says_so_and_its_thread_answers_the_next_one_right(hasty, monkeypatch, verb):
    client, threads = hasty
    text = OPEN.read_bytes()

    given_up = client.post(f"/v1/{verb}", params=VERBS[verb], content=text, headers=YAML)
    begun = time.monotonic()
    idle(threads)
    waited = time.monotonic() - begun
    monkeypatch.setattr(pool, "GRACE", 60.0)
    threads.seconds = 60.0
    whole = client.post("/v1/explain?policy=lcd-l39642", content=text, headers=YAML)
    printed = CliRunner().invoke(main, ["explain", str(OPEN), "lcd-l39642", "--format", "json"])

    assert given_up.status_code == 503
    assert given_up.json()["found"] is None
    assert given_up.headers["retry-after"]
    assert waited < 5
    assert whole.text == printed.stdout


def test_a_comparison_hands_over_the_policies_that_are_done_each_of_them_whole(shipped):
    calls = []

    def stop():
        calls.append(1)
        return len(calls) > 9

    whole = shipped.compare(OPEN).data()
    part = shipped.compare(OPEN, stop=stop).data()

    assert 0 < len(part["verdicts"]) < len(whole["verdicts"])
    assert all(each in whole["verdicts"] for each in part["verdicts"])


def test_a_comparison_that_takes_too_long_is_answered_with_what_is_done(shipped):
    with TestClient(application(shipped, threads=1, seconds=0.0), base_url="http://127.0.0.1:1") as client:
        answer = client.post("/v1/compare", content=OPEN.read_bytes(), headers=YAML)

    assert answer.status_code == 503
    assert answer.json()["found"]["verdicts"] == []
    assert "not all there is" in answer.json()["faults"][0]["message"]


def test_a_question_whose_asker_has_gone_is_ended(monkeypatch):
    from bvn_asp.engine.stopping import solving
    from tests.engine.test_stopping import pigeons  # nobody can place them

    monkeypatch.setattr(pool, "LOOK", 0.05)
    threads = Pool(1, 4, 60.0)

    def work():
        control, hard = pigeons()
        with solving(control, [hard]) as handle:
            return handle.model()

    async def gone():
        return True

    async def asked():
        with pytest.raises(TooLate):
            await threads.run(work, gone=gone)
        return await threads.run(lambda: "the next")

    begun = time.monotonic()
    assert asyncio.run(asked()) == "the next"
    assert time.monotonic() - begun < 10
    threads.close()


def test_a_thread_remembers_nothing_of_a_chart_that_it_was_asked_about(shipped):
    made = application(shipped, threads=1)
    with TestClient(made, base_url="http://127.0.0.1:1") as client:
        asked = [("v1/compare", {}), ("v1/explain", {"policy": "cohere-ma"}), ("v1/ask", {"policies": "cohere-ma"})]
        asked += [(f"app/{path}", {}) for path in ("verdicts", "sheet", "ask", "ways")]
        for path, options in asked:
            answer = client.post(f"/{path}", params=options, content=PENDS, headers=YAML)
            assert answer.status_code == 200, (path, answer.text)

        def remembered():
            programs = [p for each in _OWN.sessions.values() for p in each._kept.values()]
            mine = made.app.state.live._own.kept.values()
            aparts = [apart for each in mine for apart in getattr(each, "_aparts", {}).values()]
            return {
                "presumed": len(presume(shipped.vocabulary)._memory),
                "premises": sum(len(program._shown) for program in programs),
                "pairs": sum(len(found) for apart in aparts for found in apart._pairs._found.values()),
                "told": sum(len(apart._fixed) for apart in aparts),
            }, len(programs), len(aparts)

        found, programs, aparts = asyncio.run(made.app.state.pool.run(remembered))

    assert programs > 1
    assert aparts
    assert found == {"presumed": 0, "premises": 0, "pairs": 0, "told": 0}


def rows(number):
    return "".join(
        json.dumps({"id": str(i), "age": 17 + i % 60, "bmi": 30 + i % 15, "date": "2026-12-03"}) + "\n"
        for i in range(number)
    ).encode()


def asked_in_batch(client, number):
    return client.post("/v1/batch?policies=cohere-ma&policies=lcd-l39420", content=rows(number),
                       headers={"content-type": "application/x-ndjson"})


def test_a_batch_whose_time_is_over_says_which_rows_are_not_answered(shipped, monkeypatch):
    pytest.importorskip("pyarrow")
    monkeypatch.setattr(pool, "GRACE", 0.0)
    monkeypatch.setattr(api, "BATCH_TIMES", 1)
    monkeypatch.setattr(api, "ROWS", 8)
    made = application(shipped, threads=1)
    with TestClient(made, base_url="http://127.0.0.1:1") as client:
        asked_in_batch(client, 8)
        begun = time.monotonic()
        whole = asked_in_batch(client, 24).text.splitlines()
        made.app.state.pool.seconds = (time.monotonic() - begun) * 2
        answer = asked_in_batch(client, 2000)
        idle(made.app.state.pool)

    *lines, last = answer.text.splitlines()
    said = json.loads(last)
    assert answer.status_code == 200
    assert "stopped after" in said["fault"]
    assert json.loads(lines[-1])["row"] + 1 == said["row"] <= 2000
    assert len(whole) == 24
    assert lines[:24] == whole[: len(lines)]


def test_a_batch_of_which_nothing_is_found_in_time_is_503(hasty, monkeypatch):
    pytest.importorskip("pyarrow")
    client, threads = hasty
    monkeypatch.setattr(api, "BATCH_TIMES", 0)

    answer = asked_in_batch(client, 300)

    idle(threads)
    assert answer.status_code == 503
    assert answer.json()["found"] is None
