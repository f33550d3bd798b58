"""`instead`, `besides` and `unless` mean what the rules written out mean, and are refused where they mean nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from places import ROOT

from bvn_asp.engine.program import Program, Seat
from bvn_asp.errors import InputError
from bvn_asp.model.clauses import written
from bvn_asp.model.notation import pattern
from bvn_asp.model.policy import Option, Policy, Reading, Revision
from bvn_asp.model.reader import read_rules
from bvn_asp.model.rules import OUTLINE as OUTLINE_NAMES
from bvn_asp.model.syntax import parse

OUTLINE = 'criterion(c, root, "Item 1", "text").\ncriterion(d, root, "Item 2", "text").\n'
READINGS = {
    "R1": Reading("R1", "Item 1", "?", "a", (Option("a", ""), Option("b", ""), Option("c", ""))),
    "R2": Reading("R2", "Item 2", "?", "x", (Option("x", ""), Option("y", "")), name="care-length"),
}
NAMES = {"care_length": "r2"}


def revision(toy, text):
    policy = Policy("p", "p", "nobody", "coverage", "primary", "", "p", toy.library.vocabulary, readings=READINGS)
    made = Revision(policy, "r", path=Path("p.lp"))
    made.__dict__["rules"] = read_rules(Path("p.lp"), toy.library.vocabulary, OUTLINE + text, NAMES)
    made.__dict__["readings"] = tuple(READINGS.values())
    return made


def differ(toy, one, other):
    """Whether some entry differs in some world under some combination of readings."""
    seats = [Seat(revision(toy, each), 1, 0) for each in (one, other)]
    program = Program(toy.library.vocabulary, None, seats, ["read_otherwise"])
    assert program.possible([program.literal("met", 0, "c")])
    return program.possible([program.literal("differ")])


A, B, P = "is(implant, yes)", "is(precautions, yes)", "is(modic(l4), type_1)"
MEANINGS = {
    "instead": (
        f"met(c) :- {A}. instead(r1, b, met(c)) :- {B}.",
        f"met(c) :- {A}, reading(r1, (a; c)). met(c) :- {B}, reading(r1, b).",
    ),
    "instead of several rules, by several": (
        f"met(c) :- {A}. met(c) :- {B}. instead(r1, b, met(c)) :- {P}. instead(r1, b, met(c)) :- {A}, {B}.",
        f"met(c) :- {A}, reading(r1, (a; c)). met(c) :- {B}, reading(r1, (a; c)). met(c) :- {P}, reading(r1, b). "
        f"met(c) :- {A}, {B}, reading(r1, b).",
    ),
    "instead under two options": (
        f"met(c) :- {A}. instead(r1, b, met(c)) :- {B}. instead(r1, c, met(c)) :- {P}.",
        f"met(c) :- {A}, reading(r1, a). met(c) :- {B}, reading(r1, b). met(c) :- {P}, reading(r1, c).",
    ),
    "besides": (
        f"met(c) :- {A}. besides(r1, b, met(c)) :- {B}.",
        f"met(c) :- {A}. met(c) :- {B}, reading(r1, b).",
    ),
    "unless": (
        f"met(c) :- {A}. unless(r1, b, met(c)) :- {B}.",
        f"met(c) :- {A}, not k. k :- {B}, reading(r1, b).",
    ),
    "unless binds what stands besides and instead": (
        f"met(c) :- {A}. instead(r1, c, met(c)) :- {P}. besides(r2, y, met(c)) :- {P}, {A}. "
        f"unless(r1, c, met(c)) :- {B}.",
        f"met(c) :- {A}, reading(r1, (a; b)). met(c) :- {P}, reading(r1, c), not k. "
        f"met(c) :- {P}, {A}, reading(r2, y), not k. k :- {B}, reading(r1, c).",
    ),
    "a helper with a variable, however it is called": (
        "met(c) :- h(l4). met(d) :- h(l5). h(B) :- is(modic(B), type_1). unless(r1, b, h(X)) :- is(modic(X), type_1), "
        f"{A}, requested(X). besides(r2, y, h(Y)) :- is(modic(Y), type_2).",
        f"met(c) :- h(l4). met(d) :- h(l5). h(B) :- is(modic(B), type_1), not k(B). k(B) :- requested(B), {A}, "
        "is(modic(B), type_1), reading(r1, b). h(B) :- is(modic(B), type_2), reading(r2, y), not k(B).",
    ),
    "a reading by its name": (
        f"met(c) :- {A}. instead(care_length, y, met(c)) :- {B}. met(d) :- {P}, reading(care_length, y).",
        f"met(c) :- {A}, reading(r2, x). met(c) :- {B}, reading(r2, y). met(d) :- {P}, reading(r2, y).",
    ),
}


@pytest.mark.parametrize("words", MEANINGS)
def test_an_exception_means_the_rules_written_out(toy, words):
    short, long = MEANINGS[words]

    assert not differ(toy, short, long)


@pytest.mark.parametrize("words", MEANINGS)
def test_the_words_are_told_apart(toy, words):
    short, long = MEANINGS[words]
    swaps = {"instead(": "besides(", "besides(": "unless(", "unless(": "besides("}
    first = next(each for each in swaps if each in short)

    assert differ(toy, short.replace(first, swaps[first]), long)


@pytest.mark.parametrize(
    ("text", "words", "hint"),
    [
        ("instead(r1, met(c)) :- requested(l4).", "`instead` takes 3 arguments, not 2", "instead(reading, option"),
        ("besides(R, b, met(c)) :- requested(l4).", "`besides` names a reading, an option", "besides(reading"),
        ("unless(r1, b, 3) :- requested(l4).", "`unless` names a reading, an option", "unless(reading"),
        ("unless(r1, b, is(implant, yes)) :- requested(l4).", "which no exception can be about", "a rule's head"),
        ("unless(r1, b, met((c; d))) :- requested(l4).", "which no exception can be about", "one exception for each"),
        ("h(B) :- requested(B).\nbesides(r1, b, h(l4)) :- requested(l4).", "may be the same", "in one way"),
        (
            "instead(r1, b, met(c)) :- requested(l4).\ninstead(r2, y, met(c)) :- requested(l4).",
            *("replaced under two readings, r1 and r2", "on a helper"),
        ),
        ("unless(r1, b, met(c)) :- requested(l4).\nlifted_met(X) :- body(X).", "belongs to the engine", "another name"),
        ("instead(r1, b, met(e)) :- requested(l4).", "`e` is not in the outline", ""),
        ("instead(r1, b, met(c)) :- reqested(l4).", "nothing defines `reqested/1`", "`requested`"),
    ],
)
def test_an_exception_that_cannot_mean_what_it_says_is_refused(toy, text, words, hint):
    with pytest.raises(InputError) as caught:
        revision(toy, "met(c) :- is(implant, yes).\n" + text)

    assert any(words in str(each) and hint in str(each) and each.place.line > 2 for each in caught.value.faults), caught


def test_what_is_read_is_told_by_the_readings_under_which_the_rules_apply(toy):
    made = revision(
        toy,
        f"met(c) :- {A}. instead(r1, b, met(c)) :- {B}. met(d) :- {P}, reading(r1, (a; b)).\n"
        f"unless(r2, y, met(d)) :- {B}.",
    )

    def read(entry, **readings):
        under = frozenset(readings.items())
        return [read.fact for read in (each.under(under) for each in made.rules.reads[entry]) if read]

    assert read("c", r1="a", r2="x") == ["implant"]
    assert read("c", r1="b", r2="x") == ["precautions"]
    assert read("d", r1="a", r2="x") == ["modic"]
    assert read("d", r1="a", r2="y") == ["modic", "precautions"]
    assert read("d", r1="c", r2="x") == []


def test_a_head_is_the_same_up_to_the_names_of_its_variables():
    heads = [each.head for each in parse(Path("p.lp"), "h(X,a,Y,X). h(B,a,C,B). h(B,a,C,C). h(B,b,C,B).")]

    assert pattern(heads[0]) == pattern(heads[1])
    assert len({pattern(each) for each in heads}) == 3


def test_a_criterion_concerns_the_topic_of_its_own_name_unless_it_says_otherwise(toy):
    text = 'criterion({0}, root, "Item 1", "text"). met({0}) :- is(implant, yes).'

    def topics(source, identifier):
        found = read_rules(Path("p.lp"), toy.library.vocabulary, source).entries
        return next(each.topics for each in found if each.id == identifier)

    assert topics(text.format("modic"), "modic") == ("modic",)
    assert topics(text.format("modic") + " concerns(modic, age).", "modic") == ("age",)
    assert topics(text.format("nothing"), "nothing") == ()


def test_the_example_of_the_guide_is_a_policy(shipped):
    guide = (ROOT / "policies" / "README.md").read_text(encoding="utf-8")
    example = guide.split("```prolog\n")[1].split("```")[0]

    found = read_rules(Path("p.lp"), shipped.vocabulary, example)

    assert {each.mark.word for each in found.written if each.mark} == {"instead", "besides", "unless"}
    assert {each.id for each in found.entries if not each.is_group} >= {"modic", "implant"}


def test_a_rule_is_shown_as_its_author_wrote_it(shipped):
    for policy in shipped.policies.values():
        for revision in policy.encoded:
            lines = revision.path.read_text(encoding="utf-8").splitlines()
            for each in revision.rules.written:
                if each.at[0] == each.end[0] and each.head.name not in OUTLINE_NAMES:
                    assert written(each) == lines[each.at[0] - 1][each.at[1] - 1 : each.end[1] - 1], revision.name


def test_what_decides_on_an_entry_is_told_with_its_helpers_and_its_exceptions(toy):
    made = revision(
        toy,
        f"besides(r1, b, met(c)) :- {A}. met(c) :- h(l4). h(l4) :- {B}. h(l5) :- {A}. "
        f"unless(r2, y, h(l4)) :- k. k :- {P}. met(d) :- {A}.",
    )

    assert [written(each) for each in made.rules.about("c")] == [
        "met(c) :- h(l4).",
        f"besides(r1, b, met(c)) :- {A}.",
        f"h(l4) :- {B}.",
        "unless(r2, y, h(l4)) :- k.",
        f"k :- {P}.",
    ]
    assert [(each.id, option.name) for each, option in made.read_otherwise("c")] == [("R1", "b"), ("R2", "y")]
    assert made.read_otherwise("d") == ()


def test_an_exception_may_ask_another_entry_that_has_exceptions_but_not_its_own(toy):
    plain = f"met(c) :- {A}. met(d) :- {B}. unless(r1, b, met(d)) :- {P}. "

    assert revision(toy, plain + "unless(r2, y, met(c)) :- met(d).").rules.clauses
    with pytest.raises(InputError, match="depends on its own denial"):
        revision(toy, plain + "unless(r2, y, met(c)) :- h. h :- met(c).")
