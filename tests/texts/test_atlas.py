"""`bvn atlas`: what it draws is what the policies decide."""

from __future__ import annotations

import places
import pytest
from click.testing import CliRunner
from pages import Page, dead_links, fetches
from shared import shipped_atlas

from bvn_asp import store
from bvn_asp.cases.evaluate import Evaluator, Verdict
from bvn_asp.cli import main
from bvn_asp.model.case import Case, Interval, Named, Record
from bvn_asp.model.quantity import describe
from bvn_asp.model.vocabulary import Slot
from bvn_asp.render.atlas import page
from bvn_asp.render.html import to_html
from bvn_asp.render.order import drawing, table
from bvn_asp.routing.claims import in_words
from bvn_asp.texts.atlas import Pair, _Asker, atlas, limits
from bvn_asp.texts.stricter import Relation, relation
from bvn_asp.texts.witness import Together


@pytest.fixture(scope="module")
def whole(shipped):
    return shipped_atlas()


@pytest.fixture(scope="module")
def shown(shipped, whole):
    return Page(to_html(page(shipped, whole)))


def said(library, each):
    fact = library.vocabulary.facts[each.slots[0].fact]
    return {
        bound.name: describe([each.cells[int(value)] for value in bound.values], fact.low, fact.high)
        for bound in each.bounds
    }


def test_a_toy_number_line_can_be_read_off_its_rules(toy):
    found = {each.slots[0].fact: each for each in atlas(toy.library, ["plan@2024", "plan@2025"]).limits}

    assert said(toy.library, found["pain_duration"]) == {
        "plan@2024": "at least 6 months",
        "plan@2025": "at least 12 months",
    }
    assert [(bound.name, bound.values) for bound in found["bodies_requested"].bounds][-1] == ("plan@2025", ("1", "2"))


def test_limits_out_of_the_store_are_the_same(toy, tmp_path, monkeypatch):
    monkeypatch.setenv("BVN_CACHE", str(tmp_path / "store"))
    wanted = toy.library.revisions(["plan@2024", "plan@2025"])
    said = Evaluator(toy.library, wanted).evaluate(Case("", ()), under_readings=False, with_open=False)
    want = limits(toy.library, said)
    with store.closed():
        store.allow(True)
        first = limits(toy.library, said)
        monkeypatch.setattr(_Asker, "program", None)  # nothing is asked of a solver
        again = limits(toy.library, said)

    assert want
    assert first == again == want


def test_a_recorded_value_is_denied_where_the_line_rules_it_out_and_nowhere_else(shipped):
    whole = atlas(shipped, ["cohere-ma", "lcd-l39420", "lcd-l39642", "smart-trial", "review-000"])
    evaluator = Evaluator(shipped, [each.revision for each in whole.evaluations])
    names = [each.policy for each in whole.evaluations]

    for line in whole.limits:
        if line.slots[0].member or not line.values:
            continue
        for value in line.values:
            cell = line.cells[int(value)] if line.cells else None
            recorded = Interval(cell.low, cell.low_open, cell.high, cell.high_open) if cell else Named((value,))
            case = Case("", (Record(line.slots[0], recorded),))
            answers = evaluator.evaluate(case, strict=True, under_readings=False, with_open=False)
            verdicts = dict(zip(names, answers, strict=True))
            for bound in line.bounds:
                denied = verdicts[bound.name].verdict in (Verdict.DENY, Verdict.SILENT)
                assert denied == (value not in bound.values), (line.slots[0], value, bound.name)


def test_what_is_said_of_two_policies_is_what_stricter_says(shipped, whole):
    names = ["cohere-ma", "lcd-l39420", "lcd-l40302", "lcd-l39642", "isass-2020"]
    together = Together(shipped, shipped.revisions(names))

    for each in whole.pairs:
        if each.first in names and each.second in names:
            assert each.relation is relation(together, names.index(each.first), names.index(each.second))


def test_policies_that_approve_nobody_are_in_no_pair(whole):
    assert "aetna-cpb-0016" not in whole.approving
    assert len(whole.pairs) == len(whole.approving) * (len(whole.approving) - 1) // 2


def test_two_noridian_determinations_are_one_in_the_drawing(whole):
    drawn, alone = drawing(whole.approving, whole.pairs)

    assert "lcd-l39642 = lcd-l39644" in [*(name for name, _, _ in drawn.nodes), *alone]


def test_a_chain_is_drawn_without_its_shortcut():
    pairs = [
        Pair("a", "b", Relation.STRICTER, False),
        Pair("a", "c", Relation.STRICTER, False),
        Pair("b", "c", Relation.STRICTER, False),
        Pair("a", "d", Relation.NEITHER, True),
        Pair("b", "d", Relation.NEITHER, False),
        Pair("c", "d", Relation.NEITHER, False),
    ]

    drawn, alone = drawing(["a", "b", "c", "d"], pairs)

    assert drawn.said == ["a is stricter than b", "b is stricter than c"]
    assert [layer for _, layer, _ in drawn.nodes] == [0, 1, 2]
    assert alone == ["d"]
    words = [[cell and str(cell.status) for cell in row.cells] for row in table(["a", "b", "c", "d"], pairs).rows]
    assert words == [
        [None, "stricter", "stricter", "never both"],
        ["looser", None, "stricter", "neither"],
        ["looser", "looser", None, "neither"],
        ["never both", "neither", "neither", None],
    ]


def test_limits_without_named_values_are_the_same_numbers(shipped, whole):
    numbers = limits(shipped, whole.evaluations)

    assert [each for each in whole.limits if each.cells] == [each for each in numbers if each.cells]


def test_the_page_names_every_source_and_every_claim(shipped, whole, shown):
    for each in whole.evaluations:
        assert each.policy in shown.text
    for each in whole.claims:
        assert " ".join(each.says.split()) in shown.text
    for each in whole.contested:
        assert each.reading.question in shown.text
        assert all(in_words(shipped, option.claimed_by) in shown.text for option in each.claims)


@pytest.mark.parametrize("limit", ["at least 6 months", "at least 12 months", "more than 6 weeks", "at most 40 kg/m2"])
def test_the_limits_that_sources_part_on_are_on_the_page(shown, limit):
    assert limit in shown.text


def test_a_limit_that_binds_with_other_facts_only_is_said_to(shown):
    assert "more than 5 mm, together with other facts" in shown.text


def test_the_page_needs_nothing_else(shown):
    assert fetches(shown) == []
    assert dead_links(shown) == []
    assert len(shown.ids) == len(set(shown.ids))
    assert len(shown.source.encode()) < 300_000


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_the_atlas_is_a_text_too(form):
    done = CliRunner().invoke(main, ["atlas", "--policies", str(places.TOY), "--format", form])

    assert done.exit_code == 0, done.output
    assert "at least 12 months" in done.output
    assert "plan" in done.output


def test_the_command_writes_the_page(tmp_path):
    target = tmp_path / "atlas.html"
    folder = str(places.TOY)

    done = CliRunner().invoke(main, ["atlas", "--policies", folder, "-o", str(target)])

    assert done.exit_code == 0, done.output
    assert "A toy plan" in target.read_text()


def test_slots_of_a_body_are_bounded_while_it_is_requested(whole):
    surgery = [each for each in whole.limits if each.slots[0].fact == "ablated_before"]

    assert Slot("ablated_before", "L4") in {slot for each in surgery for slot in each.slots}
