"""`bvn diff --format html` and `bvn stricter --format html`."""

from __future__ import annotations

import places
import pytest
from click.testing import CliRunner
from pages import Page, dead_links, fetches

from bvn_asp.cli import main
from bvn_asp.render import witness
from bvn_asp.render.diff import page as diff_page
from bvn_asp.render.html import to_html
from bvn_asp.render.stricter import page as stricter_page
from bvn_asp.texts.diff import Change, diff
from bvn_asp.texts.stricter import stricter

TOY = str(places.TOY)


@pytest.fixture(scope="module")
def changed(toy):
    return diff(toy.library, toy.library.revision("plan@2024"), toy.library.revision("plan@2025"))


@pytest.fixture(scope="module")
def shown(toy, changed):
    return Page(to_html(diff_page(toy.library, changed)))


def test_every_row_has_its_change(changed, shown):
    listed = [row[0] for row in shown.rows if len(row) == 3][1:]

    assert len(listed) == len(changed.rows)
    assert all(said.startswith(row.change.value) for said, row in zip(listed, changed.rows, strict=True))


def test_every_patient_on_whom_the_texts_part_is_said_below_her_row(toy, changed, shown):
    partings = [
        (each, label)
        for row in changed.rows
        for each, label in ((row.tightened, "old approves"), (row.loosened, "new approves"))
        if each
    ]

    notes = [row[0] for row in shown.rows if len(row) == 1]
    assert partings
    assert len(notes) == len({id(row) for row in changed.rows if row.tightened or row.loosened})
    for parting, label in partings:
        said = witness.said(toy.library, parting.witness)
        assert any(label in note and said in note for note in notes)


def test_both_texts_are_on_the_number_line_that_moved(shown):
    assert "at least 12 months plan@2025" in shown.text
    assert "at least 6 months plan@2024" in shown.text


def test_the_same_text_twice_is_no_difference(toy):
    revision = toy.library.revision("plan@2025")

    answer = diff(toy.library, revision, revision)
    page = Page(to_html(diff_page(toy.library, answer)))

    assert all(row.change is Change.SAME for row in answer.rows)
    assert "No difference" in page.text
    assert "Number lines" not in page.text


def test_every_way_of_being_stricter_has_its_patient(shipped):
    answer = stricter(shipped, shipped.revision("cohere-ma"), shipped.revision("lcd-l39420"))

    page = Page(to_html(stricter_page(shipped, answer)))

    for each in (*answer.stricter.ways, *answer.looser.ways):
        for unit in each.units:
            refuses = (answer.plan, answer.governing)[each in answer.looser.ways]
            assert unit == "silent" or refuses.entries[unit].text in page.text
    assert f"stricter than lcd-l39420: {len(answer.stricter.ways)}" in page.text
    assert fetches(page) == dead_links(page) == []


@pytest.mark.parametrize("command", ["diff", "stricter"])
def test_the_commands_print_pages(command):
    done = CliRunner().invoke(main, [command, "plan@2025", "plan@2024", "--format", "html", "--policies", TOY])

    assert done.exit_code == 1
    page = Page(done.output)
    assert fetches(page) == dead_links(page) == []
