"""The map of the code is the code's."""

from __future__ import annotations

import re

import pytest
from places import ROOT

MODULES = sorted(p.stem if p.is_file() else p.name for p in (ROOT / "bvn_asp").iterdir() if p.name[0] not in "._")


@pytest.mark.parametrize("module", [m for m in MODULES if m not in ("py", "policies")])
def test_every_module_is_on_the_map(module):
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")

    assert re.search(rf"`{module}/?`", text), f"docs/architecture.md does not name {module}"


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
