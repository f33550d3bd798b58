"""The map of the code is the code's."""

from __future__ import annotations

import ast
import re

from places import ROOT

PACKAGE = ROOT / "bvn_asp"


def rooms():
    """The rooms in the order of the map: what stands lower may import what stands higher."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return [re.findall(r"`(\w+)/?`", cell) for cell in table]


def test_the_map_names_every_room_and_no_other():
    there = {p.stem if p.is_file() else p.name for p in PACKAGE.iterdir() if p.name[0] not in "._"} - {"py", "policies"}

    assert {name for row in rooms() for name in row} == there


def test_imports_point_one_way():
    rank = {name: i for i, row in enumerate(rooms()) for name in row}
    wrong = []
    for path in sorted(PACKAGE.rglob("*.py")):
        own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if own in rank:
            used = re.findall(r"^\s*(?:from|import) bvn_asp\.(\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
            wrong += [f"{path.relative_to(PACKAGE)} imports {each}" for each in used if rank.get(each, 0) > rank[own]]

    assert not wrong


def imported(path, modules):
    """The modules of the package that a file imports, within functions and for types as well."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [each.name for each in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        for name in [f"{node.module}.{each}" for each in names] if isinstance(node, ast.ImportFrom) else names:
            found = name if name in modules else name.rpartition(".")[0]
            if found in modules:
                yield found


def test_no_modules_import_each_other_in_a_circle():
    dotted = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in PACKAGE.rglob("*.py")}
    modules = {name.removesuffix(".__init__"): path for name, path in dotted.items() if name != "bvn_asp.__init__"}
    left = {name: set(imported(path, modules)) - {name} for name, path in modules.items()}
    while free := [name for name, wanted in left.items() if not wanted & left.keys()]:
        for name in free:
            del left[name]

    assert not left


def test_only_the_engine_and_the_reader_of_rules_import_clingo():
    found = {
        str(path.relative_to(ROOT / "bvn_asp"))
        for path in (ROOT / "bvn_asp").rglob("*.py")
        if re.search(r"^\s*(import clingo|from clingo)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert {each for each in found if not each.startswith("engine/")} == {"model/syntax.py"}


def test_no_clock_is_read():
    for path in (ROOT / "bvn_asp").rglob("*.py"):
        assert not re.search(r"date\.today\(|datetime\.now\(|utcnow\(", path.read_text(encoding="utf-8")), path


def test_nothing_names_a_path_of_a_machine():
    for folder in ("bvn_asp", "policies", "cases", "docs"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".lp", ".yaml", ".md", ".json", ".j2"):
                assert not re.search(r"(?<![\w.])/(work|farm|root|home)/\w", path.read_text(encoding="utf-8")), path
