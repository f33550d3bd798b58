"""A frame of Polars is decided as a file is, batch by batch, and loses no row."""

from __future__ import annotations

from pathlib import Path

import places
import pytest

pa = pytest.importorskip("pyarrow", reason="batch needs pyarrow: pip install 'bvn-asp[batch]'")
pytest.importorskip("numpy", reason="batch needs numpy: pip install 'bvn-asp[batch]'")
pl = pytest.importorskip("polars", reason="larger than memory by Polars: pip install 'bvn-asp[lazy]'")

from bvn_asp import Library  # noqa: E402
from bvn_asp.batch import batch  # noqa: E402
from bvn_asp.batch.decide import Decider  # noqa: E402
from bvn_asp.batch.lazy import answers  # noqa: E402
from bvn_asp.errors import InputError  # noqa: E402

TOY = Library(places.TOY)
ROWS = 4_000


@pytest.fixture(scope="module")
def cases(tmp_path_factory) -> Path:
    """Some complete, some partial, every 97th with a duration that has no unit."""
    path = tmp_path_factory.mktemp("lazy") / "cases.parquet"
    pain = ["9" if i % 97 == 0 else (None, "5 months", "7 months", "14 months")[i % 4] for i in range(ROWS)]
    pl.DataFrame({
        "id": [f"r{i}" for i in range(ROWS)], "age": [None if i % 11 == 0 else 15 + i % 40 for i in range(ROWS)],
        "pain_duration": pain, "requested.L4": [True] * ROWS,
        "care.drugs": pl.Series([("tried", "not_tried", None)[i % 3] for i in range(ROWS)], dtype=pl.Categorical()),
        "implant": [None if i % 5 == 0 else i % 7 == 0 for i in range(ROWS)],
    }).write_parquet(path, row_group_size=500)
    return path


def test_a_file_streamed_through_polars_has_the_answers_of_bvn_batch(cases, tmp_path, monkeypatch):
    sizes = []
    decide = Decider.decide

    def counted(self, found, start=1):
        sizes.append(found.num_rows)
        return decide(self, found, start)

    batch(TOY, cases, tmp_path / "want.parquet", ["plan@2024"])
    want = pl.read_parquet(tmp_path / "want.parquet")
    monkeypatch.setattr(Decider, "decide", counted)

    asked = answers(pl.scan_parquet(cases), ["plan@2024"], keep=["id"], library=TOY)
    assert not sizes
    asked.sink_parquet(tmp_path / "got.parquet", engine="streaming")

    got = pl.read_parquet(tmp_path / "got.parquet")
    assert got["id"].to_list() == [f"r{i}" for i in range(ROWS)]
    assert sum(sizes) == ROWS
    assert len(sizes) > 1
    answered = got.filter(pl.col("fault").is_null()).drop("fault")
    assert answered.rows() == want.drop("row").select(answered.columns).rows()
    rejected = got.filter(pl.col("fault").is_not_null())
    assert rejected["id"].to_list() == [f"r{i}" for i in range(0, ROWS, 97)]
    assert rejected["plan@2024.verdict"].null_count() == len(rejected)
    assert "has no unit" in rejected["fault"][0]


def test_answers_are_counted_by_polars(cases):
    found = answers(pl.scan_parquet(cases), ["plan@2024", "plan@2025"], parts=("verdict",), library=TOY)

    flips = found.group_by("plan@2024.verdict", "plan@2025.verdict").len().collect()

    assert flips["len"].sum() == ROWS
    assert len(flips) > 2


def test_a_column_that_is_no_fact_is_refused_before_anything_is_read(cases):
    with pytest.raises(InputError, match="no fact is called as the column `agee`"):
        answers(pl.scan_parquet(cases).rename({"age": "agee"}), ["plan@2024"], library=TOY)


def test_an_empty_frame_has_the_same_columns(cases):
    some = answers(pl.scan_parquet(cases), ["plan@2024"], keep=["id"], library=TOY)
    none = answers(pl.scan_parquet(cases).filter(pl.col("age") > 900), ["plan@2024"], keep=["id"], library=TOY)

    assert none.collect().schema == some.collect().schema
