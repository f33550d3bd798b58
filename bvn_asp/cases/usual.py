"""What charts usually say of a fact: as the vocabulary has it, else of an exclusion that it is absent."""

from __future__ import annotations

from collections.abc import Sequence

from bvn_asp.model.case import Named, Value, absent_value, share
from bvn_asp.model.quantity import Interval
from bvn_asp.model.vocabulary import Sign, Slot, Vocabulary


def likely_answers(vocabulary: Vocabulary, slot: Slot, answers: Sequence[Value]) -> tuple[Value, ...]:
    """The answers that charts usually give: those that share a value with what is usual; all if nothing is."""
    meant = usual(vocabulary, slot)
    return tuple(each for each in answers if any(share(each, value) for value in meant)) or tuple(answers)


def usual(vocabulary: Vocabulary, slot: Slot) -> list[Value]:
    """What charts usually say of a slot: as the vocabulary says, else of an exclusion that it is absent."""
    fact = vocabulary.facts[slot.fact]
    signs = [each for each in vocabulary.usual.get(fact.name, ()) if not each.members or slot.member in each.members]
    absent = absent_value(fact) if fact.presumed and not signs else None
    return [*map(_meant, signs), *([] if absent is None else [absent])]


def _meant(sign: Sign) -> Value:
    """What a sign speaks of, as a value."""
    if sign.limit is None:
        return Named(sign.values)
    beyond = sign.operator in ("more_than", "less_than")
    if sign.operator in ("at_least", "more_than"):
        return Interval(sign.limit, beyond, None, False)
    return Interval(None, False, sign.limit, beyond)
