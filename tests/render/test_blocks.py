"""The blocks that a page draws, as a text and Markdown print them."""

from __future__ import annotations

import pytest

from bvn_asp.render.blocks import (
    Bar,
    Column,
    Fold,
    Matrix,
    MatrixRow,
    Met,
    NumberLine,
    Page,
    Paragraph,
    Passage,
    Run,
    Section,
    Sides,
    Stretch,
    Styled,
    Table,
)
from bvn_asp.render.html import to_html
from bvn_asp.render.markdown import to_markdown
from bvn_asp.render.text import to_text

LINE = NumberLine(
    label="age",
    of="",
    about="in years",
    stretches=[Stretch(False, ""), Stretch(True, "18"), Stretch(False, ""), Stretch(False, "40")],
    bars=[
        Bar("more than 18 and at most 40", ["a"], [Run(2, 2, "open", "closed")]),
        Bar("at least 18", ["b", "c"], [Run(1, 3, "closed", "")]),
    ],
    notes=["more than 5, together with other facts: d"],
)


def matrix(columns):
    names = [Column(Styled(f"p{i}"), "plans") for i in range(columns)]
    cells = [Met(Styled("not met", "bad"), ">= 6 mo") if i == 0 else Met(Styled("met", "good")) for i in range(columns)]
    return Matrix("what", "who asks what", names, [MatrixRow("pain", "3 months", cells)])


def test_a_number_line_is_a_line_of_characters_with_its_ends():
    lines = to_text([LINE]).splitlines()

    assert lines[1].split() == ["18", "40"]
    assert "(======]" in lines[2]
    assert "more than 18 and at most 40: a" in lines[2]
    assert "[==================" in lines[3]
    assert lines[3].index("[") <= lines[1].index("18") < lines[2].index("(")
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("to", [to_text, to_markdown], ids=["text", "Markdown"])
def test_every_word_of_a_number_line_is_printed(to):
    shown = " ".join(to([LINE]).split())

    for said in ("age", "in years", "at least 18", "b, c", "more than 5, together with other facts: d"):
        assert said in shown


def test_a_matrix_of_few_columns_is_a_table_and_of_many_who_stands_how():
    assert "p0" in to_text([matrix(2)]).splitlines()[0]
    many = " ".join(to_text([matrix(5)]).split())
    assert "not met: p0 (>= 6 mo)" in many
    assert "met: p1; p2; p3; p4" in many


@pytest.mark.parametrize("to", [to_text, to_markdown], ids=["text", "Markdown"])
@pytest.mark.parametrize(
    "block", [Table(["a"], []), Sides(("old", "new"), "about", []), Fold("more", [Table(["a"], [])])], ids=type
)
def test_a_heading_without_content_does_not_appear(to, block):
    assert to([Section("Nothing here", "id", [block]), Paragraph("the end")]).strip() == "the end"


def test_what_both_texts_say_is_said_once():
    row = Passage(Styled("reworded", "dim"), [], (["both", "one"], ["both", "two"]), ["a note"], same=False)

    shown = to_text([Sides(("old", "new"), "about", [row])])

    assert [line.strip() for line in shown.splitlines()[1:]] == ["reworded  old: one", "both", "new: two", "a note"]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])
def test_an_address_that_is_none_of_the_web_is_no_link(address):
    shown = to_html(Page("kind", "title", [], [Paragraph(Styled("here", to=address))]))

    assert "here" in shown
    assert address not in shown


def test_every_text_of_a_page_is_escaped():
    script = "<script>alert(1)</script>"
    row = Passage(Styled(script, "bad"), [script], ([script], [script]), [script], same=False)
    blocks = [
        Sides((script, script), script, [row]),
        Matrix(script, script, [Column(Styled(script), script)], [MatrixRow(script, script, [Met(Styled(script))])]),
        NumberLine(script, script, script, [Stretch(False, script)], [Bar(script, [script], [])], [script]),
        Table([script], [[[script, Styled(script, "dim")], script]]),
    ]

    shown = to_html(Page(script, script, [(script, script)], [Section(script, "id", blocks)], notice=script))

    assert script not in shown
