"""Repairs by brute force: small random libraries and charts, and every set of moves tried on each.

A trial is plain data, so that a failing one can be shrunk and kept (`tests/repairs/toys.yaml`).
"""

from __future__ import annotations

import datetime
import itertools
import random
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from functools import cached_property, partial, reduce
from operator import and_, or_
from pathlib import Path
from typing import Any

import shrinking
import yaml

from bvn_asp import Library
from bvn_asp.cases.evaluate import Verdict
from bvn_asp.cases.presumptions import presumptions
from bvn_asp.classes import replace
from bvn_asp.engine.program import Choice, Program, Seat
from bvn_asp.errors import BvnError
from bvn_asp.model.case import Case, Value, absent_value, share
from bvn_asp.model.case_reader import make_case
from bvn_asp.model.vocabulary import CONTESTS, Several, Slot, Tied, term
from bvn_asp.repairs.answer import Repairs
from bvn_asp.repairs.moves import Move, holds_from
from bvn_asp.repairs.repair import Repairer

Trial = dict[str, Any]
Moves = frozenset[tuple[Slot, str, tuple[str, ...]]]
SEVERITY = ("none", "one", "two")
POOLS = (SEVERITY, SEVERITY, ("tried", "contraindicated", "not_tried"), ("lo", "mid", "hi", "top"))
UNITS = {"weeks": (6, 12, 26), "months": (3, 6, 12)}
CHANGES = ("never", "treat", "wait", "request", "precaution")


# -- random trials -----------------------------------------------------------------------------


def make(seed: int, several: bool = False, once: bool = False) -> Trial:
    """A small library with a chart, the same for the same seed.

    Args:
        several: most facts are per body, and the chart says of some that a body has them, not which.
        once: most facts are per body, and the chart says of some that one thing was done to two bodies.
    """
    draw = random.Random(seed)
    bodies = "AB" if draw.random() < 0.85 else "ABC"
    per = 0.7 if several or once else 0.25
    facts = {f"f{i}": _fact(draw, i, bool(draw.random() < per)) for i in range(draw.randint(2, 5))}
    _presume(draw, facts)
    optional = [bodies[-1]] if draw.random() < 0.35 else []
    vocabulary = {
        "indexes": {"body": {"about": "body", "members": {b: b for b in bodies}, "optional": optional}},
        "facts": {
            "Request": {
                "requested": {"about": "which", "type": "yes_no", "per": "body", "absent": "no", "change": "request"},
                "asked": {"about": "asked", "type": "count", "counts": [{"requested": "yes"}]},
            },
            "Person": facts,
        },
    }
    if draw.random() < 0.5:
        vocabulary["facts"]["Request"]["requested"]["towards"] = ["no"]
    read = draw.sample(sorted(facts), draw.randint(2, len(facts)))
    policies = [_policy(draw, {f: facts[f] for f in read}, bodies) for _ in range(draw.choice([1, 1, 1, 2, 3]))]
    need = draw.randint(1, len(policies))
    readings = {f"p{i}": {"R1": draw.choice(["one", "other"])} for i, p in enumerate(policies) if p["readings"]}
    lines = ['impossible("nothing asked") :- at_most(asked, 0).'] if draw.random() < 0.4 else []
    for _ in range(draw.choice([0, 0, 1, 2, 3])):
        tests = [_test(draw, facts, bodies) for _ in range(draw.choice([2, 2, 3]))]
        lines.append(f'impossible("x") :- {", ".join(tests)}.')
    _ways(random.Random(f"{seed} ways"), vocabulary)
    chart = _case(draw, facts, bodies, several)
    if once:
        _done(random.Random(f"{seed} once"), vocabulary, chart, bodies)
    return {
        "vocabulary": vocabulary,
        "background": lines,
        "policies": policies,
        "case": chart,
        "need": need,
        "strict": draw.random() < 0.25,
        "readings": readings,
    }


def _ways(draw: random.Random, vocabulary: dict[str, Any]) -> None:
    """What a request is made of, and what may be contested; drawn apart, so that older seeds stay what they were."""
    if draw.random() < 0.5:
        vocabulary["request"] = {"members": "requested", "one": "body", "many": "bodies"}
    contests: dict[str, Any] = {}
    for name, fact in vocabulary["facts"]["Person"].items():
        if draw.random() < 0.4:
            numeric = fact["type"] in ("number", "duration")
            values = ["yes", "no"] if fact["type"] == "yes_no" else list(fact.get("values", ()))
            some = [draw.choice(["up", "down"])] if numeric else draw.sample(values, draw.randint(1, len(values)))
            contests.setdefault(draw.choice(CONTESTS), {}).setdefault("somebody", {})[name] = some
    if contests:
        vocabulary["contests"] = contests


def _fact(draw: random.Random, i: int, per: bool) -> dict[str, Any]:
    kind = draw.choice(["yes_no", "yes_no", "one_of", "one_of", "number", "duration"])
    fact: dict[str, Any] = {"about": f"f{i}", "type": kind, "change": draw.choice(CHANGES)}
    if kind in ("yes_no", "one_of"):
        values = ("yes", "no") if kind == "yes_no" else draw.choice(POOLS)
        if kind == "one_of":
            fact["values"] = {v: v for v in values}
        if draw.random() < 0.2:
            fact["final"] = draw.sample(values, 1)
        if draw.random() < 0.7:
            fact["absent"] = "no" if kind == "yes_no" else draw.choice(values)
        if draw.random() < 0.6:
            fact["towards"] = draw.sample(values, draw.randint(1, len(values) - 1))
    else:
        fact |= {"unit": "points" if kind == "number" else draw.choice(list(UNITS)), "from": 0}
        fact |= {"to": 10, "step": 1} if kind == "number" else {"to": 520}
        if draw.random() < 0.6:
            fact["absent"] = str(draw.choice([0, 3, 7])) if kind == "number" else "0"
        if draw.random() < 0.7:
            fact["towards"] = [draw.choice(["up", "down"])]
    if per:
        fact["per"] = "body"
    return fact


def _presume(draw: random.Random, facts: dict[str, dict[str, Any]]) -> None:
    for name, fact in facts.items():
        if draw.random() < 0.4:
            fact["finding"] = "g"
        if "absent" in fact and draw.random() < 0.6:
            fact["presumed"] = True
            others = [each for each in facts if each != name]
            if draw.random() < 0.5:
                some = draw.sample(others, min(len(others), draw.randint(1, 2)))
                fact["doubted_by"] = [_sign(draw, each, facts[each]) for each in some]


def _sign(draw: random.Random, name: str, fact: dict[str, Any]) -> Any:
    """What may be recorded of a fact that puts another in doubt: that it is there, a value of it, a limit."""
    if draw.random() < 0.4:
        return name
    if fact["type"] in ("number", "duration"):
        limit = draw.choice([3, 5]) if fact["unit"] == "points" else draw.choice(UNITS[fact["unit"]])
        return f"{name} {draw.choice(['>=', '>', '<=', '<'])} {limit}"
    return {name: [draw.choice(["yes", "no"] if fact["type"] == "yes_no" else list(fact["values"]))]}


def _test(draw: random.Random, facts: dict[str, dict[str, Any]], bodies: str) -> str:
    if draw.random() < 0.2:
        asked = f"requested({term(draw.choice(bodies))})"
        return draw.choice([f"is({asked}, yes)", f"is({asked}, no)", "at_most(asked, 1)", "at_least(asked, 2)"])
    name = draw.choice(sorted(facts))
    fact = facts[name]
    atom = f"{name}({term(draw.choice(bodies))})" if "per" in fact else name
    if fact["type"] in ("yes_no", "one_of"):
        values = ("yes", "no") if fact["type"] == "yes_no" else tuple(fact["values"])
        some = draw.sample(values, 1 if len(values) == 2 or draw.random() < 0.6 else 2)
        return f"is({atom}, {some[0] if len(some) == 1 else '(' + '; '.join(some) + ')'})"
    unit = fact["unit"]
    limit = str(draw.choice([2, 3, 5])) if unit == "points" else f"{unit}({draw.choice(UNITS[unit])})"
    return f"{draw.choice(['at_least', 'more_than', 'at_most', 'less_than'])}({atom}, {limit})"


def _body(draw: random.Random, facts: dict[str, dict[str, Any]], bodies: str) -> str:
    literals = []
    for _ in range(draw.choice([1, 1, 2, 2, 3])):
        test = _test(draw, facts, bodies)
        literals.append(f"not {test}" if draw.random() < 0.3 and ";" not in test else test)
    per = [name for name, fact in facts.items() if "per" in fact and fact["type"] == "yes_no"]
    if per and draw.random() < 0.3:
        literals.append(f"requested(X), is({draw.choice(per)}(X), {draw.choice(['yes', 'no'])})")
    return ", ".join(literals)


def _policy(draw: random.Random, facts: dict[str, dict[str, Any]], bodies: str) -> dict[str, Any]:
    rules: list[str] = []
    readings = draw.random() < 0.3
    kinds = (("g1", "all_of", 2), ("g2", "any_of", 2), ("g3", "none_of", 2), ("g4", "at_least(2)", 3))
    for parent, kind, most in kinds:
        many = draw.randint(0, most)
        if not many:
            continue
        rules.append(f'group({parent}, root, {kind}, "{parent}", "x").')
        for i in range(max(many, 2) if kind == "at_least(2)" else many):
            rules.append(f'criterion({parent}c{i}, {parent}, "{parent}c{i}", "x").')
            for _ in range(draw.choice([1, 1, 2])):
                spoken = f", reading(r1, {draw.choice(['one', 'other'])})" if readings and draw.random() < 0.5 else ""
                rules.append(f"met({parent}c{i}) :- {_body(draw, facts, bodies)}{spoken}.")
    if not rules:
        rules = ['criterion(g1, root, "g1", "x").', f"met(g1) :- {_body(draw, facts, bodies)}."]
    return {"rules": rules, "readings": readings and any("reading(" in rule for rule in rules)}


def _value(draw: random.Random, fact: dict[str, Any]) -> Any:
    if fact["type"] in ("yes_no", "one_of"):
        values = ["yes", "no"] if fact["type"] == "yes_no" else list(fact["values"])
        if len(values) > 2 and draw.random() < 0.3:
            return {"one_of": draw.sample(values, 2)}
        return {"conflicting": draw.sample(values, 2)} if draw.random() < 0.15 else draw.choice(values)
    unit = fact["unit"]
    number = draw.choice([0, 1, 3, 4, 7] if unit == "points" else [0, 4, 8, 20])
    text = number if unit == "points" else f"{number} {unit}"
    if draw.random() < 0.3:
        return f"{draw.choice(['>=', '<='])} {text}"
    return text


def _case(
    draw: random.Random, facts: dict[str, dict[str, Any]], bodies: str, several: bool = False
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, fact in facts.items():
        if draw.random() < 0.5:
            continue
        if "per" in fact:
            found[name] = {b: _value(draw, fact) for b in draw.sample(bodies, draw.randint(1, 2))}
        else:
            found[name] = _value(draw, fact)
    for name in [each for each in facts if "per" in facts[each]] if several else []:
        if draw.random() < 0.7:
            value = _value(draw, facts[name])
            if not isinstance(value, dict):
                value = {"value": value, "count": draw.choice([1, 1, 2])}
            if "conflicting" not in value:
                found.setdefault(name, {})["somewhere"] = value
    request: dict[str, Any] = {"date": "2026-09-27"}
    if draw.random() < 0.8:
        request["bodies"] = sorted(draw.sample(bodies, draw.randint(1, 2)))
        if several and draw.random() < 0.3:
            request["bodies"] = 1
    return {"title": "random", "request": request, "facts": found}


def _done(draw: random.Random, vocabulary: dict[str, Any], chart: dict[str, Any], bodies: str) -> None:
    """One thing that was done to two bodies or three, of which one fact or two are known, or only that it was."""
    facts = vocabulary["facts"]["Person"]
    about = [name for name, fact in facts.items() if "per" in fact]
    if not about:
        return
    draw.shuffle(about)
    kinds = [about[:2], about[2:]] if len(about) > 2 and draw.random() < 0.7 else [[each] for each in about]
    vocabulary["events"] = {"done": {"about": "d", "per": "body", "facts": kinds}}
    entry: dict[str, Any] = {"at": draw.sample(bodies, draw.choice([2, len(bodies)]))}
    for name in draw.sample(about, draw.choice([1, 1, min(2, len(about))])):
        entry[name] = "unknown" if draw.random() < 0.4 else _value(draw, facts[name])
    for name in [each for kind in kinds if set(kind) & set(entry) for each in kind]:
        if draw.random() < 0.8:
            chart["facts"].pop(name, None)
    chart["facts"]["done"] = [entry]


# -- a trial on disk ---------------------------------------------------------------------------


def library(trial: Trial) -> Library:
    """The library of a trial, written to a folder of its own."""
    folder = Path(tempfile.mkdtemp())
    (folder / "vocabulary.yaml").write_text(yaml.safe_dump(trial["vocabulary"], sort_keys=False))
    (folder / "background.lp").write_text("\n".join(trial["background"]))
    for i, policy in enumerate(trial["policies"]):
        (folder / f"p{i}").mkdir()
        (folder / f"p{i}" / "1.lp").write_text("\n".join(policy["rules"]))
        about = {"id": f"p{i}", "title": "p", "publisher": "p", "kind": "coverage", "about": "p"}
        about |= {"revisions": {"1": {"file": "1.lp"}}}
        if policy["readings"]:
            options = {"one": "x", "other": "y"}
            about["readings"] = {"R1": {"place": "x", "question": "x", "default": "one", "options": options}}
        (folder / f"p{i}" / "policy.yaml").write_text(yaml.safe_dump(about, sort_keys=False))
    return Library(folder)


class Ready:
    """A trial whose chart can be evaluated."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.library = library(trial)
        self.vocabulary = self.library.vocabulary
        self.case = make_case(self.vocabulary, trial["case"])
        self.strict, self.readings, self.need = trial["strict"], trial["readings"], trial["need"]
        self.revisions = self.library.revisions()
        self.repairer = Repairer(self.library, self.revisions)
        seats = [Seat(each) for each in self.revisions]
        self.program = Program(
            self.vocabulary,
            self.library.background,
            seats,
            facts=self.vocabulary.facts,
            cuts={name: line.cuts for name, line in self.repairer.parted(self.case).program.lines.items()},
        )
        self.evaluate(self.case)

    def evaluate(self, case: Case) -> bool:
        """Whether enough policies approve a case, as `bvn compare` says.

        Raises: InputError: no patient can be so.
        """
        said = self.repairer.evaluator.evaluate(case, self.readings, under_readings=False, with_open=False)
        return sum(each.verdict is Verdict.APPROVE for each in said) >= self.need

    # -- every set of moves --------------------------------------------------------------------

    def worlds(self) -> int:
        """How many worlds there are, possible or not."""
        return reduce(lambda n, slot: n * len(self.program.values(slot)), self.program.slots, 1)

    def options(
        self, slot: Slot, contests: bool = False, others: bool = False
    ) -> Iterator[tuple[str, tuple[str, ...], frozenset[str]]]:
        """Every way to move a slot: kind, the values that are left, and the values that are ruled out.

        Args:
            contests: also what can be contested.
            others: also evidence about bodies that the request does not ask for.
        """
        fact, values, known = self.vocabulary.facts[slot.fact], self.program.values(slot), self.case.recorded
        held = presumptions(self.vocabulary, self.case)
        if slot in self.case.followers:
            return
        if slot in held:
            left = self.program.allowed(slot, held[slot])
            if len(left) < len(values):
                yield "document", left, frozenset()
            return
        kept = self.program.allowed(slot, known[slot]) if slot in known else values
        absent = absent_value(fact)
        nothing = set(self.program.allowed(slot, absent)) if absent is not None else set()
        offers = [("document", kept)]
        said = [each for each in self.case.said_of_several.items() if not isinstance(each[0], Tied)]
        meant = [s for s, value in said if slot in s.parts and slot in known and share(known[slot], value)]
        if slot in known and not meant and fact.change != "never" and not set(kept) <= set(fact.final):
            offers.append((fact.change, self._towards(slot, fact.towards, kept)))
        if contests and slot in known and not meant and fact.contest is not None:
            offers.append((fact.contest.kind, self._towards(slot, fact.contest.towards, kept)))
        elsewhere = not others and not fact.presumed and all(map(self._unasked, self.case.tied_to(slot)))
        for kind, offered in offers:
            if elsewhere and (nothing or kind == "document"):
                offered = tuple(v for v in offered if v in nothing)
            for size in range(1, len(offered) + 1):
                for left in itertools.combinations(offered, size):
                    places = [values.index(v) for v in left]
                    if fact.is_numeric and places[-1] - places[0] != size - 1:
                        continue
                    if set(left) >= set(kept) if kind == "document" else set(left) <= set(kept):
                        continue
                    if kind == "document" and fact.presumed and nothing & set(kept) - set(left):
                        continue  # no evidence is asked for an exclusion
                    yield kind, left, frozenset(offered) - set(left)

    def _towards(self, slot: Slot, towards: Sequence[str], kept: Sequence[str]) -> tuple[str, ...]:
        values = self.program.values(slot)
        if self.vocabulary.facts[slot.fact].is_numeric and towards:
            first, last = values.index(kept[0]), values.index(kept[-1])
            return values[first:] if "up" in towards else values[: last + 1]
        return tuple(v for v in values if not towards or v in towards)

    def _unasked(self, slot: Slot) -> bool:
        """Whether a slot is about a body for which the request, saying for which it asks, does not ask."""
        if not self.vocabulary.request.members or not slot.member or slot.fact == "requested":
            return False
        records = [each for each in self.case.records if each.slot.fact == "requested"]
        asked = {r.slot.member for r in records if r.value is None or "yes" in str(r.value)}
        return bool(asked) and slot.member not in asked

    def ways(self, **how: bool) -> int:
        """How many sets of moves there are."""
        return reduce(lambda n, slot: n * (1 + sum(1 for _ in self.options(slot, **how))), self.program.slots, 1)

    def moved(self, moves: Moves) -> Case:
        values = {slot: self.program.as_value(slot, left) for slot, _, left in moves}
        return self.case.with_values(self.vocabulary, values)

    @cached_property
    def table(self) -> _Worlds:
        return _Worlds(self)

    def brute(self, **how: bool) -> dict[Moves, frozenset[object]]:
        """The smallest sets of moves after which enough policies approve, and nothing is presumed otherwise.

        Args:
            how: as `options`.

        Returns: each with what it asks for.
        """
        table = self.table
        held = presumptions(self.vocabulary, self.case)
        somewhere = table.mask(self.case.said_of_several)
        listed = [[(None, table.loosest(slot)), *self._masked(table, slot, **how)] for slot in self.program.slots]
        tried: list[tuple[int, frozenset[object], Moves]] = []
        for pick in itertools.product(*listed):
            if not table.might(reduce(and_, (mask for _, mask in pick), somewhere)):
                continue  # not approved however much is presumed
            moves = [(slot, *each) for slot, (each, _) in zip(self.program.slots, pick, strict=True) if each]
            atoms = {(slot, kind) for slot, kind, _, _ in moves} | {(s, v) for s, _, _, out in moves for v in out}
            tried.append((len(atoms), frozenset(atoms), frozenset((s, kind, left) for s, kind, left, _ in moves)))
        good: list[tuple[frozenset[object], Moves]] = []
        for _, atoms, moves in sorted(tried, key=lambda each: each[0]):
            if any(other < atoms for other, _ in good):
                continue
            moved = self.moved(moves)
            known = moved.recorded | presumptions(self.vocabulary, moved)
            still = moved.recorded | {s: v for s, v in held.items() if moved.get(s) is None}
            if table.approves(known) and table.possible(still):
                good.append((atoms, moves))
        for _, moves in good:
            assert self.evaluate(self.moved(moves))
        draw = random.Random(len(tried))
        for _ in range(5):
            some = [(slot, draw.choice(options)[0]) for slot, options in zip(self.program.slots, listed, strict=True)]
            self.check(table, frozenset((slot, *each[:2]) for slot, each in some if each))
        return {moves: atoms for atoms, moves in good}

    def timely(self, found: Mapping[Moves, frozenset[object]]) -> set[Moves]:
        """The sets of moves but for those than which another asks less besides waiting, and is there no later."""
        asks = {}
        for moves, atoms in found.items():
            days = {}
            for slot, kind, left in moves:
                new = self.program.as_value(slot, left)
                move = Move(slot, kind, self.case.recorded.get(slot), new)
                day = holds_from(self.vocabulary, self.case, move)
                if day is not None:
                    days[slot] = day
            rest = frozenset(each for each in atoms if each[0] not in days)  # type: ignore[index]
            asks[moves] = rest, max(days.values(), default=datetime.date.min)
        return {
            moves
            for moves, (own, day) in asks.items()
            if not any(o <= own and d <= day and (o, d) != (own, day) for o, d in asks.values())
        }

    def _masked(
        self, table: _Worlds, slot: Slot, **how: bool
    ) -> Iterator[tuple[tuple[str, tuple[str, ...], frozenset[str]], int]]:
        for kind, left, out in self.options(slot, **how):
            yield (kind, left, out), reduce(or_, (table.bits[slot, value] for value in left))

    def block(self) -> str:
        """What is wrong with the exclusions that are to be ruled out where nothing is presumed; "" if nothing."""
        for made in self.answer.repairs if self.strict else ():
            for left in [None, *made.ruled_out]:
                rest = tuple(each for each in made.ruled_out if each != left)
                moved = replace(made, ruled_out=rest).applied_to(self.library, self.case)
                known = moved.recorded | presumptions(self.vocabulary, moved, strict=True)
                if self.table.approves(known) is not (left is None):
                    return f"ruled out: {left or 'too few'}"
        return ""

    def check(self, table: _Worlds, moves: Moves) -> None:
        """Hold the table of worlds to an evaluation."""
        moved = self.moved(moves)
        known = moved.recorded | presumptions(self.vocabulary, moved)
        try:
            said = self.evaluate(moved)
        except BvnError:
            assert not table.possible(known)
            return
        assert said is table.approves(known), moves

    # -- what is under test --------------------------------------------------------------------

    def found(self, **how: Any) -> set[Moves]:
        """The sets that `repair` lists, as `brute` writes them."""
        answer = self.repairer.repair(
            self.case, self.readings, self.strict, self.need, limit=100_000, **how
        )
        self.answer = answer
        return self.listed(answer)

    def listed(self, answer: Repairs) -> set[Moves]:
        """The sets of an answer, as `brute` writes them."""
        allowed = self.program.allowed
        return {frozenset((m.slot, m.kind, allowed(m.slot, m.new)) for m in each.moves) for each in answer.repairs}


class _Worlds:
    """Every world that is a patient's, and which of them each policy approves, as the bits of a number."""

    def __init__(self, ready: Ready) -> None:
        self.ready, self.program, self.need = ready, ready.program, ready.need
        seats = range(len(ready.revisions))
        chosen = [ready.library.chosen_readings(each, ready.readings) for each in ready.revisions]
        spoken = [literal for i, each in enumerate(chosen) for literal in self.program.read(i, each)]
        goals = [self.program.literal("verdict", i, "approve") for i in seats]
        self.bits: dict[tuple[Slot, str], int] = {(s, v): 0 for s in self.program.slots for v in self.program.values(s)}
        self.all, self.good, bit = 0, [0 for _ in seats], 1
        for pick in itertools.product(*(self.program.values(slot) for slot in self.program.slots)):
            picked = list(zip(self.program.slots, pick, strict=True))
            true = self.program.truth(goals, [*spoken, *(self.program.choices[Choice(s, v, 1)] for s, v in picked)])
            if true is None:
                continue
            for each in picked:
                self.bits[each] |= bit
            self.all |= bit
            for i, goal in enumerate(goals):
                self.good[i] |= bit if goal in true else 0
            bit <<= 1

    def mask(self, known: Mapping[Slot, Value]) -> int:
        allowed = self.program.allowed
        found = self.all
        for slot, value in known.items():
            if isinstance(slot, Tied):
                alike = (reduce(and_, (self.bits[p, v] for p in slot.parts)) for v in self.program.values(slot.first))
                found &= reduce(or_, alike)
                continue
            having = [reduce(or_, (self.bits[each, v] for v in allowed(each, value)), 0) for each in slot.parts]
            found &= _so_many(having, slot.least, slot.most, self.all) if isinstance(slot, Several) else having[0]
        return found

    def loosest(self, slot: Slot) -> int:
        """The worlds that a slot leaves if nothing is moved, and it is presumed wherever it could be."""
        if slot in self.ready.case.followers:
            return self.all
        record = self.ready.case.get(slot)
        value = record.value if record else absent_value(self.ready.vocabulary.facts[slot.fact])
        return self.all if value is None else self.mask({slot: value})

    def might(self, mask: int) -> bool:
        """Whether some set of worlds that contains these, or any set if these are none, could all be approved."""
        return not mask or sum(not mask & ~good for good in self.good) >= self.need

    def possible(self, known: Mapping[Slot, Value]) -> bool:
        return bool(self.mask(known))

    def approves(self, known: Mapping[Slot, Value]) -> bool:
        mask = self.mask(known)
        return bool(mask) and sum(not mask & ~good for good in self.good) >= self.need


def _so_many(having: Sequence[int], least: int, most: int | None, whole: int) -> int:
    """The worlds in which so many of some slots have a value, each given by the worlds in which it has."""
    found = 0
    for size in range(least, (len(having) if most is None else most) + 1):
        for some in itertools.combinations(range(len(having)), size):
            found |= reduce(and_, (each if i in some else ~each for i, each in enumerate(having)), whole)
    return found


# -- search and shrink -------------------------------------------------------------------------


def wrong(trial: Trial, most: int = 3000, worlds: int = 3000) -> str | None:
    """What `repair` gets wrong of a trial; "" if nothing, None if the trial says nothing.

    Args:
        most, worlds: pass over trials with more sets of moves, or more worlds, than these.
    """
    try:
        ready = Ready(trial)
    except BvnError:
        return None
    if ready.ways() > most or ready.worlds() > worlds:
        return None
    every = ready.brute()
    want = ready.timely(every)
    try:
        got = ready.found(contest=True)
        ready.repairer.placed(ready.answer, ready.readings)
    except BvnError as error:
        return f"error: {error}"
    said = _compared(ready, ready.answer, got, want) or ready.block() or _contested(ready, ready.answer, most)
    if said:
        return said
    if bool(ready.answer.blocks) and want:
        return "blocked although there is a way"
    if not want and ready.answer.elsewhere is not bool(ready.brute(others=True)):
        return "wrong of other bodies"
    try:
        fast = ready.found(seconds=0)
    except BvnError as error:
        return f"at once, error: {error}"
    return "" if fast <= every.keys() else f"at once, not so: {spell(fast - every.keys())}"


def _compared(ready: Ready, answer: Repairs, got: set[Moves], want: set[Moves]) -> str:
    if got - want:
        return f"not so: {spell(got - want)}"
    if want - got:
        return f"missing: {spell(want - got)}"
    return "" if answer.complete and answer.count == len(got) == len(answer.repairs) else "miscounted"


def _contested(ready: Ready, answer: Repairs, most: int) -> str:
    """What is wrong with the sets that contest something; those are no sets without a contest."""
    if ready.ways(contests=True) > most:
        return ""
    timely = ready.timely(ready.brute(contests=True))
    want = {moves for moves in timely if any(kind in CONTESTS for _, kind, _ in moves)}
    if answer.contests is None:
        return f"not contested: {spell(want)}" if want else ""
    said = _compared(ready, answer.contests, ready.listed(answer.contests), want)
    return f"contests, {said}" if said else ""


def spell(sets: Iterable[Moves]) -> list[list[str]]:
    return sorted(sorted(f"{slot} {kind} {'/'.join(left)}" for slot, kind, left in each) for each in sets)


def shrunk(trial: Trial) -> Trial:
    """A smaller trial that is wrong in the same way."""
    return shrinking.shrunk(trial, _smaller, wrong, lambda said: said.partition(":")[0])


def _smaller(trial: Trial) -> Iterator[Trial]:
    without = partial(shrinking.without, trial)

    if len(trial["policies"]) > 1:
        for i in range(len(trial["policies"])):
            kept = trial["policies"][:i] + trial["policies"][i + 1 :]
            yield {**deepcopy(trial), "policies": kept, "need": min(trial["need"], len(kept)), "readings": {}}
    for i, policy in enumerate(trial["policies"]):
        for j in range(len(policy["rules"])):
            yield without(["policies", i, "rules"], j)
    for j in range(len(trial["background"])):
        yield without(["background"], j)
    for fact in trial["case"]["facts"]:
        yield without(["case", "facts"], fact)
    for key in ("bodies", "date"):
        if key in trial["case"]["request"]:
            yield without(["case", "request"], key)
    people = trial["vocabulary"]["facts"]["Person"]
    for fact in people:
        yield without(["vocabulary", "facts", "Person"], fact)
    for fact, known in people.items():
        for key in ("presumed", "finding", "doubted_by", "towards", "change", "per", "absent"):
            if key in known:
                yield without(["vocabulary", "facts", "Person", fact], key)
    if trial["vocabulary"]["indexes"]["body"]["optional"]:
        yield without(["vocabulary", "indexes", "body", "optional"], 0)
    for i, policy in enumerate(trial["policies"]):
        for j, rule in enumerate(policy["rules"]):
            head, arrow, body = rule.partition(" :- ")
            parts = re.split(r", (?![^()]*\))", body.removesuffix("."))
            for k in range(len(parts) if arrow and len(parts) > 1 else 0):
                copy = deepcopy(trial)
                copy["policies"][i]["rules"][j] = f"{head} :- {', '.join(parts[:k] + parts[k + 1 :])}."
                yield copy
