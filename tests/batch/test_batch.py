"""Batches say what the solver says, row for row, and lose nothing."""

from __future__ import annotations

import io
import json
import random
import sys
import time
from collections import Counter
from itertools import combinations_with_replacement, product
from pathlib import Path
from types import SimpleNamespace

import places
import pytest
from places import TOY

pa = pytest.importorskip("pyarrow", reason="batch needs pyarrow: pip install 'bvn-asp[batch]'")
pytest.importorskip("numpy", reason="batch needs numpy: pip install 'bvn-asp[batch]'")

import pyarrow.csv as pa_csv  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402
from click.testing import CliRunner  # noqa: E402

from bvn_asp import Library  # noqa: E402
from bvn_asp.batch import batch, decide  # noqa: E402
from bvn_asp.batch.decide import FAST, PARTS, STATUSES, VERDICTS, Decider  # noqa: E402
from bvn_asp.cases.evaluate import Evaluator  # noqa: E402
from bvn_asp.cases.possible import check_possible  # noqa: E402
from bvn_asp.cli import batch as cli_batch  # noqa: E402
from bvn_asp.cli import main  # noqa: E402
from bvn_asp.errors import BvnError, InputError  # noqa: E402
from bvn_asp.model.case import record_data  # noqa: E402
from bvn_asp.model.case_reader import make_case  # noqa: E402
from bvn_asp.model.vocabulary import Slot  # noqa: E402

FOUNDING = Path(__file__).parents[2] / "cases" / "founding"
GOOD = {
    "age": "50", "pain_duration": "14 months", "requested.L4": "yes", "requested.L5": "yes", "requested.S1": "no",
    "care.exercise": "tried", "care.drugs": "tried", "modic.L4": "type_1", "modic.L5": "type_2",
}


@pytest.fixture(scope="module")
def toy() -> Library:
    return Library(TOY)


@pytest.fixture(scope="module")
def shipped() -> Library:
    return Library()


def as_batch(rows: list[dict[str, str | None]]) -> pa.RecordBatch:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.RecordBatch.from_pydict({n: pa.array([row.get(n) for row in rows], pa.string()) for n in names})


def as_case(library: Library, row: dict[str, str | None]):
    facts: dict = {}
    for name, value in row.items():
        fact, _, member = name.partition(".")
        if value is not None and fact != "date":
            value = json.loads(value) if value.startswith("{") else value
            if member:
                facts.setdefault(fact, {})[member] = value
            else:
                facts[fact] = value
    request = {"date": row["date"]} if row.get("date") else {}
    return make_case(library.vocabulary, {"title": "row", "request": request, "facts": facts})


def assert_same(library: Library, rows: list[dict[str, str | None]], names: list[str], strict: bool = False) -> Counter:
    """Every answered row is as the solver has it; gives back how often each verdict came."""
    found = Decider(library, as_batch(rows).schema.names, names, strict=strict).decide(as_batch(rows))
    evaluator = Evaluator(library, [library.revision(name) for name in names])
    seen: Counter = Counter()
    for i, row in enumerate(rows):
        if not found.good[i]:
            seen["rejected"] += 1
            continue
        for name, want in zip(names, evaluator.evaluate(as_case(library, row), strict=strict, under_readings=False),
                              strict=True):
            got = found.answers[name]
            assert VERDICTS[got.verdict[i]] == want.verdict, (name, row)
            assert {e: STATUSES[codes[i]] for e, codes in got.statuses.items()} == want.statuses, (name, row)
            assert {e for e, codes in got.blamed.items() if codes[i]} == set(want.blamed), (name, row)
            assert {s for s, codes in got.open.items() if codes[i]} == set(want.open), (name, row)
            seen[want.verdict.value] += 1
    return seen


# -- the same as the solver --------------------------------------------------------------------


@pytest.mark.parametrize("strict", [False, True])
def test_every_partial_case_of_the_toy_is_decided_as_the_solver_decides_it(toy, strict):
    cares = [
        dict(zip(("care.exercise", "care.drugs", "care.injections"), three, strict=True))
        for three in combinations_with_replacement((None, "tried", "not_tried"), 3)
    ]
    rows = [
        {**GOOD, **care, "pain_duration": pain, "modic.L4": modic, "modic.L5": None, "t_score": score,
         "implant": implant, "precautions": precautions}
        for care, pain, modic, score, implant, precautions in product(
            cares, (None, "6 months"), (None, "none", "type_1"), (None, "-2.5"), (None, "yes"), (None, "yes", "no")
        )
    ]

    seen = assert_same(toy, rows, ["plan@2024"], strict)

    assert len(rows) == 720
    assert seen["approve"] or strict
    assert seen["deny"]
    assert seen["pend"]


def test_requests_that_are_half_recorded_are_decided_as_the_solver_decides_them(toy):
    rows = [
        {**GOOD, "requested.L4": a, "requested.L5": b, "requested.S1": c, "modic.L4": modic}
        for a, b, c, modic in product((None, "yes", "no"), (None, "yes", "no"), (None, "yes", "no"), (None, "none"))
    ]

    seen = assert_same(toy, rows, ["plan@2024", "plan@2025"])

    assert seen["rejected"] == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pain_duration", ">= 6 months"), ("pain_duration", "26 weeks"), ("pain_duration", "at most 7 months"),
        ("modic.L4", "{one_of: [type_1, type_2]}"), ("modic.L4", "{one_of: [none, type_2]}"),
        ("modic.L4", "{conflicting: [none, type_2]}"), ("implant", "{conflicting: [yes, no]}"), ("age", "17 to 20"),
    ],
)
def test_a_record_that_is_less_than_exact_allows_what_it_allows_in_a_case(toy, name, value):
    row = {**GOOD, name: value}
    batch_row = as_batch([row])

    found = Decider(toy, batch_row.schema.names, ["plan@2024"]).decide(batch_row)

    text = f"title: row\nfacts:\n  {name.split('.')[0]}: " + (
        f"{{L4: {value}}}" if name == "modic.L4" else value if value.startswith("{") else f"'{value}'"
    )
    rest = as_case(toy, {k: v for k, v in row.items() if k != name})
    record = toy.parse(text).records[0]
    whole = rest.with_values(toy.vocabulary, {})
    records = {**whole.by_slot, record.slot: record}
    case = type(whole)(whole.title, tuple(records[slot] for slot in toy.vocabulary.in_order(records)))
    want = Evaluator(toy, [toy.revision("plan@2024")]).evaluate(case, under_readings=False)[0]
    answer = found.answers["plan@2024"]
    assert VERDICTS[answer.verdict[0]] == want.verdict
    assert {e: STATUSES[codes[0]] for e, codes in answer.statuses.items()} == want.statuses
    assert {s for s, codes in answer.open.items() if codes[0]} == set(want.open)


def perturbed(library: Library, number: int, seed: int) -> list[dict[str, str | None]]:
    """The baseline case with some facts taken out and some changed."""
    rng = random.Random(seed)
    base = library.case(places.ROOT / "cases" / "baseline.yaml")
    known = {}
    for record in base.records:
        data = record_data(record, with_evidence=False)
        known[str(record.slot)] = data if isinstance(data, str) else json.dumps(data)
    slots = {str(slot): library.vocabulary.facts[slot.fact] for slot in library.vocabulary.slots}
    rows = []
    for _ in range(number):
        row: dict[str, str | None] = dict(known)
        for name in rng.sample(sorted(row), rng.choice([0, 2, 8, 30])):
            row[name] = None
        for name in rng.sample(sorted(slots), rng.choice([0, 1, 3, 6])):
            if slots[name].is_named:
                row[name] = rng.choice(list(slots[name].values))
        rows.append(row)
    names = list(slots)
    date = base.date.isoformat() if any("since" in text for text in known.values()) else None
    return [{name: row.get(name) for name in names} | ({"date": date} if date else {}) for row in rows]


def test_random_partial_cases_are_decided_as_the_solver_decides_them_under_every_policy(shipped):
    names = list(shipped.policies)
    assert [each for each in names if shipped.revision(each).never_presumed] == ["ny-external-appeals"]

    seen = assert_same(shipped, perturbed(shipped, 24, 1), names)

    assert seen["approve"]
    assert seen["deny"]
    assert seen["pend"]


def test_what_is_open_is_told_without_the_solver_and_as_it_tells_it(shipped, monkeypatch):
    left = []
    monkeypatch.setattr(Decider, "_solve", lambda self, answer, seat, chart, row, *rest: left.append(row))
    for name in ("cohere-ma", "lcd-l39420"):
        rows = perturbed(shipped, 40, 5)
        left.clear()
        found = Decider(shipped, as_batch(rows).schema.names, [name]).decide(as_batch(rows))
        evaluator = Evaluator(shipped, [shipped.revision(name)])
        told = found.answers[name]
        asked = [i for i in range(40) if found.good[i] and i not in left and VERDICTS[told.verdict[i]] == "pend"]
        for i in asked:
            want = evaluator.evaluate(as_case(shipped, rows[i]), under_readings=False)[0]
            assert {str(s) for s, codes in told.open.items() if codes[i]} == set(map(str, want.open)), (name, rows[i])

        assert len(asked) > 5
        assert not left


NEW_WORDS = [
    ("bmi", ["40.04", "40.676850900459485", "40.0", "39.96", '{"more_than": "40.0", "less_than": "40.1"}', "unknown"]),
    ("pregnant", ["unknown", "no", "yes", None]),
    ("t_score", ["unknown", "-2.54", "-2.46", "-2.5", None]),
    ("pain_duration", ['{"since": "2026-04"}', '{"since": "2025"}', '{"since": "2026-05-14"}', "26 wks", "6+ mo",
                       '{"since": "2025-12", "until": "2026-06"}', "1 yr 2 mos", "unknown"]),
    ("age", ['{"born": "2007-11"}', '{"born": "2007"}', '{"born": "1956-11-16"}', "unknown", "58"]),
    ("modic.L4", ["Modic 2", "Type II", "unknown", '{"one_of": ["type_1", "none"]}']),
    ("slip.L4-L5", ["0.6 cm", "5.04", '{"more_than": "4.9 mm", "less_than": "5.0 mm"}', "unknown", "1.98", None]),
    ("odi", ["44%", "30/100", "29"]),
]


def test_every_way_to_write_a_value_is_decided_as_the_solver_decides_it(shipped):
    rng = random.Random(7)
    base = perturbed(shipped, 1, 3)[0]
    whole = {str(r.slot): r for r in shipped.case(places.ROOT / "cases" / "baseline.yaml").records}
    data = {name: record_data(r, with_evidence=False) for name, r in whole.items()}
    known = {name: each if isinstance(each, str) else json.dumps(each) for name, each in data.items()}
    rows = []
    for _ in range(60):
        row = {name: known.get(name) for name in base}
        row["date"] = "2026-11-15"
        for name, texts in rng.sample(NEW_WORDS, 3):
            row[name] = rng.choice(texts)
        rows.append(row)

    seen = assert_same(shipped, rows, ["cohere-ma", "lcd-l39420", "lcd-l39642", "highmark-wy-15-01-004"])

    assert not seen["rejected"]
    assert seen["approve"]
    assert seen["deny"]
    assert seen["pend"]


def test_numbers_that_are_no_text_are_never_rounded_either(shipped):
    rows = pa.RecordBatch.from_pydict({"bmi": pa.array([40.0, 40.04, 40.676850900459485, 39.999999, None])})

    cells, texts = Decider(shipped, ["bmi"], ["lcd-l39420"]).columns.read(rows).seen[Slot("bmi")]

    assert [str(texts.record(cells.number(i))) for i in range(5)] == [
        "40 kg/m2", "40.04 kg/m2", "40.676850900459485 kg/m2", "39.999999 kg/m2", "None"
    ]


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("bmi", "39 to 30", "no amount is `39 to 30`"),
        ("pain_duration", "{at_least: 10 months, at_most: 5 months}", "does not go together with"),
        ("pain_duration", "{value: 3 months, at_least: 6 months}", "does not go together with"),
        ("modic.L4", "{one_of: []}", "lists no value"),
        ("age", "{value: 52}, pregnant: yes", "not YAML"),
        ("age", "{value: 52}}, expect: {a: {b: 1}", "not YAML"),
        ("age", "9" * 1_000_000, "too long"),
        ("bmi", "0." + "9" * 1_000_000, "too long"),
        ("date", "2026-W01-1", "is not a date"),
        ("date", "9999-12-31", "stands for no end"),
    ],
)
def test_a_cell_that_says_what_cannot_be_is_a_fault_of_its_row(shipped, column, cell, words):
    found = Decider(shipped, [column], ["lcd-l39420"]).decide(pa.RecordBatch.from_pydict({column: pa.array([cell])}))

    assert list(found.good) == [0]
    assert found.faults[0].column == column
    assert words in found.faults[0].message
    assert len(found.faults[0].value) < 100


@pytest.mark.parametrize("dates", [pa.array([20200601]), pa.array([True]), pa.array([2.5])])
def test_a_date_that_is_none_is_a_fault_and_never_dropped(shipped, dates):
    found = Decider(shipped, ["date"], ["lcd-l39420"]).decide(pa.RecordBatch.from_pydict({"date": dates}))

    assert [each.column for each in found.faults] == ["date"]


def test_a_row_with_two_contradictions_names_each_once_and_its_records(shipped, monkeypatch):
    man = {"sex": "male", "pregnant": "yes"}
    drug = {"care.pharmacotherapy": "not_tried", "care.nsaid": "tried"}
    rows = [man, {**man, **drug, "age": "50"}, {**drug, "age": "51"}, drug]
    asked = []
    monkeypatch.setattr(decide, "check_possible", lambda *given: asked.append(given) or check_possible(*given))

    found = Decider(shipped, as_batch(rows).schema.names, ["cohere-ma"]).decide(as_batch(rows))

    said = [[(each.message, each.hint) for each in found.faults if each.row == row] for row in (1, 2, 3, 4)]
    assert said[0] == [("no patient can be so: a man at birth is pregnant", "look at sex, pregnant")]
    assert said[2] == said[3]
    assert said[2][0][1] == "look at care.pharmacotherapy, care.nsaid"
    assert sorted(said[1]) == sorted(said[0] + said[2])
    assert len(asked) == 2


# -- files -------------------------------------------------------------------------------------


BAD = [
    ({**GOOD, "pain_duration": "9"}, "pain_duration", "has no unit"),
    ({**GOOD, "modic.L4": "type_7"}, "modic.L4", "not a value"),
    ({**GOOD, "age": "900"}, "age", "outside the range"),
    ({**GOOD, "requested.L4": "no", "requested.L5": "no"}, "", "no patient can be so"),
]


def written(path: Path, rows: list[dict[str, str | None]]) -> Path:
    table = pa.Table.from_batches([as_batch(rows)])
    if path.suffix == ".parquet":
        pq.write_table(table, path)
    elif path.suffix == ".csv":
        pa_csv.write_csv(table, path)
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in table.to_pylist()))
    return path


def answers(path: Path) -> list[dict]:
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    if path.suffix == ".csv":
        return pa_csv.read_csv(path).to_pylist()
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".ndjson"])
@pytest.mark.parametrize("out", [".parquet", ".csv", ".ndjson"])
def test_rows_in_are_rows_out_and_rejects(toy, tmp_path, suffix, out):
    rows = [GOOD, *(row for row, _, _ in BAD), {**GOOD, "pain_duration": None}]
    source = written(tmp_path / f"cases{suffix}", rows)

    tally = batch(toy, source, tmp_path / f"out{out}", ["plan@2024"], rows=2)

    found = answers(tmp_path / f"out{out}")
    rejects = pa_csv.read_csv(tmp_path / f"out{out}.rejects.csv").to_pylist()
    assert [row["row"] for row in found] == [1, 6]
    assert [row["plan@2024.verdict"] for row in found] == ["approve", "pend"]
    assert [row["plan@2024.open"] or "" for row in found] == ["", "pain_duration"]
    assert found[1]["plan@2024/pain"] == "undetermined"
    assert [row["row"] for row in rejects] == [2, 3, 4, 5]
    for reject, (_, column, words) in zip(rejects, BAD, strict=True):
        assert reject["column"] == column
        assert words in reject["fault"]
    assert (tally.rows, tally.answered, tally.rejected) == (6, 2, 4)


def test_lines_that_cannot_be_split_are_rejected_with_their_place(toy, tmp_path):
    (tmp_path / "a.csv").write_text("age,implant\n50,no\n50\n50,no,no\n60,\n")
    (tmp_path / "b.ndjson").write_text('{"age": 50}\n[1]\n{"age"\n{"modic": {"L4": "type_1"}, "age": 60}\n')

    for name in ("a.csv", "b.ndjson"):
        tally = batch(toy, tmp_path / name, tmp_path / "out.parquet", ["plan"])

        assert (tally.rows, tally.answered) == (4, 2)
        assert [row["row"] for row in answers(tmp_path / "out.parquet")] == [1, 4]
        assert [row["row"] for row in pa_csv.read_csv(tmp_path / "out.parquet.rejects.csv").to_pylist()] == [2, 3]


def test_a_folder_of_cases_is_read_as_each_case_is(toy, tmp_path):
    folder = tmp_path / "cases"
    folder.mkdir()
    (folder / "a.yaml").write_text("title: A\nrequest: {bodies: [L4], date: 2024-05-01}\nfacts: {age: 17}\n")
    (folder / "b.yaml").write_text("title: B\nfacts: {agee: 17}\n")

    tally = batch(toy, folder, tmp_path / "out.ndjson", ["plan@2024"])

    assert (tally.answered, tally.rejected) == (1, 1)
    assert answers(tmp_path / "out.ndjson")[0]["plan@2024.blamed"] == "adult"
    assert "unknown fact" in (tmp_path / "out.ndjson.rejects.csv").read_text()


def test_a_run_that_breaks_leaves_what_was_there(toy, tmp_path, monkeypatch):
    source = written(tmp_path / "cases.csv", [GOOD] * 5)
    output = tmp_path / "out.csv"
    output.write_text("before")

    def broken(self, *_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Decider, "decide", broken)
    with pytest.raises(KeyboardInterrupt):
        batch(toy, source, output, ["plan"])

    assert output.read_text() == "before"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["cases.csv", "out.csv"]


def test_typed_columns_say_the_same_as_texts(toy):
    typed = pa.RecordBatch.from_pydict({
        "age": pa.array([17, 18, None]), "pain_duration [weeks]": pa.array([20.0, 60.0, None]),
        "t_score": pa.array([-2.5, -2.4, None]), "implant": pa.array([True, False, None]),
        "requested.L4": pa.array([True, True, True]),
        "care.drugs": pa.array(["tried", None, "not_tried"]).dictionary_encode(),
    })
    texts = as_batch([
        {"age": "17", "pain_duration": "20 weeks", "t_score": "-2.5", "implant": "yes", "requested.L4": "yes",
         "care.drugs": "tried"},
        {"age": "18", "pain_duration": "60 weeks", "t_score": "-2.4", "implant": "no", "requested.L4": "yes"},
        {"requested.L4": "yes", "care.drugs": "not_tried"},
    ])

    one = Decider(toy, typed.schema.names, ["plan@2024"]).decide(typed)
    other = Decider(toy, texts.schema.names, ["plan@2024"]).decide(texts)

    assert not one.faults
    for entry, codes in one.answers["plan@2024"].statuses.items():
        assert list(codes) == list(other.answers["plan@2024"].statuses[entry]), entry
    assert list(one.answers["plan@2024"].verdict) == list(other.answers["plan@2024"].verdict)


def test_a_slice_of_a_batch_is_decided_as_it_stands(toy):
    flags = pa.RecordBatch.from_pydict({
        "implant": pa.array([None if i % 5 == 0 else i % 3 == 0 for i in range(300)]),
        "precautions": pa.array([i % 7 == 0 for i in range(300)]), "requested.L4": pa.array([True] * 300),
    })
    decider = Decider(toy, flags.schema.names, ["plan@2024"])

    whole = decider.decide(flags).answers["plan@2024"].statuses["implant"]
    part = decider.decide(flags.slice(13, 150)).answers["plan@2024"].statuses["implant"]

    assert list(part) == list(whole[13:163])


OFFSET = {
    "whole numbers": ("age", pa.array([None if i % 7 == 0 else 10 + i % 20 for i in range(300)], pa.int16())),
    "decimals": ("t_score", pa.array([None if i % 7 == 0 else -3 + (i % 10) / 10 for i in range(300)], pa.float64())),
    "texts": ("pain_duration", pa.array([None if i % 7 == 0 else f"{i % 9 + 1} months" for i in range(300)])),
    "a dictionary": ("modic.L4", pa.array([[None, "none", "type_1"][i % 3] for i in range(300)]).dictionary_encode()),
    "nothing": ("precautions", pa.nulls(300)),
    "yes and no": ("implant", pa.array([None if i % 7 == 0 else i % 3 == 0 for i in range(300)])),
}


@pytest.mark.parametrize("start", [1, 8, 63, 64, 65])
@pytest.mark.parametrize("kind", OFFSET)
def test_a_column_at_an_offset_says_what_its_own_rows_say(toy, kind, start):
    name, column = OFFSET[kind]
    part = pa.RecordBatch.from_pydict({name: column, "requested.L4": pa.array([True] * 300)}).slice(start, 130)
    fresh = pa.RecordBatch.from_pylist(part.to_pylist(), schema=pa.schema(
        [(each.name, each.type.value_type if pa.types.is_dictionary(each.type) else each.type) for each in part.schema]
    ))
    assert part.column(0).offset == start

    one, other = (Decider(toy, each.schema.names, ["plan@2024"]).decide(each) for each in (part, fresh))

    for entry, codes in one.answers["plan@2024"].statuses.items():
        assert list(codes) == list(other.answers["plan@2024"].statuses[entry]), entry
    assert list(one.answers["plan@2024"].verdict) == list(other.answers["plan@2024"].verdict)


@pytest.mark.parametrize(
    ("column", "words"),
    [("agee", "did you mean `age`"), ("pain_duration", "without a unit"), ("modic", "per vertebral body"),
     ("bodies_requested", "no fact"), ("age [months]", "unit")],
)
def test_a_column_that_says_nothing_clear_is_refused(toy, column, words):
    record = pa.RecordBatch.from_pydict({column: pa.array([1])})

    with pytest.raises(InputError, match=words):
        Decider(toy, record.schema.names, ["plan"]).decide(record)


def test_each_row_meets_the_revision_in_force_on_its_date(toy, tmp_path):
    rows = [{**GOOD, "pain_duration": "9 months", "date": date} for date in ("2024-06-01", "2025-06-01", None)]

    batch(toy, written(tmp_path / "cases.csv", rows), tmp_path / "out.ndjson", ["plan"])

    found = answers(tmp_path / "out.ndjson")
    assert [row["plan.revision"] for row in found] == ["2024", "2025", "2025"]
    assert [row["plan.verdict"] for row in found] == ["approve", "deny", "deny"]


def test_one_day_of_onset_and_two_dates_of_service_are_two_durations(toy):
    onset = '{"since": "2024-01-15"}'
    rows = [{**GOOD, "pain_duration": onset, "date": date} for date in ("2024-06-01", "2024-09-01", "2024-06-01")]

    found = Decider(toy, as_batch(rows).schema.names, ["plan@2024"]).decide(as_batch(rows)).answers["plan@2024"]

    assert [STATUSES[code] for code in found.statuses["pain"]] == ["unmet", "met", "unmet"]
    assert assert_same(toy, rows, ["plan@2024"])["deny"] == 2


def test_summary_counts_what_flips_between_two_revisions(toy, tmp_path):
    rows = [{**GOOD, "pain_duration": f"{months} months"} for months in (5, 7, 9, 13)]
    source = written(tmp_path / "cases.parquet", rows)

    result = CliRunner().invoke(main, [
        "batch", str(source), "-p", "plan@2024", "--against", "plan@2025", "--summary", "--format", "json",
        "--policies", str(TOY),
    ])

    data = json.loads(result.stdout)
    assert result.exit_code == 0
    assert data["policies"][0]["verdicts"] == {"approve": 3, "deny": 1, "pend": 0, "silent": 0}
    assert data["policies"][0]["blamed"] == {"pain": 1}
    assert {"verdict": "approve", "other": "deny", "cases": 2} in data["policies"][0]["against"]["flips"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["cases.xls", "--summary"], "no such file"),
     (["a.csv", "--summary", "--parts", "verdikt"], "did you mean `verdict`"),
     (["a.csv", "-o", "x.foo"], "no known format"),
     (["a.csv", "--summary", "-p", "plam"], "did you mean `plan`")],
)
def test_a_question_that_cannot_be_asked_is_refused_in_plain_words(tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "a.csv", [GOOD])

    result = CliRunner().invoke(main, ["batch", *arguments, "--policies", str(TOY)])

    assert result.exit_code == 2
    assert words in result.stderr


# -- rules that lead back to themselves --------------------------------------------------------

JOINED = """
criterion(one_block, root, "1", "the bodies lie next to each other").
met(one_block) :- not apart.
apart :- requested(B), requested(C), B != C, not joined(B, C).
joined(B, C) :- requested(B), requested(C), adjacent(B, C).
joined(B, D) :- joined(B, C), requested(D), adjacent(C, D).
"""
AGAINST_ITSELF = """
criterion(odd, root, "1", "odd").
met(odd) :- not even.
even :- is(implant, yes), not odd.
odd :- is(implant, yes), not even.
"""


def library_of(folder: Path, rules: str) -> Library:
    for name in ("vocabulary.yaml", "background.lp"):
        (folder / name).write_text((TOY / name).read_text())
    (folder / "plan").mkdir()
    (folder / "plan" / "1.lp").write_text(rules)
    (folder / "plan" / "policy.yaml").write_text("id: plan\nrevisions: {'1': {file: 1.lp, source: nobody}}\n")
    return Library(folder)


def test_a_rule_that_leads_back_to_its_own_atom_is_unfolded(tmp_path):
    library = library_of(tmp_path, JOINED)
    rows = [
        {"requested.L4": a, "requested.L5": b, "requested.S1": c} for a, b, c in product((None, "yes", "no"), repeat=3)
    ]

    seen = assert_same(library, rows, ["plan"])

    assert seen["deny"]
    assert seen["pend"]


def test_a_rule_that_leads_back_through_not_is_refused(tmp_path):
    library = library_of(tmp_path, AGAINST_ITSELF)

    with pytest.raises(BvnError, match="depends on its own denial"):
        Decider(library, ["implant"], ["plan"])


def test_broken_lines_keep_their_place_in_a_file_of_many_blocks(toy, tmp_path, monkeypatch):
    monkeypatch.setattr("bvn_asp.batch.files.BLOCK", 512)
    lines = [f"{i},50,no" if i % 37 else f"{i},50" for i in range(1, 1001)]
    (tmp_path / "cases.csv").write_text("\n".join(["id,age,implant", *lines]) + "\n")

    tally = batch(toy, tmp_path / "cases.csv", tmp_path / "out.csv", ["plan"], parts=("verdict",))

    assert tally.rejected == 27
    assert all(row["row"] == row["id"] for row in answers(tmp_path / "out.csv"))
    rejects = pa_csv.read_csv(tmp_path / "out.csv.rejects.csv").to_pylist()
    assert [row["row"] for row in rejects] == list(range(37, 1001, 37))


def test_columns_by_the_side_are_decided_as_the_same_case_is(shipped):
    rng = random.Random(5)
    base = perturbed(shipped, 1, 3)[0]
    whole = {str(r.slot): r for r in shipped.case(places.ROOT / "cases" / "baseline.yaml").records}
    data = {name: record_data(r, with_evidence=False) for name, r in whole.items() if r.slot.fact != "modic"}
    known = {name: each if isinstance(each, str) else json.dumps(each) for name, each in data.items()}
    discs = ("L2-L3", "L3-L4", "L4-L5", "L5-S1")
    values = [None, *["none"] * 6, "type_1", "Type II", "type_3", '{"one_of": ["type_1", "none"]}', "unknown"]
    rows = []
    for _ in range(40):
        row = {name: known.get(name) for name in base if not name.startswith("modic.")}
        row["date"] = "2026-11-15"
        rows.append(row | {f"endplates.{disc}": rng.choice(values) for disc in discs})

    seen = assert_same(shipped, rows, ["cohere-ma", "lcd-l39420"])

    assert seen["approve"]
    assert seen["deny"]
    assert seen["pend"]


def test_a_side_that_cannot_be_read_is_a_fault_of_its_row(shipped):
    rows = pa.RecordBatch.from_pydict({
        "endplates.L4-L5": pa.array(["type_9", "type_1", "type_1"]), "modic.L4": pa.array([None, "type_2", "type_1"]),
    })

    found = Decider(shipped, rows.schema.names, ["lcd-l39420"]).decide(rows)

    assert list(found.good) == [0, 0, 1]
    assert ["type_9" in each.message for each in found.faults] == [True, False]


def test_of_a_folder_alone_the_table_of_verdicts_is_printed():
    def run(*arguments):
        return CliRunner().invoke(main, ["batch", str(FOUNDING), *arguments])

    few, many = run("-p", "cohere-ma", "-p", "lcd-l39642"), run()

    assert few.exit_code == many.exit_code == 0
    assert ["document-004", "deny", "pend"] in [line.split() for line in few.stdout.splitlines()]
    assert "5 cases: 5 answered, 0 rejected" in few.stdout
    assert ["case", "verdict", "policies"] in [line.split() for line in many.stdout.splitlines()]
    assert run("--parts", "blamed").exit_code == 2
    assert "What is open" not in run("--summary", "-p", "cohere-ma").stdout
    assert "What is open" in run("--summary", "-p", "cohere-ma", "--parts", "verdict,open").stdout


def test_the_bar_moves_before_the_first_batch_is_decided(monkeypatch):
    drawn = io.StringIO()
    drawn.isatty = lambda: True
    monkeypatch.setattr(sys, "stderr", drawn)
    monkeypatch.setattr(cli_batch, "TICK", 0.01)

    with cli_batch._progress() as progress:
        deadline = time.monotonic() + 10
        while drawn.getvalue().count("\r") < 3 and time.monotonic() < deadline:
            time.sleep(0.01)
        before = drawn.getvalue().split("\r")
        progress(SimpleNamespace(done=5, total=10))
        while "50%" not in drawn.getvalue() and time.monotonic() < deadline:
            time.sleep(0.01)

    assert len(set(before)) >= 3
    assert "50%" in drawn.getvalue()
    assert drawn.getvalue().endswith("\r\x1b[K")


def test_off_a_terminal_there_is_no_bar(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())

    with cli_batch._progress() as progress:
        assert progress is None
    assert not sys.stderr.getvalue()


def test_the_command_offers_the_parts_that_the_columns_have():
    """The command keeps a copy of both names, so that its help imports no NumPy."""
    assert cli_batch.PARTS == PARTS
    assert ",".join(FAST) == cli_batch.FAST
