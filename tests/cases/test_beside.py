"""What lines tell of cases beside one the solver says too, and of nearly all of them they tell something."""

from __future__ import annotations

import random
from functools import partial

import brute
import pytest

from bvn_asp import store
from bvn_asp.cases.beside import Beside
from bvn_asp.cases.evaluate import Evaluator, Status, Verdict
from bvn_asp.cases.needed import needed
from bvn_asp.engine.after import LANES, After
from bvn_asp.errors import BvnError
from bvn_asp.model.case import Named
from bvn_asp.model.growth import on_day
from bvn_asp.model.quantity import Interval, Quantity

POLICIES = ["cohere-ma", "lcd-l39642", "intracept-trial", "review-004", "ny-external-appeals"]


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    """A store of one's own, open: without one there are no lines."""
    monkeypatch.setenv("BVN_CACHE", str(tmp_path / "store"))
    with store.closed():
        store.allow(True)
        yield


def some_case(library, rng):
    """The library's richest case with some records taken out."""
    case = library.case(library.folder.parent / "cases" / "baseline.yaml")
    share = rng.choice([0.05, 0.3, 0.8])
    return case.with_values(library.vocabulary, {each.slot: None for each in case.records if rng.random() < share})


def some_value(library, slot, rng):
    fact = library.vocabulary.facts[slot.fact]
    if fact.is_named:
        return Named(tuple(each for each in fact.values if rng.random() < 0.4) or (rng.choice(list(fact.values)),))
    low = Quantity(fact.low.amount + rng.randrange(int(fact.high.amount - fact.low.amount) or 1), fact.low.unit)
    return Interval(low, False, None, False)


def held(evaluator, alone, seat, case, told):
    """Whether what a line tells of a case is what an evaluation says; how much it tells."""
    revision = evaluator.revisions[seat]
    (want,) = Evaluator(evaluator.library, [revision]).evaluate(case, under_readings=False, with_open=False)
    plain = []
    for verdict in (Verdict.APPROVE, Verdict.DENY, Verdict.SILENT):
        plain.append(alone.verdict(told, verdict.value))
        assert plain[-1] in (None, want.verdict is verdict)
    for entry, status in want.statuses.items():
        may, fails = (alone.entry(told, entry, holds) for holds in (True, False))
        assert may in (None, status is not Status.UNMET)
        assert fails in (None, status is not Status.MET)
        plain += [may, fails]
    return sum(each is not None for each in plain), len(plain)


@pytest.mark.parametrize(("seed", "lanes", "share"), [(0, LANES, 0.95), (1, 4, 0.5)])
def test_a_case_with_some_records_otherwise_stands_as_an_evaluation_says(shipped, monkeypatch, seed, lanes, share):
    monkeypatch.setattr("bvn_asp.cases.beside.After", partial(After, lanes=lanes))
    rng = random.Random(seed)
    evaluator = Evaluator(shipped, shipped.revisions(POLICIES))
    case = some_case(shipped, rng)
    evaluations = evaluator.evaluate(case)
    beside = Beside(evaluator, case, evaluations, False)
    slots = [slot for slot in shipped.vocabulary.slots if shipped.vocabulary.facts[slot.fact].type != "count"]
    plain = asked = 0
    for _ in range(4):
        values = {slot: some_value(shipped, slot, rng) for slot in rng.sample(slots, rng.randint(1, 4))}
        other = case.with_values(shipped.vocabulary, values)
        later = on_day(shipped.vocabulary, other, case.date.replace(year=case.date.year + 1)) if case.date else other
        for seat, evaluation in enumerate(evaluations):
            alone = beside.of(evaluation)
            for each in (other, later):
                try:
                    counts = held(evaluator, alone, seat, each, alone.of(each))
                except BvnError:  # nobody can be so
                    continue
                assert alone.supposed(values).known == alone.of(other).known
                plain, asked = plain + counts[0], asked + counts[1]

    assert plain > share * asked > 75


def test_who_nobody_can_be_has_no_say_in_what_a_line_tells(shipped):
    """Of a man, pregnancy is open to nobody, though nobody wrote it down; of a pregnant man nothing is told."""
    evaluator = Evaluator(shipped, shipped.revisions(["cohere-ma"]))
    slots = {each: shipped.vocabulary.slots_of(each)[0] for each in ("sex", "pregnant")}
    case = shipped.case(shipped.folder.parent / "cases" / "baseline.yaml")
    case = case.with_values(shipped.vocabulary, dict.fromkeys(slots.values()))
    evaluations = evaluator.evaluate(case, strict=True)
    alone = Beside(evaluator, case, evaluations, True).of(evaluations[0])
    reads = evaluations[0].revision.rules.reads
    (entry,) = (entry for entry, each in reads.items() if "pregnant" in {read.fact for read in each})

    man = {slots["sex"]: Named(("male",))}
    assert alone.entry(alone.supposed({}), entry, True)
    assert alone.entry(alone.supposed(man), entry, True) is False
    nobody = alone.supposed(man | {slots["pregnant"]: Named(("yes",))})
    assert not alone.possible(nobody)
    assert [alone.entry(nobody, entry, holds) for holds in (True, False)] == [None, None]
    assert alone.verdict(nobody, "approve") is None


@pytest.mark.parametrize("seed", range(2))
def test_what_is_needed_is_the_same_with_lines_and_without(shipped, seed):
    evaluator = Evaluator(shipped, shipped.revisions(POLICIES))
    case = some_case(shipped, random.Random(seed))
    evaluations = evaluator.evaluate(case)
    beside = Beside(evaluator, case, evaluations, False)
    found = 0
    for each in evaluations:
        alone, line = Evaluator(shipped, [each.revision]), beside.of(each)
        assert line is not None
        told = needed(alone, case, each, beside=line)
        assert told == needed(alone, case, each)
        found += bool(told)

    assert found


def test_what_is_needed_of_random_charts_is_the_same():
    found = 0
    for seed in range(24):
        try:
            ready = brute.Ready(brute.make(seed))
        except BvnError:  # nobody can have that chart
            continue
        evaluator = Evaluator(ready.library, ready.revisions)
        evaluations = evaluator.evaluate(ready.case, ready.readings, ready.strict)
        beside = Beside(evaluator, ready.case, evaluations, ready.strict)
        for each in evaluations:
            alone, line = Evaluator(ready.library, [each.revision]), beside.of(each)
            told = needed(alone, ready.case, each, ready.readings, line)
            assert told == needed(alone, ready.case, each, ready.readings)
            found += bool(told) and line is not None

    assert found > 5
