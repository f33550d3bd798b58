"""`import bvn_asp` gives the verbs of the command line, typed, and costs nothing until one is used."""

from __future__ import annotations

import doctest
import importlib
import inspect
import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT

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


def test_every_name_says_what_it_is_and_every_function_what_it_returns():
    found = {name: getattr(bvn_asp, name) for name in bvn_asp.__all__}

    assert [name for name, each in found.items() if not inspect.getdoc(each)] == []
    functions = {name: each for name, each in found.items() if inspect.isfunction(each)}
    assert {"compare", "explain", "repair", "diff"} <= set(functions)
    assert [name for name, each in functions.items() if "return" not in inspect.get_annotations(each)] == []


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


def with_examples():
    """The modules whose docstrings show an example."""
    for name in ["bvn_asp", *modules()]:
        if ">>> " in Path(importlib.util.find_spec(name).origin).read_text(encoding="utf-8"):
            yield name


@pytest.mark.parametrize("name", sorted(with_examples()))
def test_the_examples_of_a_module_print_what_they_show(name):
    module = sys.modules["bvn_asp"] if name == "bvn_asp" else importlib.import_module(name)

    found = doctest.testmod(module, optionflags=doctest.ELLIPSIS)

    assert found.attempted > 0
    assert found.failed == 0


def test_every_module_can_be_imported_by_itself():
    missing = set()
    for name in modules():
        try:
            importlib.import_module(name)
        except ImportError as error:
            missing.add(error.name)

    assert missing <= {"numpy", "pyarrow", "polars", "pyspark", "pandas"}


def test_only_the_engine_and_the_reader_of_rules_import_the_solver():
    found = set()
    for name in modules():
        spec = importlib.util.find_spec(name)
        text = Path(spec.origin).read_text(encoding="utf-8")
        if any(line.strip().startswith(("import clingo", "from clingo")) for line in text.splitlines()):
            found.add(name)

    assert {each for each in found if not each.startswith("bvn_asp.engine.")} == {"bvn_asp.model.syntax"}


# -- a library in a notebook ---------------------------------------------------------------------


def test_the_examples_of_the_page_on_python_run(monkeypatch):
    monkeypatch.chdir(ROOT)

    found = doctest.testfile(
        str(ROOT / "docs" / "python.md"), module_relative=False, optionflags=doctest.ELLIPSIS, encoding="utf-8"
    )

    assert found.attempted > 15
    assert found.failed == 0


def test_the_verbs_are_to_be_seen():
    for name in ("compare", "explain", "repair", "diff", "stricter", "split", "atlas", "lint", "sources"):
        assert name in dir(bvn_asp)
        assert name in dir(bvn_asp.Library)


def patient(**facts):
    return {"title": "one", "request": {"date": "2026-12-01", "bodies": ["L4"]}, "facts": {"age": 40, **facts}}


ASKED = {
    "compare": lambda lib: lib.compare(patient(), "plan"),
    "explain": lambda lib: lib.explain(patient(), "plan"),
    "ask": lambda lib: lib.ask(patient(), "plan"),
    "whatif": lambda lib: lib.whatif(patient(), "age=17", "plan"),
    "repair": lambda lib: lib.repair(patient(), "plan"),
    "nearest": lambda lib: lib.nearest(patient(), "plan"),
    "partial": lambda lib: lib.partial(patient(), "plan"),
    "report": lambda lib: lib.report(patient(), "plan"),
    "request": lambda lib: lib.request(patient(), "plan"),
    "checklist": lambda lib: lib.checklist(patient(), "plan"),
    "form": lambda lib: lib.form("plan"),
    "letter": lambda lib: lib.letter(patient(), "adverse", "plan"),
    "one_page": lambda lib: lib.one_page(patient(), "plan"),
    "diff": lambda lib: lib.diff("plan@2024", "plan@2025"),
    "stricter": lambda lib: lib.stricter("plan@2024", "plan@2025"),
    "split": lambda lib: lib.split("plan@2024", "plan@2025"),
    "atlas": lambda lib: lib.atlas(["plan@2024", "plan@2025"]),
    "claims": lambda lib: lib.claims(),
    "show": lambda lib: lib.show("plan"),
    "lint": lambda lib: lib.lint("plan", deep=False),
}


@pytest.mark.parametrize("verb", ASKED)
def test_every_answer_is_text_and_data(toy, verb):
    answer = ASKED[verb](toy.library)

    assert answer.text().strip()
    assert answer.markdown().strip()
    json.dumps(answer.data())
    assert repr(answer) == answer.text()


def test_a_letter_for_nothing_that_there_is_is_refused(toy):
    with pytest.raises(bvn_asp.InputError, match="no letter for `praise`"):
        toy.library.letter(patient(), "praise", "plan")


@pytest.mark.parametrize("verb", ["test", "coverage", "mutate", "synth"])
def test_every_answer_about_cases_is_text_and_data(toy, tmp_path, verb):
    path = tmp_path / "one.yaml"
    path.write_text(json.dumps({**patient(), "expect": {"plan": "pend"}}), encoding="utf-8")
    library = bvn_asp.Library(toy.library.folder)

    answer = library.test(str(path)) if verb == "test" else getattr(library, verb)("plan", path)

    assert answer.text().strip()
    json.dumps(answer.data())


@pytest.mark.parametrize("verb", ["report", "diff", "stricter", "atlas", "request", "checklist", "letter", "one_page"])
def test_some_answers_are_pages(toy, verb):
    assert ASKED[verb](toy.library).html().startswith("<!doctype html>")


def test_an_answer_without_a_page_says_so(toy):
    with pytest.raises(bvn_asp.InputError, match="no page"):
        ASKED["compare"](toy.library).html()


def test_one_name_where_several_are_taken_is_no_mistake(toy):
    case = toy.library.case(patient())

    assert toy.library.compare(case, "plan").found == toy.library.compare(case, ["plan"]).found
    assert bvn_asp.compare(toy.library, case, "plan") == bvn_asp.compare(toy.library, case, ["plan"])


@pytest.mark.parametrize(
    ("readings", "words"),
    [
        ({"plam": {"R1": "removed"}}, "unknown policy `plam`"),
        ({"plan": {"R9": "removed"}}, "plan has no reading `R9`"),
        ({"plan": {"R1": "no"}}, "`no` is not an option of the reading R1 of plan"),
    ],
)
def test_a_reading_that_is_not_there_is_no_silence(toy, readings, words):
    with pytest.raises(bvn_asp.InputError, match=words):
        toy.library.compare(patient(), "plan", readings=readings)


def test_a_case_that_is_one_is_left_as_it_is(toy):
    case = toy.library.case(patient())

    assert toy.library.case(case) is case
    with pytest.raises(bvn_asp.InputError):
        toy.library.case(patient(age=-1))


def test_what_a_library_remembers_of_charts_can_be_let_go_of():
    from bvn_asp.engine.session import session

    library = bvn_asp.Library(ROOT / "policies")
    before = library.compare(ROOT / "cases/baseline.yaml", "kaiser-wa").json()
    library.ask({"title": "nobody"}, "kaiser-wa")
    kept = session(library)

    library.forget()

    assert session(library) is not kept
    assert library.compare(ROOT / "cases/baseline.yaml", "kaiser-wa").json() == before
