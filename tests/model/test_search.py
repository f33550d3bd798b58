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
        ("physical therapy", "care"), ("failed care", "pain_improved"), ("workers-comp", "line_of_business"),
        ("TENS", "care"), ("kyphosis", "other_obvious_cause"), ("vertebroplasty", "prior_surgery"),
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


FIRST = {
    "radicular_pain": "sciatica",
    "spine_infection": "discitis",
    "bleeding_tendency": "anticoagulant warfarin Eliquis INR",
    "pregnant": "pregnancy pregnant",
    "breastfeeding": "lactation",
    "severe_cardiopulmonary_disease": "cardiac COPD heart",
    "addictive_medication": "opiates tramadol",
    "psychological_assessment": "psychologist PHQ-9",
    "requested": "levels",
    "diagnostic_block": "discogram",
    "care": "ESI PT NSAID gabapentin chiropractor massage HEP CBT prednisone",
    "prior_surgery": "laminectomy fusion TLIF hardware",
    "facet_arthropathy": "facet",
    "functional_deficit": "function ADL",
    "bmi": "BMI weight obesity",
    "odi": "ODI Oswestry",
    "bdi": "depression",
    "electronic_implant": "pacemaker SCS pump",
    "slip": "spondylolisthesis listhesis",
    "disc_protrusion": "bulge extrusion",
    "anesthesia": "MAC",
    "litigation": "lawsuit",
    "osteoporosis": "DEXA osteoporosis",
    "t_score": "T-score",
    "age": "DOB age",
    "sex": "gender",
    "radiculopathy": "numbness",
    "modic_attested": "KX modifier",
    "billed": "64628",
    "device": "Intracept OptaBlate",
    "waddell_signs": "Waddell",
    "neurogenic_claudication": "claudication",
    "stenosis_on_imaging": "stenosis",
    "modic": "edema",
    "state": "Georgia",
    "medial_branch_block": "MBB",
    "systemic_disease": "diabetes",
    "pain_duration": "onset chronic",
}
NOBODY_ASKS = "smoker tobacco kidney dialysis nickel spasm"


def test_what_people_say_finds_the_right_fact_first_and_what_nobody_asks_finds_none(shipped):
    for fact, words in FIRST.items():
        for word in words.split():
            assert search_facts(shipped.vocabulary, [word])[0].fact == fact, word
    for word in NOBODY_ASKS.split():
        assert not search_facts(shipped.vocabulary, [word]), word
