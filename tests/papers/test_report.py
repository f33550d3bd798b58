"""`bvn report`: the page says what the other commands say, escapes every text, and needs nothing else."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from html import escape

import pytest
from click.testing import CliRunner
from pages import Page, dead_links, fetches
from places import HERE, ROOT

from bvn_asp import Library, store
from bvn_asp.cases.compare import compare
from bvn_asp.cases.record import make_record
from bvn_asp.cli import main
from bvn_asp.model.case import case_data
from bvn_asp.model.case_reader import make_case
from bvn_asp.papers.report import report
from bvn_asp.render import words
from bvn_asp.render.html import to_html
from bvn_asp.render.report import page as made
from bvn_asp.repairs.repair import Repairer


def page(library, answer):
    """The page of a report."""
    return to_html(made(library, answer))


SCRIPT = "<script>alert('x')</script>"
MOST_BYTES = 330_000  # 26 policies; a mail takes thirty times as much


@pytest.fixture(scope="module")
def founding(shipped):
    case = shipped.case(ROOT / "cases" / "founding" / "document-004.yaml")
    answer = report(shipped, case)
    return answer, Page(page(shipped, answer))


def test_the_report_says_of_presumptions_and_codes_what_compare_says(shipped):
    case = shipped.case(ROOT / "cases" / "splits" / "d01-seven-weeks-of-care.yaml")

    answer = report(shipped, case, ["cohere-ma"])
    text = " ".join(page(shipped, answer).split())

    assert answer.comparison == compare(shipped, case, ["cohere-ma"])
    said = words.presumed_facts(answer.comparison.evaluations[0].presumed, shipped.vocabulary)
    if answer.comparison.evaluations[0].verdict.value == "approve":
        assert f"; {len(said)} exclusions presumed absent" in text
    presumed = words.presumed(answer.comparison.evaluations[0].presumed, shipped.vocabulary, case)
    assert f'<p class="soft">{presumed}</p>' in text
    assert not {name for name in said if not any(case.get(s) is None for s in shipped.vocabulary.slots_of(name))}
    assert "modic" not in said


def test_the_report_gives_the_advice_on_codes_that_compare_gives(shipped):
    request = "{date: 2026-12-03, bodies: [L4, L5], procedures: {'64628': 2}}"
    case = shipped.parse(f"title: billed twice\nrequest: {request}\nfacts: {{}}")

    answer = report(shipped, case, ["cohere-ma"], looks=0)

    assert [each.id for each in answer.comparison.coding] == ["first-twice"]
    assert escape(answer.comparison.coding[0].text) in page(shipped, answer)


def toy_page(toy, case, **options):
    return Page(page(toy.library, report(toy.library, case, **options)))


def test_every_verdict_on_the_page_is_the_one_that_compare_gives(shipped, founding):
    answer, shown = founding

    verdicts = {row[0].split()[0]: row[1] for row in shown.rows if len(row) == 3 and row[0].strip()}

    for each in compare(shipped, answer.case).evaluations:
        assert verdicts[each.policy] == each.verdict.value


def test_a_chart_with_a_long_acting_opioid_has_a_page(shipped):
    base = case_data(shipped.case(ROOT / "cases" / "baseline.yaml"), shipped.vocabulary)
    facts = {**base["facts"], "extended_release_opioid": "yes"}
    case = make_case(shipped.vocabulary, {**base, "facts": facts})

    answer = report(shipped, case, policies=["lcd-l39642"])

    assert all(each.repairs for each in answer.repairs)
    assert "extended release opioid" in page(shipped, answer)


def test_every_cell_of_the_matrix_is_the_status_that_compare_gives(shipped, founding):
    answer, shown = founding
    compared = compare(shipped, answer.case)
    speaking = [each.policy for each in compared.evaluations if each.verdict.value != "silent"]

    rows = {row[0]: row[1:] for row in shown.rows if len(row) == len(speaking) + 1}

    for row in compared.rows:
        cells = next(cells for label, cells in rows.items() if label.startswith(row.label))
        for name, cell in zip(speaking, cells, strict=True):
            if not any(each.name == name for each in row.cells):
                assert cell == ""
            else:
                said = {True: ("met", "clear", "presumed"), False: ("not met", "present"), None: ("open",)}
                assert cell.startswith(said[row.stands(name)])


def test_every_criterion_of_every_policy_stands_in_a_worksheet(founding):
    answer, shown = founding

    for seat, evaluation in enumerate(answer.comparison.evaluations):
        for number in range(len(evaluation.statuses)):
            assert f"c{seat}-{number}" in shown.ids


def test_links_lead_somewhere_and_ids_are_unique(founding):
    _, shown = founding

    assert len(shown.ids) == len(set(shown.ids))
    assert dead_links(shown) == []


def test_the_page_fetches_nothing_and_forbids_it(founding):
    _, shown = founding

    assert fetches(shown) == []
    walls = [each["content"] for each in shown.with_tag("meta") if each.get("http-equiv") == "Content-Security-Policy"]
    assert walls[0].startswith("default-src 'none'")
    assert "unsafe-inline" not in walls[0].split("script-src")[1]


def test_the_page_says_that_it_decides_nothing_and_how_to_try_it_again(shipped, founding):
    answer, shown = founding
    record = make_record(shipped, compare(shipped, answer.case))

    assert shown.text.count("Not a coverage decision") == 2
    assert record["id"] in shown.text
    assert all(each["rules"][:12] in shown.text for each in record["policies"])


def test_a_report_of_all_policies_fits_in_a_mail(founding):
    answer, shown = founding

    assert len(answer.comparison.evaluations) > 20
    assert len(shown.source.encode()) < MOST_BYTES


def test_a_title_that_is_a_script_is_text(toy):
    age = {"value": 40, "evidence": {"document": SCRIPT}}
    case = toy.library.parse(json.dumps({"title": SCRIPT, "about": SCRIPT, "facts": {"age": age}}))

    shown = toy_page(toy, case)

    assert len(shown.with_tag("script")) == 1
    assert SCRIPT not in shown.source
    assert shown.text.count(SCRIPT) == 5  # the tab, the heading, what it is about, and the evidence twice


def test_an_address_that_is_no_web_address_is_no_link(tmp_path):
    folder = tmp_path / "policies"
    shutil.copytree(HERE / "toy", folder)
    meta = folder / "plan" / "policy.yaml"
    meta.write_text(meta.read_text().replace("nobody's policy 2", "nobody's policy 2\n    url: javascript:alert(1)"))
    library = Library(folder)

    shown = Page(page(library, report(library, library.parse("title: somebody"))))

    assert "javascript:" not in shown.source


def test_a_report_is_the_same_bytes_each_time(toy):
    case = toy.case(age=17, pain_duration="7 months")

    assert toy_page(toy, case).source == toy_page(toy, case).source


def test_the_ways_to_approval_are_those_of_repair(toy):
    case = toy.case(age=40, pain_duration={"since": "2026-06-15"}, care={"exercise": "tried", "drugs": "tried"})

    answer = report(toy.library, case)
    found = Repairer(toy.library, toy.library.revisions([], case.date)).repair(case, limit=1)
    shown = toy_page(toy, case)

    assert [each.choices for each in answer.repairs] == [
        Repairer(toy.library, toy.library.revisions([], case.date)).placed(found).choices
    ]
    assert "2027-06-15" in shown.text  # twelve months after the pain began
    assert "date of service asked for" in shown.text


def test_what_cannot_be_approved_says_what_rules_it_out(shipped):
    case = shipped.parse("title: somebody\nfacts: {other_obvious_cause: disc_herniation}")

    shown = Page(page(shipped, report(shipped, case, ["cohere-ma"])))

    assert "Each of these alone rules out every other way" in shown.text
    assert "It rests on one judgement by the reviewing clinician" in shown.text
    assert "other obvious cause: disc herniation" in shown.text


def test_the_policy_that_governs_is_marked(shipped):
    case = shipped.case(ROOT / "cases" / "baseline.yaml")

    answer = report(shipped, case, ["cohere-ma", "lcd-l39420"])
    shown = Page(page(shipped, answer))

    assert answer.governing
    marked = [row[0] for row in shown.rows if len(row) == 3 and "governs" in row[0]]
    assert [name.split()[0] for name in marked] == list(answer.governing)


def test_two_editions_of_one_policy_stand_side_by_side(toy):
    case = toy.case(age=40, pain_duration="7 months")

    shown = toy_page(toy, case, policies=["plan@2024", "plan@2025"])

    assert {"w0", "w1"} <= set(shown.ids)
    assert "plan@2024" in shown.text
    assert "plan@2025" in shown.text


def test_nothing_is_presumed_on_a_strict_page(toy):
    case = toy.case(age=40)

    assert "Presumed absent" in toy_page(toy, case).text
    assert "Presumed absent" not in toy_page(toy, case, strict=True).text


def run(*arguments, **options):
    return CliRunner().invoke(main, [*map(str, arguments)], **options)


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_a_report_is_a_text_too(toy, tmp_path, form):
    (tmp_path / "case.yaml").write_text("title: somebody\nfacts: {age: 40}\n")

    done = run("report", tmp_path / "case.yaml", "--format", form, "--policies", HERE / "toy")

    assert done.exit_code == 0, done.output
    for said in ("somebody", "What would make it approvable", "Worksheets", "pain for twelve months or longer"):
        assert said in done.output


def test_a_worksheet_says_what_is_needed(toy):
    facts = "{care: {exercise: tried, drugs: tried}}"
    case = toy.library.parse(f"title: somebody\nrequest: {{bodies: [L4, L5]}}\nfacts: {facts}")

    shown = toy_page(toy, case)

    assert any(each.needed for each in report(toy.library, case).explanations)
    assert "each alone can settle it against approval" in shown.text
    assert "all of these are needed" in shown.text


def test_the_command_writes_the_page(tmp_path):
    target = tmp_path / "case.html"

    done = run("report", ROOT / "cases" / "baseline.yaml", "-p", "cohere-ma", "-o", target)

    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    assert re.fullmatch(rf"wrote {re.escape(str(target))} \(\d+ kB\)\n", done.stderr.splitlines(keepends=True)[-1])
    assert target.read_text().startswith("<!doctype html>")


def test_a_page_that_cannot_be_written_is_said_so(tmp_path):
    done = run("report", ROOT / "cases" / "baseline.yaml", "-p", "cohere-ma", "-o", tmp_path / "no" / "case.html")

    assert done.exit_code == 2
    assert "cannot write the file" in done.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["-o", "case.pdf"], "there is no browser on this machine"), ([], "a PDF needs a file")],
    ids=["no browser", "no file"],
)
def test_a_pdf_that_cannot_be_made_is_said_so(tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BVN_BROWSER", "no-such-browser")

    done = run("report", ROOT / "cases" / "baseline.yaml", "-p", "cohere-ma", "--format", "pdf", *arguments)

    assert done.exit_code == 2
    assert said in done.output
    assert re.search("hint: ", done.output)


def test_commands_that_make_no_page_do_not_load_the_template_engine():
    code = (
        "import sys\n"
        "from bvn_asp.cli import COMMANDS, main\n"
        "for name in COMMANDS: main.get_command(None, name)\n"
        "assert 'jinja2' not in sys.modules"
    )

    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_ways_to_approval_are_those_of_each_policy_by_itself(shipped, tmp_path, monkeypatch):
    policies = ["lcd-l39420", "lcd-l40302", "acoem-2021", "evicore-cmm-208"]  # twins, and two that approve nobody
    case = shipped.case({"title": "nearly nothing", "request": {"date": "2026-12-01"}, "facts": {"age": "50 years"}})
    monkeypatch.setenv("BVN_CACHE", str(tmp_path / "store"))
    with store.closed():
        store.allow(True)  # without a store there are no lines
        found = report(shipped, case, policies)

    for each in found.repairs:
        repairer = Repairer(shipped, shipped.revisions(each.policies, case.date))
        assert each == repairer.placed(repairer.repair(case, limit=1, seconds=60))
    assert [each.count for each in found.repairs] == [4, 4, 0, 0]


def test_twins_that_are_read_in_two_ways_are_repaired_each_by_itself(shipped, tmp_path, monkeypatch):
    policies, readings = ["lcd-l39420", "lcd-l40302"], {"lcd-l40302": {"P1": "one-scale"}}
    case = shipped.case({"title": "nearly nothing", "request": {"date": "2026-12-01"}, "facts": {"age": "50 years"}})
    monkeypatch.setenv("BVN_CACHE", str(tmp_path / "store"))
    with store.closed():
        store.allow(True)
        found = report(shipped, case, policies, readings)

    repairer = Repairer(shipped, shipped.revisions(["lcd-l40302"], case.date))
    assert found.repairs[1] == repairer.placed(repairer.repair(case, readings, limit=1), readings)
    assert found.repairs[0].repairs[0].moves != found.repairs[1].repairs[0].moves
