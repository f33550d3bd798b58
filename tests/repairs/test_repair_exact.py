"""Repairs against brute force: every set of moves of a small case is tried, each by evaluating the moved case."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bvn_asp import Library
from bvn_asp.cases.evaluate import Verdict
from bvn_asp.cases.presumptions import presumptions
from bvn_asp.errors import BvnError, SolverError
from bvn_asp.model.case import absent_value
from bvn_asp.model.case_reader import make_case
from bvn_asp.repairs.moves import as_value
from bvn_asp.repairs.repair import Repairer

VOCABULARY = """
indexes:
  body: {about: body, members: {A: a, B: b}, optional: [B]}
facts:
  Request:
    requested: {about: requested, type: yes_no, per: body, absent: no, change: request, towards: [no]}
    asked: {about: how many, type: count, counts: [{requested: yes}]}
  Person:
    weeks: {about: care, type: duration, unit: weeks, from: 0, to: 520, change: wait, towards: up}
    score: {about: score, type: number, unit: points, from: 0, to: 10, step: 1, change: treat, towards: down,
            absent: 0, presumed: yes, doubted_by: [flaw]}
    modic: {about: modic, type: one_of, values: {none: n, one: o, two: t}, change: never}
    care: {about: care, type: one_of, values: {tried: t, contraindicated: c, not_tried: n}, change: treat,
           towards: [tried]}
    flaw: {about: flaw, type: yes_no, absent: no, presumed: yes, finding: flaw, change: treat, towards: [no]}
    flaw_matters: {about: matters, type: yes_no, absent: no, finding: flaw, change: precaution, towards: [no]}
    judged: {about: judged, type: yes_no, change: never}
    mark: {about: mark, type: yes_no, per: body, absent: no}
"""
NAMED = {
    "modic": ("none", "one", "two"),
    "care": ("tried", "contraindicated", "not_tried"),
    "flaw": ("yes", "no"),
    "flaw_matters": ("yes", "no"),
    "judged": ("yes", "no"),
    "requested(a)": ("yes", "no"),
    "requested(b)": ("yes", "no"),
    "mark(b)": ("yes", "no"),
}


def literals() -> st.SearchStrategy[str]:
    named = [f"is({fact}, {value})" for fact, values in NAMED.items() for value in values]
    numbers = ["at_least(weeks, weeks(6))", "more_than(weeks, weeks(26))", "at_most(score, 3)", "less_than(score, 7)"]
    numbers += ["at_most(asked, 1)", "at_least(asked, 2)"]
    positive = st.sampled_from(named + numbers)
    return st.one_of(positive, positive, positive.map("not {}".format))


def bodies() -> st.SearchStrategy[str]:
    return st.lists(literals(), min_size=1, max_size=3, unique=True).map(", ".join)


@st.composite
def policies(draw: st.DrawFn) -> str:
    """A policy of a few criteria: some indications, an at-least group, some exclusions."""
    lines = ['group(wanted, root, all_of, "1", "all").', 'group(some, wanted, at_least(1), "1a", "some").']
    lines.append('group(never, root, none_of, "2", "none").')
    for parent, most in (("wanted", 2), ("some", 3), ("never", 1)):
        for i in range(draw(st.integers(0 if parent != "some" else 1, most))):
            lines.append(f'criterion({parent}{i}, {parent}, "x", "x").')
            for body in draw(st.lists(bodies(), min_size=1, max_size=2)):
                lines.append(f"met({parent}{i}) :- {body}.")
    return "\n".join(lines)


FACTS = {
    "weeks": [None, None, "3 weeks", "10 weeks", ">= 4 weeks", "30 weeks"],
    "score": [None, None, 2, 5, "<= 5", 9],
    "modic": [None, None, "none", "one", {"one_of": ["none", "two"]}],
    "care": [None, "tried", "not_tried", "contraindicated"],
    "flaw": [None, None, True, {"conflicting": [True, False]}],
    "flaw_matters": [None, None, True, False],
    "judged": [None, True, False],
    "mark": [None, None, {"B": True}, {"A": True}, {"B": False}],
}


@st.composite
def cases(draw: st.DrawFn) -> dict[str, object]:
    facts = {fact: draw(st.sampled_from(values)) for fact, values in FACTS.items()}
    bodies_asked = draw(st.sampled_from([None, ["A"], ["A", "B"]]))
    return {
        "title": "random",
        "request": {"bodies": bodies_asked} if bodies_asked else {},
        "facts": {fact: value for fact, value in facts.items() if value is not None},
    }


BACKGROUNDS = st.sampled_from(
    [
        "",
        'impossible("nothing asked") :- at_most(asked, 0).',
        'impossible("nothing asked") :- at_most(asked, 0). impossible("x") :- is(flaw, no), is(flaw_matters, yes).',
        'impossible("y") :- is(modic, two), is(care, tried). impossible("z") :- is(judged, yes), is(care, tried).',
    ]
)


def library(policies: list[str], background: str) -> Library:
    folder = Path(tempfile.mkdtemp())
    (folder / "vocabulary.yaml").write_text(VOCABULARY)
    (folder / "background.lp").write_text(background)
    for i, policy in enumerate(policies):
        (folder / f"p{i}").mkdir()
        (folder / f"p{i}" / "1.lp").write_text(policy)
        head = f"{{id: p{i}, title: p, publisher: p, kind: coverage, about: p, "
        (folder / f"p{i}" / "policy.yaml").write_text(head + "revisions: {'1': {file: 1.lp}}}")
    return Library(folder)


def options(repairer: Repairer, case, slot, strict):
    """Every way to move a slot: kind, the values that are left, and the values that are ruled out."""
    program, vocabulary = repairer.program, repairer.library.vocabulary
    fact = vocabulary.facts[slot.fact]
    values = program.values(slot)
    known = case.recorded
    kept = program.allowed(slot, known[slot]) if slot in known else values
    offers = [("document", kept)]
    if slot in presumptions(vocabulary, case, strict):
        offers = [("document", program.allowed(slot, absent_value(fact)))]
        if len(offers[0][1]) == len(values):
            offers = []
    elif slot in known and fact.change != "never" and kept != ("contraindicated",):
        if fact.is_numeric:
            up = "up" in fact.towards
            towards = values[values.index(kept[0]) :] if up else values[: values.index(kept[-1]) + 1]
        else:
            towards = tuple(v for v in values if v in fact.towards)
        offers.append((fact.change, towards))
    for kind, offered in offers:
        for size in range(1, len(offered) + 1):
            for left in itertools.combinations(offered, size):
                places = [values.index(v) for v in left]
                if fact.is_numeric and places[-1] - places[0] != size - 1:
                    continue
                if kind == "document" and size == len(offered) :
                    continue
                if kind != "document" and set(left) <= set(kept):
                    continue
                yield kind, left, frozenset(offered) - set(left)


def brute(repairer: Repairer, case, strict, need) -> set[frozenset]:
    """The smallest sets of moves after which so many policies approve."""
    slots = repairer.program.slots
    listed = [[None, *options(repairer, case, slot, strict)] for slot in slots]
    presumed = presumptions(repairer.library.vocabulary, case, strict)
    good = []
    for pick in itertools.product(*listed):
        moves = [(slot, *each) for slot, each in zip(slots, pick, strict=True) if each]
        values = {slot: as_value(repairer.program, slot, left) for slot, _, left, _ in moves}
        moved = case.with_values(repairer.library.vocabulary, values)
        try:
            said = repairer.evaluator.evaluate(moved, strict=strict, under_readings=False, with_open=False)
        except SolverError:
            continue
        still = moved.recorded | {s: v for s, v in presumed.items() if s not in values}
        enough = sum(each.verdict is Verdict.APPROVE for each in said) >= need
        if enough and repairer.program.possible(repairer.program.assume(still)):
            atoms = {(slot, kind) for slot, kind, _, _ in moves} | {(s, v) for s, _, _, out in moves for v in out}
            good.append((frozenset(atoms), frozenset((s, kind, left) for s, kind, left, _ in moves)))
    return {moves for atoms, moves in good if not any(other < atoms for other, _ in good)}


def found(repairer: Repairer, case, strict, need) -> set[frozenset]:
    answer = repairer.repair(case, strict=strict, need=need, limit=10_000)
    assert answer.complete
    assert len(answer.repairs) == answer.count
    read = set()
    for each in answer.repairs:
        moves = []
        for move in each.moves:
            left = repairer.program.allowed(move.slot, move.new)
            moves.append((move.slot, move.kind, left))
        read.add(frozenset(moves))
    assert len(read) == answer.count
    assert bool(answer.blocks) <= (answer.count == 0)
    return read


def at_once(repairer: Repairer, case, strict, need) -> set[frozenset]:
    """What a search without any time finds."""
    answer = repairer.repair(case, strict=strict, need=need, seconds=0)
    allowed = repairer.program.allowed
    return {frozenset((m.slot, m.kind, allowed(m.slot, m.new)) for m in each.moves) for each in answer.repairs}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(policies(), min_size=1, max_size=2), st.sampled_from([1, 2]), BACKGROUNDS, cases(), st.booleans())
def test_repairs_are_those_that_brute_force_finds(texts, need, background, data, strict):
    need = min(need, len(texts))
    here = library(texts, background)
    case = make_case(here.vocabulary, data)
    repairer = Repairer(here, here.revisions())
    ways = 1
    for slot in repairer.program.slots:
        ways *= 1 + len(list(options(repairer, case, slot, strict)))
    if ways > 1500:
        return
    try:
        repairer.evaluator.evaluate(case, strict=strict, under_readings=False)
    except BvnError:
        return

    every = brute(repairer, case, strict, need)
    assert found(repairer, case, strict, need) == every
    assert at_once(repairer, case, strict, need) <= every


if __name__ == "__main__":
    pytest.main([__file__])
