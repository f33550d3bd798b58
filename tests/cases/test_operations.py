"""One operation on two bodies is one operation: one date and one value for both, whatever is not known of it."""

from __future__ import annotations

import itertools
import random

import pytest
import yaml
from places import ROOT

from bvn_asp import Library, Slot, Status, Verdict, evaluate
from bvn_asp.cases.ask import Asker
from bvn_asp.cases.evaluate import Evaluator
from bvn_asp.cases.explain import explain
from bvn_asp.cases.possible import make_case
from bvn_asp.cases.whatif import parse_suppositions, whatif
from bvn_asp.certificates.chart import read_chart
from bvn_asp.errors import InputError
from bvn_asp.model.case import Named, case_data
from bvn_asp.model.vocabulary import Tied
from bvn_asp.render.pages import explanation as explanation_page
from bvn_asp.render.repair import target
from bvn_asp.render.text import to_text
from bvn_asp.repairs.repair import repair

KINDS = ("none", "disc", "fusion")
LENGTHS = ("short", "long")  # six months and less, and more
BODIES = ("A", "B", "C")
VOCABULARY = {
    "request": {"members": "requested", "one": "body", "many": "bodies"},
    "indexes": {
        "body": {"about": "body", "members": {b: b for b in BODIES}, "neighbours": [["A", "B"], ["B", "C"]]},
    },
    "facts": {
        "Request": {"requested": {"about": "r", "type": "yes_no", "per": "body", "absent": "no", "change": "request"}},
        "Person": {
            "kind": {"about": "k", "type": "one_of", "values": {k: k for k in KINDS}, "per": "body", "absent": "none",
                     "presumed": True, "change": "never", "document": "note"},
            "time": {"about": "t", "type": "duration", "unit": "months", "from": 0, "to": 100, "per": "body",
                     "change": "wait", "towards": "up", "document": "note"},
            "well": {"about": "w", "type": "yes_no", "document": "note"},
        },
    },
    "events": {"operations": {"about": "an operation", "per": "body", "facts": [["kind", "time"]], "dated": ["time"]}},
}
RULES = """
group(all, root, all_of, "all", "all").
criterion(alike, all, "1", "the same was done to A and to B").
met(alike) :- is(kind(a), none), is(kind(b), none).
met(alike) :- is(kind(a), disc), is(kind(b), disc).
met(alike) :- is(kind(a), fusion), is(kind(b), fusion), is(well, yes).
group(none, root, none_of, "none", "none").
criterion(apart, none, "2", "A long ago and B not, or the other way round").
met(apart) :- more_than(time(a), months(6)), at_most(time(b), months(6)).
met(apart) :- at_most(time(a), months(6)), more_than(time(b), months(6)).
criterion(recent, none, "3", "an operation at C in the last six months").
met(recent) :- at_most(time(c), months(6)), not is(kind(c), none).
criterion(early, none, "4", "an operation at A in the last six months, of somebody who is not well").
met(early) :- at_most(time(a), months(6)), is(kind(b), (disc; fusion)), is(well, no).
"""
SAID = {"short": "at most 6 months", "long": "more than 6 months"}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    (folder / "vocabulary.yaml").write_text(yaml.safe_dump(VOCABULARY, sort_keys=False))
    (folder / "p").mkdir()
    (folder / "p" / "1.lp").write_text(RULES)
    about = {"id": "p", "title": "p", "publisher": "p", "kind": "coverage", "about": "p"}
    (folder / "p" / "policy.yaml").write_text(yaml.safe_dump(about | {"revisions": {"1": {"file": "1.lp"}}}))
    return Library(folder)


def _approved(world):
    """The rules above, written down once more: a world as kinds, lengths, and whether the person is well."""
    kind, time, well = world
    alike = kind[0] == kind[1] and (kind[0] != "fusion" or well)
    early = time[0] == "short" and kind[1] != "none" and not well
    return alike and time[0] == time[1] and not (time[2] == "short" and kind[2] != "none") and not early


def _facts(draw):
    """What a chart says by the member and in one entry, and the worlds that are left."""
    of = draw.choice([("A", "B"), ("A", "C"), ("B", "C"), BODIES])
    entry = {"at": draw.choice([list(of), ", ".join(of), " and ".join(of)])}
    kinds, times, well = {b: set(KINDS) for b in BODIES}, {b: set(LENGTHS) for b in BODIES}, {True, False}
    kind = draw.choice([None, "disc", "fusion", "unknown", "not_reported", ["disc", "fusion"], ["none", "disc"]])
    time = draw.choice([None, None, "short", "long", "unknown"])
    if kind is None and time is None:
        time = "unknown"
    if kind is not None:
        entry["kind"] = {"one_of": kind} if isinstance(kind, list) else kind
    done = {"disc", "fusion"}  # a date says that something was done; a document that is silent of all says nothing
    several = {None: done, "unknown": set(KINDS), "not_reported": set(KINDS) if time is None else done}
    left = set(kind) if isinstance(kind, list) else several.get(kind, {kind})
    if time is not None:
        entry["time"] = SAID.get(time, time)
    facts = {"operations": draw.choice([entry, [entry]])}
    for b in BODIES:
        kinds[b] = set(left) if b in of else {"none"}  # nothing is recorded of the others: presumed
        if b in of and time in LENGTHS:
            times[b] = {time}
    for b in draw.sample(BODIES, draw.choice([0, 0, 1])):
        if draw.random() < 0.5:
            own = draw.choice(LENGTHS)
            facts.setdefault("time", {})[b] = SAID[own]
            times[b] &= {own}
        else:
            own = draw.choice(KINDS)
            facts.setdefault("kind", {})[b] = own
            kinds[b] = kinds[b] & {own} if b in of else {own}
    if draw.random() < 0.4:
        well = {draw.choice([True, False])}
        facts["well"] = "yes" if well == {True} else "no"
    options = [kinds[b] for b in BODIES], [times[b] for b in BODIES]
    worlds = [
        (kind, time, fit)
        for kind in itertools.product(*options[0])
        for time in itertools.product(*options[1])
        for fit in well
        if len({kind[BODIES.index(b)] for b in of}) == 1 and len({time[BODIES.index(b)] for b in of}) == 1
    ]
    return of, facts, worlds


def _open(worlds, of):
    """The slots that alone, or with those tied to them, make a difference to the verdict."""
    found = set()
    for one, other in itertools.combinations(worlds, 2):
        if _approved(one) != _approved(other):
            apart = {("kind", b) for i, b in enumerate(BODIES) if one[0][i] != other[0][i]}
            apart |= {("time", b) for i, b in enumerate(BODIES) if one[1][i] != other[1][i]}
            apart |= {("well", "")} if one[2] != other[2] else set()
            names = {name for name, _ in apart}
            if len(apart) == 1 or (len(names) == 1 and {b for _, b in apart} == set(of)):
                found |= apart
    return {Slot(*each) for each in found}


def test_verdicts_and_open_facts_are_those_of_brute_force_over_completions_with_one_value(small):
    draw, evaluator = random.Random(7), Evaluator(small, [small.revision("p@1")])
    asker, seen, impossible = Asker(small, [small.revision("p@1")]), set(), 0
    for _ in range(150):
        of, facts, worlds = _facts(draw)
        data = {"title": "x", "request": {"bodies": ["A"], "date": "2026-12-03"}, "facts": facts}
        if not worlds:
            impossible += 1
            with pytest.raises(InputError):
                make_case(small, data)
            continue
        case = make_case(small, data)
        found = evaluator.evaluate(case, under_readings=False)[0]
        said = {_approved(world) for world in worlds}
        want = Verdict.PEND if len(said) == 2 else Verdict.APPROVE if said == {True} else Verdict.DENY

        assert found.verdict is want, facts
        assert set(found.open) == (_open(worlds, of) if want is Verdict.PEND else set()), facts
        again = make_case(small, case_data(case, small.vocabulary))
        assert (again.records, again.tied) == (case.records, case.tied), facts
        asked = [(each.slot, *each.also) for each in asker.ask(case).open]
        if found.open:
            assert {slot for each in asked for slot in each} == set(found.open), facts
            assert len([each for each in asked if len(each) > 1]) == len(
                {slot.fact for slot in found.open if slot.member in of}
            ), facts
        seen.add(want)
    assert seen == {Verdict.PEND, Verdict.APPROVE, Verdict.DENY}
    assert 5 < impossible < 75


def test_a_batch_decides_it_as_brute_force_does(small):
    pa = pytest.importorskip("pyarrow", reason="batch needs pyarrow: pip install 'bvn-asp[batch]'")
    import json

    from bvn_asp.batch.decide import VERDICTS, Decider

    draw, rows, wants = random.Random(8), [], []
    while len(rows) < 80:
        of, facts, worlds = _facts(draw)
        row = {"operations": json.dumps(facts["operations"]), "well": facts.get("well"), "date": "2026-12-03",
               "bodies": "A"}
        row |= {f"{name}.{b}": facts.get(name, {}).get(b) for name in ("kind", "time") for b in BODIES}
        said = {_approved(world) for world in worlds}
        rows.append(row)
        wants.append((said, _open(worlds, of)))
    batch = pa.RecordBatch.from_pylist(rows)

    found = Decider(small, batch.schema.names, ["p@1"]).decide(batch)

    for i, (said, opened) in enumerate(wants):
        if not said:
            assert not found.good[i], rows[i]
            continue
        want = Verdict.PEND if len(said) == 2 else Verdict.APPROVE if said == {True} else Verdict.DENY
        assert VERDICTS[found.answers["p@1"].verdict[i]] == want, rows[i]
        got = {slot for slot, codes in found.answers["p@1"].open.items() if codes[i]}
        assert got == (opened if want is Verdict.PEND else set()), rows[i]


def test_a_batch_takes_no_row_for_impossible_by_what_the_row_says_is_somewhere(small, tmp_path):
    pa = pytest.importorskip("pyarrow", reason="batch needs pyarrow: pip install 'bvn-asp[batch]'")
    from shutil import copytree

    from bvn_asp.batch.decide import Decider

    folder = copytree(small.folder, tmp_path / "strict")
    nothing = ", ".join(f"is(kind({b}), none)" for b in "abc")
    (folder / "background.lp").write_text(f'impossible("unwell without an operation") :- {nothing}, is(well, no).')
    rows = [{"bodies": "A", "well": "no", "kind.somewhere": "disc", "operations": None},
            {"bodies": "A", "well": "no", "kind.somewhere": None, "operations": "{at: B and C, time: unknown}"},
            {"bodies": "A", "well": "no", "kind.somewhere": None, "operations": None}]

    found = Decider(Library(folder), list(rows[0]), ["p@1"]).decide(pa.RecordBatch.from_pylist(rows))

    assert [bool(each) for each in found.good] == [True, True, False]


# -- the shipped vocabulary ----------------------------------------------------------------------


def complete(shipped, **facts):
    data = yaml.safe_load((shipped.folder.parent / "cases" / "baseline.yaml").read_text())
    data.pop("expect", None)
    data["facts"] = {**data["facts"], **facts}
    return make_case(shipped, data)


RECENT = {"operations": [{"at": "L4-L5", "prior_surgery": "discectomy_laminectomy", "date": "2026-10"}],
          "surgery_radicular_pain_resolved": "yes", "vertebral_pathology_complicates": "no"}


def test_a_repair_waits_once_for_one_operation_and_says_of_both_bodies(shipped):
    case = complete(shipped, **RECENT)

    found = repair(shipped, case, ["cohere-ma"])
    waits = [move for each in found.repairs for move in each.moves if move.slot.fact == "surgery_age"]

    assert found.count == 1
    assert [(str(move.slot), move.also) for move in waits] == [("surgery_age.L4", (Slot("surgery_age", "L5"),))]
    assert target(waits[0]) == "surgery age L4 L5 (one operation or session): more than 6 months"
    assert str(waits[0].holds_from) == "2027-05-01"
    then = found.repairs[0].on_its_day(shipped, case)
    assert evaluate(shipped, then, ["cohere-ma"])[0].verdict is Verdict.APPROVE


def test_two_operations_recorded_by_the_body_are_two_waits_as_before(shipped):
    facts = {k: v for k, v in RECENT.items() if k != "operations"}
    by_body = {"prior_surgery": {"L4-L5": "discectomy_laminectomy"}, "surgery_age": {"L4-L5": {"since": "2026-10"}}}

    found = repair(shipped, complete(shipped, **facts, **by_body), ["cohere-ma"])

    assert sorted(str(move.slot) for move in found.repairs[0].moves) == ["surgery_age.L4", "surgery_age.L5"]


def test_one_date_that_nobody_knows_is_asked_once(shipped):
    case = complete(shipped, **{**RECENT, "operations": {"at": "L4, L5", "prior_surgery": "discectomy_laminectomy"}})

    found = Asker(shipped, shipped.revisions(["cohere-ma"])).ask(case)

    assert [(each.slot, each.also) for each in found.open] == [
        (Slot("surgery_age", "L4"), (Slot("surgery_age", "L5"),))
    ]
    assert not found.jointly
    told = case.with_values(shipped.vocabulary, parse_suppositions(shipped, case, ["surgery_age.L5=8 months"]))
    assert [str(told.get(Slot("surgery_age", b))) for b in ("L4", "L5")] == ["8 months", "8 months"]
    assert evaluate(shipped, told, ["cohere-ma"])[0].verdict is Verdict.APPROVE


def test_nothing_changes_one_body_of_an_operation_without_the_other(shipped):
    case = complete(shipped, **RECENT)

    supposed = whatif(shipped, case, {Slot("prior_surgery", "L4"): Named(("fusion",))}, ["cohere-ma"]).supposed

    assert supposed.recorded[Slot("prior_surgery", "L5")] == Named(("fusion",))
    both = parse_suppositions(shipped, case, ["prior_surgery.L4=fusion", "prior_surgery.L5=other"])
    with pytest.raises(InputError, match="both have one value"):
        whatif(shipped, case, both, ["cohere-ma"])
    taken = whatif(shipped, case, {Slot("prior_surgery", "L4"): None}, ["cohere-ma"]).supposed
    assert taken.recorded[Slot("prior_surgery", "L5")] == Named(("discectomy_laminectomy", "fusion", "other"))


def test_the_shortest_reason_and_the_worksheet_speak_of_facts_not_of_ties(shipped):
    fusion = {**RECENT, "operations": [{"at": "L4-L5", "prior_surgery": "fusion", "evidence": "operative note"}]}
    case = complete(shipped, **fusion)

    answer = explain(shipped, case, "cohere-ma")

    assert answer.evaluation.verdict is Verdict.DENY
    assert answer.reason
    assert not [slot for slot in answer.reason if isinstance(slot, Tied)]
    assert str(case.get(Slot("prior_surgery", "L5")).evidence[0]) == "operative note"
    page = to_text(explanation_page(shipped, answer, case), 400)
    assert "prior surgery L4 L5 (one operation or session): fusion" in page.partition("Reason")[2].partition("\n")[0]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"at": "L4-L5"}, "says what was done"),
        ({"prior_surgery": "fusion"}, "`at` says at which vertebral bodies"),
        ({"at": "L4-L9", "prior_surgery": "fusion"}, "unknown vertebral body `L4-L9`"),
        ({"at": "L4-L5", "modic": "type_1"}, "unknown key `modic`"),
        ({"at": "L4-L5", "prior_surgery": "fusion", "date": "2023-11", "surgery_age": "3 years"}, "say the same"),
        ({"at": "L4-L5", "ablated_before": "yes", "date": "2023-11"}, "`date` says nothing here"),
        ({"at": "L4-L5", "prior_surgery": "fusion", "date": "2028-11"}, "is after 2026"),
        ("fusion", "is `name: value` lines"),
        ([{"at": "L4-L5", "prior_surgery": "fusion"}, {"at": "L5-S1", "prior_surgery": "other"}], "two entries"),
    ],
)
def test_an_entry_that_cannot_be_read_is_a_fault_with_its_place(shipped, entry, said):
    with pytest.raises(InputError) as error:
        complete(shipped, operations=entry)

    assert len(error.value.faults) == 1
    assert said in error.value.faults[0].message
    assert error.value.faults[0].place.line
    assert error.value.faults[0].hint or "after" in said


@pytest.mark.parametrize(
    "own",
    [{"prior_surgery": {"L4": "other"}}, {"surgery_age": {"L4": "5 months", "L5": "3 years"}}],
)
def test_a_body_that_is_otherwise_by_itself_contradicts_the_operation(shipped, own):
    entry = {"at": "L4-L5", "prior_surgery": "fusion"}

    with pytest.raises(InputError) as error:
        complete(shipped, operations=entry, **own)

    assert "by itself" in str(error.value) or "both have one value" in str(error.value)


def test_what_is_said_of_all_is_not_said_of_the_bodies_of_an_operation(shipped):
    case = complete(shipped, prior_surgery={"all": "none"}, operations={"at": "L4-L5", "surgery_age": "3 years"})

    assert case.recorded[Slot("prior_surgery", "L3")] == Named(("none",))
    assert case.recorded[Slot("prior_surgery", "L5")] == Named(("discectomy_laminectomy", "fusion", "other"))


@pytest.mark.parametrize("at", ["L4", "L4 and L5"])
def test_a_document_that_is_silent_of_an_operation_neither_grants_nor_refuses(shipped, at):
    chart = yaml.safe_load((ROOT / "cases" / "baseline.yaml").read_text(encoding="utf-8"))
    facts = {**chart["facts"], "operations": {"at": at, "ablated_before": "not_reported"}}
    case = make_case(shipped, {"title": "t", "request": chart["request"], "facts": facts})
    (got,) = evaluate(shipped, case, ["cohere-ma"])

    assert got.verdict is Verdict.PEND
    assert Slot("ablated_before", "L4") in got.open


def test_a_certificate_is_refused_in_words(shipped):
    data = case_data(complete(shipped, **RECENT), shipped.vocabulary, with_evidence=False)

    assert data["facts"]["operations"] == [
        {"at": "L4, L5", "prior_surgery": "discectomy_laminectomy", "surgery_age": {"since": "2026-10"}}
    ]
    with pytest.raises(InputError, match="several facts together"):
        read_chart(shipped.vocabulary, data)


def test_status_of_a_criterion_is_sharper_for_one_operation_than_for_two(small):
    one = {"operations": {"at": "A and B", "kind": "unknown"}, "well": "yes"}
    two = {"kind": {"A": "unknown", "B": "unknown"}, "well": "yes"}

    found = [
        evaluate(small, make_case(small, {"title": "x", "request": {"bodies": ["A"]}, "facts": facts}), ["p"])[0]
        for facts in (one, two)
    ]

    assert [each.statuses["alike"] for each in found] == [Status.MET, Status.UNDETERMINED]
    assert [each.statuses["apart"] for each in found] == [Status.UNMET, Status.UNDETERMINED]
