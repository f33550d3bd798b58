"""The command line answers, refuses in plain words, keeps to its width, and says nothing of the patient it need not."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner
from places import HERE, ROOT

from bvn_asp.cli import COMMANDS, main

TOY = str(HERE / "toy")
CASE_004 = str(ROOT / "cases/founding/document-004.yaml")
BASELINE = str(ROOT / "cases/baseline.yaml")
PATIENT = """
title: CANARY-TITLE
about: CANARY-ABOUT
source: CANARY-SOURCE
hypothetical: ""
request: {date: 2026-12-01, bodies: [L4, L5]}
facts:
  age: {value: 50, evidence: {document: CANARY-DOCUMENT, note: CANARY-NOTE}}
  pain_duration: 13 months
  care: {exercise: tried, drugs: tried}
  modic: {L4: type_1}
"""


@pytest.fixture
def case_file(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(PATIENT)
    return str(path)


def bvn(*arguments, **kwargs):
    return CliRunner().invoke(main, list(arguments), **kwargs)


def process(*arguments, env=None, **kwargs):
    """`bvn` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "bvn_asp", *arguments],
        capture_output=True,
        env={**os.environ, **(env or {})},
        timeout=60,
        check=False,
        **kwargs,
    )


# -- exit codes --------------------------------------------------------------------------------------


def test_a_question_that_was_answered_exits_with_zero(case_file):
    assert bvn("compare", case_file, "-p", "plan", "--policies", TOY).exit_code == 0
    assert bvn("compare", case_file, "-p", "plan", "--policies", TOY, "--strict").exit_code == 0
    for command in ("compare CASE -p", "explain CASE", "ask CASE -p", "repair CASE -p", "whatif CASE bmi=50 -p"):
        assert bvn(*command.replace("CASE", CASE_004).split(), "cohere-ma").exit_code == 0
    assert bvn("compare", "nowhere.yaml").exit_code == 2


@pytest.mark.parametrize(
    "command",
    [
        *("compare CASE -p", "explain CASE", "ask CASE -p", "whatif CASE pregnant=no -p"),
        *("partial CASE", "repair CASE -p", "report CASE -p"),
    ],
)
def test_the_exit_status_is_the_verdict_where_that_is_asked_for(command, tmp_path):
    path = tmp_path / "case.yaml"
    for facts, status in (("{age: 12}", 1), ("{}", 3)):
        path.write_text(f"title: t\nrequest: {{bodies: [L4]}}\nfacts: {facts}\n")
        arguments = command.replace("CASE", str(path)).replace("pregnant=no", "precautions=unknown").split()

        assert bvn(*arguments, "plan", "--exit-code", "--policies", TOY).exit_code == status


def test_the_worst_verdict_of_several_is_the_exit_status(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(PATIENT.replace("13 months", "9 months"))

    assert bvn("compare", str(path), "-p", "plan@2024", "--policies", TOY, "--exit-code").exit_code == 0
    both = ["compare", str(path), "-p", "plan@2024", "-p", "plan@2025", "--policies", TOY]
    assert bvn(*both, "--exit-code").exit_code == 1
    assert bvn(*both).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "path", "said", "hint"),
    [
        (["compare", "CASE"], "CASE", "unknown fact `bmy`", "did you mean `bmi`?"),
        (["compare", "CASE", "-p", "cohere"], "", "unknown policy `cohere`", "did you mean"),
        (["compare", "CASE", "--no-such"], "", "No such option", ""),
        (["compare"], "", "Missing argument 'CASE'.", ""),
        (["compair", "CASE"], "", "unknown command `compair`", "did you mean `compare`?"),
    ],
    ids=["case", "policy", "option", "argument", "command"],
)
def test_an_error_is_json_where_json_is_asked_for(tmp_path, arguments, path, said, hint):
    case = tmp_path / "case.yaml"
    case.write_text("title: t\nfacts:\n  bmy: 30\n" if path else "title: t\n")

    done = bvn(*[str(case) if each == "CASE" else each for each in arguments], "--format", "json")

    told = json.loads(done.stderr)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert told["schema"] == "error/1"
    assert len(told["faults"]) == 1
    assert said in told["faults"][0]["message"]
    assert told["faults"][0]["hint"].startswith(hint)
    assert told["faults"][0]["path"] == (str(case) if path else "")
    assert told["faults"][0]["line"] == (3 if path else 0)


def test_a_page_without_a_file_does_not_go_into_a_terminal(monkeypatch, tmp_path, case_file):
    from bvn_asp.cli import options
    from bvn_asp.errors import InputError

    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    with pytest.raises(InputError, match="not for a terminal"):
        options.deliver("<!doctype html>", "html", None, False)

    done = bvn("diff", "plan@2024", "plan@2025", "--policies", TOY, "--format", "html", "-o", str(tmp_path / "d.html"))
    assert done.exit_code == 1
    assert f"wrote {tmp_path / 'd.html'} (" in done.stderr


def test_every_command_has_a_help_that_says_which_question_it_answers():
    for name, question in COMMANDS.items():
        found = bvn(name, "--help")
        assert found.exit_code == 0, found.output
        assert question.rstrip(".?").split()[0] in found.output
    assert all(question in " ".join(bvn("--help").output.split()) for question in COMMANDS.values())


def test_the_version_names_the_solver():
    assert bvn("--version").stdout.startswith("bvn-asp ")
    assert "clingo 5." in bvn("--version").stdout


def test_completion_offers_commands_and_policies():
    def offered(words, number):
        env = {**os.environ, "_BVN_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(number)}
        command = [sys.executable, "-c", "from bvn_asp.cli import main; main(prog_name='bvn')"]
        return subprocess.run(command, capture_output=True, text=True, env=env, timeout=60, check=False).stdout

    assert offered("bvn expl", 1).split() == ["plain,explain"]
    assert offered("bvn explain case.yaml coh", 3).split() == ["plain,cohere-ma"]


# -- refusals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["compare", "nowhere.yaml"], ["nowhere.yaml: cannot read the file"]),
        (["compare", "{here}"], ["this is a folder, not a file"]),
        (["compare", "{empty}"], ["empty.yaml: the file is empty"]),
        (["compare", "{binary}"], ["binary.yaml:1:1: not a text file"]),
        (["compare", "{huge}"], ["huge.yaml: the file is 100 MB", "hint:"]),
        (["compare", "{notyaml}"], ["notyaml.yaml:2:", "not YAML", "hint: indent with spaces, not tabs"]),
        (["compare", "{list}"], ["list.yaml:1:1: a case is `name: value` lines"]),
        (["compare", "{case}", "-p", "plann"], ["unknown policy `plann`", "hint: did you mean `plan`?"]),
        (["compare", "{case}", "-p", "plan@1999"], ["plan has no revision `1999`", "hint: it has 2024, 2025"]),
        (["compare", "{case}", "--reading", "plan:R9=a"], ["plan has no reading `R9`", "hint: `bvn show plan` lists"]),
        (["compare", "{case}", "--reading", "plan:R1=no"], ["`no` is not an option of the reading R1", "hint: "]),
        (["compare", "{case}", "--reading", "R1"], ["`R1` names no reading", "hint: write POLICY:ID=OPTION"]),
        (["compare", "{case}", "--record", "/nowhere/record.json"], ["/nowhere/record.json: cannot write the file"]),
        (["compare", "{case}", "--format", "xml"], ["'xml' is not one of"]),
        (["compare", "{case}", "--colour"], ["No such option"]),
        (["compare"], ["Missing argument"]),
        (["compar", "{case}"], ["unknown command `compar`", "hint: did you mean `compare`?"]),
        (["explain", "{case}", "plann"], ["unknown policy `plann`", "hint: did you mean `plan`?"]),
        (["show", "plan@2023"], ["is not encoded", "hint: the text was not found"]),
        (["facts", "zebra"], ["no fact is about `zebra`"]),
        (["verify", "{case}"], ["not JSON", "hint: a record is written by"]),
        (["verify", "nowhere.json"], ["nowhere.json: cannot read the file"]),
        (["schema", "nothing"], ["there is no schema `nothing`"]),
    ],
)
def test_what_cannot_be_asked_is_refused_on_stderr_in_plain_words(case_file, tmp_path, arguments, words):
    with open(tmp_path / "huge.yaml", "wb") as huge:
        huge.truncate(100 * 1024 * 1024)
    texts = {"empty": b"", "binary": b"\xff\xfe\x00", "notyaml": b"title: t\n\tfacts: {}\n", "list": b"- a\n"}
    for name, data in texts.items():
        (tmp_path / f"{name}.yaml").write_bytes(data)
    paths = {name: str(tmp_path / f"{name}.yaml") for name in ("huge", *texts)}
    arguments = [each.format(case=case_file, here=tmp_path, **paths) for each in arguments]

    found = bvn(*arguments, *(["--policies", TOY] if arguments[0] in COMMANDS else []))

    assert found.exit_code == 2
    assert found.stdout == ""
    assert "Traceback" not in found.stderr
    assert found.exception is None or isinstance(found.exception, SystemExit)
    for each in words:
        assert each in found.stderr


def test_every_fault_of_a_case_is_told_at_once_with_its_place(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text("title: t\nfacts:\n  ag: 50\n  pain_duration: 6\n  modic: {L9: type_1}\n")

    found = bvn("compare", str(path), "--policies", TOY)

    assert found.exit_code == 2
    assert [line.split(": ")[0] for line in found.stderr.splitlines() if line.startswith(str(path))] == [
        f"{path}:3:3",
        f"{path}:4:18",
        f"{path}:5:11",
    ]
    assert found.stderr.endswith("3 faults\n")


def test_a_folder_without_policies_is_refused(case_file, tmp_path):
    found = bvn("compare", case_file, "--policies", str(tmp_path))

    assert found.exit_code == 2
    assert "this is no folder of policies" in found.stderr


def test_a_fault_in_a_policy_names_its_line_and_not_ours(case_file, tmp_path):
    import shutil

    shutil.copytree(TOY, tmp_path / "toy")
    path = tmp_path / "toy/plan/2025.lp"
    text = path.read_text().replace("is(implant, yes)", "is(implnt, yes)")
    path.write_text(text)
    (line,) = (number for number, each in enumerate(text.splitlines(), 1) if "is(implnt" in each)

    found = bvn("compare", case_file, "--policies", str(tmp_path / "toy"))

    assert found.exit_code == 2
    assert f"{path}:{line}:" in found.stderr
    assert "did you mean `implant`?" in found.stderr


# -- input and output --------------------------------------------------------------------------------


def test_a_case_can_come_from_standard_input(case_file):
    piped = bvn("compare", "-", "-p", "plan", "--policies", TOY, input=PATIENT)

    assert piped.exit_code == 0
    assert piped.stdout == bvn("compare", case_file, "-p", "plan", "--policies", TOY).stdout


def test_a_case_can_be_json():
    text = json.dumps({"title": "t", "request": {"bodies": ["L4"]}, "facts": {"age": 17}})

    assert "deny" in bvn("compare", "-", "-p", "plan", "--policies", TOY, input=text).stdout


@pytest.mark.parametrize("columns", [60, 80, 100])
@pytest.mark.parametrize(
    "arguments",
    [
        ["compare", CASE_004],
        ["compare", BASELINE, "-p", "cohere-ma", "-p", "lcd-l39642"],
        ["explain", CASE_004, "cohere-ma"],
        ["explain", BASELINE, "lcd-l39642", "--unmet-first"],
        ["show", "cohere-ma"],
        ["facts"],
        ["policies"],
    ],
    ids=lambda each: " ".join(each[:1] + each[2:]),
)
def test_no_line_is_longer_than_the_width(arguments, columns):
    lines = bvn(*arguments, env={"COLUMNS": str(columns)}).stdout.splitlines()

    assert lines
    assert [line for line in lines if len(line) > columns] == []
    assert not [line for line in lines if line != line.rstrip()]


def test_a_page_that_people_read_ends_with_a_summary():
    assert bvn("compare", CASE_004).stdout.splitlines()[-1].split(":")[0].endswith("policies")
    assert bvn("compare", CASE_004, "-p", "cohere-ma").stdout.splitlines()[-1] == "cohere-ma: deny"


def test_colour_is_for_terminals_only():
    assert b"\x1b[" not in process("compare", CASE_004, "-p", "cohere-ma").stdout


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("env", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_a_terminal_is_coloured_unless_it_says_no(env, coloured):
    import pty

    here, there = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", **env}
    if "NO_COLOR" not in env:
        environment.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "bvn_asp", "compare", CASE_004, "-p", "cohere-ma"]
    with subprocess.Popen(command, stdout=there, stderr=there, env=environment) as running:
        os.close(there)
        data = b""
        try:
            while chunk := os.read(here, 65536):
                data += chunk
        except OSError:
            pass  # the other end is closed
        running.wait(timeout=60)
    os.close(here)

    assert (b"\x1b[" in data) is coloured
    assert b"cohere-ma" in data


def test_a_pipe_that_is_closed_early_is_no_error():
    command = f"'{sys.executable}' -m bvn_asp facts | head -n 1"
    found = subprocess.run(["bash", "-c", command], capture_output=True, timeout=60, check=False)

    assert found.stdout
    assert found.stderr == b""


@pytest.mark.parametrize(
    "arguments",
    [
        ["compare", CASE_004],
        ["compare", CASE_004, "--format", "json"],
        ["compare", CASE_004, "--format", "markdown"],
        ["explain", CASE_004, "cohere-ma", "--format", "json"],
    ],
    ids=lambda each: " ".join(each[:1] + each[2:]),
)
def test_the_same_question_gives_the_same_bytes_under_any_hash_seed(arguments):
    first, second = (process(*arguments, env={"PYTHONHASHSEED": seed}) for seed in ("0", "1"))

    assert first.stdout
    assert first.stdout == second.stdout
    assert first.stderr == second.stderr == b""


def test_the_json_keeps_the_keys_that_others_rely_on():
    data = json.loads(bvn("compare", CASE_004, "--format", "json").stdout)
    keys = {"policy", "revision", "verdict", "criteria", "blamed", "presumed", "open", "reading_dependent"}

    assert data["schema"] == "compare/2"
    for each in data["verdicts"]:
        assert keys <= set(each)
        assert each["verdict"] in ("approve", "deny", "pend", "silent")
        assert isinstance(each["reading_dependent"], bool)
        for entry in each["criteria"]:
            assert {"id", "section", "status"} <= set(entry)
            assert entry["status"] in ("met", "unmet", "undetermined")


def test_readings_chosen_does_not_look_further_and_changes_no_verdict():
    def verdicts(*more):
        listed = json.loads(bvn("compare", CASE_004, "--format", "json", *more).stdout)["verdicts"]
        return [(each["policy"], each["verdict"]) for each in listed], [each["hangs_on"] for each in listed]

    looked, chosen = verdicts(), verdicts("--readings", "chosen")

    assert looked[0] == chosen[0]
    assert any(looked[1])
    assert not any(chosen[1])


@pytest.mark.parametrize("name", ["O29", "o29", "modic-bodies", "modic_bodies"])
def test_a_reading_chosen_by_its_number_or_its_name_changes_what_it_is_about(name):
    reading = f"cohere-ma:{name}=each-treated-body"
    chosen = json.loads(bvn("explain", CASE_004, "cohere-ma", "--reading", reading, "--format", "json").stdout)

    assert chosen["readings"]["O29"] == "each-treated-body"
    assert "modic" in chosen["blamed"]


def test_two_options_of_one_reading_are_refused():
    twice = ("--reading", "cohere-ma:O29=each-treated-body", "--reading", "cohere-ma:modic-bodies=any-body")
    found = bvn("explain", CASE_004, "cohere-ma", *twice)

    assert found.exit_code == 2
    assert "two options are chosen for the reading O29 of cohere-ma" in found.stderr


def test_show_says_which_readings_change_a_criterion_and_prints_its_rules_when_asked():
    plain, rules = bvn("show", "cohere-ma").stdout, bvn("show", "cohere-ma", "--rules").stdout

    assert "otherwise under O29=each-treated-body, O28=features-together" in " ".join(plain.split())
    assert "met(modic) :- shows_modic(B)." not in plain
    flat = " ".join(rules.split())
    assert "met(modic) :- shows_modic(B). instead(modic_bodies, each_treated_body, met(modic)) :- shows_modic" in flat


def test_show_gives_rules_and_names_as_data():
    found = json.loads(bvn("show", "cohere-ma", "--format", "json").stdout)

    (modic,) = [each for each in found["criteria"] if each["id"] == "modic"]
    assert modic["rules"][0] == "met(modic) :- shows_modic(B)."
    assert ("O29", "modic-bodies") in [(each["id"], each["name"]) for each in found["readings"]]


def test_explain_says_under_which_readings_what_stands_in_the_way_is_met_otherwise():
    flat = " ".join(bvn("explain", CASE_004, "cohere-ma").stdout.split())

    assert "otherwise under O22=each-kind, O21=waived" in flat
    assert "skeleton is mature not mentioned, presumed absent met" in flat  # nothing of O35: it is settled


def test_explain_prints_the_plain_rule_with_its_exceptions_when_asked():
    plain, rules = (" ".join(bvn("explain", CASE_004, "cohere-ma", *how).stdout.split()) for how in ((), ("--rules",)))

    both = "met(modic) :- shows_modic(B). instead(modic_bodies, each_treated_body, met(modic)) :- shows_modic"
    assert both in rules
    assert both not in plain
    assert "met(age_18) :- at_least(age, 18)." in rules  # of what is met, too
    assert "otherwise under" not in rules


def test_diff_prints_the_rules_of_both_sides_when_asked():
    found = " ".join(bvn("diff", "cohere-ma", "lcd-l39420", "--rules").stdout.split())

    assert "old: met(pain_severity) :- is(pain_severity, (moderate; severe))." in found
    assert "old: instead(severity_shown, scale, met(pain_severity)) :- at_least(pain_score, 4)." in found
    assert "otherwise under" not in found


def test_facts_are_searched_by_any_of_their_words():
    names = {each["fact"] for each in json.loads(bvn("facts", "Modic", "--format", "json").stdout)["facts"]}

    assert "modic" in names
    assert "bmi" not in names


def test_unmet_first_puts_what_stands_in_the_way_first():
    lines = bvn("explain", CASE_004, "cohere-ma", "--unmet-first").stdout.splitlines()
    words = [line.split()[0] for line in lines if line]
    bad = [i for i, word in enumerate(words) if word in ("PRESENT", "NOT")]

    assert bad
    assert max(bad) < min(i for i, word in enumerate(words) if word in ("met", "clear"))


# -- records and privacy -----------------------------------------------------------------------------


def test_a_record_is_written_whole_and_verified(case_file, tmp_path):
    path = tmp_path / "record.json"

    bvn("compare", case_file, "--policies", TOY, "--record", str(path), "--readings", "chosen")
    same = bvn("verify", str(path), "--policies", TOY)

    assert same.exit_code == 0
    assert "same" in same.stdout
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".record")]
    path.write_text(path.read_text().replace('"verdict": "approve"', '"verdict": "deny"'))
    other = bvn("verify", str(path), "--policies", TOY)
    assert other.exit_code == 1
    assert "not the same" in other.stdout


def test_what_a_case_says_in_free_text_is_in_no_record_and_in_no_error(case_file, tmp_path):
    record = tmp_path / "record.json"
    bvn("compare", case_file, "--policies", TOY, "--record", str(record))
    broken = tmp_path / "broken.yaml"
    broken.write_text(PATIENT.replace("age:", "ag:").replace("L4: type_1", "L4: typ_9"))
    impossible = tmp_path / "impossible.yaml"
    impossible.write_text(PATIENT.replace("bodies: [L4, L5]", "bodies: []"))

    assert "CANARY" not in record.read_text()
    for path in (broken, impossible):
        found = bvn("compare", str(path), "--policies", TOY)
        assert found.exit_code == 2
        assert found.stderr
        assert "CANARY" not in found.stderr + found.stdout
    missing = bvn("compare", case_file, "-p", "nobody", "--policies", TOY)
    assert "CANARY" not in missing.stderr


def test_nothing_is_kept_between_runs(case_file, tmp_path):
    found = process("compare", case_file, env={"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)})

    assert found.returncode in (0, 1, 2)
    assert not list(tmp_path.rglob("*bvn*"))


def test_of_very_many_faults_the_first_fifty_and_the_count_are_shown(tmp_path):
    facts = "\n".join(f"  wrong_{i}: yes" for i in range(1100))
    (tmp_path / "case.yaml").write_text(f"title: A\nfacts:\n{facts}\n")

    found = CliRunner().invoke(main, ["compare", str(tmp_path / "case.yaml")])

    assert found.exit_code == 2
    assert found.stderr.count("unknown fact") == 50
    assert found.stderr.splitlines()[-2:] == ["… and 1,050 more", "1,100 faults"]


@pytest.mark.parametrize(("character", "shown"), [("\\a", "\\x07"), ("\\e[31m", "\\x1b[31m"), ("\\u202e", "\\x202e")])
def test_nothing_in_a_chart_steers_the_terminal(tmp_path, character, shown):
    (tmp_path / "case.yaml").write_text(f'title: "A{character}B"\nfacts: {{age: "{character}"}}\n')
    (tmp_path / "fine.yaml").write_text(f'title: "A{character}B"\n')

    refused = CliRunner().invoke(main, ["compare", str(tmp_path / "case.yaml")])
    answered = CliRunner().invoke(main, ["compare", str(tmp_path / "fine.yaml"), "-p", "cohere-ma"])

    for text in (refused.stderr, answered.stdout):
        assert not {"\a", "\x1b", "\u202e"} & set(text)
    assert f"A{shown}B" in answered.stdout or answered.exit_code == 2
