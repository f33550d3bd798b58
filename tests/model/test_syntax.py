"""A policy's rules are refused with their place where they are wrong, and mean the same in every copy of a program."""

from __future__ import annotations

from pathlib import Path

import pytest
from clingo import ast
from places import HERE, ROOT

from bvn_asp.engine.program import Choice, Program, Seat
from bvn_asp.errors import InputError, SolverError
from bvn_asp.model.policy import Policy, Revision
from bvn_asp.model.quantity import Quantity
from bvn_asp.model.reader import read_background, read_rules
from bvn_asp.model.syntax import parse
from bvn_asp.model.vocabulary import Slot

OUTLINE = 'criterion(c, root, "Item 1", "text").\n'


def rules(toy, text):
    return read_rules(Path("p.lp"), toy.library.vocabulary, text)


def faults(toy, text):
    with pytest.raises(InputError) as caught:
        rules(toy, text)
    return [str(each) for each in caught.value.faults]


# -- what is refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("met(c) : at_least(age, 18) ) .", "2:28", "not a rule"),
        ("{ met(c) }.", "2:1", "a choice belongs to the engine"),
        (":- is(implant, yes).", "2:1", "a constraint belongs to the engine"),
        ("#show met/1.", "2:1", "`#show` belongs to the engine"),
        ("#const k = 3.", "2:1", "belongs to the engine"),
        ("#program other.", "2:1", "`#program` belongs to the engine"),
        ("#external met(c).", "2:1", "belongs to the engine"),
        ("#minimize { 1 : met(c) }.", "2:13", "belongs to the engine"),
        ("-met(c) :- is(implant, yes).", "2:1", "the head of a rule is one plain atom"),
        ("not met(c) :- is(implant, yes).", "2:1", "the head of a rule is one plain atom"),
        ("met(c) :- -own.", "2:11", "an atom is a plain name with arguments"),
        ("met(c) :- &theory { 1 } <= 2.", "2:11", "theory atoms are not used"),
        ("is(implant, yes).", "2:1", "`is` comes from the record"),
        ("body(l9).", "2:1", "`body` comes from the record"),
        ("within(X, l4, s1) :- body(X).", "2:1", "`within` comes from the record"),
        ("approve(x).", "2:1", "`approve` belongs to the engine"),
        ("met(c, d).", "2:1", "`met` takes 1 arguments, not 2"),
        ("met(c) :- is(implant).", "2:11", "`is` takes 2 arguments, not 1"),
        ("met(c) :- reqested(l4).", "2:11", "nothing defines `reqested/1`"),
        ("met(c) :- helper.", "2:11", "nothing defines `helper/0`"),
        ("met(c) :- is(implnt, yes).", "2:14", "unknown fact `implnt`"),
        ("met(c) :- is(F, yes).", "2:14", "a fact is written out, never a variable"),
        ("met(c) :- is(implant, maybe).", "2:23", "`maybe` is not a value of `implant`"),
        ("met(c) :- is(age, yes).", "2:11", "`age` is a number"),
        ("met(c) :- at_least(implant, 3).", "2:11", "`implant` is not a number"),
        ("met(c) :- is(modic, type_1).", "2:14", "`modic` is per vertebral body"),
        ("met(c) :- is(implant(l4), yes).", "2:14", "`implant` is one fact"),
        ("met(c) :- is(modic(l9), type_1).", "2:20", "unknown vertebral body `l9`"),
        ("met(c) :- requested(l9).", "2:21", "unknown vertebral body `l9`"),
        ("met(c) :- modality(aerobics).", "2:20", "unknown kind of care `aerobics`"),
        ("met(c) :- at_least(age, N), body(N).", "2:25", "`N` is not a limit of `age`"),
        ("met(c) :- at_least(pain_duration, 6).", "2:35", "`6` is not a limit of `pain_duration`"),
        ("met(c) :- at_least(age, months(6)).", "2:25", "`months(6)` is not a limit of `age`"),
        ("met(c) :- reading(r1, X), body(X).", "2:11", "a reading and its option are written out"),
        ("met(d) :- is(implant, yes).", "2:1", "`d` is not in the outline"),
        ("met(X) :- body(X).", "2:1", "`met` names its criterion"),
        ('criterion(c, root, "Item 2", "again").', "2:1", "`c` stands twice in the outline"),
        ('criterion(d, nowhere, "Item 2", "text").', "2:1", "`d` is part of `nowhere`, which is no group"),
        ('criterion(d, c, "Item 2", "text").', "2:1", "`d` is part of `c`, which is no group"),
        ('criterion(d, root, "", "text").', "2:1", "`d` has no place in the source"),
        ('criterion(X, root, "Item 2", "text") :- body(X).', "2:1", "the outline is plain facts"),
        ('group(g, root, some_of, "Item 2", "text").', "2:1", "`some_of` is not a kind of group"),
        ('group(g, g, all_of, "Item 2", "text").', "2:1", "`g` is part of itself"),
        ('group(g, root, all_of, "I", "t").\nmet(g) :- is(implant, yes).', "2:1", "`g` is a group: its parts say"),
        ("concerns(c, weather).", "2:1", "unknown topic `weather`"),
        ("concerns(d, age).", "2:1", "`concerns` is about an unknown entry `d`"),
        ("evidence(c, hearsay).", "2:1", "`hearsay` is not a mark of evidence"),
    ],
)
def test_what_a_policy_may_not_say_is_refused_with_its_place(toy, text, place, words):
    found = faults(toy, OUTLINE + text)

    assert any(each.startswith(f"p.lp:{place}: ") and words in each for each in found), found


H = "h(B) :- is(modic(B), type_2).\n"


@pytest.mark.parametrize(
    ("text", "place", "words", "hint"),
    [
        (
            "met(c) :- is(modic(B), (type_1; type_2)) : requested(B), reading(r2, each_body).",
            *("2:58", "`reading(r2,each_body)` stands in the condition of `is(modic(B),(type_1;type_2))`"),
            "end the condition before it with a semicolon: `is(modic(B),(type_1;type_2)) : requested(B); "
            "reading(r2,each_body)`",
        ),
        (
            "met(c) :- is(modic(B), type_1) : reading(r2, each_body), requested(B).",
            *("2:34", "`reading(r2,each_body)` stands in the condition"),
            "`is(modic(B),type_1) : requested(B); reading(r2,each_body)`",
        ),
        ("met(c) :- is(modic(B), type_1) : requested(B), not is(implant, yes).", "2:48", "no variable", "; not is("),
        ("met(c) :- is(implant, yes) : reading(r2, each_body).", "2:30", "no variable", "`is(implant,yes); reading("),
        ("met(c) :- body(C), h(B) : requested(B), is(modic(C), type_1).\n" + H, "2:41", "no variable", "; is(modic(C)"),
        ("met(c) :- not is(modic(l4), (type_1; type_2)).", "2:11", "not one or not the other",
         "`not is(modic(l4),type_1), not is(modic(l4),type_2)`"),
        ("met(c) :- not is((implant; precautions), yes).", "2:11", "not one or not the other",
         "`not is(implant,yes), not is(precautions,yes)`"),
        ("met(c) :- not at_least(age, (18; 21)).", "2:11", "not one or not the other", "not at_least(age,21)`"),
        ("met(c) :- not h((l4; l5)).\n" + H, "2:11", "not one or not the other", "`not h(l4), not h(l5)`"),
        ("met(c) :- not reading(r1, (a; b)).", "2:11", "not one or not the other", "`not reading(r1,a), not"),
        ("met(c) :- not h(B) : body(B), not is(modic(B), (type_1; none)).\n" + H, "2:31", "not one or not", "`not is("),
        ("met(c) :- 1 { body(B) : body(B), not h((B; l4)) }.\n" + H, "2:34", "not one or not", "`not h(B), not"),
        ("met(c) :- not n(1..3).\nn(2) :- is(implant, yes).", "2:11", "not one or not the other", "each by itself"),
    ],
)
def test_a_slip_that_turns_a_condition_round_is_refused_with_what_to_write_instead(toy, text, place, words, hint):
    found = faults(toy, OUTLINE + text)

    assert any(each.startswith(f"p.lp:{place}: ") and words in each and hint in each for each in found), found


@pytest.mark.parametrize(
    ("text", "may_be_met"),  # not by what needs a reading that nobody chose
    [
        ("met(c) :- is(modic(B), (type_1; type_2)) : requested(B); reading(r2, each_body).", False),
        ("met(c) :- is(modic(B), type_1) : requested(B), not h(B).\n" + H, True),
        ("met(c) :- h(B) : requested(C), adjacent(B, C), not h(C).\n" + H, True),
        ("met(c) :- 1 { is(care((M; drugs)), tried) : modality(M) }.", True),
        ("met(c) :- 1 { is(implant, yes); is(precautions, yes) : reading(r1, x) }.", True),
        ("met(c) :- #count { M : modality(M), is(care(M), tried), reading(r1, x) } > 1.", False),
        ("met(c) :- not 1 { is(modic(B), (type_1; type_2)) : body(B) }.", True),
        ("met(c) :- not is(modic(l4), type_1), not is(modic(l4), type_2).", True),
    ],
)
def test_what_only_looks_like_such_a_slip_is_read(toy, text, may_be_met):
    program = made(toy, [OUTLINE + text], world=(1,))

    assert program.possible([program.literal("met", 0, "c")]) is may_be_met
    assert program.possible([-program.literal("met", 0, "c")])


def test_all_faults_of_a_file_are_told_at_once_in_the_order_of_its_lines(toy):
    found = faults(toy, OUTLINE + "met(c) :- is(implnt, yes).\nmet(c) :- at_least(ag, 18).\nmet(d).")

    assert [each.split(":")[1] for each in found] == ["2", "3", "4"]


def test_a_misspelt_word_gets_a_hint(toy):
    assert "did you mean `implant`?" in faults(toy, OUTLINE + "met(c) :- is(implnt, yes).")[0]
    assert "write the number out" in faults(toy, OUTLINE + "met(c) :- at_least(pain_duration, 6).")[0]


def test_an_empty_file_and_a_file_that_is_not_there_are_refused(toy, tmp_path):
    assert "holds no rules" in faults(toy, "% nothing\n")[0]
    (tmp_path / "binary.lp").write_bytes(b"\xff\xfe\x00")
    for name, words in (("none.lp", "cannot read the file"), ("binary.lp", "not a text file")):
        with pytest.raises(InputError, match=words):
            read_rules(tmp_path / name, toy.library.vocabulary)


def test_the_background_says_only_what_is_impossible(toy, tmp_path):
    path = tmp_path / "background.lp"
    path.write_text('impossible("so", 2) :- is(implant, yes).')

    with pytest.raises(InputError, match="`impossible` takes 1 arguments, not 2"):
        read_background(path, toy.library.vocabulary)


# -- what is read ------------------------------------------------------------------------------------


def test_limits_keep_their_operator_their_unit_and_their_decimals(toy):
    found = rules(
        toy,
        OUTLINE + 'met(c) :- more_than(pain_duration, weeks(6)), at_most(t_score, "-2.5"), at_least(age, 18).',
    )

    limits = {(each.fact, each.operator, str(each.quantity)) for each in found.limits}
    assert limits == {
        ("pain_duration", "more_than", "6 weeks"),
        ("t_score", "at_most", "-2.5"),
        ("age", "at_least", "18 years"),
    }
    assert all(isinstance(each.quantity, Quantity) and each.place.line == 2 for each in found.limits)


def test_what_an_entry_reads_is_followed_through_helpers_and_told_by_reading(toy):
    found = rules(
        toy,
        OUTLINE
        + "met(c) :- credited(drugs).\n"
        + "credited(M) :- modality(M), is(care(M), tried).\n"
        + "credited(M) :- modality(M), is(care(M), contraindicated), reading(r1, credited).\n",
    )

    (read,) = found.reads["c"]
    assert (read.fact, read.member) == ("care", "drugs")
    assert read.tests == (("is", "tried"), ("is", "contraindicated"))
    assert read.under(frozenset({("r1", "removed")})).tests == (("is", "tried"),)


def test_a_fact_read_under_another_reading_only_is_not_read_at_all(toy):
    found = rules(toy, OUTLINE + "met(c) :- is(implant, yes), reading(r1, credited).\nmet(c) :- reading(r1, removed).")

    (read,) = found.reads["c"]
    assert read.under(frozenset({("r1", "removed")})) is None
    assert read.under(frozenset({("r1", "credited")})) is not None


def test_the_outline_keeps_the_order_of_the_document_and_what_stands_beside_it(toy):
    revision = toy.library.revision("plan@2024")

    assert [each.id for each in revision.rules.entries][:4] == ["indications", "adult", "pain", "care"]
    pain = revision.entries["pain"]
    assert (pain.citations, pain.topics, pain.place, pain.line) == ("1, 9-13", ("pain_duration",), "Indications 2", 10)
    assert revision.entries["care"].need == 2


def test_clauses_stand_in_the_order_of_the_file_with_their_places(toy):
    found = toy.library.revision("plan@2024").rules.written

    (implant,) = [each for each in found if str(each.head) == "met(implant)"]
    assert [str(each) for each in implant.body] == ["is(implant,yes)", "not is(precautions,yes)"]
    lines = (HERE / "toy" / "plan" / "2024.lp").read_text(encoding="utf-8").splitlines()
    assert implant.at == (1 + lines.index("met(implant) :- is(implant, yes), not is(precautions, yes)."), 1)
    assert [each.at for each in found] == sorted(each.at for each in found)


FILES = sorted([*(ROOT / "policies").rglob("*.lp"), *(HERE / "toy").rglob("*.lp")])
HARD = """a(-X) :- b(X+1*2, (1,), (), (1;2), f((x;y)), "a\\"b\\n\\\\", #inf, |X|, 1..3, X\\2, X**2, ~X, X?Y, X&Y, X^Y),
  1 < X <= 3, not 2 { c(Y) : d(Y), not e; f } 4, #sum { X,Y : c(X); 1 : d } >= 3, 3 = #count { X : c(X) }, #true,
  not not e, X = Y, 3 #max { X : c(X) } 5, c(X) : d(X); e : #true.
a :- 3 { c(X) }. a :- { c : d } < 3. a :- not not 1 { c }. a :- not 1 < 2. a :- X = (1,2). b((1;2)) :- c((1,2;3))."""


@pytest.mark.parametrize("path", [*FILES, None], ids=lambda each: each.stem if each else "every form")
def test_clauses_print_as_clingo_prints_the_rules_they_were_copied_from(path):
    source = path.read_text(encoding="utf-8") if path else HARD
    statements = []
    ast.parse_string(source, statements.append)

    printed = [str(each) for each in statements if each.ast_type == ast.ASTType.Rule]
    assert [str(each) for each in parse(path or Path("p.lp"), source)] == printed


# -- renaming ----------------------------------------------------------------------------------------


def made(toy, texts, world=(1, 2)):
    """A program of several texts, each a policy of its own, in the given worlds."""
    policy = Policy("p", "p", "nobody", "coverage", "primary", "", "p", toy.library.vocabulary)
    seats = []
    for number, (text, each) in enumerate(zip(texts, world, strict=False)):
        revision = Revision(policy, f"r{number}", path=Path("p.lp"))
        revision.__dict__["rules"] = rules(toy, text)
        revision.__dict__["readings"] = ()
        seats.append(Seat(revision, each))
    return Program(toy.library.vocabulary, None, seats)


FORMS = {
    "a pool of values": "met(c) :- is(modic(l4), (type_1; type_2)).",
    "a pool of members": "met(c) :- is(modic((l4; l5)), type_1).",
    "a pool of helpers": "met(c) :- h((l4; l5)).\nh(B) :- is(modic(B), type_1).",
    "negation": "met(c) :- not is(implant, yes).",
    "double negation": "met(c) :- not not is(implant, yes).",
    "negated helper": "met(c) :- not h.\nh :- is(implant, yes), not is(precautions, yes).",
    "a conditional literal": "met(c) :- is(modic(B), type_1) : requested(B).",
    "a conditional literal with a negation": "met(c) :- not h(B) : body(B).\nh(B) :- is(modic(B), type_2).",
    "a bounded set": "met(c) :- 2 { is(care(M), tried) : modality(M) }.",
    "a bounded set of helpers": "met(c) :- 2 { h(M) : modality(M), not is(care(M), not_tried) }.\nh(M) :- modality(M).",
    "a count": "met(c) :- #count { M : is(care(M), tried) } >= 2.",
    "a sum": "met(c) :- #sum { 1, M : h(M) } >= 2.\nh(M) :- is(care(M), tried).",
    "a comparison": "met(c) :- at_least(pain_duration, months(6)), less_than(age, 65).",
    "an inequality": "met(c) :- is(modic(B), type_1), is(modic(C), type_2), B != C.",
    "a helper chain": "met(c) :- h.\nh :- k.\nk :- is(implant, yes), not l.\nl :- is(precautions, yes).",
    "another criterion": 'met(c) :- not met(d).\ncriterion(d, root, "Item 2", "t").\nmet(d) :- is(implant, yes).',
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_rule_means_the_same_in_two_worlds_and_the_worlds_do_not_mix(toy, form):
    text = OUTLINE + FORMS[form]
    program = made(toy, [text, text])
    met = [program.literal("met", seat, "c") for seat in (0, 1)]

    assert program.possible([met[0], -met[1]]), "one copy cannot be met without the other"
    assert program.possible([-met[0], met[1]])
    for slot in program.slots:
        for value in program.values(slot):
            one, other = (program.choices[Choice(slot, value, world)] for world in (1, 2))
            program.forbid([one, -other])
    assert not program.possible([met[0], -met[1]]), "the same record, and two answers"
    assert not program.possible([-met[0], met[1]])


def test_two_texts_that_name_the_same_helper_keep_their_own(toy):
    one = OUTLINE + "met(c) :- h.\nh :- is(implant, yes)."
    other = OUTLINE + "met(c) :- h.\nh :- is(implant, no)."
    program = made(toy, [one, other], world=(1, 1))
    met = [program.literal("met", seat, "c") for seat in (0, 1)]

    assert not program.possible(met)
    assert not program.possible([-each for each in met])


def test_a_helper_may_bear_the_name_of_a_predicate_of_the_engine(toy):
    program = made(toy, [OUTLINE + "met(c) :- lacking(yes).\nlacking(V) :- is(implant, V)."], world=(1,))

    assert program.possible([program.literal("met", 0, "c")])
    assert program.possible([-program.literal("met", 0, "c")])


def test_an_each_is_true_of_nobody_so_a_request_for_nothing_is_no_world(toy):
    program = made(toy, [OUTLINE + "met(c) :- is(modic(B), type_1) : requested(B)."], world=(1,))
    none = [program.literal("is", 1, Slot("requested", b).term, "no") for b in ("L4", "L5", "S1")]
    shipped = Program(toy.library.vocabulary, toy.library.background, [Seat(toy.library.revision("plan@2024"))])

    assert not program.possible([*none, -program.literal("met", 0, "c")])
    assert not shipped.possible([shipped.literal("is", 1, Slot("requested", b).term, "no") for b in ("L4", "L5", "S1")])


def test_every_message_of_the_grounder_is_an_error(toy):
    with pytest.raises(SolverError, match=r"operation undefined:\s+\(yes\+1\)"):
        made(toy, [OUTLINE + "met(c) :- is(implant, yes), X = yes + 1, body(X)."], world=(1,))
