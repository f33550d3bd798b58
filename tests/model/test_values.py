"""What one fact may say: no range without an amount, nothing dropped in silence, nothing rounded."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bvn_asp import InputError, Slot, parse_case
from bvn_asp.cases.whatif import parse_suppositions
from bvn_asp.model.case import Named, case_data, value_data
from bvn_asp.model.case_reader import make_case
from bvn_asp.model.quantity import ANY, Interval, Quantity, Span
from bvn_asp.model.values import parse_value
from bvn_asp.model.yaml_text import parse_yaml

PAIN, BMI, MODIC = Slot("pain_duration"), Slot("bmi"), Slot("modic", "L4")


def fault(library, text):
    with pytest.raises(InputError) as error:
        parse_case(text, library.vocabulary, "case.yaml")
    assert len(error.value.faults) == 1, error.value
    return error.value.faults[0]


def value(library, slot, text):
    inner = f"{{{slot.member}: {text}}}" if slot.member else text
    return parse_case(f"title: x\nfacts: {{{slot.fact}: {inner}}}", library.vocabulary).get(slot).value


# -- ranges without an amount -----------------------------------------------------------------

IMPOSSIBLE = [
    (BMI, "39 to 30", "no amount is `39 to 30`"),
    (BMI, "{more_than: 40, less_than: 40}", "does not go together with `more_than: more than 40 kg/m2`"),
    (BMI, "{at_least: 40, less_than: 40}", "does not go together with `at_least: at least 40 kg/m2`"),
    (BMI, "over 100", "`over 100` is outside the range of `bmi`"),
    (PAIN, "{at_least: 10 months, at_most: 5 months}", "`at_most: at most 5 months` does not go together with"),
    (PAIN, "8 to 6 weeks", "no amount is `8 to 6 weeks`"),
    (PAIN, "{at_least: 2 years, less_than: 100 weeks}", "`less_than: less than 100 weeks` does not go together"),
    (PAIN, "less than 0 months", "`less than 0 months` is outside the range of `pain_duration`"),
    (Slot("age"), "{more_than: 17, less_than: 18}", "does not go together with `more_than: more than 17 years`"),
    (Slot("age"), "over 120", "`over 120` is outside the range of `age`"),
    (MODIC, "{one_of: []}", "`one_of` lists no value of `modic`"),
]
NAMES = [f"{slot}-{text}" for slot, text, _ in IMPOSSIBLE]


def line_three(slot, text):
    inner = f"{{{slot.member}: {text}}}" if slot.member else text
    return f"title: x\nfacts:\n  {slot.fact}: {inner}\n"


@pytest.mark.parametrize(("slot", "text", "words"), IMPOSSIBLE, ids=NAMES)
def test_a_range_without_an_amount_is_refused_at_its_line(shipped, slot, text, words):
    found = fault(shipped, line_three(slot, text))

    assert found.place.line == 3
    assert words in found.message


@pytest.mark.parametrize(("slot", "text"), [each[:2] for each in IMPOSSIBLE], ids=NAMES)
def test_a_range_without_an_amount_is_refused_in_whatif_too(shipped, slot, text):
    case = parse_case("title: x", shipped.vocabulary)
    in_a_file = fault(shipped, line_three(slot, text))

    with pytest.raises(InputError) as error:
        parse_suppositions(shipped, case, [f"{slot}={text}"])

    (found,) = error.value.faults
    assert (found.message, found.hint) == (f"{slot}: {in_a_file.message}", in_a_file.hint)


def test_a_range_that_runs_backwards_is_offered_turned_round(shipped):
    assert fault(shipped, "title: x\nfacts: {bmi: 39 to 30}").hint.endswith("`30 kg/m2 to 39 kg/m2`")


def test_a_range_that_only_a_calendar_could_call_empty_stands(shipped):
    assert value(shipped, PAIN, "{at_least: 26 weeks, at_most: 6 months}") == Interval(
        Quantity(26, "weeks"), False, Quantity(6, "months"), False
    )


# -- keys that contradict each other, and keys that do not --------------------------------------


@pytest.mark.parametrize(
    ("slot", "text", "at"),
    [
        (PAIN, "{value: 3 months, at_least: 6 months}", "at_least"),
        (PAIN, "{at_least: 6 months, value: 3 months}", "value"),
        (PAIN, "{value: 3 months, value: 3 months}", "value"),
        (PAIN, "{at_least: 26 weeks, more_than: 6 months}", "more_than"),
        (MODIC, "{value: type_1, one_of: [type_2, type_3]}", "one_of"),
        (MODIC, "{value: type_1, conflicting: [type_2, type_3]}", "value"),
        (MODIC, "{value: {value: type_1, evidence: x}}", "{value: type_1"),
        (MODIC, "{value: {conflicting: [type_2, type_3]}}", "[type_2"),
        (MODIC, "{value: type_1, at_least: 3}", "3"),
        (BMI, "{value: 39, one_of: [38, 39]}", "[38"),
    ],
)
def test_keys_that_contradict_each_other_are_refused_at_their_place(shipped, slot, text, at):
    inner = f"{{{slot.member}: {text}}}" if slot.member else text
    line = f"  {slot.fact}: {inner}"

    found = fault(shipped, f"title: x\nfacts:\n{line}\n")

    assert (found.place.line, found.place.column) == (3, line.rindex(at) + 1)


@pytest.mark.parametrize(
    ("slot", "text", "want"),
    [
        (PAIN, "{value: 7 months, at_least: 6 months}", "7 months"),
        (PAIN, "{at_least: 6 months, more_than: 7 months}", "more than 7 months"),
        (PAIN, "{at_least: 6 months, more_than: 6 months}", "more than 6 months"),
        (PAIN, "{at_least: 6 weeks, at_most: 1 yr, less_than: 12 mo}", "at least 6 weeks and less than 12 months"),
        (MODIC, "{value: type_1, one_of: [type_1, type_2]}", "type 1"),
        (MODIC, "{one_of: [type_2, type_1], evidence: page 3}", "type 1 or type 2"),
    ],
)
def test_keys_that_do_not_contradict_each_other_are_taken_together(shipped, slot, text, want):
    assert str(value(shipped, slot, text)) == want


def test_a_list_of_the_request_and_a_fact_may_not_disagree(shipped):
    found = fault(shipped, "title: x\nrequest: {bodies: [L4, L5]}\nfacts:\n  requested: {S1: yes}\n")

    assert found.place.line == 4
    assert "`requested.S1` is yes here, and no by the list in the request" in found.message


# -- odd values ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        'title: "a\\0b"',
        'title: "a\\x07b"',
        "title: \x07",
        'title: "\\ud83d"',
        f"title: x\nfacts: {{age: {'9' * 1_000_000}}}",
        f"title: x\nfacts: {{age: 0.{'9' * 1_000_000}}}",
        "title: x\nfacts: {age: ٣٤}",
        "title: x\nfacts: {pain_duration: 2147483647 months}",
        "title: x\nfacts: {pain_duration: 99999999999999999999999999999 days}",
        "title: x\nrequest: {date: 9999-12-31}",
        "title: x\nrequest: {date: 0001-01-01}",
        "title: x\nrequest: {date: 2026-W01-1}",
        "title: x\nrequest: {date: 20260101}",
        "title: x\nrequest: {date: 2026-02-30}",
        "title: x\nrequest: {date: 2026-02}",
        "title: x\nrequest: {date: 2026-01-01}\nfacts: {pain_duration: {since: 2025-01-01, until: 9999-12-31}}",
        "title: x\nfacts: {age: " + "[" * 900 + "]" * 900 + "}",
        "title: x\nfacts: " + "{a: " * 900 + "1" + "}" * 900,
        "title: x\nfacts: " + "[" * 100_000,
        "title: x\nfacts: {care: {nsaid: {one_of: [[a]]}}}",
        'title: x\nfacts: {"age\\u2028": 5}',
    ],
    ids=lambda text: text[:60],
)
def test_an_odd_value_is_refused_with_its_place_and_few_words(shipped, text):
    found = fault(shipped, text)

    assert str(found.place).startswith("case.yaml")
    assert len(str(found)) < 400
    assert str(found).replace("\n", "").isprintable()


def test_json_may_write_a_character_in_two_halves(shipped):
    assert parse_case(json.dumps({"title": "pain \U0001f600"}), shipped.vocabulary).title == "pain \U0001f600"


# -- finer than the vocabulary's step -------------------------------------------------------------


@pytest.mark.parametrize("text", ["40.04", "40.676850900459485", "{more_than: 40.0, less_than: 40.1}", "40.000001"])
def test_a_measurement_finer_than_the_step_is_never_rounded(shipped, text):
    from bvn_asp.cases.evaluate import evaluate

    case = shipped.case("cases/baseline.yaml")
    heavier = case.with_values(shipped.vocabulary, {BMI: parse_value(shipped.vocabulary, BMI, text)})
    at_forty = case.with_values(shipped.vocabulary, {BMI: parse_value(shipped.vocabulary, BMI, "40.0")})
    found = [evaluate(shipped, each, ["lcd-l39420", "cohere-ma"]) for each in (heavier, at_forty)]

    assert [each.verdict.value for each in found[1]] == ["approve", "approve"]
    assert "deny" in [each.verdict.value for each in found[0]]


@given(
    weight=st.decimals(120, 400, places=1), height=st.sampled_from(["67 in", "1.77 m", "2 m", "5 ft 9 in", "200 cm"]),
    limit=st.integers(100, 600),
)
@settings(max_examples=60, deadline=None)
def test_a_quotient_is_printed_short_and_on_its_own_side_of_every_limit(shipped, weight, height, limit):
    found = value(shipped, BMI, f"{{weight: {weight} lb, height: {height}}}")
    text = str(found)
    cut = Decimal(text.partition(" ")[0].rstrip("…"))
    assert isinstance(found.low, Quantity)

    assert len(text.partition(" ")[0]) <= 12
    assert cut <= found.low.amount
    assert (Decimal(limit) / 10 < cut) == (Decimal(limit) / 10 < found.low.amount) or found.low == found.high
    assert value_data(found) == {"weight": f"{weight} lb", "height": height}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("{weight: 100 kg, height: 2 m}", "25 kg/m2"),
        ("{weight: 160.0001 kg, height: 2 m}", "40.00002… kg/m2 (exactly 160.0001 kg / (2 m)²)"),
        ("{weight: 163.265 kg, height: 2.02 m}", "40.01… kg/m2 (exactly 163.265 kg / (2.02 m)²)"),
        ("40.676850900459485", "40.676850900459485 kg/m2"),
    ],
)
def test_a_number_just_over_a_limit_is_not_printed_as_the_limit(shipped, said, shown):
    assert str(value(shipped, BMI, said)) == shown


def test_of_a_plain_list_all_at_once_is_proposed_where_a_fact_can_be_several_things(shipped):
    causes = fault(shipped, "title: x\nfacts: {other_obvious_cause: [facet, stenosis]}")
    either = fault(shipped, "title: x\nfacts: {osteoporosis: [yes, no]}")
    number = fault(shipped, "title: x\nfacts: {bmi: [30, 31]}")

    assert "`{all_of: [...]}`" in causes.hint
    assert "all_of" not in either.hint
    assert "one_of" in either.hint
    assert "one_of" not in number.hint


def test_what_is_counted_is_whole(shipped):
    assert "in steps of 1" in fault(shipped, "title: x\nfacts: {age: 17.5}").message


# -- unknown, dates, evidence ---------------------------------------------------------------------


def test_a_written_unknown_allows_everything(shipped):
    assert value(shipped, Slot("pregnant"), "unknown") == Named(("yes", "no"))
    assert value(shipped, Slot("t_score"), "unknown") == ANY


def test_a_written_unknown_lets_no_presumption_stand(shipped):
    from bvn_asp.cases.evaluate import presumptions

    silent = parse_case("title: x", shipped.vocabulary)
    unknown = parse_case("title: x\nfacts: {pregnant: unknown}", shipped.vocabulary)

    assert Slot("pregnant") in presumptions(shipped.vocabulary, silent)
    assert Slot("pregnant") not in presumptions(shipped.vocabulary, unknown)


def dated(library, text, date="2026-11-15"):
    return parse_case(f"title: x\nrequest: {{date: {date}}}\nfacts: {{{text}}}", library.vocabulary)


@pytest.mark.parametrize(
    ("since", "low", "high"),
    [
        ("2026-05", (2026, 5, 31), (2026, 5, 1)),
        ("2025", (2025, 12, 31), (2025, 1, 1)),
        ("2026-11", (2026, 11, 15), (2026, 11, 1)),
    ],
)
def test_a_date_known_to_the_month_or_year_is_every_day_of_it(shipped, since, low, high):
    found = dated(shipped, f"pain_duration: {{since: {since}}}").get(PAIN).value

    until = datetime.date(2026, 11, 15)
    assert found == Interval(
        Span(datetime.date(*low), until), False, Span(datetime.date(*high), until), False
    )


def test_a_month_allows_the_cells_that_its_days_allow(shipped):
    from bvn_asp.engine.program import Program, Seat

    program = Program(shipped.vocabulary, None, [Seat(shipped.revision("cohere-ma"))])
    for since in ("2026-04", "2026-05", "2026-06", "2025"):
        whole = dated(shipped, f"pain_duration: {{since: {since}}}").get(PAIN).value
        first = datetime.date.fromisoformat(f"{since}-01" if len(since) == 7 else f"{since}-01-01")
        days = [first + datetime.timedelta(i) for i in range(365)]
        wanted = {
            cell
            for day in days
            if day.isoformat().startswith(since)
            for cell in program.allowed(PAIN, dated(shipped, f"pain_duration: {{since: {day}}}").get(PAIN).value)
        }
        assert set(program.allowed(PAIN, whole)) == wanted


@pytest.mark.parametrize(
    ("born", "low", "high"),
    [("1962-04-30", 64, 64), ("1962-11-16", 63, 63), ("1962-11", 63, 64), ("1962", 63, 64), ("2026-11", 0, 0)],
)
def test_an_age_may_be_given_by_the_date_of_birth(shipped, born, low, high):
    found = dated(shipped, f"age: {{born: {born}}}").get(Slot("age")).value

    assert (found.low.amount, found.high.amount) == (low, high)


@pytest.mark.parametrize(
    "text",
    ["pain_duration: {since: 2023-11}", "pain_duration: {since: 2023-11-02, until: 2024}", "age: {born: 1962-04}",
     "pain_duration: {since: 2024-02-29}", "pregnant: unknown", "t_score: unknown",
     "bmi: {more_than: 40, less_than: 40.1}",
     "care_duration: 6-8 wks", "disc_protrusion: {L4-L5: 0.4 cm}", "odi: 44%",
     "age: {value: 40, evidence: {document: d, page: 3, quotation: a 40-year-old, confidence: 0.9, extractor: e}}",
     "modic: {L4: {conflicting: [{value: type_1, evidence: a}, {value: none, evidence: b}]}}"],
)
@pytest.mark.parametrize("date", ["2024-12-31", "2026-11-15", "2027-02-28"])
def test_what_is_written_out_says_the_same_at_every_date_of_service(shipped, text, date):
    written = case_data(dated(shipped, text), shipped.vocabulary)

    written["request"]["date"] = date
    again = make_case(shipped.vocabulary, written)

    assert again.records == dated(shipped, text, date).records


def test_evidence_has_a_page_and_the_words_of_the_chart(shipped):
    text = "age: {value: 40, evidence: {document: d, page: 3, quotation: q, confidence: 0.9, extractor: r}}"

    found = dated(shipped, text).get(Slot("age")).evidence[0]

    assert str(found) == "d, page 3, “q”, read by r (confidence 0.9)"


def test_a_confidence_is_a_number_up_to_one(shipped):
    text = "title: x\nfacts: {age: {value: 40, evidence: {confidence: 90%}}}"

    assert "is no confidence" in fault(shipped, text).message


# -- codes as entered -----------------------------------------------------------------------------


def test_a_diagnosis_code_stands_as_it_was_entered(shipped):
    from bvn_asp.render import words

    case = parse_case("title: x\nrequest: {diagnoses: [M54.51, m54.16, Q99.9, R52]}", shipped.vocabulary)

    assert case_data(case, shipped.vocabulary)["request"]["diagnoses"] == ["M54.51", "M54.16", "Q99.9", "R52"]
    assert "M54.51 M54.16 Q99.9 (no source asks about it) R52 (no source asks about it)" in words.request(
        case, shipped.vocabulary
    )
    assert make_case(shipped.vocabulary, case_data(case, shipped.vocabulary)).records == case.records


def test_a_code_recorded_by_itself_stands_as_it_was_entered_too(shipped):
    case = parse_case("title: x\nfacts: {diagnosed: {Q99.9: yes}}", shipped.vocabulary)

    assert case.records[0].entered == ("Q99.9",)


@pytest.mark.parametrize(
    "text",
    ["[" * 101, "[" * 100_000, "{a: " * 101, "[\n" * 300, "- " * 300 + "a", "? " * 300 + "a", "a'b: " + "[" * 50_000],
    ids=lambda text: text[:12],
)
def test_what_is_nested_too_deeply_is_refused_before_it_is_composed(text):
    """Composing recurses in C: a deep file ended the process instead of the command."""
    with pytest.raises(InputError, match="nested in over 100 levels"):
        parse_yaml(text.encode(), "case.yaml")


def test_a_file_of_many_flat_lists_is_read():
    assert parse_yaml(("- [a, {b: c}]\n" * 500).encode(), "case.yaml")
