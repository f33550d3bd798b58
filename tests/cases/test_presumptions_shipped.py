"""What is presumed of the shipped vocabulary, on the complete chart and what is added to it."""

from __future__ import annotations

import random
import re
from collections import Counter
from decimal import Decimal

import pytest
import yaml
from places import ROOT

from bvn_asp.cases.ask import ask
from bvn_asp.cases.compare import compare
from bvn_asp.cases.evaluate import Verdict, evaluate
from bvn_asp.cases.presumptions import presumptions
from bvn_asp.engine.presume import presume
from bvn_asp.errors import InputError
from bvn_asp.model.case import Case, Interval, Named, Record
from bvn_asp.model.case_reader import make_case
from bvn_asp.model.decisions import Decisions
from bvn_asp.model.members import parse_slots
from bvn_asp.model.quantity import Quantity, exactly
from bvn_asp.model.values import parse_value
from bvn_asp.model.vocabulary import Slot, load_vocabulary
from bvn_asp.render.ask import wording
from bvn_asp.render.data import data
from bvn_asp.render.library import facts as facts_page
from bvn_asp.render.pages import comparison as comparison_page
from bvn_asp.render.repair import page as repair_page
from bvn_asp.render.text import to_text
from bvn_asp.render.words import question
from bvn_asp.repairs.repair import repair
from bvn_asp.upkeep.lint.metadata import pairs_decided, undoubted

BASELINE = yaml.safe_load((ROOT / "cases" / "baseline.yaml").read_text(encoding="utf-8"))


def chart(shipped, without=(), **added) -> Case:
    """The complete chart with facts added, and some taken away; `diagnoses` are those of the request."""
    data = {key: BASELINE[key] for key in ("title", "request", "facts")}
    if "diagnoses" in added:
        data["request"] = {**data["request"], "diagnoses": added.pop("diagnoses")}
    facts = {name: value for name, value in data["facts"].items() if name not in without}
    return make_case(shipped.vocabulary, {**data, "facts": {**facts, **added}})


# -- members that few people have ------------------------------------------------------------------

NONE = {"L1": "none", "L2": "none", "L3": "none", "L4": "type_1", "L5": "type_1", "S1": "none"}


@pytest.mark.parametrize(
    "added",
    [{"prior_surgery": {"all": "none"}}, {"facet_pain": {"all": "no"}}, {"medial_branch_ablation": {"L6": "none"}}],
)
@pytest.mark.parametrize("modic", ["type_1", "none"])
def test_saying_that_nothing_is_there_of_anybody_opens_nothing_of_a_sixth_body(shipped, added, modic):
    seen = {**NONE, "L4": modic, "L5": modic}
    before = evaluate(shipped, chart(shipped, modic=seen))
    after = evaluate(shipped, chart(shipped, **{"modic": seen, **added}))

    assert [each.verdict for each in after] == [each.verdict for each in before]
    assert not any(slot.member in ("L6", "L5-L6", "L6-S1") for each in after for slot in each.open)


def test_all_means_a_sixth_body_where_something_else_says_that_there_is_one(shipped):
    alone = chart(shipped, modic={"all": "type_1"})
    with_six = chart(shipped, modic={"all": "type_1"}, pain_matches_body={"L6": "yes"})

    members = [{r.slot.member for r in each.records if r.slot.fact == "modic"} for each in (alone, with_six)]
    assert members[1] - members[0] == {"L6"}


def test_strict_asks_nothing_of_a_sixth_body_that_nobody_mentions(shipped):
    (got,) = evaluate(shipped, chart(shipped), ["cohere-ma"], strict=True)

    assert got.verdict is Verdict.PEND
    assert got.open
    assert not [slot for slot in got.open if slot.member in ("L6", "L5-L6", "L6-S1")]


# -- what the same chart puts in doubt (issue 11, section 1) ---------------------------------------

JUDGED = ("other_obvious_cause", "other_explanation_clinical", "other_explanation_imaging")
TABLE = [
    ({"facet_pain": {"L4-L5": "yes"}, "facet_arthropathy": {"all": "no"}}, JUDGED),
    ({"nerve_compression": "yes", "nerve_symptoms_primary": "no"}, ("other_explanation_imaging",)),
    ({"disc_protrusion": {"L4-L5": 6}, "disc_correlates": {"L4-L5": "no"}, "radicular_pain": "yes",
      "nerve_symptoms_primary": "no"}, JUDGED),
    ({"disc_protrusion": {"L4-L5": 4}, "disc_correlates": {"L4-L5": "yes"}}, JUDGED),
    ({"prior_surgery": {"L2-L3": "fusion"}}, ("vertebral_pathology_causes", "vertebral_pathology_complicates")),
    ({"addictive_medication": "abuse"}, ("substance_use_disorder",)),
    ({"addictive_medication": "use", "addiction_behaviors": "yes"}, ("substance_use_disorder",)),
    ({"t_score": -3.0, "precautions": {"bone_disease": "no"}}, ("osteoporosis",)),
    ({"medial_branch_ablation": {"L4-L5": "lasting_relief"}}, (*JUDGED, "facet_arthropathy.L4-L5")),
    ({"diagnoses": ["M54.51", "M51.16"]}, (*JUDGED, "radiculopathy", "disc_herniation_radicular")),
    ({"diagnoses": ["M54.51", "M54.18"]}, (*JUDGED, "radicular_pain")),
    ({"diagnoses": ["M54.51", "M54.41"]}, (*JUDGED, "radicular_pain")),
    ({"diagnoses": ["M54.51", "M48.061"]}, ("stenosis_on_imaging", "neurogenic_claudication")),
    ({"diagnoses": ["M54.51", "M80.08XA"]}, ("osteoporosis", "fragility_fracture")),
    ({"diagnoses": ["M54.51", "M81.0"]}, ("osteoporosis",)),
    ({"diagnoses": ["M54.51", "Z95.0"]}, ("electronic_implant",)),
    ({"diagnoses": ["M54.51", "Z95.810"]}, ("electronic_implant",)),
    ({"diagnoses": ["M54.51", "Z96.82"]}, ("electronic_implant",)),
    ({"diagnoses": ["M54.51", "F11.20"]}, ("substance_use_disorder", "addictive_medication")),
    *(({"diagnoses": ["M54.51", f"F1{n}.10"]}, ("substance_use_disorder",)) for n in range(2, 10)),
    ({"surgery_age": {"L4": "3 months"}, "prior_surgery": {"L1": "none"}}, ("prior_surgery.L4",)),
]


HEADINGS = ("Not presumed where this is on record", "Presumed all the same where this is on record",
            "On record, it puts in doubt", "On record, it leaves presumed")  # fmt: skip


@pytest.mark.parametrize(
    ("written", "meant"),
    [("M5441", "M54.41"), ("m5441", "M54.41"), ("M4806", "M48.06"), ("M48061", "M48.061"), ("M8008XA", "M80.08XA"),
     ("Z950", "Z95.0"), ("Z95810", "Z95.810"), ("F1920", "F19.20"), ("G8929", "G89.29")],
)  # fmt: skip
def test_a_code_without_its_dot_as_claims_write_it_is_that_code(shipped, written, meant):
    with_dot, without = (chart(shipped, diagnoses=["M5451", each]) for each in (meant, written))

    assert with_dot.recorded == without.recorded
    assert [each.entered for each in with_dot.records] == [each.entered for each in without.records]
    with pytest.raises(InputError, match="unknown ICD-10-CM code `M5X16`"):
        chart(shipped, diagnoses=["M54.51", "M5X16"])


def slot(name: str) -> Slot:
    fact, _, member = name.partition(".")
    return Slot(fact, member)


@pytest.mark.parametrize(("added", "fallen"), TABLE, ids=lambda each: str(each)[:70])
def test_what_the_chart_itself_puts_in_doubt_is_open_and_not_approved(shipped, added, fallen):
    (got,) = evaluate(shipped, chart(shipped, **added), ["cohere-ma"])
    held = presumptions(shipped.vocabulary, chart(shipped, **added))

    assert got.verdict is not Verdict.APPROVE
    for name in fallen:
        assert slot(name) not in held, name
        if slot(name).fact in got.revision.rules.facts:
            assert slot(name) in got.not_presumed


@pytest.mark.parametrize(
    ("without", "added", "open_fact", "policy"),
    [
        (("t_score",), {"osteoporosis": {"one_of": ["yes", "no"]}}, "t_score", "cohere-ma"),
        (("age", "skeletally_immature"), {"age": 14}, "skeletally_immature", "lcd-l39420"),
        ((), {"pregnant": {"conflicting": ["yes", "no"]}}, "pregnant", "cohere-ma"),
        ((), {"pregnant": "unknown"}, "pregnant", "cohere-ma"),
        ((), {"facet_pain": {"L4-L5": "unknown"}}, "other_explanation_clinical", "cohere-ma"),
        ((), {"facet_pain": {"L4-L5": {"one_of": ["yes", "no"]}}}, "other_explanation_clinical", "cohere-ma"),
    ],
)
def test_half_a_word_is_a_mention(shipped, without, added, open_fact, policy):
    case = chart(shipped, without, **added)
    (got,) = evaluate(shipped, case, [policy])

    assert slot(open_fact) not in presumptions(shipped.vocabulary, case)
    assert got.verdict is not Verdict.APPROVE


def pairs() -> list[tuple[str, str]]:
    """Pairs found by going through all facts: what is recorded, and what that must leave open."""
    text = (ROOT / "tests" / "cases" / "doubtful_pairs.txt").read_text(encoding="utf-8")
    return [tuple(line.split(" => ")) for line in text.splitlines() if line and not line.startswith("#")]  # type: ignore[misc]


@pytest.mark.parametrize(("recorded", "left_open"), pairs())
def test_every_pair_that_was_found_leaves_the_second_open(shipped, recorded, left_open):
    vocabulary = shipped.vocabulary
    values = {
        each: parse_value(vocabulary, each, value)
        for name, value in (part.split("=") for part in recorded.split(" + "))
        for each in parse_slots(vocabulary, name)
    }
    case = Case("", ()).with_values(vocabulary, values)

    assert slot(left_open) not in presumptions(vocabulary, case)


def test_a_question_names_what_raised_it(shipped):
    case = chart(shipped, disc_protrusion={"L4-L5": 4})
    answer = ask(shipped, case, ["cohere-ma"])

    said = {str(each.slot): wording(shipped, each.slot, answer) for each in answer.open}
    assert said["other_explanation_imaging"] == "Could the 4 mm protrusion at L4-L5 explain the pain?"


def test_an_answer_says_why_a_presumption_fell(shipped):
    comparison = compare(shipped, chart(shipped, facet_pain={"L4-L5": "yes"}), ["cohere-ma"])
    printed = to_text(comparison_page(shipped, comparison), 200)

    assert "other explanation imaging: facet pain L4-L5 is on record" in printed
    said = data(shipped, "compare", comparison)["verdicts"][0]["not_presumed"]
    assert {"fact": "facet_arthropathy.L4-L5", "on_record": ["facet_pain.L4-L5"]} in said


def test_a_repair_says_why_what_it_has_documented_is_not_presumed(shipped):
    found = repair(shipped, chart(shipped, disc_protrusion={"L4-L5": 4}), ["cohere-ma"])
    printed = to_text(repair_page(shipped, found), 200)

    said = "other obvious cause, other explanation imaging: disc protrusion L4-L5 is on record"
    assert said in printed.partition("Not presumed absent")[2]
    told = data(shipped, "repair", [found], mode="any")["questions"][0]["not_presumed"]
    assert {"fact": "other_obvious_cause", "on_record": ["disc_protrusion.L4-L5"]} in told


@pytest.mark.parametrize(
    ("added", "verdict", "lcd"),
    [
        ({"facet_arthropathy": {"L4-L5": "yes"}, "facet_pain": {"L4-L5": "no"}}, Verdict.PEND, Verdict.PEND),
        ({"facet_arthropathy": {"all": "no"}, "facet_pain": {"L4-L5": "yes"}}, Verdict.PEND, Verdict.PEND),
        ({"facet_arthropathy": {"L4-L5": "yes"}, "facet_pain": {"L2-L3": "yes", "L4-L5": "no"}},
         Verdict.PEND, Verdict.PEND),
        ({"facet_arthropathy": {"L4-L5": "yes"}, "facet_pain": {"L4-L5": "yes"}}, Verdict.DENY, Verdict.DENY),
    ],
)  # fmt: skip
def test_facet_arthropathy_with_suspected_pain_of_that_joint_is_another_cause(shipped, added, verdict, lcd):
    case = chart(shipped, **added, facet_correlates={"all": "no"}, precautions={"other_cause": "no"})
    cohere, noridian = evaluate(shipped, case, ["cohere-ma", "lcd-l39642"])

    assert (cohere.verdict, noridian.verdict) == (verdict, lcd)
    assert ("other_obvious_cause" in cohere.blamed) is (verdict is Verdict.DENY)


# -- the table of decisions ------------------------------------------------------------------------


def test_every_pair_of_facts_is_decided_exactly_once_with_a_reason(shipped):
    vocabulary = shipped.vocabulary
    decided = Decisions(vocabulary)

    pairs = [(of, by) for of in decided.presumed for by in decided.recorded if of != by]
    assert len(pairs) == len(decided.presumed) * (len(decided.recorded) - 1) > 5_000
    assert list(decided.flaws()) == []
    assert all(each.why for each in (*vocabulary.doubts, *vocabulary.no_doubt, *vocabulary.otherwise))
    assert all(each.place for each in vocabulary.doubts)


@pytest.mark.parametrize(
    ("entry", "flaw"),
    [
        ("doubts: {a: {why: x, of: [worse], by: [ill]}}\notherwise: {z: {why: x, of: [at], by: [section: All]}}",
         ("worse", "age", (), ("at least 0 and at most 120",))),
        ("otherwise: {a: {why: x, of: [all], by: [section: All]}, b: {why: y, of: [worse], by: [ill]}}",
         ("worse", "ill", ("a", "b"), ("yes", "no"))),
        ("doubts: {a: {why: x, of: [worse], by: [age < 18]}, b: {why: y, of: [worse], by: [age <= 20]}}\n"
         "otherwise: {c: {why: x, of: [all], by: [section: All]}}",
         ("worse", "age", ("a", "b"), ("at least 0 and less than 18",))),
        ("doubts: {a: {why: x, of: [worse], by: [ill]}}\nno_doubt: {b: {why: y, of: [worse], by: [ill: yes]}}\n"
         "otherwise: {c: {why: x, of: [all], by: [section: All]}}", ("worse", "ill", ("a", "b"), ("yes",))),
        ("doubts: {a: {why: x, of: [at: B], by: [ill]}, b: {why: x, of: [at], by: [ill]}}\n"
         "otherwise: {c: {why: x, of: [all], by: [section: All]}}", ("at.B", "ill", ("a", "b"), ("yes",))),
        ("otherwise: {c: {why: x, of: [worse], by: [section: All]}}", ("at", "ill", (), ("yes", "no"))),
    ],
)  # fmt: skip
def test_a_pair_that_nobody_decided_or_that_was_decided_twice_is_found(tmp_path, entry, flaw):
    path = tmp_path / "vocabulary.yaml"
    path.write_text(f"""
indexes: {{place: {{about: place, members: {{A: one, B: two}}}}}}
facts:
  All:
    age: {{about: age, type: number, unit: years, from: 0, to: 120, step: 1}}
    ill: {{about: ill, type: yes_no, absent: no}}
    worse: {{about: worse, type: yes_no, absent: no, presumed: true, judgement: true}}
    at: {{about: there, type: yes_no, per: place, absent: no, presumed: true}}
{entry}
""")
    vocabulary = load_vocabulary(path)

    flaws = list(Decisions(vocabulary).flaws())
    words = [tuple(said.replace(" years", "") for said in each.said) for each in flaws]
    assert flaw in [(each.of, each.by, each.grounds, said) for each, said in zip(flaws, words, strict=True)]
    said = {(each.rule, each.subject) for each in pairs_decided(vocabulary)}
    assert ("pair-decided-twice" if flaw[2] else "pair-undecided", flaw[0]) in said


def test_every_doubt_of_the_table_leaves_open_what_it_names(shipped):
    vocabulary = shipped.vocabulary
    for each in vocabulary.doubts:
        for sign in each.by:
            source = Slot(sign.fact, sign.members[0]) if sign.members else vocabulary.slots_of(sign.fact)[0]
            for of in each.of:
                if of.fact == sign.fact:
                    continue
                fact = vocabulary.facts[sign.fact]
                value = _saying(fact, sign)
                held = presumptions(vocabulary, Case("", ()).with_values(vocabulary, {source: value}))
                left = [
                    target
                    for target in vocabulary.slots_of(of.fact)
                    if (not of.members or target.member in of.members)
                    and vocabulary.touch(source, target)
                    and target.member not in ("L6", "L5-L6", "L6-S1")
                ]
                assert left, (each.name, sign, of)
                assert not set(left) & set(held), (each.name, str(sign), of.fact)


def _saying(fact, sign):
    """A value that a sign speaks of."""
    if sign.limit is not None:
        step = fact.step if sign.operator == "more_than" else -fact.step if sign.operator == "less_than" else 0
        return exactly(Quantity(sign.limit.amount + step, sign.limit.unit))
    if fact.is_named:
        return Named((sign.values or tuple(each for each in fact.values if each != fact.absent))[:1])
    return exactly(Quantity(fact.high.amount, fact.unit))


def test_a_fact_prints_what_was_decided_of_it_both_ways_with_reason_and_place(shipped):
    printed = to_text(facts_page(shipped, ["electronic_implant"], "electronic_implant"), 200)
    parts = dict(zip(HEADINGS, re.split("|".join(HEADINGS), printed)[1:], strict=True))

    doubted, spared, puts, leaves = parts.values()
    assert "diagnosed: Z95.0 or Z95.810 or Z96.82" in doubted
    assert "ICD-10-CM" in doubted
    assert "mri contraindicated" in doubted
    assert "implant precautions: no" in doubted
    assert "all else under General health" in spared
    assert "disc correlates: no" in spared
    assert "electronic implant  mri contraindicated" in puts
    assert "severe cardiopulmonary disease" in leaves
    assert "many with a pacemaker" in leaves
    assert "all else" in leaves
    said = data(shipped, "facts", ["electronic_implant"])["facts"][0]
    assert any("mri contraindicated" in each["signs"] for each in said["doubted_by"])
    (own,) = [each for each in said["decisions"] if each["entry"] == "a_device_is_no_compromise"]
    assert own == {
        "entry": "a_device_is_no_compromise", "role": "recorded", "doubts": False, "named": True,
        "on_record": ["electronic implant"], "presumptions": ["severe_cardiopulmonary_disease"],
        "why": "many with a pacemaker have no severe disease of the heart", "place": None,
    }  # fmt: skip
    assert {each["role"] for each in said["decisions"] if not each["named"]} == {"presumed", "recorded"}


def test_every_pair_is_printed_with_the_facts_on_both_sides(shipped):
    """What `about` says of the one fact as presumed is what it says of the other as recorded."""
    decided = Decisions(shipped.vocabulary)
    sides = {False: Counter(), True: Counter()}
    for name in decided.recorded:
        for each in decided.about(name):
            if each.named:
                sides[each.recorded].update((each.entry, by, of, each.doubts) for by in each.by for of in each.of)

    assert sides[False] == sides[True]
    assert sides[True].total() > 500


def test_no_shipped_judgement_is_presumed_whatever_the_chart_says(shipped, tmp_path):
    assert list(undoubted(shipped.vocabulary)) == []

    path = tmp_path / "vocabulary.yaml"
    path.write_text(
        "indexes: {}\nfacts:\n  All:\n    worse:\n"
        "      {about: worse, type: yes_no, judgement: true, absent: no, presumed: true}\n"
    )
    (found,) = undoubted(load_vocabulary(path))
    assert (found.rule, found.subject, found.place.line) == ("undoubted-judgement", "worse", 4)


# -- many at once ----------------------------------------------------------------------------------


@pytest.mark.parametrize("strict", [False, True])
def test_batches_presume_what_the_rule_says(shipped, strict):
    """On random records of every fact of the vocabulary; a slip in the copy does not survive this."""
    pytest.importorskip("pyarrow")
    import numpy as np

    from bvn_asp.batch.bits import packed
    from bvn_asp.batch.presumed import Presumed

    vocabulary, rng, rows = shipped.vocabulary, random.Random(11), 192
    slots = dict.fromkeys(each for each in vocabulary.slots if vocabulary.facts[each.fact].absent)
    copy = Presumed(vocabulary, slots, lambda each: 1, strict)
    swaying = [each for each in vocabulary.slots if each.fact in presume(vocabulary).signs.swaying]
    charts = [rng.sample(swaying, rng.choice([0, 1, 1, 2, 5])) for _ in range(rows)]
    records = [{each: Record(each, _anything(rng, vocabulary.facts[each.fact])) for each in chart} for chart in charts]
    seen = {}
    for each in {slot for row in records for slot in row}:
        said = [copy.says(each, row[each].value) if each in row else 0 for row in records]
        known = [each in row for row in records]

        def flags(name: str, said=said, known=known) -> np.ndarray:  # as `Texts.flags`: a mask of values, or the record
            mask = int(name.removeprefix("says ")) if name != "record" else 0
            return packed(np.array([bool(each & mask) for each in said] if mask else known, np.bool_))

        seen[each] = flags
    full = packed(np.ones(rows, np.bool_))
    allowed = {each: [full, full] for each in slots}

    documented = frozenset(rng.sample(sorted({each.fact for each in slots}), 40))
    taken = copy.take(rows, seen, set(), allowed, (frozenset(), documented))

    for row, chart in enumerate(records):
        case = Case("", tuple(chart[each] for each in vocabulary.in_order(chart)))
        for never, bits in taken.items():
            held = {each for each in slots if not int(bits[each][1][row // 64]) >> (row % 64) & 1}
            want = set(presumptions(vocabulary, case, strict, never))
            assert held == want, [f"{r.slot}: {r}" for r in case.records]


def _anything(rng, fact):
    if rng.random() < 0.1:
        return None
    if fact.is_named:
        listed = list(fact.values)
        some = rng.sample(listed, rng.choice([1, 1, 2]))
        return Named(tuple(each for each in listed if each in some))
    near = {"age": 18, "t_score": Decimal("-2.5")}.get(fact.name, 0)
    step = fact.step or 1
    low = min(max(near + step * rng.choice([-2, -1, 0, 1, 2]), fact.low.amount), fact.high.amount)
    high = min(low + step * rng.choice([0, 0, 1, 3]), fact.high.amount)
    return Interval(Quantity(Decimal(low), fact.unit), False, Quantity(Decimal(high), fact.unit), False)


@pytest.mark.parametrize(
    ("added", "asked"),
    [
        ({"slip": {"somewhere": "3 mm"}}, "Could the 3 mm slip somewhere explain the pain?"),
        ({"slip": {"L4-L5": "grade 2"}}, "Could the slip (at least 2 mm) at L4-L5 explain the pain?"),
        ({"diagnoses": ["M54.51", "M80.08XA"]}, "Could what the code M80.08XA names explain the pain?"),
    ],
)
def test_a_question_names_a_finding_as_it_was_recorded(shipped, added, asked):
    case = chart(shipped, **added)
    (got,) = evaluate(shipped, case, ["cohere-ma"], under_readings=False)
    slot = Slot("other_explanation_imaging")

    assert question(shipped.vocabulary, case, slot, got.not_presumed[slot]) == asked
