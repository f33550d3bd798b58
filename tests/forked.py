"""Commands in processes of their own, forked from one that has the package imported: each costs what it does, no start.

What is forked has one thread and has asked nothing yet, so that each command finds what a new process would find.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path


class Bvn:
    """Runs `bvn` with some words, in a folder and an environment."""

    def __init__(self) -> None:
        env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
        self._served = subprocess.Popen(
            [sys.executable, str(Path(__file__))], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env
        )
        atexit.register(self.close)

    def run(self, words: Sequence[str], folder: Path, env: Mapping[str, str], seconds: int = 300) -> tuple[int, str]:
        """Exit status, and what was printed on either stream."""
        with tempfile.NamedTemporaryFile() as printed:
            asked = {"words": list(words), "cwd": str(folder), "env": dict(env), "to": printed.name, "seconds": seconds}
            assert self._served.stdin
            assert self._served.stdout
            self._served.stdin.write(json.dumps(asked) + "\n")
            self._served.stdin.flush()
            status = int(self._served.stdout.readline())
            return status, printed.read().decode("utf-8")

    def close(self) -> None:
        if self._served.poll() is None:
            self._served.stdin.close()  # type: ignore[union-attr]
            self._served.wait()


def serve() -> None:
    """Fork a process for each line that is read, and say how it ended."""
    import numpy  # noqa: F401

    from bvn_asp.cli import COMMANDS, main

    main.list_commands(None)  # type: ignore[arg-type]
    for name in COMMANDS:
        main.get_command(None, name)  # type: ignore[arg-type]
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            _be(asked, main)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _be(asked: dict[str, object], main: object) -> None:
    """Become the command that was asked for; never returns."""
    status = 1
    try:
        signal.alarm(int(asked["seconds"]))  # type: ignore[call-overload]
        os.chdir(str(asked["cwd"]))
        os.environ.clear()
        os.environ.update(asked["env"])  # type: ignore[call-overload]
        printed = os.open(str(asked["to"]), os.O_WRONLY | os.O_APPEND)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(printed, 1)
        os.dup2(printed, 2)
        sys.argv = ["bvn", *asked["words"]]  # type: ignore[misc]
        sys.stdin = open(0, closefd=False)  # noqa: SIM115
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
        main(prog_name="bvn")  # type: ignore[operator]
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    serve()
