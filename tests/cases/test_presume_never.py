"""A policy that has something documented: `presume: {ENTRY: never}` in policy.yaml."""

from __future__ import annotations

import json
import shutil

import pytest
from places import TOY

from bvn_asp import Library
from bvn_asp.cases.ask import ask
from bvn_asp.cases.evaluate import Verdict, evaluate
from bvn_asp.errors import InputError
from bvn_asp.model.case import Named
from bvn_asp.model.vocabulary import Slot
from bvn_asp.repairs.repair import repair

CHART = {
    "title": "x",
    "request": {"date": "2026-12-01", "bodies": ["L4", "L5"]},
    "facts": {
        "age": 50,
        "pain_duration": "13 months",
        "care": {"exercise": "tried", "drugs": "tried"},
        "modic": {"L4": "type_1", "L5": "type_1"},
    },
}


@pytest.fixture
def folder(tmp_path):
    """The toy library, and a second plan that has implants documented."""
    made = tmp_path / "policies"
    shutil.copytree(TOY, made)
    shutil.copytree(made / "plan", made / "careful")
    said = (made / "careful" / "policy.yaml").read_text(encoding="utf-8").replace("id: plan", "id: careful")
    (made / "careful" / "policy.yaml").write_text(said + "\npresume: {implant: never}\n", encoding="utf-8")
    return made


def test_what_the_criterion_reads_is_not_presumed_for_that_policy_alone(folder):
    library = Library(folder)
    case = library.parse(json.dumps(CHART))

    got = {each.policy: each for each in evaluate(library, case, ["plan", "careful"])}

    assert (got["plan"].verdict, got["careful"].verdict) == (Verdict.APPROVE, Verdict.PEND)
    assert Slot("implant") in got["plan"].presumed
    assert Slot("implant") in got["careful"].open
    assert Slot("t_score") in got["careful"].presumed
    ruled_out = case.with_values(library.vocabulary, {Slot("implant"): Named(("no",))})
    assert evaluate(library, ruled_out, ["careful"])[0].verdict is Verdict.APPROVE


def test_it_is_asked_for_and_documenting_it_is_the_repair(folder):
    library = Library(folder)
    case = library.parse(json.dumps(CHART))

    assert Slot("implant") in {each.slot for each in ask(library, case, ["careful"]).open}
    repairs = repair(library, case, ["careful"]).repairs
    assert {tuple(str(move.slot) for move in each.moves) for each in repairs} >= {("implant",)}


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("presume: {implnt: never}", "unknown entry `implnt`"),
        ("presume: {implant: always}", "can only be `never`"),
        ("presume: never", "says of entries"),
        ("presume: {exclusions: never}", "reads nothing itself"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_place(folder, said, fault):
    path = folder / "careful" / "policy.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("presume: {implant: never}", said), encoding="utf-8")

    def asked():
        library = Library(folder)
        return evaluate(library, library.parse(json.dumps(CHART)), ["careful"])

    with pytest.raises(InputError, match=fault) as error:
        asked()
    assert all(each.place.line for each in error.value.faults)


@pytest.mark.parametrize("strict", [False, True])
def test_a_batch_asks_such_a_policy_together_with_others(folder, strict):
    pa = pytest.importorskip("pyarrow")
    from bvn_asp.batch.answers import row_for_row
    from bvn_asp.batch.decide import Decider

    library = Library(folder)
    rows = [{"implant": implant, "t_score": score} for implant in (None, "no", "yes") for score in (None, "-2.5")]
    slots = {"requested.L4": "yes", "requested.L5": "yes", "age": "50", "pain_duration": "13 months",
             "care.exercise": "tried", "care.drugs": "tried", "modic.L4": "type_1", "modic.L5": "type_1"}  # fmt: skip
    rows = [{**slots, **row} for row in rows]
    batch = pa.RecordBatch.from_pylist(rows)
    names = ["plan", "careful"]

    decider = Decider(library, batch.schema.names, names, strict=strict)
    found = row_for_row(decider, batch, pa.schema([])).to_pylist()

    for row, got in zip(rows, found, strict=True):
        facts = {name: value for name, value in row.items() if value is not None}
        nested: dict[str, object] = {}
        for name, value in facts.items():
            fact, _, member = name.partition(".")
            if member:
                nested.setdefault(fact, {})[member] = value
            else:
                nested[fact] = value
        case = library.parse(json.dumps({"title": "x", "facts": nested}))
        for each in evaluate(library, case, names, strict=strict):
            assert got[f"{each.policy}.verdict"] == each.verdict.value, (row, each.policy)
            assert set((got[f"{each.policy}.open"] or "").split()) == {str(slot) for slot in each.open}
