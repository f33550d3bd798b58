"""A program of worlds: its readings have literals, and what it proves is proved of somebody."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from places import TOY

from bvn_asp import Library
from bvn_asp.engine.program import Program, Seat
from bvn_asp.errors import SolverError


@pytest.fixture(scope="module")
def plan(toy):
    revision = toy.library.revision("plan@2024")
    return Program(toy.library.vocabulary, toy.library.background, [Seat(revision)])


def copied(tmp_path, *replacements):
    """The toy plan in another folder, under its own name, with some of its words replaced."""
    shutil.copytree(TOY, tmp_path / "toy")
    for path in (tmp_path / "toy" / "plan").iterdir():
        text = path.read_text(encoding="utf-8")
        for old, new in replacements:
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    return Library(tmp_path / "toy").revision("plan@2024")


@pytest.mark.parametrize("readings", [{"R9": "each-body"}, {"R2": "every"}])
def test_a_reading_or_an_option_without_a_literal_is_an_error(plan, readings):
    with pytest.raises(SolverError, match="has no reading R"):
        plan.read(0, readings)


def test_an_option_is_found_with_either_line(plan):
    assert plan.reading(0, "R2", "any-body") == plan.reading(0, "r2", "any_body")


def test_premises_that_nobody_satisfies_prove_nothing(plan):
    adult, child = plan.literal("met", 0, "adult"), -plan.literal("met", 0, "adult")

    assert not plan.allows([child], [plan.literal("verdict", 0, "approve")])
    with pytest.raises(SolverError, match="nothing is proved"):
        plan.allows([adult, child], [plan.literal("verdict", 0, "approve")])


def test_premises_are_shown_anew_after_something_was_forbidden(toy):
    program = Program(toy.library.vocabulary, None, [Seat(toy.library.revision("plan@2024"))])
    guard = program.switch()
    program.show([guard])

    program.forbid([guard])

    with pytest.raises(SolverError, match="nothing is proved"):
        program.show([guard])


def test_two_texts_of_one_name_have_readings_of_their_own(toy, tmp_path):
    old, new = toy.library.revision("plan@2024"), copied(tmp_path, ("any-body", "one"), ("any_body", "one"))
    assert old.name == new.name

    program = Program(toy.library.vocabulary, toy.library.background, [Seat(old), Seat(new)])

    assert program.seats[0].space != program.seats[1].space
    assert program.reading(0, "R2", "any-body") != program.reading(1, "R2", "one")


def test_one_text_in_two_worlds_is_read_once(toy):
    revision = toy.library.revision("plan@2024")

    program = Program(toy.library.vocabulary, None, [Seat(revision, 1), Seat(revision, 2)])

    assert program.seats[0].space == program.seats[1].space


def test_texts_in_one_space_have_the_same_options(toy, tmp_path):
    old, new = toy.library.revision("plan@2024"), copied(tmp_path, ("any-body", "one"), ("any_body", "one"))

    with pytest.raises(SolverError, match="other options for R2"):
        Program(toy.library.vocabulary, None, [Seat(old, 1, 0), Seat(new, 1, 0)])


@pytest.mark.parametrize(
    "replacement", [("months(6)", "months(12)"), ("default: any-body", "default: each-body"), ("it counts", "it does")]
)
def test_the_key_of_a_text_is_its_content(toy, tmp_path, replacement):
    old, new = toy.library.revision("plan@2024"), copied(tmp_path, replacement)

    assert old.key != new.key
    assert new.key == Library(tmp_path / "toy").revision("plan@2024").key


def test_the_key_of_a_text_is_not_its_name(toy):
    revision = toy.library.revision("plan@2024")

    assert replace(revision, id="another").key == revision.key


def test_two_policies_of_one_text_are_read_apart(shipped):
    one, other = shipped.revision("lcd-l39420"), shipped.revision("lcd-l40302")
    assert one.path == other.path

    program = Program(shipped.vocabulary, shipped.background, [Seat(one), Seat(other)])

    assert program.seats[0].space != program.seats[1].space
