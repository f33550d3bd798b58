"""A letter in plain language says what the other says, in words that most people read with ease."""

import re

import pytest
from click.testing import CliRunner
from places import ROOT

from bvn_asp.cli import main
from bvn_asp.papers.letter import Purpose, letter
from bvn_asp.render import letter_plain
from bvn_asp.render.blocks import Bullets, Heading, Pairs, Paragraph
from bvn_asp.render.markdown import to_markdown
from bvn_asp.render.text import to_text

SHOWN = [
    ("founding/document-004", "cohere-ma"),
    ("worklist/third-body-undocumented", "lcd-l39642"),
    ("limits/cohere-ma/pain_duration_short_of", "cohere-ma"),
    ("worklist/pathology-that-could-cause-the-pain", "cohere-ma"),
    ("worklist/two-weights", "lcd-l40302"),
    ("founding/document-000", "lcd-l39420"),
]
GRADE = 8.9


@pytest.fixture(scope="module")
def written(shipped):
    made = {}

    def write(name, policy, purpose):
        key = name, policy, purpose
        if key not in made:
            made[key] = letter(shipped, shipped.case(ROOT / "cases" / f"{name}.yaml"), policy, purpose)
        return made[key]

    return write


def prose(page):
    """The sentences of a letter: paragraphs, rows and lists, without labels, blanks, sources in brackets and names."""
    said = []
    for block in page.blocks:
        if isinstance(block, Paragraph):
            said.append(str(block.text))
        elif isinstance(block, Heading):
            said.append(f"{block.text}.")
        elif isinstance(block, Bullets):
            said += map(str, block.items)
        elif isinstance(block, Pairs):
            hidden = ("Details", "Rules used", "Where it stands", "About", "Asked for")
            said += [str(text) for label, text in block.rows if label not in hidden]
    text = " ".join(each for each in said if "____" not in each)
    return re.sub(r"\([^)]*\)", "", text)


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize(("name", "policy"), SHOWN)
def test_it_is_read_at_about_eighth_grade(shipped, written, name, policy, purpose):
    textstat = pytest.importorskip("textstat", reason="textstat measures how hard a text is to read")
    text = prose(letter_plain.page(shipped, written(name, policy, purpose)))

    assert textstat.flesch_kincaid_grade(text) <= GRADE, text
    assert max(len(each.split()) for each in re.split(r"(?<=[.?!:;])\s", text)) <= 45


@pytest.mark.parametrize(("name", "policy"), SHOWN)
def test_it_names_every_criterion_that_the_draft_names_with_its_place(shipped, written, name, policy):
    answer = written(name, policy, Purpose.ADVERSE)
    text = to_text(letter_plain.page(shipped, answer), 2000)

    for each in answer.reasons:
        entry = each.line.entry
        assert entry.text[1:] in text
        assert entry.place in text


def test_a_second_answer_under_one_label_has_no_empty_label_in_markdown(shipped, written):
    page = letter_plain.page(shipped, written("founding/document-004", "cohere-ma", Purpose.ADVERSE))

    said = to_markdown(page)

    assert "****" not in said
    assert "  - Does imaging show anything else that could explain the pain?" in said


def test_it_is_a_draft_and_explains_the_hard_words_that_stand_in_it(shipped, written):
    text = to_text(letter_plain.page(shipped, written("founding/document-004", "cohere-ma", Purpose.ADVERSE)), 2000)

    assert "This is a DRAFT. It is not a decision." in text
    assert "Disc herniation: the soft pad" in text
    assert "T-score" not in text


def test_a_contradiction_asks_for_a_word_and_a_wait_says_from_when(shipped, written):
    def said(name, policy):
        return to_text(letter_plain.page(shipped, written(name, policy, Purpose.ADVERSE)), 2000)

    assert "The record says two things: 39.6 kg/m2" in said("worklist/two-weights", "lcd-l40302")
    assert "Ask the doctor to write which of the two is right." in said("worklist/two-weights", "lcd-l40302")
    assert re.search(r"Time\. From \d{4}-\d\d-\d\d on it is long enough", said(*SHOWN[2]))


@pytest.mark.parametrize("form", ["text", "markdown", "html", "docx"])
def test_the_command_writes_it_in_every_form(tmp_path, form):
    target = tmp_path / f"letter.{form}"
    case = str(ROOT / "cases/founding/document-004.yaml")
    call = ["letter", case, "cohere-ma", "--for", "adverse", "--plain", "--format", form, "-o", str(target)]

    done = CliRunner().invoke(main, call)

    assert done.exit_code == 0, done.output
    assert target.stat().st_size > 1000
