"""Answers by brute force: small random libraries and charts, and every world of each chart looked at.

The second hand of `compare` and `batch`. What rules mean is taken from `bvn_asp/certificates` (its own parser, grounder
and completion, no clingo); worlds, statuses, verdicts, blame, open facts, readings and presumptions are written down
here once more, from `docs/semantics.md`. Shared with what is tested: the readers of vocabulary and records, and the
cells of numbers (`model/quantity.py`).

A trial is plain data, so that a failing one can be shrunk and kept (`tests/agreement.yaml`).
"""

from __future__ import annotations

import datetime
import itertools
import json
import random
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property, partial, reduce
from operator import and_, or_
from pathlib import Path
from typing import Any

import pyarrow as pa
import shrinking

from bvn_asp import Library
from bvn_asp.batch.decide import STATUSES, VERDICTS, Decider
from bvn_asp.cases.evaluate import Evaluation, Evaluator
from bvn_asp.cases.possible import parse_case
from bvn_asp.certificates.parse import parse
from bvn_asp.certificates.translate import Text, Translation, read_text
from bvn_asp.errors import BvnError, InputError
from bvn_asp.model.case import Case, Named, Record, Value, absent_value, share
from bvn_asp.model.clauses import atoms, functor
from bvn_asp.model.policy import Revision
from bvn_asp.model.quantity import ANY, Cut, Interval, Line, Quantity, Span, cuts_of, exactly
from bvn_asp.model.values import parse_value
from bvn_asp.model.vocabulary import Sign, Slot, Vocabulary, term

Trial = dict[str, Any]
Row = dict[str, Any]
POOLS = (("none", "one", "two"), ("tried", "ruled_out", "not_tried"), ("lo", "mid", "hi", "top"))
UNITS = {"weeks": (4, 10, 30), "months": (3, 6, 12)}
POINTS = (2, 3, 5)
OPERATORS = ("at_least", "more_than", "at_most", "less_than")
DATE = "2026-09-27"
JUDGES = ("first", "second")


# -- random trials -----------------------------------------------------------------------------


def make(seed: int) -> Trial:
    """A small library with some charts, the same for the same seed."""
    maker = _Maker(random.Random(seed))
    trial = maker.trial()
    maker.draw = random.Random(f"{seed} told")
    maker.told(trial)
    maker.draw = random.Random(f"{seed} numbers")
    maker.numbers(trial)
    return trial


class _Maker:
    """Draws one trial."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.bodies = "AB" if draw.random() < 0.7 else "ABC"
        self.discs = [f"{a}-{b}" for a, b in itertools.pairwise(self.bodies)]
        self.facts: dict[str, dict[str, Any]] = {}

    def maybe(self, share: float) -> bool:
        return self.draw.random() < share

    def trial(self) -> Trial:
        draw = self.draw
        self.facts = {f"f{i}": self.fact(i) for i in range(draw.randint(2, 5))}
        for name in self.facts:
            self.presume(name)
        few = [self.bodies[-1]] if self.maybe(0.35) else []
        discs = {"about": "disc", "between": "body", "members": {each: each for each in self.discs}}
        if few and self.maybe(0.5):
            discs["optional"] = [self.discs[-1]]
        policies = [self.policy() for _ in range(draw.choice([1, 1, 2, 3]))]
        lines = ['impossible("nothing asked") :- at_most(asked, 0).'] if self.maybe(0.4) else []
        for _ in range(draw.choice([0, 0, 1, 2, 3])):
            lines.append(f'impossible("x") :- {", ".join(self.test() for _ in range(draw.choice([2, 2, 3])))}.')
        either = [name for name, fact in self.facts.items() if fact["type"] == "yes_no" and "per" not in fact]
        if either and self.maybe(0.4):  # what rules everybody out may be one thing or another
            name = draw.choice(either)
            lines += [f'impossible("{value}") :- is({name}, {value}), {self.test()}.' for value in ("yes", "no")]
        pair = [["A", "B"]] if self.bodies == "AB" else [["A", "B"], ["B", "C"]]
        vocabulary: dict[str, Any] = {
            "request": {"members": "requested", "one": "body", "many": "bodies"},
            "relations": {"touches": {"ends": "disc"}, "adjacent": {"neighbours": "body"}, "within": {"order": "body"}},
            "indexes": {
                "body": {"about": "b", "members": {b: b for b in self.bodies}, "optional": few, "neighbours": pair},
                "disc": discs,
            },
            "facts": {
                "Request": {
                    "requested": {"about": "r", "type": "yes_no", "per": "body", "absent": "no", "change": "request"},
                    "asked": {"about": "a", "type": "count", "counts": [{"requested": "yes"}]},
                },
                "Person": dict(self.facts),
            },
        }
        doubts = {f"D{i}": each for i in range(draw.choice([0, 0, 1, 2])) if (each := self.doubt())}
        if doubts:
            vocabulary["doubts"] = doubts
        names = {f"p{i}": each for i, each in enumerate(policies)}
        return {
            "vocabulary": vocabulary,
            "background": lines,
            "policies": policies,
            "readings": {p: {r: draw.choice(list(o)) for r, o in each["readings"].items() if self.maybe(0.4)}
                         for p, each in names.items()},
            "strict": self.maybe(0.2),
            "charts": [self.chart() for _ in range(10)],
        }

    # -- a vocabulary --------------------------------------------------------------------------

    def fact(self, i: int) -> dict[str, Any]:
        draw = self.draw
        kind = draw.choice(["yes_no", "yes_no", "one_of", "one_of", "number", "duration"])
        made: dict[str, Any] = {"about": f"f{i}", "type": kind, "change": "treat"}
        if kind in ("yes_no", "one_of"):
            values = ("yes", "no") if kind == "yes_no" else draw.choice(POOLS)
            if kind == "one_of":
                made["values"] = {v: v for v in values}
            if self.maybe(0.75):
                made["absent"] = "no" if kind == "yes_no" else draw.choice(values)
        else:
            made |= {"unit": "points" if kind == "number" else draw.choice(list(UNITS)), "from": 0}
            made |= {"to": 6, "step": 1} if kind == "number" else {"to": 520}
            if self.maybe(0.7):
                made["absent"] = str(draw.choice([0, 2, 4])) if kind == "number" else "0"
        if self.maybe(0.35) and kind != "duration":
            made["per"] = "body" if self.maybe(0.7) else "disc"
        return made

    def presume(self, name: str) -> None:
        draw, fact = self.draw, self.facts[name]
        if self.maybe(0.4):
            fact["finding"] = draw.choice("gh")
        if "absent" in fact and self.maybe(0.7):
            fact["presumed"] = True
            others = [each for each in self.facts if each != name]
            if self.maybe(0.45):
                fact["doubted_by"] = [self.sign(o) for o in draw.sample(others, min(len(others), draw.randint(1, 2)))]

    def sign(self, name: str) -> Any:
        """What may be recorded of a fact that puts another in doubt: that it is there, a value, a limit, a member."""
        draw, fact = self.draw, self.facts[name]
        if self.maybe(0.3):
            return name
        if "per" in fact and self.maybe(0.4):
            return {name: [draw.choice(self.members(fact))]}
        if fact["type"] in ("number", "duration"):
            return f"{name} {draw.choice(['>=', '>', '<=', '<'])} {self.limit(fact)}"
        return {name: [draw.choice(self.values(fact))]}

    def doubt(self) -> dict[str, Any] | None:
        draw = self.draw
        presumed = [name for name, fact in self.facts.items() if fact.get("presumed")]
        if not presumed:
            return None
        of: list[Any] = []
        for name in draw.sample(presumed, min(len(presumed), draw.randint(1, 2))):
            per = "per" in self.facts[name] and self.maybe(0.5)
            of.append({name: [draw.choice(self.members(self.facts[name]))]} if per else name)
        by: list[Any] = [self.sign(draw.choice(list(self.facts))) for _ in range(draw.randint(1, 2))]
        if self.maybe(0.2):
            by.append({"requested": [draw.choice(self.bodies)]} if self.maybe(0.5) else "requested")
        return {"why": "so", "of": of, "by": by}

    def members(self, fact: Mapping[str, Any]) -> list[str]:
        return list(self.bodies) if fact.get("per") == "body" else self.discs if "per" in fact else []

    @staticmethod
    def values(fact: Mapping[str, Any]) -> list[str]:
        return ["yes", "no"] if fact["type"] == "yes_no" else list(fact["values"])

    def limit(self, fact: Mapping[str, Any]) -> str:
        """An amount in the fact's own unit, as a sign has it."""
        return str(self.draw.choice(POINTS if fact["unit"] == "points" else UNITS[fact["unit"]]))

    # -- rules ---------------------------------------------------------------------------------

    def slot(self, name: str, member: str = "") -> str:
        members = self.members(self.facts[name])
        return f"{name}({member or term(self.draw.choice(members))})" if members else name

    def holds(self, name: str, member: str = "", many: bool = True) -> str:
        """A test of a fact."""
        draw, fact = self.draw, self.facts[name]
        atom = self.slot(name, member)
        if fact["type"] in ("yes_no", "one_of"):
            values = self.values(fact)
            some = draw.sample(values, 2 if many and len(values) > 2 and self.maybe(0.4) else 1)
            return f"is({atom}, {some[0] if len(some) == 1 else '(' + '; '.join(some) + ')'})"
        if fact["unit"] == "points":
            return f"{draw.choice(OPERATORS)}({atom}, {draw.choice(POINTS)})"
        unit = draw.choice(list(UNITS))
        return f"{draw.choice(OPERATORS)}({atom}, {unit}({draw.choice(UNITS[unit])}))"

    def test(self) -> str:
        draw = self.draw
        if self.maybe(0.15):
            asked = f"requested({term(draw.choice(self.bodies))})"
            return draw.choice([f"is({asked}, yes)", f"is({asked}, no)", "at_most(asked, 1)", "at_least(asked, 2)"])
        return self.holds(draw.choice(list(self.facts)))

    def body(self, helpers: Sequence[str] = ()) -> str:
        draw = self.draw
        parts = []
        for _ in range(draw.choice([1, 1, 2, 2, 3])):
            test = self.test()
            parts.append(f"not {test}" if ";" not in test and self.maybe(0.3) else test)
        by_body = [name for name, fact in self.facts.items() if fact.get("per") == "body"]
        by_disc = [name for name, fact in self.facts.items() if fact.get("per") == "disc"]
        if by_body and self.maybe(0.4):
            name = draw.choice(by_body)
            parts.append(draw.choice([
                f"requested(X), {self.holds(name, 'X')}",
                f"within(X, {self.stretch()}), {self.holds(name, 'X')}",
                f"adjacent(X, {term(draw.choice(self.bodies))}), {self.holds(name, 'X')}",
                f"{self.holds(name, 'X', many=False)} : requested(X)",
                f"{draw.choice([1, 2])} {{ {self.holds(name, 'X', many=False)} : body(X) }}",
                f"{{ {self.holds(name, 'X', many=False)} : body(X) }} {draw.choice([0, 1])}",
            ]))
        if by_disc and self.maybe(0.4):
            parts.append(f"disc(Y), touches(Y, Z), requested(Z), {self.holds(draw.choice(by_disc), 'Y')}")
        if helpers and self.maybe(0.3):
            parts.append(draw.choice(["", "not "]) + draw.choice(helpers))
        draw.shuffle(parts)
        return "; ".join(parts)

    def stretch(self) -> str:
        """From one body to another, or to itself."""
        first, last = sorted(self.draw.choices(range(len(self.bodies)), k=2))
        return f"{term(self.bodies[first])}, {term(self.bodies[last])}"

    def policy(self) -> dict[str, Any]:
        draw, rules = self.draw, list[str]()
        readings = {f"R{i}": draw.choice([("one", "other"), ("one", "other", "third")])
                    for i in range(1, 1 + draw.choice([0, 0, 1, 2]))}
        helpers = [f"h{i}" for i in range(draw.choice([0, 0, 1, 2]))]
        entries: list[str] = []

        def under(parent: str, kinds: Sequence[str], depth: int) -> None:
            for kind in kinds:
                group = f"g{len(rules)}"
                many = draw.randint(2, 3) if kind == "at_least(2)" else draw.randint(1, 2)
                rules.append(f'group({group}, {parent}, {kind}, "{group}", "x").')
                for _ in range(many):
                    if depth and self.maybe(0.3):
                        under(group, [draw.choice(["all_of", "any_of", "none_of", "at_least(2)"])], depth - 1)
                        continue
                    entry = f"c{len(rules)}"
                    entries.append(entry)
                    rules.append(f'criterion({entry}, {group}, "{entry}", "x").')

        under("root", draw.sample(["all_of", "any_of", "none_of", "at_least(2)"], draw.randint(1, 3)), 1)
        heads = []
        for head in [*(f"met({entry})" for entry in entries), *helpers]:
            for _ in range(draw.choice([1, 1, 2])):
                spoken = ""
                if readings and self.maybe(0.35):
                    name = draw.choice(list(readings))
                    spoken = f"; reading({name.lower()}, {draw.choice(readings[name])})"
                heads.append(head)
                known = [] if head in helpers else helpers
                rules.append(f"{head} :- {self.body(known)}{spoken}.")
        for word in ("instead", "besides", "unless"):
            if readings and self.maybe(0.25):
                name = draw.choice(list(readings))
                option = draw.choice(readings[name][1:])
                rules.append(f"{word}({name.lower()}, {option}, {draw.choice(heads)}) :- {self.body()}.")
        if self.maybe(0.15):
            rules.append(f'silent("not for us") :- {self.body()}.')
        # with readings it is a matter of taste whether a rule that holds under none of them reads anything
        never = draw.sample(entries, 1) if entries and not readings and self.maybe(0.3) else []
        return {"rules": rules, "readings": {r: list(o) for r, o in readings.items()}, "never": never}

    # -- charts --------------------------------------------------------------------------------

    def chart(self) -> Row:
        draw = self.draw
        share = draw.choice([0.3, 0.5, 0.8, 0.95])
        found: Row = {}
        for name, fact in self.facts.items():
            for member in self.members(fact) or [""]:
                if self.maybe(share):
                    found[f"{name}.{member}" if member else name] = self.written(fact)
        for body in self.bodies:
            if self.maybe(0.8):
                found[f"requested.{body}"] = draw.choice(["yes", "yes", "no", "unknown"])
        return found

    def written(self, fact: Mapping[str, Any]) -> Any:
        draw, way = self.draw, self.draw.random()
        if fact["type"] in ("yes_no", "one_of"):
            values = self.values(fact)
            if way < 0.55:
                return draw.choice(values)
            if way < 0.65:
                return "unknown"
            some = draw.sample(values, draw.randint(2, len(values)) if way < 0.85 else 2)
            return {"one_of" if way < 0.85 else "conflicting": some}
        if way < 0.05:
            return "unknown"
        if fact["type"] == "number":
            some = [str(each) for each in sorted(draw.sample(range(7), 2))]
        else:
            unit = draw.choice(list(UNITS))
            some = [f"{each} {unit}" for each in sorted(draw.sample([0, 3, 4, 6, 12, 13, 26, 30], 2))]
            if way < 0.2:
                return {"since": f"2026-{draw.randint(1, 9):02}-{draw.randint(1, 27):02}"}
        if way < 0.5:
            return draw.choice(some)
        if way < 0.75:
            return draw.choice([f">= {some[0]}", f"<= {some[1]}", f"> {some[0]}", f"< {some[1]}"])
        return f"{some[0]} to {some[1]}" if way < 0.9 else {"conflicting": some}

    # -- other ways to tell --------------------------------------------------------------------

    def told(self, trial: Trial) -> None:
        """Silent reports, whose judgement it is, how old a document is, what is somewhere, and how many are asked for.

        Drawn apart, so that older seeds stay what they were.
        """
        if self.maybe(0.3):
            self.judged(trial)
        if self.maybe(0.25):
            self.dated(trial)
        if self.maybe(0.3):
            for row in trial["charts"]:
                for name in self.slots():
                    if name not in row and self.maybe(0.3):
                        row[name] = "not_reported"
        if self.maybe(0.3) and any("per" in each for each in self.facts.values()):
            for row in trial["charts"]:
                if self.maybe(0.5):
                    self.somewhere(trial, row)
        if self.maybe(0.15):
            for row in trial["charts"]:
                self.counted(row)

    def slots(self) -> list[str]:
        return [f"{name}.{m}" if m else name for name, fact in self.facts.items() for m in self.members(fact) or [""]]

    def judged(self, trial: Trial) -> None:
        """Whose judgement something is, and rules that ask for one person's word."""
        named = [name for name, fact in self.facts.items() if fact["type"] in ("yes_no", "one_of")]
        if not named:
            return
        name = self.draw.choice(named)
        trial["vocabulary"]["judges"] = dict.fromkeys(JUDGES, "x")
        self.facts[name]["judgement"] = True
        view = {"about": "v", "view": {"of": name, "by": self.draw.choice(JUDGES)}}
        trial["vocabulary"]["facts"]["Person"] |= {"view": view}
        for policy in trial["policies"]:
            policy["rules"] = [
                re.sub(rf"\bis\({name}\b", lambda m: "is(view" if self.maybe(0.4) else m[0], rule)
                for rule in policy["rules"]
            ]
        for row in trial["charts"]:
            for key in [each for each in row if each.partition(".")[0] == name]:
                if self.maybe(0.6):
                    row[key] = self.by(self.facts[name])

    def by(self, fact: Mapping[str, Any]) -> Any:
        draw, values = self.draw, self.values(fact)

        def one() -> Any:
            way = draw.random()
            if way < 0.7:
                return draw.choice(values)
            return "unknown" if way < 0.8 else {"one_of": draw.sample(values, 2)}

        if self.maybe(0.4):
            said = one()
            return {**(said if isinstance(said, dict) else {"value": said}), "by": draw.choice(JUDGES)}
        return {"by": {who: one() for who in draw.sample(JUDGES, draw.randint(1, len(JUDGES)))}}

    def dated(self, trial: Trial) -> None:
        """How old the evidence for something is, and rules that ask."""
        name = self.draw.choice(list(self.facts))
        age = {"about": "a", "type": "duration", "unit": "months", "from": 0, "to": 520, "age_of": name}
        if "per" in self.facts[name]:
            age["per"] = self.facts[name]["per"]
        trial["vocabulary"]["facts"]["Person"] |= {"age": age}
        slot = self.slot(name).replace(name, "age", 1)
        for policy in trial["policies"]:
            for i, rule in enumerate(policy["rules"]):
                if " :- " in rule and self.maybe(0.4):
                    test = f"{self.draw.choice(OPERATORS)}({slot}, months({self.draw.choice(UNITS['months'])}))"
                    policy["rules"][i] = f"{rule.removesuffix('.')}; {self.draw.choice(['', 'not '])}{test}."
        for row in trial["charts"]:
            for key in [each for each in row if each.partition(".")[0] == name]:
                if self.maybe(0.6):
                    row[key] = self.with_evidence(row[key])

    def with_evidence(self, said: Any) -> Any:
        if isinstance(said, dict) and "by" in said:
            return said
        days = [f"{self.draw.choice([2025, 2026])}-{self.draw.randint(1, 12):02}-{self.draw.randint(1, 28):02}"
                for _ in range(self.draw.choice([1, 1, 2]))]
        said = said if isinstance(said, dict) else {"value": said}
        return {**said, "evidence": [{"document": "d", "date": day} for day in days]}

    def somewhere(self, trial: Trial, row: Row) -> None:
        """What a chart says of several members without saying of which."""
        name = self.draw.choice([name for name, fact in self.facts.items() if "per" in fact])
        fact = self.facts[name]
        members = self.members(fact)
        key = f"{name}.somewhere"
        if not set(members) - set(trial["vocabulary"]["indexes"][fact["per"]].get("optional", ())):
            return
        if fact["per"] == "body" and self.maybe(0.4):  # a longer stretch would leave out whom few people have
            first = self.draw.randrange(len(members) - 1)
            key += f" in {members[first]}-{members[first + 1]}"
            members = members[first : first + 2]
        said = self.written(fact)
        while isinstance(said, dict) and "conflicting" in said:
            said = self.written(fact)
        if self.maybe(0.4):
            most = "exactly" if fact["type"] in ("yes_no", "one_of") and self.maybe(0.5) else "count"
            said = {**(said if isinstance(said, dict) else {"value": said}), most: self.draw.randint(1, len(members))}
        for member in members:
            if self.maybe(0.6):
                row.pop(f"{name}.{member}", None)
        row[key] = said

    def numbers(self, trial: Trial) -> None:
        """Of some numbers somewhere that so many members have them and no more."""
        for row in trial["charts"]:
            for key, said in row.items():
                if ".somewhere" in key and isinstance(said, dict) and "count" in said and self.maybe(0.4):
                    row[key] = {("exactly" if each == "count" else each): value for each, value in said.items()}

    def counted(self, row: Row) -> None:
        """A request as a list: which are asked for, or only how many."""
        for body in self.bodies:
            row.pop(f"requested.{body}", None)
        if self.maybe(0.7):
            row["bodies"] = self.draw.randint(0, 2)
        elif self.maybe(0.6):
            row["bodies"] = self.draw.sample(self.bodies, self.draw.randint(1, len(self.bodies)))


def as_chart(row: Row, many: str, date: str | None) -> dict[str, Any]:
    """A row of cells as a case file has it.

    Args:
        many: the key under which a request lists its members.
    """
    request: dict[str, Any] = {"date": date}
    facts: dict[str, Any] = {}
    for name, cell in row.items():
        if cell is None or name == "date":
            continue
        said = json.loads(cell) if isinstance(cell, str) and cell[:1] in ("{", "[") else cell
        fact, _, member = name.partition(".")
        if name == many:
            request[name] = said
        elif member.startswith("somewhere in "):
            facts.setdefault(fact, {})[member.removeprefix("somewhere in ")] = {"somewhere": said}
        elif member:
            facts.setdefault(fact, {})[member] = said
        else:
            facts[fact] = said
    return {"title": "row", "request": request, "facts": facts}


# -- a trial on disk ---------------------------------------------------------------------------


def write(trial: Trial, folder: Path) -> Library:
    """The library of a trial, in a folder."""
    (folder / "vocabulary.yaml").write_text(json.dumps(trial["vocabulary"]))  # JSON is YAML
    (folder / "background.lp").write_text("\n".join(trial["background"]))
    for i, policy in enumerate(trial["policies"]):
        (folder / f"p{i}").mkdir()
        (folder / f"p{i}" / "1.lp").write_text("\n".join(policy["rules"]))
        about: dict[str, Any] = {"id": f"p{i}", "title": "p", "publisher": "p", "kind": "coverage", "about": "p"}
        about["revisions"] = {"1": {"file": "1.lp"}}
        if policy["readings"]:
            about["readings"] = {
                name: {"place": "x", "question": "x", "default": options[0], "options": dict.fromkeys(options, "x")}
                for name, options in policy["readings"].items()
            }
        if policy["never"]:
            about["presume"] = dict.fromkeys(policy["never"], "never")
        (folder / f"p{i}" / "policy.yaml").write_text(json.dumps(about))
    return Library(folder)


# -- the second hand ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """What is said of several slots together: so many of them have the value."""

    parts: tuple[Slot, ...]
    value: Value
    least: int
    most: int


@dataclass(frozen=True)
class Told:
    """What a chart says, written down from its row: `docs/semantics.md`, Less than exact records."""

    records: tuple[Record, ...]
    several: tuple[Said, ...]

    @cached_property
    def by_slot(self) -> dict[Slot, Record]:
        return {each.slot: each for each in self.records}

    @property
    def recorded(self) -> dict[Slot, Value]:
        return {each.slot: each.value for each in self.records if each.value is not None}


def told(vocabulary: Vocabulary, row: Row) -> Told:
    """What a row of a trial says."""
    date = datetime.date.fromisoformat(DATE)
    records: dict[Slot, Record] = {}
    several = []
    bodies = vocabulary.indexes["body"]
    for name, said in row.items():
        if said == "not_reported":  # a silent report is no record
            continue
        fact, _, member = name.partition(".")
        if name == "bodies":
            if isinstance(said, int) and said:
                several.append(("requested", "", {"value": "yes", "exactly": said}))
            else:
                asked = said if isinstance(said, list) else ()
                for body in bodies.members:
                    records[Slot("requested", body)] = Record(
                        Slot("requested", body), Named(("yes" if body in asked else "no",))
                    )
        elif member.startswith("somewhere"):
            several.append((fact, member.removeprefix("somewhere in ").removeprefix("somewhere"), said))
        else:
            records |= {each.slot: each for each in _one(vocabulary, Slot(fact, member), said, date)}
    gone = {
        each.slot.member
        for each in records.values()
        if each.value != (absent_value(vocabulary.facts[each.slot.fact]) or "")
    }
    for fact, span, _ in several:
        if span:
            named = _ends(list(vocabulary.indexes[vocabulary.facts[fact].per].members), span)
            gone |= {each for each in named if Slot(fact, each) not in records}  # left open, and so perhaps there
    made = []
    for fact, span, said in several:
        known = vocabulary.facts[fact]
        index = vocabulary.indexes[known.per]
        members = list(index.members)
        of = _ends(members, span) if span else [m for m in members if m not in index.optional or m in gone]
        data = said if isinstance(said, dict) else {"value": said}
        value = _value(vocabulary, Slot(fact, of[0]), {k: v for k, v in data.items() if k not in COUNTS})
        assert value is not None
        parts, every = tuple(Slot(fact, m) for m in of), Named(tuple(known.values)) if known.is_named else ANY
        if value != every:  # that some have some value says nothing
            made.append(Said(parts, value, data.get("count", data.get("exactly", 1)), data.get("exactly", len(of))))
        for slot in parts:
            if slot not in records:
                records[slot] = Record(slot, every)
                dates = _days(data)
                records |= {each.slot: each for each in _age(vocabulary, slot, dates, date)}
    return Told(tuple(records[slot] for slot in vocabulary.in_order(records)), tuple(made))


COUNTS = ("count", "exactly")


def _ends(members: list[str], span: str) -> list[str]:
    return [each for each in members if each in span.split("-")]


def _one(vocabulary: Vocabulary, slot: Slot, said: Any, date: datetime.date) -> Iterator[Record]:
    """The record of one slot, and what follows from it."""
    if isinstance(said, dict) and "by" in said:
        rest = {key: each for key, each in said.items() if key != "by"}
        judged = {said["by"]: rest} if rest else said["by"]
        values = {who: _value(vocabulary, slot, each) for who, each in judged.items()}
        every = tuple(vocabulary.facts[slot.fact].values)
        shared = tuple(v for v in every if all(v in each.values for each in values.values()))  # type: ignore[union-attr]
        yield Record(slot, Named(shared) if shared else None)
        for fact in vocabulary.facts.values():
            if fact.view[0] == slot.fact and fact.view[1] in values:
                yield Record(Slot(fact.name, slot.member), values[fact.view[1]])
        return
    yield Record(slot, _value(vocabulary, slot, said))
    yield from _age(vocabulary, slot, _days(said), date)


def _days(said: Any) -> list[datetime.date]:
    listed = said.get("evidence", ()) if isinstance(said, dict) else ()
    return [datetime.date.fromisoformat(each["date"]) for each in listed]


def _age(vocabulary: Vocabulary, slot: Slot, days: list[datetime.date], date: datetime.date) -> Iterator[Record]:
    """How old the evidence for a slot is, if a fact is the age of that."""
    for fact in vocabulary.facts.values():
        if fact.age_of == slot.fact and days and max(days) <= date:
            yield Record(Slot(fact.name, slot.member), exactly(Span(max(days), date)))


def _value(vocabulary: Vocabulary, slot: Slot, said: Any) -> Value | None:
    """A value by itself, as the reader of values has it; None for a contradiction."""
    data = {key: each for key, each in said.items() if key != "evidence"} if isinstance(said, dict) else said
    if isinstance(data, dict) and "conflicting" in data:
        return None
    return parse_value(vocabulary, slot, json.dumps(data), datetime.date.fromisoformat(DATE))


class Presumption:
    """What a chart presumes, and what puts what in doubt: `docs/semantics.md`, Presumptions."""

    def __init__(self, vocabulary: Vocabulary, case: Told, strict: bool, never: frozenset[str]) -> None:
        self.vocabulary, self.case = vocabulary, case
        self.raised: dict[Slot, set[Slot]] = {}
        self.held: set[Slot] = set()
        for slot in vocabulary.slots:
            fact = vocabulary.facts[slot.fact]
            if slot in case.by_slot or not fact.absent:
                continue
            if fact.presumed:
                by = {r.slot for r in case.records if self._doubts(r, slot)}
                if by:
                    self.raised[slot] = by
                elif not strict and fact.name not in never:
                    self.held.add(slot)
            few = vocabulary.indexes[fact.per].optional if fact.per else ()
            if slot.member in few and not any(self._there(r, slot) for r in case.records):
                self.held.add(slot)

    def _there(self, record: Record, slot: Slot) -> bool:
        """Whether a record says that the member of a slot may be there."""
        same = self.vocabulary.facts[record.slot.fact].per == self.vocabulary.facts[slot.fact].per
        return same and record.slot.member == slot.member and self._may(record, Sign(record.slot.fact))

    def _doubts(self, record: Record, slot: Slot) -> bool:
        """Whether a record puts the presumption of a slot in doubt."""
        facts, target = self.vocabulary.facts, self.vocabulary.facts[slot.fact]
        own = facts[record.slot.fact]
        signs = list(target.doubted_by)
        if target.finding and own.finding == target.finding and own.name != target.name:
            signs.append(Sign(own.name))
        for decision in self.vocabulary.doubts:
            meant = [each for each in decision.of if each.fact == slot.fact]
            if any(not each.members or slot.member in each.members for each in meant):
                signs += [each for each in decision.by if each.fact != slot.fact]
        return any(self._may(record, sign) for sign in signs) and self._touch(record.slot, slot)

    def _touch(self, one: Slot, other: Slot) -> bool:
        per = [self.vocabulary.facts[each.fact].per for each in (one, other)]
        if "" in per:
            return True
        if per[0] == per[1]:
            return one.member == other.member
        body, disc = (one, other) if per[0] == "body" else (other, one)
        return body.member in disc.member.split("-")

    def _may(self, record: Record, sign: Sign) -> bool:
        """Whether a record leaves a value of which a sign speaks."""
        fact = self.vocabulary.facts[record.slot.fact]
        if sign.fact != fact.name or (sign.members and record.slot.member not in sign.members):
            return False
        if fact.is_named:
            left = record.value.values if isinstance(record.value, Named) else tuple(fact.values)
            told = sign.values or [each for each in fact.values if each != fact.absent]
            return bool(set(left) & set(told))
        given = record.value if isinstance(record.value, Interval) else Interval(None, False, None, False)
        if sign.limit is None:  # any amount but the absent one
            absent = absent_value(fact)
            if absent is None:
                return True
            assert isinstance(absent, Interval)
            return any(_reaches(fact, given, op, absent.low) for op in ("more_than", "less_than"))
        return _reaches(fact, given, sign.operator, sign.limit)


def _reaches(fact: Any, given: Interval, operator: str, limit: Any) -> bool:
    """Whether some amount that a record leaves stands so to a limit."""
    line = Line(fact.low, fact.high, fact.grid, (cuts_of(op, limit) for op in ("at_least", "more_than")))
    return bool(set(line.allowed(given)) & set(line.holds(operator, limit)))


def _ends_of(value: Interval) -> Iterator[Cut]:
    """Where a line must be cut so that a record has all of a cell or nothing."""
    for low, is_open in ((value.low, value.low_open), (value.high, not value.high_open)):
        if isinstance(low, Quantity):
            yield Cut(low, is_open)


class Worlds:
    """Every world over the facts that a policy or the background reads; a set of worlds is the bits of a number."""

    def __init__(self, library: Library, revision: Revision, text: Sequence[Any], background: Sequence[Any]) -> None:
        self.revision = revision
        options = {each.term: tuple(term(o.name) for o in each.options) for each in revision.policy.readings.values()}
        whole = self.whole = Translation(library.vocabulary, [Text(revision.name, text, options, None)], background)
        seat = self.seat = whole.seats[0]
        read = sorted({(str(key[1]), literal) for key, literal in seat.readings.items()})
        self.slots: list[Any] = [*whole.slots, *dict.fromkeys(name for name, _ in read)]
        self.values: dict[Any, dict[str, int]] = {slot: {} for slot in self.slots}
        for (slot, value), literal in whole.choices.items():
            self.values[slot][value] = literal
        for key, literal in seat.readings.items():
            self.values[str(key[1])][str(key[2])] = literal
        self.stride: dict[Any, int] = {}
        self.count = 1
        for slot in self.slots:
            self.stride[slot] = self.count
            self.count *= len(self.values[slot])
        self.all = (1 << self.count) - 1

    @cached_property
    def _leaves(self) -> dict[int, int]:
        found = {1: self.all}
        for slot in self.slots:
            stride, size = self.stride[slot], len(self.values[slot])
            block = (1 << stride) - 1
            whole, width = block, stride * size
            while width < self.count:  # the pattern of the first value, all the way up
                whole |= whole << width
                width *= 2
            for i, literal in enumerate(self.values[slot].values()):
                found[literal] = (whole << (i * stride)) & self.all
        return found

    @cached_property
    def _gates(self) -> dict[int, tuple[int, ...]]:
        return {gate: parts for (_, parts), gate in self.whole.formula._gates.items()}

    def mask(self, literal: int) -> int:
        """The worlds in which a literal is true."""
        known = self._leaves
        if literal < 0:
            return self.all & ~self.mask(-literal)
        if literal not in known:
            known[literal] = reduce(and_, (self.mask(each) for each in self._gates[literal]), self.all)
        return known[literal]

    @cached_property
    def patients(self) -> int:
        """The worlds that somebody can be in."""
        says = self.whole.formula.says
        broken = (self.mask(literal) for literal, words in says if words.startswith("no patient: "))
        return self.all & ~reduce(or_, broken, 0)

    def left(self, known: Mapping[Slot, Value], read: Mapping[str, str], several: Iterable[Said] = ()) -> int:
        """The worlds that records and readings leave."""
        found = self.patients
        for each in several:
            if each.parts[0] in self.values:
                may = [self._having(slot, each.value, known.get(slot)) for slot in each.parts]
                must = [self._only(slot, each.value, known.get(slot)) for slot in each.parts]
                found &= self._so_many(may, each.least, len(may)) & self._so_many(must, 0, each.most)
        for slot, value in known.items():
            if slot not in self.values:
                continue
            found &= self._having(slot, value)
        for name, option in read.items():
            if name in self.values:
                found &= self.mask(self.values[name][option])
        return found

    def _having(self, slot: Slot, value: Value, own: Value | None = None) -> int:
        """The worlds in which a slot can have a value that a record allows, also beside a record of its own."""
        names: Iterable[str]
        if isinstance(value, Named):
            names = value.values
        else:
            names = {str(i) for i, inside in self._fine(slot, value, own) if inside}
        return reduce(or_, (self.mask(self.values[slot][name]) for name in names), 0)

    def _only(self, slot: Slot, value: Value, own: Value | None) -> int:
        """The worlds in which a slot, beside a record of its own, can have no value but those that a record allows."""
        if isinstance(value, Named):
            return self._having(slot, value)
        other = {i for i, inside in self._fine(slot, value, own) if not inside}
        return reduce(or_, (self.mask(lit) for name, lit in self.values[slot].items() if int(name) not in other), 0)

    def _fine(self, slot: Slot, value: Interval, own: Value | None) -> Iterator[tuple[int, bool]]:
        """The amounts that a slot's own record leaves, in cells so fine that a value has all of one or nothing.

        Returns: of each the cell of the policy in which it lies, and whether the value has it.
        """
        line, fact = self.whole.lines[slot.fact], self.whole.vocabulary.facts[slot.fact]
        mine = own if isinstance(own, Interval) else ANY
        fine = Line(fact.low, fact.high, fact.grid, [*line.cuts, *_ends_of(value), *_ends_of(mine)])  # type: ignore[arg-type]
        inside = set(fine.allowed(value))
        for i in fine.allowed(mine):
            cell = fine.cells[i]
            for coarse in line.allowed(Interval(cell.low, cell.low_open, cell.high, cell.high_open)):
                yield coarse, i in inside

    def _so_many(self, having: Sequence[int], least: int, most: int) -> int:
        """The worlds in which so many of some conditions hold."""
        exact = [self.all]
        for each in having:
            exact = [
                (same & ~each) | (fewer & each) for same, fewer in zip([*exact, 0], [0, *exact], strict=True)
            ]
        return reduce(or_, exact[least : most + 1], 0)

    @cached_property
    def verdicts(self) -> dict[str, int]:
        approve, silent = self.mask(self.seat.approve), self.mask(self.seat.silent)
        return {"approve": approve, "silent": silent, "deny": self.all & ~approve & ~silent}

    def verdict(self, worlds: int) -> str:
        return next((name for name, mask in self.verdicts.items() if not worlds & ~mask), "pend")

    def status(self, entry: str, worlds: int) -> str:
        met = self.mask(self.seat.met[entry])
        return "met" if not worlds & ~met else "undetermined" if worlds & met else "unmet"

    def open(self, worlds: int) -> set[Slot]:
        """The slots in which alone two of some worlds differ, and in the verdict."""
        found = set()
        for slot in self.whole.slots:
            values = list(self.values[slot].values())
            seen: dict[str, list[int]] = {name: [] for name in self.verdicts}
            for i, literal in enumerate(values):
                here = worlds & self.mask(literal)
                for name, mask in self.verdicts.items():
                    seen[name].append((here & mask) >> (i * self.stride[slot]))
            for one, other in itertools.combinations(seen.values(), 2):
                if reduce(or_, one) & reduce(or_, other):
                    found.add(slot)
        return found

    def blamed(self, worlds: int) -> set[str]:
        """The entries that stand in the way in every one of some worlds, the lowest of each branch."""
        entries, blame = self.revision.entries, dict[str, int]()
        parts: dict[str, list[str]] = {}
        for name, each in entries.items():
            parts.setdefault(each.parent, []).append(name)

        def walk(name: str, wanted: bool, where: int) -> None:
            met, kind = self.mask(self.seat.met[name]), entries[name].kind
            bad = where & (~met if wanted else met)
            blame[name] = blame.get(name, 0) | bad
            if kind == "none_of" or kind == "all_of" or not wanted:
                for each in parts.get(name, ()):
                    walk(each, wanted is not (kind == "none_of"), bad)

        for each in parts.get("root", ()):
            walk(each, True, self.verdicts["deny"] & worlds)
        always = {name for name, mask in blame.items() if not worlds & ~mask}
        return {name for name in always if not always & set(parts.get(name, ()))}

    def hinges(
        self, known: Mapping[Slot, Value], read: Mapping[str, str], several: Sequence[Said]
    ) -> set[tuple[frozenset[Any], str]]:
        """The smallest changes of readings under which the verdict is another, with that verdict."""
        names = {each.term: [term(o.name) for o in each.options] for each in self.revision.readings}
        usual = self.verdict(self.left(known, read, several))
        other = {}
        for pick in itertools.product(*names.values()):
            changed = dict(zip(names, pick, strict=True))
            verdict = self.verdict(self.left(known, changed, several))
            if verdict != usual:
                other[frozenset(each for each in changed.items() if read[each[0]] != each[1])] = verdict
        return {(change, verdict) for change, verdict in other.items() if not any(each < change for each in other)}


class Ready:
    """A trial whose library has been read."""

    def __init__(self, trial: Trial, folder: Path) -> None:
        self.trial, self.library = trial, write(trial, folder)
        self.vocabulary, self.strict = self.library.vocabulary, bool(trial["strict"])
        self.readings = {name: each for name, each in trial["readings"].items() if each}
        self.revisions = self.library.revisions()
        background = parse("background", (folder / "background.lp").read_text())
        self.worlds, self.never = [], []
        for revision in self.revisions:
            assert revision.rules
            names = {term(each.name): each.term for each in revision.policy.readings.values() if each.name}
            text = read_text(revision.path, revision.path.read_text(), names)  # type: ignore[arg-type, union-attr]
            self.worlds.append(Worlds(self.library, revision, text, background))
            self.never.append(frozenset(self._read(text, revision.policy.never)))
        self.told = [told(self.vocabulary, row) for row in trial["charts"]]

    def case(self, number: int) -> Case:
        """A chart as `bvn compare` reads it.

        Raises: InputError: no patient can be so.
        """
        return parse_case(self.library, json.dumps(as_chart(self.trial["charts"][number], "bodies", DATE)))

    def _read(self, text: tuple[Any, ...], entries: Iterable[str]) -> Iterator[str]:
        """The facts that some entries read, through whatever rules."""
        wanted: list[tuple[str, str]] = [("met", each) for each in entries]
        for name, entry in wanted:
            for clause in text:
                if clause.head.name == name and (name != "met" or str(clause.head.arguments[0]) == entry):
                    for atom, _ in atoms(clause.body):
                        about = functor(atom.arguments[0])[0] if atom.arguments else None
                        if atom.name in ("is", *OPERATORS):
                            yield str(about)
                            counted = self.vocabulary.facts[str(about)].counts
                            yield from (each for each, _ in counted)
                        elif atom.name == self.vocabulary.request.members:
                            yield atom.name
                        elif (atom.name, "") not in wanted:
                            wanted.append((atom.name, ""))

    def answer(self, i: int, case: Told) -> dict[str, Any] | None:
        """What a policy makes of a chart, by brute force; None if no patient can be so."""
        worlds, revision = self.worlds[i], self.revisions[i]
        presumed = Presumption(self.vocabulary, case, self.strict, self.never[i])
        taken = {slot: absent_value(self.vocabulary.facts[slot.fact]) for slot in presumed.held}
        known = {**case.recorded, **{slot: value for slot, value in taken.items() if value is not None}}
        chosen = self.library.chosen_readings(revision, self.readings)
        read = {term(name): term(option) for name, option in chosen.items()}
        left = worlds.left(known, read, case.several)
        if not left or not _can_be(self.vocabulary, case.several, known):
            return None
        verdict = worlds.verdict(left)
        mine = {s for s in self.vocabulary.slots if s.fact in revision.rules.facts}
        return {
            "verdict": verdict,
            "statuses": {name: worlds.status(name, left) for name in revision.entries},
            "blamed": worlds.blamed(left),
            "open": worlds.open(left) if verdict == "pend" else set(),
            "presumed": presumed.held & mine,
            "not presumed": {} if self.strict else {s: by for s, by in presumed.raised.items() if s in mine},
            "hinges": worlds.hinges(known, read, case.several),
        }


def _can_be(vocabulary: Vocabulary, several: Sequence[Said], known: Mapping[Slot, Value]) -> bool:
    """Whether what is said of several slots can be so beside what is known of each, whether or not a rule reads it."""
    by_fact: dict[str, list[Said]] = {}
    for each in several:
        by_fact.setdefault(each.parts[0].fact, []).append(each)
    for name, said in by_fact.items():
        if not vocabulary.facts[name].is_named:  # only one such record is drawn a fact
            if any(sum(share(known[slot], each.value) for slot in each.parts if slot in known)
                   + sum(slot not in known for slot in each.parts) < each.least for each in said):
                return False
            continue
        every = Named(tuple(vocabulary.facts[name].values))
        slots = list(dict.fromkeys(slot for each in said for slot in each.parts))
        ways = itertools.product(*(known.get(slot, every).values for slot in slots))  # type: ignore[union-attr]
        worlds = (dict(zip(slots, way, strict=True)) for way in ways)
        if not any(
            all(each.least <= sum(world[s] in each.value.values for s in each.parts) <= each.most for each in said)  # type: ignore[union-attr]
            for world in worlds
        ):
            return False
    return True


# -- what is under test ------------------------------------------------------------------------


def _compared(found: Evaluation) -> dict[str, Any]:
    """What `compare` says, in the same form."""
    hinges = {(frozenset((term(r), term(o)) for r, o in each.readings), each.verdict) for each in found.hinges}
    return {
        "verdict": found.verdict.value,
        "statuses": {name: status.value for name, status in found.statuses.items()},
        "blamed": set(found.blamed),
        "open": set(found.open),
        "presumed": set(found.presumed),
        "not presumed": {slot: set(by) for slot, by in found.not_presumed.items()},
        "hinges": hinges,
    }


def wrong(trial: Trial, worlds: int = 60_000) -> str | None:
    """What `compare` or `batch` gets wrong of a trial; "" if nothing, None if the trial says nothing.

    Args:
        worlds: pass over policies with more worlds than these.
    """
    with tempfile.TemporaryDirectory() as folder:
        try:
            ready = Ready(trial, Path(folder))
        except InputError:
            return None
        if any(each.count > worlds for each in ready.worlds):
            return None
        try:
            return _compare(ready) or _batch(ready)
        except BvnError as error:
            return f"error: {error}"


def _compare(ready: Ready) -> str:
    evaluator = Evaluator(ready.library, ready.revisions)
    for number, each_told in enumerate(ready.told):
        want = [ready.answer(i, each_told) for i in range(len(ready.revisions))]
        try:
            found = evaluator.evaluate(ready.case(number), ready.readings, ready.strict)
        except InputError:
            if all(want):
                return f"compare: chart {number} is refused"
            continue
        for right, each in zip(want, found, strict=True):
            if right is None:
                return f"compare: chart {number} is no patient's"
            got = _compared(each)
            for key in right:
                if right[key] != got[key] and (key != "hinges" or each.all_hinges):
                    return f"compare, {key}: chart {number}, {each.policy}: {got[key]}, should be {right[key]}"
    return ""


def _batch(ready: Ready) -> str:
    """All policies together, also those that presume otherwise than others."""
    names = list(dict.fromkeys(name for row in ready.trial["charts"] for name in row))
    columns = {name: pa.array([_cell(row.get(name)) for row in ready.trial["charts"]], pa.string()) for name in names}
    columns["date"] = pa.array([DATE] * len(ready.told), pa.string())
    batch = pa.RecordBatch.from_pydict(columns)
    asked = {each.policy.id: i for i, each in enumerate(ready.revisions)}
    found = Decider(ready.library, batch.schema.names, asked, ready.readings, ready.strict).decide(batch)
    for number, each_told in enumerate(ready.told):
        want = {name: ready.answer(i, each_told) for name, i in asked.items()}
        if not found.good[number]:
            if all(want.values()):
                return f"batch: row {number} is refused"
            continue
        for name, right in want.items():
            answer = found.answers[name]
            if right is None:
                return f"batch: row {number} is no patient's"
            got = {
                "verdict": VERDICTS[answer.verdict[number]],
                "statuses": {entry: STATUSES[codes[number]] for entry, codes in answer.statuses.items()},
                "blamed": {entry for entry, codes in answer.blamed.items() if codes[number]},
                "open": {slot for slot, codes in answer.open.items() if codes[number]},
            }
            for key, each in got.items():
                if each != right[key]:
                    return f"batch, {key}: row {number}, {name}: {each}, should be {right[key]}"
    return ""


def _cell(said: Any) -> str | None:
    return said if said is None or isinstance(said, str) else json.dumps(said)


# -- shrinking ---------------------------------------------------------------------------------


def shrunk(trial: Trial) -> Trial:
    """A smaller trial that is wrong in the same way."""
    def kind_of(said: str) -> str:
        return said if said.startswith("error") else said.partition(":")[0]

    return shrinking.shrunk(trial, _smaller, wrong, kind_of)


def _smaller(trial: Trial) -> Iterator[Trial]:
    without = partial(shrinking.without, trial)

    for i in range(len(trial["charts"]) if len(trial["charts"]) > 1 else 0):
        yield without(["charts"], i)
    if len(trial["policies"]) > 1:
        for i in range(len(trial["policies"])):
            copy = without(["policies"], i)
            kept = [value for name, value in sorted(trial["readings"].items()) if name != f"p{i}"]
            yield {**copy, "readings": {f"p{j}": value for j, value in enumerate(kept)}}
    for i, policy in enumerate(trial["policies"]):
        for j in range(len(policy["rules"])):
            yield without(["policies", i, "rules"], j)
        if policy["never"]:
            yield without(["policies", i, "never"], 0)
    for j in range(len(trial["background"])):
        yield without(["background"], j)
    for i, row in enumerate(trial["charts"]):
        for name in row:
            yield without(["charts", i], name)
    for name in trial["vocabulary"].get("doubts", {}):
        yield without(["vocabulary", "doubts"], name)
    people = trial["vocabulary"]["facts"]["Person"]
    for fact, known in people.items():
        yield without(["vocabulary", "facts", "Person"], fact)
        for key in ("presumed", "finding", "doubted_by", "per", "absent"):
            if key in known:
                yield without(["vocabulary", "facts", "Person", fact], key)
    for index in trial["vocabulary"]["indexes"]:
        if trial["vocabulary"]["indexes"][index].get("optional"):
            yield without(["vocabulary", "indexes", index, "optional"], 0)
    for i, policy in enumerate(trial["policies"]):
        for j, rule in enumerate(policy["rules"]):
            head, arrow, body = rule.partition(" :- ")
            parts = body.removesuffix(".").split("; ")
            for k in range(len(parts) if arrow and len(parts) > 1 else 0):
                copy = deepcopy(trial)
                copy["policies"][i]["rules"][j] = f"{head} :- {'; '.join(parts[:k] + parts[k + 1 :])}."
                yield copy

