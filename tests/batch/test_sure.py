"""What the structure of a line says, held to every completion of every record; nothing is left to the solver."""

from __future__ import annotations

import random
from itertools import product

import pytest

np = pytest.importorskip("numpy", reason="batch needs numpy: pip install 'bvn-asp[batch]'")
pytest.importorskip("pyarrow", reason="batch needs pyarrow: pip install 'bvn-asp[batch]'")

from bvn_asp.batch import opens  # noqa: E402
from bvn_asp.batch.bits import first, packed, unpacked  # noqa: E402
from bvn_asp.batch.opens import Opens  # noqa: E402
from bvn_asp.batch.rails import Frame, Rails  # noqa: E402
from bvn_asp.engine.lines import Compiled, Leaf, Line, Table, order_of  # noqa: E402
from bvn_asp.model.vocabulary import Slot  # noqa: E402

ROWS = 40


def random_line(rng: random.Random) -> tuple[Compiled, dict[Slot, int]]:
    """A line over few slots, so that many of its parts read the same ones."""
    sizes = {Slot(f"s{i}"): rng.choice([2, 2, 2, 3, 4]) for i in range(rng.randint(2, 5))}
    table = Table(sizes)
    slots = list(sizes)
    made = [table.leaf(slot, rng.randrange(1, (1 << sizes[slot]) - 1)) for slot in slots for _ in range(2)]
    for _ in range(rng.randint(4, 14)):
        parts = rng.sample(made, min(len(made), rng.randint(2, 4)))
        parts = [table.negated(each) if rng.random() < 0.3 else each for each in parts]
        kind = rng.choice(["all", "some", "enough"])
        if kind == "enough":
            made.append(table.enough(rng.randint(2, 3), [(each, rng.choice([1, 1, 2])) for each in parts]))
        else:
            made.append((table.every if kind == "all" else table.any)(parts))
    reasons = [
        table.every([table.leaf(s, 1 << rng.randrange(sizes[s])) for s in rng.sample(slots, min(len(slots), 2))])
        for _ in range(rng.choice([0, 1, 2]))
    ]
    approve = made[-1]
    verdicts = {"approve": approve, "deny": table.negated(approve), "silent": 0}
    met = {f"m{i}": each for i, each in enumerate(made)}
    forbidden = {f"r{i}": each for i, each in enumerate(reasons) if each > 1}
    order = order_of(table, [*met.values(), *verdicts.values(), *forbidden.values()])
    classes = {slot: tuple(range(size)) for slot, size in sizes.items()}
    leaves = {}
    for number in order:
        node = table.nodes[number]
        if isinstance(node, Leaf):
            leaves[number] = (node.slot, frozenset(i for i in range(sizes[node.slot]) if node.mask >> i & 1))
    return Compiled(table, (Line(order, met, dict(met), verdicts, forbidden),), classes, leaves), sizes


def every_completion(compiled: Compiled, sizes: dict[Slot, int], rails: Rails) -> list[tuple[dict[Slot, int], dict]]:
    """All completions, and which nodes hold in each."""
    worlds = [dict(zip(sizes, each, strict=True)) for each in product(*map(range, sizes.values()))]
    columns = {slot: [packed(np.array([w[slot] == i for w in worlds])) for i in range(n)] for slot, n in sizes.items()}
    wanted = [*compiled.lines[0].met.values(), *compiled.lines[0].verdicts.values()]
    reasons = list(compiled.lines[0].forbidden.values())
    at = rails.at(columns, [*wanted, *reasons], len(first(len(worlds))))
    flags = {n: unpacked(np.ascontiguousarray(np.broadcast_to(at[n], (1, len(first(len(worlds)))))[0]), len(worlds))
             for n in [*wanted, *reasons]}
    return [(w, {n: bool(f[i]) for n, f in flags.items()}) for i, w in enumerate(worlds)
            if not any(flags[r][i] for r in reasons)]


def random_rows(rng: random.Random, compiled: Compiled, sizes: dict[Slot, int]) -> tuple[dict[Slot, list[int]], Frame]:
    """Rows as what each allows of every slot that is used, and as a frame."""
    used = {slot for slot, _ in compiled.leaves.values()}
    masks = {slot: [rng.randrange(1, 1 << n) for _ in range(ROWS)] for slot, n in sizes.items() if slot in used}
    return masks, Frame(ROWS, {
        slot: [packed(np.array([mask >> i & 1 for mask in listed])) for i in range(sizes[slot])]
        for slot, listed in masks.items()
    })


def patients_of(rng: random.Random):
    compiled, sizes = random_line(rng)
    rails = Rails(compiled, compiled.lines[0])
    masks, frame = random_rows(rng, compiled, sizes)
    patients = every_completion(compiled, {slot: sizes[slot] for slot in masks}, rails)
    rows = [[(world, holds) for world, holds in patients if all(masks[s][row] >> v & 1 for s, v in world.items())]
            for row in range(ROWS)]
    return compiled.lines[0], rails, frame, rows


def flags(bits) -> list[int]:
    return [int(each) for each in unpacked(np.ascontiguousarray(bits), ROWS)]


@pytest.mark.parametrize("seed", range(60))
def test_the_bounds_are_what_all_completions_say(seed):
    line, rails, frame, rows = patients_of(random.Random(seed))

    found = rails.bounds(frame, first(ROWS))

    impossible, unsettled = flags(found.impossible), flags(found.unsettled)
    assert all(impossible[row] or unsettled[row] for row, here in enumerate(rows) if not here)
    assert not any(impossible[row] or unsettled[row] for row, here in enumerate(rows) if here)
    for node in {*line.met.values(), *line.verdicts.values()} - {0, 1}:
        said = list(zip(flags(found.every[node]), flags(found.some[node]), strict=True))
        for here, bounds in zip(rows, said, strict=True):
            if here:
                assert bounds == (all(holds[node] for _, holds in here), any(holds[node] for _, holds in here))


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("most", [100, 0])
def test_a_slot_is_open_where_two_completions_say_so(seed, most, monkeypatch):
    monkeypatch.setattr(opens, "MOST_WAYS", most)
    line, rails, frame, rows = patients_of(random.Random(seed))
    pending = [int(len({holds[line.verdicts["approve"]] for _, holds in here}) > 1) for here in rows]

    found, unsettled = Opens(rails).find(frame, packed(np.array(pending)))

    assert not any(flags(unsettled))
    for slot in frame.allowed:
        said = flags(found[slot]) if slot in found else [0] * ROWS
        for row, here in enumerate(rows):
            told: dict[tuple, set[bool]] = {}
            for world, holds in here:
                rest = tuple(value for each, value in world.items() if each != slot)
                told.setdefault(rest, set()).add(holds[line.verdicts["approve"]])
            assert said[row] == (pending[row] and any(len(each) > 1 for each in told.values()))
