"""The chart page: one change to every verdict, twenty reviewers at once, and what stays in memory. Loopback only."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
import urllib.request
from http.client import HTTPConnection
from pathlib import Path

import yaml

from benchmarks._table import Table

ROOT = Path(__file__).parent.parent
CHANGES = int(os.environ.get("BVN_CHANGES", "300"))
LONG = int(os.environ.get("BVN_LONG", "1500"))
REVIEWERS, SECONDS = 20, float(os.environ.get("BVN_SECONDS", "15"))
CASE = yaml.load((ROOT / "cases" / "baseline.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
BESIDE = {"/app/sheet": 10, "/app/ask": 100, "/app/ways": 200}  # one of so many changes is also looked at so
HEADERS = {"content-type": "application/json"}


def changed(rng: random.Random) -> bytes:
    """The baseline chart with one fact otherwise."""
    facts = dict(CASE["facts"])
    name, values = rng.choice(
        [
            ("age", [str(n) for n in range(16, 80)]),
            ("bmi", [str(n / 10) for n in range(250, 450)]),
            ("care_duration", [f"{n} weeks" for n in range(1, 60)]),
            ("pregnant", ["yes", "no", "unknown"]),
            ("radiculopathy", ["yes", "no"]),
            ("psychological_assessment", ["none", "informal", "formal"]),
        ]
    )
    facts[name] = rng.choice(values)
    return json.dumps({"case": {"title": "x", "request": CASE["request"], "facts": facts}}).encode()


def anybody(rng: random.Random) -> bytes:
    """A chart that was hardly ever asked about: six facts at random, so that nothing kept of one helps another."""
    facts = dict(CASE["facts"])
    for _ in range(6):
        facts |= json.loads(changed(rng))["case"]["facts"]
    facts["pain_score"] = f"{rng.randint(0, 10)} points"
    facts["modic"] = {body: rng.choice(["none", "type_1", "type_2", "type_3"]) for body in ("L3", "L4", "L5", "S1")}
    title = f"x {rng.random()}"
    return json.dumps({"case": {"title": title, "request": CASE["request"], "facts": facts}}).encode()


def ask(link: HTTPConnection, body: bytes, path: str = "/app/verdicts") -> float:
    """How long one question takes."""
    begun = time.perf_counter()
    link.request("POST", path, body, HEADERS)
    answer = link.getresponse()
    text = answer.read()
    assert answer.status == 200, text[:200]
    return time.perf_counter() - begun


def memory(pid: int) -> float:
    """What a process holds, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1000
    return 0.0


def at(times: list[float], share: float) -> str:
    return f"{1000 * sorted(times)[min(len(times) - 1, int(share * len(times)))]:.0f} ms"


def _everywhere() -> None:
    if hasattr(os, "sched_setaffinity"):  # the benchmarks pin themselves to one core
        os.sched_setaffinity(0, range(os.cpu_count() or 1))


def run() -> Table:
    begun = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "bvn_asp", "serve", "--port", "0"],
        stderr=subprocess.PIPE, text=True, cwd=ROOT, preexec_fn=_everywhere,
    )
    try:
        assert server.stderr is not None
        address = server.stderr.readline().split()[1]
        urllib.request.urlopen(address).read()
        first = time.perf_counter() - begun
        port = int(address.rstrip("/").rpartition(":")[2])
        rng = random.Random(1)
        link = HTTPConnection("127.0.0.1", port)
        for _ in range(40):  # every thread is warm
            ask(link, changed(rng))
        alone = [ask(link, changed(rng)) for _ in range(CHANGES)]
        sheet = [ask(link, changed(rng), "/app/sheet") for _ in range(CHANGES // 5)]
        many: list[float] = []

        def reviewer(seed: int) -> None:
            own, mine = random.Random(seed), HTTPConnection("127.0.0.1", port)
            time.sleep(own.random())
            end = time.perf_counter() + SECONDS
            while time.perf_counter() < end:
                spent = ask(mine, changed(own))
                many.append(spent)
                time.sleep(max(0.0, 1.0 - spent))

        threads = [threading.Thread(target=reviewer, args=(seed,)) for seed in range(REVIEWERS)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        link.close()  # it lay idle, and the server may have hung up; the next question opens it anew
        before = memory(server.pid)
        half = 0.0
        for number in range(LONG):
            ask(link, anybody(rng))
            for path, each in BESIDE.items():
                if number % each == 0:
                    ask(link, anybody(rng), path)
            if number == LONG // 2:
                half = memory(server.pid)
        after = memory(server.pid)
    finally:
        server.terminate()
        server.wait(20)
    return Table(
        title="What a change on the chart page costs",
        how=f"Over HTTP on the loopback, {LONG} changes in all at the end; the server has every core.",
        head=("what", "number", "median", "99th"),
        rows=[
            ("start to first page", "1", f"{1000 * first:.0f} ms", ""),
            ("one change to every verdict, one reviewer", str(len(alone)), at(alone, 0.5), at(alone, 0.99)),
            ("then the worksheet, what is open and presumed", str(len(sheet)), at(sheet, 0.5), at(sheet, 0.99)),
            (f"{REVIEWERS} reviewers, one change a second each", str(len(many)), at(many, 0.5), at(many, 0.99)),
            (f"memory before, half way and after {LONG} changes", "", f"{before:.0f}, {half:.0f} MB", f"{after:.0f} MB"),
        ],
    )


if __name__ == "__main__":
    print(run().markdown())
