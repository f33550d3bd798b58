"""Values and the literals that stand for them: what a record allows, and what some cells are as a record."""

from __future__ import annotations

import itertools
import shutil

import pytest

from bvn_asp.engine.program import Choice, Program, Seat
from bvn_asp.model.case import Named
from bvn_asp.model.quantity import Interval, Quantity, exactly
from bvn_asp.model.vocabulary import Slot

AGE, PAIN, SCORE = Slot("age"), Slot("pain_duration"), Slot("t_score")


@pytest.fixture(scope="module")
def program(toy):
    return Program(toy.library.vocabulary, toy.library.background, [Seat(toy.library.revision("plan@2024"))])


def years(number):
    return Quantity(number, "years")


def test_the_cells_of_a_number_are_cut_at_the_limits_of_the_rules(program):
    assert len(program.values(AGE)) == 2  # below 18, and from 18 on
    assert len(program.values(PAIN)) == 2


def test_named_values_are_the_record_that_leaves_them(program):
    assert program.as_value(Slot("modic", "L4"), ("type_1", "type_2")) == Named(("type_1", "type_2"))


def test_a_cell_at_the_end_of_the_range_is_open_there_and_keeps_its_inner_limit(program):
    low, high = program.values(AGE)

    below, above = program.as_value(AGE, (low,)), program.as_value(AGE, (high,))

    assert (below.low, below.high, below.high_open) == (None, years(18), True)
    assert (above.low, above.low_open, above.high) == (years(18), False, None)
    assert program.as_value(AGE, (low, high)) == Interval(None, below.low_open, None, above.high_open)


def test_the_word_or_with_a_limit_is_kept_to_the_side_that_the_rule_has(program):
    """`T-score of -2.5 or lower` keeps -2.5 below."""
    low, high = program.values(SCORE)

    below, above = program.as_value(SCORE, (low,)), program.as_value(SCORE, (high,))

    assert (str(below.high.amount), below.high_open) == ("-2.5", False)
    assert (str(above.low.amount), above.low_open) == ("-2.5", True)


def reading(toy, tmp_path, rule):
    """A program of the plan with one more rule."""
    folder = shutil.copytree(toy.library.folder, tmp_path / "toy")
    text = (folder / "plan/2024.lp").read_text()
    (folder / "plan/2024.lp").write_text(f"{text}\n{rule}\n")
    library = type(toy.library)(folder)
    return Program(library.vocabulary, None, [Seat(library.revision("plan@2024"))])


def test_a_cell_of_one_number_is_that_number(toy, tmp_path):
    program = reading(toy, tmp_path, "met(few) :- at_least(age, 40), at_most(age, 40).")

    values = [program.as_value(AGE, (each,)) for each in program.values(AGE)]

    assert exactly(years(40)) in values
    assert sum(each.low == each.high and each.low is not None for each in values) == 1


def test_a_limit_at_the_end_of_the_range_is_a_limit_all_the_same(toy, tmp_path):
    """Who is under 120 is not whoever one likes, though nobody is over it."""
    program = reading(toy, tmp_path, "met(few) :- at_least(age, 120). met(few) :- at_most(age, 0).")
    nought, *between, oldest = program.values(AGE)

    middle = program.as_value(AGE, between)

    assert (middle.low, middle.low_open) == (years(0), True)
    assert (middle.high, middle.high_open) == (years(120), True)
    assert program.allowed(AGE, middle) == tuple(between)
    assert program.as_value(AGE, (nought,)) == exactly(years(0))
    assert program.as_value(AGE, (oldest,)) == exactly(years(120))


@pytest.mark.parametrize("slot", [AGE, PAIN, SCORE, Slot("modic", "L4"), Slot("care", "drugs")], ids=str)
def test_what_is_written_as_a_record_allows_just_the_values_it_was_made_of(program, slot):
    values = program.values(slot)
    numeric = program.vocabulary.facts[slot.fact].is_numeric
    for size in range(1, len(values) + 1):
        for some in itertools.combinations(values, size):
            if numeric and values.index(some[-1]) - values.index(some[0]) != size - 1:
                continue
            assert program.allowed(slot, program.as_value(slot, some)) == some


def test_assumed_values_hold_a_world_to_just_these_and_pass_over_what_no_rule_reads(program):
    slot = Slot("modic", "L4")
    value = Named(("type_1", "type_2"))

    literals = program.assume({slot: value, Slot("nothing_of_the_kind"): value})

    for each in program.values(slot):
        held = program.choices[Choice(slot, each, 1)]
        assert program.possible([*literals, held]) is (each in value.values)
    assert program.assume({Slot("nothing_of_the_kind"): value}) == []


def test_a_world_is_what_is_true_in_one_and_none_where_there_is_none(program):
    old = program.choices[Choice(AGE, program.values(AGE)[1], 1)]
    young = program.choices[Choice(AGE, program.values(AGE)[0], 1)]

    assert old in program.world([old])
    assert young not in program.world([old])
    assert program.world([old, young]) is None


def test_more_than_there_are_is_the_literal_that_is_always_false(program):
    none = program.at_least(2, list(program.options(AGE).values())[:1])

    assert none == program.literal("no_such_atom")  # an atom without a rule, assumed, makes clingo miss worlds
    assert not program.possible([none])
    assert program.possible([-none])
