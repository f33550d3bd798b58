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


def test_in_an_empty_folder_the_help_is_followed_to_the_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BVN_POLICIES", raising=False)
    _, text = bvn("new", "--help")
    shown = [line.split()[1:] for line in text.splitlines() if line.startswith("  bvn ")]

    answers = [bvn(*words) for words in shown]

    assert [words[0] for words in shown] == ["new", "lint", "new"]
    assert [status for status, _ in answers] == [0, 0, 0]
    assert "next: bvn lint policies/example-plan" in answers[0][1]
    assert answers[1][1] == "nothing found in 2 files of 1 policy\n"
    for folder, policy in (("policies", "example-plan"), ("my-policies", "other-plan")):
        assert bvn("show", policy, "--policies", folder)[0] == 0


def test_a_policy_of_the_folder_at_hand_is_found_by_its_path_and_the_hint_says_how_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BVN_POLICIES", raising=False)
    bvn("new", "example-plan")
    bvn("new", "other-plan", "--policies", "other")

    assert bvn("lint", "policies/example-plan/draft.lp")[0] == 0
    assert "add `--policies policies`" in bvn("lint", "example-plan")[1]
    assert "add `--policies policies`" in bvn("show", "example-plan")[1]
    assert "in several folders" in bvn("lint", "policies/example-plan", "other/other-plan")[1]


def test_a_folder_of_policies_that_lost_its_vocabulary_gets_no_other(folder: Path) -> None:
    bvn("new", "example-plan", "--policies", folder)
    (folder / "vocabulary.yaml").unlink()

    status, text = bvn("new", "other-plan", "--policies", folder)

    assert status == 2
    assert "has no vocabulary.yaml, but it has" in text
    assert not (folder / "vocabulary.yaml").exists()
