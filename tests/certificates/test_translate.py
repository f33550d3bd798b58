"""What the certificates' own parser, grounder and completion say of texts is what the engine says of them."""

import random
from pathlib import Path

import pytest
from places import ROOT

from bvn_asp import Library
from bvn_asp.certificates.check import Clauses
from bvn_asp.certificates.parse import parse
from bvn_asp.certificates.translate import Text, Translation, read_text
from bvn_asp.engine.program import Choice, Program, Seat
from bvn_asp.errors import InputError
from bvn_asp.model import syntax
from bvn_asp.model.policy import Revision
from bvn_asp.model.vocabulary import term

LIBRARY = Library(ROOT / "policies")
TEXTS = [f"{policy.id}@{each.id}" for policy in LIBRARY.policies.values() for each in policy.encoded]
NOT_TIGHT = "bcbssc-cam-394@undated"


def translated(library, revision):
    names = {term(each.name): each.term for each in revision.policy.readings.values() if each.name}
    clauses = read_text(revision.path, revision.path.read_text(encoding="utf-8"), names)
    options = {each.term: tuple(term(o.name) for o in each.options) for each in revision.policy.readings.values()}
    path = library.folder / "background.lp"
    background = parse(path, path.read_text(encoding="utf-8")) if path.is_file() else ()
    return clauses, Translation(library.vocabulary, [Text(revision.name, clauses, options, None)], background)


def differences(library, revision, worlds, seed=1):
    """Where translation and engine part on random complete charts and readings, and on how many they did not."""
    clauses, translation = translated(library, revision)
    assert [str(each) for each in clauses] == [str(each) for each in revision.rules.clauses]
    program = Program(library.vocabulary, library.background, [Seat(revision)])
    assert set(program.slots) == set(translation.slots)
    follows, seat, rng = Clauses(translation.formula.clauses), translation.seats[0], random.Random(seed)
    pairs = {entry: (program.literal("met", 0, entry), seat.met[entry]) for entry in revision.entries}
    pairs["approves"] = program.literal("verdict", 0, "approve"), seat.approve
    pairs["silent"] = program.literal("verdict", 0, "silent"), seat.silent
    wrong, agreed = [], 0
    for _ in range(worlds):
        world = {slot: rng.choice(program.values(slot)) for slot in program.slots}
        read = {each.id: rng.choice(each.options).name for each in revision.readings}
        given = [program.choices[Choice(*each)] for each in world.items()] + program.read(0, read)
        true = program.truth([theirs for theirs, _ in pairs.values()], given)
        own = [translation.choices[each] for each in world.items()]
        own += [seat.readings["reading", term(name), term(option)] for name, option in read.items()]
        got = follows.follows(own)
        if (got is None) is not (true is None):
            wrong.append(("possible", world))
        if got is None or true is None:
            continue
        assert len(got) == translation.formula.count, "a chart decides everything"
        wrong += [(name, world) for name, (theirs, mine) in pairs.items() if (theirs in true) is not (mine in got)]
        agreed += len(pairs)
    return wrong, agreed


@pytest.mark.parametrize("name", [each for each in TEXTS if each != NOT_TIGHT])
def test_every_entry_and_verdict_is_the_engine_s(name):
    wrong, agreed = differences(LIBRARY, LIBRARY.revision(name), 60)

    assert not wrong
    assert agreed > 30


def test_a_text_in_which_an_atom_hangs_on_itself_is_refused():
    with pytest.raises(InputError, match=r"joined\(l1,l2\)` hangs on itself"):
        translated(LIBRARY, LIBRARY.revision(NOT_TIGHT))


@pytest.mark.parametrize("path", sorted([*ROOT.glob("policies/**/*.lp"), *ROOT.glob("tests/**/*.lp")]), ids=str)
def test_a_file_is_parsed_as_clingo_parses_it(path):
    source = path.read_text(encoding="utf-8")
    try:
        theirs = syntax.parse(path, source)
    except InputError:
        pytest.skip("it is no file of rules")

    assert parse(path, source) == theirs


ODD = """
group(all, root, all_of, "1", "all").
group(some, root, at_least(2), "2", "two").
criterion(a, all, "1a", "a").
criterion(b, all, "1b", "b").
criterion(c, some, "2a", "c").
criterion(d, some, "2b", "d").
criterion(e, some, "2c", "e").
criterion(f, some, "2d", "f").
met(a) :- 2 { is(care(M), (tried; contraindicated)) : modality(M), M != steroid } 3.
met(b) :- not #count { B : requested(B), not is(modic(B), none) } > 1.
met(c) :- is(modic(B), (type_1; type_2)) : requested(B), within(B, l3, s1).
met(d) :- 2 < (1; 3), 1 + 1 = 2, more_than(bmi, 40); not is(modic(B), none) : within(B, l3, s1).
met(e) :- not touched(_).
met(f) :- 1 < { touched(l4); touched(l5); not touched(s1) }, not not touched(l4).
touched(B) :- requested(B), adjacent(B, C), requested(C), B != C.
silent("nothing") :- not met(a), { requested(B) : body(B) } = 1.
"""


def test_constructs_that_no_policy_uses_yet_mean_what_they_mean_to_clingo(tmp_path):
    path = tmp_path / "odd.lp"
    path.write_text(ODD, encoding="utf-8")
    policy = LIBRARY.policies["cohere-ma"]


    wrong, agreed = differences(LIBRARY, Revision(policy=policy, id="odd", path=path), 300)

    assert not wrong
    assert agreed > 300


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("met(a) :- #sum { 1 : requested(l4) } > 0.", "`#sum` is not translated"),
        ("met(a) :- is(age_group, X), l4 < \"x\".", "age_group"),
        ("{ met(a) }.", "is not read here"),
        ("met(a) :- ?", "is not read here"),
        ("met(X) :- not requested(X).", "`X` is not bound"),
    ],
)
def test_what_is_not_translated_is_refused(rule, said, tmp_path):
    text = 'criterion(a, root, "1", "a").\n' + rule
    with pytest.raises(InputError, match=said):
        Translation(LIBRARY.vocabulary, [Text("x", read_text(Path("x.lp"), text, {}), {}, {})], ())
