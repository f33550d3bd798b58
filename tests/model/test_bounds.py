"""Rules on which the solver would not end, or not decide, are refused with the rule named, and nothing is grounded."""

from __future__ import annotations

import shutil
import time

import pytest
from places import TOY

from bvn_asp import InputError, Library


def read(tmp_path, *lines, file="plan/2024.lp"):
    """The toy library with some lines added to a file, read whole."""
    folder = tmp_path / "toy"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(TOY, folder)
    with (folder / file).open("a", encoding="utf-8") as opened:
        opened.write("\n" + "\n".join(lines) + "\n")
    library = Library(folder)
    return library.revisions(["plan@2024"])[0].rules, library.background


REFUSED = [
    (["p(X+1) :- p(X).", "p(1)."], "makes a new term, `(X+1)`"),
    (["p(f(X)) :- p(X).", "p(a)."], "makes a new term, `f(X)`"),
    (["p((X,X)) :- body(X)."], "makes a new term"),
    (["p(1..100000000)."], "has 100,000,000 values"),
    (["p(-5000..6000)."], "has 11,001 values"),
    (["n(1..300).", "big(A,B,C,D) :- n(A), n(B), n(C), n(D)."], "up to 10^9 instances"),
    (["big(A,B) :- A = 1..5000, B = 1..5000."], "25,000,000 instances"),
    (["n(1..500).", "met(pain) :- 5 < #count { A,B,C : n(A), n(B), n(C) }."], "125,000,000 instances"),
    (["p :- not p."], "`p` depends on its own denial: p needs not p"),
    (["p :- not q.", "q :- r.", "r :- not p."], "depends on its own denial"),
    (["met(adult) :- not met(pain).", "met(pain) :- met(adult)."], "`met(adult)` depends on its own denial"),
    (["met(adult) :- not met(indications)."], "depends on its own denial"),
    (["c(X) :- body(X), 1 { c(Y) : body(Y) }."], "`c` depends on its own denial"),
    (["p(X) :- body(X), q(X) : p(X).", "q(X) :- body(X)."], "depends on its own denial"),
]


@pytest.mark.parametrize(("lines", "words"), REFUSED, ids=[" ".join(lines) for lines, _ in REFUSED])
def test_rules_on_which_the_solver_would_not_end_or_decide_are_refused_at_once(tmp_path, lines, words):
    begun = time.monotonic()

    with pytest.raises(InputError) as raised:
        read(tmp_path, *lines)

    assert words in str(raised.value)
    assert raised.value.faults[0].place.line
    assert raised.value.faults[0].hint
    assert time.monotonic() - begun < 5


TAKEN = [
    ["q(X) :- is(care(X), tried).", "q(X) :- r(X).", "r(X) :- q(X)."],
    ["p(1..9999)."],
    ["n(1..400).", "pair(A,B) :- n(A), n(B)."],
    ["tie(f(a), (l4; l5))."],
    ["met(pain) :- not silent_of(l4).", "silent_of(X) :- body(X), not requested(X)."],
    ["n(1..9000).", "p(X) :- n(X), X < 3."],
]


@pytest.mark.parametrize("lines", TAKEN, ids=[" ".join(lines) for lines in TAKEN])
def test_rules_that_are_bounded_and_decide_are_taken(tmp_path, lines):
    plain, _ = read(tmp_path)

    rules, _ = read(tmp_path, *lines)

    before = {str(each) for each in plain.clauses}
    added = sorted(each.head.name for each in rules.clauses if str(each) not in before)
    assert added == sorted("met" if line.startswith("met") else line.split("(")[0] for line in lines)
    assert rules.entries == plain.entries


@pytest.mark.parametrize("line", ["impossible(\"x\") :- p.", "p :- not p."])
def test_the_background_is_bounded_likewise(tmp_path, line):
    lines = [line] if line.startswith("p") else [line, "p :- not p."]

    with pytest.raises(InputError, match="depends on its own denial"):
        read(tmp_path, *lines, file="background.lp")


@pytest.mark.parametrize("word", ["#include", "# include", "#include\n"])
def test_a_policy_that_includes_a_file_is_refused_unread(tmp_path, word):
    secret = tmp_path / "secret.lp"
    secret.write_text("what is this?")

    with pytest.raises(InputError) as raised:
        read(tmp_path, f'{word} "{secret}".')

    assert "belongs to the engine" in str(raised.value)
    assert "what is this" not in str(raised.value)


def test_the_word_include_in_a_text_or_a_comment_is_no_fault(tmp_path):
    lines = '% #include "x".', 'criterion(z, advice, "Advice 1", "#include nothing").', "met(z) :- body(l4)."

    rules, _ = read(tmp_path, *lines)

    assert [each.text for each in rules.entries if each.id == "z"] == ["#include nothing"]


@pytest.mark.parametrize("name", ["../../secret.lp", "/etc/hostname", "../plan/../../secret.lp"])
def test_the_rules_of_a_policy_do_not_leave_the_folder_of_policies(tmp_path, name):
    (tmp_path / "secret.lp").write_text("secret(1).")
    shutil.copytree(TOY, tmp_path / "toy")
    path = tmp_path / "toy" / "plan" / "policy.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("file: 2024.lp", f"file: {name}"), encoding="utf-8")

    with pytest.raises(InputError, match="leaves the folder of policies"):
        _ = Library(tmp_path / "toy").policies
