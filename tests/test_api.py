"""`import bvn_asp` gives the verbs of the command line, typed, and costs nothing until one is used."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import bvn_asp

HEAVY = ("clingo", "yaml", "click", "json", "numpy", "pyarrow", "importlib.metadata")


def loaded_by(statement):
    """Which of the heavy modules a statement imports in a fresh interpreter."""
    code = f"{statement}\nimport sys\nprint(*[m for m in {HEAVY!r} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    return set(found.stdout.split())


def test_importing_the_package_imports_neither_solver_nor_yaml():
    assert loaded_by("import bvn_asp") == set()


def test_loading_a_case_does_not_import_numpy_or_the_command_line():
    assert not {"click", "numpy", "pyarrow"} & loaded_by("from bvn_asp import Library, compare, explain")


@pytest.mark.parametrize("arguments", [["--version"], ["--help"]])
def test_the_start_of_the_command_line_imports_no_solver(arguments):
    code = (
        f"import sys; sys.argv = ['bvn', *{arguments!r}]\nfrom bvn_asp.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    print('LOADED', 'clingo' in sys.modules, 'yaml' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    assert found.stdout.splitlines()[-1] == "LOADED False False"


@pytest.mark.parametrize("name", bvn_asp.__all__)
def test_every_name_is_there_and_says_what_it_is(name):
    found = getattr(bvn_asp, name)

    assert inspect.getdoc(found)
    if inspect.isfunction(found):
        assert "return" in inspect.get_annotations(found)


def test_a_verb_stays_a_function_after_its_module_was_imported():
    importlib.import_module("bvn_asp.cases.compare")
    importlib.import_module("bvn_asp.cases.explain")

    assert inspect.isfunction(bvn_asp.compare)
    assert inspect.isfunction(bvn_asp.explain)


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'decide'"):
        _ = bvn_asp.decide  # type: ignore[attr-defined]


def test_the_package_is_typed():
    assert (importlib.resources.files("bvn_asp") / "py.typed").is_file()


def modules():
    for each in pkgutil.walk_packages(bvn_asp.__path__, "bvn_asp."):
        if each.name != "bvn_asp.__main__":
            yield each.name


@pytest.mark.parametrize("name", ["bvn_asp", *modules()])
def test_examples_in_docstrings_run(name):
    try:
        module = sys.modules["bvn_asp"] if name == "bvn_asp" else importlib.import_module(name)
    except ImportError as error:
        pytest.skip(f"needs an extra: {error.name}")

    assert doctest.testmod(module, optionflags=doctest.ELLIPSIS).failed == 0


def test_only_the_engine_and_the_reader_of_rules_import_the_solver():
    found = set()
    for name in modules():
        spec = importlib.util.find_spec(name)
        text = Path(spec.origin).read_text(encoding="utf-8")
        if any(line.strip().startswith(("import clingo", "from clingo")) for line in text.splitlines()):
            found.add(name)

    assert {each for each in found if not each.startswith("bvn_asp.engine.")} == {"bvn_asp.model.syntax"}
