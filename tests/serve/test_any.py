"""Whatever is sent, the server is never at fault, and what it answers is what its description says.

Requests are made from the vocabulary and the options, well formed and nearly so; `BVN_EXAMPLES=2000` for all of it.
"""

from __future__ import annotations

import json
import os

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

NUMBER = int(os.environ.get("BVN_EXAMPLES", "60"))
VERBS = ("compare", "explain", "repair", "ask", "whatif", "partial")
TEXT = st.text(max_size=12)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-(10**6), 10**6), st.floats(allow_nan=False), TEXT)
JUNK = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
                    max_leaves=6)


@st.composite
def values(draw, fact):
    """A value as a case file may write it, or nearly."""
    if fact.is_named:
        named = st.sampled_from(sorted(fact.values))
        plain = st.one_of(named, st.just("unknown"), TEXT)
        return draw(st.one_of(plain, st.builds(lambda v: {"one_of": v}, st.lists(named, max_size=3)),
                              st.builds(lambda a, b: {"conflicting": [a, b]}, plain, plain)))
    number = st.integers(-5, 500).map(str)
    unit = st.sampled_from(["", " months", " weeks", f" {fact.unit}"])
    sign = st.sampled_from(["", ">= ", "< ", "at least "])
    return draw(st.one_of(st.builds(lambda s, n, u: s + n + u, sign, number, unit), st.integers(-5, 500), TEXT))


@st.composite
def bodies(draw, library):
    """A question that is mostly one."""
    facts = [each for each in library.vocabulary.facts.values() if each.type != "count"]
    chosen = draw(st.lists(st.sampled_from(facts), max_size=5, unique_by=lambda each: each.name))
    recorded = {}
    for fact in chosen:
        if fact.per:
            members = list(library.vocabulary.indexes[fact.per].members)
            recorded[fact.name] = {draw(st.sampled_from(members)): draw(values(fact))}
        else:
            recorded[fact.name] = draw(values(fact))
    request = draw(st.sampled_from([None, {}, {"bodies": ["L4", "L5"], "date": "2026-12-03"}, {"bodies": "L4-L5"}]))
    case = {"title": draw(TEXT), "request": request, "facts": recorded}
    body = {"case": case, "policies": draw(st.sampled_from([["cohere-ma"], ["lcd-l39420"], ["no-such"], "cohere-ma"]))}
    extra = draw(st.dictionaries(
        st.sampled_from(["strict", "limit", "policy", "suppose", "readings", "mode", "at_least", "seconds", "xyz"]),
        JUNK, max_size=2))
    return {**body, **extra}


def test_no_question_is_answered_by_a_fault_of_the_server(client, shipped):
    described = client.get("/openapi.json").json()
    problem = {**described["components"]["schemas"]["problem"], "components": described["components"]}

    @settings(max_examples=NUMBER, deadline=None, database=None)
    @given(verb=st.sampled_from(VERBS), body=st.one_of(bodies(shipped), bodies(shipped), JUNK))
    def holds(verb, body):
        if isinstance(body, dict) and isinstance(body.get("case"), dict) and verb in ("explain", "partial"):
            body.setdefault("policy", "cohere-ma")
            body.pop("policies", None)
        sent = json.dumps(body).encode()
        answer = client.post(f"/v1/{verb}", content=sent, headers={"content-type": "application/json"})
        assert answer.status_code in (200, 422, 503), answer.text
        if answer.status_code == 422:
            jsonschema.validate(answer.json(), problem)
        else:
            assert answer.json()

    holds()


@settings(max_examples=NUMBER, deadline=None, database=None)
@given(body=st.one_of(st.binary(max_size=200), TEXT.map(str.encode)), path=st.sampled_from(
    ["/v1/compare", "/v1/batch", "/app/open", "/app/verdicts", "/app/save", "/app/sheet", "/app/tries"]))
def test_no_bytes_break_the_server(client, body, path):
    answer = client.post(path, content=body, headers={"content-type": "application/yaml"})

    assert answer.status_code in (200, 422), answer.text
