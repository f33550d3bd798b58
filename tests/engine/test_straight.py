"""What is plain along the lines of a case the solver says too, and most of it is plain."""

from __future__ import annotations

import random
from types import SimpleNamespace

import pytest

from bvn_asp import store
from bvn_asp.cases.ask import Asker
from bvn_asp.cases.evaluate import Evaluator
from bvn_asp.cases.presumptions import presumptions
from bvn_asp.engine import chart as charts
from bvn_asp.engine import straight as made
from bvn_asp.engine.changes import always, changes
from bvn_asp.engine.chart import chart_of
from bvn_asp.engine.dive import Dive
from bvn_asp.engine.lines import NO, Table
from bvn_asp.engine.rest import Rest
from bvn_asp.engine.straight import straight
from bvn_asp.errors import InputError
from bvn_asp.model.case import Named
from bvn_asp.model.vocabulary import Slot

POLICIES = ["cohere-ma", "lcd-l39642", "nass-2022-draft", "review-004", "highmark-wy-15-01-004"]


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A store of one's own, open."""
    monkeypatch.setenv("BVN_CACHE", str(tmp_path / "store"))
    with store.closed():
        store.allow(True)
        yield tmp_path / "store"


def some_case(library, seed):
    """The library's richest case with some records taken out."""
    rng = random.Random(seed)
    case = library.case(library.folder.parent / "cases" / "baseline.yaml")
    share = rng.choice([0.05, 0.3, 0.8])
    return case.with_values(library.vocabulary, {each.slot: None for each in case.records if rng.random() < share})


def test_what_is_plain_the_solver_says_too(shipped, kept):
    evaluator = Evaluator(shipped, shipped.revisions(POLICIES))
    lines = evaluator._straight
    plain = asked = 0
    for seed in range(5):
        case = some_case(shipped, seed)
        chosen = [shipped.chosen_readings(each, {}) for each in evaluator.revisions]
        chart = chart_of(lines, case.recorded | presumptions(shipped.vocabulary, case), chosen)
        evaluator.__dict__["_straight"] = None
        want = evaluator.evaluate(case)
        verdicts = {i: each.verdict.value for i, each in enumerate(want)}
        opens, hinges = chart.opens([i for i, each in verdicts.items() if each == "pend"]), changes(chart, verdicts, 8)
        for i, each in enumerate(want):
            found = chart.settled(i)
            plain, asked = plain + (found is not None) + (i in hinges), asked + 2
            if found is not None:
                always_met, may_be_met = found[0].get("met", set()), found[1]["met"]
                statuses = {
                    e: "met" if e in always_met else "undetermined" if e in may_be_met else "unmet"
                    for e in each.statuses
                }
                assert statuses == each.statuses
                assert found[0].get("verdict", {"pend"}) == {each.verdict}
                assert found[0].get("blamed", set()) >= set(each.blamed)
            if i in opens:
                assert opens[i] == set(each.open)
            if i in hinges:
                assert sorted(hinges[i]) == sorted((x.readings, x.verdict) for x in each.hinges)

    assert plain > 0.9 * asked


def test_of_somebody_whom_nobody_can_be_nothing_is_plain(shipped, kept):
    """A pregnant man: along the lines no reader is told a verdict of him, and whoever asks is told why."""
    evaluator = Evaluator(shipped, shipped.revisions(["cohere-ma"]))
    values = {"sex": Named(("male",)), "pregnant": Named(("yes",))}
    nobody = some_case(shipped, 0).with_values(
        shipped.vocabulary, {shipped.vocabulary.slots_of(fact)[0]: value for fact, value in values.items()}
    )
    (premises,) = evaluator.premises(nobody)

    assert premises.chart is not None
    assert premises.chart.settled(0) is None
    with pytest.raises(InputError):
        evaluator.evaluate(nobody)


def test_what_an_answer_leaves_open_is_what_a_chart_with_that_answer_leaves_open(shipped, kept):
    rng = random.Random(1)
    lines = straight(shipped.vocabulary, shipped.background, shipped.revisions(POLICIES))
    chosen = [shipped.chosen_readings(each, {}) for each in lines.revisions]
    more = fewer = 0
    for seed in (5, 7):
        case = some_case(shipped, seed)
        known = case.recorded | presumptions(shipped.vocabulary, case)
        chart = chart_of(lines, known, chosen)
        every = range(len(POLICIES))
        now = chart.opens(every)
        slots = sorted(frozenset().union(*now.values()))
        assert chart.shown_after({}) <= set(slots)
        for _ in range(8):
            told = {each: Named((rng.choice(list(shipped.vocabulary.facts[each.fact].values)),))
                    for each in rng.sample(slots, 2) if shipped.vocabulary.facts[each.fact].is_named}
            falls = dict.fromkeys(rng.sample(sorted(known), rng.choice([0, 4]))) if told else {}
            changes = falls | told
            record = {slot: value for slot, value in (known | changes).items() if value is not None}
            want = chart_of(lines, record, chosen).opens(every)
            if len(want) < len(every):
                continue
            shown = chart.shown_after(changes)
            found, unsure = chart.opens_after(every, changes, now, shown)
            union = frozenset().union(*want.values())
            assert shown | found <= union
            assert unsure or shown | found == union
            more, fewer = more + bool(falls and union - set(slots)), fewer + bool(set(slots) - union - told.keys())

    assert more
    assert fewer


def test_what_a_dive_rules_out_no_other_reaches_and_what_none_tells_is_left_in_doubt(shipped, kept, monkeypatch):
    lines = straight(shipped.vocabulary, shipped.background, shipped.revisions(POLICIES))
    chosen = [shipped.chosen_readings(each, {}) for each in lines.revisions]
    every = range(len(POLICIES))
    out = reached = 0
    for seed in (5, 7, 9):
        case = some_case(shipped, seed)
        chart = chart_of(lines, case.recorded | presumptions(shipped.vocabulary, case), chosen)
        rest = chart.look.rest
        aims = list(chart._aims(chart.allowed, rest, {seat: chart._may_move(rest, seat) for seat in every}))
        quick, whole = (Dive(lines.lanes, chart.allowed, rest, aims, prune=each) for each in (False, True))
        for each in (quick, whole):
            assert not each.ruled_out & (quick.reached | whole.reached)
        out, reached = out + len(whole.ruled_out), reached + len(quick.reached)
        now = chart.opens(every)
        told = dict.fromkeys(sorted(case.recorded)[:3])
        with monkeypatch.context() as here:
            here.setattr(charts, "dives", lambda *_: [SimpleNamespace(reached=set(), ruled_out=set())])
            found, unsure = chart.opens_after(every, told, now, frozenset())
        assert not found
        assert unsure

    assert out
    assert reached


def test_completions_that_a_chart_has_at_hand_are_patients_whom_its_record_allows(shipped, kept):
    rng = random.Random(2)
    lines = straight(shipped.vocabulary, shipped.background, shipped.revisions(POLICIES))
    chosen = [shipped.chosen_readings(each, {}) for each in lines.revisions]
    case = some_case(shipped, 5)
    chart = chart_of(lines, case.recorded | presumptions(shipped.vocabulary, case), chosen)
    now = chart.opens(range(len(POLICIES)))
    chart.opens_after(range(len(POLICIES)), dict.fromkeys(rng.sample(sorted(case.recorded), 5)), now, frozenset())
    seen = list(chart.seen)
    assert len(seen) > 1
    for columns, world, full in seen:
        lanes = [i for i in range(full.bit_length()) if world >> i & 1]
        for lane in rng.sample(lanes, 12):
            one = {slot: [kind for kind, here in own.items() if here >> lane & 1] for slot, own in columns.items()}
            record = chart.allowed | {slot: chart.allowed.get(slot, -1) & sum(kinds) for slot, kinds in one.items()}
            rest = Rest(lines.lanes.steps, record)
            assert all(record.values())
            assert {rest.of[node] for node in lines.forbidden} == {NO}


def test_asked_along_the_lines_or_by_the_solver_the_questions_are_the_same(shipped, kept, monkeypatch):
    case = some_case(shipped, 5)
    asker = Asker(shipped, shipped.revisions(POLICIES))
    found = asker.ask(case, with_settled=False)
    assert not asker._aparts  # all of it was plain
    assert max(len(each.answers) for each in found.open) > 2
    monkeypatch.setattr(Evaluator, "charts", lambda *_: [])
    assert Asker(shipped, asker.revisions).ask(case, with_settled=False) == found


def test_without_a_store_there_are_no_lines(shipped):
    assert straight(shipped.vocabulary, shipped.background, shipped.revisions(["asa-2010"])) is None


def test_lines_out_of_the_store_answer_as_those_made_anew(toy, kept, monkeypatch):
    library = toy.library
    args = (library.vocabulary, library.background, library.revisions(["plan"]))
    case = toy.case(age=40)
    known = case.recorded | presumptions(library.vocabulary, case)
    chosen = [library.chosen_readings(each, {}) for each in args[2]]
    first = chart_of(straight(*args), known, chosen)
    monkeypatch.setattr(made, "compiled", None)  # nobody makes them again
    again = chart_of(straight(*args), known, chosen)

    assert first.settled(0) == again.settled(0) is not None
    assert first.opens([0]) == again.opens([0])
    for each in kept.iterdir():
        each.write_bytes(each.read_bytes()[:-9])
    with pytest.raises(TypeError, match="not callable"):
        straight(*args)


def test_what_is_true_of_every_value_is_seen_by_trying_them():
    one, two = Slot("one"), Slot("two")
    table = Table({one: 2, two: 2})
    either = [table.every([table.leaf(one, 1), table.leaf(two, mask)]) for mask in (1, 2)]

    assert always(table, table.any([*either, table.leaf(one, 2)]))
    assert not always(table, table.any([either[0], table.leaf(one, 2)]))
    assert not always(table, table.any([*either, table.leaf(one, 2)]), most=1)
