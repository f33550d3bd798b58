"""Whoever is not let in: each wall is attacked."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from places import ROOT
from starlette.testclient import TestClient

from bvn_asp.errors import InputError
from bvn_asp.serve.app import application
from bvn_asp.serve.guard import COOKIE, Door
from bvn_asp.serve.pool import Pool, TooLate
from bvn_asp.serve.problems import Refused

YAML = {"content-type": "application/yaml"}
CASE = b"title: x\n"
HERE = "http://127.0.0.1:8765"


@pytest.fixture(scope="module")
def locked(shipped):
    """A server that was opened to other machines."""
    door = Door(("reviews.example",), 8765, "s3cret-token", most_bytes=4096)
    with TestClient(application(shipped, door), base_url="http://reviews.example:8765") as made:
        yield made


@pytest.fixture(scope="module")
def near(shipped):
    """A server on the loopback address, at a port of its own."""
    with TestClient(application(shipped, Door(port=8765)), base_url=HERE, raise_server_exceptions=False) as made:
        yield made


def ask(client, **headers):
    sent = {key.replace("_", "-"): value for key, value in headers.items()}
    return client.post("/v1/compare?policies=cohere-ma", content=CASE, headers={**YAML, **sent})


# -- other names and other pages ---------------------------------------------------------------


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:8766", "127.0.0.1.evil.example:8765", "", "localhost",
                                  "evil.example:8765", "127.0.0.1:8765@evil.example"])
def test_a_name_that_was_made_to_point_here_is_not_answered(near, host):
    answer = ask(near, host=host)

    assert answer.status_code == 421
    assert "verdict" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:8765", "LOCALHOST:8765", "[::1]:8765"])
def test_our_own_names_are_answered(near, host):
    assert ask(near, host=host).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:8766", "http://localhost:8765",
                                    "file://", "http://127.0.0.1:8765.evil.example"])
def test_a_page_of_another_origin_is_not_answered(near, origin):
    answer = ask(near, origin=origin)

    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_of_another_site_is_not_answered_even_where_it_says_no_origin(near, site):
    assert ask(near, sec_fetch_site=site).status_code == 403
    assert near.get("/v1/policies", headers={"sec-fetch-site": site, "sec-fetch-mode": "no-cors",
                                             "sec-fetch-dest": "script"}).status_code == 403


def test_our_own_page_is_answered(near):
    assert ask(near, origin=HERE, sec_fetch_site="same-origin").status_code == 200


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_what_a_form_of_another_site_can_send_unasked_is_not_read(near, media):
    answer = near.post("/v1/compare", content=CASE, headers={"content-type": media})

    assert answer.status_code == 415


def test_nobody_is_told_that_he_may_ask_from_elsewhere(near):
    answer = near.options("/v1/compare", headers={"origin": "http://evil.example",
                                                  "access-control-request-method": "POST"})

    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]


# -- the token ---------------------------------------------------------------------------------


@pytest.mark.parametrize("shown", [{}, {"authorization": "Bearer wrong"}, {"authorization": "Bearer "},
                                   {"cookie": f"{COOKIE}=wrong"}, {"cookie": "%%;;==", "authorization": "Basic eA=="},
                                   {"authorization": "Bearer s3cret-tokenx"}])
@pytest.mark.parametrize("path", ["/v1/policies", "/openapi.json", "/docs", "/v1/schemas/case", "/../v1/policies"])
def test_without_the_token_nothing_is_answered(locked, path, shown):
    answer = locked.get(path, headers=shown)

    assert answer.status_code in (401, 404)
    assert "cohere" not in answer.text


def test_with_the_token_one_is_let_in_by_header_or_by_the_door(locked):
    assert locked.get("/v1/policies", headers={"authorization": "Bearer s3cret-token"}).status_code == 200
    assert locked.get("/", follow_redirects=False).headers["location"] == "/enter"
    assert locked.post("/enter", data={"token": "guess"}).status_code == 401
    entered = locked.post("/enter", data={"token": "s3cret-token"}, follow_redirects=False)
    flags = entered.headers["set-cookie"].lower()
    assert entered.status_code == 303
    assert "httponly" in flags
    assert "samesite=strict" in flags
    assert locked.get("/v1/policies").status_code == 200
    locked.cookies.clear()


def test_the_token_is_never_in_an_address_or_a_page(locked):
    for path in ("/enter", "/healthz"):
        assert "s3cret" not in locked.get(path).text
    assert locked.get("/v1/policies?token=s3cret-token").status_code == 401


# -- sizes, times, numbers ---------------------------------------------------------------------


def test_a_body_that_is_too_large_is_not_read(locked):
    token = {"authorization": "Bearer s3cret-token", **YAML}
    long = CASE + b"#" * 5000

    said = locked.post("/v1/compare", content=long, headers=token)
    streamed = locked.post("/v1/compare", content=iter([long[:3000], long[3000:]]), headers=token)
    lied = locked.post("/v1/compare", content=CASE, headers={**token, "content-length": "many"})

    assert [each.status_code for each in (said, streamed, lied)] == [413, 413, 413]


@pytest.mark.parametrize("body", [
    b"a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b]\ntitle: [*c,*c,*c,*c]",
    b"[" * 100_000,
    b'{"case":' * 20_000,
    b"title: x\nrequest: {date: 99999-99-99}",
    b"title: x\nfacts: {age: " + b"9" * 50_000 + b"}",
    b"title: x\nfacts: {pain_duration: " + b"1 " * 20_000 + b"months}",
    b"title: !!python/object/apply:os.system ['echo hi']",
    b"\x00" * 1000,
    b'{"case": {"title": "x"}, "policies": {"a": ["b"]}}',
    b'{"case": {"title": "x"}, "readings": [1]}',
    b'{"case": {"title": "x"}, "readings": {"cohere-ma": {"O29": {"x": 1}}}}',
    b'{"case": null}',
    b"<a/>",
    b'{"resourceType": "Bundle"}',
])
def test_a_body_made_to_break_the_reader_is_refused_in_a_second(near, body):
    begun = time.monotonic()

    answer = near.post("/v1/compare", content=body, headers=YAML)

    assert answer.status_code == 422, answer.text[:300]
    assert time.monotonic() - begun < 2


def test_no_more_wait_than_may():
    async def crowd():
        pool = Pool(1, 1, 5)
        free = threading.Event()
        first = asyncio.ensure_future(pool.run(lambda: free.wait(5)))
        second = asyncio.ensure_future(pool.run(lambda: 2))
        await asyncio.sleep(0.1)
        with pytest.raises(Refused) as refused:
            await pool.run(lambda: 3)
        free.set()
        return refused.value.status, await first, await second, await pool.run(lambda: 4)

    assert asyncio.run(crowd()) == (503, True, 2, 4)


def test_a_question_that_does_not_stop_is_given_up_and_answers_nothing(monkeypatch):
    monkeypatch.setattr("bvn_asp.serve.pool.GRACE", 0.0)

    async def late():
        pool = Pool(1, 1, 0.05)
        free = threading.Event()
        with pytest.raises(TooLate):
            await pool.run(lambda: free.wait(5))
        free.set()
        return await pool.run(lambda: 1)

    assert asyncio.run(late()) == 1


# -- what a browser may do ---------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/docs", "/enter", "/openapi.json", "/v1/policies", "/static/app.css", "/none"])
def test_every_answer_forbids_scripts_in_pages_referrers_frames_and_caches(near, path):
    headers = near.get(path).headers

    wall = headers["content-security-policy"]
    assert "default-src 'none'" in wall
    assert "unsafe" not in wall
    assert "frame-ancestors 'none'" in wall
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in headers


def test_no_file_outside_is_handed_out(near):
    for path in ("/static/../pages.py", "/static/%2e%2e/pages.py", "/static/..%2fpages.py", "/static//etc/passwd",
                 "/v1/schemas/../../pyproject.toml", "/v1/schemas/..%2f..%2fREADME"):
        answer = near.get(path)
        assert answer.status_code == 404, path
        assert "import" not in answer.text


def test_policies_are_never_read_from_a_request(near):
    for name in ("../cases", "/etc/passwd", "cohere-ma@../../x", "git:HEAD", "file:x.lp"):
        answer = near.post("/v1/compare", params={"policies": name}, content=CASE, headers=YAML)
        assert answer.status_code == 422


# -- nothing stays -----------------------------------------------------------------------------

CANARY = "canary7Q2"


def canaries():
    """Requests that bear a mark in every place that a chart or a file has."""
    case = {"title": CANARY, "about": CANARY, "source": CANARY,
            "facts": {"age": {"value": 61, "evidence": {"document": CANARY, "note": CANARY}}}}
    return [
        json.dumps({"case": case, "policies": ["cohere-ma"]}).encode(),
        f"title: {CANARY}\nfacts: {{age: {CANARY}}}".encode(),
        f"{CANARY}: [".encode(),
        f"title: x\nfacts: {{{CANARY}: 1}}".encode(),
    ]


def test_nothing_of_a_chart_is_logged_even_where_the_server_breaks(near, caplog, capfd, monkeypatch):
    def breaks(*_, **__):
        raise ValueError(f"of {CANARY}")

    caplog.set_level(logging.DEBUG)
    for body in canaries():
        for verb in ("compare", "ask", "explain"):
            near.post(f"/v1/{verb}?policies={CANARY}", content=body, headers=YAML)
    monkeypatch.setattr("bvn_asp.serve.api.read_question", breaks)
    broken = near.post("/v1/compare", content=canaries()[0], headers=YAML)

    said = caplog.text + "".join(capfd.readouterr())
    assert broken.status_code == 500
    assert CANARY not in broken.text
    assert broken.headers["content-type"] == "application/problem+json"
    assert "ValueError in breaks" in said  # the fault is told, its words are not
    assert CANARY not in re.sub(r"HTTP Request: .*", "", said)  # that line is the test's own client


def start(*words, **env):
    """`bvn serve` as a process, and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bvn_asp", "serve", "--port", "0", *words], cwd=ROOT, text=True, bufsize=1,
        env={**os.environ, "PYTHONPATH": str(ROOT), **env}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )
    lines = []
    for line in process.stderr:
        lines.append(line.strip())
        if line.startswith("Ctrl-C"):
            return process, lines
    raise AssertionError(lines)


def end(process):
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=20)
    return process.returncode, out + error


def test_a_server_writes_nothing_to_disk_or_to_its_log_and_listens_to_this_machine_only(tmp_path):
    httpx = pytest.importorskip("httpx2")
    process, lines = start(TMPDIR=str(tmp_path), HOME=str(tmp_path))
    try:
        address = lines[0].split()[1]
        port = int(address.rstrip("/").rpartition(":")[2])
        before = files(process.pid)
        for body in canaries():
            httpx.post(f"{address}v1/compare?policies={CANARY}", content=body, headers=YAML, timeout=60)
            httpx.post(f"{address}v1/compare", content=body, headers=YAML, timeout=60)
        with socket.create_connection(("127.0.0.1", port)) as raw:  # what no client sends
            raw.sendall(f"GET /{CANARY} HTTP/9.9 {CANARY}\r\n\r\n".encode())
            raw.recv(1000)
        after = files(process.pid)
        listening = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
                     if line.split()[3] == "0A" and int(line.split()[1].partition(":")[2], 16) == port]
    finally:
        status, said = end(process)

    assert status == 0
    assert CANARY not in said
    assert listening == [f"0100007F:{port:04X}"]
    assert not list(tmp_path.rglob("*"))
    assert after <= before


def files(pid):
    """The files that a process has open for writing."""
    found = set()
    for each in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = os.readlink(each)
        except OSError:
            continue
        if target.startswith("/") and not target.startswith("/dev/"):
            found.add(target)
    return found


def test_opened_to_other_machines_it_asks_for_a_token():
    httpx = pytest.importorskip("httpx2")
    process, lines = start("--host", "0.0.0.0")
    try:
        port = lines[0].rstrip("/").rpartition(":")[2]
        token = lines[1].split()[1]
        address = f"http://127.0.0.1:{port}/v1/policies"
        without, shown = httpx.get(address), httpx.get(address, headers={"authorization": f"Bearer {token}"})
    finally:
        end(process)

    assert len(token) >= 24
    assert without.status_code == 401
    assert shown.status_code == 200


def test_an_address_that_is_taken_is_an_error_with_a_hint():
    from bvn_asp.serve.run import _bound

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InputError, match="cannot be served"):
            _bound("127.0.0.1", taken.getsockname()[1])
