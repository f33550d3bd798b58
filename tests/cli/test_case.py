"""A case is begun, gone on with, checked and put in order without losing what was written."""

from __future__ import annotations

import datetime
import os
import re
import select
import sys

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from places import ROOT, TOY

from bvn_asp import InputError, Slot, parse_case
from bvn_asp.cases.evaluate import evaluate
from bvn_asp.cli import main
from bvn_asp.model.case import case_data, joined
from bvn_asp.model.case_reader import make_case
from bvn_asp.model.values import parse_value
from bvn_asp.upkeep.case_file import CaseFile

OPEN = """# from the fax of 3 November
title: A toy patient  # no name
request:
  date: 2026-12-01
  bodies: [L4, L5]
facts:
  # pain first
  pain_duration: {since: 2025-01}   # still going on
  age: 58
"""


def bvn(*arguments, typed=None):
    return CliRunner().invoke(main, [str(each) for each in arguments], input=typed)


# -- round trip ---------------------------------------------------------------------------------


def test_what_is_added_leaves_what_was_written(toy):
    file = CaseFile(toy.library.vocabulary, OPEN)

    file.record(Slot("modic", "L4"), {"one_of": ["type_1", "none"]})
    file.record(Slot("implant"), "no")

    added = "  modic:\n    L4: {one_of: [type_1, none]}\n  implant: no\n"
    assert file.text().replace("   # still", "  # still") == OPEN.replace("   # still", "  # still") + added


@pytest.mark.parametrize("path", sorted((ROOT / "cases").glob("*/*.yaml"))[::7], ids=lambda path: path.stem)
def test_every_shipped_case_is_the_same_after_a_round_trip(shipped, path):
    text = path.read_text()

    again = CaseFile(shipped.vocabulary, text).text()

    assert parse_case(again, shipped.vocabulary) == parse_case(text, shipped.vocabulary)
    assert [line.strip() for line in again.splitlines() if line.startswith("#")] == [
        line.strip() for line in text.splitlines() if line.startswith("#")
    ]


def test_what_is_no_case_is_not_written(toy):
    file = CaseFile(toy.library.vocabulary, OPEN)

    with pytest.raises(InputError):
        file.record(Slot("age"), "old")

    assert "58" in file.text()


# -- ask --interactive --------------------------------------------------------------------------


def walked(tmp_path, typed, *more):
    (tmp_path / "case.yaml").write_text(OPEN)
    saved = tmp_path / "saved.yaml"
    found = bvn("ask", tmp_path / "case.yaml", "-p", "plan", "-i", "-o", saved, "--policies", TOY, *more, typed=typed)
    return found, saved


def test_answers_are_saved_beside_what_was_written(toy, tmp_path):
    found, saved = walked(tmp_path, "1\ny\nquit\n")

    assert found.exit_code == 0, found.output
    assert "# pain first" in saved.read_text()
    assert "pain_duration: {since: 2025-01}" in saved.read_text()
    assert len(parse_case(saved.read_text(), toy.library.vocabulary).records) > len(
        parse_case(OPEN, toy.library.vocabulary).records
    )


def test_an_open_course_stays_open_at_every_date_of_service(toy, tmp_path):
    _, saved = walked(tmp_path, "1\nquit\n")

    for date in ("2025-03-01", "2026-12-01", "2027-12-01"):
        both = [
            parse_case(text.replace("2026-12-01", date), toy.library.vocabulary).get(Slot("pain_duration")).value
            for text in (OPEN, saved.read_text())
        ]
        assert both[0] == both[1]


def test_running_it_again_goes_on_and_never_overwrites(tmp_path):
    _, saved = walked(tmp_path, "1\nquit\n")
    first = saved.read_text()

    again, saved = walked(tmp_path, "quit\n")

    assert f"going on from {saved}" in again.output
    assert saved.read_text() == first


def test_back_takes_an_answer_back_and_a_question_mark_explains(tmp_path):
    found, saved = walked(tmp_path, "?\n1\nback\nquit\n")

    assert "takes the last answer back" in found.output
    assert saved.read_text().replace("   #", "  #") == OPEN.replace("   #", "  #")


def test_a_number_beyond_the_menu_is_no_value(tmp_path):
    found, saved = walked(tmp_path, "99\nquit\n")

    assert "the menu has no `99`" in found.output
    assert "99" not in saved.read_text()


def test_a_request_without_bodies_is_asked_for_them_first(toy, tmp_path):
    (tmp_path / "case.yaml").write_text("title: x\nfacts: {age: 50}\n")
    saved = tmp_path / "saved.yaml"

    bvn("ask", tmp_path / "case.yaml", "-p", "plan", "-i", "-o", saved, "--policies", TOY, typed="L4, L5\nquit\n")

    case = parse_case(saved.read_text(), toy.library.vocabulary)
    assert case.requested(toy.library.vocabulary) == ("L4", "L5")


# -- bvn case -----------------------------------------------------------------------------------


def test_a_new_case_is_asked_for_in_the_order_of_a_chart_and_gone_on_with(shipped, tmp_path):
    path = tmp_path / "new.yaml"
    typed = "A person of 50\n2026-12-03\nGeorgia\nmedicare advantage\nskip\nL4 and L5\n64628\nM54.51\nquit\n"

    found = bvn("case", "new", path, "-p", "cohere-ma", typed=typed)

    assert found.exit_code == 0, found.output
    case = parse_case(path.read_text(), shipped.vocabulary)
    assert case.title == "A person of 50"
    assert case.requested(shipped.vocabulary) == ("L4", "L5")
    assert str(case.get(Slot("state")).value) == "ga"
    again = bvn("case", "new", path, "-p", "cohere-ma", typed="quit\n")
    assert "Title" not in again.output
    assert parse_case(path.read_text(), shipped.vocabulary).records == case.records


REQUEST_LINES = ["A person", "2026-12-03", "ga", "commercial", "other", "L4, L5", "M54.51", "64628"]


@pytest.mark.parametrize("place", range(1, len(REQUEST_LINES)))
def test_an_answer_of_the_request_that_is_taken_back_is_asked_again(shipped, tmp_path, place):
    path = tmp_path / "new.yaml"
    typed = [*REQUEST_LINES[:place], "back", *REQUEST_LINES[place - 1 :], "quit"]

    found = bvn("case", "new", path, "-p", "cohere-ma", typed="\n".join(typed) + "\n")

    assert f"{len(REQUEST_LINES)} answers" in found.output, found.output
    assert_says_the_request(shipped, path)


def assert_says_the_request(shipped, path):
    case = parse_case(path.read_text(), shipped.vocabulary)
    assert (case.title, str(case.date)) == ("A person", "2026-12-03")
    assert case.requested(shipped.vocabulary) == ("L4", "L5")
    assert [str(case.get(Slot(each)).value) for each in ("state", "line_of_business", "insurer")] == [
        "ga", "commercial", "other"
    ]
    assert "M54.51" in path.read_text()
    assert "64628" in path.read_text()


def test_the_last_answer_of_the_request_can_be_taken_back_from_the_first_question_of_a_policy(shipped, tmp_path):
    path = tmp_path / "new.yaml"

    bvn("case", "new", path, "-p", "cohere-ma",
        typed="\n".join([*REQUEST_LINES[:-1], "22899", "back", REQUEST_LINES[-1], "quit"]) + "\n")

    assert "22899" not in path.read_text()
    assert_says_the_request(shipped, path)


def test_take_writes_what_a_hint_says_to_write_and_nothing_that_hangs_on_a_condition(shipped, tmp_path):
    path = tmp_path / "new.yaml"
    typed = ["take", "back", "A person", "12/15/2026", "take", "nowhere", "take", "ok", "quit"]

    found = bvn("case", "new", path, "-p", "cohere-ma", typed="\n".join(typed) + "\n")

    assert found.output.count("`take` writes that") == 1
    assert "`take` is not a value of `state`" in found.output
    assert yaml.safe_load(path.read_text())["request"] | {"date": "2026-12-15"} == {"date": "2026-12-15", "state": "ok"}
    assert "date: 2026-12-15" in path.read_text()


def test_an_empty_file_is_a_new_case(shipped, tmp_path):
    path = tmp_path / "new.yaml"
    path.write_text("")

    bvn("case", "new", path, "-p", "cohere-ma", typed="\n".join([*REQUEST_LINES, "quit"]) + "\n")

    assert_says_the_request(shipped, path)


def test_nothing_to_take_back_asks_the_same_question_again(shipped, tmp_path):
    path = tmp_path / "new.yaml"

    bvn("case", "new", path, "-p", "cohere-ma", typed="\n".join(["back", *REQUEST_LINES, "quit"]) + "\n")

    assert_says_the_request(shipped, path)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal")
def test_what_is_typed_at_a_terminal_stands_in_the_file(shipped, tmp_path):
    import pty

    path = tmp_path / "new.yaml"
    typed = [*REQUEST_LINES[:2], "back", *REQUEST_LINES[1:], "quit"]
    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-m", "bvn_asp", "case", "new", str(path), "-p", "cohere-ma"])
    shown, sent = b"", 0
    while select.select([terminal], [], [], 60)[0]:
        try:
            shown += os.read(terminal, 4096)
        except OSError:  # the terminal is closed: it has ended
            break
        if sent < len(typed) and shown.count(b"answer: ") > sent:
            os.write(terminal, typed[sent].encode() + b"\n")
            sent += 1
    os.close(terminal)  # ends it, should it still wait
    os.waitpid(child, 0)

    assert b"8 answers" in shown
    assert_says_the_request(shipped, path)


def test_an_answer_that_is_not_in_the_file_at_the_end_is_a_fault(shipped, tmp_path, monkeypatch):
    path = tmp_path / "new.yaml"
    monkeypatch.setattr("bvn_asp.cli.intake.write_text", lambda target, text: path.write_text("title: A person\n"))

    found = bvn("case", "new", path, "-p", "cohere-ma", typed="A person\n2026-12-03\nquit\n")

    assert found.exit_code == 2
    assert "`request.date` does not stand in the file" in found.output


def test_a_question_names_what_raised_it(shipped, tmp_path):
    path = tmp_path / "case.yaml"
    data = yaml.safe_load((ROOT / "cases" / "baseline.yaml").read_text(encoding="utf-8"))
    data["facts"]["disc_protrusion"] = {"L4-L5": "4"}
    path.write_text(yaml.safe_dump({key: data[key] for key in ("title", "request", "facts")}, sort_keys=False))

    found = bvn("ask", path, "-p", "cohere-ma", "-i", "-o", tmp_path / "saved.yaml", typed="skip\n" * 30)

    assert "Could the 4 mm protrusion at L4-L5 explain the pain?" in found.stderr


def test_what_was_taken_in_evaluates_the_same_at_every_date(shipped, tmp_path):
    path = tmp_path / "new.yaml"
    typed = "t\n2026-12-03\nga\nmedicare_advantage\n\nL4, L5\n64628\nM54.51\n" + "1\n" * 4 + "quit\n"
    bvn("case", "new", path, "-p", "cohere-ma", typed=typed)
    file = CaseFile(shipped.vocabulary, path.read_text())
    file.record(Slot("pain_duration"), {"since": "2026-03"})

    for date in ("2026-08-30", "2026-09-01", "2026-12-03", "2027-10-01"):
        data = case_data(file.case(), shipped.vocabulary)
        data["request"]["date"] = date
        mine = parse_case(file.text().replace("2026-12-03", date), shipped.vocabulary)
        other = make_case(shipped.vocabulary, data)
        assert other.records == mine.records
        assert evaluate(shipped, mine, ["cohere-ma"])[0].statuses == evaluate(shipped, other, ["cohere-ma"])[0].statuses


@pytest.mark.parametrize("policies", [[], ["-p", "cohere-ma"]])
def test_the_template_is_a_case_and_every_line_of_it_can_be_filled_in(shipped, policies):
    text = bvn("case", "new", "--template", *policies).stdout

    assert parse_case(text, shipped.vocabulary).records == ()
    facts = [line[4:] for line in text.splitlines() if line.startswith("  # ") and ": " in line and "|" in line]
    assert facts
    for line in facts:
        name, _, value = line.partition(": ")
        assert name in shipped.vocabulary.facts, line
        first = value.split(" | ")[0].strip("{}")
        whole = f"{{{first}}}" if value.startswith("{") else first
        section = "request" if shipped.vocabulary.facts[name].section == "Request" and "{" not in value else "facts"
        parse_case(f"title: x\n{section}: {{{name}: {whole}}}", shipped.vocabulary)


def test_the_template_offers_an_entry_for_one_operation_where_a_policy_reads_its_facts(shipped):
    every, other = (bvn("case", "new", "--template", *each).stdout for each in ([], ["-p", "isass-2020"]))
    line = next(each for each in every.splitlines() if "operations: [" in each)

    assert len(parse_case(f"title: x\nfacts: {{{line.removeprefix('  # ')}}}", shipped.vocabulary).tied) == 2
    assert "operations: [" not in other


def test_a_file_with_one_operation_keeps_it_whatever_is_answered(shipped):
    text = "title: x\nfacts:\n  # a note\n  operations:\n    - {at: L4-L5, prior_surgery: fusion}\n"
    file = CaseFile(shipped.vocabulary, text)

    file.become(file.case())
    same = file.text()
    file.record(Slot("surgery_age", "L4"), "8 months")

    assert same == text
    assert file.text().startswith(text)
    assert str(file.case().get(Slot("surgery_age", "L5"))) == "8 months"


def test_cases_are_checked_with_every_fault_at_its_place(tmp_path):
    (tmp_path / "good.yaml").write_text("title: x\nfacts: {age: 50}\n")
    (tmp_path / "bad.yaml").write_text("title: x\nfacts: {age: old, bmi: 39 to 30}\n")

    found = bvn("case", "check", tmp_path / "good.yaml", tmp_path / "bad.yaml")

    assert found.exit_code == 2
    assert "good.yaml: 1 records, no fault" in found.stdout
    assert found.stderr.count("bad.yaml:2:") == 2


def test_a_case_is_formatted_without_losing_a_comment(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text("# head\ntitle: x\nfacts:\n      age:   50 # a\n      bmi: 40.10\n")

    assert bvn("case", "format", path, "--write").exit_code == 0

    assert path.read_text() == "# head\ntitle: x\nfacts:\n  age: 50       # a\n  bmi: 40.10\n"
    assert bvn("case", "format", path).stdout == path.read_text()


DAYS = st.dates(min_value=datetime.date(2024, 1, 1), max_value=datetime.date(2028, 12, 31))
COURSES = st.sampled_from([
    "9 months", {"since": "2025-11"}, {"since": "2025"}, {"since": "2025-11-02"}, {"at_least": "6 months"},
    {"since": "2024-03", "until": "2025-02-10"}, {"one_of": ["3 months", "8 months"]},
])


@settings(max_examples=25, deadline=None)
@given(DAYS, COURSES, st.sampled_from(["58", {"born": "1962-04"}, {"more_than": "17"}]), st.sampled_from(["yes", "no"]))
def test_what_is_saved_reads_and_evaluates_the_same_at_every_date(shipped, date, course, age, implant):
    file = CaseFile(shipped.vocabulary, f"title: x\nrequest:\n  date: {date}  # asked for\n  bodies: [L4, L5]\n")
    told = {Slot("pain_duration"): course, Slot("age"): age, Slot("modic", "L4"): "type_1", Slot("pregnant"): implant}
    kept = [slot for slot, value in told.items() if _records(file, slot, value)]
    again = CaseFile(shipped.vocabulary, file.text())
    data = {"title": "x", "request": {"date": str(date), "bodies": ["L4", "L5"]}, "facts": {}}
    for slot in kept:
        if slot.member:
            data["facts"].setdefault(slot.fact, {})[slot.member] = told[slot]
        else:
            data["facts"][slot.fact] = told[slot]
    try:
        meant = make_case(shipped.vocabulary, data)
    except InputError:  # a course may begin after this day
        return

    assert again.case().records == meant.records
    assert again.text() == file.text()
    assert case_data(again.case(), shipped.vocabulary)["facts"] == case_data(meant, shipped.vocabulary)["facts"]
    for day in OTHER_DAYS:  # a verdict hangs on the records alone
        texts = (file.text(), yaml.safe_dump(data), yaml.safe_dump(case_data(meant, shipped.vocabulary)))
        assert len({_at(shipped, text, date, day) for text in texts}) == 1, day
    one, other = (evaluate(shipped, case, ["cohere-ma"])[0] for case in (again.case(), meant))
    assert (one.verdict, one.statuses) == (other.verdict, other.statuses)


OTHER_DAYS = ("2024-02-29", "2025-08-31", "2026-03-01", "2026-12-02", "2026-12-04", "2027-06-30", "2030-01-01")


def _at(shipped, text, date, day):
    """The records of a case on another day, or that it has none."""
    try:
        moved = text.replace(f"date: {date}", f"date: {day}").replace(f"date: '{date}'", f"date: '{day}'")
        return tuple(f"{each.slot} {each}" for each in parse_case(moved, shipped.vocabulary).records)
    except InputError as error:
        return error.faults[0].message


OLD = st.sampled_from([{"since": "2025"}, {"since": "2025-03", "at_most": "30 months"}, {"at_least": "3 months"},
                       "unknown", {"since": "2024-01-31", "until": "2025-02"}, {"at_most": "2 years"}])
NEW = st.sampled_from(["at least 9 months", "8 to 14 months", "12 months", {"since": "2025-06"}, "under 2 years"])


@settings(max_examples=20, deadline=None)
@given(OLD, NEW, st.booleans())
def test_an_answer_to_what_is_half_known_says_both_at_every_date(shipped, old, new, shown):
    said = ({**old} if isinstance(old, dict) else {"value": old}) | ({"evidence": "fax"} if shown else {})
    head = "title: x\nrequest:\n  date: 2026-12-03\n"
    file = CaseFile(shipped.vocabulary, head + yaml.safe_dump({"facts": {"pain_duration": said}}))
    slot = Slot("pain_duration")
    try:
        file.answer(slot, new)
    except InputError:
        return

    assert bool(file.case().get(slot).evidence) is shown
    lasts = isinstance(old, dict) and "since" in old  # an amount is what it was on the day of service
    for day in ("2026-12-03", *(OTHER_DAYS if lasts else ())):
        try:
            mine = parse_case(file.text().replace("2026-12-03", day), shipped.vocabulary).get(slot).value
            served = datetime.date.fromisoformat(day)
            parts = [parse_value(shipped.vocabulary, slot, each, served) for each in (old, new)]
        except InputError:
            continue  # a course that has not begun, or nothing that both can be on this day
        wanted = joined(*parts)
        assert wanted is None or (mine.low, mine.high) == (wanted.low, wanted.high), (day, file.text())


def _records(file, slot, value):
    try:
        file.record(slot, value)
    except InputError:
        return False
    return True


@pytest.mark.parametrize(
    "facts",
    [
        "  modic: {L4: none, # a [b]\n    # c\n    L5: {one_of: [type_1, # d\n    none]}}  # e\n",
        "  diagnoses_note: # a\n",
        "  modic: # a\n    {L4: none, # c\n    L5: none} # d\n  # e\n",
        "  modic: {L4: 'none', L5: \"none\"} # it's {a [b\n",
    ],
)
def test_no_comment_is_lost_by_formatting_and_no_value(shipped, tmp_path, facts):
    path = tmp_path / "case.yaml"
    text = f"title: 'x # no comment'\nrequest: {{bodies: [L4, # x\n  L5]}} # y\nfacts:\n  age: 50\n{facts}"
    if "note" in facts:
        text = "title: x\nabout: |\n  [a, # text\n  b]\nrequest:\n  diagnoses: [\n    # one\n    M54.51, # two\n  ]\n"
    path.write_text(text)

    found = bvn("case", "format", path)

    assert found.exit_code == 0, found.output
    assert parse_case(found.stdout, shipped.vocabulary).records == parse_case(text, shipped.vocabulary).records
    assert comments(found.stdout) == comments(text)
    path.write_text(found.stdout)
    assert bvn("case", "format", path).stdout == found.stdout


def test_a_file_of_which_a_comment_cannot_be_kept_is_not_formatted(tmp_path, monkeypatch):
    path = tmp_path / "case.yaml"
    path.write_text("title: x\nrequest:\n  bodies: [L4, # x\n    L5]\n")
    monkeypatch.setattr("bvn_asp.upkeep.case_file._comments_above", str)

    found = bvn("case", "format", path, "--write")

    assert found.exit_code == 2
    assert "the comment `# x` would be lost" in found.output
    assert "# x" in path.read_text()


def comments(text):
    return sorted(part.strip() for line in text.splitlines() for part in re.findall(r"#[^\n]*", line))
