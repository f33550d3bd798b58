"""A text's passages are found again in any edition: what is planted is seen, and nothing else is called changed."""

from __future__ import annotations

import random
from types import SimpleNamespace

import pytest
from places import ROOT

from bvn_asp.anchors.copies import read_copy
from bvn_asp.anchors.editions import anchors_of
from bvn_asp.anchors.find import Findings, compare, find
from bvn_asp.anchors.passages import digest, dumped, read_anchors
from bvn_asp.anchors.words import parse

from .editions import a_text, judged

SOURCES = next((up / "shared/sources" for up in ROOT.parents if (up / "shared/sources").is_dir()), None)
COPIES = {
    "cohere-ma@2025-05-29": "003_e9b2048edc207383.txt",
    "lcd-l39642@11": "lcd-L39642-Noridian.txt",
    "lcd-l39420@2023-03-05": "lcd-L40302-NGS-and-L39420-Palmetto.txt",
    "lcd-l40302@2": "lcd-L40302-NGS-and-L39420-Palmetto.txt",
}


@pytest.mark.parametrize("both", [False, True], ids=["anchors-only", "old-text-at-hand"])
@pytest.mark.parametrize("edits", [0, 1, 2, 4])
def test_every_planted_change_is_seen_and_nothing_else_is_alarmed(both, edits):
    rng = random.Random(edits)
    untouched = changed = 0

    for _ in range(60):
        text, anchors = a_text(rng)
        kinds, alarms, missed, same, other = judged(text, anchors, rng, edits, both)
        assert not alarms, (kinds, alarms)
        assert not missed, (kinds, missed)
        untouched, changed = untouched + same, changed + other

    assert untouched > 1500
    assert (changed > 0) is (edits > 0)


@pytest.mark.skipif(SOURCES is None, reason="the sources' texts are not on this machine")
@pytest.mark.parametrize("name", COPIES)
def test_every_change_planted_in_a_source_is_seen(shipped, name):
    text = read_copy(SOURCES / COPIES[name])
    anchors = next(each for each in anchors_of(shipped.revision(name)) if each.digest == digest(text.forms, 10))
    rng = random.Random(name)

    for number in range(40):
        kinds, alarms, missed, _, _ = judged(text, anchors, rng, 1 + number % 3, bool(number % 2))
        assert not alarms, (kinds, alarms)
        assert not missed, (kinds, missed)


@pytest.mark.skipif(SOURCES is None, reason="the sources' texts are not on this machine")
@pytest.mark.parametrize("name", COPIES)
def test_every_shipped_anchor_is_exact_in_the_copy_that_it_was_made_from(shipped, name):
    text = read_copy(SOURCES / COPIES[name])
    anchors = next(each for each in anchors_of(shipped.revision(name)) if each.digest == digest(text.forms, 10))

    findings = find(anchors, text)

    assert findings.same_text
    assert {each.status for each in findings.found} == {"exact"}
    assert not findings.new


def test_with_the_old_text_the_difference_is_told_word_by_word():
    old = "Preamble.\n\n1. Aged at least 18 years or older; AND\n\n2. Pain for six months or longer.\n"
    text = parse(old, "old.txt")
    anchors = read_marks(text, "age: Aged at least 18 years or older\npain: Pain for six months or longer\n")

    found = compare(anchors, text, parse(old.replace("18", "21").replace("or longer", "and more"))).found

    said = {each.passage.entries[0]: each.parts for each in found if each.passage.entries}
    assert said["age"] == (("same", "Aged at least"), ("old", "18"), ("new", "21"), ("same", "years or older"))
    assert ("old", "or longer") in said["pain"]


def test_a_not_that_comes_into_a_sentence_is_told_of_its_criterion():
    old = "1. Pain is present, and the scan is clear of any tumor.\n\n2. Aged 18 years or older.\n"
    text = parse(old)
    anchors = read_marks(text, "pain: Pain is present\nscan: the scan is clear of any tumor\nage: Aged ... older\n")

    findings = find(anchors, parse(old.replace("Pain is present,", "Pain is present, not")))

    assert findings.entries() == {"pain": "added to", "scan": "added to", "age": "exact"}


def read_marks(text, marks):
    from bvn_asp.anchors.marks import make

    return make(text, marks, {"age", "pain", "scan"})


def test_the_form_of_words_is_frozen():
    """Every anchor that was ever made depends on it: another form needs another number, and new anchors."""
    text = parse("The *Patient’s* non-opera-\ntive care¹ lasted >= 1,200 hours; T-score -2.5, BMI &gt; 40% (L3-S1).")

    assert text.forms == (
        *("the", "patients", "nonoperative", "care", "lasted", "≥", "1200", "hours", "tscore", "-2.5"),
        *("bmi", ">", "40", "%", "l3", "s1"),
    )
    assert text.words[3].cites == "1"
    assert digest(text.forms) == "bkcnj7vp"


def test_anchors_come_back_from_their_file_and_hold_no_words(tmp_path):
    text, anchors = a_text(random.Random(5))
    path = tmp_path / "x.text.yaml"

    path.write_text(dumped(anchors), encoding="utf-8")

    back = read_anchors(path)
    assert (back.passages, back.criteria, back.digest) == (anchors.passages, anchors.criteria, anchors.digest)
    held = set(parse(path.read_text(encoding="utf-8")).forms)
    assert not ({form for form in text.forms if len(form) > 5} - {"criteria"}) & held


def test_an_entry_of_which_a_part_is_gone_has_changed_and_criteria_begin_with_their_first_word():
    def found(status):
        return SimpleNamespace(status=status, passage=SimpleNamespace(entries=("age",)))

    part, whole = (Findings(None, None, tuple(map(found, each)), (), (3, 9)) for each in (("exact", "gone"), ("gone",)))

    assert (part.entries(), whole.entries()) == ({"age": "changed"}, {"age": "gone"})
    assert [part.in_criteria((at, at + 1)) for at in (2, 3, 8, 9)] == [False, True, True, False]
