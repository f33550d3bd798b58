"""A report on file that is silent is not shown and not denied: what is asked for is an addendum."""

from __future__ import annotations

import random

import pytest
import yaml

from bvn_asp import Slot, Verdict, evaluate
from bvn_asp.cases.ask import ask
from bvn_asp.cases.explain import explain
from bvn_asp.cases.possible import make_case
from bvn_asp.cases.presumptions import presumptions
from bvn_asp.cases.standing import Standing, standing_of_open
from bvn_asp.errors import InputError
from bvn_asp.model.case import Named, case_data
from bvn_asp.papers.request import request
from bvn_asp.render import words


def complete(shipped, **facts):
    data = yaml.safe_load((shipped.folder.parent / "cases" / "baseline.yaml").read_text())
    data.pop("expect", None)
    data["facts"] = {**data["facts"], **facts}
    return make_case(shipped, data)


def test_it_is_open_as_if_nothing_were_recorded_and_never_a_no(shipped):
    silent, nothing = complete(shipped, modic="not_reported"), complete(shipped, modic=None)

    for one, other in zip(evaluate(shipped, silent), evaluate(shipped, nothing), strict=True):
        assert (one.statuses, one.verdict, one.open) == (other.statuses, other.verdict, other.open), one.policy
    assert evaluate(shipped, silent, ["cohere-ma"])[0].verdict is Verdict.PEND


def test_whatever_is_not_reported_no_status_of_any_policy_changes(shipped):
    draw = random.Random(5)
    data = yaml.safe_load((shipped.folder.parent / "cases" / "baseline.yaml").read_text())
    data.pop("expect", None)
    facts = shipped.vocabulary.facts.items()
    names = [name for name, fact in facts if fact.section != "Request" and fact.type != "count"]
    for _ in range(12):
        some = draw.sample(names, 8)
        kept = {name: value for name, value in data["facts"].items() if name not in some}
        silent = make_case(shipped, {**data, "facts": {**kept, **dict.fromkeys(some, "not_reported")}})
        without = make_case(shipped, {**data, "facts": kept})

        assert len(silent.silent) >= 8
        both = (evaluate(shipped, case, under_readings=False) for case in (silent, without))
        for one, other in zip(*both, strict=True):
            assert (one.statuses, one.verdict, one.presumed) == (other.statuses, other.verdict, other.presumed), some


def test_the_next_step_is_an_addendum(shipped):
    silent = {"value": "not_reported", "evidence": {"document": "MRI of 2026-10-02"}}
    case = complete(shipped, modic={"all": "none", "L4": silent})
    slot = Slot("modic", "L4")

    asked = ask(shipped, case, ["cohere-ma"])
    needs = request(shipped, case, "cohere-ma")
    lines = [fact for line in explain(shipped, case, "cohere-ma").lines for fact in line.facts if fact.slot == slot]

    assert [each.slot for each in asked.open] == [slot] == [s for each in needs.needs for s in each.slots]
    assert standing_of_open(case, slot) is Standing.SILENT
    assert needs.short
    assert not needs.piles
    assert {each.standing for each in lines} == {Standing.SILENT}
    said = words.question(shipped.vocabulary, case, slot)
    assert said.startswith("An addendum is needed; the MRI report on file does not say")
    assert words.on_record(case, slot) == "not reported (MRI of 2026-10-02); ask for an addendum"


def test_a_presumption_rests_on_silence_and_so_stands(shipped):
    case = complete(shipped, stenosis_on_imaging="not_reported", slip={"L4-L5": "not_reported"})

    held = presumptions(shipped.vocabulary, case)
    assert Slot("stenosis_on_imaging") in held
    assert Slot("slip", "L4-L5") in held
    open_ones = presumptions(shipped.vocabulary, complete(shipped, stenosis_on_imaging="unknown"))
    assert Slot("stenosis_on_imaging") not in open_ones


def test_an_answer_takes_its_place(shipped):
    case = complete(shipped, modic="not_reported")

    more = case.with_values(shipped.vocabulary, {Slot("modic", "L4"): Named(("type_1",))})

    assert more.silence(Slot("modic", "L4")) is None
    assert more.silence(Slot("modic", "L5")) is not None


@pytest.mark.parametrize(
    ("facts", "silent"),
    [
        ({"modic": "not_reported"}, {"L1", "L2", "L3", "L4", "L5", "S1"}),
        ({"modic": {"all": "none", "L4": "not_reported"}}, {"L4"}),
        ({"modic": {"all": "not_reported", "L4": "type_1"}}, {"L1", "L2", "L3", "L5", "S1"}),
        ({"endplates": "not_reported"}, {"L1", "L2", "L3", "L4", "L5", "S1"}),
        ({"t_score": "not mentioned"}, {""}),
    ],
)
def test_it_is_written_and_read_again_as_the_same(shipped, facts, silent):
    data = {"title": "x", "request": {"bodies": ["L4"]}, "facts": facts}

    case = make_case(shipped, data)
    again = make_case(shipped, case_data(case, shipped.vocabulary))

    assert {each.slot.member for each in case.silent} == silent
    assert (again.silent, again.records) == (case.silent, case.records)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"request": {"state": "not_reported"}}, "no report says what is asked for"),
        ({"facts": {"modic": {"somewhere": "not_reported"}}}, "a silent report says nothing of any place"),
        ({"facts": {"modic": {"L4": {"one_of": ["type_1", "not_reported"]}}}}, "not_reported"),
    ],
)
def test_where_it_says_nothing_it_is_a_fault(shipped, data, said):
    with pytest.raises(InputError) as error:
        make_case(shipped, {"title": "x", **data})

    assert said in error.value.faults[0].message


def test_a_batch_takes_it_as_nothing_recorded(shipped):
    pa = pytest.importorskip("pyarrow", reason="batch needs pyarrow: pip install 'bvn-asp[batch]'")
    from bvn_asp.batch.decide import Decider

    batch = pa.RecordBatch.from_pydict({"modic.L4": pa.array(["not_reported", None, "type_1"])})
    found = Decider(shipped, batch.schema.names, ["lcd-l39642"]).decide(batch)

    statuses = found.answers["lcd-l39642"].statuses
    assert not found.faults
    assert all(statuses[entry][0] == statuses[entry][1] for entry in statuses)
