"""A folder of policies is all there is to a library: what is wrong in it is told, and a new policy needs no Python."""

from __future__ import annotations

import datetime
import shutil

import pytest
from click.testing import CliRunner
from places import HERE, TOY

from bvn_asp import InputError, Library, compare, evaluate
from bvn_asp.cli import main
from bvn_asp.model.policy_reader import load_policy
from bvn_asp.model.vocabulary import load_vocabulary

CASE = "title: t\nrequest: {date: 2026-12-01, bodies: [L4]}\nfacts: {age: 17, pain_duration: 9 months}"


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(HERE / "toy", tmp_path / "toy")
    return tmp_path / "toy"


def test_a_policy_is_added_by_two_files_and_no_python(folder, tmp_path):
    (folder / "other").mkdir()
    (folder / "other/policy.yaml").write_text(
        "id: other\ntitle: Another\npublisher: Nobody\nabout: made up\n"
        "revisions: {'2026': {file: 2026.lp, effective: 2026-01-01}}\n"
    )
    (folder / "other/2026.lp").write_text('criterion(old, root, "1", "16 or older").\nmet(old) :- at_least(age, 16).\n')
    (tmp_path / "case.yaml").write_text(CASE)

    found = CliRunner().invoke(main, ["compare", str(tmp_path / "case.yaml"), "--policies", str(folder)])

    assert found.exit_code == 0, found.output
    assert [line.split()[:2] for line in found.stdout.splitlines() if line.startswith(("other ", "plan "))][:2] == [
        ["other", "approve"],
        ["plan", "deny"],
    ]


def test_the_environment_can_name_the_folder(folder):
    found = CliRunner().invoke(main, ["policies"], env={"BVN_POLICIES": str(folder)})

    assert found.exit_code == 0
    assert "plan" in found.stdout
    assert "cohere" not in found.stdout


def edited(folder, old, new):
    path = folder / "plan/policy.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return load_vocabulary(folder / "vocabulary.yaml")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("id: plan", "id: plann", "the policy `plann` stands in a folder named `plan`"),
        ("publisher:", "publischer:", "unknown key `publischer`"),
        ("kind: coverage", "kind: rumour", "`rumour` is not a known `kind`"),
        ("evidence: primary", "evidence: seen", "`seen` is not a known `evidence`"),
        ("file: 2024.lp", "file: 2042.lp", "there is no file `2042.lp`"),
        ("file: 2024.lp", "fil: 2024.lp", "unknown key `fil`"),
        ("effective: 2024-01-01", "effective: January", "`January` is not a date"),
        ("not_encoded: the text was not found", "version: '0'", "the revision `2023` has no `file:`"),
        ("default: credited", "default: credit", "the default of `R1` is not one of its options"),
        ("revisions:", "revision:", "the policy has no revisions"),
        ("title: A toy plan", "title: A toy plan\ntitle: Again", "`title` is given twice"),
    ],
)
def test_a_fault_of_policy_yaml_is_told_with_its_place(folder, old, new, words):
    vocabulary = edited(folder, old, new)

    with pytest.raises(InputError) as caught:
        load_policy(folder / "plan", vocabulary)

    assert words in str(caught.value)
    assert all(f"{folder}/plan/policy.yaml:" in str(each) for each in caught.value.faults)


def test_a_reading_that_the_rules_ask_for_and_nobody_declares_is_told(folder):
    edited(folder, "R1:", "R9:")

    with pytest.raises(InputError, match="unknown reading `r1`"):
        _ = Library(folder).revision("plan@2024").rules


def test_rules_may_call_a_reading_by_its_name_and_people_too(folder):
    edited(folder, "  R2:\n", "  R2:\n    name: which-body\n")
    path = folder / "plan" / "2024.lp"
    path.write_text(path.read_text(encoding="utf-8").replace("reading(r2,", "reading(which_body,"), encoding="utf-8")
    library = Library(folder)
    revision = library.revision("plan@2024")

    assert [each.id for each in revision.readings] == ["R1", "R2"]
    for name in ("R2", "r2", "which-body", "which_body"):
        assert library.chosen_readings(revision, {"plan": {name: "each-body"}})["R2"] == "each-body"


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"R3": "each-body"}, "plan has no reading `R3`"),
        ({"R2": "each-body", "which-body": "any-body"}, "two options are chosen for the reading R2"),
        ({"which-body": "no-body"}, "`no-body` is not an option of the reading R2"),
    ],
)
def test_a_reading_that_cannot_be_chosen_so_is_told(folder, chosen, words):
    edited(folder, "  R2:\n", "  R2:\n    name: which-body\n")
    library = Library(folder)

    with pytest.raises(InputError, match=words):
        library.chosen_readings(library.revision("plan@2024"), {"plan": chosen})


def test_two_readings_of_one_name_are_refused(folder):
    edited(folder, "  R2:\n", "  R2:\n    name: r1\n")

    with pytest.raises(InputError, match="the readings R1 and R2 have one name, `r1`"):
        load_policy(folder / "plan", Library(folder).vocabulary)


def test_an_option_that_the_rules_ask_for_and_nobody_declares_is_told(folder):
    edited(folder, "each-body: in each", "every-body: in each")

    with pytest.raises(InputError, match="`each_body` is not an option of the reading `r2`"):
        _ = Library(folder).revision("plan@2024").rules


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("type: duration", "type: durration", "`pain_duration` has no known type"),
        ("per: modality", "per: modalty", "unknown index `modalty`"),
        ("unit: months", "unit: fortnights", "`pain_duration` needs a unit of time"),
        ("to: 120\n", "to: 0\n", "the range of `age` is empty"),
        ("absent: no\n      presumed: yes\n      finding", "presumed: yes\n      finding", "has no `absent:` value"),
        ("change: treat", "change: cure", "unknown change `cure`"),
        ("{requested: yes}", "{reqested: yes}", "unknown fact `reqested` in `counts`"),
        ("step: 1\n", "stepp: 1\n", "unknown key `stepp` of `age`"),
    ],
)
def test_a_fault_of_the_vocabulary_is_told_with_its_place(folder, old, new, words):
    path = folder / "vocabulary.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))

    with pytest.raises(InputError) as caught:
        load_vocabulary(path)

    assert words in str(caught.value)
    assert all(str(path) in str(each) for each in caught.value.faults)


def test_a_folder_that_is_no_library_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"has no vocabulary\.yaml"):
        Library(tmp_path)
    (tmp_path / "vocabulary.yaml").write_text("facts: {}\n")
    with pytest.raises(InputError, match="holds no policy"):
        _ = Library(tmp_path).policies


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("plann", "did you mean `plan`?"),
        ("plan@1999", "has no revision `1999`"),
        ("plan@2023", "the revision `2023` of plan is not encoded"),
    ],
)
def test_a_revision_that_is_not_there_is_told(toy, name, words):
    with pytest.raises(InputError, match=words.replace("?", r"\?")):
        toy.library.revision(name)


def test_a_revision_goes_by_its_date_or_by_its_version(toy):
    assert toy.library.revision("plan@2").id == toy.library.revision("plan@2025").id == "2025"
    assert toy.library.revision("plan").id == "2025"
    assert toy.library.revision("plan", datetime.date(2024, 6, 1)).id == "2024"


def test_names_asked_for_twice_are_answered_once(toy):
    case = toy.library.parse(CASE)

    found = evaluate(toy.library, case, ["plan", "plan@2025", "plan@2024"])

    assert [each.revision.id for each in found] == ["2025", "2024"]
    assert compare(toy.library, case, ["plan@2024", "plan@2025"]).names == ("plan@2024", "plan@2025")


@pytest.mark.parametrize(("date", "edition"), [("2024-12-31", "2024"), ("2025-01-01", "2025"), ("2025-01-02", "2025")])
def test_on_its_day_of_effect_a_revision_is_in_force(toy, date, edition):
    case = toy.case(request={"date": date, "bodies": ["L4"]}, age=40)

    found = evaluate(toy.library, case, ["plan"])[0]

    assert found.revision.id == edition
    assert not found.before_effective


def test_before_its_day_of_effect_the_oldest_answers_and_says_so(toy):
    case = toy.case(request={"date": "2023-12-31", "bodies": ["L4"]}, age=40)

    found = evaluate(toy.library, case, ["plan"])[0]

    assert (found.revision.id, found.before_effective) == ("2024", True)


def test_an_edited_rule_is_read_again(folder):
    case = Library(folder).parse("title: t\nrequest: {date: 2024-12-01, bodies: [L4]}\nfacts: {age: 17}")
    before = evaluate(Library(folder), case, ["plan@2024"])[0].statuses["adult"].value
    path = folder / "plan/2024.lp"
    path.write_text(path.read_text().replace("at_least(age, 18)", "at_least(age, 17)"))

    assert (before, evaluate(Library(folder), case, ["plan@2024"])[0].statuses["adult"].value) == ("unmet", "met")


def test_every_shipped_policy_reads_and_every_topic_it_names_is_known(shipped):
    for policy in shipped.policies.values():
        for revision in policy.encoded:
            assert revision.rules.entries, revision.name
            assert all(entry.place and entry.text for entry in revision.rules.entries)


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("publisher: Nobody", "claims: nothing"),
        ("    file: 2024.lp", "    same_as: 2025"),
        ("    place: Indications 3", "    contested: yes"),
    ],
)
def test_a_key_that_nothing_reads_is_refused(tmp_path, where, line):
    shutil.copytree(TOY, tmp_path / "toy")
    path = tmp_path / "toy" / "plan" / "policy.yaml"
    text = path.read_text(encoding="utf-8")
    assert where in text
    path.write_text(text.replace(where, f"{where}\n{line}"), encoding="utf-8")

    with pytest.raises(InputError, match="unknown key"):
        _ = Library(tmp_path / "toy").policies
