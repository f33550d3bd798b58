"""What a move brings nearer is what two evaluations of the whole case say, entry by entry."""

from __future__ import annotations

import brute
import pytest

from bvn_asp import store
from bvn_asp.cases.beside import Beside
from bvn_asp.cases.evaluate import Evaluator
from bvn_asp.errors import BvnError
from bvn_asp.model.outline import is_exclusion
from bvn_asp.repairs.answer import Repair
from bvn_asp.repairs.nearer import height
from bvn_asp.repairs.repair import Repairer


def evaluated(repairer, answer, readings, moves):
    case = Repair(tuple(moves)).applied_to(repairer.library, answer.case)
    if not repairer.evaluator.possible(case, answer.strict):
        return ()
    return repairer.evaluator.evaluate(case, readings, answer.strict, under_readings=False, with_open=False)


def nearer(answer, before, after):
    """The entries that are nearer, by two evaluations."""
    if not before or not after:
        return ()
    return tuple(
        (name, entry.id)
        for name, old, new in zip(answer.policies, before, after, strict=True)
        for entry in old.revision.rules.entries
        if not entry.is_group
        and height(new.statuses[entry.id], is_exclusion(old.revision, entry.id))
        > height(old.statuses[entry.id], is_exclusion(old.revision, entry.id))
    )


def held_to_evaluations(repairer, answer, readings):
    """How many questions were tried; each alternative by itself, and each move of a set as the last one."""
    ask = repairer._nearer(answer, readings)
    sets = [mend for part in answer.choices for mend in part] + [each.moves for each in answer.repairs]
    questions = {((), tuple(mend)) for mend in sets} | {((), (move,)) for mend in sets for move in mend}
    questions |= {(tuple(m for m in mend if m != move), tuple(mend)) for mend in sets for move in mend}
    raised = 0
    for before, after in sorted(questions, key=str)[:40]:
        old, new = (evaluated(repairer, answer, readings, moves) for moves in (before, after))
        want = nearer(answer, old, new)
        assert ask(before, after) == want
        raised += bool(want)
    return raised


def test_verdicts_alone_are_those_of_an_evaluation():
    seen = set()
    for seed in range(40):
        try:
            ready = brute.Ready(brute.make(seed))
        except BvnError:  # nobody can have that chart
            continue
        evaluator = ready.repairer.evaluator
        want = evaluator.evaluate(ready.case, ready.readings, ready.strict, under_readings=False, with_open=False)
        said = evaluator.verdicts(ready.case, ready.readings, ready.strict)
        assert said == tuple(each.verdict for each in want)
        seen.update(said)

    assert len(seen) >= 3


@pytest.mark.parametrize("lines", [False, True])
def test_of_random_charts(lines, tmp_path, monkeypatch):
    monkeypatch.setenv("BVN_CACHE", str(tmp_path / "store"))
    raised = 0
    with store.closed():
        store.allow(lines)
        for seed in range(lines, 60, 2):
            try:
                ready = brute.Ready(brute.make(seed))
                ready.found(contest=True)
            except BvnError:  # nobody can have that chart
                continue
            if lines:
                side_by_side = Evaluator(ready.library, ready.revisions)
                ready.repairer.beside = Beside(side_by_side, ready.case, ready.answer.evaluations, ready.strict)
            raised += held_to_evaluations(ready.repairer, ready.answer, ready.readings)

    assert raised > 30


@pytest.mark.parametrize("name", ["cohere-ma", "review-004"])
def test_of_a_chart_in_which_little_is_said(shipped, name):
    case = shipped.case({"title": "nearly nothing", "request": {"date": "2026-12-01"}, "facts": {"age": "50 years"}})
    repairer = Repairer(shipped, shipped.revisions([name], case.date))

    assert held_to_evaluations(repairer, repairer.repair(case, limit=1), None) > 10
