"""What is found, who it is, and that care failed are facts of their own, and put in doubt what they should."""

from __future__ import annotations

import pytest
import yaml

from bvn_asp import Slot, Status, Verdict, evaluate
from bvn_asp.cases.ask import ask
from bvn_asp.cases.possible import make_case
from bvn_asp.cases.presumptions import doubts
from bvn_asp.errors import InputError
from bvn_asp.model.case import Case, Named, case_data
from bvn_asp.model.search import search_facts
from bvn_asp.repairs.repair import repair
from bvn_asp.routing.codes import codes
from bvn_asp.texts.atlas import limits
from bvn_asp.texts.witness import Together

CAUSES = ("other_obvious_cause", "other_explanation_clinical", "other_explanation_imaging")


def complete(shipped, request=None, **facts):
    data = yaml.safe_load((shipped.folder.parent / "cases" / "baseline.yaml").read_text())
    data.pop("expect", None)
    data["facts"] = {name: each for name, each in {**data["facts"], **facts}.items() if each is not None}
    return make_case(shipped, {**data, "request": {**data["request"], **(request or {})}})


@pytest.mark.parametrize(
    ("facts", "open_ones"),
    [
        ({"scoliosis": "yes"}, {*CAUSES, "vertebral_pathology_causes", "vertebral_pathology_complicates"}),
        ({"segmental_instability": {"L4-L5": "yes"}}, {*CAUSES, "slip.L4-L5"}),
        ({"retrolisthesis": {"L4-L5": "yes"}}, {"other_obvious_cause", "other_explanation_imaging", "slip.L4-L5"}),
        ({"osteopenia": "yes", "t_score": None}, {"t_score"}),
        ({"medial_branch_block": {"L4-L5": "relief"}},
         {*CAUSES, "facet_arthropathy.L4-L5", "medial_branch_ablation.L4", "medial_branch_ablation.L5"}),
        ({"medial_branch_block": {"L4-L5": "no_relief"}}, set()),
        ({"disc_degeneration": {"L4-L5": "yes"}}, set()),
        ({"scoliosis": "no", "osteopenia": "no"}, set()),
    ],
)
def test_a_finding_puts_in_doubt_what_the_texts_make_of_it_and_no_more(shipped, facts, open_ones):
    plain = set(doubts(shipped.vocabulary, complete(shipped)))

    found = set(doubts(shipped.vocabulary, complete(shipped, **facts))) - plain

    assert {str(slot) for slot in found} == open_ones


def test_several_causes_at_once_are_several_and_each_is_a_mention(shipped):
    case = complete(shipped, other_explanation_clinical={"all_of": ["facet", "sacroiliac joint", "stenosis"]})

    assert str(case.get(Slot("other_explanation_clinical"))) == "stenosis and facet and other"
    assert case_data(case, shipped.vocabulary)["facts"]["other_explanation_clinical"] == {
        "all_of": ["stenosis", "facet", "other"]
    }
    assert {Slot("stenosis_on_imaging"), Slot("facet_arthropathy", "L4-L5")} <= set(doubts(shipped.vocabulary, case))
    assert evaluate(shipped, case, ["lcd-l39420"])[0].verdict is Verdict.DENY
    with pytest.raises(InputError, match="not several of these at once"):
        complete(shipped, other_explanation_clinical={"all_of": ["none", "facet"]})


@pytest.mark.parametrize("code", ["O-", "Z33-"])
def test_a_man_is_not_asked_whether_he_is_pregnant(shipped, code):
    entered = {"O-": "O09.90", "Z33-": "Z33.1"}[code]
    request = {"diagnoses": ["M54.51", entered]}
    open_slots = {
        sex: {each.slot for each in ask(shipped, complete(shipped, request, sex=sex), ["lcd-l39420"]).open}
        for sex in (None, "female", "male")
    }

    assert Slot("pregnant") in open_slots[None]
    assert Slot("pregnant") in open_slots["female"]
    assert Slot("pregnant") not in open_slots["male"]
    with pytest.raises(InputError, match="a man at birth is pregnant"):
        complete(shipped, sex="m", pregnant="yes")


def test_a_person_of_78_is_not_asked_whether_the_skeleton_still_grows(shipped):
    charts = [complete(shipped, age=age, skeletally_immature=None) for age in (17, 78)]
    found = [{each.slot for each in ask(shipped, chart, ["intracept-trial"]).open} for chart in charts]

    assert Slot("skeletally_immature") not in found[1]
    assert Slot("skeletally_immature") in doubts(shipped.vocabulary, charts[0])
    assert Slot("skeletally_immature") not in doubts(shipped.vocabulary, charts[1])


def test_that_care_failed_is_entered_at_once(shipped):
    short = complete(shipped, pain_improved=None, disability_improved=None,
                     care_failed={"value": "yes", "evidence": "treatment notes"})
    long = complete(shipped, pain_improved="no", disability_improved="no")

    assert short.get(Slot("pain_improved")).evidence[0].document == "treatment notes"
    assert short.recorded == long.recorded
    assert "care_failed" in str(search_facts(shipped.vocabulary, ["failed", "conservative"]))
    with pytest.raises(InputError, match="yes by itself, and no by `care_failed`"):
        complete(shipped, pain_improved="yes", care_failed="yes")
    with pytest.raises(InputError, match="is one of yes"):
        complete(shipped, care_failed="no")


@pytest.mark.parametrize(("word", "value"), [("ordered", "not_tried"), ("failed", "tried"), ("referred", "not_tried")])
def test_care_that_was_only_ordered_was_not_given_and_care_that_failed_was(shipped, word, value):
    case = complete(shipped, care={"physical_therapy": word})

    assert case.recorded[Slot("care", "physical_therapy")] == Named((value,))


def test_earlier_codes_of_the_procedure_are_read_and_advised_on(shipped):
    case = complete(shipped, {"procedures": {"C9752": 1, 22899: 1}})

    said = {each.id for each in codes(shipped, case)}
    assert {"until-2022", "unlisted"} <= said
    request = {"procedures": ["C9752", "C9753"], "date": "2021-06-01", "bodies": ["L4", "L5", "S1"]}
    earlier = make_case(shipped, {"title": "x", "request": request})
    assert "until-2022" not in {each.id for each in codes(shipped, earlier)}


def test_no_shipped_verdict_hangs_on_the_new_facts(shipped):
    plain = evaluate(shipped, complete(shipped))
    more = complete(shipped, sex="female", scoliosis="no", disc_degeneration={"all": "yes"}, osteopenia="no",
                    retrolisthesis={"all": "no"}, segmental_instability={"all": "no"})

    for one, other in zip(plain, evaluate(shipped, more), strict=True):
        assert (one.verdict, one.statuses) == (other.verdict, other.statuses)
    assert any(Status.MET in each.statuses.values() for each in plain)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"weight": "160 kg", "height": "2 m"}, Status.UNMET),  # 40 exactly
        ({"weight": "160.01 kg", "height": "200 cm"}, Status.MET),
        ({"weight": "159.99 kg", "height": "2.0 m"}, Status.UNMET),
        ({"weight": "283.5 lb", "height": "70.6 in"}, Status.UNMET),  # 39.989…
        ({"weight": "283.6 lb", "height": "5 ft 10.6 in"}, Status.MET),  # 40.0038…: to one place it would be 40.0
    ],
)
def test_a_body_mass_index_from_weight_and_height_is_exact(shipped, said, status):
    case = complete(shipped, bmi=said)

    assert evaluate(shipped, case, ["cohere-ma"])[0].statuses["bmi"] is status
    assert case_data(case, shipped.vocabulary)["facts"]["bmi"] == said
    assert make_case(shipped, case_data(case, shipped.vocabulary)).records == case.records


WEIGHT = "a number with its unit: `220 lb`, `99.8 kg`"


@pytest.mark.parametrize(
    ("said", "words", "hint"),
    [
        ({"weight": "220 lb"}, "`bmi` is not told by this", "a body mass index: `{weight: 220 lb, height: 70 in}`"),
        ({"weight": "220", "height": "70 in"}, "`220` is no weight", WEIGHT),
        ({"weight": "0 lb", "height": "70 in"}, "`0 lb` is no weight", WEIGHT),
        ({"weight": "70 in", "height": "220 lb"}, "`70 in` is no weight", WEIGHT),
    ],
)
def test_what_is_no_weight_or_height_is_a_fault(shipped, said, words, hint):
    with pytest.raises(InputError) as error:
        complete(shipped, bmi=said)

    assert [(each.message, each.hint) for each in error.value.faults] == [(words, hint)]


def test_a_weight_alone_is_answered_with_the_form_that_takes_the_height(shipped):
    with pytest.raises(InputError) as error:
        complete(shipped, bmi="210 lb")

    assert error.value.faults[0].hint == "with the height beside it: `{weight: 210 lb, height: …}`"


@pytest.mark.parametrize(("age", "asked"), [(49, True), (50, False), (78, False), ({"at_least": 45}, True)])
def test_a_person_of_50_or_more_is_not_asked_whether_the_skeleton_still_grows(shipped, age, asked):
    growing = Slot("skeletally_immature")
    case = complete(shipped, age=age, skeletally_immature=None)

    (got,) = evaluate(shipped, case, ["cohere-ma"], strict=True)
    assert (growing in got.open) is asked
    answer = ask(shipped, case, ["cohere-ma"], strict=True)
    assert (growing in {each.slot for each in answer.open}) is asked
    repairs = repair(shipped, case, ["cohere-ma"], strict=True)
    left = {move.slot for choice in repairs.choices for way in choice for move in way}
    left |= {move.slot for each in repairs.repairs for move in each.ruled_out}
    assert repairs.repairs
    assert (growing in left) is asked


def test_nobody_of_50_or_more_is_still_growing(shipped):
    with pytest.raises(InputError, match="the skeleton of a person of 50 or more is still growing"):
        complete(shipped, age=78, skeletally_immature="yes")


def test_a_limit_of_the_background_is_no_limit_of_a_source(shipped):
    """Nothing is cut at 50 years where sources are shown, and a witness does not say it."""
    names = ["cohere-ma", "lcd-l39642", "smart-trial"]
    (line,) = [each for each in limits(shipped, evaluate(shipped, Case("", ()), names), named=True)
               if each.slots == (Slot("age"),)]  # fmt: skip

    ends = {str(end.amount) for cell in line.cells for end in (cell.low, cell.high)}
    assert ends == {"0", "18", "25", "70", "120"}
    base = Together(shipped, shipped.revisions(names[:2])).base([0, 1])
    assert base is not None
    assert str(base.case.recorded[Slot("age")]) == "at least 18 years"
