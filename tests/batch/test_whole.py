"""Tables with whole lists, cases a line in their own shape, and rows that say which they are and what is impossible."""

from __future__ import annotations

import csv
import json

import pytest
import yaml
from places import ROOT

pa = pytest.importorskip("pyarrow", reason="batch needs pyarrow: pip install 'bvn-asp[batch]'")

from click.testing import CliRunner  # noqa: E402

from bvn_asp.batch.decide import STATUSES, VERDICTS, Decider  # noqa: E402
from bvn_asp.cases.evaluate import evaluate  # noqa: E402
from bvn_asp.cases.possible import make_case  # noqa: E402
from bvn_asp.cli import main  # noqa: E402

ROWS = [
    {"bodies": "L4, L5", "procedures": "64628", "diagnoses": "M54.51", "care_failed": "yes"},
    {"bodies": "L4; L5", "procedures": '{"64628": 1, "64629": 2}', "diagnoses": "M54.51; M51.36", "care_failed": None},
    {"bodies": '["L3-L4"]', "procedures": None, "diagnoses": "M99.99", "care_failed": None},
    {"bodies": "2", "procedures": "64628, 64629", "diagnoses": None, "care_failed": "yes"},
    {"bodies": "3", "procedures": None, "diagnoses": None, "care_failed": None},
    {"bodies": None, "procedures": None, "diagnoses": None, "care_failed": None},
]


def as_case(row):
    request = {}
    for key in ("bodies", "procedures", "diagnoses"):
        if row[key] is not None:
            request[key] = json.loads(row[key]) if row[key][0] in "[{" else row[key]
    facts = {"care_failed": row["care_failed"]} if row["care_failed"] else {}
    return {"title": "x", "request": request, "facts": facts}


def test_whole_lists_and_shorthands_are_decided_as_in_a_case(shipped):
    names = ["cohere-ma", "lcd-l39642", "isass-2020"]
    batch = pa.RecordBatch.from_pydict({key: pa.array([row[key] for row in ROWS], pa.string()) for key in ROWS[0]})

    found = Decider(shipped, batch.schema.names, names).decide(batch)

    assert not found.faults
    for i, row in enumerate(ROWS):
        for name, want in zip(names, evaluate(shipped, make_case(shipped, as_case(row)), names), strict=True):
            got = found.answers[name]
            assert VERDICTS[got.verdict[i]] == want.verdict, (name, row)
            assert {e: STATUSES[codes[i]] for e, codes in got.statuses.items()} == want.statuses, (name, row)
            assert {s for s, codes in got.open.items() if codes[i]} == set(want.open), (name, row)


def test_cases_in_their_own_shape_a_line_are_the_same_as_those_in_a_folder(shipped, tmp_path):
    cases = [{**as_case(row), "about": "a test", "expect": {"cohere-ma": "pend"}} for row in ROWS]
    cases[0]["facts"] |= {"modic": {"L3-S1": {"somewhere": "type_1"}, "L4": "none"},
                          "other_obvious_cause": {"by": {"reviewer": "none", "radiologist": "facet"}}}
    (tmp_path / "folder").mkdir()
    for i, case in enumerate(cases):
        (tmp_path / "folder" / f"{i}.yaml").write_text(json.dumps(case))
    (tmp_path / "lines.ndjson").write_text("\n".join(map(json.dumps, cases)))

    said = []
    for source in ("folder", "lines.ndjson"):
        out = tmp_path / f"{source}.out.ndjson"
        found = CliRunner().invoke(main, ["batch", str(tmp_path / source), "-p", "cohere-ma", "-o", str(out)])
        assert found.exit_code == 0, found.output
        rows = [json.loads(line) for line in out.read_text().splitlines()]
        said.append([{key: row[key] for key in row if key not in ("id", "title", "row", "date")} for row in rows])

    assert said[0] == said[1]
    assert len(said[0]) == len(ROWS)


def test_a_line_may_say_what_a_case_file_may_and_its_faults_bear_its_id(shipped, tmp_path):
    patient = yaml.safe_load((ROOT / "cases" / "baseline.yaml").read_text())
    heavy = {**patient, "facts": {**patient["facts"], "bmi": {"weight": "280 lb", "height": "70 in"}}}
    lines = [{"id": "a", **patient}, {"id": "b", **heavy}, {"id": "c", "request": {"bodies": "L9"}, "facts": {}},
             {"id": "d", "request": {"bodies": 2}, "facts": {"modic": {"all": "type_1"}, "bmi": 40.04}}]
    (tmp_path / "lines.ndjson").write_text("\n".join(json.dumps(each, default=str) for each in lines))
    out = tmp_path / "out.ndjson"

    found = CliRunner().invoke(main, ["batch", str(tmp_path / "lines.ndjson"), "-p", "cohere-ma", "-o", str(out)])

    assert found.exit_code == 1, found.output
    said = {row["id"]: row["cohere-ma.verdict"] for row in map(json.loads, out.read_text().splitlines())}
    assert said == {"a": "approve", "b": "deny", "d": "deny"}
    [wrong] = csv.DictReader((tmp_path / "out.ndjson.rejects.csv").open())
    assert (wrong["row"], wrong["id"], wrong["value"]) == ("3", "c", "")
    assert wrong["fault"] == "unknown vertebral body `L9`"


def test_a_folder_without_a_file_to_write_to_prints_the_counts():
    found = CliRunner().invoke(main, ["batch", str(ROOT / "cases" / "founding"), "-p", "cohere-ma"])

    assert found.exit_code == 0, found.output
    assert "Verdicts" in found.output
    assert "cohere-ma" in found.output


def test_a_reject_bears_the_rows_id_and_says_what_is_impossible(tmp_path):
    path, out = tmp_path / "cases.csv", tmp_path / "out.csv"
    path.write_text("id,bodies,sex,pregnant\nA-17,L4,male,yes\nA-18,L9,,\nA-19,L4,,\n")

    found = CliRunner().invoke(main, ["batch", str(path), "-p", "cohere-ma", "-o", str(out)])

    assert found.exit_code == 1
    rows = {row["id"]: row for row in csv.DictReader((tmp_path / "out.csv.rejects.csv").open())}
    assert set(rows) == {"A-17", "A-18"}
    assert rows["A-17"]["fault"] == "no patient can be so: a man at birth is pregnant"
    assert rows["A-17"]["hint"] == "look at sex, pregnant"
    assert rows["A-18"]["column"] == "bodies"
    assert "unknown vertebral body `L9`" in rows["A-18"]["fault"]


def test_members_without_a_column_beside_others_are_named_with_the_rows_that_pend_for_it(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text("id,requested.L4,requested.L5,modic.L4,modic.L5\n1,yes,yes,type_1,type_1\n2,yes,no,type_1,none\n")

    found = CliRunner().invoke(main, ["batch", str(path), "-p", "cohere-ma", "--summary"])

    assert "no column requested.L1, requested.L2, requested.L3, requested.S1" in found.stderr
    assert "a column `bodies` gives the whole list" in found.stderr


def test_a_list_beside_a_column_of_one_of_its_members_is_refused(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text("bodies,requested.L4\nL4,yes\n")

    found = CliRunner().invoke(main, ["batch", str(path), "-p", "cohere-ma", "--summary"])

    assert found.exit_code == 2
    assert "`bodies` and `requested.L4` are about the same fact" in found.stderr
