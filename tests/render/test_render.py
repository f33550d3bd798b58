"""What people read fits its width, and what a case or a policy says is never taken for markup."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import HERE

from bvn_asp import Library, compare, explain
from bvn_asp.render import pages
from bvn_asp.render.blocks import Bullets, Heading, Pairs, Paragraph, Styled, Table, lines_of
from bvn_asp.render.data import to_json
from bvn_asp.render.markdown import to_markdown
from bvn_asp.render.text import columns_of, to_text

HOSTILE = "a | b <script>alert(1)</script> **bold** [link](https://example.org) `code` # head\n- item\n\n| row |"
LETTERS = st.text("abc-_", min_size=1, max_size=12)
STRANGE = st.text("ab漢字é\u0301/:", min_size=1, max_size=90)  # long words, wide characters, accents that combine
WORDS = st.lists(st.one_of(LETTERS, STRANGE), max_size=12).map(" ".join)
CELLS = st.one_of(WORDS, st.lists(WORDS, min_size=1, max_size=3))


@settings(max_examples=60, deadline=None)
@given(
    width=st.integers(60, 110),
    head=st.lists(WORDS, min_size=3, max_size=3),
    rows=st.lists(st.tuples(WORDS, WORDS, CELLS), max_size=4),
    many=st.lists(st.lists(WORDS, min_size=7, max_size=7), max_size=2),
    text=WORDS,
)
def test_no_line_is_longer_than_the_width_whatever_stands_in_it(width, head, rows, many, text):
    blocks = [
        Heading(f"{text} " * 5),
        Paragraph(f"{text} " * 9),
        Paragraph(text, indent=4),
        Bullets([f"{text} " * 7]),
        Pairs([("Case", f"{text} " * 8), ("Request", "")]),
        Table(head, rows),
        Table([], rows, hang=False),
        Table(head, rows, indents=[30, 2, 4, 6]),
        Table([], many),
    ]

    assert all(columns_of(line) <= width for line in to_text(blocks, width).splitlines())


@settings(max_examples=60, deadline=None)
@given(width=st.integers(60, 110), rows=st.lists(st.tuples(WORDS, WORDS, CELLS), max_size=4), text=WORDS)
def test_no_character_is_lost_by_wrapping(width, rows, text):
    blocks = [Paragraph(text), Bullets([text]), Pairs([("", text)])]
    found = ["".join(to_text([block], width).split()) for block in blocks]
    shown = "".join(to_text([Table([], rows)], width).split())

    whole = "".join(text.split())
    assert found == [whole, f"-{whole}", whole]
    texts = [str(each) for row in rows for cell in row for each in lines_of(cell)]
    assert Counter(shown) == Counter("".join(" ".join(texts).split()))


def test_a_wide_character_takes_two_columns():
    assert [columns_of(text) for text in ("ab", "漢字", "e\u0301", "é")] == [2, 4, 1, 1]


def test_nothing_is_lost_by_wrapping():
    words = [f"word{i}" for i in range(60)]
    shown = to_text([Table(["one", "two"], [["left", " ".join(words)]])], 60)

    assert [each for each in shown.split() if each.startswith("word")] == words


def test_colour_adds_no_width_and_is_left_out_when_not_wanted():
    blocks = [Table(["a", "b"], [["x", Styled("denied", "bad")]]), Paragraph(Styled("dim", "dim"))]
    plain, coloured = to_text(blocks, 80), to_text(blocks, 80, colour=True)

    assert "\x1b[" not in plain
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


@pytest.mark.parametrize(
    "block",
    [
        Heading(HOSTILE),
        Paragraph(HOSTILE),
        Bullets([HOSTILE]),
        Pairs([(HOSTILE, HOSTILE)]),
        Table([HOSTILE], [[HOSTILE]]),
        Table([], [[[HOSTILE, Styled(HOSTILE, "bad")]]]),
    ],
    ids=lambda each: type(each).__name__,
)
def test_a_hostile_text_is_no_markup_in_markdown(block):
    shown = to_markdown([block])

    assert "<script" not in shown.replace("\\<script", "")
    assert not re.search(r"(?<!\\)\[link", shown)
    assert not re.search(r"(?<!\\)`", shown)
    assert "\n- item" not in shown
    assert "\n# head" not in shown
    if isinstance(block, Table):
        rows = [line for line in shown.splitlines() if line.startswith("|")]
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) == 1


def hostile_case(library):
    import json

    facts = {
        "age": {"value": 17, "evidence": {"document": HOSTILE, "note": HOSTILE}},
        "t_score": {"conflicting": [0, {"value": -3, "evidence": HOSTILE}]},
    }
    return library.parse(json.dumps({"title": HOSTILE, "request": {"bodies": ["L4"]}, "facts": facts}))


def test_a_case_with_a_hostile_title_is_printed_as_text_in_every_form():
    library = Library(HERE / "toy")
    case = hostile_case(library)
    comparison = pages.comparison(library, compare(library, case))
    worksheet = pages.explanation(library, explain(library, case, "plan"), case)

    for page in (comparison, worksheet):
        shown = to_markdown(page)
        assert "\\<script\\>" in shown
        assert "<script>" not in shown
        assert all(len(line) <= 80 for line in to_text(page, 80).splitlines())


def test_json_keeps_every_character_as_it_was():
    import json

    assert json.loads(to_json({"title": HOSTILE + "é\u2028"}))["title"] == HOSTILE + "é\u2028"


def test_statuses_of_exclusions_never_read_backwards():
    library = Library(HERE / "toy")
    facts = "{implant: yes, precautions: no, t_score: 0, age: 17}"
    case = library.parse(f"title: t\nrequest: {{bodies: [L4]}}\nfacts: {facts}")

    shown = to_text(pages.explanation(library, explain(library, case, "plan"), case), 100)

    starts = {place: word for word, place in re.findall(r"^([A-Za-z ]+?)  +(\w+ \d)\b", shown, re.MULTILINE)}
    assert starts["Exclusions 1"] == "clear"
    assert starts["Exclusions 2"] == "PRESENT"
    assert starts["Indications 1"] == "NOT MET"
