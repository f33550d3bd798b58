"""No passage of the criteria sections is passed over: each is an entry's place, or is left out with a reason."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import yaml
from places import HERE

TABLE = yaml.safe_load((HERE / "policies" / "places.yaml").read_text(encoding="utf-8"))
SOURCES = os.environ.get("BVN_SOURCES", "")
STANDS_ALONE = ("Screening", "Note")
ENDS = {"Definitions": "Level of Care Criteria", "LIMITATIONS": "DEFINITIONS"}


def place(section, name):
    """What an entry calls the place: `Indications 3a`, `Note`, `Definitions, chronic pain`."""
    if name == "opening":
        return section
    if name in STANDS_ALONE:
        return name
    return f"{section}, {name}" if not re.match(r"\d", name) else f"{section} {name}"


@pytest.mark.parametrize("policy", TABLE)
def test_every_passage_is_an_entry_or_left_out_with_a_reason(shipped, policy):
    entries = shipped.policies[policy].latest.rules.entries
    places = {each for entry in entries for each in (entry.place, *entry.also)}
    missing = []
    for title, section in TABLE[policy]["sections"].items():
        name = section.get("as", title.capitalize())
        for passage in map(str, section["sentences"]):
            if passage not in section["left out"] and place(name, passage) not in places:
                missing.append(place(name, passage))
        assert set(section["left out"]) <= set(section["sentences"])
        assert all(section["left out"].values())

    assert missing == []


@pytest.mark.parametrize("policy", TABLE)
def test_no_entry_stands_at_a_place_that_the_table_does_not_know(shipped, policy):
    known = set()
    for title, section in TABLE[policy]["sections"].items():
        name = section.get("as", title.capitalize())
        known |= {place(name, str(passage)) for passage in section["sentences"]}
    found = {each for e in shipped.policies[policy].latest.rules.entries for each in (e.place, *e.also)}

    listed = {each for each in found - known if not re.fullmatch(r"Indications 2[a-f]|Article A59468", each)}
    assert listed == set()  # items that stand within one sentence, and an article that is no part of the text


def sentences(text):
    """How many sentences: items of a list are one each, and what follows a full stop is another."""
    items = re.split(r"\n\s*(?:-\s|\d+\.\s|[a-d]\.\s|\*\*?\s|(?=NOTE:)|(?=Patients must))|\n\s*\n", f"\n{text}")
    items = [" ".join(each.split()) for each in items if each.strip()]
    return sum(len(re.split(r"(?<=[a-z)*])[.⁹]+\s+(?=[A-Z])|\s\.\.\.\s(?=[A-Z])", each)) for each in items)


@pytest.mark.skipif(not SOURCES, reason="the texts are not in the repository; BVN_SOURCES names their folder")
@pytest.mark.parametrize("policy", TABLE)
def test_the_table_counts_the_sentences_of_the_text(policy):
    text = (Path(SOURCES) / TABLE[policy]["text"]).read_text(encoding="utf-8")
    titles = list(TABLE[policy]["sections"])
    found, told = {}, {}
    for i, title in enumerate(titles):
        start = [m.end() for m in re.finditer(rf"^{title}\b.*?$", text, re.M)][-1]
        line = text[text.rindex("\n", 0, start) + 1 : start]
        rest = line.partition(": ")[2] if policy != "cohere-ma" else ""
        stop = titles[i + 1] if i + 1 < len(titles) else ENDS.get(title, r"\Z")
        body = re.split(rf"^{stop}\b" if stop != r"\Z" else r"\Z", text[start:], flags=re.M)[0]
        found[title] = sentences(f"{rest}{body}")
        told[title] = sum(TABLE[policy]["sections"][title]["sentences"].values())

    assert found == told
