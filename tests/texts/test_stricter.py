"""`bvn stricter`: every smallest way in which a plan is stricter or looser than what governs."""

from __future__ import annotations

import itertools
import json
import random

import pytest
from click.testing import CliRunner
from places import TOY
from shared import cohere_against

from bvn_asp.cases.evaluate import evaluate
from bvn_asp.cli import main
from bvn_asp.engine.program import Choice
from bvn_asp.model.policy import Revision
from bvn_asp.render.stricter import page
from bvn_asp.render.text import to_text as rendered
from bvn_asp.texts.stricter import Relation, stricter
from bvn_asp.texts.witness import Together

SAMPLES = 150


def short(ways):
    """Ways as (entries, facts)."""
    return {(way.units, way.facts) for way in ways.ways}


@pytest.fixture(scope="module")
def cohere():
    """Cohere against each of the Medicare policies."""
    return {name: cohere_against(name) for name in ("lcd-l39420", "lcd-l40302", "lcd-l39642")}


def edited(toy, tmp_path, *replacements, name="draft"):
    text = (TOY / "plan" / "2024.lp").read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / f"{name}.lp"
    path.write_text(text, encoding="utf-8")
    return Revision(policy=toy.library.policies["plan"], id=name, path=path)


def test_a_policy_is_nowhere_stricter_than_itself(toy):
    plan = toy.library.revision("plan@2024")

    answer = stricter(toy.library, plan, plan)

    assert answer.relation is Relation.EQUIVALENT
    assert not answer.stricter.ways
    assert not answer.looser.ways


def test_each_clause_appears_once_and_in_its_direction(toy, tmp_path):
    more = ("at_most(bodies_requested, 2)", "at_most(bodies_requested, 3)")
    plan = edited(toy, tmp_path, ("at_least(2)", "at_least(3)"), more)

    answer = stricter(toy.library, plan, toy.library.revision("plan@2024"))

    assert short(answer.stricter) == {(("care",), ("care",))}
    assert short(answer.looser) == {(("few",), ("requested",))}


def covers(way, base, world):
    """Whether a patient has, in each fact of a way, some value that it shows and the base patient has not."""
    return all(
        any(
            slot.fact == name and world[slot] != base.values[slot] and world[slot] in each.parting
            for each in way.witness.departures
            if each.slot.fact == name
            for slot in world
        )
        for name in way.facts
    )


BY_VALUE = (
    "met(implant) :- is(implant, yes), not is(precautions, yes).",
    "met(implant) :- is(implant, yes), not is(precautions, yes).\n"
    "met(implant) :- is(care(exercise), contraindicated).\n"
    "met(implant) :- is(care(exercise), not_tried), at_most(age, 40).",
)


def test_who_departs_by_another_value_and_a_further_fact_is_another_patient(toy, tmp_path):
    plan, governing = edited(toy, tmp_path, BY_VALUE), toy.library.revision("plan@2024")

    answer = stricter(toy.library, plan, governing)

    assert short(answer.stricter) == {(("implant",), ("care",))}
    (other,) = answer.stricter.others
    assert (other.units, other.facts) == (("implant",), ("age", "care"))
    assert [each.verdict.value for each in other.witness.evaluations] == ["deny", "approve"]
    assert ("not_tried",) in [each.values for each in other.witness.departures]
    assert answer.stricter.covered


def test_other_patients_that_are_left_out_are_said(toy, tmp_path):
    plan, governing = edited(toy, tmp_path, BY_VALUE), toy.library.revision("plan@2024")

    answer = stricter(toy.library, plan, governing, most=1)

    assert answer.stricter.complete
    assert not answer.stricter.others
    assert not answer.stricter.covered


def gated(asks):
    kept = 'group(exclusions, root, none_of, "Exclusions", "none of the following is present").'
    entry = f'''criterion(gate, indications, "Indications 6", "asked in one reading").
met(gate).
instead(r1, removed, met(gate)) :- {asks}.
'''
    return kept, entry + kept


def test_what_a_reading_gates_is_said(toy, tmp_path):
    plan, governing = edited(toy, tmp_path, gated("is(implant, no)")), toy.library.revision("plan@2024")

    (gate,) = stricter(toy.library, plan, governing).gates

    assert (gate.revision, gate.unit) == (plan, "gate")
    assert [(reading.id, option.name) for reading, option in gate.unless] == [("R1", "removed")]
    (gate,) = stricter(toy.library, governing, plan).gates
    assert gate.of_governing
    assert not stricter(toy.library, plan, plan).gates


@pytest.mark.parametrize("readings", [{}, {"plan": {"R1": "removed"}}])
def test_a_gate_that_asks_what_the_other_text_asks_too_is_none(toy, tmp_path, readings):
    plan, governing = edited(toy, tmp_path, gated("at_least(age, 18)")), toy.library.revision("plan@2024")

    assert not stricter(toy.library, plan, governing, readings).gates


def test_the_recent_discectomy_the_kinds_that_count_and_monitored_care(shipped, cohere):
    answer = cohere["lcd-l39642"]
    shown = {
        (each.slot.fact, value)
        for way in (*answer.stricter.ways, *answer.stricter.others)
        if way.units == ("prior_surgery",)
        for each in way.witness.departures
        for value in each.values or [str(each.value)]
    }
    text = " ".join(rendered(page(shipped, answer)).split())

    assert {("prior_surgery", value) for value in ("fusion", "other", "discectomy_laminectomy")} <= shown
    assert ("surgery_radicular_pain_resolved", "no") in shown
    assert "surgery_age" in {fact for fact, _ in shown}
    assert ("care_monitored", True) in {(gate.unit, gate.of_governing) for gate in answer.gates}
    assert "lcd-l39642:N10=all-care" in text
    assert "cohere-ma counts, if tried or contraindicated: " in text
    assert "lcd-l39642 counts, if tried: " in text


def nearby(program, base, most):
    """Every world in which so many facts at most are otherwise than in a base, each once."""
    slots = {}
    for slot in program.slots:
        slots.setdefault(slot.fact, []).append(slot)
    seen = set()
    for some in itertools.combinations(slots, most):
        moved = [slot for name in some for slot in slots[name]]
        for values in itertools.product(*(program.values(slot) for slot in moved)):
            world = {**base.values, **dict(zip(moved, values, strict=True))}
            key = tuple(world.values())
            if key not in seen:
                seen.add(key)
                yield world


@pytest.mark.parametrize("seed", range(5))
def test_the_ways_are_those_of_brute_force_over_the_cells(toy, tmp_path, seed):
    edits = [
        (("at_least(2)", "at_least(3)"), ("at_least(age, 18)", "at_most(age, 64)")),
        (("at_most(bodies_requested, 2)", "at_most(bodies_requested, 1)"), ("months(6)", "months(12)")),
        ((", not is(precautions, yes)", ""), ('"-2.5"', '"-1.5"'), ("at_least(2)", "at_least(1)")),
        (("met(few) :- at_most(bodies_requested, 2)", "met(few) :- at_least(age, 40)"),),
        (BY_VALUE,),
    ][seed]
    plan, governing = edited(toy, tmp_path, *edits), toy.library.revision("plan@2024")
    answer = stricter(toy.library, plan, governing)
    together = Together(toy.library, (plan, governing))
    program = together.program

    for ways, refuses, approves in ((answer.stricter, 0, 1), (answer.looser, 1, 0)):
        if not ways.ways:
            goal = [together.verdict(approves, "approve"), -together.verdict(refuses, "approve")]
            assert not together.possible(goal)
            continue
        base = together.base((refuses, approves))
        found = set()
        for world in nearby(program, base, 2):
            moved = frozenset(slot.fact for slot in world if world[slot] != base.values[slot])
            held = [program.choices[Choice(slot, value)] for slot, value in world.items()]
            goal = [together.verdict(approves, "approve"), -together.verdict(refuses, "approve")]
            if together.possible([*held, *goal]):
                failing = frozenset(
                    unit for unit, wish in together.unit_wishes(refuses).items() if together.possible([*held, -wish])
                )
                found.add((failing, moved))
                shown = [w for w in (*ways.ways, *ways.others) if set(w.units) <= failing and covers(w, base, world)]
                assert shown
        smallest = {
            (failing, moved)
            for failing, moved in found
            if not any((f, m) != (failing, moved) and f <= failing and m <= moved for f, m in found)
        }
        got = {(frozenset(units), frozenset(facts)) for units, facts in short(ways) if len(facts) <= 2}

        assert got == smallest


def test_witnesses_part_as_claimed_and_only_the_named_entries_are_to_blame(shipped, cohere):
    for answer in cohere.values():
        for ways in (answer.stricter, answer.looser):
            for way in ways.ways[::5]:
                names = [ways.refuses.name, ways.approves.name]
                refuses, approves = evaluate(shipped, way.witness.case, names, under_readings=False)
                assert (refuses.verdict.value, approves.verdict.value) == ("deny", "approve")
                assert set(refuses.blamed) <= {e for unit in way.units for e in _below(ways.refuses, unit)}


def _below(revision, entry):
    return [entry, *(e for part in revision.parts.get(entry, ()) for e in _below(revision, part.id))]


@pytest.mark.parametrize("lcd", ["lcd-l39420", "lcd-l40302"])
def test_cohere_against_the_six_month_family(cohere, lcd):
    stricter_facts = {facts for _, facts in short(cohere[lcd].stricter)}
    looser_facts = {facts for _, facts in short(cohere[lcd].looser)}

    assert ("care",) in stricter_facts  # three of six kinds
    assert ("electronic_implant",) in stricter_facts
    assert ("age",) in looser_facts  # eighteen
    assert ("care_duration",) in looser_facts  # six weeks against six months
    same = {("bmi",), ("pregnant",), ("pain_duration",), ("functional_deficit",), ("ablated_before",)}
    assert not same & (stricter_facts | looser_facts)


def test_cohere_against_the_relative_list(cohere):
    stricter_ways, looser_ways = short(cohere["lcd-l39642"].stricter), short(cohere["lcd-l39642"].looser)

    overcome = {units for units, facts in stricter_ways if "precautions" in facts}
    assert {("cardiopulmonary",), ("bleeding",), ("osteoporosis",), ("fracture",)} <= overcome
    assert (("bodies_per_session",), ("requested",)) in looser_ways
    assert (("care_length",), ("care_duration",)) in stricter_ways
    facts = {facts for _, facts in stricter_ways | looser_ways}
    assert not {("age",), ("pain_improved",)} & facts  # identical clauses


def test_random_patients_part_only_as_the_relation_and_the_ways_allow(shipped, cohere):
    answer = cohere["lcd-l39642"]
    together = Together(shipped, (answer.plan, answer.governing))
    base = together.base((0, 1))
    random.seed(7)
    parted = 0
    for _ in range(SAMPLES):
        values = dict(base.values)
        for slot in random.sample(together.program.slots, 4):
            values[slot] = random.choice(together.program.values(slot))
        held = [together.program.choices[Choice(slot, value)] for slot, value in values.items()]
        if not together.possible(held):
            continue
        says = [together.possible([*held, together.verdict(seat, "approve")]) for seat in (0, 1)]
        if says[0] != says[1]:
            ways = answer.stricter if says[1] else answer.looser
            moved = {slot.fact for slot in values if values[slot] != base.values[slot]}
            assert any(set(way.facts) <= moved for way in ways.ways)
            parted += 1
    assert parted


def test_a_truncated_list_says_so(shipped):
    plan, governing = shipped.revision("cohere-ma"), shipped.revision("lcd-l39420")

    answer = stricter(shipped, plan, governing, most=2)

    assert len(answer.stricter.ways) == 2
    assert not answer.stricter.complete


def test_the_command_exits_with_one_where_the_plan_is_stricter():
    def run(*arguments):
        return CliRunner().invoke(main, ["stricter", *arguments, "--policies", str(TOY)])

    assert run("plan@2025", "plan@2024").exit_code == 1
    assert run("plan@2024", "plan@2025").exit_code == 0
    data = json.loads(run("plan@2025", "plan@2024", "--format", "json").output)
    assert data["schema"] == "stricter/2"
    (departure,) = data["stricter"]["ways"][0]["witness"]["departures"]
    assert departure["turns_on"] == "at least 6 months and less than 12 months"
