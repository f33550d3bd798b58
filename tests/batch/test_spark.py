"""The same answers on Apache Spark, in local mode."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import places
import pytest

pytest.importorskip("pyarrow", reason="batch needs pyarrow: pip install 'bvn-asp[batch]'")

import pyarrow as pa

from bvn_asp.batch.spark import answers, columns

TOY = str(places.TOY)
ROWS = [("a", 50, "14 months", True, "tried"), ("b", 17, "14 months", True, "tried"), ("c", 50, "9", True, "tried"),
        ("d", None, "14 months", True, None)]
NAMES = ["id", "age", "pain_duration", "requested__L4", "care__drugs"]
NO_UNIT = "pain_duration: `pain_duration: 9` has no unit"
WANTED = [("a", "pend", None), ("b", "deny", None), ("c", None, NO_UNIT), ("d", "pend", None)]


def test_every_row_comes_out_with_an_answer_or_a_fault():
    batch = pa.RecordBatch.from_pylist([dict(zip(NAMES, row, strict=True)) for row in ROWS])

    (found,) = answers(NAMES, ["plan@2024"], kept={"id": "string"}, folder=TOY)([batch])

    rows = found.to_pylist()
    assert [(row["id"], row["plan@2024__verdict"], row["fault"]) for row in rows] == WANTED
    assert rows[1]["plan@2024__blamed"] == "adult"
    assert rows[0]["plan@2024/adult"] == "met"


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
    spark = builder.config("spark.driver.host", "127.0.0.1").getOrCreate()
    try:
        types = "`id` string, `age` int, `pain_duration` string, `requested__L4` boolean, `care__drugs` string"
        frame = spark.createDataFrame(ROWS, types).coalesce(1)

        ask = answers(NAMES, ["plan@2024"], kept={"id": "string"}, folder=TOY)
        found = frame.mapInArrow(ask, columns(NAMES, ["plan@2024"], {"id": "string"}, folder=TOY)).collect()

        assert [(row["id"], row["plan@2024__verdict"], row["fault"]) for row in found] == WANTED
    finally:
        spark.stop()
