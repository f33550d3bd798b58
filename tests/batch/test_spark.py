"""The same answers on Apache Spark, in local mode."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from itertools import product

import places
import pytest

pytest.importorskip("pyarrow", reason="batch needs pyarrow: pip install 'bvn-asp[batch]'")

import pyarrow as pa

from bvn_asp import Library
from bvn_asp.batch import spark
from bvn_asp.batch.answers import row_for_row
from bvn_asp.batch.decide import Decider
from bvn_asp.batch.spark import answers, columns, pointed

TOY = str(places.TOY)
ROWS = [("a", 50, "14 months", True, "tried"), ("b", 17, "14 months", True, "tried"), ("c", 50, "9", True, "tried"),
        ("d", None, "14 months", True, None)]
NAMES = ["id", "age", "pain_duration", "requested__L4", "care__drugs"]
NO_UNIT = "pain_duration: `9` has no unit, which `pain_duration` takes"
WANTED = [("a", "pend", None), ("b", "deny", None), ("c", None, NO_UNIT), ("d", "pend", None)]


def test_every_row_comes_out_with_an_answer_or_a_fault():
    batch = pa.RecordBatch.from_pylist([dict(zip(NAMES, row, strict=True)) for row in ROWS])

    (found,) = answers(NAMES, ["plan@2024"], kept={"id": "string"}, folder=TOY)([batch])

    rows = found.to_pylist()
    assert [(row["id"], row["plan@2024__verdict"], row["fault"]) for row in rows] == WANTED
    assert rows[1]["plan@2024__blamed"] == "adult"
    assert rows[0]["plan@2024/adult"] == "met"


def test_partial_cases_have_the_same_answers_whatever_batches_they_come_in(monkeypatch):
    base = [None, "17", "50"], [None, "3 months", "14 months"], [True, None], ["tried", None, "not_tried"]
    rows = [(str(i), *each) for i, each in enumerate(product(*base))]
    lot = pa.RecordBatch.from_pylist([dict(zip(NAMES, row, strict=True)) for row in rows])
    names = [pointed(each) for each in NAMES]
    decider = Decider(Library(TOY), names, ["plan@2024"], keep=["id"])
    want = row_for_row(decider, lot.rename_columns(names), pa.schema([("id", pa.string())])).to_pylist()
    monkeypatch.setattr(spark, "ROWS", 20)

    ask = answers(NAMES, ["plan@2024"], kept={"id": "string"}, folder=TOY)
    found = list(ask([lot.slice(start, 7) for start in range(0, lot.num_rows, 7)]))

    assert [each.num_rows for each in found] == [21, 21, 12]
    assert [list(row.values()) for each in found for row in each.to_pylist()] == [list(row.values()) for row in want]
    assert {row["plan@2024.verdict"] for row in want} == {"pend", "deny"}
    assert any(row["plan@2024.open"] for row in want)


@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java 17, which is not on this machine")
def test_spark_gives_the_same_rows(tmp_path):
    pyspark = pytest.importorskip("pyspark", reason="pip install 'bvn-asp[spark]'")
    pytest.importorskip("pandas", reason="Spark asks for pandas: pip install 'bvn-asp[spark]'")
    major = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr.split('"')[1].split(".")[0]
    if int(major) < 17:
        pytest.skip(f"pyspark {pyspark.__version__} needs Java 17; this is Java {major}")
    from pyspark.sql import SparkSession

    os.environ.update(PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
    builder = SparkSession.builder.master("local[1]").appName("bvn-asp test").config("spark.ui.enabled", "false")
    builder = builder.config("spark.sql.warehouse.dir", str(tmp_path)).config("spark.driver.memory", "512m")
    running = builder.config("spark.driver.host", "127.0.0.1").getOrCreate()
    try:
        types = "`id` string, `age` int, `pain_duration` string, `requested__L4` boolean, `care__drugs` string"
        frame = running.createDataFrame(ROWS, types).coalesce(1)

        ask = answers(NAMES, ["plan@2024"], kept={"id": "string"}, folder=TOY)
        found = frame.mapInArrow(ask, columns(NAMES, ["plan@2024"], {"id": "string"}, folder=TOY)).collect()

        assert [(row["id"], row["plan@2024__verdict"], row["fault"]) for row in found] == WANTED
    finally:
        running.stop()
