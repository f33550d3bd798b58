"""`python -m benchmarks.fuzz [--n 2000] [--seed 1]`: damaged files put to every command; 1 if one does not end well."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks._fuzz import Bench, fuzz


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz")
    parser.add_argument("--n", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    toy = Path(__file__).parent.parent / "tests" / "toy"
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), toy)
        failures = fuzz(bench, wanted.n, wanted.seed)
    for each in failures:
        print(f"{each.trial}\n  {each.how}", file=sys.stderr)
    print(f"{wanted.n} trials, seed {wanted.seed}: {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
