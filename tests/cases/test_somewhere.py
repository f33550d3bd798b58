"""What a chart says of several members without saying of which is exact: in worlds, questions, repairs and batches."""

from __future__ import annotations

import itertools
import random

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bvn_asp import Library, Slot, Status, Verdict, evaluate
from bvn_asp.cases.ask import ask
from bvn_asp.cases.explain import explain
from bvn_asp.cases.possible import make_case
from bvn_asp.cases.presumptions import doubts, presumptions
from bvn_asp.cases.whatif import whatif
from bvn_asp.errors import InputError
from bvn_asp.model.case import Named, case_data
from bvn_asp.repairs.repair import repair

MODIC = ("none", "type_1", "type_2")
BODIES = ("L4", "L5", "S1")


def chart(**facts):
    request = {"date": "2026-12-03", "bodies": ["L4", "L5"], "procedures": {64628: 1}, "diagnoses": ["M54.51"]}
    return {"title": "x", "request": request, "facts": facts}


def complete(shipped, **facts):
    data = yaml.safe_load((shipped.folder.parent / "cases" / "baseline.yaml").read_text())
    data.pop("expect", None)
    data["facts"] = {**data["facts"], **facts}
    return make_case(shipped, data)


# -- worlds ------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    own=st.dictionaries(st.sampled_from(BODIES), st.sampled_from(MODIC), max_size=2),
    values=st.lists(st.sampled_from(MODIC), min_size=1, max_size=2, unique=True),
    least=st.integers(1, 3),
    asked=st.lists(st.sampled_from(BODIES), min_size=1, max_size=3, unique=True),
    reading=st.sampled_from(["any-body", "each-body"]),
)
def test_statuses_are_those_of_brute_force_over_the_completions_in_which_so_many_have_it(
    toy, own, values, least, asked, reading
):
    worlds = [
        world
        for world in (dict(zip(BODIES, each, strict=True)) for each in itertools.product(MODIC, repeat=3))
        if all(world[b] == v for b, v in own.items()) and sum(v in values for v in world.values()) >= least
    ]
    data = {"title": "x", "request": {"bodies": asked},
            "facts": {"modic": {**own, "somewhere": {"one_of": values, "count": least}}}}
    if not worlds:
        with pytest.raises(InputError):
            make_case(toy.library, data)
        return
    bodies = BODIES if reading == "any-body" else asked
    how = any if reading == "any-body" else all
    holds = {how(world[b] in ("type_1", "type_2") for b in bodies) for world in worlds}

    got = evaluate(toy.library, make_case(toy.library, data), ["plan@2024"], {"plan": {"R2": reading}})[0]

    want = Status.UNDETERMINED if len(holds) == 2 else Status.MET if True in holds else Status.UNMET
    assert got.statuses["modic"] is want


def test_a_finding_whose_level_nobody_stated_is_met_where_any_level_will_do(shipped):
    somewhere = make_case(shipped, chart(modic={"L3-S1": {"somewhere": "type_1"}}))
    open_ones = make_case(shipped, chart(modic={b: {"one_of": ["none", "type_1"]} for b in ("L3", "L4", "L5", "S1")}))

    met = [evaluate(shipped, case, ["cohere-ma"])[0].statuses["modic"] for case in (somewhere, open_ones)]

    assert met == [Status.MET, Status.UNDETERMINED]


def test_a_number_somewhere_is_exact(shipped):
    case = complete(shipped, slip={"somewhere": "2.5 mm"}, other_obvious_cause="none",
                    other_explanation_clinical="none", other_explanation_imaging="none", slip_correlates={"all": "no"})

    assert case.several[0].slot.of == ("L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1")
    assert str(case.get(Slot("slip", "L4-L5"))) == "2.5 mm somewhere"


# -- presumptions ------------------------------------------------------------------------------


def test_no_member_that_could_be_meant_is_presumed_absent_and_what_it_puts_in_doubt_is_open(shipped):
    case = complete(shipped, prior_surgery={"somewhere": "fusion"})

    held = presumptions(shipped.vocabulary, case)
    assert not [slot for slot in held if slot.fact == "prior_surgery" and slot.member != "L6"]
    assert Slot("prior_surgery", "L6") in held
    assert Slot("vertebral_pathology_complicates") in doubts(shipped.vocabulary, case)
    assert evaluate(shipped, complete(shipped), ["cohere-ma"])[0].verdict is Verdict.APPROVE
    assert evaluate(shipped, case, ["cohere-ma"])[0].verdict is Verdict.PEND


# -- reading and writing -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "facts",
    [
        {"modic": {"somewhere": "type_1"}},
        {"modic": {"L3-S1": {"somewhere": {"value": "type_1", "count": 2, "evidence": "MRI report"}}, "L4": "none"}},
        {"modic": {"L4-L5": {"somewhere": {"one_of": ["type_1", "type_2"]}}}},
        {"disc_protrusion": {"L2-S1": {"somewhere": ">= 4 mm"}}, "modic": {"somewhere": "type_2"}},
        {"care": {"somewhere": {"value": "tried", "count": 3}}},
        {"surgery_age": {"somewhere": {"since": "2024-05"}}},
    ],
)
def test_what_is_written_is_read_again_as_the_same(shipped, facts):
    case = make_case(shipped, chart(**facts))

    again = make_case(shipped, case_data(case, shipped.vocabulary))

    assert (again.records, again.several) == (case.records, case.several)
    assert case.several


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"modic": {"somewhere": "type_1", "all": "none"}}, "modic is type 1 somewhere"),
        ({"slip": {"somewhere": ">= 3 mm", "all": "at most 2 mm"}}, "slip is at least 3 mm somewhere"),
        ({"modic": {"L4": {"somewhere": "type_1"}}}, "names no several vertebral bodies"),
        ({"modic": {"L4-S9": {"somewhere": "type_1"}}}, "names no several"),
        ({"modic": {"somewhere": {"value": "type_1", "count": 9}}}, "`count` is how many"),
        ({"modic": {"somewhere": {"conflicting": ["type_1", "none"]}}}, "a contradiction has a place"),
        ({"bmi": {"somewhere": 31}}, "unknown key `somewhere`"),
        ({"endplates": {"somewhere": "type_1"}}, "says nothing of sides"),
        ({"modic": {"L3-S1": {"somewhere": "type_1", "value": "none"}}}, "cannot stand beside `somewhere`"),
    ],
)
def test_what_cannot_be_so_or_cannot_be_read_is_a_fault_with_its_place(shipped, facts, said):
    with pytest.raises(InputError) as error:
        make_case(shipped, chart(**facts))

    assert said in error.value.faults[0].message
    assert error.value.faults[0].place.line


def test_a_number_of_bodies_without_their_names_is_that_many_and_asks_which(shipped):
    case = make_case(shipped, {"title": "x", "request": {"bodies": 2}, "facts": {}})

    assert case_data(case, shipped.vocabulary)["request"] == {"bodies": 2}
    statuses = evaluate(shipped, case, ["lcd-l39642"])[0].statuses
    assert statuses["bodies_per_session"] is not Status.UNMET
    three = make_case(shipped, {"title": "x", "request": {"bodies": 3}, "facts": {}})
    assert evaluate(shipped, three, ["lcd-l39642"])[0].statuses["bodies_per_session"] is Status.UNMET
    with pytest.raises(InputError, match="no 9 vertebral"):
        make_case(shipped, {"title": "x", "request": {"bodies": 9}})


# -- going on with it --------------------------------------------------------------------------


def test_it_stays_said_while_answers_come_in_and_the_last_member_is_settled_by_it(toy):
    case = make_case(toy.library, {"title": "x", "request": {"bodies": ["L4"]},
                                   "facts": {"modic": {"somewhere": "type_1"}, "age": 40}})
    more = case.with_values(toy.library.vocabulary, {Slot("modic", b): Named(("none",)) for b in ("L4", "L5")})

    found = ask(toy.library, more, ["plan@2024"])

    assert more.several == case.several
    assert not [each for each in found.open if each.slot.fact == "modic"]
    assert evaluate(toy.library, more, ["plan@2024"], {"plan": {"R2": "any-body"}})[0].statuses["modic"] is Status.MET
    every = {"plan": {"R2": "each-body"}}
    assert evaluate(toy.library, more, ["plan@2024"], every)[0].statuses["modic"] is Status.UNMET


def test_a_supposition_that_takes_away_what_was_meant_leaves_the_rest_open(toy):
    case = make_case(toy.library, {"title": "x", "request": {"bodies": ["L4"]},
                                   "facts": {"modic": {"somewhere": "type_1", "L4": "type_1"}}})

    supposed = whatif(toy.library, case, {Slot("modic", "L4"): Named(("none",))}, ["plan@2024"]).supposed

    assert supposed.several == ()
    assert supposed.recorded[Slot("modic", "L5")] == Named(MODIC)
    kept = make_case(toy.library, {"title": "x", "facts": {"modic": {"somewhere": "type_1"}}})
    with pytest.raises(InputError, match="modic is type 1 somewhere"):
        whatif(toy.library, kept, {Slot("modic", b): Named(("none",)) for b in BODIES}, ["plan@2024"])


PLACES = {
    "indexes": {"body": {"about": "b", "members": {"A": "A", "B": "B"}}},
    "facts": {"Person": {
        "size": {"about": "s", "type": "number", "unit": "mm", "from": 0, "to": 9, "step": 1, "per": "body"},
        "pain": {"about": "p", "type": "duration", "unit": "weeks", "from": 0, "to": 520, "per": "body"},
        "child": {"about": "c", "type": "yes_no"},
    }},
}


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """A library whose policy cuts the sizes at 6 alone."""
    folder = tmp_path_factory.mktemp("places")
    (folder / "vocabulary.yaml").write_text(yaml.safe_dump(PLACES))
    (folder / "background.lp").write_text('impossible("x") :- is(child, yes), at_least(pain(a), weeks(9)).')
    (folder / "p").mkdir()
    about = {"id": "p", "title": "p", "publisher": "p", "kind": "coverage", "about": "p"}
    (folder / "p/policy.yaml").write_text(yaml.safe_dump({**about, "revisions": {"1": {"file": "1.lp"}}}))
    (folder / "p/1.lp").write_text(
        'criterion(c, root, "c", "x").\nmet(c) :- at_least(size(b), 6), is(child, no), at_most(pain(b), weeks(30)).\n'
    )
    return Library(folder)


@pytest.mark.parametrize(
    ("size", "reason"),
    [
        ({"A": 5, "somewhere": "2 to 4"}, {"size.A", "size.somewhere"}),
        ({"A": ">= 5", "somewhere": {"at_most": 4}}, {"size.A", "size.somewhere"}),
        ({"A": 3, "somewhere": {"value": "<= 4", "exactly": 2}}, {"size.somewhere"}),
        ({"A": 3, "somewhere": {"value": ">= 3", "exactly": 1}}, {"size.A", "size.somewhere"}),
        ({"A": 5, "B": "<= 5", "somewhere": "2 to 4"}, {"size.B"}),
    ],
)
def test_the_shortest_reason_names_a_members_own_number_where_that_keeps_it_from_being_meant(places, size, reason):
    case = make_case(places, {"title": "x", "facts": {"size": size}})

    found = explain(places, case, "p")

    assert found.evaluation.verdict is Verdict.DENY
    assert {str(each) for each in found.reason} == reason


def test_where_every_members_own_number_is_another_no_patient_can_be_so(places):
    pain = {"A": {"since": "2026-03-01"}, "B": {"since": "2026-01-01"}, "somewhere": {"since": "2026-09-01"}}

    with pytest.raises(InputError, match="all that is recorded of these is otherwise"):
        make_case(places, {"title": "x", "request": {"date": "2026-09-27"}, "facts": {"pain": pain}})


def test_what_may_be_asked_goes_by_the_member_that_is_meant(places):
    asked = ask(places, make_case(places, {"title": "x", "facts": {"size": {"A": 5, "somewhere": ">= 6"}}}))

    assert [str(each.slot) for each in asked.open] == ["child", "pain.B"]


def test_repair_need_not_document_what_is_said_of_several(shipped):
    case = complete(shipped, modic={"somewhere": "type_1"})

    assert evaluate(shipped, case, ["lcd-l39420"])[0].statuses["modic"] is not Status.UNMET
    found = repair(shipped, case, ["lcd-l39420"])
    assert found.repairs
    for each in found.repairs:
        mended = each.applied_to(shipped, case)
        assert evaluate(shipped, mended, ["lcd-l39420"])[0].verdict is Verdict.APPROVE


# -- batch -------------------------------------------------------------------------------------


def _random_rows(draw, count):
    for _ in range(count):
        row = {"age": draw.choice([None, "17", "50"]), "pain_duration": draw.choice([None, "14 months", "5 months"]),
               "care.exercise": draw.choice([None, "tried"]), "care.drugs": draw.choice([None, "tried", "not_tried"])}
        row |= {f"requested.{b}": draw.choice([None, "yes", "no"]) for b in BODIES}
        row |= {f"modic.{b}": draw.choice([None, None, "none", "type_1", "type_2"]) for b in BODIES}
        row["modic.somewhere"] = draw.choice(
            [None, "type_1", '{"one_of": ["type_1", "type_2"]}', '{"value": "none", "count": 2}']
        )
        row["care.somewhere"] = draw.choice([None, "tried", '{"value": "tried", "count": 2}', "contraindicated"])
        row["modic.somewhere in L5-S1"] = draw.choice([None, None, "type_2"])
        yield row


def test_a_batch_decides_it_as_the_solver_does(toy):
    pytest.importorskip("pyarrow", reason="batch needs pyarrow: pip install 'bvn-asp[batch]'")
    import sys

    sys.path.insert(0, "tests/batch")
    from agree import as_chart
    from test_batch import as_batch

    from bvn_asp.batch.decide import STATUSES, VERDICTS, Decider
    from bvn_asp.cases.evaluate import Evaluator

    rows = list(_random_rows(random.Random(3), 120))
    batch = as_batch(rows)
    found = Decider(toy.library, batch.schema.names, ["plan@2024"]).decide(batch)
    evaluator = Evaluator(toy.library, [toy.library.revision("plan@2024")])

    answered = 0
    for i, row in enumerate(rows):
        try:
            case = make_case(toy.library, as_chart(row, "bodies", None))
        except InputError:
            assert not found.good[i], row
            continue
        answered += 1
        assert found.good[i], (row, [each.message for each in found.faults if each.row == i + 1])
        want, got = evaluator.evaluate(case, under_readings=False)[0], found.answers["plan@2024"]
        assert VERDICTS[got.verdict[i]] == want.verdict, row
        assert {e: STATUSES[codes[i]] for e, codes in got.statuses.items()} == want.statuses, row
        assert {s for s, codes in got.open.items() if codes[i]} == set(want.open), row
    assert answered > 30
