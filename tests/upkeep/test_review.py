"""`bvn review`: what a change of policies brings about, read from git."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from places import TOY

from bvn_asp.cli import main

ADULT = """\
title: of age
request: {date: 2024-06-01, bodies: [L4]}
facts: {age: 17, pain_duration: 8 months}
expect: {plan@2024: deny}
"""


class Repo:
    """A checkout with the toy policies and a case in its first commit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(TOY, folder / "policies")
        shutil.copytree(TOY / "plan", folder / "policies" / "leaving")
        self.edit("policies/leaving/policy.yaml", "id: plan", "id: leaving")
        (folder / "cases").mkdir()
        (folder / "cases" / "a.yaml").write_text(ADULT)
        self.git("init", "-q", "-b", "main")
        self.commit("first")

    def git(self, *words: str) -> str:
        who = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
        return subprocess.run(["git", *who, *words], cwd=self.folder, capture_output=True, text=True, check=True).stdout

    def commit(self, message: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.folder / path).read_text(encoding="utf-8")
        assert old in text
        (self.folder / path).write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BVN_POLICIES", raising=False)
    return Repo(tmp_path)


def review(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["review", *words])
    assert not result.exception or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_nothing_changed(repo: Repo) -> None:
    status, page = review("HEAD..HEAD")

    assert status == 0
    assert "No policy, vocabulary or case changes" in page
    assert "1 passed" in page


def test_a_changed_limit_is_told_by_meaning_with_a_patient_the_case_that_flips_and_the_check_that_fails(
    repo: Repo,
) -> None:
    for year in ("2024", "2025"):
        repo.edit(f"policies/plan/{year}.lp", "at_least(age, 18)", "at_least(age, 17)")
    repo.commit("younger")

    status, page = review("HEAD~1..HEAD")

    assert status == 1
    assert "plan@2024 | edition changed in place" in page
    assert "looser: new approves everybody whom old approves, and more" in page
    assert "age: at least 17" in page
    assert "| plan | **deny** | pend |" in page
    assert "cases/a.yaml" in page
    assert "1 failed, 0 passed" in page
    assert "number-against-text" in page  # the words still say 18
    assert str(repo.folder) not in page
    assert "/tmp" not in page


def test_the_working_tree_is_reviewed_and_not_touched(repo: Repo) -> None:
    repo.edit("policies/plan/2024.lp", "18 years or older", "an adult")
    before = repo.git("status", "--porcelain")

    status, page = review("HEAD", "--brief")

    assert repo.git("status", "--porcelain") == before
    assert "reworded" in page
    assert status == 0


@pytest.mark.parametrize(("ids", "status", "said"), [
    (("plan:adult",), 1, "not as announced"),
    (("plan:adult", "plan:osteoporosis"), 0, "as announced"),
    (("other:adult",), 2, "the policy `other` does not change"),
])
def test_announced_changes_pass(repo: Repo, ids: tuple[str, ...], status: int, said: str) -> None:
    repo.edit("policies/plan/2024.lp", "18 years or older", "an adult")
    repo.edit("policies/plan/2024.lp", "T-score of -2.5 or lower", "a low T-score")
    expect = [word for each in ids for word in ("--expect", each)]

    got, page = review("HEAD", "--brief", *expect)

    assert (got, said in page) == (status, True), page


def test_policies_editions_facts_and_cases_that_are_new_or_gone(repo: Repo) -> None:
    plan = repo.folder / "policies" / "plan"
    shutil.copytree(plan, repo.folder / "policies" / "third")
    repo.edit("policies/third/policy.yaml", "id: plan", "id: third")
    (plan / "2026.lp").write_text((plan / "2025.lp").read_text().replace("at_most(bodies_requested, 2)",
                                                                         "at_most(bodies_requested, 1)"))
    repo.edit("policies/plan/policy.yaml", "revisions:\n",
              'revisions:\n  "2026": {version: "3", file: 2026.lp, effective: 2026-01-01, source: nobody}\n')
    shutil.rmtree(repo.folder / "policies" / "leaving")
    (repo.folder / "cases" / "b.yaml").write_text(ADULT)
    (repo.folder / "cases" / "a.yaml").unlink()
    vocabulary = repo.folder / "policies" / "vocabulary.yaml"
    text = vocabulary.read_text()
    vocabulary.write_text(text.replace("about: age in completed years", "about: age in years"))
    repo.commit("much")

    _, page = review("HEAD~1..HEAD", "--brief")

    assert "third@2024 | policy new" in page
    assert "leaving@2024 | policy gone" in page
    assert "fact changed: age" in page
    assert "plan@2026 | edition new" in page
    assert "stricter: new refuses patients whom old approves" in page
    assert "new: cases/b.yaml" in page
    assert "gone: cases/a.yaml" in page


def test_a_text_that_cannot_be_read_is_named_by_its_place(repo: Repo) -> None:
    repo.edit("policies/plan/2024.lp", "met(adult) :- at_least(age, 18).", "met(adult) :- at_least(agee, 18).")

    status, page = review("HEAD", "--brief")

    assert status == 1
    assert "cannot be compared" in page
    assert "policies/plan/2024.lp:" in page


@pytest.mark.parametrize("words", [("nosuch..HEAD",), ("--", "-x..HEAD"), ("HEAD..HEAD", "--policies", "none")])
def test_what_git_does_not_have_is_said(repo: Repo, words: tuple[str, ...]) -> None:
    assert review(*words)[0] == 2
