"""Charts as people write them: ranges, alternatives, contradictions, dates and "unknown" beside plain values."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence

from bvn_asp.model.case import REQUEST, Case, record_data
from bvn_asp.model.quantity import Quantity
from bvn_asp.model.vocabulary import Fact, Slot, Vocabulary

Row = dict[str, str | None]
DATE = "2026-12-03"


def rows(
    vocabulary: Vocabulary,
    facts: Iterable[str],
    limits: dict[str, Sequence[Quantity]],
    base: Case,
    count: int,
    missing: float,
    seed: int,
) -> list[Row]:
    """Charts that depart from a case, a text a slot; None where nothing is recorded.

    Args:
        facts: the facts that get a column.
        limits: fact to the amounts that rules hold it against.
        missing: the share of values that are left out.
    """
    draw, wanted = random.Random(seed), set(facts)
    slots = [slot for slot in vocabulary.slots if slot.fact in wanted and vocabulary.facts[slot.fact].type != "count"]
    usual = {}
    for slot in slots:
        record, fact = base.get(slot), vocabulary.facts[slot.fact]
        found = record_data(record, with_evidence=False) if record else fact.absent or None
        usual[slot] = found if isinstance(found, str) or found is None else json.dumps(found, default=str)
    made = []
    for _ in range(count):
        row: Row = {"date": DATE}
        changed = draw.choice([0.01, 0.05, 0.2])
        for slot in slots:
            here = draw.random()
            row[str(slot)] = None if here < missing else usual[slot]
            if draw.random() < changed:
                fact = vocabulary.facts[slot.fact]
                row[str(slot)] = written(draw, fact, limits.get(slot.fact, ()))
        made.append(row)
    _told(random.Random(f"{seed} told"), vocabulary, slots, limits, made)
    return made


def _told(
    draw: random.Random, vocabulary: Vocabulary, slots: Sequence[Slot], limits: dict[str, Sequence[Quantity]],
    made: Sequence[Row],
) -> None:
    """What is told otherwise in some rows: silent reports, whose judgement, somewhere, and how many are asked for.

    Drawn apart, so that the other rows stay what they were.
    """
    members, judges = vocabulary.request.members, list(vocabulary.judges)
    per = sorted({slot.fact for slot in slots if slot.member and vocabulary.facts[slot.fact].section != REQUEST})
    few = draw.sample(per, min(len(per), 3))
    listed = [slot for slot in slots if slot.fact == members] if draw.random() < 0.3 else []
    for row in made:
        if listed:
            for slot in listed:
                del row[str(slot)]
            some = draw.sample([slot.member for slot in listed], draw.randint(1, 2))
            row[vocabulary.request.many] = draw.choice([None, str(draw.randint(0, 4)), json.dumps(some)])
        often = draw.choice([0, 0, 0.05, 0.3])
        for slot in slots:
            fact = vocabulary.facts[slot.fact]
            if slot in listed or draw.random() >= often:
                continue
            if fact.judgement and fact.is_named and judges:
                said = {who: draw.choice([*fact.values, "unknown"]) for who in draw.sample(judges, draw.randint(1, 2))}
                row[str(slot)] = json.dumps({"by": said})
            elif row[str(slot)] is None and fact.section != REQUEST:
                row[str(slot)] = "not_reported"
        for name in few:
            fact, texts = vocabulary.facts[name], (f"{name}.somewhere", f"{name}.somewhere in {_stretch(vocabulary, name)}")
            for key in texts:
                row[key] = None
            if draw.random() < often / 2:
                said = written(draw, fact, limits.get(name, ()))
                if "conflicting" not in said:
                    row[draw.choice(texts)] = _counted(draw, said)
                    for slot in slots:
                        if slot.fact == name and draw.random() < 0.7:
                            row[str(slot)] = None


def _stretch(vocabulary: Vocabulary, name: str) -> str:
    """Half of the members that everybody has, by their ends."""
    index = vocabulary.indexes[vocabulary.facts[name].per]
    usual = [each for each in index.members if each not in index.optional]
    some = usual[: max(2, len(usual) // 2)]
    return f"{some[0].partition('-')[0]}-{some[-1].rpartition('-')[2]}"


def _counted(draw: random.Random, said: str) -> str:
    if draw.random() < 0.6:
        return said
    value = json.loads(said) if said.startswith("{") else {"value": said}
    return json.dumps({**value, "count": draw.randint(1, 2)})


def written(draw: random.Random, fact: Fact, limits: Sequence[Quantity]) -> str:
    """What a chart might say of a fact, in one of the ways to say it."""
    way = draw.random()
    if fact.is_named:
        values = list(fact.values)
        if way < 0.55:
            return draw.choice(values)
        if way < 0.7:
            return "unknown"
        some = draw.sample(values, min(len(values), draw.choice([2, 2, 3])))
        return json.dumps({"one_of" if way < 0.88 or len(some) < 2 else "conflicting": some})
    if way < 0.08:
        return "unknown"
    if fact.type == "duration" and way < 0.25:
        since = f"{draw.choice([2025, 2026])}-{draw.randint(1, 11):02}-{draw.randint(1, 28):02}"
        return json.dumps({"since": since if draw.random() < 0.7 else since[:7]})
    low, high = sorted([_amount(draw, fact, limits), _amount(draw, fact, limits)], key=lambda each: each[0])
    if way < 0.5:
        return low[1]
    if way < 0.75:
        return f"{draw.choice(['>=', '>', '<=', '<'])} {low[1]}"
    if low[0] == high[0]:
        return low[1]
    return f"{low[1]} to {high[1]}" if way < 0.9 else json.dumps({"conflicting": [low[1], high[1]]})


def _amount(draw: random.Random, fact: Fact, limits: Sequence[Quantity]) -> tuple[float, str]:
    """An amount near a limit, or anywhere in the range: a number by which to order it, and its text."""
    assert fact.low is not None
    assert fact.high is not None
    if limits and draw.random() < 0.8:
        limit = draw.choice(limits)
        amount, unit = limit.amount + draw.choice([-1, 0, 0, 1]) * (fact.step or 1), limit.unit
    else:
        amount, unit = draw.choice([fact.low.amount, (fact.low.amount + fact.high.amount) // 2]), fact.unit
    if unit == fact.unit:
        amount = min(max(amount, fact.low.amount), fact.high.amount)
    days = {"days": 1, "weeks": 7, "months": 30.4, "years": 365}.get(unit, 1) if fact.type == "duration" else 1
    return float(amount) * days, f"{max(amount, 0)} {unit}" if fact.type == "duration" else str(amount)
