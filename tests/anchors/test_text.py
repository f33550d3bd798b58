"""`bvn text`: a user's copy against the anchors; and an author's way to them."""

from __future__ import annotations

import json
import shutil

import jsonschema
import pytest
from click.testing import CliRunner
from places import TOY

from bvn_asp import Library
from bvn_asp.anchors.copies import read_copy
from bvn_asp.anchors.words import parse
from bvn_asp.cli import main
from bvn_asp.render.schema import schema

TEXT = """\
The plan of toys, version 1

Criteria

1. A grown person of 18 years or older; AND

2. The back has hurt for six months or longer¹; AND

3. Two of: exercise under guidance, drugs, injections; AND

4. The scan shows a Modic change, like those named above, in any body.

Not covered: a T-score <= -2.5.

Notes

This line is about nothing at all and stands elsewhere.
"""
MARKS = """\
# whose words are whose
left title: The plan of toys, version 1
criteria from: Criteria
left headings: Criteria
adult: A grown person ... older
pain: The back ... longer
care: Two of
exercise: exercise under guidance
drugs: drugs
injections: injections
modic: The scan shows a Modic change
modic: in any body
osteoporosis: a T-score <= -2.5
criteria to: Notes
left title: Notes ... elsewhere
"""


@pytest.fixture
def folder(tmp_path):
    """A library whose plan of 2024 has anchors, with the text that they were made from."""
    shutil.copytree(TOY, tmp_path / "policies")
    (tmp_path / "v1.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "v1.marks").write_text(MARKS, encoding="utf-8")
    done = bvn(tmp_path, "plan@2024", "v1.txt", "--write", "v1.marks", "--of", "the plan as printed")
    assert done.exit_code == 0, done.output
    return tmp_path


def bvn(folder, policy, file, *more):
    words = [str(folder / each) if each.endswith((".txt", ".marks", ".html", ".pdf")) else each for each in more]
    call = ["text", policy, str(folder / file), *words, "--policies", str(folder / "policies")]
    return CliRunner().invoke(main, call, env={"COLUMNS": "80"})


def test_the_text_itself_is_as_encoded_and_what_nobody_claims_is_told(folder):
    answer = bvn(folder, "plan@2024", "v1.txt")

    assert answer.exit_code == 0, answer.output
    assert "every criterion stands there in its own words" in answer.output
    assert "“like those named above”" in answer.output
    assert "of 8 entries with words of their own 8 exact" in answer.output


def test_a_revised_text_names_the_criteria_whose_words_changed(folder):
    revised = TEXT.replace("18 years", "21 years").replace("drugs, ", "").replace("longer¹", "longer²")
    revised = revised.replace("Not covered", "5. A letter from the surgeon; AND\n\nNot covered")
    (folder / "v2.txt").write_text(revised, encoding="utf-8")

    answer = bvn(folder, "plan@2024", "v2.txt", "--was", "v1.txt")

    assert answer.exit_code == 1, answer.output
    said = " ".join(answer.output.split())
    assert "A grown person of [-18-] {+21+} years or older" in said
    assert "drugs (drugs) gone: [-drugs-]" in said
    assert "“A letter from the surgeon" in said
    assert "pain: 1, now 2" in said
    assert "6 exact, 1 changed, 1 gone" in said


def test_the_folder_of_texts_gives_the_old_words(folder):
    (folder / "texts").mkdir()
    shutil.copy(folder / "v1.txt", folder / "texts" / "plan@2024.txt")
    (folder / "v2.txt").write_text(TEXT.replace("18", "21"), encoding="utf-8")

    answer = bvn(folder, "plan@2024", "v2.txt", "--texts", str(folder / "texts"))

    assert "[-18-] {+21+}" in " ".join(answer.output.split())


def test_the_answer_as_json_keeps_to_its_schema(folder):
    (folder / "v2.txt").write_text(TEXT.replace("18", "21"), encoding="utf-8")

    data = json.loads(bvn(folder, "plan@2024", "v2.txt", "--was", "v1.txt", "--format", "json").stdout)

    jsonschema.validate(data, schema(Library(folder / "policies"), "text"))
    assert data["entries"]["adult"] == "changed"
    changed = next(each for each in data["passages"] if each["status"] == "changed")
    assert ["old", "18"] in changed["difference"]


@pytest.fixture
def with_texts(folder):
    """A folder of texts with the copy of one edition, and a case of the toy."""
    (folder / "texts").mkdir()
    shutil.copy(folder / "v1.txt", folder / "texts" / "plan@2024.txt")
    (folder / "case.yaml").write_text(
        "title: a toy patient\nrequest: {bodies: [L4], date: 2024-06-01}\nfacts: {age: 17, pain_duration: 3 months}\n",
        encoding="utf-8",
    )
    return folder


ASKED = {
    "explain": ["explain", "case.yaml", "plan@2024"],
    "show": ["show", "plan@2024"],
    "letter": ["letter", "case.yaml", "plan@2024", "--for", "adverse"],
    "one-page": ["report", "case.yaml", "--one-page", "-p", "plan@2024", "--format", "markdown"],
    "report": ["report", "case.yaml", "-p", "plan@2024", "--format", "markdown"],
}


@pytest.mark.parametrize("name", ASKED)
def test_the_words_of_your_own_copy_stand_beside_ours(with_texts, name):
    def said(*more):
        words = [str(with_texts / each) if each == "case.yaml" else each for each in ASKED[name]]
        call = [*words, "--policies", str(with_texts / "policies"), *more]
        done = CliRunner().invoke(main, call, env={"COLUMNS": "200", "BVN_TEXTS": ""})
        assert done.exit_code == 0, done.output
        return " ".join(done.stdout.replace("\\", "").split())

    assert "“A grown person of 18 years or older”" in said("--texts", str(with_texts / "texts"))
    assert "plan@2024.txt" in said("--texts", str(with_texts / "texts"))
    assert "A grown person" not in said()
    (with_texts / "texts" / "plan@2024.txt").write_text(TEXT.replace("18", "21"), encoding="utf-8")
    assert "other words than those encoded: “A grown person of 21" in said("--texts", str(with_texts / "texts"))
    (with_texts / "texts" / "plan@2024.txt").write_text("A recipe for bread, water and salt.\n", encoding="utf-8")
    assert "another text" in said("--texts", str(with_texts / "texts"))
    (with_texts / "texts" / "plan@2024.txt").rename(with_texts / "texts" / "recipe.txt")
    (with_texts / "texts" / "broken.pdf").write_bytes(b"nothing")
    shutil.copy(with_texts / "v1.txt", with_texts / "texts" / "my copy of the plan.txt")
    assert "“A grown person of 18 years or older”" in said("--texts", str(with_texts / "texts"))
    assert "my copy of the plan.txt" in said("--texts", str(with_texts / "texts"))
    (with_texts / "texts" / "my copy of the plan.txt").unlink()
    assert "no copy of plan@2024" in said("--texts", str(with_texts / "texts"))


def test_another_text_is_called_another_text(folder):
    (folder / "other.txt").write_text("A recipe for bread: flour, water, salt and patience.\n" * 9, encoding="utf-8")

    answer = bvn(folder, "plan@2024", "other.txt")

    assert answer.exit_code == 2
    assert "another text" in answer.output


def test_marks_come_back_and_make_the_same_anchors(folder):
    path = folder / "policies/plan/2024.text.yaml"
    before = path.read_text(encoding="utf-8")
    (folder / "back.marks").write_text(bvn(folder, "plan@2024", "v1.txt", "--marks").output, encoding="utf-8")

    done = bvn(folder, "plan@2024", "v1.txt", "--write", "back.marks", "--of", "the plan as printed")

    assert done.exit_code == 0, done.output
    assert path.read_text(encoding="utf-8") == before


def test_the_anchors_of_one_edition_are_carried_to_the_next(folder):
    (folder / "v2.txt").write_text(TEXT.replace("six months", "twelve months"), encoding="utf-8")

    done = bvn(folder, "plan@2025", "v2.txt", "--carry", "plan@2024")

    assert done.exit_code == 0, done.output
    assert bvn(folder, "plan@2025", "v2.txt").exit_code == 0
    assert bvn(folder, "plan@2025", "v1.txt").exit_code == 1


def test_an_author_begins_with_every_sentence_unclaimed(folder):
    answer = bvn(folder, "plan@2025", "v1.txt", "--marks")

    assert answer.exit_code == 0
    assert "? nobody's: A grown person of 18 years or older\n? nobody's: The back has hurt" in answer.output


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        ("adlut: A grown person\n", "unknown entry `adlut`"),
        ("pain: The back ... longer\nadult: A grown person\n", "do not stand behind those of the mark before"),
        ("adult A grown person\n", "is no mark"),
    ],
    ids=["unknown", "out-of-order", "no-mark"],
)
def test_a_mark_at_fault_is_told_with_its_line(folder, marks, said):
    (folder / "bad.marks").write_text(marks, encoding="utf-8")

    answer = bvn(folder, "plan@2024", "v1.txt", "--write", "bad.marks")

    assert answer.exit_code == 2
    assert said in answer.output
    assert "bad.marks:" in answer.output


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.txt", b"", "no words"),
        ("bits.txt", b"\x00\x01\x02", "not a text file"),
        ("cut.pdf", b"%PDF-1.4\nnothing", "the PDF cannot be read"),
        ("text.docx", b"PK", "cannot be read"),
        ("missing.txt", None, "no such file"),
    ],
    ids=["empty", "binary", "broken-pdf", "kind", "missing"],
)
def test_a_copy_that_cannot_be_read_is_a_fault_with_its_place(folder, name, data, said):
    if data is not None:
        (folder / name).write_bytes(data)

    answer = bvn(folder, "plan@2024", name)

    assert answer.exit_code == 2
    assert said in answer.output
    assert "Traceback" not in answer.output


def test_a_page_and_a_pdf_hold_the_same_words_as_the_text(folder):
    html = TEXT.replace("<=", "&le;").replace("¹", "<sup>1</sup>").replace("\n\n", "</p>\n<p>")
    (folder / "v1.html").write_text(f"<html><head><title>no</title></head><body><p>{html}</p></body></html>")
    (folder / "v1.pdf").write_bytes(a_pdf(TEXT))

    for name in ("v1.html", "v1.pdf"):
        assert read_copy(folder / name).forms == parse(TEXT).forms, name
        assert bvn(folder, "plan@2024", name).exit_code == 0


def test_a_raised_number_in_a_pdf_is_a_citation_and_an_underlined_sign_is_at_least(tmp_path):
    (tmp_path / "x.pdf").write_bytes(a_pdf("Body mass index of 40¹ or more\n\nSlip _>_ 2 mm\n"))

    text = read_copy(tmp_path / "x.pdf")

    assert text.forms == ("body", "mass", "index", "of", "40", "or", "more", "slip", "≥", "2", "mm")
    assert text.words[4].cites == "1"


def a_pdf(text):
    """A page of text as a PDF: a superscript as a small raised number, `_>_` as a sign over a drawn line."""
    out, y = [], 800
    for line in text.splitlines():
        x = 50.0
        for char in line.replace("_>_", "\ue000"):
            if char == "\ue000":
                out.append(f"q 1 0 0 1 {x:.1f} {y - 1:.1f} cm 0 0 6 0.5 re f Q")
                char = ">"
            raised = char in "¹²"
            size, rise = (6, 4) if raised else (10, 0)
            said = {"¹": "1", "²": "2", "(": r"\(", ")": r"\)", "\\": r"\\"}.get(char, char)
            out.append(f"BT /F1 {size} Tf 1 0 0 1 {x:.1f} {y + rise} Tm ({said}) Tj ET")
            x += size * 0.6
        y -= 14
    stream = "\n".join(out).encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 800 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (len(objects) + 1, table, end)


def test_diff_says_where_the_words_changed_and_the_rule_did_not_and_the_reverse(folder):
    """The toy's edition of 2025 asks for twelve months; its text says twelve, or still six."""
    reworded = TEXT.replace("A grown person", "An adult").replace("six months", "twelve months")
    (folder / "v2.txt").write_text(reworded, encoding="utf-8")
    call = ["diff", "plan@2024", "plan@2025", "--policies", str(folder / "policies")]

    bvn(folder, "plan@2025", "v2.txt", "--carry", "plan@2024")
    told = CliRunner().invoke(main, [*call, "--format", "json"])
    kept = {row["new"][0]: (row["change"], row["source_words_kept"]) for row in json.loads(told.stdout)["criteria"]}
    text = CliRunner().invoke(main, call, env={"COLUMNS": "200"}).stdout

    assert kept["adult"] == ("same", False)
    assert kept["pain"] == ("tightened", False)
    assert kept["exercise"] == ("same", True)
    assert kept["few"] == ("same", None)
    assert "the source's words changed, the rule did not" in text
    assert "1 with other words and the same rule" in text

    bvn(folder, "plan@2025", "v1.txt", "--carry", "plan@2024")
    text = CliRunner().invoke(main, call, env={"COLUMNS": "200"}).stdout
    assert "the rule changed, the source's words did not" in text
    assert "1 with the same words and another rule" in text
