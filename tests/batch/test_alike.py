"""Rows that ask the same question are decided once, and answered as if each were decided alone."""

from __future__ import annotations

import random

import places
import pytest

np = pytest.importorskip("numpy", reason="batch needs numpy: pip install 'bvn-asp[batch]'")
pa = pytest.importorskip("pyarrow", reason="batch needs pyarrow: pip install 'bvn-asp[batch]'")

from bvn_asp import Library  # noqa: E402
from bvn_asp.batch import alike as module  # noqa: E402
from bvn_asp.batch import decide  # noqa: E402
from bvn_asp.batch.alike import alike  # noqa: E402
from bvn_asp.batch.bits import first, packed, unpacked  # noqa: E402
from bvn_asp.batch.decide import Decider  # noqa: E402
from bvn_asp.batch.rails import Frame  # noqa: E402

TOY = Library(places.TOY)
ROWS = 1_000
SLOTS = TOY.vocabulary.slots[:6]


def some_rows(questions: int, seed: int):
    """A batch in which so many charts come again and again, a fifth left out, some impossible or unreadable."""
    rng, columns = random.Random(seed), {}
    which = [rng.randrange(questions) for _ in range(ROWS)]
    for slot in TOY.vocabulary.slots:
        known = TOY.vocabulary.facts[slot.fact]
        if known.type == "count":
            continue
        amounts = ["3 months", "14 months"] if known.type == "duration" else ["17", "50"]
        texts = [*known.values] if known.is_named else amounts
        if known.is_named and len(texts) > 2:
            texts.append(f"{{one_of: [{texts[0]}, {texts[1]}]}}")
        texts += ["nonsense"] if not columns else []
        charts = [rng.choice(texts) if rng.random() < 0.8 else None for _ in range(questions)]
        columns[str(slot)] = pa.array([charts[each] for each in which], pa.string())
    columns["date"] = pa.array([f"202{4 + (row % 3) // 2}-05-01" for row in range(ROWS)], pa.string())
    return pa.RecordBatch.from_pydict(columns)


def told(batch, parts):
    found = Decider(TOY, batch.schema.names, ["plan"], parts=parts).decide(batch)
    answer = found.answers["plan"]
    good = found.good.astype(bool)
    listed = (answer.statuses, answer.blamed, {str(k): v for k, v in answer.open.items()})
    return (
        found.good.tolist(), answer.verdict[good].tolist(), answer.revision[good].tolist(), found.solved, found.faults,
        [{k: v[good].tolist() for k, v in sorted(each.items()) if v[good].any()} for each in listed],
    )


@pytest.mark.parametrize("parts", [("verdict",), decide.PARTS])
@pytest.mark.parametrize("seed", [1, 2])
def test_rows_alike_are_answered_as_if_each_were_alone(monkeypatch, parts, seed):
    batch, used = some_rows(150, seed), []
    monkeypatch.setattr(decide, "alike", lambda *given: None)
    alone = told(batch, parts)
    monkeypatch.setattr(module, "LEAST", 64)
    monkeypatch.setattr(decide, "WORTH", dict.fromkeys((False, True), (0.5, 1)))
    monkeypatch.setattr(decide, "alike", lambda *given: used.append(alike(*given)) or used[-1])

    assert told(batch, parts) == alone
    assert [each.frame.rows for each in used if each]
    assert all(each.frame.rows <= 150 for each in used if each)
    assert set(alone[1]) >= {1, 2}
    assert "open" not in parts or len(alone[5][2]) > 2


def test_rows_that_all_differ_are_told_by_a_look(monkeypatch):
    rng, looked = np.random.default_rng(1), []
    columns = [packed(rng.random(20_000) < 0.5) for _ in range(40)]
    frame = Frame(20_000, {slot: columns[i::6] for i, slot in enumerate(SLOTS)})
    of = module._keys
    monkeypatch.setattr(module, "_keys", lambda columns, rows: looked.append(rows) or of(columns, rows))

    assert alike(frame, SLOTS, first(20_000)) is None
    assert looked == [4_096]


def test_questions_of_one_hash_are_not_taken_for_one(monkeypatch):
    rng = np.random.default_rng(1)
    each = [rng.random(30) < 0.5 for _ in range(12)]
    which = rng.integers(0, 30, 20_000)
    columns = [packed(flags[which]) for flags in each]
    frame = Frame(20_000, {slot: columns[i::6] for i, slot in enumerate(SLOTS)})

    found = alike(frame, SLOTS, first(20_000))
    assert found is not None
    for slot in SLOTS:
        for small, column in zip(found.frame.allowed[slot], frame.allowed[slot], strict=True):
            assert list(unpacked(found.spread(small), 20_000)) == list(unpacked(column, 20_000))
    monkeypatch.setattr(module, "_hashed", lambda keys: keys[:, 0] & np.uint64(1))
    assert alike(frame, SLOTS, first(20_000)) is None
