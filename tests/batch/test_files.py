"""Files of cases that are damaged, and answers written over something: refused or rejected, never lost."""

from __future__ import annotations

import csv
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

pa = pytest.importorskip("pyarrow")
import numpy as np  # noqa: E402
import places  # noqa: E402
import pyarrow.csv as pa_csv  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

from bvn_asp import InputError, Library  # noqa: E402
from bvn_asp.batch.files import open_source  # noqa: E402
from bvn_asp.batch.run import batch  # noqa: E402

TOY = Library(places.TOY)


def verdicts(path: Path) -> dict[int, str]:
    return {row["row"]: row["plan.verdict"] for row in pa_csv.read_csv(path).to_pylist()}


def rejects(path: Path) -> list[dict]:
    with Path(f"{path}.rejects.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def run(source: Path, **more):
    output = source.parent / "out.csv"
    return batch(TOY, source, output, ["plan"], parts=("verdict",), **more), output



# -- columns -----------------------------------------------------------------------------------


@pytest.mark.parametrize("age", ["17", "50"])
def test_a_kept_fact_is_decided_on_all_the_same(tmp_path, age):
    source = tmp_path / "cases.csv"
    source.write_text(f"id,age\n1,{age}\n")

    plain = verdicts(run(source)[1])
    kept = verdicts(run(source, keep=["age"])[1])

    assert kept == plain
    assert (kept == {1: "deny"}) is (age == "17")
    assert "age" in (tmp_path / "out.csv").read_text().splitlines()[0]


@pytest.mark.parametrize(
    ("header", "keep", "words"),
    [
        ("id,age", ["agee"], "no column is called `agee`"),
        ("row,age", ["row"], "`row` is a column of the answers"),
        ("plan.verdict,age", ["plan.verdict"], "`plan.verdict` is a column of the answers"),
        ("fault,age", ["fault"], "`fault` is a column of the answers"),
        ("age,age", [], "two columns are called `age`"),
        ("date,age,date", [], "two columns are called `date`"),
        ("id,age,id", [], "two columns are called `id`"),
    ],
)
def test_a_column_that_cannot_be_handed_on_or_stands_twice_is_refused(tmp_path, header, keep, words):
    source = tmp_path / "cases.csv"
    source.write_text(header + "\n" + ",".join(["1"] * (header.count(",") + 1)) + "\n")

    with pytest.raises(InputError, match=words):
        run(source, keep=keep)

    assert not (tmp_path / "out.csv").exists()


def test_two_columns_of_one_name_in_a_parquet_file_are_refused(tmp_path):
    table = pa.Table.from_arrays([pa.array([17]), pa.array([50])], names=["age", "age"])
    pq.write_table(table, tmp_path / "cases.parquet")

    with pytest.raises(InputError, match="two columns are called `age`"):
        run(tmp_path / "cases.parquet")


@pytest.mark.parametrize(
    "dates",
    [pa.array([20200601, 20200602]), pa.array([1.5, 2.5]), pa.array(["June", "20200699"]), pa.array([True, False])],
    ids=["integers", "numbers", "words", "booleans"],
)
def test_a_date_of_service_that_is_no_date_is_a_reject(tmp_path, dates):
    pq.write_table(pa.table({"date": dates, "age": pa.array([50, 50])}), tmp_path / "cases.parquet")

    tally, output = run(tmp_path / "cases.parquet")

    assert (tally.rows, tally.answered, tally.rejected) == (2, 0, 2)
    assert [row["column"] for row in rejects(output)] == ["date", "date"]
    assert all("is not a date" in row["fault"] for row in rejects(output))


# -- over what is there ------------------------------------------------------------------------


def test_the_cases_are_never_written_over(tmp_path):
    source = tmp_path / "cases.csv"
    source.write_text("age\n50\n")
    (tmp_path / "link.csv").symlink_to(source)

    for output in (source, tmp_path / "link.csv"):
        with pytest.raises(InputError, match="written over the cases"):
            batch(TOY, source, output, ["plan"])

    assert source.read_text() == "age\n50\n"


def test_two_runs_have_rejects_of_their_own(tmp_path):
    (tmp_path / "a.csv").write_text("age\nold\n")
    (tmp_path / "b.csv").write_text("age\nyoung\n")

    batch(TOY, tmp_path / "a.csv", tmp_path / "out.csv", ["plan"])
    batch(TOY, tmp_path / "b.csv", tmp_path / "out.parquet", ["plan"])

    assert [row["value"] for row in rejects(tmp_path / "out.csv")] == ["old"]
    assert [row["value"] for row in rejects(tmp_path / "out.parquet")] == ["young"]


# -- damaged in the middle ---------------------------------------------------------------------


def test_a_byte_that_is_no_utf8_costs_its_row_only(tmp_path, monkeypatch):
    monkeypatch.setattr("bvn_asp.batch.files.BLOCK", 4096)
    lines = [b"%d,50,no" % i for i in range(1, 2001)]
    lines[1500] = b"1501,50,n\xf6"
    (tmp_path / "cases.csv").write_bytes(b"\n".join([b"id,age,implant", *lines]) + b"\n")

    tally, output = run(tmp_path / "cases.csv")

    assert (tally.rows, tally.answered, tally.rejected) == (2000, 1999, 1)
    assert [(row["row"], row["column"], row["fault"]) for row in rejects(output)] == [
        ("1501", "implant", "not text in UTF-8")
    ]
    assert set(verdicts(output)) == set(range(1, 2001)) - {1501}


def test_a_stray_quote_is_noticed_and_what_it_swallowed_is_said(tmp_path):
    lines = [f'{i},50,no,"fine"' for i in range(1, 101)]
    lines[40] = '41,50,no,"open'
    lines[43] = '44,50,no,"shut"'
    (tmp_path / "cases.csv").write_text("\n".join(["id,age,implant,title", *lines]) + "\n")

    tally, output = run(tmp_path / "cases.csv")

    assert tally.rows == tally.answered + tally.rejected
    told = [row for row in rejects(output) if "a quote opens here" in row["fault"]]
    assert told
    assert told[0]["row"] == "41"
    assert "closes" in told[0]["fault"]


def test_a_title_over_two_lines_is_no_fault(tmp_path):
    (tmp_path / "cases.csv").write_text('id,age,title\n1,50,"one\ntwo, three"\n2,17,four\n')

    tally, output = run(tmp_path / "cases.csv")

    assert (tally.rows, tally.answered) == (2, 2)
    assert [row["title"] for row in pa_csv.read_csv(
        output, parse_options=pa_csv.ParseOptions(newlines_in_values=True)).to_pylist()] == ["one\ntwo, three", "four"]


@pytest.mark.parametrize("text", ["", "\n", "\x00", '"'], ids=["nothing", "a blank line", "a zero", "a quote"])
def test_a_csv_file_without_columns_is_refused(tmp_path, text):
    (tmp_path / "cases.csv").write_text(text)

    with pytest.raises(InputError):
        run(tmp_path / "cases.csv")

    assert not (tmp_path / "out.csv").exists()


def test_a_csv_file_of_a_header_alone_has_no_rows(tmp_path):
    (tmp_path / "cases.csv").write_text("id,age\n")

    tally, output = run(tmp_path / "cases.csv")

    assert (tally.rows, tally.answered, tally.rejected) == (0, 0, 0)
    assert len(output.read_text().splitlines()) == 1


def test_a_parquet_file_that_is_cut_or_broken_inside_is_one_plain_error(tmp_path):
    table = pa.table({"age": pa.array(range(200_000)), "id": pa.array([str(i) for i in range(200_000)])})
    path = tmp_path / "cases.parquet"
    pq.write_table(table, path, row_group_size=20_000, compression="snappy", use_dictionary=False)
    whole = path.read_bytes()
    for damage in (whole[:-100], whole[: len(whole) // 2] + b"\xff" * 5000 + whole[len(whole) // 2 + 5000 :]):
        path.write_bytes(damage)

        with pytest.raises(InputError, match=r"damaged|not a file of Parquet"):
            run(path)

        assert {each.name for each in tmp_path.iterdir()} == {"cases.parquet"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"age": 50, "age": 17}', "stands in it twice"),
        ('{"modic": {"L4": "type_1"}, "modic.L4": "none"}', "says `modic.L4` twice"),
        ('{"id": "\\ud83d", "age": 50}', "half a character"),
        ("[" * 100_000, "nested too deep"),
        ("\ufffe", "not a JSON object"),
        ('{"age": 50', "not a JSON object"),
    ],
    ids=["key twice", "slot twice", "half a character", "deep", "not JSON", "cut"],
)
def test_a_broken_line_of_json_is_a_reject_under_its_own_number(tmp_path, line, words):
    (tmp_path / "cases.ndjson").write_text(f'{{"age": 50}}\n\n{line}\n\n{{"age": 17}}\n', encoding="utf-8")

    tally, output = run(tmp_path / "cases.ndjson")

    assert (tally.rows, tally.answered, tally.rejected) == (3, 2, 1)
    assert [row["row"] for row in rejects(output)] == ["3"]
    assert words in rejects(output)[0]["fault"]
    assert verdicts(output) == {1: "pend", 5: "deny"}


@pytest.mark.parametrize("number", range(40))
def test_every_row_is_answered_or_rejected_counted_another_way(tmp_path, number):
    """Rows are counted from the file by Python's own reader of CSV."""
    import random

    rng = random.Random(number)
    lines = [",".join(rng.choice(["50", "17", "", "x", "\u00e9", "1e5", '"50"']) for _ in range(3)) for _ in range(60)]
    for _ in range(rng.randrange(4)):
        lines[rng.randrange(len(lines))] = rng.choice(["50", "1,2,3,4", "a,b", "50,50,50,50,50"])
    (tmp_path / "cases.csv").write_text("\n".join(["id,age,title", *lines]) + "\n", encoding="utf-8")

    tally, output = run(tmp_path / "cases.csv")

    counted = [row for row in csv.reader((tmp_path / "cases.csv").open(encoding="utf-8")) if row][1:]
    listed = {*verdicts(output), *(int(row["row"]) for row in rejects(output))}
    assert tally.rows == len(counted) == tally.answered + tally.rejected
    assert listed == set(range(1, len(counted) + 1))


# -- where answers go --------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")
def test_a_new_file_has_the_mode_of_the_umask_and_an_old_one_keeps_its_own(tmp_path):
    (tmp_path / "cases.csv").write_text("age\n50\n")
    old = os.umask(0o077)
    try:
        run(tmp_path / "cases.csv")
        fresh = stat.S_IMODE((tmp_path / "out.csv").stat().st_mode)
        os.chmod(tmp_path / "out.csv", 0o640)
        run(tmp_path / "cases.csv")
    finally:
        os.umask(old)

    assert fresh == 0o600
    assert stat.S_IMODE((tmp_path / "out.csv").stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "out.csv.rejects.csv").stat().st_mode) == 0o600


@pytest.mark.skipif(os.name == "nt", reason="links and pipes are those of POSIX")
def test_a_link_stays_a_link_and_a_pipe_is_written_to(tmp_path):
    from bvn_asp.files import write_text

    real, link, pipe = tmp_path / "real.txt", tmp_path / "link.txt", tmp_path / "pipe"
    real.write_text("old")
    link.symlink_to(real)
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()

    write_text(link, "new")
    write_text(pipe, "through")
    write_text("/dev/null", "gone")
    reader.join(10)

    assert link.is_symlink()
    assert real.read_text() == "new"
    assert read == ["through"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_a_write_that_fails_leaves_what_was_there_and_nothing_beside_it(tmp_path):
    from bvn_asp.files import written

    target = tmp_path / "answer.json"
    target.write_text("before")

    def break_off():
        with written(target) as file:
            file.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()

    assert target.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["answer.json"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk is played by /dev/full")
def test_a_full_disk_is_a_plain_error():
    code = "from bvn_asp.files import write_text\nwrite_text('/dev/full', 'x' * 100000)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)

    assert "InputError" in found.stderr
    assert "no space left" in found.stderr




FORMULAS = ["=1+1", "+cmd", "-x", "@sum", "\t=1"]


@pytest.mark.parametrize("name", FORMULAS)
def test_an_id_that_a_spreadsheet_would_compute_is_written_as_a_text(tmp_path, name):
    (tmp_path / "cases.csv").write_text(f'id,age,title\n"{name}",50,-1.5\n"{name}",old,a\n')

    _, output = run(tmp_path / "cases.csv")
    escaped = list(csv.DictReader(output.open(newline="")))
    run(tmp_path / "cases.csv", escape=False)
    raw = list(csv.DictReader(output.open(newline="")))

    assert [(row["id"], row["title"]) for row in escaped] == [("'" + name, "-1.5")]
    assert [row["id"] for row in raw] == [name]


def test_what_was_read_of_a_long_file_is_let_go(tmp_path):
    """Arrow's own reader, left to itself, holds every row group until the file is closed."""
    path, numbers = tmp_path / "cases.parquet", np.random.default_rng(1).integers(0, 1 << 62, 250_000)
    with pq.ParquetWriter(path, pa.schema([("age", pa.int64())]), compression="none", use_dictionary=False) as writer:
        for _ in range(24):
            writer.write_batch(pa.record_batch({"age": numbers}), row_group_size=250_000)
    before = pa.total_allocated_bytes()

    held = [pa.total_allocated_bytes() - before for _ in open_source(path, TOY).batches()]

    assert len(held) > 24
    assert held[-2] < path.stat().st_size / 3
