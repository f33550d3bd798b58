"""What is presumed absent, slot by slot, and what puts it in doubt: on a small vocabulary."""

from __future__ import annotations

import itertools
import random

import pytest

from bvn_asp.cases.presumptions import doubts, is_present, presumptions
from bvn_asp.errors import InputError
from bvn_asp.model.case import Case, Interval, Named, Record, absent_value
from bvn_asp.model.case_reader import parse_case
from bvn_asp.model.quantity import Quantity
from bvn_asp.model.vocabulary import Slot, Vocabulary, load_vocabulary

TEXT = """
indexes:
  body:
    about: vertebral body
    members: {B1: first, B2: second, B3: third, B4: extra}
    neighbours: [[B1, B2], [B2, B3], [B3, B4]]
    optional: [B4]
  level:
    about: disc level
    between: body
    members: {B1-B2: upper, B2-B3: lower, B3-B4: extra}
    optional: [B3-B4]
  code:
    about: code
    members: {M1: one, M2: two}
facts:
  All:
    age: {about: age, type: number, unit: years, from: 0, to: 120, step: 1}
    score: {about: a score, type: number, unit: points, from: -10, to: 10, step: 0.1, absent: 0, presumed: yes}
    immature: {about: still growing, type: yes_no, absent: no, presumed: yes, doubted_by: [age < 18]}
    weak: {about: weak bone, type: yes_no, absent: no, presumed: yes, doubted_by: [score <= -2.5]}
    axial: {about: the pain is axial, type: yes_no}
    leg: {about: pain in the leg, type: yes_no, absent: no, presumed: yes, doubted_by: [axial: no]}
    pathology: {about: any other pathology, type: yes_no, absent: no, presumed: yes}
    crack: {about: a crack of this body, type: yes_no, per: body, absent: no, presumed: yes, finding: crack}
    crack_matters: {about: it matters, type: yes_no, per: body, absent: no, finding: crack}
    slip: {about: a slip, type: number, unit: mm, from: 0, to: 60, step: 0.1, per: level, absent: 0, presumed: yes}
    operated:
      {about: an operation, type: one_of, values: {none: no, small: yes, large: yes}, per: body, absent: none,
       presumed: yes, finding: operation}
    operated_since:
      {about: how long ago, type: duration, unit: months, from: 0, to: 1200, per: body, finding: operation}
    after: {about: pain gone since an operation, type: yes_no, finding: operation}
    modic: {about: change, type: one_of, values: {none: no, some: yes}, per: body, absent: none}
    matches: {about: it fits, type: yes_no, per: body}
    billed: {about: code, type: yes_no, per: code, absent: no}
doubts:
  named:
    why: a cause on record
    of: [pathology]
    by: [slip, {operated: [large]}, {billed: M1}]
  slipped_body:
    why: a slip is of the two bodies it touches
    of: [crack]
    by: [slip > 3]
"""


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    path = tmp_path_factory.mktemp("words") / "vocabulary.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return load_vocabulary(path)


def case(vocabulary: Vocabulary, facts: str) -> Case:
    return parse_case(f"{{title: x, facts: {{{facts}}}}}", vocabulary)


def gone(vocabulary: Vocabulary, facts: str) -> set[str]:
    """What is neither recorded nor presumed, though it would be with nothing on record."""
    made = case(vocabulary, facts)
    everything = presumptions(vocabulary, Case("", ()))
    return {str(s) for s in set(everything) - set(presumptions(vocabulary, made)) - set(made.by_slot)}


@pytest.mark.parametrize(
    ("facts", "fallen"),
    [
        ("age: 40", set()),
        ("age: 18", set()),
        ("age: 17", {"immature"}),
        ("age: {at_least: 10 years}", {"immature"}),
        ("age: {at_least: 18 years}", set()),
        ("score: -2.4", set()),
        ("score: -2.5", {"weak"}),
        ("score: {at_most: -1}", {"weak"}),
        ("axial: yes", set()),
        ("axial: no", {"leg"}),
        ("axial: {one_of: [yes, no]}", {"leg"}),
        ("axial: {conflicting: [yes, no]}", {"leg"}),
        ("weak: {one_of: [yes, no]}", set()),
        ("score: {conflicting: [1, 2]}", {"weak"}),
        ("crack: {B1: {conflicting: [yes, no]}}", set()),
        ("crack_matters: {B1: yes}", {"crack.B1"}),
        ("crack_matters: {B1: no}", set()),
        ("crack_matters: {B1: yes}, crack: {B2: no}", {"crack.B1"}),
        ("operated_since: {B1: 3 months}, operated: {B2: none}", {"operated.B1"}),
        ("after: yes, operated: {B2: small}", {"operated.B1", "operated.B3"}),
        ("operated: {B1: small}", set()),
        ("operated: {B1: large}", {"pathology"}),
        ("operated: {B1: {one_of: [none, large]}}", {"pathology"}),
        ("slip: {B1-B2: 0 mm}", set()),
        ("slip: {B1-B2: 2 mm}", {"pathology"}),
        ("slip: {B1-B2: 4 mm}", {"pathology", "crack.B1", "crack.B2"}),
        ("slip: {B1-B2: 4 mm}, crack: {B3: no}", {"pathology", "crack.B1", "crack.B2"}),
        ("billed: {M1: yes}", {"pathology"}),
        ("billed: {M2: yes}", set()),
    ],
)
def test_a_record_puts_in_doubt_what_it_may_speak_of(vocabulary, facts, fallen):
    assert gone(vocabulary, facts) == fallen


def test_a_contradicted_record_is_a_mention(vocabulary):
    both = "{conflicting: [yes, no]}"
    case = parse_case(f"title: t\nfacts: {{crack: {{B1: {both}}}, weak: {both}}}", vocabulary)

    held = presumptions(vocabulary, case)

    assert Slot("crack", "B2") in held
    assert not {Slot("crack", "B1"), Slot("weak")} & set(held)


def test_what_is_not_presumed_is_said_with_what_raised_it(vocabulary):
    found = doubts(vocabulary, case(vocabulary, "slip: {B1-B2: 4 mm}, operated: {B1: large}"))

    assert found[Slot("pathology")] == (Slot("slip", "B1-B2"), Slot("operated", "B1"))
    assert found[Slot("crack", "B1")] == (Slot("slip", "B1-B2"),)


@pytest.mark.parametrize(
    ("facts", "there"),
    [
        ("operated: {B4: none}, modic: {B1: some}", False),
        ("modic: {B4: none}", False),
        ("crack_matters: {B4: no}", False),
        ("modic: {B4: some}", True),
        ("matches: {B4: no}", True),
        ("operated_since: {B4: 3 months}", True),
        ("modic: {B4: {one_of: [none, some]}}", True),
    ],
)
@pytest.mark.parametrize("strict", [False, True])
def test_an_optional_member_is_there_if_something_is_said_of_it(vocabulary, facts, there, strict):
    held = presumptions(vocabulary, case(vocabulary, facts), strict)

    assert (Slot("crack_matters", "B4") in held) is not (there or "crack_matters" in facts)


def test_strict_presumes_only_that_an_optional_member_is_not_there(vocabulary):
    held = presumptions(vocabulary, Case("", ()), strict=True)

    assert {slot.member for slot in held} == {"B4", "B3-B4"}


def test_a_doubt_does_not_make_an_optional_member_be_there(vocabulary):
    assert Slot("operated", "B4") in presumptions(vocabulary, case(vocabulary, "after: yes"))


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("of: [pathology], by: [slipp]", "unknown fact `slipp`"),
        ("of: [pathology], by: [{operated: huge}]", "`huge` is no value"),
        ("of: [age], by: [slip]", "`age` is not presumed"),
        ("of: [pathology], by: [axial < 3]", "`axial` takes no limit"),
        ("of: [pathology]", "has no `by`"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(tmp_path, entry, said):
    path = tmp_path / "vocabulary.yaml"
    path.write_text(TEXT + f"  wrong: {{why: because, {entry}}}\n", encoding="utf-8")

    with pytest.raises(InputError, match=said) as error:
        load_vocabulary(path)
    assert all(each.place.line for each in error.value.faults)


# -- the rule in words, once more ------------------------------------------------------------------


def oracle(vocabulary: Vocabulary, made: Case) -> tuple[set[Slot], dict[Slot, tuple[Slot, ...]]]:
    """What is presumed, and what puts the rest in doubt, by the words of docs/semantics.md: no solver, no cells."""
    facts = vocabulary.facts

    def points(record):
        """Every single value that a record leaves."""
        fact = facts[record.slot.fact]
        if fact.is_named:
            return [*(fact.values if record.value is None else record.value.values)]
        step = fact.step or 1
        low, high = fact.low.amount, fact.high.amount
        grid = [low + step * i for i in range(int((high - low) / step) + 1)]
        if record.value is None:
            return grid
        value = record.value
        return [
            x
            for x in grid
            if (value.low is None or x > value.low.amount or (x == value.low.amount and not value.low_open))
            and (value.high is None or x < value.high.amount or (x == value.high.amount and not value.high_open))
        ]

    def nothing(fact, point):
        return bool(fact.absent) and (point == fact.absent if fact.is_named else point == type(point)(fact.absent))

    def says(record, sign):
        fact = facts[record.slot.fact]
        if sign.members and record.slot.member not in sign.members:
            return False
        test = {
            "": lambda x: x in sign.values if sign.values else not nothing(fact, x),
            "less_than": lambda x: x < sign.limit.amount,
            "at_most": lambda x: x <= sign.limit.amount,
            "more_than": lambda x: x > sign.limit.amount,
            "at_least": lambda x: x >= sign.limit.amount,
        }[sign.operator]
        return any(test(x) for x in points(record))

    def near(one, other):
        a, b = set(one.member.split("-")), set(other.member.split("-"))
        kinds = {facts[one.fact].per, facts[other.fact].per}
        if "" in kinds or "code" in kinds:
            return True
        return one.member == other.member if len(kinds) == 1 else bool(a & b)

    found, raised = set(), {}
    for slot in vocabulary.slots:
        fact = facts[slot.fact]
        if made.get(slot) is not None:
            continue
        signs = [sign for sign, _, _ in vocabulary.signs_against(slot.fact)]
        by = [
            each.slot
            for each in made.records
            if near(each.slot, slot) and any(each.slot.fact == sign.fact and says(each, sign) for sign in signs)
        ]
        if fact.presumed and by:
            raised[slot] = tuple(by)
        elif fact.presumed:
            found.add(slot)
        extra = slot.member in ("B4", "B3-B4")
        own = [record for record in made.records if record.slot.member == slot.member]
        if extra and fact.absent and all(nothing(facts[r.slot.fact], x) for r in own for x in points(r)):
            found.add(slot)
    return found, raised


def random_record(rng: random.Random, vocabulary: Vocabulary, slot: Slot) -> Record:
    fact = vocabulary.facts[slot.fact]
    if rng.random() < 0.1:
        return Record(slot, None)
    if rng.random() < 0.3 and fact.absent:
        return Record(slot, absent_value(fact))
    if fact.is_named:
        listed = list(fact.values)
        some = rng.sample(listed, rng.choice([1, 1, 1, 2, len(listed)]))
        return Record(slot, Named(tuple(each for each in listed if each in some)))
    step = fact.step or 1
    near = {"age": 18, "score": -2.5, "slip": 3}.get(fact.name, 6)
    number = type(fact.low.amount)
    ends = sorted(number(str(near)) + step * rng.choice([-9, -1, 0, 1, 9]) for _ in "ab")
    if rng.random() < 0.5:
        ends[1] = ends[0]
    low, high = (Quantity(max(each, fact.low.amount), fact.unit) for each in ends)
    is_open = rng.random() < 0.5 and low != high
    return Record(slot, Interval(low if rng.random() < 0.7 or low == high else None, is_open, high, False))


def test_the_rule_is_what_the_words_say(vocabulary):
    rng = random.Random(7)
    slots = vocabulary.slots
    for _ in range(1_500):
        some = rng.sample(slots, rng.randint(0, 7))
        records = tuple(random_record(rng, vocabulary, slot) for slot in vocabulary.in_order(some))
        made = Case("", records)

        said = set(presumptions(vocabulary, made)), doubts(vocabulary, made)
        assert said == oracle(vocabulary, made), [f"{r.slot}: {r}" for r in records]


def test_present_is_whatever_may_be_other_than_absent(vocabulary):
    assert is_present(vocabulary, Record(Slot("axial"), Named(("no",))))
    slot = Slot("slip", "B1-B2")
    for low, high, there in ((0, 0, False), (0, 1, True), (2, 2, True)):
        record = Record(slot, Interval(Quantity(low, "mm"), False, Quantity(high, "mm"), False))
        assert is_present(vocabulary, record) is there
    assert is_present(vocabulary, Record(slot, None))


def test_every_pair_of_members_touches_as_the_levels_say(vocabulary):
    pairs = itertools.product(("B1", "B2", "B3"), ("B1-B2", "B2-B3"))

    for body, level in pairs:
        assert vocabulary.touch(Slot("crack", body), Slot("slip", level)) is (body in level.split("-"))
        assert vocabulary.touch(Slot("slip", level), Slot("crack", body)) is (body in level.split("-"))
