"""What is presumed of the shipped vocabulary, on the complete chart and what is added to it."""

from __future__ import annotations

import pytest
import yaml
from places import ROOT

from bvn_asp.cases.evaluate import Verdict, evaluate
from bvn_asp.model.case import Case
from bvn_asp.model.case_reader import make_case

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
