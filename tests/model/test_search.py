"""Facts are found by the words people use."""

from __future__ import annotations

import pytest

from bvn_asp.model.search import search_facts


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("sciatica", "radicular_pain"), ("ESI", "care"), ("PT", "care"), ("pt", "exercise_sessions"),
        ("MBB", "diagnostic_block"), ("RFA", "medial_branch_ablation"), ("SCS", "electronic_implant"),
        ("PHQ-9", "psychological_assessment"), ("DEXA", "t_score"), ("NSAID", "care"), ("laminectomy", "prior_surgery"),
        ("M47.816", "diagnosed"),
        ("64628", "billed"), ("Oswestry", "odi"), ("obesity", "bmi"), ("lone feature", "modic"),
        ("physical therapy", "care"), ("failed care", "pain_improved"),
    ],
)
def test_a_word_of_the_clinic_finds_the_fact(shipped, words, wanted):
    assert wanted in [hit.fact for hit in search_facts(shipped.vocabulary, words.split())]


def test_a_fact_found_by_a_value_says_which(shipped):
    hit = next(h for h in search_facts(shipped.vocabulary, ["laminectomy"]) if h.fact == "prior_surgery")

    assert "discectomy_laminectomy: discectomy or laminectomy" in hit.places


def test_the_fact_of_that_name_stands_first_and_short_words_are_whole(shipped):
    assert search_facts(shipped.vocabulary, ["slip"])[0].fact == "slip"
    assert "skeletally_immature" not in [hit.fact for hit in search_facts(shipped.vocabulary, ["PT"])]


def test_what_no_source_asks_about_is_found_nowhere(shipped):
    assert search_facts(shipped.vocabulary, ["smoker"]) == ()
