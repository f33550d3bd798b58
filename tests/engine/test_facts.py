"""The vocabulary as facts of a program: how members lie, what a slot may be, on which cells a comparison holds."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bvn_asp.engine.facts import declare, declare_indexes, line_of
from bvn_asp.errors import SolverError
from bvn_asp.model.quantity import Quantity
from bvn_asp.model.rules import Limit
from bvn_asp.model.vocabulary import load_vocabulary

TEXT = """
request: {members: wanted}
indexes:
  site:
    about: site
    members: {P: first, Q: second, R: third}
    neighbours: [[P, Q], [Q, R]]
  gap:
    about: gap
    between: site
    members: {P-Q: upper, Q-R: lower}
relations:
  from_to: {order: site}
  next_to: {neighbours: site}
  bounds: {ends: gap}
  inside: {ends_within: gap}
facts:
  All:
    wanted: {about: wanted, type: yes_no, per: site}
    wanted_in_all: {about: how many, type: count, counts: [{wanted: yes}]}
    age: {about: age, type: number, unit: years, from: 0, to: 120, step: 1}
    pain: {about: pain, type: duration, unit: months, from: 0, to: 600}
"""


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory):
    path = tmp_path_factory.mktemp("facts") / "vocabulary.yaml"
    path.write_text(TEXT)
    return load_vocabulary(path)


def limit(fact, operator, number, unit):
    return Limit(fact, operator, Quantity(Decimal(number), unit), f"{unit}({number})")


def test_the_members_lie_as_the_vocabulary_says(vocabulary):
    assert list(declare_indexes(vocabulary)) == [
        "site(p;q;r).",
        "gap(p_q;q_r).",
        "from_to((p),p,p).",
        "from_to((p;q),p,q).",
        "from_to((p;q;r),p,r).",
        "from_to((q),q,q).",
        "from_to((q;r),q,r).",
        "from_to((r),r,r).",
        "next_to(p,q). next_to(q,p).",
        "next_to(q,r). next_to(r,q).",
        "bounds(p_q,(p;q)).",
        "bounds(q_r,(q;r)).",
        "inside(p_q,p,q).",
        "inside(p_q,p,r).",
        "inside(q_r,p,r).",
        "inside(q_r,q,r).",
        "requested(W,X) :- is(W,wanted(X),yes).",
    ]


def test_from_a_member_to_itself_lies_that_member_alone(vocabulary):
    lies = [line for line in declare_indexes(vocabulary) if line.startswith("from_to(")]

    assert [line for line in lies if line.endswith((",p,p).", ",q,q).", ",r,r)."))] == [
        "from_to((p),p,p).", "from_to((q),q,q).", "from_to((r),r,r)."
    ]


def test_a_named_fact_a_number_and_a_count_are_declared_with_what_they_can_be(vocabulary):
    adult = [limit("age", "at_least", 18, "years"), limit("pain", "at_least", 6, "months")]
    age = vocabulary.facts["age"]
    few = Limit("wanted_in_all", "at_most", Quantity(Decimal(2), ""), "2")

    assert list(declare(vocabulary, vocabulary.facts["wanted"], None, ())) == [
        "named(wanted(X)) :- site(X). value(wanted(X),(yes;no)) :- site(X)."
    ]
    assert list(declare(vocabulary, age, line_of(age, adult), adult)) == [
        "numeric(age). cell(age,0..1).",
        "on(at_least,age,years(18),(1)).",
    ]
    assert list(declare(vocabulary, vocabulary.facts["wanted_in_all"], None, [few, few])) == [
        "counts(wanted_in_all,wanted(X),yes,X) :- site(X).",
        "limit(wanted_in_all,2).",
    ]


def test_limits_whose_order_only_a_calendar_knows_are_an_error(vocabulary):
    both = [limit("pain", "at_least", 26, "weeks"), limit("pain", "at_least", 6, "months")]

    with pytest.raises(SolverError, match="the limits 26 weeks and 6 months of `pain` differ only by the calendar"):
        line_of(vocabulary.facts["pain"], both)
