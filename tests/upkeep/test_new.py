"""`bvn new`: a policy is added without touching Python."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from places import HERE

from bvn_asp import Library
from bvn_asp.cases.evaluate import Verdict, evaluate
from bvn_asp.cli import main
from bvn_asp.errors import InputError
from bvn_asp.model.library import SHIPPED
from bvn_asp.upkeep.lint import lint
from bvn_asp.upkeep.new import new

POLICIES = SHIPPED if SHIPPED.is_dir() else HERE.parent / "policies"


@pytest.fixture(params=[POLICIES, HERE / "toy"], ids=["shipped", "toy"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    for name in ("vocabulary.yaml", "background.lp"):
        shutil.copy(request.param / name, tmp_path / name)
    return tmp_path


def bvn(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(each) for each in arguments])
    return result.exit_code, result.output


@pytest.mark.parametrize("effective", [(), ("--effective", "2026-01-01")], ids=["draft", "dated"])
def test_a_skeleton_lints_clean(folder: Path, effective: tuple[str, ...]) -> None:
    status, _ = bvn("new", "example-plan", "--policies", folder, *effective)

    assert status == 0
    assert lint(Library(folder)).findings == ()
    assert len(Library(folder).revision("example-plan").rules.entries) == 4


def test_a_skeleton_approves_some_and_denies_some(folder: Path) -> None:
    bvn("new", "example-plan", "--policies", folder)
    library = Library(folder)
    asked = [library.vocabulary.facts[each] for each in library.revision("example-plan").rules.facts]
    number = next(each for each in asked if each.is_numeric)
    case = "title: somebody\nfacts:\n  {}: {}{}\n"

    unit = "" if number.type == "number" else f" {number.unit}"
    cases = [library.parse(case.format(number.name, amount, unit)) for amount in (1, 60)]
    verdicts = [evaluate(library, each)[0].verdict for each in cases]

    assert verdicts == [Verdict.DENY, Verdict.APPROVE]


def test_a_policy_of_one_lp_and_one_yaml_takes_part_in_compare(tmp_path: Path) -> None:
    for name in ("vocabulary.yaml", "background.lp"):
        shutil.copy(POLICIES / name, tmp_path / name)
    shutil.copytree(POLICIES / "cohere-ma", tmp_path / "cohere-ma")
    (tmp_path / "my-plan").mkdir()
    (tmp_path / "my-plan" / "policy.yaml").write_text(
        "id: my-plan\ntitle: Mine\npublisher: Me\nkind: coverage\nabout: Mine.\nrevisions:\n  one: {file: one.lp}\n"
    )
    (tmp_path / "my-plan" / "one.lp").write_text(
        'criterion(young, root, "page 1", "at most 40 years").\n'
        "concerns(young, age).\n"
        "met(young) :- at_most(age, 40).\n"
    )
    case = tmp_path / "case.yaml"
    case.write_text("title: somebody of 51 years\nfacts:\n  age: 51\n")

    assert lint(Library(tmp_path), ["my-plan"]).findings == ()
    status, page = bvn("compare", case, "--policies", tmp_path, "--format", "json")

    assert status == 0
    assert '"policy": "my-plan"' in page
    assert '"policy": "cohere-ma"' in page


def test_a_policy_that_is_there_is_not_overwritten(folder: Path) -> None:
    bvn("new", "example-plan", "--policies", folder)
    before = (folder / "example-plan" / "draft.lp").read_bytes()

    status, text = bvn("new", "example-plan", "--policies", folder)

    assert status == 2
    assert "there is such a policy already" in text
    assert (folder / "example-plan" / "draft.lp").read_bytes() == before


@pytest.mark.parametrize("name", ["Plan", "../plan", "a b", "", "plan_a"])
def test_an_id_is_a_plain_name(folder: Path, name: str) -> None:
    with pytest.raises(InputError, match="is no id"):
        new(Library(folder), name)
