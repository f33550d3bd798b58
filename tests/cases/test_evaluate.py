"""Statuses and verdicts are what every completion of the record says, no more and no less."""

from __future__ import annotations

import itertools
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import TOY

from bvn_asp import Evaluator, Library, Slot, Status, Verdict, evaluate
from bvn_asp.cases.presumptions import presumptions
from bvn_asp.cases.readings import hinges, survives
from bvn_asp.classes import replace
from bvn_asp.model.case import Named, Record, absent_value
from bvn_asp.model.quantity import Quantity, exactly

CARE = ("exercise", "drugs", "injections")
BODIES = ("L4", "L5", "S1")


def one(toy, case, revision="plan@2024", **kwargs):
    return evaluate(toy.library, case, [revision], **kwargs)[0]


# -- an oracle without a solver: the toy plan in plain Python, over complete records only ------------


def toy_plan(world, months=6, r1="credited", r2="any-body"):
    """Entry id to truth, for a complete record of the toy vocabulary."""
    credited = {
        m: world[f"care.{m}"] == "tried" or (world[f"care.{m}"] == "contraindicated" and r1 == "credited") for m in CARE
    }
    asked = [b for b in BODIES if world[f"requested.{b}"] == "yes"]
    changed = {b: world[f"modic.{b}"] in ("type_1", "type_2") for b in BODIES}
    found = {
        "adult": world["age"] >= 18,
        "pain": world["pain_duration"] >= months,
        **credited,
        "care": sum(credited.values()) >= 2,
        "modic": any(changed.values()) if r2 == "any-body" else all(changed[b] for b in asked),
        "few": len(asked) <= 2,
        "osteoporosis": world["t_score"] <= -2.5,
        "implant": world["implant"] == "yes" and world["precautions"] != "yes",
    }
    found["indications"] = all(found[x] for x in ("adult", "pain", "care", "modic", "few"))
    found["exclusions"] = not (found["osteoporosis"] or found["implant"])
    found["approve"] = found["indications"] and found["exclusions"]
    return found


OPTIONS = {
    **{f"requested.{b}": ("yes", "no") for b in BODIES},
    "age": (17, 18),
    "pain_duration": (5, 6),
    **{f"care.{m}": ("tried", "contraindicated", "not_tried") for m in CARE},
    "t_score": (-2.5, 0),
    **{f"modic.{b}": ("none", "type_1") for b in BODIES},
    "implant": ("yes", "no"),
    "precautions": ("yes", "no"),
}


def completions(known):
    names = list(OPTIONS)
    for values in itertools.product(*([known[n]] if n in known else OPTIONS[n] for n in names)):
        world = dict(zip(names, values, strict=True))
        if any(world[f"requested.{b}"] == "yes" for b in BODIES):
            yield world


def as_value(name, value):
    if name == "age":
        return exactly(Quantity(value, "years"))
    if name == "pain_duration":
        return exactly(Quantity(value, "months"))
    if name == "t_score":
        return exactly(Quantity(value, "score"))
    return Named((value,))


@st.composite
def partial_records(draw):
    """A record of the toy vocabulary with at most eight open slots, so that every completion can be listed."""
    names = list(OPTIONS)
    open_names = draw(st.sets(st.sampled_from(names), max_size=8))
    return {n: draw(st.sampled_from(OPTIONS[n])) for n in names if n not in open_names}


def decimal_world(world):
    from decimal import Decimal

    return {n: Decimal(str(v)) if isinstance(v, int | float) else v for n, v in world.items()}


def case_of(toy, known):
    from decimal import Decimal

    base = toy.case(request={"date": "2026-12-01"})
    values = {
        Slot(*n.split(".")): as_value(n, Decimal(str(v)) if isinstance(v, int | float) else v) for n, v in known.items()
    }
    return base.with_values(toy.library.vocabulary, values)


@pytest.mark.parametrize("reading", [{}, {"R1": "removed"}, {"R2": "each-body"}], ids=["default", "R1", "R2"])
@settings(max_examples=60, deadline=None)
@given(known=partial_records())
def test_statuses_are_those_of_brute_force_over_every_completion(toy, reading, known):
    options = {"r1": reading.get("R1", "credited"), "r2": reading.get("R2", "any-body")}
    worlds = [toy_plan(world, **options) for world in completions(known)]
    if not worlds:  # a record that names no body is no patient's
        return

    got = one(toy, case_of(toy, known), readings={"plan": reading}, strict=True, under_readings=False)

    for entry, status in got.statuses.items():
        holds = {world[entry] for world in worlds}
        want = Status.UNDETERMINED if len(holds) == 2 else Status.MET if True in holds else Status.UNMET
        assert status is want, entry
    verdicts = {world["approve"] for world in worlds}
    want = Verdict.PEND if len(verdicts) == 2 else Verdict.APPROVE if True in verdicts else Verdict.DENY
    assert got.verdict is want


@settings(max_examples=40, deadline=None)
@given(known=partial_records(), data=st.data())
def test_documenting_an_unknown_never_changes_a_decided_status(toy, known, data):
    missing = [name for name in OPTIONS if name not in known]
    if not missing or not list(completions(known)):
        return
    name = data.draw(st.sampled_from(missing))
    more = {**known, name: data.draw(st.sampled_from(OPTIONS[name]))}
    if not list(completions(more)):
        return

    before = one(toy, case_of(toy, known), strict=True, under_readings=False)
    after = one(toy, case_of(toy, more), strict=True, under_readings=False)

    for entry, status in before.statuses.items():
        if status is not Status.UNDETERMINED:
            assert after.statuses[entry] is status, entry
    if before.verdict is not Verdict.PEND:
        assert after.verdict is before.verdict


@settings(max_examples=40, deadline=None)
@given(known=partial_records())
def test_open_facts_are_those_in_which_two_completions_differ_alone(toy, known):
    worlds = list(completions(known))
    if not worlds:
        return

    got = one(toy, case_of(toy, known), strict=True, under_readings=False)

    verdict_of = {tuple(world.items()): toy_plan(world)["approve"] for world in worlds}
    want = set()
    for world in worlds:
        for name in OPTIONS:
            for value in OPTIONS[name]:
                other = tuple({**world, name: value}.items())
                if (
                    value != world[name]
                    and other in verdict_of
                    and verdict_of[other] != verdict_of[tuple(world.items())]
                ):
                    want.add(name)
    assert {str(slot) for slot in got.open} == want


# -- readings -------------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(known=partial_records())
def test_hinges_are_the_smallest_changes_of_readings_that_change_the_verdict(toy, known):
    worlds = list(completions(known))
    if not worlds:
        return
    options = {"R1": ("credited", "removed"), "R2": ("any-body", "each-body")}

    got = one(toy, case_of(toy, known), strict=True)

    def verdict(r1, r2):
        found = {toy_plan(world, r1=r1, r2=r2)["approve"] for world in worlds}
        return "pend" if len(found) == 2 else "approve" if True in found else "deny"

    default = verdict("credited", "any-body")
    changes = {}
    for r1, r2 in itertools.product(*options.values()):
        change = {n: o for n, o in (("R1", r1), ("R2", r2)) if o != options[n][0]}
        if verdict(r1, r2) != default:
            changes[frozenset(change.items())] = verdict(r1, r2)
    smallest = {c: v for c, v in changes.items() if not any(other < c for other in changes)}
    assert {frozenset(h.readings): h.verdict for h in got.hinges} == smallest


# -- presumptions ---------------------------------------------------------------------------------


def test_an_exclusion_nobody_mentions_is_presumed_absent_and_listed(toy):
    case = toy.case(
        age=50, pain_duration="9 months", care={"exercise": "tried", "drugs": "tried"}, modic={"L4": "type_1"}
    )

    got = one(toy, case)

    assert got.verdict is Verdict.APPROVE
    assert [str(slot) for slot in got.presumed] == ["t_score", "implant"]


def test_strict_presumes_nothing(toy):
    case = toy.case(
        age=50, pain_duration="9 months", care={"exercise": "tried", "drugs": "tried"}, modic={"L4": "type_1"}
    )

    got = one(toy, case, strict=True)

    assert got.verdict is Verdict.PEND
    assert [str(slot) for slot in got.open] == ["t_score", "implant", "precautions"]
    assert got.presumed == ()


def test_a_half_documented_exclusion_stays_open(toy):
    case = toy.case(
        age=50,
        pain_duration="9 months",
        care={"exercise": "tried", "drugs": "tried"},
        modic={"L4": "type_1"},
        implant="yes",
    )

    assert one(toy, case).verdict is Verdict.PEND


def test_a_companion_recorded_without_its_finding_takes_the_presumption_away(toy):
    vocabulary = toy.library.vocabulary

    assert Slot("implant") in presumptions(vocabulary, toy.case())
    assert Slot("implant") in presumptions(vocabulary, toy.case(precautions="no"))
    assert Slot("implant") not in presumptions(vocabulary, toy.case(precautions="yes"))


def test_conflicting_values_count_as_unknown_and_are_not_presumed(toy):
    case = toy.case(
        age=50,
        pain_duration="9 months",
        care={"exercise": "tried", "drugs": "tried"},
        modic={"L4": "type_1"},
        t_score={"conflicting": ["-2.6", "-1.0"]},
    )

    got = one(toy, case)

    assert got.verdict is Verdict.PEND
    assert [str(slot) for slot in got.open] == ["t_score"]


def test_a_fact_that_cannot_matter_makes_nothing_undetermined(toy):
    case = toy.case(age=17)

    got = one(toy, case)

    assert got.verdict is Verdict.DENY
    assert got.open == ()
    assert got.blamed == ("adult",)


# -- blame ----------------------------------------------------------------------------------------


def test_a_group_that_needs_several_parts_is_to_blame_itself(toy):
    case = toy.case(
        age=50,
        pain_duration="9 months",
        care={"exercise": "tried", "drugs": "not_tried", "injections": "not_tried"},
        modic={"L4": "type_1"},
    )

    assert one(toy, case).blamed == ("care",)


def test_every_entry_in_the_way_is_blamed_not_the_first_only(toy):
    case = toy.case(
        age=17,
        pain_duration="2 months",
        care={"exercise": "tried", "drugs": "tried"},
        modic={"L4": "type_1"},
        t_score="-3",
    )

    assert one(toy, case).blamed == ("adult", "pain", "osteoporosis")


# -- one evaluator, many cases --------------------------------------------------------------------


def test_an_evaluator_forgets_the_case_before(toy):
    evaluator = Evaluator(toy.library, toy.library.revisions(["plan@2024"]))
    young, grown = toy.case(age=17), toy.case(age=40)

    first = evaluator.evaluate(grown)
    evaluator.evaluate(young)

    assert evaluator.evaluate(grown) == first


def test_the_revision_in_force_on_the_date_of_service_is_asked(toy):
    early = toy.case(request={"date": "2024-06-01", "bodies": ["L4"]})
    late = toy.case(request={"date": "2025-06-01", "bodies": ["L4"]})

    assert evaluate(toy.library, early, ["plan"])[0].revision.id == "2024"
    assert evaluate(toy.library, late, ["plan"])[0].revision.id == "2025"


def test_a_request_before_any_revision_says_so(toy):
    case = toy.case(request={"date": "2023-06-01", "bodies": ["L4"]})

    got = evaluate(toy.library, case, ["plan"])[0]

    assert got.revision.id == "2024"
    assert got.before_effective


@pytest.mark.parametrize(("date", "after"), [("2025-06-30", False), ("2025-07-01", True), ("2030-01-01", True)])
def test_a_request_after_the_last_day_of_a_revision_says_so(tmp_path, date, after):
    """As `bvn governs`: `until` is the last day, and an older edition does not come back."""
    shutil.copytree(TOY, tmp_path / "toy")
    path = tmp_path / "toy" / "plan" / "policy.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("effective: 2025-01-01", "effective: 2025-01-01\n    until: 2025-06-30")
    path.write_text(text, encoding="utf-8")
    library = Library(tmp_path / "toy")
    case = library.parse(f"title: late\nrequest: {{date: {date}, bodies: [L4]}}\nfacts: {{}}")

    got = evaluate(library, case, ["plan"])[0]

    assert got.revision.id == "2025"
    assert (got.before_effective, got.after_until) == (False, after)


def test_hinges_that_are_cut_off_say_so(toy):
    care = {"exercise": "tried", "drugs": "contraindicated", "injections": "not_tried"}
    modic = {"L4": "type_1", "L5": "none"}
    case = toy.case(pain_duration="7 months", age=40, care=care, modic=modic, t_score=0, implant="no")
    evaluator = Evaluator(toy.library, [toy.library.revision("plan@2024")])
    got = evaluator.evaluate(case)[0]
    facts = evaluator.program.assume(case.recorded | presumptions(toy.library.vocabulary, case))
    assert got.all_hinges
    assert got.hinges

    none, complete = hinges(evaluator.program, 0, facts, got.readings, got.verdict.value, most=len(got.hinges) - 1)
    assert (len(none), complete) == (len(got.hinges) - 1, False)

    found, complete = hinges(evaluator.program, 0, facts, got.readings, got.verdict.value, most=len(got.hinges))
    assert (found, complete) == (got.hinges, True)


def test_of_an_open_case_that_hangs_on_no_reading_that_is_seen_at_once(toy):
    care = {"exercise": "tried", "drugs": "tried", "injections": "tried"}
    well = {"pain_duration": "7 months", "age": 40, "care": care, "modic": {"L4": "type_1", "L5": "type_1"}}
    hangs = {**well, "modic": {"L4": "none", "L5": "type_1"}, "t_score": 0}
    evaluator = Evaluator(toy.library, [toy.library.revision("plan@2024")])
    found = []
    for facts in (well, hangs, {}):
        case = toy.case(**facts)
        got = evaluator.evaluate(case, strict=True)[0]
        assert got.verdict is Verdict.PEND
        known = evaluator.program.assume(case.recorded | presumptions(toy.library.vocabulary, case, strict=True))
        at_once = survives(evaluator.program, 0, known, got.readings, "pend")
        assert hinges(evaluator.program, 0, known, got.readings, "pend") == (got.hinges, got.all_hinges)
        assert not (at_once and got.hinges)
        found.append((at_once, bool(got.hinges)))

    assert (True, False) in found
    assert (False, True) in found


def test_a_record_and_its_absent_value_are_not_the_same(toy):
    vocabulary = toy.library.vocabulary
    record = Record(Slot("implant"), absent_value(vocabulary.facts["implant"]))

    assert str(record) == "no"
    assert toy.case().get(Slot("implant")) is None


def test_who_does_not_ask_what_a_verdict_hangs_on_is_not_told(toy):
    evaluator = Evaluator(toy.library, [toy.library.revision("plan@2024")])
    case = toy.case(
        age=50, pain_duration="8 months", care={"exercise": "tried", "drugs": "tried"},
        modic={"L4": "type_1", "L5": "none"}, t_score=0, implant="no",
    )  # fmt: skip

    (asked,), (plain,) = (evaluator.evaluate(case, under_readings=each) for each in (True, False))

    assert asked.reading_dependent
    assert plain.hinges == ()
    assert not plain.reading_dependent
    assert replace(asked, hinges=()) == plain


def test_a_chart_that_no_patient_has_is_not_possible(toy):
    evaluator = Evaluator(toy.library, [toy.library.revision("plan@2024")])

    nowhere = tuple(Record(each, Named(("no",))) for each in toy.library.vocabulary.slots_of("requested"))
    case = toy.case(age=50)

    assert evaluator.possible(case)
    assert not evaluator.possible(replace(case, records=nowhere))
