"""What makes a batch begin fast changes no answer: lines and presumptions out of the store, numbers read by halves."""

from __future__ import annotations

import json
import random
from decimal import Decimal

import places
import pytest

pa = pytest.importorskip("pyarrow", reason="batch needs pyarrow: pip install 'bvn-asp[batch]'")
np = pytest.importorskip("numpy", reason="batch needs numpy: pip install 'bvn-asp[batch]'")

from bvn_asp import Library, store  # noqa: E402
from bvn_asp.batch.bits import any_of  # noqa: E402
from bvn_asp.batch.decide import Decider  # noqa: E402
from bvn_asp.batch.folding import ALWAYS, NEVER, Folding  # noqa: E402
from bvn_asp.engine import kept_lines  # noqa: E402
from bvn_asp.engine import presume as presuming  # noqa: E402
from bvn_asp.engine.lines import order_of  # noqa: E402

TOY = Library(places.TOY)


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A store of one's own, open, and a thread that keeps nothing yet."""
    monkeypatch.setenv("BVN_CACHE", str(tmp_path / "store"))
    monkeypatch.setattr(kept_lines, "_OWN", kept_lines._Own())
    with store.closed():
        store.allow(True)
        yield tmp_path / "store"


def a_batch(library, names, rows, seed):
    rng, facts = random.Random(seed), {}
    for slot in library.vocabulary.slots:
        known = library.vocabulary.facts[slot.fact]
        if any(slot.fact in library.revision(name).rules.facts for name in names) and known.type != "count":
            texts = [*known.values] if known.is_named else [str(known.low), str(known.high), "3"]
            texts = [None, None, *texts]
            facts[str(slot)] = pa.array([rng.choice(texts) for _ in range(rows)], pa.string())
    return pa.RecordBatch.from_pydict(facts)


def answers(library, names, batch):
    found = Decider(library, batch.schema.names, names).decide(batch)
    told = {
        name: (each.verdict.tolist(), {k: v.tolist() for k, v in each.statuses.items()},
               {k: v.tolist() for k, v in each.blamed.items()}, {str(k): v.tolist() for k, v in each.open.items()})
        for name, each in found.answers.items()
    }
    return told, [str(each) for each in found.faults]


def test_lines_out_of_the_store_answer_as_those_that_are_made(kept, monkeypatch):
    names = ["plan@2024", "plan@2025"]
    batch = a_batch(TOY, names, 200, 1)
    made = answers(TOY, names, batch)
    assert {code for verdicts, *_ in made[0].values() for code in verdicts} >= {0, 1, 2}

    monkeypatch.setattr(kept_lines, "_OWN", kept_lines._Own())
    monkeypatch.setattr(kept_lines, "compiled", None)  # whatever is asked now is not made

    assert answers(Library(places.TOY), names, batch) == made


def test_lines_out_of_the_store_are_not_taken_for_those_of_other_readings(kept, monkeypatch):
    chosen = ({}, {"plan": {"R1": "removed"}})

    def lines(readings):
        monkeypatch.setattr(kept_lines, "_OWN", kept_lines._Own())
        return kept_lines._encoded(Decider(TOY, ["age"], ["plan@2025"], readings).compiled)

    first, other = map(lines, chosen)
    assert first != other
    assert [*map(lines, chosen)] == [first, other]


def test_lines_are_made_once_a_thread_and_not_taken_for_another_policy(monkeypatch):
    made = []
    monkeypatch.setattr(kept_lines, "_OWN", kept_lines._Own())
    of = kept_lines.compiled
    monkeypatch.setattr(kept_lines, "compiled", lambda *given: made.append(given) or of(*given))

    for _ in range(3):
        Decider(TOY, ["age"], ["plan@2024"])

    assert len(made) == 1
    assert Decider(TOY, ["age"], ["plan@2025"]).compiled is not Decider(TOY, ["age"], ["plan@2024"]).compiled


def test_a_table_that_is_read_knows_its_nodes_again(kept):
    program, chosen = Decider(TOY, ["age"], ["plan@2024"]).program, [TOY.chosen_readings(TOY.revision("plan@2024"), {})]
    made = kept_lines.compiled(program, chosen)

    read = kept_lines._decoded(json.loads(json.dumps(kept_lines._encoded(made))))

    size = len(read.table.nodes)
    assert len(read.lines[0].order) == len(made.lines[0].order)
    for number in order_of(read.table, read.lines[0].order):
        again = read.table.negated(read.table.negated(number))
        assert again == number
    assert len({(type(node), node) for node in read.table.nodes[2:size]}) == size - 2


def test_rules_of_presumptions_out_of_the_store_are_those_that_were_ground(shipped):
    own = presuming.presume(shipped.vocabulary)
    ground = own._ground_rules()

    assert own._decoded(json.loads(json.dumps(own._encoded(ground)))) == ground
    assert len(ground.held) > 100


@pytest.mark.parametrize("seed", range(3))
def test_numbers_read_by_halves_mean_what_each_of_them_means(shipped, seed):
    rng = random.Random(seed)
    policies = ["cohere-ma", "lcd-l39642", "nass-2022-draft", "highmark-wy-15-01-004"]
    facts = [each for each in shipped.vocabulary.facts.values() if each.is_numeric and each.type != "count"]
    names = []
    for known in facts:
        slot = shipped.vocabulary.slots_of(known.name)[0]
        unit = rng.choice(["days", "weeks", "months", "years"])
        names.append(f"{slot} [{unit}]" if known.type == "duration" else str(slot))
    reader = Decider(shipped, names, policies).columns
    more = 0
    for known, name in zip(facts, names, strict=True):
        texts = reader.columns[name]
        step = Decimal(1) if rng.random() < 0.5 or not known.step else known.step
        low = rng.randint(int(known.low.amount / step) - 2, int(known.high.amount / step))
        places = range(low, low + rng.randint(1, 120))
        at_once = reader.texts.grid(texts, places, step)
        each = reader.texts.texts(texts.slot, texts.unit)
        for place, number in zip(places, at_once, strict=True):
            alone = reader.texts.number(each, str(place) if step == 1 else str(Decimal(place) * step))
            said = texts.allows[number], texts.says[number], texts.record(number), texts.faults.get(number)
            assert said == (each.allows[alone], each.says[alone], each.record(alone), each.faults.get(alone))
        more += len({(texts.allows[number], texts.says[number]) for number in at_once}) > 1
    assert more > 2


@pytest.mark.parametrize(("strict", "seed"), [(False, 1), (False, 2), (True, 3)])
def test_presumptions_folded_hold_what_the_rules_hold_atom_by_atom(shipped, strict, seed):
    rules, rng = presuming.presume(shipped.vocabulary).ground_rules, np.random.default_rng(seed)
    seen = [slot for slot in rules.recorded if rng.random() < 0.8]
    recorded = {slot: rng.integers(0, 1 << 63, 1, np.uint64) for slot in seen}
    says = {slot: {v: bits & rng.integers(0, 1 << 63, 1, np.uint64) & rng.integers(0, 1 << 63, 1, np.uint64)
                   for v in rules.says.get(slot, {})} for slot, bits in recorded.items()}
    nowhere, everywhere = np.zeros(1, np.uint64), ~np.zeros(1, np.uint64)

    def where(slot):
        def flagged(name):
            mask = int(name.removeprefix("says ")) if name != "record" else 0
            some = [bits for value, bits in says[slot].items() if mask >> value & 1]
            return any_of(some) if mask else recorded[slot]
        return flagged

    known = dict.fromkeys(rules.free, nowhere)
    known |= {rules.recorded[slot]: bits for slot, bits in recorded.items()}
    known |= {atom: says[slot][v] for slot in seen for v, atom in rules.says.get(slot, {}).items()}
    known[rules.strict] = everywhere if strict else nowhere

    def plainly(atom):
        if atom not in known:
            known[atom] = nowhere
            for body in rules.bodies.get(atom, ()):
                here = everywhere
                for each in body:
                    here = here & (plainly(each) if each > 0 else ~plainly(-each))
                known[atom] = known[atom] | here
        return known[atom]

    folded, made = Folding(rules, strict, seen).held(rules.held), {NEVER: nowhere, ALWAYS: everywhere}
    look = {slot: where(slot) for slot in seen}

    def bits(said):
        if said not in made:
            made[said] = said.bits(look, bits)
        return made[said]

    for slot, said in folded.items():
        assert int(bits(said)[0]) == int(plainly(rules.held[slot])[0]), slot
    assert len({int(bits(said)[0]) for said in folded.values()}) > (3 if strict else 40)
