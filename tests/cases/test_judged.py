"""A judgement may say whose it is; those who judge may disagree, and a criterion may ask for one of them."""

from __future__ import annotations

import shutil

import pytest
import yaml
from places import TOY

from bvn_asp import Library, Slot, Status, Verdict, evaluate
from bvn_asp.cases.possible import make_case
from bvn_asp.errors import InputError
from bvn_asp.model.case import Named, case_data
from bvn_asp.render import words


def complete(shipped, **facts):
    data = yaml.safe_load((shipped.folder.parent / "cases" / "baseline.yaml").read_text())
    data.pop("expect", None)
    data["facts"] = {**data["facts"], **facts}
    return make_case(shipped, data)


def test_those_who_disagree_are_a_contradiction_that_names_them(shipped):
    slot = Slot("other_obvious_cause")
    case = complete(shipped, other_obvious_cause={"by": {"treating_clinician": "none", "reviewer": "facet"}})
    alike = complete(shipped, other_obvious_cause={"by": {"treating_clinician": "none", "reviewer": "none"}})

    assert case.get(slot).value is None
    assert words.conflict(case.get(slot)) == "none (treating clinician) against facet (reviewer)"
    assert evaluate(shipped, case, ["cohere-ma"])[0].statuses["other_obvious_cause"] is Status.UNDETERMINED
    assert alike.get(slot).value == Named(("none",))
    assert evaluate(shipped, alike, ["cohere-ma"])[0].statuses["other_obvious_cause"] is Status.UNMET


def test_what_several_judge_less_than_exactly_is_what_they_agree_on(shipped):
    said = {"by": {"treating_clinician": {"one_of": ["none", "facet"]}, "reviewer": "facet"}}

    assert complete(shipped, other_obvious_cause=said).get(Slot("other_obvious_cause")).value == Named(("facet",))


@pytest.mark.parametrize(
    "said",
    [
        {"value": "none", "by": "reviewer"},
        {"one_of": ["none", "facet"], "by": "Treating clinician", "evidence": "clinic note"},
        {"by": {"reviewer": {"value": "none", "evidence": {"document": "review", "date": "2026-11-01"}},
                "radiologist": "facet"}},
    ],
)
def test_it_is_written_and_read_again_as_the_same(shipped, said):
    case = complete(shipped, other_obvious_cause=said)

    again = make_case(shipped, case_data(case, shipped.vocabulary))

    assert again.records == case.records
    assert case.get(Slot("other_obvious_cause")).by


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"bmi": {"value": 31, "by": "reviewer"}}, "`bmi` is no judgement"),
        ({"pain_severity": {"value": "severe", "by": "the dog"}}, "nobody whose judgement is asked for"),
        ({"pain_severity": {"by": {"reviewer": "severe"}, "value": "mild"}}, "`by` stands by itself"),
        ({"pain_severity": {"by": {"reviewer": "seldom"}}}, "seldom"),
    ],
)
def test_what_cannot_be_read_is_a_fault(shipped, facts, fault):
    with pytest.raises(InputError) as error:
        make_case(shipped, {"title": "x", "facts": facts})

    assert fault in error.value.faults[0].message


# -- a criterion that asks for one of them, and one that asks how old a scale is ---------------------


@pytest.fixture(scope="module")
def asking(tmp_path_factory):
    """The toy library with a judgement, a view of it, and the age of a scale; a policy asks for both."""
    folder = tmp_path_factory.mktemp("asking") / "toy"
    shutil.copytree(TOY, folder)
    path = folder / "vocabulary.yaml"
    data = yaml.load(path.read_text(), yaml.BaseLoader)
    data["judges"] = {"clinician": "who treats", "reviewer": "who reviews"}
    data["facts"]["Person"] |= {
        "cause": {"about": "another cause", "type": "one_of", "values": {"none": "none", "facet": "joints"},
                  "judgement": True, "absent": "none"},
        "cause_reviewed": {"about": "as the reviewer judges", "view": {"of": "cause", "by": "reviewer"}},
        "scale": {"about": "a scale", "type": "number", "unit": "points", "from": 0, "to": 10, "step": 1},
        "scale_age": {"about": "how old it is", "type": "duration", "unit": "months", "from": 0, "to": 1200,
                      "age_of": "scale"},
    }
    path.write_text(yaml.safe_dump(data, sort_keys=False))
    (folder / "asks").mkdir()
    (folder / "asks" / "1.lp").write_text(
        'criterion(reviewed, root, "1", "the reviewer sees no other cause").\n'
        "met(reviewed) :- is(cause_reviewed, none).\n"
        'criterion(recent, root, "2", "a scale of the last three months").\n'
        "met(recent) :- at_most(scale_age, months(3)).\n"
    )
    (folder / "asks" / "policy.yaml").write_text(
        "id: asks\ntitle: a\npublisher: a\nkind: coverage\nabout: a\nrevisions: {'1': {file: 1.lp}}\n"
    )
    return Library(folder)


def said(asking, date="2026-12-01", **facts):
    case = make_case(asking, {"title": "x", "request": {"date": date, "bodies": ["L4"]}, "facts": facts})
    return case, evaluate(asking, case, ["asks"])[0]


@pytest.mark.parametrize(
    ("cause", "status"),
    [
        ({"by": {"clinician": "facet", "reviewer": "none"}}, Status.MET),
        ({"by": {"clinician": "none", "reviewer": "facet"}}, Status.UNMET),
        ({"by": {"clinician": "none"}}, Status.UNDETERMINED),
        ("none", Status.UNDETERMINED),
        ({"value": "none", "by": "reviewer"}, Status.MET),
    ],
)
def test_a_criterion_may_ask_for_one_of_them_and_takes_no_other_word_for_it(asking, cause, status):
    assert said(asking, cause=cause)[1].statuses["reviewed"] is status


@pytest.mark.parametrize(
    ("evidence", "date", "status"),
    [
        ({"document": "form", "date": "2026-10-01"}, "2026-12-01", Status.MET),
        ({"document": "form", "date": "2026-10-01"}, "2027-01-01", Status.MET),
        ({"document": "form", "date": "2026-10-01"}, "2027-01-02", Status.UNMET),
        ("form", "2026-12-01", Status.UNDETERMINED),
        ([{"document": "form", "date": "2025-10-01"}, {"document": "form", "date": "2026-11-01"}], "2026-12-01",
         Status.MET),
    ],
)
def test_a_criterion_may_ask_how_old_a_document_is(asking, evidence, date, status):
    assert said(asking, date, scale={"value": 7, "evidence": evidence})[1].statuses["recent"] is status


def test_what_follows_from_a_record_is_not_written_and_goes_with_it(asking):
    case, evaluation = said(asking, cause={"value": "none", "by": "reviewer"},
                            scale={"value": 7, "evidence": {"document": "form", "date": "2026-11-01"}})

    written = case_data(case, asking.vocabulary)
    assert evaluation.verdict is Verdict.APPROVE
    assert set(written["facts"]) == {"cause", "scale"}
    later = make_case(asking, {**written, "request": {**written["request"], "date": "2027-12-01"}})
    assert evaluate(asking, later, ["asks"])[0].statuses["recent"] is Status.UNMET
    other = case.with_values(asking.vocabulary, {Slot("cause"): Named(("facet",))})
    assert evaluate(asking, other, ["asks"])[0].statuses["reviewed"] is Status.UNDETERMINED


def test_a_batch_decides_both_as_the_solver_does(asking):
    pa = pytest.importorskip("pyarrow", reason="batch needs pyarrow: pip install 'bvn-asp[batch]'")
    from bvn_asp.batch.decide import STATUSES, Decider

    both, one = '{"by": {"clinician": "facet", "reviewer": "none"}}', '{"value": "none", "by": "reviewer"}'
    causes = [None, "none", both, one]
    scales = [None, "7", '{"value": 7, "evidence": {"document": "f", "date": "2026-10-01"}}',
              '{"value": 7, "evidence": {"document": "f", "date": "2025-10-01"}}']
    rows = [(cause, scale) for cause in causes for scale in scales]
    columns = {"cause": [cause for cause, _ in rows], "scale": [scale for _, scale in rows]}
    columns["date"] = ["2026-12-01"] * len(rows)
    batch = pa.RecordBatch.from_pydict({name: pa.array(listed) for name, listed in columns.items()})
    found = Decider(asking, batch.schema.names, ["asks"]).decide(batch).answers["asks"]

    for i, (cause, scale) in enumerate(rows):
        given = {"cause": cause, "scale": scale}
        facts = {name: yaml.safe_load(text) for name, text in given.items() if text is not None}
        want = said(asking, **facts)[1].statuses
        assert {entry: STATUSES[codes[i]] for entry, codes in found.statuses.items()} == want, (cause, scale)
