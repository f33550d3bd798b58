"""Implicates against every world: their union is what is not approved, and none holds more than it must."""

from __future__ import annotations

import itertools

import brute
import pytest

from bvn_asp.engine.boxes import sketches
from bvn_asp.engine.program import Choice, Program, Seat
from bvn_asp.errors import BvnError
from bvn_asp.model.vocabulary import Slot
from bvn_asp.repairs import hitting_sets
from bvn_asp.repairs.blocked import blocks
from bvn_asp.repairs.hitting_sets import corrections
from bvn_asp.repairs.implicates import Implicates
from bvn_asp.repairs.moves import states
from bvn_asp.repairs.repair import Repairer
from bvn_asp.repairs.useful import Doubts

MOST_WORLDS = 400


class Small:
    """A small random library with its program, and every patient of it."""

    def __init__(self, seed):
        self.ready = brute.Ready(brute.make(seed))
        revisions = self.ready.revisions
        self.program = Program(
            self.ready.vocabulary, self.ready.library.background, [Seat(e) for e in revisions], ["blame", "broken"]
        )
        chosen = [self.ready.library.chosen_readings(each, self.ready.readings) for each in revisions]
        self.spoken = [literal for i, each in enumerate(chosen) for literal in self.program.read(i, each)]
        self.sketches = sketches(self.program, chosen) or ()
        self.states = states(self.program, self.ready.case, self.ready.strict)
        self.approve = [self.program.literal("verdict", i, "approve") for i in range(len(revisions))]

    def search(self, sketched):
        return Implicates(self.program, self.states, self.spoken, sketches=self.sketches if sketched else ())

    def count(self):
        total = 1
        for slot in self.program.slots:
            total *= len(self.states[slot].reachable)
        return total

    def literals(self, values):
        return [self.program.choices[Choice(slot, value, 1)] for slot, value in values.items()]

    def patients(self):
        """Every patient within reach, with the seats that approve."""
        reach = [self.states[slot].reachable for slot in self.program.slots]
        for picked in itertools.product(*reach):
            values = dict(zip(self.program.slots, picked, strict=True))
            true = self.program.truth(self.approve, [*self.spoken, *self.literals(values)])
            if true is not None:
                yield values, [literal in true for literal in self.approve]


def smalls(wanted):
    found, seed = [], 0
    while len(found) < wanted:
        try:
            small = Small(seed)
        except BvnError:  # nobody can have that chart
            small = None
        if small is not None and 2 < small.count() <= MOST_WORLDS:
            found.append(small)
        seed += 1
    return found


@pytest.fixture(scope="module")
def libraries():
    return smalls(25)


def within(values, box):
    return all(values[slot] in allowed for slot, allowed in box.items())


@pytest.mark.parametrize("sketched", [True, False])
def test_the_boxes_are_what_is_not_approved_and_nothing_else(libraries, sketched):
    seen = 0
    for small in libraries:
        search = small.search(sketched)
        boxes = [search.of(seat) for seat in range(len(small.approve))]
        for values, approves in small.patients():
            for own, approved in zip(boxes, approves, strict=True):
                assert any(within(values, box) for box in own) is not approved
                seen += 1
        assert search.complete

    assert seen > 300


@pytest.mark.parametrize("sketched", [True, False])
def test_a_case_that_leaves_a_box_open_has_a_completion_that_is_not_approved(libraries, sketched):
    """A box alone leads to no approval: some patient has any choice of its values."""
    seen = 0
    for small in libraries:
        everybody = [values for values, _ in small.patients()]
        for seat in range(len(small.approve)):
            for box in small.search(sketched).of(seat):
                for picked in itertools.product(*box.values()):
                    chosen = dict(zip(box, picked, strict=True))
                    assert any(all(each[s] == v for s, v in chosen.items()) for each in everybody)
                    seen += 1

    assert seen > 20


@pytest.mark.parametrize("sketched", [True, False])
def test_contradictions_are_the_smallest_sets_of_values_that_nobody_has(libraries, sketched):
    seen = 0
    for small in libraries:
        search = small.search(sketched)
        everybody = [values for values, _ in small.patients()]
        for bad in search.contradictions:
            assert not any(within(each, bad) for each in everybody)
            for slot in bad:
                less = {s: v for s, v in bad.items() if s != slot}
                assert small.program.possible([*small.spoken, *small.literals({s: min(v) for s, v in less.items()})])
            seen += 1
        reach = [small.states[slot].reachable for slot in small.program.slots]
        for picked in itertools.product(*reach):
            values = dict(zip(small.program.slots, picked, strict=True))
            assert any(within(values, bad) for bad in search.contradictions) is (values not in everybody)

    assert seen > 3


def test_a_search_that_is_stopped_says_that_it_is_not_complete(libraries):
    small = next(each for each in libraries if any(not all(a) for _, a in each.patients()))
    seat = next(i for i in range(len(small.approve)) if any(not a[i] for _, a in small.patients()))
    search = Implicates(small.program, small.states, small.spoken, enough=lambda: True)

    assert len(search.of(seat)) == 1
    assert not search.complete


def test_seats_are_approvable_together_if_somebody_within_reach_is_approved_by_all(libraries):
    seen = set()
    for small in libraries:
        search = Implicates(small.program, small.states, small.spoken)
        for size in range(1, len(small.approve) + 1):
            for seats in itertools.combinations(range(len(small.approve)), size):
                wanted = any(all(a[i] for i in seats) for _, a in small.patients())
                assert search.approvable(seats) is wanted
                seen.add(wanted)

    assert seen == {True, False}


def searched(small, **how):
    """The parts of a search for the sets under which every policy approves."""
    search = Implicates(small.program, small.states, small.spoken)
    seats = range(len(small.approve))
    boxes = [search.of(seat) for seat in seats]
    ties = Doubts(small.program, small.ready.case, small.states)
    useful = ties.useful([box for own in boxes for box in own], search.contradictions)
    bad = search.contradictions
    return corrections(
        small.program, small.ready.case, small.states, boxes, bad, useful, len(seats), **{"most": 1000, **how}
    )


@pytest.mark.parametrize("how", [{"most": 1}, {"enough": lambda: True}], ids=["so many", "for want of time"])
def test_a_part_that_is_cut_off_says_so_and_one_that_is_not_is_whole(libraries, how):
    cut = 0
    for small in libraries:
        whole = searched(small)
        hitting_sets._KEPT.clear()  # what is known whole is given whole
        less = searched(small, **how)
        assert all(part.complete for part in whole)
        for part in less:
            assert len(part.corrections) <= 1
            assert part.complete is (not part.corrections)
            cut += not part.complete

    assert cut > 3


def test_blocks_are_the_smallest_sets_of_records_that_rule_approval_out(libraries):
    """Held to trying every set of the slots whose records leave less than there is."""
    seen = 0
    for small in libraries:
        fixed = [slot for slot, state in small.states.items() if len(state.reachable) < len(state.values)]
        seats = list(range(len(small.approve)))
        goal = [*small.spoken, *(small.approve[i] for i in seats)]

        def out(some, small=small, goal=goal):
            among = [
                -small.program.choices[Choice(slot, value, 1)]
                for slot in some
                for value in small.states[slot].values
                if value not in small.states[slot].reachable
            ]
            return not small.program.possible([*goal, *among])

        every = []
        for size in range(len(fixed) + 1):
            for some in itertools.combinations(fixed, size):
                if not any(set(each) <= set(some) for each in every) and out(some):
                    every.append(some)

        found, complete = blocks(small.program, small.states, small.spoken, seats)

        assert complete
        assert {frozenset(each) for each in found} == {frozenset(each) for each in every}
        assert [len(each) for each in found] == sorted(len(each) for each in found)
        seen += bool(every)
        if len(every) > 1:
            some, complete = blocks(small.program, small.states, small.spoken, seats, most=1)
            assert (len(some), complete) == (1, False)

    assert seen >= 2


def test_likely_boxes_are_completed_by_what_it_takes_for_somebody_to_be_in_them(shipped):
    # no pharmacotherapy is one of four kinds of care that lack; who took a drug had some, so the box says that none was
    case = shipped.case({"title": "nearly nothing", "request": {"date": "2026-12-01"}, "facts": {"age": "50 years"}})
    repairer = Repairer(shipped, [shipped.revision("lcd-l39642")])
    (evaluation,) = repairer.evaluator.evaluate(case, under_readings=False, with_open=False)
    stand = states(repairer.program, case, others=False)
    spoken = repairer.program.read(0, evaluation.readings)
    search = Implicates(repairer.program, stand, spoken, sketches=sketches(repairer.program, [evaluation.readings]))
    found = search.of(0)
    beside = [box for box in found if Slot("care", "nsaid") in box and Slot("care", "pharmacotherapy") in box]

    assert len(found) == 28
    assert len(beside) == 10
    for box in beside:
        assert "tried" not in box[Slot("care", "nsaid")] | box[Slot("care", "steroid")]
        shared = [[slot for slot in bad if slot in box] for bad in search.contradictions]
        for bad, slots in zip(search.contradictions, shared, strict=True):
            assert not slots or any(not bad[slot] & box[slot] for slot in slots)
