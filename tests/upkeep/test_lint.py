"""Each rule of `bvn lint`: a policy that trips it, and one that does not."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from places import HERE

from bvn_asp import Library
from bvn_asp.cli import main
from bvn_asp.render.lint import catalogue_markdown
from bvn_asp.upkeep.lint import RULES, Report, level, lint
from bvn_asp.upkeep.lint.catalogue import ANCHOR_RULES
from bvn_asp.upkeep.lint.wording import comparisons

TOY = HERE / "toy"

METADATA = """\
id: draft
title: A draft
publisher: Nobody
kind: coverage
about: Made up.
revisions:
  one: {file: one.lp}
"""
RULES_FILE = """\
group(indications, root, all_of, "Indications", "all of the following hold").
criterion(adult, indications, "Indications 1", "18 years or older").
concerns(adult, age).
met(adult) :- at_least(age, 18).
group(exclusions, root, none_of, "Exclusions", "none of the following is present").
criterion(implant, exclusions, "Exclusions 1", "implant without precautions").
concerns(implant, implants).
met(implant) :- is(implant, yes), not is(precautions, yes).
"""
PAIN = """\
criterion(pain, indications, "Indications 2", "{words}").
concerns(pain, pain_duration).
met(pain) :- {body}.
"""
READING = """\
readings:
  R1:
    place: Indications 2
    question: which?
    default: one
    options: {one: so, two: otherwise}
"""


def criterion(identifier: str, body: str, parent: str = "indications", words: str = "some words") -> str:
    """A criterion of one rule, with its topic."""
    return (
        f'criterion({identifier}, {parent}, "Place {identifier}", "{words}").\n'
        f"concerns({identifier}, age).\nmet({identifier}) :- {body}.\n"
    )


class Folder:
    """A folder of policies with the toy's vocabulary and one policy, `draft`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for name in ("vocabulary.yaml", "background.lp"):
            shutil.copy(TOY / name, path / name)
        (path / "draft").mkdir()

    def write(self, more: str = "", metadata: str = "", rules: str = RULES_FILE) -> Folder:
        (self.path / "draft" / "policy.yaml").write_text(METADATA + metadata, encoding="utf-8")
        (self.path / "draft" / "one.lp").write_text(rules + more, encoding="utf-8")
        return self

    def lint(self) -> Report:
        return lint(Library(self.path))

    def found(self) -> list[str]:
        return [each.rule for each in self.lint().findings]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


LONGER = "pain for 6 months or longer"
PRECISE = "is(modic(B), type_1), requested(B)"
TRIPS = {
    "not-a-rule": "met(adult) :- at_least(age, 18)",
    "engine-only": ":- at_least(age, 18).",
    "undefined": criterion("x", "modalty(M), is(care(M), tried)"),
    "unknown-name": criterion("x", "is(modics(l4), type_1)"),
    "unknown-reading": criterion("x", "is(implant, no), reading(r9, one)"),
    "not-a-limit": criterion("x", "at_least(pain_duration, 6)"),
    "outline": criterion("x", "is(implant, no)", parent="indication"),
    "no-place": 'criterion(x, indications, "", "words"). concerns(x, age). met(x) :- is(implant, no).',
    "unsafe-variable": criterion("x", "not is(modic(B), none)"),
    "number-out-of-range": criterion("x", "less_than(age, 150)"),
    "number-between-steps": criterion("x", 'at_least(t_score, "-2.55")', words="bone density"),
    "operator-against-text": PAIN.format(words=LONGER, body="more_than(pain_duration, months(6))"),
    "number-against-text": PAIN.format(words="pain for 6 months or longer", body="at_least(pain_duration, months(3))"),
    "limit-not-compared": criterion("x", "is(implant, no)", words="pain for 6 months or longer"),
    "other-list": 'criterion(x, indications, "Exclusions 2", "words"). concerns(x, age). met(x) :- is(implant, no).',
    "out-of-order": 'criterion(x, indications, "Indications 0", "words"). concerns(x, age). met(x) :- is(implant, no).',
    "unbounded": criterion("x", "big(A, B)") + "big(A, B) :- A = 1..5000, B = 1..5000.\n",
    "turned-round": criterion("x", "is(modic(B), type_1) : requested(B), is(implant, no)"),
    "exception": criterion("x", PRECISE) + "instead(r1, met(x)) :- is(implant, no).\n",
    "no-rule": 'criterion(x, exclusions, "Exclusions 2", "words"). concerns(x, age).',
    "empty-group": 'group(x, indications, all_of, "Indications 2", "words").',
    "unreached": criterion("x", "is(implant, no)", parent="advice"),
    "unused-helper": "tried :- is(care(M), tried).",
    "no-topic": 'criterion(x, indications, "Indications 2", "words"). met(x) :- is(modic(l4), type_1).',
    "singleton-variable": criterion("x", "requested(B), is(modic(C), type_1)"),
    "anonymous-in-condition": "shown(B, C) :- is(modic(B), type_1), body(C).\n"
    + criterion("x", "shown(B, _) : requested(B)"),
    "invisible-character": "% a comment with\N{NO-BREAK SPACE}a space\n",
    "trailing-space": "% a comment \n",
    "repeated-by-source": 'also(adult, "Exclusions 9").',
    "allow-without-reason": "% lint: allow duplicate\n",
    "allow-for-nothing": "% lint: allow duplicate because nothing\n",
    "never-met": criterion("x", "is(modic(l4), type_1), is(modic(l4), type_2)", parent="exclusions"),
    "always-met": criterion("x", "at_least(age, 18)") + "met(x) :- less_than(age, 18).\n",
    "dead-rule": criterion("x", PRECISE) + "met(x) :- is(implant, yes), is(implant, no).\n",
    "idle-exception": criterion("x", "is(modic(l4), type_1), not is(modic(l4), type_2)", parent="exclusions"),
    "redundant": criterion("x", "at_least(age, 12)", words="12 years or older"),
    "duplicate": criterion("x", "less_than(age, 18)", parent="exclusions", words="under 18 years"),
    "contradiction": criterion("x", "less_than(age, 12)", words="under 12 years"),
    "swallowed": criterion("x", "at_least(age, 18)", parent="exclusions", words="18 years or older"),
    "approves-nobody": "".join(
        criterion(each, f"is(modic(l4), {each})", parent="exclusions") for each in ("none", "type_1", "type_2")
    ),
    "idle-limit": criterion("x", "at_most(bodies_requested, 3)", words="at most 3 bodies"),
    "not-asked": criterion("x", "at_least(pain_duration, months(6))")
    + criterion("y", "at_least(pain_duration, weeks(26)), is(modic(l4), type_1)"),
}
PASSES = {
    "not-a-rule": "met(adult) :- at_least(age, 18).",
    "engine-only": criterion("x", PRECISE),
    "undefined": criterion("x", "modality(M), is(care(M), tried)"),
    "unknown-name": criterion("x", "is(modic(l4), type_1)"),
    "unknown-reading": criterion("x", PRECISE),
    "not-a-limit": criterion("x", "at_least(pain_duration, months(6))"),
    "outline": criterion("x", PRECISE),
    "no-place": criterion("x", PRECISE),
    "unsafe-variable": criterion("x", "requested(B), not is(modic(B), none)"),
    "number-out-of-range": criterion("x", "less_than(age, 80)"),
    "number-between-steps": criterion("x", 'at_least(t_score, "-2.5")', words="bone density"),
    "operator-against-text": PAIN.format(words="over 6 months of pain", body="more_than(pain_duration, months(6))"),
    "number-against-text": PAIN.format(words="pain for six months or more", body="at_least(pain_duration, months(6))"),
    "limit-not-compared": PAIN.format(words="6 months or longer", body="at_least(pain_duration, months(6))"),
    "other-list": 'criterion(x, exclusions, "Exclusions 2", "words"). concerns(x, age). met(x) :- is(modic(l4), none).',
    "out-of-order": 'criterion(x, indications, "Indications 2", "words"). concerns(x, age). met(x) :- is(implant, no).',
    "unbounded": criterion("x", "near(A, B), is(modic(A), type_1)") + "near(A, B) :- body(A), body(B).\n",
    "turned-round": criterion("x", "is(modic(B), type_1) : requested(B); is(implant, no)"),
    "exception": criterion("x", PRECISE) + "instead(r1, one, met(x)) :- is(implant, no).\n",
    "no-rule": criterion("x", "is(modic(l4), type_1)", parent="exclusions"),
    "empty-group": 'group(x, indications, all_of, "Indications 2", "words").\n' + criterion("y", PRECISE, parent="x"),
    "unreached": criterion("x", "is(implant, no)", parent="advice") + "advisory(x).",
    "unused-helper": "tried :- is(care(exercise), tried).\n" + criterion("x", "tried"),
    "no-topic": criterion("x", PRECISE),
    "singleton-variable": criterion("x", "requested(B), is(modic(B), type_1)"),
    "anonymous-in-condition": "shown(B) :- is(modic(B), type_1).\n" + criterion("x", "shown(B) : requested(B)"),
    "invisible-character": "% a comment with a space, and letters that are no mere ASCII: é, …\n",
    "trailing-space": "% a comment\n",
    "repeated-by-source": 'also(adult, "Indications 1a").',
    "allow-without-reason": "% lint: allow duplicate because the document says it twice\n" + TRIPS["duplicate"],
    "allow-for-nothing": "% lint: allow duplicate because the document says it twice\n" + TRIPS["duplicate"],
    "never-met": criterion("x", "is(modic(l4), type_1), is(modic(l5), type_2)", parent="exclusions"),
    "always-met": criterion("x", "at_least(age, 65)") + "met(x) :- less_than(age, 60).\n",
    "dead-rule": criterion("x", PRECISE) + "met(x) :- is(implant, yes), is(precautions, yes).\n",
    "idle-exception": criterion("x", "is(modic(l4), type_1), not is(modic(l5), type_2)", parent="exclusions"),
    "redundant": criterion("x", "at_most(age, 70)", words="at most 70 years"),
    "duplicate": criterion("x", "at_least(age, 90)", parent="exclusions", words="90 years or older"),
    "contradiction": criterion("x", "less_than(age, 65)", words="under 65 years"),
    "swallowed": criterion("x", "at_least(age, 65)", parent="exclusions", words="65 years or older"),
    "approves-nobody": criterion("x", "at_least(age, 65)", parent="exclusions", words="65 years or older"),
    "idle-limit": criterion("x", "at_most(bodies_requested, 2)", words="at most 2 bodies"),
    "not-asked": criterion("x", "at_least(pain_duration, months(6))")
    + criterion("y", "at_least(pain_duration, weeks(30)), is(modic(l4), type_1)"),
}
TRIPS_METADATA = {
    "policy-file": ("defualt: x\n", ""),
    "unused-reading": (READING, ""),
    "unused-option": (READING.replace("two: otherwise", "two: otherwise, three: yet otherwise"), "one"),
    "idle-option": (READING, "either"),
    "approves-nobody": (READING, "literal"),
}
BODIES = {
    "one": criterion("x", "is(implant, no), reading(r1, one)") + "met(x) :- is(precautions, yes).\n",
    "either": criterion("x", f"{PRECISE}, reading(r1, one)") + f"met(x) :- {PRECISE}, reading(r1, two).\n",
    "literal": criterion("x", "less_than(age, 18), reading(r1, one)", parent="exclusions")
    + "met(x) :- at_least(age, 18), reading(r1, two).\n",
}


BY_READING = "besides(r1, two, y) :- is(implant, no).\nmet(x) :- y.\n"
EXCEPTIONS = {
    "exception-for-default": (
        "besides(r1, one, met(x)) :- is(implant, no).\n",
        "besides(r1, two, met(x)) :- is(implant, no).\n",
    ),
    "exception-of-nothing": (BY_READING, BY_READING + "y :- is(precautions, yes).\n"),
    "idle-exception": (
        "unless(r1, two, met(x)) :- is(modic(l4), none), is(modic(l5), none).\n",
        "unless(r1, two, met(x)) :- is(modic(l5), type_1).\n",
    ),
    "dead-rule": (
        "unless(r1, two, met(x)) :- is(implant, yes), is(implant, no).\n",
        "unless(r1, two, met(x)) :- is(implant, yes).\n",
    ),
}


def test_every_rule_has_a_policy_that_trips_it() -> None:
    # tests/cases/test_presumptions_shipped.py
    of_the_vocabulary = {"undoubted-judgement", "pair-undecided", "pair-decided-twice"}
    of_the_vocabulary |= {each.id for each in ANCHOR_RULES}  # tests/upkeep/test_lint_passages.py
    assert set(TRIPS) | set(TRIPS_METADATA) | set(EXCEPTIONS) | of_the_vocabulary | {"fault"} == set(RULES)
    assert set(PASSES) == set(TRIPS)


@pytest.mark.parametrize("rule", TRIPS)
def test_a_policy_that_trips_a_rule_is_found(folder: Folder, rule: str) -> None:
    report = folder.write(TRIPS[rule]).lint()

    mine = [each for each in report.findings if each.rule == rule]
    assert mine, [each.rule for each in report.findings]
    assert all(each.place.line > 8 or rule in ("repeated-by-source", "swallowed") for each in mine)
    assert all(each.place.column for each in mine)


@pytest.mark.parametrize("rule", PASSES)
def test_a_policy_that_keeps_a_rule_passes(folder: Folder, rule: str) -> None:
    report = folder.write(PASSES[rule]).lint()

    assert rule not in [each.rule for each in report.findings if not each.allowed]


@pytest.mark.parametrize("rule", EXCEPTIONS)
def test_an_exception_that_changes_nothing_or_what_stands_by_default_is_found(folder: Folder, rule: str) -> None:
    criterion_x = criterion("x", "is(modic(l4), type_1)")
    wrong, right = EXCEPTIONS[rule]

    found = [each for each in folder.write(criterion_x + wrong, READING).lint().findings if each.rule == rule]
    assert found
    assert all(each.place.line > 8 and each.place.column for each in found)
    assert rule not in folder.write(criterion_x + right, READING).found()


@pytest.mark.parametrize("rule", TRIPS_METADATA)
def test_a_flaw_of_the_metadata_is_found_in_policy_yaml(folder: Folder, rule: str) -> None:
    metadata, body = TRIPS_METADATA[rule]

    report = folder.write(BODIES.get(body, ""), metadata).lint()

    mine = [each for each in report.findings if each.rule == rule]
    assert mine, [each.rule for each in report.findings]
    assert all(each.place.path.endswith("policy.yaml") and each.place.line > 7 for each in mine)


def test_a_policy_without_flaws_has_none(folder: Folder) -> None:
    assert folder.write().found() == []


def test_a_finding_names_file_line_and_column(folder: Folder) -> None:
    report = folder.write(TRIPS["operator-against-text"]).lint()

    (finding,) = report.findings
    assert finding.rule == "operator-against-text"
    assert (Path(finding.place.path).name, finding.place.line) == ("one.lp", 11)
    line = (folder.path / "draft" / "one.lp").read_text().splitlines()[10]
    assert line[finding.place.column - 1 :].startswith("months(6)")


def test_the_words_of_a_reading_that_is_not_the_default_are_no_flaw(folder: Folder) -> None:
    body = "more_than(pain_duration, months(6)), reading(r1, one)"
    both = PAIN.format(words="pain for 6 months or longer", body=body)
    both += "met(pain) :- at_least(pain_duration, months(6)), reading(r1, two).\n"

    assert folder.write(both, READING).found() == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("pain for 6 months or longer", "at_least 6 month"),
        ("six months of non-surgical care or more", "at_least 6 month"),
        ("more than 6 calendar months ago", "more_than 6 month"),
        ("no more than 4 bodies", "at_most 4 "),
        ("at least three of six kinds of care", "at_least 3 "),
        ("the skeleton is immature, or under 18 years", "less_than 18 year"),
        ("a T-score of -2.5 or lower", "at_most -2.5 "),
        ("body mass index above 40", "more_than 40 "),
        ("Modic type 1 or 2 from L3 to S1", ""),
        ("items 7, 9 and 10", ""),
        ("Modic type 1 or 2 at one endplate or more", "at_least 1 "),
    ],
)
def test_comparisons_are_read_from_words(words: str, said: str) -> None:
    assert "; ".join(f"{each.operator} {each.number} {each.unit}" for each in comparisons(words)) == said


def test_a_comment_with_a_reason_allows_a_flaw(folder: Folder) -> None:
    reason = "the document says it twice"
    report = folder.write(f"% lint: allow duplicate because {reason}\n% and more\n{TRIPS['duplicate']}").lint()

    assert [(each.rule, each.allowed) for each in report.findings] == [("duplicate", reason)]
    assert report.open == ()


def test_a_comment_without_a_reason_allows_nothing(folder: Folder) -> None:
    report = folder.write(f"% lint: allow duplicate\n{TRIPS['duplicate']}").lint()

    assert sorted(each.rule for each in report.failing) == ["allow-without-reason", "duplicate"]


def test_an_error_cannot_be_allowed(folder: Folder) -> None:
    report = folder.write("% lint: allow undefined because I say so\n" + "met(adult) :- older.\n").lint()

    assert "undefined" in [each.rule for each in report.failing]


def bvn(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(each) for each in arguments])
    return result.exit_code, result.stdout


def test_a_baseline_passes_over_old_debts_and_finds_new_ones(folder: Folder, tmp_path: Path) -> None:
    folder.write(TRIPS["duplicate"])
    baseline = tmp_path / "debts.json"
    assert bvn("lint", "--policies", folder.path, "--write-baseline", baseline)[0] == 0

    folder.write("% a line more\n" + TRIPS["duplicate"])
    assert bvn("lint", "--policies", folder.path, "--baseline", baseline)[0] == 0
    folder.write(TRIPS["duplicate"] + criterion("y", "at_least(age, 12)", words="12 years or older"))
    status, text = bvn("lint", "--policies", folder.path, "--baseline", baseline)

    assert status == 1
    assert "redundant" in text
    assert "1 known" in text


def test_fix_mends_only_what_changes_nothing(folder: Folder) -> None:
    rule = "met(adult) :- at_least(age,\N{NO-BREAK SPACE}18), requested(B), is(modic(C), type_1). \n"
    folder.write(rule + "% a\N{SOFT HYPHEN}b\n")

    bvn("lint", "--policies", folder.path, "--fix")

    text = (folder.path / "draft" / "one.lp").read_text(encoding="utf-8")
    assert text == RULES_FILE + "met(adult) :- at_least(age, 18), requested(_), is(modic(_), type_1).\n% ab\n"


def test_a_variable_that_binds_nothing_else_is_not_renamed_where_that_would_matter(folder: Folder) -> None:
    text = criterion("x", "requested(B), 2 { is(modic(C), type_1) : body(C); is(modic(B), none) : body(D) }")
    report = folder.write(text).lint()

    mine = [each for each in report.findings if each.rule == "singleton-variable"]
    assert [each.fix for each in mine] == [None]


@pytest.mark.parametrize("form", ["json", "sarif", "text", "markdown", "github"])
def test_every_format_is_the_same_twice_and_fails_on_a_warning(folder: Folder, form: str) -> None:
    folder.write(TRIPS["duplicate"])

    first = bvn("lint", "--policies", folder.path, "--format", form)

    assert first == bvn("lint", "--policies", folder.path, "--format", form)
    assert first[0] == 1
    assert "duplicate" in first[1]


def test_json_says_which_schema_it_keeps(folder: Folder) -> None:
    folder.write(TRIPS["duplicate"])

    data = json.loads(bvn("lint", "--policies", folder.path, "--format", "json")[1])

    assert data["schema"] == "lint/1"
    (finding,) = data["findings"]
    assert (finding["rule"], finding["level"], finding["line"], finding["column"]) == ("duplicate", "warning", 9, 1)


def test_sarif_has_what_code_scanning_reads(folder: Folder) -> None:
    folder.write("% lint: allow redundant because so\n" + TRIPS["redundant"] + TRIPS["duplicate"].replace("(x", "(y"))

    data = json.loads(bvn("lint", "--policies", folder.path, "--format", "sarif")[1])

    assert data["version"] == "2.1.0"
    (run,) = data["runs"]
    rules = [each["id"] for each in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["locations"][0]["physicalLocation"]["region"]["startLine"] > 0
        assert result["message"]["text"]
    kinds = {each["ruleId"]: each.get("suppressions") for each in run["results"]}
    assert kinds["redundant"] == [{"kind": "inSource", "justification": "so"}]
    assert kinds["duplicate"] is None


def test_github_annotations_stand_on_one_line_each(folder: Folder) -> None:
    folder.write(TRIPS["duplicate"])

    lines = bvn("lint", "--policies", folder.path, "--format", "github")[1].splitlines()

    (line,) = lines
    assert line.startswith("::warning file=")
    assert ",line=9,col=1,title=duplicate::" in line


def test_an_unknown_policy_is_no_finding(folder: Folder) -> None:
    folder.write()

    assert bvn("lint", "--policies", folder.path, "drat")[0] == 2


# -- Cohere --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cohere() -> Report:
    return lint(Library(), ["cohere-ma"])


def test_what_cohere_says_twice_is_found(cohere: Report) -> None:
    found = {(each.rule, each.subject): level(each) for each in cohere.findings}

    assert found["duplicate", "repeat_ablation once_per_body"] == "warning"  # Non-indications 20, Indications 7a
    assert found["duplicate", "too_many_bodies four_bodies"] == "warning"  # Non-indications 21, Indications 7b
    assert found["redundant", "immature"] == "warning"  # Non-indications 1, Indications 1
    repeated = [each.message for each in cohere.findings if each.rule == "repeated-by-source"]
    assert any("Non-indications 8 is said again in Non-indications 14" in each for each in repeated)
    assert any("Indications 7a is said again in Indications 9" in each for each in repeated)
    assert any("Indications 7b is said again in Indications 10" in each for each in repeated)


def test_coheres_inverted_clauses_approve_nobody(cohere: Report) -> None:
    nobody = {each.subject: each for each in cohere.findings if each.rule == "approves-nobody"}

    assert set(nobody) == {"O1=literal", "O2=literal"}
    assert "`once_per_body` (Indications 7a) and `repeat_ablation` (Non-indications 20)" in nobody["O1=literal"].message
    assert "`four_bodies` (Indications 7b) and `too_many_bodies` (Non-indications 21)" in nobody["O2=literal"].message


def test_what_is_redundant_can_go_together(cohere: Report, tmp_path: Path) -> None:
    """Replayed: Cohere without its redundant entries decides every case alike, under the default readings."""
    from dataclasses import replace

    from bvn_asp.engine.program import Program, Seat

    library = Library()
    old = library.revision("cohere-ma")
    gone = {each.subject.split()[0] for each in cohere.findings if each.rule in ("redundant", "duplicate")}
    assert gone == {"facet", "immature", "repeat_ablation", "too_many_bodies"}
    text = str(old.path and old.path.read_text(encoding="utf-8"))
    kept = "\n".join(
        line
        for line in text.replace(",\n    ", ", ").splitlines()
        if not any(re.search(rf"\({each}\b", line) for each in gone)
    )
    (tmp_path / "less.lp").write_text(kept, encoding="utf-8")
    new = replace(old, path=tmp_path / "less.lp")
    assert len(new.rules.entries) == len(old.rules.entries) - len(gone)

    program = Program(library.vocabulary, library.background, [Seat(old, 1, 0), Seat(new, 1, 1)])
    readings = [literal for i in (0, 1) for literal in program.read(i, library.chosen_readings((old, new)[i], {}))]
    approve = [program.literal("verdict", i, "approve") for i in (0, 1)]

    assert program.possible([*readings, *approve])
    assert not program.possible([*readings, approve[0], -approve[1]])
    assert not program.possible([*readings, -approve[0], approve[1]])


def test_no_shipped_policy_has_an_error() -> None:
    report = lint(Library())

    assert [each for each in report.findings if level(each) == "error"] == []


def test_places_and_words_of_the_shipped_policies_raise_no_alarm() -> None:
    new = {"limit-not-compared", "other-list", "out-of-order"}

    assert [each for each in lint(Library(), deep=False).findings if each.rule in new] == []


def test_the_page_holds_the_catalogue() -> None:
    page = (HERE.parent / "docs" / "lint.md").read_text(encoding="utf-8")

    assert page.endswith(catalogue_markdown())


# -- brute force -----------------------------------------------------------------------------------

OPERATORS = {
    "at_least": lambda value, limit: value >= limit,
    "more_than": lambda value, limit: value > limit,
    "at_most": lambda value, limit: value <= limit,
    "less_than": lambda value, limit: value < limit,
}
PATIENTS = [(age, implant) for age in (19, 20, 21, 39, 40, 41) for implant in ("yes", "no")]
TEST = st.one_of(
    st.tuples(st.sampled_from(sorted(OPERATORS)), st.sampled_from((20, 40))),
    st.tuples(st.just("is"), st.sampled_from(("yes", "no"))),
)
Draft = list[tuple[bool, list[tuple[str, object]]]]
DRAFT = st.lists(st.tuples(st.booleans(), st.lists(TEST, min_size=1, max_size=2)), min_size=1, max_size=4)


def holds(test: tuple[str, object], patient: tuple[int, str]) -> bool:
    operator, value = test
    return patient[1] == value if operator == "is" else bool(OPERATORS[operator](patient[0], value))


def approves(draft: Draft, patient: tuple[int, str]) -> bool:
    """By hand: every indication has one of its tests, no exclusion has."""
    return all(any(holds(test, patient) for test in tests) != excludes for excludes, tests in draft)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(draft=DRAFT)
def test_the_meaning_agrees_with_brute_force(folder: Folder, draft: Draft) -> None:
    text = ""
    for number, (excludes, tests) in enumerate(draft):
        bodies = [f"is(implant, {value})" if name == "is" else f"{name}(age, {value})" for name, value in tests]
        text += criterion(f"e{number}", bodies[0], parent="exclusions" if excludes else "indications")
        text += "".join(f"met(e{number}) :- {body}.\n" for body in bodies[1:])
    outline = [line for line in RULES_FILE.splitlines() if line.startswith("group")]
    report = folder.write(text, rules="\n".join(outline) + "\n").lint()
    found = {(each.rule, each.subject.split()[0]) for each in report.findings}

    kinds = {
        f"e{number}": {any(holds(test, patient) for test in tests) for patient in PATIENTS}
        for number, (_, tests) in enumerate(draft)
    }
    assert {name for rule, name in found if rule == "never-met" and name in kinds} == {
        name for name, kind in kinds.items() if kind == {False}
    }
    assert {name for rule, name in found if rule == "always-met" and name in kinds} == {
        name for name, kind in kinds.items() if kind == {True}
    }
    nobody = not any(approves(draft, patient) for patient in PATIENTS)
    assert nobody == any(rule in ("approves-nobody", "contradiction", "swallowed") for rule, _ in found)
    gone = {int(name[1:]) for rule, name in found if rule in ("redundant", "duplicate")}
    kept = [each for number, each in enumerate(draft) if number not in gone and len(kinds[f"e{number}"]) == 2]
    if not nobody:
        assert all(approves(kept, patient) == approves(draft, patient) for patient in PATIENTS)
        for number in range(len(kept)):
            fewer = kept[:number] + kept[number + 1 :]
            assert any(approves(fewer, patient) != approves(draft, patient) for patient in PATIENTS)
