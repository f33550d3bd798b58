"""Of a document on file that does not say, or not which, an addendum is asked for, and not the document."""

from __future__ import annotations

import pytest
import yaml

from bvn_asp.cases.ask import ask
from bvn_asp.cases.possible import make_case
from bvn_asp.cases.standing import Standing
from bvn_asp.render import repair as pages
from bvn_asp.render import words
from bvn_asp.render.data import data
from bvn_asp.render.text import to_text
from bvn_asp.repairs.repair import repair

WHICH = "ask for an addendum that says which"
JUDGED = {"by": {"treating_clinician": "none", "reviewer": "facet"}}


def chart(shipped, **facts):
    found = yaml.safe_load((shipped.folder.parent / "cases" / "baseline.yaml").read_text())
    found.pop("expect", None)
    found["facts"] = {name: value for name, value in {**found["facts"], **facts}.items() if value is not None}
    return make_case(shipped, found)


@pytest.mark.parametrize(
    ("facts", "standing", "said"),
    [
        ({"modic": "not_reported"}, Standing.SILENT, "ask for an addendum"),
        ({"modic": {"all": {"conflicting": ["type_1", "none"]}}}, Standing.CONFLICT, WHICH),
        ({"other_obvious_cause": JUDGED}, Standing.CONFLICT, WHICH),
        ({"modic": None}, Standing.MISSING, ""),
    ],
)
def test_a_move_says_what_ask_says_of_the_same_fact(shipped, facts, standing, said):
    case = chart(shipped, **facts)
    fact = next(iter(facts))

    found = repair(shipped, case, ["cohere-ma"])
    own = [move for each in found.repairs for move in each.moves if move.slot.fact == fact]
    asked = [each.slot for each in ask(shipped, case, ["cohere-ma"]).open if each.slot.fact == fact]

    assert own
    assert {move.kind for move in own} == {"document"}
    assert {move.standing for move in own} == {standing}
    assert {pages.kind_of(move) for move in own} == {"addendum" if said else "document"}
    assert {move.slot for move in own} <= set(asked)
    for move in own:
        assert words.on_record(case, move.slot).endswith(said)
        assert said in pages.detail(move)
    text = " ".join(to_text(pages.page(shipped, found)).split())
    assert ("addendum" in text) is bool(said)
    told = data(shipped, "repair", [found], mode="any")
    kept = told["questions"][0]["repairs"][0]["moves"]
    assert {each["standing"] for each in kept if each["fact"] == fact} == {standing.value}
