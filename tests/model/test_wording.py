"""What charts write is read, or answered with a hint that never changes what was meant."""

from __future__ import annotations

import re
import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bvn_asp import InputError, Slot, parse_case
from bvn_asp.errors import did_you_mean
from bvn_asp.model.case import Named
from bvn_asp.model.quantity import ANY, Interval, Quantity, both, exactly, is_empty
from bvn_asp.model.values import parse_value
from bvn_asp.model.wording import read_interval, read_named

MENU = "one of none, type_1, type_2, type_3, described, lone_feature"


def said(library, text):
    """What a line of a case comes to: its first record, or the hint with which it is refused."""
    part = "request" if text.partition(":")[0] in ("state", "date", "bodies", "procedures", "diagnoses") else "facts"
    fact = f"{part}: {{{text}}}" if part == "facts" else f"request: {{{text}}}"
    try:
        case = parse_case(f"title: x\n{fact}", library.vocabulary)
    except InputError as error:
        return "hint", error.faults[0].hint
    if text.startswith("date"):
        return "read", case.date.isoformat()
    listed = [r for r in case.records if str(r) not in ("no", "0 units")]
    return "read", " ".join(r.slot.member or str(r) for r in listed) if len(listed) > 1 else str(listed[0])


@pytest.mark.parametrize(
    ("text", "how", "want"),
    [
        ("pain_duration: 3 yrs", "read", "3 years"),
        ("pain_duration: 6-8 weeks", "read", "at least 6 weeks and at most 8 weeks"),
        ("pain_duration: 12w", "read", "12 weeks"),
        ("pain_duration: 6 mo.", "read", "6 months"),
        ("pain_duration: 6-month", "read", "6 months"),
        ("pain_duration: 6+ months", "read", "at least 6 months"),
        ("pain_duration: 1 yr and 2 mos", "read", "14 months"),
        ("pain_duration: '≤ 2 y'", "read", "at most 2 years"),
        ("pain_duration: 2022", "hint", "if it began in that year, write `{since: 2022}`"),
        ("pain_duration: 1 month 2 weeks", "hint", "write a range that holds it: `1 months to 2 months`"),
        ("disc_protrusion: {L4-L5: small}", "read", "more than 0 mm"),
        ("disc_protrusion: {L4-L5: 0.4 cm}", "read", "4 mm"),
        ("disc_protrusion: {L4-L5: 0.2 in}", "read", "5.08 mm"),
        ("disc_protrusion: {L4-S1: 3 mm}", "hint", "write `L4-L5`, `L5-S1`"),
        ("slip: {L4-L5: grade 1}", "read", "more than 0 mm"),
        ("slip: {L4-L5: Grade II}", "read", "at least 2 mm"),
        ("modic: {L4: Type II}", "read", "type 2"),
        ("modic: {L4: Modic 2}", "read", "type 2"),
        ("modic: {L4: Modic type I}", "read", "type 1"),
        ("modic: {L4: Type I/II}", "read", "type 1"),
        ("modic: {L4: 2}", "hint", MENU),
        ("modic: {L4: Type 4}", "hint", MENU),
        (
            "pain_severity: moderate to severe", "hint",
            "write `{one_of: [moderate, severe]}` if the chart leaves it between them",
        ),
        ("spine_infection: possible", "hint", "write `{one_of: [yes, no]}` if the chart leaves it open"),
        ("bodies: 'L5, S1'", "read", "L5 S1"),
        ("bodies: L4-S1", "hint", "write `L4`, `L5`, `S1`"),
        ("procedures: 64628", "read", "1 units"),
        ("state: Georgia", "read", "ga"),
        ("date: 12/15/2026", "hint", "write `2026-12-15`"),
        ("odi: 44%", "read", "44 points"),
        ("odi: 22/50", "hint", ""),
        ("pain_score: 9/10", "read", "9 points"),
        ("age: 58F", "hint", "write `58` here, and the sex by itself"),
        ("age: 58 y/o", "read", "58 years"),
        ("t_score: -2.5 SD", "read", "-2.5"),
        ("bmi: '31,2'", "hint", "write `31.2`, with a point"),
        ("bmi: 250 lb", "hint", "with the height beside it: `{weight: 250 lb, height: …}`"),
        ("care: {PT: tried}", "read", "tried"),
        ("care: {ESI: tried}", "read", "tried"),
    ],
)
def test_a_wording_of_a_chart_is_read_or_answered_with_a_hint_that_keeps_what_was_meant(shipped, text, how, want):
    assert said(shipped, text) == (how, want)


def test_the_list_of_bodies_needs_no_brackets_on_a_line_of_its_own(shipped):
    assert parse_case("title: x\nrequest:\n  bodies: L5, S1\n", shipped.vocabulary).requested(shipped.vocabulary) == (
        "L5", "S1"
    )


@pytest.mark.parametrize(
    ("word", "known", "want"),
    [
        ("lcd-l39421", ["lcd-l39420", "lcd-l39642", "lcd-l40302"], "did you mean `lcd-l39420`?"),
        ("lcd-39642", ["lcd-l39420", "lcd-l39642", "lcd-l40302"], "did you mean `lcd-l39642`?"),
        ("cohere", ["cohere-ma", "coverage"], "did you mean `cohere-ma`?"),
        ("medicare", ["medicaid", "original_medicare", "medicare_advantage"],
         "which of `medicare_advantage`, `original_medicare`?"),
        ("bodies", ["odi", "bmi", "age"], ""),
        ("abcx", ["zbcd", "abcd", "abce"], "did you mean `abcd`?"),
        ("aeg", ["age", "bmi"], "did you mean `age`?"),
        ("x" * 1_000_000, ["age"], ""),
    ],
)
def test_the_nearest_name_is_suggested_or_none(word, known, want):
    assert did_you_mean(word, known) == want


# -- properties ---------------------------------------------------------------------------------

UNITS = {
    "days": ["d", "day", "days"],
    "weeks": ["w", "wk", "wks", "week", "weeks", "Weeks"],
    "months": ["mo", "mos", "mths", "month", "months", "Mo."],
    "years": ["y", "yr", "yrs", "year", "years"],
}
FORMS = {
    "{n} {u}": "exact", "{n}{u}": "exact", "{n}-{u}": "exact", "for {n} {u}": "exact", "x {n} {u}": "exact",
    "{n} {u} ago": "exact", "the past {n} {u}": "exact", "({n} {u})": "exact", "{n}": "exact", "{n} {u} {k} {v}": "sum",
    "{n} {u} and {k} {v}": "sum", "about {n} {u}": "near", "~{n} {u}": "near", "nearly {n} {u}": "near",
    "almost {n}{u}": "near", "{n} {u} or so": "near", "over {n} {u}": "above", "> {n} {u}": "above", ">{n}{u}": "above",
    "more than {n} {u}": "above", "at least {n} {u}": "from", "{n}+ {u}": "from", "{n} {u}+": "from",
    "{n} {u} or more": "from", "≥{n} {u}": "from", "under {n} {u}": "below", "<{n} {u}": "below",
    "up to {n} {u}": "to", "{n} {u} or less": "to", "no more than {n} {u}": "to", "{n} to {m} {u}": "range",
    "{n}-{m} {u}": "range", "{n} – {m} {u}": "range", "between {n} and {m} {u}": "range", "{n}/{m} {u}": "range",
    "{n} or {m} {u}": "range",
}


@st.composite
def wordings(draw):
    """A wording of an amount, and the amounts that its author can have meant."""
    n, m, k = (draw(st.integers(1, 60)) for _ in range(3))
    unit, second = draw(st.sampled_from(sorted(UNITS))), draw(st.sampled_from(sorted(UNITS)))
    form = draw(st.sampled_from(sorted(FORMS)))
    u, v = draw(st.sampled_from(UNITS[unit])), draw(st.sampled_from(UNITS[second]))
    text = form.format(n=n, m=m, k=k, u=u, v=v)

    def amount(number, name=unit):
        return Quantity(Decimal(number), name)

    kind = FORMS[form]
    if kind == "exact":
        return text, [exactly(amount(n, each)) for each in (UNITS if form == "{n}" else [unit])]
    if kind == "sum":
        most = n + (k * {"days": 1, "weeks": 7, "months": 31, "years": 366}[second])
        return text, [Interval(amount(n), False, amount(most), False)] if unit != second else [exactly(amount(n + k))]
    if kind == "near":
        return text, [Interval(amount(Decimal(n) / 2), False, amount(n * 2), False)]
    low, high = amount(n), amount(n)
    if kind == "range":
        return text, [Interval(amount(min(n, m)), False, amount(max(n, m)), False)]
    return text, [
        Interval(low, kind == "above", None, False) if kind in ("above", "from")
        else Interval(None, False, high, kind == "below")
    ]


def overlaps(first, second):
    shared = both(first, second)
    return shared is None or not is_empty(shared)


@given(wordings())
def test_an_amount_is_read_as_it_was_meant_or_a_hint_offers_nothing_else(shipped, wording):
    text, meant = wording
    known = shipped.vocabulary.facts["pain_duration"]
    try:
        found = read_interval(known, text)
    except Exception as error:
        offered = [each for each in re.findall(r"`([^`]+)`", error.hint) if re.search(r"\d", each)]
        for each in offered:
            value = parse_value(shipped.vocabulary, Slot("pain_duration"), each)
            assert any(overlaps(value, one) for one in meant), (text, each)
    else:
        assert any(overlaps(found, one) for one in meant), (text, found)


@given(st.data())
def test_a_named_value_is_read_as_it_was_meant_or_a_hint_offers_nothing_else(shipped, data):
    named = [fact for fact in shipped.vocabulary.facts.values() if fact.is_named]
    known = data.draw(st.sampled_from(named))
    first, second = (data.draw(st.sampled_from(sorted(known.values))) for _ in range(2))
    form = data.draw(st.sampled_from(["{a}", "possible {a}", "{a} or {b}", "{a} to {b}", "{a}/{b}", "not {a}", "{t}"]))
    cut = data.draw(st.integers(0, len(first) - 1))
    text = form.format(a=first, b=second, t=first[:cut] + first[cut + 1 :]).replace("_", " ")
    meant = set(known.values) - {first} if form == "not {a}" else {first, second} if "{b}" in form else {first}
    if form == "possible {a}":
        meant = set(known.values)
    if form == "{t}":  # what is left may be another value's name, or as near to several
        meant |= {value for value in known.values if len(value) <= len(first)}
    try:
        found = {read_named(known, text)}
    except Exception as error:
        slot = shipped.vocabulary.slots_of(known.name)[0]
        for each in re.findall(r"`([^`]+)`", error.hint):
            value = parse_value(shipped.vocabulary, slot, each)
            assert isinstance(value, Named)
            assert set(value.values) & meant, (known.name, text, each)
    else:
        assert found & meant, (known.name, text, found)


def test_every_other_word_of_the_vocabulary_means_a_value(shipped):
    words = [(fact, word) for fact in shipped.vocabulary.facts.values() for word in fact.spelled]

    assert len(words) > 10
    for fact, word in words:
        slot = shipped.vocabulary.slots_of(fact.name)[0]
        assert parse_value(shipped.vocabulary, slot, word) not in (ANY, None), (fact.name, word)


def test_a_word_of_many_letters_costs_little(shipped):
    begun = time.monotonic()

    with pytest.raises(InputError) as error:
        parse_value(shipped.vocabulary, Slot("pain_severity"), "moderat" + "e" * 100_000)

    assert time.monotonic() - begun < 1  # measured: two thousandths of a second
    assert len(error.value.faults[0].message) < 200
    assert error.value.faults[0].hint == "one of mild, moderate, severe"
