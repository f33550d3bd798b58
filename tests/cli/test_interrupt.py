"""Ctrl-C ends a command within a second; an answer that cannot be written is told, never lost in silence."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from places import TOY

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and devices are those of POSIX")
BVN = [sys.executable, "-m", "bvn_asp"]


def test_ctrl_c_is_heard_while_one_long_step_of_the_solver_runs(tmp_path):
    """A long grounding is one step of Python: no handler runs before it ends."""
    code = (
        "from bvn_asp.cli.interrupt import interruptible\nimport clingo\n"
        "with interruptible():\n    control = clingo.Control()\n"
        "    control.add('base', [], 'n(1..400). p(A,B,C,D) :- n(A), n(B), n(C), n(D).')\n"
        "    print('begun', flush=True)\n    control.ground([('base', [])])\n"
    )
    running = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stdout.readline() == "begun\n"
    time.sleep(0.5)
    begun = time.monotonic()

    running.send_signal(signal.SIGINT)

    assert running.wait(10) == 130
    assert time.monotonic() - begun < 2.5
    assert "Traceback" not in running.stderr.read()


def test_a_process_that_ends_at_once_leaves_no_half_written_file(tmp_path):
    code = (
        "import pathlib, sys\nfrom bvn_asp.cli.interrupt import interruptible\nfrom bvn_asp.files import written\n"
        "import clingo\n"
        "with interruptible(), written(pathlib.Path(sys.argv[1])) as file:\n    file.write(b'half')\n"
        "    control = clingo.Control()\n"
        "    control.add('base', [], 'n(1..400). p(A,B,C,D) :- n(A), n(B), n(C), n(D).')\n"
        "    print('begun', flush=True)\n    control.ground([('base', [])])\n"
    )
    arguments = [sys.executable, "-c", code, str(tmp_path / "out.txt")]
    running = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stdout.readline() == "begun\n"
    assert any(tmp_path.iterdir())
    time.sleep(0.5)

    running.send_signal(signal.SIGINT)

    assert running.wait(10) == 130
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk is played by /dev/full")
def test_a_full_standard_output_is_told_with_status_2():
    with open("/dev/full", "w") as full:
        found = subprocess.run([*BVN, "policies"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)

    assert found.returncode == 2
    assert "could not be written: no space left" in found.stderr
    assert "Traceback" not in found.stderr


def test_a_closed_standard_output_is_told_with_status_2():
    found = subprocess.run(
        ["sh", "-c", '"$0" -m bvn_asp policies >&-', sys.executable], stderr=subprocess.PIPE, text=True, timeout=60
    )

    assert found.returncode == 2
    assert "could not be written" in found.stderr
    assert "Traceback" not in found.stderr


def test_a_reader_that_goes_away_is_no_fault():
    command = '"$0" -m bvn_asp facts | head -n 1'
    found = subprocess.run(["sh", "-c", command, sys.executable], capture_output=True, text=True, timeout=60)

    assert found.stderr == ""
    assert len(found.stdout.splitlines()) == 1


def test_a_closed_standard_input_is_a_plain_error():
    found = subprocess.run(
        ["sh", "-c", '"$0" -m bvn_asp compare - <&-', sys.executable], capture_output=True, text=True, timeout=60
    )

    assert found.returncode == 2
    assert "Traceback" not in found.stderr


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_any_encoding_can_be_printed_to(tmp_path, encoding):
    (tmp_path / "case.yaml").write_text("title: \u4e00 chart \U0001f600\nrequest: {bodies: [L4]}\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": encoding}

    found = subprocess.run(
        [*BVN, "compare", str(tmp_path / "case.yaml"), "--policies", str(TOY)], env=environment, capture_output=True,
        timeout=60,
    )

    assert found.returncode == 0, found.stderr
    assert rb"\u4e00 chart" in found.stdout
