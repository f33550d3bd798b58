"""What makes batches fast changes no answer: cuts for tables, one rail for two, bits for codes."""

from __future__ import annotations

import random

import places
import pytest

np = pytest.importorskip("numpy", reason="batch needs numpy: pip install 'bvn-asp[batch]'")
pa = pytest.importorskip("pyarrow", reason="batch needs pyarrow: pip install 'bvn-asp[batch]'")

from bvn_asp import Library  # noqa: E402
from bvn_asp.batch.bits import packed, unpacked  # noqa: E402
from bvn_asp.batch.cells import PIECE, Cells, Meaning, of_booleans, on_grid  # noqa: E402
from bvn_asp.batch.decide import Decider  # noqa: E402
from bvn_asp.batch.marks import Marks  # noqa: E402
from bvn_asp.batch.rails import Rails, _of_two  # noqa: E402

TOY = Library(places.TOY)


@pytest.mark.parametrize("seed", range(40))
def test_cuts_pick_the_rows_that_a_table_would(seed):
    rng = np.random.default_rng(seed)
    rows, size, texts, base = (int(rng.integers(*ends)) for ends in ((1, 300), (1, 90), (2, 30), (-9, 9)))
    numbers = rng.integers(1, texts, size).astype(np.int32)
    if seed % 2:
        numbers.sort()
    kinds = (np.int16, np.int32, np.float64)
    codes = rng.integers(0, size, rows)
    there = rng.random(rows) < 0.8 if seed % 3 else np.ones(rows, bool)
    cells = Cells(rows, Meaning(numbers), (codes + base).astype(kinds[seed % 3]), packed(there), base)
    flags = rng.random(texts) < 0.5
    masks = [7, *(int(each) for each in rng.integers(1, 8, texts - 1))]

    text = np.where(there, numbers[codes], 0)
    assert list(unpacked(cells.where("flags", flags), rows)) == list(flags[text])
    allowed, _ = cells.allowed(masks, 3)
    for i, bits in enumerate(allowed):
        assert list(unpacked(bits, rows)) == [masks[each] >> i & 1 for each in text]
    assert [cells.number(row) for row in range(rows)] == list(text)


@pytest.mark.parametrize("start", [0, 3, 64, 70])
def test_booleans_are_read_where_they_lie(start):
    column = pa.array([None if i % 7 == 0 else i % 3 == 0 for i in range(300)]).slice(start, 150)

    cells = of_booleans(column, Meaning(np.array([1, 2], np.int32)))

    assert [cells.number(i) for i in range(150)] == [0 if v is None else 1 + v for v in column.to_pylist()]
    found = unpacked(cells.where("yes", np.array([False, False, True])), 150)
    assert list(found) == [v or 0 for v in column.to_pylist()]


def test_a_column_is_sharp_only_if_every_row_allows_one_class():
    codes, masks = np.array([0, 1, 1], np.int8), [3, 1, 2, 3]

    assert Cells(3, Meaning(np.array([1, 2], np.int32)), codes, None).allowed(masks, 2)[1]
    assert not Cells(3, Meaning(np.array([1, 3], np.int32)), codes, None).allowed(masks, 2)[1]
    assert not Cells(3, Meaning(np.array([1, 2], np.int32)), codes, packed(codes == 1)).allowed(masks, 2)[1]


@pytest.mark.parametrize("place", [0, PIECE, 2 * PIECE + 1])
@pytest.mark.parametrize("wrong", [31.25, float("nan"), 1e7, float("inf")])
def test_a_number_between_two_steps_is_found_wherever_it_stands(place, wrong):
    values = np.full(2 * PIECE + 5, 31.2)
    assert set(on_grid(values, 10)) == {312}

    values[place] = wrong

    assert on_grid(values, 10) is None


def test_complete_cases_have_the_same_answers_by_one_rail_as_by_two(monkeypatch):
    rng = random.Random(7)
    names = [str(slot) for slot in TOY.vocabulary.slots if TOY.vocabulary.facts[slot.fact].is_named]
    values = {n: list(TOY.vocabulary.facts[n.partition(".")[0]].values) for n in names}
    columns = {n: rng.choices(values[n], k=500) for n in names}
    columns["age"] = [str(rng.randint(10, 90)) for _ in range(500)]
    columns["pain_duration"] = [f"{rng.randint(0, 30)} months" for _ in range(500)]
    columns["t_score"] = [f"-{rng.randint(0, 4)}.5" for _ in range(500)]
    cases = pa.RecordBatch.from_pydict(columns)
    decider = Decider(TOY, cases.schema.names, ["plan@2024"])
    seen = []
    certain = Rails._certain
    monkeypatch.setattr(Rails, "_certain", lambda *given: seen.append(1) or certain(*given))

    one = decider.decide(cases)
    monkeypatch.setattr(Rails, "complete", lambda *_: False)
    two = decider.decide(cases)

    assert len(seen) == 1
    assert list(one.good) == list(two.good)
    mine, other = one.answers["plan@2024"], two.answers["plan@2024"]
    good = one.good == 1
    assert (mine.verdict[good] == other.verdict[good]).all()
    assert set(mine.verdict[good]) > {0}
    for entry in mine.statuses:
        assert (mine.statuses[entry][good] == other.statuses[entry][good]).all()
        assert (mine.blamed.get(entry, good)[good] == other.blamed.get(entry, good)[good]).all()


def test_marks_are_codes_and_arrow_columns_of_the_same_rails():
    marks, rows = Marks(100), np.arange(100)
    early = packed(rows < 60)
    marks.put("a", packed(rows % 3 == 0), packed(rows % 3 < 2), early)
    assert list(marks["a"][57:62]) == [2, 1, 0, 255, 255]

    marks.put("a", packed(rows % 2 == 0), packed(rows % 2 == 0), ~early)
    marks.mark("a", 1, 2)
    marks.mark("a", 3, 0)
    marks.put("b", early, early, packed(rows > 97))

    assert list(marks["a"][:5]) == [2, 2, 0, 0, 1]
    assert list(marks["a"][60:64]) == [2, 0, 2, 0]
    met, may = marks.arrow("a")
    assert [int(a) + int(b) for a, b in zip(met.to_pylist(), may.to_pylist(), strict=True)] == list(marks["a"])
    assert marks.arrow("b")[0].to_pylist() == [None] * 98 + [False] * 2
    assert list(marks["b"][96:]) == [255, 255, 0, 0]


def test_two_classes_are_put_in_order_as_sorting_would():
    allowed = np.array([[0, 0, 1, 1], [0, 1, 0, 1]], np.uint8)

    assert _of_two(allowed).tolist() == np.argsort(allowed == 0, axis=0, kind="stable").tolist()
