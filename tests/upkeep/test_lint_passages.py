"""What `bvn lint` sees between a policy and its anchors: each rule is tripped once, and kept once."""

from __future__ import annotations

import shutil

import pytest
from places import TOY

from bvn_asp import Library
from bvn_asp.anchors.editions import anchors_path, anchors_paths
from bvn_asp.anchors.marks import make
from bvn_asp.anchors.passages import dumped
from bvn_asp.anchors.words import parse
from bvn_asp.upkeep.lint import level, lint

TEXT = """\
Criteria

1. A grown person; AND

2. The back has hurt for half a year and nothing helped it at all.

A remark about nothing.
"""
POLICY = """\
id: draft
title: A draft
publisher: Nobody
kind: coverage
evidence: primary
about: Made up.
revisions:
  one: {file: one.lp}
not_encoded:
  - {place: Remarks, what: a remark, why: it asks for nothing}
"""
RULES = """\
group(indications, root, all_of, "Indications", "all of the following hold").
criterion(adult, indications, "Indications 1", "18 years or older").
concerns(adult, age).
met(adult) :- at_least(age, 18).
criterion(pain, indications, "Indications 2", "six months of pain").
concerns(pain, pain_duration).
met(pain) :- at_least(pain_duration, months(6)).
"""
MARKS = """\
criteria from: Criteria
left headings: Criteria
adult: A grown person
pain: The back ... all
left Remarks: A remark about nothing
"""
ANCHORS = ("anchors-file", "no-passage", "claimed-twice", "no-reason", "open-words", "pasted")


@pytest.fixture
def draft(tmp_path):
    for name in ("vocabulary.yaml", "background.lp"):
        shutil.copy(TOY / name, tmp_path / name)
    (tmp_path / "draft").mkdir()

    def written(marks=MARKS, rules=RULES, damage=lambda text: text):
        (tmp_path / "draft" / "policy.yaml").write_text(POLICY, encoding="utf-8")
        (tmp_path / "draft" / "one.lp").write_text(rules, encoding="utf-8")
        library = Library(tmp_path)
        made = make(parse(TEXT), marks, library.revision("draft").entries)
        path = anchors_path(library.revision("draft"))
        path.write_text(damage(dumped(made)), encoding="utf-8")
        found = [each for each in lint(Library(tmp_path)).findings if each.rule in ANCHORS]
        return found

    return written


def test_anchors_that_account_for_every_word_are_no_finding(draft):
    assert draft() == []


@pytest.mark.parametrize(
    ("rule", "given", "said"),
    [
        ("no-passage", {"marks": MARKS.replace("adult:", "indications:")}, "`adult` (Indications 1)"),
        ("no-reason", {"marks": MARKS.replace("left Remarks", "left Nothing")}, "`Nothing`"),
        ("open-words", {"marks": MARKS.replace("left Remarks: A remark about nothing\n", "")}, "4 words"),
        (
            "claimed-twice",
            {"damage": lambda text: text.replace("  pain:", '  indications: "3+2 aaaaaaaa"\n  pain:')},
            "are `adult`'s and `indications`'s",
        ),
        ("anchors-file", {"damage": lambda text: text.replace("adult:", "adlut:")}, "`adlut`"),
        ("anchors-file", {"damage": lambda text: text.replace("form: 1", "form: 7")}, "another form"),
        (
            "pasted",
            {"rules": RULES.replace("six months of pain", TEXT[TEXT.index("The back") : TEXT.index(".\n\nA remark")])},
            "14 words of the source",
        ),
    ],
    ids=["no-passage", "no-reason", "open-words", "claimed-twice", "unknown-entry", "other-form", "pasted"],
)
def test_a_flaw_of_the_anchors_is_found(draft, rule, given, said):
    found = [each for each in draft(**given) if each.rule == rule]

    assert len(found) == 1
    assert said in found[0].message
    assert level(found[0]) == {"open-words": "note", "anchors-file": "error"}.get(rule, "warning")


@pytest.mark.parametrize("policy", ["cohere-ma", "lcd-l39642", "lcd-l39420", "lcd-l40302"])
def test_every_word_of_the_shipped_criteria_is_claimed_or_left_out_for_a_reason(shipped, policy):
    found = [each for each in lint(shipped, [policy], deep=False).findings if each.rule in ANCHORS]

    assert anchors_paths(shipped.revision(policy))
    assert found == []
