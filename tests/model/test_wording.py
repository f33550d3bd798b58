"""What charts write is read, or answered with a hint that never changes what was meant."""

from __future__ import annotations

import datetime
import json
import random
import re
import time
from decimal import Decimal
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from bvn_asp import InputError, Slot, parse_case
from bvn_asp.batch.columns import Columns
from bvn_asp.cases.whatif import parse_suppositions
from bvn_asp.errors import Misread, did_you_mean, fault
from bvn_asp.model import numerals, wording
from bvn_asp.model.case import anything
from bvn_asp.model.quantity import ANY, Interval, Quantity, both, exactly, is_empty
from bvn_asp.model.values import parse_record, parse_value
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
        ("pain_duration: 2022", "hint", "if it began then, write `{since: 2022}`"),
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
        ("modic: {L4: 2}", "hint", "did you mean `type_2`?"),
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


# -- the table ----------------------------------------------------------------------------------

TABLE = yaml.safe_load((Path(__file__).parent / "wordings.yaml").read_text(encoding="utf-8"))
DAY = datetime.date(2026, 12, 3)


def slot_of(name):
    fact, _, member = name.partition(".")
    return Slot(fact, member)


def spelled(vocabulary, slot, read):
    """How the table writes what a way in makes of a text."""
    known = vocabulary.facts[slot.fact]
    try:
        record = read()
    except InputError as error:
        return f"? {error.faults[0].hint}".replace("one of " + ", ".join(known.values), "LISTED").strip()
    if record is None:
        return "nothing"
    if record.silent:
        return "silent"
    return "unknown" if record.value == anything(known) else str(record)


@pytest.mark.parametrize("name", TABLE)
def test_what_a_nurse_types_is_read_as_meant_or_answered_with_it_at_prompts_and_in_files(shipped, name):
    slot = slot_of(name)

    def in_a_file(text):
        data = {"title": "x", "request": {"date": "2026-12-03"}, "facts": {}}
        part = "request" if shipped.vocabulary.facts[slot.fact].section == "Request" and not slot.member else "facts"
        data[part][slot.fact] = {slot.member: text} if slot.member else text
        case = parse_case(json.dumps(data), shipped.vocabulary)
        return case.get(slot) or next((each for each in case.silent if each.slot == slot), None)

    for text, want in TABLE[name].items():
        typed = spelled(shipped.vocabulary, slot, lambda text=text: parse_record(shipped.vocabulary, slot, text, DAY))
        written = spelled(shipped.vocabulary, slot, lambda text=text: in_a_file(text))

        assert typed == want, (name, text)
        assert written == want, (name, text)


def test_a_cell_is_read_as_at_a_prompt(shipped):
    program = SimpleNamespace(values=lambda slot: (), allowed=lambda slot, value: (), seats=())
    columns = Columns(shipped, program, SimpleNamespace(classes={}), TABLE)
    for name, texts in TABLE.items():
        column = columns.columns[name]
        for text, want in texts.items():
            number = columns.texts.number(column, text)
            if want != "silent":
                read = partial(of_cell, column, number)
                assert spelled(shipped.vocabulary, slot_of(name), read) == want, (name, text)


def of_cell(column, number):
    if number in column.faults:
        raise fault(*column.faults[number][1:])
    return column.record(number)


@pytest.mark.parametrize(
    ("supposed", "hint"),
    [("t_score=- 2.5", "write `-2.5` or `2.5`, whichever is meant"), ("spine_infection=no: see note",
     "write `no`, the rest as a note if it matters: `{value: no, evidence: {note: …}}`"),
     ("spine_infection=?", "`unknown`, if nobody knows; leave it out where the chart says nothing")],
)
def test_what_is_supposed_is_read_as_text_and_not_as_signs_of_yaml(shipped, supposed, hint):
    case = parse_case("title: x", shipped.vocabulary)

    with pytest.raises(InputError) as error:
        parse_suppositions(shipped, case, [supposed])

    assert error.value.faults[0].hint == hint
    values = parse_suppositions(shipped, case, ["pain_duration=>= 6 months", "pain_score=> 7", "modic.L4=Type II"])
    assert list(map(str, values.values())) == ["at least 6 months", "more than 7 points", "type 2"]


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("pain_duration: > 6 months", 'with quotes it is a text: `"> 6 months"`'),
        ("pain_duration: >= 6 months", 'with quotes it is a text: `">= 6 months"`'),
        ("disc_protrusion: {L4-L5: >4 mm}", 'with quotes it is a text: `">4 mm"`'),
        ("t_score: - 2.5", 'with quotes it is a text: `"- 2.5"`'),
        ("spine_infection: !no", 'with quotes it is a text: `"!no"`'),
        ("state: @x", 'with quotes it is a text: `"@x"`'),
        ("waddell_signs: >2", "put an amount that begins with `>` in quotes"),
    ],
)
def test_a_sign_of_yaml_at_the_start_of_a_value_is_answered_with_quotes(shipped, line, hint):
    with pytest.raises(InputError) as error:
        parse_case(f"title: x\nfacts:\n  {line}\n  odi: 44\n", shipped.vocabulary)

    assert error.value.faults[0].hint == hint


@pytest.mark.parametrize(
    ("procedures", "units"),
    [("{64628: 2 units}", "2"), ("{64628: two}", "2"), ("{64628: 1x}", None), ("{64628: 1.5}", None), ("64628", "1")],
)
def test_units_of_a_procedure_are_read_like_any_other_number(shipped, procedures, units):
    text = f"title: x\nrequest: {{procedures: {procedures}}}"
    if units:
        assert str(parse_case(text, shipped.vocabulary).get(Slot("billed", "64628")).value).split()[0] == units
        return
    with pytest.raises(InputError) as error:
        parse_case(text, shipped.vocabulary)
    noted = "write `1`, the rest as a note if it matters: `{value: 1, evidence: {note: …}}`"
    assert error.value.faults[0].hint == (noted if "x" in procedures else "")


# -- properties ---------------------------------------------------------------------------------

UNITS = {
    "days": ["d", "day", "days"],
    "weeks": ["w", "wk", "wks", "week", "weeks", "Weeks"],
    "months": ["mo", "mos", "mths", "month", "months", "Mo."],
    "years": ["y", "yr", "yrs", "year", "years"],
}
OWN = {  # what a chart writes behind a number, and how much of the fact's own unit one of it is
    "points": {"": 1, " points": 1, " pts": 1}, "signs": {"": 1, " signs": 1},
    "sessions": {"": 1, " visits": 1, " x": 1},
    "units": {"": 1, " units": 1, "x": 1}, "years": {"": 1, " yo": 1, "-year-old": 1, "F": 1, " y/o male": 1},
    "kg/m2": {"": 1, " kg/m2": 1}, "score": {"": 1, " SD": 1},
    "mm": {"": 1, " mm": 1, "mm": 1, " cm": 10, " mm left": 1, " mm central": 1, "-mm": 1},
}
FORMS = {
    "{n}{u}": "exact", "for {n}{u}": "exact", "x {n}{u}": "exact", "exactly {n}{u}": "exact", "={n}{u}": "exact",
    "{n}{u} ago": "exact", "the past {n}{u}": "exact", "({n}{u})": "exact", "{u} {n}": "exact", "{n}{u}.": "exact",
    "{name} {n}{u}": "exact", "{name}: {n}{u}": "exact", "worst {n}{u}": "exact", "small, {n}{u}": "exact",
    "about {n}{u}": "exact", "~{n}{u}": "exact", "approx. {n}{u}": "exact", "{n}{u} or so": "exact",
    "nearly {n}{u}": "short", "almost {n}{u}": "short", "roughly {n}{u}": "exact", "{n}-ish{u}": "exact",
    "~ {n}{u}": "exact",
    "over {n}{u}": "above", "> {n}{u}": "above", ">{n}{u}": "above", "more than {n}{u}": "above",
    "well over {n}{u}": "above", "in excess of {n}{u}": "above", "over about {n}{u}": "any", "not over {n}{u}": "to",
    "at least {n}{u}": "from", "{n}+{u}": "from", "{n}{u}+": "from", "{n}{u} or more": "from", "≥{n}{u}": "from",
    "min {n}{u}": "from", "minimum of {n}{u}": "from", "no less than {n}{u}": "from", "{n} plus{u}": "from",
    "{n}{u} at least": "from", ">/= {n}{u}": "from", "{n}{u} and counting": "from",
    "under {n}{u}": "below", "<{n}{u}": "below", "just under {n}{u}": "below", "fewer than {n}{u}": "below",
    "up to {n}{u}": "to", "{n}{u} or less": "to", "no more than {n}{u}": "to", "max {n}{u}": "to", "<= {n}{u}": "to",
    "{n} to {m}{u}": "range", "{n}-{m}{u}": "range", "{n} – {m}{u}": "range", "between {n} and {m}{u}": "range",
    "from {n} to {m}{u}": "range", "{n} or {m}{u}": "range", "{n}, {m}{u}": "range", "{n}{u} to {m}{u}": "range",
    "{n}/{m}{u}": "either", "{n} +/- {k}{u}": "spread", "{n}±{k}{u}": "spread", "{n} 1/2{u}": "half",
    "{n} and a half{u}": "half", "{n}½{u}": "half", "not {n}{u}": "nothing", "no {n}{u}": "nothing",
    "{n}{u} minus": "nothing", "> {n} and < {m}{u}": "between", "more than {n}{u} but less than {m}{u}": "between",
    "{n} x {m}{u}": "nothing",
    "{n}{u} and {m}{u}": "any", "{n}/wk{u}": "nothing", "a few{u}": "nothing", "minus {n}{u}": "any", "- {n}{u}": "any",
    "{n}{u} at worst, {m}{u} at best": "range",
}
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
WORDS += [f"{each}teen" for each in ("thir", "four", "fif", "six", "seven", "eigh", "nine")]


def in_words(number):
    tens = ["twenty", "thirty", "forty", "fifty", "sixty"]
    if number < 20:
        return WORDS[number]
    return tens[number // 10 - 2] + (f"-{WORDS[number % 10]}" if number % 10 else "")


def wordings(facts, trials):
    """Facts, wordings of an amount of each, and the amounts that their author can have meant; None: nobody knows."""
    draw = random.Random(7)
    kinds = {"duration" if each.type == "duration" else each.unit: each for each in facts}
    for kind, known in kinds.items():
        spelled = [(draw.choice(" -") + u, unit, 1) for unit, listed in UNITS.items() for u in listed]
        for text_unit, unit, factor in spelled if kind == "duration" else [(u, kind, f) for u, f in OWN[kind].items()]:
            for form, how in FORMS.items():
                for _ in range(trials):
                    n, m, k = (draw.randint(1, 60) for _ in range(3))
                    n, m = (n % 10 + 1, m % 10 + 1) if known.high.amount < 60 and kind != "duration" else (n, m)
                    glued = text_unit[:1].isalpha()
                    words = [in_words(each) if draw.random() < 0.5 and not glued else str(each) for each in (n, m)]
                    text = form.format(n=words[0], m=words[1], k=k, u=text_unit, name=known.name.replace("_", " "))
                    yield known, text, meanings(how, n, m, k, lambda a, f=factor, u=unit: Quantity(Decimal(a) * f, u))


def meanings(how, n, m, k, amount):
    low, high = amount(min(n, m)), amount(max(n, m))
    span, less = Interval(low, False, high, False), Interval(None, False, amount(n), True)
    return {
        "exact": [exactly(amount(n))], "short": [less], "above": [Interval(amount(n), True, None, False)],
        "from": [Interval(amount(n), False, None, False)], "below": [less],
        "to": [Interval(None, False, amount(n), False)], "range": [span], "between": [Interval(low, True, high, True)],
        "either": [span, exactly(amount(Decimal(n) / m))],
        "spread": [Interval(amount(n - k), False, amount(n + k), False)], "half": [exactly(amount(n + Decimal("0.5")))],
        "inside": [Interval(amount(n), False, amount(n + 1), False)], "nothing": [], "any": None,
    }[how]


def offered(hint):
    """What a hint says to write, whole; forms with a gap in them are no values."""
    for each in re.findall(r"`([^`]+)`", hint):
        if "…" not in each.replace("note: …", ""):
            yield each


def ends(interval):
    """The ends of an interval, each with whether it is left out, as numbers of the unit."""
    return [end and (end.amount, end.unit.rstrip("s"), is_open)
            for end, is_open in ((interval.low, interval.low_open), (interval.high, interval.high_open))]


def wrong(vocabulary, known, text, meant):
    """What a text is read as, or what its hint offers, where that is not what was meant; None if all is well."""
    slot = vocabulary.slots_of(known.name)[0]
    try:
        found = [read_interval(known, text)]
    except Misread as error:
        said = list(offered(error.hint))
        wide = {"unknown", "not_reported", "none", "0", "present"} & set(said)
        if re.search(r"\d", text) and wide and "if it is there" not in error.hint:
            return error.hint
        found = [parse_value(vocabulary, slot, each, DAY) for each in said if each not in FORM_WORDS]
        if "steps of" in error.message and meant:  # half a point: between two
            return None if all(overlaps(found[0], each) for each in meant) else error.hint
        if "has no unit" in error.message or "lower end" in error.hint:
            return None
    return next((str(one) for one in found if meant is not None and ends(one) not in map(ends, meant)), None)


def overlaps(first, second):
    shared = both(first, second)
    return shared is None or not is_empty(shared)


FORM_WORDS = ("at least", "at most", "to", "unknown", "not_reported", "none", "present", "0")


def test_an_amount_is_read_as_it_was_meant_or_a_hint_offers_nothing_else(shipped):
    facts = [each for each in shipped.vocabulary.facts.values() if each.is_numeric and each.type != "count"]

    found = [(known.name, text, said) for known, text, meant in wordings(facts, 1)
             if (said := wrong(shipped.vocabulary, known, text, meant)) is not None]

    assert not found


NAMED = {
    "{a}": "it", "possible {a}": "any", "{a} or {b}": "two", "{a} to {b}": "two", "{a}/{b}": "two", "{a}-{b}": "two",
    "{a}, {b}": "two", "{a} and {b}": "two", "{a} vs {b}": "two", "not {a}": "other", "no {a}": "other",
    "{a}, left": "it", "s/p {a}": "it", "hx {a}": "it", "{a} 2019": "it", "{a} noted": "it", "{a} at L4-L5": "it",
    "less {a}": "any", "{t}": "typo", "non-{a}": "other", "denies {a}": "other", "negative for {a}": "other",
    "{a}.": "it", "{a}?": "any", "({a})": "it", "mostly {a}": "any", "rather {a} than {b}": "any", "{A}": "it",
    "n/a": "any", "pending": "any", "cannot exclude {a}": "any", "{a} resolved": "any",
}


def test_a_named_value_is_read_as_it_was_meant_or_a_hint_offers_nothing_else(shipped):
    draw, found = random.Random(7), []
    for known in (fact for fact in shipped.vocabulary.facts.values() if fact.is_named):
        for form, how in NAMED.items():
            first, second = (draw.choice(sorted(known.values)) for _ in range(2))
            cut = draw.randrange(len(first))
            typo = first[:cut] + first[cut + 1 :]
            text = form.format(a=first, b=second, t=typo, A=first.upper()).replace("_", " ")
            every = set(known.values)
            meant = {"it": {first}, "two": {first, second}, "other": every - {first}, "any": every,
                     "typo": {first} | {each for each in every if len(each) <= len(first)}}[how]
            if how == "other" and first in (known.absent, "no"):
                meant = every  # a negation of nothing
            said = values_of(shipped.vocabulary, known, text)
            found += [(known.name, text, each) for each in said if not each & meant or (how == "it" and each != meant)]

    assert not found


def values_of(vocabulary, known, text):
    """What a text is read as, or else each value that its hint offers."""
    try:
        return [{read_named(known, text)}]
    except Misread as error:
        slot = vocabulary.slots_of(known.name)[0]
        said = [each for each in offered(error.hint) if each not in ("unknown", "not_reported")]
        return [set(parse_value(vocabulary, slot, each).values) for each in said]


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


def test_a_bare_number_means_what_it_would_mean_if_all_its_words_were_looked_at(shipped, monkeypatch):
    rng = random.Random(5)
    numbers = [fact for fact in shipped.vocabulary.facts.values() if fact.is_numeric]
    units = ["", "", " days", " weeks", " months", " year", " mm", " m", " or more", " plus", "+", " days ago"]
    digits = ["0", "5", "12", "40", "400", "2.5", "1.", ".5", "1.2.3", "6 7", "1/2", "3 months 2"]
    before = ["", "", "", "0", "-", "over "]
    asked = [
        (rng.choice(numbers), f"{rng.choice(before)}{rng.choice(digits)}{rng.choice(units)}") for _ in range(800)
    ]

    def meant(fact, text):
        try:
            return wording.read_interval(fact, text)
        except Misread as error:
            return str(error), error.hint

    quick = [meant(*each) for each in asked]
    assert sum(numerals.is_bare(text) for _, text in asked) > 100
    monkeypatch.setattr(wording, "is_bare", lambda _: False)
    monkeypatch.setattr(numerals, "is_bare", lambda _: False)

    assert quick == [meant(*each) for each in asked]
