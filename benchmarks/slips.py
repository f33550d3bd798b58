"""Would the tests notice a slip of one line? Plants slips in a module, one at a time, and runs the tests that are its.

    python benchmarks/slips.py                        every module of the table below, twenty slips each
    python benchmarks/slips.py engine/facts --most 0  all slips of one module
    python benchmarks/slips.py engine/facts --list    say which slips there are, run nothing
    python benchmarks/slips.py --most 8 --stop 900    a sample of every module, for a quarter of an hour

A slip turns a comparison, a connective, a sign or a constant round, drops a `not`, or leaves a condition out. Which
slips are taken is a matter of the seed alone. What the tests do not notice is printed with its line, and is either a
test to be written or a reason to be written down: benchmarks/SLIPS.md holds those that were looked at.
The tree is copied into a folder of its own, so that a slip never stands in the checkout.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import clingo  # noqa: F401  imported once, before the tests run in children
import hypothesis  # noqa: F401
import numpy  # noqa: F401
import pytest
import yaml  # noqa: F401

ROOT = Path(__file__).parent.parent
REPAIR = ("tests/repairs/test_repair.py", "tests/repairs/test_repair_brute.py")
KERNEL = ("tests/batch/test_bits.py", "tests/batch/test_batch.py")
EVALUATE = ("tests/cases/test_evaluate.py", "tests/cases/test_presumptions.py")
TESTS = {
    "model/vocabulary/vocabulary": ("tests/engine/test_facts.py", "tests/model", "tests/rfa"),
    "model/case": ("tests/model/test_suppose.py", "tests/model/test_case.py", "tests/cases/test_record.py", "tests/rfa"),
    "model/case_reader": (
        *("tests/model/test_case.py", "tests/model/test_values.py", "tests/model/test_sides.py"),
        *("tests/cases/test_somewhere.py", "tests/batch/test_batch.py"),
    ),
    "model/values": ("tests/model/test_values.py", "tests/model/test_case.py", "tests/model/test_wording.py"),
    "model/quantity": ("tests/model/test_quantity.py", "tests/test_api.py", "tests/cases/test_evaluate.py"),
    "model/outline": ("tests/model/test_outline.py", "tests/cases/test_evaluate.py"),
    "model/growth": ("tests/model/test_growth.py", "tests/cases/test_explain.py"),
    "model/rules": ("tests/model/test_syntax.py", "tests/rfa"),
    "engine/facts": ("tests/engine/test_facts.py",),
    "engine/cores": ("tests/engine/test_cores.py",),
    "engine/program": ("tests/engine/test_program.py", *EVALUATE),
    "engine/literals": ("tests/engine/test_literals.py", "tests/cases/test_somewhere.py", *EVALUATE),
    "engine/sets": ("tests/repairs/test_hitting_sets.py", *REPAIR),
    "engine/corrections": ("tests/engine/test_cores.py", "tests/texts/test_diff.py"),
    "engine/days": ("tests/model/test_bounds.py", "tests/routing/test_governs.py"),
    "engine/pairs": (*EVALUATE, "tests/cases/test_ask.py"),
    "engine/presume": ("tests/cases/test_presumptions.py", "tests/cases/test_presumptions_shipped.py"),
    "engine/session": ("tests/engine/test_session.py",),
    "cases/evaluate": (*EVALUATE, "tests/cases/test_presume_never.py", "tests/cases/test_compare.py"),
    "repairs/nearest": ("tests/repairs/test_nearest.py", "tests/repairs/test_repair.py"),
    "repairs/partial": ("tests/repairs/test_partial.py", "tests/rfa"),
    "repairs/moves": (*REPAIR, "tests/rfa"),
    "repairs/implicates": ("tests/repairs/test_implicates.py", *REPAIR),
    "repairs/in_order": ("tests/repairs/test_in_order.py", "tests/repairs/test_hitting_sets.py", *REPAIR),
    "papers/request": ("tests/papers/test_request.py",),
    "repairs/hitting_sets": ("tests/repairs/test_hitting_sets.py", *REPAIR),
    "repairs/useful": ("tests/repairs/test_hitting_sets.py", *REPAIR),
    "batch/bits": KERNEL,
    "batch/cells": KERNEL,
    "batch/rails": KERNEL,
    "batch/compile": KERNEL,
    "batch/presumed": KERNEL,
    "batch/opens": (*KERNEL, "tests/rfa"),
    "batch/decide": (*KERNEL, "tests/rfa"),
}
TURNED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


def turned(node: ast.AST) -> Iterator[ast.AST]:
    """What one node could be by a slip."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in TURNED:
        yield _with(node, ops=[TURNED[type(node.ops[0])]()])
    elif isinstance(node, ast.BoolOp):
        yield _with(node, op=TURNED[type(node.op)]())
        for i in range(len(node.values)):
            rest = [each for j, each in enumerate(node.values) if j != i]
            yield rest[0] if len(rest) == 1 else _with(node, values=rest)
    elif isinstance(node, ast.BinOp) and type(node.op) in TURNED:
        yield _with(node, op=TURNED[type(node.op)]())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.IfExp):
        yield _with(node, body=node.orelse, orelse=node.body)
    elif isinstance(node, ast.comprehension) and node.ifs:
        yield _with(node, ifs=node.ifs[1:])
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield _with(node, value=not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield _with(node, value=node.value + 1)


def _with(node: ast.AST, **changed: object) -> ast.AST:
    made = copy.copy(node)
    for key, value in changed.items():
        setattr(made, key, value)
    return made


class Planted(ast.NodeTransformer):
    """A tree with slip number `wanted` in it; counts the slips that there are."""

    def __init__(self, wanted: int = -1) -> None:
        self.wanted, self.count = wanted, 0
        self.line, self.was, self.becomes = 0, "", ""

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, (ast.AnnAssign, ast.arg)) and node.annotation is not None:
            kept, node.annotation = node.annotation, None  # an annotation means nothing at run time
            made = self.generic_visit(node)
            made.annotation = kept  # type: ignore[attr-defined]
            return made
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        for other in turned(node):
            if self.count == self.wanted:
                self.line = getattr(node, "lineno", 0) or getattr(getattr(node, "target", None), "lineno", 0)
                self.was, self.becomes = ast.unparse(node), ast.unparse(other)
                self.count += 1
                return other
            self.count += 1
        return self.generic_visit(node)


def plant(text: str, number: int) -> tuple[str, Planted]:
    """A module with one slip, and which."""
    planted = Planted(number)
    return ast.unparse(ast.fix_missing_locations(planted.visit(ast.parse(text)))), planted


def noticed(folder: Path, tests: tuple[str, ...], seconds: float) -> bool:
    """Whether the tests fail; one that does not end is noticed too.

    They run in a child of this process, in which pytest and the libraries are imported already and the package is not:
    a quarter of the time of a Python of their own.
    """
    there = [each for each in tests if (folder / each.partition("::")[0]).exists()]
    child = os.fork()
    if not child:
        os.setsid()
        _run(folder, there)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status != 0
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def _run(folder: Path, tests: list[str]) -> NoReturn:
    """Run tests against the package in a folder, saying nothing; ends the process."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
    os.chdir(folder)
    os.environ["PYTHONPATH"] = str(folder)
    sys.path.insert(0, str(folder))
    sys.dont_write_bytecode = True
    code = 1
    try:
        code = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests]))
    finally:
        os._exit(code)


def copied(folder: Path) -> Path:
    """The checkout in a folder of its own: the package as a copy, all else linked."""
    for each in ROOT.iterdir():
        if each.name == "bvn_asp":
            shutil.copytree(each, folder / each.name, ignore=shutil.ignore_patterns("__pycache__"))
        elif not each.name.startswith("."):
            (folder / each.name).symlink_to(each)
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=f"of {', '.join(TESTS)}")
    parser.add_argument("--most", type=int, default=20, help="so many slips of each module; 0 for all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=240, help="tests that run longer have noticed")
    parser.add_argument("--stop", type=float, metavar="SECONDS", help="begin no slip after so long")
    parser.add_argument("--list", action="store_true")
    given = parser.parse_args()
    unknown = [each for each in given.modules if each not in TESTS]
    if unknown:
        parser.error(f"no tests are named for {', '.join(unknown)}")
    late = time.monotonic() + (given.stop or float("inf"))
    with tempfile.TemporaryDirectory() as made:
        folder = copied(Path(made))
        for module in given.modules or TESTS:
            path = folder / "bvn_asp" / f"{module}.py"
            text = path.read_text(encoding="utf-8")
            count = plant(text, -1)[1].count
            numbers = list(range(count))
            if given.most:
                numbers = sorted(random.Random(given.seed).sample(numbers, min(given.most, count)))
            if given.list:
                for number in numbers:
                    slip = plant(text, number)[1]
                    print(f"{module}.py:{slip.line}: `{slip.was}` as `{slip.becomes}`")
                continue
            if noticed(folder, TESTS[module], given.seconds):
                print(f"{module}: the tests fail, or take too long, without any slip", flush=True)
                continue
            survived = tried = 0
            for number in numbers:
                if time.monotonic() > late:
                    break
                tried += 1
                source, slip = plant(text, number)
                path.write_text(source, encoding="utf-8")
                if not noticed(folder, TESTS[module], given.seconds):
                    survived += 1
                    print(f"  {module}.py:{slip.line}: `{slip.was}` as `{slip.becomes}`", flush=True)
            path.write_text(text, encoding="utf-8")
            print(f"{module}: {tried - survived} of {tried} slips noticed, of {count}", flush=True)


if __name__ == "__main__":
    main()
