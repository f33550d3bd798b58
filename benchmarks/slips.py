"""Would the tests notice a slip of one line? Plants slips in a module, one at a time, and runs the tests that are its.

    python benchmarks/slips.py                        every module of the table below, twenty slips each
    python benchmarks/slips.py engine/facts --most 0  all slips of one module
    python benchmarks/slips.py engine/facts --list    say which slips there are, run nothing

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
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
TESTS = {
    "model/vocabulary/vocabulary": ("tests/model", "tests/rfa", "tests/engine/test_facts.py"),
    "model/case": ("tests/model/test_case.py", "tests/rfa", "tests/cases/test_record.py"),
    "model/case_reader": ("tests/model/test_case.py", "tests/render/test_schema.py", "tests/rfa"),
    "model/quantity": ("tests/model/test_quantity.py", "tests/test_api.py"),
    "model/rules": ("tests/model/test_syntax.py", "tests/rfa"),
    "engine/facts": ("tests/engine/test_facts.py",),
    "engine/cores": ("tests/engine/test_cores.py",),
    "engine/corrections": ("tests/engine", "tests/repairs/test_repair.py"),
    "repairs/partial": ("tests/repairs/test_partial.py", "tests/rfa"),
    "repairs/moves": ("tests/repairs/test_repair.py", "tests/rfa"),
    "batch/opens": ("tests/batch", "tests/rfa"),
    "batch/decide": ("tests/batch", "tests/rfa"),
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
    """Whether the tests fail; one that does not end is noticed too."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def copied(folder: Path) -> Path:
    """The checkout in a folder of its own: the package as a copy, all else linked."""
    for each in ROOT.iterdir():
        if each.name == "bvn_asp":
            shutil.copytree(each, folder / each.name, ignore=shutil.ignore_patterns("__pycache__"))
        elif not each.name.startswith(".git"):
            (folder / each.name).symlink_to(each)
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=f"of {', '.join(TESTS)}")
    parser.add_argument("--most", type=int, default=20, help="so many slips of each module; 0 for all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=240, help="tests that run longer have noticed")
    parser.add_argument("--list", action="store_true")
    given = parser.parse_args()
    unknown = [each for each in given.modules if each not in TESTS]
    if unknown:
        parser.error(f"no tests are named for {', '.join(unknown)}")
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
            survived = 0
            for number in numbers:
                source, slip = plant(text, number)
                path.write_text(source, encoding="utf-8")
                if not noticed(folder, TESTS[module], given.seconds):
                    survived += 1
                    print(f"  {module}.py:{slip.line}: `{slip.was}` as `{slip.becomes}`", flush=True)
            path.write_text(text, encoding="utf-8")
            print(f"{module}: {len(numbers) - survived} of {len(numbers)} slips noticed, of {count}", flush=True)


if __name__ == "__main__":
    main()
