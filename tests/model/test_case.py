"""A case file is read whole or refused with every fault at its place."""

from __future__ import annotations

import datetime

import pytest

from bvn_asp import InputError, Slot, load_case, parse_case
from bvn_asp.model.case import Named, case_data
from bvn_asp.model.case_reader import make_case
from bvn_asp.model.quantity import Interval, Quantity, Span


def faults(toy, text):
    with pytest.raises(InputError) as error:
        toy.library.parse(text, "case.yaml")
    return [str(each) for each in error.value.faults]


def record(toy, text, slot):
    return parse_case(text, toy.library.vocabulary).get(slot)


@pytest.mark.parametrize(
    ("text", "place", "words", "hint"),
    [
        ("title: x\nfacts:\n  aeg: 5", "case.yaml:3:3", "unknown fact `aeg`", "did you mean `age`?"),
        ("title: x\nfacts: {age: old}", "case.yaml:2:14", "`old` is not a number", "a number, or a range"),
        ("title: x\nfacts: {age: 130}", "case.yaml:2:14", "outside the range of `age`", "0 years to 120 years"),
        ("title: x\nfacts: {pain_duration: 9}", "case.yaml:2:24", "has no unit", "`9 weeks`, `9 months`"),
        ("title: x\nfacts: {pain_duration: 9 moons}", "case.yaml:2:24", "unknown unit of time `moons`", ""),
        ("title: x\nfacts: {age: 17.5}", "case.yaml:2:14", "in steps of 1", ""),
        (
            "title: x\nfacts: {modic: {L9: type_1}}",
            "case.yaml:2:17",
            "unknown vertebral body `L9`",
            "one of L4, L5, S1",
        ),
        ("title: x\nfacts: {modic: type_1}", "case.yaml:2:16", "`modic` is recorded per vertebral body", "L4"),
        (
            "title: x\nfacts: {modic: {L4: type_9}}",
            "case.yaml:2:21",
            "`type_9` is not a value of `modic`",
            "one of none, type_1, type_2",
        ),
        ("title: x\nfacts: {implant: perhaps}", "case.yaml:2:18", "`perhaps` is not a value of `implant`", "yes, no"),
        ("title: x\nfacts: {implant: [yes, no]}", "case.yaml:2:18", "takes one value, found a list", "one_of"),
        ("title: x\nfacts:\n  age: 5\n  age: 6", "case.yaml:4:3", "`age` is given twice", "already in line 3"),
        ("title: x\nfact: {age: 5}", "case.yaml:2:1", "unknown key `fact`", "did you mean `facts`?"),
        ("title: x\nage: 5", "case.yaml:2:1", "`age` stands beside `title:`", "below a line `facts:`"),
        ("facts: {age: 5}", "case.yaml:1:1", "the case has no title", "add `title:`"),
        ("title: x\nfacts: [age, 5]", "case.yaml:2:8", "`facts` is `name: value` lines, found a list", ""),
        (
            "title: x\nrequest: {bodies: [L4], dte: 2026-01-01}",
            "case.yaml:2:25",
            "unknown key `dte`",
            "did you mean `date`?",
        ),
        (
            "title: x\nrequest: {bodies: L4, L5}",
            "case.yaml:2:23",
            "unknown key `L5`",
            "a list of several stands in brackets: `bodies: [L5, …]`",
        ),
        ("title: x\nrequest:\n  body: L4", "case.yaml:3:3", "unknown key `body`", "did you mean `bodies`?"),
        ("title: x\nrequest: {whom: }", "case.yaml:2:11", "unknown key `whom`", "one of date, bodies"),
        ("title: x\nrequest: {date: 1/2/2026}", "case.yaml:2:17", "is not a date", "`2026-01-02` or `2026-02-01`"),
        (
            "title: x\nfacts: {pain_duration: {since: 2026-01-01}}",
            "case.yaml:2:32",
            "request's date",
            "add `request: date:`",
        ),
        (
            "title: x\nrequest: {date: 2026-01-01}\nfacts: {pain_duration: {since: 2026-02-01}}",
            "case.yaml:3:32",
            "2026-02-01 is after 2026-01-01",
            "",
        ),
        ("title: x\nexpect: {plan: aprove}", "case.yaml:2:16", "`aprove` is not a verdict", "did you mean `approve`?"),
        (
            "title: x\nfacts: {modic: {L4-L5: type_1, L5-S1: none}}",
            "case.yaml:2:39",
            "`modic.L5` is given twice",
            "one by one",
        ),
        ("title: x\nfacts: {bodies_requested: 2}", "case.yaml:2:9", "counted from the request, not recorded", ""),
        ("title: x\nfacts: {age: {valeu: 5}}", "case.yaml:2:15", "unknown key `valeu`", "did you mean `value`?"),
    ],
)
def test_a_fault_names_its_place_and_a_way_out(toy, text, place, words, hint):
    found = faults(toy, text)

    assert len(found) == 1
    assert found[0].startswith(f"{place}: ")
    assert words in found[0]
    assert hint in found[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("just words", "c.yaml:1:1: a case is `name: value` lines; this is a value"),
        ("request: {bodies: [L4]}", "c.yaml:1:1: the case has no title\n  hint: add `title:`, one sentence"),
        (
            "title: t\nfacts: {endplates: type_1}",
            "c.yaml:2:20: `endplates` is recorded by the side\n  hint: write `endplates: {L1-L2: …}`",
        ),
        (
            "title: t\nfacts: {endplates: {L4: type_1}}",
            "c.yaml:2:21: `L4` is no side\n  hint: a side is named by both, as `L1-L2`",
        ),
        (
            "title: t\nfacts: {modic: type_1}",
            "c.yaml:2:16: `modic` is recorded per vertebral body\n  hint: write `modic: {L1: …}`, or "
            "`modic: {somewhere: type_1}` if the chart does not say which",
        ),
        (
            "title: t\nrequest: {bodies: 7}",
            "c.yaml:2:19: there are no 7 vertebral bodies\n  hint: a number from 0 to 6, or their names",
        ),
        (
            "title: t\nfacts: {endplates: {L4-L5: {somewhere: type_1}}}",
            "c.yaml:2:21: `somewhere` says nothing of sides\n  hint: write `modic: {somewhere: …}`",
        ),
    ],
    ids=lambda each: each[:30],
)
def test_what_the_shape_of_a_file_has_wrong_is_shown_by_an_example_of_the_vocabulary(shipped, text, said):
    with pytest.raises(InputError) as error:
        shipped.parse(text, "c.yaml")

    assert str(error.value.faults[0]) == said


def test_the_last_optional_member_is_not_counted_among_those_of_whom_only_a_number_is_known(shipped):
    """Six vertebrae are all that most people have; a seventh is named."""
    (said,) = shipped.parse("title: t\nrequest: {bodies: 6}").several

    assert "L6" not in [each.member for each in said.slot.parts]
    assert (said.slot.least, said.slot.most) == (6, 6)


def test_all_faults_of_a_file_are_told_at_once(toy):
    found = faults(toy, "title: x\nfacts:\n  aeg: 5\n  implant: perhaps\n  modic: {L9: none}\n")

    assert [each.split(": ")[0] for each in found] == ["case.yaml:3:3", "case.yaml:4:12", "case.yaml:5:11"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty"),
        (b"# only a comment\n", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a text file"),
        (b"title: \xff\xfe", "not a text file"),
        (b"title: [", "not YAML"),
        (b"a: b: c", "not YAML"),
        (b"\ttitle: x", "not YAML"),
        (b"- one\n- two", "a case is `name: value` lines; this is a list"),
        (b"title: &x y\nabout: *x\nfacts: *x\n", "found a value"),
        (b"title: x\nfacts: &f {age: 5}\nrequest: *f\n", "anchors and aliases are not used here"),
        (b"[" * 5000, "not YAML"),
    ],
    ids=["empty", "comment", "binary", "latin", "cut", "colon", "tab", "list", "scalar-alias", "alias", "deep"],
)
def test_what_is_no_case_is_refused_in_words(toy, tmp_path, data, words):
    path = tmp_path / "case.yaml"
    path.write_bytes(data)

    with pytest.raises(InputError) as error:
        toy.library.case(path)

    assert words in str(error.value)
    assert str(path) in str(error.value)


def test_a_huge_file_is_refused_unread(toy, tmp_path):
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)

    with pytest.raises(InputError, match="the file is 100 MB"):
        toy.library.case(path)


@pytest.mark.parametrize("path", ["nowhere.yaml", "."])
def test_a_file_that_is_not_there_or_a_folder_is_refused(toy, path):
    with pytest.raises(InputError, match=r"cannot read the file|this is a folder"):
        toy.library.case(path)


def test_what_no_patient_can_be_is_refused_with_the_records_that_say_so(toy):
    found = faults(toy, "title: x\nrequest: {bodies: []}\nfacts: {age: 50}")

    assert "no patient can be so: the request names no vertebral body" in found[0]
    assert "requested.L4" in found[0]


# -- what is read ---------------------------------------------------------------------------------


def test_a_disc_level_names_both_its_bodies(toy):
    case = toy.case(request={"bodies": "L4-L5", "date": "2026-12-01"}, modic={"l5/s1": "type_2"})

    assert case.requested(toy.library.vocabulary) == ("L4", "L5")
    assert [str(r.slot) for r in case.records if r.slot.fact == "modic"] == ["modic.L5", "modic.S1"]


def test_all_stands_for_every_member_without_a_line_of_its_own(toy):
    case = toy.case(modic={"all": "none", "L5": "type_1"})

    assert {r.slot.member: str(r.value) for r in case.records if r.slot.fact == "modic"} == {
        **{"L4": "none", "L5": "type 1", "S1": "none"}
    }


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("9 months", Interval(Quantity(9, "months"), False, Quantity(9, "months"), False)),
        ('">= 6 months"', Interval(Quantity(6, "months"), False, None, False)),
        ("over 6 weeks", Interval(Quantity(6, "weeks"), True, None, False)),
        ("at most 2 years", Interval(None, False, Quantity(2, "years"), False)),
        ("6 to 8 months", Interval(Quantity(6, "months"), False, Quantity(8, "months"), False)),
        ("{at_least: 6 months, less_than: 1 year}", Interval(Quantity(6, "months"), False, Quantity(1, "years"), True)),
    ],
)
def test_a_duration_can_be_exact_or_a_range(toy, text, want):
    assert record(toy, f"title: x\nfacts: {{pain_duration: {text}}}", Slot("pain_duration")).value == want


def test_a_duration_by_date_is_counted_to_the_request(toy):
    case = toy.case(pain_duration={"since": "2026-01-31"})

    assert case.get(Slot("pain_duration")).value.exact == Span(datetime.date(2026, 1, 31), datetime.date(2026, 12, 1))


def test_unknown_is_the_absence_of_a_record(toy):
    case = toy.library.parse("title: x\nfacts: {age: }")

    assert case.get(Slot("age")) is None


def test_yes_and_no_are_words_and_never_guessed(toy):
    for word in ("yes", "Yes", "true"):
        assert record(toy, f"title: x\nfacts: {{implant: {word}}}", Slot("implant")).value == Named(("yes",))


def test_a_case_written_out_reads_back_the_same(shipped):
    from places import ROOT

    for path in sorted((ROOT / "cases").glob("founding/*.yaml")) + [ROOT / "cases" / "baseline.yaml"]:
        case = load_case(path, shipped.vocabulary)

        again = make_case(shipped.vocabulary, case_data(case, shipped.vocabulary))

        assert again.records == case.records, path
        assert (again.title, again.date) == (case.title, case.date)


def test_every_shipped_case_is_possible_and_expects_something(shipped):
    from places import ROOT

    paths = sorted((ROOT / "cases").rglob("*.yaml"))
    for path in paths:
        case = load_case(path, shipped.vocabulary)
        if "founding" not in path.parts:
            assert case.expectations, path
    assert len(paths) > 150


def test_lines_beside_the_title_are_told_where_they_belong_in_one_fault_a_part(shipped):
    text = "title: x\ndate: 2026-12-03\nstate: ga\nbodies: [L4]\nage: 58\nendplates: {}\nmri: yes\n"

    with pytest.raises(InputError) as error:
        parse_case(text, shipped.vocabulary)

    assert [(each.place.line, each.message, each.hint) for each in error.value.faults] == [
        (2, "`date`, `state`, `bodies` stand beside `title:`", "indented, below a line `request:`"),
        (5, "`age`, `endplates` stand beside `title:`", "indented, below a line `facts:`"),
        (7, "unknown key `mri`", "a case has title, about, source, hypothetical, request, facts, expect"),
    ]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("chiro", "did you mean `care: {chiropractic: …}`, `care_duration_each: {chiropractic: …}`?"),
        ("physical_therapy_duration", "did you mean `care_duration_each: {physical_therapy: …}`?"),
        ("ESI", "did you mean `care: {injections: …}`, `care_duration_each: {injections: …}`?"),
        ("prior_laminectomy", "did you mean `prior_surgery`?"),
        ("M54.51", "did you mean `diagnosed: {M54.51: …}`?"),
        ("dexa", "did you mean `osteoporosis`, `t_score`?"),
        ("pain_duraton", "did you mean `pain_duration`?"),
        ("horoscope", "`bvn facts` lists every fact; `bvn facts WORD` searches"),
        ("date", "`date` stands under `request:`"),
    ],
)
def test_a_name_that_is_no_fact_is_answered_as_a_search_would(shipped, name, hint):
    with pytest.raises(InputError) as error:
        parse_case(f"title: x\nfacts: {{{name}: yes}}", shipped.vocabulary)

    assert error.value.faults[0].hint == hint


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("request: {state: Geogia}", "did you mean `ga`, Georgia?"),
        ("request: {line_of_business: MA}", "did you mean `medicare_advantage`?"),
        ("request: {line_of_business: HMO}", "one of original_medicare, medicare_advantage, "),
        ("request: {dos: 2026-03-01}", "did you mean `date`?"),
        ("request: {bodies: L4/L5/S1}", "write `L4`, `L5`, `S1`"),
        ("request: {bodies: L4 or L5}", "one of L1, L2, "),
        ("request: {procedures: CPT 64628}", "write `64628`"),
        ("request: {procedures: [64628, 64629 x2]}", "units stand behind the code: `{64629: 2}`"),
        ("request: {diagnoses: dx M54.51}", "write `M54.51`"),
        ("request: {diagnoses: no M54.51}", ""),
        ("facts: {modic: {L4: II}}", "did you mean `type_2`?"),
        ("facts: {modic: {L4: 7}}", "one of none, type_1, "),
        ("facts: {prior_surgery: none}", "write `prior_surgery: {all: none}`, if it is said of all"),
        ("facts: {prior_surgery: denies}", "`{all: none}`, if the chart says that there is none"),
    ],
)
def test_what_intake_writes_otherwise_is_answered_with_the_form(shipped, line, hint):
    with pytest.raises(InputError) as error:
        shipped.parse(f"title: t\n{line}", "c.yaml")

    assert error.value.faults[0].hint.startswith(hint) or hint in error.value.faults[0].hint
