"""What each policy says in the notation of exceptions is what it said in rules that ask for readings.

`before/` keeps the texts as they were. One program holds both, in the same worlds under the same readings, and is asked
whether an entry can come out differently, or silence. When a policy is revised, its text here is revised with it, or
goes: a new edition has no text before.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from places import HERE

from bvn_asp.engine.program import Program, Seat
from bvn_asp.model.policy import Revision
from bvn_asp.model.reader import read_rules
from bvn_asp.model.vocabulary import term

BEFORE = HERE / "policies" / "before"
TEXTS = sorted(path.relative_to(BEFORE) for path in BEFORE.rglob("*.lp"))


def now(shipped, text: Path) -> Revision:
    policy = shipped.policies[text.parent.name]
    return next(each for each in policy.encoded if each.path is not None and each.path.name == text.name)


TOYS = sorted((HERE / "policies" / "before_toy").glob("*.lp"))


def made(revision: Revision, path: Path, source: str | None = None) -> Revision:
    """A revision with the readings of one that ships, and another text."""
    policy = revision.policy
    found = Revision(policy, "before", path=path)
    names = {term(each.name): each.term for each in policy.readings.values() if each.name}
    found.__dict__["rules"] = read_rules(path, policy.vocabulary, source, names)
    return found


def differences(library, one: Revision, other: Revision) -> bool:
    """Whether two texts can differ, with every reading of the policy free; a no is shown to have premises that hold."""
    program = Program(library.vocabulary, library.background, [Seat(one, 1, 0), Seat(other, 1, 0)], ["read_otherwise"])
    for reading in one.readings:
        for option in reading.options:
            program.show([program.reading(0, reading.id, option.name)])
    return program.allows([], [program.literal("differ")])


@pytest.mark.parametrize("text", TEXTS, ids=str)
def test_a_policy_says_what_it_said_before_under_every_combination_of_readings(shipped, text):
    new = now(shipped, text)
    old = made(new, BEFORE / text)

    assert new.entries.keys() == old.entries.keys()
    assert {each.id for each in new.readings} == {each.id for each in old.readings}
    assert not differences(shipped, old, new)


@pytest.mark.parametrize("text", TEXTS, ids=str)
def test_a_text_without_one_of_its_exceptions_is_told_apart(shipped, text):
    new = now(shipped, text)
    lines = new.path.read_text(encoding="utf-8").splitlines()
    marked = [each for each in new.rules.written if each.mark]
    assert marked, "the policy has not moved to the notation"

    for clause in (marked[0], marked[-1]):
        kept = [line for i, line in enumerate(lines, 1) if not clause.at[0] <= i <= clause.end[0]]
        assert differences(shipped, made(new, BEFORE / text), made(new, new.path, "\n".join(kept)))


def test_what_stands_plainly_is_the_default(shipped):
    for policy in shipped.policies.values():
        for revision in policy.encoded:
            for clause in revision.rules.written:
                if clause.mark:
                    reading = policy.reading(clause.mark.reading)
                    assert term(reading.default) != clause.mark.option, (revision.name, clause.at)


@pytest.mark.parametrize("text", TOYS, ids=lambda each: each.stem)
def test_the_toy_plan_says_what_it_said_before_too(toy, text):
    new = toy.library.revision(f"plan@{text.stem}")
    old = made(new, text)
    lines = new.path.read_text(encoding="utf-8").splitlines()
    without = [line for line in lines if not line.startswith(("unless", "instead"))]

    assert not differences(toy.library, old, new)
    assert len(lines) - len(without) == 2
    assert differences(toy.library, old, made(new, new.path, "\n".join(without)))
