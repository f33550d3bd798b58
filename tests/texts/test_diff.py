"""`bvn diff`: what a revision changed, by meaning; `bvn stricter` and `bvn split` have files of their own."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess

import pytest
from click.testing import CliRunner
from places import TOY

from bvn_asp.cases.evaluate import Evaluator, Verdict
from bvn_asp.cli import main
from bvn_asp.engine.program import Choice, Program, Seat
from bvn_asp.errors import InputError
from bvn_asp.model.edition import editions
from bvn_asp.model.policy import Revision
from bvn_asp.render.diff import page
from bvn_asp.render.text import to_text
from bvn_asp.texts.diff import Change, Reach, diff
from bvn_asp.texts.split import split
from bvn_asp.texts.stricter import Relation, stricter

PLAN = TOY / "plan"


def edited(toy, tmp_path, *replacements, name="draft"):
    """The toy plan's first revision with some of its text replaced."""
    text = (PLAN / "2024.lp").read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / f"{name}.lp"
    path.write_text(text, encoding="utf-8")
    return Revision(policy=toy.library.policies["plan"], id=name, path=path)


def rows(answer):
    return {(row.new or row.old)[0]: row for row in answer.changed}


def test_a_longer_wait_is_a_tightening_that_turns_on_the_months_between(toy):
    old, new = editions(toy.library, "plan@2024", "plan@2025")

    answer = diff(toy.library, old, new)

    assert answer.relation is Relation.STRICTER
    assert [(row.change, row.new) for row in answer.changed] == [(Change.TIGHTENED, ("pain",))]
    (departure,) = answer.changed[0].tightened.witness.departures
    assert str(departure.slot) == "pain_duration"
    assert [str(cell) for cell in departure.cells] == ["at least 6 months and less than 12 months"]


@pytest.mark.parametrize(
    ("replacement", "entry", "change", "relation"),
    [
        (("at_least(age, 18)", "more_than(age, 18)"), "adult", Change.TIGHTENED, Relation.STRICTER),
        (("at_least(age, 18)", "at_least(age, 17)"), "adult", Change.LOOSENED, Relation.LOOSER),
        (('at_most(t_score, "-2.5")', 'less_than(t_score, "-2.5")'), "osteoporosis", Change.LOOSENED, Relation.LOOSER),
        ((", not is(precautions, yes)", ""), "implant", Change.TIGHTENED, Relation.STRICTER),
        (("at_least(2)", "at_least(3)"), "care", Change.TIGHTENED, Relation.STRICTER),
        (("at_most(bodies_requested, 2)", "at_least(bodies_requested, 2)"), "few", Change.CHANGED, Relation.NEITHER),
        (("at_least(age, 18)", "more_than(age, 17)"), "", None, Relation.EQUIVALENT),
        (("18 years or older", "an adult"), "adult", Change.REWORDED, Relation.EQUIVALENT),
    ],
    ids=["> for >=", "a year less", "< for <=", "a lost exception", "three of three", "both ways", "the same", "words"],
)
def test_an_edit_is_named_by_what_it_means(toy, tmp_path, replacement, entry, change, relation):
    old, _ = editions(toy.library, "plan@2024", "plan@2025")

    answer = diff(toy.library, old, edited(toy, tmp_path, replacement))

    assert answer.relation is relation
    assert {name: row.change for name, row in rows(answer).items()} == ({entry: change} if entry else {})


def test_what_comes_and_what_goes_are_added_and_removed(toy, tmp_path):
    old, _ = editions(toy.library, "plan@2024", "plan@2025")
    text = 'criterion(pain, indications, "Indications 2", "pain for six months or longer").'
    new = edited(
        toy,
        tmp_path,
        (text, 'criterion(one, indications, "Indications 2", "one body").'),
        ('cites(pain, "1, 9-13").\nconcerns(pain, pain_duration).\n', ""),
        ("met(pain) :- at_least(pain_duration, months(6)).", "met(one) :- at_most(bodies_requested, 1)."),
    )

    found = rows(diff(toy.library, old, new))

    assert found["one"].change is Change.ADDED
    assert found["pain"].change is Change.REMOVED
    assert found["one"].tightened.reach is Reach.ALONE


def test_another_id_for_the_same_meaning_is_a_rewording(toy, tmp_path):
    old, _ = editions(toy.library, "plan@2024", "plan@2025")
    new = edited(toy, tmp_path, ("adult", "grown_up"))

    (row,) = diff(toy.library, old, new).changed

    assert row.change is Change.REWORDED
    assert ("id", "adult", "grown_up") in row.wording


def test_a_difference_behind_another_criterion_is_said_to_turn_no_verdict(toy, tmp_path):
    same = 'criterion(older, indications, "Indications 9", "older").\nmet(older) :- at_least(age, {n}).\ncriterion(few,'
    first = edited(toy, tmp_path, ("criterion(few,", same.format(n=16)), name="first")
    second = edited(toy, tmp_path, ("criterion(few,", same.format(n=17)), name="second")

    answer = diff(toy.library, first, second)

    assert answer.equivalent
    assert rows(answer)["older"].change is Change.TIGHTENED
    assert rows(answer)["older"].tightened.reach is Reach.NEVER


def test_a_difference_between_readings_shows_under_readings_alone(toy, tmp_path):
    old, _ = editions(toy.library, "plan@2024", "plan@2025")
    new = edited(toy, tmp_path, ("unless(r1, removed, credited(M)) :- is(care(M), contraindicated).\n", ""))

    answer = diff(toy.library, old, new, under_readings=True)

    assert answer.equivalent
    assert [(u.reading, u.option, u.relation) for u in answer.under] == [("R1", "removed", Relation.LOOSER)]
    assert answer.under_all is Relation.LOOSER


def test_witnesses_get_the_verdicts_that_are_claimed(toy, tmp_path):
    old, _ = editions(toy.library, "plan@2024", "plan@2025")
    new = edited(toy, tmp_path, ("at_least(2)", "at_least(1)"), ("months(6)", "months(9)"))

    answer = diff(toy.library, old, new)

    evaluator = Evaluator(toy.library, [old, new])
    for row in answer.changed:
        for parting, expected in ((row.tightened, ("approve", "deny")), (row.loosened, ("deny", "approve"))):
            if parting:
                again = evaluator.evaluate(parting.witness.case)
                assert tuple(each.verdict.value for each in again) == expected
    assert {row.change for row in answer.changed} == {Change.TIGHTENED, Change.LOOSENED}


@pytest.mark.parametrize(
    "replacement",
    [("at_least(2)", "at_least(3)"), ("at_least(age, 18)", "at_most(age, 64)"), ("at_least(2)", "at_least(2)")],
    ids=["stricter", "neither", "equal"],
)
def test_the_relation_is_that_of_brute_force_over_the_cells(toy, tmp_path, replacement):
    old, _ = editions(toy.library, "plan@2024", "plan@2025")
    new = edited(toy, tmp_path, replacement)
    program = Program(toy.library.vocabulary, toy.library.background, [Seat(old), Seat(new)])
    spoken = [literal for seat in (0, 1) for literal in program.read(seat, {"R1": "credited", "R2": "any-body"})]
    free = [s for s in program.slots if s.fact in ("age", "care", "pain_duration")]
    rest = {"requested": ("yes", "no", "no"), "modic": ("type_1", "none", "none")}
    fixed = [
        program.choices[Choice(slot, rest[slot.fact][["L4", "L5", "S1"].index(slot.member)])]
        for slot in program.slots
        if slot.fact in rest
    ]
    fixed += [program.choices[Choice(s, "no")] for s in program.slots if s.fact in ("implant", "precautions")]
    fixed += [program.choices[Choice(s, program.values(s)[-1])] for s in program.slots if s.fact == "t_score"]
    seen = set()
    for values in itertools.product(*(program.values(slot) for slot in free)):
        cell = [program.choices[Choice(slot, value)] for slot, value in zip(free, values, strict=True)]
        held = [*spoken, *fixed, *cell]
        seen.add(tuple(program.possible([*held, program.literal("verdict", seat, "approve")]) for seat in (0, 1)))
    expected = {
        (False, False): Relation.EQUIVALENT,
        (True, False): Relation.STRICTER,
        (False, True): Relation.LOOSER,
        (True, True): Relation.NEITHER,
    }[(True, False) in seen, (False, True) in seen]

    assert diff(toy.library, old, new).relation is expected


# -- which text is meant -----------------------------------------------------------------------


def test_a_file_without_a_policy_borrows_the_other_side_s(toy, tmp_path):
    path = tmp_path / "draft.lp"
    path.write_text((PLAN / "2024.lp").read_text(encoding="utf-8"), encoding="utf-8")

    old, new = editions(toy.library, "plan@2024", str(path))

    assert new.policy.id == "plan"
    assert diff(toy.library, old, new).equivalent


def test_a_state_in_git_can_be_compared_with_the_working_copy(toy, tmp_path, monkeypatch):
    folder = tmp_path / "policies" / "plan"
    folder.mkdir(parents=True)
    for name in ("2024.lp", "2025.lp", "policy.yaml"):
        (folder / name).write_text((PLAN / name).read_text(encoding="utf-8"), encoding="utf-8")
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        subprocess.run([*git, *arguments], cwd=tmp_path, check=True)
    text = (folder / "2024.lp").read_text(encoding="utf-8")
    (folder / "2024.lp").write_text(text.replace("at_least(age, 18)", "at_least(age, 21)"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    old, new = editions(toy.library, "git:HEAD:policies/plan/2024.lp", "policies/plan/2024.lp")

    assert rows(diff(toy.library, old, new))["adult"].change is Change.TIGHTENED


FORMS = "POLICY, POLICY@REVISION, a path to a .lp file, or git:REF:path/to/file.lp"


@pytest.mark.parametrize(
    ("name", "words", "hint"),
    [
        ("nothing.lp", "there is no such file", FORMS),
        ("git:HEAD", "`git:HEAD` names no text in git", "write git:REF:path/to/file.lp"),
        ("git:--output=x:a.lp", "`--output=x` is not a state in git", ""),
        ("git:HEAD:none/at/all.lp", "git cannot read `git:HEAD:none/at/all.lp`", ""),  # the rest is git's own words
        ("plan@1999", "plan has no revision `1999`", "it has 2024, 2025"),
        ("a/b", "`a/b` names no text of a policy", FORMS),
    ],
)
def test_a_name_of_nothing_is_a_fault_that_says_which(toy, tmp_path, monkeypatch, name, words, hint):
    monkeypatch.chdir(tmp_path)

    for names in (("plan@2024", name), (name, "plan@2024")):
        with pytest.raises(InputError) as error:
            editions(toy.library, *names)
        (found,) = error.value.faults
        assert found.message == words
        assert found.hint.startswith(hint)
    assert list(tmp_path.iterdir()) == []


# -- the command -------------------------------------------------------------------------------


def run(*arguments):
    return CliRunner().invoke(main, [*arguments, "--policies", str(TOY)])


def test_the_exit_status_says_whether_there_is_a_difference():
    assert run("diff", "plan@2024", "plan@2025").exit_code == 1
    assert run("diff", "plan@2024", "plan@2024").exit_code == 0
    assert run("diff", "plan@2024", "plan@1").exit_code == 0
    assert run("diff", "plan@2024", "plan@7").exit_code == 2


def test_no_difference_says_over_what():
    said = " ".join(run("diff", "plan@2024", "plan@2024").output.split())

    assert "no patient gets another verdict" in said
    assert "every complete case of the vocabulary" in said
    assert "the request names no vertebral body" in said


def test_json_is_the_same_twice_and_names_its_schema():
    first, second = (run("diff", "plan@2024", "plan@2025", "--format", "json").output for _ in range(2))

    assert first == second
    assert json.loads(first)["schema"] == "diff/1"


def test_cases_that_flip_say_what_they_now_need(tmp_path):
    facts = "{age: 50, pain_duration: 8 months, care: {exercise: tried, drugs: tried}, modic: {L4: type_1}}"
    (tmp_path / "a.yaml").write_text(
        f"title: eight months of pain\nrequest: {{bodies: [L4]}}\nfacts: {facts}\n", encoding="utf-8"
    )

    said = " ".join(run("diff", "plan@2024", "plan@2025", "--cases", str(tmp_path)).output.split())

    assert "1 of 1 get another verdict" in said
    assert "would now need pain duration: at least 12 months" in said


def test_the_verdict_of_a_base_patient_is_to_approve(toy):
    old, new = editions(toy.library, "plan@2024", "plan@2025")

    base = diff(toy.library, old, new).base

    assert [each.verdict for each in base.evaluations] == [Verdict.APPROVE, Verdict.APPROVE]


# -- a working copy that keeps its name ----------------------------------------------------------


@pytest.fixture(scope="module")
def renamed(tmp_path_factory):
    """The toy plan in another folder, its name kept: R2 is R3 there, with other options, and pain lasts a year."""
    folder = tmp_path_factory.mktemp("other") / "plan"
    shutil.copytree(PLAN, folder)
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8")
        for old, new in (("R2", "R3"), ("r2", "r3"), ("any-body", "one"), ("any_body", "one"), ("each-body", "every"),
                         ("each_body", "every"), ("months(6)", "months(12)")):  # fmt: skip
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    return folder / "2024.lp"


@pytest.fixture(scope="module")
def other_default(tmp_path_factory, shipped):
    """Cohere's policy in another folder, its name kept: only the default of O29 differs."""
    folder = tmp_path_factory.mktemp("other") / "cohere-ma"
    shutil.copytree(shipped.folder / "cohere-ma", folder)
    text = (folder / "policy.yaml").read_text(encoding="utf-8")
    before, o29, after = text.partition("  O29:\n")
    assert "default: any-body" in after
    after = after.replace("default: any-body", "default: each-treated-body", 1)
    (folder / "policy.yaml").write_text(before + o29 + after, encoding="utf-8")
    return folder / "2025-05-29.lp"


def test_a_copy_that_keeps_its_name_is_another_text(toy, renamed):
    answer = diff(toy.library, *editions(toy.library, "plan@2024", str(renamed)), under_readings=True)

    assert not answer.equivalent
    assert answer.relation is Relation.STRICTER
    assert [(row.change, row.new) for row in answer.changed if row.tightened] == [(Change.TIGHTENED, ("pain",))]
    assert answer.under_all is not Relation.EQUIVALENT


@pytest.mark.parametrize("command", ["diff", "stricter", "split"])
def test_a_copy_that_keeps_its_name_is_told_apart_on_the_command_line(renamed, command):
    done = CliRunner().invoke(main, [command, str(renamed), "plan@2024", "--policies", str(TOY)], terminal_width=500)

    assert done.exit_code in (0, 1), done.output
    assert "at least 6 months and less than 12" in " ".join(done.output.split())


@pytest.mark.parametrize("verb", [diff, stricter])
def test_a_copy_with_another_default_is_another_text(shipped, other_default, verb):
    answer = verb(shipped, *editions(shipped, "cohere-ma", str(other_default)))

    assert answer.relation is not Relation.EQUIVALENT


def test_a_copy_with_another_default_splits_somebody(shipped, other_default):
    answer = split(shipped, editions(shipped, "cohere-ma", str(other_default)))

    assert answer.witness is not None
    assert len(set(answer.witness.verdicts)) == 2


def test_an_exception_that_is_gone_is_told_where_its_criterion_changed(toy, tmp_path):
    new = edited(
        toy,
        tmp_path,
        ("instead(r2, each_body, met(modic)) :- is(modic(B), (type_1; type_2)) : requested(B).\n", ""),
        ("months(6)", "months(12)"),
    )
    old = edited(
        toy,
        tmp_path,
        ("instead(r2, each_body, met(modic)) :- is(modic(B), (type_1; type_2)) : requested(B).\n", ""),
        ("met(pain) :-", "besides(r2, each_body, met(pain)) :- requested(l4).\nmet(pain) :-"),
        name="before",
    )

    shown = " ".join(to_text(page(toy.library, diff(toy.library, old, new))).split())

    assert "old: otherwise under R2=each-body" in shown
    assert "new: otherwise" not in shown


# -- what stands elsewhere, and what was announced ---------------------------------------------

IMPLANT = 'criterion(implant, exclusions, "Exclusions 2", "implant without precautions").'


@pytest.mark.parametrize(
    ("place", "tightened", "loosened"),
    [("advice", False, True), ("indications", True, True)],
    ids=["an exclusion among the advice", "an exclusion under the indications"],
)
def test_an_entry_that_counts_otherwise_by_the_same_rule_is_moved(toy, tmp_path, place, tightened, loosened):
    old, _ = editions(toy.library, "plan@2024", "plan@2025")
    new = edited(toy, tmp_path, (IMPLANT, IMPLANT.replace("exclusions,", f"{place},")))

    answer = diff(toy.library, old, new)

    row = rows(answer)["implant"]
    assert (row.change, len(rows(answer))) == (Change.MOVED, 1)
    assert (row.tightened is not None, row.loosened is not None) == (tightened, loosened)
    assert ("part of", "exclusions", place) in row.wording
    assert [e.verdict for e in row.loosened.witness.evaluations] == [Verdict.DENY, Verdict.APPROVE]


def test_an_exclusion_moved_with_another_rule_is_more_than_moved(toy, tmp_path):
    old, _ = editions(toy.library, "plan@2024", "plan@2025")
    moved = (IMPLANT, IMPLANT.replace("exclusions,", "indications,"))
    new = edited(toy, tmp_path, moved, (", not is(precautions, yes)", ""))

    assert rows(diff(toy.library, old, new))["implant"].change is Change.CHANGED


@pytest.mark.parametrize(
    ("expect", "status", "said"),
    [
        ("adult,osteoporosis", 0, "Nothing changed but what was announced"),
        ("adult", 1, "not announced: osteoporosis (loosened)"),
        ("adult,osteoporosis,pain", 0, "announced, and not changed: pain"),
        ("adult,osteoporosis,silent", 0, "announced, and not changed: silent"),
        ("adlt", 2, "did you mean `adult`"),
    ],
)
def test_announced_changes_pass_and_any_other_fails(tmp_path, toy, expect, status, said):
    new = edited(toy, tmp_path, ("at_least(age, 18)", "at_least(age, 17)"), ('at_most(t_score', 'less_than(t_score'))

    result = CliRunner().invoke(
        main, ["diff", "plan@2024", str(new.path), "--expect", expect, "--policies", str(TOY)]
    )

    assert result.exit_code == status, result.output
    assert said in " ".join(result.output.split())


def test_a_rewording_is_to_be_announced_too_and_json_says_so(tmp_path, toy):
    new = edited(toy, tmp_path, ("18 years or older", "an adult"))
    asked = ["diff", "plan@2024", str(new.path), "--policies", str(TOY), "--format", "json", "--expect"]

    missing, announced = (CliRunner().invoke(main, [*asked, each]) for each in ("pain", "adult"))

    assert (missing.exit_code, announced.exit_code) == (1, 0)
    assert json.loads(missing.output)["announced"] == {
        "passes": False, "others": ["adult"], "unneeded": ["pain"], "unexplained": False
    }


def test_whom_a_text_addresses_is_announced_by_a_word(tmp_path, toy):
    new = edited(toy, tmp_path, ("% Indications", 'silent("it does not say") :- is(implant, yes).\n\n% Indications'))
    asked = ["diff", "plan@2024", str(new.path), "--policies", str(TOY), "--expect"]

    assert "whom the texts address" in " ".join(CliRunner().invoke(main, [*asked, "adult"]).output.split())
    assert CliRunner().invoke(main, [*asked, "silent"]).exit_code == 0
