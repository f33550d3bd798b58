"""Only what is missing is asked, and what is answered comes back as what was meant."""

from __future__ import annotations

import json
import random
import re
import time

import pytest
import yaml
from click.testing import CliRunner
from fhir.charts import chart, condition, observation
from places import HERE, ROOT

from bvn_asp.cases.ask import ask as asked_of
from bvn_asp.cases.evaluate import Verdict, evaluate
from bvn_asp.cli import main
from bvn_asp.errors import InputError
from bvn_asp.fhir.ask import Desk, answer
from bvn_asp.fhir.documents import parse_json, to_json
from bvn_asp.fhir.form import ORIGIN, UNKNOWN, answers_of, questionnaire, response, several_of
from bvn_asp.fhir.read import read
from bvn_asp.model.case import Record, record_data
from bvn_asp.model.case_reader import make_case
from bvn_asp.model.members import parse_slots

FATAL = ("o-bmi-high", "o-tscore", "c-osteoporosis", "c-slip", "pr-laminectomy")


@pytest.fixture(scope="module")
def desk(shipped):
    return Desk(shipped)


@pytest.fixture(scope="module")
def pending(shipped):
    """The chart of traps without what blames it."""
    document = json.loads((HERE / "fhir/own-traps.json").read_text())
    document["entry"] = [each for each in document["entry"] if each["resource"]["id"] not in FATAL]
    return read(shipped, [("chart", parse_json(json.dumps(document).encode(), "chart"))])


@pytest.fixture(scope="module")
def cohere(shipped, pending):
    return shipped.revisions(["cohere-ma"], pending.case.date)


def links(items):
    for item in items:
        yield item
        yield from links(item.get("item", []))


def as_json(document):
    """A document as it arrives: written and read again."""
    return parse_json(to_json(document).encode(), "x.json")


def case_of(shipped, data):
    return make_case(shipped.vocabulary, data)


def good(slot):
    """What the complete patient whom every source approves would answer."""
    best = {
        "pain_severity": "severe", "functional_deficit": "yes", "care_duration": "9 months", "care": "tried",
        "pain_improved": "no", "disability_improved": "no", "modic": "type_1", "psychological_assessment": "formal",
        "pregnant": "no",
    }
    return best[slot.fact]


# -- the form ----------------------------------------------------------------------------------------


def test_the_form_asks_what_is_open_and_nothing_else(shipped, desk, pending, cohere):
    form = desk.ask(cohere, pending.case, pending.notes)

    open_ = {str(each.slot) for each in asked_of(shipped, pending.case, ["cohere-ma"]).open}
    questions = {i["linkId"] for i in links(form["item"]) if i["type"] in ("choice", "quantity")}
    several = {"modic.somewhere", "care.somewhere"}
    assert questions == open_ | several
    assert len(open_) == 17
    assert (form["url"].rpartition("/")[2], form["version"]) == ("cohere-ma", "2025-05-29")


def test_the_form_is_r4_and_every_link_is_its_own(desk, pending, cohere):
    fhirkit = pytest.importorskip("fhirkit")
    for form in (desk.ask(cohere, pending.case, pending.notes), desk.start(cohere, pending.case, pending.notes)):
        assert [str(each) for each in fhirkit.validate(to_json(form))] == []
    items = list(links(desk.ask(cohere, pending.case, pending.notes)["item"]))
    names = [each["linkId"] for each in items]
    assert len(names) == len(set(names))
    for item in items:
        assert ("item" in item) == (item["type"] == "group")
        assert item.get("required") in (None, False)
        if item["type"] == "choice":
            assert (item["answerOption"][-1] == {"valueCoding": UNKNOWN}) is not item["linkId"].endswith(".somewhere")
        if item["type"] == "quantity":
            assert f"{item['linkId']}.unknown" in names
            urls = {each["url"].rpartition("/")[2] for each in item["extension"]}
            assert urls == {"questionnaire-unitOption"}


def test_the_words_are_those_of_ask_and_the_record_is_shown_beside_the_question(shipped, desk, pending, cohere):
    from bvn_asp.render.ask import wording

    items = {i["linkId"]: i for i in links(desk.ask(cohere, pending.case, pending.notes)["item"])}

    slot = parse_slots(shipped.vocabulary, "modic.L4")[0]
    assert items["modic.L4"]["text"] == wording(shipped, slot)
    assert "one session is no course" in items["care.hint.1"]["text"]
    assert items["documents"]["type"] == "display"


def test_a_decided_case_has_a_form_without_questions(shipped, desk, cohere):
    case = shipped.case(ROOT / "cases/baseline.yaml")

    form = desk.ask(cohere, case)

    assert [each["type"] for each in form["item"]] == ["display"]


# -- the answers -------------------------------------------------------------------------------------


def slots_and_values(shipped):
    for slot in shipped.vocabulary.slots:
        fact = shipped.vocabulary.facts[slot.fact]
        if fact.is_named:
            yield from ((slot, value) for value in fact.values)
        elif fact.type == "number":
            yield from ((slot, text) for text in (str(fact.low.amount), f"at least {fact.high.amount / 2}"))
            yield slot, {"at_least": str(fact.low.amount), "less_than": str(fact.high.amount)}
        else:
            yield from ((slot, text) for text in ("7 weeks", "at least 6 months", "{since: 2026-01-05}"))
            yield slot, {"more_than": "40 days", "at_most": "2 years"}


def test_every_answer_to_every_question_comes_back_as_what_was_meant(shipped):
    """Some 800 answers: each value of each slot, bounds and ranges."""
    revisions = [shipped.policies["cohere-ma"].latest]
    head = {"title": "t", "request": {"date": "2026-12-03"}}
    count = 0
    for slot, value in slots_and_values(shipped):
        import yaml

        data = yaml.safe_load(value) if isinstance(value, str) and value.startswith("{") else value
        data = {k: str(v) for k, v in data.items()} if isinstance(data, dict) else data
        facts = {slot.fact: {slot.member: data} if slot.member else data}
        try:
            record = make_case(shipped.vocabulary, {**head, "facts": facts}).records[0]
        except InputError:
            continue  # half of a range that is not on the grid
        answers = answers_of(shipped.vocabulary, [record], "manual")
        form = questionnaire(shipped, revisions, [slot], several=several_of(answers, shipped.vocabulary))
        given = {**response(form, answers, "r"), "authored": "2026-11-20"}

        told, _ = answer(shipped, make_case(shipped.vocabulary, head), as_json(given), "r")

        back = case_of(shipped, told)
        assert [r.value for r in back.records if r.slot == slot] == [record.value], slot
        assert back.get(slot).evidence[0].document == "QuestionnaireResponse/r"
        assert "manual" in back.get(slot).evidence[0].note
        count += 1
    assert count > 700


def answered(form, slot_values, origin=None, **more):
    """A response to a form with some values, by slot name; None is unknown."""
    items = {i["linkId"]: i for i in links(form["item"])}
    found = []
    for name, value in slot_values.items():
        item = items.get(name, {"type": "choice", "answerOption": []})
        if value is None:
            link, given = (name, {"valueCoding": UNKNOWN}) if item["type"] == "choice" else (
                f"{name}.unknown", {"valueBoolean": True})
        elif item["type"] == "choice":
            options = [each["valueCoding"] for each in item["answerOption"]]
            link, given = name, {"valueCoding": next(each for each in options if each["code"] == value)}
        else:
            number, unit = value.split()
            codes = [e["valueCoding"] for e in item["extension"]]
            code = next(each["code"] for each in codes if each["display"] == unit)
            quantity = {"value": float(number), "system": "http://unitsofmeasure.org", "code": code}
            link, given = name, {"valueQuantity": quantity}
        if origin:
            given["extension"] = [{"url": ORIGIN, "extension": [{"url": "source", "valueCode": origin}]}]
        found.append({"linkId": link, "answer": [given]})
    return {"resourceType": "QuestionnaireResponse", "id": "r", "status": "completed", "authored": "2026-11-25",
            "questionnaire": f"{form['url']}|{form['version']}", "item": found, **more}


def test_a_pending_chart_is_asked_answered_and_approved(shipped, desk, pending, cohere):
    form = desk.ask(cohere, pending.case, pending.notes)
    slots = [parse_slots(shipped.vocabulary, i["linkId"])[0] for i in links(form["item"])
             if i["type"] in ("choice", "quantity") and not i["linkId"].endswith(".somewhere")]
    given = answered(form, {str(slot): good(slot) for slot in slots})

    data, _ = answer(shipped, pending.case, as_json(given), "r")

    assert evaluate(shipped, pending.case, ["cohere-ma"])[0].verdict is Verdict.PEND
    assert evaluate(shipped, case_of(shipped, data), ["cohere-ma"])[0].verdict is Verdict.APPROVE


def test_a_bundle_with_the_answers_is_read_as_the_case_with_the_answers(shipped, desk, pending, cohere):
    form = desk.ask(cohere, pending.case)
    given = answered(form, {"pregnant": "no", "modic.L4": "type_1", "pain_severity": None})
    document = json.loads((HERE / "fhir/own-traps.json").read_text())
    document["entry"] = [e for e in document["entry"] if e["resource"]["id"] not in FATAL]
    document["entry"].append({"resource": {**given, "subject": {"reference": "Patient/p1"}}})

    both = read(shipped, [("x", parse_json(json.dumps(document).encode(), "x"))]).case
    by_command = case_of(shipped, answer(shipped, pending.case, as_json(given), "r")[0])

    assert {str(r.slot): r.value for r in both.records} == {str(r.slot): r.value for r in by_command.records}
    assert str(both.get(parse_slots(shipped.vocabulary, "pregnant")[0]).value) == "no"


@pytest.mark.parametrize(
    ("recorded", "said", "origin", "comes_to"),
    [
        (None, "yes", None, "yes"),
        (None, None, None, {"one_of": ["yes", "no"]}),
        ("no", "yes", None, {"conflicting": ["no", "yes"]}),
        ("no", "yes", "override", "yes"),
        ("no", "yes", "auto", "no"),
        ("no", "no", None, "no"),
        ("no", None, None, "no"),
        ({"one_of": ["yes", "no"]}, "no", None, "no"),
        ({"conflicting": ["yes", "no"]}, "no", None, "no"),
        ({"conflicting": ["yes", "no"]}, None, None, {"conflicting": ["yes", "no"]}),
    ],
)
def test_what_an_answer_makes_of_a_record(shipped, recorded, said, origin, comes_to):
    """Of an exclusion that is presumed absent where nobody mentions it."""
    slot = parse_slots(shipped.vocabulary, "pregnant")[0]
    facts = {} if recorded is None else {"pregnant": recorded}
    case = make_case(shipped.vocabulary, {"title": "t", "request": {"date": "2026-12-03"}, "facts": facts})
    form = questionnaire(shipped, [shipped.policies["cohere-ma"].latest], [slot])

    data, _ = answer(shipped, case, as_json(answered(form, {"pregnant": said}, origin)), "r")

    record = case_of(shipped, data).get(slot)
    told = record_data(Record(record.slot, record.value, (), record.conflicting), with_evidence=False)
    if isinstance(told, dict) and "conflicting" in told:
        told = {"conflicting": sorted(told["conflicting"])}
        comes_to = {"conflicting": sorted(comes_to["conflicting"])}
    assert told == comes_to


def test_not_known_says_nothing_of_what_is_not_presumed(shipped):
    slot = parse_slots(shipped.vocabulary, "bmi")[0]
    case = make_case(shipped.vocabulary, {"title": "t"})
    form = questionnaire(shipped, [shipped.policies["cohere-ma"].latest], [slot])

    data, notes = answer(shipped, case, as_json(answered(form, {"bmi": None})), "r")

    assert case_of(shipped, data).records == ()
    assert [each.text for each in notes] == ["answered: not known"]


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ({"linkId": "pain_month", "answer": [{"valueString": "canary"}]}, "item `pain_month`: this form never asks it"),
        ({"linkId": "pregnant", "answer": [{"valueString": "canary"}]}, "item `pregnant`: the answer is none of the"),
        ({"linkId": "pregnant", "answer": [{"valueCoding": {"system": "x", "code": "yes"}}]}, "none of the options"),
        ({"linkId": "bmi", "answer": [{"valueDecimal": 30}]}, "item `bmi`: the answer is no quantity"),
        ({"linkId": "bmi", "answer": [{"valueQuantity": {"value": 30, "code": "canary"}}]}, "in no unit that was"),
        ({"linkId": "bmi", "answer": [{"valueQuantity": {"value": 700, "code": "kg/m2"}}]}, "outside the range"),
        ({"linkId": "pain_duration.since", "answer": [{"valueDate": "canary"}]}, "is no date"),
        ({"linkId": "pain_duration.until", "answer": [{"valueDate": "2026-01-01"}]}, "needs the day it began"),
        ({"linkId": "pregnant", "answer": "canary"}, "no list"),
        ({"text": "canary"}, "no `linkId`"),
    ],
)
def test_an_answer_that_is_none_is_a_fault_that_names_the_question_and_repeats_no_answer(shipped, item, message):
    given = {"resourceType": "QuestionnaireResponse", "status": "completed", "item": [item],
             "questionnaire": "http://example.org/bvn-asp/Questionnaire/cohere-ma"}

    with pytest.raises(InputError) as found:
        answer(shipped, make_case(shipped.vocabulary, {"title": "t"}), as_json(given), "r.json")

    assert message in str(found.value)
    assert "canary" not in str(found.value)
    assert "r.json" in str(found.value)


# -- turn by turn ------------------------------------------------------------------------------------


def put(turn, values):
    """A turn with some of its questions answered, as a person's form would."""
    form = {**turn["contained"][0], "url": "u", "version": "v"}
    new = answered(form, values)["item"]
    return as_json({**turn, "item": [*turn.get("item", []), *new]})


def asked(turn, shipped):
    """The questions of a turn that have no answer yet."""
    there = {re.sub(r"\.(unknown|not_reported|since|until)$", "", i["linkId"])
             for i in links(turn.get("item", [])) if "answer" in i}
    return [i["linkId"] for i in links(turn["contained"][0]["item"])
            if i["type"] in ("choice", "quantity") and i["linkId"] not in there
            and not i["linkId"].endswith(".somewhere")]


def test_turn_by_turn_the_same_is_asked_and_the_end_is_an_approval(shipped, desk, pending, cohere):
    turn = desk.start(cohere, pending.case, pending.notes)
    first = asked(turn, shipped)
    assert len(first) == 16  # `pregnant` is there already, as answered unknown: a person may change it

    slots = [parse_slots(shipped.vocabulary, each)[0] for each in first]
    turn = desk.next(put(turn, {str(each): good(each) for each in slots}), "r")
    assert turn["status"] == "in-progress"
    for item in links(turn["item"]):
        if item["linkId"] == "pregnant":
            item["answer"] = [{"valueCoding": {"system": "http://example.org/bvn-asp/CodeSystem/yes_no", "code": "no"}}]
    turn = desk.next(as_json(turn), "r")

    assert turn["status"] == "completed"
    made = case_of(shipped, answer(shipped, make_case(shipped.vocabulary, {"title": "t"}), as_json(turn), "r")[0])
    assert evaluate(shipped, made, ["cohere-ma"])[0].verdict is Verdict.APPROVE


def test_one_by_one_no_more_is_asked_than_at_once_and_nothing_that_no_longer_matters(shipped, desk, pending, cohere):
    turn, count = desk.start(cohere, pending.case, pending.notes, one=True), 0
    while turn["status"] == "in-progress" and count < 30:
        questions = asked(turn, shipped) or ["pregnant"]
        assert len(questions) == 1
        slot = parse_slots(shipped.vocabulary, questions[0])[0]
        if questions == ["pregnant"]:
            turn["item"] = drop(turn["item"], "pregnant")
        filled_in = put(turn, {str(slot): "none" if slot.fact == "modic" else good(slot)})
        parameters = {"resourceType": "Parameters", "parameter": [
            {"name": "questionnaire-response", "resource": filled_in}, {"name": "one-by-one", "valueBoolean": True}]}
        turn, count = desk.next(as_json(parameters), "r"), count + 1

    assert turn["status"] == "completed"
    assert count <= 17


def drop(items, link):
    return [{**i, "item": drop(i["item"], link)} if "item" in i else i for i in items if i["linkId"] != link]


def test_a_person_who_knows_nothing_is_not_asked_twice(shipped, desk, pending, cohere):
    turn = desk.start(cohere, pending.case)
    turn = put(turn, dict.fromkeys(asked(turn, shipped)))
    for item in links(turn["item"]):
        if item["linkId"] == "pregnant":
            item["answer"] = [{"valueCoding": UNKNOWN}]

    turn = desk.next(as_json(turn), "r")

    assert turn["status"] == "completed"
    made = case_of(shipped, answer(shipped, make_case(shipped.vocabulary, {"title": "t"}), as_json(turn), "r")[0])
    assert evaluate(shipped, made, ["cohere-ma"])[0].verdict is Verdict.PEND


def test_a_turn_contains_its_form_and_answers_keep_who_gave_them(desk, pending, cohere):
    turn = desk.start(cohere, pending.case)

    contained = turn["contained"][0]
    assert turn["questionnaire"] == f"#{contained['id']}"
    assert contained["derivedFrom"] == ["http://example.org/bvn-asp/Questionnaire/cohere-ma|2025-05-29"]
    asked_links = {i["linkId"] for i in links(contained["item"])}
    given = {i["linkId"]: i for i in links(turn["item"])}
    assert set(given) <= asked_links
    assert given["odi"]["answer"][0]["extension"][0]["extension"][0]["valueCode"] == "auto"
    assert desk.next(as_json(turn), "r") == as_json(turn)


def test_a_turn_takes_less_than_a_second(desk, pending, cohere):
    turn = as_json(desk.start(cohere, pending.case))
    start = time.perf_counter()
    desk.next(turn, "r")

    assert time.perf_counter() - start < 1


@pytest.mark.parametrize("seed", range(6))
def test_random_answers_end_every_form(shipped, desk, pending, cohere, seed):
    """Whatever is answered, turn by turn, the form ends, and then nothing is open but what nobody knew."""
    pick = random.Random(seed)
    turn = desk.start(cohere, pending.case)
    for _ in range(20):
        if turn["status"] == "completed":
            break
        options = {i["linkId"]: i for i in links(turn["contained"][0]["item"])}
        values = {}
        for name in asked(turn, shipped):
            item = options[name]
            codes = [each["valueCoding"]["code"] for each in item.get("answerOption", [])[:-1]]
            values[name] = pick.choice([None, *codes]) if codes else pick.choice([None, "7 months", "7 weeks"])
        turn["item"] = drop(turn["item"], "pregnant") if "pregnant" not in values else turn["item"]
        values.setdefault("pregnant", pick.choice(["yes", "no", None]))
        turn = desk.next(put(turn, values), "r")

    assert turn["status"] == "completed"


# -- commands ----------------------------------------------------------------------------------------


def test_the_commands_ask_answer_and_go_on(tmp_path):
    run = CliRunner()
    path = tmp_path / "chart.json"
    path.write_text(json.dumps(chart(condition("M54.51", onsetDateTime="2024-05-01"), observation("97909-6", 44, "%"))))

    form = run.invoke(main, ["fhir", "ask", str(path), "-p", "cohere-ma"])
    turn = run.invoke(main, ["fhir", "ask", str(path), "-p", "cohere-ma", "--turns"])
    (tmp_path / "turn.json").write_text(turn.stdout)
    further = run.invoke(main, ["fhir", "next", str(tmp_path / "turn.json")])
    (tmp_path / "answers.json").write_text(json.dumps(answered(json.loads(form.stdout), {"pain_severity": "severe"})))
    told = run.invoke(main, ["fhir", "answer", str(path), str(tmp_path / "answers.json")])

    assert (form.exit_code, turn.exit_code, further.exit_code, told.exit_code) == (0, 0, 0, 0), told.output
    assert further.stdout == turn.stdout
    assert "QuestionnaireResponse/r" in told.stdout


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"resourceType": "Questionnaire"}, "this is a Questionnaire, not a QuestionnaireResponse"),
        ({"a": 1}, "this is no FHIR"),
        ({"resourceType": "Parameters"}, "hold no QuestionnaireResponse"),
        ({"resourceType": "QuestionnaireResponse", "questionnaire": "http://other.org/q"}, "no response to a form of"),
        ({"resourceType": "QuestionnaireResponse",
          "questionnaire": "http://example.org/bvn-asp/Questionnaire/cohere-na"}, "unknown policy `cohere-na`"),
    ],
)
def test_what_is_no_response_is_a_fault(tmp_path, document, message):
    path = tmp_path / "x.json"
    path.write_text(json.dumps(document))

    found = CliRunner().invoke(main, ["fhir", "next", str(path)])

    assert found.exit_code == 2
    assert message in found.stderr


def test_a_question_of_the_form_names_what_raised_it(shipped, desk):
    data = yaml.safe_load((ROOT / "cases" / "baseline.yaml").read_text(encoding="utf-8"))
    data["facts"]["disc_protrusion"] = {"L4-L5": "4"}
    case = make_case(shipped.vocabulary, {key: data[key] for key in ("title", "request", "facts")})
    revisions = shipped.revisions(["cohere-ma"], case.date)

    forms = [desk.ask(revisions, case), desk.start(revisions, case)["contained"][0]]

    for form in forms:
        assert "Could the 4 mm protrusion at L4-L5 explain the pain?" in [each["text"] for each in links(form["item"])]


def _loose(shipped, text):
    return case_of(shipped, yaml.safe_load("title: t\nrequest: {date: '2026-12-03', bodies: [L4, L5]}\n" + text))


def _options(form, name):
    item = next(each for each in links(form["item"]) if each["linkId"] == name)
    return [each["valueCoding"]["code"] for each in item.get("answerOption", ())]


@pytest.mark.parametrize(
    ("facts", "said", "comes_to", "noted"),
    [
        ("facts: {}", "not_reported", "not_reported", "used"),
        ("facts: {modic: {L4: not_reported}}", "type_1", "type_1", "beside"),
        ("facts: {modic: {L4: type_1}}", "not_reported", "type_1", "beside"),
        ("facts: {modic: {L4: {conflicting: [none, type_1]}}}", "not_reported", None, "beside"),
    ],
)
def test_a_report_that_does_not_say_is_no_value_and_takes_none_away(shipped, cohere, facts, said, comes_to, noted):
    case = _loose(shipped, facts)
    slot = parse_slots(shipped.vocabulary, "modic.L4")[0]
    form = questionnaire(shipped, cohere, [slot])

    data, notes = answer(shipped, case, as_json(answered(form, {"modic.L4": said})), "r")
    back = case_of(shipped, data)

    assert noted in {each.kind for each in notes}
    if comes_to == "not_reported":
        assert back.silence(slot) is not None
        assert back.get(slot) is None
    else:
        assert str(back.get(slot).value) == str(comes_to).replace("_", " ")


def test_only_of_what_a_report_states_the_form_offers_that_it_does_not_say(shipped, cohere):
    slots = [parse_slots(shipped.vocabulary, name)[0] for name in ("modic.L4", "line_of_business", "odi", "state")]
    form = questionnaire(shipped, cohere, slots)
    names = {each["linkId"] for each in links(form["item"])}

    assert "not_reported" in _options(form, "modic.L4")
    assert "not_reported" not in _options(form, "line_of_business")
    assert "odi.not_reported" in names


def test_turns_keep_a_silent_report_and_what_is_somewhere_and_ask_neither_again(shipped, desk, pending, cohere):
    case = _loose(shipped, "facts: {modic: {L3-S1: {somewhere: {value: type_1, count: 2}}}, pain_axial: not_reported}")
    turn = as_json(desk.start(cohere, case))
    given = {each["linkId"]: each["answer"] for each in links(turn["item"]) if "answer" in each}
    form = {"url": "", "version": "", **turn["contained"][0]}
    names = [each["linkId"] for each in links(form["item"])]
    name = next(each for each in names if each not in given and "not_reported" in _options(form, each))
    told = answered(form, {name: "not_reported"})["item"]
    turn["item"] += told

    then = desk.next(turn, "r")
    kept = {each["linkId"]: each["answer"] for each in links(as_json(then)["item"]) if "answer" in each}
    data, _ = answer(shipped, _loose(shipped, "facts: {}"), as_json(then), "r")
    back = case_of(shipped, data)

    assert given["modic.somewhere in L3-S1.count"][0]["valueInteger"] == 2
    assert kept == {**given, name: told[0]["answer"]}
    assert [(each.slot, each.value) for each in back.several] == [(each.slot, each.value) for each in case.several]
    assert {str(each.slot) for each in back.silent} == {"pain_axial", name}


def test_an_answer_somewhere_is_kept_and_the_members_are_still_asked(shipped, desk, cohere):
    case = _loose(shipped, "facts: {}")
    turn = desk.next(put(desk.start(cohere, case), {"modic.somewhere": "type_1"}), "r")
    back = case_of(shipped, answer(shipped, case, as_json(turn), "r")[0])
    none = {"modic.somewhere": "type_1", **{f"modic.{each}": "none" for each in ("L3", "L4", "L5", "S1")}}

    assert "modic.L4" in asked(turn, shipped)
    assert [str(each) for each in back.several] == ["type 1 somewhere"]
    none |= {f"modic.{each}": "none" for each in ("L1", "L2")}
    full = questionnaire(shipped, cohere, [parse_slots(shipped.vocabulary, each)[0] for each in list(none)[1:]])
    full["item"] += turn["contained"][0]["item"]
    with pytest.raises(InputError, match="no patient can be so"):
        answer(shipped, case, as_json(answered(full, none)), "r")


def test_what_is_said_somewhere_is_never_two_things(shipped, desk, cohere):
    case = _loose(shipped, "facts: {modic: {somewhere: type_1}}")
    form = desk.ask(cohere, case)

    same, _ = answer(shipped, case, as_json(answered(form, {"modic.somewhere": "type_1"})), "r")
    with pytest.raises(InputError, match="a contradiction has a place"):
        answer(shipped, case, as_json(answered(form, {"modic.somewhere": "type_2"})), "r")

    assert same["facts"]["modic"]["somewhere"]["value"] == "type_1"


def test_an_answer_that_takes_a_judges_word_away_says_so(shipped, cohere):
    case = _loose(shipped, "facts: {other_explanation_clinical: {value: none, by: reviewer}}")
    slot = parse_slots(shipped.vocabulary, "other_explanation_clinical")[0]
    form = questionnaire(shipped, cohere, [slot])

    same, agrees = answer(shipped, case, as_json(answered(form, {str(slot): "none"})), "r")
    other, notes = answer(shipped, case, as_json(answered(form, {str(slot): "facet"})), "r")

    assert same["facts"][str(slot)] == {"by": {"reviewer": "none"}}
    assert [each.kind for each in agrees] == ["agrees"]
    assert any(each.kind == "left out" and "reviewer: none" in each.text for each in notes)
    assert len(other["facts"][str(slot)]["conflicting"]) == 2
